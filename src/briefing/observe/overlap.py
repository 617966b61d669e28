"""How much of one text stands in another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from briefing.text import UNSPACED, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

# Runs long enough not to be common phrases (w-shingling; Broder, "On the resemblance and containment of documents",
# 1997).
_WORDS, _SIGNS = 4, 8
_WORD = re.compile(r"\w+")


def overlap(first: str, second: str, language: str) -> int:
    """The share of the longer text's runs of words that stand in the other as well, in percent.

    Runs are of four words; of eight signs in a `language` that is written without spaces.
    """
    here, there = (_runs(text, unspaced=language in UNSPACED) for text in (first, second))
    longer = max(len(here), len(there))
    return 100 * len(here & there) // longer if longer else 0


def _runs(text: str, *, unspaced: bool) -> set[int]:
    said = _WORD.findall(fold(text))
    units: Sequence[str] = "".join(said) if unspaced else said
    length = _SIGNS if unspaced else _WORDS
    starts = range(max(1, len(units) - length + 1)) if units else ()
    return {hash(tuple(units[start : start + length])) for start in starts}
