"""How issues look, along the street: charts, house and own templates as the log had them; drafts leave no trace."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from briefing.errors import UsageError
from briefing.model import House, StoryRules
from briefing.outputs import RENDERER
from briefing.service.issuing import edition
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    clock,
    files,
    parsing,
    post,
    press,
    rss,
    source,
    street,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

WEEK = "2026-W09"
OWN = '{% extends "ours/issue.html.jinja" %}{% block main %}<main>Set by the harbour press</main>{% endblock %}'


@pytest.fixture
def desk(street, press):
    press.says("/a", rss([post(510), post(511, title="Herring – «la mer» и сельдь 鰊"), post(340)]))
    press.says("/b", rss([post(520)]))
    made = street(source("a", "/a", press), source("b", "/b", press, country="JP", institution="think-tank"))
    look = {"house": House(name="Harbour Press"), "templates": {"issue.html.jinja": OWN}}
    made.configure(replace(made.settings, stories=StoryRules(enabled=False), **look))
    made.collect()
    made.service.classify()
    return made


def made_now(desk):
    return edition(desk.desk, desk.desk.library, "weekly", WEEK, version=1, as_of=desk.desk.library.position())


def test_an_issue_has_charts_of_its_topics_and_of_its_sources(desk):
    topics, sources = made_now(desk).figures
    assert topics.ticks[-1] == WEEK
    assert len(topics.ticks) == 12
    assert [(one.name, one.values[-3:]) for one in topics.series] == [("Harbour", (0, 1, 3)), ("Fish", (0, 0, 1))]
    assert [(one.group, one.name, one.values) for one in sources.series] == [
        ("XA", "The a office", (2,)),
        ("Japan", "The b office", (1,)),
    ]


def test_the_look_of_an_issue_is_that_of_its_place_in_the_log_whatever_came_after(desk, press):
    desk.service.brief(week=WEEK)
    before = {path: body for path, body in desk.files().items() if path.startswith("briefings/")}
    assert b"Set by the harbour press" in before[f"briefings/weekly/{WEEK}/index.html"]
    press.says("/a", rss([post(341), post(342)]))  # of a week that the chart of topics shows
    desk.collect()
    desk.configure(replace(desk.settings, house=House(name="Another"), templates={}))
    made = desk.service.rebuild()
    assert made.differing == ()
    assert {path: body for path, body in desk.files().items() if path in before} == before
    [event] = desk.events("issue.published")
    assert event.renderer.startswith(f"{RENDERER}+")


def test_a_takedown_in_an_earlier_week_leaves_the_charts_of_an_issue_as_they_were(desk):
    desk.service.brief(week=WEEK)
    path = f"briefings/weekly/{WEEK}/briefing.json"
    before = json.loads(desk.files()[path])["figures"]
    desk.service.takedown(desk.item("Communiqué number 340").id, "a court order")
    assert desk.service.rebuild().differing == ()
    assert json.loads(desk.files()[path])["figures"] == before


def test_house_and_templates_are_facts_once_and_again_when_they_change(desk):
    assert [event.house for event in desk.events("house.adopted")] == [{"name": "Harbour Press"}]
    assert desk.configure(desk.settings) == 0
    desk.configure(replace(desk.settings, templates={}))
    assert [dict(event.templates) for event in desk.events("house.adopted")] == [{"issue.html.jinja": OWN}, {}]


def test_an_issue_comes_in_all_formats_though_an_own_template_is_broken_and_that_is_said(desk):
    desk.configure(replace(desk.settings, templates={"issue.html.jinja": "\n{{ nothing }}"}))
    [made] = desk.service.brief(week=WEEK)
    assert any(note.startswith("templates/issue.html.jinja:2: 'nothing' is undefined") for note in made.notes)
    assert {path.rpartition("/")[2] for path in made.paths} >= {"index.html", "briefing.md", "briefing.txt"}
    assert b"<h2" in desk.files()[f"briefings/weekly/{WEEK}/index.html"]


def test_a_draft_says_so_first_in_every_format_and_leaves_no_trace(desk):
    desk.configure(replace(desk.settings, templates={}))
    position, public = desk.head(), desk.files()
    [draft] = desk.service.preview("weekly", WEEK, ["html", "markdown", "text", "json"])
    assert (desk.head(), desk.files()) == (position, public)
    assert all(not path.is_relative_to(desk.public) for path in draft.paths)
    bodies = {path.name: path.read_text() for path in draft.paths}
    assert bodies["briefing.txt"].startswith("DRAFT, not published.")
    assert bodies["briefing.md"].startswith("**DRAFT, not published.")
    assert json.loads(bodies["briefing.json"])["draft"] is True
    assert '<header>\n<p class="draft">DRAFT, not published.' in bodies["index.html"]
    assert b"DRAFT" not in b"".join(files(desk.public).values())


def test_a_preview_says_of_each_item_where_it_stands_and_why(desk):
    [draft] = desk.service.preview(None, WEEK, ["text"])
    assert draft.version == 1
    first = draft.items[0]
    assert (first.number, first.part) == (1, "Highlights")
    assert first.reason.startswith("1 of 3: Harbour, primary (4): “harbour*” in the opening, “berth*” in the opening")
    assert {one.part for one in draft.items} >= {"Highlights", "Topics: Harbour", "Analysis: Japan"}
    assert all(one.number < other.number for one, other in pairwise(draft.items[:3]))


def test_a_preview_is_of_the_running_week_in_the_style_of_the_file_of_now(desk):
    desk.service.settings = replace(desk.settings, house=House(name="To come"), templates={})
    [draft] = desk.service.preview(None, None, ["html"])
    assert draft.period == "2026-W10"  # the clock stands on its Monday
    assert ">To come</span>" in draft.paths[0].read_text()
    assert desk.desk.library.house().name == "Harbour Press"


def test_there_is_no_preview_of_nothing(street, press):
    made = street(source("a", "/a", press))
    with pytest.raises(UsageError, match="nothing has been read yet"):
        made.service.preview(None, None, ["html"])
