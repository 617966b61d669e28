"""Pages that answer 200 and are not themselves: no edit, no withdrawal, and told; pages that are refused."""

from __future__ import annotations

import pytest

from briefing.observe.absence import lost, neighbour, words_of_absence
from briefing.outputs.health_words import page_words
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    HTML,
    LISTED,
    MAIN,
    clock,
    listing,
    page,
    parsing,
    post,
    press,
    rss,
    source,
    street,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

LINKS = [("/n/a.html", "Pilots", "2026-02-26"), ("/n/b.html", "Berths", "2026-02-27")]
PILOTS = "The pilots of the harbour go out in every weather but fog, and have done so for forty years."
BERTHS = "Five berths were opened for the boats that fish for herring, and two more will follow in May."


@pytest.fixture
def board(street, press):
    press.says("/list", listing(LINKS), content_type=HTML)
    press.shows("/n/a.html", "Pilots", PILOTS)
    press.shows("/n/b.html", "Berths", BERTHS)
    made = street(source("board", "/list", press, kind="page", listing=LISTED, article=MAIN))
    made.collect()
    press.log()
    return made


def troubles(board):
    return [(one.trouble, one.pages) for one in board.health("board").pages]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Page not found", "Please use the search."),
        ("Harbour board", "The page you are looking for does not exist or has been moved."),
        ("Harbour board", "This website is under maintenance. We will be back shortly."),
        ("404", "Start"),
        ("港湾委員会", "お探しのページは見つかりませんでした。"),
        ("メンテナンス中", "ただいま作業をしております。"),
        ("Ошибка", "Страница не найдена или была удалена."),
        ("Порт", "На сайте ведутся технические работы."),
        ("Port", "La page demandée est introuvable."),
        ("Hafen", "Die gesuchte Seite wurde leider nicht gefunden."),
        ("港口", "您访问的页面不存在。"),
    ],
)
def test_words_of_absence_are_known_in_many_languages(title, text):
    assert words_of_absence(title, text)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Resolution 404", "The board adopted resolution 404."),
        ("The wreck", "The wreck was not found, and the search goes on."),
        ("Statement withdrawn", "The ministry has withdrawn its statement of 3 May."),
        ("会談", "双方は合意に至らなかった。"),
        ("Переговоры", "Стороны не нашли решения."),
    ],
)
def test_statements_that_sound_alike_are_none(title, text):
    assert not words_of_absence(title, text)


def test_a_text_is_lost_where_hardly_a_word_of_it_is_left():
    assert lost(BERTHS, PILOTS)
    assert not lost(BERTHS, BERTHS.replace("Five", "Six").replace("herring", "cod"))
    assert lost("五つの岸壁が漁船のために開かれた。", "お探しのページは見つかりませんでした。")
    assert not lost("", PILOTS)


def test_a_neighbour_differs_in_all_that_may_name_a_page_and_is_always_the_same():
    for url in ("https://a.example/2026/03/12345/title.html", "https://a.example/n?id=5&no=7", "https://a.example/x/"):
        beside = neighbour(url)
        assert beside == neighbour(url) != url
        assert "12345" not in beside
        assert "title" not in beside
    assert neighbour("https://a.example/2026/03/12345/title.html").endswith(".html")
    assert "/2026/03/" in neighbour("https://a.example/2026/03/12345/title.html")
    assert neighbour("https://a.example/") == ""


def test_a_page_that_says_it_is_not_there_is_no_edit_and_told_until_it_is_back(board, press, clock):
    before = board.head()
    press.shows("/n/b.html", "Page not found", "The page you requested could not be found.")
    for days in (1, 2, 3):
        clock.forward(days=days)
        result = board.one("board", recheck=True, confirm=True)
        assert (result.revised, result.withdrawn) == (0, 0)
    assert (board.head(), board.item("Berths").state) == (before, "current")
    (told,) = board.health("board").pages
    assert (told.trouble, told.pages, told.since[:10]) == ("absent", 1, "2026-03-03")
    assert page_words(told) == (
        'absent: 1 item page answers, but not with its text (it says "page not found"); no edit is recorded'
    )
    assert board.state("board") == "ok"
    press.shows("/n/b.html", "Berths", BERTHS)
    assert board.one("board", recheck=True).events == 0
    assert (board.head(), troubles(board)) == (before, [])


def test_it_is_looked_at_again_by_itself_though_all_its_times_are_past(board, press, clock):
    clock.forward(days=31)
    press.shows("/n/b.html", "Page not found", "The page you requested could not be found.")
    board.look_again()
    assert troubles(board) == [("absent", 1)]
    press.shows("/n/b.html", "Berths", BERTHS)
    clock.forward(days=8)
    assert board.look_again()["board"].events == 0
    assert troubles(board) == []


def test_a_page_that_an_invented_address_gives_too_is_no_edit(board, press, clock):
    wall = page("Harbour board", "Sign in with your account of the harbour board to go on reading.")
    press.says("/n/b.html", wall, content_type=HTML)
    press.says(neighbour(f"{press.base}/n/b.html").removeprefix(press.base), wall, content_type=HTML)
    clock.forward(days=1)
    assert board.one("board", recheck=True).revised == 0
    assert "invented address" in board.health("board").pages[0].said


def test_a_page_that_leads_to_the_front_as_every_address_does_is_no_edit(board, press, clock):
    press.shows("/", "Harbour board", "Welcome to the board. Tide tables, rates and the weather of today.")
    press.says("/n/b.html", status=302, headers={"Location": "/"})
    beside = neighbour(f"{press.base}/n/b.html").removeprefix(press.base)
    press.says(beside, status=302, headers={"Location": "/"})
    clock.forward(days=1)
    assert board.one("board", recheck=True).revised == 0
    assert troubles(board) == [("absent", 1)]


def test_several_items_that_give_one_text_are_no_edits(board, press, clock):
    for path in ("/n/a.html", "/n/b.html"):
        press.shows(path, "Harbour board", "Read more about our work in the yearly report of the board.")
    clock.forward(days=1)
    assert board.one("board", recheck=True).revised == 0
    assert troubles(board) == [("absent", 2)]


def test_a_statement_that_is_rewritten_or_taken_back_in_words_is_an_edit(board, press, clock):
    press.shows("/n/b.html", "Berths", "The board has withdrawn this statement and asks for patience.")
    clock.forward(days=1)
    assert board.one("board", recheck=True).revised == 1
    assert troubles(board) == []
    assert "withdrawn this statement" in board.text("Berths")


def test_a_withdrawn_item_is_not_restored_by_a_page_that_says_it_is_gone(board, press, clock):
    press.fails("/n/b.html", 404)
    board.one("board", recheck=True, confirm=True)
    press.shows("/n/b.html", "Not found", "The page you requested has been removed.")
    clock.forward(days=1)
    result = board.one("board", recheck=True)
    assert (result.restored, result.revised) == (0, 0)
    assert board.item("Berths").state == "withdrawn"
    press.shows("/n/b.html", "Berths", BERTHS)
    assert board.one("board", recheck=True).restored == 1


def test_a_404_between_two_soft_ones_is_no_proof(board, press, clock):
    for soft in (False, True, False, True):
        if soft:
            press.shows("/n/b.html", "Not found", "The page you requested has been removed.")
        else:
            press.fails("/n/b.html", 404)
        clock.forward(days=2)
        assert board.one("board", recheck=True).withdrawn == 0


def test_an_item_whose_page_is_not_there_at_first_waits_and_is_recorded_without_those_words(street, press, clock):
    press.says("/feed", rss([post(1, content="", summary="")]))
    press.shows("/items/1", "Page not found", "The page you requested could not be found.")
    feed = street(source("board", "/feed", press, article=MAIN))
    assert (feed.one("board").new, feed.one("board").new, feed.one("board").new) == (0, 0, 1)
    (item,) = feed.items()
    assert 'says "page not found"' in item.noted
    assert "requested" not in feed.text(item.title)
    assert troubles(feed) == [("absent", 1)]
    press.shows("/items/1", item.title, BERTHS)
    clock.forward(hours=2)
    feed.look_again()
    assert (feed.text(item.title), troubles(feed)) == (BERTHS, [])
    assert feed.desk.library.changes() == []


def test_a_standing_page_that_says_it_is_not_there_fails_and_is_not_edited(street, press, clock):
    press.shows("/position", "Our position", BERTHS, PILOTS)
    watch = street(source("board", "/position", press, kind="watch", article=MAIN))
    watch.collect()
    press.shows("/position", "Page not found", "The page you requested could not be found.")
    clock.forward(days=1)
    assert (watch.one("board").failure, watch.one("board").revised) == ("empty", 0)
    assert watch.state("board") == "failing"
    press.shows("/position", "Our position", BERTHS, PILOTS)
    clock.forward(days=1)
    watch.collect()
    assert (watch.state("board"), watch.desk.library.changes()) == ("ok", [])


# ---------------------------------------------------------------- refused


def test_pages_that_are_refused_are_told_and_not_asked_one_after_the_other(street, press, clock):
    press.says("/feed", rss([post(number, content="", summary="") for number in range(9)]))
    for number in range(9):
        press.fails(f"/items/{number}", 403)
    feed = street(source("board", "/feed", press, article=MAIN))
    assert feed.one("board").new == 9
    assert sum(path.startswith("/items/") for path, _ in press.log()) == 3
    assert (feed.state("board"), troubles(feed)) == ("ok", [("blocked", 9)])
    clock.forward(hours=2)
    feed.look_again()
    assert len(press.log()) == 2
    clock.forward(hours=2)
    assert feed.look_again() == {}, "who refuses is not asked again in a hurry"
    for number in range(9):
        press.shows(f"/items/{number}", f"Communiqué number {number}", f"{BERTHS} Berth {number}.")
    clock.forward(days=2)
    feed.look_again()
    assert troubles(feed) == []


def test_of_a_takedown_the_words_about_its_page_are_forgotten_too(board, press, clock):
    press.shows("/n/b.html", "Page not found", "The page you requested could not be found.")
    board.one("board", recheck=True)
    board.service.takedown(board.item("Berths").id, "a court order")
    assert troubles(board) == []
