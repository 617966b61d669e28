"""Dates ahead: meetings, visits and deadlines that a text announces. Pure; one module a language.

Own grammar: general parsers of dates read words that are none, and know neither intervals nor tenses. A language is a
module with the members of `finding.Grammar` and one line here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from briefing.observe.ahead import english, japanese, russian
from briefing.observe.ahead.finding import METHOD, Foreseen, ahead

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefing.observe.ahead.finding import Grammar

LANGUAGES: Mapping[str, Grammar] = {
    "en": cast("Grammar", english), "ja": cast("Grammar", japanese), "ru": cast("Grammar", russian),
}  # fmt: skip
"""The languages in which dates are found."""

__all__ = ["LANGUAGES", "METHOD", "Foreseen", "day_of", "find"]


def find(text: str, language: str, published: date) -> list[Foreseen]:
    """The dates ahead in a text, in its order; none in a language without a grammar.

    `published` is the day of publication by the clocks of its source.
    """
    grammar = LANGUAGES.get(language.partition("-")[0])
    return ahead(grammar, text, language, published) if grammar is not None else []


def day_of(published: str) -> date | None:
    """The day of a publication date in the form that items have (ISO 8601, perhaps cut short, in its source's zone).

    None where it is not known to the day.
    """
    try:
        return date.fromisoformat(published) if len(published) == _DAY else datetime.fromisoformat(published).date()
    except ValueError:
        return None


_DAY = 10
