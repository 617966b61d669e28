"""When, for many workers: one scheduler leads and puts jobs into the queue; the others wait to take its place."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from briefing.config import load
from briefing.errors import BriefingError, ConfigError
from briefing.schedule.rhythm import appearing, changed, stamp
from briefing.service.classifying import unlabelled
from briefing.workers import Queue, lead

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from briefing.model import Briefing
    from briefing.service import Service
    from briefing.workers import Beats

# Seconds between two looks for sources that are due and for news to publish.
_TICK = 1.0
# Seconds between two looks for pages that are to be read again.
_LOOK = 20.0
# At most so many sources wait in the queue: those longest overdue come first, whatever was put in before.
_WAITING = 500
# Seconds after which a source that is still due is put in once more: its job may have failed.
_AGAIN = 60.0
# A round of labels and publishing begins at the earliest after so many times the seconds that the last one took.
_REST, _LONGEST_REST = 2.0, 10.0


class _Told:
    """When news was told last. After a round that took long the next one waits: where much comes at once, what is
    read first would otherwise be published over and over for the sake of what is read next.
    """

    def __init__(self) -> None:
        self._head = 0
        self._at = 0.0
        self._took: float | None = 0.0  # seconds of the last round; None while it lasts

    def due(self, head: int, published: int, now: float) -> bool:
        """Whether to tell now that the log reaches to `head` and the published files to `published`."""
        if self._took is None and published >= self._head:
            self._took = now - self._at
        # A round that does not end may have failed.
        waits = _AGAIN if self._took is None else min(_REST * self._took, _LONGEST_REST)
        if head <= published or now < self._at + waits:
            return False
        self._head, self._at, self._took = head, now, None
        return True


class Scheduler:
    """Decides what is due; used as one of any number on the same database.

    Nothing is kept in mind that the next leader needs: what is due follows from the log and the last polls.
    """

    def __init__(
        self, service: Service, config: Path, conninfo: str, *, beats: Beats, say: Callable[[str], None]
    ) -> None:
        self._service = service
        self._desk = service.desk
        self._config = config
        self._conninfo = conninfo
        self._beats = beats
        self._say = say
        self._queue = Queue(conninfo, "briefing scheduler", connections=2)
        self._asked: dict[tuple[str, str | None], float] = {}
        self._news_told = _Told()
        self._labelled = -1  # the end of the log when nothing waited for labels

    async def run(self) -> None:
        """Lead, or wait to lead, until cancelled.

        Raises:
            StoreError: the queue's tables cannot be had.
        """
        async with self._queue:
            self._say("waiting to lead")
            await lead(self._conninfo, self._safely(self._lead), beats=self._beats, say=self._say)

    async def _lead(self) -> None:
        taken = stamp(self._config)
        await self._adopt_file()
        self._asked, self._news_told = {}, _Told()
        jobs = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )
        # The first look at once: whoever takes over has waited long enough.
        fetch, began = self._safely(self._fetch), self._desk.clock()
        jobs.add_job(fetch, IntervalTrigger(seconds=_TICK), id="fetch", next_run_time=began)
        jobs.add_job(self._safely(self._rechecks), IntervalTrigger(seconds=_LOOK), id="rechecks")
        jobs.add_job(self._safely(self._news), IntervalTrigger(seconds=_TICK), id="news")
        jobs.add_job(self._safely(self._reap), IntervalTrigger(seconds=self._beats.heartbeat), id="reap")
        self._plan_briefings(jobs)
        jobs.start()
        self._say("leading")
        try:
            async for settings in changed(self._config, taken, self._say):
                await asyncio.to_thread(self._service.adopt, settings)
                self._plan_briefings(jobs)
                self._say(
                    f"{self._config.name} taken over: {len(settings.sources)} sources, {len(settings.topics)} topics"
                )
        finally:
            jobs.shutdown(wait=False)
            self._say("not leading any more")

    async def _adopt_file(self) -> None:
        """What the file says now: it may have changed while another led."""
        try:
            settings = await asyncio.to_thread(load, self._config)
        except ConfigError as error:
            self._say(f"{error}\nThe configuration from before stays in force.")
            return
        await asyncio.to_thread(self._service.adopt, settings)

    def _plan_briefings(self, jobs: AsyncIOScheduler) -> None:
        """Each on its day; what fell due while nobody led is made up for at once."""
        settings = self._service.settings
        assert settings is not None
        wanted: dict[str, Briefing] = {f"briefing:{one.id}": one for one in settings.briefings}
        for job in jobs.get_jobs():
            if job.id.startswith("briefing:") and job.id.removesuffix(":now") not in wanted:
                job.remove()
        for name, briefing in wanted.items():
            work = self._safely(lambda name=briefing.id: self._queue.brief(name))  # type: ignore[misc]  # B023
            jobs.add_job(work, appearing(briefing, settings.site.timezone), id=name, replace_existing=True)
            jobs.add_job(work, DateTrigger(self._desk.clock()), id=f"{name}:now", replace_existing=True)

    # ------------------------------------------------------------ what is due

    async def _fetch(self) -> None:
        """Put in what is due. What was put in a moment ago and is still due is being read."""
        due = await asyncio.to_thread(self._desk.duties.due, self._desk.clock(), _WAITING)
        now = time.monotonic()
        self._asked = {one: at for one in due if (at := self._asked.get(one)) is not None and at + _AGAIN > now}
        wanted = [one for one in due if one not in self._asked]
        await self._queue.fetch([source for source, _ in wanted])
        self._asked.update(dict.fromkeys(wanted, now))

    async def _rechecks(self) -> None:
        """Put in the sources with pages that are to be read again."""

        def due() -> list[str]:
            self._desk.rechecks.plan(self._desk.clock())
            return self._desk.rechecks.due(self._desk.clock(), _WAITING)

        await self._queue.recheck(await asyncio.to_thread(due))

    async def _news(self) -> None:
        """Have labelled and published what the log has and the published files have not."""
        head, done = await asyncio.to_thread(self._done)
        if self._news_told.due(head, done, time.monotonic()):
            await self._queue.classify()

    def _done(self) -> tuple[int, int]:
        """Where the log ends, and up to where nothing is left to be done for readers.

        Files may have been written while labels were still to come: then they are up with the log, and not done.
        """
        head, published = self._desk.store.head(), self._desk.library.published()
        if published >= head and head != self._labelled:
            if unlabelled(self._desk):
                return head, head - 1
            self._labelled = head
        return head, published

    async def _reap(self) -> None:
        count = await self._queue.reap(self._beats.stalled)
        if count:
            self._say(f"{count} jobs taken back from workers that gave no sign of life")

    def _safely(self, work: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
        """The work; a fault is told, and the next time comes."""

        async def safe() -> None:
            try:
                await work()
            except BriefingError as error:
                self._say(str(error))

        return safe
