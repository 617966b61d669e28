"""What a publisher says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from briefing.model.wire import NO_HINTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefing.model.wire import Hints
    from briefing.model.words import DateOrigin, Precision, Relation


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
