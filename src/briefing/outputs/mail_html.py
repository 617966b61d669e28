"""A page of ours as mail programs can show it: no style element, no script, no drawing, and short enough to be shown.

Programs that read mail drop style elements, know no variables and no grid, and cut what is long. So the page's own
styles go, a few go into the elements themselves, and what is too long ends earlier and says so. There are no colours:
a program that shows mail on black may do so.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import css_inline
from lxml import html as parser
from lxml.html import builder

from briefing.text import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from briefing.outputs.mail_words import Frame

LARGEST = 95_000
"""Bytes of the HTML of a mail: programs in wide use cut it at 102 kB, and the reader's own lines come on top."""

_CSS = """
body { margin: 0 auto; max-width: 680px; padding: 16px; font-family: Georgia, 'Times New Roman', serif;
  font-size: 17px; line-height: 1.5; word-wrap: break-word; overflow-wrap: break-word; }
h1 { margin: 8px 0 4px; font-size: 26px; line-height: 1.25; }
h2 { margin: 40px 0 12px; padding-top: 8px; border-top: 2px solid; font-size: 20px; }
h3 { margin: 28px 0 12px; font-size: 17px; }
h4 { margin: 0 0 4px; font-size: 17px; }
blockquote { margin: 0 0 4px; padding: 0; }
.by, .note, .see, .site { margin: 0 0 4px; font-size: 14px; }
article, .highlights li, .sources li { margin: 0 0 20px; }
figure { margin: 0 0 16px; }
.scroll { overflow-x: auto; }
.highlights { margin: 0; padding: 0; list-style: none; }
.warn { font-weight: bold; }
dt { margin: 8px 0 0; font-size: 14px; }
dd { margin: 0; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
caption { padding: 0 0 8px; text-align: left; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid; text-align: left; vertical-align: top; }
"""
_DROPPED = "//style | //script | //link | //nav | //*[local-name()='svg'] | //*[contains(@class, 'skip')]"
_KEPT_META = ("charset", "viewport", "color-scheme")


def mail_html(page: bytes, frame: Frame, limit: int = LARGEST) -> tuple[str, str]:
    """A page (UTF-8) for a mail, in two halves, between which a reader's own lines stand.

    What would make it longer than `limit` bytes is left out from its end, and named there.
    """
    tree = parser.document_fromstring(page.decode())
    _bare(tree)
    inlined = _inliner().inline(_written(tree))
    tree = parser.document_fromstring(inlined)
    body = tree.find("body")
    assert body is not None
    _cut(tree, body, frame, limit)
    _linked(tree, frame.archived)
    return _halves(tree, body, frame)


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False, extra_css=_CSS)


def _bare(tree: HtmlElement) -> None:
    """Take out what mail programs drop, and open what they cannot open."""
    for element in tree.xpath(_DROPPED):
        around = element.getparent()
        element.drop_tree()
        if around is not None and around.tag == "div" and not len(around) and not (around.text or "").strip():
            around.drop_tree()
    for meta in tree.xpath("//meta"):
        if meta.get("charset") is None and meta.get("name") not in _KEPT_META:
            meta.drop_tree()
    for details in tree.iter("details"):
        details.set("open", "")


def _cut(tree: HtmlElement, body: HtmlElement, frame: Frame, limit: int) -> None:
    """Leave out parts from the end until the rest is short enough."""
    size, left = len(_written(tree).encode()), []
    main = body.find("main")
    place = main if main is not None else body
    while size > limit and (parts := list(place)):
        last = parts[-1]
        if len(parts) == 1 and len(last):  # a part that is too long by itself ends early
            place = last
            continue
        size -= len(_written(last).encode())
        left.append(_named(last))
        last.drop_tree()
    if left:
        names = ", ".join(dict.fromkeys(name for name in reversed(left) if name)) or "…"
        (main if main is not None else body).append(builder.P(builder.STRONG(frame.cut(names))))


def _named(part: HtmlElement) -> str:
    """The heading of a part."""
    for element in part.iter("h2", "h3", "h4"):
        return one_line(element.text_content())
    return ""


def _linked(tree: HtmlElement, archived: str) -> None:
    """Links to what is not in the mail lead to the web."""
    there = set(tree.xpath("//@id"))
    for link in tree.xpath("//a[starts-with(@href, '#')]"):
        if link.get("href")[1:] not in there:
            link.set("href", f"{archived}{link.get('href')}")


def _halves(tree: HtmlElement, body: HtmlElement, frame: Frame) -> tuple[str, str]:
    written = _written(tree)
    start, end = written.index(">", written.index("<body")) + 1, written.rindex("</body>")
    assert body.tag == "body"
    return frame.html(f"<!DOCTYPE html>\n{written[:start]}", written[start:end], written[end:])


def _written(tree: HtmlElement) -> str:
    written: str = parser.tostring(tree, encoding="unicode", method="html", with_tail=False)
    return written
