"""Lines of plain text by the columns a terminal or a mail reader gives them. Pure.

Wide characters (UAX 11: W and F) take two columns, combining ones none. Lines break at spaces and between wide
characters, where no closing mark may begin a line and no opening mark end one (the core of JIS X 4051, section 6.1).
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import lru_cache

WIDTH = 65

_NOT_FIRST = frozenset(
    "、。，．・：；？！‐–〜…‥ー）］｝〕〉》」』】〙〗｠’”»ヽヾゝゞ々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ%,.;:!?)]}"
)
_NOT_LAST = frozenset("（［｛〔〈《「『【〘〖｟‘“«([{")
# All but those that forbid a break, and those that part thousands.
_SPACES = re.compile(r"[^\S\u00a0\u202f]+(?!(?<=\d\s)\d{3}(?!\d))")


@lru_cache(maxsize=4096)
def _columns(sign: str) -> int:
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1


def width(text: str) -> int:
    """How many columns a text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def wrapped(text: str, *, first: str = "", rest: str = "", limit: int = WIDTH) -> list[str]:
    """A paragraph as lines of at most `limit` columns; `first` opens the first line, `rest` all others.

    A word that is longer than a line stands whole on one of its own.
    """
    lines: list[str] = []
    line, start = first, True
    for word in _SPACES.split(text.strip()):
        for number, piece in enumerate(_pieces(word)):
            gap = "" if start or number else " "
            if not start and width(line) + width(gap) + width(piece) > limit:
                lines.append(line)
                line, gap = rest, ""
            line += gap + piece
            start = False
    return [*lines, line] if line.strip() else lines


def _pieces(word: str) -> list[str]:
    """What of a word must stay together: everything but wide characters, and these with their marks."""
    if word.isascii():
        return [word]
    pieces = [word[0]]
    for before, sign in itertools.pairwise(word):
        breakable = _columns(sign) == 2 or _columns(before) == 2  # noqa: PLR2004 - two columns: a wide character
        if breakable and sign not in _NOT_FIRST and before not in _NOT_LAST and _columns(sign):
            pieces.append(sign)
        else:
            pieces[-1] += sign
    return pieces
