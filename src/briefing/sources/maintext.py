"""The main text of a page nobody has written selectors for."""

from __future__ import annotations

import copy
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

import lxml.html
from lxml import etree

from briefing.noise import is_ad_label, is_noise
from briefing.sources import trimming
from briefing.text import one_line

if TYPE_CHECKING:
    from briefing.sources.markup import Cleaner
    from briefing.sources.trimming import Block

_AROUND = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|globalnav|menu|breadcrumbs?|footer|sidebar|side|related|share|sharing|social|"
    r"sns|cookies?|banner|newsletter|subscribe|comments?|tags?|toolbar|pagination|pager|topicpath|skip|search|advert\w*|"
    r"recommend\w*|featured|popular|consent|gdpr|topmenu|mainmenu|submenu|gnb|lnb|copyright|"
    r"fusszeile|seitenleiste|teilen|pied(?:page|depage)|ariane|partage|voiraussi|migas|lateral|compartir|relacionad[oa]s|"
    r"rodape|briciole|condividi|stopka|okruszki|udostepnij|altbilgi|ustmenu|paylas|ilgili|podval|relnews|fenxiang|bdshare)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
# Words that mean something else inside a longer name (`margin-bottom`).
_AROUND_ALONE = re.compile(r"(?:^|\s)(?:bottom|foot|pie|pied|fuss|pata)(?:$|\s)", re.IGNORECASE)
_DROPPED = (
    "nav", "footer", "aside", "form", "script", "style", "noscript", "template", "iframe", "button", "select", "figure",
    "figcaption", "img", "picture", "video", "audio", "svg", "object", "dialog",
)  # fmt: skip
_KEPT = frozenset({"html", "head", "body", "title", "meta", "base", "link"})
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_NO_WORD = re.compile(r"[\W_]+")
_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "menu"})
_TEXT_HOLDERS = ("p", "li", "blockquote", "pre", "td", "div", "dd")
_NOISE_HOLDERS = frozenset(
    {"p", "div", "span", "li", "ul", "small", "section", "time", "strong", "b", "em", "i", "font"}
)
_FEW_INSIDE = 60  # elements
_LONGEST_NOISE = 600  # characters
_FEW_BLOCKS = 6  # of which one may hold paragraphs that a page does not mark as its text
_PARAGRAPH = 20  # characters
_SURE = 200  # characters: a text longer than this by trafilatura is believed
_MOST_LINKED = 0.5
_MOST = 0.5  # what holds more than this share of a page's running text is never what surrounds it


def find(root: Any, base: str, cleaner: Cleaner, titles: tuple[str, ...]) -> list[Block]:
    """The blocks of the main text: as trafilatura finds them, else of what the page marks as such or fullest."""
    marked = _trimmed(_marked(root), cleaner, titles)
    extracted = trimming.trimmed(trimming.flat(cleaner.html(_extracted(bared(root), base))), titles)
    # Of a short page, or one without paragraphs, trafilatura gives everything in one piece or nothing: what the page
    # marks, or how it is built, is surer.
    built = marked
    if len(extracted) > 1 and _length(extracted) >= max(_SURE, _length(marked) * _MOST_LINKED):
        built = marked or (_trimmed(_fullest(root), cleaner, titles) if len(extracted) <= _FEW_BLOCKS else [])
        if not _run_together(extracted, built):
            return extracted
    built = built or _trimmed(_fullest(root), cleaner, titles)
    return built if _length(built) >= _length(extracted) * _MOST_LINKED else extracted or built


def _run_together(extracted: list[Block], marked: list[Block]) -> bool:
    """Whether paragraphs that the page parts stand in one block."""
    parts = [block.text for block in marked if len(block.text) > _PARAGRAPH]
    return any(sum(part in block.text for part in parts) > 1 for block in extracted)


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
    most = _running(bare) * _MOST
    gone: set[Any] = set()
    for inner in list(bare.iter(etree.Element)):
        if inner is bare or inner.tag in _KEPT:
            continue
        named = inner.tag in _DROPPED or inner.get("role") in _ROLES or is_unseen(inner)
        if inner.getparent() in gone or named or (_is_around(inner) and not _is_main(inner, most)) or _is_noise(inner):
            gone.add(inner)
            if (sold := _sold(inner)) is not None:
                gone.add(sold)
    for inner in [inner for inner in bare.iter(etree.Element) if inner in gone and inner.getparent() not in gone]:
        inner.drop_tree()
    return bare


def _is_around(element: Any) -> bool:
    """Whether an element is named as what surrounds a text, or is a page's head with nothing but links."""
    named = f"{element.get('class', '')} {element.get('id', '')}"
    if _AROUND.search(named) or _AROUND_ALONE.search(named):
        return True
    return element.tag == "header" and next(element.iter("h1", "h2"), None) is None and not _running(element)


def is_unseen(element: Any) -> bool:
    """Whether an element holds a few words that no browser shows; long ones may be unfolded by a click."""
    hidden = element.get("hidden") is not None or _HIDDEN.search(element.get("style") or "") is not None
    return hidden and _is_small(element) and len(element.text_content()) < _SURE


def _is_noise(element: Any) -> bool:
    """Whether all that an element says changes by itself: a counter, an age, the label of an advertisement."""
    if element.tag not in _NOISE_HOLDERS or not _is_small(element):
        return False
    text = one_line(element.text_content())
    return 0 < len(text) <= _LONGEST_NOISE and is_noise(text)


def _sold(label: Any) -> Any | None:
    """What stands behind the label of an advertisement, where that is nothing but a link."""
    beside = label.getnext()
    if (
        beside is None
        or not _is_small(label)
        or not _is_small(beside)
        or not is_ad_label(one_line(label.text_content()))
    ):
        return None
    return beside if next(beside.iter("a"), None) is not None and not _running(beside) else None


def _is_small(element: Any) -> bool:
    """Whether few elements stand under one: what is nested by the thousand is not read over and over."""
    return next(islice(element.iter(), _FEW_INSIDE, None), None) is None


def _is_main(element: Any, most: float) -> bool:
    if element.tag in {"main", "article"} or next(element.iter("article", "main"), None) is not None:
        return True
    return _running(element) > most


def _running(element: Any) -> int:
    """How many letters and digits stand under an element outside of links."""
    texts = element.xpath(".//text()[not(ancestor::a or ancestor::script or ancestor::style)]")
    return sum(len(_NO_WORD.sub("", text)) for text in texts)


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
