"""Selectors as `sources.yaml` writes them, and the web pages they are tried on."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import lxml.html
from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from briefing.errors import ParseError
from briefing.sources import sniffing
from briefing.sources.encoding import decode
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefing.model import Fetched

_ATTRIBUTE = re.compile(r"^(.*)@([\w:.-]+)$", re.DOTALL)
_XPATH = "xpath:"
_UNREAD = ("script", "style", "template", "noscript")


def page_of(fetched: Fetched, wanted: str) -> tuple[Any, str, str]:
    """The tree of a fetched web page, the base of its links, and the encoding it was read in.

    Raises:
        ParseError: the body is no web page (`not-a-feed`), or is empty (`unparsable`).
    """
    if not fetched.body.strip():
        raise ParseError(f"{fetched.final_url} answered with an empty body", failure="unparsable")
    kind = sniffing.binary(fetched.body)
    decoded = decode(fetched.body, fetched.headers.get("content-type", ""))
    if not kind and not sniffing.is_page(decoded.text):
        kind = "a feed" if sniffing.feed_start(decoded.text) is not None else sniffing.describe(decoded.text)
    if kind:
        raise ParseError(
            f"{fetched.final_url} answered with {kind}{'; its text is not read' if 'PDF' in kind else ''} "
            f"where {wanted} should be",
            failure="not-a-feed",
        )
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = lxml.html.document_fromstring(clean(decoded.text).encode(), parser=parser)
    except etree.ParserError:
        raise ParseError(f"the page at {fetched.final_url} holds nothing", failure="unparsable") from None
    base = picked[0] if (picked := pick(root, "base[href]@href")) else ""
    return root, _joined(fetched.final_url, base), decoded.encoding


def _joined(url: str, base: str) -> str:
    try:
        return urljoin(url, base.strip())
    except ValueError:
        return url


@lru_cache(maxsize=512)
def _compiled(selector: str) -> tuple[Callable[[Any], Any], str]:
    attribute = ""
    try:
        if selector.startswith(_XPATH):
            return etree.XPath(selector.removeprefix(_XPATH)), ""
        if found := _ATTRIBUTE.match(selector):
            selector, attribute = found.groups()
        return CSSSelector(selector.strip() or "*", translator="html"), attribute
    except (SelectorError, etree.XPathError) as error:
        raise ParseError(f"the selector {selector!r} is not valid: {error}", failure="unparsable") from None


def pick(root: Any, selector: str) -> list[Any]:
    """What a selector finds under an element, in the order of the document: elements, or strings for attributes.

    Raises:
        ParseError: the selector itself is wrong.
    """
    find, attribute = _compiled(selector)
    try:
        found = find(root)
    except etree.XPathError as error:
        raise ParseError(f"the selector {selector!r} cannot be tried: {error}", failure="unparsable") from None
    matches: list[Any] = found if isinstance(found, list) else [str(found)]
    if not attribute:
        return matches
    return [value for element in matches if (value := element.get(attribute)) is not None]


def elements(root: Any, selector: str) -> list[Any]:
    """The elements among what a selector finds."""
    return [found for found in pick(root, selector) if isinstance(found, etree._Element)]  # noqa: SLF001 - lxml has no public name for it


def line(found: Any) -> str:
    """A string, or an element's text, as one line; of `meta` its content."""
    if isinstance(found, str):
        return one_line(found)
    if found.tag == "meta":
        return one_line(found.get("content", ""))
    return one_line(" ".join(_pieces(found)))


def first_line(root: Any, selector: str) -> str:
    """The first text that a selector finds and that is not empty."""
    return next((text for found in pick(root, selector) if (text := line(found))), "")


def first_date(root: Any, selector: str) -> str:
    """As `first_line`; of `time` its machine-readable form where it has one."""
    for found in pick(root, selector):
        stamp = "" if isinstance(found, str) or found.tag != "time" else found.get("datetime", "").strip()
        if text := stamp or line(found):
            return text
    return ""


_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "kbd",
        "mark",
        "q",
        "ruby",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "wbr",
    ]
)


def _pieces(element: Any) -> list[str]:
    """The text under an element in pieces that a space may part: inline elements part no word."""
    pieces = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _UNREAD or child.tag in {"rt", "rp"}:
            inner: list[str] = []
        else:
            inner = _pieces(child)
        if child.tag in _INLINE and inner:
            pieces[-1] += inner[0]
            pieces += inner[1:]
        else:
            pieces += [*inner, ""]
        pieces[-1] += child.tail or ""
    return pieces
