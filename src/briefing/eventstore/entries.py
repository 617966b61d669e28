"""What must hold of a log, event by event, wherever it is read from: the tables, or a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from briefing.errors import UnknownEvent
from briefing.events import canonical, restore
from briefing.eventstore.frontier import Frontier
from briefing.eventstore.merkle import leaf
from briefing.eventstore.payloads import KEY_BYTES, SALT_BYTES, commitment
from briefing.eventstore.tiles import LARGEST

_ENVELOPE = frozenset({"data", "key", "position", "recorded_at", "stream", "type", "version"})


class Unsound(ValueError):
    """Something that no log holds. The text says what, behind the words "event N: "."""


@dataclass(frozen=True, slots=True)
class Words:
    """A publisher's words with their commitment and salt.

    Where they were erased, salt and text are empty and `erased` is the position of the event that says so.
    """

    commitment: bytes
    salt: bytes = b""
    text: bytes = b""
    erased: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as the log keeps it: its canonical bytes, the hash that it is known by, its words."""

    body: bytes
    key: bytes
    words: Words | None = None


class Audit:
    """Follows a log from its first event and says where something in it cannot be."""

    def __init__(self) -> None:
        self.recorded_at = ""
        self._tree = Frontier()
        self._erased: dict[int, list[str]] = {}  # the event that erases -> commitments

    @property
    def size(self) -> int:
        """How many events were found sound."""
        return self._tree.size

    def root(self) -> bytes:
        """The root (RFC 6962) over them."""
        return self._tree.root()

    def take(self, entry: Entry, kept: bytes | None = None) -> tuple[dict[str, Any], bytes]:
        """Look at the next event, and at the leaf that is kept of it; gives back its envelope and its leaf.

        Raises:
            Unsound: it is not what the log holds there.
            UnknownEvent: this program does not know it.
        """
        position = self.size + 1
        envelope = _envelope(entry.body, position)
        if _moment(envelope["recorded_at"]) < self.recorded_at:
            raise Unsound("it was recorded before the event in front of it")
        try:
            restore(envelope["type"], envelope["version"], envelope["data"])
        except UnknownEvent as fault:
            raise UnknownEvent(f"event {position} cannot be read: {fault}") from fault
        if len(entry.key) != KEY_BYTES or entry.key.hex() != envelope["key"]:
            raise Unsound("its key is not the one in its body")
        self._look_at_words(entry.words, envelope["data"].get("payload"), position)
        named = entry.body.decode()
        for mark in self._erased.pop(position, ()):
            if mark not in named:
                raise Unsound(f"words of another event are said to be erased by it, and it does not name {mark}")
        hashed = leaf(entry.body)
        if kept not in (None, hashed):
            raise Unsound("its body is not the one that its leaf was made of")
        self.recorded_at = envelope["recorded_at"]
        self._tree.add(hashed)
        return envelope, hashed

    def _look_at_words(self, words: Words | None, named: Any, position: int) -> None:
        if words is None:
            if named:
                raise Unsound("its words are missing")
            return
        if words.commitment.hex() != named:
            raise Unsound("it comes with words of another event")
        if words.erased:
            if words.erased <= position or words.salt or words.text:
                raise Unsound("its words are said to be erased, and are not")
            self._erased.setdefault(words.erased, []).append(named)
        elif len(words.salt) != SALT_BYTES or commitment(words.salt, words.text) != words.commitment:
            raise Unsound("its words are not those that its commitment was made of")

    def end(self, size: int, root: bytes) -> None:
        """Compare with what the whole is said to be.

        Raises:
            Unsound: it is another log, or not all of it.
        """
        if self.size != size:
            raise Unsound(f"this is the last one, and there should be {size}")
        if self.root() != root:
            raise Unsound("the events up to here have another root than they should: one of them was altered")
        if self._erased:
            raise Unsound(f"words are said to be erased by event {min(self._erased)}, which is not there")


def _envelope(body: bytes, position: int) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
        sound = canonical(found) == body
    except ValueError:
        sound = False
    if len(body) > LARGEST:
        raise Unsound(f"its body has {len(body):,} bytes, and an event at most {LARGEST:,}")
    if not sound or not isinstance(found, dict) or found.keys() != _ENVELOPE:
        raise Unsound("its body is no event in canonical form")
    if found["position"] != position or type(found["position"]) is not int:
        raise Unsound(f"here stands the event of position {found['position']}")
    plain = isinstance(found["data"], dict) and type(found["version"]) is int
    if not plain or not all(isinstance(found[name], str) and found[name] for name in ("stream", "type", "recorded_at")):
        raise Unsound("its body is no event in canonical form")
    return found


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        same = moment.tzinfo is not None and moment.astimezone(UTC).isoformat(timespec="microseconds") == text
    except (ValueError, OverflowError):
        same = False
    if not same:
        raise Unsound(f'"{text}" is no moment in UTC')
    return text
