"""Which items tell of one event: found beside the labels of new items, recorded with them in one step.

Only new items are looked at, against those of the days around theirs; what was decided once stays decided.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from briefing import events
from briefing.model import ItemId
from briefing.observe.decisions import Fact
from briefing.projections.when import in_future, instant
from briefing.service import linking, meanings
from briefing.service.desk import LABELS
from briefing.stories import METHOD, Joined, Rules, Telling, Weaver
from briefing.stories.copies import judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from briefing.model import Source, StoryRules
    from briefing.projections.nouns import Unlabelled
    from briefing.service.desk import Desk

_DAY = timedelta(days=1)
_DEPTH = timedelta(days=14)
_BEGINNING = 500  # position in the log
_NOON = 12 * 3600.0
_MOST_TERMS = 1_000_000  # words and pieces of words after which a loom begins anew: it lives as long as the service
_MOST_TELLINGS = 60_000
_TEXTS = 3000  # texts kept for comparing: those of the page in hand, and some of before
_SAID = {"reprint-of": "reprint", "translation-of": "translation"}


@dataclass
class Loom:
    """What is known of the items around those in hand, kept from page to page and from visit to visit.

    `position` is where the stream of labels ended when it was last used: if others wrote, it is made anew.
    """

    rules: StoryRules
    weaver: Weaver
    position: int = 0
    days: set[date] = field(default_factory=set)
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    points: meanings.Points | None = None


def found(desk: Desk, page: Sequence[Unlabelled], links: Iterable[Fact]) -> list[Fact]:
    """The stories that new items of a page join, and the reprints that were found on the way."""
    rules = desk.library.story_rules()
    new = {one.item: one for one in page if not one.rules}
    if not rules.enabled or not new:
        return []
    loom = _loom(desk, rules)
    sources: dict[str, Source] = {source.id: source for source in desk.library.sources(retired=True)}
    known = _linked(links)
    wanted = [item for item, one in new.items() if item in known or not _shelved(one)]
    rows = [row for row in desk.library.stories.tellings(wanted) if row.id not in loom.weaver]
    told = {row.id: one for row in rows if (one := _telling(row, sources)) is not None}
    _fetch(desk, loom, sources, [row for row in rows if row.id in told])
    if loom.points is not None:
        loom.points.prepare(loom.weaver, told.values(), {row.id for row in rows if row.archive})
    if len(loom.texts) > _TEXTS:
        loom.texts.clear()
        loom.languages.clear()
    loom.languages |= {item: telling.language for item, telling in told.items()}
    loom.texts |= {item: (new[item].title, new[item].text) for item in told}
    return [fact for telling in told.values() for fact in _placed(desk, loom, telling, known)]


def _shelved(one: Unlabelled) -> bool:
    """Whether an item came long after its day, as from the depth of an archive: it joins only what it is linked with.

    What a log begins with is looked at whole.
    """
    if one.place <= _BEGINNING or one.published is None:
        return False
    seen = datetime.fromisoformat(one.seen_at).date()
    return date.fromisoformat(f"{one.published[:10]}-01-01"[:10]) < seen - _DEPTH


def done(desk: Desk) -> None:
    """What was found has been recorded."""
    if (loom := desk.loom) is not None:
        loom.position = desk.store.last(LABELS)


def _loom(desk: Desk, rules: StoryRules) -> Loom:
    loom = desk.loom
    if (
        loom is None
        or loom.rules != rules
        or loom.position != desk.store.last(LABELS)
        or loom.weaver.terms > _MOST_TERMS
        or len(loom.weaver) > _MOST_TELLINGS
    ):
        loom = desk.loom = _new(desk, rules)
    return loom


def woven(rules: StoryRules) -> Rules:
    """The rules as the weaver has them."""
    return Rules(
        window=rules.window.total_seconds(), threshold=rules.threshold, headlines=rules.headlines, across=rules.across
    )


def _new(desk: Desk, rules: StoryRules) -> Loom:
    texts: dict[str, tuple[str, str]] = {}
    languages: dict[str, str] = {}

    def copies(one: str, other: str) -> str:
        for item in (one, other):
            if item not in texts:
                held = desk.library.held([item])
                texts[item] = (held[ItemId(item)].title, held[ItemId(item)].text) if held else ("", "")
        return judged(texts[one], texts[other], languages[one])

    weaver = Weaver(woven(rules), None, copies)
    return Loom(rules, weaver, desk.store.last(LABELS), texts=texts, languages=languages, points=meanings.points())


def _fetch(desk: Desk, loom: Loom, sources: Mapping[str, Source], rows: Sequence[Any]) -> None:
    """Take in what was looked at before around the days of these items."""
    around = loom.rules.window + 2 * _DAY
    wanted: set[date] = set()
    for day in {date.fromisoformat(row.day) for row in rows}:
        wanted.update(day + step * _DAY for step in range(-around.days, around.days + 1))
    for first, last in _runs(sorted(wanted - loom.days)):
        held = [row for row in desk.library.stories.told_between(first.isoformat(), last.isoformat())
                if row.id not in loom.weaver]  # fmt: skip
        stories = desk.library.stories.of(row.id for row in held)
        for row in held:
            if (telling := _telling(row, sources)) is not None:
                loom.weaver.remember(telling, stories.get(row.id, ""))
                if loom.points is not None:
                    loom.points.know(telling)
    loom.days |= wanted


def _runs(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """First and last days of stretches without a gap."""
    start = 0
    for place in range(1, len(days) + 1):
        if place == len(days) or days[place] - days[place - 1] > _DAY:
            yield days[start], days[place - 1]
            start = place


def _telling(row: Any, sources: Mapping[str, Source]) -> Telling | None:
    """An item as a telling; None for standing pages, for what has no words, and for what nobody dated."""
    source = sources.get(row.source)
    if source is None or source.kind == "watch" or not (row.title or row.lead):
        return None
    seen = datetime.fromisoformat(row.seen_at)
    published = instant(row.date_value, row.precision, source.timezone)
    if in_future(published, seen):
        published = None
    if published is None and (row.archive or row.quiet):
        return None
    vague = published is not None and row.precision == "day"
    at = published.astimezone(UTC).timestamp() + (_NOON if vague else 0.0) if published else seen.timestamp()
    return Telling(
        item=row.id, source=row.source, language=row.language, title=row.title,
        lead=row.lead if row.lead != row.title else "", at=at, vague=vague, media=source.institution == "media",
    )  # fmt: skip


def _linked(links: Iterable[Fact]) -> dict[str, list[tuple[str, str, int]]]:
    """By item, the items that are the same text: the other, how so, and how much of it."""
    known: dict[str, list[tuple[str, str, int]]] = {}
    for fact in links:
        link = fact.event
        assert isinstance(link, events.ItemLinked)
        for item, other in ((link.item, link.other), (link.other, link.item)):
            known.setdefault(item, []).append((other, _SAID[link.relation], link.share or 100))
    return known


def _placed(
    desk: Desk, loom: Loom, telling: Telling, links: Mapping[str, list[tuple[str, str, int]]]
) -> Iterator[Fact]:
    joined = _by_link(desk, loom, telling, links.get(telling.item, ()))
    if joined is None:
        joined = loom.weaver.add(telling)
    if joined is None:
        return
    if joined.reason == "reprint" and telling.item not in links:
        yield from linking.reprint(desk, joined.item, joined.other)
    method = METHOD if loom.points is None or not loom.points.name else f"{METHOD}+{loom.points.name}"
    event = events.StoryJoined(
        story=joined.story, item=joined.item, source=telling.source, other=joined.other, reason=joined.reason,
        score=joined.score, method=method,
    )  # fmt: skip
    yield Fact(event=event, key=f"story:{joined.item}")


def _by_link(desk: Desk, loom: Loom, telling: Telling, links: Iterable[tuple[str, str, int]]) -> Joined | None:
    """The story of an item that this one is the same text as; of several, the first that is known."""
    for other, reason, score in links:
        if other in loom.weaver:
            story = loom.weaver.story_of(other)
        elif desk.library.stories.tellings([other]) and other not in loom.texts:
            story = desk.library.stories.of([other]).get(other, other)
        else:  # it comes later on this page, and joins then
            continue
        loom.weaver.place(telling, story)
        return Joined(story=story, item=telling.item, other=other, reason=reason, score=score)
    return None
