"""Statements in the database's own words, for many rows at once.

Through SQLAlchemy Core every row and every value of a list is looked through anew for what is to be converted.
Nothing is, in the log and in the read models: a statement is compiled once and given to the driver with plain values.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, String, Text, any_, bindparam, column, func, insert, select, text, update

from briefing.columns import POSTGRESQL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Dialect, Executable, Select, Table

    Values = Mapping[str, Any]

_CHUNK = 512  # values of one statement; SQLite allows 999 in old builds
_NESTED = frozenset({list, tuple, dict})
_LIST = 10_000  # values of one list, where a database takes lists: so that neither side holds too much at once


def insert_rows(connection: Connection, table: Table, rows: Sequence[Values], *, known_stay: bool = False) -> None:
    """Insert rows that have the same columns; with `known_stay` those are passed over that are there already."""
    if not rows:
        return
    if connection.dialect.name == POSTGRESQL:
        statement, values = _inserting_lists(table, tuple(rows[0]), connection.dialect, known_stay)
        connection.exec_driver_sql(statement, tuple(map(list, zip(*map(values, rows), strict=True))))
        return
    statement, values = _inserting(table, tuple(rows[0]), connection.dialect, known_stay)
    connection.exec_driver_sql(statement, [values(row) for row in rows])


def update_rows(connection: Connection, table: Table, rows: Sequence[Values], before: Mapping[str, Values]) -> None:
    """Write what differs in rows, known by their `id`, from what they were `before`.

    To set a column costs its indexes, even where its value stays.
    """
    alike: dict[tuple[str, ...], list[Values]] = {}
    for row in rows:
        old = before[row["id"]]
        if changed := tuple(name for name, value in row.items() if value != old[name]):
            alike.setdefault(changed, []).append(row)
    for changed, group in alike.items():
        if connection.dialect.name == POSTGRESQL:
            statement, values = _updating_lists(table, changed, connection.dialect)
            connection.exec_driver_sql(statement, tuple(map(list, zip(*map(values, group), strict=True))))
            continue
        statement, values = _updating(table, changed, connection.dialect)
        connection.exec_driver_sql(statement, [values(row) for row in group])


def replace_rows(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Insert whole rows, or put them in the place of those with their primary key."""
    if rows:
        statement, values = _replacing(table, connection.dialect)
        connection.exec_driver_sql(statement, [values(row) for row in rows])


def rows_of(
    connection: Connection, query: Select[Any], column: ColumnElement[Any], wanted: Sequence[Any]
) -> Iterator[Any]:
    """The rows of a query, made once for the whole program, whose column has one of the wanted values."""
    if connection.dialect.name == POSTGRESQL:
        statement = _asking_by_list(query, column, connection.dialect)
        for start in range(0, len(wanted), _LIST):
            yield from connection.exec_driver_sql(statement, (list(wanted[start : start + _LIST]),))
        return
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        size = 1 << (len(chunk) - 1).bit_length()  # few statements instead of one for every length
        statement, values = _asking(query, column, size, connection.dialect)
        padded = [*chunk, *[chunk[-1]] * (size - len(chunk))]
        yield from connection.exec_driver_sql(statement, values(padded))


@lru_cache(maxsize=64)
def _inserting(
    table: Table,
    columns: tuple[str, ...],
    dialect: Dialect,
    known_stay: bool,  # noqa: FBT001 - a part of the key
) -> tuple[str, Callable[[Values], Any]]:
    statement = _insert(table, dialect).on_conflict_do_nothing() if known_stay else insert(table)
    compiled = _compiled(statement, dialect, columns)
    return str(compiled), _picking(compiled.positiontup, dialect)


@lru_cache(maxsize=64)
def _inserting_lists(
    table: Table,
    columns: tuple[str, ...],
    dialect: Dialect,
    known_stay: bool,  # noqa: FBT001 - a part of the key
) -> tuple[str, Callable[[Values], Any]]:
    """One statement that takes a list for each column, where a statement for each row costs the server more."""
    lists = (bindparam(name, type_=_list_of(table.c[name])) for name in columns)
    query = select(text("*")).select_from(func.unnest(*lists))
    statement = _insert(table, dialect).from_select(list(columns), query)
    compiled = _compiled(statement.on_conflict_do_nothing() if known_stay else statement, dialect)
    return _in_binary(compiled), _picking(compiled.positiontup, dialect)


@lru_cache(maxsize=64)
def _replacing(table: Table, dialect: Dialect) -> tuple[str, Callable[[Values], Any]]:
    statement = _insert(table, dialect)
    others = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    replacing = statement.on_conflict_do_update(index_elements=table.primary_key, set_=others)
    compiled = _compiled(replacing, dialect)
    return str(compiled), _picking(compiled.positiontup, dialect)


def _insert(table: Table, dialect: Dialect) -> Any:
    """An insert that can say what is to happen with rows that are there: in the words of one database."""
    return import_module(f"sqlalchemy.dialects.{dialect.name}").insert(table)


@lru_cache(maxsize=64)
def _updating(table: Table, columns: tuple[str, ...], dialect: Dialect) -> tuple[str, Callable[[Values], Any]]:
    asked = update(table).where(table.c.id == bindparam("row_id"))
    compiled = _compiled(asked, dialect, (*columns, "row_id"))
    return str(compiled), _picking(["id" if name == "row_id" else name for name in compiled.positiontup], dialect)


@lru_cache(maxsize=64)
def _updating_lists(table: Table, columns: tuple[str, ...], dialect: Dialect) -> tuple[str, Callable[[Values], Any]]:
    """As for inserts: one statement that takes a list for each column."""
    named = [table.c[name] for name in ("id", *columns)]
    lists = [bindparam(f"list_{one.name}", type_=_list_of(one)) for one in named]
    given = (
        func.unnest(*lists).table_valued(*(column(one.name, one.type) for one in named)).render_derived(name="given")
    )
    asked = update(table).where(table.c.id == given.c.id).values({name: given.c[name] for name in columns})
    compiled = _compiled(asked, dialect)
    return _in_binary(compiled), _picking([name.removeprefix("list_") for name in compiled.positiontup], dialect)


@lru_cache(maxsize=64)
def _asking(
    query: Select[Any], column: ColumnElement[Any], size: int, dialect: Dialect
) -> tuple[str, Callable[[Sequence[Any]], Any]]:
    chosen = query.where(column.in_([bindparam(f"wanted_{number}") for number in range(size)]))
    return str(chosen.compile(dialect=dialect)), tuple


@lru_cache(maxsize=64)
def _asking_by_list(query: Select[Any], column: ColumnElement[Any], dialect: Dialect) -> str:
    return _in_binary(_compiled(query.where(column == any_(bindparam("wanted", type_=_list_of(column)))), dialect))


def _in_binary(compiled: Any) -> str:
    """A statement whose lists the driver sends as they are: as texts, every byte of them would be looked at."""
    return str(compiled).replace("%s::", "%b::")


def _list_of(column: ColumnElement[Any]) -> ARRAY[Any]:
    """The type of a list of a column's values; a list has no order of texts."""
    return ARRAY(Text() if isinstance(column.type, String) else column.type)


def _compiled(statement: Executable, dialect: Dialect, columns: tuple[str, ...] | None = None) -> Any:
    """A statement with its values in the order of `positiontup`."""
    return statement.compile(dialect=_positional(dialect), column_keys=columns)  # type: ignore[attr-defined]


@lru_cache(maxsize=8)
def _positional(dialect: Any) -> Dialect:
    """The dialect, or its like that takes values by their place."""
    like: Dialect = dialect if dialect.positional else type(dialect)(paramstyle="format")
    return like


def _picking(names: Sequence[str], dialect: Dialect) -> Callable[[Values], Any]:
    """What takes a row's values in order."""
    values = itemgetter(*names)
    return (lambda row: _flat(values(row))) if dialect.name == POSTGRESQL else values


def _flat(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values, none of which is a list: PostgreSQL's driver would write one into a text, SQLite's refuses it."""
    if not _NESTED.isdisjoint(map(type, values)):
        raise TypeError("a list is no value of a column")
    return values
