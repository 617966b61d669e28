"""Sources: how each does, those in trouble first, and one with what is set and what it published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.outputs.wording import count_words, failure_words, gap_words, move_words, state_words
from briefing.text import one_line
from briefing.web.grouping import by_day, held, page_number
from briefing.web.items import PER_PAGE
from briefing.web.rendering import View

if TYPE_CHECKING:
    from datetime import timedelta

    from starlette.requests import Request

    from briefing.model import Health, Source
    from briefing.web.frame import Frame

_PER_PAGE = 60
_ORDER = {"failing": 0, "gone": 1, "blocked": 2, "new": 3, "ok": 4}
_HOUR = 3600
_MINUTE = 60


def listing(frame: Frame, request: Request) -> View:
    """One row for each source that is read."""
    health = sorted(frame.library.health(), key=lambda one: (_ORDER.get(one.state, 0), one.source))
    page = page_number(request)
    shown = health[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    states: dict[str, int] = {}
    for one in health:
        states[one.state] = states.get(one.state, 0) + 1
    values = {
        "rows": [(frame.house.sources[one.source], one) for one in shown],
        "newest": frame.library.newest_of(one.source for one in shown),
        "states": [(count, state_words(state)) for state, count in states.items()],
        "total": len(health),
        "page": page,
        "more": len(health) > page * _PER_PAGE,
        "reason": reason,
        "rhythm": rhythm,
        "state_words": state_words,
    }
    feeds = tuple((f"feeds/sources/{one.source}", frame.house.sources[one.source].name) for one in shown)
    return View("sources", values, feeds)


def one(frame: Frame, request: Request) -> View:
    """One source; a retired one says that it is no longer read."""
    name = request.path_params["source"]
    source = held(frame.house.sources.get(name), "source", name)
    health = next((one for one in frame.library.health() if one.source == source.id), None)
    page = page_number(request)
    found = frame.library.items(source=source.id, limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE, order="day")
    values = {
        "source": source,
        "health": health,
        "gaps": frame.library.gaps([source.id]),
        "move": next((move for move in frame.library.moves() if move.source == source.id), None),
        "gap_words": gap_words,
        "move_words": move_words,
        "groups": by_day(found[:PER_PAGE]),
        "page": page,
        "more": len(found) > PER_PAGE,
        "reason": reason,
        "rhythm": rhythm,
        "state_words": state_words,
    }
    return View("source", values, ((f"feeds/sources/{source.id}", source.name),))


def reason(health: Health) -> str:
    """Why a source cannot be read, empty where it can."""
    if not health.failure:
        return ""
    words = failure_words(health.failure, health.status)
    return words[0].upper() + words[1:] + (f": {one_line(health.detail)}" if health.detail else "")


def rhythm(source: Source) -> str:
    """How often a source is read."""
    return f"every {_span(source.every)}" if source.every else "as often as it brings news"


def _span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    hours, minutes = divmod(seconds // _MINUTE, _HOUR // _MINUTE)
    words = [count_words(hours, "hour")] if hours else []
    if minutes or not hours:
        words.append(count_words(minutes, "minute"))
    return " ".join(words)
