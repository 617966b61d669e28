"""Which items are the same text as others: reprints, and twins in other languages. Linked, never merged.

Reprints are known by their words; translations only by what a page says of itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from briefing import events
from briefing.model import ItemId
from briefing.observe.addresses import canonical
from briefing.observe.decisions import Fact
from briefing.observe.identity import address_keys
from briefing.observe.overlap import overlap
from briefing.projections.kinship import longest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from briefing.projections.nouns import Unlabelled
    from briefing.service.desk import Desk

# How much of the longer text must stand in the other, in percent: titles and lines about the author come and go.
_SAME = 60
_TRANSLATION, _REPRINT = "translation-of", "reprint-of"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    item: str
    source: str
    published: str | None
    place: int
    language: str = ""

    @property
    def order(self) -> tuple[bool, str, int]:
        """Published before comes first; of what says nothing, what was seen before."""
        return (self.published is None, self.published or "", self.place)


def found(desk: Desk, page: Sequence[Unlabelled]) -> list[Fact]:
    """The links between items of a page, each in the version held, and all that are known."""
    items = {one.item: one for one in page}  # of several versions of an item the last one
    facts = {fact.key: fact for fact in (*_reprints(desk, items), *_pointed(desk, items))}
    return list(facts.values())


def _reprints(desk: Desk, items: Mapping[str, Unlabelled]) -> Iterator[Fact]:
    """Links from items to the earliest of another source that says the same, and from such to them."""
    revised = {item: longest(one.text) for item, one in items.items() if one.revision > 1}
    others = {item: one.text for item, one in items.items() if item not in revised}
    prints = desk.library.relations.passages(others) | revised
    holders: dict[str, set[str]] = defaultdict(set)
    for row in desk.library.relations.alike(set().union(*prints.values())):
        holders[row["print"]].add(row["item"])
    pairs = {
        (item, other) for item, found in prints.items() for one in found for other in holders[one] if other != item
    }
    if not pairs:
        return
    from briefing.stories.copies import altered  # noqa: PLC0415 - seldom needed, and it takes time to load

    sides = _sides(desk, {item for pair in pairs for item in pair})
    texts = desk.library.held(list(sides))
    for item, other in sorted(pairs):
        if item not in sides or other not in sides or sides[item].source == sides[other].source:
            continue
        one, two = texts[ItemId(item)], texts[ItemId(other)]
        share = overlap(one.text, two.text, sides[item].language)
        if share >= _SAME and not altered((one.title, one.text), (two.title, two.text), sides[item].language):
            earlier, later = sorted((sides[item], sides[other]), key=lambda side: side.order)
            yield _fact(later, earlier, _REPRINT, "words", share)


def reprint(desk: Desk, item: str, other: str) -> Iterator[Fact]:
    """The link between two items whose texts were found to be the same."""
    sides = _sides(desk, (item, other))
    texts = desk.library.held([item, other])
    if len(sides) == len(texts) == 2:  # noqa: PLR2004 - both are still there
        share = overlap(texts[ItemId(item)].text, texts[ItemId(other)].text, sides[item].language)
        earlier, later = sorted(sides.values(), key=lambda side: side.order)
        yield _fact(later, earlier, _REPRINT, "words", share)


def _pointed(desk: Desk, items: Mapping[str, Unlabelled]) -> Iterator[Fact]:
    """Links that pages themselves name: from these items to known ones, and from known ones to these."""
    relations = desk.library.relations
    places = {canonical(one.url): one.item for one in items.values() if one.url}
    pairs = [(row, places[row["place"]]) for row in relations.pointers_to(places)]
    pointing = relations.pointers_from(items)
    keys = _keys(desk, pointing)
    known = desk.library.known([key for keys_of in keys.values() for key in keys_of])
    pairs += [(row, known[key]["id"]) for row in pointing for key in keys[row["place"]] if key in known]
    sides = _sides(desk, {item for row, other in pairs for item in (row["item"], other)})
    for row, other in pairs:
        if row["item"] in sides and other in sides:
            yield from _told(row, sides[row["item"]], sides[other])


def _told(row: Mapping[str, Any], item: _Side, other: _Side) -> Iterator[Fact]:
    """What a pointer says of two known items, as far as it can be true."""
    if item.item == other.item:
        return
    if row["relation"] == _REPRINT:
        if item.source != other.source:
            yield _fact(item, other, _REPRINT, row["reason"])
    elif item.language != other.language:
        earlier, later = sorted((item, other), key=lambda side: side.order)
        yield _fact(later, earlier, _TRANSLATION, row["reason"])


def _keys(desk: Desk, pointing: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The identity keys of the places pointed to, under each source whose address is at the same host."""
    at_host: dict[str, set[str]] = defaultdict(set)
    places: dict[str, str] = {}
    for row in pointing:
        places[row["place"]] = row["url"]
    if places:
        for source in desk.library.sources(retired=True):
            at_host[_host(source.url)].add(source.id)
    return {
        place: tuple(address_keys(source, url, desk.store.keyed)[0] for source in sorted(at_host.get(_host(url), ())))
        for place, url in places.items()
    }


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _sides(desk: Desk, items: Iterable[str]) -> dict[str, _Side]:
    """What decides which of two items came first; those taken down are missing."""
    return {
        str(item.id): _Side(
            item=item.id,
            source=item.source,
            published=item.published.value,
            place=item.position,
            language=item.language,
        )
        for item in desk.library.items_by_id(items).values()
        if item.removal is None
    }


def _fact(later: _Side, earlier: _Side, relation: str, reason: str, share: int = 0) -> Fact:
    event = events.ItemLinked(
        item=later.item, source=later.source, other=earlier.item, relation=relation, reason=reason, share=share
    )
    pair = ":".join(sorted((later.item, earlier.item)))
    return Fact(event=event, key=f"linked:{relation}:{pair}")
