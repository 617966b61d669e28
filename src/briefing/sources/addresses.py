"""What the address of an item says by itself: its date, and whether the source wants it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from briefing.model import UNDATED
from briefing.sources import dates
from briefing.sources.markup import absolute

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefing.model import Published, Source

# In a path of its own a day ends with its segment: `/2017/03/5-questions` is no fifth of March.
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19[89]|20[0-9])\d)(?:"
    r"/(?P<m1>\d{1,2})/(?P<d1>\d{1,2})(?![^\W_]|-)|"
    r"(?P<sign>[_.-])(?P<m2>\d{1,2})(?P=sign)(?P<d2>\d{1,2})(?!\d)|"
    r"-(?P<m3>\d\d)/(?P<d3>\d\d)(?=[/_])|"
    r"/(?P<m4>\d\d)(?P<d4>\d\d)(?=/)|"
    r"(?P<m5>0[1-9]|1[0-2])(?P<d5>0[1-9]|[12]\d|3[01])(?=\d{0,6}(?!\d)))"
)


def date_in(url: str) -> Published:
    """The date that stands in an address (`/2017/03/06/`, `/2017/0306/`, `t20170306_1.html`), else none."""
    parts = urlsplit(url)
    for found in _DATE.finditer(f"{parts.path}?{parts.query}"):
        held = found.groupdict()
        month, day = (next(int(held[f"{part}{form}"]) for form in "12345" if held[f"{part}{form}"]) for part in "md")
        raw = f"{held['year']}-{month:02}-{day:02}"
        published = dates.understand(raw, zone=None, language=None, origin="address")
        if published.value:
            return published
    return UNDATED


def wanted(source: Source, url: str, title: str = "") -> bool:
    """Whether the source's `include` and `exclude` let an item pass by its address and title."""
    said = [text for text in (url, title) if text]

    def found(patterns: tuple[str, ...]) -> bool:
        return any(re.search(pattern, text) for pattern in patterns for text in said)

    return not found(source.exclude) and (not source.include or found(source.include))


# What the other places are that a feed or a list names: itself, its hub (WebSub, section 4), what is older (RFC 5005).
_NAMED = frozenset({"self", "hub", "next", "prev-archive"})


def named_links(links: Iterable[tuple[str, str]], base: str) -> dict[str, str]:
    """Links that a feed gives as pairs of relation and address: the first of each relation that is of use, absolute."""
    found: dict[str, str] = {}
    for relation, address in links:
        relation = relation.strip().lower()
        if relation in _NAMED and relation not in found and address and (url := absolute(address, base)):
            found[relation] = url
    return found


def without_fragment(url: str) -> str:
    """The address of the document itself."""
    return urldefrag(url).url
