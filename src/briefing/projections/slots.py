"""Turns at hosts, counted in the database over every process that asks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, Float, Table, Text, text

from briefing.projections.advisory import Session, lock_key
from briefing.projections.polls import metadata

if TYPE_CHECKING:
    from sqlalchemy import Engine

Table(
    "host_slots",
    metadata,
    Column("host", Text, primary_key=True),
    Column("next_at", Float, nullable=False),  # seconds since 1970 by the database's clock
    Column("delay", Float, nullable=False),  # what the host's robots.txt asks
)

# One statement, so that of two who book at the same moment the second gets the later slot. The database's clock
# counts: machines need not agree on the time.
_BOOK = text(
    """
    INSERT INTO host_slots (host, next_at, delay)
    VALUES (:host, extract(epoch FROM clock_timestamp()) + greatest(:spacing, coalesce(:delay, 0)), coalesce(:delay, 0))
    ON CONFLICT (host) DO UPDATE SET
        delay = coalesce(:delay, host_slots.delay),
        next_at = greatest(host_slots.next_at, extract(epoch FROM clock_timestamp()))
            + greatest(:spacing, coalesce(:delay, host_slots.delay))
    RETURNING next_at - greatest(:spacing, delay) - extract(epoch FROM clock_timestamp())
    """
)
# A slot lost in a crash of the database costs nobody anything; waiting for the disk at each request would.
_HASTE = text("SET synchronous_commit = off")


class HostSlots:
    """Places and start times at hosts; used by one thread at a time.

    Places are advisory locks: what a killed process held is free at once. Start times are one row a host.
    """

    def __init__(self, engine: Engine) -> None:
        self._session = Session(engine)
        self._opened: object = None

    def close(self) -> None:
        """Give back all that is held."""
        self._session.close()

    def take(self, host: str, places: int) -> int | None:
        """The key of a place at a host, None where all are taken."""
        keys = (lock_key("place", host, number) for number in range(places))
        return next((key for key in keys if self._session.take(key)), None)

    def give_back(self, place: int) -> None:
        """Free a place."""
        self._session.give_back(place)

    def book(self, host: str, spacing: float, delay: float | None = None) -> float:
        """Book the next start at a host; the seconds until it, below 0 by what the answer took where it is now.

        `spacing` and `delay` are in seconds; the longer one counts. A `delay` is remembered for those who do not know
        it (None).
        """
        with self._session.asking() as connection:
            if connection is not self._opened:
                connection.execute(_HASTE)
                self._opened = connection
            wait = connection.execute(_BOOK, {"host": host, "spacing": spacing, "delay": delay}).scalar_one()
        return float(wait)
