"""Subscriptions to hubs (WebSub): what was asked, what was granted, what came of it.

Kept beside the polls and, as they, not made from the log: a subscription that is forgotten is asked for again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select

from briefing.projections.polls import pushes as table
from briefing.projections.when import stamp
from briefing.statements import replace_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine, RowMapping

PushState = Literal["asked", "active", "faulty", "refused", "given-up"]
_MOMENTS = ("asked_at", "verified_at", "expires_at", "pushed_at", "faulty_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A subscription. `token` is the unguessable end of the callback's address, `secret` the key of signatures.

    It was asked for at `asked_at`, granted at `verified_at` up to `expires_at`; something came at `pushed_at`. Since
    `faulty_at` a poll found what was not pushed. `calm` counts the polls in a row that did not.
    """

    source: str
    token: str
    secret: str
    hub: str
    topic: str
    state: PushState = "asked"
    asked_at: datetime | None = None
    verified_at: datetime | None = None
    expires_at: datetime | None = None
    pushed_at: datetime | None = None
    faulty_at: datetime | None = None
    calm: int = 0

    def healthy(self, now: datetime) -> bool:
        """Whether it can be relied on."""
        return self.state == "active" and self.expires_at is not None and self.expires_at > now


class Pushes:
    """The store of subscriptions."""

    def __init__(self, engine: Engine, writing: Callable[[Engine], AbstractContextManager[Connection]]) -> None:
        self._engine = engine
        self._writing = writing

    def all(self, sources: Sequence[str]) -> dict[str, Push]:
        """The subscriptions of these sources, by source."""
        wanted = set(sources)
        with self._engine.connect() as connection:
            rows = connection.execute(select(table)).mappings().all()
        return {row["source"]: _push(row) for row in rows if row["source"] in wanted}

    def by_token(self, token: str) -> Push | None:
        """The subscription whose callback ends so."""
        with self._engine.connect() as connection:
            row = connection.execute(select(table).where(table.c.token == token)).mappings().one_or_none()
        return _push(row) if row is not None else None

    def put(self, push: Push) -> None:
        """Remember a subscription."""
        row = asdict(push)
        row |= {name: stamp(row[name]) if row[name] is not None else None for name in _MOMENTS}
        with self._writing(self._engine) as connection:
            replace_rows(connection, table, [row])


def _push(row: RowMapping) -> Push:
    held: dict[str, Any] = dict(row)
    return Push(**held | {name: datetime.fromisoformat(held[name]) if held[name] else None for name in _MOMENTS})
