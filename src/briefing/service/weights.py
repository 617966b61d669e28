"""How much a failure weighs: hard ones that will hardly pass, soft ones that may, temporary ones that mostly do.

After the idea of mediacloud's rss-fetcher, but for its end: here no source is ever given up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefing.errors import SourceError

HARD, SOFT, TEMPORARY, NONE = 4, 2, 1, 0
"""Four points of weight double the wait: one hard failure, two soft ones, four temporary ones."""

REFUSALS = frozenset({"blocked", "gone", "robots", "address"})
"""Failures that are an answer: who is told to stay away does not come back in a hurry."""

_WEIGHTS = {
    "gone": HARD, "not-a-feed": HARD, "dns": HARD, "address": HARD, "blocked": HARD, "robots": HARD,
    "unparsable": SOFT, "status": SOFT, "tls": SOFT, "too-large": SOFT, "empty": SOFT,
    "timeout": TEMPORARY, "connection": TEMPORARY,
    # What could be read of these was kept: to wait would be to miss what comes next.
    "damaged": NONE, "undated": NONE,
}  # fmt: skip
_SERVER_ERROR = 500
_BUSY = frozenset({408, 425, 429})


def weight(error: SourceError) -> int:
    """The weight of a failure."""
    return TEMPORARY if passing(error) else _WEIGHTS[error.failure]


def refused(error: SourceError) -> bool:
    """Whether we were told to stay away."""
    return error.failure in REFUSALS and not passing(error)


def passing(error: SourceError) -> bool:
    """Whether a failure says of itself that it is over soon."""
    if error.failure in ("timeout", "connection") or error.temporary:
        return True
    status = error.status or 0
    # A status with `robots` is that of a robots.txt that could not be read; without one it asks us to stay away.
    return error.failure in ("status", "robots") and (status >= _SERVER_ERROR or status in _BUSY)
