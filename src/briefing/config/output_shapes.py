"""The keys of what goes out in sources.yaml: digests, briefings, mail, house style, channels."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import ConfigDict, Field

from briefing.config.fields import (
    Address,
    Country,
    DarkColour,
    Id,
    Language,
    LightColour,
    Line,
    ListId,
    MailAddress,
    MailServer,
    Pace,
    People,
    Prefix,
    Publication,
    Shape,
    Text,
    Variable,
)
from briefing.model import Bundle, ChannelKind, Folding, Happening, House, Institution, PeriodKind


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
