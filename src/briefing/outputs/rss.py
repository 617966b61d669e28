"""RSS 2.0, as the RSS Advisory Board's specification and best practices have it, through feedgen.

An empty feed has no date of its own: `lastBuildDate` is left out. An entry without a known publication date has no
`pubDate`; when it changed here stands in `atom:updated`, which every entry carries.
"""

from __future__ import annotations

import html
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from lxml import etree

from briefing.outputs.addresses import uri
from briefing.outputs.feed_generator import (
    BaseEntryExtension,
    BaseExtension,
    fill,
    generator_of,
    language_tag,
    page_of,
    people,
)
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from briefing.documents import Feed, FeedEntry

_ATOM = "{http://www.w3.org/2005/Atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"


class _Channel(BaseExtension):  # type: ignore[misc]  # feedgen ships no types
    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        return {"dc": _DC[1:-1]}

    def extend_rss(self, root: Any) -> Any:
        if self.feed.updated is not None:
            _add(root[0], "lastBuildDate", format_datetime(self.feed.updated))
        if self.feed.hub:  # feedgen writes no link of RSS but that to the feed itself
            root[0].insert(0, etree.Element(f"{_ATOM}link", rel="hub", href=uri(self.feed.hub)))
        return root


class _Item(BaseEntryExtension):  # type: ignore[misc]  # feedgen ships no types
    entry: FeedEntry
    page: str

    def extend_rss(self, item: Any) -> Any:
        entry = self.entry
        for name in people(entry):
            _add(item, f"{_DC}creator", name)
        if tag := language_tag(entry.language):
            _add(item, f"{_DC}language", tag)
        if entry.published is not None:
            _add(item, "pubDate", format_datetime(entry.published))
        _add(item, f"{_ATOM}updated", entry.updated.isoformat())
        if self.page:
            etree.SubElement(item, f"{_ATOM}link", rel="related", type="text/html", href=self.page)
        if entry.origin_url:
            _add(item, "source", one_line(entry.origin)).set("url", uri(entry.origin_url))
        return item


def _add(parent: Any, tag: str, text: str) -> Any:
    element = etree.SubElement(parent, tag)
    element.text = text
    return element


def render(feed: Feed) -> bytes:
    """The feed as RSS 2.0 in UTF-8."""
    made = generator_of(feed, "rss", _Channel, _Item)
    made.description(one_line(feed.description) or one_line(feed.title) or feed.path)
    for entry in feed.entries:
        added = fill(made, entry)
        added.briefing.page = page_of(feed, entry)
        if entry.summary:
            # A description is HTML: what is plain text must say so for its `<` and `&`.
            added.description(html.escape(clean(entry.summary), quote=False), isSummary=True)
        if entry.html:
            added.content(clean(entry.html))
    return bytes(made.rss_str(pretty=True))
