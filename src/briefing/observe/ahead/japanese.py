"""Dates ahead in Japanese; years of eras are those of the calendar that began with them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from unicodedata import normalize

from briefing.observe.ahead import spans
from briefing.observe.ahead.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from briefing.observe.ahead.rules import Clue, Found
    from briefing.observe.ahead.spans import Between, Span

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_FIGURES = "〇一二三四五六七八九"
_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_Y = (
    r"(?:(?P<era>令和|平成|昭和|大正|明治)\s*(?P<e>\d{1,2}|元|[一二三四五六七八九十]{1,3})年(?:\s*[(（]\s*\d{4}年?\s*[)）])?\s*の?|"
    r"(?P<y>(?:19|20)\d\d)年(?:\s*[(（](?:令和|平成)[^)）]{1,4}[)）])?\s*の?|(?P<rel>本年|今年|来年|明年|再来年|翌年|昨年|一昨年|去年|前年|同年)(?:の|、)?\s*)?"
)
_WD = r"(?:\s*[(（][月火水木金土日](?:曜日?)?(?:・祝)?[)）])?"
_TO = r"\s*(?:~|〜|～|-|–|—|から|及び|および|、|・|と|より)\s*"

HINT = re.compile(
    r"\d\s*[月日]|[一二三四五六七八九十]月|来[週月年春夏秋冬]|再来|今[秋冬春夏年]|明日|明後日|本年|年[末内]|月末|翌[日月週年]|近く|今月|"
    r"\d年|年度|[上中下]旬|週間|[かカヶヵケ箇]月|数[日週か]|近日|週[末明内]|月内|年明け|半年後|秋|春|夏|冬|[0-9]\s*[月日]"
)
FUTURE = re.compile(
    r"(?:する|行う|開く|続ける|進める|開催|実施|訪問|会談)こと(?:で|に|を|と|が)?(?:一致|合意|決定|決ま|決め|確認|な)(?:しま|りま)?[しっり]?た?|来る(?=\d|[一二三])|"
    r"する(?=。|$)|ます(?=。|$)|"
    r"予定|開催する|開催され(?:る|ます)|開催します|行う(?:こと|方針|見込み|見通し|運び|。|$)|行われる|訪問する|訪問します|訪問し、|訪れる|訪日する|訪ロする|訪露する|"
    r"見込み|見通し|方針|調整|計画|目指|締切|締め切り|期限|まで(?:に|とする|です|。)|募集|申[し込]*込|受け?付け|参加する|参加します|出席する|出席します|開く|開かれる|"
    r"実施する|実施され(?:る|ます)|実施します|合意|一致|向け(?:て|た)|控え|招待|意向|期待|求め|始まる|発効する|会談する|会談します|協議する|議論する|"
    r"ことになっ(?:て|た)|ことになる|ください|なければならない|ねばならない|される(?=。|$)|延期|変更|中止|取りやめ|見送|いたします|迎える|招く|開始する|開始します|行います|開幕する|始める|派遣する|招へいする|施行される|施行する"
)
PAST = re.compile(
    r"(?:開催|実施|訪問|出席|参加|会談|協議|署名|発効|締結|合意|決定|議論|発表|採択|表明|派遣|延期|開始|訪日|訪露|訪ロ|終了|施行|改正|閉幕|開幕|招待)"
    r"(?:し|いたし|され|が行われ)(?:まし)?た|行(?:い|われ|っ)(?:まし)?た|(?:開|開か|開かれ|結ば|始まっ|始まり|終わっ)(?:れ)?(?:まし)?た|でした|だった|"
    r"した(?:。|、|$|[^こ])|昨年|先月|先週|去年|以来|以降|振り返|際に(?:は)?合意した|(?:年|か月|ヶ月|日)前|過去|受けて|踏まえ"
)
CANCELLED = re.compile(r"中止(?:する|し|され|と(?:な|し)|が)|取りやめ|見送(?:る|られ|り)|キャンセル|開催しない")
MOVED = re.compile(r"(?:延期|変更|繰り?[上下]げ|前倒し|順延)")
NOT_BEFORE = re.compile(r"(?:昨年の?|前回の?|先の|去る)$")
YEAR_BEFORE = re.compile(r"")

KINDS = (
    ("two-plus-two", re.compile(r"2\s?[+＋]\s?2")),
    ("summit", re.compile(r"首脳会[談議合]|サミット")),
    ("forum", re.compile(r"フォーラム")),
    ("election", re.compile(r"選挙|国民投票")),
    ("exercise", re.compile(r"演習|訓練")),
    ("conference", re.compile(r"会議|シンポジウム|セミナー|大会")),
    ("council", re.compile(r"理事会|委員会|審議会|総会|評議会")),
    ("consultation", re.compile(r"協議|対話")),
    ("talks", re.compile(r"会談|会合|交渉")),
    ("visit", re.compile(r"訪問|訪日|訪露|訪ロ|訪米|訪中|訪れ|来日")),
    ("deadline", re.compile(r"締切|締め切り|期限|まで")),
)
NAMED = re.compile(
    r"「[^」]{2,40}」|(?:第\d+回)?[一-龥ァ-ヶーA-Z0-9・]{3,30}(?:フォーラム|会議|会談|サミット|協議|対話|委員会|総会|シンポジウム)"
)
PLACE = re.compile(
    r"(?:、|。|に|日|は|^)([一-龥ァ-ヶー・]{2,12}?)(?:市内)?(?:において|にて|で)(?!き|す|あ|は)|([ァ-ヶー一-龥]{2,10})を(?:訪問|訪れ)"
)
WHO = re.compile(
    r"([一-龥ァ-ヶー・]{2,14}?)(?:・?[一-龥ァ-ヶー]{0,6})?(?:内閣総理大臣|総理大臣|外務大臣|防衛大臣|大統領|首相|外相|国務長官|次官|事務総長|議長|大臣|長官|総理|主席)"
)


def _number(text: str) -> int:
    if text == "元":
        return 1
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or tens == "十":
        return 0  # no number: "two or three days" stands without a sign between
    return (_FIGURES.index(tens) if tens else 1) * 10 * bool(ten) + (_FIGURES.index(ones) if ones else 0)


def _year(match: re.Match[str], today: date) -> tuple[int, bool] | None:
    groups = match.groupdict()
    if groups.get("era"):
        return _ERAS[match["era"]] + _number(match["e"]), True
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
    f"{_N})日": [("日", re.compile(r"[\d一二三四五六七八九十]日"))],
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
}

_RULES = Rules(_year, _last_moment, gates={f"(?P<m>{_N})月": "月"}, clues=_CLUES)
_rule = _RULES.rule


@_rule(rf"{_Y}(?P<m>{_N})月(?P<d>{_N})日{_WD}{_TO}(?P<n>{_N})月(?P<f>{_N})日")
def _over_months(at: Found) -> Between | None:
    first = spans.day(at.year, _number(at["m"]), _number(at["d"]))
    return spans.days(first, spans.day(at.year, _number(at["n"]), _number(at["f"])))


@_rule(rf"{_Y}(?P<m>{_N})月(?P<d>{_N})日?{_WD}{_TO}(?:翌?(?P<f>{_N})日)(?!間)")
def _some_days(at: Found) -> Between | None:
    month = _number(at["m"])
    first, last = (spans.day(at.year, month, _number(at[name])) for name in ("d", "f"))
    return spans.days(first, last) if first and last and first <= last else None


@_rule(rf"{_Y}(?P<m>{_N})月\s*(?P<d>{_N})日")
def _day(at: Found) -> Between | None:
    return spans.day(at.year, _number(at["m"]), _number(at["d"]))


@_rule(r"(?<!\d)(?P<y>20\d\d)[/.-](?P<m>[01]?\d)[/.-](?P<d>[0-3]?\d)(?!\d)")
def _figures(at: Found) -> Between | None:
    return spans.day(at.year, int(at["m"]), int(at["d"]))


@_rule(rf"{_Y}(?P<m>{_N})月の?{_PART}")
def _third(at: Found) -> Between | None:
    return spans.third(at.year, _number(at["m"]), _PARTS[at["part"]])


@_rule(rf"(?P<which>来月|再来月|今月|本月|翌月)の?(?:{_PART}|(?P<d>{_N})日(?:{_TO}(?P<f>{_N})日)?)?", counted=True)
def _relative_month(at: Found) -> Between | None:
    year, month = spans.month_ahead(at.today, {"来月": 1, "翌月": 1, "再来月": 2}.get(at["which"], 0))
    if at["part"]:
        return spans.third(year, month, _PARTS[at["part"]])
    if at["d"] and at["f"]:
        return spans.days(*(spans.day(year, month, _number(at[name])) for name in ("d", "f")))
    if at["d"]:
        return spans.day(year, month, _number(at["d"]))
    return spans.month(year, month)


@_rule(rf"(?<![\d月])(?P<d>{_N})日{_WD}{_TO}(?P<f>{_N})日(?!間)")
@_rule(rf"(?<![\d月年一-龥])(?P<d>{_N})日(?!間|前|後|本|付|以|目|ぶ)")
def _days_of_month(at: Found) -> Between | None:
    first = spans.day(at.today.year, at.today.month, _number(at["d"]))
    if first is None or "f" not in at.match.re.groupindex:
        return first
    return spans.days(first, spans.day(at.today.year, at.today.month, _number(at["f"])))


@_rule(rf"{_Y}(?P<m>{_N})月(?:{_TO}|又は|または|か)(?P<n>{_N})月(?!\s*\d)")
def _months(at: Found) -> Between | None:
    found = spans.days(spans.month(at.year, _number(at["m"])), spans.month(at.year, _number(at["n"])))
    return (found[0], found[1], "months") if found else None


@_rule(rf"{_Y}(?P<m>{_N})月(?!間|期|\d)")
def _month(at: Found) -> Between | None:
    return spans.month(at.year, _number(at["m"]))


@_rule(r"(?P<which>来|今|本)(?P<season>春|夏|秋|冬)")
@_rule(rf"{_Y}の?(?P<season>春|夏|秋|冬)(?:頃|ごろ|まで|に|の|、|を)")
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


@_rule(rf"{_OF}(?P<n>{_N})\s*{_UNITS}間?後(?!半)", doubtful=True)
def _in_so_many(at: Found) -> Between | None:
    return spans.after(at.today, _unit(at["unit"]), _number(at["n"])) if _number(at["n"]) else None


@_rule(rf"{_AHEAD}(?P<n>{_N})\s*{_UNITS}間?(?:以内|程度|ほど)?(?:に|で|中に)?", counted=True)
@_rule(rf"{_OF}(?P<n>{_N})\s*{_UNITS}間?以内", doubtful=True)
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
    day = whole[0] + timedelta(days="月火水木金土日".index(at["w"]))
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
    day = found[0] + timedelta(days="月火水木金土日".index(at["w"]))
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
    rf"(?:(?P<y>20\d\d)年|(?P<rel>来年|今年|本年)|(?P<era>令和)(?P<e>{_N})年)の?(?P<part>前半|後半|上半期|下半期|上期|下期|末|初め|初頭|半ば)"
)
def _part_of_year(at: Found) -> Between | None:
    names = {"前": "first-half", "後": "second-half", "上": "first-half", "下": "second-half", "末": "end", "半": "mid"}
    return spans.part(at.year, names.get(at["part"][0], "early"))


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
