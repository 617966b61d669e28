"""The verb collect: many sources at once, one writer, one source's failure never another's."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Self, TypeVar

from anyio import CapacityLimiter, to_thread

from briefing.errors import SourceError
from briefing.fetch import Fetcher
from briefing.observe.decisions import wants_page
from briefing.projections import Poll
from briefing.service.reading import Pages, read_pages, read_source
from briefing.service.rechecking import recheck
from briefing.service.recording import Visit, record, sight
from briefing.service.removals import forget
from briefing.service.results import CollectResult, SourceResult
from briefing.sources import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from briefing.fetch import Slots
    from briefing.model import FetchPolicy, Source
    from briefing.service.desk import Desk
    from briefing.service.reading import Reading
    from briefing.service.recording import Record

T = TypeVar("T")

_PARSING = 30.0  # seconds of parsing at least: ten thousand entries take a few on a busy machine
_AT_ONCE = 24  # sources under way: enough to keep two cores busy, few enough to stay small
_BATCH = 32  # visits recorded with one step of the read models
MOST_PAGES = 100  # items' own pages read at one visit; the rest waits for the next


class Collector:
    """Reads sources for as long as it is open; used as `async with`. One collector has one HTTP client.

    Args:
        desk: the log and what was made of it.
        policy: limits and pace.
        contact: where a publisher finds us.
        workers: parsing processes.
        slots: where turns at hosts are counted; in this collector by default.
        follow: whether the read models follow what was found. One of many workers leaves that to who needs them.
    """

    def __init__(
        self,
        desk: Desk,
        policy: FetchPolicy,
        contact: str,
        *,
        workers: int,
        slots: Slots | None = None,
        follow: bool = True,
    ) -> None:
        self._desk = desk
        self._policy = policy
        self._fetcher = Fetcher(policy, contact=contact, robots=_Robots(desk), slots=slots)
        self._follow = follow
        self._workers = Workers(workers, timeout=max(policy.timeout.total_seconds(), _PARSING))
        self._database = CapacityLimiter(1)
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._busy: set[str] = set()
        self._queue: asyncio.Queue[_Job] = asyncio.Queue(_BATCH)
        self._open = AsyncExitStack()
        self._writer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._open.enter_async_context(self._workers)
        await self._open.enter_async_context(self._fetcher)
        self._writer = asyncio.create_task(self._write())
        self._open.push_async_callback(_stopped, self._writer)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def collect(
        self,
        sources: Sequence[Source],
        *,
        rechecking: bool = False,
        confirm_withdrawn: bool = False,
        adapt: bool = False,
        report: Callable[[SourceResult], None] | None = None,
    ) -> CollectResult:
        """Read these sources; `report` is told each result as it comes.

        With `rechecking` the items' own pages that were read before are read again; `confirm_withdrawn` takes one
        404 or 410 for proof. `adapt` lets the pace follow what was found. A source that is under way already is left
        out.
        """
        began = time.monotonic()
        free = [source for source in sources if source.id not in self._busy]
        self._busy.update(source.id for source in free)
        try:
            names = [source.id for source in free]
            rows, polls = await self.in_turn(
                lambda: (self._desk.library.source_rows(names), self._desk.polls.all(names))
            )

            async def one(source: Source) -> SourceResult:
                async with self._at_once:
                    poll = polls.get(source.id, Poll(source=source.id))
                    visit = await self._visit(source, poll, rows[source.id]["moved"])
                    result = _result(visit, await self._recorded(visit, adapt=adapt))
                    if rechecking:
                        result = await self._recheck(visit, result, confirm=confirm_withdrawn)
                if report is not None:
                    report(result)
                return result

            results = await _all_of([one(source) for source in free])
        finally:
            self._busy.difference_update(source.id for source in free)
        if self._follow:
            await self.in_turn(self._desk.projector.catch_up)
        return CollectResult(results=tuple(results), seconds=time.monotonic() - began)

    async def _visit(self, source: Source, poll: Poll, moved: str) -> Visit:
        began, started = time.monotonic(), self._desk.clock()
        try:
            reading = await read_source(source, poll, moved, self._fetcher, self._workers)
            pages = await self._pages(source, reading, poll)
        except SourceError as error:
            return Visit(source=source, poll=poll, started=started, seconds=time.monotonic() - began, error=error)
        seconds = time.monotonic() - began
        return Visit(source=source, poll=poll, started=started, seconds=seconds, reading=reading, pages=pages)

    async def _pages(self, source: Source, reading: Reading, poll: Poll) -> Pages:
        whole = source.full_text == "auto" and all(entry.complete for entry in reading.parsed.entries)
        if source.full_text == "never" or whole or not reading.parsed.entries:
            return Pages()
        await self.in_turn(self._desk.projector.catch_up)
        sightings = await self.in_turn(lambda: sight(self._desk, source, reading, poll))
        wanted = [sighting.entry for sighting in sightings if wants_page(source, sighting)]
        pages = await read_pages(source, wanted[:MOST_PAGES], poll, self._fetcher, self._workers)
        left = {entry.url: 0 for entry in wanted[MOST_PAGES:]}
        return replace(pages, waiting={**pages.waiting, **left})

    async def _recheck(self, visit: Visit, result: SourceResult, *, confirm: bool) -> SourceResult:
        found = await recheck(
            self._desk,
            visit.source,
            self._fetcher,
            self._workers,
            in_turn=self.in_turn,
            confirm=confirm,
            just_read=visit.pages.articles.keys(),
        )
        return replace(
            result,
            revised=result.revised + found.revised,
            withdrawn=found.withdrawn,
            restored=found.restored,
            events=result.events + found.events,
            detail="; ".join(filter(None, (result.detail, found.detail))),
        )

    async def in_turn(self, work: Callable[[], T]) -> T:
        """Do something with the database, outside the event loop, one thing at a time."""
        return await to_thread.run_sync(work, limiter=self._database)

    # ------------------------------------------------------------ the one writer

    async def _recorded(self, visit: Visit, *, adapt: bool) -> Record:
        assert self._writer is not None
        if self._writer.done():
            self._writer.result()  # raises what ended the writer
        job = _Job(visit=visit, adapt=adapt, done=asyncio.get_running_loop().create_future())
        self._queue.put_nowait(job)  # it holds more than can be under way
        return await job.done

    async def _write(self) -> None:
        while True:
            jobs = [await self._queue.get()]
            while len(jobs) < _BATCH and not self._queue.empty():
                jobs.append(self._queue.get_nowait())
            batch = [(job.visit, job.adapt) for job in jobs]
            try:
                records = await self.in_turn(lambda batch=batch: self._record(batch))  # type: ignore[misc]  # B023
            except BaseException as error:
                while not self._queue.empty():
                    jobs.append(self._queue.get_nowait())
                for job in jobs:  # whoever waits is told what ended the writer
                    if not job.done.done():
                        job.done.set_exception(error)
                raise
            for job, done in zip(jobs, records, strict=True):
                if not job.done.done():
                    job.done.set_result(done)

    def _record(self, batch: list[tuple[Visit, bool]]) -> list[Record]:
        records, polls, pages = zip(*record(self._desk, batch, self._policy), strict=True)
        self._desk.polls.put(polls, chain.from_iterable(pages))
        forget(
            self._desk, [poll.source for poll in polls]
        )  # an item may have been taken down since its page was asked for
        return list(records)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    visit: Visit
    adapt: bool
    done: asyncio.Future[Record]


async def _all_of(works: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """The results of all; where one fails, the others are stopped and its fault is raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _stopped(writer: asyncio.Task[None]) -> None:
    writer.cancel()
    await asyncio.gather(writer, return_exceptions=True)


class _Robots:
    """Copies of robots.txt, kept with the polls."""

    def __init__(self, desk: Desk) -> None:
        self._polls = desk.polls
        self._clock = desk.clock

    def get(self, origin: str) -> tuple[str | None, float] | None:
        """See `briefing.fetch.RobotsCache`."""
        return self._polls.robots(origin)

    def put(self, origin: str, text: str | None) -> None:
        """See `briefing.fetch.RobotsCache`."""
        self._polls.put_robots(origin, text, self._clock().timestamp())


def _result(visit: Visit, done: Record) -> SourceResult:
    error, reading = done.error, visit.reading
    outcome = "failed" if error is not None else "unchanged" if reading is not None and reading.unchanged else "read"
    waiting = len(visit.pages.waiting)
    return SourceResult(
        source=visit.source.id,
        outcome=outcome,
        status=reading.status if reading is not None else error.status if error is not None else None,
        seen=done.seen,
        new=done.new,
        revised=done.revised,
        withdrawn=0,
        restored=0,
        aliased=done.aliased,
        events=done.events,
        waiting=waiting,
        failure=error.failure if error is not None else "",
        detail=str(error) if error is not None else "",
        seconds=round(visit.seconds, 3),
    )
