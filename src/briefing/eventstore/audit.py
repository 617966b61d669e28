"""The log as it is stored, column by column: for those who verify it, and trust nothing that can be computed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import LargeBinary, cast, func, select
from sqlalchemy.exc import DatabaseError

from briefing.errors import StoreError
from briefing.eventstore import payloads, schema
from briefing.eventstore.upgrading import FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection, Engine

intact, decompress, commitment = payloads.intact, payloads.decompress, payloads.commitment
Unreadable = payloads.Unreadable
"""What `decompress` raises for what it never wrote."""


class Stored(NamedTuple):
    """One event's row, and that of its blob; `stream` is its bytes, `mark` the commitment that the blob has."""

    position: int
    stream: bytes
    key: bytes
    blob: int | None
    body: bytes
    leaf: bytes
    mark: bytes | None
    salt: bytes | None
    data: bytes | None


class Erasure(NamedTuple):
    """A row that says which event had a blob erased; `mark` is None where there is no such blob."""

    blob: int
    position: int
    mark: bytes | None


class Head(NamedTuple):
    """The counter row; `whole` says that its secret and id are unharmed and its format is that of this program."""

    position: int
    recorded_at: str
    whole: bool


class Audit:
    """Reads what is stored. Everything raises StoreError where the database itself is damaged."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def head(self) -> Head:
        """The counter row."""
        table = schema.head
        known = (table.c.format, table.c.id)
        query = select(table.c.position, _plain(self._engine, table.c.recorded_at), table.c.secret, *known)
        with self._reading("the counter row") as connection:
            found = [
                Head(row[0], bytes(row[1]).decode(errors="replace"), tuple(row[3:]) == (FORMAT, 1) and _sound(row[2]))
                for row in connection.execute(query)
            ]
        if len(found) != 1:
            raise StoreError(f"the log has {len(found)} counter rows, not one")
        return found[0]

    def page(self, after: int, limit: int) -> list[Stored]:
        """Events behind a position, in order, with their blobs."""
        events, blobs = schema.events, schema.blobs
        columns = (
            events.c.position, _plain(self._engine, events.c.stream), events.c.key, events.c.blob, events.c.body,
            events.c.leaf, blobs.c.commitment, blobs.c.salt, blobs.c.data,
        )  # fmt: skip
        query = select(*columns).outerjoin_from(events, blobs, blobs.c.id == events.c.blob)
        with self._reading(f"what stands behind event {after}") as connection:
            rows = connection.execute(query.where(events.c.position > after).order_by(events.c.position).limit(limit))
            return [Stored(*row) for row in rows]

    def erasures(self) -> list[Erasure]:
        """Which blobs were erased, by which event."""
        erased, blobs = schema.erased, schema.blobs
        query = select(erased.c.blob, erased.c.position, blobs.c.commitment)
        with self._reading("the list of erasures") as connection:
            rows = connection.execute(query.outerjoin_from(erased, blobs, blobs.c.id == erased.c.blob))
            return [Erasure(*row) for row in rows]

    def stray_blob(self) -> int | None:
        """A blob that no event names, None for none."""
        events, blobs = schema.events, schema.blobs
        named = select(events.c.blob).where(events.c.blob.is_not(None))
        query = select(func.min(blobs.c.id)).where(blobs.c.id.not_in(named))
        with self._reading("the blobs") as connection:
            found: int | None = connection.execute(query).scalar()
            return found

    def opening(self, mark: str) -> tuple[bytes, bytes] | None:
        """Salt and payload of a commitment; None where they were erased."""
        blobs = schema.blobs
        query = select(blobs.c.salt, blobs.c.data).where(blobs.c.commitment == bytes.fromhex(mark))
        with self._reading(f"blob {mark}") as connection:
            row = connection.execute(query).one_or_none()
        return (bytes(row[0]), decompress(row[1])) if row is not None and row[1] else None

    def damage(self) -> str:
        """What the database says of its own pages and indexes; empty where all is well, or where it cannot say."""
        if self._engine.dialect.name != "sqlite":
            return ""
        with self._reading("the database") as connection:
            said = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar())
        return "" if said == "ok" else " ".join(said.split())

    @contextmanager
    def _reading(self, what: str) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except DatabaseError as error:
            raise StoreError(f"{what} cannot be read: the database is damaged ({error.orig})") from error


def _plain(engine: Engine, column: ColumnElement[str]) -> ColumnElement[Any]:
    """A text as its bytes: what is no UTF-8 any more must be told with its position, not stop the reading."""
    if engine.dialect.name == "sqlite":
        return cast(column, LargeBinary)
    return func.convert_to(column, "UTF8")


def _sound(secret: bytes) -> bool:
    """Whether a secret is the one it was made as; those of the first logs hold no sum by which that could be told."""
    return len(secret) == payloads.SECRET_BYTES or intact(secret)
