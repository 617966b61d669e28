"""Facts about possible gaps, folded into their rows: a part of `Fold`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from briefing.projections import history, schema
from briefing.projections.when import stamp
from briefing.statements import insert_rows, replace_rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from briefing.events import GapClosed, GapLeftOpen, GapSuspected, Recorded


class GapFold:
    """The gaps that a page of facts tells of."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._rows: dict[int, dict[str, Any]] = {}
        self._past: list[dict[str, Any]] = []

    def load(self, page: list[Recorded]) -> None:
        """Read the rows that the page changes."""
        wanted = {gap for recorded in page if (gap := getattr(recorded.event, "gap", None)) is not None}
        if wanted:
            query = select(schema.gaps).where(schema.gaps.c.gap.in_(sorted(wanted)))
            self._rows.update((row["gap"], dict(row)) for row in self._db.execute(query).mappings())

    def suspected(self, at: Recorded, event: GapSuspected) -> None:
        """A gap that nobody has looked into yet."""
        self._rows[at.position] = {
            "gap": at.position, "source": event.source, "at": stamp(at.recorded_at), "since": event.since,
            "until_moment": event.until, "newest": event.newest, "state": "open", "how": "", "reason": "", "found": 0,
            "settled_at": None, "position": at.position,
        }  # fmt: skip

    def settled(self, at: Recorded, event: GapClosed | GapLeftOpen, state: str, reason: str = "") -> None:
        """A gap that was looked into."""
        row = self._rows[event.gap]
        self._past.append(history.superseded(schema.gaps, row, at.position))
        row |= {"state": state, "reason": reason, "how": event.how, "found": event.items}
        row |= {"settled_at": stamp(at.recorded_at), "position": at.position}

    def write(self) -> None:
        """Bring the rows into the database."""
        replace_rows(self._db, schema.gaps, [self._rows[gap] for gap in sorted(self._rows)])
        insert_rows(self._db, history.gaps, self._past)
