"""Dates of the Iranian calendar, as Persian and Dari pages write them."""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTHS = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
# Arabic keyboards write another yeh and kaf; digits are of three kinds.
_ALIKE = str.maketrans("يك۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "یک01234567890123456789")
_WORDED = re.compile(rf"(?<!\d)(\d{{1,2}})\s*({'|'.join(_MONTHS)})\s*(?:ماه\s*)?[،,]?\s*(1[34]\d\d)(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(1[34]\d\d)\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_LANGUAGES = frozenset({"fa", "prs", "ps"})
# Leap years by the cycle of 33 years, right for the years 1206 to 1498 (K. M. Borkowski, Earth, Moon, and Planets 74,
# 1996, on where it departs from the sun); counted from a new year whose day is known.
_LEAP = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_KNOWN_YEAR, _KNOWN_DAY = 1400, date(2021, 3, 21)
_LONG_MONTHS, _LAST_MONTH = 6, 12


def read(text: str, language: str) -> date | None:
    """The Gregorian day of an Iranian date with the month's name, or in numbers where the language is Iran's."""
    text = text.translate(_ALIKE)
    if found := _WORDED.search(text):
        day, name, year = found.groups()
        return _gregorian(int(year), _MONTHS.index(name) + 1, int(day))
    base = language.replace("_", "-").partition("-")[0].lower()
    # In Arabic such numbers are of the Islamic calendar, whose months begin with the moon.
    if base in _LANGUAGES and (found := _NUMERIC.search(text)):
        return _gregorian(int(found[1]), int(found[3]), int(found[4]))
    return None


def _gregorian(year: int, month: int, day: int) -> date | None:
    if not (1 <= month <= _LAST_MONTH and 1 <= day <= _length(year, month)):
        return None
    years = range(_KNOWN_YEAR, year) if year >= _KNOWN_YEAR else range(year, _KNOWN_YEAR)
    days = sum(366 if _is_leap(one) else 365 for one in years) * (1 if year >= _KNOWN_YEAR else -1)
    months = sum(_length(year, one) for one in range(1, month))
    return _KNOWN_DAY + timedelta(days=days + months + day - 1)


def _length(year: int, month: int) -> int:
    if month <= _LONG_MONTHS:
        return 31
    return 30 if month < _LAST_MONTH or _is_leap(year) else 29


def _is_leap(year: int) -> bool:
    return year % 33 in _LEAP
