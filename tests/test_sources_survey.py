"""Documents of which nothing is known: what they are, which feeds they name, what they seem to list."""

from __future__ import annotations

import pytest

from briefing.model import Fetched, Source, SourceId
from briefing.sources import KINDS
from briefing.sources.survey import survey

NAV = (
    "<nav><ul><li><a href='/about'>All about the ministry</a><li><a href='/tasks'>What we do all day long</a>"
    "<li><a href='/people'>People and their tasks here</a></ul></nav>"
)
ASIDE = (
    "<div class='sidebar'><ul><li><a href='/x1'>A related link of the ministry</a>"
    "<li><a href='/x2'>Another related link</a>"
    "<li><a href='/x3'>A third related link of it</a></ul></div>"
)
DAYS = range(20, 12, -1)
PAGES = {
    "a list with dates beside": (
        "en",
        "<ul class='press'>"
        + "".join(
            f"<li><span class='date'>{d} March 2017</span> <a href='/r/{d}'>Statement of day {d}</a></li>" for d in DAYS
        )
        + "</ul>",
        8,
    ),
    "a table with odd and even rows": (
        "de",
        "<table id='liste'>"
        + "".join(
            f"<tr class='{'odd' if d % 2 else 'even'}'><td class='d'>{d}.03.2017</td>"
            f"<td><a href='/r/{d}'>Mitteilung über Tag {d}</a>"
            f" <a href='/r/{d}'>mehr</a></td></tr>"
            for d in DAYS
        )
        + "</table>",
        8,
    ),
    "items under headings of days": (
        "ja",
        "".join(
            f"<div class='day'><h3>平成29年3月{d}日</h3><ul><li><a href='/r/{d}'>大臣会見の記録（第{d}回）</a></li>"
            f"<li><a href='/q/{d}'>報道発表資料その{d}について</a></li></ul></div>"
            for d in DAYS
        ),
        16,
    ),
    "cards with time elements and invitations": (
        "ru",
        "<section class='news'>"
        + "".join(
            f"<article class='card card-{d}'><time datetime='2017-03-{d}'>{d} марта</time>"
            f"<h3><a href='/r/{d}'>О переговорах {d} марта</a></h3>"
            f"<p>Коротко о том, что было сказано.</p><a href='/r/{d}'>Подробнее</a></article>"
            for d in DAYS
        )
        + "</section>",
        8,
    ),
    "a definition list": (
        "en",
        "<dl>"
        + "".join(f"<dt>{d} March 2017</dt><dd><a href='/r/{d}'>Statement of day {d}</a></dd>" for d in DAYS)
        + "</dl>",
        8,
    ),
}  # fmt: skip


def fetched(body: str | bytes, url: str = "https://m.example/press/") -> Fetched:
    body = body.encode() if isinstance(body, str) else body
    return Fetched(url=url, final_url=url, status=200, headers={"content-type": "text/html; charset=utf-8"}, body=body)


def page(inside: str, language: str = "en", head: str = "") -> str:
    start = f"<!DOCTYPE html><html lang='{language}'><head><title>Press | Ministry</title>{head}</head>"
    return f"{start}<body>{inside}</body></html>"


@pytest.mark.parametrize("name", PAGES)
def test_the_list_of_a_page_is_found_with_its_links_titles_and_dates(name):
    language, inside, count = PAGES[name]
    answer = fetched(page(NAV + ASIDE + f"<main>{inside}</main>", language))
    best = survey(answer).listings[0]
    assert (best.items, best.dated) == (count, count)
    source = Source(
        id=SourceId("m"), name="M", institution="ministry", country="XV", url=answer.url, kind="page",
        language=language, listing=best.rules,
    )  # fmt: skip
    entries = KINDS["page"](source, answer, frozenset()).entries
    assert {entry.published.value for entry in entries} == {f"2017-03-{day}" for day in DAYS}
    assert all(entry.url.startswith(("https://m.example/r/", "https://m.example/q/")) for entry in entries)
    assert all(len(entry.title) > 10 and "марта 2017" not in entry.title for entry in entries)


def test_a_page_without_anything_that_repeats_lists_nothing():
    assert survey(fetched(page("<p>Nothing to see.</p>" + NAV))).listings == ()


def test_the_feeds_of_a_page_are_those_it_names_then_those_it_links_to_comments_last():
    head = (
        "<link rel='alternate' type='application/rss+xml' title='Comments' href='/comments/feed/'>"
        "<link rel='ALTERNATE' type='application/atom+xml; charset=utf-8' title=' All  news ' href='../atom'>"
        "<link rel='alternate' hreflang='ja' type='text/html' href='/ja/'>"
        "<link rel='stylesheet' type='text/css' href='/feed.css'>"
    )
    found = survey(fetched(page("<a href='/rss.xml'>RSS</a><a href='javascript:x'>no</a>", head=head))).feeds
    assert [(one.url, one.title) for one in found] == [
        ("https://m.example/atom", "All news"),
        ("https://m.example/rss.xml", "RSS"),
        ("https://m.example/comments/feed/", "Comments"),
    ]


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ("<?xml version='1.0'?><rss version='2.0'><channel/></rss>", "feed", "a feed"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', "feed", "a feed"),
        ("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "sitemap", "a sitemap"),
        (b"%PDF-1.7", "", "a PDF document"),
        ("just words", "", "plain text"),
    ],
)
def test_what_a_document_is_shows_in_its_own_bytes(body, kind, words):
    found = survey(fetched(body))
    assert (found.kind, found.words) == (kind, words)


def test_a_page_of_many_thousand_nested_links_is_looked_at_all_the_same():
    survey(
        fetched(page("<div><ul><li class='a b'>" * 800 + "<a href='/x/1'>A link that leads to something</a>" * 20_000))
    )
