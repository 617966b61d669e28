"""Those who get briefings by mail: recipients list, add, remove, import, export, forget."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import as_json, json_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.cli.commands import Office
    from briefing.model import Settings, Subscriber
    from briefing.service.forgetting import Forgotten
    from briefing.service.recipients import Joined

_STATES = ("active", "paused", "unsubscribed", "suppressed", "forgotten")
briefing_option = click.option("--briefing", metavar="ID", help="The briefing; not needed where there is one.")
again_option = click.option("--again", is_flag=True, help="Even who left by himself, bounced, or was forgotten.")


@click.group()
def recipients() -> None:
    """List, add, remove, import, export, forget those who get briefings by mail.

    The published log knows them by keyed hashes alone; addresses lie beside it: docs/recipients.md.
    """


@recipients.command("list", short_help="List who gets what.")
@click.option("--briefing", metavar="ID", help="Of this briefing alone.")
@click.option("--state", "states", type=click.Choice(_STATES), multiple=True, help="In this state; all by default.")
@json_option
@click.pass_obj
def list_(office: Office, *, briefing: str | None, states: tuple[str, ...], json_: bool) -> None:
    """List who gets what, and who does no more."""
    from briefing.service.lists import briefing_of
    from briefing.service.recipients import everybody

    with office.service(configured=False) as service:
        chosen = briefing_of(service.desk, briefing).id if briefing else None
        found = everybody(service.desk, chosen, states)
    if json_:
        as_json([_plain(one) for one in found])
        return
    from briefing.cli.tables import counted, say, state, table

    if not found:
        say("nobody is on a list yet: `briefing recipients add ADDRESS --briefing ID`")
        return
    rows = [
        (_called(one), one.name, one.briefing, state(one.state), _wish(one), f"{one.since:%Y-%m-%d}", one.by)
        for one in found
    ]
    table(["address", ("name", "fold"), "briefing", "state", ("gets", "fold"), "since", "by"], rows)
    active = sum(one.state == "active" for one in found)
    say(f"{counted(len(found), 'recipient')}, {active} active", style="dim")


@recipients.command("add", short_help="Put one person on a list.")
@click.argument("address", metavar="ADDRESS")
@briefing_option
@click.option("--topic", "topics", metavar="ID", multiple=True, help="This part only; may be repeated.")
@click.option("--format", "formats", metavar="NAME", multiple=True, help="In this format; may be repeated.")
@click.option("--language", default="", metavar="CODE", help="In this language, such as ja.")
@click.option("--name", default="", metavar="TEXT", help="Who it is; kept beside the address.")
@again_option
@json_option
@click.pass_obj
def add(
    office: Office,
    *,
    address: str,
    briefing: str | None,
    topics: tuple[str, ...],
    formats: tuple[str, ...],
    language: str,
    name: str,
    again: bool,
    json_: bool,
) -> int:
    """Put one person on the list of a briefing, or change what he gets of it."""
    from briefing.model import Wish
    from briefing.service import lists

    wish = Wish(topics=topics, formats=formats, language=language)
    with office.service() as service:
        service.adopt()
        chosen = lists.briefing_of(service.desk, briefing)
        done = lists.add(service.desk, address, chosen, wish, name, again=again)
    if json_:
        as_json(_outcome(done))
    else:
        _tell([done])
    return 1 if done.outcome == "refused" else 0


@recipients.command("remove", short_help="Take one person from a list.")
@click.argument("address", metavar="ADDRESS")
@click.option("--briefing", metavar="ID", help="From this list; from all by default.")
@json_option
@click.pass_obj
def remove(office: Office, *, address: str, briefing: str | None, json_: bool) -> None:
    """Take one person from a list, or from all; his address stays known, so that no file puts him back."""
    from briefing.service import lists

    with office.service(configured=False) as service:
        left = lists.leave(service.desk, address, briefing)
    if json_:
        as_json([{"recipient": one.id, "briefing": one.briefing, "outcome": "removed"} for one in left])
        return
    from briefing.cli.tables import say

    for one in left:
        say(f"{_called(one)} gets {one.briefing} no more")


@recipients.command("import", short_help="Put the people of a file on a list.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@briefing_option
@again_option
@json_option
@click.pass_obj
def import_(office: Office, *, file: Path, briefing: str | None, again: bool, json_: bool) -> int:
    """Put the people of a file on a list, all or none.

    FILE is CSV with a line of names at its head (address, name, briefing, topics, formats, language, state), YAML as in
    sources.yaml, or one address a line. Nothing of it is kept but what is recorded.
    """
    from briefing.service import lists

    with office.service() as service:
        service.adopt()
        done = lists.take_in(service.desk, file, briefing, again=again)
    refused = [one for one in done if one.outcome == "refused"]
    if json_:
        as_json([_outcome(one) for one in done])
    else:
        _tell(refused)
        _sum_up(done)
    return 1 if refused else 0


@recipients.command("export", short_help="Print the lists as CSV.")
@click.option("--briefing", metavar="ID", help="Of this briefing alone.")
@click.option("--all", "everybody_", is_flag=True, help="With those who are on a list no more.")
@click.pass_obj
def export(office: Office, *, briefing: str | None, everybody_: bool) -> None:
    """Print the lists as CSV, in the form that import takes."""
    from briefing.service import lists

    with office.service(configured=False) as service:
        chosen = lists.briefing_of(service.desk, briefing).id if briefing else None
        text = lists.table(service.desk, chosen, () if everybody_ else ("active", "paused"))
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


@recipients.command("forget", short_help="Erase an address everywhere.")
@click.argument("address", metavar="ADDRESS")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def forget(office: Office, *, address: str, yes: bool, json_: bool) -> int:
    """Erase an address everywhere, and from older backups when they come back. There is no way back."""
    from dataclasses import asdict

    from briefing.service import forgetting

    question = f"Erase {address} for good?"
    if not yes and sys.stdin.isatty() and not click.confirm(question, err=True):
        return 1
    with office.service(configured=False) as service:
        done = forgetting.forget(service.desk, address, _settings(office))
    if json_:
        as_json(asdict(done))
    else:
        _tell_forgotten(done)
    return 0


def _settings(office: Office) -> Settings | None:
    """The configuration, to look whether the address stands there; None where there is none that can be read."""
    from briefing.errors import ConfigError

    try:
        return office.settings()
    except ConfigError:
        return None


def _tell_forgotten(done: Forgotten) -> None:
    from briefing.cli.tables import counted, say

    if done.lists or done.rows:
        say(f"forgotten: {counted(done.lists, 'list')} knew this address, nothing of it is left in the storage")
    else:
        say("nothing is known of this address")
    for file in done.files:
        say(f"it still stands in {file}, which is yours: take it out there", style="yellow")
    if not done.truncated:
        said = "another process still reads the database: its write-ahead log is emptied by the next command"
        say(said, style="yellow")
    if done.lists:
        say("backups made before hold it until they are restored or destroyed: see docs/recipients.md", style="dim")


# ---------------------------------------------------------------- words


def _called(one: Subscriber) -> str:
    from briefing.service.recipients import named

    return named(one)


def _wish(one: Subscriber) -> str:
    """What somebody gets, in words: parts, formats, language."""
    parts = (" ".join(one.topics) or "all of it", " ".join(one.formats), one.language)
    return ", ".join(part for part in parts if part) if one.state != "forgotten" else ""


def _plain(one: Subscriber) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(one) | {"since": one.since.isoformat()}


def _outcome(one: Joined) -> dict[str, Any]:
    return {
        "address": one.listed.address,
        "briefing": one.listed.briefing,
        "recipient": one.recipient,
        "outcome": one.outcome,
        "reason": one.reason,
    }


def _tell(done: Sequence[Joined]) -> None:
    from briefing.cli.tables import say
    from briefing.mailbox import shown

    said = {
        "added": "{} gets {} from now on",
        "changed": "{} gets {} in another way from now on",
        "unchanged": "{} gets {} already, just so: nothing to do",
        "refused": "{} is not put on the list of {}",
    }
    for one in done:
        line = said[one.outcome].format(shown(one.listed.address), one.listed.briefing)
        reason = f": {one.reason}; --again puts him back if he asked for it" if one.reason else ""
        say(line + reason, style="yellow" if one.outcome == "refused" else "")


def _sum_up(done: Sequence[Joined]) -> None:
    from briefing.cli.tables import counted, say

    counts = {name: sum(one.outcome == name for one in done) for name in ("added", "changed", "unchanged", "refused")}
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    say(f"{counted(len(done), 'recipient')} read{': ' if said else ''}{said}", style="dim")
