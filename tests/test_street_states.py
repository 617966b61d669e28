"""What a source's state is, when it changes, and who is told: log, library, feed, site and terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from briefing.outputs.health_words import pace_words
from briefing.service.reading import reading_mark
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    HTML,
    MONDAY,
    clock,
    page,
    parsing,
    post,
    press,
    rss,
    source,
    street,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures


def told(number: int, moment: datetime) -> Any:
    return post(number, date=f"{moment:%a, %d %b %Y %H:%M:%S +0000}")


def weekly(newest: datetime, count: int = 8) -> list[Any]:
    """Entries a week apart, the newest first."""
    return [told(count - back, newest - timedelta(weeks=back)) for back in range(count)]


def changes(street: Any) -> list[tuple[str, str]]:
    return [(turn.before, turn.state) for turn in reversed(street.desk.library.turns())]


def test_silence_within_a_sources_own_rhythm_is_no_event_and_beyond_it_is_told_once(street, press, clock):
    press.says("/feed", rss(weekly(MONDAY)))
    made = street(source("board", "/feed", press))
    made.collect()
    clock.forward(days=9)
    assert made.one("board").events == 0
    assert made.state("board") == "ok"
    clock.forward(days=9)
    assert made.one("board").events == 1
    assert made.one("board").events == 0, "told once"
    health = made.health("board")
    assert (health.state, health.since.date(), health.failure) == ("stale", MONDAY.date(), "")
    press.says("/feed", rss([told(9, clock.now), *weekly(MONDAY)]))
    assert made.one("board").new == 1
    assert made.state("board") == "ok"
    assert changes(made) == [("ok", "stale"), ("stale", "ok")]
    assert [event.NAME for event in made.events("source.s")] == ["source.stale", "source.spoke"]


def test_a_dead_feed_that_answers_200_is_silent_at_first_sight(street, press):
    press.says("/feed", rss(weekly(MONDAY - timedelta(days=2000))))
    made = street(source("board", "/feed", press))
    made.collect()
    assert made.state("board") == "stale"
    assert made.desk.library.count() == 8


def test_states_and_their_feed_come_out_of_the_log_again(street, press, clock):
    press.says("/feed", rss(weekly(MONDAY)))
    made = street(source("board", "/feed", press))
    made.collect()
    clock.forward(days=30)
    made.collect()
    press.fails("/feed", 503)
    made.collect()
    clock.forward(days=1)
    press.says("/feed", rss([told(9, clock.now), *weekly(MONDAY)]))
    made.collect()
    made.service.publish()
    before, turns = made.files(), changes(made)
    assert turns == [("ok", "stale"), ("stale", "failing"), ("failing", "ok")]
    feed = before["feeds/health.atom"].decode()
    assert feed.count("<entry") == 3
    assert "The board office cannot be read" in feed
    assert "answered 503" in feed
    made.service.rebuild()
    assert made.files() == before
    assert changes(made) == turns


def test_that_a_source_is_read_for_the_first_time_is_no_news(street, press):
    press.says("/feed", rss([post(1)]))
    made = street(source("board", "/feed", press))
    made.collect()
    assert made.desk.library.turns() == []


def test_a_304_turns_no_failing_source_green(street, press):
    press.says("/feed", rss([post(1)]))
    made = street(source("board", "/feed", press))
    made.collect()
    kept = made.desk.polls.get("board")
    press.fails("/feed", 500)
    made.collect()
    # As after a kill between the log and the polls: the validators of before are still there.
    made.desk.polls.put([kept])
    press.says("/feed", rss([post(1)]))
    press.log()
    made.collect()
    assert press.log() == [("/feed", 200)]
    assert made.state("board") == "ok"


def test_dates_that_are_gone_from_all_entries_are_a_failure_and_the_entries_are_kept(street, press, clock):
    press.says("/feed", rss([post(2), post(1)]))
    made = street(source("board", "/feed", press))
    made.collect()
    press.says("/feed", rss([post(number, date=None) for number in (3, 2, 1)]))
    result = made.one("board")
    assert (result.failure, result.new) == ("undated", 1)
    assert made.state("board") == "failing"
    assert made.health("board").next_run <= clock.now + timedelta(hours=2), "what can be read is not put off"
    press.says("/feed", rss([post(4), *(post(number, date=None) for number in (3, 2, 1))]))
    assert made.one("board").failure == ""
    assert made.state("board") == "ok"


def test_a_list_that_never_had_dates_may_go_on_without(street, press):
    press.says("/feed", rss([post(1, date=None)]))
    made = street(source("board", "/feed", press))
    made.collect()
    press.says("/feed", rss([post(2, date=None), post(1, date=None, title="Another")]))
    assert made.one("board").failure == ""


def test_the_last_thirty_attempts_are_kept_with_what_came_of_them(street, press, clock):
    body = rss([post(2), post(1)])
    press.says("/feed", body)
    made = street(source("board", "/feed", press))
    made.collect()
    press.says("/feed", page("Welcome", "All is new."), content_type=HTML)
    made.collect()
    press.fails("/feed", 503)
    made.collect()
    press.says("/feed", body)
    made.collect()
    made.collect()
    found = made.desk.library.attempts("board")
    assert [(one.outcome, one.status, one.items, one.new) for one in reversed(found)] == [
        ("read", 200, 2, 2), ("not-a-feed", 200, 0, 0), ("status", 503, 0, 0), ("read", 200, 2, 0),
        ("unchanged", 304, 2, 0),
    ]  # fmt: skip
    assert [one.number for one in found] == [5, 4, 3, 2, 1]
    assert found[-1].size == len(body.replace("{base}", press.base).encode())
    assert found[3].size > 0
    assert found[0].size == 0
    poll = made.desk.polls.get("board")
    for number in range(6, 50):
        clock.forward(minutes=1)
        made.desk.polls.put([poll], (), [replace(found[0], number=number, at=clock.now)])
    assert [one.number for one in made.desk.library.attempts("board")] == list(range(49, 19, -1))


def test_hints_of_feed_and_server_are_kept_over_a_304_and_set_the_next_run(street, press, clock):
    body = rss([post(1)]).replace("<item>", "<ttl>180</ttl><item>", 1)
    press.says("/feed", body, headers={"Cache-Control": "max-age=60"})
    made = street(source("board", "/feed", press))
    for _ in range(2):
        made.collect()
        assert made.health("board").next_run >= clock.now + timedelta(hours=3)
    assert press.last("/feed").status == 304
    assert "3 hours" in pace_words(made.health("board"))
    press.says("/feed", rss([post(1)]), headers={"Cache-Control": "max-age=9000"})
    made.collect()
    assert made.health("board").next_run >= clock.now + timedelta(hours=2.5)
    press.says("/feed", rss([post(2), post(1)]))
    made.collect()
    assert made.health("board").next_run <= clock.now + timedelta(hours=2)


def test_a_blocked_source_waits_for_a_day_and_is_asked_once_in_it(street, press, clock):
    press.fails("/feed", 403)
    made = street(source("board", "/feed", press))
    made.collect()
    assert len(press.log()) == 1
    assert made.state("board") == "blocked"
    assert made.health("board").next_run >= clock.now + timedelta(days=1)


def test_a_rhythm_that_was_lost_with_the_polls_is_learned_from_the_items(street, press, clock):
    press.says("/feed", rss(weekly(MONDAY)))
    made = street(source("board", "/feed", press))
    made.collect()
    learned = made.desk.polls.get("board").pace
    made.desk.polls.forget_validators()
    clock.forward(hours=1)
    assert made.one("board").events == 0
    again = made.desk.polls.get("board").pace
    assert (again.spoken, again.patience) == (learned.spoken, learned.patience)


@pytest.mark.parametrize("moment", [datetime(2026, 3, 2, 9, tzinfo=UTC)])
def test_what_is_kept_of_paces_holds_no_word_of_a_publisher(street, press, moment):
    press.says("/feed", rss([told(1, moment)]))
    made = street(source("board", "/feed", press))
    made.collect()
    poll = made.desk.polls.get("board")
    assert poll.reading == reading_mark(made.settings.sources[0])
    assert "Communiqué" not in repr(poll.pace)
    assert "Communiqué" not in repr(made.desk.library.attempts("board"))
