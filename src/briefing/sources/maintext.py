"""The main text of a page nobody has written selectors for."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

import lxml.html

from briefing.sources import trimming

if TYPE_CHECKING:
    from briefing.sources.markup import Cleaner
    from briefing.sources.trimming import Block

_AROUND = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|globalnav|menu|breadcrumbs?|footer|sidebar|side|related|share|sharing|social|"
    r"sns|cookies?|banner|newsletter|subscribe|comments?|tags?|toolbar|pagination|pager|topicpath|skip|search|advert\w*|"
    r"recommend\w*|featured|popular)(?:$|[\s_-])",
    re.IGNORECASE,
)
_DROPPED = (
    "nav", "footer", "aside", "form", "script", "style", "noscript", "template", "iframe", "button", "select", "figure",
    "figcaption", "img", "picture", "video", "audio", "svg", "object", "dialog",
)  # fmt: skip
_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "menu"})
_TEXT_HOLDERS = ("p", "li", "blockquote", "pre", "td", "div", "dd")
_SURE = 200  # characters: a text longer than this by trafilatura is believed
_MOST_LINKED = 0.5


def find(root: Any, base: str, cleaner: Cleaner, titles: tuple[str, ...]) -> list[Block]:
    """The blocks of the main text: as trafilatura finds them, else of what the page marks as such or fullest."""
    marked = _trimmed(_marked(root), cleaner, titles)
    extracted = trimming.trimmed(trimming.flat(cleaner.html(_extracted(root, base))), titles)
    if _length(extracted) >= max(_SURE, _length(marked) * _MOST_LINKED):
        return extracted
    # Of a short page trafilatura gives everything or nothing: what the page marks, or how it is built, is surer.
    return marked or _trimmed(_fullest(root), cleaner, titles) or extracted


def _length(blocks: list[Block]) -> int:
    return sum(len(block.text) - block.linked for block in blocks)


def _extracted(root: Any, base: str) -> str:
    import trafilatura  # noqa: PLC0415 - more than a second of imports, for automatic extraction alone

    html = trafilatura.extract(
        lxml.html.tostring(root, encoding="unicode"),
        url=base,
        output_format="html",
        include_comments=False,
        include_links=True,
        include_formatting=True,
        with_metadata=False,
    )
    return _paragraphs_of(html or "")


def _paragraphs_of(html: str) -> str:
    found = re.search(r"<body[^>]*>(.*)</body>", html, re.DOTALL)
    return found.group(1) if found else html


def _trimmed(element: Any | None, cleaner: Cleaner, titles: tuple[str, ...]) -> list[Block]:
    if element is None:
        return []
    html = cleaner.html(lxml.html.tostring(bared(element), encoding="unicode", with_tail=False))
    return trimming.trimmed(trimming.flat(html), titles)


def bared(element: Any) -> Any:
    """A copy of an element without what surrounds a text."""
    bare = copy.deepcopy(element)
    bare.tail = None
    for inner in list(bare.iter()):
        if inner is bare or inner.getparent() is None or not isinstance(inner.tag, str):
            continue
        named = f"{inner.get('class', '')} {inner.get('id', '')}"
        if inner.tag in _DROPPED or inner.get("role") in _ROLES or (_AROUND.search(named) and not _is_main(inner)):
            inner.drop_tree()
    return bare


def _is_main(element: Any) -> bool:
    return element.tag in {"body", "main", "article"} or next(element.iter("article", "main"), None) is not None


def _marked(root: Any) -> Any | None:
    """The element that the page itself marks as its content, the fullest of several."""
    marks = [*root.iter("article", "main"), *root.xpath('//*[@itemprop="articleBody"]|//*[@role="main"]')]
    return max(marks, key=lambda element: len(element.text_content()), default=None)


def _fullest(root: Any) -> Any | None:
    """The element under which most of the running text stands: paragraphs speak for their parent, half for its own."""
    scores: dict[Any, float] = {}
    body = root.find("body")
    for holder in bared(body if body is not None else root).iter(*_TEXT_HOLDERS):
        own = len(" ".join(_own_text(holder)).strip())
        parent = holder.getparent()
        if not own or parent is None:
            continue
        for element, share in ((parent, 1.0), (parent.getparent(), 0.5), (holder, 0.9)):
            if element is not None:
                scores[element] = scores.get(element, 0.0) + own * share
    return max(scores, key=lambda element: scores[element], default=None)


def _own_text(element: Any) -> list[str]:
    """The text in an element that no link and no inner block holds."""
    inline = (child for child in element if child.tag not in {"a", "div", "p", "ul", "ol", "table", "td", "li", "dd"})
    return [element.text or "", *(child.text_content() for child in inline), *(child.tail or "" for child in element)]
