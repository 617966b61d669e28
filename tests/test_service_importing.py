"""Saved pages of a source that cannot be read from here: items as if they had been fetched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from briefing.errors import ParseError, UsageError
from briefing.model import ArticleRules
from briefing.service.importing import take_in
from briefing.sources.saved import pages, read
from street_support import (  # type: ignore[import-not-found]  # see test_service_rechecking
    HTML,
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

__all__ = ["clock", "parsing", "press", "street"]

TEXT = ["The ministry spoke about berths in the harbour.", "Five berths are to be built before the summer."]
URL = "https://closed.example/press/2017/03/20/berths.html"
RULES = ArticleRules(title="h1", body="main", drop=("h1", "p.date"), date="p.date")


def saved(title="Five berths", text=TEXT, head=f"<link rel='canonical' href='{URL}'>", start="") -> str:
    paragraphs = "".join(f"<p>{one}</p>" for one in text)
    return (
        f"<!DOCTYPE html>{start}<html lang=en><head><title>{title} | Ministry</title>{head}</head><body><main>"
        f"<h1>{title}</h1><p class=date>20 March 2017</p>{paragraphs}</main></body></html>"
    )


@pytest.fixture
def closed(street, press, tmp_path):
    """A source whose site asks programs to stay away, and a way to take files in for it."""
    press.says("/robots.txt", "User-agent: *\nDisallow: /", content_type="text/plain")
    made = street(source("closed", "/list", press, kind="page", article=RULES, include=("/press/",)))
    made.service.adopt()

    def take(*bodies: str | bytes, name: str = "page.html", url: str = ""):
        files = []
        for number, body in enumerate(bodies):
            path = tmp_path / f"{number}-{name}"
            path.write_bytes(body.encode() if isinstance(body, str) else body)
            files.append(path)
        return made.portal.call(take_in, made.desk, made.settings.sources[0], files, url, made.workers)

    return made, take


def test_a_saved_page_is_an_item_of_its_source_read_by_the_sources_own_rules(closed):
    made, take = closed
    (one,) = take(saved())
    assert (one.outcome, one.url, one.title, one.published) == ("new", URL, "Five berths", "2017-03-20")
    item = made.item("Five berths")
    assert (item.url, item.source, item.state, item.language) == (URL, "closed", "current", "en")
    assert made.text("Five berths") == "\n".join(TEXT)
    (event,) = made.events("item.observed")
    assert (event.published, event.precision, event.archive) == ("2017-03-20", "day", True)


def test_taken_in_twice_it_adds_nothing_and_a_newer_copy_makes_a_revision(closed):
    made, take = closed
    newer = [TEXT[0], TEXT[1].replace("Five", "Six")]
    first, again, other = take(saved(), saved(start="<!-- x -->"), saved(text=newer))
    assert (first.outcome, again.outcome, other.outcome) == ("new", "known", "revised")
    assert first.item == again.item == other.item
    item = made.item("Five berths")
    assert (item.revisions, item.state) == (2, "revised")
    head = made.head()
    assert [one.outcome for one in take(saved(text=newer))] == ["known"]
    assert made.head() == head


def test_a_page_that_is_fetched_later_is_the_same_item(closed, press):
    made, take = closed
    take(saved(head=f"<link rel=canonical href={press.base}/press/1>"))
    press.says("/robots.txt", status=404)
    press.says("/list", listing([("/press/1", "Five berths", "20 March 2017")]), content_type=HTML)
    press.says("/press/1", saved(), content_type=HTML)
    assert made.one("closed").new == 0
    assert len(made.items()) == 1


def test_what_a_feed_only_summed_up_is_completed_and_what_it_gave_whole_stays(street, press, tmp_path):
    whole = post(1, link=f"{press.base}/1")
    short = post(2, link=f"{press.base}/2", content="", summary="In short.")
    press.says("/feed", rss([whole, short]))
    made = street(source("board", "/feed", press, full_text="never"))
    made.collect()
    for number in (1, 2):
        head = f"<meta property='og:url' content='{press.base}/{number}'>"
        (tmp_path / f"{number}.html").write_text(saved(f"Communiqué number {number}", TEXT, head))
    done = made.portal.call(take_in, made.desk, made.settings.sources[0], pages(tmp_path), "", made.workers)
    assert [one.outcome for one in done if one.file.endswith(("1.html", "2.html"))] == ["known", "completed"]
    assert TEXT[1] in made.text("Communiqué number 2")
    assert not made.desk.library.changes(), "the publisher changed nothing"


def test_one_that_cannot_be_read_stops_no_other(closed):
    made, take = closed
    done = take(b"%PDF-1.7", saved(head=""), saved(), "<html><body></body></html>")
    assert [one.outcome for one in done] == ["failed", "failed", "new", "failed"]
    assert "does not say which address" in done[1].detail
    assert "--url" in done[1].detail
    assert len(made.items()) == 1


def test_only_a_source_that_is_switched_on_takes_pages(closed, tmp_path):
    made, _ = closed
    with pytest.raises(UsageError, match='no source "open" is switched on'):
        made.service.import_pages([tmp_path], "open")


MHTML = f"""From: <Saved by Blink>
Snapshot-Content-Location: {URL}
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="b1"

--b1
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<!DOCTYPE html><html lang=3D"de"><head><title>T</title></head><body><main>=
<h1>F=C3=BCnf Liegepl=C3=A4tze</h1></main></body></html>
--b1
Content-Type: image/png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--b1--
"""


@pytest.mark.parametrize(
    ("body", "url", "address"),
    [
        (saved(), "", URL),
        (saved(), "https://given.example/a", "https://given.example/a"),
        (
            saved(head="<base href='https://b.example/x/'><link rel=canonical href='../c/1'>"),
            "",
            "https://b.example/c/1",
        ),
        (saved(head=f"<meta property='og:url' content='{URL}'>"), "", URL),
        (saved(head="", start=f"<!-- saved from url=(0051){URL} -->"), "", URL),
        (saved(head="", start=f"<!--\n Page saved with SingleFile \n url: {URL} \n saved date: x-->"), "", URL),
        (
            saved(
                head="<link rel=canonical href='https://closed.example/'>", start=f"<!-- saved from url=(0051){URL} -->"
            ),
            "",
            URL,
        ),
        (MHTML, "", URL),
    ],
)
def test_where_a_page_came_from_is_read_off_it(body, url, address):
    found = read("page.html", body.encode(), url)
    assert (found.url, found.final_url, found.status) == (address, address, 200)
    assert b"<h1>" in found.body


def test_the_text_of_an_mhtml_file_is_unpacked():
    assert "Fünf Liegeplätze" in read("a.mhtml", MHTML.encode()).body.decode()


@pytest.mark.parametrize(
    "body", [b"", b"%PDF-1.4", b"words", b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n"]
)
def test_what_is_no_saved_page_is_said_to_be_none(body):
    with pytest.raises(ParseError):
        read("a.html", body, URL)


def test_of_a_folder_the_pages_are_taken_but_not_what_lies_beside_them(tmp_path):
    for name in ("b.html", "a.HTM", "deep/c.mhtml", "b_files/frame.html", "b-Dateien/x.htm", "notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(page("x"))
    assert [one.relative_to(tmp_path).as_posix() for one in pages(tmp_path)] == ["a.HTM", "b.html", "deep/c.mhtml"]


def test_pages_of_a_source_that_is_switched_off_are_taken_in_and_it_is_not_read(street, press, tmp_path):
    """A site that refuses programs is the very reason to switch its source off."""
    off = source("closed", "/list", press, kind="page", article=RULES)
    press.says("/feed", rss([post(1)]))
    made = street(settings=replace(settings(source("open", "/feed", press)), resting=(off,)))
    made.collect()
    file = tmp_path / "page.html"
    file.write_text(saved(), encoding="utf-8")
    (one,) = made.service.import_pages([file], "closed")
    assert (one.outcome, one.title) == ("new", "Five berths")
    (again,) = made.service.import_pages([file], "closed")
    assert again.outcome == "known"
    press.log()
    made.collect()
    assert press.log() == [("/feed", 304)]
    assert [one.source for one in made.desk.library.health()] == ["open"]
    made.service.publish()
    assert b"Five berths" in made.files()["feeds/all.atom"]
    assert made.service.rebuild().differing == ()
    renamed = replace(off, name="The closed office")
    made.configure(replace(made.settings, resting=(renamed,)))
    made.service.import_pages([file], "closed")
    assert made.desk.library.sources(retired=True)[0].name == "The closed office"
    with pytest.raises(UsageError, match='no source "shut"'):
        made.service.import_pages([file], "shut")
    made.configure(settings(source("open", "/feed", press), off))
    assert {one.source for one in made.desk.library.health()} == {"open", "closed"}
