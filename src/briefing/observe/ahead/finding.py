"""From a text to what it announces: dates that lie ahead of its publication, each with the sentence that says so.

A date that names its year is ahead where the calendar says so. One that names none is read in the year of publication,
or in the next where that is near, as the verb nearest to it says: "will be held in January", "was held in January".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

from briefing.text import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.observe.ahead.spans import Precision, Span

METHOD = 3
"""Raised whenever a text would give other dates: what was found before is then sought anew."""

_READ = 60_000  # characters of a text that are searched
_LONG = 1_200  # characters of a sentence: what is longer is a table or a list
_NEAR = 213  # days: a month named without a year is the next year's only where that is so near
_NEXT_YEAR = 100  # the same where no verb says that it lies ahead
_WEAK = 12  # characters that a cue behind a date is worth less than one before it
_BEHIND = 30  # the same of a word that says what is announced
_BREAK = 25  # and one beyond a comma
_LITTLE = 20  # letters


class Grammar(Protocol):
    """What the rules need of a language."""

    HINT: re.Pattern[str]
    FUTURE: re.Pattern[str]
    PAST: re.Pattern[str]
    CANCELLED: re.Pattern[str]
    MOVED: re.Pattern[str]
    NOT_BEFORE: re.Pattern[str]
    YEAR_BEFORE: re.Pattern[str]
    NAMED: re.Pattern[str]
    PLACE: re.Pattern[str]
    WHO: re.Pattern[str]
    KINDS: Sequence[tuple[str, re.Pattern[str]]]

    def patterns(self) -> Sequence[re.Pattern[str]]:
        """What `read` looks for."""
        ...

    def hinted(self, text: str) -> bool:
        """Whether `read` may find anything in a text or in a part of it; False is certain."""
        ...

    def read(self, sentence: str, today: date) -> list[Span]:
        """All dates of a sentence, as exact as it says them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One date ahead: from `first` to `last`, said in the sentence at `sentence` (start and end in the text).

    `said` is where the date itself stands; `name`, `place` and `who` where that sentence names the meeting, its place
    and its participants. `kind` is a word of ours for what it is, empty where it does not say. `was` is the date that
    it is moved from.
    """

    first: date
    last: date
    precision: Precision
    sentence: tuple[int, int]
    said: tuple[int, int]
    deadline: bool = False
    cancelled: bool = False
    moved: bool = False
    was: tuple[date, date] | None = None
    kind: str = ""
    name: tuple[int, int] | None = None
    place: tuple[int, int] | None = None
    who: tuple[tuple[int, int], ...] = ()


def ahead(grammar: Grammar, text: str, language: str, today: date) -> list[Foreseen]:
    """The dates ahead that a text names, in its order; `today` is the day of its publication by its own clock."""
    found: list[Foreseen] = []
    text = text[:_READ]
    if not grammar.hinted(text):
        return found
    begin = 0
    for line in text.split("\n"):  # no sentence goes beyond its line, and most lines hold no date
        if grammar.hinted(line):
            for start, end in sentence_spans(line, language):
                sentence = line[start:end]
                if end - start <= _LONG and grammar.hinted(sentence) and grammar.HINT.search(sentence):
                    found += _of_sentence(grammar, sentence, begin + start, today)
        begin += len(line) + 1
    return found


def _of_sentence(grammar: Grammar, sentence: str, start: int, today: date) -> list[Foreseen]:
    dates = grammar.read(sentence, today)
    if not any(_may_be_ahead(span, today) for span in dates) or _bare(grammar, sentence, dates):
        return []
    cues = _cues(grammar, sentence, dates)
    kept = [one for span in dates if (one := _judged(grammar, sentence, span, cues, today)) is not None]
    kept = _once(kept)
    moved = bool(kept) and grammar.MOVED.search(sentence) is not None
    was = None
    if moved and len(dates) > 1:
        kept, was = kept[-1:], next(((one.first, one.last) for one in dates if one.at != kept[-1].at), None)
    called_off = grammar.CANCELLED.search(sentence) is not None
    return [
        replace(_described(grammar, sentence, start, span), moved=moved, was=was, cancelled=called_off) for span in kept
    ]


def _may_be_ahead(span: Span, today: date) -> bool:
    """Whether any verb could make a date one ahead."""
    return span.last > today or (not span.sure and (span.later().first - today).days <= _NEAR)


def _bare(grammar: Grammar, sentence: str, dates: Sequence[Span]) -> bool:
    """Whether a line holds dates and next to nothing else: a dateline announces nothing."""
    if dates and _LABELLED.search(sentence[: dates[0].at]):
        return False
    beside = sentence
    for span in reversed(dates):
        beside = beside[: span.at] + beside[span.end :]
    if _MANY.match(beside):
        return False
    telling = (grammar.FUTURE, *(word for _, word in grammar.KINDS))
    return not any(word.search(beside) for word in telling)


_LABELLED = re.compile(r"[^\W\d_]{3,}(?:[:：]|\s[—–-])\s*$")  # "Interviews: 5 May"
_MANY = re.compile(rf"(?:[\W\d_]*[^\W\d_]){{{_LITTLE}}}")


def _once(spans: Sequence[Span]) -> list[Span]:
    """Of dates that say the same in one sentence the first."""
    kept: dict[tuple[date, date], Span] = {}
    for span in spans:
        kept.setdefault((span.first, span.last), span)
    return list(kept.values())


def _cues(grammar: Grammar, sentence: str, dates: Sequence[Span]) -> list[tuple[int, int, bool]]:
    """Where a sentence says that something lies ahead (True) or is over (False); not in the words of its dates."""
    found = [(cue.start(), cue.end(), True) for cue in grammar.FUTURE.finditer(sentence)]
    ahead = [(start, end) for start, end, _ in found]
    found += [
        (cue.start(), cue.end(), False)
        for cue in grammar.PAST.finditer(sentence)
        if all(cue.end() <= start or cue.start() >= end for start, end in ahead)
    ]
    return [one for one in found if all(one[1] <= span.at or one[0] >= span.end for span in dates)]


# A verb that follows right behind "and" begins a clause of its own.
_BREAKS = re.compile(r"[;:—]|, (?:which|who|where|and|but|while)\b|[,，、]|\b(?:and|but|и|а|но)\s+$")


def _leaning(sentence: str, span: Span, cues: Sequence[tuple[int, int, bool]]) -> bool | None:
    """What the cue nearest to a date says of it; None where there is none."""

    def distance(cue: tuple[int, int, bool]) -> int:
        start, end, _ = cue
        between = sentence[end : span.at] if end <= span.at else sentence[span.end : start]
        behind = 0 if end <= span.at else _WEAK
        return len(between) + behind + _BREAK * len(_BREAKS.findall(between))

    nearest = min(cues, key=lambda cue: (distance(cue), not cue[2]), default=None)
    return nearest[2] if nearest is not None else None


def _judged(
    grammar: Grammar, sentence: str, span: Span, cues: Sequence[tuple[int, int, bool]], today: date
) -> Span | None:
    """A date as one ahead, in the year it must be meant in; None for all others."""
    before = sentence[: span.at]
    leaning = _leaning(sentence, span, cues)
    named_past = grammar.NOT_BEFORE.search(before) is not None and not span.deadline
    if span.first == date.min or named_past or (span.doubtful and leaning is not True):
        return None
    if span.precision == "year" and not span.own:
        return _year(grammar, span, before, leaning, today)
    return _placed(span, leaning, today)


def _placed(span: Span, leaning: bool | None, today: date) -> Span | None:  # noqa: FBT001 - what a cue says
    """A date by the calendar: ahead as it stands, ahead a year on, or over."""
    begun = span.first <= today
    if span.last > today:
        trusted = not begun or span.own if span.sure else leaning is None and not begun
        return span if leaning is True or trusted else None
    later = span.later()
    near = (later.first - today).days <= (_NEAR if leaning is True else _NEXT_YEAR)
    return later if near and leaning is not False and not span.sure else None


def _year(grammar: Grammar, span: Span, before: str, leaning: bool | None, today: date) -> Span | None:  # noqa: FBT001
    """A bare year is a date only where something is said to happen in it, and soon."""
    soon = today.year < span.first.year <= today.year + (2 if span.deadline else 3)
    return span if soon and leaning is True and grammar.YEAR_BEFORE.search(before) else None


def _described(grammar: Grammar, sentence: str, start: int, span: Span) -> Foreseen:
    name = _nearest(grammar.NAMED, sentence, span)
    place = _nearest(grammar.PLACE, sentence, span, 1)
    who = [_of(match) for match in grammar.WHO.finditer(sentence)]
    return Foreseen(
        first=span.first,
        last=span.last,
        precision=span.precision,
        sentence=(start, start + len(sentence)),
        said=(start + span.at, start + span.end),
        deadline=span.deadline,
        kind=_kind(grammar, sentence, span, name),
        name=_moved(name, start),
        place=_moved(place, start),
        who=tuple((start + first, start + last) for first, last in who),
    )


def _of(match: re.Match[str]) -> tuple[int, int]:
    """The part of a match that is meant: its first group that took part."""
    group = match.lastindex or 0
    first, last = match.span(group)
    said = match.string[first:last].rstrip(" ,")
    return first, first + len(said.removesuffix("’s").removesuffix("'s"))


def _nearest(pattern: re.Pattern[str], sentence: str, span: Span, group: int = 0) -> tuple[int, int] | None:
    def distance(found: tuple[int, int]) -> int:
        return span.at - found[1] if found[1] <= span.at else found[0] - span.end

    places = [_of(match) if group else match.span() for match in pattern.finditer(sentence)]
    places = [found for found in places if found[1] <= span.at or found[0] >= span.end]
    return min(places, key=lambda found: (distance(found), found), default=None)


def _kind(grammar: Grammar, sentence: str, span: Span, name: tuple[int, int] | None) -> str:
    """What is announced, by the word nearest to the date; by its name where that stands near."""
    if name is not None and abs(name[0] - span.at) < _LONG // 8:
        named = next((kind for kind, word in grammar.KINDS if word.search(sentence, *name)), "")
        if named:
            return named
    found = [
        (span.at - match.end() if match.end() <= span.at else match.start() - span.end + _BEHIND, place, kind)
        for place, (kind, word) in enumerate(grammar.KINDS)
        for match in word.finditer(sentence)
    ]
    return min(found, default=(0, 0, "deadline" if span.deadline else ""))[2]


def _moved(found: tuple[int, int] | None, start: int) -> tuple[int, int] | None:
    return None if found is None else (start + found[0], start + found[1])
