"""Whether two texts are one text, or one with other facts: a correction is never a reprint.

A reprint keeps sentences word by word, though lines may come and go above and below them. Where a sentence that both
have was altered, in anything but the spelling of a word, the later text says something else.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from briefing.text import UNSPACED, fold, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NEARLY = 0.6  # of two texts, or of two sentences, that are the same but for what was altered
_BETWEEN = 0.3  # of sentences that stand at the same place between sentences that both texts have
_SPELLED = 0.75  # of two spellings of one word
_ENOUGH = 10  # words without which nothing can be called a text
_ENOUGH_SIGNS = 30
_TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?")
_PLACE_AND_DAY = re.compile(r"^[^\W\d_][^–—\n]{1,70}?\s[-–—]{1,2}\s+(?=\S)")
_MARKS = re.compile(
    r"\b(?:correct(?:ion|ed|s)|corrigend(?:um|a)|errat(?:um|a)|clarification|retract(?:ion|ed|s)|"
    r"исправлен\w*|уточнен\w*|поправк\w*|опечатк\w*|berichtig\w+|korrektur|richtigstellung|rectificati\w+|"
    r"rectifié\w*|correcci[oó]n|corregid\w+|correzione|rettifica|correção|erratas?)\b|訂正|正誤|更正|勘误|정정",
    re.IGNORECASE,
)
_TURNING = frozenset(
    """no not never none nor neither without cannot can't won't isn't aren't wasn't weren't don't doesn't didn't hasn't
    haven't hadn't wouldn't couldn't shouldn't mustn't не нет ни без никогда nicht kein keine nie ohne ne pas jamais
    sans no nunca sin non mai hundred hundreds thousand thousands million millions billion billions trillion
    сто тысяч тысячи миллион миллионов миллиард миллиардов""".split()  # noqa: SIM905 - a table of words
)
_SLIGHT = frozenset("the a an that also of и же der die das le la les el los un une".split())  # noqa: SIM905


def judged(first: tuple[str, str], second: tuple[str, str], language: str) -> str:
    """Of two titles with their texts: `same`, `altered` (the same but for some facts), or empty for neither."""
    here, there = (_sentences(text, language) for _, text in (first, second))
    if not _enough(here, language) or not _enough(there, language):
        return ""
    shared, pairs = _paired(here, there, language)
    whole = max(sum(map(len, here)), sum(map(len, there)))
    if shared < _NEARLY * whole:
        return ""
    left = [one for one in here if one not in there], [one for one in there if one not in here]
    return "altered" if _told_so(first, second, left) or any(_harm(*pair) for pair in pairs) else "same"


def altered(first: tuple[str, str], second: tuple[str, str], language: str) -> bool:
    """Whether two texts that share most of their words were meant to say different things."""
    return judged(first, second, language) == "altered"


Words = tuple[str, ...]
Pair = tuple[Words, Words, bool]


def _sentences(text: str, language: str) -> list[Words]:
    text = unicodedata.normalize("NFKC", text)
    found = []
    for number, sentence in enumerate(sentences(text, language)):
        said = _PLACE_AND_DAY.sub("", sentence, count=1) if not number else sentence
        found.append(_tokens(said, language))
    return [words for words in found if words]


def _tokens(sentence: str, language: str) -> Words:
    found = tuple(_TOKEN.findall(sentence.replace("’", "'")))
    return tuple("".join(found)) if language in UNSPACED else found


def _enough(said: Sequence[Words], language: str) -> bool:
    return sum(map(len, said)) >= (_ENOUGH_SIGNS if language in UNSPACED else _ENOUGH)


def _paired(here: list[Words], there: list[Words], language: str) -> tuple[int, list[Pair]]:
    """How many words both have in the same or in altered sentences; the altered, and whether they are of signs."""
    signs = language in UNSPACED
    matcher = SequenceMatcher(None, list(map(_key, here)), list(map(_key, there)), autojunk=False)
    shared, pairs = 0, []
    left: list[Words] = []
    right: list[Words] = []
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        ours, theirs = here[i1:i2], there[j1:j2]
        if what == "equal":
            shared += sum(map(len, ours))
        elif i1 > 0 and i2 < len(here) and len(ours) == len(theirs):  # between sentences that both have
            for one, other in zip(ours, theirs, strict=True):
                if _alike(one, other) >= _BETWEEN:
                    pairs.append((one, other, signs))
                else:
                    left.append(one)
                    right.append(other)
        else:
            left += ours
            right += theirs
    pairs += _matched(left, right, signs=signs)
    return shared + sum(min(len(one), len(other)) for one, other, _ in pairs), pairs


def _matched(here: list[Words], there: list[Words], *, signs: bool) -> Iterator[Pair]:
    """Sentences that are nearly the same, wherever they stand."""
    left = list(there)
    for one in here:
        best = max(left, key=lambda other: _alike(one, other), default=None)
        if best is not None and _alike(one, best) >= _NEARLY:
            left.remove(best)
            yield one, best, signs


def _alike(one: Words, other: Words) -> float:
    matcher = SequenceMatcher(None, _key(one), _key(other), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _BETWEEN else 0.0


def _key(words: Words) -> Words:
    return tuple(fold(word) for word in words)


def _told_so(first: tuple[str, str], second: tuple[str, str], left: tuple[list[Words], list[Words]]) -> bool:
    """Whether one of the two, and only one, says that it corrects; or their titles alike but for a fact."""
    said = [
        bool(_MARKS.search(title) or any(_MARKS.search(" ".join(words)) for words in lines))
        for (title, _), lines in zip((first, second), left, strict=True)
    ]
    if said[0] != said[1]:
        return True
    titles = [tuple(_TOKEN.findall(fold(title))) for title, _ in (first, second)]
    turned = [{word for word in title if _fact(word)} for title in titles]
    return turned[0] != turned[1] and _alike(*titles) >= _NEARLY


def _fact(word: str) -> bool:
    return any(map(str.isdigit, word)) or word in _TURNING


def _harm(one: Words, other: Words, signs: bool) -> bool:  # noqa: FBT001 - it is part of a pair
    """Whether what differs between two forms of a sentence is more than spelling."""
    matcher = SequenceMatcher(None, _key(one), _key(other), autojunk=False)
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what == "equal":
            continue
        before, after = one[i1:i2], other[j1:j2]
        if signs or len(before) != len(after) or not before:
            if signs or any(fold(word) not in _SLIGHT for word in (*before, *after)):
                return True
        elif any(_other_word(*pair) for pair in zip(before, after, strict=True)):
            return True
    return False


def _other_word(one: str, other: str) -> bool:
    if any(_fact(fold(word)) or not word.islower() for word in (one, other)):
        return fold(one) != fold(other)
    return one[0] != other[0] or SequenceMatcher(None, one, other).ratio() < _SPELLED
