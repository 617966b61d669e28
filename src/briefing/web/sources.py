"""Sources: how each does, those in trouble first; one with what is set and what it published; changes of state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.editions.health import HEALTH, headline, turn_words
from briefing.observe.silence import as_of
from briefing.outputs import health_words
from briefing.outputs.wording import failure_words, gap_words, move_words, state_words
from briefing.text import one_line
from briefing.web.grouping import by_day, held, page_number
from briefing.web.history import position_asked
from briefing.web.items import PER_PAGE
from briefing.web.rendering import View

if TYPE_CHECKING:
    from starlette.requests import Request

    from briefing.model import Health
    from briefing.web.frame import Frame

_PER_PAGE = 60
_TURNS = 40
_UNTROUBLED = ("ok", "quiet", "new")


def listing(frame: Frame, request: Request) -> View:
    """One row for each source that is read."""
    health = _healths(frame)
    page = page_number(request)
    shown = health[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    values = {
        "rows": [(frame.house.sources[one.source], one) for one in shown],
        "newest": frame.library.newest_of(one.source for one in shown),
        "states": _counted(health),
        "total": len(health),
        "page": page,
        "more": len(health) > page * _PER_PAGE,
        "reason": lambda one: reason(one) or health_words.silence_words(one, frame.now),
        "pace_words": health_words.pace_words,
        "page_words": health_words.page_words,
        "state_words": state_words,
    }
    feeds = tuple((f"feeds/sources/{one.source}", frame.house.sources[one.source].name) for one in shown)
    return View("sources", values, feeds)


def one(frame: Frame, request: Request) -> View:
    """One source; a retired one says that it is no longer read."""
    name = request.path_params["source"]
    source = held(frame.house.sources.get(name), "source", name)
    health = next((one for one in _healths(frame) if one.source == source.id), None)
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
        "pace_words": health_words.pace_words,
        "page_words": health_words.page_words,
        "silence": health_words.silence_words(health, frame.now) if health else "",
        "attempts": frame.library.attempts(source.id),
        "outcome_words": health_words.outcome_words,
        "state_words": state_words,
    }
    return View("source", values, ((f"feeds/sources/{source.id}", source.name),))


def health(frame: Frame, request: Request) -> View:
    """Sources in trouble now, and all changes of state, the newest first."""
    found = _healths(frame)
    before = position_asked(request)
    turns = frame.library.turns(below=before, limit=_TURNS + 1)
    values = {
        "total": len(found),
        "states": _counted(found),
        "troubled": [one for one in found if one.state not in _UNTROUBLED],
        "turns": [(turn, headline(turn), turn_words(turn, frame.site.timezone)) for turn in turns[:_TURNS]],
        "gaps": frame.library.gaps(state="open") if before is None else (),
        "gap_words": gap_words,
        "moves": frame.library.moves() if before is None else (),
        "move_words": move_words,
        "ailing": [one for one in found if one.pages] if before is None else (),
        "page_words": health_words.page_words,
        "older": turns[_TURNS - 1].position if len(turns) > _TURNS else 0,
        "older_page": before is not None,
        "reason": lambda one: reason(one) or health_words.silence_words(one, frame.now),
        "state_words": state_words,
    }
    return View("health", values, ((HEALTH, "How sources do"),))


def _healths(frame: Frame) -> list[Health]:
    """How the sources do now, those in trouble first."""
    found = (as_of(one, frame.now) for one in frame.library.health())
    return sorted(found, key=lambda one: (health_words.place(one.state), one.source))


def _counted(found: list[Health]) -> list[tuple[int, str]]:
    """How many sources are in each state, in words."""
    states: dict[str, int] = {}
    for one in found:
        states[one.state] = states.get(one.state, 0) + 1
    return [(count, state_words(state)) for state, count in states.items()]


def reason(health: Health) -> str:
    """Why a source cannot be read, empty where it can."""
    if not health.failure:
        return ""
    words = failure_words(health.failure, health.status)
    return words[0].upper() + words[1:] + (f": {one_line(health.detail)}" if health.detail else "")
