"""What we keep of a feed is what feedparser makes of it, but for what docs/feeds.md lists."""

import os
from pathlib import Path

import pytest

from briefing.model import Fetched, Source, SourceId
from briefing.sources import feed
from feedparser_suite import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    differences,
    unaccounted,
)

FOLDER = os.environ.get("BRIEFING_FEEDPARSER_TESTS", "")
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'


def entries(body, **headers):
    url = "https://press.selvane.example/feed"
    source = Source(id=SourceId("s"), name="S", institution="ministry", country="SV", url=url)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    fetched = Fetched(url=url, final_url=url, status=200, headers=named, body=body.encode())
    return feed.parse(source, fetched, frozenset()).entries


def rss(inside):
    return f"<rss version='2.0' {MEDIA}><channel><title>Selvane</title><item>{inside}</item></channel></rss>"


@pytest.mark.skipif(not FOLDER, reason="BRIEFING_FEEDPARSER_TESTS names no folder")
def test_every_feed_of_feedparsers_own_suite_is_read_as_feedparser_reads_it():
    count, left = unaccounted(Path(FOLDER))
    assert count >= 2_200
    assert left == []


def test_a_difference_is_seen():
    # feedparser takes a bare guid for a link; we do not.
    body = b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>berth-7</id><title>Berth 7</title></entry></feed>"
    assert {one.field for one in differences("x.xml", body)} == {"link", "guid"}


def test_what_names_a_film_names_an_entry_that_has_no_name_of_its_own():
    group = "<media:title>The film</media:title><media:description>Ships, all day.</media:description>"
    [entry] = entries(rss(f"<link>https://selvane.example/1</link><media:group>{group}</media:group>"))
    assert (entry.title, entry.text) == ("The film", "Ships, all day.")


@pytest.mark.parametrize("order", [1, -1])
def test_a_caption_takes_the_place_of_no_text(order):
    own = "<title>The harbour</title><description>It opens.</description>"
    media = "<media:content><media:title>A gull</media:title><media:description>A gull on a bollard, seen from the pier"
    media += "</media:description><media:category>Birds</media:category></media:content>"
    [entry] = entries(rss("<guid>tag:s:1</guid>" + "".join([own, media][::order])))
    assert (entry.title, entry.text, entry.categories) == ("The harbour", "It opens.", ("Birds",))


def test_a_program_in_a_title_is_no_part_of_it():
    title = "<title type='html'>Safe&lt;script>location='//x'&lt;/script> harbour&lt;!-- a</title>"
    [entry] = entries(f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{title}<id>tag:1</id></entry></feed>")
    assert entry.title == "Safe harbour"


def test_the_scheme_of_an_address_is_read_in_capitals_too():
    body = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>HTTPS://selvane.example/1</id></entry></feed>"
    [entry] = entries(body)
    assert (entry.url.lower(), entry.guid) == ("https://selvane.example/1", "HTTPS://selvane.example/1")


def test_the_language_of_the_answer_stands_where_the_feed_names_none():
    body = rss("<title>Port</title><guid>1</guid>")
    assert [entry.language for entry in entries(body, content_language="fr-CA")] == ["fr-CA"]
    assert [entry.language for entry in entries(body, content_language="en, fr")] == [None]
    named = body.replace("<item>", "<language>de</language><item>")
    assert [entry.language for entry in entries(named, content_language="fr")] == ["de"]


def test_a_channel_of_the_old_kind_is_a_feed():
    body = '<CHANNEL HREF="https://selvane.example/"><ITEM HREF="https://selvane.example/1"><TITLE>One</TITLE></ITEM></CHANNEL>'
    assert [(entry.title, entry.url) for entry in entries(body)] == [("One", "https://selvane.example/1")]


def test_a_number_of_a_sign_may_be_written_with_a_capital_x():
    assert [entry.title for entry in entries(rss("<title>&#X41;nchor</title><guid>1</guid>"))] == ["Anchor"]
