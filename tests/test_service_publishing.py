"""Published files: the same events give the same bytes, and only what is touched is written."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import Any

import pytest

from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    child,
    clock,
    files,
    finished,
    parsing,
    post,
    press,
    rss,
    source,
    street,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

WEEK = "2026-W09"  # post(500) to post(600) and a bit are dated in it

REBUILD = """
import sys
from pathlib import Path
from briefing.service import Service
with Service(sys.argv[1], Path(sys.argv[2])) as service:
    print(list(service.rebuild().differing))
"""


@pytest.fixture
def desk(street, press):
    press.says("/a", rss([post(510), post(511, title="Herring – «la mer» и сельдь 鰊")]))
    press.says("/b", rss([post(520)]))
    made = street(source("a", "/a", press), source("b", "/b", press, institution="think-tank"))
    everything(made)
    return made


def everything(made: Any, week: str = WEEK) -> Any:
    made.collect()
    made.service.classify()
    made.service.publish()
    return made.service.brief(week=week)[0]


def stamps(made: Any) -> dict[Any, tuple[int, int]]:
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in made.public.rglob("*") if path.is_file()}


def test_nothing_new_writes_nothing(desk):
    before = stamps(desk)
    assert desk.service.publish().written == ()
    assert not everything(desk).fresh
    assert stamps(desk) == before


def test_only_feeds_that_are_touched_are_written_again(desk, press):
    before = stamps(desk)
    press.says("/b", rss([post(521), post(520)]))
    desk.collect()
    desk.service.classify()
    published = desk.service.publish()
    changed = {
        path.relative_to(desk.public).as_posix().rpartition(".")[0]
        for path, at in stamps(desk).items()
        if before.get(path) != at and "log" not in path.relative_to(desk.public).parts
    }
    # What it says of the summer others said before, on herring too: it speaks with them of what lies ahead.
    ahead = {"feeds/ahead", "feeds/topics/harbour/ahead", "feeds/topics/fish/ahead"}
    assert changed == {"feeds/all", "feeds/sources/b", "feeds/topics/harbour", *ahead}
    assert {path.rpartition(".")[0] for path in published.written} == changed


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "LANG": "ja_JP.UTF-8", "LC_ALL": "C", "PYTHONHASHSEED": "7"},
        {"TZ": "America/St_Johns", "LANG": "ru_RU.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4242"},
    ],
)
@pytest.mark.slow
def test_a_rebuild_anywhere_gives_the_same_bytes(desk, press, clock, tmp_path, environment):
    clock.forward(days=1)
    press.says("/a", rss([post(512), post(511, title="Herring, corrected"), post(510)]))
    assert everything(desk).version == 2
    before = desk.files()
    copy = tmp_path / "copy"
    shutil.copytree(desk.folder, copy)
    with finished(child(REBUILD, f"sqlite:///{copy}/briefing.db", str(copy), **environment)) as said:
        assert said.strip() == "[]"
    assert files(copy / "public") == before


def test_a_rebuild_in_place_drops_what_is_not_ours_and_says_what_it_made(desk):
    before = desk.files()
    (desk.public / "feeds" / "stray.rss").write_text("left over")
    made = desk.service.rebuild()
    assert (made.issues, made.differing, made.position) == (1, (), desk.head())
    assert desk.files() == before


# ---------------------------------------------------------------- issues


def test_a_late_item_makes_a_second_version_that_names_the_first_which_stays_as_it_was(desk, press, clock):
    first = {path: body for path, body in desk.files().items() if path.startswith(f"briefings/weekly/{WEEK}/")}
    assert first[f"briefings/weekly/{WEEK}/v1/briefing.json"] == first[f"briefings/weekly/{WEEK}/briefing.json"]
    clock.forward(days=3)
    press.says("/a", rss([post(515, title="A late communiqué")]))
    issue = everything(desk)
    assert (issue.version, issue.fresh) == (2, True)
    now = desk.files()
    assert all(now[path] == body for path, body in first.items() if "/v1/" in path)
    second = json.loads(now[f"briefings/weekly/{WEEK}/v2/briefing.json"])
    assert (second["version"], second["supersedes"]) == (2, 1)
    assert b"A late communiqu" in now[f"briefings/weekly/{WEEK}/index.html"]
    for name in ("index.html", "briefing.md", "briefing.txt", "briefing.json"):
        assert now[f"briefings/weekly/{WEEK}/{name}"] == now[f"briefings/weekly/{WEEK}/v2/{name}"]
    assert not everything(desk).fresh
    made = desk.service.rebuild()
    assert (made.issues, made.differing) == (2, ())
    assert desk.files() == now


def test_an_edit_makes_a_version_and_another_week_none(desk, press, clock):
    clock.forward(hours=1)
    press.says("/a", rss([post(510, title="Corrected after all")]))
    assert everything(desk).version == 2
    clock.forward(hours=1)
    press.says("/a", rss([post(10, title="Of another week")]))
    assert not everything(desk).fresh


def test_an_item_that_was_withdrawn_and_returns_makes_a_version_each_time(street, press, clock):
    short = post(510, content="", summary="In short.")
    press.says("/a", rss([short]))
    press.shows("/items/510", "Piers", "The harbour has four piers and two of them are closed.")
    made = street(source("a", "/a", press))
    versions = [everything(made).version]
    for status in (404, 200):
        if status == 200:
            press.shows("/items/510", "Piers", "The harbour has four piers and two of them are closed.")
        else:
            press.fails("/items/510", status)
        clock.forward(hours=1)
        made.collect(recheck=True, confirm=True)
        versions.append(everything(made).version)
    assert versions == [1, 2, 3]
    assert made.service.rebuild().differing == ()


def test_a_change_at_the_very_moment_of_publication_is_not_lost(desk, press):
    press.says("/a", rss([post(510, title="Corrected at once")]))
    assert everything(desk).version == 2, "the clock stands still: the order of the log decides"


@pytest.mark.parametrize("lost", ["", "v1", "v2", "v1/index.html", "briefing.md"])
def test_issue_files_that_were_deleted_are_made_again(desk, press, clock, lost):
    clock.forward(days=1)
    press.says("/a", rss([post(515), post(510)]))
    everything(desk)
    before = desk.files()
    gone = desk.public / "briefings" / "weekly" / WEEK / lost
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    head = desk.head()
    desk.service.publish()
    assert desk.files() == before
    assert desk.head() == head


def test_feeds_that_were_deleted_all_together_are_made_again(desk):
    before = desk.files()
    shutil.rmtree(desk.public)
    desk.service.publish()
    assert desk.files() == before


def test_an_empty_week_has_an_issue_that_says_so(desk):
    (issue,) = desk.service.brief(week="2025-W30")
    assert (issue.items, issue.fresh) == (0, True)
    assert not desk.service.brief(week="2025-W30")[0].fresh


def test_a_source_that_is_renamed_added_or_taken_out_is_so_in_the_list_of_feeds_and_in_every_feed(desk, press):
    first, second = desk.settings.sources
    desk.configure(replace(desk.settings, sources=(replace(first, name="The quay office"), second)))
    desk.service.publish()
    assert b"The quay office" in desk.files()["feeds.opml"]
    assert desk.service.rebuild().differing == ()
    press.says("/c", rss([]))
    desk.configure(replace(desk.settings, sources=(second, replace(source("c", "/c", press), name="The third"))))
    desk.service.publish()
    listed = desk.files()["feeds.opml"]
    assert (b"The third" in listed, b"The quay office" in listed) == (True, False)
    assert desk.service.rebuild().differing == ()
