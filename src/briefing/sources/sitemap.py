"""Sitemaps (sitemaps.org protocol 0.9), sitemap indexes, and Google's news sitemaps."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lxml import etree

from briefing.errors import ParseError
from briefing.model import UNDATED, Entry, Parsed
from briefing.sources import dates, sniffing
from briefing.sources.encoding import decode
from briefing.sources.markup import absolute, line_of
from briefing.sources.wellformed import mended, structural_damage, undeclared

if TYPE_CHECKING:
    from briefing.model import Fetched, Source

_MOST_CHILDREN = 50
_INFLATED = 50_000_000  # bytes: the protocol's own limit
_GZIP = b"\x1f\x8b"


def parse(source: Source, fetched: Fetched, known: frozenset[str]) -> Parsed:  # noqa: ARG001 - a sitemap is read whole; all kinds share one signature
    """Read a sitemap, or the addresses of the sitemaps of an index, newest first and at most 50.

    A plain sitemap has no titles: they stay empty. `lastmod` is part of the digest but is no publication date.

    Raises:
        ParseError: the answer is something else (`not-a-feed`) or cannot be read (`unparsable`).
    """
    decoded = decode(_inflated(fetched), fetched.headers.get("content-type", ""))
    name = sniffing.root_name(decoded.text)
    if name not in {"urlset", "sitemapindex"}:
        kind = sniffing.binary(fetched.body) or sniffing.describe(decoded.text)
        raise ParseError(
            f"{fetched.final_url} answered with {kind} where a sitemap should be",
            failure="unparsable" if not decoded.text.strip() else "not-a-feed",
        )
    root, damage = _tree(decoded.text, fetched)
    parsed = Parsed(entries=(), encoding=decoded.encoding, form="sitemap", damage=damage)
    if name == "sitemapindex":
        return replace(parsed, form="sitemap index", more=_children(root, fetched.final_url))
    found: dict[str, Entry] = {}
    for element in root:
        entry = _entry(source, fetched, element)
        if entry and entry.url not in found:
            found[entry.url] = entry
    if damage and not found:
        raise ParseError(f"nothing in the sitemap at {fetched.final_url} can be read: {damage}", failure="unparsable")
    news = any(entry.title for entry in found.values())
    return replace(parsed, entries=tuple(found.values()), form="news sitemap" if news else "sitemap")


def _inflated(fetched: Fetched) -> bytes:
    """The body, inflated where it is a gzip file (RFC 1952) that was served as one."""
    if not fetched.body.startswith(_GZIP):
        return fetched.body
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        body = inflater.decompress(fetched.body, _INFLATED)
    except zlib.error as error:
        raise ParseError(
            f"the compressed sitemap at {fetched.final_url} is damaged: {error}", failure="unparsable"
        ) from None
    if inflater.unconsumed_tail:
        raise ParseError(
            f"the compressed sitemap at {fetched.final_url} is larger than {_INFLATED} bytes", failure="too-large"
        )
    return body


def _tree(text: str, fetched: Fetched) -> tuple[Any, str]:
    xml = mended(undeclared(text)).encode()
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(xml, parser)
    if root is None:
        raise ParseError(f"the sitemap at {fetched.final_url} is not XML", failure="unparsable")
    if broken := structural_damage(xml):
        # What the break cuts in two may hold half an address.
        if len(root) and root[-1].tail is None:
            root.remove(root[-1])
        return (
            root,
            f"the XML is broken ({broken}); {len(root)} {'entry' if len(root) == 1 else 'entries'} could be read",
        )
    return root, ""


def _texts(element: Any) -> dict[str, str]:
    """The text of the leaves under an element by their local names; the first of a name counts."""
    texts: dict[str, str] = {}
    for leaf in element.iter(etree.Element):
        if len(leaf) == 0 and leaf.text and leaf.text.strip():
            # Of a prefix that nobody declared it stands before the name, behind a colon.
            name = leaf.tag.rpartition("}")[2].rpartition(":")[2]
            texts.setdefault(name, leaf.text.strip())
    return texts


def _entry(source: Source, fetched: Fetched, element: Any) -> Entry | None:
    texts = _texts(element)
    url = absolute(texts.get("loc", ""), fetched.final_url) if texts.get("loc") else ""
    if not url:
        return None
    title = line_of(texts.get("title", ""), markup=False) if "publication_date" in texts else ""
    language = texts.get("language")
    published = UNDATED
    if raw := texts.get("publication_date"):
        published = dates.understand(raw, zone=source.timezone, language=language, origin="listing")
    digest = hashlib.sha256("\0".join((url, title, published.raw, texts.get("lastmod", ""))).encode()).hexdigest()
    touched = texts.get("lastmod", "")
    return Entry(url=url, title=title, digest=digest, published=published, language=language, touched=touched)


def _children(root: Any, base: str) -> tuple[str, ...]:
    held = [texts for element in root if "loc" in (texts := _texts(element))]
    held.sort(key=lambda texts: texts.get("lastmod", ""), reverse=True)
    urls = (absolute(texts["loc"], base) for texts in held)
    return tuple(dict.fromkeys(url for url in urls if url))[:_MOST_CHILDREN]
