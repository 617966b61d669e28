"""The time one answer may take, however many requests it needs; waiting for one's turn does not count."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class TimeLimit:
    """A stopwatch in seconds that runs only inside `running`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.spent = 0.0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Count the block's time.

        Raises:
            TimeoutError: the block used up what was left.
        """
        loop = asyncio.get_running_loop()
        start = loop.time()
        try:
            async with asyncio.timeout_at(start + self.seconds - self.spent):
                yield
        finally:
            self.spent += loop.time() - start

    def spend(self, seconds: float) -> None:
        """Count time that was spent elsewhere for this answer."""
        self.spent += seconds
