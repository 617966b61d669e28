"""Why a label was given: the configured phrase, marked where it stands in its sentence."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from briefing.classifiers.folding import Offsets
from briefing.classifiers.patterns import Matcher
from briefing.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefing.model import Evidence

Runs = tuple[tuple[bool, str], ...]


def marked(sentence: str, phrases: Iterable[str], language: str) -> Runs:
    """A sentence as runs of marked or not and text, cut where one of the phrases stands; joined they are the sentence.

    The phrases are sought as the classifier sought them, in the folded text.
    """
    folded, offsets = fold(sentence), Offsets(sentence)
    found = []
    for phrase in phrases:
        matcher = _matcher(phrase, language)
        if matcher is not None:
            found += [offsets.original(start, end) for _, start, end in matcher.find(folded)]
    runs, done = [], 0
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if start >= done:
            runs += [(False, sentence[done:start]), (True, sentence[start:end])]
            done = end
    return tuple(run for run in [*runs, (False, sentence[done:])] if run[1])


def by_sentence(evidence: Iterable[Evidence], language: str) -> tuple[tuple[Evidence, Runs], ...]:
    """Each sentence once, in the order given, with all its phrases marked; beside it the first evidence it is of."""
    firsts: dict[tuple[bool, str], Evidence] = {}
    phrases: dict[tuple[bool, str], list[str]] = {}
    for piece in evidence:
        key = piece.place == "title", piece.sentence
        firsts.setdefault(key, piece)
        phrases.setdefault(key, []).extend([piece.phrase] if piece.phrase else piece.words)
    return tuple((first, marked(first.sentence, phrases[key], language)) for key, first in firsts.items())


@lru_cache(maxsize=2048)
def _matcher(phrase: str, language: str) -> Matcher | None:
    matcher = Matcher(language, [("", phrase, False)])
    return matcher if matcher.seeks else None
