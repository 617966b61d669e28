"""From readings to the log: decide what is new or changed, append it, and remember how the source was read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from briefing import events
from briefing.errors import ConcurrentAppend, ParseError
from briefing.model import Attempt, Validators
from briefing.observe import decisions, silence
from briefing.observe.addresses import canonical
from briefing.observe.decisions import Fact
from briefing.observe.identity import ask, content_key, identify
from briefing.observe.paging import rolled_over
from briefing.observe.silence import Heard
from briefing.projections.polls import Page
from briefing.projections.when import stamp
from briefing.service.desk import fresh, source_stream
from briefing.service.known import compared, known_item, look_up
from briefing.service.pace import next_poll
from briefing.service.pushing import missed, stretched
from briefing.service.reading import Pages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from briefing.errors import SourceError
    from briefing.eventstore import Appended
    from briefing.model import Entry, FetchPolicy, Source
    from briefing.observe.identity import Sighting
    from briefing.projections import Poll, Push
    from briefing.service.desk import Desk
    from briefing.service.reading import Reading

READ = frozenset({"ok", "stale"})
"""States of a source that can be read, as the log has them."""

REST = timedelta(days=7)
GONE = 410
_LONG = 50  # entries: a longer list at first sight is an archive, of which nothing undated is news
_ATTEMPTS = 5  # another process may be collecting the same source


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A source that was asked: what it said, or why it could not be read.

    `named` is the address to propose for it, by its own word; `push` its subscription to a hub, and `pushed` says that
    the hub told us, who did not ask.
    """

    source: Source
    poll: Poll
    started: datetime
    seconds: float
    reading: Reading | None = None
    pages: Pages = field(default_factory=Pages)
    error: SourceError | None = None
    named: str = ""
    push: Push | None = None
    pushed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a visit added to the log; `lost` counts the items that a hub should have told of."""

    new: int = 0
    revised: int = 0
    aliased: int = 0
    withdrawn: int = 0
    restored: int = 0
    events: int = 0
    seen: int = 0
    error: SourceError | None = None
    excluded: int = 0
    foreign: int = 0
    gap: bool = False
    lost: int = 0


def sight(desk: Desk, source: Source, reading: Reading, poll: Poll) -> list[Sighting]:
    """Which entry of a reading is which item."""
    return _sighted(desk, [(source, reading, poll)])[0]


def _sighted(desk: Desk, readings: Sequence[tuple[Source, Reading, Poll]]) -> list[list[Sighting]]:
    """The same for readings of different sources, whose keys are looked up together."""
    asked = [ask(source.id, reading.parsed.entries, desk.store.keyed) for source, reading, _ in readings]
    known = look_up(desk, asked)
    return [
        identify(source.id, one, _present(reading, poll), known, desk.store.keyed)
        for one, (source, reading, poll) in zip(asked, readings, strict=True)
    ]


def _present(reading: Reading, poll: Poll) -> frozenset[str]:
    """The items of entries that were cut out as unchanged."""
    return frozenset(item for digest in reading.parsed.unchanged if (item := poll.entries.get(digest)))


def record(
    desk: Desk, visits: Sequence[tuple[Visit, bool]], policy: FetchPolicy
) -> list[tuple[Record, Poll, list[Page], Attempt]]:
    """Append what visits to different sources say.

    Gives back what was added, and the polls, pages and attempts to remember.

    Beside each visit stands whether the source's pace adapts to it. All is one transaction: to make the log durable
    costs as much as to append what a feed says.
    """
    plans = _planned(desk, [visit for visit, _ in visits])
    try:
        answers = desk.append_all([(plan.stream, plan.facts, plan.expected) for plan in plans])
    except ConcurrentAppend:
        return [_alone(desk, visit, policy, adapt=adapt) for visit, adapt in visits]
    if not desk.shared:  # while it is at hand; of many processes each would wait for the others
        desk.projector.catch_up()
    return [
        _done(plan, answered, policy, adapt=adapt)
        for plan, answered, (_, adapt) in zip(plans, answers, visits, strict=True)
    ]


def _alone(desk: Desk, visit: Visit, policy: FetchPolicy, *, adapt: bool) -> tuple[Record, Poll, list[Page], Attempt]:
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
    heard: Heard


def _planned(desk: Desk, visits: Sequence[Visit]) -> list[_Plan]:
    """Where the streams end is looked up first: what is appended after that is noticed when it comes to appending."""
    lasts = desk.store.lasts([source_stream(visit.source.id) for visit in visits])
    desk.projector.catch_up(upto=max(lasts.values(), default=0))
    rows = desk.library.source_rows([visit.source.id for visit in visits])
    told = [visit for visit in visits if visit.reading is not None and visit.reading.parsed.entries]
    sighted = _sighted(desk, [(visit.source, visit.reading, visit.poll) for visit in told if visit.reading is not None])
    seen = {visit.source.id: sightings for visit, sightings in zip(told, sighted, strict=True)}
    return [
        _plan(
            desk,
            visit,
            lasts.get(source_stream(visit.source.id), 0),
            rows[visit.source.id],
            seen.get(visit.source.id, []),
        )
        for visit in visits
    ]


def _plan(desk: Desk, visit: Visit, expected: int, row: Mapping[str, Any], sightings: list[Sighting]) -> _Plan:
    error = None if visit.pushed else visit.error or _shape_error(visit, row) or _absence(desk, visit, sightings)
    if error is not None and error.failure == "empty":
        sightings = []  # a standing page that says it is not there has not been edited
    chosen: list[decisions.Decision] = []
    facts: list[Fact] = []
    if sightings:
        chosen, known = _decided(desk, visit, row, sightings)
        facts.extend(_gap_facts(desk, visit, row, known=known))  # before the items: what was known then lies before it
        facts.extend(fact for decision in chosen for fact in decision.facts)
    facts.extend(_told_by_feed(desk, visit, sightings, chosen))
    heard = _heard(desk, visit, row, chosen)
    if not visit.pushed:  # a delivery says nothing of how the source itself does
        facts.extend(_health_facts(visit, row, error))
        if error is None:
            facts.extend(_silence_facts(visit, row, heard))
    stream = source_stream(visit.source.id)
    return _Plan(
        visit=visit,
        stream=stream,
        expected=expected,
        facts=facts,
        chosen=chosen,
        moved=_moved(desk, chosen),
        error=error,
        heard=heard,
    )


def _done(
    plan: _Plan, answers: Sequence[Appended], policy: FetchPolicy, *, adapt: bool
) -> tuple[Record, Poll, list[Page], Attempt]:
    visit, chosen, error = plan.visit, plan.chosen, plan.error
    kinds = [type(fact.event) for fact, answer in zip(plan.facts, answers, strict=True) if fresh([answer])]
    done = Record(
        new=kinds.count(events.ItemObserved),
        revised=sum(decision.revised for decision in chosen),
        aliased=kinds.count(events.ItemAliased),
        withdrawn=kinds.count(events.ItemWithdrawn),
        restored=kinds.count(events.ItemRestored),
        events=len(kinds),
        seen=_seen(visit),
        error=error,
        excluded=visit.reading.parsed.excluded if visit.reading is not None else 0,
        foreign=visit.reading.parsed.foreign if visit.reading is not None else 0,
        gap=events.GapSuspected in kinds,
        lost=missed(visit.push, visit.poll, (one.entry for one in chosen if one.new), visit.started),
    )
    poll = _polled(plan, policy, adapt=adapt, done=done)
    return done, poll, [*plan.moved, *_pages(visit, chosen)], _attempt(visit, poll, done)


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
    if parsed.entries and visit.poll.pace.dated and not parsed.unchanged and not _dated(visit):
        return ParseError("no entry has a date any more, though entries had dates before", failure="undated")
    unwanted = row["items"] and (parsed.excluded or parsed.foreign)  # something is listed
    listed = parsed.entries or parsed.unchanged or unwanted or parsed.deleted
    if visit.reading.unchanged or visit.reading.partly or listed:
        return None
    if row["items"]:
        return ParseError("nothing is listed any more, though there were items before", failure="empty")
    if visit.source.kind != "feed":
        what = "list.item selects nothing on the page" if visit.source.kind == "page" else "the sitemap lists no page"
        return ParseError(f"{what}: check the selectors, include and exclude", failure="empty")
    return None


def _absence(desk: Desk, visit: Visit, sightings: list[Sighting]) -> SourceError | None:
    """That a standing page answers, but only says that it is not there."""
    if visit.source.kind != "watch" or not sightings or sightings[0].item is None:
        return None
    from briefing.observe.absence import lost, words_of_absence  # noqa: PLC0415 - for a page that differs

    held, entry = _held_words(desk, visit.source, sightings[0].item.id), sightings[0].entry
    words = words_of_absence(entry.title, entry.text)
    if not held or not words or not lost(held["text"], entry.text):
        return None
    if words_of_absence(held["page_title"] or held["title"], held["text"]):
        return None
    return ParseError(f'the page answers, but says "{words}"', failure="empty")


def _dated(visit: Visit) -> bool:
    """Whether the list itself gives a date; what is read on items' own pages does not count."""
    return visit.reading is not None and any(entry.published.value for entry in visit.reading.parsed.entries)


def _gap_facts(desk: Desk, visit: Visit, row: Mapping[str, Any], *, known: bool) -> list[Fact]:
    """That a list has rolled over unseen; `known` says that it holds something known. Said once, until news came."""
    assert visit.reading is not None
    reading, poll, source = visit.reading, visit.poll, visit.source
    listed = len(reading.parsed.entries)
    held = row["items"] if not (reading.unchanged or reading.partly) else 0
    if not rolled_over(listed=listed, known=known, before=len(poll.entries), held=held):
        return []
    newest = desk.library.newest_of([source.id]).get(source.id)
    seen_at = newest.seen_at if newest is not None else visit.started
    event = events.GapSuspected(
        source=source.id,
        since=stamp(poll.last_success or seen_at),
        until=stamp(visit.started),
        newest=newest.id if newest is not None else "",
        listed=listed,
    )
    return [Fact(event=event, key=f"gap:{source.id}:{event.newest}:{row['items']}")]


def _decided(
    desk: Desk, visit: Visit, row: Mapping[str, Any], sightings: list[Sighting]
) -> tuple[list[decisions.Decision], bool]:
    """What is to be recorded of a reading, and whether anything in it was known before."""
    assert visit.reading is not None
    chosen = []
    taken = {visit.poll.entries.get(digest, "") for digest in visit.reading.parsed.unchanged}
    taken.update(sighting.item.id for sighting in sightings if sighting.item is not None)
    known = bool(visit.reading.parsed.unchanged) or any(sighting.item is not None for sighting in sightings)
    long = len(visit.reading.parsed.entries) > _LONG
    for sighting in sightings:
        entry = sighting.entry
        if entry.url in visit.pages.waiting:
            continue  # recorded with its text at a later visit
        # What was put off because an archive is long is archive still.
        archive = row["items"] == 0 or visit.poll.pending.get(entry.url) == 0
        quiet = archive and long
        if entry.url in visit.pages.articles:
            entry = decisions.with_article(visit.source, entry, visit.pages.articles[entry.url])
            sighting = known_by_words(desk, visit.source, sighting, entry, taken)
            sighting = _compared(desk, sighting, entry)
            known = known or sighting.item is not None
        elif entry.url in visit.pages.problems:
            entry = replace(entry, problem=visit.pages.problems[entry.url])
        if not entry.title:  # a sitemap names pages by their address alone
            entry = replace(entry, title=entry.url)
        decision = decisions.decide(visit.source, sighting, entry, archive=archive, quiet=quiet, keyed=desk.store.keyed)
        if decision.revised and sighting.item is not None and sighting.item.page and not entry.page:
            entry = decisions.with_held(visit.source, entry, _held_words(desk, visit.source, sighting.item.id))
            decision = decisions.decide(visit.source, sighting, entry, archive=archive, keyed=desk.store.keyed)
        chosen.append(decision)
    return sorted(chosen, key=lambda decision: decision.entry.published.value or "9999"), known


def _compared(desk: Desk, sighting: Sighting, entry: Entry) -> Sighting:
    item = sighting.item
    return sighting if item is None else replace(sighting, item=compared(desk, [(entry, item)]).get(item.id, item))


def known_by_words(desk: Desk, source: Source, sighting: Sighting, entry: Entry, taken: set[str]) -> Sighting:
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


def _told_by_feed(desk: Desk, visit: Visit, sightings: list[Sighting], chosen: list[decisions.Decision]) -> list[Fact]:
    """Withdrawals that the feed tells of, and returns of what it had withdrawn; what it lists is not deleted."""
    if visit.reading is None or visit.source.kind != "feed":
        return []
    parsed, source = visit.reading.parsed, visit.source
    rows = desk.library.rows_of(one.item.id for one in sightings if one.item is not None and one.item.withdrawn)
    facts = [
        decisions.restored(source, row["id"], occasion=row["position"])
        for row in rows
        if row["withdrawn"] and _by_feed(desk, row["id"])
    ]
    if parsed.deleted:
        present = {decision.item for decision in chosen}
        present.update(item for digest in parsed.unchanged if (item := visit.poll.entries.get(digest)))
        keys = ["g" + desk.store.keyed("guid", source.id, guid) for guid in parsed.deleted]
        gone = {row["id"]: row for row in desk.library.known(keys).values()}
        facts += [
            decisions.withdrawn(
                source,
                row["id"],
                versions=row["revisions"],
                status=0,
                first_missing=visit.started,
                occasion=row["position"],
            )
            for item, row in sorted(gone.items())
            if item not in present and not row["withdrawn"] and not row["removed"]
        ]
    return facts


def _by_feed(desk: Desk, item: str) -> bool:
    """Whether an item was withdrawn because its feed said so."""
    changes = desk.library.changes(item=item, limit=1)
    return bool(changes) and (changes[0].kind, changes[0].evidence) == ("withdrawn", "feed")


def _health_facts(visit: Visit, row: Mapping[str, Any], error: SourceError | None) -> list[Fact]:
    source, since = visit.source.id, row["health_position"]
    facts = []
    if error is None:
        if _recovers(visit, row):
            event = events.SourceRecovered(source=source)
            facts.append(Fact(event=event, key=f"recovered:{source}:{since}"))
    elif row["failure"] != error.failure:
        failed = events.SourceFailed(source=source, failure=error.failure, detail=str(error), status=error.status)
        facts.append(Fact(event=failed, key=f"failed:{source}:{since}:{error.failure}"))
        if error.failure == "gone":
            rested = events.SourceRested(source=source, status=error.status or GONE)
            facts.append(Fact(event=rested, key=f"rested:{source}:{since}"))
    if visit.reading is None or error is not None:
        return facts
    if visit.reading.moved and visit.reading.moved != (row["moved"] or json.loads(row["spec"])["url"]):
        moved = events.SourceMoved(source=source, url=visit.reading.moved)
        facts.append(Fact(event=moved, key=f"moved:{source}:{row['position']}"))
    if visit.named:
        named = events.SourceSelfNamed(source=source, url=visit.named)
        facts.append(Fact(event=named, key=f"self-named:{source}:{row['position']}"))
    return facts


def _recovers(visit: Visit, row: Mapping[str, Any]) -> bool:
    """Whether a state ends with this visit that is not one of what can be read; only a list that was read ends it."""
    assert visit.reading is not None
    return row["state"] not in READ and not visit.reading.unchanged


def _heard(desk: Desk, visit: Visit, row: Mapping[str, Any], chosen: Sequence[decisions.Decision]) -> Heard:
    """What is known of the source's rhythm with what is new in this visit."""
    pace = visit.poll.pace
    if pace.spoke_at is None and row["items"]:  # it was read by an earlier program, or the poll is lost
        return silence.recalled(*desk.library.spoken(visit.source.id))
    days = tuple(map(int, pace.spoken.split())) if any(one.new for one in chosen) else ()
    known = Heard(days=days, spoke_at=pace.spoke_at, patience=pace.patience)
    said = ((one.entry.published, _archived(one)) for one in chosen if one.new)
    return silence.heard(known, said, visit.started)


def _archived(decision: decisions.Decision) -> bool:
    return any(isinstance(fact.event, events.ItemObserved) and fact.event.archive for fact in decision.facts)


def _silence_facts(visit: Visit, row: Mapping[str, Any], heard: Heard) -> list[Fact]:
    """A source that can be read: whether its silence has grown longer than its own rhythm, or ended."""
    source, since = visit.source.id, row["health_position"]
    state = "ok" if _recovers(visit, row) else row["state"]
    if silence.silent(heard, visit.started):
        if state == "ok" and heard.spoke_at is not None:
            stale = events.SourceStale(source=source, last=heard.spoke_at.isoformat(), patience=heard.patience)
            return [Fact(event=stale, key=f"stale:{source}:{since}")]
    elif state == "stale":
        return [Fact(event=events.SourceSpoke(source=source), key=f"spoke:{source}:{since}")]
    return []


def _polled(plan: _Plan, policy: FetchPolicy, *, adapt: bool, done: Record) -> Poll:
    visit, error = plan.visit, plan.error
    pace = replace(visit.poll.pace, attempts=visit.poll.pace.attempts + 1, **_remembered(visit, plan.heard))
    poll = replace(visit.poll, last_attempt=visit.started, pace=pace)
    known = done.seen - done.new
    if error is not None:
        # After a failure the next request is unconditional: a 304 says nothing about what could not be read.
        poll = replace(poll, documents={}, failures=poll.failures + 1)
        failed = next_poll(poll, visit, error, policy, adapt=adapt, known=known, seen=done.seen)
        return _rested(failed, visit) if error.failure == "gone" else failed
    poll = _read(visit, poll, plan.chosen)
    if visit.pushed:
        return replace(poll, last_attempt=visit.poll.last_attempt, last_success=visit.poll.last_success)
    poll = next_poll(poll, visit, None, policy, adapt=adapt, known=known, seen=done.seen)
    return stretched(poll, visit, (decision.entry for decision in plan.chosen if decision.new))


def _remembered(visit: Visit, heard: Heard) -> dict[str, Any]:
    """What the pace takes from a visit: when the source spoke, what it asks for, whether its list has dates."""
    pace = visit.poll.pace
    spoken = " ".join(map(str, heard.days)) if heard.days else pace.spoken
    found: dict[str, Any] = {"spoken": spoken, "spoke_at": heard.spoke_at, "patience": heard.patience}
    if visit.reading is not None:
        found |= {"hints": visit.reading.hints, "dated": pace.dated or _dated(visit)}
    return found


def _attempt(visit: Visit, poll: Poll, done: Record) -> Attempt:
    reading, error = visit.reading, done.error
    outcome = "read" if reading is None or not reading.unchanged else "unchanged"
    return Attempt(
        source=visit.source.id,
        number=poll.pace.attempts,
        at=visit.started,
        outcome=outcome if error is None else error.failure,
        status=reading.status if reading is not None else error.answered if error is not None else None,
        size=reading.size if reading is not None else error.size if error is not None else 0,
        items=done.seen,
        new=done.new,
        milliseconds=round(visit.seconds * 1000),
    )


def _read(visit: Visit, poll: Poll, chosen: Sequence[decisions.Decision]) -> Poll:
    assert visit.reading is not None
    waiting = visit.pages.waiting
    entries: Mapping[str, str] = {decision.entry.digest: decision.item for decision in chosen}
    if visit.reading.unchanged or visit.reading.partly or visit.reading.parts:
        entries = {**poll.entries, **entries} if entries else poll.entries
    else:
        kept = {digest: poll.entries[digest] for digest in visit.reading.parsed.unchanged if digest in poll.entries}
        entries = {**kept, **entries}
    return replace(
        poll,
        reading=visit.reading.mark,
        documents={} if waiting else visit.reading.documents,
        parts=visit.reading.parts,
        entries=entries,
        pending=waiting,
        last_attempt=visit.started,
        last_success=visit.started,
        failures=0,
    )


def _rested(poll: Poll, visit: Visit) -> Poll:
    """What is gone for good (410) is asked again in a week, however fast its pace is."""
    soonest = visit.started + REST
    return poll if poll.next_run is not None and poll.next_run >= soonest else replace(poll, next_run=soonest)


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
            validators=visit.pages.validators.get(decision.entry.url, Validators()),
            checked_at=visit.started,
            trouble=visit.pages.troubles.get(decision.entry.url, ""),
            said=visit.pages.problems.get(decision.entry.url, ""),
        )
        for decision in chosen
        if (decision.entry.url in visit.pages.validators or decision.entry.url in visit.pages.troubles)
        and not decision.removed
    ]
