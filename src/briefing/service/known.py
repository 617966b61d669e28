"""What is known of the items that entries may be, up to what a reader would notice of the words held of them.

That costs more than all else that is done with an entry, so it is worked out only where the characters differ.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from briefing.model import Published
from briefing.observe.decisions import noticed
from briefing.observe.identity import KnownItem
from briefing.observe.prints import same_text
from briefing.text import EXACT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from briefing.model import Entry
    from briefing.observe.identity import Asked
    from briefing.service.desk import Desk

    LookUp = Callable[[Iterable[str]], Mapping[str, KnownItem]]


def known_item(row: Mapping[str, Any]) -> KnownItem:
    """An item's row as identity and revision see it."""
    return KnownItem(
        id=row["id"],
        versions=row["revisions"],
        title_print=row["title_print"],
        text_print=row["text_print"],
        entry_print=row["entry_print"],
        page=row["page"],
        withdrawn=row["withdrawn"],
        problem=row["noted"],
        published=Published(value=row["date_value"], precision=row["precision"], origin=row["origin"]),
        keys=frozenset(row.get("keys", ())),
        removed=row.get("removed", False),
    )


def look_up(desk: Desk, answers: Sequence[Asked]) -> LookUp:
    """Known items by the keys of the entries of these answers."""
    rows = desk.library.known({key for asked in answers for key in asked.wanted})
    items = {row["id"]: known_item(row) for row in rows.values()}
    if rows:
        items |= compared(desk, _pairs(answers, {key: items[row["id"]] for key, row in rows.items()}))
    return lambda keys: {key: items[rows[key]["id"]] for key in keys if key in rows}


def compared(desk: Desk, pairs: Iterable[tuple[Entry, KnownItem]]) -> dict[str, KnownItem]:
    """By id the items of pairs whose texts differ from what is held, with the prints that tell edits from noise."""
    differing = {item.id: (entry, item) for entry, item in pairs if _differs(entry, item)}
    rows = {row["id"]: row["payload"] for row in desk.library.rows_of(differing)}
    words = desk.store.payloads(rows.values()) if rows else {}
    return {
        item: noticed(known, json.loads(words[payload]), entry)
        for item, payload in rows.items()
        if payload in words
        for entry, known in (differing[item],)
    }


def _pairs(answers: Iterable[Asked], items: Mapping[str, KnownItem]) -> Iterable[tuple[Entry, KnownItem]]:
    for asked in answers:
        for entry, keys in zip(asked.entries, asked.keys, strict=True):
            yield from ((entry, items[key]) for key in keys.all if key in items)


def _differs(entry: Entry, item: KnownItem) -> bool:
    if not item.text_print.startswith(EXACT) or (item.page and not entry.page):
        return False  # a feed's summary says nothing of a text read from a page
    return not same_text(entry.text, entry.html, item.text_print)
