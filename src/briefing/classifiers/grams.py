"""Pieces of words as features: character n-grams, weighed by how rare they are (TF-IDF), as sparse rows.

Pure Python on purpose: without any extra, and with the same result on every machine.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from briefing.classifiers.folding import folded
from briefing.text import UNSPACED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

READ = 1200
"""Characters of title and text together that are looked at: what a policy text is about, it says at its beginning."""
_SPACED = (3, 5)
_UNSPACED = (1, 3)


class Row(NamedTuple):
    """A sparse vector: the places of what is not 0, and the values there."""

    places: list[int]
    values: list[float]


def grams(text: str, language: str) -> Counter[str]:
    """The n-grams of a text with how often they occur: of 3 to 5 characters, of 1 to 3 in scripts without spaces.

    Words are bounded by spaces, so that beginnings and endings differ from what stands inside.
    """
    line = f" {folded(text[:READ]).strip()} "
    low, high = _UNSPACED if language in UNSPACED else _SPACED
    counted: Counter[str] = Counter()
    for size in range(low, high + 1):
        counted.update([line[start : start + size] for start in range(len(line) - size + 1)])
    for blank in (" ", "  "):
        counted.pop(blank, None)
    return counted


class Weights:
    """Which n-grams count, and how much: learnt from a set of texts."""

    def __init__(self, counted: Sequence[Counter[str]], least: int = 1) -> None:
        """Only n-grams that stand in at least so many texts count: one of a single text tells nothing of others."""
        found: Counter[str] = Counter()
        for one in counted:
            found.update(one.keys())
        kept = [gram for gram, texts in found.items() if texts >= least]
        self.places = {gram: place for place, gram in enumerate(kept)}
        self.rare = [math.log((1 + len(counted)) / (1 + found[gram])) + 1 for gram in kept]

    @classmethod
    def of(cls, grams: Sequence[str], rare: list[float]) -> Weights:
        """What was learnt before: n-grams, and how much each of them counts."""
        made = cls(())
        made.places = {gram: place for place, gram in enumerate(grams)}
        made.rare = rare
        return made

    def __len__(self) -> int:
        return len(self.rare)

    def row(self, counted: Counter[str]) -> Row:
        """A text as a row of length 1; of length 0 where it has nothing in common with what was learnt from."""
        places, values = [], []
        for gram, times in counted.items():
            if (place := self.places.get(gram)) is not None:
                places.append(place)
                values.append((1 + math.log(times) if times > 1 else 1.0) * self.rare[place])
        length = math.sqrt(math.fsum(value * value for value in values))
        return Row(places, [value / length for value in values] if length else values)


def product(row: Row, weights: Sequence[float]) -> float:
    """The product of a row with a whole vector."""
    return sum(map(float.__mul__, row.values, map(weights.__getitem__, row.places)))


def add(weights: list[float], row: Row, times: float) -> None:
    """Add a multiple of a row to a whole vector."""
    for place, value in zip(row.places, row.values, strict=True):
        weights[place] += times * value


def total(rows: Iterable[Row], size: int) -> list[float]:
    """The sum of rows, as a whole vector."""
    summed = [0.0] * size
    for row in rows:
        add(summed, row, 1.0)
    return summed
