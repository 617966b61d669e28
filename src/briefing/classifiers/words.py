"""Phrases of whole words in any of their forms, sought by stems in languages that write spaces."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import takewhile
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
KNOWN = 20_000  # words that are remembered, with what was found of them
LONGEST_ENDING = 64
_GAP = 64  # characters between two words of a phrase, and the next word
_MARKED = frozenset({"ar", "fa", "hi", "ne", "ta", "yi"})


class Word(NamedTuple):
    """One word of a phrase. `kind` is `stem`, `exact` or `start`; of a `rigid` word only shorter forms count too."""

    kind: str
    text: str
    stems: tuple[str, ...] = ()
    rigid: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class WordPattern:
    """A phrase as words, with the signs before, between and behind them."""

    pattern: Pattern
    words: tuple[Word, ...]
    signs: tuple[str, ...]
    stems: Stems
    fits: tuple[dict[str, bool], ...]  # whether a word of a text is one of the phrase, as far as it was asked


def word_form(language: str, marks: str) -> re.Pattern[str]:
    """What one word of folded text is: letters and digits, and where a script has them the marks on them."""
    return re.compile(rf"(?:[^\W_]|[{marks}])+" if language in _MARKED else r"[^\W_]+")


def compile_words(pattern: Pattern, phrase: str, language: str, form: re.Pattern[str]) -> WordPattern | None:
    """A phrase by stems; None where none of its words has a stem to be sought by.

    A word is sought as written where it bears a `*`, holds a digit, is all in capitals, or has too short a stem.
    """
    known = stems(language)
    if known is None:
        return None
    text = folded(phrase).strip()
    texts, originals = form.findall(text), form.findall(phrase)
    signs = [_bare(sign) for sign in form.split(text)]
    words = []
    for number, text in enumerate(texts):
        sign = signs[number + 1]
        following = texts[number + 1] if number + 1 < len(texts) else ""
        if (rest := sign.lstrip("*")) != sign and (rest or not following):
            signs[number + 1] = rest
            words.append(Word("start", text))
            continue
        rigid = language == "en" and bool(following) and following not in _LINKS
        capitals = len(originals) == len(texts) and len(text) > 1 and originals[number].isupper()
        words.append(_word(text, known, rigid=rigid, alone=len(texts) == 1, exact=capitals))
    if not any(word.stems for word in words) or "*" in "".join(signs):
        return None
    return WordPattern(pattern, tuple(words), tuple(signs), known, tuple({} for _ in words))


def _word(text: str, known: Stems, *, rigid: bool, alone: bool, exact: bool) -> Word:
    roots = known.of_phrase(text, alone=alone)
    if exact or any(sign.isdigit() for sign in text) or min(map(len, roots)) < SHORTEST:
        return Word("exact", text)
    return Word("stem", text, roots, rigid)


def _bare(sign: str) -> str:
    return sign.replace("'", "")


# In these languages words that share a stem begin alike, but for its last letter and for marks on its vowels.
_BEGINNING_ALIKE = frozenset({"en", "ru", "de", "fr", "es", "it", "pt"})
_CHANGING = ("e", "i", "y", "bl")  # how English stems end that words may lack: hope, hoping; possible, possibility
_UMLAUTS = {"a": "ä", "o": "ö", "u": "ü"}
_SHORT = 2


def beginnings(one: WordPattern, language: str) -> tuple[str, ...]:
    """What a phrase begins with wherever it stands: one of these; empty in languages where that cannot be said."""
    first = one.words[0]
    if language not in _BEGINNING_ALIKE:
        return ()
    if first.stems and not first.rigid:
        return tuple(dict.fromkeys(_starts(first, language)))
    said = ""
    for word, sign in zip(one.words, one.signs[1:], strict=True):
        if word.stems and not word.rigid:
            return tuple(said + start for start in dict.fromkeys(_starts(word, language)))
        if word.kind != "exact" and word.text.endswith("s"):
            return (said + word.text[:-1],)
        said += word.text
        if word.kind == "start" or not sign:  # an apostrophe may stand there, or not
            break
        said += sign
    return (said,)


def _starts(word: Word, language: str) -> Iterator[str]:
    for stem in word.stems:
        root = stem.strip()
        if language == "ru":
            yield root[:-1] if root.endswith(("к", "ц")) and len(root) > _SHORT else root
            continue
        alike = "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(word.text, root, strict=False)))
        if language == "en":
            yield alike[:-1] if alike == root and root.endswith(_CHANGING) and len(root) > _SHORT else alike
            continue
        length = max(_SHORT, len(root) - 2)
        yield from (word.text[:length], root[:length])
        if language == "de":
            yield from (
                root[:place] + _UMLAUTS[sign] + root[place + 1 : length]
                for place, sign in enumerate(root[:length])
                if sign in _UMLAUTS
            )


def at(one: WordPattern, form: re.Pattern[str], text: str, start: int) -> tuple[int, int] | None:
    """Where a phrase stands whose first word begins at `start`, which no letter may precede; None where it does not."""
    if one.signs[0] and not text.endswith(one.signs[0], 0, start):
        return None
    position, last = start, len(one.words) - 1
    for number, fits in enumerate(one.fits):
        found = form.match(text, position)
        if found is None or not _fits(one, number, fits, found.group()):
            return None
        position = found.end()
        if number < last:
            after = form.search(text, position, position + _GAP)
            if after is None or _bare(text[position : after.start()]) != one.signs[number + 1]:
                return None
            position = after.start()
    if not text.startswith(one.signs[-1], position):
        return None
    return start - len(one.signs[0]), position + len(one.signs[-1])


def begins(one: WordPattern, text: str) -> bool:
    """Whether a word of a text is the first of a phrase."""
    return _fits(one, 0, one.fits[0], text)


def _fits(one: WordPattern, number: int, fits: dict[str, bool], text: str) -> bool:
    if (fit := fits.get(text)) is None:
        if len(fits) > KNOWN:
            fits.clear()
        fits[text] = fit = _is(one.words[number], text, one.stems)
    return fit


def _is(word: Word, text: str, known: Stems) -> bool:
    if word.kind == "start":
        return text.startswith(word.text) and len(text) - len(word.text) <= LONGEST_ENDING
    if text == word.text or word.kind == "exact":
        return text == word.text
    if word.rigid and f"{text}s" != word.text:
        return False
    return not set(word.stems).isdisjoint(known.of_text(text))


class Words:
    """Phrases by stems where words may differ from their beginning on: every word of a text is looked up."""

    def __init__(self, patterns: Iterable[WordPattern], form: re.Pattern[str]) -> None:
        """`patterns` must not be empty."""
        self._form = form
        self._begun: dict[str, list[WordPattern]] = defaultdict(list)
        self._open: list[WordPattern] = []
        for one in patterns:
            self._stems = one.stems
            for stem in one.words[0].stems:
                self._begun[stem].append(one)
            if not one.words[0].stems:
                self._open.append(one)
        self._known: dict[str, list[WordPattern]] = {}

    def find(self, text: str) -> Iterator[tuple[Pattern, int, int]]:
        """Every match in a folded text, with its start and end; matches may overlap."""
        for found in self._form.finditer(text):
            word = found.group()
            if word not in self._known:
                self._learn(word)
            for one in self._known[word]:
                if span := at(one, self._form, text, found.start()):
                    yield one.pattern, *span

    def _learn(self, word: str) -> None:
        if len(self._known) > KNOWN:
            self._known.clear()
        begun = [one for stem in self._stems.of_text(word) for one in self._begun.get(stem, ())]
        begun += [one for one in self._open if _is(one.words[0], word, self._stems)]
        self._known[word] = begun
