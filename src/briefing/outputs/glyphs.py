"""Characters that no font of ours has a glyph for: found before they are printed, and named instead.

A typesetter prints an empty box for them and says nothing. Here a stretch of letters becomes a word on its script and
its length, a single sign its code point, so that a reader knows what is missing. Pure.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

_SCRIPTS = {"CJK": "Chinese characters", "HANGUL": "Hangul", "NKO": "N’Ko"}
_MOST = 0.1  # of the letters of a script: where more have no glyph, what is left of its words could not be read
_LISTED = 4  # signs that are named one by one
_SIGNS = "signs"
_SELECTORS = range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)


class Piece(NamedTuple):
    """A stretch of a text: as it is, or with `script` what stands for characters of that script without glyphs."""

    text: str
    script: str = ""


def pieces(text: str, known: Container[int]) -> tuple[Piece, ...]:
    """A text in stretches that can be printed in fonts with these characters (code points)."""
    if all(map(known.__contains__, map(ord, text))):
        return (Piece(text),) if text else ()
    text = _printable(text, known)
    marks = _marks(text, known)
    found = []
    for script, held in groupby(zip(marks, text, strict=True), key=lambda pair: pair[0]):
        stretch = "".join(sign for _, sign in held)
        found.append(_named(stretch, script) if script else Piece(stretch))
    return tuple(found)


def _printable(text: str, known: Container[int]) -> str:
    """Without the signs that show nothing, and with the plain form of letters that are dressed otherwise (NFKC)."""
    kept = []
    for sign in text:
        if ord(sign) in known:
            kept.append(sign)
        elif unicodedata.category(sign) == "Cf" or any(ord(sign) in selectors for selectors in _SELECTORS):
            continue
        else:
            alike = unicodedata.normalize("NFKC", sign)
            kept.append(alike if all(ord(one) in known for one in alike) else sign)
    return "".join(kept)


def _marks(text: str, known: Container[int]) -> list[str]:
    """For each sign of a text the script that stands in its place; empty where it can be printed."""
    scripts = [_script(sign) for sign in text]
    every, missing = Counter(scripts), Counter(map(_script, (sign for sign in text if ord(sign) not in known)))
    lost = {one for one, count in missing.items() if one not in ("", _SIGNS) and count > _MOST * every[one]}
    marks = []
    for sign, script in zip(text, scripts, strict=True):
        if ord(sign) in known:
            marks.append(script if script in lost else "")
        else:
            own = script or _first_word(sign)
            marks.append(own if own in lost else _SIGNS)
        if not marks[-1] and len(marks) > 1 and marks[-2] not in ("", _SIGNS) and _closes(sign):
            marks[-1] = marks[-2]
    return list(_joined(marks, scripts))


def _closes(sign: str) -> bool:
    """Whether a sign ends what stands before it and belongs to it; quotation marks are those of the quotation."""
    return unicodedata.category(sign) in ("Pe", "Po") and sign not in "」』\"'"


def _joined(marks: list[str], scripts: list[str]) -> Iterator[str]:
    """Spaces, points and figures between two stretches of one script go with them."""
    place = 0
    while place < len(marks):
        yield marks[place]
        after = place + 1
        if marks[place] and not (after < len(marks) and marks[after]):
            while after < len(marks) and not marks[after] and scripts[after] in ("", _SIGNS):
                after += 1
            if after < len(marks) and marks[after] == marks[place]:
                yield from [marks[place]] * (after - place - 1)
                place = after
                continue
        place += 1


@lru_cache(maxsize=4096)
def _script(sign: str) -> str:
    """The script of a letter in words, `signs` for pictures and the like, empty for what stands with all scripts."""
    category = unicodedata.category(sign)
    if category[0] not in "LM":
        return _SIGNS if category in ("So", "Co", "Cn", "Sm", "Sk") else ""
    return _first_word(sign) or _SIGNS


def _first_word(sign: str) -> str:
    """The first word of a sign's name (Unicode Standard, section 4.8): for letters and their points the script."""
    first = unicodedata.name(sign, "").split(" ")[0].split("-")[0]
    return _SCRIPTS.get(first, first.capitalize())


def _named(stretch: str, script: str) -> Piece:
    letters = [sign for sign in stretch if _script(sign) == script] or list(stretch.strip())
    if script != _SIGNS:
        return Piece(f"[{script}: {len(letters)}]", script)
    points = " ".join(f"U+{ord(sign):04X}" for sign in letters)
    return Piece(f"[{points}]" if len(letters) <= _LISTED else f"[{len(letters)} {_SIGNS}]", script)
