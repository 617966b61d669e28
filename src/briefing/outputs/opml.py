"""OPML 2.0: the list of feeds, to be taken whole into a feed reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from briefing.outputs.addresses import absolute, uri
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.documents import FeedGroup


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
