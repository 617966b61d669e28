"""The sentences of two versions of a text, side by side; words and signs as the script has them."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from briefing.editions.align import align
from briefing.text import UNSPACED, sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Pair = tuple[str | None, str | None]  # a sentence before and after; None where it was added or removed

_SPACE = re.compile(r"\s+")
_LINE = re.compile(r"\s*\S[^\n]*\s*")
_PUNCTUATION = r"!-/:-@\[-`{-~¡-¿\u2000-\u206f\u2e00-\u2e7f\u3000-\u303f\uff00-\uff0f\uff1a-\uff20"
_NUMBER = r"\d+(?:[.,:]\d+)*"
_WORDS = re.compile(rf"(?:{_NUMBER}|[^\s{_PUNCTUATION}]+|\S)\s*")
# Marks that stand on the sign before them: a difference never tears them off. Kana, Thai, Lao, Khmer, Burmese.
_MARKS = "\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd"
_MARKS += "\u102b-\u103e\u17b4-\u17d3"
_SIGNS = re.compile(rf"(?:{_NUMBER}|[A-Za-z\u00c0-\u024f\u0370-\u052f]+|\S)[{_MARKS}]*\s*")

_LONG_LINE = 2_000  # characters; longer lines are cut at a sentence end so that finding sentences stays cheap
_STOP = re.compile(r"[.!?…][^\w\s]*\s+|[。！？][^\w\s]*\s*")
_ALIKE = 0.4  # share of common words from which two sentences count as one that was reworded
_AHEAD = 8  # how many sentences are tried for the one that was reworded


def sentence_pairs(before: str, after: str, language: str) -> list[Pair]:
    """The sentences of both texts, side by side where one was reworded into the other; paragraphs alike stay whole.

    White space after a sentence belongs to it, so that each side joined gives its text back.
    """
    if same(before, after):
        return [(before, after)]
    olds, news = _paragraphs(before), _paragraphs(after)
    pairs: list[Pair] = []
    for alike, i, i_end, j, j_end in align([*map(bare, olds)], [*map(bare, news)]):
        if alike:
            pairs += zip(olds[i:i_end], news[j:j_end], strict=True)
        else:
            pairs += _sentence_pairs("".join(olds[i:i_end]), "".join(news[j:j_end]), language)
    return pairs


def _sentence_pairs(before: str, after: str, language: str) -> Iterator[Pair]:
    """The same for paragraphs of which each was changed, or only broken in another place."""
    if same(before, after):
        yield before, after
        return
    olds, news = segments(before, language), segments(after, language)
    for alike, i, i_end, j, j_end in align([*map(bare, olds)], [*map(bare, news)]):
        if alike:
            yield from zip(olds[i:i_end], news[j:j_end], strict=True)
        else:
            yield from _reworded(olds[i:i_end], news[j:j_end], language)


def segments(text: str, language: str) -> list[str]:
    """The sentences of a text, each with the white space after it; what stands before the first belongs to it."""
    found = []
    for line in chain.from_iterable(map(_pieces, _paragraphs(text))):
        starts = [start for start, _ in sentence_spans(line, language)] or [0]
        edges = [0, *starts[1:], len(line)]
        found += [line[start:end] for start, end in pairwise(edges)]
    return found


def tokens(text: str, language: str) -> list[str]:
    """Words (signs in scripts without spaces), numbers and punctuation marks, each with the white space after it."""
    return (_SIGNS if language in UNSPACED else _WORDS).findall(text)


def same(before: str, after: str) -> bool:
    """Whether two texts differ in white space at most."""
    return bare(before) == bare(after)


def bare(text: str) -> str:
    """A text without white space: the form in which words and sentences are compared."""
    return _SPACE.sub("", text)


def _paragraphs(text: str) -> list[str]:
    """Lines with their ends, blank ones with the line before."""
    return _LINE.findall(text) or list(filter(None, [text]))


def _pieces(line: str) -> Iterator[str]:
    """A line, if it is overlong in pieces that end with a sentence."""
    rest = line
    while len(rest) > _LONG_LINE and (stop := _STOP.search(rest, _LONG_LINE // 2)) and stop.end() < len(rest):
        yield rest[: stop.end()]
        rest = rest[stop.end() :]
    yield rest


def _reworded(olds: Sequence[str], news: Sequence[str], language: str) -> Iterator[Pair]:
    """Sentences that differ: each old one beside the most similar of the next new ones, if that is similar at all."""
    bags = [_bag(text, language) for text in news]
    place = 0
    for old in olds:
        bag = _bag(old, language)
        likeness = [_likeness(bag, other) for other in bags[place : place + _AHEAD]]
        best = max(likeness, default=0.0)
        if best < _ALIKE:
            yield old, None
            continue
        chosen = place + likeness.index(best)
        yield from ((None, new) for new in news[place:chosen])
        yield old, news[chosen]
        place = chosen + 1
    yield from ((None, new) for new in news[place:])


def _bag(text: str, language: str) -> Counter[str]:
    """What two sentences are compared by: words, or pairs of signs where single signs say little."""
    keys = [bare(token).casefold() for token in tokens(text, language)]
    if language in UNSPACED:
        return Counter(first + second for first, second in pairwise(keys)) or Counter(keys)
    return Counter(keys)


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Twice the common elements over all elements (Dice 1945)."""
    whole = one.total() + other.total()
    return 2 * (one & other).total() / whole if whole else 0.0
