"""Two tellings side by side: which sentences have a counterpart in the other, and what only one of them says."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.stories.terms import Terms
from briefing.text import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COUNTERPART = 0.34  # of the words of the shorter of two sentences
_MOST = 200  # sentences of a telling that are compared
_FACT = re.compile(r"\d+(?:[.,:]\d+)*\s?%?")
_DAY_FIRST = re.compile(r"\b(\d{1,2})\.?\s+([^\W\d_]{3,})")
_MONTH_FIRST = re.compile(r"\b([^\W\d_]{3,})\.?\s+(\d{1,2})\b(?!\s*[:%])")
_SIGNS = re.compile(r"(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan янв janv ene", "feb фев fév", "mar мар mär", "apr апр avr abr", "may май мая mai", "jun июн juin",
            "jul июл juil", "aug авг aoû ago", "sep сен set", "oct окт okt", "nov ноя", "dec дек dez déc dic",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a telling; `only` says that the other telling has nothing like it."""

    text: str
    only: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """Two tellings: their sentences where both are of one `language`, and the days and numbers that only one gives."""

    left: tuple[Said, ...]
    right: tuple[Said, ...]
    left_facts: tuple[str, ...]
    right_facts: tuple[str, ...]
    compared: bool


def beside(left: str, right: str, languages: tuple[str, str]) -> Beside:
    """Lay two texts side by side. Sentences are compared within a language only; days and numbers across all."""
    ours, theirs = (sentences(text, language)[:_MOST] for text, language in zip((left, right), languages, strict=True))
    facts = [dict.fromkeys(fact for sentence in side for fact in _facts(sentence)) for side in (ours, theirs)]
    same = languages[0] == languages[1]
    alone = _alone(ours, theirs) if same else (set[int](), set[int]())
    return Beside(
        left=tuple(Said(text, number in alone[0]) for number, text in enumerate(ours)),
        right=tuple(Said(text, number in alone[1]) for number, text in enumerate(theirs)),
        left_facts=tuple(fact for fact in facts[0] if fact not in facts[1]),
        right_facts=tuple(fact for fact in facts[1] if fact not in facts[0]),
        compared=same,
    )


def _alone(ours: Sequence[str], theirs: Sequence[str]) -> tuple[set[int], set[int]]:
    """The numbers of the sentences of each side that have no counterpart on the other."""
    terms = Terms()
    here, there = ([set(terms.words(sentence)) for sentence in side] for side in (ours, theirs))
    return (
        {number for number, words in enumerate(here) if not any(_counterpart(words, other) for other in there)},
        {number for number, words in enumerate(there) if not any(_counterpart(words, other) for other in here)},
    )


def _counterpart(one: set[int], other: set[int]) -> bool:
    """Whether two sentences share much of their words; one that holds the other does, and says more."""
    shared = len(one & other)
    return bool(shared) and shared >= _COUNTERPART * min(len(one), len(other)) and 3 * shared >= min(6, len(one))


def _facts(sentence: str) -> Iterator[str]:
    """Days as `12-15`, then what is left of numbers."""
    rest = unicodedata.normalize("NFKC", sentence)
    for form, day, month in ((_SIGNS, 2, 1), (_DAY_FIRST, 1, 2), (_MONTH_FIRST, 2, 1)):
        for match in form.finditer(rest):
            if number := _month(match[month]):
                yield f"{number:02}-{int(match[day]):02}"
                rest = rest.replace(match.group(), " ", 1)
    for match in _FACT.finditer(rest):
        yield match.group().replace(" ", "").replace(",", "")


def _month(word: str) -> int:
    if word.isdigit():
        return int(word) if 1 <= int(word) <= 12 else 0  # noqa: PLR2004 - months
    low = word.casefold()
    return next((_MONTHS[low[:size]] for size in (4, 3) if low[:size] in _MONTHS), 0)
