"""From the log to the read models: whatever the pages, the processes and the crashes, the same tables."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select, update

from briefing import events
from briefing.errors import StoreError
from briefing.eventstore import MemoryStore, New, connect, writing
from briefing.projections import Projector, projector, schema
from kills_support import kills  # type: ignore[import-not-found]  # see log_support
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    Clock,
    History,
    Shelf,
    adopted,
    classified,
    fact,
    failed,
    history,
    observed,
    one_by_one,
    revised,
    source,
    tables,
    takedown,
)

NUMBERS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=25)


def in_pages(log: Any, length: int) -> dict[str, list[tuple[Any, ...]]]:
    """The tables of a log, folded in memory in pages of so many events."""
    engine = connect("sqlite:///:memory:")
    fresh = Projector(engine, log, writing)
    while fresh.catch_up(upto=fresh.position() + length) < log.head():
        pass
    found: dict[str, list[tuple[Any, ...]]] = tables(engine)
    engine.dispose()
    return found


@given(NUMBERS)
@settings(max_examples=12, deadline=None)
def test_pages_of_any_length_give_the_same_tables(numbers):
    clock = Clock()
    log = MemoryStore(clock)
    for new in history(numbers):
        clock.move(minutes=7)
        log.append("s", [new])
    single = one_by_one(log, log.head())
    assert in_pages(log, 7) == single
    assert in_pages(log, 1000) == single
    assert len(single["items"]) == sum(isinstance(one.event, events.ItemObserved) for one in log.read())


@given(NUMBERS, st.lists(st.integers(0, 99), min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_a_takedown_leaves_the_same_tables_whether_its_words_were_erased_before_or_not(numbers, picks):
    clock = Clock()
    log, told = MemoryStore(clock), History()
    for new in [told.step(what, pick) for what, pick in [(0, 0), (0, 0), *numbers]]:
        clock.move(minutes=7)
        log.append("s", [new])
    for pick in picks:
        told.count += 1  # or its key would be that of the event before
        log.append("s", [told._taken_down(pick)])
    taken = {one.event.item for one in log.read() if isinstance(one.event, events.ItemTakenDown)}
    marks = [mark for one in log.read() if getattr(one.event, "item", None) in taken
             and (mark := getattr(one.event, "payload", None))]  # fmt: skip
    item = min(taken)
    log.append("s", [takedown(item, tuple(marks), name=told.items[item][0])])
    before = one_by_one(log, log.head())
    words = [json.loads(one) for one in log.payloads(marks).values()]
    assert log.erase(log.head(), marks) == len(set(marks))
    assert one_by_one(log, log.head()) == before
    rows = json.dumps([row for name in ("items", "revisions") for row in before[name] if row[0] in taken])
    assert not [said for said in words if said["url"] in rows or said.get("title", "?") in rows]


@pytest.mark.parametrize("pages", [1, 2, 1000])
def test_the_order_of_one_page_is_the_order_of_the_log(shelf, pages):
    shelf.store.append(
        "s",
        [
            source(), observed("a"), classified("a", 1, "straits"),
            revised("a", 2, published="2016-11-01", precision="day"), classified("a", 2, "energy"),
            adopted("Asia/Tokyo"), revised("a", 3, published="2016-11-02T23:00:00+00:00", precision="minute"),
        ],
    )  # fmt: skip
    found = in_pages(shelf.store, pages)
    days = {(topic, revision, day) for _, topic, _, _, revision, _, _, _, day, _ in found["labels"]}
    assert days == {("straits", 1, "2016-11-03"), ("energy", 2, "2016-11-03")}


def test_progress_is_told_after_each_page_and_the_position_reached_is_given_back(shelf, monkeypatch):
    monkeypatch.setattr(projector, "_PAGE", 4)
    shelf.store.append("s", [source(), *(observed(f"item-{number}") for number in range(9))])
    seen: list[int] = []
    assert shelf.projector.catch_up(upto=6, progress=seen.append) == 6
    assert shelf.projector.catch_up(upto=3) == 6, "nothing is taken back"
    assert shelf.projector.catch_up(progress=seen.append) == 10
    assert (seen, shelf.projector.position(), shelf.library.position()) == ([4, 6, 10], 10, 10)


def test_read_models_of_another_version_are_made_anew(shelf):
    shelf.tell(source(), observed("a"))
    before = tables(shelf.engine)
    with writing(shelf.engine) as connection:
        connection.execute(update(schema.items).values(title="of an older shape"))
        connection.execute(update(schema.checkpoints).values(version=projector.VERSION - 1))
    again = Projector(shelf.engine, shelf.store, writing)
    assert again.position() == 0
    assert again.catch_up() == 2
    assert tables(shelf.engine) == before


def test_read_models_of_this_version_are_kept(shelf):
    shelf.tell(source(), observed("a"))
    assert Projector(shelf.engine, shelf.store, writing).position() == 2


# ---------------------------------------------------------------- poison

GOOD = [source(), adopted(), observed("a"), classified("a", 1, "straits"), revised("a", 2)]
MOVED = revised("a", 3, published="2016-10-01", precision="day")
LABELS = ({"topic": "straits", "score": 1},)
ISSUE = events.IssuePublished(
    briefing="weekly", period="2016-W46", version=1, supersedes=0, as_of=1, renderer="1", items=(), hashes={}
)
POISON = {
    "a revision of an item that was never seen": revised("unknown", 2),
    "a withdrawal of an item that was never seen": fact(
        events.ItemWithdrawn(item="unknown", source="selvane", status=404, first_missing=""), "p"
    ),
    "a return of an item that was never seen": fact(events.ItemRestored(item="unknown", source="selvane"), "p"),
    "another key of an item that was never seen": fact(
        events.ItemAliased(item="unknown", source="selvane", keys=("k",)), "p"
    ),
    "labels of an item that was never seen": classified("unknown", 1, "straits"),
    "an item of a source that was never added": observed("b", "oriad"),
    "the end of a source that was never added": fact(events.SourceRetired(source="oriad"), "p"),
    "a failure of a source that was never added": failed("dns", "p", "oriad"),
    "an item that is there already": New(event=observed("a").event, key="p", payload=observed("a").payload),
    "a version that is there already": New(event=revised("a", 2).event, key="p", payload=revised("a", 2).payload),
    "words that are no JSON": New(event=observed("b").event, key="p", payload=b"\xff{"),
    "words that leave out the title": New(event=observed("b").event, key="p", payload=b"{}"),
    "a date that is none": observed("b", published="sometime", precision="day"),
    "a moment without its zone": observed("b", published="2016-11-17T10:00:00", precision="minute"),
    "a label without its level": fact(
        events.ItemClassified(item="a", source="selvane", revision=2, rules="x", labels=LABELS), "p"
    ),
    "a source without its address": fact(events.SourceAdded(source="oriad", spec={"id": "oriad"}), "p"),
    "a failure that is no word": fact(
        events.SourceFailed(source="selvane", failure=("dns",), detail=["x"]),  # type: ignore[arg-type]  # that is it
        "p",
    ),
    "a zone that does not exist": New(event=adopted("Nowhere/Land").event, key="p"),
}


@pytest.mark.parametrize("name", POISON)
@pytest.mark.slow
def test_a_fact_that_does_not_fit_stops_live_and_anew_at_the_same_place(shelf, tmp_path, name):
    shelf.tell(*GOOD)
    shelf.store.append("s", [MOVED, observed("before"), POISON[name], observed("after")])
    place = len(GOOD) + 3
    kind = POISON[name].event.NAME
    sentence = rf"event {place} \({kind}\) cannot be applied to the read models: "
    for _ in ("live", "once more"):
        with pytest.raises(StoreError, match=sentence):
            shelf.projector.catch_up()
        assert shelf.projector.position() == place - 1
    live = tables(shelf.engine)
    shelf.projector.reset()
    with pytest.raises(StoreError, match=sentence):
        shelf.projector.catch_up()
    assert shelf.projector.position() == place - 1
    assert tables(shelf.engine) == live == one_by_one(shelf.store, place - 1)
    assert {row[0] for row in live["items"]} == {"a", "before"}


@pytest.mark.parametrize("before", [0, 1, 2, 3, 12])
def test_everything_before_a_fact_that_does_not_fit_is_applied_wherever_it_stands_in_a_page(shelf, before):
    shelf.store.append("s", [source(), *(observed(f"item-{number}") for number in range(before))])
    shelf.store.append("s", [revised("unknown", 2), *(observed(f"later-{number}") for number in range(3))])
    with pytest.raises(StoreError, match=rf"event {before + 2} \(item.revised\) .+ KeyError\('unknown'\)"):
        shelf.projector.catch_up()
    assert shelf.projector.position() == before + 1
    assert shelf.library.count() == before


def test_a_page_that_fails_leaves_nothing_behind_not_even_what_was_written_on_the_way(shelf):
    """A revision with a date moves stored labels at once; when a later fact fails, they have to move back."""
    shelf.tell(*GOOD)
    before = tables(shelf.engine)["labels"]
    shelf.store.append("s", [MOVED, revised("unknown", 2)])
    page = shelf.store.read(shelf.projector.position(), payloads=True)
    with pytest.raises(KeyError):
        shelf.projector._apply_whole(page)
    assert tables(shelf.engine)["labels"] == before


# ---------------------------------------------------------------- several at once


def test_projectors_of_one_log_at_once_end_where_one_alone_does(shelf, monkeypatch):
    monkeypatch.setattr(projector, "_PAGE", 5)
    news = history([(what * 7 % 99, what * 31 % 97) for what in range(120)])
    faults: list[BaseException] = []
    ready = threading.Barrier(4)

    def project() -> None:
        engine = connect(shelf.url)
        try:
            own = Projector(engine, shelf.store, writing)
            ready.wait()
            while own.catch_up() < len(news):
                pass
        except BaseException as fault:  # noqa: BLE001 - told to the test below
            faults.append(fault)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=project) for _ in range(3)]
    for thread in threads:
        thread.start()
    ready.wait()
    for start in range(0, len(news), 10):
        shelf.store.append("s", news[start : start + 10])
    for thread in threads:
        thread.join()
    assert not faults
    assert shelf.projector.position() == len(news)
    assert tables(shelf.engine) == one_by_one(shelf.store, len(news))


def test_a_projector_goes_back_with_another_one_that_begins_anew(shelf, tmp_path, monkeypatch):
    """Otherwise the pages that the other has yet to apply would be skipped."""
    monkeypatch.setattr(projector, "_PAGE", 5)
    shelf.store.append("s", history([(what, what * 3) for what in range(23)]))
    pages = count()

    def begin_anew(_: int) -> None:
        if next(pages) in (1, 4):
            shelf.projector.reset()

    assert shelf.projector.catch_up(progress=begin_anew) == 23
    assert tables(shelf.engine) == one_by_one(shelf.store, 23)


def test_a_page_that_another_process_has_applied_is_not_applied_again(shelf, tmp_path):
    shelf.store.append("s", history([(what, what) for what in range(20)]))
    page = shelf.store.read(payloads=True)
    assert shelf.projector._apply(page[:12]) == 12
    assert shelf.projector._apply(page[:12]) == 12
    assert shelf.projector._apply(page[4:16]) == 16
    assert shelf.projector._apply(page[18:]) == 16, "17 and 18 come first"
    assert shelf.projector.catch_up() == 20
    assert tables(shelf.engine) == one_by_one(shelf.store, 20)


def test_projectors_that_open_a_new_log_at_once_do_not_throw_away_each_others_work(shelf):
    shelf.tell(source(), observed("a"))
    latecomer = Projector(shelf.engine, shelf.store, _another_is_quicker(shelf))
    assert latecomer.position() == 2


def _another_is_quicker(shelf: Any) -> Any:
    """A way to write that lets another process prepare and fill the read models right before it takes the lock."""
    with writing(shelf.engine) as connection:
        schema.metadata.drop_all(connection)

    def later(engine: Any) -> Any:
        Projector(shelf.engine, shelf.store, writing).catch_up()
        return writing(engine)

    return later


def test_state_and_checkpoint_move_together_or_not_at_all(shelf, monkeypatch):
    shelf.tell(source())
    before = tables(shelf.engine)
    shelf.store.append("s", [observed("a")])

    def refused(*_: object) -> None:
        raise StoreError("another process moved the read models on")

    monkeypatch.setattr(projector, "_move", refused)
    with pytest.raises(StoreError):
        shelf.projector.catch_up()
    assert (shelf.projector.position(), tables(shelf.engine)) == (1, before)


def test_the_checkpoint_moves_only_from_where_it_was_read(shelf):
    shelf.tell(source(), observed("a"))
    with writing(shelf.engine) as connection, pytest.raises(StoreError, match="another process moved the read models"):
        projector._move(connection, 1, 3)
    assert shelf.projector.position() == 2


KILLED = """
import os, random, signal, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from log_support import Shelf

url, chance = sys.argv[2], random.Random(20161119)

def project(pipe):
    shelf = Shelf(Path(), url=url)
    while True:
        if shelf.projector.position() == shelf.store.head():
            shelf.projector.reset()
        shelf.projector.catch_up(upto=shelf.projector.position() + chance.randrange(1, 90))
        os.write(pipe, b".")

for number in range(int(sys.argv[3])):
    reader, writer = os.pipe()
    steps = chance.randrange(5)
    if not (child := os.fork()):
        project(writer)
    os.close(writer)
    for _ in range(steps):
        os.read(reader, 1)
    time.sleep(chance.random() / 50)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reader)
    sys.stdout.write("killed\\n")
    sys.stdout.flush()
    sys.stdin.readline()  # until the state has been looked at
"""


@pytest.mark.slow
def test_after_a_kill_at_any_moment_the_state_is_that_of_the_checkpoint(tmp_path, shelf):
    news = history([(what * 13 % 101, what * 29 % 103) for what in range(400)])
    shelf.store.append("s", news)
    fresh = connect(f"sqlite:///{tmp_path}/fresh.db")
    again = Projector(fresh, shelf.store, writing)
    command = [sys.executable, "-c", KILLED, Path(__file__).parent, shelf.url, str(kills(20))]
    found = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ) as killer:
        assert killer.stdin is not None
        assert killer.stdout is not None
        for _ in killer.stdout:
            position = shelf.projector.position()
            if again.position() > position:
                again.reset()
            again.catch_up(upto=position)
            assert tables(shelf.engine) == tables(fresh)
            found.append(position)
            killer.stdin.write("go on\n")
            killer.stdin.flush()
    assert (killer.returncode, len(found)) == (0, kills(20))
    assert len(set(found)) > 3, "the kills came at moments that differ"
    fresh.dispose()


# ---------------------------------------------------------------- everything in any order


class InAnyOrder(RuleBasedStateMachine):
    """A log that is written, projected, rebuilt and opened again, beside the list of what was told."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.shelf = Shelf(Path(self.folder.name), Clock())
        self.history = History()
        self.kept: list[New] = []

    @rule(numbers=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=6))
    def append(self, numbers):
        self.shelf.clock.move(minutes=3)
        batch = [self.history.step(what, pick) for what, pick in numbers]
        answers = self.shelf.store.append("s", batch)
        assert [answer.position for answer in answers] == [len(self.kept) + place for place in range(1, len(batch) + 1)]
        self.kept.extend(batch)

    @precondition(lambda self: self.kept)
    @rule(pick=st.integers(0, 99))
    def retry(self, pick):
        start = pick % len(self.kept)
        answers = self.shelf.store.append("another", self.kept[start : start + 5])
        assert {answer.outcome for answer in answers} == {"duplicate"}

    @rule(steps=st.integers(1, 9))
    def project(self, steps):
        goal = min(len(self.kept), self.shelf.projector.position() + steps)
        assert self.shelf.projector.catch_up(upto=goal) == goal

    @rule()
    def rebuild(self):
        reached = self.shelf.projector.position()
        before = tables(self.shelf.engine)
        self.shelf.projector.reset()
        self.shelf.projector.catch_up(upto=reached)
        assert tables(self.shelf.engine) == before

    @rule()
    def reopen(self):
        self.shelf.close()
        self.shelf.open()

    @invariant()
    def the_tables_hold_what_was_told_up_to_the_checkpoint(self):
        reached = self.shelf.projector.position()
        seen = [one.event.item for one in self.kept[:reached] if isinstance(one.event, events.ItemObserved)]
        with self.shelf.engine.connect() as connection:
            assert sorted(connection.execute(select(schema.items.c.id)).scalars()) == sorted(seen)

    def teardown(self) -> None:
        self.shelf.close()
        self.folder.cleanup()


TestInAnyOrder = InAnyOrder.TestCase
TestInAnyOrder.settings = settings(max_examples=5, stateful_step_count=12, deadline=None)
