"""A program is upgraded, and its renderers make other bytes than those that were published: what becomes of these."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

import old_logs  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
from briefing import outputs
from briefing.outputs import issue_html
from briefing.service import Service, aged, keeping
from briefing.service.verifying import verify
from street_support import (  # type: ignore[import-not-found]  # see old_logs
    clock,
    parsing,
    post,
    press,
    rss,
    source,
    street,
    weekly,
)
from takedown_support import WEEK, found, tokens  # type: ignore[import-not-found]  # see old_logs
from takedown_support import entry as secret

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

PAGE = f"briefings/weekly/{WEEK}/index.html"
FIRST = f"briefings/weekly/{WEEK}/v1/index.html"


@pytest.fixture
def become(monkeypatch):
    """Makes the program one whose renderers have another version, which a page of an issue says in its head."""

    def version(number):
        for room in (outputs, issue_html, aged):
            monkeypatch.setattr(room, "RENDERER", number)
        monkeypatch.setattr(aged, "REMADE", f"takedowns-{number}")

    return version


@pytest.fixture
def aging(street, press, become):
    """A street with an issue that the renderers of an earlier program made."""
    become("1")
    press.says("/feed", rss([post(520), secret()]))
    short = replace(weekly(), formats=("html", "json"))
    made = street(source("feed", "/feed", press, redistribute="full"), briefings=(short,))
    made.one("feed")
    made.service.classify()
    made.service.publish()
    made.service.brief(week=WEEK)
    return made


def take_down(made):
    [item] = [one for one in made.items() if one.title != "Communiqué number 520"]
    return made.service.takedown(item.id, "a court order")


def test_a_rebuild_keeps_what_an_earlier_program_published_and_copies_hold_it_too(aging, become, tmp_path):
    before = aging.files()
    become("2")
    made = aging.service.rebuild()
    assert (made.differing, made.reissued) == ((), ())
    assert aging.files() == before
    aging.service.publish_to(tmp_path / "copy")
    assert (tmp_path / "copy" / PAGE).read_bytes() == before[PAGE]
    result = verify(aging.desk, full=True)
    assert (result.problem, result.older) == ("", 1)


def test_one_place_that_is_lost_is_filled_from_the_other(aging, become):
    before = aging.files()
    become("2")
    (aging.public / PAGE).unlink()
    aging.service.publish()
    assert aging.files() == before


def test_what_is_lost_everywhere_is_made_by_this_program_and_verify_accepts_it_and_nothing_else(aging, become):
    before = aging.files()
    become("2")
    for path in (PAGE, FIRST):
        (aging.public / path).unlink()
    aging.service.publish()
    after = aging.files()
    assert {path for path in after if after[path] != before[path]} == {PAGE, FIRST}
    assert verify(aging.desk, full=True).problem == ""
    (aging.public / PAGE).write_bytes(after[PAGE].replace(b"520", b"521"))
    assert verify(aging.desk, full=True).problem == f"{PAGE}: it is not what was published"
    aging.service.rebuild()
    assert aging.files() == after


def test_an_issue_that_a_takedown_altered_before_the_upgrade_is_said_to_be_so_and_made_again_by_whatever_writes(
    aging, become
):
    take_down(aging)
    before = aging.files()
    become("2")
    said = verify(aging.desk, full=True).problem
    assert said == (
        f"{FIRST}: an earlier version of this program made it again after a takedown, and this one cannot tell whether "
        "it is still that: `briefing publish` makes it anew"
    )
    aging.service.publish()
    assert verify(aging.desk, full=True).problem == ""
    after = aging.files()
    assert {path for path in after if after[path] != before[path]} == {PAGE, FIRST}
    for path in (PAGE, FIRST):
        (aging.public / path).write_bytes(before[path])
        assert verify(aging.desk, full=True).problem == f"{path}: it is not what was published"
        (aging.public / path).write_bytes(after[path])
    assert aging.service.rebuild().reissued == (f"weekly/{WEEK}/v1",)
    assert aging.files() == after


@pytest.mark.slow
def test_a_takedown_after_the_upgrade_leaves_no_word_in_what_the_earlier_program_made(aging, become):
    become("2")
    take_down(aging)
    assert found(aging.folder, tokens()) == {}
    assert verify(aging.desk, full=True).problem == ""
    aging.service.rebuild()
    assert found(aging.folder, tokens()) == {}
    assert verify(aging.desk, full=True).problem == ""


@pytest.mark.slow
def test_an_altered_issue_that_is_brought_back_with_its_words_is_found(aging):
    """The bytes are those whose hashes the log holds; the takedown came after them."""
    before = aging.files()
    take_down(aging)
    assert verify(aging.desk, full=True).problem == ""
    (aging.public / FIRST).write_bytes(before[FIRST])
    assert verify(aging.desk, full=True).problem == f"{FIRST}: it is not what was published"
    aging.service.rebuild()
    assert found(aging.folder, tokens()) == {}


@pytest.mark.slow
def test_a_log_of_an_earlier_program_that_is_taken_in_verifies_once_it_was_published(tmp_path):
    log = next(one for one in old_logs.LOGS if one.stem == "2026-11")
    place = f"sqlite:///{tmp_path}/briefing.db"
    with log.open("rb") as opened:
        keeping.import_log(place, tmp_path, opened, log.name)
    with Service(place, tmp_path) as service:
        made = service.rebuild()
        assert made.differing or made.reissued
        result = verify(service.desk, full=True)
        assert (result.problem, result.older) == ("", result.issues)
        shutil.rmtree(service.desk.public / "briefings")
        service.publish()
        assert verify(service.desk, full=True).problem == ""
