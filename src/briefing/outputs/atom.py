"""Atom 1.0 (RFC 4287), through feedgen.

Atom demands a date of every feed. One that is still empty carries `EMPTY`, a constant before the first entry any feed
could hold, so that the first real entry moves it forward.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lxml import etree

from briefing.outputs.addresses import uri
from briefing.outputs.feed_generator import (
    XML_LANG,
    BaseEntryExtension,
    BaseExtension,
    author,
    fill,
    generator_of,
    language_tag,
    page_of,
    people,
)
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from briefing.documents import Feed, FeedEntry

EMPTY = datetime(2000, 1, 1, tzinfo=UTC)


class _Channel(BaseExtension):  # type: ignore[misc]  # feedgen ships no types
    feed: Feed


class _Entry(BaseEntryExtension):  # type: ignore[misc]  # feedgen ships no types
    entry: FeedEntry
    page: str

    def extend_atom(self, element: Any) -> Any:
        if self.page:
            etree.SubElement(element, "link", rel="related", type="text/html", href=self.page)
        if tag := language_tag(self.entry.language):
            element.set(XML_LANG, tag)
        if self.entry.origin_url:
            _source(element, self.entry)
        return element


def _source(element: Any, entry: FeedEntry) -> None:
    # RFC 4287, section 4.2.11; the entry itself is the latest that is known of its source.
    address = uri(entry.origin_url)
    source = etree.SubElement(element, "source")
    for tag, text in (("id", address), ("title", one_line(entry.origin)), ("updated", entry.updated.isoformat())):
        etree.SubElement(source, tag).text = text
    etree.SubElement(source, "link", rel="alternate", href=address)


def render(feed: Feed) -> bytes:
    """The feed as Atom 1.0 in UTF-8."""
    made = generator_of(feed, "atom", _Channel, _Entry)
    made.updated(feed.updated or EMPTY)
    made.author(author(feed))
    if feed.description:
        made.subtitle(one_line(feed.description))
    for entry in feed.entries:
        added = fill(made, entry)
        added.briefing.page = page_of(feed, entry)
        if entry.published is not None:
            added.published(entry.published)
        if names := people(entry):
            added.author([{"name": name} for name in names])
        if entry.summary:
            added.summary(clean(entry.summary), type="text")
        if entry.html:
            added.content(clean(entry.html), type="html")
    return bytes(made.atom_str(pretty=True))
