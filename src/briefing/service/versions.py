"""What an issue is compared with: the version before it, and what happened to items since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.editions.errata import corrects

if TYPE_CHECKING:
    from briefing.model import Change, Issued
    from briefing.projections import Holdings
    from briefing.service.desk import Desk


def version_before(library: Holdings, briefing: str, period: str, version: int) -> Issued | None:
    """The version that a version takes the place of; None for the first."""
    held = library.issues(briefing, period) if version > 1 else ()
    return next((one for one in held if one.version == version - 1), None)


def corrected_since(desk: Desk, library: Holdings, before: Issued | None) -> list[Change]:
    """The changes since a version that a reader of it would miss: none that only mends spelling, and no takedown."""
    if before is None:
        return []
    then = desk.store.read(before.as_of - 1, 1)[0].recorded_at
    cited = set(before.items)
    changes = (one for one in library.changes(since=then) if one.item.id in cited)
    found = [one for one in changes if one.position > before.as_of and corrects(one)]
    return sorted(found, key=lambda one: one.position)
