"""Intervals of days, as exact as words are: a day, some days, a third of a month, a month, a season, a part of a year.

The first third of a month ends with its tenth day and the second with its twentieth; seasons are those of weather
services in the north (March to May is spring).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Precision = Literal[
    "day", "days", "week", "within", "part-of-month", "month", "months", "season", "part-of-year", "year"
]

_MONTHS = 12
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A date in a sentence: signs `at` to `end` say `first` to `last`, both included.

    `sure` says that the words name the year or count from the day of publication; else it is that of publication,
    and may have to be another. `deadline` says that it is the last moment for something, `own` that the words lie
    ahead by themselves ("next month"), `doubtful` that they may as well lie behind ("on Friday").
    """

    at: int
    end: int
    first: date
    last: date
    precision: Precision
    sure: bool = False
    deadline: bool = False
    own: bool = False
    doubtful: bool = False

    def later(self) -> Span:
        """The same a year on."""
        return replace(self, first=_year_on(self.first), last=_year_on(self.last))


def _year_on(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)


Between = tuple[date, date, Precision]


def day(year: int, month: int, number: int) -> Between | None:
    """One day; None where the calendar has none."""
    if not (1 <= month <= _MONTHS and 1 <= number <= monthrange(year, month)[1]):
        return None
    return date(year, month, number), date(year, month, number), "day"


def days(first: Between | None, last: Between | None) -> Between | None:
    """From one day to another; over the turn of the year where the second lies before the first."""
    if first is None or last is None:
        return None
    end = last[1] if last[1] >= first[0] else _year_on(last[1])
    return first[0], end, "days"


def month(year: int, number: int) -> Between | None:
    """A whole month."""
    if not 1 <= number <= _MONTHS:
        return None
    return date(year, number, 1), date(year, number, monthrange(year, number)[1]), "month"


_THIRDS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31), "first-half": (1, 15), "second-half": (16, 31)}


def third(year: int, number: int, part: str) -> Between | None:
    """A part of a month: early, mid, late, first-half, second-half."""
    whole = month(year, number)
    if whole is None:
        return None
    first, last = _THIRDS[part]
    return date(year, number, first), date(year, number, min(last, whole[1].day)), "part-of-month"


_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


def season(year: int, name: str) -> Between:
    """A season; winter begins in December of its year."""
    first = date(year, _SEASONS[name], 1)
    return first, months_after(first, 3) - timedelta(days=1), "season"


_PARTS = {
    "early": (1, 3), "mid": (5, 8), "late": (10, 12), "end": (12, 12), "first-half": (1, 6), "second-half": (7, 12),
    "q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12),
}  # fmt: skip


def part(year: int, name: str) -> Between:
    """A part of a year: early, mid, late, end, first-half, second-half, q1 to q4."""
    first, last = _PARTS[name]
    return date(year, first, 1), date(year, last, monthrange(year, last)[1]), "part-of-year"


def year(number: int) -> Between:
    """A whole year."""
    return date(number, 1, 1), date(number, 12, 31), "year"


def week(today: date, ahead: int) -> Between:
    """The week, Monday to Sunday, so many weeks ahead."""
    first = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
    return first, first + timedelta(days=6), "week"


def weekday(today: date, number: int) -> Between:
    """The next day of that name behind today; 0 is Monday."""
    found = today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return found, found, "day"


def months_after(first: date, count: int) -> date:
    """The first day of the month so many months on."""
    place = first.year * 12 + first.month - 1 + count
    return date(place // 12, place % 12 + 1, 1)


def month_ahead(today: date, count: int) -> tuple[int, int]:
    """Year and month so many months ahead."""
    found = months_after(today, count)
    return found.year, found.month


def next_numbered(today: date, month_named: int | None, number: int) -> Between | None:
    """The next day of that number: in the month that was named, else in this one or the one after it."""
    if month_named is not None:
        found = day(today.year, month_named, number)
        return found if found is None or found[0] > today else day(today.year + 1, month_named, number)
    found = day(today.year, today.month, number)
    return found if found is not None and found[0] > today else day(*month_ahead(today, 1), number)


def rest(today: date, whole: Between) -> Between | None:
    """What is left of a stretch behind today; None where nothing is."""
    first = max(whole[0], today + timedelta(days=1))
    return (first, whole[1], whole[2]) if first <= whole[1] else None


def within(today: date, unit: str, count: int) -> Between:
    """At some time in so many days, weeks or months from tomorrow on."""
    if unit == "months":
        whole = months_after(today, count)
        last = whole.replace(day=min(today.day, monthrange(whole.year, whole.month)[1]))
    else:
        last = today + timedelta(days=count * (7 if unit == "weeks" else 1))
    return today + timedelta(days=1), last, "within"


FEW = {"days": (7, "days"), "weeks": (4, "weeks"), "months": (3, "months")}
"""What a few of each are held to be."""


def few(today: date, unit: str) -> Between:
    """The coming days, weeks or months."""
    count, of = FEW[unit]
    return within(today, of, count)


def after(today: date, unit: str, count: int) -> Between | None:
    """So many days, weeks or months from today: as exact as the unit is."""
    if unit == "months":
        return month(*month_ahead(today, count))
    if unit == "weeks":
        return week(today, count)
    found = today + timedelta(days=count)
    return found, found, "day"


def weekend(today: date, ahead: int = 0) -> Between:
    """Saturday and Sunday of the week, so many weeks ahead."""
    first, last, _ = week(today, ahead)
    return first + timedelta(days=5), last, "days"


def gone(at: int, end: int) -> Span:
    """Holds the place of a date of a year gone by, so that no shorter reading of its words is taken."""
    return Span(at=at, end=end, first=date.min, last=date.min, precision="year", sure=True)


def claimed(found: Sequence[Span]) -> list[Span]:
    """Spans in the order of the sentence; of those that overlap the one named first stays."""
    kept: list[Span] = []
    for span in found:
        if all(span.end <= other.at or span.at >= other.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.at)
