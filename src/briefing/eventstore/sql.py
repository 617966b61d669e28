"""The log in a relational database, by SQLAlchemy Core."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import orjson
from sqlalchemy import func, null, select, update
from sqlalchemy.exc import IntegrityError

from briefing.errors import ConcurrentAppend, StoreError
from briefing.events import Recorded, canonical, restore
from briefing.eventstore import payloads as blob
from briefing.eventstore.contract import Appended, Batch, Outcome, no_takedown
from briefing.eventstore.database import writing
from briefing.eventstore.erasing import erase_blobs
from briefing.eventstore.merkle import leaf
from briefing.eventstore.schema import blobs, erased, events, head
from briefing.eventstore.upgrading import prepare
from briefing.statements import insert_rows, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Column, Connection, Engine

    from briefing.eventstore.contract import New


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


class SqlStore:
    """An `EventStore` on SQLite or PostgreSQL.

    One counter row numbers the events. Every writer takes it first and holds it until its commit, so that positions are
    dense and in the order of commits.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock
        self._secret = self._open()

    def _open(self) -> bytes:
        prepare(self._engine)
        with self._engine.connect() as connection:
            return bytes(connection.execute(select(head.c.secret)).scalar_one())

    def append(self, stream: str, events: Sequence[New], *, expected: int | None = None) -> list[Appended]:
        """See `EventStore.append`."""
        return self.append_all([Batch(stream=stream, events=events, expected=expected)])[0]

    def append_all(self, batches: Sequence[Batch]) -> list[list[Appended]]:
        """See `EventStore.append_all`. All that costs time is done before the lock is taken."""
        prepared = [self._prepared(batch.events) for batch in batches]
        if not any(prepared):
            return [[] for _ in batches]
        with writing(self._engine) as connection:
            end = connection.execute(_END).one()
            _check_expected(connection, batches)
            now = self._clock().astimezone(UTC).isoformat(timespec="microseconds")
            tail = _Tail(connection, end.position, max(end.recorded_at, now))
            streams = [batch.stream for batch in batches]
            answers = tail.append(list(zip(streams, prepared, strict=True)))
            if tail.position > end.position:
                connection.execute(update(head).values(position=tail.position, recorded_at=tail.recorded_at))
            return answers

    def _prepared(self, events: Sequence[New]) -> list[_Prepared]:
        return [_Prepared(new, blob.keyed(self._secret, "event", new.key)) for new in events]

    def read(self, after: int = 0, limit: int = 1000, *, payloads: bool = False, streams: str = "") -> list[Recorded]:
        """See `EventStore.read`."""
        query = select(events.c.body, blobs.c.data if payloads else null()).where(events.c.position > after)
        if streams:
            query = query.where(events.c.stream >= streams, events.c.stream < f"{streams}\U0010ffff")
        if payloads:
            query = query.outerjoin_from(events, blobs, blobs.c.id == events.c.blob)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(events.c.position).limit(limit)).all()
        return [_recorded(body, data) for body, data in rows]

    def head(self) -> int:
        """See `EventStore.head`."""
        with self._engine.connect() as connection:
            return int(connection.execute(select(head.c.position)).scalar_one())

    def last(self, stream: str) -> int:
        """See `EventStore.last`."""
        with self._engine.connect() as connection:
            return _last(connection, stream)

    def lasts(self, streams: Iterable[str]) -> dict[str, int]:
        """See `EventStore.lasts`."""
        with self._engine.connect() as connection:
            return {row.stream: row.last for row in rows_of(connection, _LASTS, events.c.stream, list(streams))}

    def payloads(self, commitments: Iterable[str]) -> dict[str, bytes]:
        """See `EventStore.payloads`."""
        wanted = [bytes.fromhex(mark) for mark in commitments]
        with self._engine.connect() as connection:
            rows = rows_of(connection, _WORDS, blobs.c.commitment, wanted)
            return {bytes(row.commitment).hex(): blob.decompress(row.data) for row in rows if row.data}

    def leaves(self, after: int = 0, limit: int = 1000) -> list[bytes]:
        """See `EventStore.leaves`."""
        return self._column(events.c.leaf, after, limit)

    def bodies(self, after: int = 0, limit: int = 1000) -> list[bytes]:
        """See `EventStore.bodies`."""
        return self._column(events.c.body, after, limit)

    def _column(self, column: Column[Any], after: int, limit: int) -> list[bytes]:
        query = select(column).where(events.c.position > after).order_by(events.c.position).limit(limit)
        with self._engine.connect() as connection:
            return [bytes(value) for value in connection.execute(query).scalars()]

    def erase(self, position: int, commitments: Iterable[str]) -> int:
        """See `EventStore.erase`."""
        wanted = [bytes.fromhex(mark) for mark in dict.fromkeys(commitments)]
        with writing(self._engine) as connection:
            found = {row.id for row in rows_of(connection, _SIZES, blobs.c.commitment, wanted) if row.size}
            marked = {row.blob for row in rows_of(connection, _MARKED, erased.c.blob, list(found))}
            try:
                erase_blobs(connection, sorted(found), position, noted=marked)
            except IntegrityError as error:
                raise StoreError(no_takedown(position)) from error
        return len(found)

    def erasures(self) -> list[int]:
        """See `EventStore.erasures`."""
        query = select(erased.c.position).distinct().order_by(erased.c.position)
        with self._engine.connect() as connection:
            return [int(position) for position in connection.execute(query).scalars()]

    def keyed(self, *parts: str) -> str:
        """See `EventStore.keyed`."""
        return blob.keyed(self._secret, *parts).hex()


# A new event: its position, its stream, and what was offered.
_Fresh: TypeAlias = "tuple[int, str, _Prepared]"


class _Prepared:
    """An offered event with everything done that needs no lock."""

    __slots__ = ("commitment", "data", "event", "key", "new", "salt")

    def __init__(self, new: New, key: bytes) -> None:
        self.new = new
        self.key = key
        self.event, self.commitment, self.salt = blob.salted(new)
        self.data = blob.compress(new.payload) if new.payload is not None else b""


def _check_expected(connection: Connection, batches: Sequence[Batch]) -> None:
    checked = [batch for batch in batches if batch.events and batch.expected is not None]
    rows = rows_of(connection, _LASTS, events.c.stream, list(dict.fromkeys(batch.stream for batch in checked)))
    ends = {row.stream: row.last for row in rows}
    for batch in checked:
        if batch.expected != (found := ends.get(batch.stream, 0)):
            raise ConcurrentAppend(f"stream {batch.stream} ends at {found}, not at {batch.expected}: read it again")


def _last(connection: Connection, stream: str) -> int:
    query = select(func.coalesce(func.max(events.c.position), 0)).where(events.c.stream == stream)
    return int(connection.execute(query).scalar_one())


class _Tail:
    """The end of the log while its counter row is held."""

    def __init__(self, connection: Connection, position: int, recorded_at: str) -> None:
        self._connection = connection
        self.position = position
        self.recorded_at = recorded_at

    def append(self, offers: Sequence[tuple[str, list[_Prepared]]]) -> list[list[Appended]]:
        """Number what is new of what is offered to streams, insert it, and answer for all of it."""
        known = _known(self._connection, [one.key for _, offered in offers for one in offered])
        fresh: dict[bytes, _Fresh] = {}
        answers = [[self._take(stream, one, known, fresh) for one in offered] for stream, offered in offers]
        if fresh:
            _insert(self._connection, list(fresh.values()), self.recorded_at)
        return answers

    def _take(self, stream: str, one: _Prepared, known: dict[bytes, Any], fresh: dict[bytes, _Fresh]) -> Appended:
        if one.key in known:
            return _answer(known[one.key], one.new)
        if one.key in fresh:
            earlier, _, first = fresh[one.key]
            return Appended(outcome=blob.compared(first.event, first.salt, one.new), position=earlier)
        self.position += 1
        fresh[one.key] = (self.position, stream, one)
        return Appended(outcome=Outcome.APPENDED, position=self.position)


def _insert(connection: Connection, fresh: list[_Fresh], recorded_at: str) -> None:
    number = int(connection.execute(select(func.coalesce(func.max(blobs.c.id), 0))).scalar_one())
    new_blobs, new_events = [], []
    for position, stream, one in fresh:
        if one.commitment:
            number += 1
            new_blobs.append({"id": number, "commitment": one.commitment, "salt": one.salt, "data": one.data})
        body = canonical(
            {
                "data": one.event.data(),
                "key": one.key.hex(),
                "position": position,
                "recorded_at": recorded_at,
                "stream": stream,
                "type": one.event.NAME,
                "version": one.event.VERSION,
            }
        )
        blob.bounded(body, one.event.NAME)
        blob_id = number if one.commitment else None
        new_events.append(
            {"position": position, "stream": stream, "key": one.key, "blob": blob_id, "body": body, "leaf": leaf(body)}
        )
    insert_rows(connection, blobs, new_blobs)
    insert_rows(connection, events, new_events)


# Taken before anything is read: on PostgreSQL the row that all writers wait for, on SQLite it is under the write lock.
_END = select(head.c.position, head.c.recorded_at).with_for_update()
_LASTS = select(events.c.stream, func.max(events.c.position).label("last")).group_by(events.c.stream)
_WORDS = select(blobs.c.commitment, blobs.c.data)
_SIZES = select(blobs.c.id, func.length(blobs.c.data).label("size"))
_MARKED = select(erased.c.blob)
_LOOK_UP = select(events.c.key, events.c.position, events.c.body, blobs.c.salt).outerjoin_from(
    events, blobs, blobs.c.id == events.c.blob
)


def _known(connection: Connection, keys: list[bytes]) -> dict[bytes, Any]:
    return {bytes(row.key): row for row in rows_of(connection, _LOOK_UP, events.c.key, keys)}


def _answer(row: Any, new: New) -> Appended:
    stored = orjson.loads(row.body)
    event = restore(stored["type"], stored["version"], stored["data"])
    return Appended(outcome=blob.compared(event, row.salt or None, new), position=row.position)


def _recorded(body: bytes, data: bytes | None) -> Recorded:
    stored = orjson.loads(body)
    return Recorded(
        position=stored["position"],
        recorded_at=datetime.fromisoformat(stored["recorded_at"]),
        stream=stored["stream"],
        event=restore(stored["type"], stored["version"], stored["data"]),
        payload=blob.decompress(data) if data else None,
    )
