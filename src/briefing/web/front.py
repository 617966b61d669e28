"""The front page: the week at a glance, and what is new since yesterday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from briefing.editions import periods
from briefing.editions.changes import change_words
from briefing.editions.feeds import ALL
from briefing.editions.weeks import bounds, first_day, last_day, week_of
from briefing.outputs.wording import period_words, state_words
from briefing.web import charts
from briefing.web.grouping import grouped
from briefing.web.rendering import View

if TYPE_CHECKING:
    from datetime import date

    from starlette.requests import Request

    from briefing.model import Health, Issued, Source, Topic
    from briefing.web.charts import Week
    from briefing.web.frame import Frame

_NEWEST = 40  # items on the front page
_CHANGES = 6
_TOPICS = 40
_SILENT = 12  # sources not heard from that are named; the page of sources has them all
_SPOKE = 4  # institutions named beside a country
_NEVER = datetime.min.replace(tzinfo=UTC)
_OFFICIAL = frozenset({"ministry", "igo"})


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic with its twelve weeks."""

    topic: Topic
    chart: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class CountryRow:
    """The official statements of a country's institutions in a week; `more` institutions are not named."""

    country: str
    count: int
    sources: tuple[tuple[Source, int], ...]
    more: int


@dataclass(frozen=True, slots=True)
class WeekShown:
    """The week that the page is about; `current` where it is that of today."""

    period: str
    first: date
    last: date
    current: bool

    @property
    def number(self) -> int:
        """The number of the ISO week."""
        return self.first.isocalendar().week

    @property
    def days(self) -> str:
        """Its days in words."""
        return period_words(self.first, self.last)


def front(frame: Frame, _: Request) -> View:
    """The front page; before anything was collected it says how to begin."""
    feeds = tuple(feed for group in frame.house.feeds for feed in group.feeds)
    period = frame.week()
    if period is None:
        return View("empty", {"silent": unheard(frame.library.health())}, feeds)
    week = WeekShown(period, first_day(period), last_day(period), period == week_of(frame.today))
    silent = unheard(frame.library.health())
    since = frame.yesterday()
    news = frame.library.news_by_source(since)
    newest = frame.library.items(limit=_NEWEST)
    rows = topic_rows(frame, period)
    start, end = bounds(period, frame.site.timezone)
    changes = frame.library.changes(since=start, until=end, limit=_CHANGES + 1)
    values = {
        "week": week,
        "topics": rows[:_TOPICS],
        "more_topics": len(rows[_TOPICS:]),
        "top": charts.highest(row.chart for row in rows),
        "countries": _countries(frame, week),
        "changes": [(change, change_words(change)) for change in changes[:_CHANGES]],
        "more_changes": len(changes) > _CHANGES,
        "silent": silent[:_SILENT],
        "silent_count": len(silent),
        "state_words": state_words,
        "news": news,
        "news_changes": frame.library.change_counts(since),
        "since": since,
        "newest": grouped(newest, lambda item: frame.day_at(item.news_at).isoformat()),
        "issue": _latest_issue(frame),
    }
    return View("front", values, feeds or ((ALL, frame.site.title),))


_HEARD = ("ok", "quiet", "new")


def topic_rows(frame: Frame, period: str) -> tuple[TopicRow, ...]:
    """Every topic, in the order of the configuration, with the twelve weeks that end with `period`."""
    first, last = charts.span(period)
    days = frame.library.days_by_topic(first.isoformat(), last.isoformat())
    return tuple(TopicRow(topic, charts.weeks(days.get(topic.id, {}), period)) for topic in frame.house.topics.values())


def unheard(health: tuple[Health, ...]) -> list[Health]:
    """The sources that cannot be read or are silent beyond their rhythm, and those never read; longest silent first."""
    silent = [one for one in health if one.state not in _HEARD or (one.state == "new" and one.last_success is None)]
    return sorted(silent, key=lambda one: (one.last_success or _NEVER, one.source))


def _countries(frame: Frame, week: WeekShown) -> list[CountryRow]:
    counts = frame.library.counts_by_source(week.first.isoformat(), week.last.isoformat())
    found: dict[str, list[tuple[Source, int]]] = {}
    for name, count in counts.most_common():
        source = frame.house.sources.get(name)
        if source is not None and source.institution in _OFFICIAL:
            found.setdefault(source.country, []).append((source, count))
    rows = [
        CountryRow(country, sum(count for _, count in spoke), tuple(spoke[:_SPOKE]), len(spoke[_SPOKE:]))
        for country, spoke in found.items()
    ]
    return sorted(rows, key=lambda row: (-row.count, frame.country(row.country)))


def _latest_issue(frame: Frame) -> tuple[str, Issued, str] | None:
    """Title, record and days of the issue published last."""
    titles = {briefing.id: briefing.title for briefing in frame.house.briefings}
    issued = max(frame.library.issues(), key=lambda one: one.position, default=None)
    if issued is None:
        return None
    days = period_words(periods.first_day(issued.period), periods.last_day(issued.period))
    return titles.get(issued.briefing, issued.briefing), issued, days
