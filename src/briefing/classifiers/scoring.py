"""Precision, recall and F1 (van Rijsbergen, 1979) of topics given against topics wanted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet


class Score(NamedTuple):
    """`right` topics were wanted and given, `given` and `wanted` count all of each."""

    right: int
    given: int
    wanted: int

    @property
    def precision(self) -> float:
        """How many of those given were wanted; 0 where none was given."""
        return self.right / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        """How many of those wanted were given; 0 where none was wanted."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (self.given + self.wanted) if self.right else 0.0


class Scores(NamedTuple):
    """One score a topic; all together (`micro`); and the mean of each figure over topics (`macro`).

    The mean leaves out topics that were neither wanted nor given.
    """

    texts: int
    topics: dict[str, Score]

    @property
    def micro(self) -> Score:
        """All topics as one."""
        return Score(*(sum(column) for column in zip(*self.topics.values(), strict=True))) if self.topics else _NONE

    @property
    def macro(self) -> tuple[float, float, float]:
        """The means of precision, recall and F1."""
        seen = [score for score in self.topics.values() if score.wanted or score.given]
        many = max(1, len(seen))
        return (
            sum(score.precision for score in seen) / many,
            sum(score.recall for score in seen) / many,
            sum(score.f1 for score in seen) / many,
        )


_NONE = Score(0, 0, 0)


def scored(topics: Sequence[str], pairs: Iterable[tuple[AbstractSet[str], AbstractSet[str]]]) -> Scores:
    """The scores of `topics` over texts, each given as what was wanted and what was given."""
    right: Counter[str] = Counter()
    given: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    texts = 0
    for wished, found in pairs:
        texts += 1
        right.update(wished & found)
        given.update(found)
        wanted.update(wished)
    return Scores(texts, {topic: Score(right[topic], given[topic], wanted[topic]) for topic in topics})
