"""How sources do: their states, gaps and moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from briefing.model.words import GapState, ItemId, SourceId, SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What is known of a source's health. `since` is when the state began; `url` is the address read now.

    The rest is known of the present only. `interval` is the rhythm in seconds, `why` one of `pace.REASONS`: what set
    `next_run`; `seen` and `fresh` count the entries that the rhythm was judged by, and the new ones among them;
    `hint` is the pause that the source asked for, in seconds. `spoke_at` is when it last had something new, `patience`
    after how many seconds its silence is longer than its own rhythm, 0 where that is not known yet. `excluded` and
    `foreign` count what its rules left out of its last answer (see `Parsed`). `drop` are selectors proposed for
    `article.drop`: what they select was another text at each of several looks.
    `pages` says what ails the pages of its items, which is no failure of the source.
    `push` is the state of its subscription to a hub (WebSub): asked, active, faulty, refused, given-up; empty for
    none.
    """

    source: SourceId
    state: SourceState
    url: str
    since: datetime | None = None
    failure: str = ""
    detail: str = ""
    status: int | None = None
    items: int = 0
    newest: str | None = None
    last_attempt: datetime | None = None
    last_success: datetime | None = None
    next_run: datetime | None = None
    drop: tuple[str, ...] = ()
    excluded: int = 0
    foreign: int = 0
    interval: int = 0
    why: str = ""
    seen: int = 0
    fresh: int = 0
    hint: int = 0
    failures: int = 0
    spoke_at: datetime | None = None
    patience: int = 0
    push: str = ""
    pages: tuple[PageTrouble, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTrouble:
    """What ails `pages` pages of a source's items, since `since` (ISO 8601, UTC) at the earliest.

    `trouble` is `blocked` where they are refused to us (401, 403, 451, a challenge page, robots.txt), `absent` where
    they answer 200 and say that they are not there, or show what stands at any address. `said` is what one of them
    said.
    """

    trouble: str
    pages: int
    since: str
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A change of a source's state: event `position` at `at`. `before` is the state it left, `since` when that began.

    `failure`, `detail` and `status` say why it cannot be read, where it cannot; `last` is when a silent source last
    had something new.
    """

    source: SourceId
    at: datetime
    position: int
    state: SourceState
    before: SourceState
    since: datetime | None = None
    failure: str = ""
    detail: str = ""
    status: int | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of time in which a source may have published what we did not see.

    It was suspected by event `position` at `at`: nothing that a source listed at `until` was known, and the visit
    before was at `since`. `newest` is the item that was its newest then. A gap is closed when older pages led back to
    something known: `how` says by which way, `items` counts what was found there. One that is open says in `reason`
    why, empty while nobody has looked yet.
    """

    source: SourceId
    position: int
    at: datetime
    since: datetime
    until: datetime
    newest: ItemId | None
    state: GapState = "open"
    how: str = ""
    reason: str = ""
    items: int = 0
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Another address that is proposed for a source since `since`.

    `why` is "redirect" where the configured one redirects there for good (301, 308), "self" where the feed names it as
    its own (rel=self).
    """

    source: SourceId
    url: str
    to: str
    why: Literal["redirect", "self"]
    since: datetime | None = None
