"""The tables of the read models as they are now, or as they were at a position of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, union, union_all

from briefing.projections import history
from briefing.projections.when import stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, CompoundSelect, FromClause, Select, Table

_AHEAD = timedelta(days=3)  # more than a claimed day can lie ahead of first sight, in any zone (see `when`)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A position of the log, and when its event was recorded; None at position 0, where nothing was."""

    position: int
    recorded_at: datetime | None


class View:
    """Turns a question to a table into one to what the table said at a moment.

    Rows that still hold are in the table itself, those that were superseded since in its past; both are asked in one
    statement, so that an event that is applied meanwhile moves no row out of sight.
    """

    def __init__(self, moment: Moment | None = None) -> None:
        self.moment = moment

    def sides(self, table: Table) -> list[tuple[FromClause, list[ColumnElement[bool]]]]:
        """Where a table's rows are, each with the conditions under which a row of there held."""
        if self.moment is None:
            return [(table, [])]
        at, past = self.moment.position, history.PAST[table]
        return [(table, [table.c.position <= at]), (past, [past.c.position <= at, past.c.until > at])]

    def asked(self, table: Table, ask: Callable[[FromClause], Select[Any]]) -> Select[Any] | CompoundSelect[Any]:
        """A question to all rows that held, in no order."""
        sides = [ask(side).where(*held) for side, held in self.sides(table)]
        return sides[0] if len(sides) == 1 else union_all(*sides)

    def whole(self, table: Table, column: str = "", wanted: Sequence[Any] = ()) -> Any:
        """All that readers see of the rows that held; of a column that is named, with one of the wanted values."""
        names = history.columns(table)

        def ask(side: FromClause) -> Select[Any]:
            query = select(*(side.c[name] for name in names))
            return query.where(side.c[column].in_(wanted)) if column else query

        return self.asked(table, ask)

    def before(self, column: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """The condition on a column of positions, in a table to which rows are only added."""
        return [] if self.moment is None else [column <= self.moment.position]

    def latest_news(self) -> str | None:
        """The latest moment at which anything can have become news, in the stored form; None where none is known."""
        if self.moment is None or self.moment.recorded_at is None:
            return None
        return stamp(self.moment.recorded_at)

    def latest_day(self) -> str | None:
        """A day behind all days that items can belong to; None where none is known."""
        if self.moment is None or self.moment.recorded_at is None:
            return None
        return (self.moment.recorded_at + _AHEAD).date().isoformat()


def first_of(
    sides: Sequence[Select[Any]],
    order: Sequence[str],
    *,
    limit: int | None = None,
    offset: int = 0,
    distinct: bool = False,
) -> Select[Any]:
    """The first rows of several questions together, in falling order of the columns named.

    Each is asked in that order for as many as can be needed of it, so that an index in this order is read no further.
    """
    most = None if limit is None else limit + offset
    if len(sides) == 1 and not distinct:
        [found] = sides
        columns = found.selected_columns
    else:
        asked = [_bounded(side, order, most) for side in sides]
        whole = (union(*asked) if distinct else union_all(*asked)).subquery()
        found, columns = select(whole), whole.c
    return found.order_by(*_falling(columns, order)).limit(limit).offset(offset or None)


def _bounded(side: Select[Any], order: Sequence[str], most: int | None) -> Select[Any]:
    if most is None:
        return side
    return select(side.order_by(*_falling(side.selected_columns, order)).limit(most).subquery())


def _falling(columns: Any, order: Sequence[str]) -> list[Any]:
    return [columns[name].desc() for name in order]
