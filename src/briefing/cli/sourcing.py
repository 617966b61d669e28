"""Sources: source add, list, test, disable, enable, remove, accept-move."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import as_json, json_option

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from briefing.cli.commands import Office
    from briefing.model import Settings, Source
    from briefing.service.adding import Candidate, Found
    from briefing.service.trial import Shown, Trial

INSTITUTIONS = ("ministry", "think-tank", "igo", "media")
yes_option = click.option("--yes", is_flag=True, help="Write without asking.")


def every_source(office: Office) -> Settings:
    """The configuration with the sources that are switched off."""
    from briefing import config

    return config.load(office.places().config, every=True)


def agreed(question: str, *, yes: bool) -> bool:
    """Whether to write; without a terminal only `--yes` is a yes."""
    if yes:
        return True
    if sys.stdin.isatty():
        return click.confirm(question, err=True)
    click.echo("nothing was written: add --yes to write it", err=True)
    return False


@click.group()
def source() -> None:
    """Add, list, test, switch off, remove sources in sources.yaml."""


# ---------------------------------------------------------------- list


@source.command("list", short_help="List the sources, those that are off too.")
@json_option
@click.pass_obj
def list_(office: Office, *, json_: bool) -> None:
    """List the sources of sources.yaml, those that are off too."""
    settings, on = every_source(office), {one.id for one in office.settings().sources}
    if json_:
        as_json([_listed(one, enabled=one.id in on) for one in settings.sources])
        return
    from briefing.cli.tables import counted, say, state, table

    rows = [
        (one.id, one.kind, state("on" if one.id in on else "off"), one.country, one.name) for one in settings.sources
    ]
    table(["id", "kind", "", "", ("name", "short")], rows)
    off = len(rows) - len(on)
    say(f"{counted(len(rows), 'source')}" + (f", {off} of them off" if off else ""), style="dim")


def _listed(one: Source, *, enabled: bool) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.name, "kind": one.kind, "url": one.url, "enabled": enabled, "country": one.country,
        "institution": one.institution, "language": one.language, "licence": one.licence,
        "redistribute": one.redistribute,
    }  # fmt: skip


# ---------------------------------------------------------------- add


@source.command(short_help="Find what an address offers, and write it down.")
@click.argument("url", metavar="URL")
@click.option("--id", "id_", metavar="ID", default="", help="Its name in commands and addresses. [guessed]")
@click.option("--name", metavar="TEXT", default="", help="The publisher's name. [what its site says]")
@click.option("--institution", type=click.Choice(INSTITUTIONS), help="What sort of publisher. [guessed]")
@click.option("--country", metavar="CODE", default="", help="Two letters of ISO 3166-1. [of the address, else ZZ]")
@click.option("--language", metavar="CODE", default="", help="Two letters of ISO 639-1. [of its first items]")
@click.option("--timezone", metavar="ZONE", default="", help="Of dates that name none, such as Asia/Tokyo.")
@click.option("--kind", type=click.Choice(["feed", "page", "sitemap"]), help="Look for this alone.")
@click.option("--feed", "number", type=click.IntRange(min=1), metavar="N", help="Take the Nth of those found.")
@yes_option
@json_option
@click.pass_obj
def add(
    office: Office, /, url: str, *, id_: str, number: int | None, yes: bool, json_: bool, **said: str | None
) -> int:
    """Find what URL offers, show what would be recorded, and write it into sources.yaml.

    A feed is looked for first (named by the page, then where feeds often stand), then a list on the page itself, then
    a sitemap. All else in sources.yaml stays as it is.
    """
    from briefing.config.editing import add_sources, edit, entry_text
    from briefing.service.adding import Wish, entry_of, find

    settings = every_source(office)
    wish = Wish(url=url, id=id_, **{key: checked(key, value or "") for key, value in said.items()})
    _check_id(id_, settings)
    ask = not yes and not json_ and sys.stdin.isatty()
    found, chosen = find(
        wish,
        settings,
        _codes(),
        choose=lambda candidates: _chosen(candidates, number, ask=ask),
        report=_reporter(quiet=json_),
    )
    if chosen is None:
        return _tell_known(found, json_=json_)
    entry = entry_of(chosen.source)
    if not json_:
        _tell_candidate(chosen, found, entry_text(entry))
    written = agreed(f"Write it into {office.places().config}?", yes=yes)
    if written:
        edit(office.places().config, lambda text: add_sources(text, [entry]))
    if json_:
        as_json(_added(chosen, found, entry) | {"written": written})
    elif written:
        _say(
            f"{chosen.source.id} is written into {office.places().config}; "
            f"`briefing collect {chosen.source.id}` reads it"
        )
    return 0 if written else 1


def _codes() -> frozenset[str]:
    from briefing.config.words import COUNTRIES

    return COUNTRIES


def checked(key: str, value: str) -> str:
    """The value of an option that stands for a key of sources.yaml, as that key may hold it."""
    from briefing.config import values
    from briefing.errors import UsageError

    check: Callable[[object], str] | None = {
        "country": values.country, "language": values.language, "timezone": values.timezone, "name": values.line,
    }.get(key)  # fmt: skip
    if not value or check is None:
        return value
    try:
        return check(value)
    except ValueError as error:
        raise UsageError(f"--{key}: {error}") from None


def _check_id(given: str, settings: Settings) -> None:
    import re

    from briefing.config.fields import ID_FORM
    from briefing.errors import UsageError

    if given and not re.fullmatch(ID_FORM.strip("^$"), given):
        raise UsageError(f'--id: "{given}" is no id: it is made of lower-case letters, digits and hyphens')
    if given in {one.id for one in settings.sources}:
        raise UsageError(f'--id: "{given}" is a source already; `briefing source list` names them all')


def _reporter(*, quiet: bool) -> Callable[[str], None]:
    """Says what is asked now, where a person watches."""
    if quiet or not sys.stderr.isatty():
        return lambda _url: None
    return lambda url: click.echo(f"asking {url}", err=True)


def _tell_known(found: Found, *, json_: bool) -> int:
    if json_:
        as_json({"written": False, "known": [{"url": url, "source": name} for url, name in found.known]})
    else:
        for url, name in found.known:
            _say(f"{url} is read already, as {name}")
    return 0


def _chosen(candidates: Sequence[Candidate], number: int | None, *, ask: bool) -> Candidate:
    from briefing.errors import UsageError

    if number is None and ask and len(candidates) > 1:
        for place, one in enumerate(candidates, 1):
            click.echo(f"{place}  {_offer(one)}", err=True)
        number = click.prompt("Which", type=click.IntRange(1, len(candidates)), default=1, err=True)
    if number is not None and number > len(candidates):
        raise UsageError(f"--feed {number}: only {len(candidates)} could be found; without it they are shown")
    return candidates[(number or 1) - 1]


def _offer(one: Candidate) -> str:
    what = one.title or one.trial.form or one.source.kind
    return f"{one.source.kind}, {one.trial.entries} entries: {what}\n   {one.source.url}"


def _tell_candidate(chosen: Candidate, found: Found, written: str) -> None:
    trial = chosen.trial
    _say(
        f"{trial.form or trial.kind}: {trial.entries} {'entry' if trial.entries == 1 else 'entries'}, "
        f"{trial.dated} dated"
    )
    tell_items(trial.items)
    for step in trial.steps:
        if step.state != "ok":
            _say(f"{step.state}: {step.name}: {step.said}", style="yellow")
    if len(found.candidates) > 1:
        _say()
        _say("There are others; --feed N takes one of them:")
        for place, one in enumerate(found.candidates, 1):
            if one.source != chosen.source:
                _say(f"{place}  {_offer(one)}")
    for url, name in found.known:
        _say(f"{url} is read already, as {name}", style="dim")
    _say()
    _say("This would stand in sources.yaml:")
    _say()
    _say(written.rstrip("\n"))
    _say()
    if chosen.guessed:
        _say(f"Guessed, because nobody said: {', '.join(chosen.guessed)}.", style="dim")


def _added(chosen: Candidate, found: Found, entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "entry": entry,
        "guessed": list(chosen.guessed),
        "trial": as_plain(chosen.trial),
        "others": [
            {"number": place, "kind": one.source.kind, "url": one.source.url, "title": one.title}
            for place, one in enumerate(found.candidates, 1)
            if one.source != chosen.source
        ],
        "known": [{"url": url, "source": name} for url, name in found.known],
    }


# ---------------------------------------------------------------- test


@source.command(short_help="Say step by step what happens when one is read.")
@click.argument("wanted", metavar="URL|ID")
@json_option
@click.pass_obj
def test(office: Office, wanted: str, *, json_: bool) -> int:
    """Ask one source once, record nothing, and say step by step what happened.

    Down to its first three items as they would be recorded. URL may be one that is not in sources.yaml.
    """
    from briefing.service.adding import examine

    settings = every_source(office)
    trial = examine(_meant(settings, wanted), settings)
    if json_:
        as_json(as_plain(trial))
    else:
        _tell_trial(trial)
    return 0 if trial.ok else 1


def _meant(settings: Settings, wanted: str) -> Source:
    """A configured source by its id or address, else what is found at that address."""
    from briefing.config.words import hint, nearest
    from briefing.errors import UsageError
    from briefing.service.adding import guessed_source, known_as

    named = next((one for one in settings.sources if one.id == wanted), None)
    if named is not None:
        return named
    if "://" not in wanted and "." not in wanted:
        close = hint(nearest(wanted, [one.id for one in settings.sources]))
        raise UsageError(f'no source has the id "{wanted}"{close}; `briefing source list` names them')
    url = wanted if "://" in wanted else f"https://{wanted}"
    return known_as(url, settings.sources) or guessed_source(url, settings, _codes())


def as_plain(trial: Trial) -> dict[str, Any]:
    """A trial for programs."""
    from dataclasses import asdict

    return asdict(trial) | {"ok": trial.ok}


def _tell_trial(trial: Trial) -> None:
    from rich.text import Text

    from briefing.cli.tables import state, table

    rows = []
    for step in trial.steps:
        said = Text(step.said)
        if step.mend:
            said.append(f"\n> {step.mend}", style="dim")
        rows.append((state(step.state), step.name, said))
    table(["", "step", ("what happened", "fold")], rows)
    if trial.items:
        _say()
        _say("The first items, as they would be recorded:")
        tell_items(trial.items)
    _say()
    _say(f"{trial.source}: {'it can be read from here' if trial.ok else 'it cannot be read: ' + trial.failure}")


def tell_items(items: Sequence[Shown]) -> None:
    """The items of a trial, one below the other."""
    for number, one in enumerate(items, 1):
        date = one.published or "no date given"
        origin = f", {one.precision} from {one.origin}" if one.published else ""
        claimed = f' ("{one.date_raw}"{origin})' if one.date_raw else f" ({origin[2:]})" if origin else ""
        _say()
        _say(f"{number}  {one.title}", style="bold")
        _say(f"   {date}{claimed}; {one.language}")
        _say(f"   {one.url or 'no address'}", style="dim")
        text = f"{one.characters:,} characters" if one.characters else "no text"
        whole = "" if not one.characters else ", whole" if one.whole else ", a summary"
        _say(f"   {text}{whole}{'; ' + one.noted if one.noted else ''}")
        for topic in one.topics:
            phrases = ", ".join(str(phrase) for phrase in topic["phrases"])  # type: ignore[attr-defined]  # a list
            _say(f"   {topic['id']}: {topic['level']}, score {topic['score']} ({phrases})")


def _say(text: str = "", *, style: str = "") -> None:
    from briefing.cli.tables import say

    say(text, style=style)


# ---------------------------------------------------------------- switch, remove, move


@source.command(short_help="Switch a source off.")
@click.argument("id_", metavar="ID")
@json_option
@click.pass_obj
def disable(office: Office, id_: str, *, json_: bool) -> None:
    """Switch a source off: it is read no more, and what was seen of it stays."""
    _switch(office, id_, on=False, json_=json_)


@source.command()
@click.argument("id_", metavar="ID")
@json_option
@click.pass_obj
def enable(office: Office, id_: str, *, json_: bool) -> None:
    """Switch a source on again."""
    _switch(office, id_, on=True, json_=json_)


def _switch(office: Office, id_: str, *, on: bool, json_: bool) -> None:
    from briefing.config.editing import edit, set_key

    edit(office.places().config, lambda text: set_key(text, id_, "enabled", on))
    if json_:
        as_json({"source": id_, "enabled": on})
    else:
        _say(f"{id_} is {'on' if on else 'off'}")


@source.command(short_help="Take a source out.")
@click.argument("id_", metavar="ID")
@yes_option
@json_option
@click.pass_obj
def remove(office: Office, id_: str, *, yes: bool, json_: bool) -> int:
    """Take a source out of sources.yaml, with the remarks right above it; what was seen of it stays in the log."""
    from briefing.config.editing import edit, remove_source

    path = office.places().config
    remove_source(_read(path), id_)  # says at once where there is none
    if not agreed(f"Take {id_} out of {path}?", yes=yes):
        return 1
    edit(path, lambda text: remove_source(text, id_))
    if json_:
        as_json({"source": id_, "removed": True})
    else:
        _say(f"{id_} is taken out of {path}; its items stay, and its id should not be used for another")
    return 0


def _read(path: Any) -> str:
    from briefing.config.editing import text_of

    return text_of(path)


@source.command("accept-move", short_help="Write the address that a source moved to.")
@click.argument("id_", metavar="ID")
@json_option
@click.pass_obj
def accept_move(office: Office, id_: str, *, json_: bool) -> None:
    """Write the address that a source's own redirects for good (301, 308) lead to under its url."""
    from briefing.config.editing import edit, set_key
    from briefing.errors import UsageError

    with office.service(configured=False) as service:
        service.desk.projector.catch_up()
        row = service.desk.library.source_rows([id_]).get(id_)
    if row is None or not row["moved"]:
        raise UsageError(f'no other address is proposed for "{id_}": `briefing status` shows how the sources do')
    edit(office.places().config, lambda text: set_key(text, id_, "url", row["moved"]))
    if json_:
        as_json({"source": id_, "url": row["moved"]})
    else:
        _say(f"{id_} is read from {row['moved']} from now on")
