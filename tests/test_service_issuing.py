"""Issues along the whole street: days and months, what makes a version, readouts of two states, titles of twins."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from briefing.cli.commands import main
from briefing.errors import UsageError
from briefing.model import Limits
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
    weekly,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

WEEK = "2026-W09"
OURS = (
    "<p>The fisheries ministers of Selvane and Ostrey signed an agreement on herring quotas in the strait today.</p>"
    "<p>Minister Orlan said that 40 boats of each side may fish there.</p>"
)
THEIRS = (
    "<p>Ministers of Ostrey and Selvane signed the agreement on fisheries and herring quotas today.</p>"
    "<p>Ostrey stressed that 60 boats of each side may fish in the strait.</p>"
)


def everything(made: Any, period: str = WEEK) -> Any:
    made.collect()
    made.service.classify()
    made.service.publish()
    [found] = made.service.brief("weekly", period)
    return found


def told(made: Any, period: str = WEEK) -> Any:
    return json.loads((made.public / f"briefings/weekly/{period}/briefing.json").read_bytes())


def titles(issue: Any) -> list[str]:
    return [reference["item"]["title"] for reference in issue["references"]]


def test_a_version_keeps_the_numbers_of_the_one_before_and_lists_what_came(street, press, clock):
    press.says("/a", rss([post(510, title="Old"), post(511, title="Older")]))
    made = street(source("a", "/a", press))
    everything(made)
    before = titles(told(made))
    clock.forward(days=3)
    press.says("/a", rss([post(550, title="Came late")]))
    assert everything(made).version == 2
    second = told(made)
    assert titles(second) == [*before, "Came late"]
    assert [(one["number"], one["what"]) for one in second["revised"]] == [(3, "Came late: The a office, Came late.")]
    assert made.service.rebuild().differing == ()


@pytest.mark.parametrize(
    ("after", "version"),
    [("The harbor is shut; 4 berths are free.", 1), ("The harbour is shut; 9 berths are free.", 2)],
    ids=["a spelling", "a number"],
)
def test_an_edit_makes_a_version_only_where_it_alters_what_is_said(street, press, clock, after, version):
    press.says("/a", rss([post(510, title="Berths", content="<p>The harbour is shut; 4 berths are free.</p>")]))
    made = street(source("a", "/a", press))
    everything(made)
    clock.forward(hours=1)
    press.says("/a", rss([post(510, title="Berths", content=f"<p>{after}</p>")]))
    assert everything(made).version == version
    assert [one["what"] for one in told(made)["revised"]] == ["The a office, Berths: 1 number changed: 4 → 9."][
        : version - 1
    ]


@pytest.mark.parametrize(("period", "name"), [("day", "2026-02-25"), ("month", "2026-02")])
def test_a_briefing_of_days_or_months_has_issues_of_them_and_a_feed(street, press, period, name):
    press.says(
        "/a", rss([post(510, date="Wed, 25 Feb 2026 10:00:00 +0000"), post(2, date="Tue, 3 Mar 2026 10:00:00 +0000")])
    )
    made = street(source("a", "/a", press), briefings=(replace(weekly(), period=period),))
    found = everything(made, name)
    assert (found.period, found.items) == (name, 1)
    assert told(made, name)["period"]["kind"] == period
    assert f"/{name}/v1/" in (made.public / "feeds/briefings/weekly.atom").read_text()
    with pytest.raises(UsageError, match=rf"2026-W09 is a week, and no briefing .* weekly \(period: {period}\)"):
        made.service.brief("weekly", WEEK)
    due = made.service.brief_due("weekly")
    assert due[0].period == {"day": "2026-03-01", "month": "2026-02"}[period]
    assert made.service.rebuild().differing == ()


def test_readouts_of_two_states_stand_side_by_side_in_every_format(street, press):
    press.says("/a", rss([post(510, title="Selvane and Ostrey sign fisheries agreement", content=OURS)]))
    press.says("/b", rss([post(512, title="Fisheries agreement between Ostrey and Selvane signed", content=THEIRS)]))
    made = street(source("a", "/a", press), source("b", "/b", press, country="DK"))
    everything(made)
    [beside] = [one for one in told(made)["statements"] if one.get("beside")]
    assert len(beside["items"]) == 2
    folder = made.public / f"briefings/weekly/{WEEK}"
    for name in ("index.html", "briefing.md", "briefing.txt"):
        text = (folder / name).read_text()
        assert "Denmark on one event" in " ".join(text.split())


def test_a_title_in_another_language_is_followed_by_that_of_its_publishers_own_twin(street, press):
    japanese = "海峡評議会は火曜日に会合し、冬の間の北岸壁の使い方について両岸の合意をまとめたと発表しました。"
    twin = '<link rel="alternate" hreflang="ja" href="/ja/1.html">'
    for path, language, head, title, text in (
        (
            "en",
            "en",
            twin,
            "The council met",
            "The council of the strait met on Tuesday and settled winter berths.",
        ),
        ("ja", "ja", "", "評議会の会合", japanese),
    ):
        press.says(
            f"/{path}/1.html",
            f'<!DOCTYPE html><html lang="{language}"><head><title>{title}</title>{head}</head>'
            f"<body><main><p>{text}</p></main></body></html>",
            content_type=HTML,
        )
        press.says(f"/{path}", listing([(f"/{path}/1.html", title, "24 February 2026")]), content_type=HTML)
    rules = {"kind": "page", "listing": LISTED, "article": MAIN}
    made = street(source("en", "/en", press, **rules), source("ja", "/ja", press, language="ja", **rules))
    everything(made)
    found = {one["item"]["title"]: one.get("twin", {}).get("title") for one in told(made)["references"]}
    assert found.pop("評議会の会合") == "The council met"
    assert found in ({}, {"The council met": None})  # where the twins became one story, it is printed once
    page = (made.public / f"briefings/weekly/{WEEK}/index.html").read_text()
    assert "[“The council met”, the publisher’s own translation]" in page


def test_limits_of_the_configuration_hold_and_an_issue_made_again_has_the_same_bytes(street, press):
    press.says("/a", rss([post(500 + n, title=f"Berth {n}", content=f"<p>Berth {n} is free.</p>") for n in range(12)]))
    small = replace(weekly(), limits=Limits(words=300, per_topic=2, per_source=5, highlights=2))
    made = street(source("a", "/a", press), briefings=(small,))
    everything(made)
    issue = told(made)
    assert len(issue["highlights"]) == 2
    assert {one["limit"] for one in issue["left_out"]} <= {
        "2 under one heading",
        "5 of one source",
        "300 words before the annex",
    }
    assert len(issue["references"]) == 12
    assert made.service.rebuild().differing == ()


def test_the_two_options_for_a_period_are_not_given_together(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["brief", "--period", "2026-02", "--week", WEEK])
    assert "give one of them" in capsys.readouterr().err
