"""What the limits let into an issue, what they keep out, who is read side by side, and what a version has new."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefing.editions.issue import issue
from briefing.model import (
    Briefing,
    Change,
    Issued,
    Item,
    ItemId,
    Label,
    Limits,
    Meeting,
    Member,
    Published,
    Revision,
    Site,
    Source,
    SourceId,
    Statement,
    Story,
    Topic,
    TopicId,
)
from briefing.outputs import ISSUES, length
from briefing.outputs.issue_parts import listed_sources
from briefing.outputs.issue_schema import issue_schema
from briefing.outputs.length import words
from schema_support import faults  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not

if TYPE_CHECKING:
    from briefing.documents import Issue

SITE = Site(
    title="Fjord Desk", url="https://fjord.example", language="en", timezone="Europe/Berlin", contact="a@b.example"
)
TOPICS = tuple(Topic(id=TopicId(name), name=name.title()) for name in ("ferries", "tunnels", "lamps"))
SOURCES = {
    one.id: one
    for one in (
        Source(id=SourceId(name), name=f"The {name} office", institution=kind, country=country,  # type: ignore[arg-type]
               url=f"https://{name}.example/", language="en")
        for name, kind, country in (
            ("quay", "ministry", "NO"), ("dock", "ministry", "DK"), ("pier", "igo", "DK"), ("loft", "think-tank", "NO"),
            ("wire", "media", "SE"),
        )
    )
}  # fmt: skip
NOON = datetime(2017, 3, 22, 12, tzinfo=UTC)
WEEKLY = Briefing(
    id="w", title="The week", period="week", weekday=0, hour=7, minute=0,
    topics=tuple(topic.id for topic in TOPICS), formats=("text",),
)  # fmt: skip


def item(
    name: str, source: str = "quay", *, day: str = "2017-03-22", topics: tuple[str, ...] = ("ferries",), **more: Any
) -> Item:
    at = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    fields: dict[str, Any] = {
        "title": f"Notice on {name}", "published": Published(raw=day, value=day, precision="day", origin="feed"),
        "seen_at": at, "news_at": at, "state": "current", "position": 1,
        "lead": f"The office says of {name} what it knows. It adds nothing.",
    }  # fmt: skip
    return Item(
        id=ItemId(name), source=SourceId(source), url=f"https://{source}.example/{name}", authors=(), language="en",
        revisions=1, changed_at=at, fingerprint=name.encode().hex().ljust(64, "0")[:64],
        day=day, labels=tuple(Label(topic=TopicId(topic), score=5, level="primary") for topic in topics),
        **(fields | more),
    )  # fmt: skip


def made(*items: Item, limits: Limits | None = None, period: str = "2017-W12", **more: Any) -> Issue:
    given_: dict[str, Any] = {
        "briefing": replace(WEEKLY, limits=limits or Limits()), "site": SITE, "period": period, "version": 1,
        "supersedes": 0, "position": 99, "as_of": NOON, "items": items, "changes": (), "sources": SOURCES, "health": (),
        "topics": TOPICS, "texts": {}, "length": length,
    }  # fmt: skip
    return issue(**(given_ | more))


def story(*items: Item) -> Story:
    members = [
        Member(item=one, other=items[0].id, reason="words" if n else "first", score=90, method="m", at=NOON, position=n)
        for n, one in enumerate(items)
    ]  # fmt: skip
    return Story(id=items[0].id, members=tuple(members))


def ids(references: Any) -> list[str]:
    return [one.item.id for one in references]


def printed(found: Issue) -> list[str]:
    return ids(chain.from_iterable(one.references for one in (*found.statements, *found.topics, *found.analysis)))


def named(found: Issue) -> set[str]:
    return set(ids(chain.from_iterable(one.see for one in (*found.statements, *found.topics, *found.analysis))))


# ---------------------------------------------------------------- laws

ITEMS = st.lists(
    st.tuples(
        st.sampled_from(sorted(SOURCES)),
        st.sampled_from(["2017-03-19", "2017-03-20", "2017-03-24", "2017-03-26", "2017-03-27"]),
        st.sets(st.sampled_from(["ferries", "tunnels", "lamps"]), max_size=2),
        st.booleans(),
    ),
    max_size=40,
)
LIMITS = st.builds(
    Limits,
    words=st.sampled_from([0, 200, 500, 1_500]),
    per_topic=st.integers(1, 4),
    per_source=st.integers(1, 9),
    highlights=st.integers(0, 5),
)


@settings(max_examples=40, deadline=None)
@given(ITEMS, LIMITS)
def test_every_item_of_the_period_appears_numbers_have_no_gap_and_what_was_left_out_is_counted(rows, limits):
    items = [
        item(f"i{n}", source, day=day, topics=tuple(sorted(topics)), **({} if dated else {"published": Published()}))
        for n, (source, day, topics, dated) in enumerate(rows)
    ]
    week = {one.id for one in items if "2017-03-20" <= one.day <= "2017-03-26"}
    found = made(*items, limits=limits)
    annex = [one.id for part in found.annex for one in part.items]
    assert len(annex) == len(set(annex))
    assert set(annex) == week
    assert [one.number for one in found.references] == list(range(1, len(found.references) + 1))
    assert set(ids(found.references)) == {one.id for one in items if one.id in week and one.labels}
    body = printed(found)
    assert len(body) == len(set(body))
    assert set(ids(found.highlights)) <= set(body)
    kept_out = set(ids(found.references)) - set(body) - named(found)
    assert sum(one.count for one in found.left_out) == len(kept_out)
    assert not limits.words or length(found) <= limits.words or set(body) == set(ids(found.highlights))
    assert {one.item.id for one in found.undated} == {
        one.id for one in items if one.id in week and not one.published.value
    }
    assert ids(listed_sources(found)) == ids(found.references)[: len(set(body) | named(found))]


@settings(max_examples=10, deadline=None)
@given(ITEMS, LIMITS)
def test_whatever_is_in_an_issue_its_json_is_as_the_schema_says(rows, limits):
    items = [item(f"i{n}", source, day=day, topics=tuple(topics)) for n, (source, day, topics, _) in enumerate(rows)]
    schema = issue_schema()
    assert faults(json.loads(ISSUES["json"].render(made(*items, limits=limits))), schema, schema) == []


@settings(deadline=None)
@example(datetime(2017, 3, 19, 23))  # noqa: DTZ001 - as below
@example(datetime(2017, 3, 26, 22))  # noqa: DTZ001
@given(st.datetimes(datetime(2017, 3, 17), datetime(2017, 3, 30)))  # noqa: DTZ001 - what Hypothesis wants
def test_a_late_item_belongs_to_a_period_that_is_closed_at_its_start_and_open_at_its_end_over_summer_time(moment):
    seen = moment.replace(tzinfo=UTC)
    start, end = datetime(2017, 3, 19, 23, tzinfo=UTC), datetime(2017, 3, 26, 22, tzinfo=UTC)  # Berlin, 167 hours
    late = item("late", day="2017-03-01", seen_at=seen, news_at=seen)
    assert ids(made(late).late) == (["late"] if start <= seen < end else [])


# ---------------------------------------------------------------- limits


def test_a_topic_and_a_source_have_their_share_and_the_limit_that_kept_an_item_out_is_named():
    many = [item(f"f{n}", day=f"2017-03-2{n}") for n in range(4)]
    others = item("t", topics=("tunnels",)), item("l", day="2017-03-20", topics=("lamps",))
    found = made(*many, *others, limits=Limits(words=0, per_topic=2, per_source=3))
    assert [ids(one.references) for one in found.topics] == [["f3", "f2"], ["t"], []]
    assert [one.left for one in found.topics] == [2, 0, 1]
    assert [(one.where, one.count, one.limit) for one in found.left_out] == [
        ("Ferries", 2, "2 under one heading"),
        ("Lamps", 1, "3 of one source"),
    ]
    assert {one.item.id: one.number for one in found.references if one.number > 3} == {"f1": 4, "l": 5, "f0": 6}


def test_what_has_no_room_in_full_is_named_before_it_is_left_out():
    many = [item(f"n{n}", source, day=f"2017-03-2{n % 6}") for n in range(40) for source in ("quay", "dock", "loft")]
    many = [replace(one, id=ItemId(f"{one.source}{one.id}")) for one in many]
    found = made(*many, limits=Limits(words=900, per_topic=99, per_source=99))
    assert length(found) <= 900
    assert len(named(found) - set(printed(found))) > 3
    assert found.left_out
    assert {one.limit for one in found.left_out} == {"900 words before the annex"}
    told = set(printed(found)) | named(found)
    assert sum(one.count for one in found.left_out) == len(many) - len(told)
    assert len(named(found) - set(printed(found))) == len(told) - len(printed(found))


def test_without_a_limit_of_words_everything_that_was_let_in_is_printed():
    many = [item(f"n{n}", day=f"2017-03-2{n}") for n in range(6)]
    assert len(printed(made(*many, limits=Limits(words=0)))) == 6


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Two words", 2),
        ("「外海棚」に関する協議", 5),
        ("協議は3月20日に終了", 4 + 2),
        ("О переговорах по шельфу", 4),
        ("แถลงการณ์ร่วม", 3),
        ("공동 성명", 2),
    ],
)
def test_words_are_counted_in_scripts_with_and_without_spaces(text, count):
    assert words(text) == count


def test_changes_and_dates_ahead_that_have_no_room_stand_in_the_annex_and_are_counted():
    many = [item(f"n{n}", day="2017-03-01") for n in range(30)]
    changes = [
        Change(item=one, kind="revised", at=NOON, position=80 + n, before=version(one, 1, f"{n} boats came here."),
               after=version(one, 2, f"{n + 100} boats came here."))
        for n, one in enumerate(many)
    ]  # fmt: skip
    found = made(changes=changes, limits=Limits(words=600))
    assert 0 < len(found.changed) < 20
    assert len(found.changed) + len(found.changed_left) == 30
    [left] = found.left_out
    assert (left.where, left.count) == ("Changed after publication", len(found.changed_left))
    assert length(found) <= 600


def test_what_this_week_announces_has_room_before_what_was_announced_long_ago():
    def ahead(told: Item, days: int) -> Meeting:
        on = NOON.date() + timedelta(days=days)
        said = Statement(
            item=told, revision=1, first=on, last=on, precision="day", sentence="The boards meet again.", said="then"
        )
        return Meeting(
            id=str(told.id), first=on, last=on, precision="day", kind="talks", deadline=False, state="announced",
            sequence=0, before="", announced_at=NOON, changed_at=NOON, position=9, statements=(said,),
        )  # fmt: skip

    old = [ahead(item(f"old{n}", day="2017-03-01"), 9 + n) for n in range(20)]
    fresh = item("fresh")
    found = made(fresh, meetings=[*old, ahead(fresh, 60)], limits=Limits(words=400))
    shown = [voice.statement.item.id for one in found.ahead for voice in one.voices]
    assert "fresh" in shown
    assert len(shown) + found.ahead_left == 21
    assert 0 < found.ahead_left < 20


# ---------------------------------------------------------------- readouts


def test_what_officials_of_two_countries_tell_of_one_event_stands_side_by_side_and_is_printed_nowhere_else():
    ours, theirs = item("ours"), item("theirs", "dock", news_at=NOON + timedelta(hours=3))
    report = item("report", "wire", news_at=NOON + timedelta(hours=4))
    found = made(ours, theirs, report, stories=[story(ours, theirs, report)])
    [beside] = [one for one in found.statements if one.beside]
    assert ids(beside.references) == ["ours", "theirs"]
    assert beside.title == "NO+DK"
    assert sorted(printed(found)) == ["ours", "theirs"]
    assert {one.id: ids(one.see) for one in found.statements if not one.beside} == {"NO": ["ours"], "DK": ["theirs"]}
    assert [told.item.id for told in beside.references[0].told] == ["report"]
    assert "report" not in ids(found.references)
    assert "report" in {one.id for part in found.annex for one in part.items}


def test_of_one_country_one_official_telling_stands_for_the_event():
    one, other = item("one", "dock"), item("other", "pier", news_at=NOON + timedelta(hours=1))
    found = made(one, other, stories=[story(one, other)])
    assert printed(found) == ["one"]
    assert not any(part.beside for part in found.statements)


def test_a_withdrawn_readout_stands_beside_nothing():
    ours, theirs = item("ours"), item("theirs", "dock", state="withdrawn")
    found = made(ours, theirs, stories=[story(ours, theirs)])
    assert not any(part.beside for part in found.statements)


# ---------------------------------------------------------------- versions


def issued(*names: str) -> Issued:
    return Issued(
        briefing="w", period="2017-W12", version=1, supersedes=0, as_of=50, position=51, published_at=NOON,
        items=tuple(ItemId(name) for name in names), hashes={},
    )  # fmt: skip


def version(of: Item, number: int, text: str) -> Revision:
    return Revision(
        item=of.id, number=number, seen_at=NOON, position=number, title=of.title, text=text, html="", url=of.url,
        authors=(), published=of.published, fingerprint=f"{number:064}",
    )  # fmt: skip


def test_a_version_says_what_came_what_changed_and_what_went_and_keeps_the_numbers_of_the_one_before():
    stays, edited, gone = item("stays"), item("edited"), item("gone", day="2017-03-29")
    came = item("came", position=70, day="2017-03-26")
    change = Change(
        item=edited, kind="revised", at=NOON, position=80, before=version(edited, 1, "They met for 10 minutes."),
        after=version(edited, 2, "They met for 5 minutes."),
    )  # fmt: skip
    before = issued("edited", "gone", "stays")
    found = made(
        came, stays, edited, version=2, supersedes=1, order=before.items, before=before,
        kept={gone.id: gone}, since=[change, replace(change, item=came)],
    )  # fmt: skip
    assert ids(found.references) == ["edited", "gone", "stays", "came"]
    assert [(one.number, one.what) for one in found.revised] == [
        (1, "The quay office, Notice on edited: 1 number changed: 10 → 5."),
        (2, "Belongs to this issue no longer: The quay office, Notice on gone."),
        (4, "Came late: The quay office, Notice on came."),
    ]


def test_a_first_version_and_one_that_says_the_same_have_nothing_new():
    assert made(item("a")).revised == ()
    before = issued("a")
    assert made(item("a"), version=2, supersedes=1, order=before.items, before=before).revised == ()


def test_an_item_that_only_announces_something_is_no_news_of_the_period():
    old = item("old", day="2017-03-01", news_at=NOON - timedelta(days=21))
    told = Statement(
        item=old, revision=1, first=NOON.date() + timedelta(days=9), last=NOON.date() + timedelta(days=9),
        precision="day", sentence="They meet.", said="on 31 March",
    )  # fmt: skip
    meeting = Meeting(
        id="m", first=told.first, last=told.last, precision="day", kind="talks", deadline=False, state="announced",
        sequence=0, before="", announced_at=NOON, changed_at=NOON, position=9, statements=(told,),
    )  # fmt: skip
    before = issued("a")
    found = made(item("a"), meetings=[meeting], version=2, supersedes=1, order=before.items, before=before)
    assert ids(found.references) == ["a", "old"]
    assert found.revised == ()


# ---------------------------------------------------------------- days and months


@pytest.mark.parametrize(("period", "kind"), [("2017-03-22", "day"), ("2017-03", "month")])
def test_days_and_months_are_issues_by_the_same_code(period, kind):
    found = made(item("in"), item("out", day="2017-04-01"), period=period)
    assert (found.kind, ids(found.references)) == (kind, ["in"])
    text = " ".join(ISSUES["text"].render(found).decode().split())
    assert {"day": "2017-03-22 (2017-W12)", "month": "1 to 31 March 2017"}[kind] in text
    assert {"day": "ending before 23 March 2017, 00:00", "month": "ending before 1 April 2017, 00:00"}[kind] in text
