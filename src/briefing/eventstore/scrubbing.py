"""Erased words out of PostgreSQL's own files.

VACUUM gives the room of old rows up to be written over, and moves what stays together: the bytes of what went lie in
the holes until something is written there. Only a table that is written anew (VACUUM FULL) holds nothing of them.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from briefing.columns import POSTGRESQL
from briefing.errors import StoreError, UsageError
from briefing.eventstore.database import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

_PATIENCE = 60.0  # seconds
_PAUSE = 0.1
_TABLES = """
    SELECT quote_ident(tablename), pg_has_role(tableowner, 'USAGE') OR pg_has_role(datdba, 'USAGE')
    FROM pg_tables, pg_database WHERE schemaname = current_schema() AND datname = current_database() ORDER BY tablename
"""
# Every transaction holds a lock on its own number, which everybody may see: of others' snapshots not all is shown.
_OTHERS = "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'virtualxid' AND pid <> pg_backend_pid()"


def keeps_pages(engine: Engine) -> bool:
    """Whether this database keeps bytes of erased rows in its files until `scrub`."""
    return engine.dialect.name == POSTGRESQL


def scrub(url: str, patience: float = _PATIENCE) -> list[str]:
    """Write all tables of a PostgreSQL database anew, without the rows that were erased; returns their names.

    While a table is written nobody else can use it, and its size is needed once more on the disk. Waits so many seconds
    for transactions that began before (what they can still see is not given up) and for each table.

    Raises:
        UsageError: this is no PostgreSQL database, or the role may not write all of its tables anew.
        StoreError: somebody else has been at work for longer than that.
    """
    if make_url(url).get_backend_name() != POSTGRESQL:
        raise UsageError(
            "only PostgreSQL has to be scrubbed, SQLite overwrites what is erased: name the database by --owner or "
            "--database postgresql://..."
        )
    engine = connect(url)
    try:
        with engine.connect() as connection:
            tables = _tables(connection)
            _wait(connection, patience)
            connection.exec_driver_sql(f"SET lock_timeout = {int(patience * 1000)}")
            return list(_written(connection, tables))
    finally:
        engine.dispose()


def _tables(connection: Connection) -> list[str]:
    found = connection.exec_driver_sql(_TABLES).all()
    if foreign := [name for name, allowed in found if not allowed]:
        raise UsageError(
            f"this role may not write {', '.join(foreign)} anew: name by --owner the role that owns the database, or a "
            "superuser"
        )
    return [name for name, _ in found]


def _wait(connection: Connection, patience: float) -> None:
    """Until all transactions that are there now have ended: with them goes the last that can see erased rows."""
    ends = time.monotonic() + patience
    before = set(connection.exec_driver_sql(_OTHERS).scalars())
    while before := before & set(connection.exec_driver_sql(_OTHERS).scalars()):
        if time.monotonic() > ends:
            raise StoreError(
                "a transaction on this server has been open for too long, and what it can see stays: end it (it stands "
                "in pg_stat_activity), and scrub again"
            )
        time.sleep(_PAUSE)


def _written(connection: Connection, tables: list[str]) -> Iterator[str]:
    for table in tables:
        try:
            connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table}")
        except DBAPIError as error:
            raise StoreError(f"table {table} cannot be written anew ({error.orig}): try again when it rests") from error
        yield table
