"""Feeds and listings in the shapes in which ministries really publish: read once, and again in every way that fools.

The institutions are invented; the markup is that of the programs that ministries run.
"""

# ruff: noqa: E501 - documents as they are sent

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from briefing.model import ListRules
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    HTML,
    clock,
    parsing,
    press,
    source,
    street,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

Row = tuple[str, str, str, str]  # number, title, date as printed, date as understood


@dataclass(frozen=True)
class Shape:
    """A document and what it holds; `made` takes rows and a mark that guids and addresses may carry."""

    made: Callable[[list[Row], str, str], str]
    rows: list[Row]
    encoding: str = "utf-8"
    content_type: str = "text/xml"
    guids: bool = True  # it has guids that may change
    more: dict[str, Any] = field(default_factory=dict)


def joined(form: str, rows: list[Row], guid: str, mark: str) -> str:
    return "".join(form.format(n=n, t=title, d=date, g=f"{guid}{n}", m=mark) for n, title, date, _ in rows)


def rdf(rows: list[Row], guid: str, mark: str) -> str:
    """RSS 1.0 as a Japanese ministry's CMS writes it: the date in Japan's time."""
    items = joined(
        '<item rdf:about="https://mofa.example/press/{n}.html{m}"><title>{t}</title><link>https://mofa.example/press/{n}.html{m}</link><description/><dc:date>{d}</dc:date></item>\n',
        rows,
        guid,
        mark,
    )
    seq = "".join(f'<rdf:li rdf:resource="https://mofa.example/press/{n}.html"/>' for n, *_ in rows)
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" xml:lang="ja"><channel rdf:about="https://mofa.example/rss.rdf"><title>外交省 新着情報</title><link>https://mofa.example/</link><description>新着</description><items><rdf:Seq>{seq}</rdf:Seq></items></channel>{items}</rdf:RDF>'


def presidency(rows: list[Row], guid: str, mark: str) -> str:
    """Atom with ids that are addresses, dates with an offset, and a summary in HTML."""
    entries = joined(
        '<entry><id>{g}</id><link rel="alternate" type="text/html" href="http://president.example/events/{n}{m}"/><published>{d}</published><updated>{d}</updated><title type="text">{t}</title><summary type="html">&lt;p&gt;{t}&lt;/p&gt;</summary><author><name>Канцелярия</name></author></entry>\n',
        rows,
        guid,
        mark,
    )
    return f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ru"><title>События</title><id>http://president.example/</id><updated>2026-02-27T18:00:00+03:00</updated><link rel="next" href="http://president.example/feed/page/2"/>{entries}</feed>'


def wordpress(rows: list[Row], guid: str, mark: str) -> str:
    """RSS 2.0 of WordPress: guids with ?p=, content:encoded, comments, and the line by which it signs."""
    items = joined(
        '<item>\n<title>{t}</title>\n<link>https://tank.example/2026/02/post-{n}/{m}</link>\n<comments>https://tank.example/2026/02/post-{n}/#respond</comments>\n<dc:creator><![CDATA[admin]]></dc:creator>\n<pubDate>{d}</pubDate>\n<category><![CDATA[Harbours]]></category>\n<guid isPermaLink="false">{g}</guid>\n<description><![CDATA[<p>{t}: a note. [&#8230;]</p>\n<p>The post <a href="https://tank.example/2026/02/post-{n}/">{t}</a> appeared first on <a href="https://tank.example">Tank</a>.</p>\n]]></description>\n<content:encoded><![CDATA[<p>{t}, told at length in number {n}.</p>]]></content:encoded>\n<slash:comments>0</slash:comments></item>\n',
        rows,
        guid,
        mark,
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel><title>Tank</title><link>https://tank.example</link><generator>https://wordpress.org/?v=6.8</generator>{items}</channel></rss>'


def govuk(rows: list[Row], guid: str, mark: str) -> str:
    """Atom as a government portal writes it: ids with the moment of the change behind a sign."""
    entries = joined(
        '<entry><id>https://gov.example/government/news/{n}#{g}</id><updated>{d}</updated><link rel="alternate" type="text/html" href="https://gov.example/government/news/{n}{m}"/><title>{t}</title><summary>{t} in brief.</summary></entry>',
        rows,
        guid,
        mark,
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><feed xml:lang="en-GB" xmlns="http://www.w3.org/2005/Atom"><id>tag:gov.example,2005:/search/news-and-communications.atom</id><title>News and communications</title><updated>2026-02-27T10:00:00Z</updated>{entries}</feed>'


def sharepoint(rows: list[Row], guid: str, mark: str) -> str:
    """RSS 2.0 of a SharePoint list: fields in a description in HTML, dates without a zone of their own."""
    items = joined(
        '<item><title>{t}</title><link>https://defence.example/Lists/Press/DispForm.aspx?ID={n}{m}</link><description><![CDATA[<div><b>Body:</b> <div class="ExternalClass9F">{t}. Number {n}.</div></div>\n<div><b>Created:</b> {d}</div>\n]]></description><author>System Account</author><pubDate>{d}</pubDate><guid isPermaLink="true">https://defence.example/Lists/Press/DispForm.aspx?ID={n}{g}</guid></item>',
        rows,
        guid,
        mark.replace("?", "&amp;"),
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!--RSS generated by Microsoft SharePoint Foundation RSS Generator on 2/27/2026 9:00:00 AM -->\n<?xml-stylesheet type="text/xsl" href="/_layouts/RssXslt.aspx" version="1.0"?>\n<rss version="2.0"><channel><title>Defence: Press</title><link>https://defence.example/Lists/Press</link><ttl>60</ttl>{items}</channel></rss>'


def old_091(rows: list[Row], guid: str, mark: str) -> str:
    """RSS 0.91 with its DOCTYPE, in an 8-bit encoding, with no date and no guid."""
    items = joined(
        "<item><title>{t}</title><link>http://senate.example/doc.php3?nr={n}</link><description>{t}</description></item>\n",
        rows,
        guid,
        mark,
    )
    return f'<?xml version="1.0" encoding="windows-1251"?>\n<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">\n<rss version="0.91"><channel><title>Сенат</title><link>http://senate.example/</link><description>Документы</description><language>ru</language>{items}</channel></rss>'


def json_feed(rows: list[Row], guid: str, mark: str) -> str:
    """JSON Feed 1.1."""
    items = ",".join(
        f'{{"id":"{guid}{n}","url":"https://lab.example/notes/{n}{mark}","title":"{title}","content_text":"{title}, in number {n}.","date_published":"{date}"}}'
        for n, title, date, _ in rows
    )
    return f'{{"version":"https://jsonfeed.org/version/1.1","title":"Lab","home_page_url":"https://lab.example/","items":[{items}]}}'


def drupal_feed(rows: list[Row], guid: str, mark: str) -> str:
    """RSS 2.0 of a Drupal view: the title's markup escaped, fields in divs, a guid of site and node."""
    items = joined(
        '<item><title>{t}</title><link>https://eu.example/en/news/{n}{m}</link><description>&lt;span class="field field--name-title"&gt;{t}&lt;/span&gt;&lt;div class="field field--name-body"&gt;&lt;p&gt;{t}. Number {n} of the year.&lt;/p&gt;&lt;/div&gt;</description><pubDate>{d}</pubDate><dc:creator>editor</dc:creator><guid isPermaLink="false">{g} at https://eu.example</guid></item>',
        rows,
        guid,
        mark,
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0" xml:base="https://eu.example/en"><channel><title>News</title><link>https://eu.example/en</link><language>en</language>{items}</channel></rss>'


def broken_utf8(rows: list[Row], guid: str, mark: str) -> str:
    """A feed behind a blank line, that says windows-1251 and is UTF-8, with a stray control character and something behind its end."""
    items = joined(
        "<item><title><![CDATA[ {t} ]]></title><link>https://min.example/news/{n}/{m}</link><guid>{g}</guid><pubDate>{d}</pubDate><description><![CDATA[{t}\x0b.]]></description></item>",
        rows,
        guid,
        mark,
    )
    return f'\n<?xml version="1.0" encoding="windows-1251"?><rss version="2.0"><channel><title>Министерство</title>{items}</channel></rss>\n<!-- 0.12s -->'


def typo3(rows: list[Row], guid: str, mark: str) -> str:
    """A listing of TYPO3's news extension: `time` with its datetime, links with a checksum."""
    items = joined(
        '<div class="article articletype-0" itemscope itemtype="http://schema.org/Article"><div class="header"><h3><a itemprop="url" title="{t}" href="/presse/detail/{n}/{m}"><span itemprop="headline">{t}</span></a></h3></div><div class="teaser-text"><div itemprop="description"><p>{t}</p></div><div class="footer"><p><span class="news-list-date"><time itemprop="datePublished" datetime="{d}">{d}</time></span></p></div></div></div>\n',
        rows,
        guid,
        mark,
    )
    return f'<!DOCTYPE html><html lang="de"><head><title>Presse</title><base href="https://amt.example/"></head><body><div class="news"><div class="news-list-view">{items}</div></div></body></html>'


def sjis(rows: list[Row], guid: str, mark: str) -> str:
    """A hand-made list in Shift_JIS: dates of the era in full-width digits, relative links."""
    items = joined('<dt>{d}</dt>\n<dd><a href="./{n}.html{m}">{t}</a></dd>\n', rows, guid, mark)
    return f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS"><title>報道発表</title></head><body><dl class="list">{items}</dl></body></html>'


def bitrix(rows: list[Row], guid: str, mark: str) -> str:
    """A listing of 1C-Bitrix in windows-1251."""
    items = joined(
        '<div class="news-item" id="bx_{g}{n}"><span class="news-date-time">{d}</span><a href="/press/news/{n}/{m}"><b>{t}</b></a><br />{t}</div>\n',
        rows,
        guid,
        mark,
    )
    return f'<html><head><meta charset="windows-1251"><title>Новости</title></head><body><div class="news-list">{items}</div></body></html>'


EN = [
    ("301", "Harbour board & ferry line: a statement", "Fri, 27 Feb 2026 09:30:00 +0000", "2026-02-27"),
    ("300", "Statement on the strait", "Thu, 26 Feb 2026 09:30:00 +0000", "2026-02-26"),
    ("299", "Statement on the strait", "Wed, 25 Feb 2026 23:30:00 -0500", "2026-02-25"),
]
ISO = [
    ("301", "Ferry line reopened", "2026-02-27T09:30:00Z", "2026-02-27"),
    ("300", "Berths for herring boats", "2026-02-26T09:30:00+00:00", "2026-02-26"),
    ("299", "Berths for herring boats", "2026-02-25T21:00:00+00:00", "2026-02-25"),
]
JA = [
    ("11_000301", "港湾委員会第３回会合の開催", "2026-02-27T01:30:00+09:00", "2026-02-27"),
    ("11_000300", "日北合同委員会合意について", "2026-02-26T18:00:00+09:00", "2026-02-26"),
    ("11_000299", "日北合同委員会合意について", "2026-02-19T18:00:00+09:00", "2026-02-19"),
]
RU = [
    ("80301", "Встреча с лоцманами «Северной гавани»", "2026-02-27T00:30:00+03:00", "2026-02-27"),
    ("80300", "Заявление о проливе", "2026-02-26T15:00:00+03:00", "2026-02-26"),
    ("80299", "Телефонный разговор", "2026-02-25T15:00:00+03:00", "2026-02-25"),
]
RU_MAIL = [
    ("80301", "Встреча с лоцманами", "Fri, 27 Feb 2026 12:30:00 +0300", "2026-02-27"),
    ("80300", "Заявление о проливе", "Thu, 26 Feb 2026 15:00:00 +0300", "2026-02-26"),
    ("80299", "Телефонный разговор", "Wed, 25 Feb 2026 15:00:00 +0300", "2026-02-25"),
]
UNDATED = [(n, title, "", "") for n, title, _, _ in RU]
DE = [
    ("fischerei-im-norden", "Fischerei im Norden: Gespräche gehen weiter", "2026-02-27", "2026-02-27"),
    ("faehre", "Fähre fährt wieder", "2026-02-26", "2026-02-26"),
    ("hafen", "Häfen und Küsten", "2026-02-25", "2026-02-25"),
]
ERA = [
    ("r8_0227", "第３回会合の結果（概要）", "令和８年２月２７日", "2026-02-27"),
    ("r8_0226", "北島沿岸の漁業について", "令和８年２月２６日", "2026-02-26"),
    ("r1_0501", "改元に伴う手続", "令和元年５月１日", "2019-05-01"),
]
BITRIX = [
    ("4711", "О работе причалов", "27.02.2026", "2026-02-27"),
    ("4710", "О паромной линии", "26.02.2026 14:05", "2026-02-26"),
    ("4709", "О сельди", "25 февраля 2026", "2026-02-25"),
]
LIST_TYPO3 = ListRules(item=".article", link="a@href", title="h3", date="time@datetime")
LIST_SJIS = ListRules(item="dd", link="a@href", title="a", date="xpath:preceding-sibling::dt[1]")
LIST_BITRIX = ListRules(item=".news-item", link="a@href", title="a b", date=".news-date-time")
PAGE: dict[str, Any] = {"kind": "page", "full_text": "never"}

SHAPES = {
    "rdf": Shape(rdf, JA, content_type="application/rdf+xml", guids=False),
    "presidency": Shape(presidency, RU, content_type="application/atom+xml"),
    "wordpress": Shape(wordpress, EN),
    "govuk": Shape(govuk, ISO),
    "sharepoint": Shape(sharepoint, EN),
    "old-091": Shape(old_091, UNDATED, "windows-1251", guids=False),
    "json": Shape(json_feed, ISO, content_type="application/json"),
    "drupal": Shape(drupal_feed, EN),
    "broken": Shape(broken_utf8, RU_MAIL, content_type="text/xml; charset=windows-1251"),
    "typo3": Shape(typo3, DE, content_type=HTML, guids=False, more={**PAGE, "listing": LIST_TYPO3}),
    "sjis": Shape(sjis, ERA, "cp932", "text/html", guids=False, more={**PAGE, "listing": LIST_SJIS}),
    "bitrix": Shape(bitrix, BITRIX, "windows-1251", "text/html", more={**PAGE, "listing": LIST_BITRIX}),
}


def shown(press: Any, name: str, rows: list[Row], guid: str = "tag:x,2026:", mark: str = "") -> None:
    shape = SHAPES[name]
    body = shape.made(rows, guid, mark)
    if shape.content_type != HTML and shape.more == {} and name != "json":
        body = re.sub(r"&(?!\w+;|#)", "&amp;", body)
    press.says(f"/{name}", body.encode(shape.encoding), content_type=shape.content_type)


def expected(shape: Shape) -> list[tuple[str, str]]:
    return sorted((" ".join(title.split()), day) for _, title, _, day in shape.rows)


@pytest.fixture
def desk(street, press):
    sources = []
    for name, shape in SHAPES.items():
        shown(press, name, shape.rows)
        fields = {"full_text": "never", "language": None, "timezone": None} | shape.more
        sources.append(source(name, f"/{name}", press, **fields))
    made = street(*sources)
    made.collect()
    return made


def held(made: Any, name: str) -> list[tuple[str, str]]:
    return sorted((item.title, (item.published.value or "")) for item in made.items(source=name))


def test_every_shape_is_read_once_and_again_in_every_way_that_fools(desk, press):
    for name, shape in SHAPES.items():
        found = [(title, day[:10]) for title, day in held(desk, name)]
        assert found == expected(shape), name
    before, head = {name: held(desk, name) for name in SHAPES}, len(desk.events("item.observed"))
    for rows, guid, mark in (
        (slice(None), "tag:x,2026:", ""),  # the same again
        (slice(None, None, -1), "tag:x,2026:", ""),  # in another order
        (slice(None), "urn:new:", ""),  # with other guids
        (slice(None), "tag:x,2026:", "?utm_source=rss&utm_medium=feed"),  # with tracking parameters
        (slice(None, None, -1), "urn:third:", "?utm_source=x"),  # all at once
        (slice(1, 2), "tag:x,2026:", ""),  # a window that shrank
    ):
        for name, shape in SHAPES.items():
            given = guid if shape.guids else "tag:x,2026:"
            shown(press, name, shape.rows[rows], given, mark)
        results = desk.collect()
        assert {name: one.failure for name, one in results.items() if one.failure} == {}
        assert {name: one.new for name, one in results.items() if one.new} == {}
        assert {name: one.revised for name, one in results.items() if one.revised} == {}
        assert {name: held(desk, name) for name in SHAPES} == before
    assert len(desk.events("item.observed")) == head
