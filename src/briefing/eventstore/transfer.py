"""The log out of its tables into a file, and from a file into empty tables."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, IntegrityError

from briefing.errors import StoreError
from briefing.events import canonical
from briefing.eventstore import payloads as blob
from briefing.eventstore.database import connect, writing
from briefing.eventstore.entries import Audit, Entry, Unsound, Words
from briefing.eventstore.frontier import Frontier
from briefing.eventstore.merkle import leaf
from briefing.eventstore.schema import blobs, erased, events, head
from briefing.eventstore.sql import SqlStore
from briefing.eventstore.transcript import Writer
from briefing.eventstore.upgrading import prepare
from briefing.statements import insert_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    from sqlalchemy import Connection, Engine, Table

    from briefing.eventstore.contract import New
    from briefing.eventstore.erasures import Erasure
    from briefing.eventstore.transcript import Header, Reader

    Progress = Callable[[int], None]
    # From a takedown and its source to the fact to be recorded once more, and its stream.
    Retake = Callable[[Erasure, str], tuple[str, New]]

_PAGE = 500


def existing(url: str) -> Engine:
    """An engine for a log that is there; nothing is made where there is none.

    Raises:
        StoreError: there is no log.
    """
    named = make_url(url)
    if named.get_backend_name() == "sqlite" and not Path(named.database or "").is_file():
        raise StoreError(f"there is no log at {named.database}: check --storage and --database")
    engine = connect(url)
    if inspect(engine).has_table(head.name):
        prepare(engine)
        return engine
    engine.dispose()
    raise StoreError("the database holds no log: check --storage and --database")


def check_vacant(url: str) -> None:
    """See that a log can be filled, and make nothing.

    Raises:
        StoreError: there are events already.
    """
    try:
        engine = existing(url)
    except StoreError:  # none yet; what stands in the way of making one is said when it is made
        return
    try:
        with engine.connect() as connection:
            _check_vacant(connection.execute(select(head.c.position)).scalar_one())
    finally:
        engine.dispose()


def _check_vacant(position: int) -> None:
    if position:
        raise StoreError(
            f"the log here holds {position} events already, and a file goes into an empty one: name another place "
            "with --storage or --database (where a restore was stopped after that, briefing rebuild makes the rest)"
        )


# ---------------------------------------------------------------- out


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The log as it stood at one moment, whoever writes meanwhile."""

    connection: Connection
    size: int
    root: bytes
    secret: bytes

    def write(self, out: BinaryIO, header: Header, progress: Progress | None = None) -> None:
        """Write it whole into a file that is open for bytes; `progress` is told how many events are written.

        Raises:
            StoreError: the log is damaged; nothing is to be made of what was written. Names the event.
            UnknownEvent: an event is not known to this program.
        """
        writer, audit = Writer(out, header), Audit()
        try:
            for row in _rows(self.connection):
                entry = _entry(row)
                audit.take(entry, bytes(row.leaf))
                writer.write(entry)
                if progress is not None and not audit.size % _PAGE:
                    progress(audit.size)
            audit.end(self.size, self.root)
        except Unsound as fault:
            raise StoreError(
                f"the log is damaged at event {min(audit.size + 1, self.size)}: {fault}; restore an earlier backup"
            ) from fault
        writer.end()


@contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """One read transaction over a log. Writers are not held up by it.

    Raises:
        StoreError: there is no log.
    """
    engine = existing(url)
    try:
        with _snapshot(engine) as taken:
            yield taken
    finally:
        engine.dispose()


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Snapshot]:
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        row = connection.execute(select(head.c.position, head.c.secret)).one()
        tree = Frontier()
        for hashed in _pages(connection, select(events.c.position, events.c.leaf)):
            tree.add(bytes(hashed.leaf))
        yield Snapshot(connection, row.position, tree.root(), bytes(row.secret))


def _rows(connection: Connection) -> Iterator[Any]:
    return _pages(
        connection,
        select(
            events.c.position, events.c.key, events.c.body, events.c.leaf, events.c.blob, blobs.c.commitment,
            blobs.c.salt, blobs.c.data, erased.c.position.label("erased"),
        )
        .outerjoin_from(events, blobs, blobs.c.id == events.c.blob)
        .outerjoin(erased, erased.c.blob == blobs.c.id),
    )  # fmt: skip


def _pages(connection: Connection, query: Any) -> Iterator[Any]:
    after = 0
    while page := connection.execute(
        query.where(events.c.position > after).order_by(events.c.position).limit(_PAGE)
    ).all():
        yield from page
        after = page[-1].position


def _entry(row: Any) -> Entry:
    words = None
    if row.blob is not None:
        try:
            text = blob.decompress(row.data) if row.data else b""
        except blob.Unreadable as error:
            raise Unsound("its words cannot be unpacked") from error
        words = Words(bytes(row.commitment), bytes(row.salt), text, row.erased or 0)
    return Entry(bytes(row.body), bytes(row.key), words)


# ---------------------------------------------------------------- in


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a log was filled with.

    `root` is that of the first `size` events, as the file says. `retaken` are takedowns later than the file that were
    recorded once more behind them, `unheld` those that it holds no words of.
    """

    size: int
    root: bytes
    retaken: tuple[Erasure, ...] = ()
    unheld: tuple[Erasure, ...] = ()


def fill(
    url: str,
    reader: Reader,
    *,
    erasures: Sequence[Erasure] = (),
    retake: Retake | None = None,
    before_commit: Callable[[], None] | None = None,
    progress: Progress | None = None,
) -> Taken:
    """Put a log from a file into a database whose log is empty: all of it, or nothing.

    Words that an erasure names are left out: they never reach the database, and an event that is not in the file yet
    is recorded behind it by `retake`, so that the log itself says why they are missing. `before_commit` is called when
    everything was found sound.

    Raises:
        StoreError: the log is not empty, or the file is damaged; the log stays empty.
    """
    engine = connect(url)
    try:
        SqlStore(engine)  # makes the tables
        with writing(engine) as connection:
            _check_vacant(connection.execute(select(head.c.position).with_for_update()).scalar_one())
            filling = _Filling(connection, erasures)
            for entry in reader.entries():
                if filling.take(*entry) and progress is not None:
                    progress(filling.position)
            taken = _end(filling, reader, retake)
            if before_commit is not None:
                before_commit()
            return taken
    except IntegrityError as fault:
        raise StoreError(
            f"around event {reader.audit.size} a key or a commitment stands for the second time ({fault.orig}); take "
            "another copy of the file"
        ) from fault
    except DatabaseError as fault:
        raise StoreError(f"the log cannot be written ({fault.orig}); nothing of it was") from fault
    finally:
        engine.dispose()


def _end(filling: _Filling, reader: Reader, retake: Retake | None) -> Taken:
    """Record what the file does not know yet, and move the head."""
    header, recorded_at = reader.header, reader.audit.recorded_at
    again = filling.waiting()
    for erasure in again:
        if retake is None:
            raise StoreError(f"words of {erasure.item} were taken down and nothing here can record that once more")
        recorded_at = max(recorded_at, _moment(erasure))
        filling.retake(erasure, recorded_at, header.secret, retake)
    filling.flush()
    if filling.position:
        filling.connection.execute(
            update(head).values(position=filling.position, recorded_at=recorded_at, secret=header.secret)
        )
    return Taken(
        size=header.size,
        root=header.root,
        retaken=tuple(again),
        unheld=tuple(one for one in filling.erasures if one.commitments and filling.held.isdisjoint(one.commitments)),
    )


def _moment(erasure: Erasure) -> str:
    return datetime.fromisoformat(erasure.at).astimezone(UTC).isoformat(timespec="microseconds")


@dataclass
class _Filling:
    """Rows on their way into the tables."""

    connection: Connection
    erasures: Sequence[Erasure]
    position: int = 0
    blob: int = 0
    rows: dict[Table, list[dict[str, Any]]] = field(default_factory=lambda: {blobs: [], events: [], erased: []})
    erased: dict[int, list[int]] = field(default_factory=dict)  # the event that erases -> blobs
    left_out: dict[str, tuple[int, str]] = field(default_factory=dict)  # commitment -> blob, and whose words they are
    held: set[str] = field(default_factory=set)  # commitments that erasures name, and that the file has

    def __post_init__(self) -> None:
        self._named = {mark: one for one in self.erasures for mark in one.commitments}
        self._at: dict[int, list[Erasure]] = {}
        for one in self.erasures:
            self._at.setdefault(one.position, []).append(one)

    def take(self, entry: Entry, envelope: dict[str, Any], hashed: bytes) -> bool:
        """One event; whether a page of them was written."""
        number = None
        if entry.words is not None:
            number = self._blob(entry.words, str(envelope["data"].get("source", "")))
        self._event(envelope["stream"], entry.key, entry.body, hashed, number)
        self._settle(entry.body)
        if len(self.rows[events]) < _PAGE:
            return False
        self.flush()
        return True

    def retake(self, erasure: Erasure, recorded_at: str, secret: bytes, retake: Retake) -> None:
        """Record a takedown once more, behind what the file holds."""
        source = next(self.left_out[mark][1] for mark in erasure.commitments if mark in self.left_out)
        stream, new = retake(erasure, source)
        key = blob.keyed(secret, "event", new.key)
        body = canonical(
            {
                "data": new.event.data(),
                "key": key.hex(),
                "position": self.position + 1,
                "recorded_at": recorded_at,
                "stream": stream,
                "type": new.event.NAME,
                "version": new.event.VERSION,
            }
        )
        self._event(stream, key, body, leaf(body), None)
        self._left_out(erasure, body)

    def waiting(self) -> list[Erasure]:
        """The takedowns that no event in the file stands for."""
        return list(dict.fromkeys(self._named[mark] for mark in self.left_out))

    def flush(self) -> None:
        """Write what has gathered, in the order in which the tables refer to each other."""
        for table, rows in self.rows.items():
            insert_rows(self.connection, table, rows)
            rows.clear()

    def _blob(self, words: Words, source: str) -> int:
        self.blob += 1
        mark = words.commitment.hex()
        erasure = self._named.get(mark)
        if erasure is not None:
            self.held.add(mark)
        if words.erased:
            self.erased.setdefault(words.erased, []).append(self.blob)
        elif erasure is not None:
            self.left_out[mark] = (self.blob, source)
        kept = not words.erased and erasure is None
        data = blob.compress(words.text) if kept else b""
        salt = words.salt if kept else b""
        self.rows[blobs].append({"id": self.blob, "commitment": words.commitment, "salt": salt, "data": data})
        return self.blob

    def _event(self, stream: str, key: bytes, body: bytes, hashed: bytes, number: int | None) -> None:
        self.position += 1
        row = {"position": self.position, "stream": stream, "key": key, "blob": number, "body": body, "leaf": hashed}
        self.rows[events].append(row)

    def _settle(self, body: bytes) -> None:
        """Mark as erased what the newest event erases."""
        for number in self.erased.pop(self.position, ()):
            self.rows[erased].append({"blob": number, "position": self.position})
        for erasure in self._at.get(self.position, ()):
            self._left_out(erasure, body)

    def _left_out(self, erasure: Erasure, body: bytes) -> None:
        for mark in erasure.commitments:
            if mark in self.left_out and mark.encode() in body:
                number, _ = self.left_out.pop(mark)
                self.rows[erased].append({"blob": number, "position": self.position})
