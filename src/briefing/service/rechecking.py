"""Reading items' own pages again: silent edits, withdrawals, returns."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from briefing.errors import ConcurrentAppend, SourceError
from briefing.fetch import PAGE_ACCEPT
from briefing.model import Validators
from briefing.observe import decisions
from briefing.projections import Recheck as Planned
from briefing.projections.polls import Page
from briefing.service.desk import fresh, source_stream
from briefing.service.known import known_item
from briefing.service.patience import Patience
from briefing.service.reading import article_rules, passing, trouble_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence

    from briefing.fetch import Fetcher
    from briefing.model import Article, Fetched, Source
    from briefing.observe.decisions import Fact
    from briefing.service.desk import Desk
    from briefing.sources import Workers

    T = TypeVar("T")
    InTurn = Callable[[Callable[[], T]], Awaitable[T]]

GONE = frozenset({404, 410})
MOST = 25  # pages of one source that are read again at one visit; the rest waits for the next
_ATTEMPTS = 5  # another process may be collecting the same source
# One 404 may be a broken deployment: a second one, a day later, is evidence.
_APART = timedelta(days=1)
_AFTER_FAILURE = timedelta(hours=1)
_WITHDRAWN = timedelta(days=7)  # between two looks whether what was withdrawn is back
_AFTER_REFUSAL = timedelta(days=1)  # who refuses programs is not asked again in a hurry
_REFUSALS = 2  # in a row, from which on the rest of a source's pages is not asked for at this visit
_SOON = 2  # days for which a page that says it is not there is looked at daily


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """What reading a source's pages again brought."""

    checked: int = 0
    revised: int = 0
    withdrawn: int = 0
    restored: int = 0
    events: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """What looking again needs: the desk, who asks the web, who parses, whose turn it is at the database."""

    desk: Desk
    fetcher: Fetcher
    workers: Workers
    in_turn: InTurn[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    page: Page
    facts: tuple[Fact, ...] = ()
    agreed: bool = False
    rules: str = ""
    restless: Mapping[str, int] | None = None
    emptied: str = ""  # a print of what stands where nearly all of the text was


@dataclass(slots=True)
class _Round:
    """What one round over pages found."""

    facts: list[Fact] = field(default_factory=list)
    found: list[tuple[Mapping[str, Any], _Found]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    put_off: dict[str, timedelta] = field(default_factory=dict)
    refused: list[Page] = field(default_factory=list)
    in_a_row: int = 0
    late: set[str] = field(default_factory=set)  # items for whose pages there was no time: they stay due


async def recheck(looker: Looker, source: Source, *, confirm: bool, just_read: Collection[str] = ()) -> Recheck:
    """Read again, conditionally, every page of a source that was read before, but for the addresses `just_read`.

    A page that is gone (404, 410) makes its item withdrawn on the second check at least a day after the first, or at
    once with `confirm`. Pages that fail otherwise say nothing.
    """
    desk = looker.desk
    await looker.in_turn(desk.projector.catch_up)
    await looker.in_turn(lambda: desk.rechecks.plan(desk.clock()))
    rows = await looker.in_turn(lambda: desk.library.rows_of(row["id"] for row in desk.library.paged(source.id)))
    return await _looked(looker, source, rows, confirm=confirm, just_read=just_read)


async def recheck_due(looker: Looker, source: Source) -> Recheck:
    """Read again, conditionally, the pages of a source that are due, at most `MOST`.

    Where a whole text came in the feed and the page was never read, the page says nothing until it once said the same.
    """
    desk = looker.desk
    await looker.in_turn(desk.projector.catch_up)
    due = await looker.in_turn(lambda: desk.rechecks.of(source.id, desk.clock(), MOST))
    rows = await looker.in_turn(lambda: desk.library.rows_of(one.item for one in due))
    known = {row["id"] for row in rows}
    wanted = [row for row in rows if source.recheck and source.full_text != "never" and not _shared(row)]
    idle = {one.item for one in due} - {row["id"] for row in wanted}
    done = await _looked(looker, source, wanted, confirm=False, patience=Patience(looker.fetcher.spacing))
    # What was taken down, or has no page of its own, is not looked at again.
    never = [replace(one, due_at=None) for one in due if one.item in idle or one.item not in known]
    await looker.in_turn(lambda: desk.rechecks.put(never))
    return done


def _shared(row: Mapping[str, Any]) -> bool:
    """Whether an item's address is one that it has in common with others."""
    kinds = {key[:1] for key in row["keys"]}
    return not row["page"] and "s" in kinds and "u" not in kinds


async def _looked(
    looker: Looker,
    source: Source,
    rows: Sequence[dict[str, Any]],
    *,
    confirm: bool,
    just_read: Collection[str] = (),
    patience: Patience | None = None,
) -> Recheck:
    desk, ids = looker.desk, [row["id"] for row in rows]
    pages = await looker.in_turn(lambda: desk.polls.pages(ids))
    planned = await looker.in_turn(lambda: desk.rechecks.get(ids))
    # An item may have moved since its first address was recorded.
    rows = [{**row, "url": pages[row["id"]].url if row["id"] in pages else row["url"]} for row in rows]
    rows = [row for row in rows if row["url"] not in just_read]
    round_ = _Round()
    for row in rows:
        if round_.put_off:
            # The host does not answer, or does not want us: nobody is asked in vain.
            round_.put_off[row["id"]] = next(iter(round_.put_off.values()))
            continue
        if patience is not None and not patience.allows():
            round_.late.add(row["id"])
            continue
        page = pages.get(row["id"])
        try:
            plan = planned.get(row["id"])
            found = await _check(looker, source, row, page, plan, confirm=confirm)
        except SourceError as error:
            _failed(round_, row, page, error, desk.clock(), patient=not just_read and not confirm)
            continue
        round_.in_a_row = 0
        round_.found.append((row, found))
    round_.found = _unmasked(round_.found)
    round_.facts = [fact for _, found in round_.found for fact in found.facts]
    asked = [row for row in rows if row["id"] not in round_.late]
    appended = await looker.in_turn(lambda: _append(desk, source, round_, planned, asked))
    return _told(round_, [fact.event.NAME for fact in appended])


def _failed(
    round_: _Round, row: Mapping[str, Any], page: Page | None, error: SourceError, now: datetime, *, patient: bool
) -> None:
    """Remember that a page could not be read, and whether the others are to be asked for at all."""
    round_.problems.append(f"{row['url']}: {error}")
    if (trouble := trouble_of(error)) and error.failure == "blocked":
        round_.in_a_row += 1
    else:
        round_.in_a_row = 0
    if trouble:
        before = page or _page(row, Validators(), now)
        round_.refused.append(replace(before, checked_at=now, trouble=trouble, said=str(error)))
    if patient and passing(error):
        round_.put_off[row["id"]] = _AFTER_FAILURE
    elif patient and round_.in_a_row >= _REFUSALS:
        round_.put_off[row["id"]] = _AFTER_REFUSAL


def _unmasked(found: list[tuple[Mapping[str, Any], _Found]]) -> list[tuple[Mapping[str, Any], _Found]]:
    """What was found, but for edits by which the texts of several items became one and the same."""
    times = Counter(one.emptied for _, one in found if one.emptied)
    said = "several items' pages give the same text in place of their own"
    return [
        (row, one if times[one.emptied] <= 1 else _absent(one, said)) if one.emptied else (row, one)
        for row, one in found
    ]


def _absent(found: _Found, said: str) -> _Found:
    """What was found at a page that is not itself: nothing, and no validators to ask with."""
    page = replace(found.page, validators=Validators(), trouble="absent", said=said)
    return replace(found, page=page, facts=(), restless=None, emptied="")


def _left_unread(round_: _Round) -> Iterator[str]:
    if round_.problems:
        yield f"{len(round_.problems)} pages not read again, first {round_.problems[0]}"
    if round_.late:
        yield f"{len(round_.late)} pages wait for the next visit: this one took its time"


def _told(round_: _Round, names: list[str]) -> Recheck:
    return Recheck(
        checked=len(round_.found),
        revised=names.count("item.revised"),
        withdrawn=names.count("item.withdrawn"),
        restored=names.count("item.restored"),
        events=len(names),
        detail="; ".join(_left_unread(round_)),
    )


async def _check(
    looker: Looker, source: Source, row: Mapping[str, Any], page: Page | None, plan: Planned | None, *, confirm: bool
) -> _Found:
    now = looker.desk.clock()
    rules = article_rules(source)
    # What was found gone once is asked in full: a 304 would rest on a page that may be another by now. So is what was
    # read by other rules.
    alike = plan is None or plan.rules in ("", rules)
    validators = page.validators if page is not None and page.missing_since is None and alike else None
    try:
        fetched = await looker.fetcher.get(row["url"], validators=validators, accept=PAGE_ACCEPT, obey_robots=True)
    except SourceError as error:
        if error.status not in GONE:
            raise
        return _gone(source, row, page, plan, status=error.status, now=now, confirm=confirm)
    facts: list[Fact] = []
    if row["withdrawn"]:
        facts.append(decisions.restored(source, row["id"], occasion=row["position"]))
    agreed = plan is not None and plan.agreed
    if fetched.status != 200:  # noqa: PLR2004 - 304: the page is what it was
        assert page is not None
        return _Found(page=_page(row, page.validators, now), facts=tuple(facts), agreed=agreed, rules=rules)
    read = await _read(looker, source, row, fetched, plan)
    found = _Found(
        page=_page(row, fetched.validators, now),
        facts=(*facts, *read.facts),
        agreed=agreed or read.agreed,
        rules=rules,
        restless=read.restless,
        emptied=read.emptied,
    )
    return _absent(found, read.absent) if read.absent else found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    facts: tuple[Fact, ...] = ()
    agreed: bool = False
    restless: Mapping[str, int] | None = None
    absent: str = ""  # what shows that the page is not itself
    emptied: str = ""


async def _read(
    looker: Looker, source: Source, row: Mapping[str, Any], fetched: Fetched, plan: Planned | None
) -> _Read:
    """What a page says that was given in full."""
    from briefing.service import restlessness, vanishing  # noqa: PLC0415 - what they compare texts by takes 50 ms

    desk = looker.desk
    article = await looker.workers.read_article(source, fetched)
    said = await looker.in_turn(lambda: desk.store.payloads([row["payload"]]).get(row["payload"]))
    if said is None or not (article.text or article.problem):
        return _Read()
    held: Mapping[str, Any] = json.loads(said)
    if absent := vanishing.says_so(article, held, withdrawn=row["withdrawn"]):
        return _Read(absent=absent)
    if not row["page"] and not row["noted"] and not (plan is not None and plan.agreed):
        # Until it once said what the feed says, it is no witness of edits.
        return _Read(agreed=article.text != "" and restlessness.alike(article, held))
    made = _decided(desk, source, held, row, article)
    if not made:
        return _Read(restless={})
    if (kept := await restlessness.unchanged_by_old_rules(looker.workers, source, fetched, plan, held)) is not None:
        # The rules changed, the page did not: the text is taken over as they read it, and no edit is told of.
        return _Read(facts=_decided(desk, source, held, row, article, completed=kept))
    return await _believed(looker, source, (row["id"], held), fetched, article, made)


async def _believed(  # noqa: PLR0917 - what is told, by whom, of what
    looker: Looker,
    source: Source,
    of: tuple[str, Mapping[str, Any]],
    fetched: Fetched,
    article: Article,
    made: tuple[Fact, ...],
) -> _Read:
    """What is left of an edit once the page was seen to be itself, and what changes by itself was set aside."""
    from briefing.service import restlessness, vanishing  # noqa: PLC0415 - as above

    item, held = of
    if emptied := vanishing.emptied(article, held):
        absent = await vanishing.stands_anywhere(looker, source, fetched, article)
        return _Read(facts=made, absent=absent, emptied=emptied)
    look = await restlessness.look(looker, source, (item, held["text"]), fetched, article)
    return _Read(facts=() if look.noise else made, restless=look.times)


def _decided(
    desk: Desk,
    source: Source,
    held: Mapping[str, Any],
    row: Mapping[str, Any],
    article: Article,
    *,
    completed: bool = False,
) -> tuple[Fact, ...]:
    item = known_item(row)
    return decisions.reread(source, held, item, article, desk.store.keyed, completed=completed).facts


def _gone(
    source: Source,
    row: Mapping[str, Any],
    page: Page | None,
    plan: Planned | None,
    *,
    status: int,
    now: datetime,
    confirm: bool,
) -> _Found:
    since = (page.missing_since if page is not None else None) or now
    facts: tuple[Fact, ...] = ()
    if not row["withdrawn"] and (confirm or now - since >= _APART):
        facts = (
            decisions.withdrawn(
                source,
                row["id"],
                versions=row["revisions"],
                status=status,
                first_missing=since,
                occasion=row["position"],
            ),
        )
    agreed, rules = (plan.agreed, plan.rules) if plan is not None else (False, "")
    page = _page(row, Validators(), now, missing_since=since)
    return _Found(page=page, facts=facts, agreed=agreed, rules=rules)


def _page(
    row: Mapping[str, Any], validators: Validators, now: datetime, *, missing_since: datetime | None = None
) -> Page:
    return Page(item=row["id"], url=row["url"], validators=validators, checked_at=now, missing_since=missing_since)


def _append(
    desk: Desk,
    source: Source,
    round_: _Round,
    planned: Mapping[str, Planned],
    rows: Sequence[Mapping[str, Any]],
) -> list[Fact]:
    """Append what was found, but of items that were taken down while their pages were read."""
    for _ in range(_ATTEMPTS):
        expected = desk.store.last(source_stream(source.id))
        desk.projector.catch_up()
        removed = desk.library.takedowns(row["id"] for row in rows)
        left = [fact for fact in round_.facts if getattr(fact.event, "item", None) not in removed]
        try:
            answers = desk.append(source_stream(source.id), left, expected=expected) if left else []
        except ConcurrentAppend:
            continue
        read = [*(found.page for _, found in round_.found), *round_.refused]
        desk.polls.put([], [page for page in read if page.item not in removed])
        desk.rechecks.put(_planned_anew(desk, source, round_, planned, rows))
        for row, found in round_.found:
            if found.restless is not None and (found.restless or desk.rechecks.restless(row["id"])):
                desk.rechecks.put_restless(row["id"], source.id, found.restless)
        return [fact for fact, answer in zip(left, answers, strict=True) if fresh([answer])]
    raise ConcurrentAppend(f"{source.id}: other processes keep collecting this source; stop one of them")


def _planned_anew(
    desk: Desk,
    source: Source,
    round_: _Round,
    planned: Mapping[str, Planned],
    rows: Sequence[Mapping[str, Any]],
) -> list[Planned]:
    """When all that were due are due next; those that failed for good at their next turn."""
    now = desk.clock()
    looked = {row["id"]: found for row, found in round_.found}
    made = []
    for row in rows:
        plan = planned.get(row["id"]) or Planned(item=row["id"], source=source.id, due_at=None)
        found = looked.get(row["id"])
        if row["id"] in round_.put_off:
            made.append(replace(plan, due_at=now + round_.put_off[row["id"]]))
        elif found is None:
            made.append(replace(plan, due_at=_next(source, row, now)))
        else:
            due = _next(source, row, now, found)
            made.append(replace(plan, due_at=due, agreed=found.agreed, rules=found.rules))
    return made


def _next(source: Source, row: Mapping[str, Any], now: datetime, found: _Found | None = None) -> datetime | None:
    """When an item is due next: at the next of the source's times, sooner where its page was found gone."""
    seen = datetime.fromisoformat(row["seen_at"])
    moments = [seen + after for after in source.recheck if seen + after > now]
    names = [fact.event.NAME for fact in found.facts] if found is not None else []
    withdrawn = (row["withdrawn"] and "item.restored" not in names) or "item.withdrawn" in names
    if withdrawn and source.recheck:
        moments.append(now + _WITHDRAWN)
    elif found is not None and found.page.trouble and source.recheck:
        moments.append(now + (_APART if now - seen < _SOON * _APART else _WITHDRAWN))
    elif found is not None and found.page.missing_since is not None and source.recheck:
        moments.append(found.page.missing_since + _APART)
    return min(moments, default=None)
