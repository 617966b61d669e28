"""Phrases as they are written in the configuration, sought all at once.

One automaton (Aho and Corasick, 1975) finds a literal piece of each phrase; wildcards and word boundaries are then
tried at that place only, so the cost grows with the text and not with the number of phrases. Phrases whose words have
stems are sought by those (see `words`), regular expressions one by one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import ahocorasick

from briefing.classifiers.folding import folded
from briefing.classifiers.words import (
    KNOWN,
    LONGEST_ENDING,
    WordPattern,
    Words,
    at,
    beginnings,
    begins,
    compile_words,
    word_form,
)
from briefing.forms import form_of, spans
from briefing.text import UNSPACED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Vowel signs and accents are no letters for `re`, but they stand inside words.
_MARKS = "".join(
    chr(code) for code in (*range(0x300, 0x3100), *range(0xA660, 0xAC00)) if unicodedata.category(chr(code))[0] == "M"
)
_WORD = rf"(?:[^\W_]|[{_MARKS}])"
# In scripts without spaces only Latin, Greek and Cyrillic words and numbers have ends that can be seen.
_FOREIGN_WORD = "[0-9a-zß-öø-\u024f\u0370-\u052f]"
# Bounded, so that a text made for the purpose cannot make the search quadratic.
_ENDING = rf"(?:[^\W_]|['{_MARKS}]){{0,64}}"
_FOREIGN_ENDING = f"{_FOREIGN_WORD}{{0,64}}"
_FIRST_MARK = _MARKS[0]
_STAR = re.compile(rf"(?<={_WORD})\*+(?!{_WORD})")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A phrase of a topic, or one part of a form of several; `cased` is one that is found in capitals only."""

    topic: str
    phrase: str
    masks: bool
    part: int = 0
    cased: bool = False


@dataclass(frozen=True, slots=True)
class _Literal:
    """A pattern with its longest literal piece, and what must stand after and (read backwards) before."""

    pattern: Pattern
    anchor: str
    before: re.Pattern[str]
    after: re.Pattern[str]
    opens: bool  # whether `before` asks for no more than that no letter stands there; so `closes` of `after`
    closes: bool
    reach: int  # characters before the anchor that `before` may look at


class _Group(NamedTuple):
    """All that is sought by one anchor; `opens` where no letter may precede any of it, `closes` where none may follow.

    Most anchors stand inside other words, and one look at a neighbour tells so.
    """

    length: int
    opens: bool
    closes: bool
    literals: tuple[_Literal, ...]
    worded: tuple[WordPattern, ...]
    known: dict[str, list[WordPattern]]  # of these, the ones that a word may begin, as far as it was asked

    def beginning(self, form: re.Pattern[str], text: str, start: int) -> list[WordPattern]:
        """The phrases that the word may begin which stands at a place."""
        found = form.match(text, start)
        if found is None:
            return []
        word = found.group()
        if (fitting := self.known.get(word)) is None:
            if len(self.known) > KNOWN:
                self.known.clear()
            self.known[word] = fitting = [one for one in self.worded if begins(one, word)]
        return fitting


def _group(anchor: str, members: list[_Literal | WordPattern]) -> _Group:
    literals = tuple(one for one in members if isinstance(one, _Literal))
    worded = tuple(one for one in members if isinstance(one, WordPattern))
    closes = not worded and all(one.closes for one in literals)
    return _Group(len(anchor), all(one.opens for one in literals), closes, literals, worded, {})


def _literal(pattern: Pattern, phrase: str, language: str) -> _Literal | None:
    """A phrase as it is written; None where nothing is left of it.

    A `*` behind a word stands for any ending of that word, at most 64 letters; any other `*` is an asterisk. An end of
    the phrase that is a letter or digit must be an end of a word; in languages written without spaces this holds for
    words and numbers of other scripts only.
    """
    pieces = _STAR.split(folded(phrase).strip())
    if not pieces[0]:
        return None
    at = max(range(len(pieces)), key=lambda index: len(pieces[index]))
    after = [_ENDING + re.escape(piece) for piece in pieces[at + 1 :]]
    before = [_ENDING + re.escape(piece[::-1]) for piece in reversed(pieces[:at])]
    word = _FOREIGN_WORD if language in UNSPACED else _WORD
    if not pieces[-1]:
        after[-1] = _last_ending(pieces[-2][-1], language)
    elif re.match(word, pieces[-1][-1]):
        after.append(f"(?!{word})")
    if re.match(word, pieces[0][0]):
        before.append(f"(?!{word})")
    border = [f"(?!{_WORD})"]
    reach = sum(map(len, pieces[:at])) + LONGEST_ENDING * at + 1
    first, second = re.compile("".join(before)), re.compile("".join(after))
    return _Literal(pattern, pieces[at], first, second, before == border, after == border, reach)


def _last_ending(letter: str, language: str) -> str:
    if language not in UNSPACED:
        return f"{_ENDING}(?!{_WORD})"
    return _FOREIGN_ENDING if re.match(_FOREIGN_WORD, letter) else ""


class Matcher:
    """All phrases of one language."""

    def __init__(self, language: str, phrases: Iterable[tuple[str, str, bool]]) -> None:
        """`phrases` are topic, phrase and whether it masks: then it hides what is written and no other form of it."""
        self._form = word_form(language, _MARKS)
        self._language = language
        self._groups: dict[str, list[_Literal | WordPattern]] = defaultdict(list)
        self._expressions: list[tuple[Pattern, str]] = []
        worded: list[WordPattern] = []
        self.seeks = False  # whether there is anything but masks
        for topic, phrase, masks in phrases:
            self._take(Pattern(topic, phrase, masks), worded)
        self._words = Words(worded, self._form) if worded else None
        self._automaton = self._built()

    def _take(self, pattern: Pattern, worded: list[WordPattern]) -> None:
        form = form_of(pattern.phrase)
        if form is not None and form.kind == "regex":
            self._expressions.append((pattern, form.parts[0]))
            self.seeks = self.seeks or not pattern.masks
            return
        for part, phrase in enumerate(form.parts if form else (pattern.phrase,)):
            said, exact = unquoted(phrase)
            one = replace(pattern, part=part, cased=exact and said.isupper())
            if not exact and not pattern.masks and (words := compile_words(one, said, self._language, self._form)):
                starts = beginnings(words, self._language)
                for start in starts:
                    self._groups[start].append(words)
                if not starts:
                    worded.append(words)
            elif literal := _literal(one, said, self._language):
                self._groups[literal.anchor].append(literal)
            else:
                continue
            self.seeks = self.seeks or not pattern.masks

    def _built(self) -> ahocorasick.Automaton | None:
        if not self._groups:
            return None
        automaton = ahocorasick.Automaton()
        for anchor, group in self._groups.items():
            automaton.add_word(anchor, _group(anchor, group))
        automaton.make_automaton()
        return automaton

    def find(self, text: str) -> Iterable[tuple[Pattern, int, int]]:
        """Every match in a folded text, with its start and end, in no particular order; matches may overlap."""
        found = self._literals(text)
        if self._words is not None:
            found = chain(found, self._words.find(text))
        return chain(found, self._expressed(text)) if self._expressions else found

    def _expressed(self, text: str) -> Iterator[tuple[Pattern, int, int]]:
        for pattern, expression in self._expressions:
            for start, end in spans(expression, text):
                yield pattern, start, end

    def _literals(self, text: str) -> Iterator[tuple[Pattern, int, int]]:
        if self._automaton is None:
            return
        for last, group in self._automaton.iter(text):
            end = last + 1
            start = end - group.length
            if group.opens and start and text[start - 1].isalnum():
                continue
            if group.closes and text[end : end + 1].isalnum():
                continue
            for literal in group.literals:
                if span := _span(literal, text, start, end):
                    yield literal.pattern, *span
            if group.worded and not (start and text[start - 1].isalnum()):
                for one in group.beginning(self._form, text, start):
                    if span := at(one, self._form, text, start):
                        yield one.pattern, *span


def _span(one: _Literal, text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where a literal stands whose anchor is text[start:end]; None where what stands around it is not its own."""
    after = one.after.match(text, end)
    if after is None:
        return None
    if one.opens and (not start or text[start - 1] < _FIRST_MARK):
        return None if start and text[start - 1].isalnum() else (start, after.end())
    before = one.before.match(text[max(0, start - one.reach) : start][::-1])
    return None if before is None else (start - before.end(), after.end())


def unquoted(phrase: str) -> tuple[str, bool]:
    """A phrase without the straight quotation marks around it, and whether it had them: then it is sought as written.

    One in capitals is then found in capitals only.
    """
    inner = phrase.strip()
    quoted = len(inner) > len('""') and inner[0] == inner[-1] == '"' and '"' not in inner[1:-1]
    return (inner[1:-1], True) if quoted else (phrase, False)
