"""What was issued: issues of briefings, errata to them, and who gets them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from briefing.model.words import ItemId, SubscriberState


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A published version of an issue: made from the log up to `as_of`, itself event `position`."""

    briefing: str
    period: str
    version: int
    supersedes: int
    as_of: int
    position: int
    published_at: datetime
    items: tuple[ItemId, ...]
    hashes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to get of a briefing: parts by topic, formats, language; whatever is empty is all of it."""

    topics: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Somebody to be put on the list of a briefing; `address` as `mailbox.mailbox` gives it."""

    address: str
    briefing: str
    wish: Wish = field(default_factory=Wish)
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Somebody on the list of a briefing.

    `id` is a keyed hash (HMAC-SHA-256 cut to 128 bits, hexadecimal) of the address, the same on every list; all that
    the log says of anybody. `address` is as mail is sent to it, its domain in ASCII; empty where it is not known any
    more. `topics`, `formats` and `language` as in `Wish`. The `state` holds since `since`; `by` is who brought it
    about: `file`, `operator`, `import`, `self`, or why mail is suppressed.
    """

    id: str
    address: str
    name: str
    briefing: str
    topics: tuple[str, ...]
    formats: tuple[str, ...]
    language: str
    state: SubscriberState
    since: datetime
    by: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """An erratum as issued by event `position` at `at`; the rest as in `events.ErratumIssued`."""

    briefing: str
    period: str
    version: int
    item: ItemId
    number: int
    change: int
    kind: Literal["revised", "withdrawn", "restored", "reverted"]
    position: int
    at: datetime
