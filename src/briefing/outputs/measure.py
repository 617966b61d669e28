"""How wide a text is set, without the font at hand: an upper estimate by the kind of each letter. Pure.

The figures are advance widths in thousandths of the type size, at least those of the sans-serif faces that pages name
(Noto Sans, Liberation Sans, Helvetica, Arial).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_NARROW = dict.fromkeys("iljI.,:;'|!`·", 300) | dict.fromkeys('ftr()[]{}/\\ -"*', 400)
_BROAD = dict.fromkeys("MWmw@%ЖШЩЮФЫЪжшщюфыъмМ—…", 960)
_SMALL, _CAPITAL, _WIDE = 620, 760, 1000
ELLIPSIS = "…"


@lru_cache(maxsize=4096)
def _advance(sign: str) -> int:
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.east_asian_width(sign) in {"W", "F"}:
        return _WIDE
    held = _NARROW.get(sign) or _BROAD.get(sign)
    if held is not None:
        return held
    if sign.isupper():
        return _CAPITAL
    return _SMALL if sign.islower() or sign.isdigit() or sign.isascii() else _WIDE


def extent(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line set in a size; bold is a twelfth wider. In the unit of the size."""
    return sum(map(_advance, text)) * size / 1000 * (13 / 12 if bold else 1)


def fitted(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """A line cut so that it is no wider than `room`, its end marked with an ellipsis; at a word where one is near."""
    if extent(text, size, bold=bold) <= room:
        return text
    head = _head(text, size, room - extent(ELLIPSIS, size, bold=bold), bold=bold)
    return head.rstrip(" ,;:-–") + ELLIPSIS


def folded(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """A text on one line or two, neither wider than `room`; the second is cut where even it is too long."""
    if extent(text, size, bold=bold) <= room:
        return [text]
    first = _head(text, size, room, bold=bold)
    return [first.rstrip(), fitted(text[len(first) :].lstrip(), size, room, bold=bold)]


def _head(text: str, size: float, room: float, *, bold: bool) -> str:
    """As much of the beginning of a text as fits, up to the end of a word where one is near; no mark is cut off."""
    end, taken = 0, 0.0
    while end < len(text) and (taken := taken + extent(text[end], size, bold=bold)) <= room:
        end += 1
    if text[end : end + 1].isspace():
        return text[:end]
    word, gap, _ = text[:end].rpartition(" ")
    return word if gap and len(word) * 2 >= end else text[:end]
