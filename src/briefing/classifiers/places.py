"""Countries and institutions by their names: the second axis, beside topics.

Names of countries are those of the Unicode CLDR 47 and 48 (Unicode License v3), Russian, Ukrainian and Polish ones in
their cases; capitals of states, adjectives and abbreviations are our own list. Institutions are the editor's.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from briefing.model import Named

SIGN = "@"
"""What stands before the name of a country or an institution where topics stand too: no topic begins so."""

_KATAKANA = frozenset(chr(code) for code in (*range(0x30A1, 0x30FB), 0x30FC))
# What holds a country's name and means no country.
_OTHERS: dict[str, tuple[str, ...]] = {
    "en": (
        *("Sea of Japan", "Indian Ocean", "American Indian*", "South China Sea", "East China Sea", "Air China"),
        *("New Mexico", "Georgia State", "Prague Spring", "Dutch disease", "Vienna Convention*", "Paris Agreement"),
        *("Hague Convention*", "Washington Post", "Financial Times of London", "Panama Papers"),
        *("Minsk agreement*", "Minsk accord*", "Minsk process", "Minsk-2", "Minsk II"),
    ),
    "ja": (
        *("日本海", "インド洋", "インド太平洋", "中国地方", "中国電力", "中国新聞", "東シナ海", "南シナ海"),
        *("ワシントン条約", "訪日中", "滞日中", "在日中"),
    ),
    "ru": ("Японск* мор*", "американск* континент*", "Российск* газет*", "Минск* соглашени*"),
    "zh": ("日本海", "巴黎协定"),
    "de": ("Minsker Abkommen*", "Indisch* Ozean*", "amerikanisch* Kontinent*", "Pariser Abkommen*"),
    "fr": ("accord* de Paris", "accord* de Minsk", "océan Indien", "mer du Japon", "continent américain"),
    "es": ("Acuerdo* de París", "acuerdo* de Minsk", "Océano Índico", "mar del Japón", "mar de China"),
    "uk": ("Японськ* мор*", "Мінськ* угод*", "американськ* континент*"),
    "pl": ("Morz* Japoński*", "porozumie* mińsk*", "Ocean* Indyjski*"),
    "ar": ("بحر اليابان", "المحيط الهندي"),
}


@lru_cache(maxsize=1)
def _tables() -> dict[str, tuple[tuple[str, str], ...]]:
    """Code and name of each country, by language."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in _text().splitlines():
        language, code, names = line.split("\t")
        found.setdefault(language, []).extend((code, name) for name in names.split("|"))
    return {language: tuple(dict.fromkeys(pairs)) for language, pairs in found.items()}


@lru_cache(maxsize=1)
def _text() -> str:
    folder = files("briefing.classifiers") / "data"
    return "".join((folder / name).read_text("utf-8") for name in ("countries.tsv", "aliases.tsv"))


@lru_cache(maxsize=1)
def version() -> str:
    """The hash of the names: other names may give other mentions."""
    return hashlib.sha256((_text() + repr(sorted(_OTHERS.items()))).encode()).hexdigest()[:16]


def names(language: str, institutions: Iterable[Named]) -> Iterator[tuple[str, str, bool]]:
    """The names to be sought in a language, as a matcher wants them: whose, the name as written, whether it masks."""
    masks = _OTHERS.get(language, ())
    for code, name in _tables().get(language, ()):
        for form in _joined(name) if language == "ar" else (name,):
            yield SIGN + code, _exact(form), False
    for one in institutions:
        for key, aliases in one.aliases.items():
            if key == language:
                yield from ((SIGN + one.id, _exact(alias), False) for alias in aliases)
    for mask in masks:
        yield from ((SIGN, form, True) for form in (_joined(mask) if language == "ar" else (mask,)))


_ARTICLE = "ال"


def _joined(name: str) -> Iterator[str]:
    """An Arabic name with what is written in one word with it: the article, and short words for and, in, to, as.

    Of the article "to" swallows the first sign.
    """
    named = (name,) if name.startswith(_ARTICLE) else (name, _ARTICLE + name)
    for one in named:
        yield one
        yield from (letter + one for letter in ("و", "ب", "ف", "ك"))
        to = "لل" + one.removeprefix(_ARTICLE) if one.startswith(_ARTICLE) else "ل" + one
        yield from (to, "و" + to)


def _exact(name: str) -> str:
    return name if "*" in name or name.startswith('"') else f'"{name}"'


def is_name(name: str, folded: str, start: int, end: int, said: str) -> bool:
    """Whether what was found stands for itself: in kana no part of a longer word, and with a capital where one is due.

    `name` is written as in the lists: adjectives of some languages have none.
    """
    if folded[start] in _KATAKANA and start and folded[start - 1] in _KATAKANA:
        return False
    if folded[end - 1] in _KATAKANA and end < len(folded) and folded[end] in _KATAKANA:
        return False
    return not name.lstrip('"')[:1].isupper() or said[:1].isupper()
