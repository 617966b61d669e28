"""What lies ahead: meetings and deadlines that statements announce, by month."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from briefing.editions.calendars import announced
from briefing.outputs import ahead_words
from briefing.outputs.wording import month_words
from briefing.web.grouping import held
from briefing.web.rendering import View

if TYPE_CHECKING:
    from starlette.requests import Request

    from briefing.documents import Announced
    from briefing.web.frame import Frame

_SHOWN = 300  # dates on the page; all stand in the calendar
_PATH = "/ahead"


def listing(frame: Frame, request: Request) -> View:
    """Everything that is not over yet, or what one topic has of it, under the month it begins in."""
    house, asked = frame.house, request.query_params.get("topic", "")
    topic = held(house.topics.get(asked), "topic", asked) if asked else None
    meetings = frame.library.calendar.meetings(frame.today.isoformat()) if house.position else []
    entries = [announced(one, house.sources, house.topics, house.site.language) for one in meetings]
    found = [entry for entry in entries if topic is None or any(name == topic.id for name, _ in entry.topics)]
    months = [
        (key, month_words(held_in[0].meeting.first), held_in)
        for key, group in groupby(found[:_SHOWN], lambda entry: _month(frame, entry))
        if (held_in := list(group))
    ]
    path = f"feeds/topics/{topic.id}" if topic is not None else ""
    values = {"months": months, "topic": topic, "words": ahead_words, "left": max(0, len(found) - _SHOWN)}
    return View("ahead", values, ((path, topic.name),) if topic is not None else ())


def _month(frame: Frame, entry: Announced) -> str:
    """The month that an entry stands under: that of its first day, for what has begun that of today."""
    return max(entry.meeting.first, frame.today.replace(day=1)).isoformat()[:7]
