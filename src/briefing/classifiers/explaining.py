"""Why an item has the topics it has, and not the others: every phrase that was found, and what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from briefing.classifiers.phrases import COUNTED, kept, label_of, primary_subtag
from briefing.classifiers.reading import Reading
from briefing.classifiers.spots import Spans
from briefing.forms import form_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from briefing.classifiers.phrases import Classifier
    from briefing.classifiers.spots import Match
    from briefing.model import Place, Topic

Fate = Literal["counted", "often", "masked", "beside", "inside", "alone"]
FATES: dict[Fate, str] = {
    "counted": "counts",
    "often": "counted three times already",
    "masked": "hidden by an exclude",
    "beside": "in a caption, link, footer or note on the author",
    "inside": "part of a longer phrase",
    "alone": "the rest of its form is not there",
}
Reason = Literal["labelled", "no phrases", "none found", "none left"]
REASONS: dict[Reason, str] = {
    "labelled": "",
    "no phrases": "has no phrases in this language: it can only be suggested, with the semantic extra",
    "none found": "none of its phrases stands there",
    "none left": "what was found does not count",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found in an item: the words found, where, what they weigh there, and what became of them.

    `by` is the exclude that hides them. `start` and `end` are those of the sentence in the title or the text.
    """

    phrase: str
    words: str
    place: Place
    weight: int
    start: int
    end: int
    fate: Fate
    by: str = ""


@dataclass(frozen=True, slots=True)
class Reasons:
    """What was made of one topic: `level` is empty where the item does not have it."""

    topic: str
    score: int
    level: str
    reason: Reason
    found: tuple[Found, ...]


def explain(
    classifier: Classifier, topics: Sequence[Topic], title: str, text: str, language: str
) -> tuple[Reasons, ...]:
    """The reasons for each of the topics of a classifier, those that the item has first, the best of them first."""
    language = primary_subtag(language)
    reading, matcher = Reading(title, text, language), classifier.for_language(language)
    matches = classifier.matches(reading, matcher) if matcher is not None else {}
    reasons = [_reasons(topic, matches.get(topic.id, []), reading, language) for topic in topics]
    return tuple(sorted(reasons, key=lambda one: (-one.score, not one.found, one.topic)))


def _reasons(topic: Topic, matches: list[Match], reading: Reading, language: str) -> Reasons:
    left = kept(matches, reading)
    found = tuple(_found(matches, left, reading))
    if left:
        label = label_of(topic.id, left, reading)
        return Reasons(topic.id, label["score"], label["level"], "labelled", found)
    has = any(primary_subtag(key) == language and phrases for key, phrases in topic.phrases.items())
    return Reasons(topic.id, 0, "", "none left" if found else "none found" if has else "no phrases", found)


def _found(matches: list[Match], left: list[Match], reading: Reading) -> list[Found]:
    masks = [match for match in matches if match.pattern.masks]
    counts = set(left)
    ranked = sorted(left, key=lambda match: (-reading.spot(match.start, match.end).weight, match.start))
    often = _often(ranked)
    others = [match for match in dict.fromkeys(matches) if not match.pattern.masks and match not in counts]
    told = [_one(match, reading, "often" if match in often else "counted") for match in left]
    for match in others:
        fate, by = _fate(match, masks, left, reading)
        told.append(_one(match, reading, fate, by))
    return sorted(told, key=lambda one: (one.place != "title", one.start, one.phrase, one.fate))


def _often(ranked: Iterable[Match]) -> set[Match]:
    counted: Counter[str] = Counter()
    often = set()
    for match in ranked:
        counted[match.pattern.phrase] += 1
        if counted[match.pattern.phrase] > COUNTED:
            often.add(match)
    return often


def _fate(match: Match, masks: Iterable[Match], left: Iterable[Match], reading: Reading) -> tuple[Fate, str]:
    for mask in masks:
        covered = Spans()
        covered.cover(mask)
        if not covered.free(match):
            return "masked", mask.pattern.phrase
    if reading.aside(match.start, match.end):
        return "beside", ""
    form = form_of(match.pattern.phrase)
    if form is not None and form.kind != "regex":
        joined = any(one.pattern.phrase == match.pattern.phrase for one in left)
        return ("inside" if joined else "alone"), ""
    return "inside", ""


def _one(match: Match, reading: Reading, fate: Fate, by: str = "") -> Found:
    spot = reading.spot(match.start, match.end)
    start, end = reading.sentence(spot)
    words = reading.original(match.start, match.end)
    return Found(match.pattern.phrase, words, spot.place, spot.weight, start, end, fate, by)
