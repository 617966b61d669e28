"""Delivering beside other work: in a thread that nothing waits for, not even the end of the process.

A slow receiver holds up nobody, and what is cut off comes again.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from briefing.errors import BriefingError
from briefing.service.results import delivered_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefing.service.telling import Delivered

LOOK = 30.0
"""Seconds between two looks for what is to be tried again."""


class Rounds:
    """Starts rounds of delivery; while one is under way, no other is: the next look finds what came meanwhile."""

    def __init__(self, deliver: Callable[[], list[Delivered]], say: Callable[[str], None]) -> None:
        self._deliver = deliver
        self._say = say
        self._busy = threading.Lock()

    def start(self) -> None:
        """Begin a round, unless one is under way."""
        if self._busy.acquire(blocking=False):
            threading.Thread(target=self._round, name="briefing-deliver", daemon=True).start()

    def _round(self) -> None:
        try:
            for one in self._deliver():
                if one.sent or one.dead or (one.fault and not one.waits):
                    self._say(delivered_words(one))
        except BriefingError as error:
            self._say(str(error))
        finally:
            self._busy.release()
