"""The keys of sources in sources.yaml."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from briefing.config.fields import (
    Address,
    Agent,
    Country,
    DateFormat,
    Day,
    HeaderName,
    HeaderValue,
    Id,
    Language,
    Line,
    Pace,
    Pagination,
    Pattern,
    Recheck,
    Selector,
    Shape,
    Text,
    Zone,
)
from briefing.model import RECHECK, FullText, Institution, Redistribute, TextStatus


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
