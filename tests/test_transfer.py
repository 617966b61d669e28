"""A log out of its tables into one file and back: the same bytes, or a sentence that says where not."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefing.errors import StoreError, UnknownEvent
from briefing.events import canonical
from briefing.eventstore import SqlStore, connect
from briefing.eventstore.erasures import Erasure, merged, read_erasures
from briefing.eventstore.frontier import Frontier
from briefing.eventstore.merkle import leaf
from briefing.eventstore.transcript import EXPORT, Header, Reader, Writer
from briefing.eventstore.transfer import fill, snapshot
from keeping_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    Clock,
    Shelf,
    emptied,
    erase,
    lines_of,
    marks_of,
    retake,
    sealed,
    synthetic,
    take_down,
    takedown,
    taken_in,
    url,
    written,
)
from log_support import history, observed, revised, source, tables, words  # type: ignore[import-not-found]  # the same

WORDS = "The unrepeatable sentence of the harbour master."


@pytest.fixture
def told(tmp_path, clock):
    """A log with everything in it that a file must keep: words, words taken down, events without words."""
    shelf = Shelf(tmp_path, clock)
    shelf.tell(
        source(),
        observed("a", payload=words(text=WORDS)),
        observed("b", payload=words(title="日本語の題", text="Ещё слова")),
        revised("a", 2),
        revised("b", 2),
    )
    take_down(shelf, "b")
    shelf.tell(observed("c"))
    yield shelf
    shelf.close()


def place(tmp_path: Path, name: str = "other.db") -> str:
    return str(url(tmp_path / name))


# ---------------------------------------------------------------- the root


def recursive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    parts = recursive_root(leaves[:split]) + recursive_root(leaves[split:])
    return hashlib.sha256(b"\1" + parts).digest()


def test_the_root_read_from_the_start_is_that_of_the_rfc():
    tree = Frontier()
    leaves: list[bytes] = []
    for number in range(70):
        assert (tree.size, tree.root()) == (number, recursive_root(leaves))
        leaves.append(leaf(str(number).encode()))
        tree.add(leaves[-1])


# ---------------------------------------------------------------- there and back


def test_a_log_comes_back_with_every_byte(told, tmp_path):
    content = written(url(told.file))
    taken = taken_in(place(tmp_path), content)
    assert written(place(tmp_path)) == content
    other = Shelf(tmp_path, told.clock, "other.db")
    other.projector.catch_up()
    told.projector.reset()  # it was followed before the words were erased
    told.projector.catch_up()
    assert tables(other.engine) == tables(told.engine)
    bodies = "SELECT position, stream, key, blob, body, leaf FROM events ORDER BY position"
    with closing(sqlite3.connect(told.file)) as one, closing(sqlite3.connect(other.file)) as two:
        assert one.execute(bodies).fetchall() == two.execute(bodies).fetchall()
        rest = "SELECT * FROM erased", "SELECT position, recorded_at, secret, format FROM head"
        for query in rest:
            assert one.execute(query).fetchall() == two.execute(query).fetchall()
    assert taken.size == other.store.head() == 7
    other.close()


def test_a_log_that_came_back_goes_on_as_the_first_would_have(told, tmp_path):
    taken_in(place(tmp_path), written(url(told.file)))
    other = Shelf(tmp_path, told.clock, "other.db")
    for shelf in (told, other):
        answers = shelf.store.append("source:selvane", [observed("c"), observed("d")])
        assert [(answer.outcome, answer.position) for answer in answers] == [("duplicate", 7), ("appended", 8)]
    assert other.store.keyed("x") == told.store.keyed("x")
    other.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    numbers=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=25),
    downs=st.sets(st.integers(0, 6), max_size=3),
)
def test_any_log_comes_back_the_same(tmp_path_factory, numbers, downs):
    folder = tmp_path_factory.mktemp("any")
    shelf = Shelf(folder, Clock())
    for count, new in enumerate(history(numbers)):
        shelf.clock.move(seconds=count % 3)
        shelf.store.append("source:x", [new])
    for number in sorted(downs):
        if marks := marks_of(shelf, f"item-{number}"):
            shelf.store.append("source:x", [takedown(f"item-{number}", marks)])
            erase(shelf, shelf.store.head(), marks)
    shelf.close()
    content = written(url(shelf.file))
    taken = taken_in(place(folder), content)
    assert written(place(folder)) == content
    again = lines_of(content)
    assert taken.root.hex() == recursive_root([leaf(line["body"].encode()) for line in again[1:-1]]).hex()


def test_an_empty_log_has_an_export_that_says_so(tmp_path):
    Shelf(tmp_path, Clock()).close()
    content = written(place(tmp_path, "log.db"))
    head, end = lines_of(content)
    assert (head["briefing"], head["size"], head["root"]) == ("export", 0, hashlib.sha256().hexdigest())
    assert end["end"] == 0
    assert taken_in(place(tmp_path), content).size == 0


def test_a_postgresql_log_has_the_same_root_and_the_same_export(told, tmp_path, postgres):
    content = written(url(told.file))
    there = taken_in(postgres, content)
    assert written(postgres) == content
    back = taken_in(place(tmp_path), written(postgres))
    assert (there.root, there.size) == (back.root, back.size)
    assert written(place(tmp_path)) == content


def test_a_postgresql_log_goes_on_and_leaves_out_what_was_taken_down(told, tmp_path, postgres):
    content, down = written(url(told.file)), erasure(told, "a", 12)
    with pytest.raises(StoreError, match="event 2"):
        taken_in(postgres, sealed(lines_of(content)[:2]))
    taken = taken_in(postgres, content, erasures=[down], retake=retake)
    other = Shelf(tmp_path, told.clock, url=postgres)
    assert (taken.retaken, other.store.head()) == ((down,), 8)
    assert other.store.payloads(down.commitments) == {}
    answers = other.store.append("source:selvane", [observed("c"), observed("d")])
    assert [(answer.outcome, answer.position) for answer in answers] == [("duplicate", 7), ("appended", 9)]
    other.close()
    with pytest.raises(StoreError, match="the log here holds 9 events already"):
        taken_in(postgres, content)


def test_the_role_of_the_program_takes_a_log_in_as_well_as_its_owner(told, two_roles):
    content = written(url(told.file))
    owner, program = two_roles
    assert taken_in(program, content).size == 7
    assert written(owner) == written(program) == content


# ---------------------------------------------------------------- what the file is


def test_the_file_holds_the_very_bytes_of_every_event_and_says_what_was_erased(told):
    head, *entries, end = lines_of(written(url(told.file)))
    with closing(sqlite3.connect(told.file)) as plain:
        bodies = [bytes(body).decode() for (body,) in plain.execute("SELECT body FROM events ORDER BY position")]
    assert [line["body"] for line in entries] == bodies
    assert (head["size"], end["end"], head["root"]) == (7, 7, end["root"])
    assert entries[0]["words"] is None
    assert WORDS in entries[1]["words"]["text"]
    assert set(entries[2]["words"]) == {"commitment", "erased"}
    assert entries[2]["words"]["erased"] == 6


def test_others_write_while_an_export_is_read_and_it_holds_one_moment(told, tmp_path):
    done = threading.Event()

    def write() -> None:
        engine = connect(url(told.file))
        own = SqlStore(engine, told.clock)
        for number in range(50):
            own.append("source:selvane", [observed(f"late-{number}")])
        engine.dispose()
        done.set()

    out = io.BytesIO()
    with snapshot(url(told.file)) as taken:
        thread = threading.Thread(target=write)
        thread.start()
        assert done.wait(60)
        taken.write(out, Header(kind=EXPORT, size=taken.size, root=taken.root, secret=taken.secret, program="t"))
        thread.join()
    assert taken.size == 7
    assert told.store.head() == 57
    assert taken_in(place(tmp_path), out.getvalue()).size == 7


# ---------------------------------------------------------------- what is refused


def refused(tmp_path: Path, content: bytes, sentence: str, kind: type[Exception] = StoreError) -> None:
    with pytest.raises(kind, match=sentence):
        taken_in(place(tmp_path), content)
    assert emptied(place(tmp_path))


def test_a_file_goes_into_an_empty_log_only(told, tmp_path):
    content = written(url(told.file))
    with pytest.raises(StoreError, match=r"the log here holds 7 events already"):
        taken_in(url(told.file), content)
    assert written(url(told.file)) == content


def test_any_byte_of_the_file_that_is_changed_is_refused_and_the_log_stays_empty(told, tmp_path):
    content = written(url(told.file))
    for at in range(0, len(content), 41):
        altered = bytearray(content)
        altered[at] ^= 1 << (at % 8)
        with pytest.raises(StoreError):
            taken_in(place(tmp_path), bytes(altered))
        assert emptied(place(tmp_path)), at


def test_a_file_that_is_cut_off_is_refused_wherever_that_is(told, tmp_path):
    content = written(url(told.file))
    for end in range(0, len(content), 57):
        with pytest.raises(StoreError, match=r"no export or backup|ends|damaged"):
            taken_in(place(tmp_path), content[:end])
    lines = lines_of(content)
    for end in range(1, len(lines)):
        refused(tmp_path, sealed(lines[:end]), rf"the file, event {end}: the file ends")


FORGED = {
    "a word is changed": (lambda f: f.words(2, text="Other words"), "event 2: its words are not those"),
    "a salt is changed": (lambda f: f.words(2, salt="00" * 16), "event 2: its words are not those"),
    "a salt is left out": (lambda f: f.words(2, salt=""), "event 2: its words are not those"),
    "words are left out": (lambda f: f.line(2, words=None), "event 2: its words are missing"),
    "words are put elsewhere": (lambda f: f.line(1, words=f[2]["words"]), "event 1: it comes with words of another"),
    "words are exchanged": (lambda f: f.line(4, words=f[2]["words"]), "event 4: it comes with words of another"),
    "words are called erased": (lambda f: f.erased(2, 5), "event 5: words of another event are said to be erased"),
    "words are called erased by nothing": (lambda f: f.erased(2, 99), "the end: words are said to be erased by event"),
    "words are called erased too early": (lambda f: f.erased(2, 1), "event 2: its words are said to be erased"),
    "a body is changed": (lambda f: f.body(1, stream="source:oriad"), "the end: the events up to here have"),
    "a body is spaced": (lambda f: f.line(1, body=f[1]["body"] + " "), "event 1: its body is no event in canonical"),
    "a body is something else": (lambda f: f.line(1, body="[]"), "event 1: its body is no event in canonical form"),
    "a body has no stream": (lambda f: f.body(1, stream=""), "event 1: its body is no event in canonical form"),
    "a position is taken": (lambda f: f.line(2, body=f[3]["body"]), "event 2: here stands the event of position 3"),
    "a position is a truth": (lambda f: f.body(1, position=True), "event 1: here stands the event of position True"),
    "a time falls": (
        lambda f: f.body(4, recorded_at="2001-01-01T00:00:00.000000+00:00"),
        "event 4: it was recorded before the event in front of it",
    ),
    "a time has no zone": (
        lambda f: f.body(1, recorded_at="2016-11-18T09:30:00.000000"),
        'event 1: "2016-11-18T09:30:00.000000" is no moment in UTC',
    ),
    "a key is cut": (lambda f: f.line(2, key=f[2]["key"][:-2]), "event 2: its key is not the one in its body"),
    "a key is no figure": (lambda f: f.line(2, key="zz"), "event 2: its line does not hold body, key and words"),
    "a key is another": (lambda f: f.line(2, key=f[1]["key"]), "event 2: its key is not the one in its body"),
    "a secret is altered": (lambda f: f.line(0, secret="00" + f[0]["secret"][2:]), "its first lines do not say"),
    "an event is left out": (lambda f: f.pop(3), "event 3: here stands the event of position 4"),
    "the last event is left out": (lambda f: f.pop(-2), "the end: this is the last one, and there should be 7"),
    "an event stands twice": (lambda f: f.insert(3, f[2]), "event 3: here stands the event of position 2"),
    "the root at the end is another": (lambda f: f.line(-1, root="00" * 32), "the last line: it does not fit"),
    "the root at the start is another": (lambda f: f.line(0, root="00" * 32), "the end: the events up to here have"),
    "the size at the start is another": (lambda f: f.line(0, size=6), "the end: this is the last one, and there"),
    "the count at the end is another": (lambda f: f.line(-1, end=6), "the last line: it does not fit"),
    "something follows": (lambda f: f.append({}), "the end: something stands behind the last line"),
    "the form is of a later version": (lambda f: f.line(0, version=2), "has version 2 of its form, this program"),
    "the first line says nothing": (lambda f: f.line(0, briefing="lunch"), "is no export or backup of briefing"),
    "the secret is none": (lambda f: f.line(0, secret=None), "the first lines: its first lines do not say"),
}  # fmt: skip


class Forger(list[Any]):
    """The lines of a file, changed by somebody who writes its sum anew."""

    def line(self, number, **changes):
        self[number] = self[number] | changes

    def words(self, number, **changes):
        self.line(number, words=self[number]["words"] | changes)

    def erased(self, number, position):
        self.line(number, words={"commitment": self[number]["words"]["commitment"], "erased": position})

    def body(self, number, **changes):
        self.line(number, body=canonical(json.loads(self[number]["body"]) | changes).decode())

    def sealed(self):
        return sealed(self, honest="sha256" in self[-1])


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_file_is_refused_and_the_place_is_named(told, tmp_path, how):
    lines = Forger(lines_of(written(url(told.file))))
    forging, sentence = FORGED[how]
    forging(lines)
    refused(tmp_path, lines.sealed(), sentence)


def test_a_key_that_stands_twice_is_refused_by_the_tables(told, tmp_path, monkeypatch):
    monkeypatch.setattr("briefing.eventstore.transfer._PAGE", 2)
    lines = Forger(lines_of(written(url(told.file))))
    lines.line(2, key=lines[1]["key"])
    lines.body(2, key=lines[1]["key"])
    refused(tmp_path, lines.sealed(), r"around event 2 a key or a commitment stands for the second time")


def test_the_sum_at_the_end_covers_what_the_root_does_not(told, tmp_path):
    lines = Forger(lines_of(written(url(told.file))))
    lines.line(0, program="another one")
    refused(tmp_path, sealed(lines), "the last line: it does not fit what stands before it")


def test_an_event_that_this_program_does_not_know_is_refused_on_the_way_in_and_out(told, tmp_path):
    newer = Forger(lines_of(written(url(told.file))))
    newer.body(3, version=9)
    sentence = (
        r"event 3 cannot be read: the log holds item.observed version 9, which this program does not know: upgrade"
    )
    refused(tmp_path, newer.sealed(), sentence, UnknownEvent)
    with closing(sqlite3.connect(told.file)) as plain, plain:
        plain.execute("DROP TRIGGER events_no_update")
        stored = newer[3]["body"].encode()
        plain.execute("UPDATE events SET body = ?, leaf = ? WHERE position = 3", (stored, leaf(stored)))
    with pytest.raises(UnknownEvent, match=sentence):
        written(url(told.file))


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("UPDATE events SET body = replace(body, 'selvane', 'oriad') WHERE position = 1", "event 1: its body is"),
        ("UPDATE events SET leaf = zeroblob(32) WHERE position = 4", "event 4: its body is not the one that its leaf"),
        ("UPDATE blobs SET salt = zeroblob(16) WHERE id = 1", "event 2: its words are not those"),
        ("UPDATE blobs SET data = x'00ff00ff00ff00ff' WHERE id = 1", "event 2: its words cannot be unpacked"),
        ("UPDATE blobs SET salt = x'', data = x'' WHERE id = 1", "event 2: its words are not those"),
        ("UPDATE events SET blob = NULL WHERE position = 2", "event 2: its words are missing"),
        ("UPDATE erased SET position = 7", "event 7: words of another event are said to be erased by it"),
    ],
)  # fmt: skip
def test_a_damaged_log_is_not_exported_and_the_event_is_named(told, damage, sentence):
    with closing(sqlite3.connect(told.file)) as plain, plain:
        for (guard,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            plain.execute(f"DROP TRIGGER {guard}")
        plain.execute(
            damage.replace("replace(body", "CAST(replace(CAST(body AS TEXT)").replace("'oriad')", "'oriad') AS BLOB)")
        )
    with pytest.raises(StoreError, match=f"the log is damaged at {sentence}"):
        written(url(told.file))


# ---------------------------------------------------------------- takedowns


def erasure(shelf, item, position, marks=None, at="2016-11-20T10:00:00.000000+00:00"):
    return Erasure(position=position, commitments=marks or marks_of(shelf, item), item=item, at=at, reason="Order")


def on_the_disk(folder: Path, name: str, sentence: bytes) -> bool:
    return any(sentence in path.read_bytes() for path in folder.glob(f"{name}*"))


def stored_plainly(monkeypatch):
    """Words are stored as they are, so that they can be sought in the files."""
    monkeypatch.setattr("briefing.eventstore.payloads.compress", lambda text: text)
    monkeypatch.setattr("briefing.eventstore.payloads.decompress", lambda data: data)


def test_words_taken_down_after_the_file_was_made_never_reach_the_disk(told, tmp_path, monkeypatch):
    content = written(url(told.file))
    stored_plainly(monkeypatch)
    down = erasure(told, "a", 12)
    seen = []

    def look() -> None:
        seen.append(on_the_disk(tmp_path, "other.db", WORDS.encode()))

    taken = taken_in(place(tmp_path), content, erasures=[down], retake=retake, before_commit=look)
    assert seen == [False], "not even before the commit"
    assert not on_the_disk(tmp_path, "other.db", WORDS.encode())
    assert (taken.retaken, taken.unheld, taken.size) == ((down,), (), 7)
    other = Shelf(tmp_path, told.clock, "other.db")
    assert other.store.payloads(marks_of(other, "a")) == {}
    assert other.store.head() == 8
    [again] = other.store.read(after=7)
    assert again.recorded_at.isoformat() == "2016-11-20T10:00:00+00:00", "the takedown keeps its time"
    assert len(other.store.payloads(marks_of(other, "c"))) == 1
    other.close()
    again_written = lines_of(written(place(tmp_path)))
    assert [line["words"].get("erased") for line in (again_written[2], again_written[4])] == [8, 8]
    assert again_written[0]["root"] != lines_of(content)[0]["root"]
    prefix = [leaf(line["body"].encode()) for line in again_written[1:8]]
    assert recursive_root(prefix).hex() == lines_of(content)[0]["root"] == taken.root.hex()


def test_without_the_list_the_words_would_have_been_there(told, tmp_path, monkeypatch):
    content = written(url(told.file))
    stored_plainly(monkeypatch)
    taken_in(place(tmp_path), content)
    assert on_the_disk(tmp_path, "other.db", WORDS.encode())


def test_words_whose_takedown_is_in_the_file_are_erased_by_that_event(told, tmp_path):
    """The backup was made between the event and the erasure."""
    marks = marks_of(told, "a")
    told.store.append("source:selvane", [takedown("a", marks)])
    taken = taken_in(place(tmp_path), written(url(told.file)), erasures=[erasure(told, "a", 8, marks)], retake=retake)
    assert (taken.retaken, taken.size) == ((), 8)
    again = lines_of(written(place(tmp_path)))
    assert (again[2]["words"]["erased"], again[0]["size"], again[0]["root"]) == (8, 8, taken.root.hex())


def test_a_takedown_at_a_position_where_something_else_stands_is_recorded_once_more(told, tmp_path):
    """The list is of a log that went another way after an earlier restore."""
    down = erasure(told, "a", 7)
    taken = taken_in(place(tmp_path), written(url(told.file)), erasures=[down], retake=retake)
    assert taken.retaken == (down,)


def test_takedowns_of_what_the_file_does_not_hold_are_told(told, tmp_path):
    stranger = erasure(told, "z", 40, ("ab" * 32,))
    known = erasure(told, "b", 6)
    taken = taken_in(place(tmp_path), written(url(told.file)), erasures=[stranger, known], retake=retake)
    assert (taken.unheld, taken.retaken) == ((stranger,), ())


def test_a_takedown_that_cannot_be_recorded_stops_everything(told, tmp_path):
    with pytest.raises(StoreError, match="words of a were taken down"):
        taken_in(place(tmp_path), written(url(told.file)), erasures=[erasure(told, "a", 12)])
    assert emptied(place(tmp_path))


LINE = b'{"position": 3, "commitments": ["' + b"ab" * 32 + b'"], "item": "i", "at": "2016-11-20T10:00:00Z"}'


@pytest.mark.parametrize(
    "line",
    [
        b"{", b"[]", LINE.replace(b"item", b"thing"), LINE.replace(b"abab", b"zzzz"), LINE.replace(b"3", b'"x"', 1),
        LINE.replace(b"2016-11-20T10:00:00Z", b"Tuesday"), LINE.replace(b"00Z", b"00"), LINE.replace(b'"i"', b"7"),
    ],
)  # fmt: skip
def test_a_broken_list_of_takedowns_is_refused_with_its_line(line):
    with pytest.raises(StoreError, match=r"list.jsonl, line 3: this is no takedown"):
        read_erasures(LINE + b"\n\n" + line + b"\n", "list.jsonl")


def test_a_line_that_was_torn_off_at_the_end_of_a_list_is_left_out():
    assert [one.line for one in read_erasures(LINE + b"\n" + LINE[:40], "list.jsonl")] == [LINE]
    assert len(read_erasures(LINE + b"\n" + LINE, "list.jsonl")) == 2


def test_lists_of_takedowns_are_put_together_without_repetitions():
    later = LINE.replace(b"2016", b"2017")
    both = merged([*read_erasures(later + b"\n" + LINE, "one"), *read_erasures(LINE, "two")])
    assert [one.line for one in both] == [LINE, later]


# ---------------------------------------------------------------- size


def test_reading_stops_at_a_line_that_is_far_too_long(monkeypatch, told, tmp_path):
    monkeypatch.setattr("briefing.eventstore.transcript._LINE", 2000)
    lines = lines_of(written(url(told.file)))
    lines[2]["key"] = "0" * 5000
    refused(tmp_path, sealed(lines), "event 2: the file ends, or a line does not")


MEASURE = """
import sys
from pathlib import Path
from briefing.eventstore.transcript import Reader
from briefing.eventstore.transfer import fill, snapshot
from briefing.eventstore.transcript import Header, EXPORT
what, url, file = sys.argv[1:]
if what == "in":
    with open(file, "rb") as source:
        fill(url, Reader(source, file))
else:
    with snapshot(url) as taken, open(file, "wb") as out:
        taken.write(out, Header(kind=EXPORT, size=taken.size, root=taken.root, secret=taken.secret, program="tests"))
print(next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")).split()[1])
"""


@pytest.mark.slow
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the process's peak of memory from /proc")
def test_twelve_thousand_events_go_in_and_out_in_the_memory_of_a_thousand(tmp_path):
    peaks = {}
    for size in (1_000, 12_000):
        entries, header = synthetic(size)
        file, out, db = tmp_path / f"{size}.zst", tmp_path / f"{size}.out", f"sqlite:///{tmp_path}/{size}.db"
        with file.open("wb") as opened:
            writer = Writer(opened, header)
            for entry in entries():
                writer.write(entry)
            writer.end()
        for what, path in (("in", file), ("out", out)):
            done = subprocess.run(
                [sys.executable, "-c", MEASURE, what, db, path], check=True, capture_output=True, text=True
            )
            peaks[what, size] = int(done.stdout)  # kB
        assert out.read_bytes() == file.read_bytes()
    for what in ("in", "out"):
        assert peaks[what, 12_000] < 200_000, peaks
        assert peaks[what, 12_000] - peaks[what, 1_000] < 60_000, peaks


def test_what_a_reader_gave_before_an_error_was_sound(told):
    lines = lines_of(written(url(told.file)))
    lines[5]["words"] = None
    reader = Reader(io.BytesIO(sealed(lines)), "the file")
    found: list[bytes] = []
    with pytest.raises(StoreError, match="the file, event 5: its words are missing"):
        found.extend(entry.body for entry, _, _ in reader.entries())
    assert len(found) == 4


def test_fill_says_how_far_it_is(told, tmp_path, monkeypatch):
    monkeypatch.setattr("briefing.eventstore.transfer._PAGE", 2)
    heard: list[int] = []
    fill(place(tmp_path), Reader(io.BytesIO(written(url(told.file))), "the file"), progress=heard.append)
    assert heard == [2, 4, 6]
