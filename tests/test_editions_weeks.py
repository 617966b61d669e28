from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.editions.weeks import bounds, first_day, following, last_day, preceding, week_at, week_of
from briefing.errors import UsageError

DAYS = st.dates(min_value=date(1970, 1, 12), max_value=date(2200, 1, 1))
ZONES = st.sampled_from(["UTC", "Asia/Tokyo", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Auckland", "Asia/Beirut"])


def test_a_week_runs_from_monday_to_sunday():
    assert first_day("2017-W12") == date(2017, 3, 20)
    assert last_day("2017-W12") == date(2017, 3, 26)


def test_the_first_days_of_a_year_may_belong_to_the_last_week_of_the_year_before():
    assert week_of("2021-01-03") == "2020-W53"
    assert week_of(date(2018, 12, 31)) == "2019-W01"


@pytest.mark.parametrize("text", ["2017-W54", "2017-W00", "2017-W53", "0000-W01", "9999-W01"])
def test_a_week_that_does_not_exist_is_refused_with_the_weeks_that_do(text):
    with pytest.raises(UsageError, match=f"there is no week {text}: "):
        first_day(text)


@pytest.mark.parametrize("text", ["", "2017W12", "2017-W1", "2017-12", "2017-W12 ", "２０１７-W12", "2017-w12"])
def test_what_is_not_written_as_a_week_is_refused_with_an_example(text):
    with pytest.raises(UsageError, match="as in 2017-W12"):
        first_day(text)


def test_the_refusal_names_the_last_week_of_that_year():
    with pytest.raises(UsageError, match="2020 has the weeks 01 to 53"):
        first_day("2020-W54")


@given(DAYS)
def test_every_day_lies_within_its_week(day):
    week = week_of(day)
    assert first_day(week) <= day <= last_day(week)


@given(DAYS)
def test_next_and_previous_undo_each_other_and_leave_no_gap(day):
    week = week_of(day)
    assert preceding(following(week)) == week
    assert first_day(following(week)) == last_day(week) + timedelta(days=1)


@given(DAYS, ZONES)
def test_weeks_of_a_zone_follow_each_other_without_gap_or_overlap(day, zone):
    week = week_of(day)
    start, end = bounds(week, zone)
    assert end == bounds(following(week), zone)[0]
    assert start.tzinfo is UTC
    assert week_at(start, zone) == week
    assert week_at(end - timedelta(seconds=1), zone) == week


def test_a_week_in_which_the_clocks_go_forward_is_an_hour_shorter():
    start, end = bounds("2017-W12", "Europe/Berlin")
    assert end - start == timedelta(days=7, hours=-1)


def test_the_zone_decides_to_which_week_a_moment_belongs():
    moment = datetime(2017, 3, 19, 20, 0, tzinfo=UTC)
    assert week_at(moment, "Asia/Tokyo") == "2017-W12"
    assert week_at(moment, "UTC") == "2017-W11"
