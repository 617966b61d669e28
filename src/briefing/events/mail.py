"""Facts on mails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from briefing.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDecided(Event):
    """A mailing goes to these recipients: from here on each of them waits for one mail of it.

    `mailing` is its name, the same for all its mails; `kind` is `issue`, `erratum` or `confirmation`, `about` what an
    erratum or a confirmation is on. Recipients are keyed hashes of addresses.
    """

    NAME: ClassVar[str] = "mail.decided"
    mailing: str
    kind: str
    briefing: str
    period: str
    version: int
    recipients: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAccepted(Event):
    """The server took over the mails to these recipients: it answered 250 to each."""

    NAME: ClassVar[str] = "mail.accepted"
    mailing: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDeferred(Event):
    """The server did not take a mail now (4xx): it is tried again, not before `until` (ISO 8601, UTC).

    `status` is the server's code, with the enhanced one (RFC 3463) where it gave one, as in `451 4.7.1`: its words may
    name the address, and the log is published. `attempt` counts from 1.
    """

    NAME: ClassVar[str] = "mail.deferred"
    mailing: str
    recipient: str
    attempt: int
    status: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRefused(Event):
    """The server will never take a mail (5xx); `address` says that it is the address that it refuses.

    `status` as in `MailDeferred`.
    """

    NAME: ClassVar[str] = "mail.refused"
    mailing: str
    recipient: str
    status: str
    address: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MailUnconfirmed(Event):
    """Nobody knows whether the server took these mails over: whoever sent them did not live to hear its answer."""

    NAME: ClassVar[str] = "mail.unconfirmed"
    mailing: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReleased(Event):
    """Somebody had mails sent again whose arrival is unconfirmed: they wait once more."""

    NAME: ClassVar[str] = "mail.released"
    mailing: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDropped(Event):
    """These mails are not sent any more; `reason` is `unsubscribed` or `gave-up` (after too many attempts)."""

    NAME: ClassVar[str] = "mail.dropped"
    mailing: str
    recipients: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailBounced(Event):
    """A mail that had been taken over came back (RFC 3464).

    `mailing` is empty where nobody can tell which one; `permanent` says that it will never arrive; `status` is the
    enhanced status code (RFC 3463).
    """

    NAME: ClassVar[str] = "mail.bounced"
    mailing: str
    recipient: str
    permanent: bool
    status: str
