"""A format whose extra is not installed: the others come, it is said what adds it, and nothing published is lost."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import Any

import pytest

from briefing.delivery import files
from briefing.errors import OutputError
from briefing.outputs import ISSUES, Format, lacking, remedy
from briefing.service import formats
from briefing.service.verifying import verify
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    clock,
    parsing,
    post,
    press,
    rss,
    source,
    street,
    weekly,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

WEEK = "2026-W09"
LATEST, FIRST = f"briefings/weekly/{WEEK}/issue.wax", f"briefings/weekly/{WEEK}/v1/issue.wax"


class Shop:
    """Where the module that the format `wax` needs can be had."""

    def __init__(self, monkeypatch: Any, folder: Any) -> None:
        self.patch, self.folder = monkeypatch, folder
        (folder / "sealing_wax.py").write_text("")

    def install(self) -> None:
        self.patch.syspath_prepend(str(self.folder))
        importlib.invalidate_caches()

    def remove(self) -> None:
        self.patch.undo()
        importlib.invalidate_caches()


@pytest.fixture
def shop(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        yield Shop(patch, tmp_path_factory.mktemp("shop"))


@pytest.fixture
def wax(monkeypatch):
    told = Format(
        "issue.wax",
        lambda issue: issue.period.encode() + b" in wax\n",
        extra="wax",
        needs=("sealing_wax",),
        warnings=lambda _: ("it melts",),
    )
    monkeypatch.setitem(ISSUES, "wax", told)
    return told


@pytest.fixture
def desk(street, press, shop, wax):
    press.says("/a", rss([post(510), post(511)]))
    made = street(source("a", "/a", press))
    made.configure(wanting(made, "html", "wax"))
    made.collect()
    made.service.classify()
    made.service.publish()
    return made


def wanting(made: Any, *names: str) -> Any:
    return replace(made.service.settings, briefings=(replace(weekly(), formats=names),))


def brief(made: Any) -> Any:
    return made.service.brief(week=WEEK)[0]


def test_the_other_formats_are_published_and_the_command_that_adds_it_is_told(desk):
    made = brief(desk)
    assert (made.fresh, made.lacking) == (True, ("wax",))
    assert made.notes == ("wax is left out: it needs what `pip install 'briefing[wax]'` adds",)
    assert f"briefings/weekly/{WEEK}/index.html" in desk.files()
    assert LATEST not in desk.files()
    assert list(desk.events("issue.published")[0].hashes) == ["index.html"]


def test_where_a_briefing_takes_whatever_there_is_a_missing_extra_is_a_note_and_no_fault(desk):
    desk.configure(wanting(desk, *ISSUES))
    made = brief(desk)
    assert made.lacking == ()
    assert "wax is left out" in made.notes[0]


def test_an_extra_that_comes_later_issues_nothing_anew(desk, shop):
    brief(desk)
    shop.install()
    again = brief(desk)
    assert (again.fresh, again.version, again.lacking, again.notes) == (False, 1, (), ())
    desk.service.publish()
    assert desk.service.rebuild().differing == ()
    assert LATEST not in desk.files()


def test_with_the_extra_it_is_made_and_says_what_it_cannot_show(desk, shop):
    shop.install()
    assert brief(desk).notes == ("it melts",)
    assert desk.files()[LATEST] == desk.files()[FIRST] == f"{WEEK} in wax\n".encode()


def test_a_rebuild_without_the_extra_keeps_what_lies_there_and_says_what_it_cannot_make(desk, shop):
    shop.install()
    brief(desk)
    before = desk.files()
    shop.remove()
    made = desk.service.rebuild()
    assert (made.differing, made.unmade) == ((), (f"weekly/{WEEK}/v1/issue.wax",))
    assert made.remedy == "pip install 'briefing[wax]'"
    assert desk.files() == before
    assert verify(desk.desk, full=True).unmade == 1
    (desk.public / FIRST).write_text("scratched")
    assert "issue.wax: it is not what was published" in verify(desk.desk, full=True).problem
    desk.service.rebuild()
    assert FIRST not in desk.files()
    assert verify(desk.desk, full=True).ok
    shop.install()
    desk.service.publish()
    assert desk.files() == before


def test_words_taken_down_go_with_a_document_that_cannot_be_made_without_them(desk, shop):
    shop.install()
    brief(desk)
    shop.remove()
    desk.service.takedown(desk.items()[0].id, "names a private person")
    assert not {LATEST, FIRST} & desk.files().keys()
    assert verify(desk.desk, full=True).ok
    shop.install()
    desk.service.publish()
    assert {LATEST, FIRST} <= desk.files().keys()
    assert verify(desk.desk, full=True).ok


def test_a_version_published_without_a_format_has_not_that_of_the_version_before_beside_it(desk, press, shop):
    shop.install()
    brief(desk)
    shop.remove()
    press.says("/a", rss([post(515, title="A late notice")]))
    desk.clock.forward(days=3)
    desk.collect()
    desk.service.classify()
    assert brief(desk).version == 2
    assert FIRST in desk.files()
    assert LATEST not in desk.files()
    assert desk.service.rebuild().unmade == (f"weekly/{WEEK}/v1/issue.wax",)
    assert FIRST in desk.files()
    assert verify(desk.desk, full=True).ok


def fails(_: Any) -> bytes:
    raise ValueError("too much wax")


def test_a_format_that_fails_stops_no_other_and_is_told_with_its_reason(desk, shop, wax, monkeypatch):
    shop.install()
    monkeypatch.setitem(ISSUES, "wax", wax._replace(render=fails))
    made = brief(desk)
    assert (made.fresh, made.lacking) == (True, ("wax",))
    assert made.notes == ("wax is left out: it could not be made (ValueError: too much wax)",)
    assert list(desk.events("issue.published")[0].hashes) == ["index.html"]
    assert LATEST not in desk.files()
    assert verify(desk.desk, full=True).ok


def test_where_every_format_fails_no_issue_is_published(desk, shop, wax, monkeypatch):
    shop.install()
    monkeypatch.setitem(ISSUES, "wax", wax._replace(render=fails))
    desk.configure(wanting(desk, "wax"))
    with pytest.raises(OutputError, match="wax is left out: it could not be made"):
        brief(desk)
    assert desk.events("issue.published") == []


def test_a_published_document_that_fails_when_made_again_stops_no_rebuild_and_goes_with_a_takedown(
    desk, shop, wax, monkeypatch
):
    shop.install()
    brief(desk)
    monkeypatch.setitem(ISSUES, "wax", wax._replace(render=fails))
    desk.service.takedown(desk.items()[0].id, "names a private person")
    assert not {LATEST, FIRST} & desk.files().keys()
    assert f"briefings/weekly/{WEEK}/index.html" in desk.files()
    monkeypatch.setitem(ISSUES, "wax", wax)
    assert desk.service.rebuild().issues == 1
    assert {LATEST, FIRST} <= desk.files().keys()


def test_several_missing_formats_are_told_in_one_sentence(wax, monkeypatch):
    monkeypatch.setitem(ISSUES, "tar", wax._replace(extra="tar"))
    assert lacking(["html", "tar", "wax"]) == ("tar", "wax")
    assert remedy(("wax", "tar")) == "pip install 'briefing[tar,wax]'"
    assert formats.note(("tar", "wax")).startswith("tar and wax are left out: they need")


def test_a_folder_is_cleared_but_for_what_is_to_stay(tmp_path):
    for name in ("a/b/keep", "a/b/go", "a/keep/go", "go/x", "stay"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    files.clear(tmp_path, ["a/b/keep", "stay", "never/there"])
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert left == ["a/b/keep", "stay"]
