"""A story in an issue: who stands for it, and who else tells it."""

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

        What is printed on its own (see `Story.apart`) stays.
        """
        taken = {self._stories[item.id].id for item in before if item.id in self._stories}
        stands = {story: item.id for item in sorted(items, key=self._rank, reverse=True)
                  if (story := self._story(item))}  # fmt: skip
        return tuple(
            item
            for item in items
            if (story := self._story(item)) is None or (stands[story] == item.id and story not in taken)
        )

    def besides(self, item: Item) -> tuple[Telling, ...]:
        """Who else tells what an item does, the first told first, without what is gone."""
        story = self._stories.get(item.id)
        return tuple(self._telling(one) for one in story.told if self._other(one, item)) if story else ()

    def _story(self, item: Item) -> str | None:
        story = self._stories.get(item.id)
        return story.id if story is not None and item.id not in self._apart else None

    def _rank(self, item: Item) -> tuple[bool, bool, int]:
        """Who stands for a story: what still stands, official before others, then the first teller."""
        place = [one.item.id for one in self._stories[item.id].told].index(item.id) if item.id in self._stories else 0
        return _gone(item), self._sources[item.source].institution not in OFFICIAL, place

    def _telling(self, one: Member) -> Telling:
        return Telling(item=one.item, source=self._sources[one.item.source], at=one.at)

    def _other(self, one: Member, item: Item) -> bool:
        return one.item.id != item.id and not _gone(one.item)


def _gone(item: Item) -> bool:
    """Whether its publisher took an item back; that somebody had it taken down here moves nothing from its place."""
    return (item.state if item.removal is None else item.removal.before) == "withdrawn"
