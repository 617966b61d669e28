"""Dates ahead in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.observe.ahead import english_calendar, english_counted, spans
from briefing.observe.ahead.english_rules import RULES, month_number, rule
from briefing.observe.ahead.english_words import (
    CANCELLED,
    CAPS,
    FUTURE,
    HINT,
    KINDS,
    MONTHS,
    MOVED,
    NAMED,
    NOT_BEFORE,
    PAST,
    PLACE,
    WHO,
    YEAR_BEFORE,
    D,
    M,
    Y,
)

if TYPE_CHECKING:
    import re
    from datetime import date

    from briefing.observe.ahead.rules import Found
    from briefing.observe.ahead.spans import Between, Span

__all__ = [
    "CANCELLED",
    "FUTURE",
    "HINT",
    "KINDS",
    "MOVED",
    "NAMED",
    "NOT_BEFORE",
    "PAST",
    "PLACE",
    "WHO",
    "YEAR_BEFORE",
    "hinted",
    "patterns",
    "read",
]

_MORE_EXACT = (english_calendar, english_counted)
"""Their rules were kept when they were imported, in this order: before those that follow here."""


@rule(rf"\b(?:this|This)(?:\s+coming)?\s+(?P<m>{M})\b|\b(?:next|coming)\s+(?P<n>{M})\b", counted=True)
def _this_month_name(at: Found) -> Between | None:
    if at["m"]:
        return spans.month(at.today.year, month_number(at["m"]))
    number = month_number(at["n"])
    return spans.month(at.today.year + (number <= at.today.month), number)


@rule(rf"\b(?P<m>{M}),?\s+(?:of\s+)?(?P<y>20\d\d(?!\d)|this\s+year|next\s+year)")
@rule(
    rf"\b(?:in|by|for|during|of|until|before|from|In|By|around|as\s+early\s+as|end-|its|their|the|scheduled|since|last|a)\s+(?P<m>{M})(?![’'\w])(?!\s+(?:{D})){Y}"
)
@rule(rf"\b(?P<m>{M})(?=\s+(?:meeting|summit|visit|talks|elections?|session|conference|forum|deadline|round)\b){Y}")
def _month_name(at: Found) -> Between | None:
    return spans.month(at.year, month_number(at["m"]))


@rule(r"(?<![\w/.,-])(?P<y>20\d\d)(?![\w/]|[-–—]\d|[.,]\d|\s*(?:-|–|to)\s*\d)")
def _bare_year(at: Found) -> Between | None:
    return spans.year(at.year)


def hinted(text: str) -> bool:
    """Whether `read` may find anything in a text or in a part of it."""
    return RULES.hinted(text)


def read(sentence: str, today: date) -> list[Span]:
    """The dates of a sentence; `today` is the day of publication. Months in capitals are months too."""
    return RULES.read(CAPS.sub(_lowered, sentence), today)


def _lowered(match: re.Match[str]) -> str:
    return match[0].capitalize() if match[0].lower() in MONTHS else match[0]


patterns = RULES.patterns
