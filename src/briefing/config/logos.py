"""A logo: an SVG file made safe to stand in any page.

What could run, load or style anything beyond the drawing is refused, by its name and line; what only drawing programs
leave for themselves is dropped. Ids get a prefix, so that they meet no others on a page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT = 64 * 1024

_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_DRAWN = """
    svg g defs path rect circle ellipse line polyline polygon text tspan title desc linearGradient radialGradient stop
    clipPath mask symbol use
    """.split()  # noqa: SIM905 - words are read more easily than a list of quoted ones
_REFUSED = """
    script foreignObject image a style animate animateMotion animateTransform set iframe
    """.split()  # noqa: SIM905 - words are read more easily than a list of quoted ones
_SAID = """
    viewBox preserveAspectRatio x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy width height d points transform pathLength
    gradientUnits gradientTransform spreadMethod offset clipPathUnits maskUnits maskContentUnits textLength lengthAdjust
    fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit
    stroke-dasharray stroke-dashoffset opacity color stop-color stop-opacity clip-path clip-rule mask display visibility
    font-family font-size font-weight font-style text-anchor letter-spacing vector-effect
    """.split()  # noqa: SIM905 - words are read more easily than a list of quoted ones
_WITHIN = re.compile(r"url\(\s*['\"]?#([\w.:-]+)['\"]?\s*\)")
_PREFIX = "logo-"
_LENGTH = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:px)?")


def read(path: Path) -> str:
    """The logo of a file, as an SVG element without size, hidden from screen readers: its name stands beside it.

    Raises:
        ValueError: it is missing, too large, no SVG, or holds what has no place in a page; the reason as a sentence.
    """
    try:
        body = path.read_bytes()
    except OSError:
        raise ValueError("there is no such file beside this one") from None
    if len(body) > LIMIT:
        raise ValueError(f"the file has {len(body):,} bytes, and a logo may have {LIMIT:,}: simplify it")
    return safe(body)


def safe(body: bytes) -> str:
    """An SVG file as one safe element; see `read`."""
    from lxml import etree  # noqa: PLC0415 - few configurations have a logo

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"this is no SVG file: {error.msg}") from None
    if root.getroottree().docinfo.doctype:
        raise ValueError("a document type has no place in a logo: take the line out that begins with <!DOCTYPE")
    if root.tag != f"{_SVG}svg":
        raise ValueError("this is no SVG file: its first element is not svg")
    made = etree.Element(f"{_SVG}svg", nsmap={None: _SVG[1:-1]})
    _copy(root, made, etree)
    made.set("viewBox", _frame(root))
    for name in ("width", "height", "x", "y"):
        made.attrib.pop(name, None)
    made.set("aria-hidden", "true")
    made.set("focusable", "false")
    return str(etree.tostring(made, encoding="unicode"))


def _copy(source: Any, target: Any, etree: Any) -> None:
    for name, value in _attributes(source):
        target.set(name, value)
    target.text = _text(source.text)
    for child in source:
        name = child.tag.removeprefix(_SVG) if isinstance(child.tag, str) else "an entity"
        if name in _REFUSED or not isinstance(child.tag, str):
            raise ValueError(f"line {child.sourceline} holds {name}, which has no place in a logo: take it out")
        if name in _DRAWN:  # what is left are notes of drawing programs
            _copy(child, etree.SubElement(target, f"{_SVG}{name}"), etree)
            target[-1].tail = _text(child.tail)


def _attributes(element: Any) -> Iterator[tuple[str, str]]:
    """The attributes that draw; a style is taken apart into them."""
    for name, value in sorted(element.attrib.items()):
        if name == "style":
            pairs = (said.partition(":") for said in value.split(";"))
            yield from ((key.strip(), _value(element, text)) for key, _, text in pairs if key.strip() in _SAID)
        elif name in (_LINK, "href"):
            if not value.startswith("#"):
                raise ValueError(f"line {element.sourceline} points outside of the file ({value[:60]}): take it out")
            yield "href", f"#{_PREFIX}{value[1:]}"
        elif name.lower().startswith("on"):
            raise ValueError(f"line {element.sourceline} holds a script ({name}), which has no place in a logo")
        elif name == "id":
            yield "id", _PREFIX + value
        elif name in _SAID:
            yield name, _value(element, value)


def _value(element: Any, value: str) -> str:
    """A value whose references stay within the file."""
    rest = _WITHIN.sub("", value)
    if re.search(r"url\s*\(|[\\@]|expression|javascript:", rest, re.IGNORECASE):
        raise ValueError(f"line {element.sourceline} points outside of the file ({value.strip()[:60]}): take it out")
    return _WITHIN.sub(lambda held: f"url(#{_PREFIX}{held[1]})", value).strip()


def _text(text: str | None) -> str | None:
    return text if text and text.strip() else None


def _frame(root: Any) -> str:
    """The view box, from width and height where none is given."""
    if given := root.get("viewBox"):
        return str(given)
    sizes = [_LENGTH.fullmatch(root.get(name, "").strip()) for name in ("width", "height")]
    if not all(sizes):
        raise ValueError("the svg element has neither a viewBox nor width and height in pixels: give it a viewBox")
    return "0 0 " + " ".join(size[1] for size in sizes if size)
