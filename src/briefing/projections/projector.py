"""From the log to the read models: state and checkpoint in one transaction, the same code live and in a rebuild."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import delete, insert, inspect, select, update
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, ProgrammingError

from briefing.columns import POSTGRESQL, hold
from briefing.errors import StoreError, UnknownEvent
from briefing.projections import cursors, mailboxes, panels, partings, polls, rechecks, troubles, vectors
from briefing.projections.fold import Fold
from briefing.projections.schema import checkpoints, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

    from briefing.events import Recorded

VERSION = 13
NAME = "library"
_PAGE = 1000

# What a fact that does not fit fails with: missing keys, wrong values, a broken payload, a row that is there already.
_UNFIT = (
    KeyError, ValueError, TypeError, AttributeError, OverflowError, DataError, IntegrityError, InterfaceError,
    ProgrammingError,
)  # fmt: skip


class Log(Protocol):
    """What a projection needs of the event store."""

    def read(self, after: int = 0, limit: int = 1000, *, payloads: bool = False) -> list[Recorded]:
        """Facts behind a position, in order."""
        ...

    def head(self) -> int:
        """The position of the last fact."""
        ...


class Projector:
    """Keeps the read models up with the log.

    A page of facts is applied and the checkpoint moved in one transaction, by compare-and-set: two processes cannot
    apply the same fact twice. A fact that cannot be applied stops the projection at its position, live and in a
    rebuild alike; nothing is ever skipped. `recent` gives what this process has just appended without reading it.
    """

    def __init__(
        self,
        engine: Engine,
        log: Log,
        writing: Callable[[Engine], AbstractContextManager[Connection]],
        recent: Callable[[int, int], list[Recorded]] = lambda _, __: [],
    ) -> None:
        self._engine = engine
        self._log = log
        self._writing = writing
        self._recent = recent
        self._prepare()

    def _prepare(self) -> None:
        with self._engine.connect() as connection:
            if _current(connection):
                return
        with self._writing(self._engine) as connection:
            hold(connection, NAME)
            if not _current(connection):  # under the lock: another process may have been quicker
                _begin_anew(connection)

    def reset(self) -> None:
        """Drop every read model and begin anew at the start of the log."""
        with self._writing(self._engine) as connection:
            hold(connection, NAME)
            _begin_anew(connection)

    def position(self) -> int:
        """The last position applied."""
        with self._engine.connect() as connection:
            return _position(connection)

    def catch_up(self, upto: int | None = None, progress: Callable[[int], None] | None = None) -> int:
        """Apply what the log holds behind the checkpoint now, or up to a position where one is given.

        `progress` is told the position after each page. Returns the position reached.

        Raises:
            StoreError: a fact could not be applied; names its position. Everything before it has been.
            UnknownEvent: a fact is not known to this program; likewise.
        """
        reached = self.position()
        wanted = self._log.head() if upto is None else upto
        while reached < wanted:
            with self._turn():
                reached = self.position()  # somebody else may have done it meanwhile
                page = self._read(reached, min(_PAGE, wanted - reached)) if reached < wanted else []
                reached = self._apply(page) if page else reached
            if not page:
                break
            if progress is not None:
                progress(reached)
        return reached

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Where many processes need the read models, they stand in line before they read a page.

        Only one may apply it, and to unpack it costs as much as to apply it. On SQLite a page is read before the
        database is locked: there that would keep everybody from writing.
        """
        if self._engine.dialect.name != POSTGRESQL:
            yield
            return
        with self._writing(self._engine) as connection:
            hold(connection, f"{NAME}: turn")
            yield

    def _read(self, after: int, limit: int) -> list[Recorded]:
        """A page; where it holds a fact that this program does not know, what stands before that fact."""
        if recent := self._recent(after, limit):
            return recent
        try:
            return self._log.read(after, limit, payloads=True)
        except UnknownEvent as fault:
            if limit == 1:
                raise UnknownEvent(f"event {after + 1} cannot be read: {fault}") from fault
        return self._read(after, limit // 2)

    def _apply(self, page: list[Recorded]) -> int:
        """Apply a page whole; where a fact does not fit, everything before it. Gives back the position reached."""
        try:
            return self._apply_whole(page)
        except _UNFIT as fault:
            if len(page) == 1:
                raise StoreError(
                    f"event {page[0].position} ({page[0].event.NAME}) cannot be applied to the read models: {fault!r}"
                ) from fault
        middle = len(page) // 2
        self._apply(page[:middle])
        return self._apply(page[middle:])

    def _apply_whole(self, page: list[Recorded]) -> int:
        with self._writing(self._engine) as connection:
            hold(connection, NAME)  # one owner at a time
            done = _position(connection)
            page = [one for one in page if one.position > done]
            if not page or page[0].position != done + 1:  # another process went on from here, or began anew
                return done
            fold = Fold(connection)
            fold.apply(page)
            fold.write()
            _move(connection, done, page[-1].position)
        return page[-1].position


def table_names() -> list[str]:
    """The tables that are no part of the log: made again where they are missing."""
    kept = (polls, rechecks, troubles, partings, cursors, vectors, panels, mailboxes)
    return [*metadata.tables, *(name for one in kept for name in one.metadata.tables)]


def _current(connection: Connection) -> bool:
    if not inspect(connection).has_table(checkpoints.name):
        return False
    return connection.execute(select(checkpoints.c.version)).scalar() == VERSION


def _begin_anew(connection: Connection) -> None:
    if connection.dialect.name != POSTGRESQL:
        # Emptied first: SQLite keeps every page of a table that it drops in memory until it is done.
        there = set(inspect(connection).get_table_names())
        for table in metadata.tables.values():
            if table.name in there:
                connection.execute(delete(table))
    metadata.drop_all(connection)
    metadata.create_all(connection)
    connection.execute(insert(checkpoints).values(name=NAME, position=0, version=VERSION))


def _position(connection: Connection) -> int:
    return int(connection.execute(select(checkpoints.c.position).where(checkpoints.c.name == NAME)).scalar() or 0)


def _move(connection: Connection, before: int, after: int) -> None:
    moved = connection.execute(
        update(checkpoints).where(checkpoints.c.name == NAME, checkpoints.c.position == before).values(position=after)
    )
    if moved.rowcount != 1:
        raise StoreError("another process moved the read models on at the same time: run the command again")
