"""What a worker does: jobs out of the queue, each one of the verbs on one database."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING

from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker as Hands

from briefing.errors import BriefingError, ConcurrentAppend, StoreError
from briefing.service.classifying import PAGE
from briefing.service.collecting import Collector
from briefing.service.results import recheck_words
from briefing.service.rounds import LOOK, MailRounds, Rounds
from briefing.service.telling import deliver
from briefing.service.turns import SharedSlots
from briefing.workers.queue import BRIEF, CLASSIFY, FETCH, PUBLISH, RECHECK, Queue

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefing.model import Settings
    from briefing.service import Service
    from briefing.service.rechecking import Recheck
    from briefing.service.results import SourceResult
    from briefing.workers.beats import Beats


class Worker:
    """Takes jobs until it is cancelled; then what is under way is finished, or handed back after a time of grace.

    Args:
        service: without settings: what is read follows from the log.
        settings: for the manners of fetching, the contact, the channels and mail alone.
        conninfo: the database of the service, as libpq names it.
        concurrency: jobs at a time.
        publishing: whether this worker writes published files: it must see the folder that is shown.
        beats: how often it gives a sign of life.
        say: told what happens, one line each.
    """

    def __init__(
        self,
        service: Service,
        settings: Settings,
        conninfo: str,
        *,
        concurrency: int,
        publishing: bool,
        beats: Beats,
        say: Callable[[str], None],
    ) -> None:
        self._service = service
        self._desk = service.desk
        self._say = say
        self._beats = beats
        self._concurrency = concurrency
        self._queues = [FETCH, PUBLISH] if publishing else [FETCH]
        self._queue = Queue(conninfo, "briefing worker")
        self._settings = settings
        self._slots = SharedSlots(self._desk.host_slots())
        self._collector = self._new_collector()
        self._hands = self._new_hands()
        self._classifying = self._to_classify = False
        self._rounds = Rounds(lambda: deliver(self._desk, self._settings, os.environ), say)
        self._mails = MailRounds(self._desk, lambda: settings.mail, say)
        for name, does in (
            (FETCH, self._fetch),
            (RECHECK, self._recheck),
            (CLASSIFY, self._classify),
            (PUBLISH, self._publish),
            (BRIEF, self._brief),
        ):
            self._queue.work(name, does)

    async def run(self) -> None:
        """Work for ever.

        Raises:
            StoreError: the queue's tables cannot be had.
        """
        async with AsyncExitStack() as opened:
            opened.push_async_callback(self._slots.close)
            if PUBLISH in self._queues:
                looking = asyncio.create_task(self._look_out())
                opened.callback(looking.cancel)
            await opened.enter_async_context(self._queue)
            self._say(f"working, {self._concurrency} jobs at a time")
            while True:
                await self._shift()
                await asyncio.sleep(self._beats.poll)

    async def _look_out(self) -> None:
        """What is to be delivered or mailed and was not taken, or came while nobody published."""
        while True:
            self._send_news()
            await asyncio.sleep(LOOK)

    def _send_news(self) -> None:
        """Only who publishes mails: those share a storage, and with it the word of what is under way."""
        self._rounds.start()
        self._mails.start()

    async def _shift(self) -> None:
        """Until cancelled, or until the database was away: then all that had to do with it is made anew."""
        self._collector, self._hands = self._new_collector(), self._new_hands()
        async with self._collector:
            await self._collector.warm()
            with suppress(ConnectorException):
                await self._hands.run()  # type: ignore[no-untyped-call]  # the library's

    def _new_collector(self) -> Collector:
        """With one parsing process: more processors are used by more workers."""
        return Collector(
            self._desk,
            self._settings.fetch,
            self._settings.site.contact,
            workers=1,
            slots=self._slots,
            site=self._settings.site.url,
            follow=False,
        )

    def _new_hands(self) -> Hands:
        beats = self._beats
        return Hands(
            self._queue.app,
            queues=self._queues,
            concurrency=self._concurrency,
            fetch_job_polling_interval=beats.poll,
            abort_job_polling_interval=60.0,  # nobody asks for that
            shutdown_graceful_timeout=beats.grace,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=beats.heartbeat,
            stalled_worker_timeout=beats.stalled,
        )

    # ------------------------------------------------------------ jobs

    async def _fetch(self, source: str) -> None:
        try:
            await self._read(source)
        except ConcurrentAppend as error:
            self._say(f"{source}: {error}")
        except StoreError as error:  # it may have ended the collector's writer
            self._say(f"{source}: {error}")
            self._hands.stop()  # type: ignore[no-untyped-call]

    async def _read(self, source: str) -> None:
        # The same job can be in the queue twice: somebody may have been quicker.
        found = await self._collector.in_turn(lambda: self._desk.duties.source(source, self._desk.clock()))
        if found is not None:
            await self._collector.collect([found], adapt=True, report=self._tell)

    async def _recheck(self, source: str) -> None:
        try:
            found = await self._collector.in_turn(lambda: self._desk.duties.source(source))
            if found is not None:
                await self._collector.recheck([found], self._tell_recheck)
        except ConcurrentAppend as error:
            self._say(f"{source}: {error}")
        except StoreError as error:
            self._say(f"{source}: {error}")
            self._hands.stop()  # type: ignore[no-untyped-call]

    def _tell_recheck(self, source: str, found: Recheck) -> None:
        if said := recheck_words(found):
            self._say(f"{source}: {said}")

    def _tell(self, result: SourceResult) -> None:
        if result.new or result.revised or result.outcome == "failed":
            said = result.detail or f"{result.new} new, {result.revised} revised"
            self._say(f"{result.source}: {said}")

    async def _classify(self) -> None:
        """Once at a time in this process: a second thread would only stand in the way of the first."""
        self._to_classify = True
        if self._classifying:
            return
        self._classifying = True
        try:
            while self._to_classify:
                self._to_classify = False
                await asyncio.to_thread(self._service.classify, self._call_others(asyncio.get_running_loop()))
        except BriefingError as error:
            self._say(f"classify: {error}")
            return
        finally:
            self._classifying = False
        await self._queue.publish()

    def _call_others(self, loop: asyncio.AbstractEventLoop) -> Callable[[int], None]:
        """Where there is more than a page, others are called to help; whoever hears it may be at it already."""

        def many(done: int) -> None:
            if done >= PAGE:
                asyncio.run_coroutine_threadsafe(self._queue.classify(), loop)

        return many

    async def _publish(self) -> None:
        try:
            found = await asyncio.to_thread(self._service.publish)
            await asyncio.to_thread(self._service.brief_corrected)
        except BriefingError as error:
            self._say(f"publish: {error}")
            return
        self._send_news()
        if found.written:
            self._say(f"{len(found.written)} files written, up to log position {found.position}")

    async def _brief(self, briefing: str) -> None:
        try:
            made = await asyncio.to_thread(self._service.brief_due, briefing)
        except BriefingError as error:
            self._say(f"{briefing}: {error}")
            return
        for one in made:
            if one.fresh:
                self._say(f"{one.briefing} {one.period}, version {one.version}: {one.items} items")
                for note in one.notes:
                    self._say(note)
        self._send_news()
