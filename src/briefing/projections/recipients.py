"""Who is on the lists: facts about recipients folded into rows, and questions to these."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from briefing.model import Subscriber
from briefing.projections import schema
from briefing.projections.mailboxes import addresses
from briefing.projections.when import stamp
from briefing.statements import replace_rows, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Engine, Select

    from briefing import events
    from briefing.events import Recorded

    Wanting = events.RecipientSubscribed | events.RecipientConfirmed | events.RecipientChanged

_ROWS = select(schema.subscriptions)
_NOTHING = "[]"


class RecipientFold:
    """The lists that a page of facts tells of: a part of `Fold`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._rows: dict[str, dict[str, dict[str, Any]]] = {}  # by recipient and briefing
        self._touched: set[tuple[str, str]] = set()

    def load(self, page: list[Recorded]) -> None:
        """Read the rows that the page changes."""
        wanted = {name for at in page if (name := getattr(at.event, "recipient", None)) is not None}
        missing = sorted(wanted - self._rows.keys())
        for row in rows_of(self._db, _ROWS, schema.subscriptions.c.recipient, missing) if missing else ():
            self._rows.setdefault(row.recipient, {})[row.briefing] = dict(row._asdict())

    def wanted(self, at: Recorded, event: Wanting, by: str, state: str = "active") -> None:
        """Somebody is on a list, or wants something else of it."""
        lists = self._rows.setdefault(event.recipient, {})
        kept = event.NAME == "recipient.changed" and event.briefing in lists
        origin = lists[event.briefing]["origin"] if kept else by
        row = {
            "recipient": event.recipient, "briefing": event.briefing, "state": state,
            "topics": orjson.dumps(list(event.topics)).decode(), "formats": orjson.dumps(list(event.formats)).decode(),
            "language": event.language, "said_by": by, "origin": origin, "since": stamp(at.recorded_at),
            "position": at.position,
        }  # fmt: skip
        lists[event.briefing] = row
        self._touched.add((event.recipient, event.briefing))

    def unsubscribed(self, at: Recorded, event: events.RecipientUnsubscribed) -> None:
        """Somebody left a list."""
        row = self._rows[event.recipient][event.briefing]
        self._turn(at, row, "unsubscribed", event.by)

    def suppressed(self, at: Recorded, event: events.RecipientSuppressed) -> None:
        """Nothing goes to somebody, on any list."""
        for row in self._rows.get(event.recipient, {}).values():
            self._turn(at, row, "suppressed", event.reason)

    def forgotten(self, at: Recorded, event: events.RecipientForgotten) -> None:
        """What somebody wanted goes with his address."""
        for row in self._rows.get(event.recipient, {}).values():
            row |= {"topics": _NOTHING, "formats": _NOTHING, "language": ""}
            self._turn(at, row, "forgotten", "")

    def _turn(self, at: Recorded, row: dict[str, Any], state: str, by: str) -> None:
        row |= {"state": state, "said_by": by, "since": stamp(at.recorded_at), "position": at.position}
        self._touched.add((row["recipient"], row["briefing"]))

    def write(self) -> None:
        """Bring the rows into the database."""
        rows = [self._rows[recipient][briefing] for recipient, briefing in sorted(self._touched)]
        replace_rows(self._db, schema.subscriptions, rows)


class Recipients:
    """Questions to the lists, with the addresses that are kept beside the log."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def on(self, briefing: str | None = None, states: Sequence[str] = ()) -> list[Subscriber]:
        """Who is on the list of a briefing, or on any, in these states or in all; by briefing and address."""
        table = schema.subscriptions
        query = _WHOLE if briefing is None else _WHOLE.where(table.c.briefing == briefing)
        query = query.where(table.c.state.in_(states)) if states else query
        with self._engine.connect() as connection:
            found = [_subscriber(row) for row in connection.execute(query)]
        return sorted(found, key=lambda one: (one.briefing, one.address, one.id))

    def of(self, recipients: Iterable[str]) -> list[Subscriber]:
        """All that is known of these recipients, on every list."""
        if not (wanted := sorted(set(recipients))):
            return []
        with self._engine.connect() as connection:
            rows = rows_of(connection, _WHOLE, schema.subscriptions.c.recipient, wanted)
            return sorted((_subscriber(row) for row in rows), key=lambda one: (one.id, one.briefing))

    def forgotten(self) -> dict[str, tuple[int, datetime]]:
        """Who is forgotten and on no list since: by which event, and when."""
        table = schema.subscriptions
        others = select(table.c.recipient).where(table.c.state != "forgotten")
        query = select(table.c.recipient, table.c.position, table.c.since).where(table.c.state == "forgotten")
        with self._engine.connect() as connection:
            rows = connection.execute(query.where(table.c.recipient.not_in(others)))
            return {row.recipient: (row.position, datetime.fromisoformat(row.since)) for row in rows}

    def last(self) -> int:
        """The position of the last event that a list follows from, 0 for none."""
        query = select(schema.subscriptions.c.position).order_by(schema.subscriptions.c.position.desc()).limit(1)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)


def _whole() -> Select[Any]:
    table = schema.subscriptions
    columns = (
        table.c.recipient, addresses.c.address, addresses.c.name, table.c.briefing, table.c.topics, table.c.formats,
        table.c.language, table.c.state, table.c.since, table.c.said_by, table.c.origin,
    )  # fmt: skip
    return select(*columns).outerjoin_from(table, addresses, addresses.c.recipient == table.c.recipient)


_WHOLE = _whole()


def _subscriber(row: Any) -> Subscriber:
    recipient, address, name, briefing, topics, formats, language, state, since, by, origin = row
    return Subscriber(
        id=recipient,
        address=address or "",
        name=name or "",
        briefing=briefing,
        topics=tuple(orjson.loads(topics)) if topics != _NOTHING else (),
        formats=tuple(orjson.loads(formats)) if formats != _NOTHING else (),
        language=language,
        state=state,
        since=datetime.fromisoformat(since),
        by=by,
        origin=origin,
    )
