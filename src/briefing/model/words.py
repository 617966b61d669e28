"""Names of things, and the words that may stand for their kinds and states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal, NewType

SourceId = NewType("SourceId", str)
ItemId = NewType("ItemId", str)
TopicId = NewType("TopicId", str)

Institution = Literal["ministry", "think-tank", "igo", "media"]
FullText = Literal["auto", "always", "never"]
Redistribute = Literal["title", "excerpt", "full"]
TextStatus = Literal["original", "official-translation", "provisional", "machine"]
Precision = Literal["year", "month", "day", "minute"]
DateOrigin = Literal["feed", "listing", "page", "address", "none"]
Bundle = Literal["item", "day", "week"]
Folding = Literal["fold", "list"]
Semantic = Literal["off", "suggest"]
Relation = Literal["translation-of", "reprint-of"]
ItemState = Literal["current", "revised", "withdrawn", "removed"]
SourceState = Literal["new", "ok", "quiet", "stale", "failing", "blocked", "gone"]
Level = Literal["primary", "mentioned", "suggested"]
Earned = Literal["rules", "model", "people"]
Place = Literal["title", "opening", "body"]
GapState = Literal["open", "closed"]
MeetingState = Literal["announced", "cancelled", "withdrawn"]
PeriodKind = Literal["day", "week", "month"]
SubscriberState = Literal["active", "paused", "unsubscribed", "suppressed", "forgotten"]


ChannelKind = Literal["webhook", "slack", "teams", "mattermost", "folder", "s3"]
Happening = Literal["item", "digest", "issue", "erratum"]


LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
"""Where items stand of which nothing is known but that they are old: behind everything that has a date."""


RECHECK = (timedelta(hours=1), timedelta(hours=24), timedelta(days=7), timedelta(days=30))
"""How long after first sight an item's own page is read again, unless its source says otherwise."""
