"""Where a search in older pages stands, and how much of it is left for one visit."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.projections import Cursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.observe.paging import Way

_VISITS = 10  # as many times the pages of one visit are read at most, over all visits


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is asked of a publisher at one visit: `pages` of lists, `items`, `seconds`."""

    pages: int
    items: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Trail:
    """One way of a search, and where it is remembered; `items` were found before it was taken."""

    source: str
    gap: int
    way: Way
    cursor: Cursor | None
    items: int

    @property
    def start(self) -> str:
        """The page at which an earlier visit stopped on this way; empty where it begins."""
        return self.cursor.at if self.cursor is not None and self.cursor.way == _named(self.way) else ""

    def reached(self, at: str, *, pages: int, items: int) -> Cursor:
        """The cursor behind a page that was read, with so many items found on this way."""
        return Cursor(
            source=self.source, gap=self.gap, way=_named(self.way), at=at, pages=pages, items=self.items + items
        )


def _named(way: Way) -> str:
    return f"{way.name} {way.template or way.start}"


def left(found: Sequence[Way], cursor: Cursor | None) -> Sequence[Way]:
    """The ways that are left to go: from the one on that an earlier visit was on; all where it is no more."""
    names = [_named(way) for way in found]
    return found[names.index(cursor.way) :] if cursor is not None and cursor.way in names else found


class Budget:
    """What may still be asked at this visit; `before` counts the pages of earlier ones."""

    def __init__(self, limits: Limits, before: int = 0) -> None:
        self.limits = limits
        self.before = before
        self.pages = self.items = 0
        self.until = time.monotonic() + limits.seconds

    def allows(self) -> bool:
        """Whether another page may be asked for; counts it."""
        self.pages += 1
        return not self.spent

    @property
    def read(self) -> int:
        """Pages at all visits."""
        return self.before + self.pages

    @property
    def spent(self) -> bool:
        """Whether nothing more may be asked."""
        return bool(self.reason)

    @property
    def reason(self) -> str:
        """Why not: one of `events.OPEN_REASONS`."""
        if self.read > _VISITS * self.limits.pages:
            return "too-far"
        spent = self.pages > self.limits.pages or self.items >= self.limits.items or time.monotonic() > self.until
        return "unfinished" if spent else ""
