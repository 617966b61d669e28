"""Where the tree and the entries lie as files: tiles of 256 hashes (C2SP tlog-tiles).

Tile `number` of level 0 holds 256 leaf hashes, a tile of a higher level the roots of 256 tiles below it. What is not
full yet lies beside its later place, under the number of what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.eventstore import merkle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

WIDTH = 256
LARGEST = 65_535
"""Bytes of the largest entry: its length is written in two bytes."""


@dataclass(frozen=True, slots=True)
class Span:
    """The part of a level that is one file: tile `number`, of which `width` hashes or entries are there."""

    level: int | None  # None for bundles of entries
    number: int
    width: int

    @property
    def path(self) -> str:
        """Relative to the folder of the log."""
        part = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{'entries' if self.level is None else self.level}/{_numbered(self.number)}{part}"


def _numbered(number: int) -> str:
    """The number in groups of three digits, all but the last marked by an x."""
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03}")
    return "/".join(reversed(groups))


def spans(size: int, level: int | None, since: int = 0) -> Iterator[Span]:
    """The files of one level (None: the bundles) of a log of `size` events, from that on which held event `since`."""
    each = WIDTH ** (level or 0)
    count = size // each
    for number in range(since // each // WIDTH, -(-count // WIDTH)):
        yield Span(level, number, min(WIDTH, count - number * WIDTH))


def levels(size: int) -> range:
    """The levels of which a log of `size` events has tiles."""
    count = 1 if size else 0
    while size // WIDTH**count:
        count += 1
    return range(count)


def above(roots: Sequence[bytes], level: int) -> list[bytes]:
    """The hashes of a level from 1 up, from the roots of all whole tiles of level 0."""
    hashes = list(roots)
    for _ in range(level - 1):
        whole = len(hashes) // WIDTH * WIDTH
        hashes = [merkle.root(hashes[start : start + WIDTH]) for start in range(0, whole, WIDTH)]
    return hashes


def bundle(bodies: Iterable[bytes]) -> bytes:
    """Entries one after the other, each behind its length in two bytes."""
    return b"".join(len(body).to_bytes(2, "big") + body for body in bodies)
