"""Days, weeks and months as issues cover them, over years' ends, Februaries and nights when the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.editions.periods import (
    KINDS,
    bounds,
    due,
    first_day,
    following,
    kind_of,
    last_day,
    period_at,
    period_of,
    preceding,
)
from briefing.errors import UsageError
from briefing.model import Briefing, PeriodKind

DAYS = st.dates(min_value=date(1970, 1, 12), max_value=date(2200, 1, 1))
ZONES = st.sampled_from(["UTC", "Asia/Tokyo", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Auckland", "Asia/Beirut"])
KIND = st.sampled_from(KINDS)


def briefing(
    period: PeriodKind = "week", weekday: int = 0, monthday: int = 1, hour: int = 7, minute: int = 0
) -> Briefing:
    return Briefing(
        id="b", title="B", period=period, weekday=weekday, monthday=monthday, hour=hour, minute=minute, topics=(),
        formats=("html",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("period", "kind", "first", "last"),
    [
        ("2017-03-24", "day", date(2017, 3, 24), date(2017, 3, 24)),
        ("2017-W12", "week", date(2017, 3, 20), date(2017, 3, 26)),
        ("2020-W53", "week", date(2020, 12, 28), date(2021, 1, 3)),
        ("2016-02", "month", date(2016, 2, 1), date(2016, 2, 29)),
        ("2100-02", "month", date(2100, 2, 1), date(2100, 2, 28)),
        ("2017-12", "month", date(2017, 12, 1), date(2017, 12, 31)),
    ],
)
def test_an_id_says_by_its_form_which_days_it_covers(period, kind, first, last):
    assert (kind_of(period), first_day(period), last_day(period)) == (kind, first, last)
    assert period_of(first, kind) == period_of(last.isoformat(), kind) == period


@pytest.mark.parametrize("text", ["", "2017", "March", "2017-3", "20170324", "2017-03-24 ", "２０１７-03"])
def test_what_is_no_period_is_refused_with_an_example_of_each_kind(text):
    with pytest.raises(UsageError, match=r"2017-03-24.*2017-W12.*2017-03\)"):
        first_day(text)


@pytest.mark.parametrize("text", ["2017-02-29", "2017-13", "2017-00", "0000-01-01", "9999-05", "2017-W54"])
def test_a_period_that_the_calendar_does_not_have_is_refused(text):
    with pytest.raises(UsageError, match=f"there is no (day|week|month) {text}"):
        first_day(text)


@given(DAYS, KIND)
def test_every_day_lies_within_its_period_and_the_next_begins_right_after(day, kind):
    period = period_of(day, kind)
    assert kind_of(period) == kind
    assert first_day(period) <= day <= last_day(period)
    assert first_day(following(period)) == last_day(period) + timedelta(days=1)
    assert preceding(following(period)) == period


@given(DAYS, KIND, ZONES)
def test_periods_of_a_zone_follow_each_other_closed_at_the_start_and_open_at_the_end(day, kind, zone):
    period = period_of(day, kind)
    start, end = bounds(period, zone)
    assert end == bounds(following(period), zone)[0]
    assert period_at(start, zone, kind) == period
    assert period_at(end - timedelta(microseconds=1), zone, kind) == period
    assert period_at(end, zone, kind) == following(period)


@pytest.mark.parametrize(
    ("period", "hours"), [("2017-03-26", 23), ("2017-10-29", 25), ("2017-W12", 167), ("2017-03", 743), ("2017-10", 745)]
)
def test_where_the_clocks_change_a_period_is_an_hour_shorter_or_longer(period, hours):
    start, end = bounds(period, "Europe/Berlin")
    assert end - start == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("of", "period", "moment"),
    [
        (briefing("day"), "2017-03-24", datetime(2017, 3, 24, 22, 0, tzinfo=UTC)),
        (briefing("day", hour=0), "2016-02-29", datetime(2016, 2, 29, 15, 0, tzinfo=UTC)),
        (briefing(), "2017-W12", datetime(2017, 3, 26, 22, 0, tzinfo=UTC)),
        (briefing(weekday=4, hour=18, minute=30), "2017-W12", datetime(2017, 3, 31, 9, 30, tzinfo=UTC)),
        (briefing("month"), "2016-12", datetime(2016, 12, 31, 22, 0, tzinfo=UTC)),
        (briefing("month", monthday=28), "2017-01", datetime(2017, 2, 27, 22, 0, tzinfo=UTC)),
    ],
)
def test_an_issue_is_due_at_its_hour_after_its_period_in_the_clock_of_the_site(of, period, moment):
    assert due(of, period, "Asia/Tokyo") == moment


APPEARS = st.tuples(st.integers(0, 6), st.integers(1, 28), st.integers(0, 23), st.integers(0, 59))


@given(DAYS, KIND, ZONES, APPEARS)
def test_an_issue_is_due_within_the_period_after_its_own(day, kind, zone, appears):
    period = period_of(day, kind)
    moment = due(briefing(kind, *appears), period, zone)
    assert bounds(period, zone)[1] <= moment < bounds(following(period), zone)[1] + timedelta(hours=1)
