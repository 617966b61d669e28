"""What a web server says of published files that it did not make: their type, and how long they may be kept."""

from __future__ import annotations

import re

_KINDS = {
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".json": "application/json",
    ".opml": "text/x-opml; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".epub": "application/epub+zip",
    ".svg": "image/svg+xml",
}
_FEEDS, _LOG, _TILES = "feeds/", "log/", "log/tile/"
_VERSION = re.compile(r"/v[0-9]+/")


def content_type(path: str) -> str:
    """The media type of the file at a path of the public folder."""
    if path.startswith(_LOG) and not path.startswith(_TILES):
        return _KINDS[".txt"]
    ending = path[path.rfind(".") :] if "." in path.rpartition("/")[2] else ""
    if ending == ".json" and path.startswith(_FEEDS):
        return "application/feed+json"
    return _KINDS.get(ending, "application/octet-stream")


def cache_control(path: str) -> str:
    """How long it may be kept: a version of an issue never changes, but for words that must be removed from it."""
    return "public, max-age=86400" if _VERSION.search(path) else "public, max-age=60"
