"""Any one byte that is altered in a store is found and named; what was erased by a takedown is not called altered."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import string
from contextlib import closing
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from briefing import events
from briefing.errors import StoreError, UsageError
from briefing.service.desk import Desk
from briefing.service.publishing import publish
from briefing.service.verifying import verify
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    Clock,
    adopted,
    classified,
    fact,
    observed,
    source,
    words,
)
from street_support import (  # type: ignore[import-not-found]  # see log_support
    clock,
    parsing,
    post,
    press,
    rss,
    street,
)
from street_support import source as street_source

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

SIZE = 10_000
WEEK = "2026-W09"


@dataclass(frozen=True, slots=True, kw_only=True)
class Down(events.Event):
    """What a takedown looks like in the log."""

    NAME: ClassVar[str] = "item.taken-down"
    item: str
    source: str
    payloads: tuple[str, ...]
    reason: str
    legal_basis: str


def filled(folder: Any, size: int) -> Desk:
    desk = Desk(f"sqlite:///{folder}/briefing.db", folder, Clock())
    desk.store.append("settings", [adopted()])
    desk.store.append("source:selvane", [source()])
    for start in range(3, size + 1, 1000):
        numbers = range(start, min(start + 1000, size + 1))
        desk.store.append(
            "source:selvane",
            [
                classified(f"item-{n - 1}", 1, "straits")
                if n % 2 == 0
                else observed(f"item-{n}", payload=words(title=f"About {n}"))
                for n in numbers
            ],
        )
    return desk


def altering(folder: Any) -> sqlite3.Connection:
    """The database as somebody sees it who holds the file: without triggers and foreign keys."""
    plain = sqlite3.connect(folder / "briefing.db", isolation_level=None)
    names = [name for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    for name in names:
        plain.execute(f"DROP TRIGGER {name}")
    return plain


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """10,000 events, published and signed."""
    folder = tmp_path_factory.mktemp("big")
    desk = filled(folder, SIZE)
    publish(desk)
    with closing(altering(folder)) as plain:
        yield desk, plain
    desk.close()


@pytest.fixture
def small(tmp_path):
    """300 events, published and signed."""
    desk = filled(tmp_path, 300)
    publish(desk)
    with closing(altering(tmp_path)) as plain:
        yield desk, plain
    desk.close()


def flipped(value: Any, chance: random.Random) -> Any:
    """The value with one bit of one of its bytes turned."""
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(12))
    held = bytearray(value if isinstance(value, bytes) else value.encode())
    held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)
    return bytes(held)


# ---------------------------------------------------------------- nothing is altered


def test_an_untouched_store_is_ok_and_everything_in_it_was_looked_at(big):
    desk, _ = big
    found = verify(desk)
    assert (found.problem, found.events, found.blobs, found.signed) == ("", SIZE, 4999, SIZE)
    assert found.log_files == sum(path.is_file() for path in (desk.public / "log").rglob("*"))


def test_an_empty_log_and_one_that_was_never_signed_are_ok(tmp_path):
    desk = Desk(f"sqlite:///{tmp_path}/briefing.db", tmp_path, Clock())
    assert verify(desk, full=True).ok
    desk.store.append("settings", [adopted()])
    found = verify(desk, full=True)
    assert (found.ok, found.events, found.signed) == (True, 1, 0)
    desk.close()


def test_events_behind_the_last_checkpoint_are_verified_too(small):
    desk, plain = small
    desk.store.append("labels", [classified("item-3", 2, "energy")])
    assert verify(desk).events == 301
    plain.execute("UPDATE events SET key = x'00112233445566778899aabbccddeeff' WHERE position = 301")
    assert verify(desk).problem == "event 301: its key is not the one in its body"


# ---------------------------------------------------------------- one byte in the database


CELLS = [
    ("events", column, place)
    for column in ("position", "stream", "key", "blob", "body", "leaf")
    for place in ("position = 3", "position = 5121", "position = 9999")
]
CELLS += [
    ("blobs", column, place)
    for column in ("id", "commitment", "salt", "data")
    for place in ("id = 1", "id = 2600", "id = 4999")
]


@pytest.mark.parametrize(("table", "column", "place"), CELLS)
def test_one_byte_flipped_in_events_or_blobs_is_found_and_named(big, table, column, place):
    desk, plain = big
    chance = random.Random(f"{table}{column}{place}")
    row, value = plain.execute(f"SELECT rowid, {column} FROM {table} WHERE {place}").fetchone()
    # An event's rowid is its position, a blob's its id: they move with what is flipped.
    after = flipped(value, chance)
    while column in ("position", "id") and plain.execute(f"SELECT 1 FROM {table} WHERE rowid = ?", [after]).fetchone():
        after += 1 << 20
    as_stored = "CAST(? AS TEXT)" if column == "stream" else "?"
    plain.execute(f"UPDATE {table} SET {column} = {as_stored} WHERE rowid = ?", [after, row])
    moved = after if column in ("position", "id") else row
    try:
        found = verify(desk)
    finally:
        plain.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [value, moved])
    position = (
        row if table == "events" else plain.execute("SELECT position FROM events WHERE blob = ?", [row]).fetchone()[0]
    )
    assert not found.ok
    assert f"event {position}:" in found.problem


@pytest.mark.parametrize("column", ["position", "recorded_at", "secret", "format"])
def test_one_byte_flipped_in_the_counter_row_is_found_and_named(small, column):
    desk, plain = small
    (value,) = plain.execute(f"SELECT {column} FROM head").fetchone()
    for seed in range(3):
        after = flipped(value, random.Random(seed))
        plain.execute(f"UPDATE head SET {column} = ?", [after.decode("latin-1") if column == "recorded_at" else after])
        assert any(word in verify(desk).problem for word in ("the counter row", "event 301"))
    plain.execute(f"UPDATE head SET {column} = ?", [value])
    assert verify(desk).ok


def test_bits_of_a_compressed_text_that_do_not_change_the_words_are_found_too(small):
    desk, plain = small
    (data,) = plain.execute("SELECT data FROM blobs WHERE id = 7").fetchone()
    spare = (4, 0x10)  # a bit of the frame's header that no decoder looks at (RFC 8878, section 3.1.1.1.1.3)
    for place, bit in (spare, (0, 1), (40, 1), (len(data) - 1, 1), (len(data) - 4, 128)):
        held = bytearray(data)
        held[place] ^= bit
        plain.execute("UPDATE blobs SET data = ? WHERE id = 7", [bytes(held)])
        assert verify(desk).problem == "event 15: the words in blob 7 are not those that it names"


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("DELETE FROM events WHERE position = 300", "event 300: it is missing"),
        ("DELETE FROM events WHERE position = 3", "event 3: it is missing, what follows is event 4"),
        ("INSERT INTO blobs VALUES (9999, x'00', x'00', x'00')", "blob 9999: no event names it"),
        ("UPDATE head SET position = 299", "the counter row"),
        ("DELETE FROM head", "the log has 0 counter rows, not one"),
        ("UPDATE blobs SET salt = x'', data = x'' WHERE id = 7", "event 15: its words are gone, and no event took"),
        ("INSERT INTO erased VALUES (7, 15)", "blob 7: it is listed as erased by event 15, which does not say so"),
    ],
)
def test_what_somebody_with_the_file_can_do_is_named(small, statement, problem):
    desk, plain = small
    plain.execute(statement)
    assert problem in verify(desk).problem


def test_a_history_rewritten_whole_is_found_by_the_checkpoint(small, tmp_path):
    desk, plain = small
    (tmp_path / "other").mkdir()
    other = filled(tmp_path / "other", 300)
    other.close()
    plain.execute("ATTACH ? AS other", [str(tmp_path / "other" / "briefing.db")])
    for table in ("head", "blobs", "events"):
        plain.execute(f"DELETE FROM main.{table}")
        plain.execute(f"INSERT INTO main.{table} SELECT * FROM other.{table}")
    shutil.rmtree(desk.public / "log" / "tile")
    assert "log/tile/entries/000: it is missing, or not what the log gives" in verify(desk).problem
    with pytest.raises(StoreError, match="the log is not what was signed at 300 events"):
        publish(Desk(f"sqlite:///{tmp_path}/briefing.db", tmp_path, Clock()))


# ---------------------------------------------------------------- one byte in the files of the log


def test_one_byte_flipped_in_any_file_of_the_log_is_found_and_named(big):
    desk, _ = big
    chance = random.Random(1)
    files = sorted(path for path in (desk.public / "log").rglob("*") if path.is_file())
    special = [path for path in files if "entries" not in path.parts and "0" not in path.parts]
    assert len(special) == 3, "a tile of level 1, the checkpoint and the key"
    for path in [*special * 4, *chance.sample(files, 12)]:
        whole = path.read_bytes()
        held = bytearray(whole)
        held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)
        path.write_bytes(held)
        problem = verify(desk).problem
        path.write_bytes(whole)
        assert problem.startswith(f"{path.relative_to(desk.public).as_posix()}:")
    assert verify(desk).ok


def test_every_byte_of_a_checkpoint_counts(small):
    desk, _ = small
    path = desk.public / "log" / "checkpoint"
    whole = path.read_bytes()
    for place in range(len(whole)):
        for bit in (1, 4, 32):
            held = bytearray(whole)
            held[place] ^= bit
            path.write_bytes(held)
            assert verify(desk).problem.startswith("log/checkpoint:"), (place, bit)
    last = whole.rindex(b"=") - 1  # a digit with bits to spare: others stand for the same signature
    for other in set(string.ascii_letters + string.digits) - {chr(whole[last])}:
        path.write_bytes(whole[:last] + other.encode() + whole[last + 1 :])
        assert verify(desk).problem.startswith("log/checkpoint:"), other


def test_a_file_too_many_and_a_file_too_few_are_named(small):
    desk, _ = small
    (desk.public / "log" / "tile" / "0" / "002").write_bytes(b"")
    assert verify(desk).problem == "log/tile/0/002: nothing in the log accounts for it"
    (desk.public / "log" / "tile" / "0" / "002").unlink()
    (desk.public / "log" / "tile" / "0" / "001.p" / "44").unlink()
    assert verify(desk).problem == "log/tile/0/001.p/44: it is missing, or not what the log gives"


# ---------------------------------------------------------------- checkpoints that somebody kept


def test_an_old_checkpoint_that_was_kept_is_found_to_begin_the_log(small, tmp_path):
    desk, _ = small
    kept = tmp_path / "kept"
    shutil.copy(desk.public / "log" / "checkpoint", kept)
    desk.store.append("labels", [classified("item-3", 2, "energy")])
    publish(desk)
    assert verify(desk, checkpoint=kept).ok
    kept.write_text(kept.read_text().replace("\n300\n", "\n301\n"))
    assert "this is no checkpoint signed by desk.example/log" in verify(desk, checkpoint=kept).problem
    with pytest.raises(UsageError, match="cannot be read"):
        verify(desk, checkpoint=tmp_path / "missing")


def test_a_log_that_was_cut_after_its_checkpoint_was_kept_is_found(small, tmp_path):
    desk, _ = small
    desk.store.append("labels", [classified("item-3", 2, "energy")])
    publish(desk)
    shutil.copy(desk.public / "log" / "checkpoint", tmp_path / "kept")
    (tmp_path / "again").mkdir()
    shutil.copy(tmp_path / "log.key", tmp_path / "again" / "log.key")
    again = filled(tmp_path / "again", 300)
    publish(again)
    found = verify(again, checkpoint=tmp_path / "kept")
    assert found.problem == "the given checkpoint: it signs 301 events, and the log holds 300"
    again.close()


# ---------------------------------------------------------------- erased is not altered


@pytest.fixture
def taken_down(small, monkeypatch):
    """A store in which event 301 took down the words of event 15."""
    desk, plain = small
    monkeypatch.setitem(events.EVENTS, Down.NAME, events.EVENTS.get(Down.NAME, Down))
    monkeypatch.setitem(events.FIELDS, Down, ("item", "source", "payloads", "reason", "legal_basis"))
    mark = plain.execute("SELECT commitment FROM blobs WHERE id = 7").fetchone()[0].hex()
    event = Down(item="item-15", source="selvane", payloads=(mark,), reason="court order", legal_basis="")
    desk.store.append("source:selvane", [fact(event, "down")])
    return desk, plain


def test_words_that_a_takedown_names_are_erased_and_not_altered(taken_down):
    desk, plain = taken_down
    assert (verify(desk).ok, verify(desk).unfinished) == (True, (301,))
    plain.execute("INSERT INTO erased VALUES (7, 301)")
    plain.execute("UPDATE blobs SET salt = x'', data = x'' WHERE id = 7")
    found = verify(desk)
    assert (found.ok, found.erased, found.unfinished) == (True, 1, ())


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE erased SET position = 300", "blob 7: it is listed as erased by event 300"),
        ("UPDATE erased SET blob = 8", "blob 8: it is listed as erased by event 301"),
        ("UPDATE erased SET blob = 9000", "blob 9000: it is listed as erased by event 301"),
        ("DELETE FROM erased", "event 15: its words are gone"),
        ("UPDATE blobs SET salt = x'', data = x'' WHERE id = 8", "event 17: its words are gone"),
        ("UPDATE blobs SET salt = x'00' WHERE id = 7", "event 15: the words in blob 7"),
    ],
)
def test_an_erasure_covers_only_what_its_takedown_names(taken_down, statement, problem):
    desk, plain = taken_down
    plain.execute("INSERT INTO erased VALUES (7, 301)")
    plain.execute("UPDATE blobs SET salt = x'', data = x'' WHERE id = 7")
    plain.execute(statement)
    assert problem in verify(desk).problem


# ---------------------------------------------------------------- read models and documents


@pytest.fixture
def desk(street, press, clock):
    made = street(street_source("a", "/a", press))
    for number in (510, 515):
        press.says("/a", rss([post(number), post(511, title=f"Herring – «la mer» и сельдь 鰊 {number}")]))
        read = made.one("a")
        assert (read.failure, made.state("a")) == ("", "ok"), read
        made.service.classify()
        made.service.publish()
        made.service.brief(week=WEEK)
        clock.forward(days=1)
    assert len(made.events("item.revised")) == 1
    return made


def test_a_store_with_issues_and_feeds_is_ok_in_full(desk):
    found = verify(desk.desk, full=True)
    assert (found.problem, found.issues, found.older, found.checkpoints) == ("", 2, 0, 3)
    assert found.feeds > 8
    assert found.rows > 10


def test_a_document_that_the_log_does_not_know_is_named(desk):
    planted = desk.public / "briefings" / "weekly" / WEEK / "v3" / "index.html"
    planted.parent.mkdir()
    planted.write_text("<p>Never published.")
    name = f"briefings/weekly/{WEEK}/v3/index.html"
    assert verify(desk.desk, full=True).problem == f"{name}: nothing in the log accounts for it"


def test_one_value_altered_in_the_read_models_is_found_and_named(desk):
    cells = [
        ("items", "title", "'x'"), ("items", "archive", "archive + 2"), ("item_keys", "item", "'x'"),
        ("revisions", "position", "position + 1"), ("changes", "at", "at || 'x'"), ("sources", "spec", "'{}'"),
        ("issues", "hashes", "'{}'"), ("adopted", "position", "0"), ("labels", "score", "score + 1"),
        ("marks", "position", "0"),
    ]  # fmt: skip
    with closing(sqlite3.connect(desk.folder / "briefing.db", isolation_level=None)) as plain:
        for table, column, value in cells:
            rows = plain.execute(f"SELECT * FROM {table}").fetchall()
            plain.execute(f"UPDATE {table} SET {column} = {value}")
            problem = verify(desk.desk, full=True).problem
            plain.execute(f"DELETE FROM {table}")
            plain.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
            assert problem.startswith(f"table {table}, row "), table
            assert column in problem.rpartition(": ")[2] or "it is missing" in problem
    assert verify(desk.desk, full=True).ok


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE checkpoints SET position = position + 512", r"table checkpoints, row library: it stands at \d+, and"),
        ("UPDATE checkpoints SET position = position - 1", "table "),
        ("UPDATE checkpoints SET name = 'librarz'", "table checkpoints, row librarz: the read models are not those of"),
        ("UPDATE checkpoints SET version = 1", "table checkpoints, row library: the read models are not those of"),
        ("UPDATE published SET position = 4096 WHERE name = 'feeds'", "table published, row feeds: it stands at 4096"),
        ("UPDATE head SET id = 3", "the counter row: its id"),
    ],
)
def test_marks_of_progress_that_were_moved_are_found_and_named(desk, statement, problem):
    with closing(altering(desk.folder)) as plain:
        plain.execute(statement)
    assert re.match(problem, verify(desk.desk, full=True).problem)


def test_a_rebuild_gives_the_same_log_files_after_many_small_publications(desk, tmp_path):
    before = desk.files()
    assert desk.service.rebuild().differing == ()
    assert desk.files() == before
    assert {path for path in before if path.startswith("log/")} >= {"log/checkpoint", "log/log.vkey"}
