"""Questions about what is announced: meetings and deadlines, each with the statements that announce it."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from briefing.model import ItemId, Meeting, Statement
from briefing.projections import history, schema
from briefing.projections.view import first_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Engine, FromClause, Select

    from briefing.model import Item, Revision
    from briefing.projections.view import View

_CHUNK = 500
_LATEST = 50


class Calendar:
    """Meetings as of the view's moment. `items` and `versions` give items by id and versions by item and number."""

    def __init__(
        self,
        engine: Engine,
        view: View,
        items: Callable[[Iterable[str]], Mapping[ItemId, Item]],
        versions: Callable[[set[tuple[str, int]]], Mapping[tuple[str, int], Revision]],
    ) -> None:
        self._engine = engine
        self._view = view
        self._items = items
        self._versions = versions

    def meetings(self, since: str = "", limit: int | None = None) -> list[Meeting]:
        """Meetings that are not over before a day (ISO), by their dates; of more than `limit` those furthest ahead."""

        def ask(side: FromClause) -> Select[Any]:
            names = history.columns(schema.meetings)
            return select(*(side.c[name] for name in names)).where(side.c.last >= since, side.c.state != "dropped")

        sides = [ask(side).where(*held) for side, held in self._view.sides(schema.meetings)]
        with self._engine.connect() as connection:
            rows = connection.execute(first_of(sides, ("last", "id"), limit=limit)).mappings().all()
            told = self._told(connection, [row["id"] for row in rows])
        statements = self._statements(told)
        found = [_meeting(dict(row), statements.get(row["id"], ())) for row in rows]
        return sorted((one for one in found if one.statements), key=lambda one: (one.first, one.last, one.id))

    def near(self, first: str, last: str) -> list[dict[str, Any]]:
        """What items said last of meetings whose dates overlap a stretch of days: rows, `told` as its event holds it.

        They are at most 50: of what is that vague, more would say no more.
        """
        table = schema.dates
        query = table.select().where(table.c.first <= last, table.c.last >= first)
        order = (table.c.position.desc(), table.c.item, table.c.number)
        return self._plain(query.order_by(*order).limit(_LATEST))

    def of(self, items: Iterable[str]) -> list[dict[str, Any]]:
        """The same, of these items."""
        table = schema.dates
        wanted = sorted(items)
        return [
            row
            for start in range(0, len(wanted), _CHUNK)
            for row in self._plain(table.select().where(table.c.item.in_(wanted[start : start + _CHUNK])))
        ]

    def _plain(self, query: Any) -> list[dict[str, Any]]:
        with self._engine.connect() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        return [row | {"told": json.loads(row["told"])} for row in rows]

    def _told(self, connection: Any, meetings: Sequence[str]) -> list[Mapping[str, Any]]:
        return [
            row
            for start in range(0, len(meetings), _CHUNK)
            for row in connection.execute(
                self._view.whole(schema.dates, "meeting", meetings[start : start + _CHUNK])
            ).mappings()
        ]

    def _statements(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Statement]]:
        items = self._items({row["item"] for row in rows})
        versions = self._versions({(row["item"], row["revision"]) for row in rows})
        found: dict[str, list[Statement]] = {}
        for row in sorted(rows, key=lambda row: (row["position"], row["item"], row["number"])):
            item, version = items.get(ItemId(row["item"])), versions.get((row["item"], row["revision"]))
            if item is not None and version is not None and item.removal is None:
                found.setdefault(row["meeting"], []).append(_statement(row, item, version))
        return found


def _statement(row: Mapping[str, Any], item: Item, version: Revision) -> Statement:
    told = json.loads(row["told"])
    text = version.title if told["place"] == "title" else version.text

    def words(span: Sequence[int] | None) -> str:
        return " ".join(text[span[0] : span[1]].split()) if span else ""

    return Statement(
        item=item,
        revision=row["revision"],
        first=date.fromisoformat(row["first"]),
        last=date.fromisoformat(row["last"]),
        precision=told["precision"],
        sentence=words(told["sentence"]),
        said=words(told["said"]),
        name=words(told["name"]),
        place=words(told["where"]),
        who=tuple(dict.fromkeys(filter(None, map(words, told["who"])))),
        cancelled=row["cancelled"],
        withdrawn=row["gone"],
    )


def _meeting(row: Mapping[str, Any], statements: Sequence[Statement]) -> Meeting:
    return Meeting(
        id=row["id"],
        first=date.fromisoformat(row["first"]),
        last=date.fromisoformat(row["last"]),
        precision=row["precision"],
        kind=row["kind"],
        deadline=row["deadline"],
        state=row["state"],
        sequence=row["sequence"],
        before=row["before"],
        announced_at=datetime.fromisoformat(row["announced_at"]),
        changed_at=datetime.fromisoformat(row["changed_at"]),
        position=row["position"],
        statements=tuple(statements),
    )
