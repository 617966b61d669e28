"""One issue of a briefing: which items it holds, who stands where, under which number, quoted how.

An item is printed once. Official statements (of ministries and intergovernmental bodies) stand in full under their
best topic: the highest score, of equals the first in the order of the briefing. The part by country lists them as
cross-references, and in full only those that no topic of the issue takes. Analysis (think tanks, media) stands apart,
in full by country of its institution, with cross-references from the topics. Late arrivals stand in full at the end.

Where a briefing names topics, only items with one of them are printed; the others of the week are named at the end.
What was announced for the time after the week stands with the sentence that says so; its items have numbers too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from briefing.documents import Alteration, Coverage, Issue, Lapse, Mention, Reference, Section
from briefing.editions.annex import inventories, undated
from briefing.editions.calendars import ISSUE_LENGTH, announced, coming, numbered
from briefing.editions.changes import change_words
from briefing.editions.differences import passages, passed_on
from briefing.editions.periods import bounds, first_day, kind_of, last_day
from briefing.editions.quotes import first_sentence
from briefing.editions.summaries import quotation
from briefing.editions.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from briefing.documents import Erratum
    from briefing.model import (
        Briefing,
        Change,
        Gap,
        Health,
        Item,
        ItemId,
        ItemState,
        Meeting,
        Revision,
        Site,
        Source,
        SourceId,
        Story,
        Topic,
        TopicId,
    )

HIGHLIGHTS = 5
OTHERS = 100  # items of the week without a topic of the briefing that are named; the rest is counted

_OFFICIAL = frozenset({"ministry", "igo"})
_UNREAD = frozenset({"failing", "blocked", "gone", "stale"})


def issue(
    *,
    briefing: Briefing,
    site: Site,
    period: str,
    version: int,
    supersedes: int,
    position: int,
    as_of: datetime,
    items: Iterable[Item],
    changes: Iterable[Change],
    sources: Mapping[SourceId, Source],
    health: Sequence[Health],
    topics: Sequence[Topic],
    texts: Mapping[ItemId, Revision],
    root: str = "",
    order: Sequence[str] = (),
    gaps: Iterable[Gap] = (),
    stories: Iterable[Story] = (),
    meetings: Iterable[Meeting] = (),
    corrections: Sequence[Erratum] = (),
) -> Issue:
    """The issue of an ISO week, version `version`, from what is known at log position `position`, recorded at `as_of`.

    `items` holds at least those whose day lies in the week and those that became news in it; a late arrival became
    news in the week but belongs to an earlier day (what stood in an archive when its source was first read is not
    late). `changes` holds at least those of the week. What lies outside is passed over. `sources` holds retired ones
    too, `health` the active ones; `texts` the held versions that are quoted (the lead stands in where one is missing),
    `root` the root of the log at `position` (base64). `order` is that of the numbers, where they were given once: what
    was quoted as [3] stays [3], though an item before it was taken down since. An item that was taken down keeps its
    places, and has no words in them. `gaps` holds at least those that reach into the week, `meetings` those that end
    behind it. Each of the `stories` is printed once in the week, an official telling of it before
    others, and names who else tells it. `corrections` are the errata that were issued in the week.

    Raises:
        UsageError: `period` is no ISO week.
    """
    chosen = _selected(
        briefing=briefing, site=site, period=period, items=items, changes=changes, topics=topics, meetings=meetings
    )
    ahead = [announced(one, sources, {topic.id: topic for topic in topics}, site.language) for one in chosen.ahead]
    told = Told(stories, sources)
    whole = sorted((*chosen.week, *chosen.others), key=lambda item: (item.day, item.news_at, item.id), reverse=True)
    chosen = replace(chosen, week=told.once(chosen.week), others=told.once(chosen.others, chosen.week))
    desk = _Desk(chosen, sources, texts, order, told)
    return Issue(
        briefing=briefing.id,
        title=briefing.title,
        site_title=site.title,
        site_url=site.url,
        language=site.language,
        timezone=site.timezone,
        contact=site.contact,
        period=period,
        first=first_day(period),
        last=last_day(period),
        version=version,
        supersedes=supersedes,
        position=position,
        as_of=as_of,
        sources_ok=len(health) - len(coverage := _coverage(health, sources)),
        sources_total=len(health),
        languages=tuple(sorted({reference.item.language for reference in desk.references})),
        highlights=desk.highlights(),
        coverage=coverage,
        statements=desk.statements(),
        topics=desk.topics(),
        analysis=desk.analysis(),
        changed=tuple(desk.alteration(change) for change in chosen.changes),
        late=desk.refer(chosen.late),
        references=desk.references,
        topic_list=chosen.topics,
        others=tuple(Mention(item=item, source=sources[item.source]) for item in chosen.others[:OTHERS]),
        others_left=max(0, len(chosen.others) - OTHERS),
        root=root,
        lapses=_lapses(gaps, sources, bounds(period, site.timezone)),
        ahead=tuple(numbered(entry, {one.item.id: one.number for one in desk.references}) for entry in ahead),
        ahead_left=chosen.ahead_left,
        kind=kind_of(period),
        annex=inventories(whole, sources),
        undated=undated(whole, sources),
        corrections=tuple(corrections),
    )


@dataclass(frozen=True, slots=True)
class _Selection:
    """What comes into an issue; items newest first, changes oldest first, topics in their order."""

    topics: tuple[Topic, ...]
    week: tuple[Item, ...]
    late: tuple[Item, ...]
    others: tuple[Item, ...]
    changes: tuple[Change, ...]
    ahead: tuple[Meeting, ...] = ()
    ahead_left: int = 0


def _selected(
    *,
    briefing: Briefing,
    site: Site,
    period: str,
    items: Iterable[Item],
    changes: Iterable[Change],
    topics: Sequence[Topic],
    meetings: Iterable[Meeting],
) -> _Selection:
    start, end = bounds(period, site.timezone)
    first, last = first_day(period).isoformat(), last_day(period).isoformat()
    wanted = frozenset(briefing.topics)

    def relevant(item: Item) -> bool:
        return not wanted or any(label.topic in wanted for label in item.labels)

    whole = sorted(items, key=lambda item: (item.day, item.news_at, item.id), reverse=True)
    held = [item for item in whole if relevant(item)]
    within = (change for change in changes if start <= change.at < end and relevant(change.item))
    known = {topic.id: topic for topic in topics}

    def said(item: Item) -> bool:
        """Whether an item stood in the week, or before: what it announces lay ahead then."""
        return relevant(item) and item.day <= last

    told = (replace(one, statements=tuple(filter(lambda voice: said(voice.item), one.statements))) for one in meetings)
    ahead = coming((one for one in told if one.statements), last_day(period))
    return _Selection(
        topics=tuple(known[topic] for topic in briefing.topics or known if topic in known),
        week=tuple(item for item in held if first <= item.day <= last),
        late=tuple(item for item in held if item.day < first and start <= item.news_at < end),
        others=tuple(item for item in whole if first <= item.day <= last and not relevant(item)),
        changes=tuple(sorted(within, key=lambda change: (change.at, change.position))),
        ahead=tuple(ahead[:ISSUE_LENGTH]),
        ahead_left=max(0, len(ahead) - ISSUE_LENGTH),
    )


def _coverage(health: Iterable[Health], sources: Mapping[SourceId, Source]) -> tuple[Coverage, ...]:
    """The sources that could not be read or were silent beyond their rhythm, and those never read; by their ids."""
    unread = (one for one in health if one.state in _UNREAD or (one.state == "new" and one.last_success is None))
    return tuple(Coverage(source=sources[one.source], health=one) for one in sorted(unread, key=lambda one: one.source))


def _lapses(
    gaps: Iterable[Gap], sources: Mapping[SourceId, Source], week: tuple[datetime, datetime]
) -> tuple[Lapse, ...]:
    """The possible gaps that reach into the week, those left open first; then by time."""
    start, end = week
    within = (gap for gap in gaps if gap.since < end and gap.until > start)
    ordered = sorted(within, key=lambda gap: (gap.state != "open", gap.since, gap.position))
    return tuple(Lapse(source=sources[gap.source], gap=gap) for gap in ordered)


class _Desk:
    """Sets a selection: decides places, gives numbers in the order of first appearance, quotes."""

    def __init__(
        self,
        chosen: _Selection,
        sources: Mapping[SourceId, Source],
        texts: Mapping[ItemId, Revision],
        order: Sequence[str],
        told: Told,
    ) -> None:
        self._chosen = chosen
        self._told = told
        self._sources = sources
        self._order = {topic.id: place for place, topic in enumerate(chosen.topics)}
        self._official = [item for item in chosen.week if sources[item.source].institution in _OFFICIAL]
        self._analysis = [item for item in chosen.week if sources[item.source].institution not in _OFFICIAL]
        self._best = {item.id: best for item in self._official if (best := self._best_topic(item))}
        self._ranked = self._highlighted()
        self._numbers = {item: number for number, item in enumerate(order)}
        self.references = tuple(
            self._reference(number, item, texts.get(item.id)) for number, item in enumerate(self._appearing(), 1)
        )
        self._by_item = {reference.item.id: reference for reference in self.references}

    def refer(self, items: Iterable[Item]) -> tuple[Reference, ...]:
        """The references of items, in the order given."""
        return tuple(self._by_item[item.id] for item in items)

    def highlights(self) -> tuple[Reference, ...]:
        """The first sentence of the items that matter most."""
        return tuple(
            replace(reference, quote=first_sentence(reference.quote, reference.item.language))
            for reference in self.refer(self._ranked)
        )

    def statements(self) -> tuple[Section, ...]:
        """Official statements by country: cross-references, and in full what no topic takes."""
        return tuple(
            Section(
                id=country,
                title=country,
                references=self.refer(item for item in items if item.id not in self._best),
                see=self.refer(item for item in items if item.id in self._best),
            )
            for country, items in self._by_country(self._official)
        )

    def topics(self) -> tuple[Section, ...]:
        """Each topic, also an empty one: official statements whose best it is, cross-references to all else."""
        return tuple(
            Section(
                id=topic.id,
                title=topic.name,
                references=self.refer(item for item in self._official if self._best.get(item.id) == topic.id),
                see=self.refer(
                    item
                    for item in self._chosen.week
                    if topic.id in self._topics_of(item) and self._best.get(item.id) != topic.id
                ),
            )
            for topic in self._chosen.topics
        )

    def analysis(self) -> tuple[Section, ...]:
        """Think tanks and media by country of the institution, in full."""
        return tuple(
            Section(id=country, title=country, references=self.refer(items))
            for country, items in self._by_country(self._analysis)
        )

    def alteration(self, change: Change) -> Alteration:
        """A change with the passages that differ, where the source lets us pass text on."""
        reference = self._by_item[change.item.id]
        before = after = ""
        if change.before and change.after and (limit := passed_on(reference.source.redistribute)):
            before, after = passages(change.before, change.after, change.item.language, limit)
        what = change_words(change)
        return Alteration(reference=reference, kind=change.kind, at=change.at, what=what, before=before, after=after)

    def _appearing(self) -> list[Item]:
        """Every item once, in the order in which a reader meets it."""
        met = chain(
            self._ranked,
            chain.from_iterable(
                sorted(items, key=lambda item: item.id in self._best) for _, items in self._by_country(self._official)
            ),
            chain.from_iterable(items for _, items in self._by_country(self._analysis)),
            (change.item for change in self._chosen.changes),
            self._chosen.late,
            (one.item for meeting in self._chosen.ahead for one in meeting.statements),
        )
        once = {item.id: item for item in met}.values()
        return sorted(once, key=lambda item: self._numbers.get(item.id, len(self._numbers)))

    def _highlighted(self) -> list[Item]:
        """Official first, then by the score of the best label, then the newest; a text reprinted counts once."""
        official = {item.id for item in self._official}
        ranked = sorted(
            (item for item in self._chosen.week if _stood(item) != "withdrawn"),
            key=lambda item: (item.id in official, self._score(item), item.day, item.news_at, item.id),
            reverse=True,
        )
        unlike: dict[str, Item] = {}
        for item in ranked:
            unlike.setdefault(item.fingerprint or item.id, item)
        return list(unlike.values())[:HIGHLIGHTS]

    def _by_country(self, items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
        """Items under the codes of their institutions' countries, in alphabetical order."""
        groups: dict[str, list[Item]] = {}
        for item in items:
            groups.setdefault(self._sources[item.source].country, []).append(item)
        return sorted(groups.items())

    def _topics_of(self, item: Item) -> list[TopicId]:
        """The topics of the issue that an item belongs to, in their order."""
        return sorted((label.topic for label in item.labels if label.topic in self._order), key=self._order.__getitem__)

    def _best_topic(self, item: Item) -> TopicId | None:
        labels = [label for label in item.labels if label.topic in self._order]
        best = min(labels, key=lambda label: (-label.score, self._order[label.topic]), default=None)
        return best.topic if best else None

    def _score(self, item: Item) -> int:
        return max((label.score for label in item.labels if label.topic in self._order), default=0)

    def _reference(self, number: int, item: Item, held: Revision | None) -> Reference:
        source = self._sources[item.source]
        quote = (
            ""
            if source.redistribute == "title" or item.removal is not None
            else quotation(item.title, held.text if held else item.lead, item.language)
        )
        also = (topic for topic in self._topics_of(item) if topic != self._best.get(item.id))
        return Reference(
            number=number, item=item, source=source, quote=quote, also=tuple(also), told=self._told.besides(item)
        )


def _stood(item: Item) -> ItemState:
    """The state of an item but for its takedown, which moves nothing else from its place."""
    return item.state if item.removal is None else item.removal.before
