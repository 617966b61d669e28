"""How soon a source is asked again: by what was new, by what it asks for, by how it failed."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.errors import FAILURES, FetchError
from briefing.fetch.answers import fresh_for
from briefing.model import Attempt, FetchPolicy, Hints, Source, SourceId
from briefing.outputs.health_words import outcome_words, pace_words
from briefing.projections import Poll
from briefing.projections.nouns import health
from briefing.projections.paces import Pace
from briefing.service.pace import LONGEST, REASONS, SHORTEST, next_poll
from briefing.service.recording import Visit
from briefing.service.weights import HARD, NONE, SOFT, TEMPORARY, refused, weight

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday
POLICY = FetchPolicy(
    every=timedelta(hours=1), timeout=timedelta(seconds=9), max_bytes=9, per_host=1, spacing=timedelta(0),
    allow_networks=(),
)  # fmt: skip
HOUR, DAY, WEEK = 3600, 86_400, 604_800


def source(name: str = "board", **more: Any) -> Source:
    fields: dict[str, Any] = {
        "name": "The board",
        "institution": "ministry",
        "country": "XA",
        "url": "https://b.example",
    }
    return Source(id=SourceId(name), **(fields | more))


def visited(before: Poll, at: datetime, known: int, seen: int, *, of: Source | None = None, same: bool = False) -> Poll:
    """The poll after a visit that could be read."""
    reading: Any = SimpleNamespace(unchanged=same)
    visit = Visit(source=of or source(), poll=before, started=at, seconds=0.1, reading=reading)
    after = next_poll(before, visit, None, POLICY, adapt=True, known=known, seen=seen)
    return replace(after, last_attempt=at, last_success=at)


def failed(before: Poll, error: FetchError, at: datetime = NOW, of: Source | None = None) -> Poll:
    """The poll after a visit that failed."""
    visit = Visit(source=of or source(), poll=before, started=at, seconds=0.1, error=error)
    return next_poll(before, visit, error, POLICY)


def asked_for(**hints: Any) -> Poll:
    """A poll of a source that was read before and gives hints."""
    before = NOW - timedelta(hours=1)
    pace = Pace(hints=Hints(**hints), seen=30)
    return Poll(source="board", interval=HOUR, last_attempt=before, last_success=before, pace=pace)


def wait(poll: Poll, since: datetime = NOW) -> float:
    assert poll.next_run is not None
    return (poll.next_run - since).total_seconds()


def test_few_known_entries_bring_the_next_visit_sooner_and_many_put_it_off():
    poll = asked_for()
    assert visited(poll, NOW, 29, 30).interval > HOUR
    assert visited(poll, NOW, 15, 30).interval == HOUR
    assert visited(poll, NOW, 5, 30).interval == HOUR // 2
    assert visited(poll, NOW, 0, 30).interval == HOUR // 4, "where nothing was known, entries may be lost already"


def test_the_first_visit_says_nothing_about_the_rhythm():
    poll = visited(Poll(source="board"), NOW, 0, 30)
    assert (poll.interval, poll.pace.why) == (HOUR, "first")


def test_to_find_nothing_a_moment_later_says_nothing_either():
    poll = visited(asked_for(), NOW - timedelta(minutes=59), 30, 30, same=True)
    assert poll.interval == HOUR


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(600, 90_000)), max_size=40))
def test_the_rhythm_stays_between_ten_minutes_and_a_day(visits):
    poll, at = asked_for(), NOW
    for known, seconds in visits:
        at += timedelta(seconds=seconds)
        poll = visited(poll, at, known, 30)
        assert SHORTEST <= poll.interval <= LONGEST
        assert SHORTEST <= wait(poll, at) <= LONGEST * 1.1


def test_a_pinned_pace_wins_over_what_is_found_and_over_what_is_asked_for():
    pinned = source(every=timedelta(minutes=5))
    poll = visited(asked_for(ttl=DAY, skip_hours=(9, 10)), NOW, 0, 30, of=pinned)
    assert (poll.interval, poll.pace.why) == (300, "pinned")
    assert 300 <= wait(poll) <= 330


@pytest.mark.parametrize(("hints", "why"), [({"ttl": 5 * HOUR}, "ttl"), ({"max_age": 5 * HOUR}, "max-age")])
def test_a_pause_that_is_asked_for_is_kept(hints, why):
    poll = visited(asked_for(**hints), NOW, 30, 30)
    assert poll.pace.why == why
    assert 5 * HOUR <= wait(poll) <= 5.5 * HOUR


def test_a_pause_of_a_year_is_taken_for_a_day():
    assert wait(visited(asked_for(ttl=365 * DAY), NOW, 30, 30)) <= 1.1 * DAY


def test_a_shorter_pause_than_the_rhythm_hurries_nobody():
    assert visited(asked_for(ttl=60), NOW, 15, 30).pace.why == "rhythm"


def test_a_pause_in_which_the_list_rolled_over_is_kept_no_more():
    poll = visited(asked_for(ttl=12 * HOUR), NOW, 30, 30)
    assert poll.pace.why == "ttl"
    later = NOW + timedelta(hours=12)
    poll = visited(poll, later, 0, 30)
    assert poll.pace.why == "overruled"
    assert wait(poll, later) < HOUR
    again = later + timedelta(hours=1)
    assert visited(poll, again, 29, 30).pace.why == "overruled", "one good visit does not make it safe"


def test_hours_and_days_without_news_are_passed_over_for_a_day_at_most():
    poll = visited(asked_for(skip_hours=(9, 10, 11)), NOW, 15, 30)
    assert poll.pace.why == "skip"
    assert 3 * HOUR <= wait(poll) <= 3.2 * HOUR
    tuesday = visited(asked_for(skip_days=(0,)), NOW, 15, 30)
    assert 15 * HOUR <= wait(tuesday) <= 15.2 * HOUR
    never = visited(asked_for(skip_days=tuple(range(7))), NOW, 15, 30)
    assert wait(never) <= DAY


def test_every_failure_has_a_weight_and_words_and_hard_ones_weigh_most():
    weights = {failure: weight(FetchError("x", failure=failure, status=404)) for failure in FAILURES}
    assert {weights[failure] for failure in ("gone", "not-a-feed", "dns", "blocked")} == {HARD}
    assert {weights[failure] for failure in ("status", "unparsable", "tls", "empty")} == {SOFT}
    assert {weights[failure] for failure in ("timeout", "connection")} == {TEMPORARY}
    assert {weights[failure] for failure in ("damaged", "undated")} == {NONE}
    for status in (408, 429, 500, 503):
        assert weight(FetchError("x", failure="status", status=status)) == TEMPORARY
    assert weight(FetchError("x", failure="dns", temporary=True)) == TEMPORARY
    assert HARD > SOFT > TEMPORARY > NONE


def test_a_source_is_asked_ever_later_but_never_given_up():
    def waits(failure: str, **more: Any) -> list[float]:
        poll, found = Poll(source="board", interval=HOUR), []
        for _ in range(60):
            poll = failed(poll, FetchError("x", failure=failure, **more))
            found.append(wait(poll))
        return found

    hard, soft, passing = waits("not-a-feed"), waits("unparsable"), waits("timeout")
    for found in (hard, soft, passing):
        assert found == sorted(found)
        assert WEEK <= found[-1] <= 1.5 * WEEK
    assert hard[4] > soft[4] > passing[4]
    assert hard[0] == soft[0] == passing[0], "the first failure changes nothing yet"


def test_what_can_be_read_again_is_back_in_its_rhythm_at_once():
    poll = asked_for()
    for _ in range(20):
        poll = failed(poll, FetchError("x", failure="dns"))
    assert wait(poll) > 6 * DAY
    poll = visited(poll, NOW, 30, 30)
    assert poll.pace.weight == 0
    assert wait(poll) <= 1.4 * HOUR


@pytest.mark.parametrize("failure", ["blocked", "gone", "robots", "address"])
def test_who_refuses_us_is_not_asked_in_a_hurry(failure):
    error = FetchError("x", failure=failure)
    assert refused(error)
    poll = failed(Poll(source="board", interval=SHORTEST), error)
    assert wait(poll) >= DAY
    assert wait(failed(poll, error)) > wait(poll)
    assert poll.pace.why == "refused"


def test_a_robots_txt_that_cannot_be_read_is_no_refusal():
    assert not refused(FetchError("x", failure="robots", status=503))


def test_sources_that_fail_together_do_not_come_back_together():
    error = FetchError("x", failure="connection")
    polls = [failed(Poll(source=name, interval=HOUR), error, of=source(name)) for name in ("a", "b", "c", "d")]
    moments = sorted(wait(poll) for poll in polls)
    assert all(later - earlier > 10 for earlier, later in itertools.pairwise(moments))
    assert wait(failed(Poll(source="a", interval=HOUR), error, of=source("a"))) == wait(polls[0]), "no chance in it"


def test_the_wait_that_a_server_asks_for_is_never_cut():
    poll = failed(
        Poll(source="board", interval=HOUR), FetchError("x", failure="status", status=429, retry_after=9 * HOUR)
    )
    assert (poll.pace.why, 9 * HOUR <= wait(poll) <= 10 * HOUR) == ("asked", True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache-control": "public, max-age=3600"}, 3600),
        ({"cache-control": 'Max-Age="600", must-revalidate'}, 600),
        ({"cache-control": "max-age=3600", "age": "3000"}, 600),
        ({"cache-control": "max-age=60", "age": "3000"}, 0),
        ({"cache-control": "no-cache, max-age=3600"}, 0),
        ({"cache-control": "s-maxage=99"}, 0),
        ({"cache-control": "max-age=31536000"}, DAY),
        ({"cache-control": "max-age=soon"}, 0),
    ],
)
def test_how_long_an_answer_stays_fresh(headers, seconds):
    assert fresh_for(headers) == seconds


def test_every_reason_is_told_in_words():
    row: dict[str, Any] = dict.fromkeys(("failure", "detail"), "") | dict.fromkeys(("since", "status", "newest"))
    row |= {"id": "b", "state": "ok", "moved": "x", "items": 3}
    for why in REASONS:
        poll = Poll(source="b", interval=3 * HOUR, failures=2, pace=Pace(why=why, seen=30, fresh=4, hint=DAY))
        assert pace_words(health(row, poll))
    poll = Poll(source="b", interval=3 * HOUR, pace=Pace(why="rhythm", seen=30, fresh=4))
    assert pace_words(health(row, poll)) == "every 3 hours, as 4 of its 30 entries (13 %) were new"


@pytest.mark.parametrize("outcome", ["read", "unchanged", *FAILURES])
def test_every_outcome_is_told_in_words(outcome):
    attempt = Attempt(source=SourceId("b"), number=1, at=NOW, outcome=outcome, status=500)
    assert outcome_words(attempt) != outcome or outcome == "read"
