"""The commands about sources: what they print, what they write, and how they exit."""

from __future__ import annotations

import json

import pytest

from briefing.config import load
from street_support import (  # type: ignore[import-not-found]  # see test_service_rechecking
    HTML,
    post,
    press,
    rss,
)
from test_cli import run  # type: ignore[import-not-found]  # the same

__all__ = ["press"]

FILE = """\
# Who watches, and what.
site: {title: Harbour Watch, contact: desk@harbour.example, timezone: UTC}
fetch: {spacing: 0s, allow_networks: [127.0.0.0/8]}
sources:
  # The board itself.
  - id: board
    name: Harbour board
    institution: ministry
    country: XV
    url: BASE/old.xml
topics:
  - {id: harbour, name: Harbour, phrases: {en: [berth*]}}
"""


@pytest.fixture
def desk(tmp_path, press):
    path = tmp_path / "sources.yaml"
    path.write_text(FILE.replace("BASE", press.base), encoding="utf-8")

    def call(*arguments: str) -> tuple[int, str, str]:
        told: tuple[int, str, str] = run("--config", str(path), "--storage", str(tmp_path / "storage"), *arguments)
        return told

    return path, call


def test_add_shows_what_would_be_recorded_and_writes_only_after_a_yes(desk, press):
    path, call = desk
    before = path.read_text()
    press.says(
        "/",
        "<!DOCTYPE html><html><head><title>Pilots</title>"
        f"<link rel=alternate type=application/atom+xml href={press.base}/a.xml>"
        f"<link rel=alternate type=application/rss+xml title=Other href={press.base}/b.xml></head></html>",
        content_type=HTML,
    )
    press.says("/a.xml", rss([post(1)]))
    press.says("/b.xml", rss([post(2), post(3)]))
    status, out, err = call("source", "add", f"{press.base}/")
    assert status == 1
    assert "add --yes" in err
    assert "Communiqué number 1" in out
    assert "2026-02-02T11:00:00+00:00" in out
    assert "--feed N takes one of them" in out
    assert "  - id: " in out
    assert path.read_text() == before
    options = (
        "--yes",
        "--feed",
        "2",
        "--id",
        "pilots",
        "--name",
        "Pilots: all",
        "--country",
        "JP",
        "--timezone",
        "Asia/Tokyo",
    )
    status, out, _ = call("source", "add", f"{press.base}/", *options, "--json")
    told = json.loads(out)
    assert (status, told["written"], told["others"][0]["number"]) == (0, True, 1)
    assert told["trial"]["items"][0]["title"] == "Communiqué number 2"
    added = load(path).sources[-1]
    assert (added.id, added.name, added.country, added.timezone) == ("pilots", "Pilots: all", "JP", "Asia/Tokyo")
    assert added.url == f"{press.base}/b.xml"
    after = path.read_text()
    assert [line for line in after.splitlines() if line and line in before] == before.splitlines()
    status, out, _ = call("source", "add", f"{press.base}/b.xml", "--yes")
    assert (status, path.read_text()) == (0, after)
    assert "is read already, as pilots" in out


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (("--country", "japan"), "--country"),
        (("--language", "jp"), 'did you mean "ja"'),
        (("--timezone", "Tokio"), "--timezone"),
        (("--id", "A B"), "is no id"),
        (("--id", "board"), "is a source already"),
        (("--kind", "news"), "--kind"),
    ],
)
def test_add_says_what_is_misused_before_it_asks_anything(desk, press, options, fault):
    status, _, err = desk[1]("source", "add", f"{press.base}/x", *options)
    assert status == 2
    assert fault in err
    assert press.log() == []


def test_test_names_the_step_that_fails_and_exits_1(desk):
    _, call = desk
    status, out, _ = call("source", "test", "board")
    assert status == 1
    assert "answered 404" in " ".join(out.split())
    assert "> open the address in a browser" in out
    status, _, err = call("source", "test", "bord")
    assert (status, 'did you mean "board"' in err) == (2, True)


def test_a_source_is_switched_off_on_and_taken_out(desk):
    path, call = desk
    assert call("source", "disable", "board")[0] == 0
    assert load(path).sources == ()
    assert "off" in call("source", "list")[1]
    assert json.loads(call("source", "list", "--json")[1])[0]["enabled"] is False
    assert call("source", "enable", "board")[:2] == (0, "board is on\n")
    assert len(load(path).sources) == 1
    status, _, err = call("source", "remove", "board")
    assert (status, "add --yes" in err, len(load(path).sources)) == (1, True, 1)
    assert call("source", "remove", "board", "--yes")[0] == 0
    assert "The board itself" not in path.read_text()
    assert call("source", "remove", "board", "--yes")[0] == 2


def test_a_move_for_good_is_written_when_it_is_accepted(desk, press):
    path, call = desk
    press.fails("/old.xml", 301, Location="{base}/new.xml")
    press.says("/new.xml", rss([post(1)]))
    assert call("source", "accept-move", "board")[0] == 2
    call("collect", "--json")
    status, out, _ = call("source", "accept-move", "board", "--json")
    assert (status, json.loads(out)["url"]) == (0, f"{press.base}/new.xml")
    assert load(path).sources[0].url == f"{press.base}/new.xml"
    assert "# The board itself." in path.read_text()


def test_lists_of_feeds_come_in_after_a_yes_and_go_out(desk, tmp_path):
    path, call = desk
    theirs = tmp_path / "theirs.opml"
    status, out, _ = call("opml", "export", str(theirs))
    assert (status, "1 sources" in out or "1 source" in out) == (0, True)
    assert call("opml", "export", str(theirs))[0] == 2
    assert "0 sources to add, 1 read already" in call("opml", "import", str(theirs))[1]
    theirs.write_text('<opml version="2.0"><body><outline text="New" xmlUrl="https://new.example/feed"/></body></opml>')
    status, out, err = call("opml", "import", str(theirs))
    assert (status, "1 source to add" in out, "add --yes" in err) == (1, True, True)
    assert call("opml", "import", str(theirs), "--yes", "--country", "JP", "--institution", "media")[0] == 0
    added = load(path).sources[-1]
    assert (added.id, added.name, added.country, added.institution) == ("jp-new", "New", "JP", "media")
    assert json.loads(call("opml", "import", str(theirs), "--json")[1])["known"] == 1


def test_a_saved_page_is_taken_in(desk, tmp_path):
    _, call = desk
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><title>Berths</title></head><body><main><p>Five berths are built.</p></main></body></html>"
    )
    status, out, _ = call("import-page", str(page), "--source", "board")
    assert (status, "--url" in out) == (1, True)
    status, out, _ = call("import-page", str(page), "--source", "board", "--url", "https://board.example/1", "--json")
    assert (status, json.loads(out)[0]["outcome"]) == (0, "new")
    assert call("import-page", str(page), "--source", "board", "--url", "board")[0] == 2
    assert json.loads(call("items", "--json")[1])[0]["title"] == "Berths"
