"""feedparser's own test feeds through our pipeline, each kept field held against what feedparser makes of them.

The feeds are not part of this project: `python tests/feedparser_suite.py FOLDER` takes the `tests` folder of an
unpacked source distribution of feedparser. A difference is accepted where `docs/feeds.md` lists it, with its reason.
"""

from __future__ import annotations

import fnmatch
import io
import re
import sys
from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import feedparser
import lxml.html
from lxml import etree

from briefing.errors import ParseError
from briefing.model import Fetched, Source, SourceId
from briefing.sources import feed
from briefing.text import clean, same_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefing.model import Parsed

DOCUMENT = Path(__file__).parents[1] / "docs" / "feeds.md"
_SOURCE = Source(id=SourceId("s"), name="S", institution="ministry", country="XA", url="http://127.0.0.1:8097/")
_HEADER = re.compile(rb"^Header:\s+([^:]+):(.+)$", re.MULTILINE)
_EXPECTATION = re.compile(rb"Expect:\s*(.*)\s*-->")
_ROW = re.compile(r"^\| `([^`]+)` \| ([\w, ]+) \|", re.MULTILINE)
_MARKED_UP = ("text/html", "application/xhtml+xml")
_UNREAD = ("script", "style", "svg", "math", "noscript", "iframe", "object", "textarea", "select", "title")


@dataclass(frozen=True, slots=True)
class Difference:
    """Where what we read of a case is not what feedparser reads."""

    case: str
    field: str
    theirs: object
    ours: object

    def __str__(self) -> str:
        return f"{self.case}: {self.field}: feedparser {self.theirs!r}, ours {self.ours!r}"


def cases(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The feeds that come with an expectation, with their paths in the folder."""
    for path in sorted(folder.rglob("*.xml")):
        body = path.read_bytes()
        if b"Expect:" in body.replace(b"\0", b""):
            yield path.relative_to(folder).as_posix(), body


def differences(case: str, body: bytes) -> list[Difference]:
    """What we read otherwise than feedparser, entry by entry and field by field."""
    url = f"http://127.0.0.1:8097/tests/{case}"
    headers = {name.decode().lower(): value.decode().strip() for name, value in _HEADER.findall(body)}
    theirs = feedparser.parse(io.BytesIO(body), response_headers={**headers, "content-location": url})
    try:
        ours = feed.parse(_SOURCE, Fetched(url=url, final_url=url, status=200, headers=headers, body=body), frozenset())
    except ParseError as error:
        if not theirs.entries and not theirs.version:
            return []
        return [Difference(case, "feed", (theirs.version, len(theirs.entries)), str(error))]
    return list(_compared(case, theirs, ours))


def _compared(case: str, theirs: Any, ours: Parsed) -> Iterator[Difference]:
    telling = [entry for entry in theirs.entries if _telling(entry)]
    if len(telling) != len(ours.entries):
        yield Difference(case, "entries", len(telling), len(ours.entries))
        return
    pairs: list[tuple[str, object, object]] = [("feed title", _plain(theirs.feed, "title"), ours.title)]
    for raw, entry in zip(telling, ours.entries, strict=True):
        pairs += [
            ("link", _web(raw.get("link", "")), entry.url),
            ("guid", " ".join(raw.get("id", "").split()) or None, entry.guid),
            ("authors", _authors(raw), set(entry.authors)),
            ("categories", _categories(raw), list(entry.categories)),
            ("published", _published(raw), _day(entry.published.value)),
            ("text", _words(_seen(_body(raw))), _words(entry.text)),
            ("links", _links(_body(raw)), _links(entry.html)),
            ("language", _language(theirs.feed, raw), entry.language),
        ]
        if raw.get("title"):
            pairs.append(("title", _words(_plain(raw, "title")), _words(entry.title)))
    for name, one, other in pairs:
        if one != other:
            yield Difference(case, name, one, other)


def _telling(raw: Any) -> bool:
    """Whether an entry says anything by which it could be shown or known again: the others are not kept."""
    return bool(_plain(raw, "title") or raw.get("id") or _web(raw.get("link", "")) or _words(_seen(_body(raw))))


def _plain(held: Any, name: str) -> str:
    value = held.get(name, "")
    markup = held.get(f"{name}_detail", {}).get("type", "text/html") in _MARKED_UP
    return " ".join((_seen(value) if markup else value).split())


def _seen(html: str) -> str:
    """What a reader sees of HTML."""
    if not html.strip():
        return ""
    try:
        root = lxml.html.fragment_fromstring(html, create_parent="div")
    except (etree.ParserError, ValueError):
        return unescape(re.sub(r"<[^>]*>", "", html))
    for element in list(root.iter(*_UNREAD)):
        element.drop_tree()
    return str(root.text_content())


def _words(text: str) -> str:
    return same_words(clean(text))


def _web(address: str) -> str:
    return address if address.startswith(("http://", "https://")) else ""


def _authors(raw: Any) -> set[str]:
    names = (author.get("name") or author.get("email") or "" for author in raw.get("authors", ()))
    return {text for name in names if (text := " ".join(_seen(name).split()))}


def _categories(raw: Any) -> list[str]:
    names = (" ".join(_seen(tag.get("label") or tag.get("term") or "").split()) for tag in raw.get("tags", ()))
    return list(dict.fromkeys(name for name in names if name))


def _published(raw: Any) -> str | None:
    """The time of day in UTC, or the day where it is the first second of one."""
    when = next((raw[f"{name}_parsed"] for name in ("published", "created", "updated") if raw.get(name)), None)
    return _day(datetime.fromtimestamp(timegm(when), UTC).isoformat()) if when else None


def _day(value: str | None) -> str | None:
    if value is None or "T" not in value:
        return value and f"{value}-01-01"[:10]
    text = datetime.fromisoformat(value).astimezone(UTC).isoformat(timespec="seconds")
    return text.removesuffix("T00:00:00+00:00")


def _body(raw: Any) -> str:
    contents = [content for content in raw.get("content", ()) if content["value"].strip()]
    detail = max(contents, key=lambda content: len(content["value"])) if contents else raw.get("summary_detail", {})
    value = str(detail.get("value", "") or raw.get("summary", ""))
    return value if detail.get("type", "text/html") in _MARKED_UP else value.replace("&", "&amp;").replace("<", "&lt;")


def _links(html: str) -> list[str]:
    return [unescape(address) for address in re.findall(r"""<a\s[^>]*?href=["'](https?:[^"']*)""", html)]


def _language(feed: Any, raw: Any) -> str | None:
    details = (*raw.get("content", ()), raw.get("title_detail", {}))
    return next((str(one["language"]) for one in details if one.get("language")), None) or feed.get("language") or None


def accepted(document: str) -> list[tuple[str, set[str]]]:
    """The differences that the document lists: patterns of cases, each with its fields."""
    return [(pattern, {name.strip() for name in fields.split(",")}) for pattern, fields in _ROW.findall(document)]


def unaccounted(folder: Path) -> tuple[int, list[Difference]]:
    """How many cases there are, and the differences that the document does not list."""
    known = accepted(DOCUMENT.read_text(encoding="utf-8"))
    count, found = 0, []
    for case, body in cases(folder):
        count += 1
        found += [
            one
            for one in differences(case, body)
            if not any(fnmatch.fnmatch(case, pattern) and one.field in fields for pattern, fields in known)
        ]
    return count, found


if __name__ == "__main__":
    total, left = unaccounted(Path(sys.argv[1]))
    for one in left:
        sys.stdout.write(f"{one}\n")
    sys.stdout.write(f"{total} cases, {len(left)} differences that docs/feeds.md does not list\n")
    sys.exit(1 if left else 0)
