"""A document of which nothing is known yet: what it is, which feeds it names, what it seems to list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from briefing.sources import jsonfeed, picking, proposing, sniffing
from briefing.sources.encoding import decode
from briefing.sources.markup import absolute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefing.model import Fetched
    from briefing.sources.proposing import Listing

_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/rss"}
)
_FEED_ADDRESS = re.compile(
    r"(?:\.(?:rss|rdf|atom)|/(?:feed|rss|atom)s?/?|/(?:rss|atom|feed|index)[\w-]*\.(?:xml|json|rdf)|[?&]feed=\w+)$",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"comment|комментар|コメント", re.IGNORECASE)
_MOST_FEEDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A feed that a page names."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a document is: `kind` is feed, sitemap or page, empty for anything else; `words` say it in a sentence.

    Of a page: its title, its site's name, the language it claims, the feeds it names and the lists found in it, the
    best first.
    """

    kind: str
    words: str
    title: str = ""
    site: str = ""
    language: str = ""
    feeds: tuple[Offer, ...] = ()
    listings: tuple[Listing, ...] = ()


def survey(fetched: Fetched) -> Survey:
    """Look at a fetched document.

    Raises:
        ParseError: it is a web page that cannot be read.
    """
    binary = sniffing.binary(fetched.body)
    if binary:
        packed = urlsplit(fetched.final_url).path.endswith(".xml.gz")
        return Survey(kind="sitemap", words="a compressed sitemap") if packed else Survey(kind="", words=binary)
    text = decode(fetched.body, fetched.headers.get("content-type", "")).text
    if jsonfeed.looks_like(text) or sniffing.feed_start(text) is not None:
        return Survey(kind="feed", words="a feed")
    words = sniffing.describe(text)
    if sniffing.root_name(text) in {"urlset", "sitemapindex"}:
        return Survey(kind="sitemap", words=words)
    if not sniffing.is_page(text):
        return Survey(kind="", words=words)
    return _page(fetched)


def _page(fetched: Fetched) -> Survey:
    root, base, _ = picking.page_of(fetched, "a web page")
    return Survey(
        kind="page",
        words="a web page",
        title=picking.first_line(root, "head title") or picking.first_line(root, "title"),
        site=picking.first_line(root, 'meta[property="og:site_name"]@content'),
        language=(root.get("lang") or "").split("-")[0].lower(),
        feeds=tuple(_feeds(root, base)),
        listings=proposing.listings(fetched),
    )


def _feeds(root: Any, base: str) -> list[Offer]:
    """The feeds that a page names in its head, then those it links to; feeds of comments last."""
    found: dict[str, Offer] = {}
    for offer in _offers(root, base):
        found.setdefault(offer.url, offer)
    return sorted(found.values(), key=_of_comments)[:_MOST_FEEDS]


def _offers(root: Any, base: str) -> Iterator[Offer]:
    for link in picking.elements(root, "link[href]"):
        rels = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").lower().partition(";")[0].strip()
        if (
            ("alternate" in rels or "feed" in rels)
            and kind in _FEED_TYPES
            and (url := absolute(link.get("href"), base))
        ):
            yield Offer(url=url, title=" ".join((link.get("title") or "").split()))
    for link in picking.elements(root, "a[href]"):
        url = absolute(link.get("href"), base)
        if url and _FEED_ADDRESS.search(url.partition("#")[0]):
            yield Offer(url=url, title=picking.line(link))


def _of_comments(offer: Offer) -> bool:
    return bool(_COMMENTS.search(offer.url) or _COMMENTS.search(offer.title))
