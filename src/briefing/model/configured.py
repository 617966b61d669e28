"""What is configured: the site, sources, topics, digests, briefings, channels."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from briefing.model.words import RECHECK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Network, IPv6Network

    from briefing.model.words import (
        Bundle,
        ChannelKind,
        Folding,
        FullText,
        Happening,
        Institution,
        PeriodKind,
        Redistribute,
        Semantic,
        SourceId,
        TextStatus,
        TopicId,
    )


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
    """All of sources.yaml. `sources` holds those that are switched on, `resting` the others.

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
    resting: tuple[Source, ...] = ()
