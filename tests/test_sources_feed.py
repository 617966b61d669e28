"""Feeds as publishers really send them: what is read, what is kept of broken ones, what is refused."""

import codecs
import io
import json
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.errors import ParseError
from briefing.model import Fetched, Parsed, Source, SourceId
from briefing.sources import KINDS
from briefing.text import blocks, one_line

ADDRESS = "https://harbour.example/feeds/latest"
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
LONG = "The harbour board met on the quay and weighed the tariff. " * 12


def source(**changes: Any) -> Source:
    known: dict[str, Any] = {
        "id": SourceId("harbour"),
        "name": "Harbour Board",
        "institution": "ministry",
        "country": "XX",
    }
    return Source(**{**known, "url": ADDRESS, **changes})


def read(body: str | bytes, *, known: frozenset[str] = frozenset(), content_type: str = "application/xml") -> Parsed:
    body = body if isinstance(body, bytes) else body.encode()
    answer = Fetched(url=ADDRESS, final_url=ADDRESS, status=200, headers={"content-type": content_type}, body=body)
    return KINDS["feed"](source(), answer, known)


def failure(body: str | bytes, content_type: str = "text/xml") -> tuple[str, str]:
    with pytest.raises(ParseError) as caught:
        read(body, content_type=content_type)
    return caught.value.failure, str(caught.value)


def rss(*items: str, head: str = "", version: str = "2.0") -> str:
    return (
        f'<?xml version="1.0"?><rss version="{version}" {CONTENT} xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Harbour Board</title><link>https://harbour.example/</link>{head}{''.join(items)}</channel></rss>"
    )


def item(number: int, title: str | None = None, extra: str = "") -> str:
    title = title if title is not None else f"Notice {number}"
    return (
        f"<item><title>{title}</title><link>https://harbour.example/n/{number}</link>"
        f"<guid isPermaLink='false'>n-{number}</guid><description>Berth {number} is closed.</description>{extra}</item>"
    )


def titles(parsed: Parsed) -> list[str]:
    return [entry.title for entry in parsed.entries]


# ---------------------------------------------------------------- formats


def test_an_rss_2_entry_is_read_with_all_that_it_says():
    body = rss(
        item(
            7,
            extra="<dc:creator>Ines Falk</dc:creator><category>Ports</category><category>Tolls</category>"
            "<pubDate>Tue, 14 Mar 2017 09:00:00 JST</pubDate>"
            "<content:encoded><![CDATA[<p>One <a href='/maps'>map</a>.</p><p>Two &amp; three.</p>]]></content:encoded>",
        ),
        head="<language>en</language>",
    )
    parsed = read(body)
    (entry,) = parsed.entries
    assert (parsed.form, parsed.title, parsed.damage, parsed.encoding) == ("RSS 2.0", "Harbour Board", "", "utf-8")
    assert (entry.title, entry.url, entry.guid) == ("Notice 7", "https://harbour.example/n/7", "n-7")
    assert entry.text == "One map.\nTwo & three."
    assert entry.html == '<p>One <a href="https://harbour.example/maps">map</a>.</p><p>Two &amp; three.</p>'
    assert entry.summary == "Berth 7 is closed."
    assert (entry.authors, entry.categories, entry.language) == (("Ines Falk",), ("Ports", "Tolls"), "en")
    assert (entry.published.value, entry.published.origin) == ("2017-03-14T09:00:00+09:00", "feed")
    assert entry.complete
    assert len(entry.digest) == 64


@pytest.mark.parametrize("version", ["0.91", "0.92", "0.93", "0.94", "2.0"])
def test_every_version_of_rss_is_recognised_by_its_root(version):
    parsed = read(rss(item(1), version=version), content_type="text/html")
    assert parsed.form.startswith("RSS")
    assert titles(parsed) == ["Notice 1"]


def test_rss_1_is_read_with_its_dublin_core_date_and_full_text():
    parsed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" {CONTENT}>'
        '<channel rdf:about="/x"><title>Archive</title></channel>'
        '<item rdf:about="https://harbour.example/a"><title>Буй 4 снят</title><link>https://harbour.example/a</link>'
        "<dc:date>2017-03-06T14:31+03:00</dc:date><description>Short.</description>"
        "<content:encoded>&lt;p&gt;Whole story.&lt;/p&gt;</content:encoded></item></rdf:RDF>"
    )
    (entry,) = parsed.entries
    assert (parsed.form, entry.title, entry.text) == ("RSS 1.0", "Буй 4 снят", "Whole story.")
    assert entry.published.value == "2017-03-06T14:31:00+03:00"


def test_atom_links_bases_types_and_dates_are_understood():
    parsed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://tide.example/base/" xml:lang="de">'
        "<title type='html'>Tide &amp;amp; Time</title><entry><id>tag:tide.example,2020:1</id>"
        "<title type='html'>A &amp;lt; B &lt;b&gt;bold&lt;/b&gt;</title>"
        "<link rel='edit' href='edit/1'/><link rel='alternate' href='notes/1'/>"
        "<updated>2020-05-02T00:00:00Z</updated><published>2020-05-01T08:00:00Z</published>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Ebb <em>and</em> flow</p>"
        "<p>Rest</p></div></content>"
        "</entry></feed>"
    )
    (entry,) = parsed.entries
    assert parsed.title == "Tide & Time"
    assert (entry.url, entry.title, entry.language) == ("https://tide.example/base/notes/1", "A < B bold", "de")
    assert entry.text == "Ebb and flow\nRest"
    assert entry.published.value == "2020-05-01T08:00:00+00:00"


def test_atom_falls_back_to_the_date_of_the_last_change():
    parsed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:x:1</id><title>T</title>'
        "<updated>2020-05-02T00:00:00Z</updated></entry></feed>"
    )
    assert parsed.entries[0].published.value == "2020-05-02T00:00:00+00:00"


def test_atom_0_3_is_read():
    parsed = read(
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Old</title><entry><title>Dredging</title>'
        '<link rel="alternate" type="text/html" href="http://old.example/1"/><id>old-1</id>'
        "<issued>2004-02-01T10:00:00+01:00</issued>"
        '<content type="text/html" mode="escaped">&lt;p&gt;Mud.&lt;/p&gt;</content></entry></feed>'
    )
    (entry,) = parsed.entries
    assert (parsed.form, entry.text, entry.published.value) == ("Atom 0.3", "Mud.", "2004-02-01T10:00:00+01:00")


@pytest.mark.parametrize("version", ["1", "1.1"])
def test_json_feed_is_read_whatever_its_content_type_says(version):
    feed = {
        "version": f"https://jsonfeed.org/version/{version}",
        "title": "Lighthouse",
        "items": [
            {
                "id": 12,
                "url": "/lamps/12",
                "title": "Lamp 12",
                "content_html": "<p>Lit <script>x()</script>again.</p>",
                "date_published": "2021-01-02T03:04:05+01:00",
                "authors": [{"name": "Jon Vik"}],
                "tags": ["lamps"],
            },
            {"id": "https://harbour.example/lamps/13", "summary": "Dark…"},
        ],
    }
    parsed = read(json.dumps(feed), content_type="text/plain")
    first, second = parsed.entries
    assert (parsed.form, first.guid, first.url) == (f"JSON Feed {version}", "12", "https://harbour.example/lamps/12")
    assert (first.text, first.authors, first.categories) == ("Lit again.", ("Jon Vik",), ("lamps",))
    assert first.published.value == "2021-01-02T03:04:05+01:00"
    assert (second.url, second.title, second.complete) == ("https://harbour.example/lamps/13", "Dark…", False)
    again = read(json.dumps(feed), known=frozenset({first.digest}))
    assert (again.unchanged, titles(again)) == ((first.digest,), ["Dark…"])


def test_a_json_feed_that_breaks_off_keeps_what_came_before_the_break():
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": str(n), "title": f"T{n}"} for n in range(3)],
    }
    parsed = read(json.dumps(feed)[:-12])
    assert titles(parsed) == ["T0", "T1"]
    assert "2 entries could be read" in parsed.damage


# ---------------------------------------------------------------- what is no feed


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("<!DOCTYPE html><html><body>Checking your browser</body></html>", "a web page"),
        ("\n\n<html lang='en'><head><link rel='alternate' href='/rss'></head></html>", "a web page"),
        ("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "a sitemap"),
        ("<Error><Code>AccessDenied</Code></Error>", "root element <Error>"),
        ('{"status": "ok"}', "JSON"),
        ("Service unavailable", "plain text"),
        (b"%PDF-1.7\n", "a PDF document"),
    ],
)
def test_what_is_no_feed_is_refused_and_named(body, named):
    kind, message = failure(body, content_type="application/rss+xml")
    assert kind == "not-a-feed"
    assert named in message
    assert ADDRESS in message


def test_an_empty_body_is_unparsable_and_an_empty_feed_is_not():
    assert failure(b" \n")[0] == "unparsable"
    assert read(rss()).entries == ()


def test_a_feed_of_which_nothing_is_left_is_unparsable():
    assert failure("<rss version='2.0'><channel><item><title>Half")[0] == "unparsable"


def test_a_body_that_names_a_local_file_or_an_address_is_not_opened(tmp_path):
    hidden = tmp_path / "feed.xml"
    hidden.write_text(rss(item(1)))
    for body in (str(hidden), f"file://{hidden}", "http://127.0.0.1:1/feed"):
        assert failure(body)[0] == "not-a-feed"


def test_feedparser_is_only_ever_given_a_stream(monkeypatch):
    given_to = []
    original = feedparser.parse

    def watched(stream, **more):
        given_to.append(type(stream))
        return original(stream, **more)

    monkeypatch.setattr(feedparser, "parse", watched)
    for body in (
        rss(item(1)),
        rss(item(1, "A & B")),
        rss(item(1), item(2))[:-40],
        "<!DOCTYPE rss [<!ENTITY a 'b'>]>" + rss(item(1)),
    ):
        read(body)
    assert set(given_to) == {io.BytesIO}


def test_entities_that_multiply_or_name_a_file_give_nothing(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("harbour master's key")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY a0 "ha">'
    doctype += "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + "]>"
    body = rss(item(1, "safe &x; &a11;")).replace('<?xml version="1.0"?>', doctype)
    for entry in read(body).entries:
        assert "key" not in entry.title + entry.text
        assert len(entry.title) < 1000


# ---------------------------------------------------------------- ill-formed feeds


@pytest.mark.parametrize(
    ("flaw", "title"),
    [
        ("Tolls & fees", "Tolls & fees"),
        ("Caf&eacute;&nbsp;on the quay", "Café on the quay"),
        ("Bell\x07 buoy\x0b", "Bell buoy"),
        ("Odd &#11;number &#150; here", "Odd number – here"),
        ("An &unknown; thing", "An &unknown; thing"),
        ("Too &#99999999999999999999; large", "Too large"),
    ],
)
def test_a_harmless_flaw_costs_no_entry_and_is_no_damage(flaw, title):
    whole = rss(*(item(n) for n in range(9)))
    parsed = read(whole.replace("Notice 4", flaw))
    assert titles(parsed) == [title if n == 4 else f"Notice {n}" for n in range(9)]
    assert parsed.damage == ""
    # The entries without the flaw are known again.
    assert {entry.digest for entry in parsed.entries} >= {
        entry.digest for entry in read(whole).entries if entry.title != "Notice 4"
    }


@pytest.mark.parametrize(
    "tail", ["<script>x</script>", "\n\n<!-- made in 3 s -->\ntrailing words", "<p>Ünder</p>", "\x00"]
)
def test_junk_after_the_root_element_is_passed_over(tail):
    parsed = read(rss(item(1), item(2)) + tail)
    assert titles(parsed) == ["Notice 1", "Notice 2"]
    assert parsed.damage == ""


@pytest.mark.parametrize(
    "head", ["\n\n  ", "\ufeff\n", "<br />\n<b>Warning</b>: rates.php on line 3\n", "PHP notice: x\n"]
)
def test_junk_before_the_declaration_is_passed_over(head):
    assert titles(read(head + rss(item(1)))) == ["Notice 1"]


def test_a_feed_cut_off_keeps_all_entries_that_came_whole_and_says_so():
    whole = rss(*(item(n) for n in range(6)))
    parsed = read(whole[: whole.index("<title>Notice 4") + 9])
    assert titles(parsed) == [f"Notice {n}" for n in range(4)]
    assert "4 entries could be read" in parsed.damage


def test_entries_of_a_broken_feed_are_recognised_as_known():
    whole = rss(*(item(n) for n in range(6)))
    known = frozenset(entry.digest for entry in read(whole).entries[:2])
    parsed = read(whole.replace("</title><link>https://harbour.example/</link>", ""), known=known)
    assert set(parsed.unchanged) == known
    assert titles(parsed) == ["Notice 2", "Notice 3", "Notice 4", "Notice 5"]
    assert "mismatched tag" in parsed.damage


def test_a_tag_left_open_in_one_entry_spoils_no_other():
    whole = rss(*(item(n) for n in range(6)))
    parsed = read(whole.replace("Notice 2</title>", "Notice 2"))
    assert titles(parsed) == [f"Notice {n}" for n in range(6)]
    assert parsed.entries[2].url == "https://harbour.example/n/2"
    assert parsed.damage


def test_hundreds_of_broken_entries_are_kept_in_a_moment():
    broken = "<item><title>Q<b></title><link>https://harbour.example/q</link></item>"
    assert len(read(rss(*([broken] * 600))).entries) == 600
    assert titles(read(rss(item(1)).replace("</channel>", "<item " * 20_000))) == ["Notice 1"]


def test_a_bare_sign_of_less_hides_no_end_that_is_cut_off():
    parsed = read(rss(item(1, "One"), item(2, "Depth < 3 m")).removesuffix("</channel></rss>"))
    assert [entry.title for entry in parsed.entries] == ["One", "Depth < 3 m"]
    assert "2 entries could be read" in parsed.damage


def test_an_undeclared_prefix_is_no_damage():
    parsed = read(rss(item(1, extra="<port:depth>9</port:depth>"), item(2)))
    assert sorted(titles(parsed)) == ["Notice 1", "Notice 2"]
    assert parsed.damage == ""


def test_the_netscape_doctype_of_rss_0_91_is_borne():
    doctype = (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
    )
    body = rss(item(1, "Caf&eacute;"), version="0.91").replace('<?xml version="1.0"?>', doctype)
    assert titles(read(body)) == ["Café"]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_is_cut_off_a_feed_every_whole_entry_is_kept(data):
    whole = rss(*(item(n) for n in range(5)))
    cut = data.draw(st.integers(min_value=whole.index("<item>"), max_value=len(whole)))
    text = whole[:cut]
    try:
        kept = titles(read(text))
    except ParseError:
        kept = []
    assert kept == [f"Notice {n}" for n in range(text.count("</item>"))]


@given(st.binary(max_size=300))
@settings(max_examples=50, deadline=None)
def test_no_bytes_lead_to_anything_but_entries_or_a_parse_error(noise):
    for body in (noise, rss(item(1)).encode()[:150] + noise, rss(item(1, "X")).encode().replace(b"X", noise, 1)):
        try:
            outcome = read(body).form
        except ParseError as error:
            outcome = error.failure
        assert outcome == "RSS 2.0" or outcome in {"not-a-feed", "unparsable"}


# ---------------------------------------------------------------- encodings


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("windows-1251", "Порт закрыт на зиму"),
        ("koi8-r", "Порт закрыт на зиму"),
        ("shift_jis", "港は冬に閉まる"),
        ("euc-jp", "港は冬に閉まる"),
        ("iso-2022-jp", "港は冬に閉まる"),
        ("gb2312", "港口冬季关闭"),
        ("iso-8859-1", "Größe des Kais"),
        ("utf-16", "Porto fermé"),
    ],
)
def test_a_declared_encoding_is_read(encoding, title):
    body = rss(item(1, title)).replace('version="1.0"?', f'version="1.0" encoding="{encoding}"?')
    assert titles(read(body.encode(encoding))) == [title]


def test_utf_8_under_a_false_declaration_is_read_as_utf_8():
    body = rss(item(1, "Порт закрыт")).replace('version="1.0"?', 'version="1.0" encoding="windows-1251"?')
    parsed = read(body, content_type="text/xml; charset=koi8-r")
    assert (titles(parsed), parsed.encoding) == (["Порт закрыт"], "utf-8")


def test_the_header_goes_before_the_declaration():
    body = rss(item(1, "Порт закрыт")).replace('version="1.0"?', 'version="1.0" encoding="koi8-r"?')
    parsed = read(body.encode("windows-1251"), content_type="text/xml; charset=windows-1251")
    assert (titles(parsed), parsed.encoding) == (["Порт закрыт"], "windows-1251")


def test_without_any_word_on_it_the_encoding_is_detected():
    body = rss(item(1, "Порт закрыт на зиму, суда уходят на юг. " * 8)).encode("windows-1251")
    assert "суда уходят" in read(body, content_type="").entries[0].title


def test_a_mark_at_the_start_goes_before_all():
    body = codecs.BOM_UTF8 + rss(item(1, "Kai für Möwen")).encode()
    assert titles(read(body, content_type="text/xml; charset=windows-1251")) == ["Kai für Möwen"]


def test_stray_windows_bytes_are_mended_and_the_rest_left_alone():
    body = rss(item(1, "X tolls, café, Łódź, 港"), item(2, "Данные")).encode().replace(b"X", b"\x93Smart\x94", 1)
    parsed = read(body)
    assert titles(parsed) == ["“Smart” tolls, café, Łódź, 港", "Данные"]
    assert parsed.encoding == "utf-8 with windows-1252"


# ---------------------------------------------------------------- entries


@pytest.mark.parametrize(
    ("held", "complete"),
    [
        ("Short news.", False),
        (LONG, True),
        (LONG + "…", False),
        (LONG + " [...]", False),
        (LONG + "<p>Read more</p>", False),
        (LONG + " Читать далее →", False),
        (LONG + "続きを読む", False),
        ("<p>First of two.</p><p>Second of two.</p>", True),
        ("", False),
    ],
)
def test_a_description_is_whole_only_when_nothing_speaks_against_it(held, complete):
    body = rss(
        f"<item><title>T</title><link>https://harbour.example/1</link><description><![CDATA[{held}]]></description></item>"
    )
    assert read(body).entries[0].complete is complete


def test_a_short_text_in_the_place_for_whole_texts_is_whole():
    full = "<content:encoded><![CDATA[<p>Bridge up.</p>]]></content:encoded>"
    assert read(rss(item(1, extra=full))).entries[0].complete
    cut = "<content:encoded><![CDATA[<p>Bridge up and then […]</p>]]></content:encoded>"
    assert not read(rss(item(1, extra=cut))).entries[0].complete


def test_a_second_description_is_no_whole_text():
    entry = read(rss(item(1, extra="<dc:description>Berth 1 shut.</dc:description>"))).entries[0]
    assert not entry.complete
    assert entry.summary


def test_the_full_text_element_of_russian_feeds_is_read():
    body = rss(item(1, extra="<yandex:full-text>Полный текст.</yandex:full-text>")).replace(
        "<rss ", "<rss xmlns:yandex='http://news.yandex.ru' "
    )
    entry = read(body).entries[0]
    assert (entry.text, entry.summary, entry.complete) == ("Полный текст.", "Berth 1 is closed.", True)


def test_scripts_frames_and_handlers_never_get_through():
    evil = (
        "<p onclick='x()'>Hi<script>alert(1)</script><iframe src='https://e.example'>in</iframe>"
        "<a href='javascript:x()'>go</a><img src=x onerror=x()><style>p{}</style><svg><script>y()</script></svg></p>"
    )
    entry = read(rss(item(1, extra=f"<content:encoded><![CDATA[{evil}]]></content:encoded>"))).entries[0]
    assert entry.text == "Higo"
    for sign in ("script", "onclick", "onerror", "iframe", "style"):
        assert sign not in entry.html


def test_relative_links_are_resolved_against_the_address_that_answered():
    entry = read(
        rss(
            "<item><title>T</title><link>../n/1?x=a&amp;y=b</link><description>"
            "<![CDATA[<a href='q#z'>q</a>]]></description></item>"
        )
    ).entries[0]
    assert entry.url == "https://harbour.example/n/1?x=a&y=b"
    assert 'href="https://harbour.example/feeds/q#z"' in entry.html


def test_a_permanent_guid_stands_in_for_a_missing_link_and_another_does_not():
    permanent = "<item><title>A</title><guid>https://harbour.example/a</guid></item>"
    number = "<item><title>B</title><guid>4711</guid></item>"
    one, two = read(rss(permanent, number)).entries
    assert (one.url, one.guid) == ("https://harbour.example/a", "https://harbour.example/a")
    assert (two.url, two.guid) == ("", "4711")


def test_an_entry_without_title_is_named_by_its_opening_or_its_address():
    long = (
        "<item><link>https://harbour.example/1</link><description>The board has met and decided "
        "many things about berths, cranes and tolls this week.</description></item>"
    )
    bare = "<item><link>https://harbour.example/2</link></item>"
    one, two = read(rss(long, bare)).entries
    assert one.title.startswith("The board has met")
    assert one.title.endswith("…")
    assert len(one.title) <= 80
    assert two.title == "https://harbour.example/2"


@pytest.mark.parametrize(
    ("held", "title"),
    [
        ("AT&amp;amp;T and &amp;lt;tags&amp;gt;", "AT&T and <tags>"),
        ("&lt;em&gt;Quay&lt;/em&gt; walls", "Quay walls"),
        ("5 &lt; 6", "5 < 6"),
        ("Line\n  one\ttwo", "Line one two"),
        ("<![CDATA[Fish &amp; ships]]>", "Fish & ships"),
        ("港湾局：新しい規則", "港湾局：新しい規則"),
    ],
)
def test_titles_are_one_line_of_plain_text(held, title):
    assert titles(read(rss(item(1, held)))) == [title]


def test_an_entry_that_says_nothing_is_left_out():
    assert titles(read(rss("<item></item>", item(1), "<item><category>x</category></item>"))) == ["Notice 1"]


def test_a_date_that_nobody_can_understand_is_kept_as_claimed():
    entry = read(rss(item(1, extra="<pubDate>when the tide turns</pubDate>"))).entries[0]
    assert (entry.published.raw, entry.published.value) == ("when the tide turns", None)
    assert read(rss(item(1))).entries[0].published.origin == "none"


@given(st.text(max_size=80), st.text(max_size=200))
@settings(max_examples=80, deadline=None)
def test_every_string_that_comes_out_is_clean(title, text):
    body = json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": title, "content_html": text}]}
    )
    (entry,) = read(body).entries
    assert entry.title == one_line(entry.title)
    assert entry.text == blocks(entry.text)
    assert "<script" not in entry.html


# ---------------------------------------------------------------- known entries


def test_known_entries_are_cut_out_and_the_others_come_out_the_same():
    body = rss(*(item(n, extra=f"<content:encoded><![CDATA[<p>{LONG}{n}</p>]]></content:encoded>") for n in range(8)))
    first = read(body)
    known = frozenset(entry.digest for entry in first.entries if entry.title != "Notice 3")
    again = read(body, known=known)
    assert again.entries == (first.entries[3],)
    assert set(again.unchanged) == known


def test_a_changed_entry_has_another_digest_and_its_neighbours_keep_theirs():
    before = read(rss(item(1), item(2))).entries
    after = read(rss(item(1, "Notice 1, corrected"), item(2), item(3))).entries
    assert before[0].digest != after[0].digest
    assert before[1].digest == after[1].digest


def test_a_digest_does_not_depend_on_how_the_xml_is_written():
    plain = item(1)
    same = plain.replace("<guid isPermaLink='false'>", '<guid   isPermaLink="false" >')
    assert read(rss(plain)).entries[0].digest == read(rss(same)).entries[0].digest
    based = rss(plain).replace("<channel>", "<channel xml:base='https://other.example/'>")
    assert read(based).entries[0].digest != read(rss(plain)).entries[0].digest


def test_every_entry_known_leaves_no_entry_and_no_error():
    body = rss(item(1), item(2))
    known = frozenset(entry.digest for entry in read(body).entries)
    parsed = read(body, known=known)
    assert parsed.entries == ()
    assert set(parsed.unchanged) == known


def test_an_empty_json_feed_item_is_no_entry():
    feed = '{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{}, {"id": "1", "title": "Ebb"}]}'
    assert [entry.title for entry in read(feed).entries] == ["Ebb"]
