"""The nouns: what is configured, what a publisher says, what we know.

Everything here is frozen and plain. Times are aware `datetime`s in UTC unless a field says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NewType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from ipaddress import IPv4Network, IPv6Network

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

# ---------------------------------------------------------------- what is configured


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Who publishes: title, address without a trailing slash, language, zone of days and weeks, contact.

    `countries` names the codes that ISO 3166-1 leaves to its users; `licence` is that of what is published, empty where
    none is named; `hub` the WebSub hub that feeds name and that is told when they change.
    """

    title: str
    url: str
    language: str
    timezone: str
    contact: str
    countries: Mapping[str, str] = field(default_factory=dict)
    hub: str | None = None
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """How the web is asked; durations as `timedelta`, sizes in bytes."""

    every: timedelta
    timeout: timedelta
    max_bytes: int
    per_host: int
    spacing: timedelta
    allow_networks: tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRules:
    """How a listing page is read. Each is a selector: CSS, or XPath behind `xpath:`; `@name` at the end of a CSS
    selector takes that attribute. `date_format` is a `strptime` format. `next` selects the link to the page of older
    items, seen from the whole page.
    """

    item: str
    title: str | None = None
    link: str | None = None
    date: str | None = None
    date_format: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Where the older items of a source are listed: a page or a sitemap, asked only when items may have been missed.

    `pagination` as in `Source`.
    """

    url: str
    kind: str = "page"
    listing: ListRules | None = None
    pagination: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRules:
    """How an item's own page is read; selectors as in `ListRules`. What `drop` selects is cut before anything."""

    title: str | None = None
    body: str | None = None
    date: str | None = None
    date_format: str | None = None
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source as configured. `every` pins its pace; `include` and `exclude` are regular expressions on addresses
    and titles; `redistribute` says how much of a text outgoing feeds may carry, `text_status` what its texts are;
    `recheck` how long after first sight items' own pages are read again, empty for never.

    How its server is asked stays out of the log: `headers` (values may name variables of the environment, `${NAME}`)
    and `ca_file`, the absolute path of further roots. `allow_http` lets redirects lead from https to http.

    `pagination` is the form of the addresses of older pages, with `{n}` for their number; `archive` another place where
    older items are listed; `backfill_since` the day (ISO) from which on what was published before first sight is
    wanted too.
    """

    id: SourceId
    name: str
    institution: Institution
    country: str
    url: str
    kind: str = "feed"
    language: str | None = None
    timezone: str | None = None
    every: timedelta | None = None
    full_text: FullText = "auto"
    listing: ListRules | None = None
    article: ArticleRules | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    licence: str | None = None
    redistribute: Redistribute = "excerpt"
    text_status: TextStatus | None = None
    own_domain_only: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    user_agent: str | None = None
    ca_file: str | None = None
    allow_http: bool = False
    pagination: str | None = None
    archive: Archive | None = None
    backfill_since: str | None = None
    recheck: tuple[timedelta, ...] = RECHECK


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic with its phrases per language of the item; what `exclude` names is masked before they are tried."""

    id: TopicId
    name: str
    description: str = ""
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    semantic: Semantic | None = None

    @property
    def suggests(self) -> bool:
        """Whether an encoder may suggest it: as configured, else where there are no phrases to give it."""
        return self.semantic == "suggest" if self.semantic else not any(self.phrases.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An institution that texts may name, whoever publishes them: by one of its `aliases`, per language of the item."""

    id: str
    name: str
    aliases: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A generated feed: every filter that is not empty must hold; `query` is a phrase sought in title and text.

    `stories` says whether a story is one entry (`fold`), or every telling of it is (`list`).
    With `suggestions` topics that are only suggested count like those that are given.
    `institutions` and `countries` are the publisher's; `mentions` are codes of countries and ids of institutions that
    the text names, of which one is enough.
    """

    id: str
    title: str
    description: str = ""
    bundle: Bundle = "item"
    topics: tuple[TopicId, ...] = ()
    sources: tuple[SourceId, ...] = ()
    institutions: tuple[Institution, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    query: str = ""
    stories: Folding = "fold"
    suggestions: Literal["include"] | None = None
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an issue prints before its annex: words in all (0 for no limit), items under a topic or of a country's
    analysis, items of one source, highlights. What is kept out is counted, and stands in the annex.
    """

    words: int = 1_500
    per_topic: int = 6
    per_source: int = 8
    highlights: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """The recurring document. `weekday` (0 for Monday) is that on which the issue of a week comes out, `monthday` (1 to
    28) that of a month; `hour` and `minute` are in the site's zone.
    """

    id: str
    title: str
    period: PeriodKind
    weekday: int
    hour: int
    minute: int
    topics: tuple[TopicId, ...]
    formats: tuple[str, ...]
    monthday: int = 1
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Where the configured list of a briefing's recipients stands: the path of sources.yaml, or of a file beside it.

    Its entries may name these `topics` and `formats`. The addresses are read only when they are needed: settings are
    kept and told, and hold none.
    """

    briefing: str
    file: str
    inline: bool = False
    topics: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where something is sent: messages to a `webhook` or a chat, or the public folder as it is to a `folder` or `s3`.

    Secrets stand in no configuration: `url_env`, `secret_env` and `key_env` name variables of the environment that hold
    an address, a secret and the id of an access key. `events` are what it is told of; with `digests` only items that
    one of them takes. A message that it did not take for as long as `give_up` is given up. `allow_private` lets it
    stand in a network that is not public. `path` is the folder (absolute); `bucket`, `prefix` and `region` name the
    place at the S3-like service at `url`.
    """

    id: str
    kind: ChannelKind
    url: str = ""
    url_env: str = ""
    secret_env: str = ""
    key_env: str = ""
    events: tuple[Happening, ...] = ("issue", "erratum")
    digests: tuple[str, ...] = ()
    give_up: timedelta = timedelta(days=3)
    allow_private: bool = False
    path: str = ""
    bucket: str = ""
    prefix: str = ""
    region: str = ""

    @property
    def mirrors(self) -> bool:
        """Whether it is given files, not messages."""
        return self.kind in ("folder", "s3")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRules:
    """When items tell of one event: how far apart they may be published, and how alike they must be, in percent.

    `threshold` is for texts of one language, `headlines` for bare headlines of media, `across` for meanings between
    languages.
    """

    enabled: bool = True
    window: timedelta = timedelta(hours=72)
    threshold: int = 40
    headlines: int = 17
    across: int = 50


FONTS = "fonts/"
"""How the names of fonts begin among the templates of the user's own: what stands there is their SHA-256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The house style of documents: the name at their head, a logo, colours, and the line at their foot.

    `logo` is the text of an SVG element that is safe in any page, empty for none; the colours (`#rrggbb`) are those of
    links and of warnings, on light and on dark pages.
    """

    name: str = ""
    logo: str = ""
    accent: str = "#1a3e72"
    accent_dark: str = "#9dbcf2"
    warning: str = "#97301f"
    warning_dark: str = "#f0a595"
    footer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """How mail is sent. `server` is the address of the SMTP server as configured, with its password: it is never shown.

    `sender` and `reply_to` are mail addresses, empty for the usual; `unsubscribe_to` one that may be written to instead
    of following the link; `list_id` the end of List-Id (RFC 2919). `rate` is in mails per second, 0 for no limit.
    `bounces` is a Maildir that notices of mail that came back lie in; `soft_bounces` is how many of them in a row that
    are not for good are taken for one that is.
    """

    server: str = ""
    sender: str = ""
    reply_to: str = ""
    unsubscribe_to: str = ""
    list_id: str = ""
    rate: int = 20
    connections: int = 2
    bounces: str = ""
    soft_bounces: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of sources.yaml. `sources` holds those that are switched on.

    `witness` is the folder or the https address to which checkpoints of the log are sent. `subscription` says whether
    people may subscribe on the site; None where that follows from whether mail can be sent. `templates` are the texts
    of templates beside the file, by name; `beside` the other files that it names and that were read.
    """

    site: Site
    fetch: FetchPolicy
    sources: tuple[Source, ...]
    topics: tuple[Topic, ...]
    digests: tuple[Digest, ...]
    briefings: tuple[Briefing, ...]
    witness: str | None = None
    stories: StoryRules = field(default_factory=StoryRules)
    institutions: tuple[Named, ...] = ()
    deliver: tuple[Channel, ...] = ()
    rosters: tuple[Roster, ...] = ()
    subscription: bool | None = None
    house: House = field(default_factory=House)
    templates: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    mail: Post = field(default_factory=Post)


# ---------------------------------------------------------------- what comes over the wire


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


# ---------------------------------------------------------------- what a publisher says


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A publication date as claimed and as understood.

    `raw` is the publisher's string; `value` ISO 8601 cut to its precision (`2016`, `2016-11`, `2016-11-19`,
    `2017-03-06T14:31:00+03:00`) in the source's zone, None where it could not be understood or none was given.
    """

    raw: str = ""
    value: str | None = None
    precision: Precision | None = None
    origin: DateOrigin = "none"


UNDATED = Published()

UNREAD_PDF = "PDF, text not read"
"""With what the note begins of an item whose own page is a PDF without a text that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """An address at which a page says that it stands again: in `language`, or as the original of its words.

    `reason` is how it says so: `hreflang`, `link` (one called by a language's name) or `canonical`.
    """

    relation: Relation
    url: str
    language: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as its publisher gives it, cleaned at the border: absolute address, safe HTML, no control characters.

    `text` is plain text, one block a line; `html` the same content sanitised. `complete` is False where the feed or
    listing holds only a summary. `digest` tells this very form of the entry from any other (hexadecimal). `page` says
    that the text was read from the item's own page, `page_title` is that page's own title. `problem` says why the page
    could not be read. `touched` is what a sitemap says of the last change of the page: no date of publication.
    """

    url: str
    title: str
    digest: str
    guid: str | None = None
    text: str = ""
    html: str = ""
    summary: str = ""
    complete: bool = False
    page: bool = False
    page_title: str = ""
    problem: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published: Published = UNDATED
    language: str | None = None
    touched: str = ""
    kin: tuple[Kin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What one answer of a source holds.

    `unchanged` are the digests, known before, of entries that were cut out before parsing; `more` are addresses of
    the same kind to read as well (a sitemap index); `damage` says what is broken though entries could be read;
    `form` names the format found, `encoding` how the bytes were read, `home` the site that it says it belongs to.
    `excluded` counts entries that the source's `include` and `exclude` leave out, `foreign` those of other domains.
    `hints` say how often the feed wants to be asked. `deleted` are guids of entries that it says were deleted.
    `links` are the addresses that a feed or listing gives for itself, its hub and what is older, by relation (`self`,
    `hub`, `next`, `prev-archive`); `generator` is the program that made it, as it says.
    """

    entries: tuple[Entry, ...]
    unchanged: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    form: str = ""
    encoding: str = ""
    title: str = ""
    damage: str = ""
    home: str = ""
    excluded: int = 0
    foreign: int = 0
    hints: Hints = NO_HINTS
    links: Mapping[str, str] = field(default_factory=dict)
    generator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An item's own page, read: title where the page has one of its own, main text, date, where it stands again.

    `problem` says why the text of what else was read (a PDF) is not there.
    """

    title: str
    text: str
    html: str
    published: Published = UNDATED
    language: str | None = None
    problem: str = ""
    kin: tuple[Kin, ...] = ()


# ---------------------------------------------------------------- what we know


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a label was given: the configured phrase, where it stood, and the sentence it stood in.

    Where a model gave it, `phrase` is empty and `words` are those of the sentence that spoke most for it.
    """

    phrase: str
    place: Place
    sentence: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A topic given to an item, by the words of version `revision`: of an earlier one where an edit dropped them.

    `earned` says by what: phrases, a model, or somebody who said so. A suggestion is a label that is not given.
    """

    topic: TopicId
    score: int
    level: Level
    revision: int = 1
    evidence: tuple[Evidence, ...] = ()
    earned: Earned = "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A country (by its code) or an institution (by its id) that an item names, with the first sentence that does."""

    name: str
    evidence: tuple[Evidence, ...] = ()

    @property
    def country(self) -> bool:
        """Whether it is a country: codes are in capitals, ids are not."""
        return self.name.isupper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """An item was taken down at `at` by event `position`: its words are erased, here and in all we published.

    `reason` and `legal_basis` are the words of whoever runs the site. `before` is the state it was in.
    """

    item: ItemId
    at: datetime
    position: int
    reason: str
    legal_basis: str = ""
    before: ItemState = "current"

    @property
    def why(self) -> str:
        """The reason, with its legal basis in brackets where there is one."""
        return f"{self.reason} ({self.legal_basis})" if self.legal_basis else self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item as known now.

    `news_at` is when it became news to our readers: its publication where it stood in the archive that a source
    showed at first sight, else when we first saw it. `day` is the day (ISO, in the site's zone) it belongs to: of its
    publication where that is known to the day, else of first sight. Both are `LONG_AGO` where it has no date and stood
    in a long archive. `lead` holds the opening sentences of the text.
    `fingerprint` is the SHA-256 (hexadecimal) of title and text of the version held, `position` the place in the log
    of the last event that changed it (labels apart), `noted` where the text could not be read and why. `removal` tells
    of an item that was taken down: it has no words any more, and no fingerprint. `suggested` are topics that were
    proposed and not given.
    """

    id: ItemId
    source: SourceId
    url: str
    title: str
    lead: str
    authors: tuple[str, ...]
    published: Published
    seen_at: datetime
    news_at: datetime
    day: str
    language: str
    state: ItemState
    revisions: int
    changed_at: datetime
    position: int
    fingerprint: str
    labels: tuple[Label, ...] = ()
    suggested: tuple[Label, ...] = ()
    noted: str = ""
    removal: Removal | None = None
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of an item's words; number 1 is the first seen. `noted` says why the text could not be read."""

    item: ItemId
    number: int
    seen_at: datetime
    position: int
    title: str
    text: str
    html: str
    url: str
    authors: tuple[str, ...]
    published: Published
    fingerprint: str
    noted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`other` is the same text as an item: in another language, or word for word. Neither stands for the other.

    `later` says that the item is the later one of the two: the reprint, not what it reprints. `reason` is `words`, or
    as in `Kin`; `share` is how much of the longer text stands in the other, in percent, 0 where that was not compared.
    """

    other: Item
    relation: Relation
    reason: str
    share: int
    later: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An item in a story, since event `position` at `at`.

    It resembles item `other` most: `reason` is `first` for the one that opened the story, else as in
    `events.StoryJoined`; `score` is in percent, `method` names how it was found.
    """

    item: Item
    other: str
    reason: str
    score: int
    method: str
    at: datetime
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Items that tell of one event; its id is that of the item that opened it, for all time.

    Members stand in the order in which they joined. None stands for another.
    """

    id: str
    members: tuple[Member, ...]

    @property
    def told(self) -> tuple[Member, ...]:
        """The members as they became news: the first teller first."""
        order = {member.item.id: place for place, member in enumerate(self.members)}
        return tuple(sorted(self.members, key=lambda one: (one.item.news_at, order[one.item.id])))

    @property
    def apart(self) -> frozenset[str]:
        """The items that are printed on their own, though others tell of the event: what gives other facts in nearly
        the same words, and what a source says after it has told once: a new statement.
        """
        teller: dict[str, str] = {}
        for one in self.told:
            teller.setdefault(one.item.source, one.item.id)
        return frozenset(
            one.item.id for one in self.members if one.reason == "altered" or teller[one.item.source] != one.item.id
        )

    @property
    def joined_at(self) -> datetime:
        """When its last member joined."""
        return max(member.at for member in self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change after publication: `before` and `after` are the versions of a revision, `after` None for the others.

    `evidence` says by what a withdrawal was known: `page` or `feed`.
    """

    item: Item
    kind: Literal["revised", "withdrawn", "restored", "removed"]
    at: datetime
    position: int
    before: Revision | None = None
    after: Revision | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one item says of a meeting ahead: from `first` to `last`, as exact as its words are.

    `sentence` is its publisher's own, `said` the words of the date in it, `name`, `place` and `who` what else it says;
    each is empty where it does not. `withdrawn` says that the item was.
    """

    item: Item
    revision: int
    first: date
    last: date
    precision: str
    sentence: str
    said: str
    name: str = ""
    place: str = ""
    who: tuple[str, ...] = ()
    cancelled: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting or deadline that items announce, from `first` to `last` (days, both included).

    `sequence` counts how often what is said of it changed; `before` is what it was before that: `first/last/precision`,
    empty where it never moved. `position` is the place in the log of the last event that changed it, at `changed_at`.
    `statements` are in the order of the log.
    """

    id: str
    first: date
    last: date
    precision: str
    kind: str
    deadline: bool
    state: MeetingState
    sequence: int
    before: str
    announced_at: datetime
    changed_at: datetime
    position: int
    statements: tuple[Statement, ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What is known of a source's health. `since` is when the state began; `url` is the address read now.

    The rest is known of the present only. `interval` is the rhythm in seconds, `why` one of `pace.REASONS`: what set
    `next_run`; `seen` and `fresh` count the entries that the rhythm was judged by, and the new ones among them;
    `hint` is the pause that the source asked for, in seconds. `spoke_at` is when it last had something new, `patience`
    after how many seconds its silence is longer than its own rhythm, 0 where that is not known yet. `excluded` and
    `foreign` count what its rules left out of its last answer (see `Parsed`). `drop` are selectors proposed for
    `article.drop`: what they select was another text at each of several looks.
    `push` is the state of its subscription to a hub (WebSub): asked, active, faulty, refused; empty for none.
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
