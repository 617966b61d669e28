"""Days counted from the day the world is looked at, and how each language writes them."""

from __future__ import annotations

from datetime import date, timedelta

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# First day of each era, newest first (Cabinet Order on the name of the era; Imperial House notices).
_ERAS = (("令和", date(2019, 5, 1)), ("平成", date(1989, 1, 8)))
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}


def day_of(today: date, week: int, weekday: str) -> date:
    """The weekday (`mon` to `sun`) of the ISO week that lies `week` weeks from the week of `today`."""
    return today - timedelta(days=today.weekday()) + timedelta(weeks=week, days=WEEKDAYS.index(weekday))


def japanese_era(day: date) -> str:
    """A day as Japanese offices write it: 令和8年11月19日; the first year of an era is 元年.

    Raises:
        ValueError: the day lies before the Heisei era (8 January 1989).
    """
    for name, first in _ERAS:
        if day >= first:
            year = day.year - first.year + 1
            return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    raise ValueError(f"{day} lies before 8 January 1989; give a later day")


def written(day: date, language: str) -> str:
    """Day and month as running text has them: 19 November, 11月19日, 19 ноября."""
    if language == "ja":
        return f"{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[language].split()[day.month - 1]}"


def dateline(day: date, language: str) -> str:
    """A full date as it stands over a text: 19 November 2026, 令和8年11月19日, 19 ноября 2026 года."""
    if language == "ja":
        return japanese_era(day)
    return f"{written(day, language)} {day.year}" + (" года" if language == "ru" else "")


def iso_week(day: date) -> str:
    """The ISO 8601 week of a day, `2026-W47`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
