"""The sentences of a text that say most of it: its publisher's own, whole, in their order, three at most.

A sentence counts by its place (the first most), by how near it is to the middle of all sentences (the centroid of
their TF-IDF vectors; Radev and others, "Centroid-based summarization of multiple documents", 2004) and by how near it
is to the title; what repeats one that was chosen counts less (maximal marginal relevance; Carbonell and Goldstein,
1998). Pure, and the same on every machine.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from briefing.editions.quotes import QUOTE, opening, prose
from briefing.text import UNSPACED, fold, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST = 3  # sentences
OMITTED = "[…]"

_WHOLE = 600  # characters of one sentence; what is longer is no sentence but a list or a table
_BETWEEN = 1 + len(OMITTED) + 1  # characters between two sentences
_CONSIDERED = 60  # sentences, from the start
_SHORT = 25  # characters of a sentence that says something; in languages without spaces a third of it
_PLACE, _MIDDLE, _TITLE, _AGAIN = 0.8, 0.6, 0.8, 0.4
_STEM = 6  # letters of a word by which it is the same word
_WORD = re.compile(r"[^\W_]+")

Vector = dict[str, float]


def summary(title: str, text: str, language: str, most: int = MOST, limit: int = QUOTE) -> list[tuple[int, str]]:
    """At most so many sentences in at most so many characters, each with its place among those of the text.

    None is cut: one that is longer than the limit is passed over. Empty where nothing is left.
    """
    told = [one for line in prose(title, text) for one in sentences(line, language)][:_CONSIDERED]
    known = [place for place, one in enumerate(told) if _says(one, language)]
    if not known:
        return []
    vectors = _vectors([told[place] for place in known], language)
    weights = _weights(vectors, _vector(Counter(_terms(title, language)), {}))
    chosen: list[int] = []
    while len(chosen) < most:
        left = limit - sum(len(told[known[one]]) + _BETWEEN for one in chosen)
        fitting = [n for n, place in enumerate(known) if n not in chosen and len(told[place]) <= left]
        if not fitting:
            break
        best = max(fitting, key=lambda n: (_worth(n, weights, vectors, chosen), -n))
        chosen.append(best)
    return [(known[n], told[known[n]]) for n in sorted(chosen)]


def quotation(title: str, text: str, language: str, limit: int = QUOTE) -> str:
    """The summary of a text as one quotation; what was left out between its sentences is marked.

    Where no sentence is short enough, it is the opening of the text, cut at a word.
    """
    found = summary(title, text, language, limit=limit)
    if not found:
        return opening(title, text, language, limit)
    pieces = [found[0][1]]
    for (before, _), (place, told) in pairwise(found):
        pieces.append(told if place == before + 1 else f"{OMITTED} {told}")
    return " ".join(pieces)


def most_telling(items: Iterable[tuple[str, str, str]]) -> int:
    """Which of several texts on one event (title, text, language) tells most of what all tell: its place among them.

    The text nearest to the middle of all of its language; of equals the first.
    """
    texts = list(items)
    bags = [_vector(Counter(_terms(f"{title} {text[:2000]}", language)), {}) for title, text, language in texts]
    scores = []
    for place, (_, _, language) in enumerate(texts):
        alike = [bag for other, bag in enumerate(bags) if texts[other][2] == language]
        scores.append((len(alike), _cosine(bags[place], _sum(alike)), -place))
    return -max(scores, default=(0, 0.0, 0))[2]


def _says(sentence: str, language: str) -> bool:
    least = _SHORT // 3 if language.partition("-")[0] in UNSPACED else _SHORT
    return least <= len(sentence) <= _WHOLE


def _terms(text: str, language: str) -> list[str]:
    words = _WORD.findall(fold(text))
    if language.partition("-")[0] not in UNSPACED:
        return [word[:_STEM] for word in words if len(word) > 1]
    return [word[at : at + 2] for word in words for at in range(max(1, len(word) - 1))]


def _vectors(told: Sequence[str], language: str) -> list[Vector]:
    bags = [Counter(_terms(one, language)) for one in told]
    spread = Counter(term for bag in bags for term in bag)
    rare = {term: math.log(1 + len(bags) / count) for term, count in spread.items()}
    return [_vector(bag, rare) for bag in bags]


def _vector(bag: Mapping[str, int], rare: Mapping[str, float]) -> Vector:
    return {term: (1 + math.log(count)) * rare.get(term, 1.0) for term, count in bag.items()}


def _weights(vectors: Sequence[Vector], title: Vector) -> list[float]:
    middle = _sum(vectors)
    return [
        _PLACE / (1 + 2 * place) + _MIDDLE * _cosine(one, middle) + _TITLE * _cosine(one, title)
        for place, one in enumerate(vectors)
    ]


def _worth(number: int, weights: Sequence[float], vectors: Sequence[Vector], chosen: Iterable[int]) -> float:
    again = max((_cosine(vectors[number], vectors[one]) for one in chosen), default=0.0)
    return round(weights[number] - _AGAIN * again, 9)  # so that no machine's last digit decides


def _sum(vectors: Iterable[Vector]) -> Vector:
    total: Vector = {}
    for vector in vectors:
        for term, weight in vector.items():
            total[term] = total.get(term, 0.0) + weight
    return total


def _cosine(one: Vector, other: Vector) -> float:
    if not one or not other:
        return 0.0
    shared = math.fsum(weight * other[term] for term, weight in one.items() if term in other)
    return shared / (_length(one) * _length(other))


def _length(vector: Vector) -> float:
    return math.sqrt(math.fsum(weight * weight for weight in vector.values()))
