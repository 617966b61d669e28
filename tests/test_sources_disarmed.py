"""What is taken out of texts and addresses before anything is recorded; encodings by the names of the web."""

import pytest

from briefing.errors import ParseError, bare
from briefing.model import Fetched, Source, SourceId
from briefing.sources import feed, shortening
from briefing.sources.encoding import decode
from briefing.sources.markup import Cleaner, absolute, bounded, text_of
from briefing.text import blocks, one_line, print_of

BASE = "https://press.selvane.example/feed"
TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def test_no_sign_that_turns_the_direction_of_a_line_is_kept():
    assert one_line(f"gpj.{TURNS}exe") == blocks(f"gpj.{TURNS}exe") == "gpj.exe"
    html, text = Cleaner(BASE).body(f"<p>a{TURNS}&#8238;b <bdo dir='rtl'>c</bdo></p>", markup=True)
    assert (html, text) == ("<p>ab c</p>", "ab c")


def test_marks_of_a_single_place_stay_and_change_no_print():
    assert one_line("שלום\u200f!") == "שלום\u200f!"
    assert print_of(f"a{TURNS}b") == print_of("ab")


@pytest.mark.parametrize(
    "address",
    [
        "https://selvane.example/" + "a" * 8_000, "https://<x>/", "https://a b/", "https://x.example:port/", "https://:80/",
        "https://x.example:99999/", 'https://x"y/', "https://", "javascript:x", "data:text/html,x", "http://[::1",
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_no_address(address):
    assert absolute(address, BASE) == ""


def test_a_base_that_cannot_be_spoils_no_text():
    html, text = Cleaner("https://<x>/").body("<p>The harbour <a href='/a'>opens</a>.</p>", markup=True)
    assert (text, "href" in html) == ("The harbour opens.", False)


def test_a_text_longer_than_any_statement_is_cut_and_says_so():
    html, text = bounded("<p>x</p>", "The harbour opened. " * 60_000)
    assert len(text) <= 1_000_004
    assert text.endswith("opened. […]")
    assert text_of(html) == text


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("windows-874", "cp874"), ("ISO-8859-8-I", "iso8859-8"), ("x-sjis", "cp932"), ("windows-949", "cp949"),
        ("x-cp1251", "cp1251"),
        ("gb_2312-80", "gb18030"), ("koi", "koi8-r"), ("x-mac-cyrillic", "mac-cyrillic"), ("ks_c_5601-1989", "cp949"),
    ],
)  # fmt: skip
def test_an_encoding_is_known_by_every_name_that_browsers_know(label, codec):
    words = {"cp874": "ท่าเรือ", "iso8859-8": "הנמל", "cp932": "港が開く", "cp949": "항구가", "gb18030": "港口开放"}
    text = words.get(codec, "Порт открыт")
    body = f"<?xml version='1.0' encoding='{label}'?><rss>{text}</rss>"
    assert text in decode(body.encode(codec)).text


def _rss(*entries):
    items = "".join(f"<item>{inside}</item>" for inside in entries)
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>x</title>{items}</channel></rss>"


def _rdf(*entries):
    items = "".join(f"<item>{inside}</item>" for inside in entries)
    spaces = "xmlns='http://purl.org/rss/1.0/' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
    return f"<rdf:RDF {spaces}><channel><title>x</title><items/></channel>{items}</rdf:RDF>"


def _atom(*entries):
    items = "".join(f"<a:entry>{inside.replace('title', 'a:title')}</a:entry>" for inside in entries)
    return f"<a:feed xmlns:a='http://www.w3.org/2005/Atom'>{items}</a:feed>"


@pytest.mark.parametrize("form", [_rss, _rdf, _atom])
def test_of_a_feed_that_lists_too_many_the_first_are_read(monkeypatch, form):
    monkeypatch.setattr(shortening, "MOST", 3)
    body = form(*(f"<title>B{n}</title>" for n in range(5))).encode()
    source = Source(id=SourceId("s"), name="S", institution="ministry", country="SV", url=BASE)
    parsed = feed.parse(source, Fetched(url=BASE, final_url=BASE, status=200, headers={}, body=body), frozenset())
    assert [entry.title for entry in parsed.entries] == ["B0", "B1", "B2"]
    assert parsed.damage == "it lists 5 entries; the first 3 were read"


def test_an_error_that_is_kept_keeps_no_body():
    def failing(body):
        try:
            int(body)
        except ValueError as error:
            raise ParseError("no feed", failure="not-a-feed") from error

    with pytest.raises(ParseError) as caught:
        failing(b"x" * 1_000)
    kept = bare(caught.value)
    assert (kept.__traceback__, kept.__cause__, kept.__context__) == (None, None, None)
    assert (str(kept), kept.failure) == ("no feed", "not-a-feed")
