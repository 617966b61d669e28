"""Items from older pages into the log: only new ones; what is known already is left as its own list says it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from briefing.errors import ConcurrentAppend
from briefing.model import Validators
from briefing.observe import decisions
from briefing.observe.decisions import wants_page
from briefing.observe.identity import ask, identify
from briefing.observe.paging import dated
from briefing.projections.polls import Page, Poll
from briefing.service.desk import fresh, source_stream
from briefing.service.known import look_up
from briefing.service.reading import read_pages
from briefing.service.recording import known_by_words

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from briefing.fetch import Fetcher
    from briefing.model import Entry, Source
    from briefing.observe.decisions import Decision
    from briefing.observe.identity import Sighting
    from briefing.service.desk import Desk
    from briefing.service.reading import Pages
    from briefing.sources import Workers

    InTurn = Callable[[Callable[[], Any]], Awaitable[Any]]

_ATTEMPTS = 5  # another process may be collecting the same source
_AT_A_TIME = 20  # items' own pages between two looks at the clock; what was read is recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How many items were `new`, how many `events` that took, and how many entries are `left` for another visit."""

    new: int = 0
    events: int = 0
    left: int = 0


def known_entries(desk: Desk, source: Source, entries: Sequence[Entry]) -> list[tuple[Entry, str | None]]:
    """Entries, each with the id of the item that it is."""
    sightings = _sightings(desk, source, entries)
    return [(one.entry, one.item.id if one.item is not None else None) for one in sightings]


def _sightings(desk: Desk, source: Source, entries: Sequence[Entry]) -> list[Sighting]:
    asked = ask(source.id, entries, desk.store.keyed)
    return identify(source.id, asked, frozenset(), look_up(desk, [asked]), desk.store.keyed)


async def take(
    desk: Desk,
    source: Source,
    entries: Sequence[Entry],
    fetcher: Fetcher,
    workers: Workers,
    *,
    in_turn: InTurn,
    since: str,
    patient: bool,
    until: float,
) -> Taken:
    """Record entries that are no known item, their own pages read as the source wants it.

    With `since` (a day, ISO) they are from before first sight: news on their own dates, and only from that day on;
    without it they were missed and are news now. While `patient`, one whose page fails for now is left for another
    visit; `until` is when (of the monotonic clock) no further page is asked for.
    """
    new = happened = left = 0
    for start in range(0, len(entries), _AT_A_TIME):
        if time.monotonic() > until:
            return Taken(new=new, events=happened, left=left + len(entries) - start)
        batch = entries[start : start + _AT_A_TIME]
        sightings = await in_turn(partial(_sightings, desk, source, batch))
        wanted = [one.entry for one in sightings if one.item is None and wants_page(source, one)]
        pages = await read_pages(source, wanted, Poll(source=source.id), fetcher, workers)
        if not patient:
            unread = dict.fromkeys(pages.waiting, "the page could not be read")
            pages = replace(pages, waiting={}, problems={**pages.problems, **unread})
        left += len(pages.waiting)
        done = await in_turn(partial(_record, desk, source, batch, pages, since))
        new, happened = new + done, happened + done
    return Taken(new=new, events=happened, left=left)


def _record(desk: Desk, source: Source, entries: Sequence[Entry], pages: Pages, since: str) -> int:
    """Append what is new among entries; gives back how many items that were."""
    stream = source_stream(source.id)
    for _ in range(_ATTEMPTS):
        expected = desk.store.last(stream)
        desk.projector.catch_up()
        chosen = _decided(desk, source, entries, pages, since)
        try:
            facts = [fact for decision in chosen for fact in decision.facts]
            answers = desk.append(stream, facts, expected=expected) if facts else []
        except ConcurrentAppend:
            continue
        desk.polls.put([], _pages(desk, chosen, pages))
        desk.projector.catch_up()
        return fresh(answers)
    raise ConcurrentAppend(f"{source.id}: other processes keep collecting this source; stop one of them")


def _decided(desk: Desk, source: Source, entries: Sequence[Entry], pages: Pages, since: str) -> list[Decision]:
    chosen = []
    taken: set[str] = set()
    for sighting in _sightings(desk, source, entries):
        entry = sighting.entry
        if sighting.item is not None or entry.url in pages.waiting:
            continue
        if entry.url in pages.articles:
            entry = decisions.with_article(source, entry, pages.articles[entry.url])
            sighting = known_by_words(desk, source, sighting, entry, taken)
        elif entry.url in pages.problems:
            entry = replace(entry, problem=pages.problems[entry.url])
        if sighting.item is not None or (since and (dated(entry) or since) < since):
            continue
        if not entry.title:  # a sitemap names pages by their address alone
            entry = replace(entry, title=entry.url)
        archive = bool(since)
        chosen.append(decisions.decide(source, sighting, entry, archive=archive, quiet=archive, keyed=desk.store.keyed))
    return sorted(chosen, key=lambda decision: decision.entry.published.value or "9999")


def _pages(desk: Desk, chosen: Sequence[Decision], pages: Pages) -> list[Page]:
    now = desk.clock()
    return [
        Page(
            item=one.item,
            url=one.entry.url,
            validators=pages.validators.get(one.entry.url, Validators()),
            checked_at=now,
            trouble=pages.troubles.get(one.entry.url, ""),
            said=pages.problems.get(one.entry.url, ""),
        )
        for one in chosen
        if one.entry.url in pages.validators or one.entry.url in pages.troubles
    ]
