from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from lxml import etree, html
from ruamel.yaml import YAML

from briefing.config import load
from briefing.demo import ROUNDS, World, expected, serve, settings
from briefing.demo.dates import dateline, day_of, japanese_era, written
from briefing.demo.feeds import SUBSCRIBERS_ONLY

TODAY = date(2026, 11, 23)
BASE = "http://127.0.0.1:8700"
EDITED = "/selvane/en/fisheries-round-seven.html"
WITHDRAWN = "/selvane/en/survey-vessel-sable-point.html"
ROUND_NUMBERS = range(1, ROUNDS + 1)


@pytest.fixture(scope="module")
def world():
    return World(TODAY)


@pytest.fixture(autouse=True)
def _back_to_the_archive(world):
    world.round = 1


@pytest.fixture(scope="module")
def configuration() -> dict[str, Any]:
    read: dict[str, Any] = YAML(typ="safe").load(settings(BASE, "http://127.0.0.1:8000"))
    return read


def body(world: World, path: str) -> bytes:
    answer = world.answer(path)
    assert answer is not None, path
    return answer.filled(BASE)


def found(root: Any, selector: str) -> list[Any]:
    """What a selector of a sources.yaml takes: CSS, with an attribute behind @, or XPath."""
    if selector.startswith("xpath:"):
        return list(root.xpath(selector.removeprefix("xpath:")))
    path, _, attribute = selector.partition("@")
    return [hit.get(attribute) if attribute else hit for hit in root.cssselect(path)]


def text_of(hit: Any) -> str:
    return hit if isinstance(hit, str) else " ".join(hit.text_content().split())


def listed(world: World, source: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Address, title and date of every item of a listing page, by the configured selectors alone."""
    rules = source["list"]
    items = []
    for element in found(html.fromstring(body(world, urlsplit(source["url"]).path)), rules["item"]):
        title = found(element, rules["title"])[0] if "title" in rules else element
        link = found(element, rules["link"])[0] if "link" in rules else element.get("href")
        items.append((link, text_of(title), text_of(found(element, rules["date"])[0])))
    return items


def entries(world: World, source: dict[str, Any]) -> list[tuple[str, str]]:
    """Address and title of everything that a source shows, however it shows it."""
    raw = body(world, urlsplit(source["url"]).path)
    if source.get("kind") == "page":
        return [(link, title) for link, title, _ in listed(world, source)]
    if raw.startswith(b"{"):
        return [(item["url"].removeprefix(BASE), item["title"]) for item in json.loads(raw)["items"]]
    root = etree.fromstring(raw)
    pairs = []
    for entry in root.xpath("//*[local-name()='item' or local-name()='entry' or local-name()='url']"):
        link = entry.xpath(
            "string(*[local-name()='loc'] | *[local-name()='link']/@href | *[local-name()='link']/text())"
        )
        pairs.append((link.removeprefix(BASE), entry.xpath("string(.//*[local-name()='title'])")))
    return [pair for pair in pairs if pair[0] != SUBSCRIBERS_ONLY]


def ask(base: str, path: str, headers: dict[str, str] | None = None, method: str = "GET"):
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=5)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


# ---------------------------------------------------------------- what is served


@pytest.mark.parametrize("number", ROUND_NUMBERS)
def test_each_source_shows_in_each_round_what_is_expected_of_it(world, configuration, number):
    world.round = number
    truth = expected(world)
    for source in configuration["sources"]:
        if source["id"] in truth.failing:
            continue
        gone = truth.withdrawn.get(source["id"], ())
        held = [(item.path, item.title) for item in truth.known if item.source == source["id"]]
        assert entries(world, source) == [pair for pair in held if pair[0] not in gone]


@pytest.mark.parametrize("number", ROUND_NUMBERS)
def test_every_path_answers_over_http_and_no_placeholder_is_left(world, number):
    world.round = number
    with serve(world) as base:
        for path in world.paths:
            status, _, raw = ask(base, path)
            assert status == 200, path
            assert raw == body(world, path).replace(BASE.encode(), base.encode())
            assert b"{{" not in raw, path
            assert b"[[" not in raw, path


def test_every_address_that_a_page_links_to_is_there(world):
    world.round = ROUNDS
    for path in world.paths:
        raw = body(world, path)
        if raw.startswith(b"<!DOCTYPE html>"):
            assert {link for link in html.fromstring(raw).xpath("//a/@href") if world.answer(link) is None} == set()


def test_the_pages_and_the_feed_of_the_russian_ministry_are_in_windows_1251(world):
    world.round = 2
    for path in ("/mid/ru/novosti.rdf", "/mid/ru/zayavlenie-brantholm.html"):
        answer = world.answer(path)
        assert answer is not None
        assert answer.content_type.endswith("windows-1251")
        assert "торгового дома «Брантхольм»" in answer.body.decode("windows-1251")


def test_a_last_full_week_holds_at_least_twenty_items_that_differ_and_say_something(world):
    week = set(expected(world, ROUNDS).week_items)
    texts = {item.path: item.text(ROUNDS) for item in world.publications if item.path in week}
    assert len(texts) >= 20
    assert len(set(texts.values())) == len(texts)
    for path, text in texts.items():
        long_enough = len(text) if "/ja/" in path else len(text.split())
        assert long_enough >= (250 if "/ja/" in path else 100), path


def test_the_archive_reaches_back_ten_weeks_without_a_gap(world):
    weeks = {day_of(item.published.date(), 0, "mon") for item in world.publications}
    assert weeks >= {day_of(TODAY, -back, "mon") for back in range(1, 11)}


def test_no_two_texts_of_the_archive_are_the_same(world):
    texts = [item.text(item.first) for item in world.publications]
    assert len(set(texts)) == len(texts)


# ---------------------------------------------------------------- what happens in the rounds


def test_new_items_come_in_every_later_round_in_three_languages(world):
    for number in (2, 3, 4):
        assert expected(world, number).new
    assert {"selvane-mfa-ja", "dalnomoria-mid", "selvane-mfa-en"} <= set(expected(world, 2).new)
    assert set(expected(world, 2).languages) == {"en", "ja", "ru"}


def test_in_round_three_a_statement_changes_while_its_listing_says_nothing(world, configuration):
    source = configuration["sources"][0]
    seen = {}
    for number in (2, 3):
        world.round = number
        row = next(row for row in listed(world, source) if row[0] == EDITED)
        seen[number] = (row, body(world, EDITED).decode())
    assert seen[2][0] == seen[3][0]
    assert "14,000 tonnes" in seen[2][1]
    assert "12,500 tonnes" in seen[3][1]
    assert "agreed to sign the protocol" in seen[2][1]
    assert "agreed to sign the protocol" not in seen[3][1]
    assert expected(world, 2).revised == {}
    assert expected(world, 3).revised == {"selvane-mfa-en": (EDITED,)}


def test_from_round_three_on_every_atom_entry_has_another_id_and_the_same_address(world):
    ids: dict[int, dict[str, str]] = {}
    for number in ROUND_NUMBERS:
        world.round = number
        root = etree.fromstring(body(world, "/meridian/atom.xml"))
        name = "{http://www.w3.org/2005/Atom}"
        ids[number] = {e.find(f"{name}link").get("href"): e.findtext(f"{name}id") for e in root.iter(f"{name}entry")}
        assert len(set(ids[number].values())) == len(ids[number])
    assert ids[1] == ids[2]
    assert ids[3] == ids[4]
    assert set(ids[2]) < set(ids[3])
    assert not set(ids[2].values()) & set(ids[3].values())
    assert expected(world, 3).renamed_ids == ("meridian-review",)


def test_from_round_three_on_a_web_page_stands_where_a_feed_was(world):
    for number in ROUND_NUMBERS:
        world.round = number
        page = body(world, "/lissen/news.rss").startswith(b"<!DOCTYPE html>")
        assert page == (number >= 3)
        assert (expected(world).failing == {"lissen-chancellery": "not-a-feed"}) == page


def test_in_round_four_a_statement_is_gone_from_its_page_and_its_listing(world):
    with serve(world) as base:
        for number, status in ((3, 200), (4, 404)):
            world.round = number
            assert ask(base, WITHDRAWN)[0] == status
            assert (WITHDRAWN.encode() in ask(base, "/selvane/en/releases.html")[2]) == (status == 200)
    assert expected(world, 4).withdrawn == {"selvane-mfa-en": (WITHDRAWN,)}
    assert expected(world, 4).items["selvane-mfa-en"] == expected(world, 3).items["selvane-mfa-en"] + 1


def test_items_once_known_stay_known(world):
    for before, after in pairwise(ROUND_NUMBERS):
        assert set(expected(world, before).known) < set(expected(world, after).known)
        fresh = sum(len(titles) for titles in expected(world, after).new.values())
        assert len(expected(world, after).known) == len(expected(world, before).known) + fresh


def test_a_round_that_does_not_exist_is_refused_in_a_sentence(world):
    with pytest.raises(ValueError, match="no round 5; give one from 1 to 4"):
        world.round = 5
    assert world.round == 1


# ---------------------------------------------------------------- the server


def test_a_conditional_request_is_answered_304_until_the_thing_changes(world):
    with serve(world) as base:
        for path in ("/selvane/en/releases.html", "/meridian/atom.xml", EDITED):
            world.round = 2
            _, headers, _ = ask(base, path)
            by_tag = {"If-None-Match": f'"other", W/{headers["ETag"]}'}
            by_date = {"If-Modified-Since": headers["Last-Modified"]}
            for condition in (by_tag, by_date):
                status, again, raw = ask(base, path, condition)
                assert (status, raw) == (304, b"")
                assert again["ETag"] == headers["ETag"]
            world.round = 3
            assert ask(base, path, by_tag)[0] == 200
            assert ask(base, path, by_date)[0] == 200


def test_a_page_that_a_round_leaves_alone_is_still_answered_304(world):
    with serve(world) as base:
        _, headers, _ = ask(base, "/gazette/freight-trains-to-return.html")
        world.round = ROUNDS
        for condition in ({"If-None-Match": headers["ETag"]}, {"If-Modified-Since": headers["Last-Modified"]}):
            assert ask(base, "/gazette/freight-trains-to-return.html", condition)[0] == 304


def test_a_tag_that_does_not_match_outweighs_a_date_that_does_and_nonsense_is_ignored(world):
    with serve(world) as base:
        modified = ask(base, "/robots.txt")[1]["Last-Modified"]
        both = {"If-None-Match": '"other"', "If-Modified-Since": modified}
        assert ask(base, "/robots.txt", both)[0] == 200
        assert ask(base, "/robots.txt", {"If-Modified-Since": "the other day"})[0] == 200


def test_one_connection_serves_many_requests_and_head_sends_no_body(world):
    with serve(world) as base:
        connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=5)
        connection.request("HEAD", "/robots.txt")
        head = connection.getresponse()
        assert head.read() == b""
        kept = connection.sock
        connection.request("GET", "/robots.txt")
        answer = connection.getresponse()
        assert len(answer.read()) == int(head.headers["Content-Length"])
        assert connection.sock is kept
        connection.request("GET", "/nowhere")
        missing = connection.getresponse()
        missing.read()
        assert missing.status == 404
        assert connection.sock is kept
        connection.close()


def test_leaving_closes_kept_connections_and_ends_every_thread(world, capfd):
    before = set(threading.enumerate())
    with serve(world) as base:
        connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=5)
        connection.request("GET", "/robots.txt")
        connection.getresponse().read()
        assert set(threading.enumerate()) > before
    assert set(threading.enumerate()) == before
    assert connection.sock.recv(1) == b""
    connection.close()
    with pytest.raises(ConnectionError):
        ask(base, "/robots.txt")
    assert capfd.readouterr() == ("", "")


def test_the_port_can_be_chosen_and_taken_again_at_once(world):
    with serve(world) as base:
        port = urlsplit(base).port
        ask(base, "/robots.txt")
    assert port is not None
    with serve(world, port) as again:
        assert again == base
        assert ask(again, "/robots.txt")[0] == 200


# ---------------------------------------------------------------- days


@pytest.mark.slow
@examples(max_examples=40, deadline=None)
@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2099, 12, 31)))
def test_on_whatever_day_it_is_looked_at_nothing_is_dated_later_and_last_week_is_full(today):
    world = World(today)
    for number in ROUND_NUMBERS:
        world.round = number
        for path in world.paths:
            answer = world.answer(path)
            assert answer is not None
            assert answer.modified < datetime.combine(today, datetime.min.time(), UTC) - timedelta(hours=12)
    truth = expected(world, ROUNDS)
    assert all(item.published is None or item.published[:10] <= today.isoformat() for item in truth.known)
    assert len(truth.week_items) >= 20
    monday = datetime.strptime(f"{truth.week}-1", "%G-W%V-%u").date()  # noqa: DTZ007 - only the day is taken
    assert monday <= today - timedelta(days=7) < monday + timedelta(days=7)


def test_only_a_day_is_told_of_what_is_dated_today_so_that_no_hour_can_lie_ahead(world):
    latest = [item for item in expected(world, ROUNDS).known if (item.published or "").startswith(TODAY.isoformat())]
    assert latest
    assert {item.precision for item in latest} == {"day"}


def test_the_same_day_gives_the_same_bytes_in_another_process_zone_and_hash_seed(world):
    program = """
import hashlib, sys
from datetime import date
from briefing.demo import ROUNDS, World
world, total = World(date.fromisoformat(sys.argv[1])), hashlib.sha256()
for world.round in range(1, ROUNDS + 1):
    for path in world.paths:
        answer = world.answer(path)
        total.update(repr((path, answer)).encode())
print(total.hexdigest())
"""
    sums = set()
    for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/Lima")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        command = [sys.executable, "-c", program, TODAY.isoformat()]
        sums.add(subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout)
    assert len(sums) == 1


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 19), "令和8年11月19日"),
        (date(2020, 1, 1), "令和2年1月1日"),
        (date(2019, 12, 31), "令和元年12月31日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
    ],
)
def test_a_day_is_written_in_the_japanese_era_it_lies_in(day, words):
    assert japanese_era(day) == words


def test_a_day_before_the_eras_known_is_refused():
    with pytest.raises(ValueError, match="before 8 January 1989"):
        japanese_era(date(1989, 1, 7))


def test_days_are_written_as_each_language_does():
    day = date(2026, 3, 5)
    assert [written(day, language) for language in ("en", "ja", "ru")] == ["5 March", "3月5日", "5 марта"]
    assert dateline(day, "ru") == "5 марта 2026 года"


def test_the_listing_in_japanese_gives_the_days_of_the_items_in_their_era(world, configuration):
    world.round = ROUNDS
    source = next(source for source in configuration["sources"] if source["id"] == "selvane-mfa-ja")
    days = {item.path: item.published for item in expected(world).known}
    rows = listed(world, source)
    assert len(rows) == expected(world).items["selvane-mfa-ja"]
    for link, _, stamp in rows:
        year, month, day = map(int, (days[link] or "").split("-"))
        assert stamp == f"令和{year - 2018}年{month}月{day}日"


def test_what_is_last_modified_is_told_in_the_form_of_http(world):
    with serve(world) as base:
        stamp = ask(base, "/robots.txt")[1]["Last-Modified"]
    assert stamp.endswith("GMT")
    assert parsedate_to_datetime(stamp) < datetime(2026, 11, 23, tzinfo=UTC)


# ---------------------------------------------------------------- the configuration


def test_the_configuration_is_accepted_by_the_service(tmp_path):
    file = tmp_path / "sources.yaml"
    file.write_text(settings(BASE, "http://127.0.0.1:8000"), encoding="utf-8")
    held = load(file)
    assert held.site.url == "http://127.0.0.1:8000"
    assert len(held.sources) == 9
    assert all(source.url.startswith(BASE) for source in held.sources)


def test_the_configuration_names_the_institutions_of_the_world_where_they_publish(world, configuration):
    told = {source["id"]: (source["name"], source["url"], source["timezone"]) for source in configuration["sources"]}
    assert told == {place.id: (place.name, BASE + place.feed, str(place.zone)) for place in world.institutions}


def test_the_selectors_for_pages_take_the_text_and_leave_what_surrounds_it(world, configuration):
    world.round = 2
    for source in configuration["sources"]:
        rules = source.get("article")
        for item in world.publications if rules else ():
            if item.institution.id != source["id"] or not item.shown(2):
                continue
            root = html.fromstring(body(world, item.path))
            if "title" in rules:
                assert text_of(found(root, rules["title"])[0]) == item.title
            for hit in (hit for selector in rules["drop"] for hit in found(root, selector)):
                hit.drop_tree()
            text = text_of(found(root, rules["body"])[0])
            assert "".join(text.split()) == re.sub(r"\s|## ", "", item.text(2))


def test_what_is_for_subscribers_only_stands_in_the_sitemap_and_is_left_out_by_configuration_and_robots(
    world, configuration
):
    source = next(source for source in configuration["sources"] if source["id"] == "strait-gazette")
    assert f"{BASE}{SUBSCRIBERS_ONLY}".encode() in body(world, "/gazette/news-sitemap.xml")
    assert any(re.search(rule, f"{BASE}{SUBSCRIBERS_ONLY}") for rule in source["exclude"])
    assert b"Disallow: /gazette/subscribers/" in body(world, "/robots.txt")


def test_every_topic_is_spoken_of_last_week_and_in_every_language_it_has_phrases_for(world, configuration):
    week = set(expected(world, ROUNDS).week_items)
    for topic in configuration["topics"]:
        assert set(topic["phrases"]) == {"en", "ja", "ru"}
        for language, phrases in topic["phrases"].items():
            sought = [re.escape(phrase).replace(r"\*", r"\w*") for phrase in phrases]
            spoken = [
                item.path
                for item in world.publications
                if item.language == language and re.search("|".join(sought), item.text(item.first))
            ]
            assert spoken, (topic["id"], language)
            assert language != "en" or len(week & set(spoken)) >= 2, topic["id"]


def test_one_publication_is_without_a_date_and_says_so(world):
    undated = [item for item in expected(world, 1).known if item.published is None]
    assert [item.source for item in undated] == ["tern-strait-commission"]
    feed = json.loads(body(world, "/commission/feed.json"))
    assert [item["url"] for item in feed["items"] if "date_published" not in item] == [BASE + undated[0].path]
