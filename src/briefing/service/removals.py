"""What was taken down: which items, which issues had them, and what was remembered for their sake."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from briefing.editions.periods import KINDS, period_of
from briefing.observe.identity import address_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from briefing.model import Issued
    from briefing.projections import Library
    from briefing.service.desk import Desk

_BESIDE = 2  # days: a zone moves an item to the day before or after, and a day to the week beside it


def removed_from(library: Library, items: Iterable[str] | None = None) -> Callable[[Issued], bool]:
    """Says of an issue whether it printed or may have named one of these items, or any, that was taken down since.

    The bytes of such an issue are no longer those whose hashes its event holds; those of all others must be.
    """
    removed = library.takedowns(items)
    spans = {item: _periods(library, item) for item in removed}

    def affected(issued: Issued) -> bool:
        if removed.keys() & set(issued.items):
            return True
        return any(first <= issued.as_of and issued.period in periods for first, periods in spans.values())

    return affected


def _periods(library: Library, item: str) -> tuple[int, frozenset[str]]:
    """Where an item begins in the log, and the periods that it ever belonged to, with those a day or two beside."""
    versions = library.revisions(item)
    days = {version.seen_at.date() for version in versions}
    days |= {
        date.fromisoformat(version.published.value[:10])
        for version in versions
        if version.published.value and version.published.precision in ("day", "minute")
    }
    days |= {erratum.at.date() for erratum in library.errata.of(item)}  # the issues that printed these
    spread = {day + timedelta(days=beside) for day in days for beside in range(-_BESIDE, _BESIDE + 1)}
    periods = frozenset(period_of(day, kind) for day in spread for kind in KINDS)
    return min((version.position for version in versions), default=0), periods


def forget(desk: Desk, sources: Iterable[str] | None = None) -> None:
    """Forget the addresses of items that were taken down, which reading them politely made us remember.

    `sources` are those that were just read, all by default.
    """
    if not (gone := desk.library.takedowns()):
        return

    def theirs(source: str, address: str) -> bool:
        return bool(desk.library.removed(address_keys(source, address, desk.store.keyed)))

    desk.polls.forget(gone, theirs, sources)
    desk.vectors.forget(gone)
    desk.panels.forget(desk.library.last_removal())
