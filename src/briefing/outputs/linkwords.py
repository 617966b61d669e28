"""How an item is called that is the same text as another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.outputs.names import language_name

if TYPE_CHECKING:
    from briefing.model import Link, Member

_REASONS = {
    "hreflang": "a page of the two names the other as its translation",
    "link": "a page of the two links to the other by the name of its language",
    "canonical": "the later page names the earlier one as its original",
}


_TELLINGS = {
    "reprint": "the same text",
    "translation": "the same text in another language",
    "altered": "nearly the same text, but with other facts",
    "words": "much the same words",
    "meaning": "much the same meaning",
}


def member_reason(member: Member) -> str:
    """How it is known that an item tells of the same event as others."""
    if member.reason == "first":
        return "told before the others were known"
    return f"{_TELLINGS.get(member.reason, member.reason)}, {member.score} %"


def link_words(link: Link) -> str:
    """What the other item is to the one in hand: "In Japanese", "Reprinted by", "Reprint of"."""
    if link.relation == "translation-of":
        return f"In {language_name(link.other.language)}"
    return "Reprint of" if link.later else "Reprinted by"


def link_reason(link: Link) -> str:
    """How it is known."""
    return f"{link.share} % of the text is the same" if link.reason == "words" else _REASONS[link.reason]
