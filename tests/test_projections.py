"""What each fact does to the read models."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing import events
from briefing.model import ItemId
from briefing.projections.rows import described
from briefing.projections.when import day_of, in_future, instant, stamp
from briefing.text import exact_print, fingerprint, print_of
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    START,
    adopted,
    changed,
    classified,
    fact,
    failed,
    label,
    observed,
    revised,
    source,
    takedown,
    words,
)


def withdrawn(item: str, key: str = "w", name: str = "selvane"):
    missing = "2016-11-17T00:00:00+00:00"
    return fact(events.ItemWithdrawn(item=item, source=name, status=404, first_missing=missing), f"{key}:{item}")


def restored(item: str, key: str = "r", name: str = "selvane"):
    return fact(events.ItemRestored(item=item, source=name), f"{key}:{item}")


def recovered(key: str, name: str = "selvane"):
    return fact(events.SourceRecovered(source=name), key)


def labels(shelf, item: str) -> dict[str, tuple[int, int]]:
    """Score and version of each label of an item, by topic."""
    known = shelf.library.item(item)
    return {one.topic: (one.score, one.revision) for one in known.labels}


# ---------------------------------------------------------------- configuration


def test_what_is_adopted_last_is_what_the_library_says(shelf):
    assert (shelf.library.settings(), shelf.library.rules(), shelf.library.topics()) == (None, ("", 0), ())
    with pytest.raises(LookupError, match="no settings have been adopted yet"):
        shelf.library.site()
    shelf.tell(adopted("UTC", "Old"), adopted("Asia/Tokyo", "New"))
    topic: dict[str, Any] = {"id": "straits", "name": "Straits", "description": "", "phrases": {}, "exclude": {}}
    shelf.tell(fact(events.TopicsAdopted(rules="one", topics=()), "t1"))
    at = shelf.tell(fact(events.TopicsAdopted(rules="two", topics=(topic,)), "t2"))
    assert (shelf.library.site().title, shelf.library.site().timezone) == ("New", "Asia/Tokyo")
    assert shelf.library.rules() == ("two", at)
    assert [one.id for one in shelf.library.topics()] == ["straits"]


def test_a_source_is_added_changed_retired_and_added_again_and_keeps_its_items(shelf):
    shelf.tell(source(language="ja"), observed("item-1"))
    assert [(one.id, one.language) for one in shelf.library.sources()] == [("selvane", "ja")]
    shelf.tell(changed(language="en"))
    assert [one.language for one in shelf.library.sources()] == ["en"]
    shelf.tell(fact(events.SourceRetired(source="selvane"), "retired"))
    assert (shelf.library.sources(), shelf.library.health()) == ((), ())
    assert [one.id for one in shelf.library.sources(retired=True)] == ["selvane"]
    assert shelf.library.item("item-1") is not None
    shelf.tell(source(language="ru"))
    assert [one.language for one in shelf.library.sources()] == ["ru"]
    assert shelf.library.source_row("selvane")["items"] == 1
    with pytest.raises(LookupError, match="source oriad was never adopted"):
        shelf.library.source_row("oriad")


# ---------------------------------------------------------------- health


@pytest.mark.parametrize(
    ("failure", "state"),
    [("timeout", "failing"), ("status", "failing"), ("empty", "failing"), ("blocked", "blocked"), ("gone", "gone")],
)
def test_a_failure_gives_the_source_its_state_its_cause_and_its_beginning(shelf, clock, failure, state):
    shelf.tell(source())
    [health] = shelf.library.health()
    assert (health.state, health.since) == ("new", None)
    began = clock.move(hours=1)
    shelf.tell(failed(failure, "f1", status=503))
    [health] = shelf.library.health()
    assert (health.state, health.since, health.failure) == (state, began, failure)
    assert (health.detail, health.status) == ("it broke", 503)


def test_a_source_that_fails_in_another_way_has_failed_since_the_first(shelf, clock):
    began = clock.move(hours=1)
    shelf.tell(source(), failed("timeout", "f1"))
    clock.move(hours=1)
    shelf.tell(failed("dns", "f2"))
    [health] = shelf.library.health()
    assert (health.state, health.failure, health.since) == ("failing", "dns", began)
    blocked = clock.move(hours=1)
    shelf.tell(failed("blocked", "f3"))
    assert (shelf.library.health()[0].state, shelf.library.health()[0].since) == ("blocked", blocked)


def test_a_source_that_recovers_says_since_when_and_nothing_of_its_failure(shelf, clock):
    shelf.tell(source(), failed("status", "f1", status=500))
    again = clock.move(days=1)
    at = shelf.tell(recovered("ok"))
    [health] = shelf.library.health()
    assert (health.state, health.since, health.failure, health.detail, health.status) == ("ok", again, "", "", None)
    assert shelf.library.source_row("selvane")["health_position"] == at


def test_a_moved_source_is_read_at_its_new_address_until_its_configured_one_changes(shelf):
    shelf.tell(source(), fact(events.SourceMoved(source="selvane", url="https://new.example"), "m"))
    assert shelf.library.health()[0].url == "https://new.example"
    shelf.tell(changed(language="ja"))
    assert shelf.library.health()[0].url == "https://new.example"
    shelf.tell(changed(url="https://third.example"))
    assert shelf.library.health()[0].url == "https://third.example"


# ---------------------------------------------------------------- items


def test_an_item_is_known_as_it_was_first_seen(shelf):
    said = words(
        "海峡を通過", "最初の文。二つ目。", authors=["港湾局"], date_raw="平成28年11月17日", url="https://a.example"
    )
    shelf.tell(source())
    at = shelf.tell(observed("item-1", payload=said, published="2016-11-17", precision="day", language="ja"))
    item = shelf.library.item("item-1")
    assert (item.title, item.url, item.authors, item.lead) == (
        "海峡を通過", "https://a.example", ("港湾局",), "最初の文。二つ目。",
    )  # fmt: skip
    assert (item.published.raw, item.published.value, item.published.origin) == (
        "平成28年11月17日",
        "2016-11-17",
        "feed",
    )
    assert (item.state, item.revisions, item.position, item.language) == ("current", 1, at, "ja")
    assert item.seen_at == item.changed_at == START
    assert item.fingerprint == fingerprint("海峡を通過", "最初の文。二つ目。")
    [version] = shelf.library.revisions("item-1")
    assert (version.number, version.text, version.position) == (1, "最初の文。二つ目。", at)
    row = shelf.row("item-1")
    text = exact_print("最初の文。二つ目。", "<p>最初の文。二つ目。</p>")
    assert (row["title_print"], row["text_print"]) == (print_of("海峡を通過"), text)
    assert shelf.library.source_row("selvane")["items"] == 1


def test_the_newest_date_of_a_source_is_that_of_its_items(shelf):
    shelf.tell(source(), observed("a", published="2016-11-17", precision="day"), observed("b"))
    shelf.tell(observed("c", published="2016-11-02", precision="day"))
    row = shelf.library.source_row("selvane")
    assert (row["items"], row["newest"]) == (3, "2016-11-17")


def test_a_revision_keeps_both_versions_and_is_a_change(shelf, clock):
    shelf.tell(source(), observed("item-1", payload=words("Old", "First text.")))
    later = clock.move(days=1)
    at = shelf.tell(revised("item-1", 2, payload=words("New", "Second text.")))
    item = shelf.library.item("item-1")
    assert (item.title, item.lead, item.state, item.revisions) == ("New", "Second text.", "revised", 2)
    assert (item.changed_at, item.seen_at, item.position) == (later, START, at)
    [change] = shelf.library.changes()
    assert (change.kind, change.at, change.position) == ("revised", later, at)
    assert (change.before.title, change.after.title) == ("Old", "New")
    assert [version.text for version in shelf.library.revisions("item-1")] == ["First text.", "Second text."]
    assert shelf.library.held(["item-1"])[ItemId("item-1")].number == 2


def test_a_text_that_is_completed_is_another_version_but_no_change(shelf):
    shelf.tell(source(), observed("item-1", payload=words("T", "", problem="the page answered 503")))
    assert shelf.library.item("item-1").noted == "the page answered 503"
    shelf.tell(revised("item-1", 2, payload=words("T", "The text."), completed=True))
    item = shelf.library.item("item-1")
    assert (item.state, item.revisions, item.noted, item.lead) == ("current", 1, "", "The text.")
    assert shelf.library.changes() == []
    shelf.tell(revised("item-1", 3, payload=words("T", "An edit.")))
    assert (shelf.library.item("item-1").state, shelf.library.item("item-1").revisions) == ("revised", 2)
    [change] = shelf.library.changes()
    assert (change.before.number, change.after.number) == (2, 3)


def test_a_revision_without_a_date_leaves_the_date_and_one_with_a_date_moves_the_item(shelf):
    shelf.tell(source(), observed("item-1", published="2016-11-10", precision="day", archive=True))
    shelf.tell(classified("item-1", 1, "straits"), stream="labels")
    shelf.tell(revised("item-1", 2))
    assert (shelf.row("item-1")["date_value"], shelf.row("item-1")["day"]) == ("2016-11-10", "2016-11-10")
    shelf.tell(revised("item-1", 3, published="2016-11-12", precision="day"))
    item = shelf.library.item("item-1")
    assert (item.day, item.news_at) == ("2016-11-12", datetime(2016, 11, 12, tzinfo=UTC))
    assert [one.published.value for one in shelf.library.revisions("item-1")] == [
        "2016-11-10", "2016-11-10", "2016-11-12",
    ]  # fmt: skip
    assert shelf.library.counts_by_day("2016-11-01", "2016-11-30", topic="straits") == {"2016-11-12": 1}
    assert [one.id for one in shelf.library.items(topic="straits", since="2016-11-12", until="2016-11-12")] == [
        "item-1"
    ]


def test_a_withdrawal_and_a_return_are_changes_and_leave_the_words(shelf, clock):
    shelf.tell(source(), observed("item-1"), revised("item-1", 2))
    clock.move(hours=1)
    shelf.tell(withdrawn("item-1"))
    assert (shelf.library.item("item-1").state, shelf.library.item("item-1").revisions) == ("withdrawn", 2)
    gone = shelf.library.changes()[0]
    assert (gone.kind, gone.before.number, gone.after) == ("withdrawn", 2, None)
    clock.move(hours=1)
    shelf.tell(restored("item-1"))
    assert shelf.library.item("item-1").state == "revised"
    assert [(one.kind, one.at) for one in shelf.library.changes()] == [
        ("restored", START + timedelta(hours=2)),
        ("withdrawn", START + timedelta(hours=1)),
        ("revised", START),
    ]
    assert [one.kind for one in shelf.library.changes(since=START + timedelta(hours=1), limit=1)] == ["restored"]
    assert [one.kind for one in shelf.library.changes(until=START + timedelta(hours=1))] == ["revised"]


def test_words_that_were_erased_leave_a_placeholder(clock, tmp_path):
    from briefing.eventstore import MemoryStore, connect, writing
    from briefing.projections import Library, Projector

    engine, store = connect(f"sqlite:///{tmp_path}/models.db"), MemoryStore(clock)
    store.append("source:selvane", [source(), observed("item-1", payload=words("Secret", "Words."))])
    mark = store.read()[1].event.data()["payload"]
    store.append("source:selvane", [takedown("item-1", (mark,))])
    store.erase(3, [mark])
    Projector(engine, store, writing).catch_up(upto=2)  # not up to the takedown
    library = Library(engine, store)
    item = library.item("item-1")
    assert item is not None
    assert (item.title, item.lead, item.url) == ("[removed]", "", "")
    assert [(one.title, one.text) for one in library.revisions("item-1")] == [("[removed]", "")]
    engine.dispose()


# ---------------------------------------------------------------- keys


def test_an_item_is_known_by_every_key_it_ever_had_and_a_key_stays_with_its_first_item(shelf):
    shelf.tell(source(), observed("a", keys=["guid-a", "link"]), observed("b", keys=["guid-b", "link"]))
    shelf.tell(fact(events.ItemAliased(item="a", source="selvane", keys=("guid-c", "guid-b")), "alias"))
    shelf.tell(revised("b", 2, keys=["guid-d"]))
    found = shelf.library.known(["guid-a", "guid-b", "guid-c", "guid-d", "link", "never"])
    assert {key: row["id"] for key, row in found.items()} == {
        "guid-a": "a", "guid-b": "b", "guid-c": "a", "guid-d": "b", "link": "a",
    }  # fmt: skip
    assert found["guid-a"]["keys"] == {"guid-a", "guid-c", "link"}
    assert found["guid-d"]["keys"] == {"guid-b", "guid-d"}


# ---------------------------------------------------------------- labels


def test_labels_of_an_earlier_version_are_kept_when_an_edit_drops_the_topic(shelf):
    shelf.tell(source(), observed("item-1"))
    shelf.tell(classified("item-1", 1, "straits", "energy"), stream="labels")
    shelf.tell(revised("item-1", 2))
    assert labels(shelf, "item-1") == {"straits": (3, 1), "energy": (3, 1)}
    shelf.tell(classified("item-1", 2, "straits", "fisheries"), stream="labels")
    assert labels(shelf, "item-1") == {"straits": (3, 2), "energy": (3, 1), "fisheries": (3, 2)}


def test_new_rules_start_over(shelf):
    shelf.tell(source(), observed("item-1"))
    shelf.tell(classified("item-1", 1, "straits", "energy"), stream="labels")
    shelf.tell(classified("item-1", 1, "energy", rules="rules-2"), stream="labels")
    assert labels(shelf, "item-1") == {"energy": (3, 1)}
    shelf.tell(classified("item-1", 1, rules="rules-3"), stream="labels")
    assert labels(shelf, "item-1") == {}


@pytest.mark.parametrize("together", [True, False])
def test_a_new_set_of_rules_takes_every_version_into_account(shelf, together):
    shelf.tell(source(), observed("item-1"), revised("item-1", 2))
    told = [
        classified("item-1", 1, "straits"),
        classified("item-1", 2, "energy"),
        classified("item-1", 1, "fisheries", rules="rules-2"),
        classified("item-1", 2, rules="rules-2"),
    ]
    for batch in [told] if together else [[one] for one in told]:
        shelf.tell(*batch, stream="labels")
    assert labels(shelf, "item-1") == {"fisheries": (3, 1)}


def test_a_label_shows_the_sentence_of_the_version_it_is_of(shelf):
    shelf.tell(source(), observed("item-1", payload=words("Strait open", "Ferries pass. All is calm.")))
    piece = {"phrase": "ferr*", "place": "opening", "start": 0, "end": 13}
    one = label("straits", 5) | {"evidence": [piece, {"phrase": "strait*", "place": "title", "start": 0, "end": 11}]}
    event = events.ItemClassified(item="item-1", source="selvane", revision=1, rules="r", labels=(one,))
    shelf.tell(fact(event, "c1"), stream="labels")
    shelf.tell(revised("item-1", 2, payload=words("Another title", "Other words.")))
    [known] = shelf.library.item("item-1").labels
    assert [(why.phrase, why.place, why.sentence) for why in known.evidence] == [
        ("ferr*", "opening", "Ferries pass."), ("strait*", "title", "Strait open"),
    ]  # fmt: skip


def test_labels_stand_in_the_order_of_their_score(shelf):
    shelf.tell(source(), observed("item-1"))
    told = tuple(label(topic, score) for topic, score in (("a", 1), ("b", 7), ("c", 7), ("d", 9)))
    event = events.ItemClassified(item="item-1", source="selvane", revision=1, rules="r", labels=told)
    shelf.tell(fact(event, "c"), stream="labels")
    assert [one.topic for one in shelf.library.item("item-1").labels] == ["d", "b", "c", "a"]


def test_what_waits_for_labels_is_every_version_not_yet_seen_under_the_rules_of_now(shelf):
    shelf.tell(source(), observed("a"), observed("b"), revised("a", 2))

    def waiting(rules: str) -> list[tuple[str, int, tuple[str, ...]]]:
        return [(one.item, one.revision, one.topics) for one in shelf.library.unclassified(rules, 10)]

    assert waiting("rules-1") == [("a", 1, ()), ("a", 2, ()), ("b", 1, ())]
    shelf.tell(classified("a", 1, "straits"), classified("a", 2, "straits"), stream="labels")
    assert waiting("rules-1") == [("b", 1, ())]
    shelf.tell(revised("a", 3))
    assert waiting("rules-1") == [("a", 3, ("straits",)), ("b", 1, ())]
    assert waiting("rules-2") == [("a", 1, ("straits",)), ("a", 2, ("straits",)), ("a", 3, ("straits",)), ("b", 1, ())]


# ---------------------------------------------------------------- marks


SOURCE, STRAITS, ENERGY = ("source", "selvane"), ("topic", "straits"), ("topic", "energy")


def test_each_fact_marks_the_feeds_it_touches_and_no_other(shelf):
    def marked(*told, stream: str = "source:selvane") -> set[tuple[str, str]]:
        before = shelf.store.head()
        shelf.tell(*told, stream=stream)
        return set(shelf.library.marks(before))

    assert marked(adopted()) == {("settings", "")}
    assert marked(source(), source("oriad")) == {SOURCE, ("source", "oriad"), ("settings", "")}, "all feeds name them"
    assert marked(observed("item-1")) == {SOURCE}
    assert marked(classified("item-1", 1), stream="labels") == set(), "no label before or after"
    assert marked(classified("item-1", 1, "straits", "energy", rules="r2"), stream="labels") == {
        SOURCE, STRAITS, ENERGY,
    }  # fmt: skip
    assert marked(revised("item-1", 2)) == {SOURCE, STRAITS, ENERGY, ("changes", "")}
    assert marked(revised("item-1", 3, completed=True)) == {SOURCE, STRAITS, ENERGY}
    assert marked(classified("item-1", 3, "energy", rules="r3"), stream="labels") == {SOURCE, STRAITS, ENERGY}
    assert marked(withdrawn("item-1")) == {SOURCE, ENERGY, ("changes", "")}
    assert marked(restored("item-1")) == {SOURCE, ENERGY, ("changes", "")}
    assert marked(classified("item-1", 3, rules="r4"), stream="labels") == {SOURCE, ENERGY}
    alias = fact(events.ItemAliased(item="item-1", source="selvane", keys=("other",)), "alias")
    assert marked(alias) == set()
    assert marked(failed("dns", "f"), recovered("ok")) == {("health", "")}
    assert marked(fact(events.TopicsAdopted(rules="x", topics=()), "t")) == {("settings", "")}
    issue = events.IssuePublished(
        briefing="weekly", period="2016-W46", version=1, supersedes=0, as_of=3, renderer="1", items=(), hashes={}
    )
    assert marked(fact(issue, "i"), stream="briefing:weekly") == {("briefing", "weekly")}
    assert marked(fact(events.SourceRetired(source="selvane"), "gone")) == {SOURCE, ("settings", "")}


# ---------------------------------------------------------------- issues


def test_every_version_of_an_issue_is_kept(shelf):
    for version in (1, 2):
        event = events.IssuePublished(
            briefing="weekly", period="2016-W46", version=version, supersedes=version - 1, as_of=version, renderer="1",
            items=("item-1",), hashes={"index.html": "ab"},
        )  # fmt: skip
        shelf.tell(fact(event, f"issue-{version}"), stream="briefing:weekly")
    found = shelf.library.issues("weekly", "2016-W46")
    assert [(one.version, one.supersedes, one.as_of, one.position) for one in found] == [(2, 1, 2, 2), (1, 0, 1, 1)]
    assert found[0].published_at == START
    assert (shelf.library.issues("monthly"), shelf.library.issues(period="2016-W47")) == ([], [])


# ---------------------------------------------------------------- days and moments

ZONES = st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu"])
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=1096)).map(lambda off: datetime(2015, 1, 1, tzinfo=UTC) + off)


@given(MOMENTS, ZONES)
def test_an_undated_item_belongs_to_the_day_of_first_sight_in_the_sites_zone(seen, zone):
    expected = seen.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d")
    for value, precision in ((None, None), ("2016", "year"), ("2016-11", "month")):
        assert day_of(value, precision, seen, site_zone=zone, future=False) == expected


@given(st.dates(date(2015, 1, 1), date(2018, 1, 1)), ZONES, ZONES, st.integers(-90, 90))
def test_around_midnight_a_moment_belongs_to_the_sites_day_and_a_mere_day_to_itself(day, site, publisher, minutes):
    moment = datetime.combine(day, time(), ZoneInfo(publisher)).astimezone(UTC) + timedelta(minutes=minutes)
    seen = moment + timedelta(hours=1)
    written = moment.astimezone(ZoneInfo(publisher)).isoformat(timespec="minutes")
    there = moment.astimezone(ZoneInfo(site)).date().isoformat()
    assert day_of(written, "minute", seen, site_zone=site, future=False) == there
    assert day_of(day.isoformat(), "day", seen, site_zone=site, future=False) == day.isoformat()
    assert instant(written, "minute", None) == moment
    assert instant(day.isoformat(), "day", publisher) == datetime.combine(day, time(), ZoneInfo(publisher))


@given(MOMENTS, st.timedeltas(timedelta(days=-3), timedelta(days=3)))
def test_a_date_more_than_a_day_and_a_half_ahead_is_no_date_of_publication(seen, ahead):
    assert in_future(seen + ahead, seen) == (ahead > timedelta(hours=36))
    assert not in_future(None, seen)


@given(MOMENTS, ZONES, st.booleans(), st.timedeltas(timedelta(days=-900), timedelta(days=20)))
def test_only_what_stood_in_the_archive_became_news_when_it_was_published(seen, site, archive, off):
    published = (seen + off).replace(second=0, microsecond=0)
    row = {
        "seen_at": stamp(seen), "archive": archive, "quiet": False, "precision": "minute",
        "date_value": published.isoformat(timespec="minutes"),
    }  # fmt: skip
    found = described(row, None, site)
    ahead = published - seen > timedelta(hours=36)
    assert found["news_at"] == stamp(min(published, seen) if archive and not ahead else seen)
    expected = seen if ahead else published
    assert found["day"] == expected.astimezone(ZoneInfo(site)).date().isoformat()


@given(MOMENTS, MOMENTS)
def test_stored_times_sort_as_text_as_they_do_in_time(one, other):
    assert (stamp(one) < stamp(other)) == (one < other)
    assert datetime.fromisoformat(stamp(one)) == one


def test_a_day_of_the_publisher_begins_in_the_publishers_zone(shelf):
    shelf.tell(adopted("UTC"), source(timezone="Asia/Tokyo"))
    shelf.tell(observed("item-1", published="2016-11-17", precision="day", archive=True))
    item = shelf.library.item("item-1")
    assert (item.day, item.news_at) == ("2016-11-17", datetime(2016, 11, 16, 15, tzinfo=UTC))


def test_a_date_in_the_future_is_shown_but_not_believed(shelf):
    shelf.tell(source(), observed("item-1", published="2031-01-01", precision="day", archive=True))
    item = shelf.library.item("item-1")
    assert (item.published.value, item.day, item.news_at) == ("2031-01-01", "2016-11-18", START)


@pytest.mark.parametrize("together", [True, False])
def test_another_zone_of_the_site_moves_the_days_of_all_items_and_labels(shelf, together):
    late = "2016-11-17T20:00:00+00:00"
    told = [
        source(),
        observed("timed", published=late, precision="minute"),
        observed("dated", published="2016-11-17", precision="day"),
        observed("undated"),
        classified("timed", 1, "straits"),
    ]
    shelf.tell(adopted("UTC"))
    for batch in [[*told, adopted("Asia/Tokyo")]] if together else [told, [adopted("Asia/Tokyo")]]:
        shelf.tell(*batch)
    days = {item: shelf.row(item)["day"] for item in ("timed", "dated", "undated")}
    assert days == {"timed": "2016-11-18", "dated": "2016-11-17", "undated": "2016-11-18"}
    assert shelf.library.counts_by_day("2016-11-01", "2016-11-30", topic="straits") == {"2016-11-18": 1}
    shelf.tell(adopted("America/New_York", "Renamed"))
    assert shelf.row("timed")["day"] == "2016-11-17"
    assert shelf.library.counts_by_topic("2016-11-17", "2016-11-17") == {"straits": 1}
