"""When: every source in its rhythm, documents as items come, the briefing on its day, the configuration as it changes.

Nothing that matters lives in the scheduler. When a source is due follows from what is stored of its last visit, so
that nothing is lost over a restart; the jobs are made anew each time.
"""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from briefing.errors import BriefingError
from briefing.schedule.rhythm import appearing, changed, stamp
from briefing.service import share
from briefing.service.results import recheck_words
from briefing.service.rounds import LOOK, MailRounds, Rounds
from briefing.web import make_app
from briefing.web.listening import serve

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from briefing.model import Briefing, Fetched, Post, Source
    from briefing.service import Service
    from briefing.service.collecting import Collector
    from briefing.service.issuing import BriefResult
    from briefing.service.rechecking import Recheck
    from briefing.service.results import SourceResult

# Sources that were never asked, or are overdue after a pause, are spread over so long each, all over so long at most.
_SPREAD_EACH = timedelta(seconds=0.5)
_SPREAD_ALL = timedelta(seconds=30)
# What comes within so many seconds is published together.
_SETTLE = 2.0
# Seconds between two looks for pages that are to be read again, and sources that are taken at one.
_LOOK, _AT_A_LOOK = 20, 50


class Timetable:
    """Keeps the rhythm of one service; `say` is told what happens, one line each."""

    def __init__(self, service: Service, config: Path, say: Callable[[str], None]) -> None:
        self._service = service
        self._config = config
        self._say = say
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )
        self._taken = stamp(config)
        self._rounds = Rounds(service.deliver, say)
        self._news = asyncio.Event()
        self._collector: Collector | None = None
        self._mails = MailRounds(service.desk, self._mail, say)

    async def serve(self, opened: socket.socket) -> None:
        """Work until SIGTERM or SIGINT, then stop cleanly: what is under way is finished or forgotten, never torn."""
        await asyncio.to_thread(self._service.adopt)
        async with self._service.collector() as collector:
            self._collector = collector
            self._scheduler.start()
            await self._plan()
            helpers = [asyncio.create_task(self._publish_as_it_comes()), asyncio.create_task(self._watch())]
            self._news.set()  # whatever an earlier process left unpublished
            host, port = opened.getsockname()[:2]
            self._say(f"serving http://{host}:{port}/, reading {len(self._sources())} sources")
            try:
                await serve(make_app(self._service, self._receive), opened)
            finally:
                self._scheduler.shutdown(wait=False)
                for task in helpers:
                    task.cancel()
                await asyncio.gather(*helpers, return_exceptions=True)
        self._say("stopped")

    def _sources(self) -> tuple[Source, ...]:
        assert self._service.settings is not None
        return self._service.settings.sources

    def _mail(self) -> Post:
        assert self._service.settings is not None
        return self._service.settings.mail

    # ------------------------------------------------------------ sources

    async def _plan(self) -> None:
        """Make the jobs that the configuration wants, and drop the others."""
        polls = await asyncio.to_thread(self._service.desk.polls.all)
        wanted = {f"source:{source.id}": source for source in self._sources()}
        for job in self._scheduler.get_jobs():
            if job.id not in wanted:
                job.remove()
        for name, source in wanted.items():
            poll = polls.get(source.id)
            self._due(name, source, poll.next_run if poll is not None else None)
        assert self._service.settings is not None
        for briefing in self._service.settings.briefings:
            self._plan_briefing(briefing)
        look = IntervalTrigger(seconds=_LOOK)
        self._scheduler.add_job(self._recheck, look, id="recheck", replace_existing=True)
        self._scheduler.add_job(
            self._look_out, IntervalTrigger(seconds=LOOK), id="deliver", replace_existing=True
        )  # fmt: skip
        self._scheduler.add_job(self._daily, CronTrigger(hour=0), id="daily", replace_existing=True)

    async def _daily(self) -> None:
        """Publish and sign whatever there is; a witness that refused gets another attempt."""
        self._news.set()

    def _due(self, name: str, source: Source, moment: datetime | None) -> None:
        now = self._service.desk.clock()
        if moment is None or moment <= now:
            moment = now + min(_SPREAD_EACH * len(self._sources()), _SPREAD_ALL) * share(source)
        self._scheduler.add_job(partial(self._visit, name, source), DateTrigger(moment), id=name, replace_existing=True)

    async def _visit(self, name: str, source: Source) -> None:
        assert self._collector is not None
        try:
            found = await self._collector.collect([source], adapt=True, report=self._tell)
        finally:
            poll = await asyncio.to_thread(self._service.desk.polls.get, source.id)
            if source in self._sources():  # the configuration may have changed in the meantime
                self._due(name, source, poll.next_run)
        if found.total("events"):
            self._news.set()

    async def _recheck(self) -> None:
        """Read items' own pages again that are due."""
        assert self._collector is not None
        desk = self._service.desk
        try:
            await self._collector.in_turn(lambda: desk.rechecks.plan(desk.clock()))
            due = set(await self._collector.in_turn(lambda: desk.rechecks.due(desk.clock(), _AT_A_LOOK)))
            found = await self._collector.recheck([one for one in self._sources() if one.id in due], self._tell_recheck)
        except BriefingError as error:
            self._say(str(error))
            return
        if any(one.events for one in found):
            self._news.set()

    def _tell_recheck(self, source: str, found: Recheck) -> None:
        if said := recheck_words(found):
            self._say(f"{source}: {said}")

    async def _receive(self, name: str, told: Fetched) -> None:
        """What a hub delivered, recorded in the collector's turn."""
        assert self._collector is not None
        for source in self._sources():
            if source.id == name:
                found = await self._collector.take(source, told)
                self._tell(found)
                if found.events:
                    self._news.set()

    def _tell(self, result: SourceResult) -> None:
        if result.new or result.revised or result.outcome == "failed":
            said = result.detail or f"{result.new} new, {result.revised} revised"
            self._say(f"{result.source}: {said}")

    # ------------------------------------------------------------ documents

    async def _publish_as_it_comes(self) -> None:
        while True:
            await self._news.wait()
            await asyncio.sleep(_SETTLE)
            self._news.clear()
            await self._in_turn(self._publish)
            self._send_checkpoint()
            self._send_news()

    def _send_checkpoint(self) -> None:
        """Send it in a thread that nothing waits for, not even the end of the process."""
        threading.Thread(target=self._witness, name="briefing-checkpoint", daemon=True).start()

    def _send_news(self) -> None:
        """Deliver and mail in threads that nothing waits for: slow receivers hold up nothing."""
        if self._service.delivers:
            self._rounds.start()
        self._mails.start()

    async def _look_out(self) -> None:
        """Attempts that are due again."""
        self._send_news()

    def _witness(self) -> None:
        if fault := self._service.witness():
            self._say(fault)

    def _publish(self) -> None:
        self._service.classify()
        found = self._service.publish()
        if found.written:
            self._say(f"{len(found.written)} files written, up to log position {found.position}")
        self._tell_issues(self._service.brief_corrected())

    def _plan_briefing(self, briefing: Briefing) -> None:
        """On its day; what fell due while nothing ran is made up for at once."""
        assert self._service.settings is not None
        job = partial(self._brief, briefing.id)
        trigger = appearing(briefing, self._service.settings.site.timezone)
        self._scheduler.add_job(job, trigger, id=f"briefing:{briefing.id}", replace_existing=True)
        self._scheduler.add_job(
            job, DateTrigger(self._service.desk.clock()), id=f"briefing:{briefing.id}:now", replace_existing=True
        )

    async def _brief(self, name: str) -> None:
        await self._in_turn(lambda: self._issue(name))
        self._send_checkpoint()
        self._send_news()

    def _issue(self, name: str) -> None:
        self._tell_issues(self._service.brief_due(name))

    def _tell_issues(self, issued: Iterable[BriefResult]) -> None:
        for one in issued:
            if one.fresh:
                self._say(f"{one.briefing} {one.period}, version {one.version}: {one.items} items")
                for note in one.notes:
                    self._say(note)

    async def _in_turn(self, work: Callable[[], Any]) -> None:
        """Work with the database in the collector's turn: there is one writer."""
        assert self._collector is not None
        try:
            await self._collector.in_turn(work)
        except BriefingError as error:
            self._say(str(error))

    # ------------------------------------------------------------ configuration

    async def _watch(self) -> None:
        """Take over sources.yaml when it changes; a broken one is refused with its error, and the old one stays."""
        async for settings in changed(self._config, self._taken, self._say):
            await self._in_turn(partial(self._service.adopt, settings))
            await self._plan()
            self._news.set()
            self._say(f"{self._config.name} taken over: {len(settings.sources)} sources, {len(settings.topics)} topics")
