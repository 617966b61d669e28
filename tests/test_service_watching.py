"""Pages read again as they fall due, passages that never rest, standing pages, tombstones, PDFs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from briefing.model import UNREAD_PDF, ArticleRules
from briefing.schedule.timetable import Timetable
from briefing.service.collecting import Collector
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    ATOM,
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
    settings,
    source,
    street,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

LINKS = [("/a.html", "Pilots", "2026-02-26"), ("/b.html", "Berths", "2026-02-27")]
PILOTS = "The pilots of the harbour go out in every weather but fog."
BERTHS = "Five berths were opened for the boats that fish for herring."


def board_of(street, press, **more):
    press.says("/list", listing(LINKS), content_type=HTML)
    press.shows("/a.html", "Pilots", PILOTS)
    press.shows("/b.html", "Berths", BERTHS)
    fields = {"kind": "page", "listing": LISTED, "article": MAIN} | more
    made = street(source("board", "/list", press, **fields))
    made.collect()
    press.log()
    return made


# ---------------------------------------------------------------- when


def test_pages_are_read_again_after_an_hour_a_day_a_week_and_a_month_and_then_no_more(street, press, clock):
    board = board_of(street, press)
    asked, at = [], 0
    for minutes in (59, 2, 60 * 22, 60 * 2, 60 * 24 * 6, 60 * 24 * 20, 60 * 24 * 5, 60 * 24 * 40):
        clock.forward(minutes=minutes)
        at += minutes
        board.look_again()
        asked += [at] * bool(press.log())
    assert asked == [61, 1501, 10141, 46141]


def test_a_source_says_itself_when_and_may_say_never(street, press, clock):
    board = board_of(street, press, recheck=(timedelta(hours=3),))
    clock.forward(hours=2)
    assert board.look_again() == {}
    clock.forward(hours=2)
    assert board.look_again()["board"].checked == 2
    clock.forward(days=300)
    assert board.look_again() == {}
    never = board_of(street, press, recheck=())
    clock.forward(days=10)
    assert never.look_again() == {}


def test_a_due_page_is_asked_conditionally_and_a_silent_edit_found_and_named(street, press, clock):
    board = board_of(street, press)
    clock.forward(hours=2)
    press.shows("/b.html", "Berths", BERTHS.replace("Five", "Six"))
    found = board.look_again()["board"]
    assert (found.checked, found.revised) == (2, 1)
    assert ("/a.html", 304) in press.log()
    (change,) = board.desk.library.changes()
    assert (change.kind, change.item.title) == ("revised", "Berths")
    clock.forward(hours=1)
    assert board.look_again() == {}


def test_what_is_due_follows_from_what_is_stored_and_outlives_a_restart(street, press, clock):
    board = board_of(street, press)
    clock.forward(hours=2)
    again = type(board)(board.folder, press, clock, board.settings, board.portal, board.workers)
    try:
        assert again.look_again()["board"].checked == 2
        assert again.look_again() == {}
    finally:
        again.close()


def test_a_host_that_does_not_answer_is_left_alone_for_an_hour(street, press, clock):
    board = board_of(street, press)
    press.fails("/a.html", 503)
    clock.forward(hours=2)
    board.look_again()
    assert {path for path, _ in press.log()} == {"/a.html"}
    assert board.look_again() == {}
    press.shows("/a.html", "Pilots", PILOTS)
    clock.forward(hours=1)
    assert board.look_again()["board"].checked == 2


def test_a_page_gone_is_looked_at_again_a_day_later_then_withdrawn_and_restored_when_it_is_back(street, press, clock):
    board = board_of(street, press)
    press.fails("/b.html", 404)
    clock.forward(hours=2)
    assert board.look_again()["board"].withdrawn == 0
    clock.forward(hours=25)
    assert board.look_again()["board"].withdrawn == 1
    press.shows("/b.html", "Berths", BERTHS)
    clock.forward(days=8)
    assert board.look_again()["board"].restored == 1
    assert board.item("Berths").state == "current"


def test_a_list_that_rolls_on_withdraws_nothing(street, press, clock):
    board = board_of(street, press)
    press.says("/list", listing(LINKS[:1]), content_type=HTML)
    clock.forward(days=40)
    board.collect()
    assert {item.state for item in board.items()} == {"current"}


# ---------------------------------------------------------------- whole texts in the feed


def test_the_page_of_a_whole_feed_is_a_witness_once_it_said_the_same(street, press, clock):
    said = post(1)
    press.says("/feed", rss([said]))
    paragraphs = said.content.removeprefix("<p>").removesuffix("</p>").split("</p><p>")
    press.shows("/items/1", said.title, *paragraphs)
    feed = street(source("feed", "/feed", press, article=MAIN))
    feed.collect()
    clock.forward(hours=2)
    assert feed.look_again()["feed"].revised == 0
    press.shows("/items/1", said.title, paragraphs[0].replace("berth 7", "berth 9"), paragraphs[1])
    clock.forward(days=1)
    assert feed.look_again()["feed"].revised == 1
    assert "berth 9" in feed.text(said.title)
    assert feed.one("feed").revised == 0, "the feed, unchanged, says nothing against its page"


def test_a_page_that_never_said_what_the_feed_says_is_no_evidence(street, press, clock):
    press.says("/feed", rss([post(1)]))
    press.shows("/items/1", "Elsewhere", "This page holds something else altogether, at some length.")
    feed = street(source("feed", "/feed", press, article=MAIN))
    feed.collect()
    for hours in (2, 24, 24 * 7):
        press.shows("/items/1", "Elsewhere", f"This page holds something else altogether, now {hours}.")
        clock.forward(hours=hours)
        assert feed.look_again()["feed"].events == 0


# ---------------------------------------------------------------- passages that never rest


def restless(number):
    return (
        f'<html lang="en"><body><main><h1>Berths</h1><p>{BERTHS}</p><div class="rotator">Word {number} of the day</div>'
        f"</main></body></html>"
    )


def test_a_passage_that_is_another_at_each_look_is_no_edit_and_proposed_to_be_dropped(street, press, clock):
    board = board_of(street, press)
    press.says("/b.html", restless(0), content_type=HTML, validators=False)
    clock.forward(hours=2)
    board.look_again()  # the passage is new: that is an edit
    known = len(board.events("item.revised"))
    for number, days in enumerate((1, 7, 30), 1):
        press.says("/b.html", restless(number), content_type=HTML, validators=False)
        clock.forward(days=days)
        board.look_again()
    assert len(board.events("item.revised")) <= known + 2
    assert board.health("board").drop == ("div.rotator",)


def test_a_rule_that_is_added_is_no_edit_by_the_publisher(street, press, clock):
    board = board_of(street, press)
    press.says("/b.html", restless(0), content_type=HTML)
    clock.forward(hours=2)
    board.look_again()
    known = len(board.desk.library.changes())
    (old,) = board.settings.sources
    rules = ArticleRules(body="main", drop=("h1", ".rotator"))
    board.configure(settings(replace(old, article=rules)))
    clock.forward(days=1)
    board.look_again()
    assert "Word" not in board.text("Berths")
    assert len(board.desk.library.changes()) == known


# ---------------------------------------------------------------- standing pages


def test_a_standing_page_is_no_item_in_feeds_and_only_its_edits_are_news(street, press, clock):
    press.shows("/position", "Our position on the strait", "The strait is open to all vessels.", PILOTS)
    watch = street(source("position", "/position", press, kind="watch", article=MAIN))
    assert (watch.one("position").new, watch.items()) == (1, [])
    watch.service.publish()
    assert b"strait" not in watch.files()["feeds/all.atom"]
    clock.forward(days=1)
    assert watch.one("position").events == 0
    press.shows("/position", "Our position on the strait", "The strait is not open to all vessels.", PILOTS)
    clock.forward(days=1)
    assert watch.one("position").revised == 1
    watch.service.publish()
    files = watch.files()
    assert "1 negation added: not" in files["feeds/changes.atom"].decode()
    assert b"strait" not in files["feeds/all.atom"]
    assert b"<entry>" not in files["feeds/sources/position.atom"]
    (change,) = watch.desk.library.changes()
    assert change.item.revisions == 2
    assert watch.desk.library.item(change.item.id) is not None


# ---------------------------------------------------------------- tombstones


def atom(*entries: str, deleted: str = "") -> str:
    grave = f'<at:deleted-entry ref="{deleted}" when="2026-03-02T10:00:00Z"/>' if deleted else ""
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">'
        f"<title>T</title><id>tag:t</id><updated>2026-03-02T09:00:00Z</updated>{grave}{''.join(entries)}</feed>"
    )


def entry(number: int) -> str:
    return (
        f"<entry><id>tag:t,{number}</id><title>Statement {number}</title>"
        f"<updated>2026-03-01T09:00:00Z</updated>"
        f'<link href="{{base}}/s/{number}"/>'
        f'<content type="html">&lt;p&gt;{PILOTS}&lt;/p&gt;&lt;p&gt;{number}.&lt;/p&gt;'
        "</content></entry>"
    )


def test_a_tombstone_withdraws_and_an_entry_that_comes_back_is_restored(street, press, clock):
    press.says("/feed", atom(entry(1), entry(2)), content_type=ATOM)
    feed = street(source("feed", "/feed", press))
    feed.collect()
    press.says("/feed", atom(entry(1), deleted="tag:t,2"), content_type=ATOM)
    assert feed.one("feed").withdrawn == 1
    assert feed.item("Statement 2").state == "withdrawn"
    assert feed.item("Statement 1").state == "current"
    (event,) = feed.events("item.withdrawn")
    assert event.status == 0
    assert feed.one("feed").events == 0
    press.says("/feed", atom(entry(1), entry(2)), content_type=ATOM)
    assert feed.one("feed").restored == 1
    assert feed.item("Statement 2").state == "current"


def test_no_tombstone_is_read_in_what_entries_say_or_against_an_entry_that_is_there(street, press):
    spoken = entry(1).replace("</content>", '<![CDATA[<at:deleted-entry ref="tag:t,2"/>]]></content>')
    press.says("/feed", atom(entry(1), entry(2)), content_type=ATOM)
    feed = street(source("feed", "/feed", press))
    feed.collect()
    press.says("/feed", atom(spoken), content_type=ATOM)
    assert feed.one("feed").withdrawn == 0
    press.says("/feed", atom(entry(1), entry(2), deleted="tag:t,2"), content_type=ATOM)
    assert feed.one("feed").withdrawn == 0


# ---------------------------------------------------------------- PDFs


def pdf(text: str) -> bytes:
    """A document of one page, written by hand; without a text it is a scan."""
    drawn = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode() if text else b"0 0 10 10 re f"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(body)
    body += b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer<</Size 6/Root 1 0 R>>\n"
    return body + b"startxref\n%d\n%%%%EOF" % start


@pytest.fixture
def papers(street, press):
    press.says("/list", listing([("/a.pdf", "Read", "2026-02-26"), ("/b", "Scan", "2026-02-27")]), content_type=HTML)
    press.says("/a.pdf", pdf(PILOTS), content_type="application/pdf")
    press.says("/b", pdf(""), content_type="text/html")
    made = street(source("board", "/list", press, kind="page", listing=LISTED))
    made.collect()
    return made


def test_the_text_of_a_pdf_is_read_and_one_that_cannot_be_is_known_by_its_hash(papers):
    assert papers.text("Read") == PILOTS
    scan = papers.item("Scan")
    assert scan.noted.startswith(UNREAD_PDF)
    assert "SHA-256" in scan.noted
    papers.service.publish()
    assert UNREAD_PDF.encode() in papers.files()["feeds/all.atom"]


def test_a_pdf_that_changes_is_a_revision_read_or_not(papers, press, clock):
    press.says("/a.pdf", pdf(PILOTS.replace("but fog", "and fog")), content_type="application/pdf")
    press.says("/b", pdf("") + b"\n", content_type="text/html")
    clock.forward(hours=2)
    assert papers.look_again()["board"].revised == 2
    (scan,) = papers.desk.library.changes(item=papers.item("Scan").id)
    assert scan.before.noted != scan.after.noted
    clock.forward(days=1)
    assert papers.look_again()["board"].events == 0


def test_a_broken_pdf_is_shown_with_its_hash_and_stops_nobody(street, press):
    press.says("/list", listing([("/a.pdf", "Broken", "2026-02-26"), LINKS[0]]), content_type=HTML)
    press.says("/a.pdf", b"%PDF-1.7\n" + b"1 0 obj<<" * 2000, content_type="application/pdf")
    press.says("/a.html", page("Pilots", PILOTS), content_type=HTML)
    made = street(source("board", "/list", press, kind="page", listing=LISTED))
    assert made.one("board").new == 2
    assert made.item("Broken").noted.startswith(UNREAD_PDF)


def test_the_timetable_reads_again_what_is_due_and_says_what_came_of_it(street, press, clock, tmp_path):
    board = board_of(street, press)
    press.shows("/b.html", "Berths", BERTHS.replace("Five", "Six"))
    clock.forward(hours=2)
    said: list[str] = []
    config = tmp_path / "sources.yaml"
    config.touch()
    timetable = Timetable(board.service, config, said.append)

    async def look() -> None:
        collector = Collector(board.desk, board.settings.fetch, board.settings.site.contact, workers=1)
        collector._workers = board.workers
        async with collector:
            timetable._collector = collector
            await timetable._recheck()

    board.portal.call(look)
    assert said == ["board: 1 revised"]
    assert timetable._news.is_set()
