"""Tables of older versions, of this one, and of later ones."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from briefing.errors import StoreError
from briefing.eventstore import Outcome, SqlStore, connect, upgrading, writing
from briefing.eventstore.merkle import leaf
from briefing.eventstore.schema import metadata, unguard
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    observed,
    revised,
    words,
)

ROOT = Path(__file__).parent.parent
STORED = Path(__file__).parent / "data" / "logs"  # logs as older versions wrote them; kept for ever
WRITER = """
import sys
from briefing import events
from briefing.eventstore import New, SqlStore, connect

store = SqlStore(connect(sys.argv[1]))
answers = store.append(sys.argv[2], [New(event=events.SourceRecovered(source=sys.argv[2]), key=sys.argv[2])])
print(answers[0].position)
"""


@pytest.fixture
def old(tmp_path):
    """A log of seven events as the first version wrote it."""
    file = tmp_path / "log.db"
    with closing(sqlite3.connect(file)) as plain:
        plain.executescript((STORED / "0001.sql").read_text(encoding="utf-8"))
    return file


def rows(file, query):
    with closing(sqlite3.connect(file)) as plain:
        return plain.execute(query).fetchall()


def tables(file):
    """Tables, indexes and triggers as they are written down, but for white space."""
    kept = rows(file, "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2")
    return [(*names, re.sub(r"\s+|(?<=\()\s|\s(?=\))", " ", sql or "").replace("( ", "(")) for *names, sql in kept]


def test_a_log_of_the_first_version_keeps_every_event_and_goes_on(old):
    before = rows(old, "SELECT position, stream, key, blob, body FROM events")
    secret = rows(old, "SELECT secret FROM head")
    engine = connect(f"sqlite:///{old}")
    store = SqlStore(engine)
    assert rows(old, "SELECT position, stream, key, blob, body FROM events") == before
    assert rows(old, "SELECT secret FROM head") == secret
    assert rows(old, "SELECT leaf FROM events") == [(leaf(body),) for *_, body in before]
    assert rows(old, "PRAGMA integrity_check") == [("ok",)]
    assert rows(old, "PRAGMA foreign_key_check") == []
    [*_, second, _, _, _] = store.read(payloads=True)
    assert second.payload == words("会談の結果", "Стороны встретились. Они договорились.")
    again = store.append("source:selvane", [revised("item-1", 2), observed("item-3")])
    assert [(one.outcome, one.position) for one in again] == [(Outcome.DUPLICATE, 5), (Outcome.APPENDED, 8)]
    engine.dispose()


def test_an_upgraded_log_has_the_tables_and_the_guards_of_a_new_one(old, tmp_path):
    for file in (old, tmp_path / "new.db"):
        engine = connect(f"sqlite:///{file}")
        SqlStore(engine)
        engine.dispose()
    assert tables(old) == tables(tmp_path / "new.db")
    assert rows(old, "SELECT version_num FROM alembic_version") == [(upgrading.REVISIONS[-1],)]
    assert rows(old, "SELECT format FROM head") == [(upgrading.FORMAT,)]


def test_an_upgrade_that_fails_leaves_the_log_as_it_was(old):
    with closing(sqlite3.connect(old)) as plain:
        plain.execute("CREATE TABLE erased (a)")  # the last table that the upgrade makes
    before, content = tables(old), rows(old, "SELECT * FROM events")
    engine = connect(f"sqlite:///{old}")
    with pytest.raises(Exception, match="erased"):
        SqlStore(engine)
    engine.dispose()
    assert (tables(old), rows(old, "SELECT * FROM events")) == (before, content)


@pytest.mark.slow
def test_processes_that_meet_an_old_log_at_once_upgrade_it_once(old):
    command = [sys.executable, "-c", WRITER, f"sqlite:///{old}"]
    writers = [
        subprocess.Popen([*command, f"w{number}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for number in range(3)
    ]
    told = [writer.communicate() for writer in writers]
    assert [(writer.returncode, error) for writer, (_, error) in zip(writers, told, strict=True)] == [(0, "")] * 3
    assert Counter(int(out) for out, _ in told) == Counter([8, 9, 10])


def test_a_log_that_is_older_only_in_its_format_gets_the_guards_back(database_url):
    engine = connect(database_url)
    SqlStore(engine)
    with writing(engine) as connection:
        unguard(connection)
        connection.exec_driver_sql(f"UPDATE head SET format = {upgrading.FORMAT - 1}")
    store = SqlStore(engine)
    store.append("s", [observed("item-1")])
    with engine.connect() as connection:
        assert connection.execute(text("SELECT format FROM head")).scalar() == upgrading.FORMAT
    with pytest.raises(Exception, match="append-only"), writing(engine) as connection:
        connection.exec_driver_sql("DELETE FROM events")
    engine.dispose()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE alembic_version SET version_num = '0999'", "the log's tables have version 0999, this program knows"),
        ("UPDATE head SET format = 99", "the log has format 99, this program knows"),
    ],
)
def test_a_log_of_a_later_version_is_refused_and_left_alone(database_url, change, said):
    engine = connect(database_url)
    SqlStore(engine)
    with writing(engine) as connection:
        unguard(connection)
        connection.exec_driver_sql(change)
    with pytest.raises(StoreError, match=rf"{said} \d+: upgrade it"):
        SqlStore(engine)
    engine.dispose()


def test_a_log_that_is_current_is_opened_without_alembic(database_url):
    program = (
        "import sys\nfrom briefing.eventstore import SqlStore, connect\nSqlStore(connect(sys.argv[1]))\n"
        "print('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", program, database_url]
    for _ in ("new", "current"):
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert said == "False\n"


def test_the_program_knows_the_steps_that_there_are():
    config = Config()
    config.set_main_option("script_location", "briefing.eventstore:migrations")
    script = ScriptDirectory.from_config(config)
    assert tuple(step.revision for step in reversed(list(script.walk_revisions()))) == upgrading.REVISIONS


def test_the_first_step_makes_what_the_first_version_had(tmp_path, old):
    engine = connect(f"sqlite:///{tmp_path}/steps.db")
    with writing(engine) as connection:
        upgrading.run_steps(connection, to="0001")
    engine.dispose()
    made = [one for one in tables(tmp_path / "steps.db") if "alembic" not in one[1] and "alembic" not in one[2]]
    assert made == [one for one in tables(old) if one[0] != "trigger"]


def test_every_table_of_the_log_is_under_the_steps_and_under_the_guards():
    assert set(metadata.tables) == {"head", "blobs", "events", "erased", "alembic_version"}


def test_the_wheel_brings_the_steps(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    names = ZipFile(wheel).namelist()
    steps = [name for name in names if re.fullmatch(r"briefing/eventstore/migrations/versions/r\d+_\w+\.py", name)]
    assert len(steps) == len(upgrading.REVISIONS)
    assert "briefing/eventstore/migrations/env.py" in names
