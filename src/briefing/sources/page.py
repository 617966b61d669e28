"""Listing pages: the items that a page lists, by the selectors of `list`."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from briefing.errors import ParseError
from briefing.model import Entry, Parsed
from briefing.sources import addresses, dates, picking
from briefing.sources.drafts import is_invitation
from briefing.sources.markup import absolute
from briefing.text import one_line

if TYPE_CHECKING:
    from briefing.model import Fetched, ListRules, Published, Source

ANY_LINK = "a[href]"
_HEADINGS = "h1, h2, h3, h4, h5, h6"
_NEXT = "link[rel~=next], a[rel~=next]"


def parse(source: Source, fetched: Fetched, known: frozenset[str]) -> Parsed:  # noqa: ARG001 - a list is read whole; all kinds share one signature
    """Read the items of a listing page; none where the selector finds none.

    Raises:
        ParseError: the answer is no web page (`not-a-feed`), or a selector is wrong.
    """
    rules = source.listing
    if rules is None:
        raise ParseError(f"source {source.id} is a page but has no `list`: say what an item is", failure="unparsable")
    root, base, encoding = picking.page_of(fetched, "a list of items")
    here = {addresses.without_fragment(url) for url in (fetched.url, fetched.final_url, source.url)}
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    found: dict[str, Entry] = {}
    for element in picking.elements(root, rules.item):
        url = _link(element, rules, base)
        place = addresses.without_fragment(url)
        if not url or place in here or (rules.item == ANY_LINK and not addresses.wanted(source, url)):
            continue  # where items are told by their addresses alone, other links are none
        if place not in found or not found[place].title:
            found[place] = _entry(source, rules, element, url, language)
    return Parsed(
        entries=tuple(entry if entry.title else replace(entry, title=entry.url) for entry in found.values()),
        form="web page",
        encoding=encoding,
        title=picking.first_line(root, "title"),
        links=_older(root, rules, base),
    )


def _older(root: Any, rules: ListRules, base: str) -> dict[str, str]:
    """The page of older items: what `next` selects, else what the page itself calls its next one."""
    found = picking.pick(root, rules.next or _NEXT)
    hrefs = (candidate if isinstance(candidate, str) else _href(candidate) for candidate in found)
    url = next((url for href in hrefs if href and (url := absolute(href, base))), "")
    return {"next": url} if url else {}


def _entry(source: Source, rules: ListRules, element: Any, url: str, language: str | None) -> Entry:
    title = _title(element, rules)
    published = _published(source, rules, element, url, language)
    digest = hashlib.sha256(f"{url}\0{title}\0{published.raw}".encode()).hexdigest()
    return Entry(url=url, title=title, digest=digest, published=published, language=language)


def _link(element: Any, rules: ListRules, base: str) -> str:
    if rules.link is not None:
        candidates = picking.pick(element, rules.link)
    else:
        candidates = [element, *element.iter("a"), *element.iterancestors("a")]
    for candidate in candidates:
        href = candidate if isinstance(candidate, str) else _href(candidate)
        if href and not href.strip().startswith("#") and (url := absolute(href, base)):
            return url
    return ""


def _href(element: Any) -> str:
    return element.get("href") or next((link.get("href") for link in element.iter("a") if link.get("href")), "") or ""


def _title(element: Any, rules: ListRules) -> str:
    """The configured title; else a heading, the link's text, or the text of the item without its date."""
    if rules.title is not None:
        return picking.first_line(element, rules.title)
    if heading := picking.first_line(element, _HEADINGS):
        return heading
    if element.tag != "a":
        for link in element.iter("a"):
            text = picking.line(link)
            if text and not is_invitation(text):
                return text
    date = picking.first_date(element, rules.date) if rules.date else ""
    text = picking.line(element)
    title = text.replace(date, "", 1).strip(" \t|·–—-") if date and date != text else text
    return one_line(title) or _told_otherwise(element)


def _told_otherwise(element: Any) -> str:
    """What a link without text is called: by its own title, or by that of its image."""
    for inner in element.iter("a", "img"):
        if told := (inner.get("title") or inner.get("alt") or "").strip():
            return " ".join(told.split())
    return ""


def _published(source: Source, rules: ListRules, element: Any, url: str, language: str | None) -> Published:
    raw = picking.first_date(element, rules.date) if rules.date else ""
    if raw := raw or picking.first_line(element, "time@datetime"):
        return dates.understand(
            raw,
            zone=source.timezone,
            language=source.language or language,
            pattern=rules.date_format,
            origin="listing",
        )
    return addresses.date_in(url)
