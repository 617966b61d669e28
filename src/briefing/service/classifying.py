"""The verb classify: labels for every version that has none under the rules of now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing import events
from briefing.classifiers import CLASSIFIERS, changes
from briefing.observe.decisions import Fact
from briefing.service.adopting import CLASSIFIER
from briefing.service.desk import LABELS, fresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefing.service.desk import Desk

_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyResult:
    """How many items were looked at, how many of them anew, and how many labels came and went."""

    items: int = 0
    again: int = 0
    gained: int = 0
    lost: int = 0
    events: int = 0


def classify(desk: Desk, progress: Callable[[int], None] | None = None) -> ClassifyResult:
    """Give labels to what has none yet; `progress` is told how many items are done."""
    desk.projector.catch_up()
    rules, adopted_at = desk.library.rules()
    topics = desk.library.topics()
    classifier = CLASSIFIERS[CLASSIFIER](topics)
    items = again = gained = lost = appended = 0
    while page := desk.library.unclassified(rules, _PAGE):
        facts = []
        for one in page:
            labels = classifier.classify(one.title, one.text, one.language)
            came, went = changes(({"topic": topic} for topic in one.topics), labels)
            gained, lost, again = gained + len(came), lost + len(went), again + bool(one.rules)
            event = events.ItemClassified(
                item=one.item, source=one.source, revision=one.revision, rules=rules, labels=labels
            )
            facts.append(Fact(event=event, key=f"classified:{one.item}:{one.revision}:{adopted_at}"))
        appended += fresh(desk.append(LABELS, facts))
        desk.projector.catch_up()
        items += len(page)
        if progress is not None:
            progress(items)
    return ClassifyResult(items=items, again=again, gained=gained, lost=lost, events=appended)
