"""How many words of an issue stand before its annex. Pure.

Counted in the Markdown, whose marks count as words too, so that no other format holds more. A word is what stands
between spaces; in Chinese and Japanese, which have none, two characters count as one word (the measure by which
translators reckon 400 characters of Japanese as 200 words of English); in Thai, Lao, Khmer and Burmese six signs do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from briefing.outputs.issue_markdown import before_annex

if TYPE_CHECKING:
    from briefing.documents import Issue

_PAIRED = re.compile(
    r"[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_RUNNING = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_IN_PAIR, _IN_RUN = 2, 6  # characters of a word
_AROUND = 40  # words that a page has besides: its list of chapters, the heads of its tables


def words(text: str) -> int:
    """The words of a text in any script; see the module."""
    paired, running = len(_PAIRED.findall(text)), len(_RUNNING.findall(text))
    spaced = _RUNNING.sub(" ", _PAIRED.sub(" ", text)).split()
    others = sum(any(sign.isalnum() for sign in token) for token in spaced) if paired or running else len(spaced)
    return others + -(-paired // _IN_PAIR) + -(-running // _IN_RUN)


def length(issue: Issue) -> int:
    """The words of an issue before its annex, in whichever format has most."""
    return sum(map(words, before_annex(issue))) + _AROUND
