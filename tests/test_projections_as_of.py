"""The past: at every position of the log the read models say what they said when the log ended there."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from inspect import getmembers, isfunction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from briefing import events
from briefing.events import canonical
from briefing.eventstore import MemoryStore, New, connect, writing
from briefing.projections import Holdings, Library, Moment, Projector, history, schema
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    START,
    ZONES,
    Clock,
    History,
    Shelf,
    adopted,
    classified,
    fact,
    observed,
    revised,
    source,
    words,
)
from log_support import history as told_by

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow


SINCE, UNTIL = "2016-11-01", "2016-11-18"
ITEMS = [f"item-{number}" for number in range(6)]
SOURCES = [f"source-{number}" for number in range(4)]
LATER = START + timedelta(hours=2)


def lists(library: Holdings) -> list[Any]:
    """Items, in every way in which they can be asked for."""
    asked: list[dict[str, Any]] = [{}]
    asked += [{"source": name} for name in SOURCES]
    asked += [{"topic": topic} for topic in History.TOPICS]
    asked += [{"topics": History.TOPICS}, {"topics": History.TOPICS[:2], "sources": SOURCES[:2]}]
    asked += [{"sources": SOURCES[1:3]}, {"sources": []}, {"sources": [*SOURCES, *map(str, range(100))]}]
    asked += [{"source": SOURCES[0], "topic": "energy"}, {"since": SINCE, "until": UNTIL}]
    asked += [{"since": UNTIL, "topic": "straits"}, {"until": UNTIL, "source": SOURCES[1]}]
    whole = [
        library.items(**which, order=order, evidence=order == "day") for which in asked for order in ("news", "day")
    ]
    cut = [library.items(**which, limit=2, offset=number % 3) for number, which in enumerate(asked)]
    return [whole, cut, [library.items(limit=3, order="day"), library.items(offset=2)]]


def counts(library: Holdings) -> list[Any]:
    which: list[dict[str, Any]] = [{}, {"source": SOURCES[0]}, {"topic": "straits"}, {"since": SINCE, "until": UNTIL}]
    return [library.count(**one) for one in [*which, {"source": SOURCES[1], "topic": "energy", "since": UNTIL}]]


def changes(library: Holdings) -> list[Any]:
    which: list[dict[str, Any]] = [{}, {"item": "item-0"}, {"since": LATER}, {"until": LATER}, {"below": 9, "limit": 2}]
    return [library.changes(**one) for one in which]


def site(library: Holdings) -> Any:
    try:
        return library.site()
    except LookupError as error:
        return str(error)


def source_row(library: Holdings) -> Any:
    try:
        return library.source_row(SOURCES[0])
    except LookupError as error:
        return str(error)


QUESTIONS: dict[str, Callable[[Holdings], Any]] = {
    "adopted_topics": lambda library: library.adopted_topics(),
    "briefings": lambda library: library.briefings(),
    "change_counts": lambda library: library.change_counts(LATER),
    "changes": changes,
    "count": counts,
    "counts_by_day": lambda library: [
        library.counts_by_day(SINCE, UNTIL, topic=topic) for topic in (None, *History.TOPICS)
    ],
    "counts_by_source": lambda library: library.counts_by_source(SINCE, UNTIL),
    "counts_by_topic": lambda library: library.counts_by_topic(SINCE, UNTIL),
    "days_by_topic": lambda library: library.days_by_topic(SINCE, UNTIL),
    "digests": lambda library: library.digests(),
    "find": lambda library: [library.find("item"), library.find("item-1"), library.find("item", 2)],
    "gaps": lambda library: [library.gaps(), library.gaps(SOURCES[:1], state="open"), library.gaps(since=LATER)],
    "health": lambda library: library.health(polled=False),
    "held": lambda library: library.held(ITEMS),
    "issues": lambda library: [library.issues(), library.issues("weekly", "2016-W46", 1), library.issues("monthly")],
    "item": lambda library: [library.item(item) for item in ITEMS],
    "items": lists,
    "items_by_id": lambda library: library.items_by_id(ITEMS),
    "links": lambda library: [
        [library.links(item) for item in ITEMS],
        library.stories.whole(ITEMS),
        library.stories.newest(3),
    ],
    "moves": lambda library: library.moves(),
    "newest_day": lambda library: [library.newest_day(UNTIL), library.newest_day("2040-01-01")],
    "newest_of": lambda library: library.newest_of(SOURCES),
    "news_by_source": lambda library: library.news_by_source(LATER),
    "position": lambda library: library.position(),
    "revisions": lambda library: [library.revisions(item) for item in ITEMS],
    "rules": lambda library: library.rules(),
    "seen_between": lambda library: library.seen_between(START, LATER),
    "settings": lambda library: library.settings(),
    "site": site,
    "source_row": source_row,
    "source_rows": lambda library: [library.source_rows(), library.source_rows(SOURCES[:2])],
    "sources": lambda library: [library.sources(), library.sources(retired=True)],
    "story_rules": lambda library: library.story_rules(),
    "topics": lambda library: library.topics(),
    "institutions": lambda library: library.institutions(),
    "house": lambda library: library.house(),
    "templates": lambda library: library.templates(),
    "turns": lambda library: [library.turns(), library.turns(source=SOURCES[0]), library.turns(below=9, limit=1)],
}


def answers(library: Holdings) -> dict[str, Any]:
    return {name: ask(library) for name, ask in QUESTIONS.items()}


def test_every_question_is_asked_of_the_past():
    public = {name for name, _ in getmembers(Holdings, isfunction) if not name.startswith("_")}
    # What was taken down is taken down at every position.
    assert public - {"takedowns"} == set(QUESTIONS)


class Both:
    """Two read models in memory: one that follows a log to its end, one that follows it step by step."""

    def __init__(self) -> None:
        self.engines = connect("sqlite:///:memory:"), connect("sqlite:///:memory:")

    def agree(self, log: Any, page: int = 1000) -> None:
        """Compare what is said of every position with what a log that ends there says."""
        ahead, behind = (Projector(engine, log, writing) for engine in self.engines)
        ahead.reset()
        behind.reset()
        library, fresh = (Library(engine, log) for engine in self.engines)
        while ahead.catch_up(upto=ahead.position() + page) < log.head():
            pass
        for position in range(log.head() + 1):
            behind.catch_up(upto=position)
            then, now = answers(at(library, log, position)), answers(fresh)
            for name, said in now.items():
                assert then[name] == said, f"{name} at {position}"


@pytest.fixture(scope="module")
def both():
    """Made once: to compile so many questions anew for each example takes most of the time."""
    made = Both()
    yield made
    for engine in made.engines:
        engine.dispose()


def at(library: Library, log: Any, position: int) -> Holdings:
    recorded_at = log.read(position - 1, 1)[0].recorded_at if position else None
    return library.at(Moment(position=position, recorded_at=recorded_at))


NUMBERS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=25)


@given(NUMBERS, st.integers(1, 40), st.sampled_from([0, 7, 300]))
@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_what_was_known_at_a_position_is_what_a_log_that_ends_there_says(both, numbers, page, minutes):
    clock = Clock()
    log = MemoryStore(clock)
    for new in told_by(numbers):
        clock.move(minutes=minutes)
        if not isinstance(new.event, events.ItemTakenDown):
            log.append("s", [new])
    both.agree(log, page)


@given(NUMBERS)
@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow])
def test_what_was_taken_down_has_no_words_at_any_position(both, numbers):
    clock = Clock()
    log = MemoryStore(clock)
    for new in told_by(numbers):
        clock.move(minutes=7)
        log.append("s", [new])
    ahead = Projector(both.engines[0], log, writing)
    ahead.reset()
    ahead.catch_up()
    library = Library(both.engines[0], log)
    gone = library.takedowns()
    for position in range(log.head() + 1):
        then = at(library, log, position).items_by_id(gone)
        assert {(item.state, item.title, item.url) for item in then.values()} <= {("removed", "[removed]", "")}


def test_a_story_with_everything_in_it_can_be_read_at_each_of_its_positions(both, clock):
    log = MemoryStore(clock)
    labelled = partial(classified, name="source-0")
    alias = events.ItemAliased(item="item-0", source="source-0", keys=("moved",), payload="")
    told = [
        adopted("UTC"), source("source-0"), fact(events.TopicsAdopted(rules="rules-1", topics=()), "t1"),
        observed("item-0", "source-0", published="2016-11-17T20:00:00+00:00", precision="minute", archive=True),
        observed("item-1", "source-0", published="2016-11-10", precision="day"),
        labelled("item-0", 1, "straits", "energy"), labelled("item-1", 1, "energy"),
        revised("item-0", 2, "source-0", published="2016-11-12", precision="day"),
        labelled("item-0", 2, "straits"),
        New(event=alias, key="alias", payload=canonical({"url": "https://source-0.example/moved"})),
        fact(events.SourceFailed(source="source-0", failure="gone", detail="it broke"), "f"),
        fact(events.SourceMoved(source="source-0", url="https://moved.example"), "m"),
        adopted("Asia/Tokyo", "Renamed"),
        labelled("item-0", 1, "energy", rules="rules-2"), labelled("item-0", 2, rules="rules-2"),
        labelled("item-1", 1, "energy", rules="rules-2"),
        fact(events.ItemWithdrawn(item="item-1", source="source-0", status=410, first_missing="2016-11-17"), "w"),
        fact(events.ItemRestored(item="item-1", source="source-0"), "r"),
        fact(events.SourceRetired(source="source-0"), "retired"), source("source-0", timezone="Asia/Tokyo"),
        fact(events.SourceRecovered(source="source-0"), "ok"),
        labelled("item-0", 2, "straits", rules="rules-3"), adopted(ZONES[2], "Again"),
    ]  # fmt: skip
    for one in told:
        clock.move(hours=1)
        log.append("s", [one])
    both.agree(log)


# ---------------------------------------------------------------- what it costs


def few(library: Holdings) -> dict[str, Callable[[], Any]]:
    """Questions of lists, pages and issues: all that is asked for something of a store and not for all of it."""
    return {
        "all": lambda: library.items(limit=5),
        "all by day": lambda: library.items(limit=5, order="day"),
        "a source": lambda: library.items(source="source-0", limit=5),
        "sources": lambda: library.items(sources=SOURCES, limit=5),
        "many sources": lambda: library.items(sources=[*SOURCES, *map(str, range(100))], limit=5),
        "a topic": lambda: library.items(topic="straits", limit=5, evidence=True),
        "a topic by day": lambda: library.items(topic="straits", limit=5, offset=2, order="day"),
        "topics": lambda: library.items(topics=History.TOPICS, limit=5),
        "topics of sources": lambda: library.items(topics=History.TOPICS, sources=SOURCES, limit=5),
        "a week": lambda: library.items(since=SINCE, until=UNTIL, order="day"),
        "how many in a week": lambda: library.count(since=SINCE, until=UNTIL),
        "how many of a topic": lambda: library.count(topic="straits"),
        "seen": lambda: library.seen_between(START, LATER),
        "changes": lambda: library.changes(limit=5),
        "changes of a week": lambda: library.changes(since=START, until=LATER),
        "changes of an item": lambda: library.changes(item="item-1"),
        "an item": lambda: library.item("item-1"),
        "versions": lambda: [library.revisions("item-1"), library.held(ITEMS)],
        "ids": lambda: library.find("item"),
        "days": lambda: [library.counts_by_day(SINCE, UNTIL), library.counts_by_day(SINCE, UNTIL, topic="straits")],
        "days of topics": lambda: [library.days_by_topic(SINCE, UNTIL), library.counts_by_topic(SINCE, UNTIL)],
        "newest": lambda: [library.newest_of(SOURCES), library.newest_day(UNTIL)],
        "health": lambda: library.health(polled=False),
    }


LARGE = {"items", "items_past", "labels", "labels_past", "revisions", "changes", "sightings", "item_keys"}


# A list of everything reads an index (of changes: the table) in its order, and stops.
IN_ORDER = {
    f"SCAN items USING {kind} items_by_{order}" for kind in ("INDEX", "COVERING INDEX") for order in ("news", "day")
}
# Which items these hold is found without a look at the tables, which are a hundred times as large.
BY_INDEX_ALONE = {"all", "all by day", "a source", "sources", "a topic", "a topic by day", "topics"}


@pytest.fixture
def on_sqlite(tmp_path, sqlite_url, clock):
    opened = Shelf(tmp_path, clock, url=sqlite_url)
    yield opened
    opened.close()


@pytest.mark.parametrize("past", [True, False])
def test_no_question_of_a_list_looks_through_a_whole_table(on_sqlite, past):
    shelf = on_sqlite  # PostgreSQL plans by what tables hold, and these hold next to nothing
    told = [source(), *(observed(f"item-{number}") for number in range(30))]
    shelf.tell(*told, classified("item-1", 1, "straits"), revised("item-1", 2))
    shelf.tell(classified("item-1", 2, "energy", rules="rules-2"))
    asked: list[tuple[str, Any]] = []
    event.listen(shelf.engine, "before_cursor_execute", lambda _, __, said, values, *___: asked.append((said, values)))
    for name, ask in few(at(shelf.library, shelf.store, 20) if past else shelf.library).items():
        asked.clear()
        ask()
        plans = [planned(shelf, said, values) for said, values in list(asked) if said.startswith("SELECT")]
        steps = [step for plan in plans for step in plan if LARGE.intersection(step.split())]
        assert plans
        scanned = {step for step in steps if step.startswith("SCAN")}
        assert scanned <= ({"SCAN changes"} if name == "changes" else IN_ORDER), name
        if name in BY_INDEX_ALONE:
            assert all("USING COVERING INDEX" in step for step in plans[0] if LARGE.intersection(step.split())), name


def rows(shelf: Shelf, query: Any) -> list[Any]:
    with shelf.engine.connect() as connection:
        return list(connection.execute(query))


def planned(shelf: Shelf, said: str, values: Any) -> list[str]:
    with shelf.engine.connect() as connection:
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values)]


# ---------------------------------------------------------------- words


def test_every_column_that_holds_words_of_a_publisher_is_named(shelf):
    """With them a takedown clears the past as well as the present."""
    marked: dict[str, Any] = {
        "title": "Quokka one",
        "text": "Quokka two.",
        "url": "https://quokka.example/3",
        "date_raw": "Quokka 4",
    }
    marked |= {"authors": ["Quokka five"], "problem": "Quokka six", "guid": "quokka-7", "summary": "Quokka eight"}
    said = [words(**marked), words(**(marked | {"title": "Quokka nine"}))]
    shelf.tell(source(), observed("item-1", payload=said[0]), classified("item-1", 1, "straits"))
    alias = events.ItemAliased(item="item-1", source="selvane", keys=("another",), payload="")
    shelf.tell(New(event=alias, key="alias", payload=canonical({"url": "https://quokka.example/moved"})))
    shelf.tell(revised("item-1", 2, payload=said[1]), observed("item-2"))
    shelf.tell(fact(events.ItemWithdrawn(item="item-1", source="selvane", status=410, first_missing="2016"), "w"))
    named = {(table.name, column) for table, (_, columns) in history.worded().items() for column in columns}
    found = {
        (table.name, column.name)
        for table in schema.metadata.sorted_tables
        for column in table.c
        if any("quokka" in str(row[0]).lower() for row in rows(shelf, select(column)))
    }
    assert found <= named
    assert {("items", "title"), ("items_past", "lead"), ("items_past", "noted")} <= found
    prints = {(table, name) for table, name in named - found if "print" in name}
    assert named - found == prints | {("items", "page")}, "what is made from words"
    for table, (item, _) in history.worded().items():
        assert [row[0] for row in rows(shelf, select(table.c[item]).where(table.c[item] == "item-1"))]
