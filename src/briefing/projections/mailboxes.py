"""Addresses of recipients, and what is asked of people before they are any.

Kept beside the log, not in it and not made from it: here a row can be taken out for good, and whoever has the log, or a
copy of it, has nobody's address. A rebuild leaves these tables alone; a backup holds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Column, Index, MetaData, String, Table, Text, delete, func, inspect, select, update

from briefing.columns import alike, hold
from briefing.model import Wish
from briefing.projections.schema import subscriptions
from briefing.projections.when import stamp
from briefing.statements import replace_rows, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

metadata = MetaData()

addresses = Table(
    "addresses",
    metadata,
    Column("recipient", String(32), primary_key=True),
    Column("address", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", Text, nullable=False),
)

_requests = Table(
    "subscription_requests",  # until they are confirmed, or too old
    metadata,
    Column("id", String(32), primary_key=True),
    Column("recipient", String(32), nullable=False),
    Column("address", Text, nullable=False),
    Column("wishes", Text, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("sent_at", Text, nullable=False),  # empty: a mail with the link is still to be sent
)
Index("requests_by_recipient", _requests.c.recipient, _requests.c.asked_at)

_rosters = Table(
    "rosters",  # the configured list of a briefing as it was last followed: a keyed hash
    metadata,
    Column("briefing", Text, primary_key=True),
    Column("print", Text, nullable=False),
)
alike(metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Where mail for a recipient goes: kept since `at`."""

    recipient: str
    address: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Somebody asked to be put on lists, by briefing; nothing comes of it unless he confirms it before `expires_at`."""

    id: str
    recipient: str
    address: str
    wishes: Mapping[str, Wish]
    asked_at: datetime
    expires_at: datetime
    sent_at: datetime | None = None


class Mailboxes:
    """The store of addresses and of requests."""

    def __init__(self, engine: Engine, writing: Callable[[Engine], AbstractContextManager[Connection]]) -> None:
        self._engine = engine
        self._writing = writing
        with writing(engine) as connection:
            hold(connection, "tables of mailboxes")
            metadata.create_all(connection)

    def all(self) -> list[Mailbox]:
        """Every mailbox, by recipient."""
        return kept(self._engine)

    def of(self, recipients: Iterable[str]) -> dict[str, Mailbox]:
        """The mailboxes of these recipients; those that are not kept are missing."""
        if not (wanted := sorted(set(recipients))):
            return {}
        with self._engine.connect() as connection:
            rows = rows_of(connection, _KEPT, addresses.c.recipient, wanted)
            return {row.recipient: _mailbox(row) for row in rows}

    def stray(self, before: datetime) -> list[str]:
        """Recipients whose mailbox has been kept since before a moment, and whom no list knows."""
        known = select(subscriptions.c.recipient).where(subscriptions.c.state != "forgotten")
        query = select(addresses.c.recipient).where(addresses.c.at < stamp(before))
        with self._engine.connect() as connection:
            return list(connection.execute(query.where(addresses.c.recipient.not_in(known))).scalars())

    def anything(self) -> bool:
        """Whether an address is kept at all, of a recipient or in a request."""
        with self._engine.connect() as connection:
            asked = connection.execute(select(_requests.c.id).limit(1)).first()
        return asked is not None or self.any() is not None

    def any(self) -> Mailbox | None:
        """One of them, None where there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(_KEPT.limit(1)).one_or_none()
        return _mailbox(row) if row is not None else None

    def put(self, mailboxes: Iterable[Mailbox]) -> None:
        """Keep mailboxes, in the place of what was kept of the same recipients."""
        rows = [
            {"recipient": one.recipient, "address": one.address, "name": one.name, "at": stamp(one.at)}
            for one in mailboxes
        ]
        if rows:
            with self._writing(self._engine) as connection:
                replace_rows(connection, addresses, rows)

    def forget(self, recipients: Iterable[str]) -> int:
        """Take out all that is kept of these recipients; returns how many rows that were."""
        gone = 0
        with self._writing(self._engine) as connection:
            for recipient in sorted(set(recipients)):
                for table in (addresses, _requests):
                    gone += connection.execute(delete(table).where(table.c.recipient == recipient)).rowcount
        return gone

    # ------------------------------------------------------------ requests

    def ask(self, request: Request) -> None:
        """Keep a request, to be told by mail."""
        row = {
            "id": request.id, "recipient": request.recipient, "address": request.address,
            "wishes": orjson.dumps({name: _plain(wish) for name, wish in request.wishes.items()}).decode(),
            "asked_at": stamp(request.asked_at), "expires_at": stamp(request.expires_at),
            "sent_at": stamp(request.sent_at) if request.sent_at else "",
        }  # fmt: skip
        with self._writing(self._engine) as connection:
            replace_rows(connection, _requests, [row])

    def asked(self, name: str) -> Request | None:
        """The request of this id."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_requests).where(_requests.c.id == name)).one_or_none()
        return _request(row) if row is not None else None

    def untold(self, now: datetime) -> list[Request]:
        """Requests of which no mail was sent yet, the oldest first."""
        query = select(_requests).where(_requests.c.sent_at == "", _requests.c.expires_at > stamp(now))
        with self._engine.connect() as connection:
            return [_request(row) for row in connection.execute(query.order_by(_requests.c.asked_at, _requests.c.id))]

    def told(self, names: Sequence[str], at: datetime) -> None:
        """Remember that a mail was sent."""
        with self._writing(self._engine) as connection:
            for name in names:
                connection.execute(update(_requests).where(_requests.c.id == name).values(sent_at=stamp(at)))

    def asks(self, since: datetime, recipient: str | None = None) -> int:
        """How many requests were made since then, of one recipient or of all."""
        query = select(func.count()).select_from(_requests).where(_requests.c.asked_at > stamp(since))
        query = query if recipient is None else query.where(_requests.c.recipient == recipient)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def drop(self, name: str = "", *, before: datetime | None = None) -> int:
        """Take out a request, or all that nobody confirmed in time; returns how many."""
        which = _requests.c.id == name if before is None else _requests.c.expires_at <= stamp(before)
        with self._engine.connect() as connection:
            if not connection.execute(select(func.count()).select_from(_requests).where(which)).scalar_one():
                return 0
        with self._writing(self._engine) as connection:
            return int(connection.execute(delete(_requests).where(which)).rowcount)

    # ------------------------------------------------------------ configured lists

    def followed(self) -> dict[str, str]:
        """The prints of configured lists as they were last followed, by briefing."""
        with self._engine.connect() as connection:
            return {row.briefing: row.print for row in connection.execute(select(_rosters))}

    def follow(self, prints: Mapping[str, str]) -> None:
        """Remember that these lists were followed, and no others."""
        with self._writing(self._engine) as connection:
            connection.execute(delete(_rosters))
            replace_rows(connection, _rosters, [{"briefing": name, "print": mark} for name, mark in prints.items()])


def kept(engine: Engine) -> list[Mailbox]:
    """Every mailbox of a database, by recipient; none where it has no such table. Nothing is made."""
    if not inspect(engine).has_table(addresses.name):
        return []
    with engine.connect() as connection:
        return [_mailbox(row) for row in connection.execute(_KEPT.order_by(addresses.c.recipient))]


_KEPT = select(addresses.c.recipient, addresses.c.address, addresses.c.name, addresses.c.at)


def _mailbox(row: Any) -> Mailbox:
    return Mailbox(recipient=row.recipient, address=row.address, name=row.name, at=datetime.fromisoformat(row.at))


def _plain(wish: Wish) -> dict[str, Any]:
    return {"topics": list(wish.topics), "formats": list(wish.formats), "language": wish.language}


def _request(row: Any) -> Request:
    wishes = {
        name: Wish(topics=tuple(said["topics"]), formats=tuple(said["formats"]), language=said["language"])
        for name, said in orjson.loads(row.wishes).items()
    }
    return Request(
        id=row.id,
        recipient=row.recipient,
        address=row.address,
        wishes=wishes,
        asked_at=datetime.fromisoformat(row.asked_at),
        expires_at=datetime.fromisoformat(row.expires_at),
        sent_at=datetime.fromisoformat(row.sent_at) if row.sent_at else None,
    )
