"""Tables of the log, and the triggers that make it append-only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    event,
)

from briefing.columns import POSTGRESQL, alike
from briefing.eventstore import guards

if TYPE_CHECKING:
    from sqlalchemy import Connection

metadata = MetaData()

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("format", Integer, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("commitment", LargeBinary, nullable=False, unique=True),
    Column("salt", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("key", LargeBinary, nullable=False, unique=True),
    Column("blob", Integer, ForeignKey("blobs.id")),
    Column("body", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
)
Index("events_by_stream", events.c.stream, events.c.position)

# Whose words were erased, and by which event. Salt and words of such a blob are empty; its commitment stays.
erased = Table(
    "erased",
    metadata,
    Column("blob", Integer, ForeignKey("blobs.id"), primary_key=True, autoincrement=False),
    Column("position", Integer, ForeignKey("events.position"), nullable=False),
)

# Alembic's own: which of its steps these tables have taken.
versions = Table(
    "alembic_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
alike(metadata)

# The secret changes with the first events only: when an empty log is filled with another one's (transfer.fill).
# SQLite lets INSERT OR REPLACE past delete triggers unless recursive_triggers is on, which another program may not
# set: the guard on insert stops it whoever writes.
_TRIGGERS = (
    "CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    "CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    "CREATE TRIGGER events_no_replace BEFORE INSERT ON events "
    "WHEN EXISTS (SELECT 1 FROM events WHERE position = NEW.position OR key = NEW.key) "
    "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    "CREATE TRIGGER events_dense BEFORE INSERT ON events "
    "WHEN NEW.position <> (SELECT coalesce(max(position), 0) FROM events) + 1 "
    "BEGIN SELECT RAISE(ABORT, 'positions have no gaps'); END",
    "CREATE TRIGGER blobs_erased_only BEFORE UPDATE ON blobs "
    "WHEN NEW.id <> OLD.id OR NEW.commitment <> OLD.commitment OR length(NEW.salt) <> 0 OR length(NEW.data) <> 0 "
    "OR NOT EXISTS (SELECT 1 FROM erased WHERE blob = OLD.id) "
    "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    "CREATE TRIGGER erased_no_update BEFORE UPDATE ON erased BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    "CREATE TRIGGER erased_no_delete BEFORE DELETE ON erased BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    "CREATE TRIGGER erased_taken_down BEFORE INSERT ON erased WHEN NOT EXISTS (SELECT 1 FROM events, blobs, "
    "json_each(CAST(events.body AS TEXT), '$.data.payloads') AS named "
    "WHERE events.position = NEW.position AND json_extract(CAST(events.body AS TEXT), '$.type') = 'item.taken-down' "
    "AND blobs.id = NEW.blob AND named.value = lower(hex(blobs.commitment))) "
    "BEGIN SELECT RAISE(ABORT, 'only what a takedown names is erased'); END",
    "CREATE TRIGGER erased_no_replace BEFORE INSERT ON erased "
    "WHEN EXISTS (SELECT 1 FROM erased WHERE blob = NEW.blob) "
    "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    "CREATE TRIGGER blobs_no_delete BEFORE DELETE ON blobs BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    "CREATE TRIGGER blobs_no_replace BEFORE INSERT ON blobs "
    "WHEN EXISTS (SELECT 1 FROM blobs WHERE id = NEW.id OR commitment = NEW.commitment) "
    "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    "CREATE TRIGGER head_forward BEFORE UPDATE ON head "
    "WHEN NEW.id <> OLD.id OR NEW.position <= OLD.position OR NEW.recorded_at < OLD.recorded_at "
    "OR NEW.position <> (SELECT coalesce(max(position), 0) FROM events) "
    "OR (NEW.secret <> OLD.secret AND OLD.position > 0) OR NEW.format <> OLD.format "
    "BEGIN SELECT RAISE(ABORT, 'the head only moves forward'); END",
    "CREATE TRIGGER head_no_delete BEFORE DELETE ON head BEGIN SELECT RAISE(ABORT, 'the head only moves forward'); END",
    "CREATE TRIGGER head_one_row BEFORE INSERT ON head WHEN EXISTS (SELECT 1 FROM head) "
    "BEGIN SELECT RAISE(ABORT, 'there is one head'); END",
)


def guard(_target: object, connection: Connection, **_more: Any) -> None:
    """Put the triggers onto the tables of the log."""
    if connection.dialect.name == POSTGRESQL:
        guards.put(connection)
        return
    for trigger in _TRIGGERS:
        connection.exec_driver_sql(trigger)


def unguard(connection: Connection) -> None:
    """Take the triggers off, to upgrade the tables in the same transaction."""
    if connection.dialect.name == POSTGRESQL:
        guards.remove(connection)
        return
    for name, table in connection.exec_driver_sql(
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    ).all():
        if table in metadata.tables:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


event.listen(metadata, "after_create", guard)
