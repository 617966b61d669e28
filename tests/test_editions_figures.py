"""The figures of an issue's charts: what they count, in which order, and what they say aloud."""

from datetime import timedelta

from briefing.editions import weeks
from briefing.editions.figures import by_source, by_topic
from briefing.model import Source, SourceId, Topic, TopicId
from briefing.outputs.names import country_name

TIDES = Topic(id=TopicId("tides"), name="Tides", description="", phrases={}, exclude={})
LOCKS = Topic(id=TopicId("locks"), name="Locks", description="", phrases={}, exclude={})


def periods(last, count=3):
    names = [last]
    while len(names) < count:
        names.append(weeks.preceding(names[-1]))
    return [(name, weeks.first_day(name), weeks.last_day(name)) for name in reversed(names)]


def source(name, country):
    return Source(
        id=SourceId(name), name=name.title(), institution="ministry", country=country, url="https://a.example/"
    )


def by_sources(counts, sources):
    return by_source(
        period="2017-W12",
        kind="week",
        counts=counts,
        sources=sources,
        country=country_name,
        language=lambda _: "",
    )


def test_days_are_counted_in_the_week_they_belong_to_and_none_outside():
    monday = weeks.first_day("2017-W12")
    days = {
        (monday + timedelta(days=shift)).isoformat(): 10**turn for turn, shift in enumerate((-15, -14, -1, 0, 6, 7))
    }
    figure = by_topic(periods("2017-W12"), "week", [TIDES, LOCKS], {"tides": days})
    assert figure is not None
    assert figure.ticks == ("2017-W10", "2017-W11", "2017-W12")
    assert [one.values for one in figure.series] == [(10, 100, 11000), (0, 0, 0)]
    assert figure.title == "Items per topic over 3 weeks"
    assert figure.summary == (
        "The 3 weeks up to 2017-W12. Most items: Tides: 11,110 in all, 11,000 in the last week. 1 of 2 topics had none."
    )


def test_without_items_there_is_no_chart():
    assert by_topic(periods("2017-W12"), "week", [TIDES], {}) is None
    assert by_sources({}, {}) is None


def test_the_countries_with_the_most_come_first_and_in_them_the_sources_with_the_most():
    sources = {one.id: one for one in (source("a", "JP"), source("b", "JP"), source("c", "FI"), source("d", "FI"))}
    figure = by_sources({"a": 1, "b": 2, "c": 9, "d": 0}, sources)
    assert [(one.group, one.name, one.values) for one in figure.series] == [
        ("Finland", "C", (9,)),
        ("Japan", "B", (2,)),
        ("Japan", "A", (1,)),
    ]
    assert figure.summary == "12 items by 3 sources in 2017-W12: Finland 9, Japan 3. The most from one source: C, 9."


def test_where_there_are_too_many_sources_those_with_the_fewest_share_a_bar_that_says_how_many_they_are():
    sources = {SourceId(f"s{turn:02}"): source(f"s{turn:02}", "JP") for turn in range(40)}
    figure = by_sources({name: turn + 1 for turn, name in enumerate(sources)}, sources)
    assert len(figure.series) == 25
    assert (figure.series[-1].name, figure.series[-1].values) == ("16 more sources", (sum(range(1, 17)),))
    assert sum(one.values[0] for one in figure.series) == sum(range(1, 41))
    whole = by_sources(dict.fromkeys(list(sources)[:25], 1), sources)
    assert len(whole.series) == 25
    assert whole.series[-1].group == "Japan"
