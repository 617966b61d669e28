"""The log in memory: for tests, and for trying things out. It keeps every promise but durability."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

from briefing.errors import ConcurrentAppend, StoreError
from briefing.events import Recorded, canonical, restore
from briefing.eventstore import payloads as blob
from briefing.eventstore.contract import Appended, Batch, Outcome, no_takedown
from briefing.eventstore.merkle import leaf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from briefing.eventstore.contract import New


# As long as what stands in an event's body beside data and stream can be.
_ENVELOPE = "." * 256


class MemoryStore:
    """An `EventStore` that forgets everything when it goes."""

    def __init__(self, clock: Callable[[], datetime], secret: bytes = b"memory") -> None:
        self._clock = clock
        self._secret = secret
        self._bodies: list[bytes] = []
        self._keys: dict[bytes, int] = {}
        self._blobs: dict[str, tuple[bytes, bytes]] = {}
        self._last: dict[str, int] = {}
        self._erasures: set[int] = set()
        self._recorded_at = ""
        self._lock = Lock()

    def append(self, stream: str, events: Sequence[New], *, expected: int | None = None) -> list[Appended]:
        """See `EventStore.append`."""
        return self.append_all([Batch(stream=stream, events=events, expected=expected)])[0]

    def append_all(self, batches: Sequence[Batch]) -> list[list[Appended]]:
        """See `EventStore.append_all`."""
        for batch in batches:  # what cannot be stored is found before anything is
            for new in batch.events:
                blob.bounded(canonical([batch.stream, new.event.data(), _ENVELOPE]), new.event.NAME)
        with self._lock:
            for batch in batches:
                if batch.events and batch.expected not in (None, found := self.last(batch.stream)):
                    raise ConcurrentAppend(
                        f"stream {batch.stream} ends at {found}, not at {batch.expected}: read it again"
                    )
            if any(batch.events for batch in batches):
                now = self._clock().astimezone(UTC).isoformat(timespec="microseconds")
                self._recorded_at = max(self._recorded_at, now)
            return [[self._append(batch.stream, new) for new in batch.events] for batch in batches]

    def _append(self, stream: str, new: New) -> Appended:
        key = blob.keyed(self._secret, "event", new.key)
        if key in self._keys:
            return self._answer(self._keys[key], new)
        event, mark, salt = blob.salted(new)
        position = len(self._bodies) + 1
        if new.payload is not None:
            self._blobs[mark.hex()] = (salt, new.payload)
        body = canonical(
            {
                "data": event.data(),
                "key": key.hex(),
                "position": position,
                "recorded_at": self._recorded_at,
                "stream": stream,
                "type": event.NAME,
                "version": event.VERSION,
            }
        )
        self._bodies.append(body)
        self._keys[key] = self._last[stream] = position
        return Appended(outcome=Outcome.APPENDED, position=position)

    def _answer(self, position: int, new: New) -> Appended:
        stored = json.loads(self._bodies[position - 1])
        event = restore(stored["type"], stored["version"], stored["data"])
        salt, _ = self._blobs.get(stored["data"].get("payload", ""), (None, b""))
        return Appended(outcome=blob.compared(event, salt, new), position=position)

    def read(self, after: int = 0, limit: int = 1000, *, payloads: bool = False, streams: str = "") -> list[Recorded]:
        """See `EventStore.read`."""
        bodies = (body for body in self._bodies[after:] if json.loads(body)["stream"].startswith(streams))
        return [self._recorded(body, payloads=payloads) for body in islice(bodies, limit)]

    def _recorded(self, body: bytes, *, payloads: bool) -> Recorded:
        stored = json.loads(body)
        kept = self._blobs.get(stored["data"].get("payload", "")) if payloads else None
        return Recorded(
            position=stored["position"],
            recorded_at=datetime.fromisoformat(stored["recorded_at"]),
            stream=stored["stream"],
            event=restore(stored["type"], stored["version"], stored["data"]),
            payload=kept[1] if kept else None,
        )

    def head(self) -> int:
        """See `EventStore.head`."""
        return len(self._bodies)

    def last(self, stream: str) -> int:
        """See `EventStore.last`."""
        return self._last.get(stream, 0)

    def lasts(self, streams: Iterable[str]) -> dict[str, int]:
        """See `EventStore.lasts`."""
        return {stream: self._last[stream] for stream in streams if stream in self._last}

    def payloads(self, commitments: Iterable[str]) -> dict[str, bytes]:
        """See `EventStore.payloads`."""
        return {mark: self._blobs[mark][1] for mark in commitments if mark in self._blobs}

    def leaves(self, after: int = 0, limit: int = 1000) -> list[bytes]:
        """See `EventStore.leaves`."""
        return [leaf(body) for body in self._bodies[after : after + limit]]

    def bodies(self, after: int = 0, limit: int = 1000) -> list[bytes]:
        """See `EventStore.bodies`."""
        return self._bodies[after : after + limit]

    def erase(self, position: int, commitments: Iterable[str]) -> int:
        """See `EventStore.erase`."""
        with self._lock:
            held = [mark for mark in dict.fromkeys(commitments) if mark in self._blobs]
            if not set(held) <= self._taken_down(position):
                raise StoreError(no_takedown(position))
            for mark in held:
                del self._blobs[mark]
            self._erasures.update({position} if held else ())
        return len(held)

    def _taken_down(self, position: int) -> set[str]:
        """What the event at a position takes down."""
        said = [json.loads(body) for body in self._bodies[max(position - 1, 0) : position]]
        return {mark for one in said if one["type"] == "item.taken-down" for mark in one["data"]["payloads"]}

    def erasures(self) -> list[int]:
        """See `EventStore.erasures`."""
        return sorted(self._erasures)

    def keyed(self, *parts: str) -> str:
        """See `EventStore.keyed`."""
        return blob.keyed(self._secret, *parts).hex()
