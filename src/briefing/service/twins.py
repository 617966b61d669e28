"""Titles in the reader's language: items that their own publisher gives in it too."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefing.model import Item, ItemId
    from briefing.projections import Holdings


def twins(library: Holdings, items: Mapping[ItemId, Item], language: str) -> dict[ItemId, Item]:
    """For items in other languages the same text in this one, where their publisher has it.

    Only what pages say of themselves counts (see `linking`), and only between pages of one publisher: of one source, or
    at one host or a part of it (`en.river.example` of `river.example`). Of several the first that was found.
    """
    pairs = library.relations.translations(item.id for item in items.values() if item.language != language)
    known = {**items, **library.items_by_id({one for pair in pairs for one in pair} - items.keys())} if pairs else {}
    found: dict[ItemId, Item] = {}
    for one, other in ((known[a], known[b]) for pair in pairs for a, b in (pair, pair[::-1])):
        if one.id in items and other.language == language != one.language and _of_one(one, other):
            found.setdefault(one.id, other)
    return found


def _of_one(one: Item, other: Item) -> bool:
    if one.removal is not None or other.removal is not None or not other.title:
        return False
    hosts = sorted((_host(one.url), _host(other.url)), key=len)
    return one.source == other.source or f".{hosts[1]}".endswith(f".{hosts[0]}" if hosts[0] else " ")


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
