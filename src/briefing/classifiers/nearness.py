"""How near texts are to topics: in the space of an encoder, or by common pieces of words where there is none."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from briefing.classifiers import grams
from briefing.classifiers.texts import spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from briefing.classifiers.meaning import Middles, Points
    from briefing.classifiers.texts import Text
    from briefing.encoders import Encoder, Vectors
    from briefing.model import Topic


class NearNumbers(NamedTuple):
    """Where the middle of each language lies (that of all first), and each topic; one row each."""

    languages: list[str]
    middles: Points
    topics: Points

    def head(self) -> dict[str, Any]:
        """What the numbers are of."""
        return {"languages": self.languages, "topics": len(self.topics), "dimension": self.middles.shape[1]}

    def numbers(self) -> list[float]:
        """All of them in a row."""
        return [*self.middles.ravel().tolist(), *self.topics.ravel().tolist()]


class Meaning:
    """Nearness in the space of an encoder."""

    def __init__(self, encoder: Encoder, middles: Middles, topics: Points) -> None:
        """`topics` are the points of topics, one a row."""
        self._encoder = encoder
        self._middles = middles
        self._topics = topics

    @classmethod
    def of_texts(
        cls, topics: Sequence[Topic], encoder: Encoder, stream: Sequence[Text], vectors: Vectors | None
    ) -> Meaning:
        """`stream` are texts such as will be judged, `vectors` theirs where they are known."""
        from briefing.classifiers.meaning import Middles, topic_points  # noqa: PLC0415 - numpy belongs to an extra

        known = encoder.encode([text.opening for text in stream]) if vectors is None else vectors
        return cls(encoder, Middles.of_texts(known, [text.language for text in stream]), topic_points(topics, encoder))

    @classmethod
    def of(cls, encoder: Encoder, head: Mapping[str, Any], take: Callable[[int], list[float]]) -> Meaning:
        """From what was kept; see `NearNumbers`. `take` gives so many numbers."""
        import numpy as np  # noqa: PLC0415 - numpy belongs to an extra

        from briefing.classifiers.meaning import Middles  # noqa: PLC0415 - the same

        languages, dimension = head["languages"], head["dimension"]
        middles = np.array(take((1 + len(languages)) * dimension)).reshape(-1, dimension)
        topics = np.array(take(head["topics"] * dimension)).reshape(-1, dimension)
        return cls(encoder, Middles(middles[0], dict(zip(languages, middles[1:], strict=True))), topics)

    def kept(self) -> NearNumbers:
        """What `of` wants."""
        return NearNumbers(*self._middles.rows(), self._topics)

    def points(self, texts: Sequence[Text], vectors: Vectors | None = None) -> Points | None:
        """Texts as seen from the middle of their language."""
        known = self._encoder.encode([text.opening for text in texts]) if vectors is None else vectors
        return self._middles.placed(known, [text.language for text in texts])

    def near(self, texts: Sequence[Text], points: Points | None) -> list[list[float]]:
        """The cosines of texts with each topic."""
        assert points is not None
        found: list[list[float]] = (points @ self._topics.T).tolist() if len(texts) else []
        return found


class Likeness:
    """Nearness by common pieces of words, where there is no encoder: a topic is the sum of its words."""

    def __init__(self, topics: Sequence[Topic], stream: Sequence[Text]) -> None:
        """`stream` are texts such as will be judged: they say what is common."""
        counted: dict[str, list[Counter[str]]] = defaultdict(list)
        for text in stream:
            counted[text.language].append(grams.grams(text.whole, text.language))
        self._weights = {language: grams.Weights(listed) for language, listed in counted.items()}
        self._topics = {language: self._sums(topics, language) for language in self._weights}
        self._count = len(topics)

    def _sums(self, topics: Sequence[Topic], language: str) -> list[list[float]]:
        weights = self._weights[language]
        rows = (weights.row(_worded(topic, language)) for topic in topics)
        return [grams.total([row], len(weights)) for row in rows]

    def points(self, texts: Sequence[Text], vectors: Vectors | None = None) -> Points | None:  # noqa: ARG002 - as beside
        """None: there are no points."""
        return None

    def near(self, texts: Sequence[Text], points: Points | None) -> list[list[float]]:  # noqa: ARG002 - as beside
        """The cosines of texts with each topic."""
        found = []
        for text in texts:
            weights = self._weights.get(text.language)
            row = weights.row(grams.grams(text.whole, text.language)) if weights else grams.Row([], [])
            found.append([grams.product(row, one) for one in self._topics.get(text.language, ())])
        return [row or [0.0] * self._count for row in found]


def _worded(topic: Topic, language: str) -> Counter[str]:
    """A topic's own words in a language; in all, where it has none there."""
    counted: Counter[str] = Counter()
    for words in (topic.name, topic.description, *(spoken(topic, language) or spoken(topic))):
        counted.update(grams.grams(words, language))
    return counted
