"""Dates ahead, folded into what items announce and into meetings: a part of `Fold`.

A meeting holds for as long as one statement of it holds. Its dates are those of the latest statement, but a vaguer one
that agrees with an earlier takes nothing from it: "in June" does not unsay "on 12 June".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from briefing.projections import history, schema
from briefing.projections.when import stamp
from briefing.statements import insert_rows, replace_rows, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from briefing.events import ItemDatesFound, Recorded

_OF_ITEM = select(schema.dates)
_MEETINGS = select(schema.meetings)
_TELLING = frozenset({"item.dates-found", "item.withdrawn", "item.restored", "item.taken-down"})


class DateFold:
    """The dates and meetings that a page of facts tells of."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._dates: dict[str, dict[int, dict[str, Any]]] = {}  # by item and number
        self._items_of: dict[str, set[str]] = {}  # by meeting
        self._meetings: dict[str, dict[str, Any]] = {}
        self._touched: set[str] = set()
        self._changed: set[str] = set()
        self._past: list[dict[str, Any]] = []
        self._past_meetings: list[dict[str, Any]] = []

    def load(self, page: list[Recorded]) -> None:
        """Read the rows that the page may change: of its items, and of all meetings that they announce."""
        telling = [recorded.event for recorded in page if recorded.event.NAME in _TELLING]
        if not telling:
            return
        items = {getattr(event, "item", "") for event in telling}
        self._read(schema.dates.c.item, items)
        named = {date["meeting"] for event in telling for date in getattr(event, "dates", ())}
        meetings = named | {row["meeting"] for rows in self._dates.values() for row in rows.values()}
        self._read(schema.dates.c.meeting, meetings)
        for row in rows_of(self._db, _MEETINGS, schema.meetings.c.id, sorted(meetings)):
            self._meetings[row.id] = row._asdict()
        # Of an item known through its meeting only, all dates are needed: they are written together.
        self._read(schema.dates.c.item, self._dates.keys() - items)

    def _read(self, column: Any, wanted: Iterable[str]) -> None:
        for row in rows_of(self._db, _OF_ITEM, column, sorted(wanted)):
            self._keep(row._asdict())

    def _keep(self, row: dict[str, Any]) -> None:
        self._dates.setdefault(row["item"], {})[row["number"]] = row
        self._items_of.setdefault(row["meeting"], set()).add(row["item"])

    # ------------------------------------------------------------ applying

    def found(self, at: Recorded, event: ItemDatesFound, *, gone: bool) -> None:
        """The dates of an item take the place of those it had."""
        before = self._dates.pop(event.item, {})
        self._supersede(before.values(), at)
        for number, date in enumerate(event.dates, 1):
            self._keep(_row(event, number, date, at.position, gone=gone))
        self._touched.add(event.item)
        self._settle({row["meeting"] for row in (*before.values(), *self._dates.get(event.item, {}).values())}, at)

    def standing(self, at: Recorded, item: str, *, gone: bool) -> None:
        """An item was withdrawn, or is there again."""
        rows = self._dates.get(item, {})
        self._supersede(rows.values(), at)
        for row in rows.values():
            row |= {"gone": gone, "position": at.position}
        self._touched.add(item)
        self._settle({row["meeting"] for row in rows.values()}, at)

    def forget(self, at: Recorded, item: str) -> None:
        """Take out, of now and before, what was made of an item's words."""
        rows = self._dates.pop(item, {})
        self._db.execute(delete(history.dates).where(history.dates.c.item == item))
        self._past = [row for row in self._past if row["item"] != item]
        self._touched.add(item)
        self._settle({row["meeting"] for row in rows.values()}, at)

    def _supersede(self, rows: Iterable[dict[str, Any]], at: Recorded) -> None:
        self._past += [history.superseded(schema.dates, row, at.position) for row in rows]

    def _settle(self, meetings: Iterable[str], at: Recorded) -> None:
        for meeting in sorted(meetings):
            now = _agreed(self._statements(meeting))
            before = self._meetings.get(meeting)
            if before is None:
                said = {"id": meeting, "sequence": 0, "before": "", "announced_at": stamp(at.recorded_at)}
                self._meetings[meeting] = said | now | _changed(at)
                self._changed.add(meeting)
            elif any(before[name] != value for name, value in now.items()):
                self._past_meetings.append(history.superseded(schema.meetings, before, at.position))
                dates = ("first", "last")
                if any(name in now and before[name] != now[name] for name in dates):
                    now["before"] = "/".join((*(before[name] for name in dates), before["precision"]))
                self._meetings[meeting] = before | now | {"sequence": before["sequence"] + 1} | _changed(at)
                self._changed.add(meeting)

    def _statements(self, meeting: str) -> list[dict[str, Any]]:
        """What items say of a meeting, in the order of the log."""
        rows = [
            row
            for item in self._items_of.get(meeting, ())
            for row in self._dates.get(item, {}).values()
            if row["meeting"] == meeting
        ]
        return sorted(rows, key=lambda row: (row["position"], row["item"], row["number"]))

    # ------------------------------------------------------------ writing

    def write(self) -> None:
        """Bring the rows into the database."""
        for item in sorted(self._touched):
            self._db.execute(delete(schema.dates).where(schema.dates.c.item == item))
        rows = [row for item in sorted(self._touched) for _, row in sorted(self._dates.get(item, {}).items())]
        insert_rows(self._db, schema.dates, rows)
        insert_rows(self._db, history.dates, self._past)
        replace_rows(self._db, schema.meetings, [self._meetings[meeting] for meeting in sorted(self._changed)])
        insert_rows(self._db, history.meetings, self._past_meetings)


def _row(event: ItemDatesFound, number: int, date: Any, position: int, *, gone: bool) -> dict[str, Any]:
    return {
        "item": event.item, "number": number, "meeting": date["meeting"], "revision": event.revision,
        "method": event.method,
        "first": date["start"], "last": date["end"], "cancelled": date["cancelled"], "gone": gone,
        "told": json.dumps(date), "position": position,
    }  # fmt: skip


def _changed(at: Recorded) -> dict[str, Any]:
    return {"changed_at": stamp(at.recorded_at), "position": at.position}


def _agreed(statements: list[dict[str, Any]]) -> dict[str, Any]:
    """What statements say together; of none that still holds only that."""
    held = [row for row in statements if not row["gone"]]
    if not held:
        return {"state": "withdrawn" if statements else "dropped"} | ({} if not statements else _said(statements[-1]))
    chosen = held[0]
    for row in held[1:]:
        vaguer = row["first"] <= chosen["first"] and row["last"] >= chosen["last"]
        if not vaguer:
            chosen = row
    latest = max(held, key=lambda row: (row["position"], row["cancelled"]))
    return {"state": "cancelled" if latest["cancelled"] else "announced"} | _said(chosen)


def _said(row: dict[str, Any]) -> dict[str, Any]:
    told = json.loads(row["told"])
    return {
        "first": row["first"], "last": row["last"], "precision": told["precision"], "kind": told["kind"],
        "deadline": told["deadline"],
    }  # fmt: skip
