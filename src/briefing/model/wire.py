"""What comes over the wire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from briefing.model.words import SourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us to ask conditionally with (RFC 9110, section 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """One hop: the status that sent us on, and the address it named."""

    status: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One whole answer. `headers` have lower-case names; `body` is inflated and empty on a 304."""

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    redirects: tuple[Redirect, ...] = ()
    seconds: float = 0.0

    @property
    def validators(self) -> Validators:
        """The validators of this answer."""
        return Validators(etag=self.headers.get("etag"), last_modified=self.headers.get("last-modified"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a feed and its server say about how often to ask; times in seconds, 0 where nothing is said.

    `ttl` is that of RSS 2.0 or the period of mod_syndication, `max_age` the freshness left (RFC 9111, section 4.2).
    `skip_hours` are hours of UTC from 0 to 23, `skip_days` days from 0 for Monday, at which nothing is published.
    """

    ttl: int = 0
    max_age: int = 0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One visit to a source: what came of it.

    `outcome` is `read`, `unchanged`, or one of `errors.FAILURES`; `size` counts bytes of the bodies, `items` the
    entries seen, `new` those that were new; `number` counts the visits to this source.
    """

    source: SourceId
    number: int
    at: datetime
    outcome: str
    status: int | None = None
    size: int = 0
    items: int = 0
    new: int = 0
    milliseconds: int = 0
