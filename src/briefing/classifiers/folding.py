"""Folded text and the way back: which characters of the original a stretch of folded text was made from."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache

from briefing.text import fold, foreign_letters

# Letters, not marks, that still combine with what stands before them: vowels and finals of Hangul, one of Kirat Rai.
_JOINING_LETTERS = re.compile("[\u1161-\u1175\u11a8-\u11c2\U00016d67]")


def _bare_letters() -> dict[int, str]:
    """Greek letters by their bare form, and the Turkish `İ` and `ı`: what capitals do not show, or show otherwise."""
    greek = (chr(code) for code in (*range(0x370, 0x400), *range(0x1F00, 0x2000)))
    bare = {ord(sign): unicodedata.normalize("NFD", sign)[0] for sign in greek}
    return {code: base for code, base in bare.items() if base != chr(code)} | {ord("İ"): "i", ord("ı"): "i"}


_BARE = _bare_letters()
_DRESSED = frozenset(map(chr, _BARE))


def folded(text: str) -> str:
    """The form in which phrases are sought: that of `briefing.text.fold`, and capitals like small letters.

    In capitals Greek is written without accents, and `I` is the capital of the Turkish `ı`.
    """
    return fold(_bare(text))


def _bare(text: str) -> str:
    """A text without what capitals do not show; every character keeps its place."""
    return text.translate(_BARE) if not _DRESSED.isdisjoint(foreign_letters(text)) else text


@lru_cache(maxsize=256)
def _plain(others: str) -> re.Pattern[str]:
    """A run of characters each of which folds into exactly one, whatever stands beside it; `others` do not.

    To write out all that do, for every text at once, takes longer than to read a thousand texts.
    """
    return re.compile(rf"(?:[^\s{re.escape(others)}]++|\s(?!\s))++")


@lru_cache(maxsize=16384)
def _folds_alone(sign: str) -> bool:
    return len(fold(sign)) == 1 and not sign.isspace() and not _joins(sign)


@lru_cache(maxsize=4096)
def _joins(sign: str) -> bool:
    """Whether a character may melt into the one before it under NFKC."""
    first = unicodedata.normalize("NFKD", sign)[0]
    return unicodedata.category(first)[0] == "M" or bool(_JOINING_LETTERS.match(first))


class Offsets:
    """The map from the positions of `folded(text)` to those of `text`.

    The text is cut into segments: runs in which every character folds into one, and single clusters (a character
    with the marks that follow it) that grow, shrink or melt together.
    """

    def __init__(self, text: str, length: int = -1) -> None:
        """`length` is that of the folded text where it is known: that alone may tell that each place is its own."""
        self._text = text = _bare(text)
        others = sorted(letter for letter in foreign_letters(text) if not _folds_alone(letter))
        self._starts: list[int] = []  # of each segment in the folded text
        self._spans: list[tuple[int, int, bool]] = []  # of each segment in the original; whether it is a run
        self._length = 0
        self._spaced = False  # the folded text ends in a space so far
        if not others and length == len(text) > 0:  # so no white space melted either
            self._add(0, length, length, run=True)
            return
        self._run = _plain("".join(others))
        position = 0
        while position < len(text):
            end = self._run_end(position)
            if end > position:
                self._add_run(position, end)
            else:
                end = position + 1
                while end < len(text) and _joins(text[end]):
                    end += 1
                self._add_cluster(position, end)
            position = end

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The smallest stretch of the original that holds all of folded[start:end]; the stretch must not be empty."""
        return self._place(start)[0], self._place(end - 1)[1]

    def _place(self, position: int) -> tuple[int, int]:
        index = bisect_right(self._starts, position) - 1
        start, end, run = self._spans[index]
        if not run:
            return start, end
        start += position - self._starts[index]
        return start, start + 1

    def _run_end(self, position: int) -> int:
        found = self._run.match(self._text, position)
        end = found.end() if found else position
        # The last character of a run belongs to the marks that follow it.
        return end - 1 if end < len(self._text) and _joins(self._text[end]) else end

    def _add_run(self, start: int, end: int) -> None:
        if self._spaced and self._text[start].isspace():
            start += 1
        self._add(start, end, end - start, run=True)
        self._spaced = self._text[end - 1].isspace()

    def _add_cluster(self, start: int, end: int) -> None:
        piece = fold(self._text[start:end])
        if self._spaced:
            piece = piece.removeprefix(" ")
        self._add(start, end, len(piece), run=False)
        self._spaced = piece.endswith(" ") if piece else self._spaced

    def _add(self, start: int, end: int, length: int, *, run: bool) -> None:
        if length:
            self._starts.append(self._length)
            self._spans.append((start, end, run))
            self._length += length
