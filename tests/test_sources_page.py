"""Listing pages: which items, which addresses, which dates."""

from dataclasses import replace
from typing import Any

import pytest

from briefing.errors import ParseError
from briefing.model import Fetched, ListRules, Parsed, Source, SourceId
from briefing.sources import KINDS

ADDRESS = "https://fjord.example/news/index.html"


def source(item: str, **rules: Any) -> Source:
    more = {name: rules.pop(name) for name in ("include", "exclude", "timezone", "language") if name in rules}
    return Source(
        id=SourceId("fjord"), name="Fjord Office", institution="ministry", country="XX", url=ADDRESS, kind="page",
        listing=ListRules(item=item, **rules), **more,
    )  # fmt: skip


def read(body: str | bytes, rules: Source) -> Parsed:
    body = body if isinstance(body, bytes) else f"<!DOCTYPE html><html lang='no'><body>{body}</body></html>".encode()
    answer = Fetched(url=ADDRESS, final_url=ADDRESS, status=200, headers={"content-type": "text/html"}, body=body)
    return KINDS["page"](rules, answer, frozenset())


def rows(parsed: Parsed) -> list[tuple[str, str, str | None]]:
    return [
        (entry.title, entry.url.removeprefix("https://fjord.example"), entry.published.value)
        for entry in parsed.entries
    ]


def test_items_under_dated_headings_inherit_the_date_of_their_group():
    body = """<dl><dt>令和6年4月2日</dt><dd><ul><li><a href="a.html">橋の開通</a></li><li>
    <a href="/b">港</a></li></ul></dd>
    <dt>令和6年4月1日</dt><dd><a href="https://fjord.example/c">道</a></dd></dl>"""
    parsed = read(body, source("dl dd a", date="xpath:./ancestor::dd/preceding-sibling::dt[1]"))
    assert rows(parsed) == [
        ("橋の開通", "/news/a.html", "2024-04-02"),
        ("港", "/b", "2024-04-02"),
        ("道", "/c", "2024-04-01"),
    ]
    assert {entry.published.origin for entry in parsed.entries} == {"listing"}
    assert parsed.entries[0].published.raw == "令和6年4月2日"
    assert (parsed.entries[0].complete, parsed.entries[0].text, parsed.entries[0].language) == (False, "", "no")


def test_title_link_and_date_are_taken_from_where_the_rules_say():
    body = """<table><tr class="n"><td class="d">03.02.2019 09:15</td><td>
    <b>Ferry</b><a class="more" data-to="/f/1">more</a></td></tr></table>"""
    rules = source(
        "tr.n", title="b", link="a.more@data-to", date="td.d", date_format="%d.%m.%Y %H:%M", timezone="Europe/Oslo"
    )
    assert rows(read(body, rules)) == [("Ferry", "/f/1", "2019-02-03T09:15:00+01:00")]


def test_without_rules_the_title_is_told_from_date_and_invitation():
    body = """<ul><li class="i"><span>3 February 2019</span> <a href="/1">Ferry timetable</a></li>
    <li class="i"><h3>Tunnel closed</h3><p>For repairs.</p><a href="/2">Read more</a></li>
    <li class="i"><a href="/3"><img src="x.png" alt="Map of the fjord"></a></li>
    <li class="i">Quay 4, 1 February 2019 <a href="/4">»</a></li></ul>"""
    parsed = read(body, source("li.i", date="span", language="en"))
    assert [title for title, _, _ in rows(parsed)][:3] == ["Ferry timetable", "Tunnel closed", "Map of the fjord"]
    assert rows(parsed)[0][2] == "2019-02-03"


def test_a_date_may_stand_in_a_time_element_or_in_the_address_and_is_never_guessed():
    body = """<a class="i" href="/2017/03/06/one">A <time datetime="2017-03-05T10:00+01:00">yesterday</time></a>
    <a class="i" href="/2017/03/06/two">B</a><a class="i" href="/201703/t20170307_99.html">C</a>
    <a class="i" href="/201608174419/">D</a><a class="i" href="/doc-20171399">E</a>
    <a class="i" href="/n/12345678">F</a>"""
    found = {entry.title[0]: entry.published for entry in read(body, source("a.i")).entries}
    assert (found["A"].value, found["A"].origin) == ("2017-03-05T10:00:00+01:00", "listing")
    assert [(found[name].value, found[name].origin) for name in "BCD"] == [
        ("2017-03-06", "address"), ("2017-03-07", "address"), ("2016-08-17", "address"),
    ]  # fmt: skip
    assert [found[name].value for name in "EF"] == [None, None]
    assert found["F"].origin == "none"


def test_links_that_lead_to_no_item_are_passed_over():
    body = """<a href="#top">Top</a><a href="mailto:x@fjord.example">Mail</a>
    <a href="javascript:void(0)">Menu</a><a>None</a>
    <a href="index.html">Here</a><a href="/news/index.html#x">Here too</a>
    <a href="http://[bad">Bad</a><a href="/1">One</a>"""
    assert rows(read(body, source("a"))) == [("One", "/1", None)]


def test_an_address_is_listed_once_and_the_link_with_a_text_wins():
    body = """<a href="/1"><img src="p.png"></a><a href="/2">Two</a><a href="/1#part">One</a><a href="/1">Again</a>"""
    assert [title for title, _, _ in rows(read(body, source("a")))] == ["One", "Two"]


def test_include_and_exclude_are_tried_on_the_absolute_address():
    body = """<a href="/press/1">A</a><a href="/press/archive/2">B</a><a href="/PRESS/3">C</a><a href="/jobs/4">D</a>"""
    rules = source("a", include=(r"^https://fjord\.example/press/",), exclude=("archive",))
    assert [title for title, _, _ in rows(read(body, rules))] == ["A"]


def test_a_base_element_and_an_old_encoding_are_heeded():
    head = "<base href='https://other.example/x/'><meta charset='windows-1251'>"
    body = f"<html><head>{head}</head><body><a href='1'>Мост</a></body></html>"
    (entry,) = read(body.encode("windows-1251"), source("a")).entries
    assert (entry.title, entry.url) == ("Мост", "https://other.example/x/1")


def test_a_list_without_items_is_no_error_and_other_things_than_pages_are():
    assert read("<p>Nothing today</p>", source("li")).entries == ()
    for body in (b"%PDF-1.4", b"<rss version='2.0'></rss>", b'{"a": 1}', b"plain words"):
        with pytest.raises(ParseError) as caught:
            read(body, source("li"))
        assert caught.value.failure == "not-a-feed"
    with pytest.raises(ParseError) as caught:
        read(b"", source("li"))
    assert caught.value.failure == "unparsable"


@pytest.mark.parametrize("selector", ["li[", "xpath://li[", "xpath:nosuch()", "a:nosuch"])
def test_a_wrong_selector_is_named_in_the_error(selector):
    with pytest.raises(ParseError) as caught:
        read("<li>x</li>", source(selector))
    assert selector.removeprefix("xpath:") in str(caught.value)


def test_a_digest_changes_with_title_date_and_address_only():
    rules = source("li", date="span")
    one = "<li><span>2019-01-02</span><a href='/1'>Ferry</a></li>"
    digests = {
        body: read(body, rules).entries[0].digest
        for body in (one, one.replace("Ferry", "Ferries"), one.replace("02<", "03<"), one.replace("/1", "/2"))
    }
    assert len(set(digests.values())) == 4
    assert read(f"<div>{one}<i>new</i></div>", rules).entries[0].digest == digests[one]


def test_a_page_without_rules_says_what_is_missing():
    with pytest.raises(ParseError, match="has no `list`"):
        read("<li>x</li>", replace(source("li"), listing=None))
