"""Questions to the read models: how many, and how many when."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from briefing.model import SourceId
from briefing.projections import nouns, schema
from briefing.projections.when import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Engine

    from briefing.model import Item


class Figures:
    """Counts over items, labels and changes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def counts_by_day(self, since: str, until: str, *, topic: str | None = None) -> dict[str, int]:
        """Items per day (ISO, both ends included), of all or of one topic."""
        table = schema.labels if topic is not None else schema.items
        query = select(table.c.day, func.count()).where(table.c.day >= since, table.c.day <= until)
        if topic is not None:
            query = query.where(schema.labels.c.topic == topic)
        with self._engine.connect() as connection:
            return dict(connection.execute(query.group_by(table.c.day)).all())

    def counts_by_topic(self, since: str, until: str) -> Counter[str]:
        """Items per topic whose day lies in the span, both ends included."""
        table = schema.labels
        query = select(table.c.topic, func.count()).where(table.c.day >= since, table.c.day <= until)
        with self._engine.connect() as connection:
            return Counter(dict(connection.execute(query.group_by(table.c.topic)).all()))

    def counts_by_source(self, since: str, until: str) -> Counter[str]:
        """Items per source whose day lies in the span, both ends included."""
        table = schema.items
        query = select(table.c.source, func.count()).where(table.c.day >= since, table.c.day <= until)
        with self._engine.connect() as connection:
            return Counter(dict(connection.execute(query.group_by(table.c.source)).all()))

    def days_by_topic(self, since: str, until: str) -> dict[str, dict[str, int]]:
        """Items per day (ISO, both ends included) of each topic that has any."""
        table = schema.labels
        query = select(table.c.topic, table.c.day, func.count()).where(table.c.day >= since, table.c.day <= until)
        found: dict[str, dict[str, int]] = {}
        with self._engine.connect() as connection:
            for topic, day, count in connection.execute(query.group_by(table.c.day, table.c.topic)):
                found.setdefault(topic, {})[day] = count
        return found

    def news_by_source(self, since: datetime) -> Counter[str]:
        """Items per source that became news at a moment or later."""
        table = schema.items
        query = select(table.c.source, func.count()).where(table.c.news_at >= stamp(since)).group_by(table.c.source)
        with self._engine.connect() as connection:
            return Counter(dict(connection.execute(query).all()))

    def change_counts(self, since: datetime) -> Counter[str]:
        """Changes after publication per kind, seen at a moment or later."""
        table = schema.changes
        query = select(table.c.kind, func.count()).where(table.c.at >= stamp(since)).group_by(table.c.kind)
        with self._engine.connect() as connection:
            return Counter(dict(connection.execute(query).all()))

    def newest_of(self, sources: Iterable[str]) -> dict[SourceId, Item]:
        """The newest item of each of these sources that has one, without its labels."""
        table, found = schema.items, {}
        with self._engine.connect() as connection:
            for source in sources:
                query = (
                    select(table).where(table.c.source == source).order_by(table.c.news_at.desc(), table.c.id.desc())
                )
                if (row := connection.execute(query.limit(1)).mappings().one_or_none()) is not None:
                    found[SourceId(source)] = nouns.item(row, ())
        return found

    def newest_day(self, upto: str) -> str | None:
        """The last day, not after `upto`, that has an item."""
        query = select(func.max(schema.items.c.day)).where(schema.items.c.day <= upto)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar()

    def marks(self, after: int) -> set[tuple[str, str]]:
        """What feeds are made of and was touched behind a position: pairs of kind and id."""
        table = schema.marks
        query = select(table.c.kind, table.c.id).where(table.c.position > after)
        with self._engine.connect() as connection:
            return {(kind, name) for kind, name in connection.execute(query)}
