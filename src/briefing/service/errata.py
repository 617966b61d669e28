"""Errata: issued where an item that a published issue cites was changed since, once each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing import events
from briefing.editions.errata import corrects, erratum, kind_of
from briefing.observe.decisions import Fact
from briefing.projections import ChannelState
from briefing.service.desk import briefing_stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from briefing.documents import Erratum
    from briefing.model import Change, Corrected, Issued
    from briefing.projections import Holdings
    from briefing.service.desk import Desk

_LOOKED, _REISSUED = "@errata", "@reissued"  # marks beside those of channels, whose ids never begin so


def correct(desk: Desk) -> int:
    """Issue the errata that the changes since the last look call for; how many there were.

    Every step can be repeated: an erratum has a key, and where a killed process stopped is looked at again.
    """
    upto = desk.projector.catch_up()
    mark = desk.channels.get(_LOOKED)
    after = mark.position if mark else _beginning(desk)
    if mark and after >= upto:
        return 0
    found = _called_for(desk.library, after, upto)
    for event in found:
        key = f"erratum:{event.briefing}:{event.period}:{event.item}:{event.change}"
        desk.append(briefing_stream(event.briefing), [Fact(event=event, key=key)])
    if found:
        desk.projector.catch_up()
    desk.channels.put(ChannelState(name=_LOOKED, position=upto))
    return len(found)


def told(library: Holdings, issued: Iterable[Corrected]) -> list[Erratum]:
    """Errata with their words, in the order given; of items that were taken down since, without."""
    issued = list(issued)
    sources = {source.id: source for source in library.sources(retired=True)} if issued else {}
    changes = {
        change.position: change
        for item in {one.item for one in issued}
        for change in library.changes(item=item)
    }  # fmt: skip
    return [erratum(one, changes[one.change], sources[changes[one.change].item.source]) for one in issued]


def unsent(library: Holdings, briefing: str, after: int) -> list[Erratum]:
    """The errata to issues of a briefing that were issued behind a log position, with their words.

    `Erratum.position` is where to go on from, and what tells one from another.
    """
    return told(library, library.errata.issued(briefing, after=after))


def corrections(library: Holdings, briefing: str, start: datetime, end: datetime) -> tuple[Erratum, ...]:
    """The errata that were issued in a closed-open span of time."""
    return tuple(told(library, library.errata.issued(briefing, since=start, until=end)))


def corrected_issues(desk: Desk) -> Iterator[tuple[str, str]]:
    """Briefing and period of each issue that an erratum was issued for since this was last asked to its end."""
    upto = desk.projector.catch_up()
    mark = desk.channels.get(_REISSUED)
    after = mark.position if mark else max((one.position for one in desk.library.issues()), default=0)
    if after >= upto:
        return
    yield from dict.fromkeys((one.briefing, one.period) for one in desk.library.errata.issued(after=after))
    desk.channels.put(ChannelState(name=_REISSUED, position=upto))


def _beginning(desk: Desk) -> int:
    """From where on changes are looked at where nobody has yet: the issues that stand now.

    Readers of older ones are not sent what happened years ago.
    """
    latest: dict[str, int] = {}
    for issued in desk.library.issues():
        latest[issued.briefing] = max(latest.get(issued.briefing, 0), issued.as_of)
    return max(min(latest.values(), default=desk.library.position()), desk.library.errata.last_change())


def _called_for(library: Holdings, after: int, upto: int) -> list[events.ErratumIssued]:
    changed = library.errata.candidates(after, upto)
    if not changed:
        return []
    citing = _citing(library.issues(), changed.keys())
    found = [
        event
        for item, issues in citing.items()
        for change in library.changes(item=item)
        if change.position in changed[item] and corrects(change)
        for event in _errata(library, change, issues)
    ]
    return sorted(found, key=lambda event: (event.change, event.briefing, event.period))


def _citing(published: Sequence[Issued], items: Iterable[str]) -> dict[str, list[Issued]]:
    """The versions that cite each of these items; of those that nobody cites nothing."""
    wanted = set(items)
    found: dict[str, list[Issued]] = {}
    for issued in published:
        for item in wanted.intersection(issued.items):
            found.setdefault(item, []).append(issued)
    return found


def _errata(library: Holdings, change: Change, issues: Sequence[Issued]) -> Iterator[events.ErratumIssued]:
    """One for each issue: to its last version that knows nothing of the change."""
    last: dict[tuple[str, str], Issued] = {}
    for issued in issues:
        known = last.get((issued.briefing, issued.period))
        if issued.as_of < change.position and (known is None or issued.version > known.version):
            last[issued.briefing, issued.period] = issued
    versions = library.revisions(change.item.id) if last else []
    for (briefing, period), issued in sorted(last.items()):
        printed = next((one for one in reversed(versions) if one.position <= issued.as_of), None)
        yield events.ErratumIssued(
            briefing=briefing,
            period=period,
            version=issued.version,
            item=change.item.id,
            number=issued.items.index(change.item.id) + 1,
            change=change.position,
            kind=kind_of(change, printed),
        )
