"""Words by their stems: the Snowball algorithms (Porter, 2001; snowballstem.org), and where they join too much."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import Stemmer

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = str(Stemmer.version())
"""That of the algorithms: another may give other stems, and so other labels."""

_ALGORITHMS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch",
    "en": "english", "eo": "esperanto", "et": "estonian", "fi": "finnish", "fr": "french", "de": "german",
    "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian",
    "lt": "lithuanian", "ne": "nepali", "no": "norwegian", "fa": "persian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# A stem of fewer letters belongs to too many words: those that have it are sought as they are written.
SHORTEST = 3
# Words that share an English stem and mean other things: each line keeps to itself.
_APART = (
    "arms",
    "author authors",
    "authority authorities",
    "college colleges",
    "colleague colleagues",
    "customs",
    "experiment experiments experimental experimented",
    "experience experiences experienced",
    "general",
    "generation generations",
    "generate generates generated generating",
    "import imports imported importing importer importers",
    "important",
    "internal internally",
    "international internationally",
    "intern interns",
    "mission missions",
    "opera operas",
    "operation operations operational",
    "organ organs",
    "organic organically",
    "organization organizations organisation organisations",
    "organize organizes organized organizing",
    "party parties",
    "personal personally",
    "police policing policed",
    "policy policies",
    "secure secures secured securing",
    "security securities",
    "universe universes",
    "universal universally",
    "university universities",
)
_GROUPS = {"en": {word: f"{line.split()[0]} " for line in _APART for word in line.split()}}
# Of a short Russian stem only these are endings of the same word: `визит` is no form of `виза`.
_SHORT_RUSSIAN = 3
_RUSSIAN_ENDINGS = frozenset(
    [
        "",
        *"аыиеуояюьй",
        "ой",
        "ою",
        "ей",
        "ею",
        "ом",
        "ем",
        "ам",
        "ям",
        "ами",
        "ями",
        "ах",
        "ях",
        "ов",
        "ев",
        "ию",
        "ии",
    ]
)
# A noun may end in itself in what is an ending of others (`остров`, `паром`), and lose a vowel (`рынок`, `рынки`).
_LIKE_ENDINGS = ("ов", "ев", "ом", "ем")
_FLEETING = {"ок": "к", "ек": "к", "ец": "ц"}
_ENOUGH = 4  # letters before them, for a vowel to be lost


class Stems:
    """The stems of one language: one for a word where it is clear which, several where only a text can tell."""

    def __init__(self, algorithm: str, language: str) -> None:
        self._bare: Callable[[str], str] = Stemmer.Stemmer(algorithm, 0).stemWord  # callers remember what they ask
        self._groups = _GROUPS.get(language, {})
        self._russian = language == "ru"

    def of_phrase(self, word: str, *, alone: bool) -> tuple[str, ...]:
        """What a folded word of a phrase is to be found by; `alone` is one without another to say what is meant."""
        stem = self._stem(word)
        if not self._russian:
            return (stem,)
        if word.endswith(_LIKE_ENDINGS) and stem == word[:-2]:
            return (word,) if alone or len(stem) <= _SHORT_RUSSIAN else (word, stem)
        return (stem, *_without_vowel(word))

    def of_text(self, word: str) -> tuple[str, ...]:
        """What a folded word of a text may be found by."""
        stem = self._stem(word)
        if not self._russian:
            return (stem,)
        return tuple(dict.fromkeys((stem, word, *_without_vowel(word))))

    def _stem(self, word: str) -> str:
        if group := self._groups.get(word):
            return group
        stem = self._bare(word)
        if self._russian and len(stem) <= _SHORT_RUSSIAN and word[len(stem) :] not in _RUSSIAN_ENDINGS:
            return word
        return stem


def _without_vowel(word: str) -> tuple[str, ...]:
    end = _FLEETING.get(word[-2:])
    return (word[:-2] + end,) if end and len(word) >= _ENOUGH else ()


@lru_cache(maxsize=64)
def stems(language: str) -> Stems | None:
    """The stems of a language (ISO 639-1); None where there is no algorithm for it."""
    name = _ALGORITHMS.get(language)
    return Stems(name, language) if name else None
