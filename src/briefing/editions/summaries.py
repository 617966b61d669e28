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

from briefing.editions.quotes import OMITTED, QUOTE, opening, prose
from briefing.text import UNSPACED, fold, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST = 3  # sentences

_WHOLE = 600  # characters of one sentence; what is longer is no sentence but a list or a table
_CLOSE_SET = frozenset({"ja", "zh"})
_BETWEEN = 1 + len(OMITTED) + 1  # characters between two sentences
_CONSIDERED = 60  # sentences, from the start
_SHORT = 25  # characters of a sentence that says something; in languages without spaces a third of it
_PLACE, _MIDDLE, _TITLE, _AGAIN = 0.8, 0.6, 0.8, 0.4
_STEM = 6  # letters of a word by which it is the same word
_WORD = re.compile(r"[^\W_]+")
_ANNOUNCING = 120  # characters up to which a sentence that points at what follows is taken to say nothing else
_FOLLOWS = re.compile(  # how such a sentence ends, by language
    r"""(?:[:：]
    | \b(?:as\ follows | (?:the\ )?following | given\ below | set\ out\ below
    | wie\ folgt | folgende[snr]? | comme\ suit | (?:le|la|les|ce\ qui)\ suivante?s? | ci-dessous | qui\ suit
    | (?:lo\ )?siguientes? | a\ continuación | o\ seguinte | quanto\ segue
    | следующ(?:ее|ем|ие|им|ая|ий) | ниже | нижче | наступн(?:е|і|ий|им) | ως\ (?:εξής|ακολούθως)
    | निम्नलिखित(?:\ है|\ हैं)? | इस\ प्रकार(?:\ है|\ हैं)? | كما\ يلي | ما\ يلي | النحو\ (?:التالي|الآتي))
    | (?:以下|次|下記)の?(?:とおり|通り)(?:です|である|であります)? | 如下
    | (?:다음과|아래와)\ 같(?:다|습니다|은))[.。।．]?$""",
    re.VERBOSE | re.IGNORECASE,
)
# Languages that write no ordinal as figure and full stop: there "1." before a sentence counts paragraphs.
_COUNTING = frozenset({"en", "fr", "es", "it", "pt", "ru", "uk", "el", "ar", "hi", "ja", "zh", "ko"})
_COUNT = re.compile(r"\(?\d{1,2}(?:\)|[.．])\s+(?=[^\W\d])")

Vector = dict[str, float]


def summary(title: str, text: str, language: str, most: int = MOST, limit: int = QUOTE) -> list[tuple[int, str]]:
    """At most so many sentences in at most so many characters, each with its place among those of the text.

    None is cut: one that is longer than the limit is passed over. Empty where nothing is left.
    """
    told = [_uncounted(one, language) for line in prose(title, text) for one in sentences(line, language)][:_CONSIDERED]
    long = [place for place, one in enumerate(told) if _says(one, language)]
    known = [place for place in long if not _announces(told[place])] or long
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
    return _joined(pieces, language)


def _joined(pieces: Sequence[str], language: str) -> str:
    """Sentences one behind the other, as the language writes them: Chinese and Japanese put no space between them."""
    if language.partition("-")[0] not in _CLOSE_SET:
        return " ".join(pieces)
    return re.sub(r"(?<=[。！？]) (?!\[)", "", " ".join(pieces))


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


def _announces(sentence: str) -> bool:
    """Whether a sentence only points at what stands below it: The overview of the meeting is as follows."""
    return len(sentence) <= _ANNOUNCING and _FOLLOWS.search(sentence) is not None


def _uncounted(sentence: str, language: str) -> str:
    """A sentence without the number of its paragraph."""
    return (
        _COUNT.sub("", sentence, count=1)
        if language.partition("-")[0] in _COUNTING and _COUNT.match(sentence)
        else sentence
    )


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
