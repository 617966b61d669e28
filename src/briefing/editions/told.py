"""A story in an issue: who stands for it, who else tells it, and the readouts that are read side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.documents import Telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from briefing.model import Item, Member, Source, SourceId, Story

OFFICIAL = frozenset({"ministry", "igo"})
"""The kinds of institution whose words are statements."""


class Told:
    """The stories of an issue's items."""

    def __init__(self, stories: Iterable[Story], sources: Mapping[SourceId, Source]) -> None:
        self._sources = sources
        self._stories = {member.item.id: story for story in stories for member in story.members}
        self._apart = {
            item for story in {one.id: one for one in self._stories.values()}.values() for item in story.apart
        }

    def once(self, items: Sequence[Item], before: Sequence[Item] = ()) -> tuple[Item, ...]:
        """The items of which none tells what another does, or one of those that were taken `before`.

        What institutions of several countries say of one event stands each for itself. So does what is printed on its
        own (see `Story.apart`).
        """
        taken = {self._stories[item.id].id for item in before if item.id in self._stories}
        stands: dict[tuple[str, str], str] = {}
        for item in sorted(items, key=self._rank, reverse=True):
            if story := self._story(item):
                stands[story, self._side(item)] = item.id
        gone = {item.id for item in items if _gone(item)}
        spoken = {story for (story, side), item in stands.items() if side and item not in gone}

        def printed(item: Item) -> bool:
            if (story := self._story(item)) is None:
                return True
            side = self._side(item)
            return story not in taken and stands[story, side] == item.id and bool(side or story not in spoken)

        return tuple(filter(printed, items))

    def readouts(self, items: Iterable[Item]) -> tuple[tuple[Item, ...], ...]:
        """Of items of which none repeats another: what officials of several countries tell of one event.

        The first teller stands first, in each and of all.
        """
        told: dict[str, list[Item]] = {}
        for item in items:
            if (story := self._story(item)) and self._side(item) and not _gone(item):
                told.setdefault(story, []).append(item)
        groups = [sorted(group, key=self._place) for group in told.values() if len(group) > 1]
        return tuple(tuple(group) for group in sorted(groups, key=lambda group: (group[0].news_at, group[0].id)))

    def besides(self, item: Item) -> tuple[Telling, ...]:
        """Who else tells what an item does, the first told first, without what is gone."""
        story = self._stories.get(item.id)
        return tuple(self._telling(one) for one in story.told if self._other(one, item)) if story else ()

    def _story(self, item: Item) -> str | None:
        story = self._stories.get(item.id)
        return story.id if story is not None and item.id not in self._apart else None

    def _side(self, item: Item) -> str:
        """The country for which an item speaks; empty for one that speaks for none."""
        source = self._sources[item.source]
        return source.country if source.institution in OFFICIAL else ""

    def _rank(self, item: Item) -> tuple[bool, int]:
        """Who stands for a story: what still stands, then the first teller."""
        return _gone(item), self._place(item)

    def _place(self, item: Item) -> int:
        return [one.item.id for one in self._stories[item.id].told].index(item.id) if item.id in self._stories else 0

    def _telling(self, one: Member) -> Telling:
        return Telling(item=one.item, source=self._sources[one.item.source], at=one.at)

    def _other(self, one: Member, item: Item) -> bool:
        return one.item.id != item.id and not _gone(one.item)


def _gone(item: Item) -> bool:
    """Whether its publisher took an item back; that somebody had it taken down here moves nothing from its place."""
    return (item.state if item.removal is None else item.removal.before) == "withdrawn"
