"""Dates of the calendar in English: days, parts of months, seasons, quarters."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from briefing.observe.ahead import spans
from briefing.observe.ahead.english_rules import month_before, month_number, number, part_name, rule
from briefing.observe.ahead.english_words import ON, PART, SEASON, THE_YEAR, TO, WD, D, M, Y

if TYPE_CHECKING:
    from briefing.observe.ahead.rules import Found
    from briefing.observe.ahead.spans import Between


@rule(r"(?<![\w/])(?P<y>20\d\d)-(?P<m>[01]\d)-(?P<d>[0-3]\d)(?!\d)")
def _iso(at: Found) -> Between | None:
    return spans.day(at.year, int(at["m"]), int(at["d"]))


@rule(r"(?<![\w./-])(?P<d>[0-3]?\d)[./](?P<m>[01]?\d)[./](?P<y>20\d\d)(?!\d)")
def _figures(at: Found) -> Between | None:
    return spans.day(at.year, int(at["m"]), int(at["d"])) or spans.day(at.year, int(at["d"]), int(at["m"]))


_WEEK = r"\b[Ww]eek\s+(?:of|from|beginning|commencing|starting|ending)\s+(?:on\s+)?"


@rule(rf"{_WEEK}{ON}(?P<d>{D})(?:\s+of)?\s+(?P<m>{M}){Y}")
@rule(rf"{_WEEK}{ON}(?P<m>{M})\s+(?P<d>{D}){Y}")
def _week_of(at: Found) -> Between | None:
    found = spans.day(at.year, month_number(at["m"]), number(at["d"]))
    return spans.week(found[0], 0) if found else None


@rule(rf"\b(?P<m>{M})\s+(?P<d>{D}){WD}{TO}{ON}(?P<n>{M})\s+(?P<e>{D}){Y}")
@rule(rf"(?<![\w.])(?P<d>{D})(?:\s+of)?\s+(?P<m>{M}){WD}{TO}{ON}(?P<e>{D})(?:\s+of)?\s+(?P<n>{M}){Y}")
def _over_months(at: Found) -> Between | None:
    first = spans.day(at.year, month_number(at["m"]), number(at["d"]))
    return spans.days(first, spans.day(at.year, month_number(at["n"]), number(at["e"])))


@rule(
    rf"\b(?P<m>{M})\s+(?P<d>{D}){WD}(?:,\s*{D})*,?{TO}{ON}(?P<e>{D})(?!\s*(?:people|countries|million|percent|km|years)){Y}"
)
@rule(rf"(?<![\d.])(?P<d>{D}){WD}(?:,\s*{D})*,?{TO}{ON}(?P<e>{D})(?:\s+of)?\s+(?P<m>{M}){Y}")
def _some_days(at: Found) -> Between | None:
    month = month_number(at["m"])
    first, last = (spans.day(at.year, month, number(at[name])) for name in ("d", "e"))
    return spans.days(first, last) if first and last and first <= last else None


@rule(rf"\bthe\s+day\s+after\s+(?:the\s+)?(?P<m>{M})\s+(?P<d>{D}){Y}", beside=True)
def _day_after(at: Found) -> Between | None:
    found = spans.day(at.year, month_number(at["m"]), number(at["d"]))
    return (found[0] + timedelta(days=1), found[1] + timedelta(days=1), "day") if found else None


@rule(rf"\b(?P<m>{M})\s+(?:the\s+)?(?P<d>{D})(?!\d|\s*(?:people|countries|million|percent|km|years|states|members)){Y}")
@rule(rf"(?<![\d.:])(?P<d>{D})(?:\s+of)?\s+(?P<m>{M}){Y}")
def _day(at: Found) -> Between | None:
    return spans.day(at.year, month_number(at["m"]), number(at["d"]))


@rule(rf"\b{PART}[\s-]+(?P<m>{M}){Y}")
def _third(at: Found) -> Between | None:
    return spans.third(at.year, month_number(at["m"]), part_name(at["part"]))


@rule(rf"\b(?P<m>{M})\s*(?:-|–|—|/|to|and|or)\s*(?P<n>{M}){Y}")
def _months(at: Found) -> Between | None:
    first, last = spans.month(at.year, month_number(at["m"])), spans.month(at.year, month_number(at["n"]))
    found = spans.days(first, last)
    return (found[0], found[1], "months") if found else None


_NO_SEASON = r"(?!\s+(?:of|semester|session|camp|recess|break|holidays?|vacation|school|games|olympics)\b)(?![\w-])"


@rule(rf"\b(?P<rel>[Tt]his|[Nn]ext|[Tt]he\s+coming)\s+(?:early\s+|late\s+)?{SEASON}{_NO_SEASON}", counted=True)
@rule(rf"\b(?P<rel>the|in|by)\s+(?:early\s+|late\s+)?{SEASON}{_NO_SEASON}")
def _season(at: Found) -> Between | None:
    name = "autumn" if at["season"] == "fall" else at["season"]
    found = spans.season(at.today.year, name)
    if found[0] <= at.today and at["rel"].lower().endswith(("next", "coming")):
        found = spans.season(at.today.year + 1, name)
    return found


@rule(rf"\b(?:{PART.replace('?P<part>', '?:')}\s+)?{SEASON}(?:\s+of)?,?\s+(?P<y>20\d\d|next\s+year|this\s+year)")
def _season_of_year(at: Found) -> Between | None:
    return spans.season(at.year, "autumn" if at["season"] == "fall" else at["season"])


@rule(rf"\b(?:Q(?P<q>[1-4])|(?:the\s+)?(?P<n>first|second|third|fourth|last)\s+quarter)(?:\s+of|,)?\s+{THE_YEAR}")
def _quarter(at: Found) -> Between | None:
    number = at["q"] or {"first": "1", "second": "2", "third": "3"}.get(at["n"], "4")
    return spans.part(at.year, f"q{number}")


@rule(r"\b(?:in|by|during|until|for|from|of)\s+(?:the\s+)?(?:Q(?P<q>[1-4])|(?P<n>first|second|third|fourth|last)\s+quarter)\b"
      r"(?!\s+of)", doubtful=True)  # fmt: skip
def _quarter_alone(at: Found) -> Between | None:
    return _quarter(at)


@rule(rf"\b{PART}[\s-]+{THE_YEAR}")
def _part_of_year(at: Found) -> Between | None:
    name = part_name(at["part"])
    return spans.part(at.year, "end" if "end" in at["part"] or "close" in at["part"] else name)


@rule(rf"\bH(?P<h>[12])(?:\s+of|,)?\s+{THE_YEAR}")
def _half(at: Found) -> Between | None:
    return spans.part(at.year, "first-half" if at["h"] == "1" else "second-half")


@rule(
    r"\b(?:on|by|before|until|from|for|at)\s+(?:New\s+Year[’']s|Christmas)(?:\s+(?P<feast>Day|Eve))?\b",
    doubtful=True,
)
def _feast(at: Found) -> Between | None:
    if "Christmas" in at.match[0]:
        return spans.day(at.today.year, 12, 24 if at["feast"] == "Eve" else 25)
    return spans.day(at.today.year, 12, 31) if at["feast"] == "Eve" else spans.day(at.today.year + 1, 1, 1)


@rule(r"\b(?:in|early\s+in)\s+the\s+[Nn]ew\s+[Yy]ear\b", doubtful=True)
def _new_year(at: Found) -> Between | None:
    return spans.month(at.today.year + 1, 1)


@rule(r"\b(?:on|by|until|till|before|from|and|for|is)\s+the\s+(?P<ordinal>[0-3]?\d(?:st|nd|rd|th))\b"
      r"(?=[.,;:)]|$|\s+(?:and|to|at|in|for|with|when|where|of\s+(?:this|the)\s+month)\b)", doubtful=True)  # fmt: skip
def _ordinal(at: Found) -> Between | None:
    return spans.next_numbered(at.today, month_before(at.match), number(at["ordinal"]))


@rule(
    r"\b(?:(?:by|before|until)\s+)?(?:the\s+)?year(?:-end|[’']s\s+end)\b|\b(?:by|before)\s+(?:the\s+)?(?:year\s+end|year\s+is\s+out)\b",
    counted=True,
)
def _year_end(at: Found) -> Between | None:
    return spans.part(at.today.year, "end")


@rule(
    r"\b(?:the\s+)?(?P<part>end|middle|beginning)\s+of\s+(?:the|this)\s+month\b|\bmonth(?P<last>-end|[’']s\s+end)\b|\blater\s+this\s+(?P<later>month)\b",
    counted=True,
)
def _part_of_this_month(at: Found) -> Between | None:
    if at["later"]:
        whole = spans.month(at.today.year, at.today.month)
        return spans.rest(at.today, whole) if whole else None
    return spans.third(at.today.year, at.today.month, "late" if at["last"] else part_name(at["part"]))


@rule(rf"\b{PART}[\s-]+next\s+month\b", own=True)
def _part_of_next_month(at: Found) -> Between | None:
    return spans.third(*spans.month_ahead(at.today, 1), part_name(at["part"]))
