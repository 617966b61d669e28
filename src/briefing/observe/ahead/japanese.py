"""Dates ahead in Japanese; years of eras are those of the calendar that began with them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING
from unicodedata import normalize

from briefing.observe.ahead import spans
from briefing.observe.ahead.japanese_words import (
    CANCELLED,
    ERAS,
    FIGURES,
    FUTURE,
    HINT,
    KINDS,
    MOVED,
    NAMED,
    NOT_BEFORE,
    PAST,
    PLACE,
    TO,
    WD,
    WHO,
    YEAR_BEFORE,
    N,
    Y,
)
from briefing.observe.ahead.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def _number(text: str) -> int:
    if text == "元":
        return 1
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or tens == "十":
        return 0  # no number: "two or three days" stands without a sign between
    return (FIGURES.index(tens) if tens else 1) * 10 * bool(ten) + (FIGURES.index(ones) if ones else 0)


def _year(match: re.Match[str], today: date) -> tuple[int, bool] | None:
    groups = match.groupdict()
    if groups.get("era"):
        return ERAS[match["era"]] + _number(match["e"]), True
    if groups.get("y"):
        return int(match["y"]), True
    said = groups.get("rel") or ""
    if said in ("昨年", "一昨年", "去年", "前年", "同年"):
        return None
    return today.year + {"来年": 1, "明年": 1, "翌年": 1, "再来年": 2}.get(said, 0), bool(said)


_PARTS = {
    "上旬": "early", "中旬": "mid", "下旬": "late", "初旬": "early", "初め": "early", "はじめ": "early", "半ば": "mid",
    "末": "late", "前半": "first-half", "後半": "second-half", "頭": "early", "初頭": "early", "中頃": "mid",
    "終わり": "late",
}  # fmt: skip
_PART = rf"(?P<part>{'|'.join(_PARTS)})"
_SEASONS = {"春": "spring", "夏": "summer", "秋": "autumn", "冬": "winter"}
_DEADLINE = re.compile(r"^\s*(?:頃)?(?:まで|締切|必着|期限)")


def _last_moment(before: str, behind: str) -> bool:  # noqa: ARG001 - in Japanese it stands behind
    return bool(_DEADLINE.search(behind))


_CLUES: dict[str, Sequence[Clue]] = {
    "月": [("月", None)],
    f"{N})日": [("日", re.compile(r"[\d一二三四五六七八九十]日"))],
    r"20\d\d": [("", re.compile(r"[2２][0０]\d\d"))],
    "春": [("", re.compile(r"[春夏秋冬](?:[頃ごまにの、を]|(?<=[来今本].))"))],
    "来週": [("来週", None)],
    "明日": [("明日", None), ("明後日", None)],
    "年末": [("年末", None), ("年内", None), ("年度", None)],
    "来年": [("来年", None), ("今年", None), ("本年", None), ("明年", None)],
    "令和": [("令和", None)],
    "日": [("日", re.compile(r"[\d一二三四五六七八九十]\s*日|数日|近日"))],
    "週": [("", re.compile(r"[\d一二三四五六七八九十数]\s*週間|週[末明内]|今週"))],
    "か月": [("", re.compile(r"[\d一二三四五六七八九十数]\s*[かカヶヵケ箇]月"))],
    "年明け": [("年明け", None)],
    "半年後": [("半年後", None)],
    "月内": [("月内", None)],
    "四半期": [("四半期", None)],
    "曜": [("曜", None)],
    "[(（][月火水木金土日]": [("/", re.compile(r"\d/\d+\s*[(（]"))],
}

_DAYS = "月火水木金土日"
_RULES = Rules(_year, _last_moment, gates={f"(?P<m>{N})月": "月"}, clues=_CLUES)
_rule = _RULES.rule


@_rule(rf"{Y}(?P<m>{N})月(?P<d>{N})日の週")
def _week_of(at: Found) -> Between | None:
    found = spans.day(at.year, _number(at["m"]), _number(at["d"]))
    return spans.week(found[0], 0) if found else None


@_rule(r"(?<![\d/.])(?P<m>1?\d)/(?P<d>[0-3]?\d)(?=\s*[(（][月火水木金土日])")
def _figures_short(at: Found) -> Between | None:
    return spans.day(at.year, int(at["m"]), int(at["d"]))


@_rule(rf"{Y}(?P<m>{N})月(?P<d>{N})日{WD}{TO}(?P<n>{N})月(?P<f>{N})日")
def _over_months(at: Found) -> Between | None:
    first = spans.day(at.year, _number(at["m"]), _number(at["d"]))
    return spans.days(first, spans.day(at.year, _number(at["n"]), _number(at["f"])))


@_rule(rf"{Y}(?P<m>{N})月(?P<d>{N})日?{WD}{TO}(?:翌?(?P<f>{N})(?:日|の両日))(?!間)")
def _some_days(at: Found) -> Between | None:
    month = _number(at["m"])
    first, last = (spans.day(at.year, month, _number(at[name])) for name in ("d", "f"))
    return spans.days(first, last) if first and last and first <= last else None


@_rule(rf"{Y}(?P<m>{N})月\s*(?P<d>{N})日")
def _day(at: Found) -> Between | None:
    return spans.day(at.year, _number(at["m"]), _number(at["d"]))


@_rule(r"(?<!\d)(?P<y>20\d\d)[/.-](?P<m>[01]?\d)[/.-](?P<d>[0-3]?\d)(?!\d)")
def _figures(at: Found) -> Between | None:
    return spans.day(at.year, int(at["m"]), int(at["d"]))


@_rule(rf"{Y}(?P<m>{N})月の?{_PART}")
def _third(at: Found) -> Between | None:
    return spans.third(at.year, _number(at["m"]), _PARTS[at["part"]])


@_rule(
    rf"(?P<which>来月|再来月|今月|本月|翌月)の?(?:{_PART}|(?P<d>{N})(?:日?{WD}{TO}(?P<f>{N})(?:日|の両日)|日))?",
    counted=True,
)
def _relative_month(at: Found) -> Between | None:
    year, month = spans.month_ahead(at.today, {"来月": 1, "翌月": 1, "再来月": 2}.get(at["which"], 0))
    if at["part"]:
        return spans.third(year, month, _PARTS[at["part"]])
    if at["d"] and at["f"]:
        return spans.days(*(spans.day(year, month, _number(at[name])) for name in ("d", "f")))
    if at["d"]:
        return spans.day(year, month, _number(at["d"]))
    return spans.month(year, month)


def _month_before(at: Found) -> int:
    """The month that a bare number of a day belongs to: the one named last before it, else that of publication."""
    named = _MONTH_NAMED.findall(at.match.string[: at.match.start()])
    return _number(named[-1]) if named and 1 <= _number(named[-1]) <= 12 else at.today.month  # noqa: PLR2004


_MONTH_NAMED = re.compile(rf"({N})月")


@_rule(rf"(?<![\d月])(?P<d>{N})日{WD}{TO}(?P<f>{N})日(?!間)")
@_rule(rf"(?<![\d月年一-龥])(?P<d>{N})日(?!間|前|後|本|付|以|目|ぶ)")
def _days_of_month(at: Found) -> Between | None:
    month = _month_before(at)
    first = spans.day(at.today.year, month, _number(at["d"]))
    if first is None or "f" not in at.match.re.groupindex:
        return first
    return spans.days(first, spans.day(at.today.year, month, _number(at["f"])))


@_rule(rf"{Y}(?P<m>{N})月(?:{TO}|又は|または|か)(?P<n>{N})月(?!\s*\d)")
def _months(at: Found) -> Between | None:
    found = spans.days(spans.month(at.year, _number(at["m"])), spans.month(at.year, _number(at["n"])))
    return (found[0], found[1], "months") if found else None


@_rule(rf"{Y}(?P<m>{N})月(?!間|期|\d)")
def _month(at: Found) -> Between | None:
    return spans.month(at.year, _number(at["m"]))


@_rule(r"(?P<which>来|今|本)(?P<season>春|夏|秋|冬)")
@_rule(rf"{Y}の?(?P<season>春|夏|秋|冬)(?:頃|ごろ|まで|に|の|、|を|から|以降|先)")
@_rule(r"(?P<y>20\d\d)年の?(?P<season>春|夏|秋|冬)")
def _season(at: Found) -> Between | None:
    found = spans.season(at.year, _SEASONS[at["season"]])
    if at.match.groupdict().get("which") == "来" and found[0].year == at.today.year:
        return spans.season(at.today.year + 1, _SEASONS[at["season"]])
    return found


_AHEAD = r"(?:今後|向こう|これから)"
_OF = r"(?<!の)(?<!から)(?<!より)"  # of the talks, from the flood: not from today
_UNITS = r"(?P<unit>日|週間|[かカヶヵケ箇]月)"


def _unit(said: str) -> str:
    return {"日": "days", "週": "weeks"}.get(said[0], "months")


@_rule(rf"{_OF}(?P<n>{N})\s*{_UNITS}間?後(?!半)", doubtful=True)
def _in_so_many(at: Found) -> Between | None:
    return spans.after(at.today, _unit(at["unit"]), _number(at["n"])) if _number(at["n"]) else None


@_rule(rf"{_AHEAD}(?P<n>{N})\s*{_UNITS}間?(?:以内|程度|ほど)?(?:に|で|中に)?", counted=True)
@_rule(rf"{_OF}(?P<n>{N})\s*{_UNITS}間?以内", doubtful=True)
def _within(at: Found) -> Between | None:
    return spans.within(at.today, _unit(at["unit"]), _number(at["n"])) if _number(at["n"]) else None


@_rule(r"(?:数(?P<unit>日|週間|[かカヶヵケ箇]月)(?:後|中|以?内|の?うち)|(?P<soon>近日)中?に?|今後数(?P<next>日|週間|[かカヶヵケ箇]月))",
       doubtful=True)  # fmt: skip
def _in_a_few(at: Found) -> Between | None:
    return spans.few(at.today, "days" if at["soon"] else _unit(at["unit"] or at["next"]))


@_rule(r"半年後", doubtful=True)
def _half_a_year(at: Found) -> Between | None:
    return spans.after(at.today, "months", 6)


@_rule(r"(?P<next>来)?週末(?!の?を除)|今週末", doubtful=True)
def _weekend(at: Found) -> Between | None:
    return spans.weekend(at.today, int(bool(at["next"])))


@_rule(r"今週(?:の?(?P<w>[月火水木金土日])曜日?|中|内)|週内", doubtful=True)
def _this_week(at: Found) -> Between | None:
    whole = spans.week(at.today, 0)
    if not at["w"]:
        return spans.rest(at.today, whole)
    day = whole[0] + timedelta(days=_DAYS.index(at["w"]))
    return day, day, "day"


@_rule(r"(?:今)?月内", doubtful=True)
def _this_month(at: Found) -> Between | None:
    whole = spans.month(at.today.year, at.today.month)
    return spans.rest(at.today, whole) if whole else None


@_rule(r"週明け", doubtful=True)
def _monday(at: Found) -> Between | None:
    return spans.weekday(at.today, 0)


@_rule(r"年明け", doubtful=True)
def _new_year(at: Found) -> Between | None:
    return spans.month(at.today.year + 1, 1)


@_rule(r"(?P<which>来週|再来週)(?:の?(?P<w>[月火水木金土日])曜日?)?", own=True)
def _week(at: Found) -> Between | None:
    found = spans.week(at.today, 2 if at["which"] == "再来週" else 1)
    if not at["w"]:
        return found
    day = found[0] + timedelta(days=_DAYS.index(at["w"]))
    return day, day, "day"


@_rule(r"(?P<far>明後日|明日)", own=True)
def _tomorrow(at: Found) -> Between | None:
    found = at.today + timedelta(days=2 if at["far"] == "明後日" else 1)
    return found, found, "day"


@_rule(r"(?P<end>月末|年末|年内|年度末|今年度内|年度内)", own=True)
def _end(at: Found) -> Between | None:
    if at["end"] == "月末":
        return spans.third(at.today.year, at.today.month, "late")
    if "年度" in at["end"]:
        return spans.month(at.today.year + (at.today.month > 3), 3)  # noqa: PLR2004 - the Japanese year of account ends in March
    return spans.part(at.today.year, "end") if at["end"] == "年末" else spans.rest(at.today, spans.year(at.today.year))


@_rule(
    rf"(?:(?P<y>20\d\d)年|(?P<rel>来年|今年|本年)|(?P<era>令和)(?P<e>{N})年)の?(?P<part>前半|後半|上半期|下半期|上期|下期|末|初め|初頭|半ば)"
)
def _part_of_year(at: Found) -> Between | None:
    names = {"前": "first-half", "後": "second-half", "上": "first-half", "下": "second-half", "末": "end", "半": "mid"}
    return spans.part(at.year, names.get(at["part"][0], "early"))


@_rule(r"(?:(?P<y>20\d\d)年|(?P<rel>来年|今年|本年))の?第(?P<q>[1-4一二三四])四半期")
def _quarter(at: Found) -> Between | None:
    return spans.part(at.year, f"q{_number(at['q'])}")


@_rule(
    rf"(?:(?P<y>20\d\d)年|(?P<rel>来年|明年|今年|本年)|(?P<era>令和)(?P<e>{N})年)度(?:の?(?P<half>上半期|下半期|前半|後半|上期|下期))?"
    r"(?=[にのかまを、]|中|内|以降)(?!の(?:予算|税制|計画|事業|実績))",
    doubtful=True,
)
def _year_of_account(at: Found) -> Between | None:
    """From April to March, or half of it."""
    begin, end = {"上": (0, 5), "前": (0, 5), "下": (6, 11), "後": (6, 11)}.get((at["half"] or "_")[0], (0, 11))
    first, last = (spans.month(*spans.month_ahead(date(at.year, 4, 1), count)) for count in (begin, end))
    return (first[0], last[1], "months") if first and last else None


@_rule(
    r"(?<![(（・来今先毎前週])(?<!週の)(?P<w>[月火水木金土日])曜日?(?=に|から|まで|の(?:午前|午後|夜)|以降)",
    doubtful=True,
)
def _weekday(at: Found) -> Between | None:
    return spans.weekday(at.today, _DAYS.index(at["w"]))


@_rule(r"(?P<rel>来年|明年|再来年)(?!度)(?=[にのまを、]|中)", own=True)
@_rule(r"(?:(?P<y>20\d\d)年(?!度|代|版|\d)|(?P<era>令和)(?P<e>\d{1,2})年(?!度|\d))(?=[にのまを、]|中)")
def _whole_year(at: Found) -> Between | None:
    return spans.year(at.year)


def hinted(text: str) -> bool:
    """Whether `read` may find anything in a text or in a part of it."""
    return _RULES.hinted(text if _USUAL.fullmatch(text) else normalize("NFKC", text))


# Signs that NFKC leaves alone or makes into none that a clue holds; full-width figures are figures for clues already.
_USUAL = re.compile("[\0-\x7f\u2010-\u2027\u3000-\u3037\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uff01-\uff5e]*")


def read(sentence: str, today: date) -> list[Span]:
    """The dates of a sentence; `today` is the day of publication. Full-width figures are figures too."""
    plain = normalize("NFKC", sentence)
    return _RULES.read(plain if len(plain) == len(sentence) else sentence, today)


patterns = _RULES.patterns
