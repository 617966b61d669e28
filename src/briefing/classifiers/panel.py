"""What was learnt from people's answers, as voices beside the phrases: wording, meaning, nearness to the topic."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, NamedTuple

from briefing.classifiers import grams, logistic
from briefing.classifiers.nearness import Likeness, Meaning

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefing.classifiers.logistic import Line
    from briefing.classifiers.meaning import Points
    from briefing.classifiers.nearness import NearNumbers
    from briefing.classifiers.texts import Sample, Text
    from briefing.encoders import Encoder, Vectors
    from briefing.model import Topic

# To be raised with every change that makes another model of the same answers.
VERSION = 1

_WORDS, _POINTS = 10.0, 10.0  # what a mistake costs, in the one and in the other regression
_TRUST = 10  # answers of either kind at which what is learnt counts as much as what is configured


_DIGITS = 4
_SOME = 20  # texts, from which on an n-gram of only one of them is not learnt


class Vote(NamedTuple):
    """What is said of one text and one topic.

    `near` is the cosine between them; `turned` how far that stands above the text's other topics, in standard
    deviations; `meaning` and `wording` are log odds, None where there is nothing to say: no encoder, no text of this
    language learnt from. `trust` from 0 to 1 grows with the answers, and is 0 where both are None.
    """

    near: float = 0.0
    turned: float = 0.0
    meaning: float | None = None
    wording: float | None = None
    trust: float = 0.0

    def learnt(self) -> float:
        """What meaning and wording say together; one alone speaks for both."""
        if self.meaning is None:
            return 2 * (self.wording or 0.0)
        return self.meaning + self.wording if self.wording is not None else 2 * self.meaning


class Learnt(NamedTuple):
    """One topic's model: `yes` and `no` count the answers; the lines are missing where there was only one kind.

    `languages` are those of the texts that it was learnt from.
    """

    yes: int
    no: int
    wording: Line | None
    meaning: tuple[Points, float] | None
    languages: frozenset[str] = frozenset()

    @property
    def trust(self) -> float:
        """How much it counts: by the fewer of its two kinds of answers."""
        fewer = min(self.yes, self.no)
        return fewer / (fewer + _TRUST) if self.wording is not None else 0.0


class Panel:
    """All topics' models. Without an encoder meaning is silent, and nearness a matter of common pieces of words."""

    def __init__(
        self,
        topics: Sequence[Topic],
        near: Likeness | Meaning,
        weights: grams.Weights,
        learnt: Mapping[str, Learnt],
    ) -> None:
        """`near` says how near texts are to topics, `weights` which pieces of words were learnt from."""
        self._topics = tuple(topics)
        self._near = near
        self.weights = weights
        self.learnt = dict(learnt)
        lines = {topic: one.wording for topic, one in self.learnt.items() if one.wording is not None}
        self._all = logistic.Lines.of(lines)

    @classmethod
    def learn(
        cls,
        topics: Sequence[Topic],
        samples: Sequence[Sample],
        stream: Sequence[Text],
        *,
        encoder: Encoder | None = None,
        vectors: Vectors | None = None,
        told: Vectors | None = None,
    ) -> Panel:
        """Learn from samples. `stream` are texts such as will be judged: they say what is common.

        `vectors` are theirs, `told` those of the samples, where they are known.
        """
        near = Likeness(topics, stream) if encoder is None else Meaning.of_texts(topics, encoder, stream, vectors)
        counted = [grams.grams(sample.text.whole, sample.text.language) for sample in samples]
        weights = grams.Weights(counted, 2 if len(counted) >= _SOME else 1)
        rows = [weights.row(one) for one in counted]
        points = near.points([sample.text for sample in samples], told) if samples else None
        learnt = {str(topic.id): _learn(topic.id, samples, rows, points, size=len(weights)) for topic in topics}
        return cls(topics, near, weights, learnt)

    def near_numbers(self) -> NearNumbers | None:
        """What nearness is worked out from, where that is not the texts at hand."""
        return self._near.kept() if isinstance(self._near, Meaning) else None

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of what was learnt of each topic of which something was."""
        return {topic: _hash(one, self.weights) for topic, one in self.learnt.items() if one.wording is not None}

    def votes(self, texts: Sequence[Text], vectors: Vectors | None = None) -> list[dict[str, Vote]]:
        """What is said of each text and each topic; `vectors` are the texts' where they are known."""
        if not texts:
            return []
        points = self._near.points(texts, vectors)
        near = self._near.near(texts, points)
        return [
            self._one(text, row, None if points is None else points[at])
            for at, (text, row) in enumerate(zip(texts, near, strict=True))
        ]

    def _one(self, text: Text, near: list[float], point: Points | None) -> dict[str, Vote]:
        others = turned(near)
        worded = self._said(text)
        votes: dict[str, Vote] = {}
        for at, topic in enumerate(self._topics):
            learnt = self.learnt[topic.id]
            meaning = wording = None
            if learnt.meaning is not None and point is not None:
                meaning = round(float(point @ learnt.meaning[0]) + learnt.meaning[1], _DIGITS)
            if topic.id in worded:
                wording = round(worded[topic.id], _DIGITS)
            trust = 0.0 if meaning is None and wording is None else learnt.trust
            votes[topic.id] = Vote(round(near[at], _DIGITS), round(others[at], _DIGITS), meaning, wording, trust)
        return votes

    def _said(self, text: Text) -> dict[str, float]:
        """What the wording of a text says of each topic that was learnt from texts of its language."""
        lines = {
            topic: one.wording
            for topic, one in self.learnt.items()
            if one.wording is not None and text.language in one.languages
        }
        if not lines:
            return {}
        row = self.weights.row(grams.grams(text.whole, text.language))
        if self._all is None:
            return {topic: line.value(row) for topic, line in lines.items()}
        found = self._all.values_of(row)
        return {topic: found[topic] for topic in lines}

    def telling(self, topic: str, piece: Text) -> float:
        """How much the wording of a piece of text speaks for a topic; 0 where nothing was learnt."""
        learnt = self.learnt[topic]
        if learnt.wording is None:
            return 0.0
        row = self.weights.row(grams.grams(piece.whole, piece.language))
        return round(grams.product(row, learnt.wording.weights), 4)


def _learn(topic: str, samples: Sequence[Sample], rows: list[grams.Row], points: Points | None, *, size: int) -> Learnt:
    told = [at for at, sample in enumerate(samples) if topic in sample.answers]
    answers = [samples[at].answers[topic] for at in told]
    yes = sum(answers)
    if not 0 < yes < len(answers):
        return Learnt(yes, len(answers) - yes, None, None)
    wording = logistic.fit_rows([rows[at] for at in told], answers, size, _WORDS)
    meaning = logistic.fit_points(points[told], answers, _POINTS) if points is not None else None
    languages = frozenset(samples[at].text.language for at in told)
    return Learnt(yes, len(answers) - yes, wording, meaning, languages)


def turned(near: Sequence[float]) -> list[float]:
    """Values as standard deviations above their mean."""
    if len(near) < 2:  # noqa: PLR2004 - one alone stands above nothing
        return [0.0] * len(near)
    mean = math.fsum(near) / len(near)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in near) / len(near))
    return [(value - mean) / spread if spread > _NOTHING else 0.0 for value in near]


_NOTHING = 1e-9


def _hash(learnt: Learnt, weights: grams.Weights) -> str:
    hashed = hashlib.sha256()
    assert learnt.wording is not None
    for gram, weight in zip(weights.places, learnt.wording.weights, strict=True):
        if weight:
            hashed.update(f"{gram}\0{weight:.4f}\n".encode())
    hashed.update(f"{learnt.wording.bias:.4f}\n".encode())
    if learnt.meaning is not None:
        points, bias = learnt.meaning
        hashed.update(" ".join(f"{weight + 0.0:.2f}" for weight in (*points.tolist(), bias)).encode())
    return hashed.hexdigest()
