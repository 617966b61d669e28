"""How soon a source is asked again: between ten minutes and a day, sooner where much was new, unless it is pinned."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefing.errors import SourceError
    from briefing.model import FetchPolicy, Source
    from briefing.projections import Poll
    from briefing.service.recording import Visit

SHORTEST = 600
LONGEST = 86_400
_SPREAD = 0.1
# The share of entries known already, below which a list may roll over unseen and above which asking is idle.
_FEW_KNOWN = 1 / 3
_MOST_KNOWN = 2 / 3
_MOST_DOUBLINGS = 6


def next_poll(
    poll: Poll,
    visit: Visit,
    error: SourceError | None,
    policy: FetchPolicy,
    *,
    adapt: bool = False,
    known: int = 0,
) -> Poll:
    """The poll with its interval and next run; `known` counts the entries that were known before this visit."""
    source = visit.source
    interval = poll.interval or int(policy.every.total_seconds())
    if error is None and adapt and visit.reading is not None:
        interval = _adapted(interval, visit, known)
    pinned = source.every
    interval = int(pinned.total_seconds()) if pinned is not None else min(max(interval, SHORTEST), LONGEST)
    wait = float(interval)
    if error is not None:
        wait = min(interval * 2 ** min(poll.failures - 1, _MOST_DOUBLINGS), LONGEST)
        wait = max(wait, error.retry_after or 0)
    elif poll.pending:
        wait = min(wait, SHORTEST)
    wait += wait * _SPREAD * share(source, str(visit.started))
    return replace(poll, interval=interval, next_run=visit.started + timedelta(seconds=wait))


def share(source: Source, salt: str = "") -> float:
    """A number from 0 to 1 that differs from source to source, so that they are never all asked at once."""
    digest = hashlib.sha256(f"{source.id}\n{salt}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32


def _adapted(interval: int, visit: Visit, known: int) -> int:
    assert visit.reading is not None
    seen = len(visit.reading.parsed.entries) + len(visit.reading.parsed.unchanged)
    if visit.reading.unchanged or seen == 0 or known / seen > _MOST_KNOWN:
        return interval * 5 // 4
    return interval // 2 if known / seen < _FEW_KNOWN else interval
