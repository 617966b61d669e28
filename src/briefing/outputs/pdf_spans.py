"""Texts on their way to the typesetter: as spans that say what each piece is, never as markup.

A span is a JSON object: `t` its text, `l` its language, `r` that it runs from right to left, `g` that it stands for
what no font has, `m` its mark (as `blocks.Mark`), `u` the address it leads to, `p` the place in this document.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, TypedDict

from briefing.outputs import glyphs
from briefing.outputs.blocks import Run
from briefing.outputs.wording import right_to_left
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

_TAG = re.compile(r"[a-z]{2,3}")
_LONG = re.compile(r"[^\s\u2e80-\uffef]{30,}")
_STEP = re.compile(r"(.{24})")
_BREAK = "\u200b"
_PLAIN = {"t"}
_LEFT_OUT = frozenset({"Mn", "Me", "Cf"})  # of a picture: marks above and below letters, signs that show nothing

_HEBREW = 0x590  # where scripts begin that run from right to left
_EASTERN = range(0x1E00, 0xA000), range(0xAC00, 0xD7A4), range(0xF900, 0xFB00), range(0xFE30, 0xFFF0)


class Span(TypedDict, total=False):
    """See the module."""

    t: str
    l: str  # noqa: E741 - a key of the template's
    r: bool
    g: bool
    m: str
    u: str
    p: str


Spans = list[Span]


class Writer:
    """Makes spans of runs, and remembers which scripts had no glyphs, with the numbers of the items they are of.

    `known` are the code points that can be printed, `undrawn` those of them that a picture refused, `places` what can
    be pointed to; `number` is that of the item that is being written, 0 for none.
    """

    def __init__(self, known: frozenset[int], places: Container[str], undrawn: frozenset[int] = frozenset()) -> None:
        self._known = known
        self._drawn = frozenset(filter(simple, known)) - undrawn
        self._places = places
        self.number = 0
        self.missing: dict[str, set[int]] = {}

    def spans(self, runs: Iterable[Run]) -> Spans:
        """Runs as spans; what is set alike is one."""
        found: Spans = []
        for span in (span for run in runs for span in self._run(run)):
            if found and span.keys() == _PLAIN == found[-1].keys():
                found[-1]["t"] += span["t"]
            else:
                found.append(span)
        return found

    def said(self, text: str, language: str = "") -> Spans:
        """A text as spans."""
        return self.spans((Run(one_line(text), language),))

    def plain(self, text: str) -> str:
        """A text where no spans can stand: among the document's properties."""
        return "".join(piece.text for piece in self._pieces(one_line(text)))

    def drawn(self, text: str) -> str:
        """A text in a picture, where only letters can be set that stand for themselves; the table behind has all.

        Marks that cannot be joined with their letter (NFC) are left out: the typesetter refuses a file for one.
        """
        joined = unicodedata.normalize("NFC", one_line(text))
        letters = "".join(sign for sign in joined if unicodedata.category(sign) not in _LEFT_OUT)
        return "".join(piece.text for piece in glyphs.pieces(letters, self._drawn))

    def _run(self, run: Run) -> Iterable[Span]:
        for piece in self._pieces(clean(run.text)):
            span = Span(t=piece.text if piece.script or run.mark == "code" else _softened(piece.text))
            if piece.script:
                span["g"] = True
            elif run.language:
                _speak(span, run.language)
            if run.mark:
                span["m"] = run.mark
            if run.target.startswith("#"):
                if run.target[1:] in self._places:
                    span["p"] = run.target[1:]
            elif run.target:
                span["u"] = run.target
            yield span

    def _pieces(self, text: str) -> tuple[glyphs.Piece, ...]:
        found = glyphs.pieces(text, self._known)
        for piece in found:
            if piece.script:
                self.missing.setdefault(piece.script, set()).add(self.number)
        return found


def simple(code: int) -> bool:
    """Whether a character is of a script whose letters are not joined, stacked or turned: European and East Asian."""
    return code < _HEBREW or any(code in block for block in _EASTERN)


def _speak(span: Span, language: str) -> None:
    """Mark a span with a language that the typesetter takes."""
    primary = language.partition("-")[0].lower()
    if _TAG.fullmatch(primary) and primary != "und":
        span["l"] = language
        if right_to_left(language):
            span["r"] = True


def _softened(text: str) -> str:
    """With places to break in words longer than a line may hold: none is cut off at the edge of the paper."""
    return _LONG.sub(lambda found: _STEP.sub(rf"\1{_BREAK}", found[0]), text)
