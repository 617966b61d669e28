"""Items' own pages read again: silent edits, withdrawals on evidence, returns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    HTML,
    LISTED,
    MAIN,
    clock,
    listing,
    parsing,
    post,
    press,
    rss,
    source,
    street,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

LINKS = [("/a.html", "Pilots", "2026-02-26"), ("/b.html", "Berths", "2026-02-27")]
PILOTS = "The pilots of the harbour go out in every weather but fog."
BERTHS = "Five berths were opened for the boats that fish for herring."


@pytest.fixture
def board(street, press):
    press.says("/list", listing(LINKS), content_type=HTML)
    press.shows("/a.html", "Pilots", PILOTS)
    press.shows("/b.html", "Berths", BERTHS)
    made = street(source("board", "/list", press, kind="page", listing=LISTED, article=MAIN))
    made.collect()
    press.log()
    return made


def test_pages_that_are_as_they_were_answer_304_and_leave_no_event(board, press):
    before = board.head()
    assert board.one("board", recheck=True).events == 0
    assert press.log() == [("/list", 304), ("/a.html", 304), ("/b.html", 304)]
    assert board.head() == before


def test_without_recheck_no_page_is_asked_twice(board, press):
    board.collect()
    assert press.log() == [("/list", 304)]


def test_a_silent_edit_is_found_and_both_versions_stay(board, press, clock):
    clock.forward(days=2)
    press.shows("/b.html", "Berths", BERTHS.replace("Five", "Six"))
    result = board.one("board", recheck=True)
    assert (result.revised, result.events) == (1, 1)
    item = board.item("Berths")
    assert (item.state, item.revisions, item.changed_at) == ("revised", 2, clock.now)
    assert [version.text[:4] for version in board.desk.library.revisions(item.id)] == ["Five", "Six "]
    assert board.one("board", recheck=True).events == 0


def test_other_markup_and_signs_are_no_edit(board, press):
    press.shows("/b.html", "Berths", BERTHS.replace(" ", " \n ").replace("Five", "<b>Five</b>"))
    assert board.one("board", recheck=True).revised == 0


def test_a_page_found_gone_twice_a_day_apart_is_withdrawn(board, press, clock):
    press.fails("/b.html", 404)
    assert board.one("board", recheck=True).withdrawn == 0
    first = clock.now
    clock.forward(hours=23)
    assert board.one("board", recheck=True).withdrawn == 0
    clock.forward(hours=1)
    result = board.one("board", recheck=True)
    assert (result.withdrawn, result.events) == (1, 1)
    assert board.item("Berths").state == "withdrawn"
    (event,) = board.events("item.withdrawn")
    assert (event.status, event.first_missing) == (404, first.isoformat())
    assert BERTHS in board.text("Berths")
    clock.forward(days=3)
    assert board.one("board", recheck=True).events == 0
    assert board.item("Pilots").state == "current"


def test_a_page_gone_is_withdrawn_at_once_where_one_look_is_to_be_proof(board, press):
    press.fails("/b.html", 410)
    assert board.one("board", recheck=True, confirm=True).withdrawn == 1
    assert board.events("item.withdrawn")[0].status == 410


def test_a_page_that_is_gone_once_and_comes_back_is_nothing(board, press, clock):
    press.fails("/b.html", 404)
    board.one("board", recheck=True)
    press.shows("/b.html", "Berths", BERTHS)
    clock.forward(days=2)
    assert board.one("board", recheck=True).events == 0
    assert not press.last("/b.html").conditional
    press.fails("/b.html", 404)
    clock.forward(days=2)
    assert board.one("board", recheck=True).withdrawn == 0, "the two looks must follow each other"


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_page_that_fails_otherwise_is_no_evidence(board, press, clock, status):
    press.fails("/b.html", status)
    for _ in range(3):
        result = board.one("board", recheck=True, confirm=True)
        clock.forward(days=2)
    assert result.withdrawn == 0
    assert "/b.html" in result.detail
    assert board.state("board") == "ok"


def test_a_withdrawn_page_that_returns_is_restored_with_what_it_says_now(board, press, clock):
    press.fails("/b.html", 404)
    board.one("board", recheck=True, confirm=True)
    clock.forward(days=1)
    press.shows("/b.html", "Berths", BERTHS.replace("Five", "Two"))
    result = board.one("board", recheck=True)
    assert (result.restored, result.revised) == (1, 1)
    assert board.item("Berths").state == "revised"
    assert [change.kind for change in board.desk.library.changes()] == ["revised", "restored", "withdrawn"]
    press.fails("/b.html", 404)
    assert board.one("board", recheck=True, confirm=True).withdrawn == 1


def test_a_page_that_was_read_at_this_very_visit_is_not_asked_again(board, press):
    press.shows("/c.html", "Cranes", "Three cranes stand at the new quay.")
    press.says("/list", listing([("/c.html", "Cranes", "2026-02-28"), *LINKS]), content_type=HTML)
    board.one("board", recheck=True)
    assert sorted(press.log()) == [("/a.html", 304), ("/b.html", 304), ("/c.html", 200), ("/list", 200)]


def test_an_item_whose_title_changed_at_this_visit_is_rechecked_as_it_is_now(board, press):
    press.shows("/b.html", "Berths", BERTHS.replace("Five", "Nine"), validators=False)
    press.says("/list", listing([LINKS[0], ("/b.html", "More berths", "2026-02-27")]), content_type=HTML)
    board.one("board", recheck=True)
    press.shows("/b.html", "Berths", BERTHS.replace("Five", "Ten"), validators=False)
    assert board.one("board", recheck=True).revised == 1
    assert [version.text[:4] for version in board.desk.library.revisions(board.item("More berths").id)] == [
        "Five",
        "Nine",
        "Ten ",
    ]


def test_pages_are_read_again_though_the_list_itself_is_broken(board, press):
    press.fails("/list", 500)
    press.shows("/b.html", "Berths", BERTHS.replace("Five", "Six"))
    result = board.one("board", recheck=True)
    assert (result.outcome, result.revised) == ("failed", 1)


def test_what_a_feed_gave_whole_has_no_page_to_be_read_again(street, press):
    press.says("/feed", rss([post(1)]))
    made = street(source("feed", "/feed", press))
    made.collect()
    press.log()
    assert made.one("feed", recheck=True, confirm=True).withdrawn == 0
    assert press.log() == [("/feed", 304)]


def test_pages_that_robots_txt_now_disallows_are_left_alone(board, press, street):
    press.says("/robots.txt", "User-agent: *\nDisallow: /b.html", content_type="text/plain")
    fresh = street(source("board", "/list", press, kind="page", listing=LISTED, article=MAIN))
    fresh.collect()
    press.log()
    fresh.one("board", recheck=True, confirm=True)
    assert "/b.html" not in [path for path, _ in press.log()]
    assert {item.state for item in fresh.items()} == {"current"}


def test_a_feed_that_only_ever_gives_summaries_keeps_a_silent_edit_of_the_page(street, press):
    short = replace(post(1), content="", summary="In short.")
    press.says("/feed", rss([short]))
    press.shows("/items/1", "One", BERTHS)
    made = street(source("feed", "/feed", press))
    made.collect()
    press.shows("/items/1", "One", BERTHS.replace("Five", "Six"))
    assert made.one("feed", recheck=True).revised == 1
    press.says("/feed", rss([post(2), short]))
    assert made.one("feed").revised == 0
    assert "Six" in made.text("Communiqué number 1")


def test_an_item_that_moved_is_read_again_where_it_is_and_not_called_withdrawn(street, press):
    said = post(1, "Pilots", content="", summary="The harbour council met…", link="{base}/old/a.html")
    press.says("/feed", rss([said]))
    press.shows("/old/a.html", "Pilots", PILOTS)
    board = street(source("board", "/feed", press, article=MAIN))
    board.collect()
    press.says("/feed", rss([replace(said, link="{base}/new/a.html")]))
    press.fails("/old/a.html", 404)
    press.shows("/new/a.html", "Pilots", PILOTS)
    board.collect()
    result = board.one("board", recheck=True, confirm=True)
    assert (result.new, result.revised, result.withdrawn) == (0, 0, 0)
    assert board.item("Pilots").state == "current"


def test_a_listed_item_under_another_address_is_known_by_its_words(street, press):
    press.says("/list", listing(LINKS), content_type=HTML)
    press.shows("/a.html", "Pilots", PILOTS)
    press.shows("/b.html", "Berths", BERTHS)
    board = street(source("board", "/list", press, kind="page", listing=LISTED, article=MAIN))
    board.collect()
    press.says("/list", listing([("/view/a.html", "Pilots", "2026-02-26"), LINKS[1]]), content_type=HTML)
    press.fails("/a.html", 404)
    press.shows("/view/a.html", "Pilots", PILOTS)
    result = board.one("board")
    assert (result.new, result.revised, result.aliased) == (0, 0, 1)
    assert board.one("board", recheck=True, confirm=True).withdrawn == 0
    assert board.one("board").events == 0


def test_two_listed_items_that_say_the_same_stay_two(street, press):
    twins = [("/a.html", "Notice", "2026-02-26"), ("/b.html", "Notice", "2026-02-26")]
    press.says("/list", listing(twins[:1]), content_type=HTML)
    press.shows("/a.html", "Notice", PILOTS)
    press.shows("/b.html", "Notice", PILOTS)
    board = street(source("board", "/list", press, kind="page", listing=LISTED, article=MAIN))
    board.collect()
    press.says("/list", listing(twins), content_type=HTML)
    assert board.one("board").new == 1
