"""Two roles on PostgreSQL: one owns the log, the program works as another that can only add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url

from briefing.columns import POSTGRESQL, hold
from briefing.errors import UsageError
from briefing.eventstore.database import connect, writing
from briefing.eventstore.upgrading import prepare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

# The secret changes only with the first events, when an empty log is filled with another one's: the guard sees to that.
_RIGHTS = (
    "REVOKE ALL ON head, blobs, events, erased, alembic_version FROM PUBLIC, {role}",
    "GRANT SELECT ON head, blobs, events, erased, alembic_version TO {role}",
    "GRANT INSERT ON blobs, events, erased TO {role}",
    "GRANT UPDATE (position, recorded_at, secret) ON head TO {role}",
    "GRANT EXECUTE ON FUNCTION briefing_erase(bigint[]) TO {role}",
    "GRANT USAGE, CREATE ON SCHEMA {schema} TO {role}",
)
_ROLE = "SELECT rolsuper OR pg_has_role(rolname, current_user, 'MEMBER') FROM pg_roles WHERE rolname = :role"
_OWNER = "SELECT tableowner, pg_has_role(tableowner, 'MEMBER') FROM pg_tables WHERE {here} AND tablename = 'events'"
_OTHERS = "SELECT tablename FROM pg_tables WHERE {here} AND tableowner <> :role AND tablename = ANY (:names)"
_HERE = "schemaname = current_schema()"


def prepare_roles(owner_url: str, role: str, remade: Iterable[str]) -> list[str]:
    """Make or upgrade the log's tables as their owner, and give a role the rights that the program needs.

    The role reads, adds events and payloads, moves the head forward and erases what an event says is erased. It makes
    the read models itself: of `remade`, names of tables that are made again when they are missing, those that are not
    the role's are dropped. Returns the names of these. May be run again at any time.

    Raises:
        UsageError: this is no PostgreSQL database, there is no such role, or it could take the guards off the log.
        StoreError: the database cannot be used.
    """
    if make_url(owner_url).get_backend_name() != POSTGRESQL:
        raise UsageError("roles are PostgreSQL's: name its database by --owner or --database postgresql://...")
    engine = connect(owner_url)
    try:
        with engine.connect() as connection:
            _judge(connection, role)
        prepare(engine)
        with writing(engine) as connection:
            hold(connection, "tables of the log")
            return _grant(connection, role, list(remade))
    finally:
        engine.dispose()


def _judge(connection: Connection, role: str) -> None:
    mighty = connection.execute(text(_ROLE), {"role": role}).scalar_one_or_none()
    if mighty is None:
        raise UsageError(f'there is no role "{role}": make it first, CREATE ROLE "{role}" LOGIN PASSWORD ...')
    if mighty:
        raise UsageError(
            f'the role "{role}" is the owner, a member of it or a superuser, and could take the guards off the log: '
            "name one that is none of them"
        )
    found = connection.execute(text(_OWNER.format(here=_HERE))).one_or_none()
    if found is not None and not found[1]:
        raise UsageError(f'the log belongs to the role "{found[0]}": connect as that one by --owner')


def _grant(connection: Connection, role: str, remade: list[str]) -> list[str]:
    quoted = connection.dialect.identifier_preparer.quote
    schema = str(connection.execute(select(func.current_schema())).scalar_one())
    others = connection.execute(text(_OTHERS.format(here=_HERE)), {"role": role, "names": remade})
    dropped = sorted(others.scalars())
    for name in dropped:
        connection.exec_driver_sql(f"DROP TABLE {quoted(name)}")
    for right in _RIGHTS:
        connection.exec_driver_sql(right.format(role=quoted(role), schema=quoted(schema)).replace("%", "%%"))
    return dropped
