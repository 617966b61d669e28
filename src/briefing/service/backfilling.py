"""Reading older pages: what was missed while a list rolled over, and what is wanted from before first sight."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from briefing import events
from briefing.errors import SourceError
from briefing.fetch import FEED_ACCEPT, PAGE_ACCEPT
from briefing.observe.decisions import Fact
from briefing.observe.paging import Span, dated, missed, same_site, ways
from briefing.service.desk import source_stream
from briefing.service.rechecking import GONE
from briefing.service.taking import known_entries, take
from briefing.service.trails import Budget, Limits, Trail, left

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import datetime

    from briefing.fetch import Fetcher
    from briefing.model import Gap, Parsed, Source
    from briefing.observe.paging import Way
    from briefing.service.desk import Desk
    from briefing.service.recording import Visit
    from briefing.sources import Workers

    InTurn = Callable[[Callable[[], Any]], Awaitable[Any]]

_PATIENCE = timedelta(days=7)  # so long what could not be read, or was too much for one visit, is tried again
_WEAKER = frozenset({"no-way", "ended", "passed"})  # reasons that say less than that of another way
_AGAIN = frozenset({"", "unfinished", "failed"})
_GOES_ON = frozenset({"unfinished", "failed"})
_IDLE = 2  # pages in a row that bring nothing that was not on those before them: the number is not heeded


GAP = Limits(pages=50, items=500, seconds=120)
PAST = Limits(pages=200, items=1000, seconds=300)


@dataclass(slots=True, kw_only=True)
class Backfill:
    """What older pages brought: `new` items, `events` altogether, and a sentence on each gap."""

    new: int = 0
    events: int = 0
    said: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """How looking for what is older ended: by which way, with how many new items; no `reason` where it is whole."""

    how: str = ""
    reason: str = "no-way"
    items: int = 0


def configured_anew(visit: Visit) -> bool:
    """Whether the source is read by other rules than at the visit before."""
    return visit.reading is not None and visit.reading.mark != visit.poll.reading


def due(visit: Visit, gap: Gap, now: datetime) -> bool:
    """Whether to look into a gap at this visit: while it is young, and whenever the source was configured anew."""
    return configured_anew(visit) or (gap.reason in _AGAIN and now - gap.at < _PATIENCE)


class Backfiller:
    """Reads the older pages of one source at one visit."""

    def __init__(self, desk: Desk, visit: Visit, fetcher: Fetcher, workers: Workers, in_turn: InTurn) -> None:
        self._desk = desk
        self._visit = visit
        self._source = visit.source
        self._fetcher = fetcher
        self._workers = workers
        self._in_turn = in_turn
        self._done = Backfill()
        self._anew = configured_anew(visit)

    async def fill(self, *, past: bool) -> Backfill:
        """Close what gaps can be closed; with `past` take in what is asked for from before first sight."""
        name = self._source.id
        await self._in_turn(self._desk.projector.catch_up)
        gaps = await self._in_turn(lambda: self._desk.library.gaps([name], state="open"))
        if self._anew:
            for key in (*(gap.position for gap in gaps), 0):
                await self._in_turn(partial(self._desk.cursors.drop, name, key))
        for gap in gaps:
            if await self._in_turn(partial(self._in_window, gap)):
                await self._settle(gap, _Search(how="window", reason=""))
            elif due(self._visit, gap, self._desk.clock()):
                await self._settle(gap, await self._search(GAP, await self._in_turn(partial(self._span, gap)), gap))
        if past and self._source.backfill_since:
            await self._take_in(self._source.backfill_since)
        return self._done

    def _span(self, gap: Gap) -> Span:
        newest = self._desk.library.item(gap.newest) if gap.newest else None
        return Span.behind(newest.published if newest is not None else None)

    def _in_window(self, gap: Gap) -> bool:
        """Whether the source's own list holds something known from before the gap again."""
        listed = self._desk.polls.get(self._source.id).entries.values()
        return bool(self._desk.library.known_before(listed, gap.position))

    async def _settle(self, gap: Gap, found: _Search) -> None:
        await self._in_turn(partial(self._told, gap, goes_on=found.reason in _GOES_ON))
        items = gap.items + found.items
        event: events.Event
        if not found.reason:
            event = events.GapClosed(source=gap.source, gap=gap.position, how=found.how, items=items)
            key = f"gap-closed:{gap.position}"
        elif (found.reason, items) == (gap.reason, gap.items):
            return
        else:
            event = events.GapLeftOpen(
                source=gap.source, gap=gap.position, reason=found.reason, how=found.how, items=items
            )
            key = f"gap-left-open:{gap.position}:{found.reason}:{items}"
        await self._append(Fact(event=event, key=key))
        state = "closed" if not found.reason else f"left open ({found.reason})"
        self._done.said.append(f"a possible gap was {state}, {items} items found in it")

    def _told(self, gap: Gap, *, goes_on: bool) -> None:
        """What was found is told of now; where the search is over, so is its cursor."""
        cursors = self._desk.cursors
        cursor = cursors.get(gap.source, gap.position)
        if cursor is not None and goes_on:
            cursors.put(replace(cursor, items=0))
        elif cursor is not None:
            cursors.drop(gap.source, gap.position)

    async def _take_in(self, since: str) -> None:
        found = await self._search(PAST, Span(oldest=since))
        if found.reason in ("unfinished", "failed"):
            self._done.said.append(f"older items back to {since}: {found.items} taken in, the next visit goes on")
            return
        await self._in_turn(lambda: self._desk.cursors.drop(self._source.id, 0))
        # An archive that ends before that day has been taken in whole.
        reason = "" if found.reason == "ended" else found.reason
        event = events.SourceBackfilled(
            source=self._source.id, since=since, how=found.how, items=found.items, reason=reason
        )
        await self._append(Fact(event=event, key=f"backfilled:{self._source.id}:{since}"))

    async def _append(self, fact: Fact) -> None:
        await self._in_turn(lambda: self._desk.append(source_stream(self._source.id), [fact]))
        await self._in_turn(self._desk.projector.catch_up)
        self._done.events += 1

    # ------------------------------------------------------------ older pages

    async def _search(self, limits: Limits, span: Span, gap: Gap | None = None) -> _Search:
        """Go each way until one leads far enough back: to what was known before the gap, without one past the span."""
        key = gap.position if gap is not None else 0
        cursor = await self._in_turn(lambda: self._desk.cursors.get(self._source.id, key))
        budget = Budget(limits, before=cursor.pages if cursor is not None else 0)
        ended = _Search()
        items = cursor.items if cursor is not None else 0  # found by a search that was killed, or not told of yet
        try:
            own = await self._own()
        except SourceError:
            return _Search(reason="failed", items=items)
        open_ways = [*ways(replace(self._source, url=self._address()), own.links, own.generator)]
        for way in left(open_ways, cursor):
            trail = Trail(self._source.id, key, way, cursor, items)
            found = await self._go(way, budget, span, gap, trail)
            items += found.items
            if not found.reason:
                return replace(found, items=items)
            ended = found if ended.reason in _WEAKER else ended
            if budget.spent:
                break
        return replace(ended, items=items)

    async def _own(self) -> Parsed:
        """The source's own document: what it links to."""
        reading = self._visit.reading
        assert reading is not None
        if not reading.unchanged:
            return reading.parsed
        return (await self._read(self._source, self._address()))[0]

    def _address(self) -> str:
        reading = self._visit.reading
        return (reading.moved if reading is not None else "") or self._source.url

    async def _go(self, way: Way, budget: Budget, span: Span, gap: Gap | None, trail: Trail) -> _Search:
        taken = 0
        reason = "ended"
        try:
            async for at, parsed in self._pages(way, budget, trail.start):
                step = await self._page(way, parsed, budget, span, gap)
                taken += step.items
                if step.reason in ("ended", "unfinished"):
                    cursor = trail.reached(at, pages=budget.read, items=taken)
                    await self._in_turn(partial(self._desk.cursors.put, cursor))
                if step.reason != "ended":
                    return replace(step, how=way.name, items=taken)
        except SourceError as error:
            reason = "failed" if error.status not in GONE else "ended"
        reason = budget.reason or reason
        return _Search(how=way.name, reason=reason, items=taken)

    async def _page(self, way: Way, parsed: Parsed, budget: Budget, span: Span, gap: Gap | None) -> _Search:
        """Take in what one page brings; no reason where it reaches far enough back, "ended" where it does not yet."""
        sighted = await self._in_turn(lambda: known_entries(self._desk, self._source, parsed.entries))
        held = [item for _, item in sighted if item is not None]
        passed = span.passed(parsed.entries)
        if gap is not None:
            before = await self._in_turn(lambda: self._desk.library.known_before(held, gap.position))
            wanted = missed(sighted, before, span)
            if way.name == "sitemap":  # in no order: only dates tell
                first = span.newest or gap.since.date().isoformat()
                wanted = [entry for entry, item in sighted if item is None and dated(entry) >= first]
            ended = "" if before else "passed" if passed else "ended"
        else:
            wanted = [entry for entry, item in sighted if item is None and span.holds(entry)]
            ended = "" if passed else "ended"
        room = max(0, budget.limits.items - budget.items)
        taken = await take(
            self._desk,
            self._source,
            wanted[:room],
            self._fetcher,
            self._workers,
            in_turn=self._in_turn,
            since="" if gap is not None else span.oldest,
            patient=gap is not None and self._desk.clock() - gap.at < timedelta(days=1),
            until=budget.until,
        )
        budget.items += taken.new
        self._done.new += taken.new
        self._done.events += taken.events
        whole = len(wanted) <= room and not taken.left
        return _Search(reason=ended if whole else "unfinished", items=taken.new)

    async def _pages(self, way: Way, budget: Budget, start: str) -> AsyncIterator[tuple[str, Parsed]]:
        """The pages of a way, each with its address or number, from the one on at which an earlier visit stopped."""
        if way.name == "sitemap":
            async for parsed in self._sitemap(way, budget):
                yield way.start, parsed
        elif way.template:
            async for numbered in self._numbered(way, budget, start):
                yield numbered
        else:
            async for linked in self._linked(way, budget, start):
                yield linked

    async def _linked(self, way: Way, budget: Budget, start: str) -> AsyncIterator[tuple[str, Parsed]]:
        url, seen = start or way.start, {way.source.url}
        if way.name == "listing":
            seen = set()
        while url and url not in seen and budget.allows():
            seen.add(url)
            parsed, _ = await self._read(way.source, url)
            yield url, parsed
            url = parsed.links.get(way.relation, "")
            if not same_site(way.source.url, url):
                return

    async def _numbered(self, way: Way, budget: Budget, start: str) -> AsyncIterator[tuple[str, Parsed]]:
        seen: set[str] = set()
        if way.start and not start and budget.allows():
            parsed, _ = await self._read(way.source, way.start)
            seen.update(entry.digest for entry in parsed.entries)
            yield "", parsed
        idle = 0
        for number in count(int(start) if start else way.first):
            if not budget.allows():
                return
            try:
                parsed, _ = await self._read(way.source, way.numbered(number))
            except SourceError as error:
                if number == way.first == 1 and error.status in GONE:
                    continue  # the first of the older pages is number 2 here
                raise
            fresh = {entry.digest for entry in parsed.entries} - seen
            idle = 0 if fresh else idle + 1
            if idle == _IDLE or not parsed.entries:
                return
            seen |= fresh
            yield str(number), parsed

    async def _sitemap(self, way: Way, budget: Budget) -> AsyncIterator[Parsed]:
        """A sitemap, with those that an index names as one: only the whole says what is missing."""
        parsed, _ = await self._read(way.source, way.start)
        entries = list(parsed.entries)
        for url in parsed.more:
            if not budget.allows():
                break
            entries.extend((await self._read(way.source, url))[0].entries)
        yield replace(parsed, entries=tuple(entries))

    async def _read(self, source: Source, url: str) -> tuple[Parsed, str]:
        accept = FEED_ACCEPT if source.kind != "page" else PAGE_ACCEPT
        fetched = await self._fetcher.get(url, accept=accept, obey_robots=source.kind != "feed")
        return await self._workers.parse(source, fetched, frozenset()), fetched.final_url
