"""Delivering and mailing beside other work: in threads that nothing waits for, not even the end of the process.

A slow receiver holds up nobody, and what is cut off comes again.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from briefing.errors import BriefingError, SenderBusy
from briefing.service.results import delivered_words, mailed_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefing.model import Post
    from briefing.service.desk import Desk
    from briefing.service.sending import SendResult
    from briefing.service.telling import Delivered

LOOK = 30.0
"""Seconds between two looks for what is to be tried again."""
# Seconds that a mail server which could not be used is left alone.
_REST = 300.0


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


class MailRounds:
    """Starts rounds of mail, one at a time in this process and, by the outbox's lock, on all machines of a database.

    Where a mail is under way when the process ends, the next one says so (docs/mail.md).
    """

    def __init__(self, desk: Desk, post: Callable[[], Post], say: Callable[[str], None]) -> None:
        self._desk = desk
        self._post = post
        self._say = say
        self._busy = threading.Lock()
        self._rests = 0.0

    def start(self) -> None:
        """Begin a round, unless one is under way."""
        if time.monotonic() >= self._rests and self._busy.acquire(blocking=False):
            threading.Thread(target=self._round, name="briefing-mail", daemon=True).start()

    def _round(self) -> None:
        from briefing.service import posting  # noqa: PLC0415 - who mails nothing does not wait for its libraries

        try:
            post = self._post()
            if posting.due(self._desk, post):
                self._tell(posting.post_round(self._desk, post))
        except SenderBusy:
            return  # whoever sends takes along what is due
        except BriefingError as error:
            self._fail(str(error))
        finally:
            self._busy.release()

    def _tell(self, found: SendResult) -> None:
        if said := mailed_words(found):
            self._say(said)
        if found.fault:
            self._fail(found.fault)

    def _fail(self, fault: str) -> None:
        self._say(fault)
        self._rests = time.monotonic() + _REST
