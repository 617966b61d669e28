"""What a feed says about how often to ask."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from briefing.model import NO_HINTS, Hints
from briefing.sources.hints import hints_of

ITEM = "<item><title>A</title></item>"


def channel(inside: str, after: str = "") -> str:
    return f'<rss version="2.0"><channel><title>Board</title>{inside}{ITEM}{ITEM}{after}</channel></rss>'


def test_a_feed_that_asks_for_nothing_has_no_hints():
    assert hints_of(channel("")) is NO_HINTS
    assert hints_of("") is NO_HINTS


def test_ttl_is_in_minutes():
    assert hints_of(channel("<ttl> 90 </ttl>")) == Hints(ttl=5400)


def test_hours_and_days_are_read_in_any_order_and_24_is_midnight():
    hours = "<skipHours><hour>23</hour><hour>24</hour><hour>7</hour><hour>99</hour></skipHours>"
    days = "<skipDays><day>Sunday</day><day>saturday</day><day>Someday</day></skipDays>"
    assert hints_of(channel(hours + days)) == Hints(skip_hours=(0, 7, 23), skip_days=(5, 6))


def test_a_period_is_divided_by_its_frequency_and_the_longer_of_it_and_ttl_counts():
    period = "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
    assert hints_of(channel(period)) == Hints(ttl=6 * 3600)
    assert hints_of(channel(f"{period}<ttl>600</ttl>")) == Hints(ttl=36_000)
    assert hints_of(channel("<sy:updatePeriod>sometimes</sy:updatePeriod>")).ttl == 0


def test_hints_behind_the_entries_count_and_those_in_entries_and_comments_do_not():
    assert hints_of(channel("", "<ttl>30</ttl>")) == Hints(ttl=1800)
    assert hints_of(channel("<item><ttl>30</ttl></item>")).ttl == 0
    assert hints_of(channel("<!-- <ttl>30</ttl> -->")).ttl == 0


@given(st.text(alphabet="<>/ tlskipHourDaysy:updatePFqncm0129-!", max_size=400))
def test_no_text_makes_it_stumble(text):
    assert hints_of(text).ttl >= 0
