"""Dates: understood as precisely as they are given, and never more."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.model import Published
from briefing.sources.addresses import date_in
from briefing.sources.dates import understand
from briefing.sources.datewords import MONTHS


def value(raw: str, language: str | None = None, zone: str | None = None, pattern: str | None = None) -> Any:
    return understand(raw, zone=zone, language=language, pattern=pattern, origin="feed").value


@pytest.mark.parametrize(
    ("raw", "expected", "precision"),
    [
        ("2016", "2016", "year"),
        ("2016-11", "2016-11", "month"),
        ("2016-11-19", "2016-11-19", "day"),
        ("20161119", "2016-11-19", "day"),
        ("2016-11-19T08:05Z", "2016-11-19T08:05:00+00:00", "minute"),
        ("2016-11-19t08:05:09.25+05:30", "2016-11-19T08:05:09+05:30", "minute"),
        ("2016-11-19T08:05+03", "2016-11-19T08:05:00+03:00", "minute"),
        ("20161119T080509Z", "2016-11-19T08:05:09+00:00", "minute"),
        ("2016-11-19 08:05:09 -0330", "2016-11-19T08:05:09-03:30", "minute"),
    ],
)
def test_w3c_forms_keep_their_precision(raw, expected, precision):
    understood = understand(raw, zone=None, language=None, origin="feed")
    assert (understood.value, understood.precision, understood.raw) == (expected, precision, raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Sat, 04 Feb 2012 22:10:05 GMT", "2012-02-04T22:10:05+00:00"),
        ("4 Feb 12 22:10 +0100", "2012-02-04T22:10:00+01:00"),
        ("Sat, 04 Feb 2012 22:10:05 JST", "2012-02-04T22:10:05+09:00"),
        ("Sat, 04 Feb 2012 22:10:05 MSK", "2012-02-04T22:10:05+03:00"),
        ("Sat, 04 Feb 2012 22:10:05 CEST", "2012-02-04T22:10:05+02:00"),
        ("Sat, 04 Feb 2012 22:10:05 EST", "2012-02-04T22:10:05-05:00"),
        ("Sat, 04 Feb 2012 22:10:05 GMT+3", "2012-02-04T22:10:05+03:00"),
        ("Sat, 04 Feb 2012 22:10", "2012-02-04T22:10:00+00:00"),
        ("Thursday, 04 Feb 2012 22:10:05 GMT", "2012-02-04T22:10:05+00:00"),
        ("04-Feb-2012", "2012-02-04"),
        ("Saturday, February 4, 2012 - 22:10", "2012-02-04T22:10:00+00:00"),
        ("Feb. 4th, 2012, 10:10 p.m.", "2012-02-04T22:10:00+00:00"),
        ("4 Feb 2012 12:05 AM", "2012-02-04T00:05:00+00:00"),
        ("Feb 4, 2012 at 3pm", "2012-02-04T15:00:00+00:00"),
    ],
)
def test_mail_forms_and_english_words_are_read_with_their_zones(raw, expected):
    assert value(raw, "en") == expected


@pytest.mark.parametrize(
    ("raw", "language", "expected"),
    [
        ("5 августа 2014 г.", "ru", "2014-08-05"),
        ("5 августа 2014 года, 18:40", "ru", "2014-08-05T18:40:00+00:00"),
        ("август 2014", "ru", "2014-08"),
        ("5 серпня 2014", "uk", "2014-08-05"),
        ("5. August 2014, 18:40 Uhr", "de", "2014-08-05T18:40:00+00:00"),
        ("5. August 2014, 18.40 Uhr (MESZ)", "de", "2014-08-05T18:40:00+02:00"),
        ("mardi 1er juillet 2014 à 18h40", "fr", "2014-07-01T18:40:00+00:00"),
        ("mar. 5 août 2014", "fr", "2014-08-05"),
        ("5 de agosto de 2014", "es", "2014-08-05"),
        ("martedì 5 agosto 2014", "it", "2014-08-05"),
        ("5 de agosto de 2014 às 18h", "pt", "2014-08-05T18:00:00+00:00"),
        ("5 sierpnia 2014", "pl", "2014-08-05"),
        ("5. srpna 2014", "cs", "2014-08-05"),
        ("5 augusti 2014 kl. 18.40", "sv", "2014-08-05T18:40:00+00:00"),
        ("2014. augusztus 5.", "hu", "2014-08-05"),
        ("5 Ağustos 2014", "tr", "2014-08-05"),
        ("5 Αυγούστου 2014", "el", "2014-08-05"),
        ("5 tháng 8 năm 2014", "vi", "2014-08-05"),
        ("5 สิงหาคม 2557", "th", "2014-08-05"),
        ("٥ أغسطس ٢٠١٤", "ar", "2014-08-05"),
    ],
)
def test_dates_in_words_are_read_in_many_languages(raw, language, expected):
    assert value(raw, language) == expected


def test_a_name_with_two_meanings_is_read_by_its_language_or_not_at_all():
    assert value("5 listopada 2014", "pl") == "2014-11-05"
    assert value("5. listopada 2014.", "hr") == "2014-10-05"
    assert value("5 listopada 2014") is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("令和元年5月1日", "2019-05-01"),
        ("令和６年１２月５日", "2024-12-05"),
        ("平成28年8月", "2016-08"),
        ("昭和64年1月7日", "1989-01-07"),
        ("大正12年9月1日", "1923-09-01"),
        ("㋿3年4月2日", "2021-04-02"),
        ("H28.8.5", "2016-08-05"),
        ("2021年4月2日(金曜日)14時05分", "2021-04-02T14:05:00+09:00"),
        ("2021年4月2日 午後2時半", "2021-04-02T14:30:00+09:00"),
        ("2021年4月2日 14:05", "2021-04-02T14:05:00+09:00"),
        ("２０２１／０４／０２", "2021-04-02"),
        ("二〇二一年四月二日", "2021-04-02"),
        ("2021년 4월 2일 오후 2시 5분", "2021-04-02T14:05:00+09:00"),
        ("2021. 4. 2.", "2021-04-02"),
        ("民國110年4月2日", "2021-04-02"),
        ("4月2日(金) 10時30分", None),
        ("平成32年1月1日", None),
    ],
)
def test_east_asian_dates_are_read_with_their_eras(raw, expected):
    assert value(raw, "ja", "Asia/Tokyo") == expected


@pytest.mark.parametrize(
    ("raw", "language", "expected"),
    [
        ("05.08.2014", None, "2014-08-05"),
        ("05.08.2014 07:09", "ru", "2014-08-05T07:09:00+00:00"),
        ("5.8.14", "de", "2014-08-05"),
        ("05/08/2014", "fr", "2014-08-05"),
        ("05/08/2014", "en-GB", "2014-08-05"),
        ("05/08/2014", "en-US", None),
        ("05/08/2014", "en", None),
        ("05/08/2014", None, None),
        ("25/08/2014", "en", "2014-08-25"),
        ("08/25/2014", "en", "2014-08-25"),
        ("08/08/2014", None, "2014-08-08"),
        ("2014/08/05", "en", "2014-08-05"),
        ("08/2014", "fr", "2014-08"),
    ],
)
def test_numbers_are_read_only_where_day_and_month_can_be_told_apart(raw, language, expected):
    assert value(raw, language) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "yesterday", "2 hours ago", "вчера, 14:20", "今日", "12:30", "19 November", "soon", "31 February 2014",
        "2014-02-30", "32.01.2014", "2014-13-01", "0001-01-01T00:00:00", "1850-05-05", "9999-01-01",
        "Wed, 05 Aug 2014 25:00:00 GMT", "1407196800", "-", "№ 1234-05-08-2014-7",
    ],
)  # fmt: skip
def test_what_is_relative_impossible_or_no_date_stays_not_understood(raw):
    understood = understand(raw, zone="Asia/Tokyo", language="en", origin="listing")
    assert (understood.value, understood.precision) == (None, None)
    assert understood.raw == raw


@pytest.mark.parametrize(
    ("raw", "language", "expected"),
    [
        ("7. 5. 2012 / změněno: 9. 5. 2012, 15:01", "cs", "2012-05-07"),
        ("Mis en ligne le 7 mai 2012 - mis à jour le 9 mai 2012 à 10:00", "fr", "2012-05-07"),
        ("公開 平成24年5月7日 更新 平成24年5月9日 10:00", "ja", "2012-05-07"),
        ("7.5.2012 15:01 / changed 9.5.2012 16:20", "de", "2012-05-07T15:01:00+00:00"),
        ("发布日期：2012-5-7 点击数：1234", "zh", "2012-05-07"),
    ],
)
def test_a_date_never_takes_the_time_of_another_date(raw, language, expected):
    assert value(raw, language) == expected


@pytest.mark.parametrize(
    ("raw", "language", "expected"),
    [
        ("7 NİSAN 2012", "tr", "2012-04-07"),
        ("7 MAYIS 2012", "tr", "2012-05-07"),
        ("7 ΜΑΪΟΥ 2012", "el", "2012-05-07"),
        ("Δευτέρα, 7 ΙΑΝΟΥΑΡΙΟΥ 2012", "el", "2012-01-07"),
        ("٧ مارس، ٢٠١٢", "ar", "2012-03-07"),
        ("الاثنين، 7 آذار/مارس 2012", "ar", "2012-03-07"),
        ("7 كانون الثاني/يناير 2012", "ar", "2012-01-07"),
        ("7 تشرين الأول 2012", "ar", "2012-10-07"),
        ("7 جويلية 2012", "ar", "2012-07-07"),
        ("2012. gada 7. maijā", "lv", "2012-05-07"),
        ("lunes 7 de mayo del 2012", "es", "2012-05-07"),
        ("7 მაისი, 2012", "ka", "2012-05-07"),
    ],
)
def test_months_are_known_in_capitals_and_by_all_their_names(raw, language, expected):
    assert value(raw, language) == expected


@pytest.mark.parametrize(
    ("raw", "language", "expected"),
    [
        ("12.05.07", "ko", "2012-05-07"),
        ("12-05-07", "zh", "2012-05-07"),
        ("24.5.7", "ja", None),
        ("101-05-07", "zh-TW", "2012-05-07"),
        ("101.05.07", "de", None),
    ],
)
def test_short_years_stand_first_in_east_asia_or_are_not_read(raw, language, expected):
    assert value(raw, language) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://press.example/n1/2012/0507/c100-2.html", "2012-05-07"),
        ("http://press.example/world/2012-05/07/c_11.htm", "2012-05-07"),
        ("http://press.example/2012/05/07/talks/", "2012-05-07"),
        ("http://press.example/2012-05-07-talks.html", "2012-05-07"),
        ("http://press.example/2012/05/7-questions-on-the-talks/", None),
        ("http://press.example/2012/1399/", None),
    ],
)
def test_an_address_tells_its_date_only_where_it_holds_a_whole_one(address, expected):
    assert date_in(address).value == expected


def test_the_zone_of_the_source_is_taken_only_where_none_is_given():
    assert value("2014-08-05 10:00", zone="Asia/Tokyo") == "2014-08-05T10:00:00+09:00"
    assert value("2014-08-05T10:00:00Z", zone="Asia/Tokyo") == "2014-08-05T19:00:00+09:00"
    assert value("2014-08-05T10:00:00+02:00") == "2014-08-05T10:00:00+02:00"
    assert value("2014-08-05", zone="Asia/Tokyo") == "2014-08-05"


def test_an_abbreviation_with_two_meanings_is_read_by_the_zone_of_the_source():
    raw = "Tue, 05 Aug 2014 10:00:00 CST"
    assert value(raw, zone="Asia/Shanghai") == "2014-08-05T10:00:00+08:00"
    assert value(raw) == "2014-08-05T10:00:00-06:00"
    assert value("Wed, 05 Feb 2014 10:00:00 IST", zone="Asia/Jerusalem") == "2014-02-05T10:00:00+02:00"
    assert value("Wed, 05 Feb 2014 10:00:00 IST") == "2014-02-05T10:00:00+05:30"


def test_a_configured_pattern_is_tried_first_and_is_no_trap():
    assert value("08/05/2014", "en", pattern="%m/%d/%Y") == "2014-08-05"
    assert value("14-08", pattern="%y-%m") == "2014-08"
    assert value("05.08.2014 10:15", pattern="%d.%m.%Y %H:%M", zone="Europe/Moscow") == "2014-08-05T10:15:00+04:00"
    assert value("5 August 2014", pattern="%d.%m.%Y") == "2014-08-05"


def test_nothing_claimed_is_nothing_said():
    assert understand("  \n", zone=None, language=None, origin="feed") == Published()


def test_what_is_claimed_is_kept_clean_and_short():
    assert understand("a\x00b\n" * 300, zone=None, language=None, origin="page").raw == ("ab " * 300)[:200].strip()


DAYS = st.dates(date(1900, 1, 2), date(2099, 12, 30))
TIMES = st.datetimes(datetime(1971, 1, 1), datetime(2068, 12, 31)).map(lambda moment: moment.replace(microsecond=0))  # noqa: DTZ001 - zones are drawn apart
OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarter: timezone(timedelta(minutes=15 * quarter)))


@given(
    DAYS,
    st.sampled_from(sorted(MONTHS)),
    st.sampled_from(["{d} {m} {y}", "{m} {d}, {y}", "{y} {m} {d}", "x, {d}. {m} {y}"]),
)
def test_every_day_written_out_in_any_language_comes_back(day, language, form):
    table = MONTHS[language]
    if language == "th" and day.year > 2099 - 543:
        return
    for name in [name for name, number in table.items() if number == day.month]:
        assert value(form.format(d=day.day, m=name, y=day.year), language) == day.isoformat()


@given(TIMES, OFFSETS)
def test_every_moment_of_a_mail_header_comes_back(moment, offset):
    moment = moment.replace(tzinfo=offset)
    for raw in (format_datetime(moment), moment.isoformat(), moment.isoformat(" ")):
        assert datetime.fromisoformat(value(raw)) == moment
        assert datetime.fromisoformat(value(raw, zone="Asia/Tokyo")).utcoffset() == timedelta(hours=9)


@given(TIMES, st.sampled_from(["Asia/Tokyo", "Europe/Berlin", "America/Sao_Paulo"]))
def test_a_moment_without_zone_is_one_of_the_source(moment, zone):
    moment = moment.replace(fold=0)  # ISO 8601 cannot say which of two equal hours it means
    understood = datetime.fromisoformat(value(moment.isoformat(), zone=zone))
    assert understood.replace(tzinfo=None) == moment
    assert understood.utcoffset() == moment.replace(tzinfo=ZoneInfo(zone)).utcoffset()


@given(DAYS.filter(lambda day: day >= date(1989, 1, 8)))
def test_every_japanese_day_comes_back_from_its_era(day):
    era, first = ("令和", 2018) if day >= date(2019, 5, 1) else ("平成", 1988)
    year = "元" if day.year - first == 1 else day.year - first
    assert value(f"{era}{year}年{day.month}月{day.day}日", "ja") == day.isoformat()


@given(st.text(max_size=60), st.sampled_from([None, "en", "ru", "ja", "th"]))
def test_whatever_is_written_the_answer_is_a_date_or_none(raw, language):
    understood = understand(raw, zone=None, language=language, origin="feed")
    assert (understood.value is None) == (understood.precision is None)
    if understood.value and understood.precision:
        shapes = {
            "year": r"\d{4}",
            "month": r"\d{4}-\d\d",
            "day": r"\d{4}-\d\d-\d\d",
            "minute": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d",
        }
        assert re.fullmatch(shapes[understood.precision], understood.value, re.ASCII)
        assert 1900 <= int(understood.value[:4]) <= 2100


def test_utc_is_the_zone_where_nothing_says_otherwise():
    assert datetime.fromisoformat(value("2014-08-05 10:00")).tzinfo == UTC
