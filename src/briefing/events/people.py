"""Facts on recipients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from briefing.events.base import Event

# `recipient` is a keyed hash of an address, with a key that lies in no log: the log is published. The address itself is
# in no event and in no payload. Empty `topics`, `formats` and `language` mean all, or as the briefing has it.


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientSubscribed(Event):
    """The operator put somebody on the list of a briefing; `by` says how: `file`, `operator` or `import`."""

    NAME: ClassVar[str] = "recipient.subscribed"
    recipient: str
    briefing: str
    by: str
    topics: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientConfirmed(Event):
    """Somebody asked for a briefing at `asked` (ISO 8601, UTC), and confirmed it from the mailbox named there."""

    NAME: ClassVar[str] = "recipient.confirmed"
    recipient: str
    briefing: str
    asked: str
    topics: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientChanged(Event):
    """What somebody on a list wants from here on; while it is `paused`, nothing. `by` as in `Subscriber`."""

    NAME: ClassVar[str] = "recipient.changed"
    recipient: str
    briefing: str
    by: str
    paused: bool = False
    topics: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientUnsubscribed(Event):
    """Somebody is on the list of a briefing no more; `by` is `self`, `operator` or `file`."""

    NAME: ClassVar[str] = "recipient.unsubscribed"
    recipient: str
    briefing: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientSuppressed(Event):
    """Nothing is mailed to somebody any more, whatever list he is on: his server refused it for good, or he complained.

    `reason` is one of `SUPPRESSIONS`, `code` the status (RFC 3463) that a server gave, empty for none.
    """

    NAME: ClassVar[str] = "recipient.suppressed"
    recipient: str
    reason: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientForgotten(Event):
    """The address behind a recipient was erased wherever it was kept."""

    NAME: ClassVar[str] = "recipient.forgotten"
    recipient: str


SUPPRESSIONS = ("hard-bounce", "soft-bounces", "complaint", "operator")
