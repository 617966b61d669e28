"""A story is printed once: which items of a list stand for themselves, and whom they name as having told it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.documents import Telling

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from briefing.model import Item, ItemId, Source, SourceId, Story
    from briefing.projections import Holdings

    Also = Mapping[ItemId, tuple[Telling, ...]]
    Takes = Callable[[Sequence[Item]], Sequence[Item]]


def folded(
    library: Holdings,
    listed: Callable[[int], list[Item]],
    limit: int,
    sources: Mapping[SourceId, Source],
    takes: Takes = lambda items: items,
) -> tuple[list[Item], Also]:
    """The first `limit` items of a list in which each story stands once, and for those who else tells it.

    `listed` gives so many items of the list, the newest first; `takes` those that belong to it: of a story the first
    teller among these stands for all. What is printed on its own (see `Story.apart`) stands for itself.
    """
    items = listed(limit)
    if not library.stories.of(item.id for item in items):
        return items, {}
    items = listed(2 * limit)
    of = library.stories.of(item.id for item in items)
    stories = library.stories.whole(of.values())
    first = {name: _first(story, takes) for name, story in stories.items()}
    apart = frozenset().union(*(story.apart for story in stories.values()))
    kept = [item for item in items if item.id not in of or item.id == first[of[item.id]] or item.id in apart][:limit]
    also = {item.id: others(stories[of[item.id]], item, sources) for item in kept if item.id in of}
    return kept, also


def others(story: Story, item: Item, sources: Mapping[SourceId, Source]) -> tuple[Telling, ...]:
    """The other tellings of a story, the first told first, without those that are gone."""
    return tuple(
        Telling(item=one.item, source=sources[one.item.source], at=one.at)
        for one in story.told
        if one.item.id != item.id and one.item.removal is None and one.item.state != "withdrawn"
    )


def _first(story: Story, takes: Takes) -> str:
    """Who stands for a story: of those that belong, the first that is no altered copy. What became of it since moves
    nobody: an entry that readers have stays.
    """
    own = {item.id for item in takes([member.item for member in story.members])}
    told = [member for member in story.told if member.item.id in own]
    told.sort(key=lambda one: one.item.id in story.apart)
    return told[0].item.id if told else ""
