"""Dates, counts and names as the documents write them: in English, the same on every machine."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from briefing.model import Item, Published, Removal

LANGUAGE = "en"  # of our own words, whatever the language of the site's texts

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def day_words(day: date) -> str:
    """A day: 19 November 2016."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def span_words(first: date, last: date) -> str:
    """Two days and what lies between: 20 to 26 March 2017."""
    if first == last:
        return day_words(first)
    if first.year != last.year:
        return f"{day_words(first)} to {day_words(last)}"
    if first.month != last.month:
        return f"{first.day} {_MONTHS[first.month - 1]} to {day_words(last)}"
    return f"{first.day} to {day_words(last)}"


def published_words(published: Published, zone: str | None) -> str:
    """A publication date as precisely as it is known, with the place of its clock: 19 November 2016, 14:31 (Moscow).

    `zone` is that of the source; without one the distance to UTC is named.
    """
    if published.value is None:
        return "no date given"
    if published.precision == "year":
        return published.value
    if published.precision == "month":
        year, month = published.value.split("-")[:2]
        return f"{_MONTHS[int(month) - 1]} {int(year)}"
    if published.precision == "day":
        return day_words(date.fromisoformat(published.value))
    moment = datetime.fromisoformat(published.value)
    return f"{day_words(moment)}, {moment:%H:%M} ({_clock(moment, zone)})"


def published_moment(published: Published, zone: str) -> datetime | None:
    """A publication date as a moment in UTC; a bare day is its midnight in `zone`. None if not known to the day."""
    if published.value is None:
        return None
    if published.precision == "minute":
        moment = datetime.fromisoformat(published.value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    if published.precision == "day":
        return datetime.combine(date.fromisoformat(published.value), time.min, ZoneInfo(zone)).astimezone(UTC)
    return None


def count_words(number: int, noun: str) -> str:
    """A number with its noun: 1 item, 2 items."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def state_words(item: Item) -> str:
    """What became of an item since it was first seen: revised once, withdrawn; empty where nothing did."""
    if item.removal is not None:
        return "removed"
    changes = item.revisions - 1
    revised = "" if changes < 1 else "revised once" if changes == 1 else f"revised {changes} times"
    withdrawn = "withdrawn by its publisher" if item.state == "withdrawn" else ""
    return ", ".join(filter(None, (revised, withdrawn)))


def removal_words(removal: Removal, zone: str) -> str:
    """When and why an item was taken down: Removed on 19 November 2016: names a private person (court order 12)."""
    return f"Removed on {day_words(removal.at.astimezone(ZoneInfo(zone)).date())}: {removal.why}"


def _clock(moment: datetime, zone: str | None) -> str:
    if zone and "/" in zone:
        return zone.rsplit("/", 1)[-1].replace("_", " ")
    return str(moment.tzinfo or zone or "zone unknown")
