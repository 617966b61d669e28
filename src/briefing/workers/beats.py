"""How quickly it is noticed that somebody is gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "BRIEFING_HEARTBEAT"
"""Seconds between two signs of life of a worker; all processes on one database need the same."""

_DEFAULT, _SHORTEST, _LONGEST = 3.0, 0.1, 5.0
_MISSED = 4  # heartbeats after which a worker counts as dead


@dataclass(frozen=True, slots=True, kw_only=True)
class Beats:
    """Intervals in seconds.

    A worker that is killed is missed after `stalled` and its job handed out again within one `heartbeat` more, taken
    within one `poll` more: 16 seconds with the heartbeat of 3 that is the default.
    """

    heartbeat: float = _DEFAULT
    poll: float = 1.0
    """Between two looks into the queue, though nothing was told; between two looks for a leader's place."""
    grace: float = 20.0
    """For jobs that are under way when a worker is to stop; what lasts longer is handed back."""

    @property
    def stalled(self) -> float:
        """After which a worker without a sign of life counts as dead."""
        return self.heartbeat * _MISSED


def beats(environ: Mapping[str, str]) -> Beats:
    """The intervals, with the heartbeat that the environment names.

    Raises:
        UsageError: it names none.
    """
    given = environ.get(VARIABLE)
    if not given:
        return Beats()
    try:
        heartbeat = float(given)
    except ValueError:
        heartbeat = 0.0
    if not _SHORTEST <= heartbeat <= _LONGEST:
        raise UsageError(f"{VARIABLE}={given}: write seconds from {_SHORTEST} to {_LONGEST}, such as 3")
    return Beats(heartbeat=heartbeat, poll=min(1.0, heartbeat))
