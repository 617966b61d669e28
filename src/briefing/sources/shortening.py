"""Feeds that list more entries than anyone reads: cut before they are parsed, for a parser would hold all of them."""

from __future__ import annotations

import re
from itertools import islice

from briefing.sources import sniffing

MOST = 20_000
"""Entries of one feed that are read; the newest come first, and no archive is as long."""

_ENTRY = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s>/])")
_SHORTEST = len("<item/>")


def shortened(text: str) -> tuple[str, str]:
    """A feed with its first `MOST` entries, and a sentence on how many there were; as it is where it has no more."""
    if len(text) <= MOST * _SHORTEST or text.count("<item") + text.count("<entry") + text.count(":entry") <= MOST:
        return text, ""
    starts = (found.start() for found in _ENTRY.finditer(text))
    end = next(islice(starts, MOST, None), None)
    if end is None:
        return text, ""
    count = MOST + 1 + sum(1 for _ in starts)
    return f"{text[:end]}{_closing(text[:end])}", too_many(count)


def too_many(count: int) -> str:
    """The sentence for a feed of so many entries."""
    return f"it lists {count} entries; the first {MOST} were read"


def _closing(text: str) -> str:
    start = sniffing.feed_start(text)
    name = re.match(r"[^\s>/]+", text[start + 1 :]) if start is not None else None
    root = name.group() if name else "rss"
    return f"</channel></{root}>" if root == "rss" else f"</{root}>"
