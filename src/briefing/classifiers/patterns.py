"""Phrases as they are written in the configuration, sought all at once.

One automaton (Aho and Corasick, 1975) finds a literal piece of each phrase; wildcards and word boundaries are then
tried at that place only, so the cost grows with the text and not with the number of phrases.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ahocorasick

from briefing.classifiers.folding import folded
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
_STAR = re.compile(rf"(?<={_WORD})\*+(?!{_WORD})")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A phrase ready to be sought: its longest literal piece, and what must stand after and (read backwards) before."""

    topic: str
    phrase: str
    masks: bool
    anchor: str
    before: re.Pattern[str]
    after: re.Pattern[str]


def compile_phrase(topic: str, phrase: str, language: str, *, masks: bool) -> Pattern | None:
    """The pattern of a phrase; None where nothing is left of it.

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
    return Pattern(topic, phrase, masks, pieces[at], re.compile("".join(before)), re.compile("".join(after)))


def _last_ending(letter: str, language: str) -> str:
    if language not in UNSPACED:
        return f"{_ENDING}(?!{_WORD})"
    return _FOREIGN_ENDING if re.match(_FOREIGN_WORD, letter) else ""


class Matcher:
    """All patterns of one language."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        """`patterns` must not be empty."""
        groups: dict[str, list[Pattern]] = defaultdict(list)
        for pattern in patterns:
            groups[pattern.anchor].append(pattern)
        self._automaton = ahocorasick.Automaton()
        for anchor, group in groups.items():
            self._automaton.add_word(anchor, tuple(group))
        self._automaton.make_automaton()

    def find(self, text: str) -> Iterator[tuple[Pattern, int, int]]:
        """Every match in a folded text, with its start and end, in no particular order; matches may overlap."""
        backwards = ""
        for last, group in self._automaton.iter(text):
            backwards = backwards or text[::-1]
            for pattern in group:
                after = pattern.after.match(text, last + 1)
                if after is None:
                    continue
                before = pattern.before.match(backwards, len(text) - 1 - last + len(pattern.anchor))
                if before is not None:
                    yield pattern, len(text) - before.end(), after.end()
