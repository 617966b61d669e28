"""Feeds: RSS 0.9x, 1.0, 2.0, Atom 0.3, 1.0 read by feedparser, JSON Feed by `jsonfeed`.

The only module that imports feedparser. It is used for structure alone, on what `wellformed` leaves of a feed; dates
are read by `dates`, markup is cleaned by `markup`.
"""

from __future__ import annotations

import io
import re
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from html import unescape
from typing import TYPE_CHECKING, Any

import feedparser
from lxml import etree

from briefing.errors import ParseError
from briefing.model import NO_HINTS, UNDATED, Parsed
from briefing.sources import dates, jsonfeed, shortening, sniffing, wellformed
from briefing.sources.addresses import named_links
from briefing.sources.drafts import Draft, finish
from briefing.sources.encoding import decode
from briefing.sources.hints import hints_of
from briefing.sources.markup import Cleaner, absolute, line_of

if TYPE_CHECKING:
    from briefing.model import Entry, Fetched, Published, Source

_FORMS = {
    "rss090": "RSS 0.90", "rss091n": "RSS 0.91", "rss091u": "RSS 0.91", "rss092": "RSS 0.92", "rss093": "RSS 0.93",
    "rss094": "RSS 0.94", "rss20": "RSS 2.0", "rss10": "RSS 1.0", "rss": "RSS", "atom01": "Atom 0.1",
    "atom02": "Atom 0.2", "atom03": "Atom 0.3", "atom10": "Atom 1.0", "atom": "Atom", "cdf": "CDF",
}  # fmt: skip
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_BREAKS = ("mismatched tag", "no element found", "unclosed")
_STRAY_LINKS = frozenset({"self", "replies", "edit", "hub", "next", "previous", "first", "last", "license", "search"})
_ONE_BY_ONE = 300  # broken entries parsed each by itself; of more than that the rest goes together
_BASE = re.compile(rb"\s(?:xml:)?base\s*=")
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_DELETED = re.compile(r"""<(?:[\w.-]+:)?deleted-entry\s(?:[^<>]*?\s)?ref\s*=\s*(["'])([^"'<>]*)\1""")
_NO_MARKUP = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_MOST_TOMBSTONES = 10_000
_WEB = re.compile("https?://", re.IGNORECASE)
_ADDRESS = re.compile("https?://|/", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_MAIL = re.compile(r"[\w.+-]+@[\w.-]+\s*\(([^()]+)\)")

# feedparser reads every date for itself, wrongly where it is not English; ours are read by `dates`. A handler that
# answers at once spares that work; it keeps silent where somebody else uses feedparser.
_reading_for_us = ContextVar("_reading_for_us", default=False)
feedparser.api.PREFERRED_XML_PARSERS.clear()  # it looks for a module that nobody has, in every folder, at each feed
feedparser.registerDateHandler(lambda _: (1970, 1, 1, 0, 0, 0, 3, 1, 0) if _reading_for_us.get() else None)


@dataclass(slots=True)
class _Reading:
    """What feedparser made of a feed.

    Its entries stand with their digest (empty where none could be taken) and whether they hold a whole text.
    """

    form: str = ""
    title: str = ""
    home: str = ""
    language: str | None = None
    entries: list[tuple[Any, str, bool]] = field(default_factory=list)
    unchanged: tuple[str, ...] = ()
    damage: str = ""
    links: tuple[tuple[str, str], ...] = ()
    generator: str = ""
    cleaners: dict[str, Cleaner] = field(default_factory=dict)

    def cleaner(self, base: str) -> Cleaner:
        """The cleaner of texts whose links are relative to `base`: nearly always the same."""
        if base not in self.cleaners:
            self.cleaners[base] = Cleaner(base)
        return self.cleaners[base]


def parse(source: Source, fetched: Fetched, known: frozenset[str]) -> Parsed:
    """Read a feed, whatever it is called and however it is declared.

    Entries whose digest is in `known` are not read again but named in `Parsed.unchanged`.

    Raises:
        ParseError: the body is something else (`not-a-feed`), or nothing in it can be read (`unparsable`).
    """
    if not fetched.body.strip():
        raise ParseError(f"{fetched.final_url} answered with an empty body", failure="unparsable")
    if kind := sniffing.binary(fetched.body):
        raise _not_a_feed(fetched, kind)
    decoded = decode(fetched.body, fetched.headers.get("content-type", ""))
    if jsonfeed.looks_like(decoded.text):
        return jsonfeed.parse(source, fetched, decoded, known)
    start = sniffing.feed_start(decoded.text)
    if start is None:
        raise _not_a_feed(fetched, sniffing.describe(decoded.text))
    text = decoded.text if start == 0 or "<!DOCTYPE" in decoded.text[:start] else decoded.text[start:]
    text, left_out = shortening.shortened(text)
    reading = _read(text, fetched, known)
    reading.damage = reading.damage or left_out
    parsed = _parsed(source, fetched, reading, decoded.encoding, known)
    if _TOMBSTONES in text:
        parsed = replace(parsed, deleted=_tombstones(text))
    hints = hints_of(text)
    return parsed if hints is NO_HINTS else replace(parsed, hints=hints)


def _tombstones(text: str) -> tuple[str, ...]:
    """The guids of entries that the feed says were deleted (RFC 6721, "The Atom deleted-entry Element")."""
    found = _DELETED.findall(_NO_MARKUP.sub("", text))
    return tuple(dict.fromkeys(unescape(ref).strip() for _, ref in found if ref.strip()))[:_MOST_TOMBSTONES]


def _not_a_feed(fetched: Fetched, kind: str) -> ParseError:
    return ParseError(
        f"{fetched.final_url} answered with {kind} where a feed should be; check the source's url and kind",
        failure="not-a-feed",
    )


# ---------------------------------------------------------------- from text to feedparser's entries


def _read(text: str, fetched: Fetched, known: frozenset[str]) -> _Reading:
    text = wellformed.undeclared(text)
    if "<!DOCTYPE" in text[:4096]:
        return _doubtful(text, fetched)
    try:
        root = wellformed.parse(text.encode())
    except etree.XMLSyntaxError:
        return _read_flawed(text, fetched, known)
    return _read_strictly(root, fetched, known) or _whole(text.encode(), fetched)


def _read_strictly(root: Any, fetched: Fetched, known: frozenset[str]) -> _Reading | None:
    """Read a well-formed feed by way of `wellformed.slim`; None where feedparser sees other entries than lxml."""
    slimmed = wellformed.slim(root, known)
    if slimmed is None:
        return None
    if (said := slimmed.heading) is not None:
        raws = [raw for raw in slimmed.plain if raw is not None]
        return _Reading(
            form=_FORMS[said.version],
            title=line_of(said.title, markup=False),
            home=said.home,
            language=said.language,
            entries=list(zip(raws, slimmed.digests, slimmed.whole, strict=True)),
            unchanged=tuple(slimmed.unchanged),
            links=said.links,
            generator=said.generator,
        )
    read = _feedparser(slimmed.xml, fetched)
    if len(read.entries) != slimmed.plain.count(None):
        return None
    for entry in read.entries:
        _put_back(entry, slimmed.bodies)
    left = iter(read.entries)
    raws = [next(left) if raw is None else raw for raw in slimmed.plain]
    entries = list(zip(raws, slimmed.digests, slimmed.whole, strict=True))
    return _reading(read, entries, tuple(slimmed.unchanged))


def _read_flawed(text: str, fetched: Fetched, known: frozenset[str]) -> _Reading:
    """Read a feed that is not well-formed: mended if that is all it takes, else entry by entry."""
    text = wellformed.mended(text)
    for _ in range(2):
        try:
            root = wellformed.parse(text.encode())
        except etree.XMLSyntaxError as error:
            shorter = wellformed.without_tail(text, error)
            if shorter is None:
                break
            text = shorter
        else:
            return _read_strictly(root, fetched, known) or _whole(text.encode(), fetched)
    damage = wellformed.structural_damage(text.encode())
    salvage = wellformed.take_apart(text)
    found = salvage.pieces or salvage.cut
    reading = _salvaged(salvage, fetched, known) if found else _whole(text.encode(), fetched)
    if damage:
        count = len(reading.entries) + len(reading.unchanged)
        reading.damage = f"the XML is broken ({damage}); {count} {'entry' if count == 1 else 'entries'} could be read"
    return reading


def _salvaged(salvage: wellformed.Salvage, fetched: Fetched, known: frozenset[str]) -> _Reading:
    """Read the entries of a broken feed one by one, so that a broken one spoils no other."""
    whole: list[str] = []
    loose: list[str] = []
    for piece in salvage.pieces:
        if _is_whole(salvage.document([piece])):
            whole.append(piece)
        elif _is_whole(salvage.document([mended := wellformed.closed(piece)])):
            whole.append(mended)
        else:
            loose.append(piece)
    document = salvage.document(whole)
    # What is left of it is well-formed but for a root that is not.
    strictly = _read_strictly(wellformed.parse(document), fetched, known) if _is_whole(document) else None
    reading = strictly or _whole(document, fetched)
    for piece in [*loose[:_ONE_BY_ONE], *(["".join(rest)] if (rest := loose[_ONE_BY_ONE:]) else [])]:
        reading.entries += _whole(salvage.document([piece]), fetched).entries
    return reading


def _is_whole(xml: bytes) -> bool:
    try:
        wellformed.parse(xml)
    except etree.XMLSyntaxError:
        return False
    return True


def _doubtful(text: str, fetched: Fetched) -> _Reading:
    """A document with a DOCTYPE of its own goes to feedparser as it is: it disarms what such a thing can hold."""
    read = _feedparser(text.encode(), fetched)
    reading = _reading(read)
    message = str(read.get("bozo_exception", ""))
    if read.bozo and any(sign in message for sign in _BREAKS):
        reading.damage = f"the XML is broken ({message}); {len(read.entries)} entries could be read"
    return reading


def _whole(xml: bytes, fetched: Fetched) -> _Reading:
    return _reading(_feedparser(xml, fetched))


def _feedparser(xml: bytes, fetched: Fetched) -> Any:
    headers = {"content-type": "application/xml; charset=utf-8"}
    if _BASE.search(xml):
        # Only xml:base needs to know; without it feedparser would resolve an address at every single tag.
        headers["content-location"] = fetched.final_url
    ours = _reading_for_us.set(True)
    try:
        # Only ever a stream: bytes and strings could name a local file or an address, which feedparser would open.
        return feedparser.parse(
            io.BytesIO(xml), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    finally:
        _reading_for_us.reset(ours)


def _reading(
    read: Any, entries: list[tuple[Any, str, bool]] | None = None, unchanged: tuple[str, ...] = ()
) -> _Reading:
    if entries is None:
        entries = [(entry, "", "content" in entry or "yandex_full-text" in entry) for entry in read.entries]
    feed = read.feed
    return _Reading(
        form=_FORMS.get(read.version, ""),
        title=_line(feed, "title"),
        home=dict.get(feed, "link", ""),
        language=dict.get(feed, "language"),
        entries=entries,
        unchanged=unchanged,
        links=tuple((link.get("rel", ""), link.get("href", "")) for link in dict.get(feed, "links", ())),
        generator=f"{_line(feed, 'generator')} {dict.get(feed, 'generator_detail', {}).get('href', '')}".strip(),
    )


def _put_back(entry: Any, bodies: dict[str, str]) -> None:
    for content in dict.get(entry, "content", ()):
        content["value"] = bodies.get(content["value"], content["value"])
    summary = dict.get(entry, "summary")
    if summary in bodies:
        entry["summary"] = bodies[summary]


# ---------------------------------------------------------------- from feedparser's entries to ours


def _parsed(source: Source, fetched: Fetched, reading: _Reading, encoding: str, known: frozenset[str]) -> Parsed:
    if not reading.entries and not reading.unchanged and (reading.damage or not reading.form):
        detail = reading.damage or "no element in it is a feed's"
        raise ParseError(f"nothing in the feed at {fetched.final_url} can be read: {detail}", failure="unparsable")
    reading.language = reading.language or _header_language(fetched)
    drafts = (_entry(source, fetched, reading, held) for held in reading.entries)
    # An entry without title, text, address and guid says nothing that could be shown or recognised again.
    entries = [entry for entry in drafts if entry.title or entry.guid]
    return Parsed(
        entries=tuple(entry for entry in entries if entry.digest not in known),
        unchanged=(*reading.unchanged, *(entry.digest for entry in entries if entry.digest in known)),
        form=reading.form,
        encoding=encoding,
        title=reading.title,
        home=reading.home,
        damage=reading.damage,
        links=named_links(reading.links, fetched.final_url),
        generator=reading.generator,
    )


def _header_language(fetched: Fetched) -> str | None:
    """What the answer itself says of its language (RFC 9110, section 8.5), where that is one."""
    named = _LANGUAGE.fullmatch(fetched.headers.get("content-language", "").strip())
    return named.group() if named else None


def _entry(source: Source, fetched: Fetched, reading: _Reading, held: tuple[Any, str, bool]) -> Entry:
    raw, digest, whole = held
    body, markup, base = _body(raw)
    cleaner = reading.cleaner(base or fetched.final_url)
    html, text = cleaner.body(body, markup=markup)
    language = _language(raw) or reading.language
    return finish(
        Draft(
            url=_url(raw, fetched.final_url),
            title=_line(raw, "title"),
            guid=_guid(raw),
            text=text,
            html=html,
            summary=_summary(raw, body, cleaner) or ("" if whole else text),
            full=whole and bool(text),
            authors=_authors(raw),
            categories=_categories(raw),
            published=_published(raw, source, language),
            language=language,
        ),
        digest,
    )


def _body(raw: Any) -> tuple[str, bool, str]:
    """The fullest body of an entry, whether it is markup, and the base of its links."""
    if text := dict.get(raw, "yandex_full-text"):
        return text, True, ""
    contents = [content for content in dict.get(raw, "content", ()) if (content["value"] or "").strip()]
    if contents:
        best = max(contents, key=lambda content: len(content["value"]))
        return best["value"], best["type"] in _HTML, best.get("base") or ""
    detail = dict.get(raw, "summary_detail", {})
    # Of a broken feed feedparser may give a text that is None.
    return dict.get(raw, "summary") or "", detail.get("type", "text/html") in _HTML, detail.get("base") or ""


def _summary(raw: Any, body: str, cleaner: Cleaner) -> str:
    held = dict.get(raw, "summary", "")
    if not held or held == body:
        return ""
    markup = dict.get(raw, "summary_detail", {}).get("type", "text/html") in _HTML
    return cleaner.body(held, markup=markup)[1]


def _url(raw: Any, base: str) -> str:
    """The alternate link, else a guid that is an address, else any link that leads to content."""
    link = dict.get(raw, "feedburner_origlink") or dict.get(raw, "link") or ""
    from_guid = dict.get(raw, "guidislink") and link == dict.get(raw, "id")
    if link and (not from_guid or _ADDRESS.match(link)) and (url := absolute(link, base)):
        return url
    for other in dict.get(raw, "links", ()):
        if other.get("rel") not in _STRAY_LINKS and other.get("href") and (url := absolute(other["href"], base)):
            return url
    identity = dict.get(raw, "id") or ""
    return absolute(identity, base) if _WEB.match(identity) else ""


def _guid(raw: Any) -> str | None:
    return line_of(dict.get(raw, "id") or "", markup=False) or None


def _line(raw: Any, name: str) -> str:
    detail = dict.get(raw, f"{name}_detail", {})
    return line_of(dict.get(raw, name) or "", markup=detail.get("type", "text/html") in _HTML)


def _authors(raw: Any) -> tuple[str, ...]:
    names = []
    for author in dict.get(raw, "authors", ()):
        name = author.get("name") or author.get("email") or ""
        named = _MAIL.fullmatch(name.strip())
        names.append(line_of(named.group(1) if named else name, markup=True))
    return tuple(dict.fromkeys(name for name in names if name))


def _categories(raw: Any) -> tuple[str, ...]:
    names = (line_of(tag.get("label") or tag.get("term") or "", markup=True) for tag in dict.get(raw, "tags", ()))
    return tuple(dict.fromkeys(name for name in names if name))


def _language(raw: Any) -> str | None:
    for detail in (*dict.get(raw, "content", ()), dict.get(raw, "title_detail", {})):
        if detail.get("language"):
            return str(detail["language"])
    return None


def _published(raw: Any, source: Source, language: str | None) -> Published:
    # `updated` is also where feedparser puts dc:date.
    for name in ("published", "created", "updated"):
        if held := dict.get(raw, name):
            return dates.understand(held, zone=source.timezone, language=source.language or language, origin="feed")
    return UNDATED
