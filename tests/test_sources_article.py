"""An item's own page: title, main text, date."""

import json
from typing import Any

import pytest

from briefing.errors import ParseError
from briefing.model import Article, ArticleRules, Fetched, Source, SourceId
from briefing.sources import read_article

PARAGRAPHS = [
    f"In the {word} hour the keeper of the northern light wrote that the sea had risen by {number} metres and fell."
    for number, word in enumerate(["first", "second", "third", "fourth", "fifth"], start=2)
]
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def read(
    html: str | bytes, *, url: str = "https://light.example/log/7", timezone: str | None = None, **rules: Any
) -> Article:
    body = html if isinstance(html, bytes) else html.encode()
    answer = Fetched(url=url, final_url=url, status=200, headers={"content-type": "text/html"}, body=body)
    source = Source(
        id=SourceId("light"), name="Light", institution="ministry", country="XX", url="https://light.example/",
        timezone=timezone, article=ArticleRules(**rules) if rules else None,
    )  # fmt: skip
    return read_article(source, answer)


def page(inner: str, head: str = "<title>The log of June</title>", lang: str = "en") -> str:
    return f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'>{head}</head><body>{inner}</body></html>"


MINISTRY = page(
    f"""<div id="head"><ul class="globalnav"><li><a href="/about">About us</a></li></ul></div>
    <div id="crumbs"><a href="/">Top</a> &gt; <a href="/sea">Sea</a></div>
    <div id="main"><h1>Lights and signals</h1><h2>The log of June</h2><p class="r">June 4, 2015</p>{BODY}
    <h3>Related Links</h3><ul><li><a href="/a">Another log</a></li></ul>
    <p><a href="/x">Back to Lights and signals</a></p></div>
    <div id="foot"><ul><li>Accessibility</li></ul><address>1 Cliff Road</address></div><script>var x = 1;</script>""",
    head="<title>The log of June | Ministry of Lights</title>",
)


def test_configured_selectors_are_followed():
    article = read(
        MINISTRY,
        title="h2",
        body="#main",
        date="p.r",
        drop=("h1", "xpath://p[a[starts-with(., 'Back')]]", "h3", "#main ul"),
    )
    assert (article.title, article.text) == ("The log of June", "\n".join(PARAGRAPHS))
    assert (article.published.value, article.published.origin, article.language) == ("2015-06-04", "page", "en")


@pytest.mark.parametrize("rules", [{}, {"body": "#main"}, {"body": "#gone"}])
def test_the_text_is_found_without_what_surrounds_it(rules):
    article = read(MINISTRY, **rules)
    assert article.title == "The log of June"
    assert article.text == "\n".join(PARAGRAPHS)
    assert article.published.value == "2015-06-04"


def test_a_table_page_of_old_in_its_old_encoding_is_read():
    html = (
        "<html><head><meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>"
        "<title>Журнал маяка</title></head>"
        "<body><table><tr><td class='left'><a href='/'>Главная</a><br><a href='/o'>О нас</a></td>"
        "<td><a href='/n'>« Назад</a>"
        "<h1>Журнал маяка</h1><span class='date'>04.06.2015 10:05</span><div class='text'>"
        "<p>Море поднялось и снова упало.</p>"
        "<p>Смотритель зажёг огонь.</p></div></td></tr></table></body></html>"
    )
    article = read(html.encode("windows-1251"), timezone="Europe/Moscow")
    assert article.title == "Журнал маяка"
    assert article.text == "Море поднялось и снова упало.\nСмотритель зажёг огонь."
    assert article.published.value == "2015-06-04T10:05:00+03:00"


@pytest.mark.parametrize(
    "holder", ["<article>{}</article>", "<main>{}</main>", "<div itemprop='articleBody'>{}</div>", "<div>{}</div>"]
)
def test_a_short_page_is_read_too(holder):
    html = page(
        "<nav><a href='/'>Home</a></nav>"
        + holder.format("<h1>The log of June</h1><p>All lamps lit.</p>")
        + "<footer>Write to us</footer>"
    )
    assert read(html).text == "All lamps lit."


@pytest.mark.parametrize("heading", ["<h3>Related information</h3>", "<p>関連リンク</p>", "<p>Читайте также:</p>"])
def test_what_follows_a_heading_for_other_things_is_cut_off(heading):
    others = "<ul><li><a href='/5'>The log of May</a> (the fifth of its kind)</li></ul><p>Ask the keeper.</p>"
    article = read(page(f"<div id='main'><h1>The log of June</h1>{BODY}{heading}{others}</div>"), body="#main")
    assert article.text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "surroundings",
    [
        ('<div id="pied"><p>© Ministère du Phare - Mentions légales - Traité des algues</p></div>', ""),
        ('<div id="stopka">Ministerstwo Latarni, ulica Morska 5, traktat o wodorostach</div>', ""),
        ("", '<header><ul><li><a href="/weeds">Treaty on weeds</a></li></ul></header>'),
        ("", '<div class="ustMenu ustmenu">Ana sayfa, yosun anlaşması, bakanlık</div>'),
    ],
)
def test_what_surrounds_a_text_is_told_by_its_name_in_other_languages_too(surroundings):
    below, above = surroundings
    assert (
        read(page(f"{above}<div><h2>The log of June</h2><div>{BODY}</div></div>{below}")).text.split("\n") == PARAGRAPHS
    )


def test_paragraphs_parted_by_line_breaks_alone_are_a_text_without_the_menu():
    body = "<br><br>".join(PARAGRAPHS)
    shown = read(
        page(
            f"""<div><a href="/weeds">Treaty on weeds</a></div><div class="view"><h3>The log of June</h3>
            <p class="when">4 June 2015</p><div>{body}</div></div><div class="sns">Share this</div>"""
        )
    )
    assert shown.text.split("\n") == PARAGRAPHS


def test_what_holds_most_of_the_text_is_the_text_whatever_it_is_called():
    shown = read(page(f'<div class="layout with-sidebar"><div class="featured">{BODY}</div><div>Share</div></div>'))
    assert shown.text.split("\n")[: len(PARAGRAPHS)] == PARAGRAPHS


@pytest.mark.parametrize(
    "notice",
    [
        "© The Light Board, 2015 - Weeds",
        "Все права защищены. Маяк",
        "版权所有：灯塔委员会",
        "Bản quyền thuộc về Hải đăng",
    ],
)
def test_a_notice_of_rights_is_no_text(notice):
    shown = read(page(f"<div><h1>The log of June</h1>{BODY}<p>{notice}</p></div>"))
    assert shown.text.split("\n") == PARAGRAPHS


def test_a_date_among_other_facts_between_bars_is_the_date_of_the_page():
    shown = read(
        page(f"<div><h1>The log of June</h1><p>4 June 2015 | Ann Keeper Lightwood | 0 comments</p>{BODY}</div>")
    )
    assert (shown.published.value, shown.text.split("\n")) == ("2015-06-04", PARAGRAPHS)


def test_links_are_absolute_and_markup_is_safe():
    html = page(f"<article><p>See <a href='../map?x=1&amp;y=2' onclick='x()'>the map</a> of it.</p>{BODY}</article>")
    article = read(html, body="article")
    assert 'href="https://light.example/map?x=1&amp;y=2"' in article.html
    assert "onclick" not in article.html


def test_captions_scripts_and_share_buttons_are_no_text():
    html = page(
        f"<article><h1>The log of June</h1>{BODY}<figure><img src='l.jpg' alt='The light'>"
        "<figcaption>Photo: the light</figcaption></figure>"
        "<script>track()</script><p><a href='/share'>Share</a></p></article>"
        "<aside><h3>Featured</h3><p>Other things.</p></aside>"
    )
    text = read(html).text
    for absent in ("Photo", "track", "Share", "Featured", "Other things", "The log of June"):
        assert absent not in text
    assert all(paragraph in text for paragraph in PARAGRAPHS)


@pytest.mark.parametrize(
    ("head", "inner", "title"),
    [
        ('<meta property="og:title" content="Storm in May"><title>x</title>', "<h1>Section</h1>", "Storm in May"),
        ("<title>Storm in May | Lights</title>", "<h1>Section</h1><h2>Storm in May</h2>", "Storm in May"),
        ("<title>Storm in May - Lights</title>", "<h1>Storm in May</h1>", "Storm in May"),
        ("<title>Storm - in May</title>", "<h1>Section</h1>", "Storm - in May"),
        ('<meta property="og:site_name" content="Lights"><title>Storm – in May – Lights</title>', "", "Storm – in May"),
        ("<title>嵐の五月｜灯台局</title>", "", "嵐の五月"),
        ("", "<h1>Storm in May</h1>", "Storm in May"),
        (
            '<meta property="og:title" content="Lights"><meta property="og:site_name" content="Lights">'
            "<title>Storm in May | Lights</title>",
            "",
            "Storm in May",
        ),
    ],
)
def test_the_title_is_the_item_s_own_and_not_the_site_s_or_the_section_s(head, inner, title):
    assert read(page(f"{inner}<p>{PARAGRAPHS[0]}</p>", head=head)).title == title


LINKED = json.dumps(
    {"@graph": [{"@type": "WebPage"}, {"@type": "Article", "datePublished": "2015-06-04T10:00:00+02:00"}]}
)


@pytest.mark.parametrize(
    ("head", "inner", "expected"),
    [
        (f'<script type="application/ld+json">{LINKED}</script>', "", "2015-06-04T10:00:00+02:00"),
        ('<meta property="article:published_time" content="2015-06-04">', "", "2015-06-04"),
        ('<meta name="DC.date" content="2015-06">', "", "2015-06"),
        ("", '<time datetime="2015-06-04T10:00Z">June</time>', "2015-06-04T10:00:00+00:00"),
        ("<title>The log of June</title>", "<h1>The log of June</h1><p>Posted: 4 June 2015</p>", "2015-06-04"),
        ('<script type="application/ld+json">{broken</script><meta name="date" content="soon">', "", None),
        ("", "", None),
    ],
)
def test_the_date_is_where_pages_keep_it_and_never_invented(head, inner, expected):
    published = read(page(f"<article>{inner}{BODY}</article>", head=head)).published
    assert published.value == expected
    assert published.origin == ("page" if published.raw else "none")


def test_a_date_in_the_address_is_better_than_none():
    published = read(page(f"<article>{BODY}</article>"), url="https://light.example/2015/06/04/log").published
    assert (published.value, published.origin) == ("2015-06-04", "address")


def test_a_date_in_the_text_is_not_the_date_of_the_text():
    inner = (
        f"<h1>The log of June</h1>{BODY}<p>On 9 May 1945 the lamp was lit again after the war had ended at last.</p>"
    )
    assert read(page(f"<article>{inner}</article>")).published.value is None


@pytest.mark.parametrize(
    ("body", "named"),
    [(b"\x89PNG\r\n", "an image"), (b'{"a": 1}', "JSON")],
)
def test_what_is_no_page_is_named(body, named):
    with pytest.raises(ParseError, match=named) as caught:
        read(body)
    assert caught.value.failure == "not-a-feed"


@pytest.mark.parametrize("body", [b"", b"<html><body><nav><a href='/'>Home</a></nav></body></html>"])
def test_a_page_without_text_is_unparsable(body):
    with pytest.raises(ParseError) as caught:
        read(body)
    assert caught.value.failure == "unparsable"


def test_the_same_page_is_read_the_same_way_every_time():
    assert read(MINISTRY) == read(MINISTRY)
