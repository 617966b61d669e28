"""Which entry is which item: guid, address and content together, never one of them alone."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from briefing.observe.addresses import canonical
from briefing.observe.prints import same_text
from briefing.text import print_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from briefing.model import Entry, Published

    Keyed = Callable[..., str]
    LookUp = Callable[[Iterable[str]], Mapping[str, "KnownItem"]]

# A publisher that makes new guids or addresses (a session in each) at every request would fill the log with aliases
# that never come again.
_MOST = {"g": 4, "u": 8}
# Bare small numbers may be positions in the list, which a new item at the top shifts.
_WEAK_GUID = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """What identity and revision need to know of an item; prints are those of `briefing.text` and `briefing.noise`.

    The prints of text and entry are exact ones until somebody asks what a reader would notice (see `noticed`).

    `entry_print` is that of what the feed or listing itself said, `versions` counts the versions held, `published` is
    its date, `page` that its text was read from its own page, `problem` why that could not be done. One that was
    `removed` has no prints: it is still known by its keys and its date.
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
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An entry with the item it is, None for a new one, and the keys it goes by.

    `shared` says that its address leads to what it has in common with other entries, and is no page of its own.
    """

    entry: Entry
    item: KnownItem | None
    keys: tuple[str, ...]
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    guid: str | None
    url: str | None
    shared: str | None
    content: str | None
    title: str | None

    @property
    def all(self) -> tuple[str, ...]:
        keys = (self.guid, self.url, self.shared, self.content, self.title)
        return tuple(key for key in keys if key is not None)


@dataclass(frozen=True, slots=True)
class Asked:
    """The entries of one answer without repetitions, and the keys that tell them."""

    entries: Sequence[Entry]
    keys: Sequence[_Keys]

    @property
    def wanted(self) -> set[str]:
        """All keys to be looked up."""
        return {key for one in self.keys for key in one.all}


def ask(source: str, entries: Sequence[Entry], keyed: Keyed) -> Asked:
    """The first half of `identify`: what is to be looked up, so that it can be for many sources at once."""
    entries = _once(entries)
    unreliable = _shared(entries)
    return Asked(entries, [_keys(source, entry, unreliable, keyed) for entry in entries])


def identify(
    source: str, entries: Sequence[Entry] | Asked, present: frozenset[str], look_up: LookUp, keyed: Keyed
) -> list[Sighting]:
    """Say for each entry of one answer which known item it is.

    `present` are the items of entries that were cut out as unchanged: no other entry can be one of them.

    An entry is a known item when it is what that was at first sight; else when guid and address agree on it; else when
    its address is known and something supports that (title, text or date); else when its guid is, unless all else
    speaks against it or it is a bare small number that no word supports; else when its address is, unless its guid
    speaks against that; else when title, date and content together are known; else, where it has nothing better to go
    by, when title and date are. Two entries of one answer are never the same item, unless guid and address agree.
    """
    asked = entries if isinstance(entries, Asked) else ask(source, entries, keyed)
    entries = asked.entries
    known = look_up(asked.wanted)
    keys = [_settled(one, known, present) for one in asked.keys]
    found: dict[int, KnownItem] = {}
    if known:
        items = {item.id: item for item in known.values() if item.id not in present}
        ids = (new_id(source, entry, keyed) for entry in entries)
        found = {number: items[one] for number, one in enumerate(ids) if one in items}
        _claim(entries, keys, known, found, {*present, *(item.id for item in found.values())})
    return [
        Sighting(entry=entry, item=(item := found.get(number)), keys=_own(one, item, known), shared=bool(one.shared))
        for number, (entry, one) in enumerate(zip(entries, keys, strict=True))
    ]


def _claim(
    entries: Sequence[Entry],
    keys: Sequence[_Keys],
    known: Mapping[str, KnownItem],
    found: dict[int, KnownItem],
    claimed: set[str],
) -> None:
    """Find the items of entries, by their number: the strongest evidence claims first, whatever the order."""
    order = sorted(range(len(entries)), key=lambda number: (keys[number].all, entries[number].digest))
    for by in (_by_both, _by_supported_address, _by_guid, _by_address, _by_all_words, _by_content, _by_title):
        for number in order:
            item = by(entries[number], keys[number], known) if number not in found else None
            if item is not None and item.id not in claimed:
                claimed.add(item.id)
                found[number] = item


def _own(keys: _Keys, item: KnownItem | None, known: Mapping[str, KnownItem]) -> tuple[str, ...]:
    """The keys of an entry without those that another item goes by."""
    return tuple(key for key in keys.all if (other := known.get(key)) is None or (item and other.id == item.id))


def new_id(source: str, entry: Entry, keyed: Keyed) -> str:
    """The id of a new item: the same entry gives the same id however often it is offered. 16 hexadecimal digits."""
    return keyed("item", source, entry.guid or "", canonical(entry.url), entry.title, entry.published.raw)[:16]


def aliases(sighting: Sighting) -> tuple[str, ...]:
    """The keys of a sighting that its item is not known by yet, short of a guid or an address too many."""
    if sighting.item is None:
        return ()
    known = sighting.item.keys
    full = {kind for kind, most in _MOST.items() if sum(key.startswith(kind) for key in known) >= most}
    return tuple(key for key in sighting.keys if key not in known and key[0] not in full | {"c"})


def address_keys(source: str, url: str, keyed: Keyed) -> tuple[str, ...]:
    """The keys that an address alone gives: of an item's own page, and of one that several items lead to."""
    address = canonical(url)
    return ("u" + keyed("url", source, address), "s" + keyed("shared", source, address))


def content_key(source: str, entry: Entry, keyed: Keyed) -> str | None:
    """What the words alone make of an entry; None for one that has too few to be told from another."""
    if not entry.text or entry.published.value is None:
        return None
    parts = (print_of(entry.title), entry.published.value, print_of(entry.text))
    return "c" + keyed("content", source, *parts)


def _once(entries: Sequence[Entry]) -> list[Entry]:
    """Entries without repetitions of one guid and address within one answer: the first is the current one.

    Without a guid the title must agree too: many entries may lead to one page.
    """
    seen: set[tuple[str | None, str, str]] = set()
    kept = []
    for entry in entries:
        told_by_both = entry.guid and entry.url
        mark = (entry.guid, canonical(entry.url), "" if told_by_both else f"{entry.title}\n{entry.published.raw}")
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
    title = None
    if guid is None or _WEAK_GUID.fullmatch(entry.guid or ""):  # without an address nothing else outlives an edit
        title = "c" + keyed("title", source, url, print_of(entry.title), entry.published.raw)
    shared = "s" + keyed("shared", source, url) if url else None
    return _Keys(guid=guid, url=url_key, shared=shared, content=content_key(source, entry, keyed), title=title)


def _settled(keys: _Keys, known: Mapping[str, KnownItem], present: frozenset[str]) -> _Keys:
    """The keys that tell an entry, once it is known whether other entries have its address, here or before."""
    item = known.get(keys.url or "")
    if keys.url is None or keys.shared in known or (item is not None and item.id in present):
        return replace(keys, url=None)
    return replace(keys, shared=None, title=None)


def _by_both(_: Entry, keys: _Keys, known: Mapping[str, KnownItem]) -> KnownItem | None:
    item, at_address = known.get(keys.guid or ""), known.get(keys.url or "")
    return item if item is not None and at_address is not None and item.id == at_address.id else None


def _by_supported_address(entry: Entry, keys: _Keys, known: Mapping[str, KnownItem]) -> KnownItem | None:
    item = known.get(keys.url or "")
    return item if item is not None and (_same_words(entry, item) or _same_date(entry, item)) else None


def _by_guid(entry: Entry, keys: _Keys, known: Mapping[str, KnownItem]) -> KnownItem | None:
    item = known.get(keys.guid or "")
    if item is None:
        return None
    redated = None not in (entry.published.value, item.published.value) and not _same_date(entry, item)
    if _WEAK_GUID.fullmatch(entry.guid or ""):
        return item if _same_words(entry, item) and not redated else None
    elsewhere = keys.url is not None and any(key.startswith("u") for key in item.keys)
    if elsewhere and redated and not _same_words(entry, item):
        return None  # a guid used again, such as a position in the list
    return item


def _by_address(_: Entry, keys: _Keys, known: Mapping[str, KnownItem]) -> KnownItem | None:
    item = known.get(keys.url or "")
    # Another guid says that an address is used again ("latest statement"), but not where guids are known to change.
    if item is None or keys.guid is None or sum(key.startswith("g") for key in item.keys) != 1:
        return item
    return None


def _by_all_words(_: Entry, keys: _Keys, known: Mapping[str, KnownItem]) -> KnownItem | None:
    item, titled = known.get(keys.content or ""), known.get(keys.title or "")
    return item if item is not None and titled is not None and item.id == titled.id else None


def _by_content(_: Entry, keys: _Keys, known: Mapping[str, KnownItem]) -> KnownItem | None:
    return known.get(keys.content or "")


def _by_title(_: Entry, keys: _Keys, known: Mapping[str, KnownItem]) -> KnownItem | None:
    return known.get(keys.title or "")


def _same_words(entry: Entry, item: KnownItem) -> bool:
    return print_of(entry.title) == item.title_print or bool(
        entry.text and same_text(entry.text, entry.html, item.text_print)
    )


def _same_date(entry: Entry, item: KnownItem) -> bool:
    return entry.published.value is not None and entry.published.value == item.published.value
