"""How soon a source is asked again: between ten minutes and a day, sooner where much was new, unless it is pinned.

After failures ever later, but never less than about once a week; what can be read again is back in its rhythm at once.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from briefing.service.weights import NONE, refused, weight

if TYPE_CHECKING:
    from datetime import datetime

    from briefing.errors import SourceError
    from briefing.model import FetchPolicy, Hints, Source
    from briefing.projections import Poll
    from briefing.service.recording import Visit

SHORTEST = 600
LONGEST = 86_400
SELDOM = 604_800
"""Seconds between two attempts at a source that fails, at most, but for what keeps sources apart."""

REASONS = (
    "first",  # nothing is known of its rhythm yet
    "rhythm",  # by how much was new
    "pinned",  # by `every` in the configuration
    "ttl",  # the feed asks for a pause
    "max-age",  # the server says how long its answer stays fresh
    "skip",  # the feed names hours or days at which nothing is published
    "overruled",  # what was asked for would lose entries
    "push",  # its hub tells us what is new
    "pages",  # texts of entries are still to be read
    "back-off",  # after failures
    "asked",  # a failing server said when to come back
    "refused",  # we were told to stay away
)

_SPREAD = 0.1
_SPREAD_RETRIES = 0.5
# The share of entries known already, below which a list may roll over unseen and above which asking is idle.
_FEW_KNOWN = 1 / 3
_MOST_KNOWN = 2 / 3
_DOUBLING = 4  # points of weight that double the wait
_HOURS = 48  # looked at for one that is not named as silent


def next_poll(
    poll: Poll,
    visit: Visit,
    error: SourceError | None,
    policy: FetchPolicy,
    *,
    adapt: bool = False,
    known: int = 0,
    seen: int = 0,
) -> Poll:
    """The poll with its rhythm and next run; of the entries `seen` so many were `known` before this visit."""
    interval = poll.interval or int(policy.every.total_seconds())
    if error is not None and weight(error) != NONE:
        return _after_failure(poll, visit, error, _bounded(visit.source, interval))
    first = visit.poll.last_success is None
    if adapt and not first and visit.reading is not None:
        interval = _adapted(interval, visit, known, seen)
    interval = _bounded(visit.source, interval)
    few = not first and seen > 0 and known / seen < _FEW_KNOWN
    why, wait, overruled = _rhythm(poll, visit.source, interval, few=few, first=first)
    if poll.pending and wait > SHORTEST:
        why, wait = "pages", SHORTEST
    spread = 1 + _SPREAD * share(visit.source, str(visit.started))
    moment = visit.started + timedelta(seconds=wait * spread)
    if visit.source.every is None and (later := _outside(poll.pace.hints, moment, visit)) != moment:
        why, moment = "skip", later
    pace = replace(
        poll.pace, why=why, weight=0, seen=seen, fresh=seen - known, hint=_hint(poll.pace.hints), overruled=overruled
    )
    return replace(poll, interval=interval, next_run=moment, pace=pace)


def share(source: Source, salt: str = "") -> float:
    """A number from 0 to 1 that differs from source to source, so that they are never all asked at once."""
    digest = hashlib.sha256(f"{source.id}\n{salt}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32


def _bounded(source: Source, interval: int) -> int:
    return int(source.every.total_seconds()) if source.every is not None else min(max(interval, SHORTEST), LONGEST)


def _after_failure(poll: Poll, visit: Visit, error: SourceError, interval: int) -> Poll:
    """The wait doubles with every four points of weight that the failures before this one had."""
    before = poll.pace.weight
    away = refused(error)
    base = max(interval, LONGEST) if away else interval
    wait = float(max(min(base * 2 ** min(before / _DOUBLING, 20), SELDOM), base))
    why, spread = ("refused" if away else "back-off"), _SPREAD_RETRIES
    if (asked := error.retry_after or 0) > wait:
        why, wait, spread = "asked", asked, _SPREAD
    # By the source alone: sources of one host that failed together must not come back together.
    wait *= 1 + spread * share(visit.source)
    pace = replace(poll.pace, why=why, weight=before + weight(error))
    return replace(poll, interval=interval, next_run=visit.started + timedelta(seconds=wait), pace=pace)


def _adapted(interval: int, visit: Visit, known: int, seen: int) -> int:
    assert visit.reading is not None
    if visit.reading.unchanged or seen == 0 or known / seen > _MOST_KNOWN:
        asked = visit.poll.last_attempt
        # Whoever asks again after a moment learns nothing from finding nothing.
        early = asked is not None and (visit.started - asked).total_seconds() < interval / 2
        return interval if early else interval * 5 // 4
    if known == 0:
        return interval // 4
    return interval // 2 if known / seen < _FEW_KNOWN else interval


def _rhythm(poll: Poll, source: Source, interval: int, *, few: bool, first: bool) -> tuple[str, int, int]:
    """What sets the wait, the wait, and the pause asked for that must not be obeyed."""
    hints, overruled = poll.pace.hints, poll.pace.overruled
    if source.every is not None:
        return "pinned", interval, overruled
    hint = _hint(hints)
    if few and poll.pace.why in ("ttl", "max-age", "skip"):  # it was obeyed, and the list has nearly rolled over
        overruled = hint
    if hint > interval:
        if hint == overruled:
            return "overruled", interval, overruled
        return ("ttl" if hints.ttl >= hints.max_age else "max-age"), hint, overruled
    return ("first" if first else "rhythm"), interval, overruled


def _hint(hints: Hints) -> int:
    return min(max(hints.ttl, hints.max_age), LONGEST)


def _outside(hints: Hints, moment: datetime, visit: Visit) -> datetime:
    """A moment, or the first after it that the feed does not name as silent, at most a day after the visit."""
    if not (hints.skip_hours or hints.skip_days):
        return moment
    latest = max(visit.started + timedelta(seconds=LONGEST), moment)
    spread = timedelta(seconds=SHORTEST * share(visit.source))
    later = moment
    for _ in range(_HOURS):
        if later.hour not in hints.skip_hours and later.weekday() not in hints.skip_days:
            return later
        later = later.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) + spread
        if later > latest:
            return latest
    return moment
