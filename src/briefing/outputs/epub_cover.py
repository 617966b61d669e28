"""The cover of an EPUB, drawn from the words of the issue and the house style, and the style of its pages."""

from __future__ import annotations

from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

from lxml import etree

from briefing.outputs.columns import wrapped
from briefing.outputs.epub_pages import OPS, SVG, child, page, written
from briefing.outputs.item_blocks import tongue
from briefing.outputs.wording import period_words, right_to_left
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from briefing.documents import House, Issue

_WIDTH, _HEIGHT = 600, 800
_MARGIN = 60
_LOGO = 96  # height
_COLUMNS, _SIZE = 20, 44  # of the title: columns that fit, size of the type
_LINES = 6  # of the title, at most
_SERIF = "Georgia, 'Noto Serif', 'Hiragino Mincho ProN', serif"
_SANS = "Arial, 'Noto Sans', 'Hiragino Sans', sans-serif"


def style(house: House) -> bytes:
    """The style sheet of all pages, in the colours of the house."""
    sheet = files("briefing.outputs").joinpath("templates", "epub", "style.css").read_text("utf-8")
    colours = {name: getattr(house, name) for name in ("accent", "accent_dark", "warning", "warning_dark")}
    return Template(sheet).substitute(colours).encode()


def image(issue: Issue) -> bytes:
    """The cover as an image of its own, for the shelf of a reading device."""
    return bytes(etree.tostring(_drawn(issue), xml_declaration=True, encoding="utf-8")) + b"\n"


def page_of(issue: Issue) -> bytes:
    """The cover as the first page."""
    root, body = page(one_line(issue.title))
    node = child(body, "section", {f"{{{OPS}}}type": "cover", "class": "cover"})
    node.append(_drawn(issue))
    return written(root)


def _drawn(issue: Issue) -> Any:
    root = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG})
    label = f"{one_line(issue.site_title)}, {one_line(issue.title)}, issue {issue.period}"
    for name, value in (("viewBox", f"0 0 {_WIDTH} {_HEIGHT}"), ("role", "img"), ("aria-label", clean(label))):
        root.set(name, value)
    _box(root, 0, _HEIGHT, "#fffdf8")
    _box(root, 0, 16, issue.house.accent)
    top = 120 + _logo(root, issue.house.logo)
    _line(root, issue, one_line(issue.house.name or issue.site_title), top=top, size=24, font=_SANS)
    lines = wrapped(one_line(issue.title), limit=_COLUMNS)
    for at, line in enumerate(lines[:_LINES]):
        _line(root, issue, line, top=top + 90 + at * 56, size=_SIZE, font=_SERIF)
    _line(root, issue, issue.period, top=_HEIGHT - 110, size=26, font=_SANS, ours=True)
    _line(root, issue, period_words(issue.first, issue.last), top=_HEIGHT - 70, size=22, font=_SANS, ours=True)
    return root


def _box(root: Any, top: int, height: int, colour: str) -> None:
    box = {"x": "0", "y": str(top), "width": str(_WIDTH), "height": str(height), "fill": colour}
    etree.SubElement(root, f"{{{SVG}}}rect", box)


def _line(root: Any, issue: Issue, said: str, *, top: int, size: int, font: str, ours: bool = False) -> None:
    """One line; in a script that runs to the left it begins at the right."""
    turned = not ours and right_to_left(issue.language)
    node = etree.SubElement(root, f"{{{SVG}}}text")
    node.set("x", str(_WIDTH - _MARGIN if turned else _MARGIN))
    node.set("y", str(top))
    node.set("font-family", font)
    node.set("font-size", str(size))
    node.set("fill", "#1b1b1b")
    if not ours and (language := tongue(issue.language)):
        node.set("lang", language)
    if turned:
        node.set("direction", "rtl")
    node.text = clean(said)


def _logo(root: Any, logo: str) -> int:
    """Put the logo at the head; how much room it takes."""
    if not logo:
        return 0
    try:
        drawn = etree.fromstring(logo.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:  # the configuration refuses such a file; an old log may hold one
        return 0
    if "viewBox" not in drawn.attrib and {"width", "height"} <= set(drawn.attrib):
        drawn.set("viewBox", f"0 0 {drawn.get('width')} {drawn.get('height')}")
    for name, value in (("x", _MARGIN), ("y", 72), ("width", _WIDTH - 2 * _MARGIN), ("height", _LOGO)):
        drawn.set(name, str(value))
    drawn.set("preserveAspectRatio", "xMinYMid meet")
    root.append(drawn)
    return _LOGO
