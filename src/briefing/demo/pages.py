"""The web pages of the world: an institution's listing, a publication's own page, and what stands there instead."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from briefing.demo.dates import dateline, japanese_era

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.demo.content import Publication
    from briefing.demo.institutions import Institution

_WORDS = {
    "en": ("Press releases", "About us", "Search", "Back to all texts", "Terms of use. Accessibility."),
    "ja": ("報道発表", "外務省について", "検索", "一覧へ戻る", "利用規約　アクセシビリティ"),
    "ru": ("Новости", "О министерстве", "Поиск", "К списку материалов", "Условия использования. Доступность."),
}


def listing(place: Institution, shown: Sequence[Publication]) -> str:
    """All publications of an institution, newest first, in the manner of its form."""
    heading = _WORDS[place.language][0]
    body = _table(shown) if place.form == "eras" else _days(shown, place.language)
    return _page(place, heading, f"<h1>{heading}</h1>\n{body}", place.language)


def article(item: Publication, number: int) -> str:
    """A publication's own page. The ministry in English heads every page with its section, as many ministries do."""
    place = item.institution
    section, *_, back, _ = _WORDS[place.language]
    title = escape(item.title)
    head = f"<h1>{section}</h1>\n<h2>{title}</h2>" if place.form == "days" else f"<h1>{title}</h1>"
    stamp = f'<p class="date">{dateline(item.published.date(), place.language)}</p>\n' if item.dated else ""
    author = f'<p class="author">{escape(item.author)}</p>\n' if item.author else ""
    head = f'<header class="head">\n{head}\n{stamp}{author}</header>'
    text = f'<article class="text">\n{paragraphs(item.text(number))}\n</article>'
    body = f'{head}\n{text}\n<p class="back"><a href="{place.home}">{back}</a></p>'
    return _page(place, item.title, body, item.language)


def paragraphs(text: str) -> str:
    """A text as HTML: a paragraph each, a heading where it opens with `## `."""
    return "\n".join(
        f"<h3>{escape(part[3:], quote=False)}</h3>" if part.startswith("## ") else f"<p>{escape(part, quote=False)}</p>"
        for part in text.split("\n\n")
    )


def notice(place: Institution) -> str:
    """The web page that stands where a feed should be."""
    text = (
        "<h1>We are renewing our website</h1>\n<p>News of the Chancellery will be found here again shortly. "
        "For urgent enquiries please write to the duty officer.</p>"
    )
    return _page(place, "We are renewing our website", text, "en")


def _days(shown: Sequence[Publication], language: str) -> str:
    """A heading a day with that day's links below it."""
    return "\n".join(
        f'<div class="day"><h3>{dateline(day, language)}</h3>\n<ul>{_links(list(items))}</ul></div>'
        for day, items in groupby(shown, key=lambda item: item.published.date())
    )


def _links(items: Sequence[Publication]) -> str:
    return "".join(f'<li><a href="{item.path}">{escape(item.title)}</a></li>' for item in items)


def _table(shown: Sequence[Publication]) -> str:
    """A row each: the day in the Japanese era, then the link."""
    rows = "\n".join(
        f'<tr><td class="hizuke">{japanese_era(item.published.date())}</td>'
        f'<td class="midashi"><a href="{item.path}">{escape(item.title)}</a></td></tr>'
        for item in shown
    )
    return f'<table class="houdou"><tbody>\n{rows}\n</tbody></table>'


def _page(place: Institution, title: str, body: str, language: str) -> str:
    news, about, search, _, terms = _WORDS[place.language]
    menu = "".join(f'<li><a href="{place.home}">{word}</a></li>' for word in (news, about, search))
    return f"""<!DOCTYPE html>
<html lang="{language}"><head><meta charset="{place.encoding}"><title>{escape(title)} | {escape(place.name)}</title>
<meta property="og:title" content="{escape(title)}"><link rel="canonical" href="{{{{base}}}}{place.home}"></head>
<body><header><p class="brand">{escape(place.name)}</p><nav><ul>{menu}</ul></nav></header>
<main>
{body}
</main>
<footer><p>{terms}</p></footer></body></html>
"""
