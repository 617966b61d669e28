"""An issue is set: what stands before the annex is known, now it gets numbers, quotations and headings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

from briefing.documents import Alteration, Reference, Section
from briefing.editions.calendars import numbered
from briefing.editions.changes import change_words
from briefing.editions.differences import passages, passed_on
from briefing.editions.limits import AHEAD, ANALYSIS, CHANGED, STATEMENTS, counted
from briefing.editions.quotes import first_sentence
from briefing.editions.summaries import quotation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from briefing.documents import Announced, LeftOut
    from briefing.editions.limits import Room, Shown
    from briefing.editions.placing import Places
    from briefing.editions.selecting import Selection
    from briefing.editions.told import Told
    from briefing.model import Change, Item, ItemId, Revision, Source, SourceId

_LATE_QUOTES = 20  # late arrivals of which something is quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that an issue is set from; what was quoted once is kept, on however many pages it is tried."""

    chosen: Selection
    places: Places
    sources: Mapping[SourceId, Source]
    texts: Mapping[ItemId, Revision]
    told: Told
    twins: Mapping[ItemId, Item]
    order: Mapping[str, int]
    kept: Mapping[ItemId, Item]
    _quotes: dict[ItemId, str] = field(default_factory=dict)
    _changes: dict[int, tuple[str, str, str]] = field(default_factory=dict)

    def quote(self, item: Item) -> str:
        """What is quoted of an item, as far as its source lets us."""
        if item.id not in self._quotes:
            held, source = self.texts.get(item.id), self.sources[item.source]
            shut = source.redistribute == "title" or item.removal is not None
            text = held.text if held else item.lead
            self._quotes[item.id] = "" if shut else quotation(item.title, text, item.language)
        return self._quotes[item.id]

    def alteration(self, change: Change) -> tuple[str, str, str]:
        """What changed, and the passages that differ, where the source lets us pass text on."""
        if change.position not in self._changes:
            before = after = ""
            if change.before and change.after and (limit := passed_on(self.sources[change.item.source].redistribute)):
                before, after = passages(change.before, change.after, change.item.language, limit)
            self._changes[change.position] = change_words(change), before, after
        return self._changes[change.position]


class Page:
    """What is shown before the annex, under its headings and numbers."""

    def __init__(self, desk: Desk, shown: Shown) -> None:
        self._desk = desk
        self._shown = shown
        self._told = shown.items | shown.named
        self._printed = [item for item in desk.chosen.period if item.id in self._told]
        body = {item.id: item for item in self._body()}
        self._quoted = {*body.keys() - shown.named, *(item.id for item in desk.chosen.late[:_LATE_QUOTES])}
        self.news = {item.id: item for item in self._behind()}
        self.here = body | self.news
        ordered = sorted(
            {**desk.kept, **self.here}.values(), key=lambda item: (desk.order.get(item.id, len(desk.order)))
        ) if desk.order else list(self.here.values())  # fmt: skip
        self.references = tuple(self._reference(number, item) for number, item in enumerate(ordered, 1))
        self._by_item = {reference.item.id: reference for reference in self.references}

    def refer(self, items: Iterable[Item]) -> tuple[Reference, ...]:
        """The references of items, in the order given."""
        return tuple(self._by_item[item.id] for item in items)

    # ------------------------------------------------------------ parts

    def highlights(self) -> tuple[Reference, ...]:
        """The first sentence of the items that matter most."""
        return tuple(
            replace(reference, quote=first_sentence(reference.quote, reference.item.language))
            for reference in self.refer(self._shown.highlights)
        )

    def statements(self) -> tuple[Section, ...]:
        """Readouts of one event side by side; then by country what no topic takes, and references to the rest."""
        return (*self._readouts(), *self._countries())

    def _readouts(self) -> Iterator[Section]:
        places = self._desk.places
        for number, group in enumerate(places.readouts, 1):
            if group[0].id in self._shown.items:
                countries = "+".join(dict.fromkeys(places.country(item) for item in group))
                yield Section(id=f"readouts-{number}", title=countries, references=self.refer(group), beside=True)

    def _countries(self) -> Iterator[Section]:
        places, shown = self._desk.places, self._shown
        for country, items in places.by_country(places.official):
            here = [item for item in items if item.id in self._told]
            apart = {item.id for item in here if places.best(item) or item.id in places.beside} | shown.named
            yield Section(
                id=country,
                title=country,
                references=self.refer(item for item in here if item.id not in apart),
                see=self.refer(item for item in here if item.id in apart),
                left=len(items) - len(here),
            )

    def topics(self) -> tuple[Section, ...]:
        """Each topic, also an empty one: official statements whose best it is, cross-references to all else."""
        places, shown = self._desk.places, self._shown.items
        found = []
        for topic in self._desk.chosen.topics:
            own = [item for item in places.official if places.best(item) == topic.id]
            here = [item for item in own if item.id in shown]
            full = {item.id for item in here}
            see = (item for item in self._printed if topic.id in places.topics(item) and item.id not in full)
            found.append(
                Section(
                    id=topic.id,
                    title=topic.name,
                    references=self.refer(here),
                    see=self.refer(see),
                    left=sum(item.id not in self._told for item in own),
                )
            )
        return tuple(found)

    def analysis(self) -> tuple[Section, ...]:
        """Think tanks and media by country of the institution, in full."""
        found = []
        for country, items in self._desk.places.by_country(self._desk.places.analysis):
            found.append(
                Section(
                    id=country,
                    title=country,
                    references=self.refer(item for item in items if item.id in self._shown.items),
                    see=self.refer(item for item in items if item.id in self._shown.named),
                    left=sum(item.id not in self._told for item in items),
                )
            )
        return tuple(found)

    def changed(self, changes: Iterable[Change]) -> tuple[Alteration, ...]:
        """Changes with what changed in them."""
        found = []
        for change in changes:
            what, before, after = self._desk.alteration(change)
            reference = self._by_item[change.item.id]
            found.append(
                Alteration(reference=reference, kind=change.kind, at=change.at, what=what, before=before, after=after)
            )
        return tuple(found)

    def announced(self, entry: Announced) -> Announced:
        """What lies ahead, with the numbers of the items that say so."""
        return numbered(entry, {item: reference.number for item, reference in self._by_item.items()})

    def left_out(self, room: Room, words: int) -> tuple[LeftOut, ...]:
        """What the limits kept out, counted by the part where it would stand and by the limit."""
        return counted(self._left(room, f"{words:,} words before the annex"))

    def _left(self, room: Room, words: str) -> Iterator[tuple[str, str]]:
        places, names = self._desk.places, {topic.id: topic.name for topic in self._desk.chosen.topics}
        for items, part in ((places.official, STATEMENTS), (places.analysis, ANALYSIS)):
            for item in items:
                if item.id not in self._told:
                    best = places.best(item)
                    where = names[best] if best else f"{part}: {places.country(item)}"
                    yield where, room.capped.get(item.id, words)
        for part, whole, shown in (
            (CHANGED, self._desk.chosen.changes, self._shown.changes),
            (AHEAD, self._desk.chosen.ahead, self._shown.ahead),
        ):
            yield from [(part, words)] * (len(whole) - len(shown))

    # ------------------------------------------------------------ numbers

    def _body(self) -> Iterator[Item]:
        """What stands before the annex, in the order in which a reader meets it."""
        places, shown = self._desk.places, self._shown
        yield from shown.highlights
        for group in places.readouts:
            yield from (item for item in group if item.id in shown.items)
        for _, items in places.by_country(places.official):
            here = [item for item in items if item.id in self._told]
            yield from sorted(here, key=lambda item: places.best(item) is not None or item.id in shown.named)
        for _, items in places.by_country(places.analysis):
            here = [item for item in items if item.id in self._told]
            yield from sorted(here, key=lambda item: item.id in shown.named)
        yield from (change.item for change in shown.changes)
        yield from (one.item for meeting in shown.ahead for one in meeting.statements)

    def _behind(self) -> Iterator[Item]:
        """What only the annex names: late arrivals, changes that were kept out, then the period."""
        chosen = self._desk.chosen
        yield from chain(chosen.late, (change.item for change in chosen.changes), chosen.period)

    def _reference(self, number: int, item: Item) -> Reference:
        desk = self._desk
        beside = {one.id for one in desk.places.beside.get(item.id, ())}
        best = desk.places.best(item)
        return Reference(
            number=number,
            item=item,
            source=desk.sources[item.source],
            quote=desk.quote(item) if item.id in self._quoted else "",
            also=tuple(topic for topic in desk.places.topics(item) if topic != best),
            told=tuple(one for one in desk.told.besides(item) if one.item.id not in beside),
            twin=desk.twins.get(item.id),
        )


def ordered(order: Sequence[str]) -> dict[str, int]:
    """The places of items whose numbers were given once."""
    return {item: number for number, item in enumerate(order)}
