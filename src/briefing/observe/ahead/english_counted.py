"""Dates in English that count from the day of publication: next week, in two months, on Friday."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from briefing.observe.ahead import spans
from briefing.observe.ahead.english_rules import rule
from briefing.observe.ahead.english_words import COUNTS, WEEKDAYS, M

if TYPE_CHECKING:
    from briefing.observe.ahead.rules import Found
    from briefing.observe.ahead.spans import Between


@rule(
    r"(?<!\bthe )\b[Nn]ext\s+(?P<unit>month|week|year)\b|\bthe\s+coming\s+(?P<unit2>week|month|year)\b|"
    r"\bthe\s+(?P<after>month|week)\s+after\s+next\b",
    own=True,
)
def _next(at: Found) -> Between | None:
    unit, count = (at["after"], 2) if at["after"] else (at["unit"] or at["unit2"], 1)
    if unit == "week":
        return spans.week(at.today, count)
    if unit == "year":
        return spans.year(at.today.year + 1)
    return spans.month(*spans.month_ahead(at.today, count))


@rule(r"\b[Ll]ater\s+this\s+(?P<unit>year|week|spring|summer|autumn|fall|winter)\b", own=True)
def _later(at: Found) -> Between | None:
    if at["unit"] == "week":
        return spans.rest(at.today, spans.week(at.today, 0))
    if at["unit"] == "year":
        return spans.rest(at.today, spans.year(at.today.year))
    return spans.rest(at.today, spans.season(at.today.year, at["unit"].replace("fall", "autumn")))


@rule(r"\b(?P<far>[Tt]omorrow|the\s+day\s+after\s+tomorrow)\b", own=True)
def _tomorrow(at: Found) -> Between | None:
    found = at.today + timedelta(days=2 if "after" in at["far"] else 1)
    return found, found, "day"


_AHEAD = r"(?:the\s+|these\s+)?(?:next|coming)\s+"
_NUMBER = r"(?P<n>\d{1,2}|" + "|".join(COUNTS) + ")"
_OF_WHAT = r"(?!\s+(?:of|ago|after|before|following|since|earlier)\b)"


def _count(said: str) -> int:
    return int(said) if said.isdigit() else COUNTS[said]


@rule(
    rf"\b(?:[Ww]ithin|[Oo]ver|[Dd]uring|[Ii]n)\s+{_AHEAD}{_NUMBER}\s+(?P<unit>days|weeks|months)\b{_OF_WHAT}",
    counted=True,
)
@rule(rf"\b[Ww]ithin\s+{_NUMBER}\s+(?P<unit>days|weeks|months)\b{_OF_WHAT}", doubtful=True)
def _within_so_many(at: Found) -> Between | None:
    return spans.within(at.today, at["unit"], _count(at["n"]))


@rule(rf"\b[Ww]ithin\s+(?:a|one)\s+(?P<unit>day|week|fortnight|month|year)\b{_OF_WHAT}", doubtful=True, gated=False)
def _within_one(at: Found) -> Between | None:
    unit, count = {"day": ("days", 1), "week": ("weeks", 1), "fortnight": ("weeks", 2), "month": ("months", 1),
                   "year": ("months", 12)}[at["unit"]]  # fmt: skip
    return spans.within(at.today, unit, count)


@rule(
    r"\b(?:[Ww]ithin|[Ii]n|[Oo]ver|[Dd]uring)\s+the\s+next\s+(?P<unit>week|fortnight|month|year)\b",
    own=True,
    gated=False,
)
def _within_the_next(at: Found) -> Between | None:
    return _within_one(at)


@rule(
    rf"\b(?:[Ww]ithin|[Ii]n|[Oo]ver|[Dd]uring|[Ff]or)\s+{_AHEAD}(?:few\s+|couple\s+of\s+)?(?P<unit>days|weeks|months)\b",
    own=True,
)
@rule(
    rf"\b[Ww]?[Ii](?:thi)?n\s+(?:a\s+few|several)\s+(?P<unit>days|weeks|months)(?:[’']\s+time)?\b{_OF_WHAT}",
    doubtful=True,
)
def _in_a_few(at: Found) -> Between | None:
    return spans.few(at.today, at["unit"])


@rule(
    rf"\b(?:[Ii]n\s+(?:exactly\s+|about\s+|around\s+|some\s+)?)(?:{_NUMBER}|a\s+(?P<pair>couple)\s+of)\s+"
    rf"(?P<unit>days|weeks|months)(?:[’']\s+time)?\b{_OF_WHAT}",
    doubtful=True,
)
@rule(rf"\b(?:{_NUMBER}|a\s+(?P<pair>couple)\s+of)\s+(?P<unit>days|weeks|months)\s+from\s+(?:now|today)\b", own=True)
def _in_so_many(at: Found) -> Between | None:
    return spans.after(at.today, at["unit"], 2 if at["pair"] else _count(at["n"]))


@rule(
    rf"\b[Ii]n\s+(?:a|one)\s+(?P<unit>week|fortnight|month)(?:[’']s\s+time)?\b{_OF_WHAT}",
    doubtful=True,
    gated=False,
)
@rule(r"\b(?:a|one)\s+(?P<unit>week|fortnight|month)\s+from\s+(?:now|today)\b", own=True, gated=False)
def _in_one(at: Found) -> Between | None:
    return spans.after(at.today, "months" if at["unit"] == "month" else "weeks", 2 if at["unit"] == "fortnight" else 1)


@rule(r"\b(?:the\s+)?end\s+of\s+(?:the|this|(?P<next>next))\s+week\b", doubtful=True)
def _end_of_week(at: Found) -> Between | None:
    whole = spans.week(at.today, int(bool(at["next"])))
    return whole if at["next"] else spans.rest(at.today, whole)


@rule(
    r"\b(?:(?:at|over|on|during)\s+(?:the|this)\s+(?:coming\s+)?|[Tt]his\s+|(?P<next>[Nn]ext\s+))weekend\b",
    doubtful=True,
)
def _weekend(at: Found) -> Between | None:
    return spans.weekend(at.today, int(bool(at["next"])))


@rule(
    rf"\b(?:next|this(?:\s+coming)?|[Oo]n|coming|Next|This|[Bb]y|[Bb]efore|[Uu]ntil|till|[Ff]rom|starting|beginning|is|due|for)\s+"
    rf"(?P<w>{'|'.join(map(str.capitalize, WEEKDAYS))})\b"
    rf"(?!,?\s+(?:{M}|\d))",
    doubtful=True,
    gated=False,
)
def _weekday(at: Found) -> Between | None:
    return spans.weekday(at.today, WEEKDAYS.index(at["w"].lower()))


@rule(r"\b[Tt]his\s+(?P<unit>week|month)\b", doubtful=True)
def _now(at: Found) -> Between | None:
    whole = spans.week(at.today, 0) if at["unit"] == "week" else spans.month(at.today.year, at.today.month)
    return spans.rest(at.today, whole) if whole else None
