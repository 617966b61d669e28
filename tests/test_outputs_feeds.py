"""Feeds as readers and checkers take them: three formats of one invented feed."""

import json
import locale
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from briefing.documents import Feed, FeedEntry, FeedGroup
from briefing.outputs import FEEDS, opml
from briefing.outputs.addresses import absolute, is_web, uri
from briefing.outputs.atom import EMPTY

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# RFC 3986, as the W3C validator reads it for whole addresses.
URI = re.compile(r"[a-zA-Z][0-9a-zA-Z+\-.]*:(//)?[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]+")
RFC_822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")

TITLES = [
    "Talks on the <b>outer</b> shelf & AT&T; 5 < 6",
    "「外海棚」に関する協議の結果について",
    "О переговорах по внешнему шельфу",
    "بيان بشأن الآبار الساحلية",
    "대륙붕 회담 결과 \U0001f41f",
]
LANGUAGES = ["en", "ja", "ru", "ar", "ko"]


def entry(number: int, **more: Any) -> FeedEntry:
    fields: dict[str, Any] = {
        "id": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        "title": TITLES[number % 5],
        "url": f"https://sea.example/items/{number}?a=1&b=выше|«{number}»",
        "about": f"https://desk.example/items/{number}",
        "html": f'<p>Paragraph {number} &amp; <a href="https://sea.example/x">more</a></p>',
        "summary": f"Both sides counted {number} < {number + 1} & agreed.",
        "updated": datetime(2017, 3, 21, 9, 0, number % 60, tzinfo=UTC),
        "published": datetime(2017, 3, 20, 14, 31, tzinfo=timezone(timedelta(hours=9))),
        "authors": ("A. Nemo", "名無し"),
        "origin": "Ministry of the Outer Sea & Co",
        "origin_url": "https://sea.example/",
        "categories": (("fish", "Fish & nets"), ("ice", "氷")),
        "language": LANGUAGES[number % 5],
    }
    return FeedEntry(**(fields | more))


FEED = Feed(
    path="feeds/topics/fish",
    id="urn:uuid:00000000-0000-4000-8000-ffffffffffff",
    title="Fish & nets <all>",
    description="All on <fish>",
    home="https://desk.example/topics/fish",
    site_url="https://desk.example",
    site_title="Desk of Invented Affairs",
    contact="desk@desk.example",
    language="en",
    updated=datetime(2017, 3, 21, 9, 0, 4, tzinfo=UTC),
    entries=tuple(entry(number) for number in range(5)),
)
BARE = replace(
    FEED,
    description="",
    entries=(
        entry(
            1,
            title=" ",
            html="",
            summary="",
            published=None,
            authors=(),
            origin="",
            origin_url="",
            categories=(),
            language="und",
            about="",
        ),
    ),
)
NOTHING = replace(FEED, entries=(), updated=None)


def parsed(ending: str, feed: Feed = FEED) -> Any:
    body = FEEDS[ending](feed)
    found = feedparser.parse(BytesIO(body), response_headers={"content-type": "application/xml"})
    assert not found.bozo, found.get("bozo_exception")
    return found


def tree(ending: str, feed: Feed = FEED) -> Any:
    return etree.fromstring(FEEDS[ending](feed))


# ---------------------------------------------------------------- as readers see them


@pytest.mark.parametrize("ending", ["rss", "atom"])
@pytest.mark.parametrize("feed", [FEED, BARE, NOTHING], ids=["full", "bare", "empty"])
def test_feedparser_reads_every_feed_without_complaint(ending, feed):
    found = parsed(ending, feed)
    assert found.version == {"rss": "rss20", "atom": "atom10"}[ending]
    assert found.feed.title == "Fish & nets <all>"
    assert found.feed.link == "https://desk.example/topics/fish"
    assert [each.id for each in found.entries] == [each.id for each in feed.entries]


@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_titles_of_any_script_and_with_signs_of_markup_arrive_as_they_are(ending):
    tag = "title" if ending == "rss" else f"{ATOM}title"
    parent = "item" if ending == "rss" else f"{ATOM}entry"
    assert [element.findtext(tag) for element in tree(ending).iter(parent)] == TITLES
    assert [each.title for each in parsed(ending).entries][1:] == TITLES[1:]
    if ending == "atom":
        assert {element.get("type", "text") for element in tree("atom").iter(f"{ATOM}title")} == {"text"}


@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_entries_carry_dates_people_origin_topics_content_and_language(ending):
    found = parsed(ending).entries[1]
    assert found.published_parsed[:5] == (2017, 3, 20, 5, 31)
    assert found.updated_parsed[:6] == (2017, 3, 21, 9, 0, 1)
    assert found.source.title == "Ministry of the Outer Sea & Co"
    assert [tag.get("label") or tag.term for tag in found.tags] == ["Fish & nets", "氷"]
    assert found.content[0].value.startswith("<p>Paragraph 1 &amp; <a href=")
    assert "A. Nemo" in str(found.authors)
    assert "名無し" in str(found.authors)
    related = [link.href for link in found.links if link.rel == "related"]
    assert related == ["https://desk.example/items/1"]


def test_a_plain_summary_is_escaped_where_the_format_expects_html_and_plain_where_it_does_not():
    assert tree("rss").findtext("channel/item/description") == "Both sides counted 0 &lt; 1 &amp; agreed."
    summary = tree("atom").find(f"{ATOM}entry/{ATOM}summary")
    assert (summary.get("type"), summary.text) == ("text", "Both sides counted 0 < 1 & agreed.")
    assert json.loads(FEEDS["json"](FEED))["items"][0]["summary"] == "Both sides counted 0 < 1 & agreed."


# ---------------------------------------------------------------- as checkers see them


@pytest.mark.parametrize("feed", [FEED, BARE, NOTHING], ids=["full", "bare", "empty"])
def test_rss_has_what_the_specification_and_the_best_practices_demand(feed):
    root = tree("rss", feed)
    channel = root.find("channel")
    assert all(channel.findtext(tag) for tag in ("title", "link", "description"))
    self_links = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert [(link.get("href"), link.get("type")) for link in self_links] == [
        ("https://desk.example/feeds/topics/fish.rss", "application/rss+xml")
    ]
    assert channel.findtext("language") == "en"
    assert channel.find("generator") is None
    assert channel.find("docs") is None
    for date in [*root.iter("pubDate"), *root.iter("lastBuildDate")]:
        assert RFC_822.fullmatch(date.text)
        assert parsedate_to_datetime(date.text).strftime("%a") == date.text[:3]
    for item in root.iter("item"):
        assert item.find("guid").get("isPermaLink") == "false"
        assert item.find("author") is None
        assert item.findtext("title")
        assert RFC_3339.fullmatch(item.findtext(f"{ATOM}updated"))
        tags = [child.tag for child in item if child.tag not in {"category", f"{DC}creator"}]
        assert len(tags) == len(set(tags))
        children = [child.tag for child in item]
        encoded = "{http://purl.org/rss/1.0/modules/content/}encoded"
        assert encoded not in children or children.index("description") < children.index(encoded)
    assert [child.tag for child in channel][-len(feed.entries) :] == ["item"] * len(feed.entries) or not feed.entries


@pytest.mark.parametrize("feed", [FEED, BARE, NOTHING], ids=["full", "bare", "empty"])
def test_atom_has_what_rfc_4287_demands(feed):
    root = tree("atom", feed)
    assert root.get(LANG) == "en"
    assert root.find(f"{ATOM}generator") is None
    for element in [root, *root.iter(f"{ATOM}entry"), *root.iter(f"{ATOM}source")]:
        for tag in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{tag}")) == 1
            assert element.findtext(f"{ATOM}{tag}")
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Desk of Invented Affairs"
    assert root.findtext(f"{ATOM}author/{ATOM}email") == "desk@desk.example"
    for holder in [root, *root.iter(f"{ATOM}entry")]:
        links = [
            (link.get("rel", "alternate"), link.get("type"), link.get("hreflang"))
            for link in holder.findall(f"{ATOM}link")
        ]
        assert len(links) == len(set(links))
        assert "alternate" in {rel for rel, _, _ in links}
    assert ("self", "application/atom+xml") in {
        (link.get("rel"), link.get("type")) for link in root.iter(f"{ATOM}link")
    }
    for date in [*root.iter(f"{ATOM}updated"), *root.iter(f"{ATOM}published")]:
        assert RFC_3339.fullmatch(date.text)
    # Metadata stands before the entries, the rule of the validator.
    tags = [child.tag for child in root]
    assert tags == sorted(tags, key=f"{ATOM}entry".__eq__)
    for category in root.iter(f"{ATOM}category"):
        assert category.get("term")
        assert category.get("label")


@pytest.mark.parametrize("ending", ["rss", "atom"])
@pytest.mark.parametrize("feed", [FEED, BARE, NOTHING], ids=["full", "bare", "empty"])
def test_every_address_is_absolute_and_of_the_characters_of_a_uri(ending, feed):
    root = tree(ending, feed)
    found = [value for element in root.iter() for name, value in element.attrib.items() if name in {"href", "url"}]
    found += [element.text for element in root.iter("link", "guid", f"{ATOM}id", f"{ATOM}uri") if element.text]
    assert found
    assert [address for address in found if not URI.fullmatch(address)] == []


def test_entries_say_their_language_and_an_undetermined_one_says_none():
    assert [element.get(LANG) for element in tree("atom").iter(f"{ATOM}entry")] == LANGUAGES
    assert [element.findtext(f"{DC}language") for element in tree("rss").iter("item")] == LANGUAGES
    assert [item["language"] for item in json.loads(FEEDS["json"](FEED))["items"]] == LANGUAGES
    for ending in FEEDS:
        assert b'"und"' not in FEEDS[ending](BARE)
        assert b">und<" not in FEEDS[ending](BARE)


def test_an_unknown_publication_date_is_left_out_and_not_made_up():
    assert tree("rss", BARE).find("channel/item/pubDate") is None
    assert tree("atom", BARE).find(f"{ATOM}entry/{ATOM}published") is None
    assert "date_published" not in json.loads(FEEDS["json"](BARE))["items"][0]


def test_a_title_that_is_missing_becomes_the_address():
    assert tree("rss", BARE).findtext("channel/item/title") == BARE.entries[0].url


def test_an_empty_feed_carries_no_clock():
    assert tree("rss", NOTHING).find("channel/lastBuildDate") is None
    assert tree("atom", NOTHING).findtext(f"{ATOM}updated") == EMPTY.isoformat()
    assert json.loads(FEEDS["json"](NOTHING))["_briefing"]["updated"] is None


def test_json_feed_has_what_version_1_1_demands():
    document = json.loads(FEEDS["json"](FEED))
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["home_page_url"] == FEED.home
    assert document["feed_url"] == "https://desk.example/feeds/topics/fish.json"
    assert [item["title"] for item in document["items"]] == TITLES
    for feed in (FEED, BARE):
        for item in json.loads(FEEDS["json"](feed))["items"]:
            assert isinstance(item["id"], str)
            assert ("content_html" in item) != ("content_text" in item)
            assert URI.fullmatch(item["url"])
            assert RFC_3339.fullmatch(item["date_modified"])
            assert all(author["name"] for author in item.get("authors", []))
    assert document["items"][0]["tags"] == ["Fish & nets", "氷"]
    assert document["items"][0]["_briefing"] == {
        "page": "https://desk.example/items/0",
        "origin": {"name": "Ministry of the Outer Sea & Co", "url": "https://sea.example/"},
        "topics": [{"id": "fish", "name": "Fish & nets"}, {"id": "ice", "name": "氷"}],
    }


# ---------------------------------------------------------------- purity


@pytest.mark.parametrize("ending", FEEDS)
@pytest.mark.parametrize("feed", [FEED, NOTHING], ids=["full", "empty"])
@pytest.mark.slow
def test_the_same_feed_gives_the_same_bytes_later(ending, feed, monkeypatch):
    first = FEEDS[ending](feed)
    monkeypatch.setenv("TZ", "America/Caracas")
    time.tzset()
    try:
        time.sleep(1.01)
        assert FEEDS[ending](feed) == first
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("ending", FEEDS)
def test_the_locale_of_the_process_is_never_touched(ending, monkeypatch):
    def refuse(*_):
        raise AssertionError("the locale belongs to the whole process")

    monkeypatch.setattr(locale, "setlocale", refuse)
    assert FEEDS[ending](FEED)


@pytest.mark.parametrize("ending", FEEDS)
@given(title=st.text(max_size=30), html=st.text(max_size=30), name=st.text(max_size=20))
def test_no_text_whatever_breaks_a_feed(ending, title, html, name):
    told = entry(0, title=title, html=html, summary=html, authors=(name,), categories=((name, title),), origin=name)
    feed = replace(FEED, title=title, site_title=name, entries=(told,))
    body = FEEDS[ending](feed)
    if ending == "json":
        assert len(json.loads(body)["items"]) == 1
    else:
        assert len(etree.fromstring(body)) > 0


# ---------------------------------------------------------------- the list of feeds


def test_opml_lists_the_feeds_under_their_groups():
    groups = [
        FeedGroup(title="By topic & more", feeds=(("feeds/topics/fish", "Fish & nets"), ("feeds/topics/ice", "氷"))),
        FeedGroup(title="Nothing", feeds=()),
    ]
    body = opml(groups, title="Feeds <of> the desk", site_url="https://desk.example", owner="Desk")
    root = etree.fromstring(body)
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert root.findtext("head/title") == "Feeds <of> the desk"
    outlines = root.findall("body/outline")
    assert [outline.get("text") for outline in outlines] == ["By topic & more"]
    assert [dict(outline.attrib) for outline in outlines[0]] == [
        {"type": "rss", "text": name, "title": name, "xmlUrl": f"https://desk.example/{path}.atom"}
        for path, name in groups[0].feeds
    ]


def test_opml_without_feeds_still_has_the_outline_that_the_format_demands():
    root = etree.fromstring(opml([], title="Feeds", site_url="https://desk.example"))
    assert len(root.findall("body/outline")) == 1


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://sea.example/a?b=c&d=%20#e", "https://sea.example/a?b=c&d=%20#e"),
        (
            "https://sea.example/заявление 1|2",
            "https://sea.example/%D0%B7%D0%B0%D1%8F%D0%B2%D0%BB%D0%B5%D0%BD%D0%B8%D0%B5%201%7C2",
        ),
        ("https://пример.example:8443/[x]", "https://xn--e1afmkfd.example:8443/%5Bx%5D"),
        ("https://sea.example/100%", "https://sea.example/100%25"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("urn:uuid:00000000-0000-4000-8000-000000000000", "urn:uuid:00000000-0000-4000-8000-000000000000"),
    ],
)
def test_an_address_becomes_a_uri_and_a_uri_stays(address, expected):
    assert uri(address) == expected
    assert uri(expected) == expected


def test_an_address_within_the_site_becomes_whole():
    assert absolute("https://desk.example/sub/", "/topics/fish") == "https://desk.example/sub/topics/fish"
    assert absolute("https://desk.example", "https://other.example/x") == "https://other.example/x"
    assert is_web("HTTPS://desk.example")
    assert not is_web("javascript:alert(1)")
