"""Texts and topics as points of an encoder: where the middle of each language lies, and how near a text is to a topic.

An encoder puts the texts of one language closer together than those that mean alike. So the mean of a language is taken
from all its points before anything is compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from briefing.classifiers.texts import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from briefing.encoders import Encoder, Vectors
    from briefing.model import Topic

    Points = NDArray[np.float64]

_HELD = 10  # texts of all languages that a language's mean is held to, so that few texts do not make it
_FEW = 4  # topics; the mean of fewer says more about them than about what topics have in common
_DIGITS = 6


class Middles:
    """The mean point of each language, and of all."""

    def __init__(self, whole: Points, of: Mapping[str, Points]) -> None:
        """`whole` is that of all, `of` those of languages."""
        self._all = whole
        self._of = dict(of)

    @classmethod
    def of_texts(cls, vectors: Vectors, languages: Sequence[str]) -> Middles:
        """The middles of these points."""
        rows = vectors.astype(np.float64)
        whole: Points = np.round(rows.mean(axis=0), _DIGITS) if len(rows) else np.zeros(rows.shape[1])
        found: dict[str, Points] = {}
        for language in dict.fromkeys(languages):
            own = rows[[one == language for one in languages]]
            mean = (own.sum(axis=0) + _HELD * whole) / (len(own) + _HELD)
            found[language] = np.round(mean, _DIGITS)
        return cls(whole, found)

    def rows(self) -> tuple[list[str], Points]:
        """The languages, and the middle of all above theirs, one a row."""
        return list(self._of), np.vstack([self._all, *self._of.values()])

    def placed(self, vectors: Vectors, languages: Sequence[str]) -> Points:
        """Points as seen from the middle of their language, of unit length."""
        rows = vectors.astype(np.float64)
        for row, language in zip(rows, languages, strict=True):
            row -= self._of.get(language, self._all)
        return unit(rows)


def unit(rows: Points) -> Points:
    """Rows brought to length 1."""
    lengths: Points = np.linalg.norm(rows, axis=-1, keepdims=True)
    return rows / np.maximum(lengths, 1e-9)


def topic_points(topics: Sequence[Topic], encoder: Encoder) -> Points:
    """Where topics lie: the mean of their phrases in all languages, of name and description, of unit length.

    Seen from the middle of all topics where there are some; of few, from nowhere: then from the texts' own middle.
    """
    said = [[topic.name, *([topic.description] if topic.description else []), *spoken(topic)] for topic in topics]
    known = encoder.encode([words for listed in said for words in listed]).astype(np.float64)
    ends = np.cumsum([len(listed) for listed in said])
    means = [known[end - len(listed) : end].mean(axis=0) for listed, end in zip(said, ends, strict=True)]
    rows: Points = np.vstack(means) if means else np.zeros((0, encoder.dimension))
    if len(rows) >= _FEW:
        rows = rows - rows.mean(axis=0)
    return unit(rows)
