"""What an edition hands to the outputs: feeds and issues of a briefing, decided but not yet rendered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from briefing.model import House as House  # noqa: PLC0414 - a noun of documents, and of the configuration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from briefing.model import Gap, Health, Item, Meeting, Source, Statement, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry of a published feed.

    `id` is a `urn:uuid:` that is never used again for anything else; `url` the alternate link a reader follows, `about`
    our own page on it; `html` sanitised content; `categories` pairs of topic id and name; `origin` and `origin_url` the
    publisher's name and address, empty for entries of our own making.
    """

    id: str
    title: str
    url: str
    about: str
    html: str
    summary: str
    updated: datetime
    published: datetime | None = None
    authors: tuple[str, ...] = ()
    origin: str = ""
    origin_url: str = ""
    categories: tuple[tuple[str, str], ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A published feed in any format.

    `path` is relative to the public folder and has no ending (`feeds/topics/energy`); `home` is the page it belongs to;
    `updated` is that of its newest entry, None for a feed that is still empty. `hub` is the WebSub hub to subscribe at,
    empty for none.
    """

    path: str
    id: str
    title: str
    description: str
    home: str
    site_url: str
    site_title: str
    contact: str
    language: str
    updated: datetime | None
    entries: tuple[FeedEntry, ...]
    hub: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedGroup:
    """A heading of the list of feeds with its feeds as pairs of path without ending and title."""

    title: str
    feeds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Another telling of the same event: an item with its source, known to be one since `at`."""

    item: Item
    source: Source
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An item in an issue: `number` is its place in the list of sources, `quote` the publisher's own sentences,
    `also` the other topics of the issue it belongs to, `told` who else tells of the same event. `twin` is the same text
    as the publisher itself gives it in the language of the issue: its title is a translation, and none of ours.
    """

    number: int
    item: Item
    source: Source
    quote: str
    also: tuple[str, ...] = ()
    told: tuple[Telling, ...] = ()
    twin: Item | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading of an issue with its references; `see` are cross-references to items printed elsewhere.

    `beside` says that the references are readouts of one event, to be read side by side; `left` counts the items that
    the limits of the briefing kept out, which stand in the annex.
    """

    id: str
    title: str
    references: tuple[Reference, ...]
    see: tuple[Reference, ...] = ()
    beside: bool = False
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An item that an issue names without printing it."""

    item: Item
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """A change after publication: `what` is one sentence; `before` and `after` are the passages that differ."""

    reference: Reference
    kind: str
    at: datetime
    what: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """A source in the coverage box: one that could not be read, and since when."""

    source: Source
    health: Health


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """A source in the coverage box that may have published in the week what was not seen."""

    source: Source
    gap: Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What one item says of a meeting, as its source lets it be passed on: `sentence` is empty where it does not.

    `number` is that of the item in an issue's list of sources, 0 elsewhere.
    """

    statement: Statement
    source: Source
    sentence: str
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A meeting as a calendar shows it: what it is called, in publishers' words, and who announces it.

    `language` is that of the title, which is a name that a sentence gives it (`named`) or the title of an item on it;
    `topics` are pairs of id and name.
    """

    meeting: Meeting
    title: str
    language: str
    named: bool
    place: str
    who: tuple[str, ...]
    voices: tuple[Voice, ...]
    topics: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """A published calendar; `path` is relative to the public folder, without ending, `home` the page it belongs to."""

    path: str
    title: str
    description: str
    home: str
    site_title: str
    entries: tuple[Announced, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One row of figures of a chart: what it counts, the heading it stands under, and a count for each of its ticks.

    `language` is that of the name where it is not the page's.
    """

    name: str
    values: tuple[int, ...]
    group: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart as figures, not yet drawn: `multiples` has a small chart for each series, `bars` one bar for each.

    `ticks` name the places of the values (periods such as `2017-W12`), `unit` what is counted, in the plural; `summary`
    is the text alternative: what a reader would see in it, in one or two sentences.
    """

    id: str
    title: str
    kind: Literal["multiples", "bars"]
    unit: str
    ticks: tuple[str, ...]
    series: tuple[Series, ...]
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Items that the limits of a briefing kept out of a part of its issue: where (the title of the part, in words), how
    many, and which limit did it. They stand in the annex.
    """

    where: str
    count: int
    limit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """All items of the period of one source, newest first; part of the annex. Those with a number stand in
    `Issue.references`; items without a topic have none, nor have those that tell what another does (`Reference.told`).
    """

    source: Source
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """What a version of an issue has that the version before it had not: one sentence, and the item's number."""

    what: str
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """An item cited in an issue was edited in substance or withdrawn afterwards.

    `period` and `version` name the issue and its version, `number` the place of the item in its list of sources;
    `alteration` says what changed, when, and the passages that differ. It was issued by event `position` at `at`.
    """

    briefing: str
    period: str
    version: int
    number: int
    alteration: Alteration
    position: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True, weakref_slot=True, kw_only=True)
class Issue:
    """One issue of a briefing, ready to be printed.

    `period` is the id of the day, week or month; `first` and `last` its days in `timezone`; `position` the place in the
    log it was made from; `as_of` the time of that place; `root` the root of the log's tree there (base64, as
    checkpoints have it; RFC 6962), empty where it is not known; `supersedes` the version before this one, 0 for none.
    `references` are all references in the order of their numbers: first those that stand before the annex, then those
    that only the annex names, with nothing quoted of them. `others` are items of the period that carry none of the
    topics, `others_left` how many more of them there are than are named (the annex names them all). `lapses` are the
    possible gaps of the period. `ahead` is what was announced for the time after it, `ahead_left` how much more of that
    there is.
    `kind` is how long a period is: its id is an ISO date (`2017-03-24`), week or month (`2017-03`). A `draft` is not
    published. `left_out` counts what the limits of the briefing kept out, `annex` lists every item of the period,
    `undated` those whose publisher gives no date; `revised` is what this version has new, `corrections` are errata to
    earlier issues that were issued in this period. `changed_left` are changes that only the annex has, `ahead_more`
    what more lies ahead (`ahead_left` counts it); `words` is the limit of words before the annex, 0 for none; `licence`
    that of the site, empty where it names none. `templates` are the texts of templates of the user's own, by name,
    `fonts` the files of fonts that go with them.
    """

    briefing: str
    title: str
    site_title: str
    site_url: str
    language: str
    timezone: str
    contact: str
    period: str
    first: date
    last: date
    version: int
    supersedes: int
    position: int
    as_of: datetime
    sources_ok: int
    sources_total: int
    languages: tuple[str, ...]
    highlights: tuple[Reference, ...]
    coverage: tuple[Coverage, ...]
    statements: tuple[Section, ...]
    topics: tuple[Section, ...]
    analysis: tuple[Section, ...]
    changed: tuple[Alteration, ...]
    late: tuple[Reference, ...]
    references: tuple[Reference, ...]
    topic_list: tuple[Topic, ...] = ()
    others: tuple[Mention, ...] = ()
    others_left: int = 0
    root: str = ""
    lapses: tuple[Lapse, ...] = ()
    ahead: tuple[Announced, ...] = ()
    ahead_left: int = 0
    kind: Literal["day", "week", "month"] = "week"
    draft: bool = False
    house: House = field(default_factory=House)
    figures: tuple[Figure, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    annex: tuple[Inventory, ...] = ()
    undated: tuple[Mention, ...] = ()
    revised: tuple[Revised, ...] = ()
    corrections: tuple[Erratum, ...] = ()
    templates: Mapping[str, str] = field(default_factory=dict)
    fonts: tuple[str, ...] = ()
    changed_left: tuple[Alteration, ...] = ()
    ahead_more: tuple[Announced, ...] = ()
    words: int = 0
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Bytes to be published at `path`, relative to the public folder."""

    path: str
    body: bytes
