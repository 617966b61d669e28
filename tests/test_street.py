"""The whole street: from a press on loopback to published files, verb by verb."""

from __future__ import annotations

import json
from typing import Any

import pytest

from briefing.errors import UsageError
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    HTML,
    LISTED,
    MAIN,
    XML,
    clock,
    index,
    listing,
    page,
    parsing,
    post,
    press,
    rss,
    source,
    street,
    topic,
    urlset,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures


@pytest.fixture
def harbour(street, press):
    """A feed with whole texts, a listing with pages of their own, a sitemap: all of it collected once."""
    press.says("/feed", rss([post(2), post(1)]))
    press.says("/list", listing([("/berths.html", "New berths for herring boats", "2026-02-26")]), content_type=HTML)
    press.shows("/berths.html", "Berths", "Five berths are new.", "The cod fleet lands at night from now on.")
    press.says("/map.xml", urlset(["{base}/notes/tide.html"]), content_type=XML)
    press.shows("/notes/tide.html", "Tide tables", "The tables of the tides are printed again for all of the coast.")
    made = street(
        source("feed", "/feed", press),
        source("list", "/list", press, kind="page", listing=LISTED, article=MAIN),
        source("map", "/map.xml", press, kind="sitemap", institution="think-tank"),
    )
    made.collect()
    return made


def test_what_the_press_says_becomes_items_with_text_labels_feeds_and_an_issue(harbour, press):
    assert harbour.titles() == [
        "Communiqué number 1",
        "Communiqué number 2",
        "New berths for herring boats",
        "Tide tables",
    ]
    assert "cod fleet" in harbour.text("New berths for herring boats")
    assert harbour.service.classify().items == 4
    berths = harbour.item("New berths for herring boats")
    assert {label.topic: label.level for label in berths.labels}.keys() == {"harbour", "fish"}
    assert any("cod fleet" in piece.sentence for label in berths.labels for piece in label.evidence)
    harbour.service.publish()
    (issue,) = harbour.service.brief(week="2026-W09")
    assert issue.fresh
    files = harbour.files()
    feed = json.loads(files["feeds/all.json"])
    assert {entry["title"] for entry in feed["items"]} == set(harbour.titles())
    fish = json.loads(files["feeds/topics/fish.json"])
    assert [entry["title"] for entry in fish["items"]] == ["New berths for herring boats"]
    assert b"New berths for herring boats" in files["briefings/weekly/2026-W09/briefing.md"]
    assert {state for name in ("feed", "list", "map") if (state := harbour.state(name))} == {"ok"}


def test_asked_again_everything_answers_304_and_the_log_stays_as_it_is(harbour, press):
    harbour.service.classify()
    press.log()
    before = harbour.head()
    again = harbour.collect()
    assert harbour.head() == before
    assert sorted(press.log()) == [("/feed", 304), ("/list", 304), ("/map.xml", 304)]
    assert {result.outcome for result in again.values()} == {"unchanged"}
    assert {result.events for result in again.values()} == {0}
    assert harbour.service.classify().events == 0
    harbour.service.publish()
    published = harbour.service.publish()
    assert published.written == ()


def test_a_server_without_validators_is_read_in_full_and_still_adds_nothing(street, press):
    press.says("/feed", rss([post(1)]), validators=False)
    made = street(source("feed", "/feed", press))
    made.collect()
    before = made.head()
    assert made.one("feed").outcome == "read"
    assert made.head() == before


def test_new_edited_and_renamed_entries_are_told_apart(harbour, press):
    edited = post(1, title="Communiqué number 1, corrected")
    renamed = post(2, guid="https://other.example/2", link="{base}/items/2?utm_source=rss")
    press.says("/feed", rss([post(3), renamed, edited]))
    result = harbour.one("feed")
    assert (result.new, result.revised, result.aliased) == (1, 1, 1)
    assert harbour.item("Communiqué number 1, corrected").state == "revised"
    assert harbour.desk.library.count(source="feed") == 3
    assert harbour.one("feed").events == 0


def test_an_edit_is_classified_again_and_keeps_the_label_that_it_dropped(harbour, press):
    harbour.service.classify()
    press.says("/feed", rss([post(2), post(1, content="<p>The board went home early that day.</p>")]))
    harbour.one("feed")
    assert harbour.service.classify().again == 1
    item = harbour.item("Communiqué number 1")
    assert [(label.topic, label.revision) for label in item.labels] == [("harbour", 1)]


def test_a_list_that_rolls_on_withdraws_nothing(harbour, press):
    press.says("/feed", rss([post(9), post(8)]))
    result = harbour.one("feed", recheck=True, confirm=True)
    assert result.withdrawn == 0
    assert {item.state for item in harbour.items(source="feed")} == {"current"}
    assert len(harbour.items(source="feed")) == 4


def test_where_a_date_is_not_given_none_is_made_up(street, press, clock):
    press.says("/feed", rss([post(1, date=None), post(2, date="some day soon")]))
    made = street(source("feed", "/feed", press))
    made.collect()
    assert {item.published.value for item in made.items()} == {None}
    assert {item.published.raw for item in made.items()} == {"", "some day soon"}
    assert {item.day for item in made.items()} == {clock.now.date().isoformat()}


# ---------------------------------------------------------------- the parts of a sitemap index


@pytest.fixture
def atlas(street, press):
    press.says("/index.xml", index(["{base}/one.xml", "{base}/two.xml"]), content_type=XML)
    for part in ("one", "two"):
        press.says(f"/{part}.xml", urlset([f"{{base}}/{part}.html"]), content_type=XML)
        press.shows(f"/{part}.html", f"Page {part}", f"This is what page {part} has to say about the harbour.")
    made = street(source("map", "/index.xml", press, kind="sitemap"))
    made.collect()
    press.log()
    return made


def test_every_part_of_an_index_is_asked_conditionally(atlas, press):
    assert len(atlas.items()) == 2
    before = atlas.head()
    atlas.collect()
    assert press.log() == [("/index.xml", 304), ("/one.xml", 304), ("/two.xml", 304)]
    assert atlas.head() == before


def test_a_part_that_changed_is_read_alone(atlas, press):
    press.says("/two.xml", urlset(["{base}/two.html", "{base}/new.html"]), content_type=XML)
    press.shows("/new.html", "Page new", "This is what the new page has to say about the harbour.")
    assert atlas.one("map").new == 1
    assert press.log() == [("/index.xml", 304), ("/one.xml", 304), ("/two.xml", 200), ("/new.html", 200)]
    atlas.collect()
    assert {status for _, status in press.log()} == {304}


def test_an_index_that_changed_over_parts_that_did_not_is_no_empty_list(atlas, press):
    press.says("/index.xml", index(["{base}/one.xml", "{base}/two.xml"], mark="again"), content_type=XML)
    assert atlas.one("map").outcome == "read"
    assert atlas.state("map") == "ok"


def test_a_part_that_cannot_be_read_costs_nothing_of_the_others(atlas, press):
    press.fails("/one.xml", 404)
    press.says("/two.xml", urlset(["{base}/two.html", "{base}/new.html"]), content_type=XML)
    press.shows("/new.html", "Page new", "This is what the new page has to say about the harbour.")
    result = atlas.one("map")
    assert (result.new, result.outcome, result.failure) == (1, "failed", "damaged")
    assert "/one.xml" in result.detail
    assert len(atlas.items()) == 3
    press.says("/one.xml", urlset(["{base}/one.html"]), content_type=XML)
    atlas.collect()
    assert atlas.state("map") == "ok"


# ---------------------------------------------------------------- items' own pages


def summary(number: int, **more: Any) -> Any:
    return post(number, content="", summary=f"In short: session {number}.", **more)


def test_a_summary_is_completed_from_the_page_as_full_text_says(street, press):
    press.says("/feed", rss([summary(1)]))
    press.shows("/items/1", "One", "The harbour board met and said more than the feed does.", "It closed two berths.")
    for full_text, text, asked in (("auto", "two berths", 1), ("always", "two berths", 1), ("never", "In short", 0)):
        made = street(source("feed", "/feed", press, full_text=full_text))
        press.log()
        made.collect()
        assert text in made.text("Communiqué number 1")
        assert press.log().count(("/items/1", 200)) == asked


def test_whole_entries_are_read_from_their_pages_only_where_always_says_so(street, press):
    press.says("/feed", rss([post(1)]))
    press.shows("/items/1", "One", "The page says something of its own about the pilots of the harbour.")
    for full_text, asked in (("auto", 0), ("always", 1), ("never", 0)):
        press.log()
        street(source("feed", "/feed", press, full_text=full_text)).collect()
        assert press.log().count(("/items/1", 200)) == asked


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_page_that_fails_for_now_is_read_at_the_next_visit(street, press, status):
    press.says("/feed", rss([summary(1), post(2)]))
    press.fails("/items/1", status)
    made = street(source("feed", "/feed", press))
    result = made.one("feed")
    assert (result.new, result.waiting, result.outcome) == (1, 1, "read")
    press.shows("/items/1", "One", "The harbour board met and said more than the feed does.")
    assert made.one("feed").new == 1
    assert "more than the feed" in made.text("Communiqué number 1")
    assert made.item("Communiqué number 1").revisions == 1
    assert {item.noted for item in made.items()} == {""}
    press.log()
    made.collect()
    assert press.log() == [("/feed", 304)]


def test_after_three_tries_an_item_is_recorded_with_what_the_feed_says_and_the_reason(street, press):
    press.says("/feed", rss([summary(1)]))
    press.fails("/items/1", 503)
    made = street(source("feed", "/feed", press))
    assert [made.one("feed").new for _ in range(4)] == [0, 0, 1, 0]
    item = made.item("Communiqué number 1")
    assert "503" in item.noted
    assert made.text("Communiqué number 1") == "In short: session 1."


@pytest.mark.parametrize("status", [404, 403, 410])
def test_a_page_that_answers_no_is_not_asked_thrice(street, press, status):
    press.says("/feed", rss([summary(1)]))
    press.fails("/items/1", status)
    made = street(source("feed", "/feed", press))
    assert made.one("feed").new == 1
    assert str(status) in made.item("Communiqué number 1").noted


def test_a_page_read_later_completes_the_item_and_is_no_edit(street, press):
    press.says("/feed", rss([summary(1)]))
    press.fails("/items/1", 404)
    made = street(source("feed", "/feed", press))
    made.collect()
    press.shows("/items/1", "One", "The harbour board met and said more than the feed does.")
    press.says("/feed", rss([post(2), summary(1, date=None)]))
    assert made.one("feed").revised == 0
    item = made.item("Communiqué number 1")
    assert (item.state, item.revisions, item.noted) == ("current", 1, "")
    assert "more than the feed" in made.text("Communiqué number 1")


def test_pages_that_robots_txt_disallows_are_left_alone_and_their_items_recorded_at_once(street, press):
    press.says("/robots.txt", "User-agent: *\nDisallow: /items/", content_type="text/plain")
    press.says("/feed", rss([summary(1)]))
    press.shows("/items/1", "One", "Nobody asked for this.")
    made = street(source("feed", "/feed", press))
    assert made.one("feed").new == 1
    assert "/items/1" not in [path for path, _ in press.log()]
    item = made.item("Communiqué number 1")
    assert "robots.txt" in item.noted
    assert made.state("feed") == "ok"


def test_a_text_read_from_its_page_outlives_a_new_title_while_the_page_fails(street, press):
    press.says("/feed", rss([summary(1)]))
    press.shows("/items/1", "One", "The harbour board met and said more than the feed does.")
    made = street(source("feed", "/feed", press))
    made.collect()
    press.says("/feed", rss([summary(1, title="Corrected communiqué")]))
    press.fails("/items/1", 503)
    for _ in range(3):
        made.collect()
    assert made.titles() == ["Corrected communiqué"]
    assert "more than the feed" in made.text("Corrected communiqué")


def test_a_long_archive_is_read_in_pieces_and_none_of_it_is_news(street, press, clock):
    links = [(f"/old/{number}.html", f"Old note {number}", "2025-11-03") for number in range(130)]
    press.says("/list", listing(links), content_type=HTML)
    for url, title, _ in links:
        press.shows(url, title, f"{title} says that the harbour was closed for a day of storm in autumn.")
    made = street(source("list", "/list", press, kind="page", listing=LISTED, article=MAIN))
    assert (made.one("list").new, made.one("list").new) == (100, 30)
    assert {item.news_at.date().isoformat() for item in made.items()} == {"2025-11-03"}
    press.log()
    assert made.one("list").events == 0


# ---------------------------------------------------------------- asked for by name


def test_one_source_is_collected_alone_and_a_wrong_name_is_told_the_right_one(harbour, press):
    press.log()
    harbour.collect("feed")
    assert press.log() == [("/feed", 304)]
    with pytest.raises(UsageError, match='did you mean "feed"'):
        harbour.collect("feeds")


def test_topics_of_other_languages_are_not_tried_on_an_item(street, press):
    press.says("/feed", rss([post(1)]))
    made = street(
        source("feed", "/feed", press), topics=(topic("harbour", "harbour*", exclude={"en": ("harbour board",)}),)
    )
    made.collect()
    made.service.classify()
    assert made.item("Communiqué number 1").labels == ()


def test_a_page_of_a_listing_without_a_title_takes_that_of_its_page(street, press):
    press.says("/map.xml", urlset(["{base}/a.html"]), content_type=XML)
    press.says(
        "/a.html", page("Pilots of the harbour", "The pilots go out in every weather but fog."), content_type=HTML
    )
    made = street(source("map", "/map.xml", press, kind="sitemap"))
    made.collect()
    assert made.titles() == ["Pilots of the harbour"]


@pytest.mark.parametrize("guids", [True, False])
def test_entries_that_all_lead_to_one_page_stay_many_and_keep_their_own_words(street, press, guids):
    def said(number: int) -> Any:
        guid = f"tag:press,2026:{number}" if guids else None
        return summary(number, title=f"Notice {number}", link="{base}/notices.html", guid=guid)

    press.shows("/notices.html", "All notices", "Here stand all the notices of the harbour, one below the other.")
    made = street(source("feed", "/feed", press))
    for newest in range(3, 9):
        press.says("/feed", rss([said(number) for number in range(newest, newest - 3, -1)]))
        made.collect()
    assert made.titles() == [f"Notice {number}" for number in range(1, 9)]
    assert {item.state for item in made.items()} == {"current"}
    assert made.text("Notice 7") == "In short: session 7."
    assert "/notices.html" not in [path for path, _ in press.log()]


# ---------------------------------------------------------------- addresses


def test_an_item_that_moved_is_shown_where_it_stands_now(street, press):
    press.says("/feed", rss([post(1)]))
    made = street(source("feed", "/feed", press))
    made.collect()
    (before,) = made.items()
    moved = rss([post(1)]).replace(before.url.removeprefix(press.base), "/moved/one.html")
    press.says("/feed", moved)
    result = made.one("feed")
    (after,) = made.items()
    assert (result.new, result.revised, result.aliased) == (0, 0, 1)
    assert after.id == before.id
    assert after.url.endswith("/moved/one.html")
    made.service.publish()
    assert "/moved/one.html" in made.files()["feeds/all.rss"].decode()
    assert before.url not in made.files()["feeds/all.rss"].decode()


def test_a_page_of_a_sitemap_that_cannot_be_read_is_named_by_its_address(street, press):
    press.says("/map.xml", urlset(["{base}/gone.html"]), content_type=XML)
    made = street(source("map", "/map.xml", press, kind="sitemap"))
    made.collect()
    (item,) = made.items()
    assert item.title == item.url
    assert "404" in item.noted
