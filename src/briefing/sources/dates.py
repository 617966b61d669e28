"""Publication dates: from what a publisher writes to ISO 8601, as precise as it was given and never more.

Reads W3C and RFC 822 forms, dates in words of some thirty languages, numeric dates, Chinese, Japanese (eras too) and
Korean ones. What is ambiguous or relative ("yesterday") stays not understood.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from briefing.model import UNDATED, Published
from briefing.sources import jalali
from briefing.sources.datewords import (
    ANY_LANGUAGE,
    ERA_LENGTHS,
    ERA_LETTERS,
    ERAS,
    LEVANTINE,
    MONTHS,
    OFFSETS,
    month_key,
)
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from briefing.model import DateOrigin, Precision

_LONGEST = 200
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_PIVOT = 69  # POSIX: two-digit years from here on are of the 20th century
_BUDDHIST = 543
_NOON = 12
_MONTHS_A_YEAR = 12
# Where a numeric date with slashes does not tell day from month by its language.
_UNDECIDED = frozenset({"en", "ja", "zh", "ko", "tl", "fil"})
_YEAR_LEADS = frozenset({"ja", "zh", "ko"})
_DAY_FIRST_ENGLISH = frozenset({"GB", "UK", "AU", "NZ", "IE", "IN", "ZA", "SG", "MY", "PK", "LK", "NG", "KE"})


@dataclass(frozen=True, slots=True)
class _Moment:
    """A date as far as it is given; `offset` None where no zone is."""

    year: int
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int = 0
    second: int = 0
    offset: timedelta | None = None
    zone_name: str = ""


def understand(
    raw: str, *, zone: str | None, language: str | None, pattern: str | None = None, origin: DateOrigin
) -> Published:
    """A date as claimed and as understood.

    A time with a zone is converted to `zone` (IANA name) where that is given; one without takes `zone`, else UTC.
    `pattern` is a `strptime` format tried first; `language` (BCP 47) decides between meanings of names and numbers.
    A string that cannot be understood, or lies outside the years 1900 to 2100, gives no value.
    """
    claimed = one_line(raw)[:_LONGEST]
    if not claimed:
        return UNDATED
    text = unicodedata.normalize("NFKC", claimed)
    moment = (_by_pattern(text, pattern) if pattern else None) or _read(text, language or "")
    value, precision = _value(moment, zone) if moment else (None, None)
    return Published(raw=claimed, value=value, precision=precision, origin=origin)


def _value(moment: _Moment, zone: str | None) -> tuple[str | None, Precision | None]:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None, None
    try:
        when = datetime(  # noqa: DTZ001 - the zone is given below, once the day is known to exist
            moment.year, moment.month or 1, moment.day or 1, moment.hour or 0, moment.minute, moment.second
        )
        if moment.hour is not None:
            return _in_zone(when, moment, zone).isoformat(timespec="seconds"), "minute"
    except (ValueError, OverflowError):
        return None, None
    if moment.day is not None:
        return f"{when:%Y-%m-%d}", "day"
    return (f"{when:%Y-%m}", "month") if moment.month is not None else (f"{when:%Y}", "year")


def _in_zone(when: datetime, moment: _Moment, zone: str | None) -> datetime:
    local = ZoneInfo(zone) if zone else None
    if local and moment.zone_name and when.replace(tzinfo=local).tzname() == moment.zone_name:
        return when.replace(tzinfo=local)
    if moment.offset is None:
        return when.replace(tzinfo=local or UTC)
    aware = when.replace(tzinfo=timezone(moment.offset))
    return aware.astimezone(local) if local else aware


def _by_pattern(text: str, pattern: str) -> _Moment | None:
    try:
        when = datetime.strptime(text, pattern)  # noqa: DTZ007 - a pattern without zone takes the source's
    except ValueError:
        return None
    given = set(re.findall(r"%-?([A-Za-z])", pattern))
    timed = bool(given & set("HIcXs"))
    dated = timed or bool(given & set("djcxaAU"))
    return _Moment(
        when.year,
        when.month if dated or given & set("mbB") else None,
        when.day if dated else None,
        when.hour if timed else None,
        when.minute,
        when.second,
        when.utcoffset(),
    )


# ---------------------------------------------------------------- the two forms that feeds use

_W3C = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?"
)
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? "
    r"(?:(GMT|UTC|Z|UT)|([+-])(\d\d)(\d\d))"
)


def _read(text: str, language: str) -> _Moment | None:
    if found := _W3C.fullmatch(text):
        year, month, day, hour, minute, second, utc, sign, hours, minutes = found.groups()
        return _Moment(
            int(year),
            int(month),
            int(day),
            int(hour),
            int(minute),
            int(second or 0),
            _offset(utc, sign, hours, minutes),
        )
    if (found := _RFC_822.fullmatch(text)) and (number := MONTHS["en"].get(found.group(2).lower())):
        day, _, year, hour, minute, second, utc, sign, hours, minutes = found.groups()
        return _Moment(
            int(year), number, int(day), int(hour), int(minute), int(second or 0), _offset(utc, sign, hours, minutes)
        )
    return _read_freely(text, language)


def _offset(utc: str | None, sign: str | None, hours: str | None, minutes: str | None) -> timedelta | None:
    if utc:
        return timedelta()
    if not sign:
        return None
    held = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return -held if sign == "-" else held


# ---------------------------------------------------------------- everything else: time of day, then the date

_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[Tt]?(\d\d)(\d\d)(\d\d)?)?([Zz])?")
_CLOCK = re.compile(
    r"(?:(?<=[Tt])|(?<![\d.:]))(\d{1,2})(?::(\d\d)(?::(\d\d)(?:[.,]\d+)?)?|\s?[hH]\s?(\d\d)?(?!\w))"
    r"\s*(?:([AaPp])\.?\s?[Mm]\.?(?!\w))?"
)
# A dot parts hours and minutes only where a word says that this is a time.
_DOTTED_CLOCK = re.compile(
    r"(?:\b(?:kl\.?|klo|um|ore|alle|at)\s*(\d{1,2})\.(\d\d)(?![\d.])|(?<![\d.:])(\d{1,2})\.(\d\d)(?=\s*(?:uhr|hrs)\b))",
    re.IGNORECASE,
)
_CLOCK_WORD = re.compile(r"\s*(?:uhr|hrs|h|horas|ч\.|час\.)(?!\w)", re.IGNORECASE)
_CLOCK_12 = re.compile(r"(?<![\d.:])(\d{1,2})\s*([AaPp])\.?[Mm]\.?(?!\w)")
_CJK_CLOCK = re.compile(
    r"(午前|午後|上午|下午|오전|오후)?\s*(?<![\d./-])(\d{1,2})\s*(?:時|时|[点點](?![击擊閱])|시|:(?=\d\d))\s*(?:(半)|(\d{1,2})\s*(?:分|분)?)?\s*(?:(\d{1,2})\s*(?:秒|초))?"
)
# Each of them is the year of one date.
_YEARS = re.compile(
    r"(?<!\d)(?:(?:19|20|25)\d\d(?!\d)|(?:元|\d{1,3})[年년]|\d{1,2}(?P<sign>[./-])\d{1,2}(?P=sign)\d\d(?!\d))"
)
_ZONE = re.compile(
    r"[\s,(\[]*(?:(?:GMT|UTC|UT|Z)?\s?([+-−])\s?(\d{1,2})(?::?(\d\d))?(?!\d)|(?-i:([A-ZМСК]{1,5}))(?!\w))[)\]]?"
)


def _read_freely(text: str, language: str) -> _Moment | None:
    if found := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, utc = found.groups()
        moment = _Moment(int(year), int(month), int(day))
        if not hour:
            return moment
        return replace(
            moment, hour=int(hour), minute=int(minute), second=int(second or 0), offset=timedelta() if utc else None
        )
    clock, rest = _clock(text)
    date = _iranian(rest, language) or _era_or_cjk(rest, language) or _year_first(rest)
    date = date or _worded(rest, language) or _numeric(rest, language)
    if date is not None and date.year > _LAST_YEAR and _base(language) == "th":
        date = replace(date, year=date.year - _BUDDHIST)
    if date is None or clock is None:
        return date
    # A time without its day says nothing.
    return replace(clock, year=date.year, month=date.month, day=date.day) if date.day else None


def _base(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()


def _iranian(text: str, language: str) -> _Moment | None:
    day = jalali.read(text, language)
    return _Moment(day.year, day.month, day.day) if day is not None else None


def _clock(text: str) -> tuple[_Moment | None, str]:
    """The time of day with its zone, and the text without them."""
    found = _CJK_CLOCK.search(text) if re.search("[時时点點시]|[午오][前後전후]|[上下]午", text) else None
    if found:
        half, hour, thirty, minute, second = found.groups()
        clock = _Moment(0, hour=int(hour), minute=30 if thirty else int(minute or 0), second=int(second or 0))
        later = half in {"午後", "下午", "오후"}
        clock = _twelve(clock, "p" if later else "a") if half else clock
    elif found := _CLOCK.search(text):
        hour, minute, second, by_h, half = found.groups()
        clock = _Moment(0, hour=int(hour), minute=int(minute or by_h or 0), second=int(second or 0))
        clock = _twelve(clock, half) if half else clock
    elif found := _DOTTED_CLOCK.search(text):
        hour, minute = [number for number in found.groups() if number]
        clock = _Moment(0, hour=int(hour), minute=int(minute))
    elif found := _CLOCK_12.search(text):
        clock = _twelve(_Moment(0, hour=int(found.group(1))), found.group(2))
    else:
        return None, text
    end = word.end() if (word := _CLOCK_WORD.match(text, found.end())) else found.end()
    if zone := _ZONE.match(text, end):
        clock, end = _zoned(clock, zone), zone.end()
    before = text[: found.start()]
    if sum(1 for _ in _YEARS.finditer(before)) > 1:
        return None, f"{before} {text[end:]}"  # the time of another date, such as that of the last update
    return clock, f"{before[:-1] if before[-1:] in {'T', 't'} and before[-2:-1].isdigit() else before} {text[end:]}"


def _twelve(clock: _Moment, half: str) -> _Moment:
    """A time on the twelve-hour clock; beyond it (`15:00 p.m.`) it is left as it stands."""
    hour = clock.hour or 0
    if hour > _NOON:
        return clock
    return replace(clock, hour=hour % _NOON + (_NOON if half in "pP" else 0))


def _zoned(clock: _Moment, zone: re.Match[str]) -> _Moment:
    sign, hours, minutes, name = zone.groups()
    if sign:
        held = timedelta(hours=int(hours), minutes=int(minutes or 0))
        if len(hours) == 1 or not minutes or held < timedelta(days=1):
            return replace(clock, offset=held if sign == "+" else -held)
    if name in OFFSETS:
        return replace(clock, offset=timedelta(minutes=OFFSETS[name]), zone_name=name)
    return clock


# ---------------------------------------------------------------- Chinese, Japanese, Korean

_CJK = re.compile(
    r"(?:(?P<era>明治|大正|昭和|平成|令和|(?:中華)?民國|(?:中华)?民国)\s*(?P<nth>元|\d{1,3})|(?<!\d)(?P<year>\d{4}))\s*[年년]"
    r"\s*(?:(?P<month>\d{1,2})\s*[月월]\s*(?:(?P<day>\d{1,2})\s*[日일号號]?)?)?"
)
_ERA_LETTER = re.compile(r"(?<!\w)([MTSHR])\.?\s?(元|\d{1,2})[./\-年]\s?(\d{1,2})(?:[./\-月]\s?(\d{1,2}))?(?!\d)")
# In Taiwan the era may stand unnamed.
_REPUBLICAN_YEAR = re.compile(r"(?<!\d)(1[0-4]\d)\s*年(?=\s*\d{1,2}\s*月)")
_MONGOLIAN = re.compile(r"(?<!\d)(\d{4})\s*оны\s*(\d{1,2})[\s-]*(?:р\s|дугаар|дүгээр)?\s*сарын\s*(\d{1,2})(?!\d)")
_HAN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_HAN_NUMBER = re.compile(r"[〇零一二三四五六七八九十]+(?=[年月日时時分])")


def _arabic(match: re.Match[str]) -> str:
    held = match.group()
    if "十" not in held:
        return held.translate(_HAN_DIGITS)
    tens, _, units = held.partition("十")
    return str(int(tens.translate(_HAN_DIGITS) or 1) * 10 + int(units.translate(_HAN_DIGITS) or 0))


def _era_or_cjk(text: str, language: str) -> _Moment | None:
    text = _HAN_NUMBER.sub(_arabic, text)
    if _base(language) == "zh":
        text = _REPUBLICAN_YEAR.sub(lambda found: f"{ERAS['民國'] + int(found[1])}年", text)
    if found := _MONGOLIAN.search(text):
        return _Moment(int(found[1]), int(found[2]), int(found[3]))
    if found := _CJK.search(text):
        month, day = found["month"], found["day"]
        year = int(found["year"]) if found["year"] else _era_year(found["era"][-2:], found["nth"])
    elif found := _ERA_LETTER.search(text):
        letter, nth, month, day = found.groups()
        year = _era_year(ERA_LETTERS[letter], nth)
    else:
        return None
    return _Moment(year, int(month) if month else None, int(day) if day else None) if year else None


def _era_year(era: str, nth: str) -> int | None:
    number = 1 if nth == "元" else int(nth)
    return ERAS[era] + number if 1 <= number <= ERA_LENGTHS.get(era, 200) else None


# ---------------------------------------------------------------- numbers

_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?([-/.])\s?(\d{1,2})(?!\d)(?:\s?\2\s?(\d{1,2})(?!\d))?")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
_MONTH_YEAR = re.compile(r"(?<![\d./-])(\d{1,2})\s?[./]\s?(\d{4})(?!\d)")
_YEAR = re.compile(r"\W*(\d{4})\W*(?:г|год|р|рік|year|m)?\W*")
_REPUBLICAN = re.compile(r"(?<!\d)(1[0-4]\d)\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_VIETNAMESE = re.compile(r"(\d{1,2})\s+tháng\s+(\d{1,2})(?:,?\s+năm|,)?\s+(\d{4})", re.IGNORECASE)


def _year_first(text: str) -> _Moment | None:
    found = _YEAR_FIRST.search(text)
    if not found:
        return None
    year, _, month, day = found.groups()
    return _Moment(int(year), int(month), int(day) if day else None)


def _numeric(text: str, language: str) -> _Moment | None:
    if found := _VIETNAMESE.search(text):
        return _Moment(int(found.group(3)), int(found.group(2)), int(found.group(1)))
    base = _base(language)
    if base == "zh" and (found := _REPUBLICAN.search(text)):
        return _Moment(ERAS["民國"] + int(found.group(1)), int(found.group(3)), int(found.group(4)))
    if found := _YEAR_LAST.search(text):
        first, sign, second, year = found.groups()
        if base in _YEAR_LEADS and len(year) == len("00"):
            # A Japanese year of two digits may be one of the era.
            return None if base == "ja" else _Moment(_full_year(first), int(second), int(year))
        order = _order(int(first), int(second), day_first=sign == "." or _day_first(language))
        return _Moment(_full_year(year), *order) if order else None
    if found := _MONTH_YEAR.search(text):
        return _Moment(int(found.group(2)), int(found.group(1)))
    found = _YEAR.fullmatch(text)
    return _Moment(int(found.group(1))) if found else None


def _order(first: int, second: int, *, day_first: bool) -> tuple[int, int] | None:
    """Month and day, None where nothing tells them apart."""
    if first == second or day_first or first > _MONTHS_A_YEAR:
        return second, first
    return (first, second) if second > _MONTHS_A_YEAR else None


def _day_first(language: str) -> bool:
    base, _, region = language.replace("_", "-").partition("-")
    return region.upper() in _DAY_FIRST_ENGLISH or bool(base and base.lower() not in _UNDECIDED)


def _full_year(year: str) -> int:
    number = int(year)
    if len(year) > len("00"):
        return number
    return number + (1900 if number >= _PIVOT else 2000)


# ---------------------------------------------------------------- words

_WORD = re.compile(r"[^\s\d,،;:()/\[\]|-]+")
_TWIN = re.compile(r"\s?/\s?([^\W\d_]+)")
_DAY_BEFORE = re.compile(
    r"(?<![\d.:])(\d{1,2})\s?(?:st|nd|rd|th|er|ste|de|e|[.ºª°]|-?(?:го|е|ое))?[\s-]*(?:de|of|di|del|do|den|dne|,)?[\s-]*$",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(r"(?<!\d)(\d{4})[\s.,-]*(?:m\.|г\.|év|gada|yil|жылдын|\w\.)?[\s.,-]*$")
_AFTER = re.compile(
    r"[\s.,،-]*(?:(\d{1,2})(?:st|nd|rd|th)?(?![\d:])[\s.,،-]*)?(?:(?:del?|do|of|lei|г|р)(?!\w)|พ\.ศ\.)?[\s.,'’-]*"
    r"(\d{4}|\d{2})?(?!\d)",
    re.IGNORECASE,
)


def _worded(text: str, language: str) -> _Moment | None:
    """The date around a month's name; of several the most precise, the first among equals."""
    readings = list(_around_months(text, _base(language)))
    return max(readings, key=lambda moment: moment.day is not None) if readings else None


def _around_months(text: str, language: str) -> Iterator[_Moment]:
    own = MONTHS.get({"nb": "no", "nn": "no", "bs": "sr", "ms": "id"}.get(language, language), {})
    for levantine, name in LEVANTINE.items():
        text = text.replace(levantine, name)
    for word in _WORD.finditer(text):
        name = month_key(word.group())
        month = own.get(name) or ANY_LANGUAGE.get(name)
        if month and (moment := _around(text, word.start(), _end(text, word.end(), month, own), month)):
            thai = name in MONTHS["th"] and moment.year > _LAST_YEAR
            yield replace(moment, year=moment.year - _BUDDHIST) if thai else moment


def _end(text: str, end: int, month: int, own: Mapping[str, int]) -> int:
    """Where the month's name ends: the same month may follow under another name (`آذار/مارس`)."""
    twin = _TWIN.match(text, end)
    name = month_key(twin.group(1)) if twin else ""
    return twin.end() if twin and month == (own.get(name) or ANY_LANGUAGE.get(name)) else end


def _around(text: str, start: int, end: int, month: int) -> _Moment | None:
    before = _DAY_BEFORE.search(text, 0, start)
    after = _AFTER.match(text, end)
    day, year = after.groups() if after else (None, None)
    if before:
        if day and not year:  # 20 Mar 17
            year = day
        day = before.group(1)
    elif year and len(year) == len("00"):
        return None
    if not year:
        earlier = _YEAR_BEFORE.search(text, 0, before.start() if before else start)
        if not earlier:
            return None
        year = earlier.group(1)
    return _Moment(_full_year(year), month, int(day) if day else None)
