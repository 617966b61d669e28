"""From readings to the log: decide what is new or changed, append it, and remember how the source was read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from briefing import events
from briefing.errors import ConcurrentAppend, ParseError
from briefing.model import Published
from briefing.observe import decisions
from briefing.observe.decisions import Fact
from briefing.observe.identity import KnownItem, identify
from briefing.projections.polls import Page
from briefing.service.desk import fresh, source_stream
from briefing.service.pace import next_poll
from briefing.service.reading import Pages, reading_mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from briefing.errors import SourceError
    from briefing.model import FetchPolicy, Source
    from briefing.observe.identity import Sighting
    from briefing.projections import Poll
    from briefing.service.desk import Desk
    from briefing.service.reading import Reading

_ATTEMPTS = 5  # another process may be collecting the same source


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A source that was asked: what it said, or why it could not be read."""

    source: Source
    poll: Poll
    started: datetime
    seconds: float
    reading: Reading | None = None
    pages: Pages = field(default_factory=Pages)
    error: SourceError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a visit added to the log."""

    new: int = 0
    revised: int = 0
    aliased: int = 0
    events: int = 0
    seen: int = 0
    error: SourceError | None = None


def sight(desk: Desk, source: Source, reading: Reading, poll: Poll) -> list[Sighting]:
    """Which entry of a reading is which item."""
    present = frozenset(item for digest in reading.parsed.unchanged if (item := poll.entries.get(digest)))

    def look_up(keys: Iterable[str]) -> Mapping[str, KnownItem]:
        rows = desk.library.known(keys)
        items = {row["id"]: known_item(row) for row in rows.values()}
        return {key: items[row["id"]] for key, row in rows.items()}

    return identify(source.id, reading.parsed.entries, present, look_up, desk.store.keyed)


def known_item(row: Mapping[str, Any]) -> KnownItem:
    """An item's row as identity and revision see it."""
    return KnownItem(
        id=row["id"],
        versions=row["revisions"],
        title_print=row["title_print"],
        text_print=row["text_print"],
        entry_print=row["entry_print"],
        page=row["page"],
        withdrawn=row["withdrawn"],
        problem=row["noted"],
        published=Published(value=row["date_value"], precision=row["precision"], origin=row["origin"]),
        keys=frozenset(row.get("keys", ())),
    )


def record(desk: Desk, visit: Visit, policy: FetchPolicy, *, adapt: bool) -> tuple[Record, Poll, list[Page]]:
    """Append what a visit says; gives back what was added, and the poll and pages to remember.

    The read models must be up with the log. Where another process appended to the source's stream in the meantime,
    everything is decided again.
    """
    for _ in range(_ATTEMPTS):
        try:
            return _record(desk, visit, policy, adapt=adapt)
        except ConcurrentAppend:
            desk.projector.catch_up()
    raise ConcurrentAppend(f"{visit.source.id}: other processes keep collecting this source; stop one of them")


def _record(desk: Desk, visit: Visit, policy: FetchPolicy, *, adapt: bool) -> tuple[Record, Poll, list[Page]]:
    stream = source_stream(visit.source.id)
    expected = desk.store.last(stream)
    if expected > desk.projector.position():
        desk.projector.catch_up()
    row = desk.library.source_row(visit.source.id)
    error = visit.error or _shape_error(visit, row)
    chosen: list[decisions.Decision] = []
    if visit.reading is not None:
        chosen = _decided(desk, visit, row)
    facts = [fact for decision in chosen for fact in decision.facts]
    facts.extend(_health_facts(visit, row, error))
    answers = desk.append(stream, facts, expected=expected) if facts else []
    kinds = [type(fact.event) for fact, answer in zip(facts, answers, strict=True) if fresh([answer])]
    done = Record(
        new=kinds.count(events.ItemObserved),
        revised=sum(decision.revised for decision in chosen),
        aliased=kinds.count(events.ItemAliased),
        events=len(kinds),
        seen=_seen(visit),
        error=error,
    )
    poll = _polled(visit, chosen, error, policy, adapt=adapt, known=done.seen - done.new)
    return done, poll, _pages(visit, chosen)


def _seen(visit: Visit) -> int:
    if visit.reading is None:
        return 0
    if visit.reading.unchanged:
        return len(visit.poll.entries)
    return len(visit.reading.parsed.entries) + len(visit.reading.parsed.unchanged)


def _shape_error(visit: Visit, row: Mapping[str, Any]) -> SourceError | None:
    """A list that is empty where there were items is an error, never "nothing new"; so is a broken one."""
    assert visit.reading is not None
    parsed = visit.reading.parsed
    if parsed.damage:
        return ParseError(parsed.damage, failure="damaged")
    if visit.reading.unchanged or parsed.entries or parsed.unchanged:
        return None
    if row["items"]:
        return ParseError("nothing is listed any more, though there were items before", failure="empty")
    if visit.source.kind != "feed":
        what = "list.item selects nothing on the page" if visit.source.kind == "page" else "the sitemap lists no page"
        return ParseError(f"{what}: check the selectors, include and exclude", failure="empty")
    return None


def _decided(desk: Desk, visit: Visit, row: Mapping[str, Any]) -> list[decisions.Decision]:
    assert visit.reading is not None
    archive = row["items"] == 0 or bool(visit.poll.pending and visit.poll.last_success is None)
    chosen = []
    for sighting in sight(desk, visit.source, visit.reading, visit.poll):
        entry = sighting.entry
        if sighting.item is None and entry.url in visit.pages.waiting:
            continue  # recorded with its text at the next visit
        if entry.url in visit.pages.articles:
            entry = decisions.with_article(visit.source, entry, visit.pages.articles[entry.url])
        elif entry.url in visit.pages.problems:
            entry = replace(entry, problem=visit.pages.problems[entry.url])
        chosen.append(decisions.decide(visit.source, sighting, entry, archive=archive, keyed=desk.store.keyed))
    return sorted(chosen, key=lambda decision: decision.entry.published.value or "9999")


def _health_facts(visit: Visit, row: Mapping[str, Any], error: SourceError | None) -> list[Fact]:
    source, since = visit.source.id, row["health_position"]
    facts = []
    if error is None:
        if row["state"] != "ok":
            event = events.SourceRecovered(source=source)
            facts.append(Fact(event=event, key=f"recovered:{source}:{since}"))
    elif row["state"] in ("new", "ok") or row["failure"] != error.failure:
        failed = events.SourceFailed(source=source, failure=error.failure, detail=str(error), status=error.status)
        facts.append(Fact(event=failed, key=f"failed:{source}:{since}:{error.failure}"))
    effective = row["moved"] or json.loads(row["spec"])["url"]
    if visit.reading is not None and error is None and visit.reading.moved not in ("", effective):
        moved = events.SourceMoved(source=source, url=visit.reading.moved)
        facts.append(Fact(event=moved, key=f"moved:{source}:{row['position']}"))
    return facts


def _polled(
    visit: Visit,
    chosen: list[decisions.Decision],
    error: SourceError | None,
    policy: FetchPolicy,
    *,
    adapt: bool,
    known: int,
) -> Poll:
    poll = replace(visit.poll, last_attempt=visit.started)
    if error is not None:
        # After a failure the next request is unconditional: a 304 says nothing about what could not be read.
        return next_poll(replace(poll, documents={}, failures=poll.failures + 1), visit, error, policy)
    assert visit.reading is not None
    waiting = visit.pages.waiting
    entries = {decision.entry.digest: decision.item for decision in chosen}
    if visit.reading.unchanged or visit.reading.parts:
        entries = {**poll.entries, **entries}
    else:
        kept = {digest: poll.entries[digest] for digest in visit.reading.parsed.unchanged if digest in poll.entries}
        entries = {**kept, **entries}
    poll = replace(
        poll,
        reading=reading_mark(visit.source),
        documents={} if waiting else visit.reading.documents,
        parts=visit.reading.parts,
        entries=entries,
        pending=waiting,
        last_success=visit.started,
        failures=0,
    )
    return next_poll(poll, visit, None, policy, adapt=adapt, known=known)


def _pages(visit: Visit, chosen: list[decisions.Decision]) -> list[Page]:
    return [
        Page(
            item=decision.item,
            url=decision.entry.url,
            validators=visit.pages.validators[decision.entry.url],
            checked_at=visit.started,
        )
        for decision in chosen
        if decision.entry.url in visit.pages.validators
    ]
