"""What a feed says about how often to ask: `ttl`, `skipHours` and `skipDays` of RSS 2.0, periods of mod_syndication.

Read from the text around the entries, so that no parser need know of it.
"""

from __future__ import annotations

import re

from briefing.model import NO_HINTS, Hints

_ANY = re.compile(r"<(?:ttl|skipHours|skipDays|\w+:updatePeriod)\b")
_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]")
_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TTL = re.compile(r"<ttl>\s*(\d{1,7})\s*</ttl>")
_PERIOD = re.compile(r"<\w+:updatePeriod>\s*(\w+)\s*</")
_FREQUENCY = re.compile(r"<\w+:updateFrequency>\s*(\d{1,6})\s*</")
_HOURS = re.compile(r"<skipHours>(.*?)</skipHours>", re.DOTALL)
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>")
_DAYS = re.compile(r"<skipDays>(.*?)</skipDays>", re.DOTALL)
_DAY = re.compile(r"<day>\s*(\w+)\s*</day>")
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST = 10_000  # characters before the first entry, and behind the last, that are looked through
_DAY_OF_HOURS = 24


def hints_of(text: str) -> Hints:
    """The hints of a feed; where `ttl` and a period are both given, the longer counts."""
    first = _ENTRY.search(text)
    around = text[: first.start() if first else len(text)][:_LONGEST]
    if first and (last := _last_end(text)):
        around += text[last:]
    if not _ANY.search(around):
        return NO_HINTS
    around = _COMMENT.sub("", around)
    hours = {int(hour) % _DAY_OF_HOURS for hour in _listed(_HOURS, _HOUR, around) if int(hour) <= _DAY_OF_HOURS}
    days = {_WEEK.index(day.lower()) for day in _listed(_DAYS, _DAY, around) if day.lower() in _WEEK}
    return Hints(
        ttl=max(_number(_TTL, around) * 60, _period(around)),
        skip_hours=tuple(sorted(hours)),
        skip_days=tuple(sorted(days)),
    )


def _last_end(text: str) -> int:
    """Where the last entry ends, if little follows it; 0 else."""
    tail = max(0, len(text) - _LONGEST)
    ends = [found.end() for found in _END.finditer(text, tail)]
    return ends[-1] if ends else 0


def _period(around: str) -> int:
    found = _PERIOD.search(around)
    return _PERIODS.get(found.group(1).lower(), 0) // max(1, _number(_FREQUENCY, around)) if found else 0


def _number(pattern: re.Pattern[str], around: str) -> int:
    found = pattern.search(around)
    return int(found.group(1)) if found else 0


def _listed(block: re.Pattern[str], one: re.Pattern[str], around: str) -> list[str]:
    found = block.search(around)
    return one.findall(found.group(1)) if found else []
