"""Facts on how sources do: failures, silence, moves, gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from briefing.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFailed(Event):
    """A source began to fail, or fails in another way. `failure` is one of `errors.FAILURES`."""

    NAME: ClassVar[str] = "source.failed"
    source: str
    failure: str
    detail: str
    status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecovered(Event):
    """A source can be read: for the first time, or again after it failed."""

    NAME: ClassVar[str] = "source.recovered"
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStale(Event):
    """A source that can be read has been silent for longer than its own rhythm.

    It last had something new at `last` (ISO 8601, UTC); `patience` is the silence in seconds that was still its own.
    """

    NAME: ClassVar[str] = "source.stale"
    source: str
    last: str
    patience: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpoke(Event):
    """A source that was silent beyond its own rhythm has something new, or was found to keep to it."""

    NAME: ClassVar[str] = "source.spoke"
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMoved(Event):
    """A source's address redirects permanently (301, 308) to `url`, and what lies there could be read."""

    NAME: ClassVar[str] = "source.moved"
    source: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSelfNamed(Event):
    """A feed names another address on the same site as its own (RFC 4287, rel=self), and can be read there."""

    NAME: ClassVar[str] = "source.self-named"
    source: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRested(Event):
    """A source's address is gone for good (410): from here on it is asked at most once a week."""

    NAME: ClassVar[str] = "source.rested"
    source: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapSuspected(Event):
    """Nothing that a source lists is known, though something was before: what came between may have been missed.

    `since` is the visit before this one, `until` this one (ISO 8601, UTC); `newest` the newest item known till then;
    `listed` counts what the source lists now.
    """

    NAME: ClassVar[str] = "source.gap-suspected"
    source: str
    since: str
    until: str
    newest: str
    listed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapClosed(Event):
    """Something known from before a gap was reached, so nothing between is missing.

    `gap` is the position of its suspicion, `how` one of `WAYS`, `items` counts those found in it.
    """

    NAME: ClassVar[str] = "source.gap-closed"
    source: str
    gap: int
    how: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLeftOpen(Event):
    """A gap was looked into and could not be closed; `reason` is one of `OPEN_REASONS`, the rest as in `GapClosed`."""

    NAME: ClassVar[str] = "source.gap-left-open"
    source: str
    gap: int
    reason: str
    how: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceBackfilled(Event):
    """What a source published from day `since` (ISO) on was taken in from its older pages, as was asked for.

    `reason` says why it is not whole (one of `OPEN_REASONS`), empty where it is.
    """

    NAME: ClassVar[str] = "source.backfilled"
    source: str
    since: str
    how: str
    items: int
    reason: str = ""


WAYS = (
    "window",  # the source's own list reached back again
    "archives",  # archived feeds (RFC 5005, section 4)
    "pages",  # a paged feed (RFC 5005, section 3), or a listing that links to its older pages
    "wordpress",  # the pages that WordPress gives to every feed
    "pagination",  # addresses of the configured form
    "listing",  # the configured listing of older items
    "sitemap",  # the configured sitemap
)

OPEN_REASONS = (
    "no-way",  # nothing leads to what is older
    "ended",  # the older pages end before anything known
    "passed",  # the older pages reach further back than what was known, and it is not on them
    "too-far",  # more older pages than are read at all
    "unfinished",  # more than is read at one visit; the next goes on
    "failed",  # an older page could not be read; the next visits try again
)
