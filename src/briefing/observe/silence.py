"""How long a source is usually silent, learned from the days on which it had something new; and what silence means.

Only days count, not hours: a press office says ten things before noon and nothing at the weekend.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefing.model import Health, Published

KEPT = 30
"""How many of the last days on which a source spoke its rhythm is learned from."""

_FEWEST = 3  # silences between days, below which no rhythm is known
_OUTLIER = 3  # so many times the next longest: an old piece left at the top of a list, no habit
_MANY = 5  # silences, below which none is left out
_SLACK = 2
_SHORTEST = 3  # days: a weekend
_LONGEST = 400  # days: a report that appears once a year
_UNKNOWN = 45  # days, where no rhythm is known
_DAY = 86_400
_SPEAKING = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """When a source spoke: the last days, oldest first (`date.toordinal`), and the last moment.

    `patience` is the silence in seconds that is still its own, 0 before anything was heard.
    """

    days: tuple[int, ...] = ()
    spoke_at: datetime | None = None
    patience: int = 0


def heard(before: Heard, said: Iterable[tuple[Published, bool]], now: datetime) -> Heard:
    """What is known of a source's rhythm when it said these new things: their dates, and whether each was archive.

    What was in the archive was said on its date; everything else now, whatever date it has.
    """
    said = list(said)
    if not said:
        return before
    found = [_day(published, now) for published, _ in said]
    days = tuple(sorted({*before.days, *found})[-KEPT:])
    usual = _longest_silence(days)
    spoke = now
    if usual and all(archive for _, archive in said):
        # Without a rhythm an archive says nothing: then silence is counted from when it was first read.
        spoke = min(now, datetime.combine(date.fromordinal(max(found)), time(23, 59), UTC))
    if before.spoke_at is not None:
        spoke = max(spoke, before.spoke_at)
    return Heard(days=days, spoke_at=spoke, patience=_patience(usual))


def recalled(days: Iterable[int], last: datetime) -> Heard:
    """What is known of the rhythm of a source that was read before, from the days of its items."""
    kept = tuple(sorted(set(days))[-KEPT:])
    return Heard(days=kept, spoke_at=last, patience=_patience(_longest_silence(kept)))


def silent(known: Heard, now: datetime) -> bool:
    """Whether a source has been silent for longer than is its own."""
    return known.spoke_at is not None and (now - known.spoke_at).total_seconds() > (known.patience or _UNKNOWN * _DAY)


def as_of(health: Health, now: datetime) -> Health:
    """How a source does now: of one that can be read, but had nothing new for a day, that it is quiet."""
    if health.state == "ok" and health.spoke_at is not None and now - health.spoke_at > _SPEAKING:
        return replace(health, state="quiet", since=health.spoke_at)
    return health


def _day(published: Published, now: datetime) -> int:
    today = now.date().toordinal()
    if published.value is None or published.precision not in ("day", "minute"):
        return today
    return min(date.fromisoformat(published.value[:10]).toordinal(), today)


def _longest_silence(days: tuple[int, ...]) -> int:
    """In days; 0 where too little is known."""
    gaps = sorted(later - earlier for earlier, later in pairwise(days))
    if len(gaps) < _FEWEST:
        return 0
    return gaps[-2] if len(gaps) >= _MANY and gaps[-1] > _OUTLIER * gaps[-2] else gaps[-1]


def _patience(usual: int) -> int:
    return min(max(_SLACK * usual, _SHORTEST), _LONGEST) * _DAY if usual else _UNKNOWN * _DAY
