"""From the log to the read models: state and checkpoint in one transaction, the same code live and in a rebuild."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlalchemy import delete, inspect, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from briefing.errors import StoreError
from briefing.projections.fold import Fold
from briefing.projections.schema import checkpoints, metadata

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

    from briefing.events import Recorded

VERSION = 1
_NAME = "library"
_PAGE = 1000


class Log(Protocol):
    """What a projection needs of the event store."""

    def read(self, after: int = 0, limit: int = 1000, *, payloads: bool = False) -> list[Recorded]:
        """Facts behind a position, in order."""
        ...


class Projector:
    """Keeps the read models up with the log.

    A page of facts is applied and the checkpoint moved in one transaction, by compare-and-set: two processes cannot
    apply the same fact twice. A fact that cannot be applied stops the projection at its position, live and in a
    rebuild alike; nothing is ever skipped.
    """

    def __init__(
        self, engine: Engine, log: Log, writing: Callable[[Engine], AbstractContextManager[Connection]]
    ) -> None:
        self._engine = engine
        self._log = log
        self._writing = writing
        self._prepare()

    def _prepare(self) -> None:
        if inspect(self._engine).has_table(checkpoints.name):
            with self._engine.connect() as connection:
                version = connection.execute(select(checkpoints.c.version)).scalar()
            if version == VERSION:
                return
        self.reset()

    def reset(self) -> None:
        """Drop every read model and begin anew at the start of the log."""
        with self._writing(self._engine) as connection:
            metadata.drop_all(connection)
            metadata.create_all(connection)
            connection.execute(upsert(checkpoints).values(name=_NAME, position=0, version=VERSION))

    def position(self) -> int:
        """The last position applied."""
        with self._engine.connect() as connection:
            return _position(connection)

    def catch_up(self, upto: int | None = None, progress: Callable[[int], None] | None = None) -> int:
        """Apply what the log holds behind the checkpoint, up to a position where one is given.

        `progress` is told the position after each page. Returns the position reached.

        Raises:
            StoreError: a fact could not be applied; names its position. Everything before it has been.
        """
        reached = self.position()
        while upto is None or reached < upto:
            limit = _PAGE if upto is None else min(_PAGE, upto - reached)
            page = self._log.read(reached, limit, payloads=True)
            if not page:
                break
            reached = self._apply(page)
            if progress is not None:
                progress(reached)
        return reached

    def _apply(self, page: list[Recorded]) -> int:
        with self._writing(self._engine) as connection:
            done = _position(connection)
            page = [one for one in page if one.position > done]  # another process may have been here
            if not page:
                return done
            fold = Fold(connection)
            poisoned = fold.apply(page)
            last = page[-1].position if poisoned is None else poisoned.position - 1
            if poisoned is None:
                fold.write()
                _move(connection, done, last)
        if poisoned is None:
            return last
        if last > done:
            self._apply([one for one in page if one.position <= last])
        raise StoreError(
            f"event {poisoned.position} ({poisoned.event.NAME}) cannot be applied to the read models: {fold.fault!r}"
        ) from fold.fault


def _position(connection: Connection) -> int:
    return int(connection.execute(select(checkpoints.c.position).where(checkpoints.c.name == _NAME)).scalar() or 0)


def _move(connection: Connection, before: int, after: int) -> None:
    moved = connection.execute(
        update(checkpoints).where(checkpoints.c.name == _NAME, checkpoints.c.position == before).values(position=after)
    )
    if moved.rowcount != 1:
        raise StoreError("another process moved the read models on at the same time: run the command again")


def forget(connection: Connection) -> None:
    """Remove the checkpoint, so that the read models are made anew."""
    connection.execute(delete(checkpoints))
