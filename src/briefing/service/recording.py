"""From readings to the log: decide what is new or changed, append it, and remember how the source was read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from briefing import events
from briefing.errors import ConcurrentAppend, ParseError
from briefing.model import Published, Validators
from briefing.observe import decisions
from briefing.observe.addresses import canonical
from briefing.observe.decisions import Fact
from briefing.observe.identity import KnownItem, content_key, identify
from briefing.projections.polls import Page
from briefing.service.desk import fresh, source_stream
from briefing.service.pace import next_poll
from briefing.service.reading import Pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from briefing.errors import SourceError
    from briefing.eventstore import Appended
    from briefing.model import Entry, FetchPolicy, Source
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
        removed=row.get("removed", False),
    )


def record(
    desk: Desk, visits: Sequence[tuple[Visit, bool]], policy: FetchPolicy
) -> list[tuple[Record, Poll, list[Page]]]:
    """Append what visits to different sources say; gives back what was added, and the polls and pages to remember.

    Beside each visit stands whether the source's pace adapts to it. All is one transaction: to make the log durable
    costs as much as to append what a feed says.
    """
    plans = _planned(desk, [visit for visit, _ in visits])
    try:
        answers = desk.append_all([(plan.stream, plan.facts, plan.expected) for plan in plans])
    except ConcurrentAppend:
        return [_alone(desk, visit, policy, adapt=adapt) for visit, adapt in visits]
    return [
        _done(plan, answered, policy, adapt=adapt)
        for plan, answered, (_, adapt) in zip(plans, answers, visits, strict=True)
    ]


def _alone(desk: Desk, visit: Visit, policy: FetchPolicy, *, adapt: bool) -> tuple[Record, Poll, list[Page]]:
    """Append what one visit says.

    The read models are brought up with the log where they are behind the source's own stream. Where another process
    appended to that stream in the meantime, everything is decided again.
    """
    for _ in range(_ATTEMPTS):
        try:
            [plan] = _planned(desk, [visit])
            answers = desk.append(plan.stream, plan.facts, expected=plan.expected)
            return _done(plan, answers, policy, adapt=adapt)
        except ConcurrentAppend:
            desk.projector.catch_up()
    raise ConcurrentAppend(f"{visit.source.id}: other processes keep collecting this source; stop one of them")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is to be appended for a visit, and the last position of its stream that this was decided on."""

    visit: Visit
    stream: str
    expected: int
    facts: list[Fact]
    chosen: list[decisions.Decision]
    moved: list[Page]
    error: SourceError | None


def _planned(desk: Desk, visits: Sequence[Visit]) -> list[_Plan]:
    """Where the streams end is looked up first: what is appended after that is noticed when it comes to appending."""
    lasts = desk.store.lasts([source_stream(visit.source.id) for visit in visits])
    desk.projector.catch_up(upto=max(lasts.values(), default=0))
    rows = desk.library.source_rows([visit.source.id for visit in visits])
    return [_plan(desk, visit, lasts.get(source_stream(visit.source.id), 0), rows[visit.source.id]) for visit in visits]


def _plan(desk: Desk, visit: Visit, expected: int, row: Mapping[str, Any]) -> _Plan:
    error = visit.error or _shape_error(visit, row)
    chosen: list[decisions.Decision] = []
    if visit.reading is not None:
        chosen = _decided(desk, visit, row)
    facts = [fact for decision in chosen for fact in decision.facts]
    facts.extend(_health_facts(visit, row, error))
    stream = source_stream(visit.source.id)
    return _Plan(
        visit=visit,
        stream=stream,
        expected=expected,
        facts=facts,
        chosen=chosen,
        moved=_moved(desk, chosen),
        error=error,
    )


def _done(
    plan: _Plan, answers: Sequence[Appended], policy: FetchPolicy, *, adapt: bool
) -> tuple[Record, Poll, list[Page]]:
    visit, chosen, error = plan.visit, plan.chosen, plan.error
    kinds = [type(fact.event) for fact, answer in zip(plan.facts, answers, strict=True) if fresh([answer])]
    done = Record(
        new=kinds.count(events.ItemObserved),
        revised=sum(decision.revised for decision in chosen),
        aliased=kinds.count(events.ItemAliased),
        events=len(kinds),
        seen=_seen(visit),
        error=error,
    )
    poll = _polled(visit, chosen, error, policy, adapt=adapt, known=done.seen - done.new)
    return done, poll, [*plan.moved, *_pages(visit, chosen)]


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
    if visit.reading.unchanged or visit.reading.partly or parsed.entries or parsed.unchanged:
        return None
    if row["items"]:
        return ParseError("nothing is listed any more, though there were items before", failure="empty")
    if visit.source.kind != "feed":
        what = "list.item selects nothing on the page" if visit.source.kind == "page" else "the sitemap lists no page"
        return ParseError(f"{what}: check the selectors, include and exclude", failure="empty")
    return None


def _decided(desk: Desk, visit: Visit, row: Mapping[str, Any]) -> list[decisions.Decision]:
    assert visit.reading is not None
    chosen = []
    sightings = sight(desk, visit.source, visit.reading, visit.poll)
    taken = {visit.poll.entries.get(digest, "") for digest in visit.reading.parsed.unchanged}
    taken.update(sighting.item.id for sighting in sightings if sighting.item is not None)
    for sighting in sightings:
        entry = sighting.entry
        if entry.url in visit.pages.waiting:
            continue  # recorded with its text at a later visit
        # What was put off because an archive is long is archive still.
        archive = row["items"] == 0 or visit.poll.pending.get(entry.url) == 0
        if entry.url in visit.pages.articles:
            entry = decisions.with_article(visit.source, entry, visit.pages.articles[entry.url])
            sighting = _known_by_words(desk, visit.source, sighting, entry, taken)
        elif entry.url in visit.pages.problems:
            entry = replace(entry, problem=visit.pages.problems[entry.url])
        if not entry.title:  # a sitemap names pages by their address alone
            entry = replace(entry, title=entry.url)
        decision = decisions.decide(visit.source, sighting, entry, archive=archive, keyed=desk.store.keyed)
        if decision.revised and sighting.item is not None and sighting.item.page and not entry.page:
            entry = decisions.with_held(visit.source, entry, _held_words(desk, visit.source, sighting.item.id))
            decision = decisions.decide(visit.source, sighting, entry, archive=archive, keyed=desk.store.keyed)
        chosen.append(decision)
    return sorted(chosen, key=lambda decision: decision.entry.published.value or "9999")


def _known_by_words(desk: Desk, source: Source, sighting: Sighting, entry: Entry, taken: set[str]) -> Sighting:
    """A sighting whose page says word for word what a known item says that stands nowhere else in the answer."""
    key = content_key(source.id, entry, desk.store.keyed) if sighting.item is None else None
    row = desk.library.known([key]).get(key) if key is not None else None
    if row is None or row["id"] in taken:
        return sighting
    taken.add(row["id"])
    return replace(sighting, item=known_item(row))


def _held_words(desk: Desk, source: Source, item: str) -> Mapping[str, Any]:
    """The publisher's words held of an item whose page was read; empty where they were erased."""
    held = next(row["payload"] for row in desk.library.paged(source.id) if row["id"] == item)
    words = desk.store.payloads([held]).get(held)
    return json.loads(words) if words is not None else {}


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
    entries: Mapping[str, str] = {decision.entry.digest: decision.item for decision in chosen}
    if visit.reading.unchanged or visit.reading.parts:
        entries = {**poll.entries, **entries} if entries else poll.entries
    else:
        kept = {digest: poll.entries[digest] for digest in visit.reading.parsed.unchanged if digest in poll.entries}
        entries = {**kept, **entries}
    poll = replace(
        poll,
        reading=visit.reading.mark,
        documents={} if waiting else visit.reading.documents,
        parts=visit.reading.parts,
        entries=entries,
        pending=waiting,
        last_success=visit.started,
        failures=0,
    )
    return next_poll(poll, visit, None, policy, adapt=adapt, known=known)


def _moved(desk: Desk, chosen: list[decisions.Decision]) -> list[Page]:
    """The pages of items that are listed under another address now: the one at which they are to be read again."""
    listed = {decision.item: decision.entry.url for decision in chosen if not decision.new and decision.entry.url}
    return [
        replace(page, url=listed[item], validators=Validators(), missing_since=None)
        for item, page in desk.polls.pages(listed).items()
        if canonical(page.url) != canonical(listed[item])
    ]


def _pages(visit: Visit, chosen: list[decisions.Decision]) -> list[Page]:
    return [
        Page(
            item=decision.item,
            url=decision.entry.url,
            validators=visit.pages.validators[decision.entry.url],
            checked_at=visit.started,
        )
        for decision in chosen
        if decision.entry.url in visit.pages.validators and not decision.removed
    ]
