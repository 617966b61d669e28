"""The contract of the event store, on every implementation of it."""

from __future__ import annotations

import hmac
import json
import sqlite3
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event

from briefing import events
from briefing.errors import ConcurrentAppend, StoreError
from briefing.eventstore import Batch, MemoryStore, New, Outcome, SqlStore, connect, database, merkle, payloads
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    START,
    Clock,
    adopted,
    classified,
    fact,
    observed,
    revised,
    source,
    takedown,
    words,
)

if TYPE_CHECKING:
    from pathlib import Path

    from briefing.eventstore import Appended

APPENDED, DUPLICATE, ERASED, CONFLICT = Outcome
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def outcomes(answers: list[Appended]) -> list[tuple[str, int]]:
    return [(answer.outcome, answer.position) for answer in answers]


def items(count: int, first: int = 1) -> list[New]:
    return [observed(f"item-{number}") for number in range(first, first + count)]


def note(number: int, key: str = "") -> New:
    url = f"https://selvane.example/{number}"
    return New(event=events.SourceMoved(source="selvane", url=url), key=key or f"n{number}")


def bodies(file: Path) -> list[bytes]:
    with closing(sqlite3.connect(file)) as plain:
        return [bytes(body) for (body,) in plain.execute("SELECT body FROM events ORDER BY position")]


# ---------------------------------------------------------------- order, time, batches


def test_an_empty_log_has_no_head_no_last_and_nothing_to_read(store):
    assert (store.head(), store.last("source:selvane"), store.read()) == (0, 0, [])


def test_positions_count_from_one_without_gaps_over_all_streams(store):
    first = store.append("source:selvane", items(3))
    second = store.append("labels", [note(1)])
    third = store.append("source:selvane", items(2, first=4))
    assert [answer.position for answer in (*first, *second, *third)] == [1, 2, 3, 4, 5, 6]
    assert [recorded.position for recorded in store.read()] == [1, 2, 3, 4, 5, 6]
    assert (store.head(), store.last("source:selvane"), store.last("labels"), store.last("x")) == (6, 6, 4, 0)


def test_duplicates_take_no_position(store):
    store.append("s", items(2))
    answers = store.append("s", [*items(2), *items(1, first=9)])
    assert outcomes(answers) == [(DUPLICATE, 1), (DUPLICATE, 2), (APPENDED, 3)]


def test_a_page_holds_what_lies_behind_a_position_up_to_its_limit(store):
    store.append("s", items(5))
    assert [recorded.position for recorded in store.read(1, 3)] == [2, 3, 4]
    assert [recorded.position for recorded in store.read(4, 3)] == [5]
    assert store.read(5) == []


def test_reading_keeps_to_streams_whose_name_begins_so(store):
    for stream in ("briefing:week", "briefing%:x", "briefing:", "briefinh:", "Briefing:week", "labels"):
        store.append(stream, [note(1, key=stream)])
    assert [one.stream for one in store.read(streams="briefing:")] == ["briefing:week", "briefing:"]
    assert [one.position for one in store.read(after=1, limit=1, streams="briefing:")] == [3]


def test_an_event_comes_back_as_it_went_in_with_its_stream_its_time_and_its_words(store, clock):
    new = observed("item-1", payload=words("会談の結果", "Текст с «кавычками»\u2028"))
    store.append("source:selvane", [new])
    [recorded] = store.read(payloads=True)
    assert (recorded.stream, recorded.recorded_at, recorded.payload) == ("source:selvane", clock.now, new.payload)
    assert isinstance(recorded.event, events.ItemObserved)
    assert recorded.event.data() | {"payload": ""} == new.event.data()
    assert len(bytes.fromhex(recorded.event.payload)) == 32
    assert store.read()[0].payload is None


def test_recorded_times_never_fall_though_the_clock_does(store, clock):
    store.append("s", [note(1)])
    high = clock.now
    clock.move(days=-2)
    store.append("s", [note(2)])
    clock.move(days=2, seconds=1)
    store.append("s", [note(3)])
    assert [recorded.recorded_at for recorded in store.read()] == [high, high, high + timedelta(seconds=1)]


def test_recorded_times_are_utc_whatever_zone_the_clock_speaks(store, clock):
    tokyo = datetime.fromisoformat("2016-11-19T00:15:00+09:00")
    clock.now = tokyo
    store.append("s", [note(1)])
    [recorded] = store.read()
    assert recorded.recorded_at == tokyo
    assert recorded.recorded_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("bad", [float("nan"), b"bytes", {1, 2}, "lone \ud800 surrogate"])
def test_a_batch_with_one_event_that_cannot_be_stored_is_not_appended_at_all(store, bad):
    store.append("s", [note(1)])
    broken = fact(events.SourceAdded(source="selvane", spec={"name": bad}), "broken")
    with pytest.raises(ValueError, match=r".+"):
        store.append("s", [note(2), observed("item-1"), broken, note(3)])
    assert store.head() == 1
    assert outcomes(store.append("s", [note(2), note(3)])) == [(APPENDED, 2), (APPENDED, 3)]


def test_an_empty_batch_adds_nothing(store):
    assert store.append("s", []) == []
    assert store.append("s", [], expected=7) == []
    assert store.head() == 0


# ---------------------------------------------------------------- the expected version


def test_the_expected_version_is_the_position_of_the_streams_last_event(store):
    store.append("s", [note(1), note(2)], expected=0)
    store.append("t", [note(3)], expected=0)
    assert outcomes(store.append("s", [note(4)], expected=2)) == [(APPENDED, 4)]


@pytest.mark.parametrize("expected", [0, 1, 3, 99])
def test_another_last_event_than_expected_stops_the_append_and_says_both(store, expected):
    store.append("s", [note(1), note(2)])
    with pytest.raises(ConcurrentAppend, match=rf"stream s ends at 2, not at {expected}: read it again"):
        store.append("s", [note(3)], expected=expected)
    assert store.head() == 2


# ---------------------------------------------------------------- several streams at once


def test_batches_for_several_streams_are_appended_in_their_order_and_answered_one_by_one(store):
    store.append("s", [note(1)])
    answers = store.append_all(
        [
            Batch(stream="t", events=[note(2), note(1)], expected=0),
            Batch(stream="empty", events=[], expected=9),
            Batch(stream="s", events=[note(3), note(2), note(4, "n2")], expected=1),
        ]
    )
    assert [outcomes(batch) for batch in answers] == [
        [(APPENDED, 2), (DUPLICATE, 1)],
        [],
        [(APPENDED, 3), (DUPLICATE, 2), (CONFLICT, 2)],
    ]
    assert [recorded.stream for recorded in store.read()] == ["s", "t", "s"]
    assert (store.head(), store.last("s"), store.last("t")) == (3, 3, 2)
    assert store.append_all([]) == []


def test_one_stream_that_moved_on_stops_the_batches_for_all_streams(store):
    store.append("s", [note(1)])
    batches = [Batch(stream="t", events=[observed("item-1")]), Batch(stream="s", events=[note(2)], expected=0)]
    with pytest.raises(ConcurrentAppend, match="stream s ends at 1, not at 0"):
        store.append_all(batches)
    assert store.head() == 1
    assert outcomes(store.append("t", [observed("item-1")])) == [(APPENDED, 2)]


def test_one_event_that_cannot_be_stored_stops_the_batches_for_all_streams(store):
    broken = fact(events.SourceAdded(source="selvane", spec={"name": {1}}), "broken")
    with pytest.raises(ValueError, match="no canonical form"):
        store.append_all([Batch(stream="t", events=[observed("item-1")]), Batch(stream="s", events=[broken])])
    assert store.head() == 0


def test_what_is_expected_of_a_stream_is_what_it_was_before_any_of_the_batches(store):
    batches = [Batch(stream="s", events=[note(1)], expected=0), Batch(stream="s", events=[note(2)], expected=0)]
    assert [outcomes(batch) for batch in store.append_all(batches)] == [[(APPENDED, 1)], [(APPENDED, 2)]]


# ---------------------------------------------------------------- one fact twice


def test_the_same_batch_twice_adds_nothing_and_says_where_everything_stands(store):
    batch = [source(), *items(3), note(1), revised("item-1", 2), classified("item-1", 2, "straits")]
    first = store.append("s", batch)
    again = store.append("s", batch)
    assert [answer.outcome for answer in first] == [APPENDED] * len(batch)
    assert outcomes(again) == [(DUPLICATE, answer.position) for answer in first]
    assert store.head() == len(batch)


def test_a_key_offered_twice_in_one_batch_counts_once(store):
    answers = store.append("s", [note(1, "a"), observed("item-1"), note(1, "a"), observed("item-1"), note(2, "a")])
    assert outcomes(answers) == [(APPENDED, 1), (APPENDED, 2), (DUPLICATE, 1), (DUPLICATE, 2), (CONFLICT, 1)]


OTHER_WORDS = observed("item-1", payload=words("Another title"))
WORDLESS = New(event=observed("item-1").event, key="observed:item-1")
RETIRED = fact(events.SourceRetired(source="selvane"), "same")
RECOVERED = fact(events.SourceRecovered(source="selvane"), "same")
DIFFERENT = [
    pytest.param(note(1, "a"), note(2, "a"), id="another value"),
    pytest.param(RETIRED, RECOVERED, id="another event with the same fields"),
    pytest.param(observed("item-1"), OTHER_WORDS, id="other words"),
    pytest.param(observed("item-1"), WORDLESS, id="words, then none"),
    pytest.param(WORDLESS, observed("item-1"), id="no words, then some"),
]


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_another_fact_under_a_known_key_is_a_conflict(store, first, second):
    store.append("s", [first])
    assert outcomes(store.append("s", [second])) == [(CONFLICT, 1)]
    assert store.head() == 1


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_another_fact_under_a_key_of_the_same_batch_is_a_conflict(store, first, second):
    assert outcomes(store.append("s", [first, second])) == [(APPENDED, 1), (CONFLICT, 1)]


def test_lists_and_tuples_are_the_same_fact(store):
    store.append("s", [fact(events.SourceAdded(source="selvane", spec={"include": ("a", "b")}), "k")])
    again = fact(events.SourceAdded(source="selvane", spec={"include": ["a", "b"]}), "k")
    assert outcomes(store.append("s", [again])) == [(DUPLICATE, 1)]


def test_a_fact_stored_by_an_older_version_is_known_when_it_is_offered_in_todays_form(store, monkeypatch):
    new = note(1)
    store.append("s", [new])
    monkeypatch.setattr(events.SourceMoved, "VERSION", 2)
    here = {**new.event.data(), "url": "https://selvane.example/1?upcast"}
    monkeypatch.setitem(events.UPCASTS, ("source.moved", 1), lambda data: data | {"url": data["url"] + "?upcast"})
    assert outcomes(store.append("s", [fact(events.SourceMoved(**here), "n1")])) == [(DUPLICATE, 1)]
    assert outcomes(store.append("s", [new])) == [(CONFLICT, 1)]


def test_a_fact_whose_words_were_erased_is_a_duplicate_that_says_so(store):
    new = observed("item-1")
    store.append("s", [new, note(1)])
    mark = store.read()[0].event.data()["payload"]
    store.append("s", [takedown("item-1", (mark,))])
    store.erase(3, [mark])
    assert outcomes(store.append("s", [new, note(1)])) == [(ERASED, 1), (DUPLICATE, 2)]
    assert outcomes(store.append("s", [OTHER_WORDS])) == [(ERASED, 1)], "without the salt nobody can tell"
    assert store.payloads([mark]) == {}
    [recorded, _, _] = store.read(payloads=True)
    assert recorded.payload is None
    assert recorded.event.data()["payload"] == mark


def test_no_event_but_the_takedown_that_names_them_erases_words(store):
    store.append("s", [observed("item-1"), observed("item-2"), note(1)])
    first, second = (one.event.data()["payload"] for one in store.read(limit=2))
    quoting = events.ItemTakenDown(item="item-1", source="selvane", payloads=(), reason=first)
    store.append("s", [takedown("item-1", (first,)), fact(quoting, "quoting")])
    for position, mark in ((1, first), (3, first), (4, second), (5, first), (0, first), (9, first)):
        with pytest.raises(StoreError, match=f"event {position} is no takedown of these words: nothing was erased"):
            store.erase(position, [mark])
    with pytest.raises(StoreError):
        store.erase(4, [first, second])
    assert (len(store.payloads([first, second])), store.erasures()) == (2, [])
    assert [store.erase(4, [first]), store.erase(4, [first]), store.erase(4, ["ab" * 32])] == [1, 0, 0]
    assert (list(store.payloads([first, second])), store.erasures()) == ([second], [4])


# ---------------------------------------------------------------- words and keys


def test_words_are_found_by_their_commitment_and_unknown_ones_are_missing(store):
    batch = items(1200)
    for start in range(0, 1200, 400):
        store.append("s", batch[start : start + 400])
    marks = [recorded.event.data()["payload"] for recorded in store.read(limit=2000)]
    found = store.payloads([*marks, "ab" * 32])
    assert found == {mark: new.payload for mark, new in zip(marks, batch, strict=True)}


def test_the_same_words_twice_have_different_commitments(store):
    same = words("The very same")
    store.append("s", [observed("item-1", payload=same), observed("item-2", payload=same)])
    first, second = (recorded.event.data()["payload"] for recorded in store.read())
    assert first != second
    assert store.payloads([first, second]) == {first: same, second: same}


def test_keyed_hashes_stay_the_same_keep_their_parts_apart_and_need_the_store(store, tmp_path, clock):
    other = connect(f"sqlite:///{tmp_path}/other.db")
    one = store.keyed("guid", "tag:1")
    assert one == store.keyed("guid", "tag:1")
    assert len(bytes.fromhex(one)) == 16
    assert len({one, store.keyed("guidt", "ag:1"), store.keyed("guid", "tag:1", ""), store.keyed("guidtag:1")}) == 4
    assert SqlStore(other, clock).keyed("guid", "tag:1") != one
    assert MemoryStore(clock, secret=b"another").keyed("guid", "tag:1") != one
    other.dispose()


@given(st.binary(min_size=1, max_size=100), st.lists(TEXT, max_size=4))
def test_keyed_hashes_are_those_of_rfc_2104(secret, parts):
    message = b"".join(struct.pack(">I", len(part.encode())) + part.encode() for part in parts)
    assert payloads.keyed(secret, *parts) == hmac.digest(secret, message, "sha256")[:16]


def test_two_logs_store_the_same_fact_under_different_keys(tmp_path, clock):
    kept = set()
    for name in ("one", "two"):
        engine = connect(f"sqlite:///{tmp_path}/{name}.db")
        SqlStore(engine, clock).append("s", [observed("item-1")])
        engine.dispose()
        with closing(sqlite3.connect(tmp_path / f"{name}.db")) as plain:
            kept.add(bytes(plain.execute("SELECT key FROM events").fetchone()[0]))
    assert len(kept) == 2


# ---------------------------------------------------------------- bytes


def rfc8785(value: Any) -> str:
    """RFC 8785 written down once more, for values without fractions."""
    match value:
        case None | True | False:
            return {None: "null", True: "true", False: "false"}[value]
        case int():
            return str(value)
        case str():
            short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
            signs = (short.get(sign) or (f"\\u{ord(sign):04x}" if sign < " " else sign) for sign in value)
            return f'"{"".join(signs)}"'
        case list() | tuple():
            return f"[{','.join(map(rfc8785, value))}]"
        case _:
            members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
            return f"{{{','.join(f'{rfc8785(key)}:{rfc8785(part)}' for key, part in members)}}}"


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(PLAIN)
def test_the_canonical_form_is_that_of_rfc_8785_and_says_the_same(value):
    written = events.canonical(value)
    assert written == rfc8785(value).encode()
    assert json.loads(written) == value
    assert events.canonical(json.loads(written)) == written


@pytest.mark.parametrize("value", [float("inf"), {"a": {1}}, object(), [b"x"], "\udfff", START])
def test_what_is_not_plain_json_has_no_canonical_form(value):
    with pytest.raises(ValueError, match=r".+"):
        events.canonical(value)


def test_leaves_and_bodies_come_in_the_order_of_the_log_and_belong_together(store):
    store.append("source:selvane", items(5))
    bodies, leaves = store.bodies(), store.leaves()
    assert [json.loads(body)["position"] for body in bodies] == [1, 2, 3, 4, 5]
    assert [merkle.leaf(body) for body in bodies] == leaves
    assert (store.bodies(1, 2), store.leaves(1, 2)) == (bodies[1:3], leaves[1:3])
    assert store.bodies(5) == store.leaves(5) == []


def test_an_event_too_large_for_a_bundle_of_entries_is_refused_and_nothing_is_appended(store):
    def moved(length: int) -> New:
        return New(event=events.SourceMoved(source="selvane", url="x" * length), key="large")

    with pytest.raises(StoreError, match=r"an event source.moved of [0-9,]+ bytes was not stored: .* at most 65,535"):
        store.append("source:selvane", [*items(1), moved(65_600)])
    assert (store.head(), store.last("source:selvane")) == (0, 0)
    store.append("source:selvane", [moved(65_000)])
    assert len(store.bodies()[0]) <= 65_535


def test_bodies_are_stored_in_canonical_form_and_read_back_as_they_were_written(tmp_path, clock):
    engine = connect(f"sqlite:///{tmp_path}/log.db")
    store = SqlStore(engine, clock)
    store.append("source:selvane", [adopted(title="Ёлка «№ 1»\u2029"), source(name="selvane"), observed("item-1")])
    store.append("labels", [classified("item-1", 1, "海峡", "straits")])
    stored = bodies(tmp_path / "log.db")
    for position, body in enumerate(stored, 1):
        value = json.loads(body)
        assert body == rfc8785(value).encode()
        assert sorted(value) == ["data", "key", "position", "recorded_at", "stream", "type", "version"]
        assert value["position"] == position
        assert value["recorded_at"] == "2016-11-18T09:30:00.000000+00:00"
    store.append("source:selvane", items(3, first=2))
    engine.dispose()
    assert bodies(tmp_path / "log.db")[:4] == stored
    again = SqlStore(connect(f"sqlite:///{tmp_path}/log.db"), clock)
    read = again.read(limit=4)
    assert [events.canonical(one.event.data()) for one in read] == [
        rfc8785(json.loads(body)["data"]).encode() for body in stored
    ]
    again._engine.dispose()


# ---------------------------------------------------------------- many writers


WRITERS, BATCHES, BATCH = 20, 10, 10


@pytest.mark.slow
def test_a_reader_at_the_tail_misses_nothing_while_twenty_threads_write_with_delays_under_the_lock(database_url):
    reader = SqlStore(connect(database_url))
    answers: list[Appended] = []
    faults: list[BaseException] = []

    def write(writer: int) -> None:
        engine = connect(database_url)
        event.listen(engine, "commit", lambda _: time.sleep(0.005))  # whoever could get in between would
        try:
            store = SqlStore(engine)
            for batch in range(BATCHES):
                news = [note(number, f"{writer}/{batch}/{number}") for number in range(BATCH)]
                answers.extend(store.append(f"s{writer}", news))
        except BaseException as fault:  # noqa: BLE001 - told to the test below
            faults.append(fault)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    total = WRITERS * BATCHES * BATCH
    seen: list[int] = []
    while len(seen) < total and (any(thread.is_alive() for thread in threads) or reader.head() > len(seen)):
        seen.extend(recorded.position for recorded in reader.read(seen[-1] if seen else 0, 97))
    for thread in threads:
        thread.join()
    assert not faults
    assert seen == list(range(1, total + 1))
    assert sorted(answer.position for answer in answers) == seen
    recorded = reader.read(limit=total)
    assert all(earlier.recorded_at <= later.recorded_at for earlier, later in pairwise(recorded))
    for start in range(0, total, BATCH):  # a batch stands together: no other writer got into it
        assert len({one.stream for one in recorded[start : start + BATCH]}) == 1
    reader._engine.dispose()


def test_under_the_lock_nothing_is_done_but_writing_and_a_batch_of_a_hundred_is_quick(database_url):
    """Processor time, so that no load decides; docs/performance.md has what a clock says."""
    engine, held, began = connect(database_url), [], []
    store = SqlStore(engine)
    store.append("s", items(100))  # what is imported late is there from now on
    event.listen(engine, "begin", lambda _: began.append(time.thread_time()))
    event.listen(engine, "commit", lambda _: held.append(time.thread_time() - began.pop()))
    event.listen(engine, "rollback", lambda _: began.pop())  # of a reader
    with watching(lambda: began) as touched:
        for start in range(100, 1100, 100):
            store.append("s", items(100, first=start))
    assert (len(held), touched) == (10, [])
    assert sorted(held)[len(held) // 2] < 0.05, held
    engine.dispose()


AUDITED: list[Any] = []


def audit(name: str, _: object) -> None:
    for holds, touched in AUDITED:
        if holds() and name.split(".", maxsplit=1)[0] in (
            "open",
            "os",
            "socket",
            "subprocess",
            "urllib",
            "import",
            "shutil",
        ):
            touched.append(name)


@contextmanager
def watching(holds: Any) -> Any:
    """What this interpreter does with files, addresses and programs while something holds."""
    if not AUDITED:
        sys.addaudithook(audit)  # for good
    touched: list[str] = []
    AUDITED.append((holds, touched))
    yield touched
    AUDITED.remove((holds, touched))


def test_many_threads_share_one_log_without_gaps(store):
    def write(writer: int) -> None:
        for number in range(8):
            store.append(f"s{writer}", [note(number, f"{writer}/{number}"), note(number, f"shared/{number}")])

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert [recorded.position for recorded in store.read()] == list(range(1, 8 * 8 + 8 + 1))


WRITER = """
import sys
from briefing import events
from briefing.eventstore import New, SqlStore, connect

url, writer = sys.argv[1:]
store = SqlStore(connect(url))
for batch in range(12):
    answers = store.append(writer, [
        New(event=events.SourceMoved(source=writer, url=str(number)), key=f"{writer}/{batch}/{number}")
        for number in range(5)
    ] + [New(event=events.SourceRecovered(source="all"), key=f"shared/{batch}")])
    print(*[answer.position for answer in answers], flush=True)
"""


@pytest.mark.slow
def test_processes_that_open_and_write_one_new_log_at_once_make_one_dense_log(database_url):
    command = [sys.executable, "-c", WRITER, database_url]
    writers = [
        subprocess.Popen([*command, f"w{number}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for number in range(3)
    ]
    told = [writer.communicate() for writer in writers]
    assert [(writer.returncode, error) for writer, (_, error) in zip(writers, told, strict=True)] == [(0, "")] * 3
    store = SqlStore(connect(database_url))
    total = 3 * 12 * 5 + 12
    assert [one.position for one in store.read(limit=2 * total)] == list(range(1, total + 1))
    store._engine.dispose()
    own = Counter(position for out, _ in told for line in out.splitlines() for position in line.split()[:5])
    assert len(own) == 3 * 12 * 5
    assert max(own.values()) == 1


OPENERS = """
import os, sys, time, traceback
from briefing.eventstore import connect

start = time.monotonic() + 0.1
openers = []
for _ in range(6):
    if not (opener := os.fork()):
        try:
            for number in range(30):
                while time.monotonic() < start + number / 50:
                    pass
                connect(f"{sys.argv[1]}{number}").dispose()
        except BaseException:
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(0)
    openers.append(opener)
for opener in openers:
    os.waitpid(opener, 0)
"""


def test_processes_that_open_one_new_database_at_the_same_moment_all_open_it(tmp_path):
    command = [sys.executable, "-c", OPENERS, f"sqlite:///{tmp_path}/new"]
    assert subprocess.run(command, stderr=subprocess.PIPE, text=True, check=True).stderr == ""


KILLED = """
import os, random, signal, sys, time
from briefing import events
from briefing.eventstore import New, SqlStore, connect

url, seed = sys.argv[1:]
chance = random.Random(int(seed))

def write(start, pipe):
    store = SqlStore(connect(url))
    for batch in range(start, start + 10_000):
        store.append(f"batch-{batch}", [
            New(event=events.SourceMoved(source=str(batch), url=str(number)), key=f"{batch}/{number}")
            for number in range(7)
        ])
        os.write(pipe, f"{batch}\\n".encode())

start = 0
for _ in range(12):
    reader, writer = os.pipe()
    if not (child := os.fork()):
        write(start, writer)
    os.close(writer)
    os.read(reader, 2)
    time.sleep(chance.random() / 30)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    rest = b""
    while more := os.read(reader, 65536):
        rest += more
    os.close(reader)
    numbers = [int(line) for line in rest.split() if int(line) >= start]
    start = max(numbers, default=start)
    print(start, flush=True)
    start += 1
"""


@pytest.mark.slow
def test_killing_the_writer_at_any_moment_loses_no_acknowledged_event_and_halves_no_batch(database_url):
    command = [sys.executable, "-c", KILLED, database_url, "20161119"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    acknowledged = int(done.stdout.split()[-1])
    store = SqlStore(connect(database_url))
    stored = store.read(limit=1_000_000)
    assert [one.position for one in stored] == list(range(1, len(stored) + 1))
    held = Counter(one.event.data()["source"] for one in stored)
    assert set(held.values()) == {7}
    assert {str(batch) for batch in range(acknowledged + 1)} <= set(held)
    again = store.append("batch-0", [note(1)])
    assert outcomes(again) == [(APPENDED, len(stored) + 1)]
    store._engine.dispose()


# ---------------------------------------------------------------- SQLite


def pragma(engine, name: str) -> Any:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_every_connection_is_set_up_for_a_log(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/new/folder/log.db")
    SqlStore(engine)
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "page_size": 8192,
        "recursive_triggers": 1,
        "busy_timeout": 30_000,
    }
    with engine.connect() as first:  # while it is held, the next one is another connection
        found = {name: first.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected}
        assert found == expected
        assert {name: pragma(engine, name) for name in expected} == expected
    engine.dispose()


def test_a_transaction_that_writes_takes_the_lock_at_once(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/log.db")
    SqlStore(engine)
    with database.writing(engine), closing(sqlite3.connect(tmp_path / "log.db", timeout=0)) as plain:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            plain.execute("BEGIN IMMEDIATE")
        assert plain.execute("SELECT count(*) FROM events").fetchone() == (0,), "readers are never held up"
    engine.dispose()


def test_what_fails_while_writing_leaves_no_trace(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/log.db")
    SqlStore(engine)

    def broken() -> None:
        with database.writing(engine) as connection:
            connection.exec_driver_sql("CREATE TABLE extra (a)")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        broken()
    with database.writing(engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'extra'").scalar() == 0
    engine.dispose()


def test_a_file_that_is_no_database_is_refused_with_its_name(tmp_path):
    (tmp_path / "log.db").write_text("<html>no database</html>" * 100)
    with pytest.raises(StoreError, match=r"log\.db: the database cannot be opened .+; check the path and its rights"):
        connect(f"sqlite:///{tmp_path}/log.db")


@pytest.mark.parametrize("path", ["file/log.db", "folder"])
def test_a_path_where_no_database_can_be_is_refused_with_its_name(tmp_path, path):
    (tmp_path / "file").write_text("a file, no folder")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError, match=rf"{path}: the database cannot be opened"):
        connect(f"sqlite:///{tmp_path}/{path}")


def test_a_log_of_a_later_format_is_refused(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/log.db")
    SqlStore(engine)
    with database.writing(engine) as connection:
        connection.exec_driver_sql("DROP TRIGGER head_forward")
        connection.exec_driver_sql("UPDATE head SET format = 99")
    with pytest.raises(StoreError, match="the log has format 99, this program knows 5: upgrade it"):
        SqlStore(engine)
    engine.dispose()


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 53, 0), (4, 0, 0), (3, 44, 6), (3, 44, 7), (3, 50, 7)])
def test_a_sqlite_with_the_mended_log_needs_no_warning(monkeypatch, version):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    assert database.sqlite_warning() == ""


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 2)])
def test_a_sqlite_that_can_damage_a_log_is_named(monkeypatch, version):
    name = ".".join(map(str, version))
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    monkeypatch.setattr(sqlite3, "sqlite_version", name)
    assert f"SQLite {name} can damage" in database.sqlite_warning("sqlite:///log.db")
    assert database.sqlite_warning("postgresql://db/log") == ""


# ---------------------------------------------------------------- as a list


class AsAList(RuleBasedStateMachine):
    """A log beside a plain list of what was put into it."""

    offers = Bundle("offers")

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.folder = TemporaryDirectory()
        self.kept: list[tuple[str, New]] = []
        self.where: dict[str, int] = {}
        self.erased: dict[int, int] = {}  # whose words, and by which event
        self.store: Any = self.make()

    def make(self) -> Any:
        return MemoryStore(self.clock)

    @rule(
        target=offers,
        names=st.lists(st.integers(0, 12), min_size=1, max_size=4),
        saying=st.integers(0, 1),
        wordless=st.booleans(),
    )
    def offer(self, names, saying, wordless):
        if wordless:
            return [note(saying, f"note-{name}") for name in names]
        return [observed(f"item-{name}", payload=words(f"Title {saying}")) for name in names]

    @rule(batch=offers, stream=st.sampled_from(["s", "t"]))
    def append(self, batch, stream):
        answers = self.store.append(stream, batch)
        for new, answer in zip(batch, answers, strict=True):
            outcome, position = self.judged(stream, new)
            assert (answer.outcome, answer.position) == (outcome, position)

    def judged(self, stream: str, new: New) -> tuple[str, int]:
        """What becomes of an offer: the model appends it where it is new."""
        if new.key not in self.where:
            self.kept.append((stream, new))
            self.where[new.key] = len(self.kept)
            return APPENDED, len(self.kept)
        position = self.where[new.key]
        known = self.kept[position - 1][1]
        if position in self.erased:
            return ERASED, position
        return (DUPLICATE if (known.event, known.payload) == (new.event, new.payload) else CONFLICT), position

    @rule(batch=offers, stream=st.sampled_from(["s", "t"]), off=st.integers(-1, 1))
    def append_expecting(self, batch, stream, off):
        last = max((place for place, (known, _) in enumerate(self.kept, 1) if known == stream), default=0)
        assume(last + off >= 0)
        if off:
            with pytest.raises(ConcurrentAppend):
                self.store.append(stream, batch, expected=last + off)
        else:
            answers = self.store.append(stream, batch, expected=last)
            assert outcomes(answers) == [self.judged(stream, new) for new in batch]

    @rule(batch=offers)
    def crash_while_appending(self, batch):
        def broken() -> datetime:
            raise InterruptedError

        sound, self.store._clock = self.store._clock, broken
        with pytest.raises(InterruptedError):
            self.store.append("s", batch)
        self.store._clock = sound

    @rule(seconds=st.integers(-100, 100))
    def pass_time(self, seconds):
        self.clock.move(seconds=seconds)

    @rule(after=st.integers(0, 20), limit=st.integers(1, 5))
    def read(self, after, limit):
        found = self.store.read(after, limit, payloads=True)
        assert [(one.position, one.stream) for one in found] == [
            (place, stream) for place, (stream, _) in enumerate(self.kept, 1)
        ][after : after + limit]
        for one in found:
            new = self.kept[one.position - 1][1]
            assert type(one.event) is type(new.event)
            assert one.payload == (None if one.position in self.erased else new.payload)

    @precondition(lambda self: any(new.payload for _, new in self.kept))
    @rule(pick=st.integers(0, 100))
    def erase(self, pick):
        places = [place for place, (_, new) in enumerate(self.kept, 1) if new.payload]
        place = places[pick % len(places)]
        mark = self.store.read(place - 1, 1)[0].event.data()["payload"]
        down = takedown(f"item-{mark}", (mark,))
        [answer] = self.store.append("t", [down])
        assert (answer.outcome, answer.position) == self.judged("t", down)
        assert self.store.erase(answer.position, [mark, mark, "00" * 32]) == (place not in self.erased)
        self.erased[place] = answer.position
        assert self.store.payloads([mark]) == {}

    @invariant()
    def erasures_are_those_that_erased_something(self):
        assert self.store.erasures() == sorted(self.erased.values())

    @invariant()
    def the_head_is_the_length_and_time_never_falls(self):
        assert self.store.head() == len(self.kept)
        times = [recorded.recorded_at for recorded in self.store.read()]
        assert times == sorted(times)

    def teardown(self) -> None:
        self.folder.cleanup()


class InMemory(AsAList):
    """The log in memory."""


class OnDisk(AsAList):
    """A log on disk, which can be closed and opened."""

    url = ""

    def make(self) -> Any:
        self.engine = connect(self.url or f"sqlite:///{self.folder.name}/log.db")
        return SqlStore(self.engine, self.clock)

    @rule()
    def reopen(self):
        self.engine.dispose()
        self.store = self.make()

    def teardown(self) -> None:
        self.engine.dispose()
        super().teardown()


TestInMemory = InMemory.TestCase
TestInMemory.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestOnDisk = OnDisk.TestCase
TestOnDisk.settings = settings(
    max_examples=10, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.mark.slow
def test_on_a_server(cluster):
    class OnAServer(OnDisk):
        def __init__(self) -> None:
            self.before = cluster.made()
            self.url = cluster.database()
            super().__init__()

        def teardown(self) -> None:
            super().teardown()
            cluster.clear(self.before)

    run_state_machine_as_test(OnAServer, settings=TestOnDisk.settings)
