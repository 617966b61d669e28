"""The database under the log: SQLite's settings, transactions that do not upgrade, warnings."""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from briefing.columns import POSTGRESQL
from briefing.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

# Before it, two processes that write and reset the WAL at the same moment can corrupt the file (sqlite.org/changes);
# two older lines got the same mend.
_SAFE_WAL = (3, 51, 3)
_SAFE_LINES = {(3, 44): 6, (3, 50): 7}
_BUSY_SECONDS = 30
_FILE_MODE = 0o640  # the log holds its secret and the salts: nothing for everybody on the machine
_TRUNCATE_SECONDS = 10.0
_TRUNCATE_PAUSE = 0.1
_WAL_PAUSE = 0.01


def connect(url: str) -> Engine:
    """An engine for the log and the read models; SQLite's file and its folder are made where they are missing.

    Raises:
        StoreError: the file cannot be opened, or the server cannot be reached.
    """
    named = make_url(url)
    if named.get_backend_name() == POSTGRESQL:
        from briefing.eventstore.postgres import connect_postgres  # noqa: PLC0415 - only where it is used

        return connect_postgres(named)
    database = named.database
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    try:
        if database and database != ":memory:":
            Path(database).parent.mkdir(parents=True, exist_ok=True)
            Path(database).touch(_FILE_MODE, exist_ok=True)
        with engine.connect():
            pass
    except (OSError, DatabaseError, sqlite3.DatabaseError) as error:
        engine.dispose()
        cause = getattr(error, "orig", error)  # the driver's own words, without the address of a manual
        raise StoreError(
            f"{database}: the database cannot be opened ({cause}); check the path and its rights"
        ) from error
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes.

    On SQLite it takes the write lock at once: reading first and upgrading later fails under load. On PostgreSQL it
    locks nothing by itself: it begins by taking what its work needs, a row or a name (`columns.hold`).
    """
    options: dict[str, Any] = {"immediate": True}
    if engine.dialect.name == POSTGRESQL:
        options["isolation_level"] = "READ COMMITTED"
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def truncate_log_files(engine: Engine, seconds: float = _TRUNCATE_SECONDS) -> bool:
    """Move what the write-ahead log holds into the database and empty it, so that no old page is left in it.

    Waits up to so many seconds for others who read or write; False where they still did: to be tried again later. On
    PostgreSQL old rows are given up to be written over; its archives and replicas are its administrator's.
    """
    if engine.dialect.name == POSTGRESQL:
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM")
        return True
    ends = time.monotonic() + seconds
    while not _truncated(engine):
        if time.monotonic() > ends:
            return False
        time.sleep(_TRUNCATE_PAUSE)
    return True


def _truncated(engine: Engine) -> bool:
    connection = engine.raw_connection()  # outside of any transaction: a checkpoint inside one is refused
    try:
        cursor = connection.cursor()
        try:
            cursor.execute("PRAGMA busy_timeout=0")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            [(busy, _, _)] = cursor.fetchall()
        except sqlite3.OperationalError:  # somebody holds the database itself
            busy = 1
        finally:
            cursor.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")
            cursor.close()
    finally:
        connection.close()
    return not busy


def sqlite_warning(url: str = "sqlite:") -> str:
    """A sentence about this machine's SQLite where a database uses it and it has a known fault, else nothing."""
    if not url.startswith("sqlite"):
        return ""
    found = sqlite3.sqlite_version_info
    if found >= _SAFE_WAL or found[2] >= _SAFE_LINES.get(found[:2], found[2] + 1):
        return ""
    return (
        f"SQLite {sqlite3.sqlite_version} can damage a database that several processes write at once (mended in "
        "3.51.3): keep to one writing process, and to backups, until Python brings a newer one."
    )


def _configure(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are ours to begin
    cursor = connection.cursor()
    cursor.execute("PRAGMA page_size=8192")
    _write_ahead(cursor)
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "secure_delete=ON",  # words that leave a page are overwritten there, whoever takes them out
        f"busy_timeout={_BUSY_SECONDS * 1000}",
        "cache_size=-16000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Make it a database with a write-ahead log. SQLite's own waiting does not cover the change: others are asked."""
    ends = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                raise
            time.sleep(_WAL_PAUSE)
        else:
            return


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
