"""One bad source: what it is called, how it recovers, where it moves; and that the others never notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    HTML,
    LISTED,
    Answer,
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
    urlset,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

WHOLE = rss([post(2), post(1)])
CUT = WHOLE[: WHOLE.index("</item>") + len("</item><item><title>Half")]

# What goes wrong: the answer, the class of failure, the state, and how many items are kept of it.
FAULTS = {
    "web page": (Answer(page("Welcome", "We have a new site."), content_type=HTML), "not-a-feed", "failing", 0),
    "web page as rss": (Answer(page("Welcome", "We have a new site.")), "not-a-feed", "failing", 0),
    "nothing": (Answer(""), "unparsable", "failing", 0),
    "a picture": (Answer(b"\x89PNG\r\n\x1a\n" + bytes(200)), "not-a-feed", "failing", 0),
    "404": (Answer(status=404), "status", "failing", 0),
    "500": (Answer(status=500), "status", "failing", 0),
    "503": (Answer(status=503, headers={"Retry-After": "7200"}), "status", "failing", 0),
    "401": (Answer(status=401), "blocked", "blocked", 0),
    "403": (Answer(status=403), "blocked", "blocked", 0),
    "451": (Answer(status=451), "blocked", "blocked", 0),
    "410": (Answer(status=410), "gone", "gone", 0),
    "circle": (Answer(status=302, headers={"Location": "/bad"}), "status", "failing", 0),
    "too large": (Answer("x" * 1_000_001), "too-large", "failing", 0),
    "cut off": (Answer(CUT), "damaged", "failing", 1),
}


@pytest.fixture
def pair(street, press):
    """A good source beside one that may be bad."""
    press.says("/good", rss([post(1)]))
    return street(source("good", "/good", press), source("bad", "/bad", press))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_source_has_its_failure_and_state_and_never_stops_the_other(pair, press, fault):
    answer, failure, state, kept = FAULTS[fault]
    press.answers["/bad"] = answer
    results = pair.collect()
    assert (results["good"].outcome, results["good"].new) == ("read", 1)
    assert (results["bad"].outcome, results["bad"].failure) == ("failed", failure)
    assert results["bad"].detail
    health = pair.health("bad")
    assert (health.state, health.failure, health.detail) == (state, failure, results["bad"].detail)
    assert health.last_success is None
    assert pair.state("good") == "ok"
    assert pair.desk.library.count(source="bad") == kept


@pytest.mark.parametrize("fault", [name for name in FAULTS if name != "cut off"])
def test_a_source_that_breaks_keeps_its_items_as_they_are_and_recovers_with_a_200(pair, press, fault):
    press.says("/bad", WHOLE)
    pair.collect()
    press.answers["/bad"] = FAULTS[fault][0]
    pair.collect(recheck=True, confirm=True)
    assert pair.state("bad") != "ok"
    before = pair.head()
    pair.collect()
    assert pair.head() == before, "a failure that goes on is told once"
    assert {item.state for item in pair.items(source="bad")} == {"current"}
    press.says("/bad", WHOLE)
    result = pair.one("bad")
    assert not press.last("/bad").conditional
    assert (result.status, result.outcome, result.new, result.events) == (200, "read", 0, 1)
    assert pair.state("bad") == "ok"
    assert pair.health("bad").detail == ""
    pair.collect()
    assert press.last("/bad").status == 304


def test_readable_entries_of_broken_xml_are_kept_and_nothing_is_withdrawn(pair, press):
    press.says("/bad", WHOLE)
    pair.collect()
    press.says("/bad", rss([post(3), post(2)])[: -len("</channel></rss>")] + "<item><title>Ha")
    result = pair.one("bad", recheck=True, confirm=True)
    assert (result.failure, result.new, result.withdrawn) == ("damaged", 1, 0)
    assert pair.state("bad") == "failing"
    assert {item.state for item in pair.items()} == {"current"}
    press.says("/bad", rss([post(3), post(2)]))
    assert pair.one("bad").events == 1
    assert pair.state("bad") == "ok"


def test_a_failure_that_becomes_another_is_told_anew(pair, press):
    for status in (500, 500, 403, 403, 410, 500):
        press.fails("/bad", status)
        pair.one("bad")
    failures = [event.failure for event in pair.events("source.failed")]
    assert failures == ["status", "blocked", "gone", "status"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [(rss([]), "feed"), (listing([]), "page"), (urlset([]), "sitemap")],
)
def test_a_list_that_is_empty_where_there_were_items_is_a_failure(street, press, body, kind):
    full = {"feed": WHOLE, "page": listing([("/a.html", "A", "")]), "sitemap": urlset(["{base}/a.html"])}[kind]
    press.shows("/a.html", "A", "The harbour is open again for all ships of the coast.")
    press.says("/x", full, content_type=HTML)
    made = street(source("x", "/x", press, kind=kind, listing=LISTED if kind == "page" else None))
    made.collect()
    assert made.state("x") == "ok"
    press.says("/x", body, content_type=HTML)
    assert made.one("x").failure == "empty"
    assert made.state("x") == "failing"
    press.says("/x", full, content_type=HTML)
    made.collect()
    assert made.state("x") == "ok"


def test_a_feed_that_never_had_an_entry_is_quiet_but_selectors_that_select_nothing_are_wrong(street, press):
    press.says("/feed", rss([]))
    press.says("/list", listing([]), content_type=HTML)
    made = street(source("feed", "/feed", press), source("list", "/list", press, kind="page", listing=LISTED))
    made.collect()
    assert (made.state("feed"), made.state("list")) == ("ok", "failing")
    assert "list.item" in made.health("list").detail


def test_what_does_not_answer_in_time_or_at_all_fails_alone(street, press):
    press.says("/good", rss([post(1)]))
    press.answers["/slow"] = Answer(hang=True)
    closed = "http://127.0.0.1:1/feed"
    sources = (source("good", "/good", press), source("slow", "/slow", press), source("off", closed, press))
    base = settings(*sources)
    # Enough for what answers, also on a machine under load; what hangs is never waited for longer.
    made = street(settings=replace(base, fetch=replace(base.fetch, timeout=timedelta(seconds=3))))
    results = made.collect()
    assert {name: result.failure for name, result in results.items()} == {
        "good": "",
        "slow": "timeout",
        "off": "connection",
    }
    assert {made.state(name) for name in ("slow", "off")} == {"failing"}


def test_an_address_that_is_not_public_is_refused_unless_it_is_listed(street, press):
    press.says("/feed", rss([post(1)]))
    base = settings(source("feed", "/feed", press))
    made = street(settings=replace(base, fetch=replace(base.fetch, allow_networks=())))
    assert made.one("feed").failure == "address"
    assert press.log() == []


def test_a_source_that_was_never_asked_is_new(pair, press):
    pair.collect("good")
    assert pair.state("bad") == "new"


def test_the_wait_that_a_server_asks_for_is_kept_and_failures_are_asked_ever_later(pair, press, clock):
    press.fails("/bad", 503, Retry_After="40000")
    pair.one("bad")
    assert pair.health("bad").next_run >= clock.now + timedelta(seconds=40000)
    press.fails("/bad", 500)
    waits = []
    for _ in range(5):
        pair.one("bad")
        waits.append(pair.health("bad").next_run - clock.now)
    assert all(waits[at + 1] > waits[at] for at in range(3))
    assert max(waits) <= timedelta(days=1.2)


# ---------------------------------------------------------------- moved


def test_a_permanent_redirect_is_recorded_and_used_from_then_on(street, press):
    press.says("/old", status=301, headers={"Location": "{base}/new"})
    press.says("/new", WHOLE)
    made = street(source("feed", "/old", press))
    made.collect()
    assert [event.url for event in made.events("source.moved")] == [f"{press.base}/new"]
    assert made.health("feed").url == f"{press.base}/new"
    press.log()
    assert made.one("feed").events == 0
    assert press.log() == [("/new", 304)]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_is_followed_and_not_recorded(street, press, status):
    press.says("/old", status=status, headers={"Location": "/new"})
    press.says("/new", WHOLE)
    made = street(source("feed", "/old", press))
    assert made.one("feed").new == 2
    assert made.events("source.moved") == []
    press.log()
    assert made.one("feed").events == 0
    assert press.log() == [("/old", status), ("/new", 304)]


def test_a_redirect_that_is_permanent_in_part_only_is_not_recorded(street, press):
    press.says("/old", status=301, headers={"Location": "/middle"})
    press.says("/middle", status=302, headers={"Location": "/new"})
    press.says("/new", WHOLE)
    made = street(source("feed", "/old", press))
    made.collect()
    assert made.events("source.moved") == []


def test_a_redirect_to_something_that_is_no_feed_is_not_recorded(street, press):
    press.says("/old", WHOLE)
    made = street(source("feed", "/old", press))
    made.collect()
    press.says("/old", status=301, headers={"Location": "/"})
    press.says("/", page("Welcome", "All is new."), content_type=HTML)
    assert made.one("feed").failure == "not-a-feed"
    assert made.events("source.moved") == []


@pytest.mark.parametrize(
    "left_behind",
    [
        Answer(status=404),
        Answer(page("Gone", "Not here."), content_type=HTML),
        Answer(status=308, headers={"Location": "/old"}),
    ],
    ids=["404", "web page", "redirect"],
)
def test_what_moved_back_is_found_at_its_first_address(street, press, left_behind):
    press.says("/old", status=308, headers={"Location": "/new"})
    press.says("/new", WHOLE)
    made = street(source("feed", "/old", press))
    made.collect()
    press.says("/old", rss([post(3), post(2)]))
    press.answers["/new"] = left_behind
    result = made.one("feed")
    assert (result.outcome, result.new) == ("read", 1)
    assert made.health("feed").url == f"{press.base}/old"
    assert len(made.events("source.moved")) == 2
    press.log()
    made.collect()
    assert press.log() == [("/old", 304)]


def test_another_address_in_the_configuration_overrules_where_a_source_moved(street, press):
    press.says("/old", status=301, headers={"Location": "/new"})
    press.says("/new", WHOLE)
    press.says("/third", rss([post(5), post(2), post(1)]))
    made = street(source("feed", "/old", press))
    made.collect()
    made.configure(settings(source("feed", "/third", press)))
    press.log()
    assert made.one("feed").new == 1
    assert press.log() == [("/third", 200)]
