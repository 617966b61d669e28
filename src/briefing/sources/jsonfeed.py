"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from briefing.errors import ParseError
from briefing.model import UNDATED, Parsed
from briefing.sources import dates
from briefing.sources.addresses import named_links
from briefing.sources.drafts import Draft, finish
from briefing.sources.markup import Cleaner, absolute, line_of
from briefing.sources.shortening import MOST, too_many

if TYPE_CHECKING:
    from briefing.model import Fetched, Published, Source
    from briefing.sources.encoding import Decoded

_VERSION = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org\\?/version\\?/([\d.]+)"')
_ITEMS = re.compile(r'"items"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")


def looks_like(text: str) -> bool:
    """Whether a body is a JSON object that names a version of JSON Feed."""
    return text.lstrip()[:1] == "{" and _VERSION.search(text) is not None


def parse(source: Source, fetched: Fetched, decoded: Decoded, known: frozenset[str]) -> Parsed:
    """Read a JSON Feed; of one that breaks off, the items before the break.

    Raises:
        ParseError: nothing in it can be read.
    """
    damage = ""
    try:
        feed = json.loads(decoded.text, strict=False)
    except (ValueError, RecursionError) as error:
        feed = {"items": _readable(decoded.text)}
        if not feed["items"]:
            raise ParseError(
                f"nothing in the feed at {fetched.final_url} can be read: it is no valid JSON ({error})",
                failure="unparsable",
            ) from None
        damage = f"the JSON is broken ({error}); {len(feed['items'])} entries could be read"
    items = feed.get("items")
    if isinstance(items, list) and len(items) > MOST:
        items, damage = items[:MOST], damage or too_many(len(items))
    digests = [(item, _digest(item)) for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    cleaner = Cleaner(fetched.final_url)
    version = _VERSION.search(decoded.text)
    drafts = [(_draft(source, fetched, feed, item, cleaner), digest) for item, digest in digests if digest not in known]
    return Parsed(
        entries=tuple(finish(draft, digest) for draft, digest in drafts if not draft.blank),
        unchanged=tuple(digest for _, digest in digests if digest in known),
        form=f"JSON Feed {version.group(1) if version else ''}".strip(),
        encoding=decoded.encoding,
        title=_line(feed, "title"),
        home=home if isinstance(home := feed.get("home_page_url"), str) else "",
        damage=damage,
        links=named_links(_links(feed), fetched.final_url),
    )


def _links(feed: dict[str, Any]) -> list[tuple[str, str]]:
    hubs = [hub for hub in _list(feed.get("hubs")) if isinstance(hub, dict)]
    websub = [("hub", _scalar(hub.get("url"))) for hub in hubs if _scalar(hub.get("type")).lower() == "websub"]
    return [("self", _scalar(feed.get("feed_url"))), ("next", _scalar(feed.get("next_url"))), *websub]


def _readable(text: str) -> list[Any]:
    start = _ITEMS.search(text)
    decoder = json.JSONDecoder(strict=False)
    items: list[Any] = []
    at = start.end() if start else len(text)
    while True:
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]  # matches always, if nothing
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return items
        items.append(item)


def _digest(item: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()


def _draft(source: Source, fetched: Fetched, feed: dict[str, Any], item: dict[str, Any], cleaner: Cleaner) -> Draft:
    html, text = _body(item, cleaner)
    full = bool(text)
    summary = _line(item, "summary")
    if not text and summary:
        html, text = cleaner.body(summary, markup=False)
    guid = _scalar(item.get("id"))
    language = _line(item, "language") or _line(feed, "language") or None
    link = _scalar(item.get("url")) or _scalar(item.get("external_url"))
    if not link and guid.startswith(("http://", "https://")):
        link = guid
    return Draft(
        url=absolute(link, fetched.final_url) if link else "",
        title=_line(item, "title"),
        guid=line_of(guid, markup=False) or None,
        text=text,
        html=html,
        summary=summary,
        full=full,
        authors=_authors(item) or _authors(feed),
        categories=tuple(line_of(tag, markup=False) for tag in _list(item.get("tags")) if isinstance(tag, str)),
        published=_published(item, source, language),
        language=language,
    )


def _body(item: dict[str, Any], cleaner: Cleaner) -> tuple[str, str]:
    html, text = item.get("content_html"), item.get("content_text")
    if isinstance(html, str) and html.strip():
        return cleaner.body(html, markup=True)
    return cleaner.body(text, markup=False) if isinstance(text, str) else ("", "")


def _published(item: dict[str, Any], source: Source, language: str | None) -> Published:
    raw = _scalar(item.get("date_published")) or _scalar(item.get("date_modified"))
    if not raw:
        return UNDATED
    return dates.understand(raw, zone=source.timezone, language=source.language or language, origin="feed")


def _authors(held: dict[str, Any]) -> tuple[str, ...]:
    people = [*_list(held.get("authors")), held.get("author")]
    names = (_line(person, "name") for person in people if isinstance(person, dict))
    return tuple(dict.fromkeys(name for name in names if name))


def _line(held: dict[str, Any], name: str) -> str:
    return line_of(_scalar(held.get(name)), markup=False)


def _scalar(value: Any) -> str:
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
