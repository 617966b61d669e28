"""JSON Feed 1.1 (jsonfeed.org). What the format has no word for stands under `_briefing`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from briefing.outputs.addresses import absolute, uri
from briefing.outputs.feed_generator import language_tag, people, title_of, topics
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from briefing.documents import Feed, FeedEntry

_VERSION = "https://jsonfeed.org/version/1.1"


def render(feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1 in UTF-8."""
    document = {
        "version": _VERSION,
        "title": one_line(feed.title) or feed.path,
        "home_page_url": absolute(feed.site_url, feed.home),
        "feed_url": f"{absolute(feed.site_url, feed.path)}.json",
        "description": one_line(feed.description),
        "authors": [{"name": one_line(feed.site_title) or feed.site_url, "url": uri(feed.site_url)}],
        "language": language_tag(feed.language),
        "_briefing": {"id": feed.id, "updated": feed.updated.isoformat() if feed.updated else None},
        "items": [_item(feed, entry) for entry in feed.entries],
    }
    if feed.hub:
        document["hubs"] = [{"type": "WebSub", "url": uri(feed.hub)}]
    present = {name: value for name, value in document.items() if value != ""}
    return (json.dumps(present, ensure_ascii=False, indent=1) + "\n").encode()


def _item(feed: Feed, entry: FeedEntry) -> dict[str, Any]:
    item: dict[str, Any] = {"id": entry.id, "url": uri(entry.url), "title": title_of(entry)}
    # An item must hold one of the two.
    if entry.html:
        item["content_html"] = clean(entry.html)
    else:
        item["content_text"] = clean(entry.summary) or title_of(entry)
    if entry.summary:
        item["summary"] = clean(entry.summary)
    if entry.published is not None:
        item["date_published"] = entry.published.isoformat()
    item["date_modified"] = entry.updated.isoformat()
    if names := people(entry):
        item["authors"] = [{"name": name} for name in names]
    if found := topics(entry):
        item["tags"] = [label for _, label in found]
    if tag := language_tag(entry.language):
        item["language"] = tag
    item["_briefing"] = _extension(feed, entry)
    return item


def _extension(feed: Feed, entry: FeedEntry) -> dict[str, Any]:
    return {
        "page": absolute(feed.site_url, entry.about) if entry.about else None,
        "origin": {"name": entry.origin, "url": uri(entry.origin_url)} if entry.origin_url else None,
        "topics": [{"id": term, "name": label} for term, label in topics(entry)],
    }
