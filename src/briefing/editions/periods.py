"""What an issue covers: a day (`2017-03-24`), an ISO week (`2017-W12`) or a month (`2017-03`); when it comes out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from briefing.editions import weeks
from briefing.errors import UsageError

if TYPE_CHECKING:
    from briefing.model import Briefing, PeriodKind

KINDS: tuple[PeriodKind, ...] = ("day", "week", "month")
"""How long a period may be."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_ONE = timedelta(days=1)
_DECEMBER = 12


def kind_of(period: str) -> PeriodKind:
    """How long a period is, by the form of its id.

    Raises:
        UsageError: it has none of the three forms.
    """
    if _DAY.fullmatch(period):
        return "day"
    if _MONTH.fullmatch(period):
        return "month"
    if "W" in period.upper():
        return "week"
    raise UsageError(f"{period!r} is no period: write a day (2017-03-24), an ISO week (2017-W12) or a month (2017-03)")


def first_day(period: str) -> date:
    """The first day of a period.

    Raises:
        UsageError: there is no such period.
    """
    kind = kind_of(period)
    if kind == "week":
        return weeks.first_day(period)
    try:
        found = date.fromisoformat(period if kind == "day" else f"{period}-01")
    except ValueError:
        raise UsageError(f"there is no {kind} {period}: the calendar has none") from None
    if not weeks.EARLIEST <= found.year <= weeks.LATEST:
        raise UsageError(f"there is no {kind} {period}: years run from {weeks.EARLIEST} to {weeks.LATEST}")
    return found


def last_day(period: str) -> date:
    """The last day of a period.

    Raises:
        UsageError: there is no such period.
    """
    return _behind(period) - _ONE


def period_of(day: date | str, kind: PeriodKind) -> str:
    """The period of a kind that a day (a date, or ISO) belongs to."""
    if kind == "week":
        return weeks.week_of(day)
    return str(day)[: len("2017-03" if kind == "month" else "2017-03-24")]


def period_at(moment: datetime, zone: str, kind: PeriodKind) -> str:
    """The period that an aware moment falls into where the clock shows the time of `zone`."""
    return period_of(moment.astimezone(ZoneInfo(zone)).date(), kind)


def following(period: str) -> str:
    """The period after a period.

    Raises:
        UsageError: there is no such period.
    """
    return period_of(_behind(period), kind_of(period))


def preceding(period: str) -> str:
    """The period before a period.

    Raises:
        UsageError: there is no such period.
    """
    return period_of(first_day(period) - _ONE, kind_of(period))


def bounds(period: str, zone: str) -> tuple[datetime, datetime]:
    """Where a period begins and where the next one does, in UTC: closed at the start, open at the end.

    Both are midnights of `zone`: where the clocks change, a period is an hour shorter or longer.

    Raises:
        UsageError: there is no such period.
    """
    return _moment(first_day(period), time.min, zone), _moment(_behind(period), time.min, zone)


def due(briefing: Briefing, period: str, zone: str) -> datetime:
    """When the issue of a period is to be published, in UTC: the first such hour after the period has ended.

    Raises:
        UsageError: there is no such period.
    """
    later = {"day": 0, "week": briefing.weekday, "month": briefing.monthday - 1}[kind_of(period)]
    return _moment(_behind(period) + timedelta(days=later), time(briefing.hour, briefing.minute), zone)


def _behind(period: str) -> date:
    """The day after a period."""
    first, kind = first_day(period), kind_of(period)
    if kind != "month":
        return first + timedelta(days=7 if kind == "week" else 1)
    return (
        first.replace(year=first.year + 1, month=1)
        if first.month == _DECEMBER
        else first.replace(month=first.month + 1)
    )


def _moment(day: date, clock: time, zone: str) -> datetime:
    """A reading of the clock as a moment; one that the clocks jump over counts as the moment of the jump or after."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)
