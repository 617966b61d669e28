"""Labels by phrases and models together, as facts: of what is new, and again of everything when models changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing import events
from briefing.observe.decisions import Fact
from briefing.projections.schema import NAMED
from briefing.service.desk import LABELS, fresh
from briefing.service.learning import RECONSIDERED, Judged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from briefing.classifiers import Classifier
    from briefing.projections.nouns import Unlabelled
    from briefing.service.desk import Desk
    from briefing.service.learning import Learner

    Label = Mapping[str, Any]

_PAGE = 200


class Judge:
    """Gives labels to a page of versions, and remembers what was suggested for them."""

    def __init__(self, learner: Learner, adopted_at: int, page: Sequence[Unlabelled]) -> None:
        self._learner = learner
        self._adopted_at = adopted_at
        self._votes = {(one.item, one.revision): votes for one, votes in zip(page, learner.votes(page), strict=True)}
        items = [one.item for one in page]
        self._answered = {(one.item, one.topic) for one in learner.desk.library.answers(items)}
        self._proposed = learner.desk.library.proposed(items)
        self.suggestions: list[Fact] = []

    def bare(self, one: Unlabelled, labels: Sequence[Label]) -> Judged:
        """What phrases and models give together; evidence of models is left out, suggestions that are answered too."""
        judged = self._learner.judge(one, labels, self._votes[one.item, one.revision])
        open_ = tuple(each for each in judged.suggestions if (one.item, each["topic"]) not in self._answered)
        return Judged(judged.labels, open_)

    def labels(self, one: Unlabelled, labels: Sequence[Label]) -> tuple[Label, ...]:
        """The labels of a version, whole."""
        judged = self._learner.explained(one, self.bare(one, labels))
        if judged.suggestions or self._proposed.get(one.item):
            self.suggestions.append(self.suggested(one, judged))
        return judged.labels

    def suggested(self, one: Unlabelled, judged: Judged) -> Fact:
        """The fact of what is suggested for a version."""
        event = events.ItemSuggested(
            item=one.item,
            source=one.source,
            revision=one.revision,
            model=self._learner.position,
            suggestions=tuple(
                {"topic": each["topic"], "score": each["score"], "evidence": each["evidence"]}
                for each in judged.suggestions
            ),
        )
        key = f"suggested:{one.item}:{one.revision}:{self._adopted_at}:{self._learner.position}"
        return Fact(event=event, key=key)

    def changed(self, one: Unlabelled, judged: Judged, known: Mapping[str, tuple[int, str, str, int]]) -> bool:
        """Whether the labels of a version are no longer those that are `known`, what people said left out."""
        found = {
            str(label["topic"]): (label["score"], label["level"], label.get("earned", "rules"))
            for label in judged.labels
            if (one.item, label["topic"]) not in self._answered
        }
        before = {
            topic: (score, level, earned)
            for topic, (score, level, earned, revision) in known.items()
            if revision == one.revision and (one.item, topic) not in self._answered and not topic.startswith(NAMED)
        }
        return found != before

    def proposes_anew(self, one: Unlabelled, judged: Judged) -> bool:
        """Whether other topics are suggested than before."""
        return {str(each["topic"]) for each in judged.suggestions} != self._proposed.get(one.item, set())


def reconsider(desk: Desk, learner: Learner, classifier: Classifier, rules: str, adopted_at: int) -> int:
    """Judge all items again under models that are new; only what differs is recorded. Gives the number of events."""
    if desk.library.published(RECONSIDERED) >= learner.position:
        return 0
    start = appended = 0
    while page := desk.library.classified(rules, _PAGE, start=start):
        judge = Judge(learner, adopted_at, page)
        known = desk.library.given([one.item for one in page])
        facts: list[Fact] = []
        for one in page:
            labels, mentions = classifier.read(one.title, one.text, one.language)
            judged = judge.bare(one, labels)
            relabelled, anew = judge.changed(one, judged, known.get(one.item, {})), judge.proposes_anew(one, judged)
            if relabelled or anew:
                judged = learner.explained(one, judged)
            if relabelled:
                facts.append(_classified(one, judged, mentions, rules, f"{adopted_at}:{learner.position}"))
            if anew:
                facts.append(judge.suggested(one, judged))
        appended += fresh(desk.append(LABELS, facts)) if facts else 0
        start = page[-1].place
    desk.projector.catch_up()
    desk.library.put_published(learner.position, RECONSIDERED)
    return appended


def _classified(one: Unlabelled, judged: Judged, mentions: tuple[Label, ...], rules: str, at: str) -> Fact:
    event = events.ItemClassified(
        item=one.item, source=one.source, revision=one.revision, rules=rules, labels=judged.labels, mentions=mentions
    )
    return Fact(event=event, key=f"classified:{one.item}:{one.revision}:{at}")
