"""Which items are the same text as others: what their pages point to, and the links that were found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select

from briefing.model import ItemId, Link
from briefing.projections import schema
from briefing.projections.nouns import chunks
from briefing.statements import insert_rows, replace_rows, rows_of
from briefing.text import print_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy import Connection, Engine

    from briefing.events import ItemLinked
    from briefing.model import Item
    from briefing.projections.view import View

_LONG = 120  # characters: a shorter paragraph may be the same by chance
_PASSAGES = 2
_POINTERS = select(schema.pointers)
_ALIKE = select(schema.passages)


class KinFold:
    """Rows of the read models `pointers` and `links` that a page of facts makes."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._pointers: dict[tuple[str, str], dict[str, Any]] = {}
        self._passages: dict[tuple[str, str], dict[str, Any]] = {}
        self._links: list[dict[str, Any]] = []

    def read(self, item: str, source: str, said: Mapping[str, Any] | None) -> None:
        """Keep what an item's words tell: where its page says that it stands again, and prints of what is longest."""
        if said is None:
            return
        for relation, _, url, place, reason in said.get("kin", ()):
            row = {"item": item, "place": place, "url": url, "relation": relation, "reason": reason}
            self._pointers[item, place] = row
        for print_ in longest(said["text"]):
            self._passages.setdefault((print_, source), {"print": print_, "source": source, "item": item})

    def link(self, at: int, event: ItemLinked) -> None:
        """Keep that two items are the same text."""
        row = {name: getattr(event, name) for name in ("item", "other", "relation", "reason", "share")}
        self._links.append(row | {"position": at})

    def forget(self, item: str) -> None:
        """Take out what was made of an item's words."""
        for table in (schema.pointers, schema.passages):
            self._db.execute(delete(table).where(table.c.item == item))
        self._pointers = {key: row for key, row in self._pointers.items() if row["item"] != item}
        self._passages = {key: row for key, row in self._passages.items() if row["item"] != item}

    def write(self) -> None:
        """Bring the rows into the database."""
        replace_rows(self._db, schema.pointers, list(self._pointers.values()))
        insert_rows(self._db, schema.passages, list(self._passages.values()), known_stay=True)
        insert_rows(self._db, schema.links, self._links, known_stay=True)


def longest(text: str) -> set[str]:
    """Prints of the longest paragraphs of a text: what a reprint keeps, whatever stands above and below."""
    return {print_of(line) for line in _longest(text)}


def _longest(text: str) -> list[str]:
    lines = [line for line in text.split("\n") if len(line) >= _LONG]
    return sorted(lines, key=len)[-_PASSAGES:] if len(lines) > _PASSAGES else lines


class Relations:
    """Questions about what is the same text as what."""

    def __init__(self, engine: Engine, view: View) -> None:
        self._engine = engine
        self._view = view

    def links(self, item: str, items: Callable[[Iterable[str]], Mapping[ItemId, Item]]) -> list[Link]:
        """The items that are the same text as this one; `items` gives items by id."""
        table = schema.links
        query = select(table).where(or_(table.c.item == item, table.c.other == item))
        query = query.where(*self._view.before(table.c.position)).order_by(table.c.position, table.c.relation)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        others = [row["other"] if row["item"] == item else row["item"] for row in rows]
        held = items(others)
        return [
            Link(
                other=held[ItemId(other)],
                relation=row["relation"],
                reason=row["reason"],
                share=row["share"],
                later=row["item"] == item,
            )
            for row, other in zip(rows, others, strict=True)
        ]

    def translations(self, wanted: Iterable[str]) -> list[tuple[ItemId, ItemId]]:
        """Pairs of items of which one is the translation of the other, in the order in which that was found.

        At least one of each pair is among those `wanted`.
        """
        table, names = schema.links, sorted(wanted)
        found: dict[tuple[ItemId, ItemId], int] = {}
        known = (table.c.relation == "translation-of", *self._view.before(table.c.position))
        with self._engine.connect() as connection:
            for chunk in chunks(names):
                query = select(table).where(or_(table.c.item.in_(chunk), table.c.other.in_(chunk)), *known)
                for row in connection.execute(query):
                    found[ItemId(row.item), ItemId(row.other)] = row.position
        return sorted(found, key=lambda pair: (found[pair], pair))

    def pointers_from(self, wanted: Iterable[str]) -> list[Mapping[str, Any]]:
        """Where the pages of these items say that they stand again."""
        return self._pointing(schema.pointers.c.item, wanted)

    def pointers_to(self, places: Iterable[str]) -> list[Mapping[str, Any]]:
        """What pages point to any of these places (addresses as they are compared)."""
        return self._pointing(schema.pointers.c.place, places)

    def _pointing(self, column: Any, wanted: Iterable[str]) -> list[Mapping[str, Any]]:
        with self._engine.connect() as connection:
            return [row._asdict() for row in rows_of(connection, _POINTERS, column, sorted(wanted))]

    def passages(self, texts: Mapping[str, str]) -> dict[str, set[str]]:
        """Prints of the longest paragraphs of items in their first version, by item; `texts` are those held of them.

        What `longest` gives, most of it known already: to make the prints anew costs more than to look them up.
        """
        found: dict[str, set[str]] = {item: set() for item in texts}
        with self._engine.connect() as connection:
            for row in rows_of(connection, _ALIKE, schema.passages.c.item, sorted(texts)):
                found[row.item].add(row.print)
        # Under an item stand only those that no earlier one of its source held.
        return {
            item: held if len(held) == len(_longest(texts[item])) else longest(texts[item])
            for item, held in found.items()
        }

    def alike(self, prints: Iterable[str]) -> list[Mapping[str, Any]]:
        """The first item of each source that held a paragraph with one of these prints: `print`, `source`, `item`."""
        with self._engine.connect() as connection:
            return [row._asdict() for row in rows_of(connection, _ALIKE, schema.passages.c.print, sorted(prints))]
