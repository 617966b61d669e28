"""The mails that were ever decided on, and what became of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from briefing import events
from briefing.projections import schema
from briefing.projections.when import stamp
from briefing.statements import replace_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Engine, RowMapping

    from briefing.events import Event, Recorded

_table = schema.outbox
_ROWS = select(_table)
_CHUNK = 500
_STATES: dict[type[Event], str] = {
    events.MailAccepted: "accepted",
    events.MailUnconfirmed: "unconfirmed",
    events.MailReleased: "waiting",
    events.MailDropped: "dropped",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail of a mailing to one recipient (a keyed hash).

    `state` is waiting, accepted, refused, unconfirmed, dropped or bounced; a waiting one that the server put off is not
    sent before `not_before`. `status` is what a server answered last, `reason` why a mail is dropped. `attempts` counts
    the times that it was put off. `position` is the place in the log from which on it is so.
    """

    mailing: str
    recipient: str
    kind: str
    briefing: str
    period: str
    version: int
    about: str
    state: str
    attempts: int
    not_before: datetime | None
    status: str
    reason: str
    decided_at: datetime
    changed_at: datetime
    position: int


class OutboxFold:
    """The mails that a page of facts tells of: a part of `Fold`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._rows: dict[tuple[str, str], dict[str, Any]] = {}

    def load(self, page: Sequence[Recorded]) -> None:
        """Read the rows that the page changes."""
        for mailing, wanted in _told(page).items():
            for start in range(0, len(wanted), _CHUNK):
                chunk = wanted[start : start + _CHUNK]
                query = _ROWS.where(_table.c.mailing == mailing, _table.c.recipient.in_(chunk))
                self._rows.update(
                    ((row["mailing"], row["recipient"]), dict(row)) for row in self._db.execute(query).mappings()
                )

    def apply(self, at: Recorded) -> None:
        """One fact."""
        event = at.event
        if isinstance(event, events.MailDecided):
            self._decided(at, event)
        elif isinstance(event, events.MailDeferred | events.MailRefused | events.MailBounced):
            self._answered(at, event)
        else:
            assert isinstance(
                event, events.MailAccepted | events.MailUnconfirmed | events.MailReleased | events.MailDropped
            )
            reason = event.reason if isinstance(event, events.MailDropped) else ""
            said = {"state": _STATES[type(event)], "reason": reason}
            said |= {"status": ""} if isinstance(event, events.MailAccepted) else {}
            for recipient in event.recipients:
                self._change(at, event.mailing, recipient, **said)

    def _decided(self, at: Recorded, event: events.MailDecided) -> None:
        row = {
            "mailing": event.mailing, "kind": event.kind, "briefing": event.briefing, "period": event.period,
            "version": event.version, "about": event.about, "state": "waiting", "attempts": 0, "not_before": None,
            "status": "", "reason": "", "decided_at": stamp(at.recorded_at), "changed_at": stamp(at.recorded_at),
            "position": at.position,
        }  # fmt: skip
        for recipient in event.recipients:
            self._rows.setdefault((event.mailing, recipient), row | {"recipient": recipient})

    def _answered(self, at: Recorded, event: events.MailDeferred | events.MailRefused | events.MailBounced) -> None:
        said: dict[str, Any] = {"status": event.status}
        if isinstance(event, events.MailDeferred):
            said |= {"attempts": event.attempt, "not_before": event.until}
        elif isinstance(event, events.MailRefused):
            said |= {"state": "refused"}
        elif event.permanent:
            said |= {"state": "bounced"}
        self._change(at, event.mailing, event.recipient, **said)

    def _change(self, at: Recorded, mailing: str, recipient: str, **values: Any) -> None:
        """A mail that nobody decided on is passed over: a bounce may be of one that we do not know."""
        if (row := self._rows.get((mailing, recipient))) is not None:
            row |= values | {"changed_at": stamp(at.recorded_at), "position": at.position}

    def write(self) -> None:
        """Bring the rows into the database."""
        replace_rows(self._db, _table, list(self._rows.values()))


class Outbox:
    """What the outbox says, asked by those who send."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def mails(self, *states: str, mailing: str = "") -> list[Mail]:
        """The mails in these states (all for none), of one mailing or all, in the order of the decisions."""
        query = _ROWS.order_by(_table.c.decided_at, _table.c.mailing, _table.c.recipient)
        if states:
            query = query.where(_table.c.state.in_(states))
        if mailing:
            query = query.where(_table.c.mailing == mailing)
        with self._engine.connect() as connection:
            return [_mail(row) for row in connection.execute(query).mappings()]

    def recipients(self, mailing: str) -> set[str]:
        """Everybody who was ever to get a mailing."""
        query = select(_table.c.recipient).where(_table.c.mailing == mailing)
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def mailings(self) -> list[str]:
        """The names of all mailings."""
        with self._engine.connect() as connection:
            return list(connection.execute(select(_table.c.mailing).distinct()).scalars())

    def told(self, kind: str) -> dict[str, str]:
        """The mailings of a kind, with what each is about."""
        query = select(_table.c.mailing, _table.c.about).where(_table.c.kind == kind).distinct()
        with self._engine.connect() as connection:
            return {row.mailing: row.about for row in connection.execute(query)}

    def of(self, recipient: str, limit: int = 20) -> list[Mail]:
        """The latest mails to a recipient, the newest first."""
        latest = (_table.c.decided_at.desc(), _table.c.mailing.desc())
        query = _ROWS.where(_table.c.recipient == recipient).order_by(*latest)
        with self._engine.connect() as connection:
            return [_mail(row) for row in connection.execute(query.limit(limit)).mappings()]

    def counts(self, mailing: str = "") -> Mapping[str, int]:
        """How many mails are in which state, of one mailing or all."""
        query = select(_table.c.state, func.count()).group_by(_table.c.state)
        if mailing:
            query = query.where(_table.c.mailing == mailing)
        with self._engine.connect() as connection:
            return Counter({state: int(count) for state, count in connection.execute(query)})


def _told(page: Sequence[Recorded]) -> dict[str, list[str]]:
    """The recipients that a page tells of, by mailing."""
    found: dict[str, set[str]] = {}
    for recorded in page:
        event = recorded.event
        if event.NAME.startswith("mail."):
            data = event.data()
            told: Iterable[str] = data.get("recipients") or (data["recipient"],)
            found.setdefault(data["mailing"], set()).update(told)
    return {mailing: sorted(recipients) for mailing, recipients in found.items()}


def _mail(row: RowMapping) -> Mail:
    held = dict(row)
    for name in ("not_before", "decided_at", "changed_at"):
        held[name] = datetime.fromisoformat(held[name]) if held[name] else None
    return Mail(**held)
