"""The feed of sources' changes of state: an outage or a silence is told like news, and never as an item."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from briefing.documents import FeedEntry
from briefing.editions.entries import urn
from briefing.editions.words import LANGUAGE, count_words, day_words
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from datetime import date, datetime

    from briefing.model import Site, Source, Turn

HEALTH = "feeds/health"

_HEADLINES = {
    "failing": "cannot be read",
    "blocked": "keeps us out",
    "gone": "is gone for good",
    "stale": "has fallen silent",
}
_BACK = {"stale": "speaks again"}


def turn_entry(turn: Turn, *, site: Site, source: Source) -> FeedEntry:
    """One change of state."""
    about = f"{site.url}/sources/{source.id}"
    summary = turn_words(turn, site.timezone)
    return FeedEntry(
        id=urn(f"{site.url}/health/{turn.position}"),
        title=f"{one_line(source.name)} {headline(turn)}",
        url=about,
        about=about,
        html=f'<p lang="{LANGUAGE}">{escape(summary)}</p>',
        summary=summary,
        published=turn.at,
        updated=turn.at,
        language=LANGUAGE,
    )


def headline(turn: Turn) -> str:
    """What follows the name of the source: `cannot be read`, `speaks again`."""
    if turn.state in _HEADLINES:
        return _HEADLINES[turn.state]
    return _BACK.get(turn.before, "can be read again")


def turn_words(turn: Turn, zone: str) -> str:
    """Why a state changed, and how long the one before lasted; days are those of `zone` (IANA name)."""
    if turn.state == "stale" and turn.last is not None:
        return f"It can be read, but had nothing new since {_day(turn.last, zone)}: longer than its own rhythm."
    if turn.state in _HEADLINES:
        return clean(one_line(turn.detail)) or "The reason is not known."
    if turn.since is None:
        return "It can be read again."
    days = max(0, (_date(turn.at, zone) - _date(turn.since, zone)).days)
    lasted = f", {count_words(days, 'day')} ago" if days else ""
    if turn.before == "stale":
        return f"It has something new, or is back in its rhythm; silent since {_day(turn.since, zone)}{lasted}."
    return f"It could not be read since {_day(turn.since, zone)}{lasted}; what it lists now is read again."


def _date(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _day(moment: datetime, zone: str) -> str:
    return day_words(_date(moment, zone))
