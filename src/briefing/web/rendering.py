"""From a view to a page: templates, and the words and attributes they use."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from briefing.editions.quotes import opening
from briefing.outputs import wording
from briefing.outputs.addresses import is_web, uri
from briefing.outputs.issue_words import foreign, language, name_language
from briefing.outputs.linkwords import link_reason, link_words, member_reason
from briefing.text import UNSPACED, clean, one_line
from briefing.web import charts, looks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from briefing.model import Item, Label, Source
    from briefing.web.frame import Frame

_LEAD = 220  # characters of an item's opening that a list prints
_LEAD_UNSPACED = 110  # the same in scripts that say more in a character
_MOST_LINKS = 80  # feeds named in the head of a page: more would weigh more than the page
_FORMATS = (("atom", "application/atom+xml"), ("rss", "application/rss+xml"), ("json", "application/feed+json"))


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows: its template and what that prints.

    `feeds` are paths without endings and titles of the feeds that belong to the page; the first is offered in every
    format, the others as Atom.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    feeds: tuple[tuple[str, str], ...] = ()
    status: int = 200


def render(frame: Frame, view: View, path: str) -> bytes:
    """The page as HTML in UTF-8; `path` is the address asked for, for the navigation."""
    page = (
        _environment()
        .get_template(f"{view.template}.html.jinja")
        .render(
            **view.values,
            frame=frame,
            site=frame.site,
            base=frame.base,
            path=path,
            alternates=list(_alternates(view.feeds)),
            style=asset_address("site.css"),
            icon=asset_address("icon.svg"),
            colours=looks.address(frame.house.style),
        )
    )
    return clean(page).encode()


def _alternates(feeds: tuple[tuple[str, str], ...]) -> Any:
    for place, (path, title) in enumerate(feeds[:_MOST_LINKS]):
        for ending, kind in _FORMATS if place == 0 else _FORMATS[:1]:
            yield kind, f"{title} ({ending.upper()})" if ending != "atom" else title, f"/{path}.{ending}"


# ---------------------------------------------------------------- static files


@cache
def assets() -> dict[str, tuple[bytes, str]]:
    """The static files and their media types, by names that hold a hash of their content: they never change."""
    kinds = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
    found = {}
    for file in (resources.files("briefing.web") / "static").iterdir():
        stem, _, ending = file.name.rpartition(".")
        if ending in kinds:
            body = file.read_bytes()
            found[f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}"] = (body, kinds[ending])
    return found


def asset_address(name: str) -> str:
    """The path of a static file."""
    stem, _, ending = name.rpartition(".")
    return next(f"/static/{held}" for held in assets() if held.startswith(f"{stem}.") and held.endswith(f".{ending}"))


# ---------------------------------------------------------------- templates


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("briefing.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters |= {
        "aloud": charts.aloud,
        "day_words": _day_words,
        "foreign": foreign,
        "hreflang": _hreflang,
        "institution_words": wording.institution_words,
        "is_web": is_web,
        "iso": _iso,
        "lang": _lang,
        "language_name": wording.language_name,
        "link_words": link_words,
        "link_reason": link_reason,
        "lead": _lead,
        "member_reason": member_reason,
        "name_lang": _name_lang,
        "one_line": one_line,
        "query": _query,
        "quoted": wording.quoted,
        "shown_labels": _shown_labels,
        "title": _title,
        "tongue": language,
        "uri": uri,
    }
    environment.globals |= {"bars": charts.bars, "count": wording.count_words, "chart_size": charts.size()}
    return environment


def _lang(code: str) -> Markup:
    """The attributes of a passage: its language where that is not the page's, its direction where that is known."""
    marks = Markup(' lang="{}"').format(code) if foreign(code) else Markup()
    return marks + (Markup(' dir="rtl"') if wording.right_to_left(code) else Markup())


def _hreflang(code: str) -> Markup:
    return Markup(' hreflang="{}"').format(code) if foreign(code) else Markup()


def _name_lang(source: Source) -> Markup:
    return _lang(name_language(source))


def _day_words(day: date | str) -> str:
    return wording.day_words(date.fromisoformat(day) if isinstance(day, str) else day)


def _iso(moment: datetime) -> str:
    """A moment as HTML takes it: no finer than seconds."""
    return moment.isoformat(timespec="seconds")


def _title(item: Item) -> str:
    return one_line(item.title) or item.url or "Without a title"


def _lead(item: Item) -> str:
    """The opening of an item's text, empty where there is none."""
    limit = _LEAD_UNSPACED if item.language in UNSPACED else _LEAD
    return opening(item.title, item.lead, item.language, limit)


def _shown_labels(item: Item) -> list[Label]:
    """The labels that a list prints: those the item is about, where there are none those it mentions."""
    return [label for label in item.labels if label.level == "primary"] or list(item.labels)


def _query(values: Mapping[str, Any]) -> str:
    """A query string of what is set, with its question mark; empty where nothing is."""
    asked = urlencode({name: value for name, value in values.items() if value})
    return f"?{asked}" if asked else ""
