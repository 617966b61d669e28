"""What both timetables keep to: a briefing's day, and the configuration as it changes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from apscheduler.triggers.cron import CronTrigger
from watchfiles import awatch

from briefing.config import load
from briefing.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from briefing.model import Briefing, Settings

# Milliseconds after which the configuration is looked at though nothing was told: network disks tell nothing.
_LOOK_EVERY = 5000
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Stamp = tuple[int, int]


def appearing(briefing: Briefing, zone: str) -> CronTrigger:
    """When issues of a briefing are due: daily, on its weekday or its day of the month, at its time in the site's zone.

    A time that the clocks jump over that day comes right after the jump.
    """
    days: dict[str, dict[str, str | int]] = {
        "day": {},
        "week": {"day_of_week": _WEEKDAYS[briefing.weekday]},
        "month": {"day": briefing.monthday},
    }
    return CronTrigger(**days[briefing.period], hour=briefing.hour, minute=briefing.minute, timezone=zone)


def stamp(config: Path) -> Stamp | None:
    """What tells one state of a file from another; None while it is away, as editors leave it for a moment."""
    try:
        found = config.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size


async def changed(config: Path, taken: Stamp | None, say: Callable[[str], None]) -> AsyncIterator[Settings]:
    """The configuration each time it is another than the one taken; a broken one is refused with its error."""
    async for _ in awatch(config.parent, recursive=False, yield_on_timeout=True, rust_timeout=_LOOK_EVERY, step=200):
        found = stamp(config)
        if found is None or found == taken:
            continue
        taken = found
        try:
            settings = await asyncio.to_thread(load, config)
        except ConfigError as error:
            say(f"{error}\nThe configuration from before stays in force.")
        else:
            yield settings
