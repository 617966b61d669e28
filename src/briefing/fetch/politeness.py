"""How often one host is asked: so many at a time, so far apart, first come first served."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from contextlib import AbstractAsyncContextManager

LONGEST_DELAY = 20.0
"""Seconds: a Crawl-delay beyond this is taken for this, so that no visit waits longer for a turn."""


class Slots(Protocol):
    """Turns at hosts, counted over all who ask them: in this process, or in many on one database."""

    def place(self, host: str, places: int) -> AbstractAsyncContextManager[None]:
        """Hold one of so many places at a host; entering waits until one is free."""

    def start(self, host: str, spacing: float, crawl_delay: float | None) -> AbstractAsyncContextManager[None]:
        """Be the next to start at a host; entering waits for the time, leaving says that the request starts now.

        `spacing` is in seconds; so is `crawl_delay`, what the host's robots.txt asks: 0 for nothing, None where it
        was not read.
        """


class _Host:
    """One host's places, and from when on the next may start."""

    __slots__ = ("door", "next_start", "places")

    def __init__(self, places: int) -> None:
        self.places = asyncio.Semaphore(places)
        self.door = asyncio.Lock()
        self.next_start: float | None = None


class OwnSlots:
    """Turns counted over the requests of one process.

    Args:
        clock: seconds, never running backwards.
        sleep: waits so many seconds of that clock.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def place(self, host: str, places: int) -> AsyncIterator[None]:
        """See `Slots`."""
        state = self._hosts.get(host)
        if state is None:
            state = self._hosts[host] = _Host(places)
        async with state.places:
            yield

    @asynccontextmanager
    async def start(self, host: str, spacing: float, crawl_delay: float | None) -> AsyncIterator[None]:
        """See `Slots`; asked by who holds a place."""
        state = self._hosts[host]
        async with state.door:
            while state.next_start is not None and (wait := state.next_start - self._clock()) > 0:
                await self._sleep(wait)
            yield
            # Each start books the next, as in the database: what robots.txt asks holds from the first page after it.
            state.next_start = self._clock() + max(spacing, crawl_delay or 0.0)


class Politeness:
    """Turns at asking a host, counted over all requests of a run.

    Args:
        per_host: requests to one host at a time.
        spacing: seconds between the starts of two requests to one host.
        connections: requests to all hosts together at a time, in this process.
        clock: seconds, never running backwards.
        sleep: waits so many seconds of that clock.
        slots: where the turns are counted; in this process by default.
    """

    def __init__(
        self,
        *,
        per_host: int,
        spacing: float,
        connections: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        slots: Slots | None = None,
    ) -> None:
        self._per_host = per_host
        self._spacing = spacing
        self._connections = asyncio.Semaphore(connections)
        self._slots: Slots = slots if slots is not None else OwnSlots(clock, sleep)
        self._delays: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at `host` (name and port) and hold it while the block runs."""
        async with self._slots.place(host, self._per_host):
            # Nobody else starts while the next in line waits, for its time and then for a connection: so the distance
            # between two starts is kept although connections are scarce, and nobody sleeping holds a connection.
            async with self._slots.start(host, self._spacing, self._delays.get(host)):
                await self._connections.acquire()
            try:
                yield
            finally:
                self._connections.release()

    def crawl_delay(self, host: str, seconds: float | None) -> None:
        """Space requests to `host` as its robots.txt asks, never closer than configured and at most `LONGEST_DELAY`."""
        self._delays[host] = max(0.0, min(seconds or 0.0, LONGEST_DELAY))
