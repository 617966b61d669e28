"""Days and moments of items, from what is known of their dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

# A publisher's clock or calendar may run ahead by a zone or two; more than this is no date of publication.
_FUTURE = timedelta(hours=36)


@lru_cache(maxsize=256)
def zone(name: str | None) -> ZoneInfo:
    """A time zone by name, UTC for none."""
    return ZoneInfo(name or "UTC")


@lru_cache(maxsize=64)
def stamp(moment: datetime) -> str:
    """The form in which times are stored: UTC, microseconds, sortable as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def instant(value: str | None, precision: str | None, source_zone: str | None) -> datetime | None:
    """When a date begins; None where it is not known to the day."""
    if value is None or precision not in ("day", "minute"):
        return None
    if precision == "minute":
        return datetime.fromisoformat(value)
    return datetime.combine(date.fromisoformat(value), time(), zone(source_zone))


def in_future(published: datetime | None, seen_at: datetime) -> bool:
    """Whether a claimed date lies so far ahead that it cannot be one of publication."""
    return published is not None and published - seen_at > _FUTURE


def day_of(value: str | None, precision: str | None, seen_at: datetime, *, site_zone: str, future: bool) -> str:
    """The day, in the site's zone, that an item belongs to: of publication where known, else of first sight."""
    if value is None or future or precision not in ("day", "minute"):
        return seen_at.astimezone(zone(site_zone)).date().isoformat()
    if precision == "minute":
        return datetime.fromisoformat(value).astimezone(zone(site_zone)).date().isoformat()
    return value
