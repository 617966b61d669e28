"""The queue's tables: made from what the queue's library ships, in a schema of their own."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import sql

from briefing.errors import StoreError

if TYPE_CHECKING:
    from typing import LiteralString

SCHEMA = "briefing_jobs"
"""The PostgreSQL schema that holds the queue, and nothing else."""

_RIGHTS: tuple[LiteralString, ...] = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
)
_LOCK = 0x6A6F_6273  # advisory, for the time of a transaction: two processes may start at once


def line() -> str:
    """The line of the library's versions that share one form of the tables."""
    return ".".join(importlib.metadata.version("procrastinate").split(".")[:2])


def make(conninfo: str) -> None:
    """Make the tables where they are missing.

    Raises:
        StoreError: they are of another version of the library, or cannot be made.
    """
    try:
        with psycopg.connect(conninfo) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            found = connection.execute(
                "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", [SCHEMA]
            ).fetchone()
            if found is None:
                _make(connection)
                found = (line(),)
    except psycopg.Error as error:
        raise StoreError(
            f"the tables of the job queue cannot be made ({_said(error)}); where the program's role may not make them, "
            "the owner does by `briefing database prepare`"
        ) from error
    if found[0] != line():
        raise StoreError(
            f"the job queue's tables are of procrastinate {found[0]}, this program has {line()}: stop every scheduler "
            f"and worker, DROP SCHEMA {SCHEMA} CASCADE, and start them again; nothing but the queue is lost, and it is "
            "filled anew"
        )


def grant(conninfo: str, role: str) -> None:
    """Make the tables as who connects, and let another role work with them.

    Raises:
        StoreError: see `make`.
    """
    make(conninfo)
    names = {"schema": sql.Identifier(SCHEMA), "role": sql.Identifier(role)}
    with psycopg.connect(conninfo) as connection:
        for right in _RIGHTS:
            connection.execute(sql.SQL(right).format(**names))


def _make(connection: psycopg.Connection) -> None:
    name = sql.Identifier(SCHEMA)
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
    connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(name))
    connection.execute(SchemaManager.get_schema())
    connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(name, sql.Literal(line())))


def _said(error: psycopg.Error) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
