"""PostgreSQL's advisory locks: held by a session, and gone with it the moment its process dies."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from briefing.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

_TRY = text("SELECT pg_try_advisory_lock(:key)")
_WAIT = text("SELECT pg_advisory_lock(:key)")
_FREE = text("SELECT pg_advisory_unlock(:key)")


def lock_key(*parts: object) -> int:
    """The number of a lock: 64 bits of a hash, so that two names meet by bad luck only, and then only wait."""
    digest = hashlib.sha256("\n".join(["briefing", *map(str, parts)]).encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


class Session:
    """A session of its own that holds locks; used by one thread at a time.

    A lock that this session holds is refused to it a second time, too.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._open: Connection | None = None
        self._held: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the session, and with it all its locks."""
        opened, self._open = self._open, None
        self._held.clear()
        if opened is not None:
            opened.close()

    def connection(self) -> Connection:
        """The session's connection, made where there is none, each statement on it a transaction."""
        if self._open is None:
            self._open = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._open.detach()  # never given back to the pool with locks on it
        return self._open

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """The connection; where the database does not answer, the session is over, and the next call begins another."""
        try:
            yield self.connection()
        except (DBAPIError, StoreError):
            self.close()
            raise

    def take(self, key: int) -> bool:
        """Take a lock if it is free."""
        if key in self._held:
            return False
        try:
            return self._try(key)
        except (DBAPIError, StoreError):  # the server was started anew: another session asks
            return self._try(key)

    def wait(self, key: int) -> None:
        """Take a lock as soon as it is free."""
        with self.asking() as connection:
            connection.execute(_WAIT, {"key": key})
        self._held.add(key)

    def _try(self, key: int) -> bool:
        with self.asking() as connection:
            taken = bool(connection.execute(_TRY, {"key": key}).scalar())
        if taken:
            self._held.add(key)
        return taken

    def give_back(self, key: int) -> None:
        """Free a lock, if the session in which it was taken still is."""
        if key in self._held:
            self._held.discard(key)
            with self.asking() as connection:
                connection.execute(_FREE, {"key": key})
