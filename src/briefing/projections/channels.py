"""How far each channel of delivery has come, and how it does.

Kept beside the polls and, as they, not made from the log: what a receiver was sent is no fact about what was published.
A channel whose row is lost begins anew at the end of the log.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from briefing.projections.polls import channels, dead_letters
from briefing.projections.when import stamp
from briefing.statements import replace_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine, RowMapping

_MOMENTS = ("failing_since", "next_at", "delivered_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """A channel: everything up to log position `position` is settled, `sent` counts what it took.

    `failures` counts attempts in a row that it did not take, since `failing_since`, for the reason `fault`; the next is
    made at `next_at`. It took something last at `delivered_at`.
    """

    name: str
    position: int
    failures: int = 0
    failing_since: datetime | None = None
    next_at: datetime | None = None
    fault: str = ""
    delivered_at: datetime | None = None
    sent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message that a channel did not take until it was given up: its id, why, and what it tells of in no words of a
    publisher (`subject`).
    """

    channel: str
    id: str
    position: int
    kind: str
    subject: str
    given_up_at: datetime
    fault: str


class Channels:
    """The store of channels' states and of dead letters."""

    def __init__(self, engine: Engine, writing: Callable[[Engine], AbstractContextManager[Connection]]) -> None:
        self._engine = engine
        self._writing = writing

    def get(self, name: str) -> ChannelState | None:
        """The state of a channel, None where it has not begun."""
        with self._engine.connect() as connection:
            row = connection.execute(select(channels).where(channels.c.name == name)).mappings().one_or_none()
        return _state(row) if row is not None else None

    def all(self) -> dict[str, ChannelState]:
        """All states by name."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(channels).order_by(channels.c.name)).mappings().all()
        return {row["name"]: _state(row) for row in rows}

    def put(self, state: ChannelState, letter: DeadLetter | None = None) -> None:
        """Remember a state, and with it what was given up, in one transaction."""
        row: dict[str, Any] = asdict(state)
        row |= {name: stamp(row[name]) if row[name] is not None else None for name in _MOMENTS}
        with self._writing(self._engine) as connection:
            if letter is not None:
                dead = asdict(letter) | {"given_up_at": stamp(letter.given_up_at)}
                replace_rows(connection, dead_letters, [dead])
            replace_rows(connection, channels, [row])

    def drop(self, name: str) -> None:
        """Forget a channel and its dead letters."""
        with self._writing(self._engine) as connection:
            connection.execute(delete(dead_letters).where(dead_letters.c.channel == name))
            connection.execute(delete(channels).where(channels.c.name == name))

    def letters(self, channel: str | None = None) -> list[DeadLetter]:
        """The dead letters of a channel or of all, in the order of the log."""
        query = select(dead_letters).order_by(dead_letters.c.channel, dead_letters.c.position, dead_letters.c.id)
        if channel is not None:
            query = query.where(dead_letters.c.channel == channel)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [DeadLetter(**{**row, "given_up_at": datetime.fromisoformat(row["given_up_at"])}) for row in rows]


def _state(row: RowMapping) -> ChannelState:
    held: dict[str, Any] = dict(row)
    return ChannelState(
        **held | {name: datetime.fromisoformat(held[name]) if held[name] else None for name in _MOMENTS}
    )
