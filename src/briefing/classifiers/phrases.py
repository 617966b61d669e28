"""Topics by phrases: which of an editor's phrases stand in an item, where, and in which sentences."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from briefing.classifiers import places, stems
from briefing.classifiers.combining import combined
from briefing.classifiers.patterns import Matcher
from briefing.classifiers.reading import HEADING, HEADING_WEIGHT, OPENING, WEIGHTS, Reading
from briefing.classifiers.spots import Match, Spans
from briefing.forms import form_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from briefing.classifiers.patterns import Pattern
    from briefing.classifiers.reading import Spot
    from briefing.model import Named, Topic

# To be raised with every change of the matching that may change a label.
VERSION = 2

COUNTED = 3
PRIMARY = 3
EVIDENCE = 5
_PLACES = tuple(WEIGHTS)
_MOST = 1000  # occurrences of one topic that are weighed: three of each phrase count


class Classifier:
    """The phrases of a set of topics.

    A phrase is sought in items of its own language: whole words in languages that write spaces, in any form that has
    the same stem where there are stems for the language; any part of the text in those that write none. It weighs 3 in
    the title, in headings and where a sentence says what it is about, 2 in the first 600 characters, 1 below, for each
    of its three best occurrences; a topic with a sum of 3 or more is `primary`, with less `mentioned`. What an
    `exclude` of the topic covers is hidden from its phrases. Of overlapping phrases of one topic the longest counts.
    """

    rules: str

    def __init__(self, topics: Sequence[Topic], institutions: Sequence[Named] = ()) -> None:
        self._topics = tuple(topics)
        self._institutions = tuple(institutions)
        self._matchers: dict[str, Matcher | None] = {}
        self.rules = _rules(topics, institutions)

    def classify(self, title: str, text: str, language: str) -> tuple[dict[str, Any], ...]:
        """The labels of one item, the best first; `language` is that of the item (ISO 639-1 or BCP 47).

        Each is ready for `briefing.events.ItemClassified`: spans of sentences stand for the publisher's words.
        """
        return self.read(title, text, language)[0]

    def read(
        self, title: str, text: str, language: str
    ) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
        """The labels of one item, and the countries and institutions that it names, in the order of their names."""
        primary = primary_subtag(language)
        matcher = self.for_language(primary)
        if matcher is None:
            return (), ()
        reading = Reading(title, text, primary)
        found = self.matches(reading, matcher)
        named = {topic: found.pop(topic) for topic in [*found] if topic[0] == places.SIGN}
        labels = [label_of(topic, left, reading) for topic, one in found.items() if (left := kept(one, reading))]
        labels.sort(key=lambda label: (-label["score"], label["topic"]))
        return tuple(labels), tuple(mentions(named, reading)) if named else ()

    @staticmethod
    def matches(reading: Reading, matcher: Matcher) -> dict[str, list[Match]]:
        """Everything that was found, by topic: phrases, parts of forms, masks."""
        found: dict[str, list[Match]] = defaultdict(list)
        for pattern, start, end in matcher.find(reading.folded):
            if len(found.get(pattern.topic, ())) < _MOST and (
                not pattern.cased or reading.original(start, end).isupper()
            ):
                found[pattern.topic].append(Match(start, end, pattern))
        return found

    def for_language(self, language: str) -> Matcher | None:
        """The matcher of a language, built when first asked for; None where no topic has a phrase in it."""
        if language not in self._matchers:
            named = places.names(language, self._institutions)
            matcher = Matcher(language, chain(_phrases(self._topics, language), named))
            self._matchers[language] = matcher if matcher.seeks else None
        return self._matchers[language]


def primary_subtag(language: str) -> str:
    """The language without its region and script; the written forms of Norwegian are one."""
    subtag = language.replace("_", "-").split("-")[0].casefold()
    return "no" if subtag in {"nb", "nn"} else subtag


def _phrases(topics: Iterable[Topic], language: str) -> Iterator[tuple[str, str, bool]]:
    for topic in topics:
        for masks, lists in ((False, topic.phrases), (True, topic.exclude)):
            for key, phrases in lists.items():
                if primary_subtag(key) == language:
                    yield from ((topic.id, phrase, masks) for phrase in phrases)


def kept(matches: list[Match], reading: Reading) -> list[Match]:
    """The matches that count, in order: in the text itself, covered by no mask, of overlapping ones the longest."""
    masked = Spans()
    for mask in matches:
        if mask.pattern.masks:
            masked.cover(mask)
    open_ = [match for match in matches if not match.pattern.masks and masked.free(match)]
    open_ = [match for match in open_ if not reading.aside(match.start, match.end)]
    plain = [match for match in open_ if not _is_part(match.pattern)]
    parts = [match for match in open_ if _is_part(match.pattern)] if len(plain) < len(open_) else []
    taken = Spans()
    counting = list(combined(parts, reading)) if parts else []
    for match in sorted(plain, key=lambda one: (one.start - one.end, one.start, one.pattern.phrase)):
        if taken.free(match):
            taken.cover(match)
            counting.append(match)
    return sorted(counting, key=lambda one: (one.start, one.end, one.pattern.phrase))


def _is_part(pattern: Pattern) -> bool:
    form = form_of(pattern.phrase)
    return form is not None and form.kind != "regex"


class _Hit(NamedTuple):
    rank: tuple[int, int, int]  # sorts the best place first
    phrase: str
    spot: Spot


def label_of(topic: str, matches: list[Match], reading: Reading) -> dict[str, Any]:
    """The label that matches make which count; see `Classifier.classify`."""
    hits = []
    for match in matches:
        spot = reading.spot(match.start, match.end)
        hits.append(_Hit((-spot.weight, _PLACES.index(spot.place), match.start), match.pattern.phrase, spot))
    hits.sort(key=attrgetter("rank"))
    score = _score(hits)
    level = "primary" if score >= PRIMARY else "mentioned"
    return {"topic": topic, "score": score, "level": level, "evidence": _evidence(hits, reading)}


def _score(hits: list[_Hit]) -> int:
    counted: dict[str, int] = defaultdict(int)
    score = 0
    for hit in hits:
        counted[hit.phrase] += 1
        if counted[hit.phrase] <= COUNTED:
            score += hit.spot.weight
    return score


def _evidence(hits: list[_Hit], reading: Reading) -> list[dict[str, Any]]:
    pieces: dict[tuple[str, str, int, int], None] = {}
    for hit in hits:
        pieces[hit.phrase, hit.spot.place, *reading.sentence(hit.spot)] = None
        if len(pieces) == EVIDENCE:
            break
    return [{"phrase": phrase, "place": place, "start": start, "end": end} for phrase, place, start, end in pieces]


def mentions(named: Mapping[str, list[Match]], reading: Reading) -> Iterator[dict[str, Any]]:
    """The countries and institutions that stand in an item: each once, with the first sentence that names it."""
    masked = Spans()
    for mask in named.get(places.SIGN, ()):
        masked.cover(mask)
    for name in sorted(named):
        for match in sorted(named[name], key=lambda one: (one.start, -one.end)) if name != places.SIGN else ():
            if not masked.free(match):
                continue
            spot, phrase = reading.place(match.start, match.end), match.pattern.phrase
            if not places.is_name(phrase, reading.folded, match.start, match.end, reading.said(spot)):
                continue
            if spot.place != "title" and reading.aside(match.start, match.end):
                continue
            start, end = reading.sentence(spot)
            piece = {"phrase": phrase.strip('"'), "place": spot.place, "start": start, "end": end}
            yield {"name": name.removeprefix(places.SIGN), "evidence": [piece]}
            break


def _rules(topics: Iterable[Topic], institutions: Iterable[Named]) -> str:
    """SHA-256 of all that decides a label; names, descriptions and the order of lists do not."""
    canonical: dict[str, Any] = {
        "matcher": VERSION,
        "stems": stems.VERSION,
        "places": places.version(),
        "institutions": sorted([one.id, _lists(one.aliases)] for one in institutions),
        "weights": [*WEIGHTS.items(), HEADING_WEIGHT, HEADING, OPENING, COUNTED, PRIMARY, EVIDENCE],
        "topics": sorted(
            ({"id": topic.id, "phrases": _lists(topic.phrases), "exclude": _lists(topic.exclude)} for topic in topics),
            key=lambda topic: str(topic["id"]),
        ),
    }
    written = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _lists(phrases: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {language: sorted(set(listed)) for language, listed in phrases.items() if listed}
