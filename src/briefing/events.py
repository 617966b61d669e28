"""The facts, with their stable names and integer versions.

A fact is a frozen dataclass of plain JSON values. Its envelope holds no word of a publisher: titles, texts, addresses
and raw dates lie in an erasable payload, and the envelope names that payload by a salted commitment. What an event once
stored looks like is kept for ever in `tests/data/events`; a new version is an edit here, a raised `VERSION` and one
function in `UPCASTS`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar

import orjson

from briefing.errors import UnknownEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The base of all facts. `NAME` and `VERSION` are what the log stores beside the fields."""

    NAME: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1

    def data(self) -> dict[str, Any]:
        """The fields as plain JSON values."""
        return {name: getattr(self, name) for name in FIELDS[type(self)]}


# ---------------------------------------------------------------- what is configured


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsAdopted(Event):
    """Site, digests and briefings as configured from here on: all that documents take from the configuration."""

    NAME: ClassVar[str] = "settings.adopted"
    site: Mapping[str, Any]
    digests: tuple[Mapping[str, Any], ...]
    briefings: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsAdopted(Event):
    """The topics with their phrases from here on; `rules` is the hash that labels name as their reason.

    `institutions` are those that texts are searched for.
    """

    NAME: ClassVar[str] = "topics.adopted"
    VERSION: ClassVar[int] = 2
    rules: str
    topics: tuple[Mapping[str, Any], ...]
    institutions: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseAdopted(Event):
    """How documents look from here on: what differs from the usual `house` style, and the texts of own `templates`.

    The words of templates stand here whole, so that what was made with them can be made again.
    """

    NAME: ClassVar[str] = "house.adopted"
    house: Mapping[str, str]
    templates: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoriesAdopted(Event):
    """When items tell of one event, from here on: what differs from the usual `rules`."""

    NAME: ClassVar[str] = "stories.adopted"
    rules: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAdded(Event):
    """A source was switched on. `spec` is its configuration."""

    NAME: ClassVar[str] = "source.added"
    source: str
    spec: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChanged(Event):
    """A source's configuration changed."""

    NAME: ClassVar[str] = "source.changed"
    source: str
    spec: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRetired(Event):
    """A source was switched off or taken out; its items stay."""

    NAME: ClassVar[str] = "source.retired"
    source: str


# ---------------------------------------------------------------- how a source does


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


# ---------------------------------------------------------------- what was published


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemObserved(Event):
    """An item was seen for the first time.

    `keys` are keyed hashes of what it is known by (guid, address, content); `published` its date as understood;
    `archive` says that it stood in what the source showed at first sight, or was asked for from before; `quiet` that
    this was a long list, so that without a date it is news at no time.
    """

    NAME: ClassVar[str] = "item.observed"
    VERSION: ClassVar[int] = 2
    item: str
    source: str
    keys: tuple[str, ...]
    payload: str
    language: str
    archive: bool
    published: str | None = None
    precision: str | None = None
    origin: str = "none"
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRevised(Event):
    """Title or text changed after publication. `revision` counts from 2; `changed` names what a reader would notice.

    `completed` says that the text could not be read before: what is held is whole now, its publisher changed nothing.
    """

    NAME: ClassVar[str] = "item.revised"
    item: str
    source: str
    revision: int
    changed: tuple[str, ...]
    keys: tuple[str, ...]
    payload: str
    language: str
    completed: bool = False
    published: str | None = None
    precision: str | None = None
    origin: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWithdrawn(Event):
    """It is gone, on evidence first seen at `first_missing` (ISO 8601, UTC).

    `status` is that of its own page (404 or 410), or 0 where its feed says that it was deleted (RFC 6721).
    """

    NAME: ClassVar[str] = "item.withdrawn"
    item: str
    source: str
    status: int
    first_missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRestored(Event):
    """A withdrawn item can be read again."""

    NAME: ClassVar[str] = "item.restored"
    item: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAliased(Event):
    """A known item goes by further keys: another guid, another address. The payload holds the address it moved to."""

    NAME: ClassVar[str] = "item.aliased"
    item: str
    source: str
    keys: tuple[str, ...]
    payload: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTakenDown(Event):
    """An item's words are removed for good, because somebody may demand it.

    `payloads` are the commitments (hexadecimal) of all words that were held of it: of every version and every address
    it moved to. `reason` and `legal_basis` are the operator's own words, which readers see.
    """

    NAME: ClassVar[str] = "item.taken-down"
    item: str
    source: str
    payloads: tuple[str, ...]
    reason: str
    legal_basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLinked(Event):
    """An item is the same text as an `other` that was published before: its translation, or its reprint.

    `relation` is `translation-of` or `reprint-of`, `reason` how that is known: `words` (they are the same),
    `hreflang`, `link` or `canonical` (a page says so). `share` is how much of the longer text stands in the other, in
    percent; 0 where that was not looked at.
    """

    NAME: ClassVar[str] = "item.linked"
    item: str
    source: str
    other: str
    relation: str
    reason: str
    share: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemClassified(Event):
    """The labels of one revision under one set of rules.

    A label holds `topic`, `score`, `level` and `evidence`; a piece of evidence holds the configured `phrase`, `place`
    and the span (`start`, `end`) of its sentence in the title or text of that revision: no publisher's
    word stands here. A mention holds the `name` of a country or institution and `evidence` in the same form.
    """

    NAME: ClassVar[str] = "item.classified"
    VERSION: ClassVar[int] = 2
    item: str
    source: str
    revision: int
    rules: str
    labels: tuple[Mapping[str, Any], ...]
    mentions: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCorrected(Event):
    """Somebody said whether an item belongs to a topic: from here on that holds, whatever rules and models say.

    `revision` is the version it was said of, `by` whoever said it, in words of the operator's own.
    """

    NAME: ClassVar[str] = "item.label-corrected"
    item: str
    source: str
    topic: str
    belongs: bool
    revision: int
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSuggested(Event):
    """The topics that are proposed for one revision and not given: all of them, so that none takes back all.

    A suggestion has the shape of a label of `ItemClassified`; `model` is the position of the models it comes from.
    """

    NAME: ClassVar[str] = "item.suggested"
    item: str
    source: str
    revision: int
    model: int
    suggestions: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelsTrained(Event):
    """Models of topics were learnt from the log up to position `log`: the same log gives the same models.

    `recipe` is the hash of all else that they depend on, `encoder` the name and version of the encoder, empty where
    there was none. A model holds `topic`, how many answers of `yes` and `no` it was learnt from, and `model`: the
    SHA-256 of what was learnt.
    """

    NAME: ClassVar[str] = "topics.models-trained"
    log: int
    recipe: str
    encoder: str
    models: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryJoined(Event):
    """An item tells of the same event as others: it joins the story that item `story` opened, for all time.

    `other` is the member it resembles most; `reason` is `reprint`, `translation`, `altered` (nearly the same text, with
    other facts), `words` or `meaning`; `score` is in percent; `method` names how it was found, with its version.
    """

    NAME: ClassVar[str] = "story.joined"
    story: str
    item: str
    source: str
    other: str
    reason: str
    score: int
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDatesFound(Event):
    """The dates ahead that one revision announces, as `method` (a number) found them; none where an earlier one had.

    A date holds `start`, `end` (days, both included), `precision`, `kind`, `meeting` (the id of the meeting that it is
    a date of, given when it was first announced), `keys` (keyed hashes of whom and what its sentence names, by which
    other statements of the same meeting are known), `deadline` and `cancelled`; `place` is `title` or `text`, the rest
    are spans in it: `sentence`, `said` (the date), `name`, `where`, `who`. No publisher's word stands here.
    """

    NAME: ClassVar[str] = "item.dates-found"
    item: str
    source: str
    revision: int
    method: int
    dates: tuple[Mapping[str, Any], ...]


# ---------------------------------------------------------------- what we published


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePublished(Event):
    """An issue of a briefing as it stood at log position `as_of`; `hashes` are SHA-256 by file name."""

    NAME: ClassVar[str] = "issue.published"
    briefing: str
    period: str
    version: int
    supersedes: int
    as_of: int
    renderer: str
    items: tuple[str, ...]
    hashes: Mapping[str, str]


# ---------------------------------------------------------------- who gets it

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ErratumIssued(Event):
    """An item that an issue cites is no longer what that issue made of it, because of the change at log position
    `change`.

    `version` is the last version that knows nothing of the change, `number` the item's place in its list of sources.
    `kind` is `revised`, `withdrawn` or `restored`, or `reverted`: the item reads again as that version has it.
    """

    NAME: ClassVar[str] = "issue.erratum"
    briefing: str
    period: str
    version: int
    item: str
    number: int
    change: int
    kind: str


# ---------------------------------------------------------------- what was sent by mail


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


EVENTS: dict[str, type[Event]] = {
    kind.NAME: kind
    for kind in (
        SettingsAdopted, TopicsAdopted, StoriesAdopted, HouseAdopted,
        SourceAdded, SourceChanged, SourceRetired, SourceFailed, SourceRecovered,
        SourceStale, SourceSpoke, SourceMoved, SourceSelfNamed, SourceRested, GapSuspected, GapClosed, GapLeftOpen,
        SourceBackfilled, ItemObserved, ItemRevised, ItemWithdrawn, ItemRestored, ItemAliased, ItemTakenDown,
        ItemClassified, ItemDatesFound, ItemLinked, StoryJoined, LabelCorrected, ItemSuggested, ModelsTrained,
        IssuePublished, RecipientSubscribed, RecipientConfirmed, RecipientChanged, RecipientUnsubscribed,
        RecipientSuppressed, RecipientForgotten, ErratumIssued,
        MailDecided, MailAccepted, MailDeferred, MailRefused, MailUnconfirmed, MailReleased, MailDropped, MailBounced,
    )
}  # fmt: skip

FIELDS: dict[type[Event], tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind)) for kind in EVENTS.values()
}

# (name, version) -> the data one version on. Shape only: a change of meaning is a new event.
UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {
    ("item.observed", 1): lambda data: {**data, "quiet": False},
    ("item.classified", 1): lambda data: {**data, "mentions": []},
    ("topics.adopted", 1): lambda data: {**data, "institutions": []},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A fact in the log: `position` counts from 1 without gaps, `recorded_at` never falls.

    `payload` holds the publisher's words where they were asked for and have not been erased.
    """

    position: int
    recorded_at: datetime
    stream: str
    event: Event
    payload: bytes | None = None


def canonical(value: Any) -> bytes:
    """The one form in which a value is hashed and stored: RFC 8785, for values without fractions and ASCII keys.

    Raises:
        ValueError: for a value that is not plain JSON.
    """
    try:
        written = orjson.dumps(value, option=_CANONICAL)
    except orjson.JSONEncodeError as error:
        raise ValueError(f"this has no canonical form: {error}") from error
    if b"null" in written and not _finite(value):  # orjson writes null for what is no number
        raise ValueError("this has no canonical form: it holds a number without end, or none")
    return written


_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def _finite(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_finite, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def restore(name: str, version: int, data: dict[str, Any]) -> Event:
    """An event from what the log holds, brought up to the version of today.

    Raises:
        UnknownEvent: this program does not know the event, or only an older version of it.
    """
    kind = EVENTS.get(name)
    if kind is None or version > kind.VERSION:
        raise UnknownEvent(f"the log holds {name} version {version}, which this program does not know: upgrade it")
    try:
        for older in range(version, kind.VERSION):
            data = UPCASTS[name, older](data)
        return kind(**{key: tuple(value) if type(value) is list else value for key, value in data.items()})
    except (TypeError, LookupError, ValueError, AttributeError) as error:
        raise UnknownEvent(
            f"the log holds {name} version {version} with other fields than this program knows ({error}): upgrade it"
        ) from error
