"""What a body is, told from its own first characters: never from a name or a content type."""

from __future__ import annotations

import re

_PROLOGUE = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s+[^\[>]*(?:\[.*?\]\s*)?>)*+", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:([\w.-]+):)?([\w.-]+)")
_FEED_ROOT = re.compile(r"<(?:rss|feed|(?:\w+:)?RDF)(?=[\s>])")
_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "an archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image or recording"),
)
_KNOWN = {
    "html": "a web page",
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap index",
    "opml": "a list of feeds (OPML)",
    "svg": "an image",
}
_PAGE_TAGS = frozenset(
    [
        "html",
        "head",
        "body",
        "meta",
        "title",
        "link",
        "script",
        "style",
        "div",
        "p",
        "span",
        "table",
        "center",
        "font",
        "h1",
        "h2",
        "h3",
        "form",
        "a",
        "b",
        "br",
        "img",
        "ul",
    ]
)
_SEARCHED = 65536


def binary(body: bytes) -> str:
    """The name of a well-known binary format, empty for anything else."""
    return next((name for magic, name in _MAGIC if body.startswith(magic)), "")


def root_name(text: str) -> str:
    """The local name of the root element, as written; empty where the text does not open with one."""
    found = _ROOT.match(text, _PROLOGUE.match(text).end())  # type: ignore[union-attr]  # matches always, if nothing
    return found.group(2) if found else ""


def is_page(text: str) -> bool:
    """Whether the text is HTML."""
    head = text[:_SEARCHED].lower()
    return root_name(text).lower() in _PAGE_TAGS or "<!doctype html" in head[:1000] or "<body" in head


def feed_start(text: str) -> int | None:
    """Where the root element of an XML feed begins, what may stand before it (a warning, blank lines) passed over."""
    root = root_name(text)
    if root in {"rss", "feed", "RDF", "channel", "CHANNEL"}:  # the last is CDF's
        return _ROOT.match(text, _PROLOGUE.match(text).end()).start()  # type: ignore[union-attr]  # as above
    if root.lower() == "html" or "<!doctype html" in text[:1000].lower():
        return None
    found = _FEED_ROOT.search(text, 0, _SEARCHED)
    return found.start() if found else None


def describe(text: str) -> str:
    """What a text that is no feed seems to be, as words for a sentence."""
    if not text.strip():
        return "an empty body"
    root = root_name(text)
    if root.lower() in _KNOWN:
        return _KNOWN[root.lower()]
    if is_page(text):
        return "a web page"
    if root:
        return f"an XML document with the root element <{root[:40]}>"
    return "a JSON document that is no feed" if text.lstrip()[:1] in {"{", "["} else "plain text"
