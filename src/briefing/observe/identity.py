"""Which entry is which item: guid, address and content together, never one of them alone."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.observe.addresses import canonical
from briefing.text import print_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from briefing.model import Entry, Published

    Keyed = Callable[..., str]
    LookUp = Callable[[Iterable[str]], Mapping[str, "KnownItem"]]

# A publisher that makes new guids at every request would fill the log with aliases that never come again.
_MAX_GUIDS = 4
# Bare small numbers may be positions in the list, which a new item at the top shifts.
_WEAK_GUID = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """What identity and revision need to know of an item; prints are those of `briefing.text.print_of`.

    `entry_print` is that of what the feed or listing itself said, `versions` counts the versions held, `published` is
    its date, `page` that its text was read from its own page, `problem` why that could not be done.
    """

    id: str
    versions: int
    title_print: str
    text_print: str
    entry_print: str
    page: bool
    withdrawn: bool
    problem: str
    published: Published
    keys: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An entry with the item it is, None for a new one, and the keys it goes by."""

    entry: Entry
    item: KnownItem | None
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    guid: str | None
    url: str | None
    content: str | None

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(key for key in (self.guid, self.url, self.content) if key is not None)


def identify(
    source: str, entries: Sequence[Entry], present: frozenset[str], look_up: LookUp, keyed: Keyed
) -> list[Sighting]:
    """Say for each entry of one answer which known item it is.

    `present` are the items of entries that were cut out as unchanged: no other entry can be one of them.

    An entry is a known item when its guid is (unless the guid is a bare small number that nothing else supports), or
    its address (unless guid, title, date and content all speak against it), or title, date and content together. Two
    entries of one answer are never the same item, unless guid and address agree.
    """
    entries = _once(entries)
    unreliable = _shared(entries)
    keys = [_keys(source, entry, unreliable, keyed) for entry in entries]
    known = look_up({key for one in keys for key in one.all})
    claimed = set(present)
    found: list[KnownItem | None] = [None] * len(entries)
    for by in (_by_guid, _by_address, _by_content):  # the strongest evidence claims first
        for number, entry in enumerate(entries):
            item = by(entry, keys[number], known) if found[number] is None else None
            if item is not None and item.id not in claimed:
                claimed.add(item.id)
                found[number] = item
    return [
        Sighting(entry=entry, item=item, keys=one.all) for entry, item, one in zip(entries, found, keys, strict=True)
    ]


def new_id(source: str, entry: Entry, keyed: Keyed) -> str:
    """The id of a new item: the same entry gives the same id however often it is offered. 16 hexadecimal digits."""
    return keyed("item", source, entry.guid or "", canonical(entry.url), entry.title, entry.published.raw)[:16]


def aliases(sighting: Sighting) -> tuple[str, ...]:
    """The keys of a sighting that its item is not known by yet, short of a guid too many."""
    if sighting.item is None:
        return ()
    known = sighting.item.keys
    guids = sum(key.startswith("g") for key in known)
    return tuple(
        key
        for key in sighting.keys
        if key not in known and not key.startswith("c") and not (key.startswith("g") and guids >= _MAX_GUIDS)
    )


def content_key(source: str, entry: Entry, keyed: Keyed) -> str | None:
    """What the words alone make of an entry; None for one that has too few to be told from another."""
    if not entry.text or entry.published.value is None:
        return None
    parts = (print_of(entry.title), entry.published.value, print_of(entry.text))
    return "c" + keyed("content", source, *parts)


def _once(entries: Sequence[Entry]) -> list[Entry]:
    """Entries without repetitions of one guid and address within one answer: the first is the current one."""
    seen: set[tuple[str | None, str, str]] = set()
    kept = []
    for entry in entries:
        mark = (entry.guid, canonical(entry.url), "" if entry.guid or entry.url else entry.title)
        if mark not in seen:
            seen.add(mark)
            kept.append(entry)
    return kept


def _shared(entries: Sequence[Entry]) -> frozenset[str]:
    """Guids and addresses that stand at several entries of one answer, and so tell none of them."""
    guids = Counter(entry.guid for entry in entries if entry.guid)
    urls = Counter(canonical(entry.url) for entry in entries if entry.url)
    return frozenset(
        [f"g{guid}" for guid, count in guids.items() if count > 1]
        + [f"u{url}" for url, count in urls.items() if count > 1]
    )


def _keys(source: str, entry: Entry, unreliable: frozenset[str], keyed: Keyed) -> _Keys:
    url = canonical(entry.url)
    guid = url_key = None
    if entry.guid and f"g{entry.guid}" not in unreliable:
        guid = "g" + keyed("guid", source, entry.guid)
    if url and f"u{url}" not in unreliable:
        url_key = "u" + keyed("url", source, url)
    content = content_key(source, entry, keyed)
    if guid is None and url_key is None and content is None:  # the title is all that is left to tell it by
        content = "c" + keyed("title", source, print_of(entry.title), entry.published.raw)
    return _Keys(guid=guid, url=url_key, content=content)


def _by_guid(entry: Entry, keys: _Keys, known: Mapping[str, KnownItem]) -> KnownItem | None:
    item = known.get(keys.guid or "")
    if item is None:
        return None
    at_address = known.get(keys.url or "")
    if at_address is not None and at_address.id != item.id:
        return None  # the guid moved to another item: the address knows better
    if _WEAK_GUID.fullmatch(entry.guid or "") and at_address is None and not _same_words(entry, item):
        return None
    return item


def _by_address(entry: Entry, keys: _Keys, known: Mapping[str, KnownItem]) -> KnownItem | None:
    item = known.get(keys.url or "")
    if item is None:
        return None
    other_guid = keys.guid is not None and any(key.startswith("g") for key in item.keys) and keys.guid not in item.keys
    if other_guid and not (_same_words(entry, item) or _same_date(entry, item)):
        return None  # an address used again for something else, such as "latest statement"
    return item


def _by_content(_: Entry, keys: _Keys, known: Mapping[str, KnownItem]) -> KnownItem | None:
    return known.get(keys.content or "")


def _same_words(entry: Entry, item: KnownItem) -> bool:
    return print_of(entry.title) == item.title_print or bool(entry.text and print_of(entry.text) == item.text_print)


def _same_date(entry: Entry, item: KnownItem) -> bool:
    return entry.published.value is not None and entry.published.value == item.published.value
