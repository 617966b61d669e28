"""Phrases that tell the texts of a topic from the rest: weighted log-odds with an informative prior.

Monroe, Colaresi and Quinn, "Fightin' Words" (2008): the prior is how often a phrase stands in all the texts, so that
neither rare nor everyday words come first. A text counts once for a phrase, however often it repeats it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

from briefing.classifiers.folding import folded
from briefing.classifiers.stems import stems
from briefing.text import UNSPACED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FEWEST = 2
"""Texts of the topic that must hold a phrase."""

_SURE = 1.28  # standard deviations: nine in ten
_LONGEST = 3  # words
_SIGNS = (2, 3)  # characters that a phrase must have at either end: where no spaces are written, where they are
_LONGEST_RUN = 8  # characters where no spaces are written
_READ = 6000  # characters of a text
_PRIOR = 10.0  # texts that the prior weighs as much as
_EVERYDAY = 0.4  # of the texts
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|[-'](?=[^\W_]))+")
_BREAK = re.compile(r"[^\w\s'-]+|\n")
_RUN = re.compile(r"[\u3005\u3400-\u4dbf\u4e00-\u9fff\u30a1-\u30fa\u30fc\uac00-\ud7a3]{2,}")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A phrase as it mostly stands, how surely it tells the topic, in how many texts of the topic and of the rest."""

    phrase: str
    score: float
    inside: int
    outside: int


def propose(
    inside: Sequence[str], outside: Sequence[str], language: str, known: Iterable[str], limit: int
) -> list[Proposal]:
    """The phrases of one language that tell the texts `inside` a topic from those `outside`, the surest first.

    Nothing is proposed that lies within one of the `known` phrases, or around one.
    """
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    counts = [_counted(texts, language, forms) for texts in (inside, outside)]
    held = [folded(phrase).replace("*", "").strip('" ') for phrase in known]
    everyday = _everyday(counts[0] + counts[1], len(inside) + len(outside))
    scored = []
    for key, count in counts[0].items():
        said = forms[key].most_common(1)[0][0]
        first, _, last = key.partition(" ")
        ends = {first, last.rpartition(" ")[2] or first}
        if count < FEWEST or ends & everyday or min(map(len, ends)) < _SIGNS[language not in UNSPACED]:
            continue
        if any(one and (one in said or said in one) for one in held):
            continue
        score = _score(count, counts[1][key], len(inside), len(outside))
        if score >= _SURE:
            scored.append(Proposal(said, round(score, 2), count, counts[1][key]))
    scored.sort(key=lambda one: (-one.score, -len(one.phrase), one.phrase))
    return _without_parts(scored, limit)


def _counted(texts: Iterable[str], language: str, forms: dict[str, Counter[str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        here: dict[str, str] = {}
        for key, said in _phrases(folded(text[:_READ].replace("\n", ". ")), language):
            here.setdefault(key, said)
        counts.update(here.keys())
        for key, said in here.items():
            forms[key][said] += 1
    return counts


def _phrases(text: str, language: str) -> Iterator[tuple[str, str]]:
    """The phrases of a text, each by its stems and as it stands."""
    if language in UNSPACED:
        for run in _RUN.findall(text):
            for length in range(_SIGNS[0], min(_LONGEST_RUN, len(run)) + 1):
                for start in range(len(run) - length + 1):
                    yield (said := run[start : start + length]), said
        return
    known = stems(language)
    for piece in _BREAK.split(text):
        words = _WORD.findall(piece)
        roots = [known.of_text(word)[0] if known else word for word in words]
        for length in range(1, _LONGEST + 1):
            for start in range(len(words) - length + 1):
                yield " ".join(roots[start : start + length]), " ".join(words[start : start + length])


def _score(inside: int, outside: int, of_inside: int, of_outside: int) -> float:
    """How many standard deviations the log-odds of a phrase lie apart (Monroe and others, equations 16 and 22)."""
    prior = _PRIOR * (inside + outside) / (of_inside + of_outside)
    first = log((inside + prior) / (of_inside + _PRIOR + 1 - inside - prior))
    second = log((outside + prior) / (of_outside + _PRIOR + 1 - outside - prior))
    return (first - second) / sqrt(1 / (inside + prior) + 1 / (outside + prior))


def _everyday(counts: Counter[str], texts: int) -> frozenset[str]:
    """The words that stand in so many texts that no phrase begins or ends with one."""
    return frozenset(word for word, count in counts.items() if count > max(FEWEST, _EVERYDAY * texts))


def _without_parts(scored: Iterable[Proposal], limit: int) -> list[Proposal]:
    """The first of them, but none that another already says: a part of it, or it with more around, in as many texts."""
    taken: list[Proposal] = []
    for one in scored:
        same = (one.inside, one.outside)
        if any(
            (one.phrase in other.phrase and same == (other.inside, other.outside)) or other.phrase in one.phrase
            for other in taken
        ):
            continue
        taken.append(one)
        if len(taken) == limit:
            break
    return taken
