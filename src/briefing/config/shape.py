"""The shape of sources.yaml: every key, what it may hold, and the sentence that explains it to an editor.

Types that depend on the installed kinds and formats are texts here; `references` and `schema` know the words.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from briefing.config.fields import (
    Address,
    Alias,
    Contact,
    Country,
    Duration,
    Id,
    Language,
    Line,
    Mask,
    Network,
    Pace,
    Percent,
    Phrases,
    Shape,
    SiteAddress,
    Size,
    Span,
    Timeout,
    Witness,
    Zone,
    some_phrases,
)
from briefing.config.output_shapes import (
    BriefingShape,
    ChannelShape,
    ColoursShape,
    DigestShape,
    HouseShape,
    LimitsShape,
    MailShape,
)
from briefing.config.source_shapes import ArchiveShape, ArticleShape, ListShape, SourceShape
from briefing.model import Semantic


class SiteShape(Shape):
    """Who publishes the feeds and briefings."""

    model_config = ConfigDict(title="Site")

    title: Line = Field(description="The name of the service, as readers see it on pages, feeds and briefings.")
    url: SiteAddress = Field(
        default="http://127.0.0.1:8000",
        description="The address where readers find the published feeds and pages.",
    )
    language: Language = Field(
        default="en", description="The language of the service's own words: two letters of ISO 639-1."
    )
    timezone: Zone = Field(
        default="UTC", description="The time zone in which days and weeks begin, such as Asia/Tokyo."
    )
    contact: Contact = Field(
        description="A mail or web address, named to publishers in the User-Agent and to readers in the mail."
    )
    subscribe: bool | None = Field(
        default=None,
        description="Whether people may subscribe to briefings on the site; if left out, where mail can be sent.",
    )
    countries: dict[Country, Line] = Field(
        default={},
        description="Names of country codes that ISO 3166-1 leaves to its users, such as XA to XZ.",
    )
    hub: Address | None = Field(
        default=None, description="A WebSub hub that all feeds name, and that is told which of them changed."
    )
    licence: Line | None = Field(default=None, description="The licence of what is published, printed on every issue.")


class FetchShape(Shape):
    """How the web is asked."""

    model_config = ConfigDict(title="Fetching")

    every: Pace = Field(
        default=timedelta(hours=1),
        json_schema_extra={"default": "1h"},
        description="The pace at which a source is read first, from 1m to 30d; it adapts to how often news comes.",
    )
    timeout: Timeout = Field(
        default=timedelta(seconds=20),
        json_schema_extra={"default": "20s"},
        description="The longest that a whole request may take, however slowly it drips.",
    )
    max_bytes: Size = Field(
        default=10_000_000,
        json_schema_extra={"default": "10MB"},
        description="The largest answer that is read, sent or inflated, such as 10MB.",
    )
    per_host: int = Field(default=2, ge=1, le=100, description="How many requests at a time one host is sent.")
    spacing: Duration = Field(
        default=timedelta(seconds=1),
        json_schema_extra={"default": "1s"},
        description="The pause between two requests to one host; 0s means none.",
    )
    allow_networks: list[Network] = Field(
        default=[],
        description="Networks that are not public and may be read all the same, such as 127.0.0.0/8.",
    )


class LogShape(Shape):
    """What becomes of the signed checkpoints of the log."""

    model_config = ConfigDict(title="Log")

    witness: Witness | None = Field(
        default=None,
        description="Where each checkpoint is sent, so that others can say what the log was: a folder or an https URL.",
    )


class TopicShape(Shape):
    """One topic."""

    model_config = ConfigDict(title="Topic")

    id: Id = Field(
        description="The topic's name in commands and addresses, never to be changed: lower case, digits, hyphens."
    )
    name: Line = Field(description="The topic's name as readers see it.")
    description: Line = Field(default="", description="What belongs to the topic, in a sentence for readers.")
    phrases: Annotated[Phrases, AfterValidator(some_phrases)] = Field(
        default={},
        description="Phrases by language of the item. A word stands for all its forms, unless the phrase stands in "
        "quotation marks of its own; an asterisk at the end of a word stands for any ending. A topic "
        "without phrases can only be suggested, where the extra `semantic` is installed.",
    )
    exclude: dict[Language, list[Mask]] | None = Field(
        default=None, description="Phrases by language, as written, that are masked before the topic's are tried."
    )
    semantic: Semantic | None = Field(
        default=None,
        description="Whether the topic is suggested for items that mean what it says (needs the extra `semantic`): off "
        "unless it has no phrases. Only after 20 confirmations and 20 refusals by people is it given as well.",
    )


class NamedShape(Shape):
    """An institution that texts may name."""

    model_config = ConfigDict(title="Institution")

    id: Id = Field(
        description="The institution's name in commands and filters, never to be changed: lower case, digits, hyphens."
    )
    name: Line = Field(description="The institution's name as readers see it.")
    aliases: dict[Language, list[Alias]] = Field(
        description="What texts call it, by language of the item, as written; an asterisk ends a word in any way."
    )


class StoriesShape(Shape):
    """Which items tell of one event."""

    model_config = ConfigDict(title="Stories")

    enabled: bool = Field(default=True, description="Whether items of several sources are joined into stories.")
    window: Span = Field(
        default=timedelta(hours=72),
        json_schema_extra={"default": "72h"},
        description="How long after one telling another may follow; a day is added where only days are known.",
    )
    threshold: Percent = Field(
        default=40, description="How alike texts of one language must be, in percent; with the encoder on average."
    )
    headlines: Percent = Field(
        default=17, description="The same for media that give no more than a headline, in percent."
    )
    across: Percent = Field(
        default=50, description="How alike meanings must be, also across languages, in percent; needs the encoder."
    )


class FileShape(Shape):
    """The whole file."""

    model_config = ConfigDict(title="sources.yaml of briefing")

    site: SiteShape = Field(
        title="Site", description="The service itself: its name, address, language, time zone and contact."
    )
    fetch: FetchShape = Field(
        title="Fetching",
        default_factory=FetchShape,
        json_schema_extra={"default": {}},
        description="How the web is asked, for all sources alike.",
    )
    log: LogShape = Field(
        title="Log",
        default_factory=LogShape,
        json_schema_extra={"default": {}},
        description="The log of everything that was seen, and who else keeps its checkpoints.",
    )
    sources: list[SourceShape] = Field(description="What is read: feeds, listing pages and sitemaps of institutions.")
    topics: list[TopicShape] = Field(default=[], description="What items are labelled with, by phrases per language.")
    institutions: list[NamedShape] = Field(
        default=[], description="Institutions that texts are searched for; countries are known by themselves."
    )
    digests: list[DigestShape] = Field(
        default=[], description="Feeds besides those made without asking: all, by topic, by source, changes, briefings."
    )
    briefings: list[BriefingShape] = Field(default=[], description="Recurring documents that sum up a period.")
    stories: StoriesShape = Field(
        title="Stories",
        default_factory=StoriesShape,
        json_schema_extra={"default": {}},
        description="Which items of several sources tell of one event.",
    )
    deliver: list[ChannelShape] = Field(
        default=[], description="Where news and files are sent besides: webhooks, chats, copies of the public folder."
    )
    house: HouseShape = Field(
        title="House style",
        default_factory=HouseShape,
        json_schema_extra={"default": {}},
        description="How documents look: name, logo, colours, footer.",
    )
    mail: MailShape = Field(
        title="Mail",
        default_factory=MailShape,
        json_schema_extra={"default": {}},
        description="The mail server, and who the mails are from.",
    )


SHAPES: dict[tuple[str, ...], type[Shape]] = {
    (): FileShape,
    ("site",): SiteShape,
    ("fetch",): FetchShape,
    ("log",): LogShape,
    ("sources",): SourceShape,
    ("sources", "list"): ListShape,
    ("sources", "article"): ArticleShape,
    ("sources", "archive"): ArchiveShape,
    ("sources", "archive", "list"): ListShape,
    ("topics",): TopicShape,
    ("institutions",): NamedShape,
    ("digests",): DigestShape,
    ("briefings",): BriefingShape,
    ("briefings", "limits"): LimitsShape,
    ("stories",): StoriesShape,
    ("deliver",): ChannelShape,
    ("house",): HouseShape,
    ("house", "colours"): ColoursShape,
    ("mail",): MailShape,
}
"""The shape that stands at each path of keys (numbers left out)."""


def keys(path: tuple[str, ...]) -> list[str]:
    """The keys that may stand in the mapping at a path of keys, in their order."""
    shape = SHAPES.get(path)
    return [field.alias or name for name, field in shape.model_fields.items()] if shape else []
