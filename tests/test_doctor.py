"""What doctor finds: each fault in one sentence with its mending, and nothing changed by looking."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine

from briefing import demo
from briefing.cli.commands import main
from briefing.config import load
from briefing.events import canonical
from briefing.eventstore import SqlStore, connect, inspection
from briefing.eventstore.merkle import leaf
from briefing.service import Service, doctoring
from keeping_support import url  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
from log_support import observed, source  # type: ignore[import-not-found]  # the same
from street_support import files  # type: ignore[import-not-found]  # the same

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2020, 11, 23, 12, tzinfo=UTC)  # before any clock that runs this


class Patient:
    """A storage with a published log, its rights in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.storage = folder / "storage"
        self.database = self.storage / "briefing.db"
        self.config = folder / "sources.yaml"
        self.config.write_text(demo.settings("http://127.0.0.1:1", "http://site.example"), encoding="utf-8")
        self.url = str(url(self.database))
        with Service(self.url, self.storage, load(self.config), lambda: NOW) as service:
            service.publish()
        self.database.chmod(0o640)

    def examine(self, now=NOW):
        return doctoring.examine(self.url, self.storage, self.config, load, now)

    def found(self, subject, now=NOW):
        """What is not as it should be with a subject."""
        return [one for one in self.examine(now) if one.subject == subject and one.state != "ok"]

    def one(self, subject, now=NOW):
        [one] = self.found(subject, now)
        return one.state, one.said, one.mend

    def plain(self, *statements):
        with closing(sqlite3.connect(self.database, isolation_level=None)) as plain:
            for (guard,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                plain.execute(f"DROP TRIGGER {guard}")
            for statement, values in statements:
                plain.execute(statement, values)


@pytest.fixture
def patient(tmp_path):
    return Patient(tmp_path)


def run(*arguments: str) -> tuple[int, str, str]:
    with CliRunner().isolation() as (out, err, _), pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0), out.getvalue().decode(), err.getvalue().decode()


def test_a_healthy_desk_has_nothing_wrong(patient, monkeypatch):
    monkeypatch.setattr(inspection, "sqlite_warning", lambda: "")
    assert {one.state for one in patient.examine()} == {"ok"}
    subjects = {one.subject for one in patient.examine()}
    assert subjects == {
        "program", "database", "settings", "log", "read models", "published", "clock", "configuration", "rights", "key",
        "disk",
    }  # fmt: skip


def test_looking_changes_nothing(patient):
    before = {name: body for name, body in files(patient.folder).items() if not name.endswith(("-wal", "-shm"))}
    patient.examine()
    after = {name: body for name, body in files(patient.folder).items() if not name.endswith(("-wal", "-shm"))}
    assert after == before


def test_where_nothing_is_nothing_is_made(tmp_path):
    status, out, _ = run("--storage", str(tmp_path / "none"), "--config", str(tmp_path / "none.yaml"), "doctor")
    assert status == 1, "without a configuration nothing works"
    for said in ("there is no log at", "there is no such file", "there is no folder", "1 wrong, 2 warnings"):
        assert said in " ".join(out.split())
    assert list(tmp_path.iterdir()) == []


def test_the_command_is_readable_on_eighty_columns_and_by_programs(patient, monkeypatch):
    monkeypatch.setattr("rich.console.Console.width", 80)
    options = ["--storage", str(patient.storage), "--config", str(patient.config), "doctor"]
    status, out, _ = run(*options)
    assert (status, all(len(line) <= 80 for line in out.splitlines())) == (0, True)
    assert out.splitlines()[0].startswith("state")
    status, out, _ = run(*options, "--json")
    assert status == 0
    assert {tuple(sorted(one)) for one in json.loads(out)} == {("mend", "said", "state", "subject")}
    (patient.storage / "log.key").write_text("open to all")
    (patient.storage / "log.key").chmod(0o644)
    assert run(*options)[0] == 1


def test_an_sqlite_that_can_damage_its_file_is_named_with_the_reason(patient, monkeypatch):
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 40, 1))
    state, said, mend = patient.one("database")
    assert (state, "3.51.3" in mend) == ("warning", True)
    assert "can damage a database that several processes write at once" in said


@pytest.mark.parametrize("damage", ["garbage", "page"])
def test_a_damaged_file_is_found(patient, damage):
    size = patient.database.stat().st_size
    with patient.database.open("r+b") as file:
        if damage == "page":
            file.seek(size // 16384 * 8192)
        file.write(os.urandom(6000))
    [*_, one] = patient.found("database")
    assert (one.state, "restore a backup" in one.mend) == ("wrong", True)


def test_a_file_made_by_another_program_is_slower(tmp_path, patient):
    with closing(sqlite3.connect(tmp_path / "old.db", isolation_level=None)) as plain:
        plain.execute("PRAGMA page_size=4096")
        plain.execute("CREATE TABLE x (y)")
    patient.url = f"sqlite:///{tmp_path}/old.db"
    assert patient.one("settings")[:2] == (
        "warning",
        "page_size is 4096, not 8192: the file is larger and slower than need be",
    )
    assert patient.one("log")[1] == "the database holds no log yet"


def test_a_clock_behind_the_log_is_wrong(patient):
    assert patient.found("clock", NOW) == []
    state, said, _ = patient.one("clock", NOW - timedelta(minutes=5))
    assert (state, said) == ("wrong", "this machine's clock is 5 min behind the log's last event")


def test_a_zone_that_nobody_knows_is_named(patient, monkeypatch):
    monkeypatch.setenv("TZ", "Mars/Olympus")
    assert 'TZ names "Mars/Olympus"' in patient.one("clock")[1]
    for known in ("Asia/Tokyo", ":Europe/Moscow", "JST-9", "UTC"):
        monkeypatch.setenv("TZ", known)
        assert patient.found("clock") == []


def test_every_fault_of_the_configuration_is_named(patient):
    patient.config.write_text(
        patient.config.read_text().replace("kind: page", "kind: pag").replace("country:", "land:")
    )
    found = patient.found("configuration")
    assert len(found) > 1
    assert {one.state for one in found} == {"wrong"}
    assert all(one.said.startswith(f"{patient.config}:") for one in found)


@pytest.mark.parametrize(
    ("name", "mode", "expected"),
    [
        ("", 0o757, "rights: wrong, chmod o-w"),
        ("briefing.db", 0o666, "rights: wrong, chmod o-w"),
        ("briefing.db", 0o644, "rights: warning, chmod o-r"),
        ("log.key", 0o640, "key: wrong, chmod 600"),
        ("erasures.jsonl", 0o604, "rights: wrong, chmod 600"),
    ],
)
def test_what_others_may_read_or_write_is_named_with_its_mending(patient, name, mode, expected):
    path = patient.storage / name
    if not path.exists():
        path.touch()
    path.chmod(mode)
    subject = expected.partition(":")[0]
    state, _, mend = patient.one(subject)
    assert f"{subject}: {state}, {mend}" == f"{expected} {path}"


def test_a_key_that_is_there_and_private_is_fine_and_one_that_is_gone_is_not(patient):
    assert patient.found("key") == []
    (patient.storage / "log.key").unlink()
    assert patient.one("key")[0] == "wrong"


def test_read_models_behind_and_ahead_of_the_log_are_told_apart(patient):
    engine = connect(patient.url)
    SqlStore(engine, lambda: NOW).append("source:x", [source("x"), observed("a", "x")])
    engine.dispose()
    assert patient.one("read models")[:2] == ("warning", "2 events behind the log")
    patient.plain(("UPDATE checkpoints SET position = 9999", ()))
    assert patient.one("read models")[0] == "wrong"
    patient.plain(("UPDATE checkpoints SET version = 0", ()))
    assert patient.one("read models")[0] == "warning"


def test_a_log_of_a_newer_program_is_told(patient):
    body = canonical({"data": {}, "position": 99, "stream": "s", "type": "item.sung", "version": 1})
    insert = "INSERT INTO events (position, stream, key, body, leaf) SELECT position + 1, 's', x'ab', ?, ? FROM head"
    patient.plain((insert, (body, leaf(body))), ("UPDATE head SET position = position + 1", ()))
    state, said, mend = patient.one("log")
    assert (state, mend) == ("wrong", "install the newer program again")
    assert "item.sung version 1, which this program does not know" in said


def test_a_head_that_does_not_fit_its_log_is_wrong(patient):
    patient.plain(("UPDATE head SET position = position + 1", ()))
    assert patient.one("log")[0] == "wrong"


def test_published_files_that_are_gone_are_missed(patient):
    (patient.storage / "public" / "feeds.opml").unlink()
    assert patient.one("published")[0] == "warning"


def test_leftovers_of_a_killed_process_are_named(patient):
    (patient.storage / "public" / ".briefing-all.rss.part").touch()
    (patient.storage / "sources.77.part").touch()
    assert patient.one("leftovers")[1].startswith("2 half-written files")


@pytest.mark.parametrize(
    ("free", "files_left", "states"),
    [(2 * 1024**3, 10**6, []), (1024**2, 10**6, ["wrong"]), (500 * 1024**2, 9_000, ["warning", "warning"]),
     (2 * 1024**3, 100, ["wrong"])],
)  # fmt: skip
def test_room_that_runs_out_is_told_in_time(patient, monkeypatch, free, files_left, states):
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    monkeypatch.setattr("os.statvfs", lambda _: SimpleNamespace(f_files=10**7, f_favail=files_left))
    assert [one.state for one in patient.found("disk")] == states


def test_a_postgresql_server_is_asked_for_its_settings_and_its_clock(postgres):
    engine = create_engine(postgres.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        found = {one.subject: one for one in inspection.postgresql(connection, NOW)}
        theirs = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        now = [one.subject for one in inspection.postgresql(connection, theirs)]
    engine.dispose()
    assert found["database"].said.startswith("PostgreSQL ")
    assert found["settings"].said.startswith("fsync is off, not on"), "the server of the tests is fast and careless"
    assert found["clock"].state == "warning"
    assert "clock" not in now
