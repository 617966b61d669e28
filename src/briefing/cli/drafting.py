"""`briefing preview`: the next issue as it stands now, and why each item would be in it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from briefing.cli.commands import as_json, json_option

if TYPE_CHECKING:
    from briefing.cli.commands import Office
    from briefing.service.previewing import Draft


@click.command()
@click.option("--briefing", metavar="ID", help="Which briefing. [all]")
@click.option("--period", metavar="PERIOD", help="Which period, such as 2017-W12. [the running one]")
@click.option("--format", "names", metavar="FORMAT", multiple=True, help="In which format; may be given again. [html]")
@click.option("--no-open", is_flag=True, help="Only write it.")
@json_option
@click.pass_obj
def preview(
    office: Office, *, briefing: str | None, period: str | None, names: tuple[str, ...], no_open: bool, json_: bool
) -> None:
    """Show the next issue as it stands now, marked as a draft, and what would be in it and why.

    It is written into the folder `preview` of the storage; nothing is recorded or published. House style and own
    templates are those of the configuration as it is, so that a change of them can be seen before it counts.
    """
    from briefing.outputs import ISSUES

    if unknown := [name for name in names if name not in ISSUES]:
        raise click.UsageError(f"--format {unknown[0]}: there are {', '.join(ISSUES)}")
    with office.service() as service:
        found = service.preview(briefing, period, names or ("html",))
    if json_:
        as_json([asdict(one) | {"paths": [str(path) for path in one.paths]} for one in found])
    else:
        _tell(found)
    if sys.stdout.isatty() and not (no_open or json_):
        for one in found:
            click.launch(str(one.paths[0]))


def _tell(found: list[Draft]) -> None:
    from briefing.cli.tables import counted, say

    if not found:
        say("no briefing is configured: add one under `briefings` in sources.yaml")
    for one in found:
        say(f"{one.title}, {one.period}: a draft of version {one.version}, not published", style="bold")
        _parts(one)
        for line in (*one.left_out, *one.notes):
            say(line, style="yellow")
        numbered = len({row.number for row in one.items if row.number})
        others = sum(not row.number for row in one.items)
        say(f"{counted(numbered, 'item')} with a number, {counted(others, 'item')} without a topic")
        for path in one.paths:
            say(f"  {path}")


def _parts(draft: Draft) -> None:
    """Each part of an issue: number, source and title of its items, and below why they are there."""
    from itertools import groupby

    from briefing.cli.tables import say
    from briefing.text import one_line, shorten

    for part, rows in groupby(draft.items, key=lambda row: row.part):
        say(f"\n{part}")
        for row in rows:
            number = str(row.number or "").rjust(4)
            say(f"{number}  {shorten(one_line(row.source), 30)}: {shorten(one_line(row.title), 80)}")
            say(f"      {shorten(one_line(row.reason), 140)}", style="dim")
    say()
