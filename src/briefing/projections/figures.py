"""Questions to the read models: how many, and how many when."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from briefing.model import SourceId
from briefing.projections import nouns, schema
from briefing.projections.choosing import Wanted, chosen
from briefing.projections.view import View, first_of
from briefing.projections.when import stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Engine, FromClause, Select, Table

    from briefing.model import Item


class Figures:
    """Counts over items, labels and changes."""

    def __init__(self, engine: Engine, view: View | None = None) -> None:
        self._engine = engine
        self._view = view or View()

    def counts_by_day(self, since: str, until: str, *, topic: str | None = None) -> dict[str, int]:
        """Items per day (ISO, both ends included), of all or of one topic."""

        def ask(side: FromClause) -> Select[Any]:
            query = select(side.c.day, func.count()).where(side.c.day >= since, side.c.day <= until)
            if topic is not None:
                query = query.where(side.c.topic == topic)
            return query.group_by(side.c.day)

        return dict(self._sums(schema.items if topic is None else schema.labels, ask))

    def counts_by_topic(self, since: str, until: str) -> Counter[str]:
        """Items per topic whose day lies in the span, both ends included."""
        found = self._sums(schema.labels, lambda side: _between(side, side.c.topic, since, until))
        return Counter({topic: count for topic, count in found.items() if not topic.startswith(schema.NAMED)})

    def counts_by_source(self, since: str, until: str) -> Counter[str]:
        """Items per source whose day lies in the span, both ends included."""
        return self._sums(schema.items, lambda side: _between(side, side.c.source, since, until))

    def days_by_topic(self, since: str, until: str) -> dict[str, dict[str, int]]:
        """Items per day (ISO, both ends included) of each topic that has any."""

        def ask(side: FromClause) -> Select[Any]:
            query = select(side.c.topic, side.c.day, func.count()).where(side.c.day >= since, side.c.day <= until)
            return query.group_by(side.c.day, side.c.topic)

        found: dict[str, Counter[str]] = {}
        with self._engine.connect() as connection:
            for topic, day, count in connection.execute(self._view.asked(schema.labels, ask)):
                if not topic.startswith(schema.NAMED):
                    found.setdefault(topic, Counter())[day] += count
        return {topic: dict(days) for topic, days in found.items()}

    def news_by_source(self, since: datetime) -> Counter[str]:
        """Items per source that became news at a moment or later."""

        def ask(side: FromClause) -> Select[Any]:
            query = select(side.c.source, func.count()).where(side.c.news_at >= stamp(since))
            return query.group_by(side.c.source)

        return self._sums(schema.items, ask)

    def _sums(self, table: Table, ask: Callable[[FromClause], Select[Any]]) -> Counter[str]:
        """The sums of pairs of a name and a count."""
        found: Counter[str] = Counter()
        with self._engine.connect() as connection:
            for name, count in connection.execute(self._view.asked(table, ask)):
                found[name] += count
        return found

    def change_counts(self, since: datetime) -> Counter[str]:
        """Changes after publication per kind, seen at a moment or later."""
        table = schema.changes
        query = select(table.c.kind, func.count()).where(
            table.c.at >= stamp(since), *self._view.before(table.c.position)
        )
        with self._engine.connect() as connection:
            return Counter(dict(connection.execute(query.group_by(table.c.kind)).all()))

    def newest_of(self, sources: Iterable[str]) -> dict[SourceId, Item]:
        """The newest item of each of these sources that has one, without its labels."""
        found = {}
        with self._engine.connect() as connection:
            for source in sources:
                newest = connection.execute(chosen(self._view, Wanted(sources=(source,)), limit=1)).scalar()
                query = self._view.whole(schema.items, "id", [newest])
                if (row := connection.execute(query).mappings().one_or_none()) is not None:
                    found[SourceId(source)] = nouns.item(row, ())
        return found

    def newest_day(self, upto: str) -> str | None:
        """The last day, not after `upto`, that has an item."""
        sides = [select(side.c.day).where(side.c.day <= upto, *held) for side, held in self._view.sides(schema.items)]
        with self._engine.connect() as connection:
            return connection.execute(first_of(sides, ["day"], limit=1)).scalar()


def _between(side: FromClause, name: ColumnElement[Any], since: str, until: str) -> Select[Any]:
    return select(name, func.count()).where(side.c.day >= since, side.c.day <= until).group_by(name)
