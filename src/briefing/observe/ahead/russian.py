"""Dates ahead in Russian."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from briefing.observe.ahead import spans
from briefing.observe.ahead.rules import Rules
from briefing.observe.ahead.russian_words import (
    CANCELLED,
    FUTURE,
    HINT,
    KINDS,
    MOVED,
    NAMED,
    NOT_BEFORE,
    NUMBERS,
    PART,
    PAST,
    PLACE,
    SEASON,
    SEASONS,
    STEMS,
    THAT_YEAR,
    TO,
    WEEKDAYS,
    WHO,
    YEAR_BEFORE,
    D,
    M,
    Y,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from briefing.observe.ahead.rules import Clue, Found
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


def _month(text: str) -> int:
    text = text.lower()
    if text in _MAY:  # its stem begins March too
        return STEMS.index("ма") + 1
    return next(number for number, stem in enumerate(STEMS, 1) if stem != "ма" and text.startswith(stem))


_MAY = frozenset({"май", "мая", "мае"})


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _year(match: re.Match[str], today: date) -> tuple[int, bool] | None:
    said = match.groupdict().get("y")
    if not said:
        return today.year, False
    said = said.lower()
    if said.isdigit():
        return int(said), True
    if said.startswith(("прошл", "минувш")):
        return None
    return today.year + said.startswith(("следующ", "будущ")), True


def _part_name(text: str) -> str:
    text = text.lower()
    for begin, name in (
        ("перв", "first-half"),
        ("втор", "second-half"),
        ("нач", "early"),
        ("серед", "mid"),
        ("десят", "mid"),
    ):
        if text.startswith(begin):
            if "половин" in text or "полугод" in text:
                return name
            return {"first-half": "early", "second-half": "mid"}.get(name, name)
    return "late"


_DEADLINE = re.compile(r"\b(?:до|к|не\s+позднее|по)\s+$", re.IGNORECASE)


def _last_moment(before: str, told: str) -> bool:
    return bool(_DEADLINE.search(before)) or told[:3].lower() == "до "


_CLUES: dict[str, Sequence[Clue]] = {
    M: [*((stem, None) for stem in STEMS if stem != "ма"), ("", re.compile(r"ма(?<!\wма)[йяе]"))],
    r"20\d\d": [("20", re.compile(r"20\d\d"))],
    "месяц": [("месяц", None)],
    "недел": [("недел", None)],
    "год": [  # but not behind the number of one
        ("год", re.compile(r"год(?:(?<=\w\sгод)(?<!\d\sгод)|(?<=[^\W\d]год)|(?<=\s\sгод))")),
        ("г.", re.compile(r"г\.(?:(?<=о\sг\.)|(?<=ог\.)|(?<=\s\sг\.))")),
    ],
    "весн": [("весн", None), ("осен", None), ("зим", None), ("лет", re.compile(r"лет(?<!\wлет)[оьуаыи]"))],
    "четверг": [
        (day, None)
        for day in ("понедельник", "вторник", "среду", "среды", "среде", "четверг", "пятниц", "суббот", "воскресень")
    ],
    "через": [("через", re.compile(rf"через\s+(?:\d|{'|'.join(NUMBERS)}|неск|полг)"))],
    "ближайш": [("ближайш", None)],
    "течени": [("течени", None)],
    "числа": [("числа", None)],
    "выходн": [("выходн", None)],
    "завтра": [("завтра", None)],
    "квартал": [("квартал", None)],
}

_RULES = Rules(
    _year,
    _last_moment,
    re.IGNORECASE,
    gates={
        M: M,
        f"(?P<d>{D})": r"\d",
        "(?P<unit>": "месяц|недел|год|дн|дней|день",
        THAT_YEAR: r"год|г\.",
        "квартал": "квартал",
    },
    clues=_CLUES,
)
_rule = _RULES.rule


@_rule(r"(?<![\w./-])(?P<d>[0-3]?\d)\.(?P<m>[01]\d)\.(?P<y>20\d\d)(?!\d)")
def _figures(at: Found) -> Between | None:
    return spans.day(at.year, int(at["m"]), int(at["d"]))


@_rule(rf"(?<![\w.])(?:с\s+)?(?P<d>{D})\s+(?P<m>{M}){TO}(?P<e>{D})\s+(?P<n>{M}){Y}")
def _over_months(at: Found) -> Between | None:
    first = spans.day(at.year, _month(at["m"]), _number(at["d"]))
    return spans.days(first, spans.day(at.year, _month(at["n"]), _number(at["e"])))


@_rule(rf"(?<![\w.])(?:с\s+)?(?P<d>{D})(?:,\s*{D})*{TO}(?P<e>{D})\s+(?P<m>{M}){Y}")
def _some_days(at: Found) -> Between | None:
    month = _month(at["m"])
    first, last = (spans.day(at.year, month, _number(at[name])) for name in ("d", "e"))
    return spans.days(first, last) if first and last and first <= last else None


@_rule(rf"(?<![\w.:])(?P<d>{D})\s+(?P<m>{M})(?!\w){Y}")
def _day(at: Found) -> Between | None:
    return spans.day(at.year, _month(at["m"]), _number(at["d"]))


@_rule(rf"\b{PART}\s+(?P<m>{M})(?!\w){Y}")
def _third(at: Found) -> Between | None:
    return spans.third(at.year, _month(at["m"]), _part_name(at["part"]))


@_rule(rf"\b{PART}\s+(?P<unit>(?:следующего|будущего)\s+месяца|(?:этого\s+|текущего\s+)?месяца)\b", counted=True)
def _third_of_month(at: Found) -> Between | None:
    ahead = at["unit"].lower().startswith(("следующ", "будущ"))
    return spans.third(*spans.month_ahead(at.today, int(ahead)), _part_name(at["part"]))


@_rule(rf"\b(?P<m>{M}){TO}(?P<n>{M})(?!\w){Y}")
def _months(at: Found) -> Between | None:
    found = spans.days(spans.month(at.year, _month(at["m"])), spans.month(at.year, _month(at["n"])))
    return (found[0], found[1], "months") if found else None


@_rule(rf"\b{PART}\s+{THAT_YEAR}")
def _part_of_year(at: Found) -> Between | None:
    name = _part_name(at["part"])
    return spans.part(at.year, "end" if at["part"].lower().startswith("конц") else name)


@_rule(r"\b(?:до|к|в)\s+конц[ауе]\s+года\b(?!\s+\d)", counted=True)
def _year_end(at: Found) -> Between | None:
    return spans.part(at.today.year, "end")


@_rule(
    rf"\b(?:(?P<roman>IV|III|II|I|[1-4])(?:-м|-й|-ом)?|(?P<n>перв|втор|треть|четверт)\w*)\s+квартал[еау]?\s+{THAT_YEAR}"
)
def _quarter(at: Found) -> Between | None:
    named = {"перв": 1, "втор": 2, "треть": 3, "четверт": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
    said = (at["roman"] or at["n"]).lower()
    return spans.part(at.year, f"q{named.get(said, said)}")


@_rule(rf"\b{SEASON}\s+{THAT_YEAR}")
@_rule(
    r"\b(?:к|до|на)\s+(?P<season>весн|лет|осен|зим)(?:(?<!лет)е|[уоыаиь])\b(?!\s+(?:прошл|минувш|19|20))", doubtful=True
)
@_rule(r"\b(?P<season>весн|лет|осен|зим)(?:ой|ом|ью)\b(?!\s+(?:прошл|минувш|19|20))")
def _season(at: Found) -> Between | None:
    return spans.season(at.year, SEASONS[at["season"].lower()])


@_rule(
    r"\b(?:на\s+|в\s+)?(?P<what>следующ(?:ей|ем)|будущ(?:ей|ем))\s+(?P<unit>недел[еи]|месяце|году)\b",
    own=True,
)
@_rule(r"\bчерез\s+(?:одну\s+|один\s+)?(?P<unit>неделю|месяц|год)\b(?!\s+(?:после|с\s|со\s|до\s|назад))", doubtful=True)
def _next(at: Found) -> Between | None:
    unit = at["unit"].lower()
    if unit.startswith("нед"):
        return spans.week(at.today, 1)
    if unit.startswith("мес"):
        return spans.month(*spans.month_ahead(at.today, 1))
    return spans.year(at.today.year + 1)


_NUMBER = r"(?P<n>\d{1,2}|" + "|".join(NUMBERS) + ")"
_UNITS = r"(?P<unit>дн(?:я|ей)|дней|сут(?:ки|ок)|недел[иьюя]|недель|месяц(?:а|ев|ы)?)"
_OF_WHAT = r"(?!\w|\s+(?:после|с\s|со\s|до\s|назад|работ))"


def _unit(said: str) -> str:
    return {"нед": "weeks", "мес": "months"}.get(said.lower()[:3], "days")


def _count(said: str | None) -> int:
    return 1 if said is None else int(said) if said.isdigit() else NUMBERS[said.lower()]


@_rule(rf"\bчерез\s+{_NUMBER}\s+{_UNITS}{_OF_WHAT}", doubtful=True)
def _in_so_many(at: Found) -> Between | None:
    return spans.after(at.today, _unit(at["unit"]), _count(at["n"]))


@_rule(rf"\bчерез\s+несколько\s+{_UNITS}{_OF_WHAT}", doubtful=True)
@_rule(rf"\b(?:в|на|за)\s+(?:течение\s+)?ближайши[ех]\s+{_UNITS.replace('дн(?:я|ей)', 'дн(?:и|я|ей)')}(?!\w)", own=True)
def _in_a_few(at: Found) -> Between | None:
    return spans.few(at.today, _unit(at["unit"]))


@_rule(rf"\bв\s+течение\s+(?:(?:ближайш|следующ)\w+\s+)?(?:{_NUMBER}\s+)?{_UNITS}{_OF_WHAT}", doubtful=True)
@_rule(rf"\bв\s+ближайшие\s+{_NUMBER}\s+{_UNITS}{_OF_WHAT}", own=True)
def _within(at: Found) -> Between | None:
    return spans.within(at.today, _unit(at["unit"]), _count(at["n"]))


@_rule(r"\bв\s+(?:течение\s+)?ближайш(?:ую\s+неделю|ий\s+месяц|ей\s+недели|его\s+месяца)(?!\w)", own=True)
def _within_one(at: Found) -> Between | None:
    return spans.within(at.today, "months" if "месяц" in at.match[0].lower() else "weeks", 1)


@_rule(rf"\bчерез\s+полгода\b{_OF_WHAT}", doubtful=True)
def _half_a_year(at: Found) -> Between | None:
    return spans.after(at.today, "months", 6)


@_rule(r"\b(?:до|к|в)\s+конц[ауе]\s+(?:(?:этой|текущей)\s+)?недели\b", doubtful=True)
def _end_of_week(at: Found) -> Between | None:
    return spans.rest(at.today, spans.week(at.today, 0))


@_rule(
    r"\b(?:в|на)\s+(?:эти\s+|ближайшие\s+|предстоящие\s+|(?P<next>следующие\s+))?(?:выходные|выходных)\b", doubtful=True
)
def _weekend(at: Found) -> Between | None:
    return spans.weekend(at.today, int(bool(at["next"])))


@_rule(r"\b(?P<far>послезавтра|завтра)\b", own=True)
def _tomorrow(at: Found) -> Between | None:
    found = at.today + timedelta(days=2 if at["far"].lower() == "послезавтра" else 1)
    return found, found, "day"


@_rule(
    r"\b(?:во?|со?|до|ко?)\s+(?:(?:ближайш|следующ|эт)\w+\s+)?"
    r"(?P<w>понедельник[ау]?|вторник[ау]?|сред[уые]|четверг[ау]?|пятниц[уые]|суббот[уые]|воскресень[еяю])\b(?!,?\s+\d)",
    doubtful=True,
)
def _weekday(at: Found) -> Between | None:
    return spans.weekday(at.today, next(n for n, stem in enumerate(WEEKDAYS) if at["w"].lower().startswith(stem)))


@_rule(r"\bв\s+(?:этом|текущем|нынешнем)\s+месяце\b|\bна\s+(?P<w>этой|текущей)\s+неделе\b", doubtful=True)
def _now(at: Found) -> Between | None:
    whole = spans.week(at.today, 0) if at["w"] else spans.month(at.today.year, at.today.month)
    return spans.rest(at.today, whole) if whole else None


@_rule(r"(?<![\w.:])(?P<d>[0-3]?\d)(?:-?го)?\s+числа\b", doubtful=True)
def _number_alone(at: Found) -> Between | None:
    named = _NAMED.findall(at.match.string[: at.match.start()])
    return spans.next_numbered(at.today, _month(named[-1]) if named else None, int(at["d"]))


_NAMED = re.compile(rf"\b{M}\b", re.IGNORECASE)


@_rule(r"\b(?:в\s+новом\s+году|после\s+нового\s+года)\b", doubtful=True)
def _new_year(at: Found) -> Between | None:
    return spans.month(at.today.year + 1, 1)


@_rule(r"\b(?:до|к)\s+нов(?:ого|ому)\s+год[ау]\b", doubtful=True)
def _before_new_year(at: Found) -> Between | None:
    return spans.part(at.today.year, "end")


@_rule(r"\b(?:позднее|позже)\s+в\s+этом\s+году\b|\bдо\s+конца\s+(?:этого|текущего|нынешнего)\s+года\b", own=True)
def _later(at: Found) -> Between | None:
    return spans.rest(at.today, spans.year(at.today.year))


@_rule(rf"\b(?:в|до|на|к|во|со?|после|раньше|ранее|позже|позднее)\s+(?P<m>{M})(?!\w){Y}")
@_rule(rf"\b(?P<m>{M})\s+(?P<y>20\d\d)\s*(?:года|г\.)?")
def _month_name(at: Found) -> Between | None:
    return spans.month(at.year, _month(at["m"]))


@_rule(r"(?<![\w/.,-])(?P<y>20\d\d)(?:-(?:м|го)\b|\s+(?:года|году|год|г\.))(?!\w)")
def _bare_year(at: Found) -> Between | None:
    return spans.year(at.year)


def hinted(text: str) -> bool:
    """Whether `read` may find anything in a text or in a part of it."""
    return _RULES.hinted(text)


def read(sentence: str, today: date) -> list[Span]:
    """The dates of a sentence; `today` is the day of publication."""
    return _RULES.read(sentence, today)


patterns = _RULES.patterns
