"""The shape of sources.yaml: every key, what it may hold, and the sentence that explains it to an editor.

Types that depend on the installed kinds and formats are texts here; `references` and `schema` know the words.
"""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from briefing import forms
from briefing.config import colours, mailing, people, values
from briefing.model import (
    RECHECK,
    Bundle,
    ChannelKind,
    Folding,
    FullText,
    Happening,
    House,
    Institution,
    PeriodKind,
    Redistribute,
    Semantic,
    TextStatus,
)


def _text(**schema: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "minLength": 1, **schema})


ID_FORM = "^[a-z0-9][a-z0-9-]{0,63}$"

Id = Annotated[str, Field(pattern=ID_FORM)]
People = Annotated[Any, PlainValidator(lambda value: value), WithJsonSchema(people.SCHEMA)]  # looked at in `people`
Text = Annotated[str, PlainValidator(values.text), _text()]
Line = Annotated[str, PlainValidator(values.line), _text()]
Address = Annotated[str, PlainValidator(values.address), _text(pattern="^https?://")]
SiteAddress = Annotated[str, PlainValidator(values.site_address), _text(pattern="^https?://")]
Witness = Annotated[str, PlainValidator(values.witness), _text()]
MailServer = Annotated[str, PlainValidator(mailing.server), _text(pattern="^smtps?://")]
MailAddress = Annotated[str, PlainValidator(mailing.address), _text(pattern="@")]
ListId = Annotated[str, PlainValidator(mailing.list_id), _text()]
Contact = Annotated[str, PlainValidator(values.contact), _text()]
Language = Annotated[str, PlainValidator(values.language), _text(pattern="^[a-z]{2}$")]
Country = Annotated[str, PlainValidator(values.country), _text(pattern="^[A-Z]{2}$")]
Zone = Annotated[str, PlainValidator(values.timezone), _text()]
Selector = Annotated[str, PlainValidator(values.selector), _text()]
Pattern = Annotated[str, PlainValidator(values.pattern), _text(format="regex")]
Pagination = Annotated[str, PlainValidator(values.pagination), _text(pattern=r"\{(n|page)\}")]
Day = Annotated[str, PlainValidator(values.day), WithJsonSchema({"type": "string", "format": "date"})]
DateFormat = Annotated[str, PlainValidator(values.date_format), _text(pattern="%")]
_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_EXPRESSION: dict[str, Any] = {
    "type": "object",
    "description": "A regular expression of RE2, sought in small letters and capitals alike.",
    "properties": {"regex": _TEXT},
    "required": ["regex"],
    "additionalProperties": False,
}
_TOGETHER: dict[str, Any] = {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 8}
_ALL: dict[str, Any] = {
    "type": "object",
    "description": "Phrases that must all stand in one sentence.",
    "properties": {"all": _TOGETHER},
    "required": ["all"],
    "additionalProperties": False,
}
_NEAR: dict[str, Any] = {
    "type": "object",
    "description": "Phrases with at most so many words between them; characters in ja, zh and ko.",
    "properties": {
        "near": _TOGETHER,
        "within": {"type": "integer", "minimum": 0, "maximum": 200, "default": forms.WITHIN},
    },
    "required": ["near"],
    "additionalProperties": False,
}
Phrase = Annotated[str, PlainValidator(values.phrase), WithJsonSchema({"anyOf": [_TEXT, _ALL, _NEAR, _EXPRESSION]})]
Alias = Annotated[str, PlainValidator(values.alias), _text()]
Mask = Annotated[str, PlainValidator(values.mask), WithJsonSchema({"anyOf": [_TEXT, _EXPRESSION]})]
HeaderName = Annotated[str, PlainValidator(values.header_name), _text()]
HeaderValue = Annotated[str, PlainValidator(values.header_value), _text()]
Variable = Annotated[str, PlainValidator(values.variable), _text(pattern="^[A-Za-z_][A-Za-z0-9_]*$")]
Prefix = Annotated[str, PlainValidator(values.prefix), _text()]
Agent = Annotated[str, PlainValidator(values.agent), _text()]
_DURATION = WithJsonSchema({"type": "string", "pattern": f"^{values.DURATION_FORM}$"})
Pace = Annotated[timedelta, PlainValidator(values.pace), _DURATION]
Timeout = Annotated[timedelta, PlainValidator(values.timeout), _DURATION]
Duration = Annotated[timedelta, PlainValidator(values.duration), _DURATION]
Span = Annotated[timedelta, PlainValidator(values.timeout), _DURATION]
Percent = Annotated[int, Field(ge=1, le=100)]
Recheck = Annotated[
    tuple[timedelta, ...],
    PlainValidator(values.recheck),
    WithJsonSchema(
        {
            "anyOf": [
                {"const": "never"},
                {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": 12,
                    "items": {"type": "string", "pattern": f"^{values.DURATION_FORM}$"},
                },
            ]
        }
    ),
]
Size = Annotated[
    int,
    PlainValidator(values.size),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": f"^{values.SIZE_FORM}$"}]}
    ),
]
_COLOUR = _text(pattern=f"^{colours.FORM}$")
LightColour = Annotated[str, PlainValidator(colours.on_light), _COLOUR]
DarkColour = Annotated[str, PlainValidator(colours.on_dark), _COLOUR]
Network = Annotated[IPv4Network | IPv6Network, PlainValidator(values.network), WithJsonSchema({"type": "string"})]
Publication = Annotated[
    values.Appears,
    PlainValidator(values.publication),
    WithJsonSchema({"type": "string", "pattern": f"^{values.PUBLISH_FORM}$"}),
]


def _some_phrases(phrases: dict[str, list[str]]) -> dict[str, list[str]]:
    if not any(phrases.values()):
        raise ValueError("a topic needs at least one phrase, such as en: [peace treaty]")
    return phrases


Phrases = dict[Language, list[Phrase]]


class Shape(BaseModel):
    """What all parts have in common: an unknown key is a slip, not something to pass over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


class ListShape(Shape):
    """How a listing page is read."""

    model_config = ConfigDict(title="Listing rules")

    item: Selector | None = Field(
        default=None,
        description="The element of one item; its text is the title and its href the link, unless told otherwise.",
    )
    title: Selector | None = Field(default=None, description="The title inside the item's element.")
    link: Selector | None = Field(default=None, description="The link inside the item's element, such as a@href.")
    date: Selector | None = Field(default=None, description="The date, seen from the item's element.")
    date_format: DateFormat | None = Field(
        default=None, description="How the date is written, in strptime's signs, such as %d.%m.%Y %H:%M."
    )
    next: Selector | None = Field(
        default=None, description="The link to the page of older items, seen from the whole page."
    )


class ArchiveShape(Shape):
    """Where older items are listed."""

    model_config = ConfigDict(title="Archive")

    url: Address = Field(description="The address of a listing page or a sitemap that reaches further back.")
    kind: Literal["page", "sitemap"] = Field(default="page", description="What lies there.")
    listing: ListShape | None = Field(
        default=None, alias="list", title="List", description="How the listing page is read."
    )
    pagination: Pagination | None = Field(
        default=None, description="The form of the addresses of its older pages, as for the source itself."
    )


class ArticleShape(Shape):
    """How an item's own page is read."""

    model_config = ConfigDict(title="Article rules")

    title: Selector | None = Field(default=None, description="The title of the page.")
    body: Selector | None = Field(default=None, description="The element that holds the main text.")
    date: Selector | None = Field(default=None, description="The date on the page.")
    date_format: DateFormat | None = Field(
        default=None, description="How the date is written, in strptime's signs, such as %d.%m.%Y %H:%M."
    )
    drop: list[Selector] = Field(
        default=[], description="Elements that are cut out of the page before anything is read."
    )


class SourceShape(Shape):
    """One source."""

    model_config = ConfigDict(title="Source")

    id: Id = Field(
        description="The source's name in commands and addresses, never to be changed: lower case, digits, hyphens."
    )
    name: Line = Field(description="The publisher's name as readers see it, in any script.")
    institution: Institution = Field(description="What sort of publisher it is.")
    country: Country = Field(description="The publisher's country: two letters of ISO 3166-1, or EU or UN.")
    url: Address = Field(description="The address of the feed, the listing page, the sitemap or the page watched.")
    kind: Text = Field(
        default="feed",
        description="What lies at the address: a feed, a listing page, a sitemap, or a standing page to watch.",
    )
    enabled: bool = Field(default=True, description="Whether the source is read; one that is off is only checked.")
    language: Language | None = Field(
        default=None, description="The language to assume where a text does not show its own: two letters of ISO 639-1."
    )
    timezone: Zone | None = Field(
        default=None, description="The time zone of dates that name none, such as Europe/Moscow."
    )
    every: Pace | None = Field(
        default=None, description="A fixed pace for this source, from 1m to 30d, in place of the adapted one."
    )
    full_text: FullText = Field(
        default="auto",
        description="Whether the items' own pages are read: when a feed gives only a summary, always, or never.",
    )
    listing: ListShape | None = Field(
        default=None, alias="list", title="List", description="How the listing page is read."
    )
    article: ArticleShape | None = Field(
        default=None,
        title="Article",
        description="How an item's own page is read; without it the main text is found automatically.",
    )
    include: list[Pattern] = Field(
        default=[],
        description="Regular expressions sought in the item's whole address and in its title: one must be found. "
        "Capitals count, unless the expression begins with (?i).",
    )
    exclude: list[Pattern] = Field(
        default=[],
        description="Regular expressions sought in the item's whole address and in its title: none may be found.",
    )
    own_domain_only: bool = Field(
        default=False,
        description="Whether items are left out whose address lies outside the registrable domain of the source.",
    )
    licence: Line | None = Field(default=None, description="The licence under which the publisher's texts stand.")
    redistribute: Redistribute = Field(
        default="excerpt",
        description="How much of a text outgoing feeds and documents carry: the title alone, at most 300 characters, "
        "or all of it.",
    )
    text_status: TextStatus | None = Field(
        default=None,
        description="What the texts are, printed with each citation: original, official-translation, provisional "
        "(a provisional translation) or machine (a machine translation).",
    )
    headers: dict[HeaderName, HeaderValue] = Field(
        default={},
        description="Request headers for the source's own scheme, host and port alone; ${NAME} stands for a variable "
        "of the environment. They are neither logged nor printed.",
    )
    user_agent: Agent | None = Field(
        default=None, description="The User-Agent to send in place of the program's own; it must still name a contact."
    )
    ca_file: Line | None = Field(
        default=None,
        description="A PEM file beside this one with certificates to trust besides the system's, for this source only.",
    )
    allow_http: bool = Field(
        default=False,
        description="Whether a redirect may lead from https to plain http. An address that begins with http:// is "
        "read as it is written.",
    )
    recheck: Recheck = Field(
        default=RECHECK,
        json_schema_extra={"default": ["1h", "24h", "7d", "30d"]},
        description="How long after first sight the items' own pages are read again, to find silent edits; or never.",
    )
    pagination: Pagination | None = Field(
        default=None,
        description="The form of the addresses of older pages, with {n} for the number: /page/{n}, ?page={n}.",
    )
    archive: ArchiveShape | None = Field(
        default=None,
        title="Archive",
        description="Another place where older items are listed, asked only when some may have been missed.",
    )
    backfill_since: Day | None = Field(
        default=None, description="A day from which on older items are taken in too, with their dates: 2016-11-19."
    )


class TopicShape(Shape):
    """One topic."""

    model_config = ConfigDict(title="Topic")

    id: Id = Field(
        description="The topic's name in commands and addresses, never to be changed: lower case, digits, hyphens."
    )
    name: Line = Field(description="The topic's name as readers see it.")
    description: Line = Field(default="", description="What belongs to the topic, in a sentence for readers.")
    phrases: Annotated[Phrases, AfterValidator(_some_phrases)] = Field(
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


class DigestShape(Shape):
    """One generated feed."""

    model_config = ConfigDict(title="Digest")

    id: Id = Field(description="The digest's name in its address, never to be changed: lower case, digits, hyphens.")
    title: Line = Field(description="The feed's title as subscribers see it.")
    description: Line = Field(default="", description="What the feed brings, in a sentence for subscribers.")
    bundle: Bundle = Field(default="item", description="Whether an entry is an item, or lists those of a day or week.")
    topics: list[Text] = Field(default=[], description="Topics of which an item must have at least one.")
    sources: list[Text] = Field(default=[], description="Sources of which an item must come from one.")
    institutions: list[Institution] = Field(default=[], description="The sorts of publisher that are let in.")
    countries: list[Country] = Field(default=[], description="The publishers' countries that are let in.")
    languages: list[Language] = Field(default=[], description="The languages of items that are let in.")
    query: Line = Field(default="", description="A phrase that title or text must hold.")
    stories: Folding = Field(
        default="fold", description="Whether a story is one entry that names its other sources, or each telling is one."
    )
    suggestions: Literal["include", "leave-out"] = Field(
        default="leave-out", description="Whether topics that are only suggested for an item count as its topics."
    )
    mentions: list[Text] = Field(
        default=[],
        description="Countries (by code) and institutions (by id) of which the text must name one, whoever publishes.",
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


class LimitsShape(Shape):
    """How much an issue prints before its annex."""

    model_config = ConfigDict(title="Limits")

    words: int = Field(
        default=1_500, ge=0, le=100_000, description="Words before the annex; two characters of Chinese or Japanese "
        "count as one, 0 sets no limit."
    )  # fmt: skip
    per_topic: int = Field(default=6, ge=1, le=1_000, description="Statements in full under one topic.")
    per_source: int = Field(default=8, ge=1, le=1_000, description="Items in full of one source.")
    highlights: int = Field(default=5, ge=0, le=8, description="Sentences at the head of an issue.")


class MailShape(Shape):
    """How briefings go out by mail."""

    model_config = ConfigDict(title="Mail")

    server: MailServer = Field(
        default="",
        description="The SMTP server: smtp://user:${PASSWORD}@host:587 or smtps://host; ${NAME} stands for a variable "
        "of the environment. BRIEFING_SMTP_URL in the environment goes before it.",
    )
    sender: MailAddress = Field(
        default="",
        alias="from",
        title="From",
        description="The address mails come from; the site's contact if left out.",
    )
    reply_to: MailAddress = Field(default="", description="The address that answers go to, where it is another.")
    unsubscribe_to: MailAddress = Field(
        default="", description="A mailbox that you read, where readers may ask to be taken off, besides the link."
    )
    list_id: ListId = Field(
        default="", description="The end of the List-Id that mail programs file by; the site's host if left out."
    )
    rate: int = Field(
        default=20, ge=0, le=10_000, description="The most mails handed over in a second; 0 for no limit."
    )
    connections: int = Field(default=2, ge=1, le=20, description="How many connections to the server at a time.")
    bounces: Line = Field(
        default="", description="A Maildir, beside this file or anywhere, where notices of mail that came back lie."
    )
    soft_bounces: int = Field(
        default=4,
        ge=1,
        le=50,
        description="How many mails in a row come back for a while before an address is given up.",
    )


class BriefingShape(Shape):
    """One recurring document."""

    model_config = ConfigDict(title="Briefing")

    id: Id = Field(description="The briefing's name in its address, never to be changed: lower case, digits, hyphens.")
    title: Line = Field(description="The title printed on every issue.")
    period: PeriodKind = Field(
        default="week", description="What an issue covers: a day, an ISO week or a month in the site's zone."
    )
    publish: Publication | None = Field(
        default=None,
        description="When an issue comes out, in the site's time zone: 07:00 for days, monday 07:00 for weeks, 1 07:00 "
        "for months (the day of the next month); at seven on the first of these days if left out.",
    )
    topics: list[Text] = Field(default=[], description="The topics in the order of print; all of the file if left out.")
    formats: list[Text] = Field(default=[], description="The formats of an issue; all that there are if left out.")
    limits: LimitsShape = Field(
        title="Limits",
        default_factory=LimitsShape,
        json_schema_extra={"default": {}},
        description="How much an issue prints before its annex, which lists whatever was kept out.",
    )
    recipients: People = Field(
        default=None,
        description="Who gets it by mail: addresses, or entries with wishes of their own; or the name of a file with "
        "them beside this one (.csv, .txt, .yaml). The log names nobody of them.",
    )


class ColoursShape(Shape):
    """Two colours, each for light and for dark pages."""

    model_config = ConfigDict(title="Colours")

    accent: LightColour = Field(default=House().accent, description="Links and the newest bars of charts, on light.")
    accent_dark: DarkColour = Field(default=House().accent_dark, description="The same on dark pages.")
    warning: LightColour = Field(default=House().warning, description="What needs attention, on light.")
    warning_dark: DarkColour = Field(default=House().warning_dark, description="The same on dark pages.")


class HouseShape(Shape):
    """How documents look: in every format, by mail and on the site."""

    model_config = ConfigDict(title="House style")

    name: Line | Literal[""] = Field(default="", description="The name of the house at the head of documents.")
    logo: Line | Literal[""] = Field(
        default="",
        description="An SVG file beside this one, of at most 64 kB, without scripts, images or style sheets.",
    )
    colours: ColoursShape = Field(
        title="Colours",
        default_factory=ColoursShape,
        json_schema_extra={"default": {}},
        description="#rrggbb, each with a contrast of at least 4.5:1 (WCAG 2.2, AA) against our paper.",
    )
    footer: Line | Literal[""] = Field(default="", description="A line at the foot of documents.")


class ChannelShape(Shape):
    """Where news or files are sent."""

    model_config = ConfigDict(title="Channel")

    id: Id = Field(description="The channel's name in commands, never to be changed: lower case, digits, hyphens.")
    kind: ChannelKind = Field(
        description="What it is: a signed webhook, a chat's incoming webhook (slack, teams, mattermost), or a copy of "
        "the published files in a folder or at an S3-like service."
    )
    url: Address | None = Field(
        default=None, description="The address of a webhook, or of the S3-like service (by default that of Amazon)."
    )
    url_env: Variable | None = Field(
        default=None, description="The variable of the environment that holds the address; those of chats are secret."
    )
    secret_env: Variable | None = Field(
        default=None,
        description="The variable of the environment that holds the secret: of a webhook's signature, or of the S3 key "
        "(AWS_SECRET_ACCESS_KEY if left out).",
    )
    key_env: Variable | None = Field(
        default=None,
        description="The variable of the environment that holds the id of the S3 key (AWS_ACCESS_KEY_ID if left out).",
    )
    events: list[Happening] = Field(
        default=["issue", "erratum"],
        min_length=1,
        description="What it is told of: each new item, items that a digest takes, issues, errata to issues.",
    )
    digests: list[Text] = Field(
        default=[], description="The digests whose items it is told of, where events name digest; all if left out."
    )
    give_up: Pace = Field(
        default=timedelta(days=3),
        json_schema_extra={"default": "3d"},
        description="After how long a message that is not taken is given up and listed by `status`, from 1m to 30d.",
    )
    allow_private: bool = Field(
        default=False, description="Whether the receiver may stand in a private network, which is refused otherwise."
    )
    path: Line | None = Field(default=None, description="The folder that the published files are copied to.")
    bucket: Line | None = Field(default=None, description="The bucket at the S3-like service.")
    prefix: Prefix = Field(default="", description="What stands before the names of all files in the bucket.")
    region: Line = Field(default="us-east-1", description="The region of the S3-like service.")


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
