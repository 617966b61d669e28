"""What the address of an item says by itself: its date, and whether the source wants it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from briefing.model import UNDATED
from briefing.sources import dates

if TYPE_CHECKING:
    from briefing.model import Published, Source

_DATE = re.compile(
    r"(?<!\d)((?:19[89]|20[0-9])\d)(?:([/_.-])(\d{1,2})\2(\d{1,2})(?!\d)|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=\d{0,6}(?!\d)))"
)


def date_in(url: str) -> Published:
    """The date that stands in an address (`/2017/03/06/`, `t20170306_1.html`), else none."""
    parts = urlsplit(url)
    for found in _DATE.finditer(f"{parts.path}?{parts.query}"):
        year, _, month, day, joined_month, joined_day = found.groups()
        raw = f"{year}-{int(month or joined_month):02}-{int(day or joined_day):02}"
        published = dates.understand(raw, zone=None, language=None, origin="address")
        if published.value:
            return published
    return UNDATED


def wanted(source: Source, url: str) -> bool:
    """Whether the source's `include` and `exclude` let an address pass."""
    if any(re.search(pattern, url) for pattern in source.exclude):
        return False
    return not source.include or any(re.search(pattern, url) for pattern in source.include)


def without_fragment(url: str) -> str:
    """The address of the document itself."""
    return urldefrag(url).url
