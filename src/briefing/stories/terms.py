"""The terms of a text: its words, and the runs of four letters they are made of, under numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from briefing.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\u0e00-\u0e7f々ー]+|[^\W_\u0e00-\u0e7f]+")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3々ー]")
_HIRAGANA = re.compile(r"[\u3040-\u309f]+")
_GRAM = 4
# Words that tell of no event, in the languages in which most is published here.
_EMPTY = frozenset(
    """a an the and or but if of to in on at by for from with without into onto over under after before about as is are
    was were be been being has have had do does did will would can could may might shall should must not no it its this
    that these those he she they we you i his her their our your my who what which when where how why than then there
    here so too also more most new says said say after amid up out off per via vs between against during while all
    и в во не на с со к ко по из за от до о об у а но что как это этот эта эти его ее их мы вы он она они для при так же
    то бы был была были быть или если под над без через после перед между также более мне нас вам
    der die das den dem des ein eine einer eines einem einen und oder aber von zu zum zur im in an am auf mit für bei
    nach aus über unter vor ist sind war waren wird werden hat haben nicht auch als wie sich es er sie wir ihr
    le la les l un une des du de d et ou mais en au aux sur pour par avec sans dans ce cette ces il elle ils elles est
    sont a ont été sera qui que dont où se sa son ses leur leurs plus ne pas
    el los las lo unos unas y o pero del al con sin por para es son fue fueron ha han será su sus este esta estos más
    """.split()  # noqa: SIM905 - a table of words reads better so
)


class Terms:
    """Numbers for words and for the runs of letters in them; each word is taken apart once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._grams: dict[int, tuple[int, ...]] = {}

    def words(self, text: str) -> list[int]:
        """The numbers of the words of a text in order, those left out that tell of nothing.

        Scripts without spaces count in pairs of signs.
        """
        return [number for word in _words(fold(text)) if (number := self._number(word)) >= 0]

    def grams(self, word: int) -> tuple[int, ...]:
        """The numbers of a word's runs of letters."""
        return self._grams[word]

    def __len__(self) -> int:
        """How many numbers were given."""
        return len(self._numbers)

    def _number(self, word: str) -> int:
        number = self._numbers.get(word)
        if number is None:
            number = -1 if word in _EMPTY else len(self._numbers)
            self._numbers[word] = number
            if number >= 0:
                self._grams[number] = tuple(dict.fromkeys(self._gram(gram) for gram in _grams(word)))
        return number

    def _gram(self, gram: str) -> int:
        return self._numbers.setdefault(f"/{gram}", len(self._numbers))


def _words(folded: str) -> Iterator[str]:
    for run in _RUN.findall(folded):
        if _UNSPACED.match(run):
            yield from _pairs(run)
        else:
            yield run


def _pairs(run: str) -> Iterator[str]:
    """Pairs of signs, but those of hiragana alone: they are endings and particles."""
    if len(run) == 1:
        return
    for start in range(len(run) - 1):
        pair = run[start : start + 2]
        if not _HIRAGANA.fullmatch(pair):
            yield pair


def _grams(word: str) -> Iterator[str]:
    if _UNSPACED.match(word):
        yield word
        return
    padded = f" {word} "
    for start in range(max(1, len(padded) - _GRAM + 1)):
        yield padded[start : start + _GRAM]
