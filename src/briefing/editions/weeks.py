"""ISO weeks (ISO 8601: Monday to Sunday, week 1 holds the first Thursday), written `2017-W12`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from briefing.errors import UsageError

EARLIEST, LATEST = 1000, 9998  # a week also has neighbours, and midnights in every zone
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")


def first_day(period: str) -> date:
    """The Monday of a week.

    Raises:
        UsageError: `period` is no ISO week.
    """
    form = _WEEK.fullmatch(period)
    if form is None:
        raise UsageError(f"{period!r} is no week: write the year and the ISO week, as in 2017-W12")
    year, week = int(form[1]), int(form[2])
    if not EARLIEST <= year <= LATEST:
        raise UsageError(f"there is no week {period}: years run from {EARLIEST} to {LATEST}")
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        raise UsageError(f"there is no week {period}: {year} has the weeks 01 to {_last_week(year)}") from None


def last_day(period: str) -> date:
    """The Sunday of a week.

    Raises:
        UsageError: `period` is no ISO week.
    """
    return first_day(period) + timedelta(days=6)


def week_of(day: date | str) -> str:
    """The week that a day (a date, or ISO `2017-03-20`) belongs to."""
    year, week, _ = (date.fromisoformat(day) if isinstance(day, str) else day).isocalendar()
    return f"{year:04}-W{week:02}"


def week_at(moment: datetime, zone: str) -> str:
    """The week that an aware moment falls into where the clock shows the time of `zone`."""
    return week_of(moment.astimezone(ZoneInfo(zone)).date())


def following(period: str) -> str:
    """The week after a week.

    Raises:
        UsageError: `period` is no ISO week.
    """
    return week_of(first_day(period) + timedelta(days=7))


def preceding(period: str) -> str:
    """The week before a week.

    Raises:
        UsageError: `period` is no ISO week.
    """
    return week_of(first_day(period) - timedelta(days=7))


def bounds(period: str, zone: str) -> tuple[datetime, datetime]:
    """Where a week begins and where the next one does, in UTC: closed at the start, open at the end.

    Both are midnights of `zone`, so a week in which the clocks change is an hour shorter or longer.

    Raises:
        UsageError: `period` is no ISO week.
    """
    monday = first_day(period)
    return _moment(monday, time.min, zone), _moment(monday + timedelta(days=7), time.min, zone)


def _moment(day: date, clock: time, zone: str) -> datetime:
    """A reading of the clock as a moment; one that the clocks jump over counts as the moment of the jump or after."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def _last_week(year: int) -> int:
    # 28 December lies in the last week of its year, whatever the year (ISO 8601).
    return date(year, 12, 28).isocalendar().week
