"""Which items a list holds, in its order: found in the indexes alone where the list asks for nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, union_all

from briefing.projections import schema
from briefing.projections.view import first_of

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, Select

    from briefing.projections.view import View

# Up to so many sources each is read in its own index; beyond, everything is read and what is of others passed over.
_FEW = 16
_ORDERS = {"news": ("news_at", "id"), "day": ("day", "news_at", "id")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list of items is to hold: of any of these sources (None: of all), with any of these topics (none: with
    whatever), of days from `since` to `until`, both included, of none of the few sources `without`. `order`
    is "news" or "day". With `suggested` topics that are only suggested count as well.
    """

    sources: tuple[str, ...] | None = None
    topics: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    order: str = "news"
    suggested: bool = False


def chosen(view: View, wanted: Wanted, *, limit: int | None = None, offset: int = 0) -> Select[Any]:
    """A statement for the ids (`id`) of a list's items, in its order, the newest first."""
    order = _ORDERS[wanted.order]
    sides = _sides(view, wanted, order)
    return first_of(sides, order, limit=limit, offset=offset, distinct=len(wanted.topics) > 1 or wanted.suggested)


def _sides(view: View, wanted: Wanted, order: tuple[str, ...]) -> list[Select[Any]]:
    if wanted.topics:
        return [
            _side(view, wanted, order, side, [side.c.topic == topic, *held])
            for topic in wanted.topics
            for table in ((schema.labels, schema.suggestions) if wanted.suggested else (schema.labels,))
            for side, held in view.sides(table)
        ]
    sides = view.sides(schema.items)
    if wanted.sources is not None and len(wanted.sources) <= _FEW:
        return [
            _side(view, wanted, order, side, [side.c.source == source, *held])
            for source in wanted.sources or ("",)
            for side, held in sides
        ]
    return [_side(view, wanted, order, side, held) for side, held in sides]


def _side(
    view: View, wanted: Wanted, order: tuple[str, ...], side: FromClause, which: list[ColumnElement[bool]]
) -> Select[Any]:
    of_labels = "item" in side.c
    name = side.c.item if of_labels else side.c.id
    query = select(name.label("id"), *(side.c[column] for column in order if column != "id"))
    query = query.where(*which, *_span(view, wanted, side))
    if wanted.without:
        query = _without(query, wanted.without, side, name)
    if wanted.sources is None or (not of_labels and len(wanted.sources) <= _FEW):
        return query
    if not of_labels:
        return query.where(_unindexed(side.c.source).in_(wanted.sources))
    items = schema.items  # an item never changes its source
    return query.join(items, items.c.id == name).where(_unindexed(items.c.source).in_(wanted.sources))


def _span(view: View, wanted: Wanted, side: FromClause) -> list[ColumnElement[bool]]:
    """The days asked for; and where the index is to be entered: nothing of a moment is later than that moment."""
    found = []
    if wanted.since is not None:
        found.append(side.c.day >= wanted.since)
    if wanted.until is not None:
        found.append(side.c.day <= wanted.until)
    if wanted.order == "news" and (news := view.latest_news()) is not None:
        found.append(side.c.news_at <= news)
    if wanted.order == "day" and wanted.until is None and (day := view.latest_day()) is not None:
        found.append(side.c.day <= day)
    return found


def _without(query: Select[Any], sources: tuple[str, ...], side: FromClause, name: ColumnElement[Any]) -> Select[Any]:
    """A query without the items of some few sources."""
    if "item" not in side.c:
        return query.where(_unindexed(side.c.source).not_in(sources))
    theirs = select(schema.items.c.id).where(schema.items.c.source.in_(sources))
    return query.where(name.not_in(theirs))


def _unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column by which no index is to be chosen: SQLite would read all items of many sources, and sort them."""
    return column.concat("")


def counted(view: View, wanted: Wanted) -> Select[Any]:
    """A statement for how many items a list without end would hold; of one topic at most."""
    sides = _sides(view, wanted, ())
    return select(func.count()).select_from(union_all(*sides).subquery())
