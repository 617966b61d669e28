"""The log in a relational database, by SQLAlchemy Core."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import ARRAY, Text, bindparam, collate, func, null, select, update
from sqlalchemy.exc import IntegrityError

from briefing.columns import POSTGRESQL
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

    from sqlalchemy import Column, Connection, Engine, Select

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
        self._recent: tuple[int, list[tuple[bytes, bytes | None]]] = (0, [])  # after a position

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
            _check_ends(connection, batches)
            now = self._clock().astimezone(UTC).isoformat(timespec="microseconds")
            known = _known(connection, [one.key for offered in prepared for one in offered])
            tail = _Tail(end.position, max(end.recorded_at, now), known)
            answers = [tail.append(batch.stream, offered) for batch, offered in zip(batches, prepared, strict=True)]
            tail.write(connection)
        self._recent = (end.position, tail.written)  # only now: what was not committed is not there
        return answers

    def _prepared(self, events: Sequence[New]) -> list[_Prepared]:
        return [_Prepared(new, blob.keyed(self._secret, "event", new.key)) for new in events]

    def recent(self, after: int, limit: int) -> list[Recorded]:
        """What `read` would give with payloads, where this process appended just that: to be had once, from memory."""
        first, recent = self._recent
        if after < first or not (page := recent[after - first :][:limit]):
            return []
        if page[-1] is recent[-1]:
            self._recent = (0, [])
        return [_recorded(*written) for written in page]

    def read(self, after: int = 0, limit: int = 1000, *, payloads: bool = False, streams: str = "") -> list[Recorded]:
        """See `EventStore.read`."""
        query = select(events.c.body, blobs.c.data if payloads else null()).where(events.c.position > after)
        if streams:
            query = query.where(events.c.stream >= streams, events.c.stream < f"{streams}\U0010ffff")
        if payloads:
            query = query.outerjoin_from(events, blobs, blobs.c.id == events.c.blob)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(events.c.position).limit(limit)).all()
        return [_recorded(body, blob.decompress(data) if data else None) for body, data in rows]

    def head(self) -> int:
        """See `EventStore.head`."""
        with self._engine.connect() as connection:
            return int(connection.execute(select(head.c.position)).scalar_one())

    def last(self, stream: str) -> int:
        """See `EventStore.last`."""
        return self.lasts([stream]).get(stream, 0)

    def lasts(self, streams: Iterable[str]) -> dict[str, int]:
        """See `EventStore.lasts`."""
        with self._engine.connect() as connection:
            return _ends(connection, list(streams))

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


class _Prepared:
    """An offered event with everything done that needs no lock."""

    __slots__ = ("commitment", "data", "event", "key", "new", "salt")

    def __init__(self, new: New, key: bytes) -> None:
        self.new = new
        self.key = key
        self.event, self.commitment, self.salt = blob.salted(new)
        self.data = blob.compress(new.payload) if new.payload is not None else b""

    def body(self, stream: str, position: int, recorded_at: str) -> bytes:
        """The event's canonical bytes at its place in the log."""
        written = canonical(
            {
                "data": self.event.data(),
                "key": self.key.hex(),
                "position": position,
                "recorded_at": recorded_at,
                "stream": stream,
                "type": self.event.NAME,
                "version": self.event.VERSION,
            }
        )
        return blob.bounded(written, self.event.NAME)


def _check_ends(connection: Connection, batches: Sequence[Batch]) -> None:
    """See that streams end where those who append to them think.

    Raises:
        ConcurrentAppend: one does not.
    """
    expecting = [batch for batch in batches if batch.events and batch.expected is not None]
    found = _ends(connection, [batch.stream for batch in expecting])
    for batch in expecting:
        if batch.expected != (end := found.get(batch.stream, 0)):
            raise ConcurrentAppend(f"stream {batch.stream} ends at {end}, not at {batch.expected}: read it again")


def _ends(connection: Connection, streams: Sequence[str]) -> dict[str, int]:
    """Where streams end, by one step into the index for each; those without a fact are missing."""
    if not streams:
        return {}
    postgresql = connection.dialect.name == POSTGRESQL
    wanted = list(streams) if postgresql else orjson.dumps(streams).decode()
    rows = connection.execute(_ENDS_OF_LIST if postgresql else _ENDS_OF_JSON, {"wanted": wanted})
    return {stream: last for stream, last in rows if last is not None}


class _Tail:
    """The end of the log while its counter row is held: what is new is numbered here, and written at once.

    Every way to the database makes all other writers wait: there are as few of them for many batches as for one.
    """

    def __init__(self, position: int, recorded_at: str, known: dict[bytes, Any]) -> None:
        self._position = position
        self._recorded_at = recorded_at
        self._known = known
        self._fresh: dict[bytes, tuple[int, str, _Prepared]] = {}
        self.written: list[tuple[bytes, bytes | None]] = []  # what a reader of the log gets, in order

    def append(self, stream: str, offered: list[_Prepared]) -> list[Appended]:
        """Number what is new of a batch, and answer for all of it."""
        return [self._answer(stream, one) for one in offered]

    def _answer(self, stream: str, one: _Prepared) -> Appended:
        if one.key in self._known:
            return _answer(self._known[one.key], one.new)
        if one.key in self._fresh:
            earlier, _, first = self._fresh[one.key]
            return Appended(outcome=blob.compared(first.event, first.salt, one.new), position=earlier)
        self._position += 1
        self._fresh[one.key] = (self._position, stream, one)
        return Appended(outcome=Outcome.APPENDED, position=self._position)

    def write(self, connection: Connection) -> None:
        """Insert what was numbered, and move the counter."""
        if not self._fresh:
            return
        new_blobs, new_events = self._rows(connection.execute(_LAST_BLOB).scalar_one())
        insert_rows(connection, blobs, new_blobs)
        insert_rows(connection, events, new_events)
        connection.execute(update(head).values(position=self._position, recorded_at=self._recorded_at))

    def _rows(self, number: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        new_blobs, new_events = [], []
        for position, stream, one in self._fresh.values():
            if one.commitment:
                number += 1
                new_blobs.append({"id": number, "commitment": one.commitment, "salt": one.salt, "data": one.data})
            blob_id = number if one.commitment else None
            body = one.body(stream, position, self._recorded_at)
            self.written.append((body, one.new.payload))
            new_events.append(
                {
                    "position": position, "stream": stream, "key": one.key, "blob": blob_id, "body": body,
                    "leaf": leaf(body),
                }
            )  # fmt: skip
        return new_blobs, new_events


# Taken before anything is read: on PostgreSQL the row that all writers wait for, on SQLite it is under the write lock.
_END = select(head.c.position, head.c.recorded_at).with_for_update()
_LAST_BLOB = select(func.coalesce(func.max(blobs.c.id), 0))


def _ends_of_list() -> Select[Any]:
    """PostgreSQL may look for a stream's last position in all of the log; asked so, it goes by the streams."""
    listed = func.unnest(bindparam("wanted", type_=ARRAY(Text()))).table_valued("stream").render_derived(name="wanted")
    stream = collate(listed.c.stream, "C")
    upto = select(events.c.stream, events.c.position).where(events.c.stream <= stream)
    last = upto.order_by(events.c.stream.desc(), events.c.position.desc()).limit(1).lateral("ends")
    return select(last.c.stream, last.c.position).select_from(listed).join(last, last.c.stream == stream)


def _ends_of_json() -> Select[Any]:
    listed = func.json_each(bindparam("wanted", type_=Text())).table_valued("value")
    last = select(func.max(events.c.position)).where(events.c.stream == listed.c.value).scalar_subquery()
    return select(listed.c.value, last)


_ENDS_OF_LIST, _ENDS_OF_JSON = _ends_of_list(), _ends_of_json()
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


def _recorded(body: bytes, payload: bytes | None) -> Recorded:
    stored = orjson.loads(body)
    return Recorded(
        position=stored["position"],
        recorded_at=datetime.fromisoformat(stored["recorded_at"]),
        stream=stored["stream"],
        event=restore(stored["type"], stored["version"], stored["data"]),
        payload=payload,
    )
