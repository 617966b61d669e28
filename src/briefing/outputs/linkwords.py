"""How an item is called that is the same text as another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.outputs.names import language_name

if TYPE_CHECKING:
    from briefing.model import Link

_REASONS = {
    "hreflang": "a page of the two names the other as its translation",
    "link": "a page of the two links to the other by the name of its language",
    "canonical": "the later page names the earlier one as its original",
}


def link_words(link: Link) -> str:
    """What the other item is to the one in hand: "In Japanese", "Reprinted by", "Reprint of"."""
    if link.relation == "translation-of":
        return f"In {language_name(link.other.language)}"
    return "Reprint of" if link.later else "Reprinted by"


def link_reason(link: Link) -> str:
    """How it is known."""
    return f"{link.share} % of the text is the same" if link.reason == "words" else _REASONS[link.reason]
