"""What was once recorded is understood for ever: old logs are replayed, and what is unknown stops every command."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import old_logs  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
from briefing import demo, events
from briefing.cli.commands import _COMMANDS, main
from briefing.config import load
from briefing.events import EVENTS, UPCASTS, canonical
from briefing.eventstore.merkle import leaf
from briefing.outputs import RENDERER
from briefing.service import Service
from keeping_support import lines_of  # type: ignore[import-not-found]  # the same

if TYPE_CHECKING:
    from pathlib import Path

ISSUES = "briefings/"


def bodies(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line["body"]) for line in lines_of(log.read_bytes())[1:-1]]


@pytest.mark.parametrize("log", old_logs.LOGS, ids=lambda log: log.stem)
def test_an_old_log_gives_the_read_models_and_the_bytes_that_it_gave(log, tmp_path):
    made, said, published = old_logs.replayed(log, tmp_path)
    expected = old_logs.expected(log)
    assert said == expected["said"]
    renderers = {body["data"]["renderer"] for body in bodies(log) if body["type"] == "issue.published"}
    if renderers != {RENDERER}:  # issues say themselves that another version made them
        assert made.differing or made.reissued
        published, expected["published"] = (
            {path: digest for path, digest in one.items() if not path.startswith(ISSUES)}
            for one in (published, expected["published"])
        )
    else:
        assert made.differing == ()
    assert published == expected["published"]


def test_the_old_logs_hold_every_version_of_every_event():
    found = {(body["type"], body["version"]) for log in old_logs.LOGS for body in bodies(log)}
    wanted = {(name, version) for name, kind in EVENTS.items() for version in range(1, kind.VERSION + 1)}
    assert found == wanted, "keep a log with it: python tests/old_logs.py make NAME"


def test_an_old_log_is_understood_by_a_program_whose_events_have_moved_on(monkeypatch, tmp_path):
    """Two events get a second version, one with other fields; the log of today comes out as it does today."""
    fields, sent = events.FIELDS[events.ItemWithdrawn], []

    def withdrawn(data: dict[str, Any]) -> dict[str, Any]:
        sent.append("withdrawn")
        return {
            "item": data["item"],
            "source": data["source"],
            "answer": data["status"],
            "since": data["first_missing"],
        }

    class Later(events.ItemWithdrawn):
        VERSION = 2
        __slots__ = ()

        def __init__(self, *, item: str, source: str, answer: int, since: str) -> None:
            super().__init__(item=item, source=source, status=answer, first_missing=since)

    def failed(data: dict[str, Any]) -> dict[str, Any]:
        sent.append("failed")
        return data | {"detail": data["detail"].strip()}

    monkeypatch.setitem(EVENTS, "item.withdrawn", Later)
    monkeypatch.setitem(events.FIELDS, Later, fields)
    monkeypatch.setitem(UPCASTS, ("item.withdrawn", 1), withdrawn)
    monkeypatch.setattr(events.SourceFailed, "VERSION", 2)
    monkeypatch.setitem(UPCASTS, ("source.failed", 1), failed)
    [log] = [log for log in old_logs.LOGS if log.stem == "2026-11"]
    _, said, published = old_logs.replayed(log, tmp_path)
    assert {"withdrawn", "failed"} <= set(sent)
    assert said == old_logs.expected(log)["said"]
    feeds = {path: digest for path, digest in old_logs.expected(log)["published"].items() if path.startswith("feeds/")}
    assert feeds.items() <= published.items()
    with closing(sqlite3.connect(tmp_path / "briefing.db")) as plain:
        stored = [bytes(body) for (body,) in plain.execute("SELECT body FROM events ORDER BY position")]
    assert stored == [line["body"].encode() for line in lines_of(log.read_bytes())[1:-1]], "nothing is written back"


# ---------------------------------------------------------------- unknown events stop every command

STRANGE = {"an unknown event": ("item.sung", 1), "a newer version": ("source.retired", 9)}
# What needs no log, makes its own, or runs on PostgreSQL only; verify compares bytes and need not understand them.
# doctor says it, and goes on looking.
WITHOUT = {"check", "schema", "demo", "import", "restore", "doctor", "verify", "check-proof", "consistency", "database",
           "scheduler", "worker", "web", "opml", "topics", "bounces"}  # fmt: skip
MORE = {
    "topics": ["preview"],
    "recipients": ["list"],
    "show": ["a"],
    "label": ["a", "straits", "no"],
    "prove": ["a"],
    "takedown": ["a", "--reason", "an order"],
    "export": ["{folder}/file"],
    "backup": ["{folder}/file"],
    "source": ["accept-move", "selvane-mfa-en"],
    "import-page": ["{folder}/sources.yaml", "--source", "selvane-mfa-en"],
}


@pytest.fixture(scope="module", params=STRANGE)
def stranded(request, tmp_path_factory):
    """A published log in which a later program has recorded something, with the options that name it."""
    folder = tmp_path_factory.mktemp("stranded")
    config = folder / "sources.yaml"
    config.write_text(demo.settings("http://127.0.0.1:1", "http://site.example"), encoding="utf-8")
    file = folder / "storage" / "briefing.db"
    with Service(f"sqlite:///{file}", folder / "storage", load(config)) as service:
        service.publish()
        position = service.desk.store.head() + 1
    name, version = STRANGE[request.param]
    at = "2099-01-01T00:00:00.000000+00:00"
    body = canonical(
        {
            "data": {},
            "key": (b"x" * 16).hex(),
            "position": position,
            "recorded_at": at,
            "stream": "source:x",
            "type": name,
            "version": version,
        }
    )
    with closing(sqlite3.connect(file)) as plain, plain:
        row = (position, "source:x", b"x" * 16, body, leaf(body))
        plain.execute("INSERT INTO events (position, stream, key, body, leaf) VALUES (?, ?, ?, ?, ?)", row)
        plain.execute("UPDATE head SET position = ?, recorded_at = ?", (position, at))
    options = ["--config", str(config), "--storage", str(folder / "storage")]
    return options, folder, f"the log holds {name} version {version}, which this program does not know: upgrade it"


def run(*arguments: str) -> tuple[int, str, str]:
    with CliRunner().isolation() as (out, err, _), pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0), out.getvalue().decode(), err.getvalue().decode()


@pytest.mark.parametrize("command", sorted(set(_COMMANDS) - WITHOUT))
def test_every_command_stops_with_one_sentence_where_the_log_is_of_a_later_program(stranded, command):
    options, folder, sentence = stranded
    more = ["--port", str(free_port())] if command == "serve" else MORE.get(command, [])
    more = [part.format(folder=folder) for part in more]
    status, _, err = run(*options, command, *more)
    assert status == 1
    assert err.rstrip().endswith(sentence)
    assert len(err.splitlines()) == 1
    assert not (folder / "file").exists()


def test_doctor_says_it_too(stranded):
    options, _, sentence = stranded
    status, out, _ = run(*options, "doctor", "--json")
    assert status == 1
    assert any(one["said"].endswith(sentence) for one in json.loads(out))


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
