"""How rules read English: where one may match, and which year, month or last moment is meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from briefing.observe.ahead.english_words import COUNTS, MONTHS, NAMES, PARTS, SEASON, SHORT, THE_YEAR, WEEKDAYS, D, M
from briefing.observe.ahead.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from briefing.observe.ahead.rules import Clue


def number(text: str) -> int:
    """The number of a day, with or without its ending."""
    return int(re.sub(r"\D", "", text))


def month_number(text: str) -> int:
    """The number of a month from its name, in full or cut."""
    return MONTHS[text.rstrip(".").lower()]


def month_before(match: re.Match[str]) -> int | None:
    """The month that is named last before a match."""
    named = list(_NAMED.finditer(match.string, 0, match.start()))
    return month_number(named[-1][0]) if named else None


_NAMED = re.compile(rf"\b{M}")


def _year(match: re.Match[str], today: date) -> tuple[int, bool] | None:
    """The year that stands with a date, else that of today, and whether it stands there; None for one gone by."""
    groups = match.groupdict()
    said = groups.get("y") or groups.get("yb")
    if not said:
        return today.year, False
    if said.isdigit():
        return int(said), True
    if "last" in said:
        return None
    return today.year + ("next" in said or "coming" in said), True


def part_name(text: str) -> str:
    """Which part of a month or year is meant, as `spans.third` calls it."""
    text = " ".join(text.lower().split())
    return next(name for begin, name in PARTS if begin in text)


_DEADLINE = re.compile(
    r"\b(?:by|before|until|no\s+later\s+than|not\s+later\s+than|deadline\s+(?:is|of|for[\w\s]{1,40}is)|due(?:\s+on|\s+by)?|through|By|Before)\s+(?:the\s+)?$"
)


def _last_moment(before: str, told: str) -> bool:
    return bool(_DEADLINE.search(before)) or told[:3].lower() == "by "


def _behind(word: str, befores: Iterable[str]) -> str:
    """Finds a word behind one of others. The word stands first: a search for what begins with a literal is fast."""
    looks = (rf"(?<={before}\s{word})" for before in (*befores, r"\s"))
    return f"{word}(?:{'|'.join(looks)}"


_NEXT = ("the", "his", "ext", "oming", r"\ba", r"\bone")
_COUNTED = (*COUNTS, r"\d", "ext", "oming", "few", "of", "everal")


def _beginning(letter: str) -> str:
    full = [name[1:] for name in (*NAMES, *WEEKDAYS) if name[0] == letter.lower()]
    short = [name[1:] + "(?![a-z])" for name in SHORT if name[0] == letter.lower()]
    return f"{letter}(?:{'|'.join((*full, *short, '[A-Z][A-Z]'))})"


# Months, in capitals too, and days of the week: one look for the few signs that they begin with.
_NAMED_DAYS = re.compile("|".join(map(_beginning, "JFMASONDTW")))
_CLUES: dict[str, Sequence[Clue]] = {
    M: [("", _NAMED_DAYS)],
    "|".join(map(str.capitalize, WEEKDAYS)): [("", _NAMED_DAYS)],
    r"20\d\d": [("20", re.compile(r"20\d\d"))],
    SEASON: [(name, None) for name in ("spring", "summer", "autumn", "fall", "winter")],
    "year": [("year", re.compile(_behind("year", _NEXT) + r"|-end|[’']s|\s+end|\s+is\s+out)"))],
    "month": [("month", re.compile(_behind("month", _NEXT) + r"|-end|[’']s\s+end)"))],
    "he\\s+(?P<ordinal>": [("he", re.compile(r"he\s+\d"))],
    "quarter": [("quarter", None), ("Q", re.compile(r"Q[1-4]"))],
    "Christmas": [("Christmas", None)],
    "ew\\s+[Yy]ear": [("ew", re.compile(r"ew\s+[Yy]ear"))],
    "week": [("week", re.compile(_behind("week", _NEXT) + ")"))],
    "day|week": [("day", re.compile(_behind("day", (r"\ba", r"\bone")) + ")"))],
    "days": [(word, re.compile(_behind(word, _COUNTED) + ")")) for word in ("days", "weeks", "months")],
    "omorrow": [("omorrow", None)],
    "fortnight": [("fortnight", None)],
}

RULES = Rules(
    _year,
    _last_moment,
    gates={
        M: M,
        SEASON: "spring|summer|autumn|fall|winter",
        THE_YEAR: r"20\d\d|year",
        f"(?P<d>{D})": r"\d",
        "(?P<part>": "early|mid|late|end|close|begin|start|first|second|third|fourth|latter|last|final",
        r"\s+month\b": "month",
        "(?P<unit2>": "ext|coming|after",
        "[Ll]ater": "ater",
        "tomorrow": "omorrow",
        r"(?P<y>20\d\d)": r"20\d\d",
        "year(?:-end": "year",
        "(?P<unit>days": "days|weeks|months",
        r"[Tt]his\s+(?P<unit>": r"his\s+(?:week|month)",
    },
    clues=_CLUES,
)
rule = RULES.rule
