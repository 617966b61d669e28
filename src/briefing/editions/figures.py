"""The charts of an issue, as figures: its topics over twelve periods, the period by source and country. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from briefing.documents import Figure, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from briefing.model import Source, SourceId, Topic

PERIODS = 12
"""How many periods, the issue's the last, a chart of topics shows."""

_ROWS = 24  # sources with bars of their own: as many as stand on half a page
_NAMED = 3


def by_topic(
    periods: Sequence[tuple[str, date, date]], kind: str, topics: Sequence[Topic], days: Mapping[str, Mapping[str, int]]
) -> Figure | None:
    """Items of each topic in each of these periods (id, first and last day; the issue's last), None without any.

    `days` counts the items of each topic by day (ISO); `kind` is the period's: day, week or month.
    """
    series = tuple(Series(name=topic.name, values=_values(periods, days.get(topic.id, {}))) for topic in topics)
    if not any(any(one.values) for one in series):
        return None
    return Figure(
        id="topics",
        title=f"Items per topic over {len(periods)} {kind}s",
        kind="multiples",
        unit="items",
        ticks=tuple(period for period, _, _ in periods),
        series=series,
        summary=_topics_told(series, periods[-1][0], kind, len(periods)),
    )


def by_source(
    *,
    period: str,
    kind: str,
    counts: Mapping[SourceId, int],
    sources: Mapping[SourceId, Source],
    country: Callable[[str], str],
    language: Callable[[Source], str],
) -> Figure | None:
    """Items of a period of each source that has any, under its country; None without any.

    Countries and sources with the most come first. `country` names a code, `language` says that of a source's name.
    Beyond 24 sources those with the fewest share a bar.
    """
    found = sorted((source for source, count in counts.items() if count), key=lambda one: (-counts[one], one))
    if not found:
        return None
    groups: Counter[str] = Counter()
    for one in found:
        groups[country(sources[one].country)] += counts[one]
    shown, rest = (found[:_ROWS], found[_ROWS:]) if len(found) > _ROWS + 1 else (found, [])
    placed = sorted((-groups[group := country(sources[one].country)], group, -counts[one], one) for one in shown)
    series = [
        Series(name=sources[one].name, values=(-less,), group=group, language=language(sources[one]))
        for _, group, less, one in placed
    ]
    if rest:
        left = sum(counts[one] for one in rest)
        series.append(Series(name=f"{len(rest)} more sources", values=(left,), group="Others"))
    return Figure(
        id="sources",
        title=f"The {kind} by source and country",
        kind="bars",
        unit="items",
        ticks=(period,),
        series=tuple(series),
        summary=_sources_told(period, groups, len(found), f"{sources[found[0]].name}, {counts[found[0]]:,}"),
    )


def _values(periods: Iterable[tuple[str, date, date]], days: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(
        sum(count for day, count in days.items() if first.isoformat() <= day <= last.isoformat())
        for _, first, last in periods
    )


def _topics_told(series: Sequence[Series], period: str, kind: str, length: int) -> str:
    most = sorted(series, key=lambda one: -sum(one.values))[:_NAMED]
    told = "; ".join(
        f"{one.name}: {sum(one.values):,} in all, {one.values[-1]:,} in the last {kind}"
        for one in most
        if any(one.values)
    )
    silent = sum(not any(one.values) for one in series)
    none = f" {silent} of {len(series)} topics had none." if silent else ""
    return f"The {length} {kind}s up to {period}. Most items: {told}.{none}"


def _sources_told(period: str, groups: Counter[str], sources: int, first: str) -> str:
    whole = groups.total()
    told = ", ".join(f"{name} {groups[name]:,}" for name in sorted(groups, key=lambda one: (-groups[one], one)))
    items = "1 item" if whole == 1 else f"{whole:,} items"
    by = "1 source" if sources == 1 else f"{sources:,} sources"
    return f"{items} by {by} in {period}: {told}. The most from one source: {first}."
