"""The verb collect: many sources at once, one writer, one source's failure never another's."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Self, TypeVar

from anyio import CapacityLimiter, to_thread

from briefing.errors import SourceError, bare
from briefing.fetch import Fetcher, access_of
from briefing.observe.decisions import wants_page
from briefing.projections import Poll
from briefing.service.backfilling import Backfiller
from briefing.service.naming import SelfNames
from briefing.service.pushing import Subscriber
from briefing.service.reading import Pages, Reading, read_pages, read_source, reading_mark
from briefing.service.rechecking import Looker, Recheck, recheck, recheck_due
from briefing.service.recording import READ, Visit, record, sight
from briefing.service.removals import forget
from briefing.service.results import CollectResult, SourceResult
from briefing.sources import Workers, chooses

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from briefing.fetch import Slots
    from briefing.model import Fetched, FetchPolicy, Source
    from briefing.service.desk import Desk
    from briefing.service.recording import Record

T = TypeVar("T")

_PARSING = 20.0  # seconds of parsing at least: ten thousand entries take a few on a busy machine
_AT_ONCE = 24  # sources under way: enough to keep two cores busy, few enough to stay small
_BATCH = 128  # visits recorded with one step of the read models
_LINGER = 0.25  # seconds for which a batch waits for more
_FEW = 8  # visits under way for which no batch waits: those that wait for it hold their places
_LITTLE = 20_000  # characters that a visit brings, of which a thousand may wait to be recorded
MOST_PAGES = 100  # items' own pages read at one visit; the rest waits for the next


class Collector:
    """Reads sources for as long as it is open; used as `async with`. One collector has one HTTP client.

    Args:
        desk: the log and what was made of it.
        policy: limits and pace.
        contact: where a publisher finds us.
        workers: parsing processes.
        slots: where turns at hosts are counted; in this collector by default.
        site: where readers find the site; where hubs can reach it too, subscriptions are asked for.
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
        site: str = "",
        follow: bool = True,
    ) -> None:
        self._desk = desk
        self._policy = policy
        self._fetcher = Fetcher(policy, contact=contact, robots=_Robots(desk), slots=slots)
        self._follow = follow
        self._subscriber = Subscriber(desk, self._fetcher, policy, site, self.in_turn)
        self._workers = Workers(workers, timeout=max(policy.timeout.total_seconds(), _PARSING))
        self._names = SelfNames()
        self._database = CapacityLimiter(1)
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._busy: set[str] = set()
        self._queue: asyncio.Queue[_Job] = asyncio.Queue()
        self._visiting = 0
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

    async def warm(self) -> None:
        """Have ready what the first source would wait for."""
        await self._workers.warm()

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
            rows, polls, pushes, open_gaps = await self.in_turn(
                lambda: (
                    self._desk.library.source_rows(names),
                    self._desk.polls.all(names),
                    self._desk.pushes.all(names) if adapt else {},
                    {gap.source for gap in self._desk.library.gaps(names, state="open")},
                )
            )

            async def one(source: Source) -> SourceResult:
                async with self._at_once:
                    poll, row = polls.get(source.id, Poll(source=source.id)), rows[source.id]
                    if row["state"] not in READ and poll.documents:
                        # Whoever was killed between the log and the polls left validators: a 304 would prove nothing.
                        poll = replace(poll, documents={})
                    visit = replace(await self._visit(source, poll, row), push=pushes.get(source.id))
                    record = None if _is_little(visit) else await self._recorded(visit, adapt=adapt)
                # What says next to nothing new holds little that others would have to wait for: many are recorded at
                # once.
                record = record or await self._recorded(visit, adapt=adapt)
                result = _result(visit, record)
                past = _wants_past(source, row)
                if visit.reading is not None and (record.gap or past or source.id in open_gaps):
                    async with self._at_once:
                        result = await self._backfill(visit, result, past=past)
                if adapt:
                    await self._subscriber.keep(visit, record.lost)
                if rechecking:
                    async with self._at_once:
                        result = await self._recheck(visit, result, confirm=confirm_withdrawn)
                if report is not None:
                    report(result)
                return result

            results = await _all_of([one(source) for source in free])
        finally:
            self._busy.difference_update(source.id for source in free)
        if adapt:
            await self._subscriber.tidy()
        if self._follow:
            await self.in_turn(self._desk.projector.catch_up)
        return CollectResult(results=tuple(results), seconds=time.monotonic() - began)

    async def recheck(
        self, sources: Sequence[Source], report: Callable[[str, Recheck], None] | None = None
    ) -> list[Recheck]:
        """Read again the pages of these sources' items that are due; `report` is told what came of each source.

        A source that is under way already is left out. One that cannot be read never stops the others.
        """
        free = [source for source in sources if source.id not in self._busy]
        self._busy.update(source.id for source in free)

        async def one(source: Source) -> Recheck:
            async with self._at_once:
                try:
                    found = await recheck_due(self._looker(source), source)
                except SourceError as error:
                    found = Recheck(detail=str(error))
            if report is not None:
                report(source.id, found)
            return found

        try:
            found = await _all_of([one(source) for source in free])
        finally:
            self._busy.difference_update(source.id for source in free)
        if self._follow and free:
            await self.in_turn(self._desk.projector.catch_up)
        return found

    def _looker(self, source: Source) -> Looker:
        """What looking again at a source needs; a SourceError where it cannot be asked as it wants to be."""
        fetcher = self._fetcher.on_behalf(access_of(source, os.environ))
        return Looker(desk=self._desk, fetcher=fetcher, workers=self._workers, in_turn=self.in_turn)

    async def take(self, source: Source, told: Fetched) -> SourceResult:
        """Record what a hub delivered for a source (WebSub): some entries, of which nothing follows for the others."""
        started, began = self._desk.clock(), time.monotonic()
        poll = await self.in_turn(lambda: self._desk.polls.get(source.id))
        try:
            parsed = await self._workers.parse(source, told, frozenset(poll.entries))
            mark = reading_mark(source)
            reading = Reading(
                parsed=parsed, mark=mark, unchanged=False, partly=True, status=told.status, documents=poll.documents,
                parts=poll.parts,
            )  # fmt: skip
            fetcher = self._fetcher.on_behalf(access_of(source, os.environ))
            pages = await self._pages(source, reading, poll, fetcher)
        except SourceError as error:
            return _failed(source, error)
        seconds = time.monotonic() - began
        visit = Visit(
            source=source, poll=poll, started=started, seconds=seconds, reading=reading, pages=pages, pushed=True
        )
        result = _result(visit, await self._recorded(visit, adapt=False))
        if self._follow:
            await self.in_turn(self._desk.projector.catch_up)
        return result

    async def _visit(self, source: Source, poll: Poll, row: Mapping[str, Any]) -> Visit:
        began, started = time.monotonic(), self._desk.clock()
        self._visiting += 1
        try:
            fetcher = self._fetcher.on_behalf(access_of(source, os.environ))
            reading = await read_source(source, poll, row["moved"], fetcher, self._workers)
            pages = await self._pages(source, reading, poll, fetcher)
            named = await self._names.found(source, reading, row, fetcher, self._workers)
        except SourceError as error:
            return Visit(source=source, poll=poll, started=started, seconds=time.monotonic() - began, error=bare(error))
        finally:
            self._visiting -= 1
        seconds = time.monotonic() - began
        return Visit(
            source=source, poll=poll, started=started, seconds=seconds, reading=reading, pages=pages, named=named
        )

    async def _pages(self, source: Source, reading: Reading, poll: Poll, fetcher: Fetcher) -> Pages:
        whole = source.full_text == "auto" and all(entry.complete for entry in reading.parsed.entries)
        if source.full_text == "never" or whole or not reading.parsed.entries:
            return Pages()
        await self.in_turn(self._desk.projector.catch_up)
        sightings = await self.in_turn(lambda: sight(self._desk, source, reading, poll))
        wanted = [sighting.entry for sighting in sightings if wants_page(source, sighting)]
        pages = await read_pages(source, wanted[:MOST_PAGES], poll, fetcher, self._workers)
        left = {entry.url: 0 for entry in wanted[MOST_PAGES:]}
        return replace(pages, waiting={**pages.waiting, **left})

    async def _backfill(self, visit: Visit, result: SourceResult, *, past: bool) -> SourceResult:
        fetcher = self._fetcher.on_behalf(access_of(visit.source, os.environ))
        backfiller = Backfiller(self._desk, visit, fetcher, self._workers, self.in_turn)
        found = await backfiller.fill(past=past)
        return replace(
            result,
            new=result.new + found.new,
            events=result.events + found.events,
            detail="; ".join(filter(None, (result.detail, *found.said))),
        )

    async def _recheck(self, visit: Visit, result: SourceResult, *, confirm: bool) -> SourceResult:
        try:
            looker = self._looker(visit.source)
        except SourceError:
            return result  # the visit told it already
        found = await recheck(looker, visit.source, confirm=confirm, just_read=visit.pages.articles.keys())
        return replace(
            result,
            revised=result.revised + found.revised,
            withdrawn=result.withdrawn + found.withdrawn,
            restored=result.restored + found.restored,
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
        self._queue.put_nowait(job)
        return await job.done

    async def _write(self) -> None:
        while True:
            jobs = [await self._queue.get()]
            await self._gathered()
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

    async def _gathered(self) -> None:
        """Wait a little where many are under way: a batch costs as much as ten visits in it that found nothing."""
        ends = time.monotonic() + _LINGER
        while self._visiting > _FEW and self._queue.qsize() < _BATCH and time.monotonic() < ends:  # noqa: ASYNC110 - a time ends it too
            await asyncio.sleep(_LINGER / 20)

    def _record(self, batch: list[tuple[Visit, bool]]) -> list[Record]:
        records, polls, pages, attempts = zip(*record(self._desk, batch, self._policy), strict=True)
        self._desk.polls.put(polls, chain.from_iterable(pages), attempts)
        self._desk.polls.put_left_out(_left_out([visit for visit, _ in batch]))
        # An item may have been taken down since its page was asked for.
        forget(self._desk, [poll.source for poll in polls])
        return list(records)


def _is_little(visit: Visit) -> bool:
    """Whether a thousand visits of this kind may wait to be recorded."""
    if visit.reading is None or visit.reading.unchanged:
        return True
    held = sum(len(entry.text) + len(entry.html) for entry in visit.reading.parsed.entries)
    return held + sum(len(one.text) + len(one.html) for one in visit.pages.articles.values()) <= _LITTLE


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


def _left_out(visits: Sequence[Visit]) -> dict[str, tuple[int, int]]:
    """What the rules of sources left out of the answers they gave just now."""
    return {
        visit.source.id: (visit.reading.parsed.excluded, visit.reading.parsed.foreign)
        for visit in visits
        if visit.reading is not None and not visit.reading.unchanged and chooses(visit.source)
    }


def _failed(source: Source, error: SourceError) -> SourceResult:
    """A delivery that cannot be read: no word about the source itself."""
    return SourceResult(
        source=source.id, outcome="failed", status=None, seen=0, new=0, revised=0, withdrawn=0, restored=0, aliased=0,
        events=0, waiting=0, failure=error.failure, detail=str(error), seconds=0.0,
    )  # fmt: skip


def _wants_past(source: Source, row: Mapping[str, Any]) -> bool:
    """Whether what was published before first sight is wanted and has not been taken in."""
    return source.backfill_since is not None and row["backfilled"] != source.backfill_since


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
        withdrawn=done.withdrawn,
        restored=done.restored,
        aliased=done.aliased,
        events=done.events,
        waiting=waiting,
        failure=error.failure if error is not None else "",
        detail=str(error) if error is not None else "",
        seconds=round(visit.seconds, 3),
        excluded=done.excluded,
        foreign=done.foreign,
    )
