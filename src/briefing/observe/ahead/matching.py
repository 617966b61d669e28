"""Which statements are of one meeting: dates that agree, and whom and what their sentences name.

Every key that two statements share counts: persons most, then places and what the meeting is called, countries least.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.observe.ahead.gazetteer import places
from briefing.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from briefing.observe.ahead.finding import Foreseen

_WEIGHTS = {"w": 3, "p": 2, "n": 2, "c": 1, "t": 1}
_SAME_KIND, _LIKE_KIND = 2, 1
_TALKING = frozenset({"talks", "consultation", "two-plus-two", "summit", "council", "conference", "visit", ""})
_ENOUGH = 4  # for statements of the same days
_ENOUGH_VAGUE = 5  # where one is vaguer than the other
_ENOUGH_MOVED = 6  # where one says that the date was moved
_MOST = 4  # of what one kind of key can add
_ENOUGH_DIM = 7  # where one is vaguer than a season
_LONGEST = 100  # days of a season
_TELLING = 6  # letters of a word that says what a sentence is about
_TOLD = 16  # such words kept of a sentence
_SHORT_NAME = 4
_COMMON = frozenset(
    [
        "meeting",
        "forum",
        "summit",
        "council",
        "conference",
        "committee",
        "commission",
        "dialogue",
        "consultations",
        "assembly",
        "session",
        "talks",
        "the",
        "форум",
        "саммит",
        "конференция",
        "совет",
        "комиссия",
        "ассамблея",
        "консультации",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is compared of a statement; `keys` are `w:` persons, `p:` places, `n:` words of a name, `c:` countries and
    `t:` long words of its sentence.

    A key may be a hash behind its first sign and colon. `where` is the key of the place that it names as its own.
    """

    first: date
    last: date
    kind: str
    keys: frozenset[str]
    where: str = ""
    moved: bool = False


def keys(text: str, language: str, found: Foreseen) -> tuple[frozenset[str], str]:
    """The keys of a date's sentence, and that of its place, empty where it names none that is known."""
    language = language.partition("-")[0]
    sentence = text[slice(*found.sentence)]
    known = set(places(sentence, language))
    for person in found.who:
        if name := re.findall(r"[^\W\d_]+", fold(text[slice(*person)])):
            known.add(f"w:{_stem(name[-1], language)}")
    if found.name:
        named = re.findall(r"[^\W_]{4,}", fold(text[slice(*found.name)]))
        known |= {f"n:{_stem(word, language)}" for word in named if word not in _COMMON}
    known |= {f"t:{word}" for word in _telling(sentence, language)}
    own = places(text[slice(*found.place)], language) if found.place else frozenset()
    return frozenset(known), next((key for key in sorted(own) if key.startswith("p:")), "")


_GENERAL = re.compile(
    r"minist|presid|govern|foreign|meetin|countr|russia|japane|минист|презид|правит|иностр|встреч|стран|российс|японск"
)


def _telling(sentence: str, language: str) -> list[str]:
    """The beginnings of the long words of a sentence; in Japanese its runs of Han."""
    if language == "ja":
        words = re.findall(r"[一-龥]{4,}|[ァ-ヶー]{4,}", sentence)
    else:
        words = [word[:_TELLING] for word in re.findall(r"[^\W\d_]{6,}", fold(sentence))]
    return [word for word in dict.fromkeys(words) if not _GENERAL.match(word)][:_TOLD]


def _stem(word: str, language: str) -> str:
    """A Russian word without its ending, an English one without its possessive."""
    if language == "ru" and len(word) > _SHORT_NAME:
        return re.sub(r"(?:ого|его|ому|ему|ыми|ими|ым|им|ом|ем|ой|ей|ая|ий|ый|а|у|е|ы|и|ю|я)$", "", word)
    return word.removesuffix("'s")


def score(one: Said, other: Said) -> int:
    """How much says that two statements are of one meeting; 0 where they cannot be."""
    if one.where and other.where and one.where != other.where:
        return 0
    together = one.first <= other.last and other.first <= one.last
    same = (one.first, one.last) == (other.first, other.last)
    if not (together or ((one.moved or other.moved) and one.kind == other.kind)):
        return 0
    total = _kinds(one.kind, other.kind)
    for kind, weight in _WEIGHTS.items():
        shared = sum(key.startswith(f"{kind}:") for key in one.keys & other.keys)
        total += min(shared * weight, _MOST if same and kind != "t" else _MOST - 1)
    dim = max((one.last - one.first).days, (other.last - other.first).days) > _LONGEST
    wanted = _ENOUGH_DIM if dim else _ENOUGH if same else _ENOUGH_VAGUE if together else _ENOUGH_MOVED
    return total if total >= wanted else 0


def _kinds(one: str, other: str) -> int:
    if one == other:
        return _SAME_KIND if one else 0
    return _LIKE_KIND if {one, other} <= _TALKING or not (one and other) else 0


def same_text(one: Said, other: Said) -> int:
    """The same for two sentences of one text, where other days are another meeting."""
    same = (one.first, one.last) == (other.first, other.last)
    within = one.kind == other.kind and (
        one.first <= other.first <= other.last <= one.last or other.first <= one.first <= one.last <= other.last
    )
    return score(one, other) if same or within else 0


def best(one: Said, others: Iterable[tuple[str, Said]], compare: Callable[[Said, Said], int] = score) -> str:
    """The id of the statement that is most likely of the same meeting; empty where none is."""
    found = [(compare(one, other), name) for name, other in others]
    top = max(found, default=(0, ""), key=lambda pair: (pair[0], pair[1]))
    return top[1] if top[0] else ""
