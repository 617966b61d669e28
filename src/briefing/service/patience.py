"""How long one visit to a source may take, however slowly the source asks to be read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 15.0
"""Seconds after which a visit asks for no document more, beside the spacing that we keep of our own will.

Less than the longest Crawl-delay, so that a visit waits for one turn of that length at most.
"""


class Patience:
    """A watch that runs from its making, waiting for turns included; what it stops is for the next visit.

    A Crawl-delay, and sources that share a host, make a visit wait that no answer is late for.

    Args:
        spacing: seconds between two requests that are our own choice, and so no fault of the source.
        clock: seconds, never running backwards.
    """

    def __init__(self, spacing: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._spacing = spacing
        self._clock = clock
        self._ends = clock() + LONGEST

    def allows(self) -> bool:
        """Whether there is time for one document more. The first is always allowed, so that each visit gets on."""
        allowed = self._clock() < self._ends
        self._ends += self._spacing
        return allowed
