"""What there is to do now: sources that are due, events that nobody has published."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Index, or_, select

from briefing.projections import schema
from briefing.projections.polls import metadata
from briefing.projections.when import stamp
from briefing.specs import source_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from briefing.model import Source

_polls = metadata.tables["last_polls"]
Index("polls_by_next_run", _polls.c.next_run)


class Duties:
    """Questions for who shares out work; all of it follows from what is stored, nothing is kept in mind."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def due(self, now: datetime, limit: int) -> list[tuple[str, str | None]]:
        """Sources to ask now and since when, those never asked (None) first, then the longest overdue."""
        when = _polls.c.next_run
        query = (
            select(schema.sources.c.id, when)
            .outerjoin(_polls, _polls.c.source == schema.sources.c.id)
            .where(schema.sources.c.active, or_(when.is_(None), when <= stamp(now)))
            .order_by(when.asc().nulls_first(), schema.sources.c.id)
        )
        with self._engine.connect() as connection:
            return [(name, since) for name, since in connection.execute(query.limit(limit))]

    def source(self, name: str, due: datetime | None = None) -> Source | None:
        """A source as adopted, None where it is not read; with `due` also where it is not due then."""
        table, when = schema.sources, _polls.c.next_run
        query = select(table.c.spec).where(table.c.id == name, table.c.active)
        if due is not None:
            query = query.outerjoin(_polls, _polls.c.source == table.c.id)
            query = query.where(or_(when.is_(None), when <= stamp(due)))
        with self._engine.connect() as connection:
            spec = connection.execute(query).scalar()
        return source_of(json.loads(spec)) if spec is not None else None
