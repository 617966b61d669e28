"""The past by the names people give it: a log position, a day, a time; and what was known then."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from briefing.errors import UsageError
from briefing.projections import Moment

if TYPE_CHECKING:
    from briefing.projections import Holdings
    from briefing.service.desk import Desk

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def known(desk: Desk, said: str | None) -> Holdings:
    """What is known, the read models brought up with the log; with `said`, what was known then (see `position_of`).

    Raises:
        UsageError: see `position_of`.
    """
    desk.projector.catch_up()
    return desk.library if said is None else known_at(desk, position_of(desk, said))


def known_at(desk: Desk, position: int) -> Holdings:
    """What was known at a position that the read models have reached."""
    return desk.library.at(Moment(position=position, recorded_at=_recorded_at(desk, position) if position else None))


def position_of(desk: Desk, said: str) -> int:
    """The log position that a text names; 0 is that before the first event.

    A number is a position. A day (2017-03-20) is its end in the site's zone, a time (ISO 8601, without a zone: in the
    site's) that moment: the position is that of the last event recorded up to it.

    Raises:
        UsageError: it is none of these, or lies beyond the end of the log.
    """
    if said.isascii() and said.isdigit():
        return _checked(desk, int(said))
    moment = _moment(said)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(desk.library.site().timezone if desk.library.settings() else "UTC"))
    return bisect_right(range(desk.projector.position()), moment, key=lambda before: _recorded_at(desk, before + 1))


def _checked(desk: Desk, position: int) -> int:
    head = desk.projector.position()
    if position > head:
        raise UsageError(f"--as-of {position}: the log ends at position {head}; name one from 0 to there")
    return position


def _moment(said: str) -> datetime:
    try:
        if _DAY.fullmatch(said):
            return datetime.combine(date.fromisoformat(said), time.max.replace(fold=1))
        if _DAY.match(said):
            return datetime.fromisoformat(said)
    except ValueError:
        pass
    raise UsageError(
        f'--as-of "{said}": this is neither a log position (4711) nor a day (2017-03-20) nor a time (2017-03-20T18:00, '
        "with a zone 2017-03-20T18:00+09:00)"
    )


def _recorded_at(desk: Desk, position: int) -> datetime:
    return desk.store.read(position - 1, 1)[0].recorded_at
