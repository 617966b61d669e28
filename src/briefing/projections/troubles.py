"""Items' own pages that cannot be read as they should: refused to programs, or answering that they are not there.

Kept with the polls, and as they not made from the log: what is forgotten is found again at the next look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Integer, MetaData, String, Table, Text, delete, func, select

from briefing.columns import alike
from briefing.model import PageTrouble
from briefing.projections import schema
from briefing.statements import insert_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Engine

metadata = MetaData()

table = Table(
    "page_troubles",
    metadata,
    Column("item", String(16), primary_key=True),
    Column("trouble", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("looks", Integer, nullable=False),  # in a row at which it was so
)
alike(metadata)


def put(connection: Connection, pages: Sequence[Mapping[str, Any]]) -> None:
    """Remember the troubles of pages that were just read, and forget those of the others."""
    items = [page["item"] for page in pages]
    held: dict[str, Any] = {}
    for start in range(0, len(items), 500):
        chunk = items[start : start + 500]
        held.update((row.item, row) for row in connection.execute(select(table).where(table.c.item.in_(chunk))))
    gone = sorted(held)
    for start in range(0, len(gone), 500):
        connection.execute(delete(table).where(table.c.item.in_(gone[start : start + 500])))
    rows = [_row(page, held.get(page["item"])) for page in pages if page["trouble"]]
    if rows:
        insert_rows(connection, table, rows)


def _row(page: Mapping[str, Any], before: Any) -> dict[str, Any]:
    same = before is not None and before.trouble == page["trouble"]
    return {
        "item": page["item"],
        "trouble": page["trouble"],
        "said": page["said"],
        "since": before.since if same else page["checked_at"],
        "looks": before.looks + 1 if same else 1,
    }


def of_sources(engine: Engine) -> dict[str, tuple[PageTrouble, ...]]:
    """By source, what ails the pages of its items now, the most frequent first."""
    items = schema.items
    counted = (
        select(items.c.source, table.c.trouble, func.count().label("pages"), func.min(table.c.since).label("since"))
        .join(items, items.c.id == table.c.item)
        .group_by(items.c.source, table.c.trouble)
    )
    said = select(items.c.source, table.c.trouble, func.min(table.c.said).label("said"))
    said = said.join(items, items.c.id == table.c.item).group_by(items.c.source, table.c.trouble)
    found: dict[str, tuple[PageTrouble, ...]] = {}
    with engine.connect() as connection:
        words = {(row.source, row.trouble): row.said for row in connection.execute(said)}
        for row in connection.execute(counted.order_by(func.count().desc(), table.c.trouble)):
            one = PageTrouble(
                trouble=row.trouble, pages=row.pages, since=row.since, said=words[row.source, row.trouble]
            )
            found[row.source] = (*found.get(row.source, ()), one)
    return found
