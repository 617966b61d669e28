"""How much of an issue stands before its annex: what is let in first, what the limits keep out, and by which limit.

Items are let in by rank until a topic, or a country's analysis, or a source has its share. Then the limit of words is
used up, part by part in turn: what is printed in full, and many more that are but named, each with its title, its
source and its number. Highlights are always printed, and with a readout those beside it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from briefing.documents import LeftOut
from briefing.editions.calendars import ISSUE_LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from briefing.editions.placing import Places
    from briefing.editions.selecting import Selection
    from briefing.model import Change, Item, ItemId, Limits, Meeting

CHANGED, AHEAD, STATEMENTS, ANALYSIS = "Changed after publication", "Ahead", "Official statements", "Analysis"

_CHANGES = 20  # changes that an issue prints at most, whatever the limit of words
_TURN = (
    *("statements", "named", "named", "named", "changes", "named", "named", "ahead"),
    *("statements", "named", "named", "named", "analysis", "named", "named", "ahead"),
)
_LEAST = 8  # words that a piece takes at least

Piece = tuple[str, tuple[str, ...]]  # a part of the issue, and the ids of what comes into it together


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a selection stands before the annex: ids of items in full and of those but named, changes in their order,
    meetings in theirs.
    """

    items: frozenset[str]
    named: frozenset[str]
    highlights: tuple[Item, ...]
    changes: tuple[Change, ...]
    ahead: tuple[Meeting, ...]


class Room:
    """What the limits of a briefing let into an issue."""

    def __init__(self, chosen: Selection, places: Places, limits: Limits) -> None:
        self._chosen, self._places, self._limits = chosen, places, limits
        self.capped: dict[ItemId, str] = {}
        admitted = list(self._admitted(places.ranked()))
        self._highlights = tuple(places.highlighted(admitted, limits.highlights))
        self._pieces = list(self._queue(admitted))

    def fill(self, length: Callable[[Shown], int] | None) -> Shown:
        """As much as the limit of words has room for; all that was let in where there is none."""
        most = len(self._pieces)
        if length is None or not self._limits.words:
            return self._shown(most)
        low, high = 0, min(most, self._limits.words // _LEAST)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if length(self._shown(middle)) <= self._limits.words else (low, middle - 1)
        return self._shown(low)

    def _shown(self, count: int) -> Shown:
        found: dict[str, set[str]] = {kind: set() for kind in _TURN}
        for kind, held in self._pieces[:count]:
            found[kind].update(held)
        forced = chain.from_iterable(self._places.beside.get(one.id, (one,)) for one in self._highlights)
        full = found["statements"] | found["analysis"] | {item.id for item in forced}
        return Shown(
            items=frozenset(full),
            named=frozenset(found["named"] - full),
            highlights=self._highlights,
            changes=tuple(one for one in self._chosen.changes if str(one.position) in found["changes"]),
            ahead=tuple(one for one in self._chosen.ahead if one.id in found["ahead"]),
        )

    def _admitted(self, ranked: Iterable[Item]) -> Iterator[Item]:
        """Items in the order of their rank, until their heading or their source is full; readouts all or none."""
        headings: Counter[str] = Counter()
        sources: Counter[str] = Counter()
        passed: set[ItemId] = set()
        for item in ranked:
            if item.id in passed:
                continue
            group = self._places.beside.get(item.id, (item,))
            passed |= {one.id for one in group}
            heading = self.heading(item) if len(group) == 1 else ""
            if heading and headings[heading] >= self._limits.per_topic:
                why = f"{self._limits.per_topic:,} under one heading"
            elif any(sources[one.source] >= self._limits.per_source for one in group):
                why = f"{self._limits.per_source:,} of one source"
            else:
                headings[heading] += 1
                sources.update(one.source for one in group)
                yield from group
                continue
            self.capped.update(dict.fromkeys((one.id for one in group), why))

    def heading(self, item: Item) -> str:
        """What an item is printed under, as a key: its topic, the country of its statement or of its analysis."""
        if best := self._places.best(item):
            return f"topic {best}"
        return f"{'statements' if self._places.is_official(item) else 'analysis'} {self._places.country(item)}"

    def _together(self, item: Item) -> tuple[str, ...]:
        return tuple(one.id for one in self._places.beside.get(item.id, (item,)))

    def _queue(self, admitted: Sequence[Item]) -> Iterator[Piece]:
        """What may stand before the annex, in the order in which there must be room for it."""
        official = self._places.is_official
        groups = {self._places.beside.get(item.id, (item,))[0].id: item for item in admitted if official(item)}
        queues: dict[str, Iterator[tuple[str, ...]]] = {
            "statements": iter([self._together(item) for item in groups.values()]),
            "named": iter([(item.id,) for item in _fair(admitted, official)]),
            "analysis": iter([(item.id,) for item in admitted if not official(item)]),
            "changes": iter([(str(change.position),) for change in _weighed(self._chosen.changes)[:_CHANGES]]),
            "ahead": iter([(meeting.id,) for meeting in _told_now(self._chosen)]),
        }
        while queues:
            for kind in _TURN:
                if kind in queues and (piece := next(queues[kind], None)) is not None:
                    yield kind, piece
                else:
                    queues.pop(kind, None)


def _fair(items: Sequence[Item], official: Callable[[Item], bool]) -> list[Item]:
    """Items by their rank, to two statements one of analysis as long as there is any."""
    statements = [item for item in items if official(item)]
    analysis = [item for item in items if not official(item)]
    places = {item.id: place for place, item in enumerate(statements)}
    places |= {item.id: 2 * place + 1 for place, item in enumerate(analysis)}
    return sorted(items, key=lambda item: places[item.id])


def _weighed(changes: Sequence[Change]) -> list[Change]:
    """Changes by how much they matter: withdrawals and what came back first, then edits; the newest first."""
    return sorted(changes, key=lambda one: (one.kind != "revised", one.at, one.position), reverse=True)


def _told_now(chosen: Selection) -> list[Meeting]:
    """What lies ahead, as the limits let it in: what items of the issue tell of before what was told long ago."""
    here = {item.id for item in chain(chosen.period, chosen.late)}
    return sorted(chosen.ahead, key=lambda one: all(told.item.id not in here for told in one.statements))[:ISSUE_LENGTH]


def counted(found: Iterable[tuple[str, str]]) -> tuple[LeftOut, ...]:
    """Pairs of a part and a limit, counted, in the order in which they come first."""
    return tuple(LeftOut(where=where, count=count, limit=limit) for (where, limit), count in Counter(found).items())
