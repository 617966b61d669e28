"""Which elements of two sequences correspond, in a time that hardly more than grows with their length.

`difflib` gives the most readable alignment but is quadratic or worse; it is asked only about stretches that are short.
Longer ones are first cut at runs of elements that occur once on either side and keep their order (the patience diff).
"""

from __future__ import annotations

from bisect import bisect_left
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Block = tuple[bool, int, int, int, int]  # alike or not; start and end in the first sequence, in the second
_Match = tuple[int, int, int]

_SMALL = 40_000  # product of the lengths up to which difflib is asked: some milliseconds
_RUNS = (8, 4, 2, 1)  # the longer the run that occurs only once, the surer it is the same passage
_DEPTH = 12  # bounds the work on texts made to be costly


def align(before: Sequence[str], after: Sequence[str]) -> list[Block]:
    """Blocks that cover both sequences in order; of two neighbours one is alike and one is not."""
    blocks: list[Block] = []
    i = j = 0
    for a, b, size in [*_matches(before, after), (len(before), len(after), 0)]:
        if i < a or j < b:
            blocks.append((False, i, a, j, b))
        if size:
            blocks.append((True, a, a + size, b, b + size))
        i, j = a + size, b + size
    return blocks


def _matches(before: Sequence[str], after: Sequence[str]) -> list[_Match]:
    """Stretches that are alike, in order; neighbours are joined."""
    found: list[_Match] = []
    regions = [(0, len(before), 0, len(after), 0)]
    while regions:
        i, i_end, j, j_end, depth = regions.pop()
        head, tail = _ends(before[i:i_end], after[j:j_end])
        found += [(i, j, head), (i_end - tail, j_end - tail, tail)]
        i, i_end, j, j_end = i + head, i_end - tail, j + head, j_end - tail
        if (i_end - i) * (j_end - j) <= _SMALL:
            matcher = SequenceMatcher(None, before[i:i_end], after[j:j_end], autojunk=False)
            found += [(i + a, j + b, size) for a, b, size in matcher.get_matching_blocks()]
        elif depth < _DEPTH and (anchors := _anchors(before[i:i_end], after[j:j_end])):
            found += [(i + a, j + b, 1) for a, b in anchors]
            edges = [(i - 1, j - 1), *((i + a, j + b) for a, b in anchors), (i_end, j_end)]
            regions += [
                (a + 1, c, b + 1, d, depth + 1) for (a, b), (c, d) in pairwise(edges) if c - a > 1 and d - b > 1
            ]
    return list(_joined(sorted(match for match in found if match[2])))


def _ends(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many elements at the start, and of the rest how many at the end, are alike."""
    limit = min(len(before), len(after))
    head = 0
    while head < limit and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < limit - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return head, tail


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Where the longest runs that occur once on either side begin, as pairs of places rising in both."""
    for length in _RUNS:
        here, there = _once(before, length), _once(after, length)
        if pairs := [(place, there[run]) for run, place in here.items() if run in there]:
            return _rising(pairs)
    return []


def _once(elements: Sequence[str], length: int) -> dict[tuple[str, ...], int]:
    """Where each run of a length begins that occurs only once, in order."""
    places: dict[tuple[str, ...], int] = {}
    for place, run in enumerate(zip(*(elements[offset:] for offset in range(length)), strict=False)):
        places[run] = -1 if run in places else place
    return {run: place for run, place in places.items() if place >= 0}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest selection of pairs that rises in the second place as well (Fredman 1975: piles of cards)."""
    tops: list[int] = []
    piles: list[int] = []
    below: list[int] = []
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        below.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            piles.append(index)
        else:
            tops[pile], piles[pile] = place, index
    chosen = []
    index = piles[-1]
    while index >= 0:
        chosen.append(pairs[index])
        index = below[index]
    return chosen[::-1]


def _joined(matches: list[_Match]) -> Iterator[_Match]:
    """Neighbouring stretches as one."""
    held: _Match | None = None
    for match in matches:
        if held and (held[0] + held[2], held[1] + held[2]) == match[:2]:
            held = (held[0], held[1], held[2] + match[2])
            continue
        if held:
            yield held
        held = match
    if held:
        yield held
