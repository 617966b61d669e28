"""Dates, counts, names and quotation marks as people write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from briefing.errors import FAILURES
from briefing.model import Published
from briefing.outputs import wording


@pytest.mark.parametrize(
    ("published", "zone", "words"),
    [
        (Published(raw="2016", value="2016", precision="year", origin="page"), None, "2016"),
        (Published(raw="11/16", value="2016-11", precision="month", origin="page"), None, "November 2016"),
        (Published(raw="x", value="2016-11-19", precision="day", origin="feed"), "Asia/Tokyo", "19 November 2016"),
        (
            Published(raw="x", value="2017-03-06T14:31:00+03:00", precision="minute", origin="feed"),
            "Europe/Moscow",
            "6 March 2017, 14:31 (Moscow)",
        ),
        (
            Published(raw="x", value="2017-03-06T14:31:00+03:00", precision="minute", origin="feed"),
            "Asia/Tokyo",
            "6 March 2017, 14:31 (UTC+3)",
        ),
        (
            Published(raw="x", value="2017-03-06T14:31:00+05:30", precision="minute", origin="feed"),
            None,
            "6 March 2017, 14:31 (UTC+5:30)",
        ),
        (
            Published(raw="x", value="2017-03-06T14:31:00-04:00", precision="minute", origin="feed"),
            "Etc/GMT+4",
            "6 March 2017, 14:31 (UTC−4)",
        ),
        (
            Published(raw="x", value="2017-03-06T14:31:00Z", precision="minute", origin="feed"),
            "UTC",
            "6 March 2017, 14:31 (UTC)",
        ),
        (
            Published(raw="x", value="2017-03-06T14:31:00-03:00", precision="minute", origin="feed"),
            "America/Argentina/Buenos_Aires",
            "6 March 2017, 14:31 (Buenos Aires)",
        ),
        (Published(), "Asia/Tokyo", "no date given"),
        (
            Published(raw="the day of the tide", origin="page"),
            None,
            "date given as “the day of the tide”, not understood",
        ),
    ],
)
def test_a_publication_date_is_told_to_its_precision_and_never_further(published, zone, words):
    assert wording.published_words(published, zone) == words


def test_a_moment_is_told_by_the_clocks_of_a_place():
    moment = datetime(2017, 3, 6, 20, 31, tzinfo=UTC)
    assert wording.moment_words(moment, "Asia/Tokyo") == "7 March 2017, 05:31 (Tokyo)"
    assert wording.clock_words(moment.astimezone(timezone(timedelta(hours=-2)))) == "6 March 2017, 18:31 (UTC−2)"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2017, 3, 20), date(2017, 3, 26), "20 to 26 March 2017"),
        (date(2017, 3, 27), date(2017, 4, 2), "27 March to 2 April 2017"),
        (date(2016, 12, 26), date(2017, 1, 1), "26 December 2016 to 1 January 2017"),
        (date(2017, 1, 1), date(2017, 1, 1), "1 January 2017"),
    ],
)
def test_a_period_repeats_neither_month_nor_year(first, last, words):
    assert wording.period_words(first, last) == words


def test_counts_have_units():
    assert wording.count_words(1, "item") == "1 item"
    assert wording.count_words(0, "item") == "0 items"
    assert wording.count_words(12_400, "country", "countries") == "12,400 countries"


def test_words_become_a_list_in_a_sentence():
    assert [wording.listed(words) for words in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]


def test_codes_become_names_and_unknown_codes_stay():
    assert wording.country_name("jp") == "Japan"
    assert wording.country_name("EU") == "European Union"
    assert wording.country_name("XQ") == "XQ"
    assert wording.language_name("pt-BR") == "Portuguese"
    assert wording.language_name("zh-Hant") == "Chinese"
    assert wording.language_name("xq") == "xq"
    assert wording.right_to_left("fa-AF")
    assert not wording.right_to_left("ru")


@pytest.mark.parametrize(
    ("language", "marked"),
    [
        ("en", "“a”"),
        ("ja", "「a」"),
        ("zh-Hans", "“a”"),
        ("zh-Hant", "「a」"),
        ("ru", "«a»"),
        ("de", "„a“"),
        ("fr", "«\u00a0a\u00a0»"),
        ("pl", "„a”"),
        ("sv", "”a”"),
        ("da", "»a«"),
        ("pt-BR", "“a”"),
        ("pt", "«a»"),
        ("xq", "“a”"),
        ("", "“a”"),
    ],
)
def test_quotation_marks_are_those_of_the_language(language, marked):
    assert wording.quoted("a", language) == marked


def test_a_text_that_opens_with_the_same_mark_gets_the_inner_ones():
    assert wording.quoted("「外海」について", "ja") == "『「外海」について』"
    assert wording.quoted("«Море» и река", "ru") == "„«Море» и река“"
    assert wording.quoted("He said “no”", "en") == "‘He said “no”’"
    for language in ("en", "ja", "ru", "de", "fr", "sv", "da", "pl"):
        once = wording.quoted("a", language)
        assert wording.quoted(once, language)[1:-1].strip() == once


def test_every_class_of_failure_has_words():
    for failure in FAILURES:
        assert wording.failure_words(failure) not in {failure, ""}
    assert wording.failure_words("status", 503) == "the server answered 503"
    assert wording.failure_words("blocked", 403) == "the server refuses us (status 403)"
