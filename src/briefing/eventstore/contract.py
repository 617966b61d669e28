"""What an event store promises, whichever way it keeps its facts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from briefing.events import Event, Recorded


class Outcome(StrEnum):
    """What became of one event of a batch."""

    APPENDED = "appended"
    DUPLICATE = "duplicate"
    DUPLICATE_ERASED = "duplicate-erased"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """An event to be appended.

    `key` makes it the same fact when it is offered again. `payload` holds the publisher's words, as canonical JSON;
    the store puts its commitment into the event's field `payload`.
    """

    event: Event
    key: str
    payload: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """The answer for one event: where it stands, or where the fact of the same key stands already."""

    outcome: Outcome
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Events for one stream; `expected` as in `EventStore.append`."""

    stream: str
    events: Sequence[New]
    expected: int | None = None


class EventStore(Protocol):
    """An append-only log of facts.

    Positions count from 1 without gaps in the order of commits; `recorded_at` never falls. Nothing that was appended
    changes; a payload may be erased, which leaves its commitment.
    """

    def append(self, stream: str, events: Sequence[New], *, expected: int | None = None) -> list[Appended]:
        """Append a batch to a stream, whole or not at all, and answer for each event in order.

        `expected` is the position of the stream's last event as the caller knows it, 0 for none, None for any.

        Raises:
            ConcurrentAppend: the stream has another last event than expected; nothing was appended.
            StoreError: an event is too large for the log's bundles of entries; nothing was appended.
        """
        ...

    def append_all(self, batches: Sequence[Batch]) -> list[list[Appended]]:
        """Append batches to several streams in one transaction: all of them or, where one does not fit, none.

        Raises:
            ConcurrentAppend: one of the streams has another last event than expected; nothing was appended.
        """
        ...

    def read(self, after: int = 0, limit: int = 1000, *, payloads: bool = False, streams: str = "") -> list[Recorded]:
        """Facts behind a position, in order; `streams` keeps to streams whose name begins so.

        Raises:
            UnknownEvent: one of them is not known to this program, or newer than it.
        """
        ...

    def head(self) -> int:
        """The position of the last fact, 0 for an empty log."""
        ...

    def last(self, stream: str) -> int:
        """The position of a stream's last fact, 0 for none."""
        ...

    def lasts(self, streams: Iterable[str]) -> dict[str, int]:
        """The same for many streams; those without a fact are missing."""
        ...

    def payloads(self, commitments: Iterable[str]) -> dict[str, bytes]:
        """The payloads of these commitments; those erased are missing."""
        ...

    def leaves(self, after: int = 0, limit: int = 1000) -> list[bytes]:
        """Leaf hashes of the facts behind a position, in order."""
        ...

    def bodies(self, after: int = 0, limit: int = 1000) -> list[bytes]:
        """The canonical bytes of the facts behind a position, in order, as they were stored."""
        ...

    def erase(self, position: int, commitments: Iterable[str]) -> int:
        """Empty salt and words of these payloads for good, because event `position` says so; how many were not yet.

        In one transaction, and as often as one likes. Commitments that nobody knows are passed over.

        Raises:
            StoreError: that event is no takedown that names them; nothing was erased.
        """
        ...

    def erasures(self) -> list[int]:
        """The positions of the events that words were erased because of, in order."""
        ...

    def keyed(self, *parts: str) -> str:
        """A keyed hash (HMAC-SHA-256, 32 hexadecimal characters) that only this store can make."""
        ...


def no_takedown(position: int) -> str:
    """The sentence where an event is to erase what it does not name."""
    return f"event {position} is no takedown of these words: nothing was erased"
