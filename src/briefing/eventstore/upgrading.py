"""The tables of the log: made where there are none, brought up to this program where they are older.

New tables are made at once and in their newest form. Older ones go through the steps of `migrations`, by Alembic, which
is imported for nothing else: it takes a second. A test holds both ways to the same tables. Guards are no part of the
steps: they are taken off before the first and put on again, as this program has them, after the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, inspect, select, update

from briefing.columns import hold
from briefing.errors import StoreError
from briefing.eventstore.database import writing
from briefing.eventstore.payloads import new_secret
from briefing.eventstore.schema import guard, head, metadata, unguard, versions

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

FORMAT = 5  # of the log: its bytes, and the guards that it has
REVISIONS = ("0001", "0002")  # of its tables


def prepare(engine: Engine) -> None:
    """Make the tables of the log, or bring them up to this program; two processes that begin at once are safe.

    Raises:
        StoreError: the log was written by a later version of this program.
    """
    with engine.connect() as connection:
        if _current(connection):
            return
    with writing(engine) as connection:
        hold(connection, "tables of the log")
        if not _current(connection):  # another process may have been quicker
            _bring_up(connection)


def _current(connection: Connection) -> bool:
    revision = _revision(connection)
    if revision is not None and revision not in REVISIONS:
        raise StoreError(f"the log's tables have version {revision}, this program knows {REVISIONS[-1]}: upgrade it")
    return revision == REVISIONS[-1] and _format(connection) == FORMAT


def _revision(connection: Connection) -> str | None:
    """Which tables these are; None for those from before tables had versions."""
    if not inspect(connection).has_table(versions.name):
        return None
    return connection.execute(select(versions.c.version_num)).scalar_one_or_none()


def _format(connection: Connection) -> int:
    found = int(connection.execute(select(head.c.format)).scalar_one())
    if found > FORMAT:
        raise StoreError(f"the log has format {found}, this program knows {FORMAT}: upgrade it")
    return found


def _bring_up(connection: Connection) -> None:
    if not inspect(connection).has_table(head.name):
        metadata.create_all(connection)
        connection.execute(insert(versions).values(version_num=REVISIONS[-1]))
        connection.execute(insert(head).values(id=1, position=0, recorded_at="", secret=new_secret(), format=FORMAT))
        return
    unguard(connection)
    _step_up(connection, _format(connection))
    connection.execute(update(head).values(format=FORMAT))
    guard(metadata, connection)


def _step_up(connection: Connection, form: int) -> None:
    if _revision(connection) == REVISIONS[-1]:
        return  # only its guards are older
    unversioned = not inspect(connection).has_table(versions.name)  # from before tables had versions
    run_steps(connection, since=REVISIONS[0 if form == 1 else 1] if unversioned else "")


def run_steps(connection: Connection, *, since: str = "", to: str = "head") -> None:
    """Run Alembic's steps in the transaction of a connection; with `since` the tables are said to stand there."""
    from alembic import command  # noqa: PLC0415 - see the module
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "briefing.eventstore:migrations")
    if since:
        command.stamp(config, since)
    command.upgrade(config, to)
