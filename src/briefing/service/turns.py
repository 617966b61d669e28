"""Turns at hosts that other processes ask too: what the fetcher asks for, answered by the database."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from concurrent.futures import Future

    from briefing.projections import HostSlots

T = TypeVar("T")

# Seconds between two looks for a free place, doubled from the first to the second.
_FIRST_LOOK, _LAST_LOOK = 0.02, 0.5
# A start that comes later than booked by this share of the spacing would come too close to the next: it is booked anew.
_LATE = 0.1
_BOOKINGS = 5


class SharedSlots:
    """`briefing.fetch.Slots` over every process that works on one database."""

    def __init__(self, slots: HostSlots) -> None:
        self._slots = slots
        self._thread = ThreadPoolExecutor(1, "host-slots")  # one session: one thread
        self._doors: dict[str, _Door] = {}

    async def close(self) -> None:
        """Give back all that is held."""
        self._thread.submit(self._slots.close)
        await asyncio.to_thread(self._thread.shutdown)

    @asynccontextmanager
    async def place(self, host: str, places: int) -> AsyncIterator[None]:
        """See `briefing.fetch.Slots`."""
        door = self._doors.setdefault(host, _Door(places))
        door.users += 1
        try:
            async with door.places:  # who waits in this process does not ask the database over and over
                key = await self._place(host, places)
                try:
                    yield
                finally:
                    self._thread.submit(self._slots.give_back, key)
        finally:
            door.users -= 1
            if not door.users:
                self._doors.pop(host, None)

    @asynccontextmanager
    async def start(self, host: str, spacing: float, crawl_delay: float | None) -> AsyncIterator[None]:
        """See `briefing.fetch.Slots`; asked by who holds a place."""
        loop = asyncio.get_running_loop()
        async with self._doors[host].turn:
            for _ in range(_BOOKINGS):
                wait = await self._asked(lambda: self._slots.book(host, spacing, crawl_delay))
                if wait <= 0:
                    break
                due = loop.time() + wait
                await asyncio.sleep(wait)
                if loop.time() - due <= _LATE * spacing:
                    break
            yield

    async def _place(self, host: str, places: int) -> int:
        pause = _FIRST_LOOK
        while (key := await self._take(host, places)) is None:
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LAST_LOOK)
        return key

    async def _take(self, host: str, places: int) -> int | None:
        taking = self._thread.submit(self._slots.take, host, places)
        try:
            return await asyncio.wrap_future(taking)
        except asyncio.CancelledError:
            taking.add_done_callback(self._forgo)
            raise

    def _forgo(self, taking: Future[int | None]) -> None:
        """Give back what was taken for somebody who had just given up."""
        if not taking.cancelled() and taking.exception() is None and (key := taking.result()) is not None:
            self._thread.submit(self._slots.give_back, key)

    async def _asked(self, work: Callable[[], T]) -> T:
        return await asyncio.wrap_future(self._thread.submit(work))


class _Door:
    """Who waits in this process for one host."""

    __slots__ = ("places", "turn", "users")

    def __init__(self, places: int) -> None:
        self.places = asyncio.Semaphore(places)
        self.turn = asyncio.Lock()
        self.users = 0
