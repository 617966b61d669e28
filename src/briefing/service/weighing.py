"""What phrases and models together make of items under a set of topics, on trial: nothing is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from briefing.classifiers.phrases import Classifier
from briefing.classifiers.texts import primary
from briefing.projections.nouns import Unlabelled
from briefing.service.learning import said_by_phrases, tried

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefing.classifiers.panel import Vote
    from briefing.model import Item, Revision, Topic
    from briefing.service.desk import Desk

    Label = Mapping[str, Any]

SUGGESTED = "suggested"
"""The level of what is not given, only suggested."""


class Verdict(NamedTuple):
    """What models say of one item and one topic.

    `margin` above 0 speaks for the topic; `phrases` is their part in it, from -1 to 1; `yes` and `no` count the answers
    that were learnt from.
    """

    vote: Vote
    phrases: float
    margin: float
    yes: int
    no: int


class Weighed(NamedTuple):
    """Labels by topic: those of the phrases alone, and all with what models say; suggestions stand among the latter."""

    phrases: Mapping[str, Label]
    labels: Mapping[str, Label]
    verdicts: Mapping[str, Verdict]


class Scales:
    """Phrases, and the models that were learnt for them; without any the phrases alone."""

    def __init__(self, desk: Desk, topics: Sequence[Topic]) -> None:
        self._topics = tuple(topics)
        self._classifier = Classifier(topics)
        self._learner = tried(desk, topics)
        self.model = self._learner.position if self._learner is not None else 0

    @property
    def alone(self) -> bool:
        """Whether no model says anything."""
        return self._learner is None

    @property
    def encoder(self) -> str:
        """The name of the encoder that suggests; empty where none does."""
        encoder = self._learner.encoder if self._learner is not None else None
        return encoder.name if encoder is not None else ""

    def weigh(self, page: Sequence[tuple[Item, Revision]]) -> list[Weighed]:
        """What is made of each of these items; what models give has its sentences (see `reasons`)."""
        plain = [_plain(item, held) for item, held in page]
        votes = self._learner.votes(plain) if self._learner is not None else [{} for _ in plain]
        return [self._one(one, said) for one, said in zip(plain, votes, strict=True)]

    def _one(self, one: Unlabelled, votes: Mapping[str, Vote]) -> Weighed:
        labels = self._classifier.classify(one.title, one.text, one.language)
        by_phrases = {str(label["topic"]): label for label in labels}
        if self._learner is None:
            return Weighed(by_phrases, by_phrases, {})
        judged = self._learner.judge(one, labels, votes)
        both = {str(label["topic"]): label for label in (*judged.suggestions, *judged.labels)}
        return Weighed(by_phrases, both, self._verdicts(one, votes, by_phrases))

    def _verdicts(self, one: Unlabelled, votes: Mapping[str, Vote], given: Mapping[str, Label]) -> dict[str, Verdict]:
        assert self._learner is not None
        found = {}
        for topic in self._topics:
            phrases, margin = said_by_phrases(topic, primary(one.language), given, votes[topic.id])
            learnt = self._learner.panel.learnt[topic.id]
            found[str(topic.id)] = Verdict(votes[topic.id], phrases, margin, learnt.yes, learnt.no)
        return found

    def reasons(self, item: Item, held: Revision, labels: Mapping[str, Label]) -> dict[str, Label]:
        """The same labels, those that models give with the sentences they rest on."""
        if self._learner is None:
            return dict(labels)
        return self._learner.with_evidence(_plain(item, held), labels)


def _plain(item: Item, held: Revision) -> Unlabelled:
    return Unlabelled(
        item=item.id, source=item.source, revision=held.number, language=item.language, title=held.title,
        text=held.text, rules="", topics=(), place=0, url="",
    )  # fmt: skip
