"""From a publisher's HTML to safe HTML and to plain text, one block a line."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import nh3

from briefing.text import blocks, clean, one_line, unturned

if TYPE_CHECKING:
    from collections.abc import Sequence

# Their text is not for reading: programs, forms, what stands in for an embedded document.
_UNREAD = {
    "button", "iframe", "math", "noembed", "noframes", "noscript", "object", "option", "script", "select", "style",
    "svg", "template", "textarea", "title",
}  # fmt: skip
_TAGS = (nh3.ALLOWED_TAGS | {"section", "main"}) - _UNREAD - {"bdo"}  # which turns letters as U+202E does
_BLOCK = (
    "address|article|aside|blockquote|br|caption|center|dd|details|div|dl|dt|figcaption|figure|footer|form|h[1-6]|"
    "header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul"
)
# nh3 writes attributes in double quotes with every quote inside escaped: these expressions hold for its output only.
_ATTRIBUTES = r"""(?:\s[^\s=>]+(?:="[^"]*")?)*\s*/?"""
_TO_LINE = re.compile(rf"</?(?:{_BLOCK}){_ATTRIBUTES}>")
_TO_SPACE = re.compile(rf"</?t[dh]{_ATTRIBUTES}>")
_TO_NOTHING = re.compile(rf"<rt>.*?</rt>|<rp>.*?</rp>|<!--.*?-->|</?[a-z][a-z0-9]*{_ATTRIBUTES}>")
# An open end is the end of the text: a search for it from every opening anew would take the square of its length.
_LOOSE_TAG = re.compile(
    r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<!DOCTYPE\b[^<>]*>|</?[a-zA-Z][^<>]*>|<!\[CDATA\[|\]\]>",
    re.DOTALL | re.IGNORECASE,
)
_ANY_TAG = re.compile(r"</?[a-zA-Z][^<>]*>?")
_LONGEST_LINE = 10_000
# Elements that nothing closes; a long text has some thousands, breaks and pictures. Each level of a nest costs a
# sanitiser half a kilobyte, and each opening without an end an attribute as large.
_MOST_OPEN = 20_000
_NO_HOST = re.compile(r"""[\x00-\x20"'<>\\^`{|}\x7f]|%20""")  # URL Standard, section 3.1, and what we write for a blank
_LONGEST_TEXT = 1_000_000  # characters: the longest reports are half as long
_LONGEST_HTML = 4_000_000
_LONGEST_ADDRESS = 8_000  # RFC 9110, section 4.1: what every server ought to take; a longer one leads nowhere


class Cleaner:
    """Sanitises HTML whose relative links are relative to `base`; make one for each document."""

    def __init__(self, base: str) -> None:
        try:
            self._cleaner = _cleaner(absolute(base, "") or None)
        except ValueError:  # a base that its feed or page made up, with a host that cannot be
            self._cleaner = _cleaner(None)

    def html(self, raw: str) -> str:
        """Safe HTML with absolute links, without scripts, forms, frames and styles; markup that is no text's is cut."""
        if raw.count("<") - 2 * raw.count("</") > _MOST_OPEN:
            raw = paragraphs(blocks(unescape(_ANY_TAG.sub("", _LOOSE_TAG.sub(" ", raw)))).split("\n"))
        return unturned(self._cleaner.clean(clean(raw))).strip()

    def body(self, raw: str, *, markup: bool) -> tuple[str, str]:
        """The pair of safe HTML and plain text of a body; without markup its lines become paragraphs."""
        if markup and ("<" in raw or "&" in raw):
            html = self.html(raw)
            return bounded(html, text_of(html))
        text = blocks(raw)
        return bounded(paragraphs(text.split("\n")) if text else "", text)


def _cleaner(base: str | None) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_UNREAD,
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
        url_relative=("rewrite_with_base", base) if base else "deny",
    )


def bounded(html: str, text: str) -> tuple[str, str]:
    """A body as it is, or the opening of one that is longer than any statement, with a mark that it is cut."""
    if len(text) <= _LONGEST_TEXT and len(html) <= _LONGEST_HTML:
        return html, text
    cut = text[:_LONGEST_TEXT]
    cut = cut[: max(cut.rfind("\n"), cut.rfind(" "), _LONGEST_TEXT // 2)].rstrip()
    return paragraphs((text := f"{cut} […]").split("\n")), text


def paragraphs(lines: Sequence[str]) -> str:
    """Plain lines as HTML paragraphs."""
    return "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)


def text_of(html: str) -> str:
    """The plain text of HTML that a `Cleaner` wrote: one block a line, readings of ruby annotations left out."""
    flat = html.replace("\n", " ")
    if "<" in flat:
        flat = flat.replace("<p>", "\n").replace("</p>", "\n")  # most tags are these
        flat = _TO_NOTHING.sub("", _TO_SPACE.sub(" ", _TO_LINE.sub("\n", flat)))
    return blocks(unescape(flat) if "&" in flat else flat)


def line_of(raw: str, *, markup: bool) -> str:
    """A title, name or category as one line of plain text; entities are resolved once where it is HTML."""
    raw = raw[:_LONGEST_LINE]
    if markup:
        raw = unescape(_LOOSE_TAG.sub("", raw)) if "<" in raw or "&" in raw else raw
    return one_line(raw)


def absolute(address: str, base: str) -> str:
    """An address of the web made absolute; empty for anything else (`mailto:`, `javascript:`, broken ones)."""
    if len(address) > _LONGEST_ADDRESS:
        return ""
    address = one_line(address).replace(" ", "%20")
    try:
        url = address if address.startswith(("https://", "http://")) else urljoin(base, address)
        parts = urlsplit(url)
        whole = parts.port != 0 and parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return url if whole and not _NO_HOST.search(parts.netloc) else ""
