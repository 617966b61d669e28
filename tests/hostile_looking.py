"""Looks through what is published for anything that a browser or a feed reader would run."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any

import httpx
import lxml.html
from lxml import etree

from briefing.config import load
from briefing.service import Service
from briefing.web import make_app
from hostile_bodies import PAYLOAD  # type: ignore[import-not-found]  # this folder is on the path where it runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.applications import Starlette

_RUN = (
    "script",
    "iframe",
    "frame",
    "object",
    "embed",
    "applet",
    "base",
    "template",
    "noscript",
    "math",
    "foreignobject",
)
_SCHEME = re.compile(r"[\x00-\x20\s]*(?:javascript|vbscript|data|file)[\x00-\x20\s]*:", re.IGNORECASE)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"(?<!\\)\]\(\s*<?(?:javascript|vbscript|data|file):", re.IGNORECASE)
_HTML_IN_XML = frozenset({"content", "summary", "description", "encoded", "title", "subtitle", "tagline"})
_PAGES = 60


def looked_through(folder: Path) -> list[tuple[str, str]]:
    """What is wrong with the published files, each with its place."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            place = path.relative_to(folder).as_posix()
            found += [(place, what) for what in _in_file(path.suffix, path.read_bytes())]
    return found


def _in_file(suffix: str, body: bytes) -> Iterator[str]:
    if suffix in {".html", ".atom", ".rss", ".xml", ".opml", ".json", ".md", ".txt"}:
        text = body.decode()  # all of it is UTF-8, or this raises
        if _BIDI.search(text):
            yield "a sign that turns the direction of text"
        if "\0" in text:
            yield "a NUL"
    if suffix == ".html":
        yield from in_html(body.decode())
    elif suffix in {".atom", ".rss", ".xml", ".opml"}:
        yield from _in_xml(etree.fromstring(body))
    elif suffix == ".json":
        yield from _in_json(json.loads(body))
    elif suffix == ".md" and _MARKDOWN.search(body.decode()):
        yield "a link that runs a program"


def in_html(html: str) -> Iterator[str]:
    """What would be run in a page or a part of one."""
    if not html.strip():
        return
    for element in lxml.html.fromstring(html).iter(etree.Element):
        tag = str(element.tag).lower()
        if tag in _RUN and (tag != "script" or element.get("type") != "application/ld+json"):
            yield f"<{tag}>"
        if tag == "meta" and (element.get("http-equiv") or "").lower() == "refresh":
            yield "a page that leads elsewhere by itself"
        if tag == "style" and PAYLOAD in (element.text or ""):
            yield "a style sheet of theirs"
        for name, value in element.attrib.items():
            if name.lower().startswith("on") or (name.lower() == "style" and PAYLOAD in value):
                yield f"{name}={value[:60]!r}"
            if _SCHEME.match(value) and not (name == "content" or value.startswith("data:image/")):
                yield f"{name}={value[:60]!r}"


def _in_xml(root: Any) -> Iterator[str]:
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            if _SCHEME.match(value):
                yield f"{name}={value[:60]!r}"
        text = element.text or ""
        kind = element.get("type", "")
        name = etree.QName(element).localname
        if _SCHEME.match(text) and name in {"link", "guid", "url", "uri", "id", "comments"}:
            yield f"{name}: {text[:60]!r}"
        # Readers take titles of RSS for HTML too.
        if name in _HTML_IN_XML and kind not in {"text", "xhtml"} and (kind == "html" or name != "title"):
            yield from (f"{name}: {what}" for what in in_html(text))


def _in_json(held: Any, name: str = "") -> Iterator[str]:
    if isinstance(held, dict):
        for key, value in held.items():
            yield from _in_json(value, key)
    elif isinstance(held, list):
        for value in held:
            yield from _in_json(value, name)
    elif isinstance(held, str):
        if name in {"url", "external_url", "home_page_url", "feed_url", "image", "icon", "href"} and _SCHEME.match(
            held
        ):
            yield f"{name}: {held[:60]!r}"
        if name in {"content_html", "html"}:
            yield from (f"{name}: {what}" for what in in_html(held))


def pages_of(folder: Path) -> list[tuple[str, str]]:
    """What is wrong with the pages of the site over a storage, as far as its own links lead."""
    settings = load(folder / "sources.yaml")
    service = Service(f"sqlite:///{folder}/storage/briefing.db", folder / "storage", settings)
    try:
        return asyncio.run(walked(make_app(service)))
    finally:
        service.desk.close()


async def walked(app: Starlette) -> list[tuple[str, str]]:
    """What is wrong with the pages of a site, as far as its own links lead."""
    waiting, seen, found = ["/"], {"/"}, []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site.invalid") as client:
        while waiting:
            path = waiting.pop(0)
            answer = await client.get(path)
            if "text/html" not in answer.headers.get("content-type", ""):
                continue
            found += [(path, what) for what in _on_page(answer)]
            for link in lxml.html.fromstring(answer.text).iter("a"):
                target = (link.get("href") or "").partition("#")[0]
                if target.startswith("/") and not target.startswith("//") and target not in seen and len(seen) < _PAGES:
                    seen.add(target)
                    waiting.append(target)
    return found


def _on_page(answer: httpx.Response) -> Iterator[str]:
    if answer.is_server_error:
        yield f"status {answer.status_code}"
    if _BIDI.search(answer.text):
        yield "a sign that turns the direction of text"
    yield from in_html(answer.text)
