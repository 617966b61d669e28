"""Pieces of rows: what a payload says, and what follows from an item's dates."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from briefing.model import LONG_AGO
from briefing.projections.when import day_of, in_future, instant, stamp
from briefing.text import PRINTS, exact_print, excerpt, fingerprint, print_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEAD = 400
REMOVED = "[removed]"
# What is left of a publisher's words once they are erased: nothing that tells of them, neither a hash of them.
_ERASED: dict[str, Any] = {
    "url": "", "title": REMOVED, "lead": "", "authors": "[]", "date_raw": "", "fingerprint": "", "title_print": "",
    "text_print": "", "entry_print": "", "page": False, "noted": "",
}  # fmt: skip


def words(said: Mapping[str, Any] | None, language: str) -> dict[str, Any]:
    """The columns that a publisher's words give; placeholders where they have been erased."""
    if said is None:
        return _ERASED | {"language": language}
    version, title_print, noticed = said.get("prints", (0, "", ""))
    if version != PRINTS:  # made by another version of this program
        title_print, noticed = print_of(said["title"]), exact_print(said["text"], said["html"])
    return {
        "url": said["url"],
        "title": said["title"],
        "lead": excerpt(said["text"], language, _LEAD),
        "authors": json.dumps(said["authors"], ensure_ascii=False),
        "date_raw": said["date_raw"],
        "language": language,
        "fingerprint": fingerprint(said["title"], said["text"]),
        "title_print": title_print,
        "text_print": noticed,
        "entry_print": said["entry_print"],
        "page": said["page"],
        "noted": said["problem"],
    }


def described(row: dict[str, Any], source_zone: str | None, site_zone: str) -> dict[str, Any]:
    """The columns that follow from an item's dates: when it became news, the day it belongs to."""
    seen_at = datetime.fromisoformat(row["seen_at"])
    if row["quiet"] and row["date_value"] is None:
        return {"news_at": stamp(LONG_AGO), "day": LONG_AGO.date().isoformat()}
    published = instant(row["date_value"], row["precision"], source_zone)
    future = in_future(published, seen_at)
    archived = row["archive"] and published is not None and not future
    return {
        "news_at": stamp(min(published, seen_at)) if archived and published else row["seen_at"],
        "day": day_of(row["date_value"], row["precision"], seen_at, site_zone=site_zone, future=future),
    }


def removal_row(item: str, position: int, at: datetime, reason: str, legal_basis: str) -> dict[str, Any]:
    """The row of a takedown."""
    return {"item": item, "position": position, "at": stamp(at), "reason": reason, "legal_basis": legal_basis}


def fresh_source(source: str) -> dict[str, Any]:
    """The row of a source of which nothing is known yet."""
    return {
        "id": source, "spec": "{}", "active": True, "state": "new", "since": None, "failure": "", "detail": "",
        "status": None, "moved": "", "moved_at": None, "named": "", "named_at": None, "backfilled": "", "items": 0,
        "newest": None, "health_position": 0, "position": 0,
    }  # fmt: skip
