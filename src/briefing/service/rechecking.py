"""Reading items' own pages again: silent edits, withdrawals, returns."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from briefing.errors import ConcurrentAppend, SourceError
from briefing.fetch import PAGE_ACCEPT
from briefing.model import Validators
from briefing.observe import decisions
from briefing.projections.polls import Page
from briefing.service.desk import fresh, source_stream
from briefing.service.recording import known_item

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping
    from datetime import datetime

    from briefing.fetch import Fetcher
    from briefing.model import Source
    from briefing.observe.decisions import Fact
    from briefing.service.desk import Desk
    from briefing.sources import Workers

    T = TypeVar("T")
    InTurn = Callable[[Callable[[], T]], Awaitable[T]]

GONE = frozenset({404, 410})
_ATTEMPTS = 5  # another process may be collecting the same source
# One 404 may be a broken deployment: a second one, a day later, is evidence.
_APART = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """What reading a source's pages again brought."""

    checked: int = 0
    revised: int = 0
    withdrawn: int = 0
    restored: int = 0
    events: int = 0
    detail: str = ""


async def recheck(
    desk: Desk,
    source: Source,
    fetcher: Fetcher,
    workers: Workers,
    *,
    in_turn: InTurn[Any],
    confirm: bool,
    just_read: Collection[str] = (),
) -> Recheck:
    """Read again, conditionally, every page of a source that was read before, but for the addresses `just_read`.

    A page that is gone (404, 410) makes its item withdrawn on the second check at least a day after the first, or at
    once with `confirm`. Pages that fail otherwise say nothing.
    """
    await in_turn(desk.projector.catch_up)
    held = await in_turn(lambda: desk.library.paged(source.id))
    pages = await in_turn(lambda: desk.polls.pages([row["id"] for row in held]))
    # An item may have moved since its first address was recorded.
    rows = [{**row, "url": pages[row["id"]].url if row["id"] in pages else row["url"]} for row in held]
    rows = [row for row in rows if row["url"] not in just_read]
    facts: list[Fact] = []
    seen: list[Page] = []
    problems: list[str] = []
    for row in rows:
        try:
            page = pages.get(row["id"])
            found = await _check(desk, source, row, page, fetcher=fetcher, workers=workers, confirm=confirm)
        except SourceError as error:
            problems.append(f"{row['url']}: {error}")
            continue
        seen.append(found.page)
        facts.extend(found.facts)
    appended = await in_turn(lambda: _append(desk, source, facts, seen))
    names = [fact.event.NAME for fact in appended]
    return Recheck(
        checked=len(seen),
        revised=names.count("item.revised"),
        withdrawn=names.count("item.withdrawn"),
        restored=names.count("item.restored"),
        events=len(appended),
        detail=f"{len(problems)} pages not read again, first {problems[0]}" if problems else "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    page: Page
    facts: tuple[Fact, ...] = ()


async def _check(
    desk: Desk,
    source: Source,
    row: Mapping[str, Any],
    page: Page | None,
    *,
    fetcher: Fetcher,
    workers: Workers,
    confirm: bool,
) -> _Found:
    now = desk.clock()
    # What was found gone once is asked in full: a 304 would rest on a page that may be another by now.
    validators = page.validators if page is not None and page.missing_since is None else None
    try:
        fetched = await fetcher.get(row["url"], validators=validators, accept=PAGE_ACCEPT, obey_robots=True)
    except SourceError as error:
        if error.status not in GONE:
            raise
        return _gone(source, row, page, status=error.status, now=now, confirm=confirm)
    facts: list[Fact] = []
    if row["withdrawn"]:
        facts.append(decisions.restored(source, row["id"], occasion=row["position"]))
    if fetched.status != 200:  # noqa: PLR2004 - 304: the page is what it was
        assert page is not None
        return _Found(page=_page(row, page.validators, now), facts=tuple(facts))
    article = await workers.read_article(source, fetched)
    words = desk.store.payloads([row["payload"]]).get(row["payload"])
    if words is not None and article.text:
        decision = decisions.reread(source, json.loads(words), known_item(row), article, desk.store.keyed)
        facts.extend(decision.facts)
    return _Found(page=_page(row, fetched.validators, now), facts=tuple(facts))


def _gone(
    source: Source, row: Mapping[str, Any], page: Page | None, *, status: int, now: datetime, confirm: bool
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
    return _Found(page=_page(row, Validators(), now, missing_since=since), facts=facts)


def _page(
    row: Mapping[str, Any], validators: Validators, now: datetime, *, missing_since: datetime | None = None
) -> Page:
    return Page(item=row["id"], url=row["url"], validators=validators, checked_at=now, missing_since=missing_since)


def _append(desk: Desk, source: Source, facts: list[Fact], pages: list[Page]) -> list[Fact]:
    """Append what was found, but of items that were taken down while their pages were read."""
    for _ in range(_ATTEMPTS):
        expected = desk.store.last(source_stream(source.id))
        desk.projector.catch_up()
        removed = desk.library.takedowns(page.item for page in pages)
        left = [fact for fact in facts if getattr(fact.event, "item", None) not in removed]
        try:
            answers = desk.append(source_stream(source.id), left, expected=expected) if left else []
        except ConcurrentAppend:
            continue
        desk.polls.put([], [page for page in pages if page.item not in removed])
        return [fact for fact, answer in zip(left, answers, strict=True) if fresh([answer])]
    raise ConcurrentAppend(f"{source.id}: other processes keep collecting this source; stop one of them")
