"""Export, import, backup and restore as people use them: files, rights, refusals, kills."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from briefing import events
from briefing.cli.commands import main
from briefing.errors import OutputError, UsageError
from briefing.eventstore import New, SqlStore, connect
from briefing.service import Service, keeping
from briefing.service.private import private_file
from keeping_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    emptied,
    lines_of,
    marks_of,
    retake,
    sealed,
    takedown,
    url,
    written,
)
from log_support import Shelf, observed, revised, words  # type: ignore[import-not-found]  # the same
from street_support import Clock, child, files, settings, source  # type: ignore[import-not-found]  # the same

SENTENCE = "The harbour master reported an unrepeatable herring."
WEEK = "2026-W09"


class Office:
    """A storage folder with a log, a key, a list of takedowns and a configuration, and the command line on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.storage = folder / "storage"
        self.config = folder / "sources.yaml"
        self.url = str(url(self.storage / "briefing.db"))

    def run(self, *arguments: str) -> tuple[int, str, str]:
        options = ["--config", str(self.config), "--storage", str(self.storage)]
        with CliRunner().isolation() as (out, err, _), pytest.raises(SystemExit) as ended:
            main([*options, *arguments])
        return int(ended.value.code or 0), out.getvalue().decode(), err.getvalue().decode()

    def public(self) -> dict[str, bytes]:
        found: dict[str, bytes] = files(self.storage / "public")
        return found


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    office = Office(folder)
    office.config.write_text("# the editor's own words\n", encoding="utf-8")
    with Service(
        office.url, office.storage, settings(source("selvane", "https://selvane.example/", None)), Clock()
    ) as at:
        at.adopt()
        text = words(title="Herring in the harbour", text=SENTENCE)
        news = [observed("a", payload=text), observed("b"), revised("b", 2), *(observed(f"i{n}") for n in range(20))]
        at.desk.store.append("source:selvane", news)
        at.classify()
        at.publish()
        at.brief(week=WEEK)
    return office


@pytest.fixture
def office(made, tmp_path):
    """A copy of it."""
    shutil.copytree(made.folder, tmp_path / "office")
    return Office(tmp_path / "office")


@pytest.fixture
def empty(tmp_path):
    (tmp_path / "empty").mkdir()
    return Office(tmp_path / "empty")


def head_of(place: str) -> int:
    engine = connect(place)
    found = SqlStore(engine).head()
    engine.dispose()
    return found


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# ---------------------------------------------------------------- export and import


def test_an_export_is_its_owners_alone_and_comes_back_with_the_same_published_bytes(office, empty):
    file = office.folder / "log.zst"
    status, out, _ = office.run("export", str(file))
    root = lines_of(file.read_bytes())[0]["root"]
    assert status == 0
    assert f"root {root}" in out
    assert "for its owner alone: it holds the log's secret" in out
    assert mode(file) == 0o600
    status, out, _ = empty.run("import", str(file), "--json")
    assert (status, json.loads(out)["root"]) == (0, root)
    with Service(empty.url, empty.storage) as service:
        assert service.desk.projector.position() == service.desk.store.head(), "the read models are up"
        service.rebuild()
    unsigned = [
        {path: body for path, body in one.public().items() if not path.startswith(("log/checkpoint", "log/log.vkey"))}
        for one in (empty, office)
    ]
    assert unsigned[0] == unsigned[1], "all but what another key signed"
    again = empty.folder / "again.zst"
    assert empty.run("export", str(again))[0] == 0
    assert again.read_bytes() == file.read_bytes()


def test_a_file_that_is_there_is_replaced_by_force_only(office):
    file = office.folder / "log.zst"
    file.write_text("mine")
    for command in ("export", "backup"):
        status, _, err = office.run(command, str(file))
        assert (status, file.read_text()) == (2, "mine")
        assert "is there already: name another file, or say --force" in err
    assert office.run("export", str(file), "--force")[0] == 0
    assert mode(file) == 0o600
    assert len(file.read_bytes()) > 1000
    assert [path.name for path in office.folder.glob(".*")] == []


@pytest.mark.slow
def test_an_export_goes_through_a_pipe_into_an_import(office, empty):
    briefing = [str(Path(sys.executable).with_name("briefing"))]
    sending = [*briefing, "--storage", str(office.storage), "export", "-"]
    taking = [*briefing, "--storage", str(empty.storage), "import", "-", "--json"]
    with subprocess.Popen(sending, stdout=subprocess.PIPE) as out:
        done = subprocess.run(taking, stdin=out.stdout, capture_output=True, check=True)
    assert out.returncode == 0
    assert json.loads(done.stdout)["size"] == head_of(office.url)
    assert written(empty.url) == written(office.url)


@pytest.mark.parametrize("command", ["export", "backup"])
def test_where_there_is_no_log_none_is_made(empty, command):
    status, _, err = empty.run(command, str(empty.folder / "file"))
    assert status == 1
    assert "there is no log at" in err
    assert list(empty.folder.iterdir()) == []


def test_a_database_without_a_log_is_left_as_it_is(empty):
    empty.storage.mkdir()
    (empty.storage / "briefing.db").touch()
    status, _, err = empty.run("export", str(empty.folder / "file"))
    assert (status, err) == (1, "the database holds no log: check --storage and --database\n")


@pytest.mark.parametrize(
    ("command", "content", "status", "sentence"),
    [
        ("import", b"", 1, "is no export or backup of briefing"),
        ("import", b"lunch", 1, "is no export or backup of briefing"),
        ("restore", b"lunch", 1, "is no export or backup of briefing"),
        ("import", None, 2, "cannot be read (No such file or directory)"),
    ],
)
def test_a_file_of_another_kind_is_refused_and_nothing_is_made(empty, command, content, status, sentence):
    file = empty.folder / "file"
    if content is not None:
        file.write_bytes(content)
    found, _, err = empty.run(command, str(file))
    assert (found, sentence in err) == (status, True)
    assert not empty.storage.exists()


def test_an_export_is_imported_and_a_backup_restored(office, empty):
    log, saved = office.folder / "log.zst", office.folder / "saved.zst"
    assert office.run("export", str(log))[0] == office.run("backup", str(saved))[0] == 0
    assert empty.run("import", str(saved))[::2] == (2, f"{saved} is a backup: briefing restore takes it\n")
    assert empty.run("restore", str(log))[::2] == (2, f"{log} is an export: briefing import takes it\n")
    assert not empty.storage.exists()


def test_an_import_leaves_out_what_the_list_of_takedowns_in_its_storage_names(office, empty, monkeypatch):
    monkeypatch.setattr(keeping, "taken_down", retake)
    file = office.folder / "log.zst"
    office.run("export", str(file))
    empty.storage.mkdir()
    (empty.storage / "erasures.jsonl").write_bytes(line_of(office, "a"))
    assert empty.run("import", str(file))[0] == 0
    assert SENTENCE not in json.dumps(lines_of(written(empty.url)))


# ---------------------------------------------------------------- backup and restore


def line_of(office: Office, item: str, position: int = 900) -> bytes:
    """The line that a takedown leaves in the list."""
    shelf = Shelf(office.storage, name="briefing.db")
    marks = marks_of(shelf, item)
    shelf.close()
    line = {
        "position": position, "commitments": marks, "item": item, "at": "2026-03-05T10:00:00.000000+00:00",
        "reason": "An order of the court", "legal_basis": "Art. 17",
    }  # fmt: skip
    return json.dumps(line).encode() + b"\n"


def restored(empty: Office, file: Path, **more: object) -> keeping.Restored:
    with file.open("rb") as opened:
        return keeping.restore(empty.url, empty.storage, empty.config, opened, str(file), **more)  # type: ignore[arg-type]


def test_a_backup_brings_everything_back(office, empty):
    file = office.folder / "saved.zst"
    status, out, _ = office.run("backup", str(file))
    assert (status, mode(file)) == (0, 0o600)
    assert "and log.key, sources.yaml written to" in out
    assert "and read back" in out
    status, out, _ = empty.run("restore", str(file))
    assert status == 0
    assert f"{empty.config} was written from the backup" in out
    assert written(empty.url) == written(office.url)
    assert empty.public() == office.public() != {}
    assert (empty.storage / "log.key").read_bytes() == (office.storage / "log.key").read_bytes()
    assert mode(empty.storage / "log.key") == mode(empty.config) == 0o600
    assert empty.config.read_bytes() == office.config.read_bytes()


def test_an_editors_file_is_never_written_over(office, empty):
    file = office.folder / "saved.zst"
    office.run("backup", str(file))
    empty.config.write_text("# newer\n")
    status, out, _ = empty.run("restore", str(file))
    assert (status, empty.config.read_text()) == (0, "# newer\n")
    assert "is there already and stays" in out


def test_a_backup_is_made_while_others_write(office, empty):
    file = office.folder / "saved.zst"
    with Service(office.url, office.storage) as service:
        count = [0]

        def append(_what: str, _done: int, _total: int) -> None:
            count[0] += 1
            service.desk.store.append("source:selvane", [observed(f"meanwhile-{count[0]}")])

        page = pytest.MonkeyPatch()
        page.setattr("briefing.eventstore.transfer._PAGE", 5)
        kept = keeping.backup(office.url, office.storage, office.config, file, progress=append)
        page.undo()
        assert service.desk.store.head() > kept.size
    assert count[0] > 3
    assert restored(empty, file).size == kept.size


def test_what_cannot_be_read_back_is_no_backup(office, monkeypatch):
    from briefing.eventstore.transcript import Writer

    whole = Writer.write

    def losing(self, entry):
        if b'"item-' not in entry.body and b'"position":9,' not in entry.body:
            whole(self, entry)

    monkeypatch.setattr(Writer, "write", losing)
    file = office.folder / "saved.zst"
    status, _, err = office.run("backup", str(file))
    assert status == 1
    assert "event 9: here stands the event of position 10" in err
    assert not file.exists()
    assert office.run("backup", str(file), "--no-check")[0] == 0, "which is what --no-check leaves out"


def test_words_taken_down_after_the_backup_do_not_come_back(office, empty):
    file, newer = office.folder / "saved.zst", office.folder / "newer.jsonl"
    office.run("backup", str(file))
    newer.write_bytes(line_of(office, "a"))
    found = restored(empty, file, erasures=newer, retake=retake)
    assert (found.retaken, found.unheld) == (("a",), ())
    assert (empty.storage / "erasures.jsonl").read_bytes() == newer.read_bytes()
    assert mode(empty.storage / "erasures.jsonl") == 0o600
    text = json.dumps(lines_of(written(empty.url)))
    assert (SENTENCE in text, "Both sides met" in text) == (False, True)
    everything = b"".join(path.read_bytes() for path in empty.storage.rglob("*") if path.is_file())
    assert b"unrepeatable herring" not in everything
    with Service(empty.url, empty.storage) as service:
        assert service.desk.projector.position() == service.desk.store.head() == found.size + 1


def test_the_list_inside_a_backup_is_followed_as_well(office, empty):
    (office.storage / "erasures.jsonl").write_bytes(line_of(office, "a"))
    file = office.folder / "saved.zst"
    office.run("backup", str(file))
    assert restored(empty, file, retake=retake).retaken == ("a",)
    assert (empty.storage / "erasures.jsonl").exists()


def test_a_takedown_that_is_in_the_backup_comes_back_as_it_is(office, empty):
    shelf = Shelf(office.storage, name="briefing.db")
    marks = marks_of(shelf, "a")
    shelf.store.append("source:selvane", [takedown("a", marks)])
    place = shelf.store.head()
    shelf.close()
    (office.storage / "erasures.jsonl").write_bytes(line_of(office, "a", place))
    file = office.folder / "saved.zst"
    office.run("backup", str(file))
    found = restored(empty, file, retake=retake)
    assert (found.retaken, found.size) == ((), place)
    assert lines_of(written(empty.url))[0]["root"] == found.root


def test_the_command_records_a_later_takedown_once_more(office, empty):
    file, newer = office.folder / "saved.zst", office.folder / "newer.jsonl"
    office.run("backup", str(file))
    stranger = {"position": 7, "commitments": ["ab" * 32], "item": "gone", "at": "2026-03-05T10:00:00+00:00"}
    newer.write_bytes(line_of(office, "a") + json.dumps(stranger).encode() + b"\n")
    status, out, err = empty.run("restore", str(file), "--erasures", str(newer))
    assert (status, err) == (0, "")
    assert "taken down after this backup, recorded once more: a" in out
    assert "taken down, and not in this backup: gone" in out


@pytest.mark.slow
def test_what_the_command_takedown_leaves_is_what_a_restore_of_an_older_backup_needs(office, empty):
    file = office.folder / "saved.zst"
    office.run("backup", str(file))
    assert office.run("takedown", "a", "--reason", "An order of the court")[0] == 0
    status, out, err = empty.run("restore", str(file), "--erasures", str(office.storage / "erasures.jsonl"))
    assert (status, err) == (0, "")
    assert "recorded once more: a" in out
    everything = b"".join(path.read_bytes() for path in empty.storage.rglob("*") if path.is_file())
    assert SENTENCE.encode() not in everything
    assert (empty.storage / "erasures.jsonl").exists()
    assert empty.run("verify")[0] == 0
    saved = office.folder / "later.zst"
    assert office.run("backup", str(saved))[0] == 0
    later = Office(empty.folder)
    later.storage = empty.folder / "later"
    later.url = f"sqlite:///{later.storage}/briefing.db"
    assert later.run("restore", str(saved))[0] == 0
    assert later.public() == office.public()
    assert later.run("verify")[0] == 0


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("a log", "the log here holds 1 events already"),
        ("another key", "is the key of another log"),
        ("published files", "holds published files already"),
    ],
)
def test_a_backup_goes_into_an_empty_storage_only(office, empty, what, sentence):
    file = office.folder / "saved.zst"
    office.run("backup", str(file))
    empty.storage.mkdir()
    if what == "a log":
        engine = connect(empty.url)
        SqlStore(engine).append("s", [New(event=events.SourceRetired(source="x"), key="x")])
        engine.dispose()
    elif what == "another key":
        (empty.storage / "log.key").write_text("another")
    else:
        (empty.storage / "public").mkdir()
        (empty.storage / "public" / "feeds.opml").write_text("mine")
    before = files(empty.storage)
    with pytest.raises((UsageError, Exception), match=sentence):
        restored(empty, file)
    assert files(empty.storage) == before


def test_a_broken_backup_leaves_an_empty_log_and_no_key(office, empty):
    file = office.folder / "saved.zst"
    office.run("backup", str(file))
    lines = lines_of(file.read_bytes())
    lines[0]["program"] = "another one"
    file.write_bytes(sealed(lines))
    status, _, err = empty.run("restore", str(file))
    assert (status, "the last line: it does not fit" in err) == (1, True)
    assert emptied(empty.url)
    assert not (empty.storage / "log.key").exists()
    assert not empty.config.exists()


def test_a_list_of_takedowns_that_is_not_there_stops_the_restore(office, empty):
    file = office.folder / "saved.zst"
    office.run("backup", str(file))
    status, _, err = empty.run("restore", str(file), "--erasures", str(office.folder / "none.jsonl"))
    assert status == 1
    assert "none.jsonl cannot be read" in err
    assert not empty.storage.exists()


# ---------------------------------------------------------------- one file at a time


def test_two_processes_do_not_write_one_file_at_once(tmp_path):
    target = tmp_path / "file"
    with private_file(target) as first:
        first.write(b"whole")
        with pytest.raises(OutputError, match="another process writes this file"), private_file(target):
            pass
    assert target.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_a_file_whose_writing_fails_is_not_there(tmp_path):
    def failing() -> None:
        with private_file(tmp_path / "file") as file:
            file.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        failing()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_taken_over(tmp_path):
    part = tmp_path / ".file.part"
    part.write_bytes(b"half, and longer than the next one")
    part.chmod(0o644)
    with private_file(tmp_path / "file") as file:
        file.write(b"whole")
    assert (tmp_path / "file").read_bytes() == b"whole"
    assert mode(tmp_path / "file") == 0o600
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_a_link_laid_where_the_file_is_written_is_not_followed(tmp_path):
    (tmp_path / "victim").write_text("mine")
    (tmp_path / ".file.part").symlink_to(tmp_path / "victim")
    with pytest.raises(OutputError), private_file(tmp_path / "file"):
        pass
    assert (tmp_path / "victim").read_text() == "mine"


# ---------------------------------------------------------------- killed

# Imports once and forks for every call; a call waits after each step until it is told to go on.
CALLS = """
import json, os, sys, traceback
from pathlib import Path
from briefing.eventstore import transfer
from briefing.service import keeping, private
transfer._PAGE = 4

def wait(*said):
    print(*said, flush=True)
    sys.stdin.readline()

put, sync = keeping.put_private, private._sync
keeping.put_private = lambda *a: (wait("file", 0), put(*a), wait("file", 1))
private._sync = lambda *a: (sync(*a), wait("synced"))

def call(what, url, storage, config, file):
    storage, config, file = Path(storage), Path(config), Path(file)
    if what == "import":
        with file.open("rb") as source:
            keeping.import_log(url, storage, source, "file", progress=wait)
    elif what == "restore":
        with file.open("rb") as source:
            keeping.restore(url, storage, config, source, "file", progress=wait)
    else:
        keeping.backup(url, storage, config, file, progress=wait)

while line := sys.stdin.readline():
    child = os.fork()
    if not child:
        print(os.getpid(), flush=True)
        try:
            call(*json.loads(line))
        except BaseException:
            traceback.print_exc()
        os._exit(0)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


@pytest.fixture(scope="module")
def kill_at():
    """Call something in a process of its own and kill that at a step; says whether it came so far."""
    calls = child(CALLS, stdin=subprocess.PIPE)
    assert calls.stdin is not None
    assert calls.stdout is not None

    def tell(line: str) -> str:
        calls.stdin.write(f"{line}\n")
        calls.stdin.flush()
        return str(calls.stdout.readline())

    def kill(step: int, what: str, office: Office, file: Path) -> bool:
        process = int(tell(json.dumps([what, office.url, *map(str, (office.storage, office.config, file))])))
        said = calls.stdout.readline()
        for _ in range(step):
            if said == "ended\n":
                return False
            said = tell("")
        if said == "ended\n":
            return False
        os.kill(process, signal.SIGKILL)
        assert calls.stdout.readline() == "ended\n"
        return True

    yield kill
    calls.communicate(timeout=60)


@pytest.mark.slow
@pytest.mark.parametrize("step", [0, 2, 5])
def test_an_import_that_is_killed_leaves_nothing_and_is_run_again(office, empty, step, kill_at):
    file = office.folder / "log.zst"
    office.run("export", str(file))
    assert kill_at(step, "import", empty, file)
    assert emptied(empty.url)
    assert empty.run("import", str(file))[0] == 0
    assert lines_of(written(empty.url))[1:-1] == lines_of(file.read_bytes())[1:-1]


@pytest.mark.parametrize("step", [0, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16])
@pytest.mark.slow
def test_a_restore_that_is_killed_is_run_again_or_ended_by_a_rebuild(office, empty, step, kill_at):
    file = office.folder / "saved.zst"
    office.run("backup", str(file))
    kill_at(step, "restore", empty, file)
    if emptied(empty.url):
        assert empty.run("restore", str(file))[0] == 0
    else:
        status, _, err = empty.run("restore", str(file))
        assert (status, "briefing rebuild makes the rest" in err) == (1, True)
        assert empty.run("rebuild")[0] == 0
    assert written(empty.url) == written(office.url)
    assert empty.public() == office.public()
    assert (empty.storage / "log.key").read_bytes() == (office.storage / "log.key").read_bytes()
    assert empty.config.read_bytes() == office.config.read_bytes()


@pytest.mark.parametrize("step", [0, 2, 5, 8, 11])
def test_a_backup_that_is_killed_leaves_no_file_of_that_name_and_is_run_again(office, step, kill_at):
    file = office.folder / "saved.zst"
    kill_at(step, "backup", office, file)
    if not file.exists():
        assert office.run("backup", str(file))[0] == 0
    assert file.stat().st_size > 1000
    assert [path.name for path in office.folder.glob(".*")] == []
    assert lines_of(file.read_bytes())[-1]["end"] == head_of(office.url)
