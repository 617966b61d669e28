"""How the sources, the channels and the mail do: status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import as_json, json_option
from briefing.cli.delivering import states_json, states_of, tell_states
from briefing.cli.listing import check_known
from briefing.cli.past import as_of_option, tell_moment
from briefing.cli.sending import tell_outbox
from briefing.cli.states import health_json, tell_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.cli.commands import Office
    from briefing.model import Gap, Health, Move

_CLOSED = 5


@click.command()
@click.argument("source", metavar="[SOURCE]", required=False)
@as_of_option
@json_option
@click.pass_obj
def status(office: Office, source: str | None, *, as_of: str | None, json_: bool) -> None:
    """Say how the sources do, the failing ones first; of one source, also what came of its last visits.

    When they were last asked, and will be next, is not in the log: of the past it is not said.
    """
    from briefing.observe.silence import as_of as now_of

    with office.service(configured=False, new=True) as service:
        library = service.known(as_of)
        position = library.position()
        now = service.desk.clock()
        gaps, moves = library.gaps(), library.moves()
        found = [now_of(one, now) if as_of is None else one for one in library.health()]
        channels = states_of(service) if as_of is None else ([], [])
        mails = service.desk.outbox.counts() if as_of is None else {}
        if source is not None:
            check_known(library, source, None)
            chosen = [one for one in found if one.source == source]
            attempts = service.desk.library.attempts(source) if as_of is None else ()
            gaps, moves = library.gaps([source]), tuple(move for move in moves if move.source == source)
            turns, beside = library.turns(source=source, limit=10), _beside(source, gaps, moves)
            tell_source(source, chosen, attempts, turns, now, json_=json_, beside=beside)
            if not json_:
                _tell_gaps(gaps, moves)
            return
    if as_of is None:
        found.extend(_unread(office, {one.source for one in found}))
    if json_:
        sources = [health_json(one) | _beside(one.source, gaps, moves) for one in found]
        as_json({"position": position, "sources": sources, "channels": states_json(*channels), "mails": mails})
        return
    _tell_health(found, position, office.places().database_url)
    _tell_gaps(gaps, moves)
    _tell_pushes(found)
    tell_states(*channels)
    tell_outbox(mails)
    tell_moment(library)


def _unread(office: Office, known: set[Any]) -> list[Health]:
    """Sources that are configured and were never collected."""
    from briefing.errors import ConfigError
    from briefing.model import Health

    try:
        settings = office.settings()
    except ConfigError as error:
        click.echo(f"{error}\nThe configuration is not read; what follows is what the log knows.", err=True)
        return []
    return [
        Health(source=source.id, state="new", url=source.url) for source in settings.sources if source.id not in known
    ]


def left_out(excluded: int, foreign: int) -> str:
    """How many entries a source's rules left out, as the end of a line; empty for none."""
    counts = ((excluded, "by include and exclude"), (foreign, "of other domains"))
    said = [f"{count} {which}" for count, which in counts if count]
    return f"; left out: {', '.join(said)}" if said else ""


def _beside(source: str, gaps: Sequence[Gap], moves: Sequence[Move]) -> dict[str, Any]:
    return {
        "gaps": [
            {
                "position": gap.position,
                "since": gap.since.isoformat(),
                "until": gap.until.isoformat(),
                "state": gap.state,
                "how": gap.how or None,
                "reason": gap.reason or None,
                "items": gap.items,
            }
            for gap in gaps
            if gap.source == source
        ],
        "proposed_url": next((move.to for move in moves if move.source == source), None),
    }


def _tell_gaps(gaps: Sequence[Gap], moves: Sequence[Move]) -> None:
    """Every gap that is open and the latest that were closed; the addresses that are proposed."""
    from briefing.cli.tables import say, when
    from briefing.outputs.wording import gap_words, move_words

    closed = [gap for gap in gaps if gap.state == "closed"][:_CLOSED]
    for gap in [*(gap for gap in gaps if gap.state == "open"), *closed]:
        style = "yellow" if gap.state == "open" else "dim"
        say(f"{gap.source}: possible gap, {when(gap.since)} to {when(gap.until)}, {gap_words(gap)}", style=style)
    for move in moves:
        say(f"{move.source}: {move_words(move)}", style="yellow")


def _tell_pushes(found: Sequence[Health]) -> None:
    from briefing.cli.tables import say

    for one in found:
        if one.push == "faulty":
            say(f"{one.source}: its hub does not tell us everything; it is asked at its own pace", style="yellow")


def _tell_health(found: list[Health], position: int, database_url: str) -> None:
    from briefing.cli.tables import say, state, table, when
    from briefing.eventstore import sqlite_warning
    from briefing.outputs.health_words import page_words, place

    found = sorted(found, key=lambda one: (place(one.state), one.source))
    rows = [
        (
            state(one.state),
            one.source,
            str(one.items),
            when(one.last_success),
            (one.detail.replace(f"{one.url} ", "") or (one.newest or "")[:10]) + left_out(one.excluded, one.foreign),
        )
        for one in found
    ]
    table(["state", "source", ("items", "right"), "last heard", ("newest item, or fault", "fold")], rows)
    for one in found:
        for trouble in one.pages:
            say(f"{one.source}: {page_words(trouble)}", style="yellow")
        if one.drop:
            rule = ", ".join(f'"{selector}"' for selector in one.drop)
            say(f"{one.source}: these passages are another text at every look; leave them out with", style="yellow")
            say(f"    article: {{drop: [{rule}]}}", style="yellow")
    good = sum(one.state in ("ok", "quiet") for one in found)
    say(f"{good} of {len(found)} sources ok, {sum(one.items for one in found)} items, log position {position}")
    if warning := sqlite_warning(database_url):
        say(warning, style="dim")
