"""What the database itself refuses, whoever asks: the log is append-only."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copy

import pytest

from briefing.eventstore import Outcome, SqlStore, connect
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    observed,
    takedown,
    words,
)

EVENT = "(position, stream, key, blob, body, leaf)"
LIKE_THE_SECOND = (
    f"INTO events {EVENT} SELECT position, stream, key, blob, x'7b7d', leaf FROM events WHERE position = 2"
)
SAME_KEY = f"INTO events {EVENT} SELECT 4, stream, key, blob, x'7b7d', leaf FROM events WHERE position = 2"
LIKE_THE_BLOB = "INTO blobs (id, commitment, salt, data) SELECT id, commitment, salt, x'00' FROM blobs WHERE id = 1"
SAME_MARK = "INTO blobs (id, commitment, salt, data) SELECT 9, commitment, salt, x'00' FROM blobs WHERE id = 1"
ANOTHER_HEAD = "INTO head (id, position, recorded_at, secret, format) SELECT {}, 0, '', x'00', 1 FROM head"
FRESH = f"INTO events {EVENT} VALUES ({{}}, 's', x'beef', NULL, x'7b7d', x'1eaf')"

ATTACKS = {
    "an event's body is changed": "UPDATE events SET body = x'7b7d' WHERE position = 2",
    "an event's key is changed": "UPDATE events SET key = x'00' WHERE position = 2",
    "an event's stream is changed": "UPDATE events SET stream = 'other' WHERE position = 2",
    "an event's words are cut off": "UPDATE events SET blob = NULL WHERE position = 1",
    "an event is moved": "UPDATE events SET position = 4 WHERE position = 3",
    "an event is moved onto another": "UPDATE OR REPLACE events SET position = 2 WHERE position = 3",
    "an event is moved quietly": "UPDATE OR IGNORE events SET position = 2 WHERE position = 3",
    "an event is moved by its row id": "UPDATE events SET rowid = 9 WHERE position = 3",
    "an event is deleted": "DELETE FROM events WHERE position = 2",
    "the last event is deleted": "DELETE FROM events WHERE position = 3",
    "everything is deleted": "DELETE FROM events",
    "an event is inserted over another": f"INSERT {LIKE_THE_SECOND}",
    "an event is replaced": f"INSERT OR REPLACE {LIKE_THE_SECOND}",
    "an event is replaced by another word for it": f"REPLACE {LIKE_THE_SECOND}",
    "an event is replaced by its key": f"INSERT OR REPLACE {SAME_KEY}",
    "an event is inserted or left": f"INSERT OR IGNORE {LIKE_THE_SECOND}",
    "an event is upserted": f"INSERT {LIKE_THE_SECOND} ON CONFLICT (position) DO UPDATE SET body = x'7b7d'",
    "an event is upserted by its key": f"INSERT {SAME_KEY} ON CONFLICT (key) DO UPDATE SET body = x'7b7d'",
    "a position is left out": f"INSERT {FRESH.format(5)}",
    "a position before the first is taken": f"INSERT {FRESH.format(0)}",
    "a position is left to the database": f"INSERT {FRESH.format('NULL')}",
    "a position is no number": f"""INSERT {FRESH.format("'four'")}""",
    "a position is a text over another": f"""INSERT OR REPLACE {FRESH.format("'2'")}""",
    "an event has no key": f"INSERT INTO events {EVENT} VALUES (4, 's', NULL, NULL, x'7b7d', x'1eaf')",
    "words are changed": "UPDATE blobs SET data = x'00' WHERE id = 1",
    "a salt is changed": "UPDATE blobs SET salt = x'00' WHERE id = 1",
    "words are erased without an event": "UPDATE blobs SET salt = x'', data = x'' WHERE id = 1",
    "words that an event erased are written anew": "UPDATE blobs SET salt = x'01', data = x'01' WHERE id = 2",
    "the mark of an erasure is moved": "UPDATE erased SET blob = 1",
    "the mark of an erasure is removed": "DELETE FROM erased",
    "the mark of an erasure is replaced": "INSERT OR REPLACE INTO erased (blob, position) VALUES (2, 1)",
    "words are called erased by nothing": "INSERT INTO erased (blob, position) VALUES (1, 99)",
    "words are called erased by their own event": "INSERT INTO erased (blob, position) VALUES (1, 1)",
    "words are called erased by the takedown of others": "INSERT INTO erased (blob, position) VALUES (1, 3)",
    "words that are not there are called erased": "INSERT INTO erased (blob, position) VALUES (9, 3)",
    "an event's hash is changed": "UPDATE events SET leaf = x'00' WHERE position = 2",
    "words are deleted": "DELETE FROM blobs WHERE id = 1",
    "words are replaced": f"INSERT OR REPLACE {LIKE_THE_BLOB}",
    "words are replaced by their commitment": f"INSERT OR REPLACE {SAME_MARK}",
    "words are upserted": f"INSERT {SAME_MARK} ON CONFLICT (commitment) DO UPDATE SET data = x'00'",
    "the head goes back": "UPDATE head SET position = position - 1",
    "the head goes to the start": "UPDATE head SET position = 0",
    "the head runs ahead of the log": "UPDATE head SET position = position + 1",
    "the head is no number": "UPDATE head SET position = 'end'",
    "the head's time goes back": "UPDATE head SET recorded_at = '2001-01-01'",
    "the head's time runs ahead": "UPDATE head SET recorded_at = '2999-01-01'",
    "the secret is changed": "UPDATE head SET secret = x'00'",
    "the format is changed": "UPDATE head SET format = 99",
    "the head gets another number": "UPDATE head SET id = 2",
    "the head is deleted": "DELETE FROM head",
    "the head is replaced": f"INSERT OR REPLACE {ANOTHER_HEAD.format(1)}",
    "the head is upserted": f"INSERT {ANOTHER_HEAD.format(1)} WHERE true ON CONFLICT (id) DO UPDATE SET position = 0",
    "a second head is added": f"INSERT {ANOTHER_HEAD.format(2)}",
}


def content(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as plain:
        return [line for line in plain.iterdump() if line.startswith("INSERT")]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A log of three events and two payloads; each test works on a copy."""
    file: Path = tmp_path_factory.mktemp("log") / "log.db"
    engine = connect(f"sqlite:///{file}")
    store = SqlStore(engine)
    store.append("source:selvane", [observed("item-1"), observed("item-2", payload=words("B"))])
    store.append("source:selvane", [takedown("item-2", (store.read()[1].event.data()["payload"],))])
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO erased (blob, position) VALUES (2, 3)")
    engine.dispose()
    return file


@pytest.fixture
def file(made, tmp_path):
    return Path(copy(made, tmp_path / "log.db"))


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_the_database_refuses_it_from_any_program(file, name, recursive):
    before = content(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as plain:
        plain.execute(f"PRAGMA recursive_triggers={recursive}")
        with pytest.raises(sqlite3.IntegrityError):
            plain.execute(ATTACKS[name])
    assert content(file) == before


@pytest.mark.parametrize("name", ATTACKS)
def test_the_database_refuses_it_from_our_own_connection(file, name):
    before = content(file)
    engine = connect(f"sqlite:///{file}")
    raw = engine.raw_connection()
    with pytest.raises(sqlite3.IntegrityError):
        raw.cursor().execute(ATTACKS[name])
    raw.close()
    engine.dispose()
    assert content(file) == before


def test_no_attack_is_refused_for_its_grammar_alone(file):
    """Without the guards most of these statements pass, which is what the guards are for."""
    with closing(sqlite3.connect(file, isolation_level=None)) as plain:
        guards = plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (guard,) in guards:
            plain.execute(f"DROP TRIGGER {guard}")
        refused = set()
        for name, attack in ATTACKS.items():
            plain.execute("BEGIN")
            try:
                plain.execute(attack)
            except sqlite3.IntegrityError:  # a constraint of the table stands in its way as well
                refused.add(name)
            plain.execute("ROLLBACK")
    assert refused <= {
        "an event has no key",
        "an event is inserted over another",
        "words are deleted",
        "a position is no number",
    }


def test_a_log_that_was_attacked_goes_on_as_if_nothing_had_happened(file):
    with closing(sqlite3.connect(file, isolation_level=None)) as plain:
        for attack in ATTACKS.values():
            with pytest.raises(sqlite3.IntegrityError):
                plain.execute(attack)
    engine = connect(f"sqlite:///{file}")
    store = SqlStore(engine)
    answers = store.append("source:selvane", [observed("item-1"), observed("item-3", payload=words("C"))])
    assert [(answer.outcome, answer.position) for answer in answers] == [(Outcome.DUPLICATE, 1), (Outcome.APPENDED, 4)]
    assert [recorded.position for recorded in store.read()] == [1, 2, 3, 4]
    engine.dispose()


def test_an_event_cannot_name_words_that_are_not_there(file):
    engine = connect(f"sqlite:///{file}")
    raw = engine.raw_connection()
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        raw.cursor().execute(f"INSERT INTO events {EVENT} VALUES (4, 's', x'beef', 77, x'7b7d', x'1eaf')")
    raw.close()
    engine.dispose()
