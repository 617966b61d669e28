"""Who works on which stretch of the log, so that no two processes do the same work at the same time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from briefing.projections.advisory import Session, lock_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

STRETCH = 1000
"""Positions of the log in a stretch."""


class Claims:
    """Claims on stretches by advisory locks: those of a killed process are free at once.

    A claim spares work that would be done twice; what is appended twice is known by its key.
    """

    def __init__(self, engine: Engine, work: str) -> None:
        self._engine = engine
        self._work = work

    @contextmanager
    def session(self) -> Iterator[Claiming]:
        """Claim for as long as the block runs."""
        with Session(self._engine) as session:
            yield Claiming(session, self._work)

    @contextmanager
    def turn(self, what: str) -> Iterator[None]:
        """Wait until no other process has its turn at this, and have it for as long as the block runs."""
        with Session(self._engine) as session:
            session.wait(lock_key(self._work, what))
            yield


class Claiming:
    """One worker's claims."""

    def __init__(self, session: Session, work: str) -> None:
        self._session = session
        self._work = work

    @contextmanager
    def stretch(self, position: int) -> Iterator[bool]:
        """Claim the stretch that a position lies in; whether it was free."""
        key = lock_key(self._work, position // STRETCH)
        mine = self._session.take(key)
        try:
            yield mine
        finally:
            if mine:
                self._session.give_back(key)
