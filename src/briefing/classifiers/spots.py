"""Stretches of folded text: what was found where, and which of it is taken."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from briefing.classifiers.patterns import Pattern


class Match(NamedTuple):
    """A pattern found at folded[start:end]."""

    start: int
    end: int
    pattern: Pattern


class Spans:
    """A growing set of stretches; of those that overlap only the union is known."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []

    def free(self, match: Match) -> bool:
        """Whether nothing in the set overlaps a match."""
        return self._free(match.start, match.end)

    def cover(self, match: Match) -> None:
        """Take a match in."""
        start, end = match.start, match.end
        while not self._free(start, end):
            low, high = self._spans.pop(bisect_left(self._spans, (end, 0)) - 1)
            start, end = min(start, low), max(end, high)
        insort(self._spans, (start, end))

    def _free(self, start: int, end: int) -> bool:
        index = bisect_left(self._spans, (end, 0)) - 1
        return index < 0 or self._spans[index][1] <= start
