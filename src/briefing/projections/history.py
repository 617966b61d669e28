"""What the read models said before: superseded rows, each with the span of the log in which it held.

A row of `items`, `labels`, `sources`, `gaps`, `dates`, `meetings` or `adopted` holds from its `position` on. Where an
event supersedes it, it is kept here with the position of that event as `until`: it held for every position from
`position` to below `until`.
Together the two tables answer for any position of the log (a transaction-time table; see Snodgrass, "Developing
Time-Oriented Database Applications in SQL", 1999). What only the work itself needs, such as the rules an item was
classified under, makes no new version.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Index, Integer, Table, Text

from briefing.projections import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Of no reader's concern, or counted in `sightings`.
_NOT_KEPT = {
    schema.items: {"archive", "quiet", "title_print", "text_print", "entry_print", "page", "rules", "labelled"},
    schema.sources: {"items", "newest"},
}


def _past_of(table: Table) -> Table:
    kept = [column for column in table.c if column.name not in _NOT_KEPT.get(table, ())]
    return Table(
        f"{table.name}_past",
        table.metadata,
        *(
            Column(
                column.name,
                column.type,
                primary_key=column.primary_key or column.name == "position",
                autoincrement=False,
                nullable=column.nullable,
            )
            for column in kept
        ),
        Column("until", Integer, nullable=False),
        sqlite_with_rowid=table.dialect_options["sqlite"]["with_rowid"],
    )


items = _past_of(schema.items)
Index("items_past_by_news", items.c.news_at, items.c.id, items.c.position, items.c.until)
Index("items_past_by_source", items.c.source, items.c.news_at, items.c.id, items.c.position, items.c.until)
Index("items_past_by_day", items.c.day, items.c.news_at, items.c.id, items.c.position, items.c.until)

labels = _past_of(schema.labels)
Index("labels_past_by_topic", labels.c.topic, labels.c.news_at, labels.c.item, labels.c.position, labels.c.until)
Index(
    "labels_past_by_topic_and_day",
    labels.c.topic, labels.c.day, labels.c.news_at, labels.c.item, labels.c.position, labels.c.until,
)  # fmt: skip
Index("labels_past_by_day", labels.c.day, labels.c.topic, labels.c.position, labels.c.until)

suggestions = _past_of(schema.suggestions)
corrections = _past_of(schema.corrections)
sources = _past_of(schema.sources)
gaps = _past_of(schema.gaps)
adopted = _past_of(schema.adopted)
dates = _past_of(schema.dates)
meetings = _past_of(schema.meetings)

sightings = Table(
    "sightings",  # how many items a source had, and the newest date among them, from a position on
    schema.metadata,
    Column("source", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("items", Integer, nullable=False),
    Column("newest", Text),
    sqlite_with_rowid=False,
)

PAST: Mapping[Table, Table] = {
    schema.items: items, schema.labels: labels, schema.sources: sources, schema.adopted: adopted, schema.gaps: gaps,
    schema.dates: dates, schema.meetings: meetings,
    schema.suggestions: suggestions, schema.corrections: corrections,
}  # fmt: skip
"""Each table whose rows change, with the one that holds what they were."""


def columns(table: Table) -> tuple[str, ...]:
    """The columns that a table shares with that of its past: all that readers see."""
    return tuple(column.name for column in PAST[table].c if column.name != "until")


def _kept(table: Table) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    return itemgetter(*columns(table))


_NAMES = {table: columns(table) for table in PAST}
_VALUES = {table: _kept(table) for table in PAST}


def superseded(table: Table, row: Mapping[str, Any], until: int) -> dict[str, Any]:
    """The row of the past that a row becomes when the event at position `until` changes it."""
    made = dict(zip(_NAMES[table], _VALUES[table](row), strict=True))
    made["until"] = until
    return made


_WORDS = (
    "url", "title", "lead", "authors", "date_raw", "fingerprint", "title_print", "text_print", "entry_print", "page",
    "noted",
)  # fmt: skip


def worded() -> dict[Table, tuple[str, tuple[str, ...]]]:
    """Every read model that holds words of publishers, or what was made from them: the column that names the item, and
    those that hold them.

    What they hold once the words are erased is what `rows.words(None, language)` gives: then the tables are those that
    a replay of the log makes, at every position.
    """
    return {
        schema.items: ("id", _WORDS),
        items: ("id", tuple(name for name in _WORDS if name in items.c)),
        schema.revisions: ("item", ("fingerprint",)),
    }
