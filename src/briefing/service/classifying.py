"""The verb classify: labels for every version that has none under the rules of now."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from briefing import events
from briefing.classifiers import CLASSIFIERS
from briefing.observe.decisions import Fact
from briefing.projections import STRETCH
from briefing.service import foreseeing, linking
from briefing.service.adopting import CLASSIFIER
from briefing.service.desk import LABELS, fresh
from briefing.service.judging import Judge, reconsider
from briefing.service.learning import learner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from briefing.projections import Claims
    from briefing.projections.nouns import Unlabelled
    from briefing.service.desk import Desk

PAGE = 500
"""Versions of items that get their labels together."""


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
    from briefing.service import storying  # noqa: PLC0415 - not every command weaves, and it takes time to load

    desk.projector.catch_up()
    rules, adopted_at = desk.library.rules()
    topics = desk.library.topics()
    classifier = CLASSIFIERS[CLASSIFIER](topics, desk.library.institutions())
    taught = learner(desk, topics)
    found = ClassifyResult()
    foreseeing.begin(desk)
    seen: set[tuple[str, int]] = set()
    pages = _pages(desk, rules) if desk.claims is None else _claimed(desk, rules, desk.claims)
    for page in pages:
        facts = []
        tally: dict[str, _Tally] = {}
        judge = Judge(taught, adopted_at, page) if taught is not None else None
        for one in page:
            labels, mentions = classifier.read(one.title, one.text, one.language)
            if judge is not None:
                labels = tuple(map(dict, judge.labels(one, labels)))
            count = tally.setdefault(one.item, _Tally(one, rules))
            count.after.update(label["topic"] for label in labels)
            event = events.ItemClassified(
                item=one.item, source=one.source, revision=one.revision, rules=rules, labels=labels, mentions=mentions
            )
            facts.append(Fact(event=event, key=f"classified:{one.item}:{one.revision}:{adopted_at}"))
        facts += judge.suggestions if judge is not None else ()
        dated = foreseeing.read(page, seen)
        with _turn(desk):
            links = linking.found(desk, page)
            stories, dates = storying.found(desk, page, links), foreseeing.found(desk, dated)
            appended = fresh(desk.append(LABELS, [*facts, *links, *stories, *dates]))
            storying.done(desk)
        desk.projector.catch_up()
        found = _added(found, list(tally.values()), appended)
        if progress is not None:
            progress(found.items)
    for dated in foreseeing.backlog(desk, seen):
        with _turn(desk):
            desk.append(LABELS, foreseeing.found(desk, dated))
        desk.projector.catch_up()
    if taught is not None:
        found = replace(found, events=found.events + reconsider(desk, taught, classifier, rules, adopted_at))
    return found


def unlabelled(desk: Desk) -> bool:
    """Whether the read models hold something that waits for labels."""
    rules, _ = desk.library.rules()
    return bool(desk.library.unclassified(rules, 1))


@contextmanager
def _turn(desk: Desk) -> Iterator[None]:
    """One process at a time finds what belongs together, and knows what those before it found.

    Else two that read at the same time would each open a story or a meeting of the one event.
    """
    if desk.claims is None:
        yield
        return
    with desk.claims.turn("together"):
        desk.projector.catch_up()
        yield


def _pages(desk: Desk, rules: str) -> Iterator[list[Unlabelled]]:
    """What waits for labels, in the order of the log: to look from the start for every page would be quadratic."""
    start = 0
    while True:
        page = desk.library.unclassified(rules, PAGE, start=start)
        if page:
            yield page
        elif not start:
            return
        start = page[-1].place if page else 0  # once more from the start: items may have been revised meanwhile


def _claimed(desk: Desk, rules: str, claims: Claims) -> Iterator[list[Unlabelled]]:
    """The same where other processes classify too: each takes stretches of the log that nobody else has taken."""
    start, found = 0, False
    with claims.session() as claiming:
        while True:
            first = desk.library.unclassified(rules, 1, start=start)
            if not first and not found:
                return
            if not first:  # once more from the start, as above
                start, found = 0, False
                continue
            start = first[0].place
            end = (start // STRETCH + 1) * STRETCH
            with claiming.stretch(start) as mine:
                # Read under the claim: whoever had it before may have done all of it.
                page = desk.library.unclassified(rules, PAGE, start=start) if mine else []
                if page := [one for one in page if one.place < end]:
                    found = True
                    yield page
            start = page[-1].place if page else end


class _Tally:
    """The topics of one item before and after."""

    def __init__(self, first: Unlabelled, rules: str) -> None:
        self.again = bool(first.rules)
        self.before = set(first.topics)
        self.after = set(first.topics) if first.rules == rules else set()


def _added(found: ClassifyResult, counts: list[_Tally], appended: int) -> ClassifyResult:
    return ClassifyResult(
        items=found.items + len(counts),
        again=found.again + sum(count.again for count in counts),
        gained=found.gained + sum(len(count.after - count.before) for count in counts),
        lost=found.lost + sum(len(count.before - count.after) for count in counts),
        events=found.events + appended,
    )
