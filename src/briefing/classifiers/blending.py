"""How the phrases and what was learnt come to one answer.

Two forms, each with the weights that did best in the measurements in docs/topics.md: one topic for every text, as
benchmarks want it, and any number of topics, where phrases have the last word until answers outvote them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.classifiers.panel import turned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefing.classifiers.panel import Vote

_CEILING = 6  # of the phrases' score: more of the same says nothing more
_HIT = 0.3
_TURNED = 1.5
_ALIKE = 0.4  # in the place of the last where nearness is a matter of common pieces of words
_WORDED = 0.5  # what was learnt of wording alone, for it is right less often than phrases are
_WORDING = 0.5
_RULES = 2.0
NEAR = 0.3
"""The cosine from which on a text is near a topic by itself."""
_ALONE = 4.0
"""How fast nearness turns into an answer where no phrase can be found: at NEAR it says neither."""


def best(scores: Mapping[str, int], votes: Mapping[str, Vote], *, meant: bool) -> str:
    """The topic that a text belongs to most, whatever it is.

    `scores` are those of the phrases; `meant` says that nearness is that of an encoder. What was learnt counts by how
    far it stands above the other topics, so that it does not matter how sure of itself a regression is.
    """
    configured = _TURNED if meant else _ALIKE
    trust = sum(vote.trust for vote in votes.values()) / max(1, len(votes))
    sure = trust if meant else _WORDED * trust
    learnt = dict(zip(votes, turned([_learnt(vote) for vote in votes.values()]), strict=True))

    def value(topic: str) -> float:
        near = (1 - trust) * configured * votes[topic].turned
        return round(sure * learnt[topic] + near + _HIT * min(scores.get(topic, 0), _CEILING), 4)

    return max(votes, key=value)


def _learnt(vote: Vote) -> float:
    """Meaning, and wording where it knows the language: it adds less, and says nothing by itself of other languages."""
    if vote.meaning is None:
        return vote.wording or 0.0
    return vote.meaning + _WORDING * (vote.wording or 0.0)


def margin(phrases: float, vote: Vote) -> float:
    """Above 0 where a text belongs to a topic. `phrases` is 1 where one stands in the text, -1 where none does."""
    weight = _RULES * ((1 - vote.trust) + 0.5)
    return round(vote.trust * vote.learnt() + weight * phrases, 3)


def by_nearness(vote: Vote) -> float:
    """What stands in for the phrases of a topic that has none in a text's language, from -1 to 1."""
    return max(-1.0, min(1.0, _ALONE * (vote.near - NEAR)))
