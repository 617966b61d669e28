"""OPML 2.0: the list of feeds, and that of sources, to be taken whole into a feed reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from lxml import etree

from briefing.outputs.addresses import absolute, uri
from briefing.outputs.wording import institution_words
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from briefing.documents import FeedGroup
    from briefing.model import Source


def render(groups: Sequence[FeedGroup], *, title: str, site_url: str, owner: str = "") -> bytes:
    """The groups with their feeds as OPML 2.0 in UTF-8. Each feed is named in its Atom form, the richest.

    `owner` is who publishes them. Without any feed the list still holds one line, for the format demands it.
    """
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = one_line(title)
    if owner:
        etree.SubElement(head, "ownerName").text = one_line(owner)
    etree.SubElement(head, "ownerId").text = uri(site_url)
    body = etree.SubElement(root, "body")
    for group in groups:
        if group.feeds:
            outline = etree.SubElement(body, "outline", text=one_line(group.title))
            for path, name in group.feeds:
                words = one_line(name) or path
                address = f"{absolute(site_url, path)}.atom"
                etree.SubElement(outline, "outline", type="rss", text=words, title=words, xmlUrl=address)
    if not len(body):
        etree.SubElement(body, "outline", text="No feeds yet")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)  # type: ignore[no-any-return]  # lxml ships no types


def render_sources(sources: Iterable[Source], *, title: str, owner: str = "") -> bytes:
    """The sources themselves as OPML 2.0 in UTF-8, by the sort of institution; no credentials are in it.

    Feeds are what other readers can read; pages and sitemaps stand in it as links (`type="link"`).
    """
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = one_line(title)
    if owner:
        etree.SubElement(head, "ownerName").text = one_line(owner)
    body = etree.SubElement(root, "body")
    folders: dict[str, Any] = {}
    for source in sources:
        heading = institution_words(source.institution)
        if heading not in folders:
            folders[heading] = etree.SubElement(body, "outline", text=heading)
        words, address = one_line(source.name), uri(_bare(source.url))
        outline = etree.SubElement(folders[heading], "outline", text=words, title=words)
        kind = {"type": "rss", "xmlUrl": address} if source.kind == "feed" else {"type": "link", "url": address}
        for name, value in (*kind.items(), ("language", source.language)):
            if value:
                outline.set(name, value)
    if not len(body):
        etree.SubElement(body, "outline", text="No sources yet")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)  # type: ignore[no-any-return]  # as above


def _bare(url: str) -> str:
    """An address without a name and password in it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
