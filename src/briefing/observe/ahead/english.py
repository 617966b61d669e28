"""Dates ahead in English."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from briefing.observe.ahead import spans
from briefing.observe.ahead.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from briefing.observe.ahead.rules import Clue, Found
    from briefing.observe.ahead.spans import Between, Span

_NAMES = "january february march april may june july august september october november december".split()  # noqa: SIM905
_SHORT = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10,
          "nov": 11, "dec": 12}  # fmt: skip
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)} | _SHORT
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
           "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90}  # fmt: skip

# A month begins with a capital: "may" and "march" are other words.
_M = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?(?![a-z]))"
)
_Y = (
    r"(?:,?\s+(?:of\s+|in\s+)?(?P<y>(?:19|20)\d\d(?!\d)|(?:this|next|last)\s+year|"
    r"(?:the\s+)?(?:current|coming|same)\s+year)|\s*\((?P<yb>20\d\d)\))?"
)
_D = r"(?:[0-3]?\d(?:st|nd|rd|th)?)(?![\d:%]|[.,]\d)"
_TO = r"\s*(?:-|–|—|to|and|through|until|till|or|&)\s*"
_CAPS = re.compile(r"[A-Z]{3,9}")
_PART = (
    r"(?P<part>early(?:\s+in)?|mid(?:dle\s+of)?|late(?:\s+in)?|(?:the\s+)?(?:very\s+)?(?:end|close)\s+of|(?:the\s+)?(?:beginning|start)\s+of"
    r"|(?:the\s+)?middle\s+of|(?:the\s+)?(?:first|second|latter)\s+half\s+of|(?:the\s+)?(?:first|second|last|final)\s+(?:week|days|ten\s+days)\s+of)"
)
_PARTS = (("early", "early"), ("begin", "early"), ("start", "early"), ("mid", "mid"), ("late", "late"), ("end", "late"),
          ("close", "late"), ("first half", "first-half"), ("second half", "second-half"), ("latter", "second-half"),
          ("first", "early"), ("second", "mid"), ("last", "late"), ("final", "late"))  # fmt: skip
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"
_THE_YEAR = r"(?P<y>20\d\d(?!\d|\s*[-–/]\s*\d)|(?:the|this)\s+year|(?:the\s+)?next\s+year|year(?=-end|[’']s\s+end))"

HINT = re.compile(
    r"\b(?:20\d\d|[Tt]omorrow|tonight|[Nn]ext|[Ll]ater|[Cc]oming|upcoming|(?:day|week|month|fortnight)s?|weekend|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|year|spring|"
    r"summer|autumn|fall|winter|[Ww]ithin|[Tt]his\s+(?:week|month)|Q[1-4]|" + _M + r")\b|[JFMASOND][A-Z]{2,8}\b"
)
_FUTURE = (
    r"\b(?:will|shall|to|would|may|should|must|could|can)\s+(?:not\s+|also\s+|then\s+|now\s+|[a-z]+ly\s+)?"
    r"be\s+(?:[a-z]+ly\s+)?[a-z]+\b|"
    r"\bwill\b|[’']ll\b|\bshall\b|\b(?:is|are|was|were|be)\s+(?:now\s+)?(?:scheduled|planned|due|slated|set(?!\s+up)|expected|"
    r"booked|foreseen|tentatively)\b|\b(?:is|are)\s+to\s+(?:be\b|[a-z]+\b)|\bscheduled\b|\bplan(?:s|ned|ning)?\b|"
    r"\bintend(?:s|ed)?\b|\bexpect(?:s|ed)?\b|\bgoing\s+to\b|\bhope[sd]?\s+to\b|\bwould\b|\bupcoming\b|\bforthcoming\b|"
    r"\b(?:(?:has|have)\s+)?agree(?:d|s)?(?=\s+(?:to\b|on\s+(?:holding|a\s+|the\s+next)|that))|"
    r"\binvit(?:e|es|ed|ation)\b|\bdeadline\b|\bno\s+later\s+than\b|"
    r"\bdue\s+(?:by|on|in)\b|\bmust\b|\bmay\s+(?:be|take|visit|meet|come)\b|\bcould\s+(?:be|take|meet|visit)\b|"
    r"\bin\s+preparation\s+for\b|\bpreparations?\s+for\b|\bahead\s+of\b|\bin\s+the\s+run-up\s+to\b|\blooks?\s+forward\b|"
    r"\bpropos(?:e|es|ed|al)\s+(?:to|for|that|holding)\b|"
    r"\barranged?\s+to\b|\bdecided\s+to\b|\bprepar(?:e|es|ing)\s+(?:to|for)\b|"
    r"\bconvenes?\b|\btakes?\s+place\b|\bopens\b|\bbegins\b|\bstarts\b|\bresumption\b|\bregistration\b|\bapplications?\b|"
    r"\b(?:is|are)\s+(?:visiting|travelling|traveling|hosting|holding|meeting|arriving|attending)\b|\bto\s+be\s+held\b|"
    r"\bpostponed?\s+(?:to|until|till)\b|\b(?:re)?scheduled?\s+(?:to|for)\b|\bmoved\s+to\b|\bresumes?\b|\bleaves\s+for\b|"
    r"\b(?:meets?|hosts?|visits|holds|departs|arrives)\b|\bcall(?:s|ed)?\s+for\b|\bagreement\s+to\b|"
    r"\bshould\s+(?!have\b)[a-z]+\b|\bTo\s+[a-z]+\b|\bhas\s+to\b|\bhave\s+to\b"
)
_PAST = (
    r"\b(?:was|were|had|did)\b|\btook\s+(?:place|part|over|up)\b|\b(?:held|met|visited|signed|attended|concluded|"
    r"spoke|said\s+in|travelled|traveled|began|ended|opened|hosted|adopted|launched|published|arrived|became|returned|"
    r"gathered|convened|discussed|received|welcomed|elected|entered|gave|made|came|went|saw|rose|fell|killed|sent|paid|"
    r"established|announced\s+(?:on|in)|issued|left|resigned|ratified|approved|reached|issued|started|resumed|chaired|"
    r"participated|reviewed|addressed|presented|inaugurated|toured|completed|participated|exchanged|celebrated|marked|happened|occurred|stood|grew|joined|voted|led|lasted)\b|"
    r"\b(?:has|have)\s+(?:been|already|since|[a-z]+ed)\b|\blast\s+(?:year|month|week|spring|summer|autumn|fall|winter|"
    + _M
    + r"|[A-Z][a-z]+day)\b|\bago\b|\bearlier\s+this\b|\bsince\b|\bfollowing\s+the\b|"
    r"\bduring\s+(?:my|his|her|their)\b|\bprevious\b|\bback\s+in\b"
)
# One look for the beginning of a word instead of one for each cue: a tenth of the time.
FUTURE = re.compile(r"\b(?:" + _FUTURE.replace(r"|\b", "|").removeprefix(r"\b") + ")")
PAST = re.compile(_PAST)
CANCELLED = re.compile(
    r"\b(?:(?:been|was|were|is|are|be)\s+(?:now\s+)?cancel{1,2}ed|called\s+off|cancel{1,2}ed\s+(?:the|its|his|her|their)|"
    r"will\s+not\s+(?:be\s+held|take\s+place|go\s+ahead)|postponed\s+indefinitely|cancellation\s+of)\b"
)
MOVED = re.compile(
    r"\b(?:postponed|moved|rescheduled|brought\s+forward|put\s+off|deferred|delayed|shifted)\b[^.;]{0,80}?\b(?:to|until|till|for)\b"
)
NOT_BEFORE = re.compile(
    r"(?:\b(?:last|since|past|until|till|through|ending|ended|Since|Last|previous|Agenda|Vision|Strategy|Expo|Programme|Program)\s+"
    r"|\b(?:19|20)\d\d\s*(?:-|–|to|and)\s*|\b(?:dated|of\s+the|Resolution|Decree|No\.|said|told\s+\w+|stated|announced|reported|confirmed|added|issued)\s+(?:on\s+)?)$"
)
YEAR_BEFORE = re.compile(r"\b(?:in|during|throughout|by|In|By|During)\s+$")

KINDS = (
    ("two-plus-two", re.compile(r"[“\"(]?2\s?\+\s?2\b|two-plus-two")),
    ("summit", re.compile(r"\b[Ss]ummit\b")),
    ("forum", re.compile(r"\bForum\b|\bforum\b")),
    ("election", re.compile(r"\b[Ee]lections?\b|\breferendum\b")),
    ("exercise", re.compile(r"\b(?:military|naval|joint)\s+(?:exercises?|drills?)\b|\b[Ee]xercises?\b")),
    ("conference", re.compile(r"\b[Cc]onference\b|\b[Ss]ymposium\b|\b[Ss]eminar\b|\b[Ww]orkshop\b|\b[Ww]ebinar\b")),
    ("council", re.compile(r"\bCouncil\b|\bCommittee\b|\bCommission\b|\bAssembly\b|\b[Ss]ession\b")),
    ("consultation", re.compile(r"\b[Cc]onsultations?\b|\b[Dd]ialogue\b")),
    ("talks", re.compile(r"\b[Tt]alks\b|\b[Nn]egotiations?\b|\b[Dd]iscussions?\b|\b[Mm]eetings?\b|\bmeets?\b")),
    ("visit", re.compile(r"\b[Vv]isit(?:s|ed|ing)?\b|\btrip\b|\btravels?\b")),
    ("deadline", re.compile(r"\b[Dd]eadline\b|\bno later than\b|\bapplications?\b|\bsubmit")),
)
NAMED = re.compile(
    r"(?:[A-Z][\w’'-]+\s+(?:(?:of|for|on|and|the|in)\s+)?){1,7}(?:Forum|Summit|Meeting|Council|Conference|Committee|"
    r"Commission|Dialogue|Consultations?|Assembly|Games|Exhibition|Session|Talks)\b"
    r"(?:\s+(?:on|of|for)\s+(?:[A-Z][\w’'-]+\s*(?:(?:of|for|and|the)\s+(?=(?:the\s+)?[A-Z]))*){1,6})?"
)
_STOP = (
    r"(?!"
    + _M
    + r"\b|The\b|This\b|Autumn|Spring|Summer|Winter|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
)
PLACE = re.compile(
    r"\b(?:in|at|to|In|At|[Vv]isit(?:s|ing)?)\s+(?:the\s+)?("
    + _STOP
    + r"[A-Z][\w’'-]+(?:[ -]"
    + _STOP
    + r"[A-Z][\w’'-]+){0,2})"
)
WHO = re.compile(
    r"\b(?:(?:Prime|Foreign|Defen[cs]e|Deputy|First|Vice|Senior|Finance|Trade|Energy|Economy|Acting|Mr|Ms|Mrs|Dr)\.?\s+)*"
    r"(?:Presidents?|Ministers?|Chancellor|Chair(?:man|woman|person)|Secretar(?:y|ies)(?:[- ]General)?|Ambassador|"
    r"Commissioner|Director|Governor|King|Emperor|Pope|Mr\.|Ms\.|Mrs\.|Prime\s+Minister)\s+((?:[A-Z][\w’'-]+\s?){1,3})"
    r"|\b((?:[A-Z][a-z’'-]+\s){1,2}[A-Z][a-z’'-]+),\s+(?:[A-Z][a-z]+\s)*(?:Minister|President|Chair\w*|Secretary|Chief)"
)


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _month(text: str) -> int:
    return _MONTHS[text.rstrip(".").lower()]


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


def _part_name(text: str) -> str:
    text = " ".join(text.lower().split())
    return next(name for begin, name in _PARTS if begin in text)


_DEADLINE = re.compile(
    r"\b(?:by|before|until|no\s+later\s+than|not\s+later\s+than|deadline\s+(?:is|of|for[\w\s]{1,40}is)|due(?:\s+on|\s+by)?|By|Before)\s+(?:the\s+)?$"
)


def _last_moment(before: str, told: str) -> bool:
    return bool(_DEADLINE.search(before)) or told[:3].lower() == "by "


def _behind(word: str, befores: Iterable[str]) -> str:
    """Finds a word behind one of others. The word stands first: a search for what begins with a literal is fast."""
    looks = (rf"(?<={before}\s{word})" for before in (*befores, r"\s"))
    return f"{word}(?:{'|'.join(looks)}"


_NEXT = ("the", "his", "ext", "oming", r"\ba", r"\bone")
_COUNTED = (*_COUNTS, r"\d", "ext", "oming", "few", "of", "everal")


def _beginning(letter: str) -> str:
    full = [name[1:] for name in (*_NAMES, *_WEEKDAYS) if name[0] == letter.lower()]
    short = [name[1:] + "(?![a-z])" for name in _SHORT if name[0] == letter.lower()]
    return f"{letter}(?:{'|'.join((*full, *short, '[A-Z][A-Z]'))})"


# Months, in capitals too, and days of the week: one look for the few signs that they begin with.
_NAMED_DAYS = re.compile("|".join(map(_beginning, "JFMASONDTW")))
_CLUES: dict[str, Sequence[Clue]] = {
    _M: [("", _NAMED_DAYS)],
    "|".join(map(str.capitalize, _WEEKDAYS)): [("", _NAMED_DAYS)],
    r"20\d\d": [("20", re.compile(r"20\d\d"))],
    _SEASON: [(name, None) for name in ("spring", "summer", "autumn", "fall", "winter")],
    "year": [("year", re.compile(_behind("year", _NEXT) + r"|-end|[’']s|\s+end|\s+is\s+out)"))],
    "month": [("month", re.compile(_behind("month", _NEXT) + ")"))],
    "week": [("week", re.compile(_behind("week", _NEXT) + ")"))],
    "days": [(word, re.compile(_behind(word, _COUNTED) + ")")) for word in ("days", "weeks", "months")],
    "omorrow": [("omorrow", None)],
    "fortnight": [("fortnight", None)],
}

_RULES = Rules(
    _year,
    _last_moment,
    gates={
        _M: _M,
        _SEASON: "spring|summer|autumn|fall|winter",
        _THE_YEAR: r"20\d\d|year",
        f"(?P<d>{_D})": r"\d",
        "(?P<part>": "early|mid|late|end|close|begin|start|first|second|latter|last|final",
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
_rule = _RULES.rule


@_rule(r"(?<![\w/])(?P<y>20\d\d)-(?P<m>[01]\d)-(?P<d>[0-3]\d)(?!\d)")
def _iso(at: Found) -> Between | None:
    return spans.day(at.year, int(at["m"]), int(at["d"]))


@_rule(r"(?<![\w./-])(?P<d>[0-3]?\d)[./](?P<m>[01]?\d)[./](?P<y>20\d\d)(?!\d)")
def _figures(at: Found) -> Between | None:
    return spans.day(at.year, int(at["m"]), int(at["d"])) or spans.day(at.year, int(at["d"]), int(at["m"]))


@_rule(rf"\b(?P<m>{_M})\s+(?P<d>{_D}){_TO}(?P<n>{_M})\s+(?P<e>{_D}){_Y}")
@_rule(rf"(?<![\w.])(?P<d>{_D})(?:\s+of)?\s+(?P<m>{_M}){_TO}(?P<e>{_D})(?:\s+of)?\s+(?P<n>{_M}){_Y}")
def _over_months(at: Found) -> Between | None:
    first = spans.day(at.year, _month(at["m"]), _number(at["d"]))
    return spans.days(first, spans.day(at.year, _month(at["n"]), _number(at["e"])))


@_rule(
    rf"\b(?P<m>{_M})\s+(?P<d>{_D})(?:,\s*{_D})*,?{_TO}(?P<e>{_D})(?!\s*(?:people|countries|million|percent|km|years)){_Y}"
)
@_rule(rf"(?<![\d.])(?P<d>{_D})(?:,\s*{_D})*,?{_TO}(?:the\s+)?(?P<e>{_D})(?:\s+of)?\s+(?P<m>{_M}){_Y}")
def _some_days(at: Found) -> Between | None:
    month = _month(at["m"])
    first, last = (spans.day(at.year, month, _number(at[name])) for name in ("d", "e"))
    return spans.days(first, last) if first and last and first <= last else None


@_rule(rf"\bthe\s+day\s+after\s+(?:the\s+)?(?P<m>{_M})\s+(?P<d>{_D}){_Y}", beside=True)
def _day_after(at: Found) -> Between | None:
    found = spans.day(at.year, _month(at["m"]), _number(at["d"]))
    return (found[0] + timedelta(days=1), found[1] + timedelta(days=1), "day") if found else None


@_rule(
    rf"\b(?P<m>{_M})\s+(?:the\s+)?(?P<d>{_D})(?!\d|\s*(?:people|countries|million|percent|km|years|states|members)){_Y}"
)
@_rule(rf"(?<![\d.:])(?P<d>{_D})(?:\s+of)?\s+(?P<m>{_M}){_Y}")
def _day(at: Found) -> Between | None:
    return spans.day(at.year, _month(at["m"]), _number(at["d"]))


@_rule(rf"\b{_PART}[\s-]+(?P<m>{_M}){_Y}")
def _third(at: Found) -> Between | None:
    return spans.third(at.year, _month(at["m"]), _part_name(at["part"]))


@_rule(rf"\b(?P<m>{_M})\s*(?:-|–|—|/|to|and|or)\s*(?P<n>{_M}){_Y}")
def _months(at: Found) -> Between | None:
    first, last = spans.month(at.year, _month(at["m"])), spans.month(at.year, _month(at["n"]))
    found = spans.days(first, last)
    return (found[0], found[1], "months") if found else None


@_rule(
    rf"\b(?:(?P<rel>this|next|This|Next|the|the\s+coming|in)\s+)(?:early\s+|late\s+)?{_SEASON}(?!\s+(?:of|semester|session|camp))(?![\w-])",
    counted=True,
)
def _season(at: Found) -> Between | None:
    name = "autumn" if at["season"] == "fall" else at["season"]
    found = spans.season(at.today.year, name)
    if found[0] <= at.today and at["rel"].lower() == "next":
        found = spans.season(at.today.year + 1, name)
    return found


@_rule(rf"\b(?:{_PART.replace('?P<part>', '?:')}\s+)?{_SEASON}(?:\s+of)?,?\s+(?P<y>20\d\d|next\s+year|this\s+year)")
def _season_of_year(at: Found) -> Between | None:
    return spans.season(at.year, "autumn" if at["season"] == "fall" else at["season"])


@_rule(rf"\b(?:Q(?P<q>[1-4])|(?:the\s+)?(?P<n>first|second|third|fourth|last)\s+quarter)(?:\s+of|,)?\s+{_THE_YEAR}")
def _quarter(at: Found) -> Between | None:
    number = at["q"] or {"first": "1", "second": "2", "third": "3"}.get(at["n"], "4")
    return spans.part(at.year, f"q{number}")


@_rule(rf"\b{_PART}[\s-]+{_THE_YEAR}")
def _part_of_year(at: Found) -> Between | None:
    name = _part_name(at["part"])
    return spans.part(at.year, "end" if "end" in at["part"] or "close" in at["part"] else name)


@_rule(
    r"\b(?:(?:by|before|until)\s+)?(?:the\s+)?year(?:-end|[’']s\s+end)\b|\b(?:by|before)\s+(?:the\s+)?(?:year\s+end|year\s+is\s+out)\b",
    counted=True,
)
def _year_end(at: Found) -> Between | None:
    return spans.part(at.today.year, "end")


@_rule(
    r"\b(?:the\s+)?(?P<part>end|middle|beginning)\s+of\s+(?:the|this)\s+month\b|\blater\s+this\s+(?P<later>month)\b",
    counted=True,
)
def _part_of_this_month(at: Found) -> Between | None:
    if at["later"]:
        whole = spans.month(at.today.year, at.today.month)
        return spans.rest(at.today, whole) if whole else None
    return spans.third(at.today.year, at.today.month, _part_name(at["part"]))


@_rule(rf"\b{_PART}[\s-]+next\s+month\b", own=True)
def _part_of_next_month(at: Found) -> Between | None:
    return spans.third(*spans.month_ahead(at.today, 1), _part_name(at["part"]))


@_rule(
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


@_rule(r"\b[Ll]ater\s+this\s+(?P<unit>year|week|spring|summer|autumn|fall|winter)\b", own=True)
def _later(at: Found) -> Between | None:
    if at["unit"] == "week":
        return spans.rest(at.today, spans.week(at.today, 0))
    if at["unit"] == "year":
        return spans.rest(at.today, spans.year(at.today.year))
    return spans.rest(at.today, spans.season(at.today.year, at["unit"].replace("fall", "autumn")))


@_rule(r"\b(?P<far>[Tt]omorrow|the\s+day\s+after\s+tomorrow)\b", own=True)
def _tomorrow(at: Found) -> Between | None:
    found = at.today + timedelta(days=2 if "after" in at["far"] else 1)
    return found, found, "day"


_AHEAD = r"(?:the\s+|these\s+)?(?:next|coming)\s+"
_NUMBER = r"(?P<n>\d{1,2}|" + "|".join(_COUNTS) + ")"
_OF_WHAT = r"(?!\s+(?:of|ago|after|before|following|since|earlier)\b)"


def _count(said: str) -> int:
    return int(said) if said.isdigit() else _COUNTS[said]


@_rule(
    rf"\b(?:[Ww]ithin|[Oo]ver|[Dd]uring|[Ii]n)\s+{_AHEAD}{_NUMBER}\s+(?P<unit>days|weeks|months)\b{_OF_WHAT}",
    counted=True,
)
@_rule(rf"\b[Ww]ithin\s+{_NUMBER}\s+(?P<unit>days|weeks|months)\b{_OF_WHAT}", doubtful=True)
def _within_so_many(at: Found) -> Between | None:
    return spans.within(at.today, at["unit"], _count(at["n"]))


@_rule(rf"\b[Ww]ithin\s+(?:a|one)\s+(?P<unit>day|week|fortnight|month|year)\b{_OF_WHAT}", doubtful=True, gated=False)
def _within_one(at: Found) -> Between | None:
    unit, count = {"day": ("days", 1), "week": ("weeks", 1), "fortnight": ("weeks", 2), "month": ("months", 1),
                   "year": ("months", 12)}[at["unit"]]  # fmt: skip
    return spans.within(at.today, unit, count)


@_rule(
    rf"\b(?:[Ww]ithin|[Ii]n|[Oo]ver|[Dd]uring|[Ff]or)\s+{_AHEAD}(?:few\s+|couple\s+of\s+)?(?P<unit>days|weeks|months)\b",
    own=True,
)
@_rule(
    rf"\b[Ww]?[Ii](?:thi)?n\s+(?:a\s+few|several)\s+(?P<unit>days|weeks|months)(?:[’']\s+time)?\b{_OF_WHAT}",
    doubtful=True,
)
def _in_a_few(at: Found) -> Between | None:
    return spans.few(at.today, at["unit"])


@_rule(
    rf"\b(?:[Ii]n\s+(?:exactly\s+|about\s+|around\s+|some\s+)?)(?:{_NUMBER}|a\s+(?P<pair>couple)\s+of)\s+"
    rf"(?P<unit>days|weeks|months)(?:[’']\s+time)?\b{_OF_WHAT}",
    doubtful=True,
)
@_rule(rf"\b(?:{_NUMBER}|a\s+(?P<pair>couple)\s+of)\s+(?P<unit>days|weeks|months)\s+from\s+(?:now|today)\b", own=True)
def _in_so_many(at: Found) -> Between | None:
    return spans.after(at.today, at["unit"], 2 if at["pair"] else _count(at["n"]))


@_rule(
    rf"\b[Ii]n\s+(?:a|one)\s+(?P<unit>week|fortnight|month)(?:[’']s\s+time)?\b{_OF_WHAT}",
    doubtful=True,
    gated=False,
)
@_rule(r"\b(?:a|one)\s+(?P<unit>week|fortnight|month)\s+from\s+(?:now|today)\b", own=True, gated=False)
def _in_one(at: Found) -> Between | None:
    return spans.after(at.today, "months" if at["unit"] == "month" else "weeks", 2 if at["unit"] == "fortnight" else 1)


@_rule(r"\b(?:the\s+)?end\s+of\s+(?:the|this|(?P<next>next))\s+week\b", doubtful=True)
def _end_of_week(at: Found) -> Between | None:
    whole = spans.week(at.today, int(bool(at["next"])))
    return whole if at["next"] else spans.rest(at.today, whole)


@_rule(
    r"\b(?:(?:at|over|on|during)\s+(?:the|this)\s+(?:coming\s+)?|[Tt]his\s+|(?P<next>[Nn]ext\s+))weekend\b",
    doubtful=True,
)
def _weekend(at: Found) -> Between | None:
    return spans.weekend(at.today, int(bool(at["next"])))


@_rule(
    rf"\b(?:next|this(?:\s+coming)?|on|On|coming|Next|This)\s+(?P<w>{'|'.join(map(str.capitalize, _WEEKDAYS))})\b"
    rf"(?!,?\s+(?:{_M}|\d))",
    doubtful=True,
    gated=False,
)
def _weekday(at: Found) -> Between | None:
    return spans.weekday(at.today, _WEEKDAYS.index(at["w"].lower()))


@_rule(r"\b[Tt]his\s+(?P<unit>week|month)\b", doubtful=True)
def _now(at: Found) -> Between | None:
    whole = spans.week(at.today, 0) if at["unit"] == "week" else spans.month(at.today.year, at.today.month)
    return spans.rest(at.today, whole) if whole else None


@_rule(rf"\b(?:this|This)(?:\s+coming)?\s+(?P<m>{_M})\b|\b(?:next|coming)\s+(?P<n>{_M})\b", counted=True)
def _this_month_name(at: Found) -> Between | None:
    if at["m"]:
        return spans.month(at.today.year, _month(at["m"]))
    number = _month(at["n"])
    return spans.month(at.today.year + (number <= at.today.month), number)


@_rule(rf"\b(?P<m>{_M}),?\s+(?:of\s+)?(?P<y>20\d\d(?!\d)|this\s+year|next\s+year)")
@_rule(
    rf"\b(?:in|by|for|during|of|until|before|from|In|By|around|as\s+early\s+as|end-|its|their|the|scheduled|since|last|a)\s+(?P<m>{_M})(?![’'\w])(?!\s+(?:{_D})){_Y}"
)
@_rule(rf"\b(?P<m>{_M})(?=\s+(?:meeting|summit|visit|talks|elections?|session|conference|forum|deadline|round)\b){_Y}")
def _month_name(at: Found) -> Between | None:
    return spans.month(at.year, _month(at["m"]))


@_rule(r"(?<![\w/.,-])(?P<y>20\d\d)(?![\w/]|[-–—]\d|[.,]\d|\s*(?:-|–|to)\s*\d)")
def _bare_year(at: Found) -> Between | None:
    return spans.year(at.year)


def hinted(text: str) -> bool:
    """Whether `read` may find anything in a text or in a part of it."""
    return _RULES.hinted(text)


def read(sentence: str, today: date) -> list[Span]:
    """The dates of a sentence; `today` is the day of publication. Months in capitals are months too."""
    return _RULES.read(_CAPS.sub(_lowered, sentence), today)


def _lowered(match: re.Match[str]) -> str:
    return match[0].capitalize() if match[0].lower() in _MONTHS else match[0]


patterns = _RULES.patterns
