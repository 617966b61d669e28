"""The verb takedown: words that somebody may demand to be erased."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from briefing.cli.commands import as_json, json_option

if TYPE_CHECKING:
    from briefing.cli.commands import Office
    from briefing.service import Service
    from briefing.service.takedown import TakedownResult


@click.command()
@click.argument("item", metavar="ITEM")
@click.option("--reason", required=True, metavar="TEXT", help="Why, in words that readers are shown.")
@click.option("--legal-basis", default="", metavar="TEXT", help="The law or the order it rests on; shown as well.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def takedown(office: Office, item: str, *, reason: str, legal_basis: str, yes: bool, json_: bool) -> int:
    """Erase the words of one item everywhere, and say so where they stood.

    ITEM is an id or the beginning of one. Title, text, authors and address are erased from the log, the read models,
    the feeds and every version of every issue; what happened, when and why stays. There is no way back.
    """
    with office.service(configured=False) as service:
        service.desk.projector.catch_up()
        found = service.chosen_item(item)
        if not yes and sys.stdin.isatty() and not _confirmed(service, found):
            return 1
        done = service.takedown(found, reason, legal_basis)
    if json_:
        as_json(asdict(done) | {"at": done.at.isoformat()})
    else:
        _tell(done)
    return 0


def _confirmed(service: Service, item: str) -> bool:
    one = service.desk.library.items_by_id([item])
    [known] = one.values()
    click.echo(f"{known.id} {known.source}: {known.title}", err=True)
    return click.confirm("Erase its words for good, here and in everything published?", err=True)


def _tell(done: TakedownResult) -> None:
    from briefing.cli.tables import counted, say, when

    if not done.fresh:
        basis = f" ({done.legal_basis})" if done.legal_basis else ""
        say(f"{done.item} was taken down already on {when(done.at)}: {done.reason}{basis}")
    else:
        say(f"{done.item} of {done.source} is taken down, log position {done.position}")
    completed = done.completed
    again = f", {counted(len(completed.issues), 'published issue')} among them" if completed.issues else ""
    say(f"{counted(completed.payloads, 'text')} erased, {counted(completed.files, 'file')} written again{again}")
    if not completed.truncated:
        say(
            "another process still reads the database: its write-ahead log is emptied by the next command that writes",
            style="yellow",
        )
    if completed.scrub:
        say(
            "the server's files hold the words until `briefing database scrub` has written its tables anew",
            style="yellow",
        )
    say("backups and mirrors made before still hold the words: see docs/takedown.md", style="dim")
