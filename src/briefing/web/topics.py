"""Topics: all with their twelve weeks, and one with its phrases, its weeks and its items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.editions.weeks import week_of
from briefing.web import charts
from briefing.web.front import topic_rows
from briefing.web.grouping import by_day, held, page_number
from briefing.web.items import PER_PAGE
from briefing.web.rendering import View

if TYPE_CHECKING:
    from starlette.requests import Request

    from briefing.web.frame import Frame

_PER_PAGE = 60


def listing(frame: Frame, request: Request) -> View:
    """Every topic, in the order of the configuration."""
    period, page = frame.week() or week_of(frame.today), page_number(request)
    rows = topic_rows(frame, period)
    shown = rows[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    feeds = tuple((f"feeds/topics/{row.topic.id}", row.topic.name) for row in shown)
    top = charts.highest(row.chart for row in rows)
    more = len(rows) > page * _PER_PAGE
    return View("topics", {"rows": shown, "top": top, "page": page, "more": more}, feeds)


def one(frame: Frame, request: Request) -> View:
    """One topic."""
    name = request.path_params["topic"]
    topic = held(frame.house.topics.get(name), "topic", name)
    period = frame.week() or week_of(frame.today)
    first, last = charts.span(period)
    days = frame.library.counts_by_day(first.isoformat(), last.isoformat(), topic=topic.id)
    chart = charts.weeks(days, period)
    page = page_number(request)
    found = frame.library.items(topic=topic.id, limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE, order="day")
    values = {
        "topic": topic,
        "chart": chart,
        "top": charts.highest([chart]),
        "groups": by_day(found[:PER_PAGE]),
        "page": page,
        "more": len(found) > PER_PAGE,
    }
    return View("topic", values, ((f"feeds/topics/{topic.id}", topic.name),))
