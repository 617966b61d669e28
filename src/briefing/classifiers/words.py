"""Phrases of whole words in any of their forms, sought by stems in languages that write spaces."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from briefing.classifiers.folding import folded
from briefing.classifiers.stems import SHORTEST, stems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from briefing.classifiers.patterns import Pattern
    from briefing.classifiers.stems import Stems

# English compounds keep the form of all but their last word: "officials visit" is no "official visit". Before one of
# these a word ends a phrase of its own: "visits to the islands".
_LINKS = frozenset("of to for in on at with between from by over against and or".split())  # noqa: SIM905
_KNOWN = 200_000  # words of a language that are remembered with what they may begin
_LONGEST_ENDING = 64
_MARKED = frozenset({"ar", "fa", "hi", "ne", "ta", "yi"})


class Word(NamedTuple):
    """One word of a phrase. `kind` is `stem`, `exact` or `start`; of a `rigid` word only shorter forms count too."""

    kind: str
    text: str
    stems: tuple[str, ...] = ()
    rigid: bool = False


class WordPattern(NamedTuple):
    """A phrase as words, with the signs before, between and behind them."""

    pattern: Pattern
    words: tuple[Word, ...]
    signs: tuple[str, ...]
    anchor: int


def word_form(language: str, marks: str) -> re.Pattern[str]:
    """What one word of folded text is: letters and digits, with the English possessive."""
    letters = rf"(?:[^\W_]|[{marks}])+" if language in _MARKED else r"[^\W_]+"
    return re.compile(rf"{letters}(?:'s(?![^\W_]))?" if language == "en" else letters)


def compile_words(pattern: Pattern, phrase: str, language: str, form: re.Pattern[str]) -> WordPattern | None:
    """A phrase by stems; None where none of its words has a stem to be sought by.

    A word is sought as written where it bears a `*`, holds a digit, is all in capitals, or has too short a stem.
    """
    known = stems(language)
    if known is None:
        return None
    words: list[Word] = []
    signs, done = [], 0
    text = folded(phrase).strip()
    found = list(form.finditer(text))
    originals = [one.group() for one in form.finditer(_levelled(phrase))]
    for number, one in enumerate(found):
        signs.append(text[done : one.start()])
        original = originals[number] if len(originals) == len(found) else one.group()
        done = one.end()
        star = re.compile(r"\*+").match(text, done)
        if star and not form.match(text, star.end()):
            done = star.end()
            words.append(Word("start", one.group()))
            continue
        following = found[number + 1].group() if number + 1 < len(found) else ""
        rigid = language == "en" and bool(following) and following not in _LINKS
        words.append(_word(one.group(), original, known, rigid=rigid, alone=len(found) == 1))
    signs.append(text[done:])
    stemmed = [index for index, word in enumerate(words) if word.kind == "stem"]
    if not stemmed or "*" in "".join(signs):
        return None
    anchor = max(stemmed, key=lambda index: len(words[index].stems[0]))
    return WordPattern(pattern, tuple(words), tuple(map(_bare, signs)), anchor)


def _levelled(phrase: str) -> str:
    """A phrase with the case it is written in, cut into words where its folded form is."""
    return phrase.replace("’", "'").strip()


def _word(text: str, original: str, known: Stems, *, rigid: bool, alone: bool) -> Word:
    acronym = len(original) > 1 and original.isupper()
    roots = known.of_phrase(text, alone=alone)
    if acronym or any(sign.isdigit() for sign in text) or min(map(len, roots)) < SHORTEST:
        return Word("exact", text)
    return Word("stem", text, roots, rigid)


def _bare(sign: str) -> str:
    return sign.replace("'", "")


class Words:
    """The phrases by stems of one language."""

    def __init__(self, patterns: Iterable[WordPattern], language: str, form: re.Pattern[str]) -> None:
        """`language` must have a stemmer."""
        known = stems(language)
        assert known is not None
        self._stems = known
        self._form = form
        self._anchored: dict[str, list[WordPattern]] = defaultdict(list)
        for one in patterns:
            for stem in one.words[one.anchor].stems:
                self._anchored[stem].append(one)
        self._known: set[str] = set()
        self._hot: dict[str, list[WordPattern]] = {}

    def find(self, text: str) -> Iterator[tuple[Pattern, int, int]]:
        """Every match in a folded text, with its start and end; matches may overlap."""
        words = set(self._form.findall(text))
        if len(self._known) > _KNOWN:
            self._known.clear()
            self._hot.clear()
        for word in words - self._known:
            self._learn(word)
        if words.isdisjoint(self._hot):
            return
        found = [(one.group(), one.start(), one.end()) for one in self._form.finditer(text)]
        for index, (word, _, _) in enumerate(found):
            for pattern in self._hot.get(word, ()):
                first = index - pattern.anchor
                if first >= 0 and (span := self._match(pattern, found, first, text)):
                    yield pattern.pattern, *span

    def _learn(self, word: str) -> None:
        self._known.add(word)
        found = [one for stem in self._stems.of_text(word) for one in self._anchored.get(stem, ())]
        if found:
            self._hot[word] = list(dict.fromkeys(found))

    def _match(
        self, pattern: WordPattern, found: list[tuple[str, int, int]], first: int, text: str
    ) -> tuple[int, int] | None:
        here = found[first : first + len(pattern.words)]
        if len(here) < len(pattern.words) or not all(map(self._is, pattern.words, (word for word, _, _ in here))):
            return None
        for sign, (_, _, end), (_, start, _) in zip(pattern.signs[1:], here, here[1:], strict=False):
            if _bare(text[end:start]) != sign:
                return None
        start, end = here[0][1], here[-1][2]
        before, after = pattern.signs[0], pattern.signs[-1]
        if not text.startswith(after, end) or not text.endswith(before, 0, start):
            return None
        return start - len(before), end + len(after)

    def _is(self, word: Word, text: str) -> bool:
        if word.kind == "exact":
            return text in (word.text, f"{word.text}'s")
        if word.kind == "start":
            return text.startswith(word.text) and len(text) - len(word.text) <= _LONGEST_ENDING
        if text == word.text:
            return True
        longer = word.rigid and len(text) > len(word.text)
        return not longer and not set(word.stems).isdisjoint(self._stems.of_text(text))
