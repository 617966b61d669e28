"""Subscriptions to hubs that are to end: what we no longer want to be told (WebSub, section 5.1).

Kept beside the subscriptions, and as they not made from the log: a hub that is never asked stops when the time that it
granted is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, String, Table, Text, delete, select, update

from briefing.columns import alike, hold
from briefing.projections import schema
from briefing.projections.polls import pushes
from briefing.projections.when import stamp
from briefing.statements import insert_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine, Row

    from briefing.projections.pushes import Push

metadata = MetaData()

table = Table(
    "partings",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("asked_at", Text),
)
alike(metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """A subscription that is to end, known by the end of its callback's address; it ends by itself at `until`."""

    token: str
    hub: str
    topic: str
    until: datetime
    asked_at: datetime | None = None


class Partings:
    """The store of subscriptions that are to end."""

    def __init__(self, engine: Engine, writing: Callable[[Engine], AbstractContextManager[Connection]]) -> None:
        self._engine = engine
        self._writing = writing
        with writing(engine) as connection:
            hold(connection, "tables of partings")
            metadata.create_all(connection)

    def part(self, push: Push, until: datetime) -> None:
        """Take a subscription out of those that hold, to be ended; one that was taken out before stays as it is."""
        row = {"token": push.token, "hub": push.hub, "topic": push.topic, "until": stamp(until), "asked_at": None}
        with self._writing(self._engine) as connection:
            if connection.execute(delete(pushes).where(pushes.c.token == push.token)).rowcount:
                insert_rows(connection, table, [row], known_stay=True)

    def orphans(self) -> list[str]:
        """Sources that are subscribed to and no longer read."""
        query = select(pushes.c.source).join(schema.sources, schema.sources.c.id == pushes.c.source)
        with self._engine.connect() as connection:
            return list(connection.execute(query.where(~schema.sources.c.active)).scalars())

    def all(self) -> list[Parting]:
        """All of them."""
        with self._engine.connect() as connection:
            return [_parting(row) for row in connection.execute(select(table).order_by(table.c.token))]

    def by_token(self, token: str) -> Parting | None:
        """The one whose callback ends so."""
        with self._engine.connect() as connection:
            row = connection.execute(select(table).where(table.c.token == token)).one_or_none()
        return _parting(row) if row is not None else None

    def asked(self, token: str, now: datetime) -> None:
        """Remember that the hub was asked to end it."""
        with self._writing(self._engine) as connection:
            connection.execute(update(table).where(table.c.token == token).values(asked_at=stamp(now)))

    def end(self, token: str) -> None:
        """It has ended."""
        with self._writing(self._engine) as connection:
            connection.execute(delete(table).where(table.c.token == token))


def _parting(row: Row[tuple[str, ...]]) -> Parting:
    return Parting(
        token=row.token,
        hub=row.hub,
        topic=row.topic,
        until=datetime.fromisoformat(row.until),
        asked_at=datetime.fromisoformat(row.asked_at) if row.asked_at else None,
    )
