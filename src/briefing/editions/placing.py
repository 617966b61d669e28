"""Where an item stands in an issue: official or not, under which topic and country, how high it ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.editions.told import OFFICIAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from briefing.editions.told import Told
    from briefing.model import Item, ItemId, ItemState, Source, SourceId, Topic, TopicId


class Places:
    """The places of the items of a period, of which none repeats another."""

    def __init__(
        self, items: Sequence[Item], topics: Sequence[Topic], sources: Mapping[SourceId, Source], told: Told
    ) -> None:
        self._sources = sources
        self._order = {topic.id: place for place, topic in enumerate(topics)}
        self.official = [item for item in items if sources[item.source].institution in OFFICIAL]
        self.analysis = [item for item in items if sources[item.source].institution not in OFFICIAL]
        self._official = ids(self.official)
        self.readouts = told.readouts(self.official)
        self.beside = {item.id: group for group in self.readouts for item in group}
        self._best = {
            item.id: best for item in self.official if item.id not in self.beside and (best := self._best_topic(item))
        }

    def is_official(self, item: Item) -> bool:
        """Whether an item is a statement of a ministry or of an intergovernmental body."""
        return item.id in self._official

    def best(self, item: Item) -> TopicId | None:
        """The topic under which an official item is printed; None for one that stands elsewhere."""
        return self._best.get(item.id)

    def country(self, item: Item) -> str:
        """The code of the country of an item's institution."""
        return self._sources[item.source].country

    def topics(self, item: Item) -> list[TopicId]:
        """The topics of the issue that an item belongs to, in their order."""
        return sorted((label.topic for label in item.labels if label.topic in self._order), key=self._order.__getitem__)

    def ranked(self) -> list[Item]:
        """All items: official first, then by the score of the best label, then the newest."""
        return sorted(
            (*self.official, *self.analysis),
            key=lambda item: (item.id in self._official, self._score(item), item.day, item.news_at, item.id),
            reverse=True,
        )

    def highlighted(self, items: Iterable[Item], most: int) -> list[Item]:
        """The first of ranked items that stand and repeat no other: a text reprinted counts once."""
        unlike: dict[str, Item] = {}
        for item in items:
            if stood(item) != "withdrawn":
                unlike.setdefault(item.fingerprint or item.id, item)
        return list(unlike.values())[:most]

    def by_country(self, items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
        """Items under the codes of their institutions' countries, in alphabetical order."""
        groups: dict[str, list[Item]] = {}
        for item in items:
            groups.setdefault(self.country(item), []).append(item)
        return sorted(groups.items())

    def _best_topic(self, item: Item) -> TopicId | None:
        labels = [label for label in item.labels if label.topic in self._order]
        best = min(labels, key=lambda label: (-label.score, self._order[label.topic]), default=None)
        return best.topic if best else None

    def _score(self, item: Item) -> int:
        return max((label.score for label in item.labels if label.topic in self._order), default=0)


def stood(item: Item) -> ItemState:
    """The state of an item but for its takedown, which moves nothing else from its place."""
    return item.state if item.removal is None else item.removal.before


def ids(items: Iterable[Item]) -> frozenset[ItemId]:
    """The ids of items."""
    return frozenset(item.id for item in items)
