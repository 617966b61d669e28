"""What an issue wears: its charts, and the style of the house, from what was known at its place in the log."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from briefing.editions import figures, periods
from briefing.errors import UsageError
from briefing.outputs.issue_words import name_language
from briefing.outputs.wording import country_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from briefing.documents import Figure, Issue
    from briefing.model import Item, Source, SourceId
    from briefing.projections import Holdings


class Dress:
    """The charts of an issue and the style of its house, found once for however many pages it is tried on; `items`
    holds at least those of its period.
    """

    def __init__(self, library: Holdings, items: Iterable[Item], sources: Mapping[SourceId, Source]) -> None:
        self._library, self._items, self._sources = library, tuple(items), sources
        self._house, self._templates = library.house(), library.templates()
        self._figures: tuple[Figure, ...] | None = None

    def on(self, made: Issue) -> Issue:
        """The issue with its charts, in the style of the house."""
        if self._figures is None:
            self._figures = tuple(self._drawn(made))
        return replace(made, figures=self._figures, house=self._house, templates=self._templates)

    def _drawn(self, made: Issue) -> Iterator[Figure]:
        spans = _until(made.period)
        days = self._library.days_by_topic(spans[0][1].isoformat(), made.last.isoformat())
        charts = (
            figures.by_topic(spans, made.kind, made.topic_list, days),
            figures.by_source(
                period=made.period,
                kind=made.kind,
                counts=_counts(made, self._items),
                sources=self._sources,
                country=country_name,
                language=name_language,
            ),
        )
        yield from (chart for chart in charts if chart is not None)


def _until(period: str) -> list[tuple[str, date, date]]:
    """The periods that a chart shows, up to this one, with their first and last days; fewer where time begins."""
    held = [period]
    with suppress(UsageError):
        while len(held) < figures.PERIODS:
            periods.first_day(before := periods.preceding(held[-1]))
            held.append(before)
    return [(one, periods.first_day(one), periods.last_day(one)) for one in reversed(held)]


def _counts(made: Issue, items: Iterable[Item]) -> Counter[SourceId]:
    """Items of the period that carry one of the issue's topics, by source."""
    topics = {topic.id for topic in made.topic_list}
    first, last = made.first.isoformat(), made.last.isoformat()
    return Counter(
        item.source
        for item in items
        if first <= item.day <= last and (not topics or any(label.topic in topics for label in item.labels))
    )
