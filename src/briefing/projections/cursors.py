"""How far back older pages were read while something was sought in them, so that the next visit goes on from there.

Kept with the polls, and as they not made from the log: what is lost here costs the same pages once more.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, MetaData, Table, Text, delete, select

from briefing.columns import alike, hold
from briefing.statements import replace_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

metadata = MetaData()

table = Table(
    "cursors",
    metadata,
    Column("source", Text, primary_key=True),
    Column("gap", Integer, primary_key=True, autoincrement=False),
    Column("way", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("items", Integer, nullable=False),
)
alike(metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a search in older pages of a source stands.

    `gap` is the position of the gap's suspicion, 0 for what was published before first sight. `way` says by which way,
    `at` which page was read last (its address or number). `pages` were read in all; `items` were found that no event
    has told of.
    """

    source: str
    gap: int
    way: str
    at: str
    pages: int = 0
    items: int = 0


class Cursors:
    """The store of cursors."""

    def __init__(self, engine: Engine, writing: Callable[[Engine], AbstractContextManager[Connection]]) -> None:
        self._engine = engine
        self._writing = writing
        with writing(engine) as connection:
            hold(connection, "tables of cursors")
            metadata.create_all(connection)

    def get(self, source: str, gap: int) -> Cursor | None:
        """Where a search stands, None where it has to begin."""
        query = select(table).where(table.c.source == source, table.c.gap == gap)
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return Cursor(**row) if row is not None else None

    def put(self, cursor: Cursor) -> None:
        """Remember where a search stands."""
        with self._writing(self._engine) as connection:
            replace_rows(connection, table, [asdict(cursor)])

    def drop(self, source: str, gap: int) -> None:
        """The search is over, or has to begin anew."""
        with self._writing(self._engine) as connection:
            connection.execute(delete(table).where(table.c.source == source, table.c.gap == gap))
