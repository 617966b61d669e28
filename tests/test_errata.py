"""Errata: an item that an issue cites was edited in substance or withdrawn since; every reader of the issue is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from briefing import events
from briefing.service import Service
from briefing.service import errata as corrections
from briefing.service.issuing import brief, edition
from facts_support import (  # type: ignore[import-not-found]  # see conftest
    name_of,
    observe,
    revise,
    tell,
)
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    clock,
    parsing,
    post,
    press,
    rss,
    settings,
    source,
    street,
    weekly,
)
from web_support import running  # type: ignore[import-not-found]  # see conftest

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

WEEK, NEXT = "2026-W09", "2026-W10"
TITLE = "Berths for herring"
SAID = "The harbour board met and spoke about five berths for boats that fish for herring."


ITEM = name_of(510)


@pytest.fixture
def desk(street, press):
    """An issue that cites one item."""
    short = replace(weekly(), formats=("json",))
    made = street(source("a", "/a", press, redistribute="full"), briefings=(short,))
    made.service.adopt()
    observe(made, 510, SAID, TITLE)
    made.service.brief(week=WEEK)
    return made


def edited(desk: Any, clock: Any, text: str, title: str = "") -> list[Any]:
    """One round after an edit: the errata of it."""
    before = desk.head()
    clock.forward(hours=1)
    revise(desk, 510, text, title)
    desk.service.publish()
    return list(desk.events("issue.erratum", after=before))


def feed(desk: Any) -> list[dict[str, Any]]:
    return list(json.loads(desk.files()["feeds/briefings/weekly.json"])["items"])


def test_an_edit_in_substance_makes_one_erratum_within_one_round(desk, clock):
    (erratum,) = edited(desk, clock, SAID.replace("five", "six"))
    (issued,) = desk.desk.library.issues()
    assert (erratum.briefing, erratum.period, erratum.version, erratum.kind) == ("weekly", WEEK, 1, "revised")
    assert issued.items[erratum.number - 1] == erratum.item
    assert desk.service.publish().written == ()
    assert len(desk.events("issue.erratum")) == 1
    entry, issue = feed(desk)
    assert entry["title"] == f"Correction to The week, {WEEK}: no. {erratum.number}"
    assert "<del>five</del><ins>six</ins>" in entry["content_html"]
    assert entry["url"].endswith(f"/briefings/weekly/{WEEK}/v1/")
    assert issue["title"] == f"The week, {WEEK}"


def test_edits_and_reformatting_as_a_press_really_makes_them(street, press, clock):
    """A page that is collected: white space, markup, spelling and commas make none; a word in substance makes one."""

    def round_of(text: str, *more: Any) -> int:
        press.says("/a", rss([*more, post(510, content=f"<p>{text}</p>")]))
        made.collect()
        made.service.publish()
        clock.forward(hours=1)
        return len(made.events("issue.erratum"))

    made = street(source("a", "/a", press))
    round_of(SAID)
    made.service.brief(week=WEEK)
    assert round_of(f"<b>{SAID.replace('met and', 'met  and')}</b>") == 0
    assert round_of(SAID.replace("herring", "herrring").replace(" for boats", ", for boats")) == 0
    assert len(made.events("item.revised")) == 1, "an edit, a small one"
    assert round_of(SAID.replace("five", "six"), post(700)) == 1
    assert round_of(SAID.replace("five", "six"), post(700, title="Nobody has cited this")) == 1
    assert len(made.events("item.revised")) == 3


def test_another_title_in_substance_makes_one(desk, clock):
    assert len(edited(desk, clock, SAID, title="Seven berths were closed")) == 1


def test_each_edit_makes_one_and_the_way_back_says_so(desk, clock):
    for text, kind in ((SAID.replace("five", "six"), "revised"), (SAID.replace("five", "9"), "revised"),
                       (SAID, "reverted")):  # fmt: skip
        assert [one.kind for one in edited(desk, clock, text)] == [kind]
    said = [entry["summary"] for entry in feed(desk)]
    assert said[0].endswith("It reads again as it did in that issue.")
    assert not any("reads again" in one for one in said[1:])


def test_a_withdrawal_and_the_return_make_one_each(desk, clock):
    gone = events.ItemWithdrawn(item=ITEM, source="a", status=404, first_missing=clock.now.isoformat())
    for event in (gone, events.ItemRestored(item=ITEM, source="a")):
        clock.forward(hours=1)
        tell(desk, event)
        desk.service.publish()
    assert [one.kind for one in desk.events("issue.erratum")] == ["withdrawn", "restored"]
    assert [one["summary"] for one in feed(desk)[:2]] == [
        "Restored: it is published again.",
        "Withdrawn by its publisher: its page is gone.",
    ]


def test_a_corrected_issue_gets_a_new_version_once_and_later_edits_correct_that_one(desk, clock):
    edited(desk, clock, SAID.replace("five", "six"))
    first = {path: body for path, body in desk.files().items() if "/v1/" in path}
    assert [(one.version, one.fresh) for one in desk.service.brief_corrected()] == [(2, True)]
    assert desk.service.brief_corrected() == []
    (erratum,) = edited(desk, clock, SAID.replace("five", "seven"))
    assert erratum.version == 2
    now = desk.files()
    assert all(now[path] == body for path, body in first.items())


def test_a_version_that_knows_of_the_edit_already_is_not_the_one_that_is_corrected(desk, clock):
    clock.forward(hours=1)
    revise(desk, 510, SAID.replace("five", "six"))
    [made] = brief(desk.desk, week=WEEK)  # before anybody looked at changes
    assert made.version == 2
    desk.service.publish()
    assert [one.version for one in desk.events("issue.erratum")] == [1]


def test_a_briefing_that_came_out_otherwise_then_is_corrected_and_gets_no_version(desk, clock):
    daily = replace(weekly(), period="day", formats=("json",))
    desk.configure(replace(desk.settings, briefings=(daily,)))
    assert len(edited(desk, clock, SAID.replace("five", "six"))) == 1
    assert desk.service.brief_corrected() == []
    assert feed(desk)[0]["title"].startswith("Correction to")


def test_an_old_issue_is_corrected_too(desk, clock):
    clock.forward(days=200)
    assert len(edited(desk, clock, SAID.replace("five", "six"))) == 1
    assert [(one.period, one.version) for one in desk.service.brief_corrected()] == [(WEEK, 2)]


def test_the_next_issue_holds_the_errata_of_its_week(desk, clock):
    edited(desk, clock, SAID.replace("five", "six"))
    clock.forward(days=7)
    library = desk.service.known()
    made = corrections_of(desk, library)
    assert [(one.period, one.version, one.alteration.what) for one in made] == [
        (WEEK, 1, "1 number changed: five → six.")
    ]
    assert desk.service.brief(week=NEXT)[0].fresh
    assert desk.service.rebuild().differing == ()


def corrections_of(desk: Any, library: Any) -> Any:
    return edition(desk.desk, library, "weekly", NEXT, version=1, as_of=library.position()).corrections


def test_mail_finds_what_it_has_not_sent_yet(desk, clock):
    edited(desk, clock, SAID.replace("five", "six"))
    (first,) = corrections.unsent(desk.desk.library, "weekly", 0)
    assert corrections.unsent(desk.desk.library, "weekly", first.position) == []
    assert first.at == clock.now


def test_a_takedown_leaves_no_word_in_an_erratum_wherever_it_stands(desk, clock):
    marked = SAID.replace("herring", "zyxquarl")
    assert len(edited(desk, clock, marked, title="Zyxquarl berths")) == 1
    clock.forward(days=7)
    desk.service.brief(week=NEXT)
    assert any(b"yxquarl" in body for body in desk.files().values())
    desk.service.takedown(ITEM, "A court said so")
    assert not any(b"yxquarl" in body for body in desk.files().values())
    assert desk.events("issue.erratum", after=0)[1:] == []
    before = desk.files()
    made = desk.service.rebuild()
    assert made.differing == ()
    assert desk.files() == before


def test_feeds_made_anew_are_those_made_as_it_came(desk, clock):
    edited(desk, clock, SAID.replace("five", "six"))
    edited(desk, clock, SAID.replace("five", "six"), title="Another title now: 8 berths")
    before = desk.files()
    assert desk.service.rebuild().differing == ()
    assert desk.files() == before


def test_a_source_that_lets_less_be_passed_on_says_less_in_errata_too(desk, press, clock):
    edited(desk, clock, SAID.replace("five", "six"))
    assert "<del>" in feed(desk)[0]["content_html"]
    desk.configure(settings(replace(source("a", "/a", press, redistribute="title"), name="Renamed")))
    desk.service.publish()
    assert "<del>" not in feed(desk)[0]["content_html"]
    assert "(Renamed)" in feed(desk)[0]["content_html"]
    before = feed(desk)
    desk.service.rebuild()
    assert feed(desk) == before


def test_what_was_not_looked_at_before_a_crash_is_looked_at_after_it_and_issued_once(desk, clock):
    """The event is in the log, the mark was not moved: as after a kill between the two."""
    edited(desk, clock, SAID.replace("five", "six"))
    mark = desk.desk.channels.get("@errata")
    desk.desk.channels.put(replace(mark, position=0))
    desk.service.publish()
    assert len(desk.events("issue.erratum")) == 1


def test_a_log_from_before_there_were_errata_sends_nothing_about_issues_of_long_ago(desk, clock):
    with desk.desk.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM channels")
    clock.forward(hours=1)
    revise(desk, 510, SAID.replace("five", "six"))
    clock.forward(days=7)
    brief(desk.desk, week=NEXT)  # the program of then: no look at changes
    with Service(desk.url, desk.folder, desk.settings, clock) as now:
        now.publish()
    assert desk.events("issue.erratum") == []


def test_the_page_of_issues_shows_what_was_corrected(desk, clock):
    (erratum,) = edited(desk, clock, SAID.replace("five", "six"))
    with running(desk.service, clock) as site:
        page = html.fromstring(site.ask("/briefings").body)
    said = " ".join(page.text_content().split())
    assert "Corrected after publication" in said
    assert f"No. {erratum.number} of version 1, {TITLE}" in said
    assert "1 number changed: five → six." in said
