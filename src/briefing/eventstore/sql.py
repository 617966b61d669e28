"""The log in a relational database, by SQLAlchemy Core."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, inspect, null, select, update

from briefing.errors import ConcurrentAppend, StoreError
from briefing.events import Recorded, canonical, restore
from briefing.eventstore import payloads as blob
from briefing.eventstore.contract import Appended, Outcome
from briefing.eventstore.database import writing
from briefing.eventstore.schema import blobs, events, head, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection, Engine, RowMapping

    from briefing.eventstore.contract import New

FORMAT = 1
_CHUNK = 500  # bound variables of one statement; SQLite allows 999 in old builds


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


class SqlStore:
    """An `EventStore` on SQLite.

    One counter row numbers the events under the write lock, so that positions are dense and in the order of commits.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock
        self._secret = self._open()

    def _open(self) -> bytes:
        if not inspect(self._engine).has_table(head.name):
            with writing(self._engine) as connection:  # under the lock, another process may have been quicker
                if not inspect(connection).has_table(head.name):
                    metadata.create_all(connection)
                    connection.execute(
                        insert(head).values(id=1, position=0, recorded_at="", secret=os.urandom(32), format=FORMAT)
                    )
        with self._engine.connect() as connection:
            row = connection.execute(select(head.c.secret, head.c.format)).one()
        if row.format > FORMAT:
            raise StoreError(f"the log has format {row.format}, this program knows {FORMAT}: upgrade it")
        return bytes(row.secret)

    def append(self, stream: str, events: Sequence[New], *, expected: int | None = None) -> list[Appended]:
        """See `EventStore.append`. All that costs time is done before the lock is taken."""
        prepared = [_Prepared(new, blob.keyed(self._secret, "event", new.key)) for new in events]
        if not prepared:
            return []
        with writing(self._engine) as connection:
            if expected is not None and (found := _last(connection, stream)) != expected:
                raise ConcurrentAppend(f"stream {stream} ends at {found}, not at {expected}: read it again")
            return _append(connection, stream, prepared, self._clock())

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

    def payloads(self, commitments: Iterable[str]) -> dict[str, bytes]:
        """See `EventStore.payloads`."""
        wanted = [bytes.fromhex(mark) for mark in commitments]
        found: dict[str, bytes] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(wanted), _CHUNK):
                query = select(blobs.c.commitment, blobs.c.data).where(
                    blobs.c.commitment.in_(wanted[start : start + _CHUNK])
                )
                for mark, data in connection.execute(query):
                    found[bytes(mark).hex()] = blob.decompress(data)
        return found

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


def _last(connection: Connection, stream: str) -> int:
    query = select(func.coalesce(func.max(events.c.position), 0)).where(events.c.stream == stream)
    return int(connection.execute(query).scalar_one())


def _append(connection: Connection, stream: str, offered: list[_Prepared], now: datetime) -> list[Appended]:
    position, recorded_at = connection.execute(select(head.c.position, head.c.recorded_at)).one()
    recorded_at = max(recorded_at, now.astimezone(UTC).isoformat(timespec="microseconds"))
    known = _known(connection, [one.key for one in offered])
    answers: list[Appended] = []
    fresh: dict[bytes, tuple[int, _Prepared]] = {}
    for one in offered:
        if one.key in known:
            answers.append(_answer(known[one.key], one.new))
        elif one.key in fresh:
            earlier, first = fresh[one.key]
            same = blob.same_fact(first.event.data(), first.salt, one.new)
            answers.append(Appended(outcome=Outcome.DUPLICATE if same else Outcome.CONFLICT, position=earlier))
        else:
            position += 1
            fresh[one.key] = (position, one)
            answers.append(Appended(outcome=Outcome.APPENDED, position=position))
    if fresh:
        _insert(connection, stream, list(fresh.values()), recorded_at)
        connection.execute(update(head).values(position=position, recorded_at=recorded_at))
    return answers


def _insert(connection: Connection, stream: str, fresh: list[tuple[int, _Prepared]], recorded_at: str) -> None:
    number = int(connection.execute(select(func.coalesce(func.max(blobs.c.id), 0))).scalar_one())
    new_blobs, new_events = [], []
    for position, one in fresh:
        if one.commitment:
            number += 1
            new_blobs.append({"id": number, "commitment": one.commitment, "salt": one.salt, "data": one.data})
        body = canonical(
            {
                "data": one.event.data(),
                "position": position,
                "recorded_at": recorded_at,
                "stream": stream,
                "type": one.event.NAME,
                "version": one.event.VERSION,
            }
        )
        blob_id = number if one.commitment else None
        new_events.append({"position": position, "stream": stream, "key": one.key, "blob": blob_id, "body": body})
    if new_blobs:
        connection.execute(insert(blobs), new_blobs)
    connection.execute(insert(events), new_events)


_LOOK_UP = (
    select(events.c.key, events.c.position, events.c.body, events.c.blob, blobs.c.salt)
    .outerjoin_from(events, blobs, blobs.c.id == events.c.blob)
    .where(events.c.key.in_(bindparam("keys", expanding=True)))
)


def _known(connection: Connection, keys: list[bytes]) -> dict[bytes, RowMapping]:
    found: dict[bytes, RowMapping] = {}
    for start in range(0, len(keys), _CHUNK):
        rows = connection.execute(_LOOK_UP, {"keys": keys[start : start + _CHUNK]}).mappings()
        found.update({bytes(row["key"]): row for row in rows})
    return found


def _answer(row: RowMapping, new: New) -> Appended:
    stored: dict[str, Any] = json.loads(row["body"])
    if stored["type"] != new.event.NAME or not blob.same_fact(stored["data"], row["salt"], new):
        outcome = Outcome.CONFLICT
    elif row["salt"] is None and stored["data"].get("payload"):
        outcome = Outcome.DUPLICATE_ERASED
    else:
        outcome = Outcome.DUPLICATE
    return Appended(outcome=outcome, position=row["position"])


def _recorded(body: bytes, data: bytes | None) -> Recorded:
    stored = json.loads(body)
    return Recorded(
        position=stored["position"],
        recorded_at=datetime.fromisoformat(stored["recorded_at"]),
        stream=stored["stream"],
        event=restore(stored["type"], stored["version"], stored["data"]),
        payload=None if data is None else blob.decompress(data),
    )
