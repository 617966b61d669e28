"""When items' own pages are to be read again, and which passages of them change at every look.

Kept with the polls: not made from the log, and nothing that readers see. What is lost here is planned anew from the
items themselves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Text, delete, func, select, update

from briefing.columns import alike
from briefing.projections import schema
from briefing.projections.when import stamp
from briefing.specs import source_of
from briefing.statements import insert_rows, replace_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

    from briefing.model import Source

_CHUNK = 2000
LATE = timedelta(days=60)  # items whose last look would be longer past are left alone
RESTLESS = 3  # looks at each of which a passage differed, from which on leaving it out is proposed

metadata = MetaData()

rechecks = Table(
    "rechecks",
    metadata,
    Column("item", String(16), primary_key=True),
    Column("source", Text, nullable=False),
    Column("position", Integer, nullable=False),  # of the event that first told of the item
    Column("due_at", Text),  # none where no look is left
    Column("agreed", Boolean, nullable=False),  # the page once said what the feed gives as the whole text
    Column("rules", Text, nullable=False),  # the article rules by which the page was read last
)
Index("rechecks_by_due", rechecks.c.due_at)
Index("rechecks_by_position", rechecks.c.position)

restless = Table(
    "restless",
    metadata,
    Column("item", String(16), primary_key=True),
    Column("selector", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("times", Integer, nullable=False),
)


alike(metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """An item whose page is to be read again; `rules` are the article rules (JSON) of the last reading, if known."""

    item: str
    source: str
    due_at: datetime | None
    agreed: bool = False
    rules: str = ""


class Rechecks:
    """The store of what is to be read again and when; its tables are made with those of `Polls`."""

    def __init__(self, engine: Engine, writing: Callable[[Engine], AbstractContextManager[Connection]]) -> None:
        self._engine = engine
        self._writing = writing

    def plan(self, now: datetime) -> None:
        """Take up the items that came since the last time, each for its first look."""
        table, items = rechecks, schema.items
        while True:
            with self._engine.connect() as connection:
                last = connection.execute(select(func.max(table.c.position))).scalar() or 0
                columns = (items.c.id, items.c.source, items.c.first_position, items.c.seen_at, items.c.url)
                query = select(*columns).where(items.c.first_position > last).order_by(items.c.first_position)
                found = connection.execute(query.limit(_CHUNK)).all()
                sources = _sources(connection, {row.source for row in found})
            if not found:
                return
            rows = [
                {
                    "item": row.id, "source": row.source, "position": row.first_position, "agreed": False, "rules": "",
                    "due_at": _first(sources[row.source], row.url, row.seen_at, now),
                }
                for row in found
            ]  # fmt: skip
            with self._writing(self._engine) as connection:
                insert_rows(connection, table, rows, known_stay=True)

    def due(self, now: datetime, limit: int) -> list[str]:
        """Sources with pages to read again now, the longest overdue first."""
        when = func.min(rechecks.c.due_at)
        query = select(rechecks.c.source).where(rechecks.c.due_at <= stamp(now)).group_by(rechecks.c.source)
        query = query.join(schema.sources, schema.sources.c.id == rechecks.c.source).where(schema.sources.c.active)
        with self._engine.connect() as connection:
            return list(connection.execute(query.order_by(when).limit(limit)).scalars())

    def of(self, source: str, now: datetime, limit: int) -> list[Recheck]:
        """What of a source is to be read again now, the longest overdue first."""
        query = select(rechecks).where(rechecks.c.source == source, rechecks.c.due_at <= stamp(now))
        with self._engine.connect() as connection:
            return [_recheck(row) for row in connection.execute(query.order_by(rechecks.c.due_at).limit(limit))]

    def get(self, items: Iterable[str]) -> dict[str, Recheck]:
        """What is planned of these items."""
        found: dict[str, Recheck] = {}
        wanted = sorted(items)
        with self._engine.connect() as connection:
            for start in range(0, len(wanted), 500):
                query = select(rechecks).where(rechecks.c.item.in_(wanted[start : start + 500]))
                found.update((row.item, _recheck(row)) for row in connection.execute(query))
        return found

    def put(self, planned: Iterable[Recheck]) -> None:
        """Remember when items are to be read again."""
        with self._writing(self._engine) as connection:
            for one in sorted(planned, key=lambda one: one.item):
                values = {"due_at": stamp(one.due_at) if one.due_at else None, "agreed": one.agreed, "rules": one.rules}
                connection.execute(update(rechecks).where(rechecks.c.item == one.item).values(**values))

    # ------------------------------------------------------------ passages that change at every look

    def restless(self, item: str) -> dict[str, int]:
        """The selectors of passages of an item's page that differed lately, with how many looks in a row."""
        query = select(restless.c.selector, restless.c.times).where(restless.c.item == item)
        with self._engine.connect() as connection:
            return {row.selector: row.times for row in connection.execute(query)}

    def put_restless(self, item: str, source: str, times: Mapping[str, int]) -> None:
        """Remember which passages of an item's page differed at the last looks in a row; all others rest."""
        rows = [{"item": item, "source": source, "selector": name, "times": count} for name, count in times.items()]
        with self._writing(self._engine) as connection:
            connection.execute(delete(restless).where(restless.c.item == item))
            replace_rows(connection, restless, rows)


def proposed(engine: Engine) -> dict[str, tuple[str, ...]]:
    """By source, selectors to put under `article.drop`: what they select differed at each of several looks."""
    table = restless
    query = select(table.c.source, table.c.selector).where(table.c.times >= RESTLESS).distinct()
    found: dict[str, tuple[str, ...]] = {}
    with engine.connect() as connection:
        for row in connection.execute(query.order_by(table.c.source, table.c.selector)):
            found[row.source] = (*found.get(row.source, ()), row.selector)
    return found


def _recheck(row: Any) -> Recheck:
    due = datetime.fromisoformat(row.due_at) if row.due_at else None
    return Recheck(item=row.item, source=row.source, due_at=due, agreed=row.agreed, rules=row.rules)


def _sources(connection: Connection, wanted: set[str]) -> dict[str, Source]:
    query = select(schema.sources.c.id, schema.sources.c.spec).where(schema.sources.c.id.in_(sorted(wanted)))
    return {row.id: source_of(json.loads(row.spec)) for row in connection.execute(query)}


def _first(source: Source, url: str, seen_at: str, now: datetime) -> str | None:
    """When an item is due for the first time; never where its source or its address says so, or all is long past."""
    if not url or not source.recheck or source.full_text == "never" or source.kind == "watch":
        return None
    seen = datetime.fromisoformat(seen_at)
    return stamp(seen + source.recheck[0]) if seen + source.recheck[-1] + LATE >= now else None
