"""How often one host is asked: so many at a time, so far apart, first come first served."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

LONGEST_DELAY = 30.0
"""Seconds: a Crawl-delay beyond this is taken for this."""


class _Host:
    """One host's places and the time of its last start."""

    __slots__ = ("door", "last_start", "places", "spacing")

    def __init__(self, per_host: int, spacing: float) -> None:
        self.places = asyncio.Semaphore(per_host)
        self.door = asyncio.Lock()
        self.spacing = spacing
        self.last_start: float | None = None


class Politeness:
    """Turns at asking a host, counted over all requests of a run.

    Args:
        per_host: requests to one host at a time.
        spacing: seconds between the starts of two requests to one host.
        connections: requests to all hosts together at a time.
        clock: seconds, never running backwards.
        sleep: waits so many seconds of that clock.
    """

    def __init__(
        self,
        *,
        per_host: int,
        spacing: float,
        connections: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._per_host = per_host
        self._spacing = spacing
        self._connections = asyncio.Semaphore(connections)
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at `host` (name and port) and hold it while the block runs."""
        state = self._host(host)
        async with state.places:
            await self._start(state)
            try:
                yield
            finally:
                self._connections.release()

    def crawl_delay(self, host: str, seconds: float | None) -> None:
        """Space requests to `host` as its robots.txt asks, never closer than configured and at most `LONGEST_DELAY`."""
        self._host(host).spacing = max(self._spacing, min(seconds or 0.0, LONGEST_DELAY))

    def _host(self, host: str) -> _Host:
        state = self._hosts.get(host)
        if state is None:
            state = self._hosts[host] = _Host(self._per_host, self._spacing)
        return state

    async def _start(self, state: _Host) -> None:
        # The door stays shut while the next in line waits, for its time and then for a connection: so the distance
        # between two starts is kept although connections are scarce, and nobody sleeping holds a connection.
        async with state.door:
            while (wait := self._wait(state)) > 0:
                await self._sleep(wait)
            await self._connections.acquire()
            state.last_start = self._clock()

    def _wait(self, state: _Host) -> float:
        if state.last_start is None or not state.spacing:
            return 0.0
        return state.last_start + state.spacing - self._clock()
