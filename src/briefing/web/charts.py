"""Twelve weeks as bars: what they count and where they stand. Zero-based; a week with items is never without a bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from briefing.editions.weeks import first_day, last_day, preceding, week_of
from briefing.outputs.wording import count_words, day_words, period_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

WEEKS = 12
_BAR, _STEP, _HEIGHT = 6, 8, 24  # pixels: width of a bar, distance between two, height of the highest


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week and how many items it has; `latest` marks the last one of a chart."""

    period: str
    first: date
    last: date
    count: int
    latest: bool

    @property
    def days(self) -> str:
        """The days of the week in words."""
        return period_words(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in pixels from the upper left corner of its chart."""

    x: int
    y: int
    width: int
    height: int
    latest: bool


def span(period: str) -> tuple[date, date]:
    """The first and the last day of the twelve weeks that end with a week."""
    return first_day(period) - timedelta(weeks=WEEKS - 1), last_day(period)


def weeks(days: Mapping[str, int], period: str) -> tuple[Week, ...]:
    """The twelve weeks that end with `period`, the oldest first, from counts by day (ISO)."""
    counts: dict[str, int] = {}
    for day, count in days.items():
        week = week_of(day)
        counts[week] = counts.get(week, 0) + count
    found = []
    for turn in range(WEEKS):
        found.append(Week(period, first_day(period), last_day(period), counts.get(period, 0), turn == 0))
        period = preceding(period)
    return tuple(reversed(found))


def highest(charts: Iterable[Sequence[Week]]) -> int:
    """The highest count of several charts: they are drawn to one scale, so that they can be compared."""
    return max((week.count for chart in charts for week in chart), default=0)


def bars(chart: Sequence[Week], top: int) -> tuple[Bar, ...]:
    """The bars of a chart `width` by `height` pixels; `top` is the count that reaches its upper edge."""
    found = []
    for turn, week in enumerate(chart):
        height = max(2, round(_HEIGHT * week.count / top)) if week.count else 0
        found.append(Bar(turn * _STEP, _HEIGHT - height, _BAR, height, week.latest))
    return tuple(found)


def size() -> tuple[int, int]:
    """Width and height of a chart in pixels."""
    return WEEKS * _STEP - (_STEP - _BAR), _HEIGHT


def aloud(chart: Sequence[Week]) -> str:
    """A chart in words."""
    counts = ", ".join(f"{week.count:,}" for week in chart)
    total = count_words(sum(week.count for week in chart), "item")
    return f"Items in each of the twelve weeks up to {day_words(chart[-1].last)}: {counts}; {total} in all"
