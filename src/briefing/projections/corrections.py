"""Errata to published issues, as the log has them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from briefing.model import Corrected, ItemId
from briefing.projections import schema
from briefing.projections.when import stamp

if TYPE_CHECKING:
    from sqlalchemy import Engine, RowMapping

    from briefing.projections.view import View


class Errata:
    """Questions about errata, as of now or of a moment."""

    def __init__(self, engine: Engine, view: View) -> None:
        self._engine = engine
        self._view = view

    def issued(
        self,
        briefing: str | None = None,
        *,
        period: str | None = None,
        after: int = 0,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Corrected]:
        """Errata in the order of the log: behind position `after`, issued in a closed-open span of time."""
        table = schema.errata
        query = select(table).where(table.c.position > after, *self._view.before(table.c.position))
        for column, wanted in ((table.c.briefing, briefing), (table.c.period, period)):
            query = query if wanted is None else query.where(column == wanted)
        if since is not None:
            query = query.where(table.c.at >= stamp(since))
        if until is not None:
            query = query.where(table.c.at < stamp(until))
        with self._engine.connect() as connection:
            return [_corrected(row) for row in connection.execute(query.order_by(table.c.position)).mappings()]

    def of(self, item: str) -> list[Corrected]:
        """Errata because of an item."""
        table = schema.errata
        query = select(table).where(table.c.item == item, *self._view.before(table.c.position))
        with self._engine.connect() as connection:
            return [_corrected(row) for row in connection.execute(query.order_by(table.c.position)).mappings()]

    def last_change(self) -> int:
        """The place in the log of the last change that an erratum was issued for, 0 for none."""
        query = select(func.max(schema.errata.c.change_position))
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def candidates(self, after: int, upto: int) -> dict[str, set[int]]:
        """Items that changed after publication between two positions (the first left out), with those positions."""
        table = schema.changes
        query = select(table.c.item, table.c.position)
        query = query.where(table.c.position > after, table.c.position <= upto, table.c.kind != "removed")
        found: dict[str, set[int]] = {}
        with self._engine.connect() as connection:
            for item, position in connection.execute(query):
                found.setdefault(item, set()).add(position)
        return found


def _corrected(row: RowMapping) -> Corrected:
    return Corrected(
        briefing=row["briefing"],
        period=row["period"],
        version=row["version"],
        item=ItemId(row["item"]),
        number=row["number"],
        change=row["change_position"],
        kind=row["kind"],
        position=row["position"],
        at=datetime.fromisoformat(row["at"]),
    )
