"""Read models beside read models: whether tables say the same, row by row."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, literal_column, select
from sqlalchemy.exc import DatabaseError

from briefing.errors import StoreError
from briefing.projections import schema
from briefing.projections.projector import NAME, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine, Table

# Where each stands, and up to where files were written: not made from the log.
_OWN = (schema.checkpoints, schema.published)
_AT_ONCE = 1000
_BYTEWISE = {"sqlite": "BINARY", "postgresql": "C"}


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the tables as they are now, whatever is written meanwhile."""
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            yield connection
        return
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        before, raw.text_factory = raw.text_factory, lambda data: data.decode(errors="surrogateescape")
        try:
            yield connection
        finally:
            raw.text_factory = before


def position(connection: Connection) -> int:
    """The log position that the tables stand at.

    Raises:
        StoreError: they cannot be read, or are those of another program.
    """
    try:
        rows = connection.execute(select(schema.checkpoints)).all()
        if not rows:
            return 0
        [(name, reached, version)] = rows
        if (name, version) == (NAME, VERSION):
            return int(reached)
    except (DatabaseError, ValueError) as error:
        raise StoreError(f"the read models cannot be read ({error}): run `briefing rebuild`") from error
    raise StoreError(f"table checkpoints, row {name}: the read models are not those of this program: run "
                     "`briefing rebuild`")  # fmt: skip


def published(connection: Connection) -> tuple[str, int]:
    """The furthest position up to which files are said to be written, with its name."""
    table = schema.published
    row = connection.execute(select(table.c.name, table.c.position).order_by(table.c.position.desc())).first()
    return (str(row[0]), int(row[1])) if row is not None else ("", 0)


def difference(found: Connection, wanted: Connection) -> tuple[str, int]:
    """The first row that differs, in words, or nothing; and how many rows were compared."""
    compared = 0
    for table in schema.metadata.sorted_tables:
        if table in _OWN:
            continue
        try:
            for one, other in zip_longest(_rows(found, table), _rows(wanted, table)):
                if one != other:
                    return _named(table, one, other), compared
                compared += 1
        except DatabaseError as error:
            return f"table {table.name} cannot be read ({error.orig})", compared
    return "", compared


def _rows(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """Rows as the database holds them, in an order that both kinds of database agree on."""
    quoted = connection.dialect.identifier_preparer.quote
    columns: list[Any] = [literal_column(quoted(column.name)) for column in table.columns]
    order = [column.collate(_BYTEWISE[connection.dialect.name]) if isinstance(column.type, String) else column
             for column in table.primary_key]  # fmt: skip
    query = select(*columns).select_from(table).order_by(*order).execution_options(yield_per=_AT_ONCE)
    return (tuple(row) for row in connection.execute(query))


def _named(table: Table, found: tuple[Any, ...] | None, wanted: tuple[Any, ...] | None) -> str:
    """The row by its key, and the columns that differ."""
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key]
    row = dict(zip(names, wanted or found or (), strict=True))
    which = f"table {table.name}, row {', '.join(str(row[key]) for key in keys)}"
    if found is None or wanted is None:
        return f"{which}: {'it is missing' if found is None else 'nothing in the log gives it'}"
    beside = zip(names, found, wanted, strict=True)
    return f"{which}: {', '.join(name for name, one, other in beside if one != other)}"
