"""How long a source is usually silent, and when its silence is longer than its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.model import UNDATED, Health, Published, SourceId
from briefing.observe.silence import KEPT, Heard, as_of, heard, recalled, silent

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


def dated(day: date) -> Published:
    return Published(value=day.isoformat(), precision="day", origin="feed")


def archive(*ago: int) -> Heard:
    """What is known after a first look at an archive with items so many days old."""
    return heard(Heard(), [(dated((NOW - timedelta(days=days)).date()), True) for days in ago], NOW)


def days(known: Heard) -> int:
    return known.patience // 86_400


def test_a_rhythm_is_learned_from_the_archive_at_first_sight():
    known = archive(*range(1, 50, 7))
    assert days(known) == 14
    assert not silent(known, NOW)
    assert silent(known, NOW + timedelta(days=14))


def test_a_feed_whose_newest_piece_is_years_old_is_silent_at_first_sight():
    assert silent(archive(*range(3650, 3700, 5)), NOW)


def test_of_few_days_no_rhythm_is_learned_and_silence_counts_from_first_sight():
    known = archive(3650, 3651)
    assert (days(known), known.spoke_at) == (45, NOW)
    assert not silent(known, NOW + timedelta(days=40))
    assert silent(known, NOW + timedelta(days=46))


def test_many_pieces_of_one_day_are_one_day_and_a_weekend_is_never_too_long():
    known = archive(*[4] * 30, *[5] * 30, 6, 7, 8)
    assert days(known) == 3


def test_one_old_piece_at_the_top_of_the_list_makes_nobody_patient():
    assert days(archive(1, 2, 3, 4, 5, 6, 900)) == 3


def test_what_is_new_later_was_said_now_whatever_its_date():
    known = heard(archive(*range(1, 50, 7)), [(dated(date(2020, 1, 1)), False)], NOW + timedelta(days=9))
    assert known.spoke_at == NOW + timedelta(days=9)


def test_undated_items_teach_by_when_they_were_seen():
    known = Heard()
    for number in range(6):
        known = heard(known, [(UNDATED, number == 0)], NOW + timedelta(days=2 * number))
    assert days(known) == 4


def test_nothing_said_changes_nothing_and_nothing_heard_is_no_silence():
    known = archive(1, 2)
    assert heard(known, [], NOW + timedelta(days=99)) is known
    assert not silent(Heard(), NOW)


def test_a_lost_rhythm_is_recalled_from_the_days_of_the_items():
    learned = archive(*range(1, 50, 7))
    assert learned.spoke_at is not None
    assert recalled(learned.days, learned.spoke_at) == learned


@given(st.lists(st.tuples(st.integers(0, 4000), st.booleans()), max_size=80))
def test_patience_has_bounds_and_memory_too(said):
    known = heard(Heard(), [(dated((NOW - timedelta(days=ago)).date()), old) for ago, old in said], NOW)
    assert len(known.days) <= KEPT
    assert list(known.days) == sorted(set(known.days))
    assert (known.spoke_at is None) == (not said)
    assert known.spoke_at is None or known.spoke_at <= NOW
    assert not said or 3 <= days(known) <= 400


@pytest.mark.parametrize(("state", "ago", "shown"), [("ok", 20, "ok"), ("ok", 30, "quiet"), ("failing", 99, "failing")])
def test_a_source_with_nothing_new_for_a_day_is_quiet(state: Any, ago: int, shown: str):
    spoke = NOW - timedelta(hours=ago)
    health = Health(source=SourceId("a"), state=state, url="", spoke_at=spoke, patience=10**6)
    assert as_of(health, NOW).state == shown
