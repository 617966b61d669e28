"""How each source is paced, and its last attempts: like the polls no part of the log, and not made from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Boolean, Column, Integer, Table, Text, select

from briefing.model import NO_HINTS, Attempt, Hints, SourceId
from briefing.projections.when import stamp

if TYPE_CHECKING:
    from sqlalchemy import Engine, MetaData, RowMapping

KEPT = 30
"""Attempts kept of each source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What a source's next visit follows from, beside its poll.

    `why` is one of `briefing.service.pace.REASONS`; `seen` and `fresh` are the entries that the rhythm was judged by
    and the new ones among them; `weight` is that of the failures in a row. `hint` is the pause in seconds that the
    source asks for, `overruled` one that it asked for and that lost entries. `spoken` are the last days on which it had
    something new (`date.toordinal`, oldest first, as text), `spoke_at` the last moment, `patience` the silence in
    seconds that is still its own. `dated` says that its list gives dates. `attempts` counts all visits.
    """

    hints: Hints = NO_HINTS
    why: str = ""
    seen: int = 0
    fresh: int = 0
    hint: int = 0
    overruled: int = 0
    weight: int = 0
    spoken: str = ""
    spoke_at: datetime | None = None
    patience: int = 0
    dated: bool = False
    attempts: int = 0


def tables(metadata: MetaData) -> tuple[Table, Table]:
    """The tables of paces and of attempts."""
    paces = Table(
        "paces",
        metadata,
        Column("source", Text, primary_key=True),
        Column("hints", Text, nullable=False),
        Column("why", Text, nullable=False),
        Column("seen", Integer, nullable=False),
        Column("fresh", Integer, nullable=False),
        Column("hint", Integer, nullable=False),
        Column("overruled", Integer, nullable=False),
        Column("weight", Integer, nullable=False),
        Column("spoken", Text, nullable=False),
        Column("spoke_at", Text),
        Column("patience", Integer, nullable=False),
        Column("dated", Boolean, nullable=False),
        Column("attempts", Integer, nullable=False),
    )
    attempts = Table(
        "attempts",
        metadata,
        Column("source", Text, primary_key=True),
        Column("slot", Integer, primary_key=True, autoincrement=False),  # each takes the place of the thirtieth before
        Column("number", Integer, nullable=False),
        Column("at", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("status", Integer),
        Column("size", Integer, nullable=False),
        Column("items", Integer, nullable=False),
        Column("fresh", Integer, nullable=False),
        Column("milliseconds", Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    return paces, attempts


def pace_of(row: RowMapping) -> Pace:
    """The pace in a row; a fresh one where there is none."""
    if row["attempts"] is None:
        return Pace()
    return Pace(
        hints=_hints(row["hints"]),
        why=row["why"],
        seen=row["seen"],
        fresh=row["fresh"],
        hint=row["hint"],
        overruled=row["overruled"],
        weight=row["weight"],
        spoken=row["spoken"],
        spoke_at=datetime.fromisoformat(row["spoke_at"]) if row["spoke_at"] else None,
        patience=row["patience"],
        dated=bool(row["dated"]),
        attempts=row["attempts"],
    )


def pace_row(source: str, pace: Pace) -> dict[str, Any]:
    """The row of a pace."""
    return {
        "source": source, "hints": _written(pace.hints), "why": pace.why, "seen": pace.seen, "fresh": pace.fresh,
        "hint": pace.hint, "overruled": pace.overruled, "weight": pace.weight, "spoken": pace.spoken,
        "spoke_at": stamp(pace.spoke_at) if pace.spoke_at else None, "patience": pace.patience, "dated": pace.dated,
        "attempts": pace.attempts,
    }  # fmt: skip


def attempt_row(one: Attempt) -> dict[str, Any]:
    """The row of an attempt, in the place of the one that is no longer kept."""
    return {
        "source": one.source, "slot": one.number % KEPT, "number": one.number, "at": stamp(one.at),
        "outcome": one.outcome, "status": one.status, "size": one.size, "items": one.items, "fresh": one.new,
        "milliseconds": one.milliseconds,
    }  # fmt: skip


def attempts_of(engine: Engine, table: Table, source: str) -> tuple[Attempt, ...]:
    """The attempts kept of a source, the newest first."""
    query = select(table).where(table.c.source == source).order_by(table.c.at.desc(), table.c.number.desc())
    with engine.connect() as connection:
        return tuple(_attempt(row) for row in connection.execute(query).mappings())


def _attempt(row: RowMapping) -> Attempt:
    return Attempt(
        source=SourceId(row["source"]),
        number=row["number"],
        at=datetime.fromisoformat(row["at"]),
        outcome=row["outcome"],
        status=row["status"],
        size=row["size"],
        items=row["items"],
        new=row["fresh"],
        milliseconds=row["milliseconds"],
    )


# Few sources give hints, and they give the same ones each time.
@lru_cache(maxsize=1024)
def _hints(text: str) -> Hints:
    if not text:
        return NO_HINTS
    ttl, max_age, hours, days = orjson.loads(text)
    return Hints(ttl=ttl, max_age=max_age, skip_hours=tuple(hours), skip_days=tuple(days))


@lru_cache(maxsize=1024)
def _written(hints: Hints) -> str:
    if hints == NO_HINTS:
        return ""
    return orjson.dumps([hints.ttl, hints.max_age, hints.skip_hours, hints.skip_days]).decode()
