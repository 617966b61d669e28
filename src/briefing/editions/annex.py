"""The annex of an issue: what the page before it has no room for, so that nothing of the period is passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.documents import Inventory, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from briefing.model import Item, Source, SourceId


def inventories(items: Iterable[Item], sources: Mapping[SourceId, Source]) -> tuple[Inventory, ...]:
    """Items by their source, in the order given; the sources by country and name."""
    held: dict[SourceId, list[Item]] = {}
    for item in items:
        held.setdefault(item.source, []).append(item)
    ordered = sorted(held, key=lambda name: (sources[name].country, sources[name].name, name))
    return tuple(Inventory(source=sources[name], items=tuple(held[name])) for name in ordered)


def undated(items: Iterable[Item], sources: Mapping[SourceId, Source]) -> tuple[Mention, ...]:
    """Items whose publisher gives no date that can be understood, in the order given."""
    return tuple(Mention(item=item, source=sources[item.source]) for item in items if item.published.value is None)
