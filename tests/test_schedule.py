"""`briefing serve` as people run it: a process of its own, over the demo's press world."""

from __future__ import annotations

import json
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from briefing import demo

PATIENCE = 60.0  # seconds; a bound for a machine under load, not an expectation


class Served:
    """A running service: its site, and what it says line by line."""

    def __init__(self, process, site):
        self.process = process
        self.site = site
        self.said: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.process.stdout:
            self.said.put(line.rstrip())

    def wait_for(self, *words):
        """Lines up to the one that holds these words."""
        lines: list[str] = []
        while not (lines and all(word in lines[-1] for word in words)):
            lines.append(self.said.get(timeout=PATIENCE))
        return lines

    def get(self, path):
        with urllib.request.urlopen(f"{self.site}{path}", timeout=PATIENCE) as answer:
            return answer.read().decode()

    def until(self, condition):
        """Wait until a condition holds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end
            time.sleep(0.1)


@pytest.fixture
def place(tmp_path):
    """A world, its base address, and a folder with its configuration."""
    world = demo.World(date(2026, 11, 23))
    with demo.serve(world) as base:
        config = tmp_path / "sources.yaml"
        config.write_text(demo.settings(base, "http://site.example"), encoding="utf-8")
        yield world, config, tmp_path / "storage"


@contextmanager
def served(config, storage):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("briefing"), "--config", config, "--storage", storage, "serve"]
    process = subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    service = Served(process, f"http://127.0.0.1:{port}")
    try:
        service.wait_for("serving")
        yield service
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def stop(service):
    service.process.send_signal(signal.SIGTERM)
    service.wait_for("stopped")
    return service.process.wait(PATIENCE)


def test_the_log_is_signed_as_it_grows_and_a_witness_gets_each_checkpoint_or_is_named(place, tmp_path):
    _, config, storage = place
    notary = tmp_path / "notary"
    config.write_text(f"{config.read_text(encoding='utf-8')}log: {{witness: {notary}}}\n", encoding="utf-8")
    with served(config, storage) as service:
        (told,) = service.wait_for("the witness did not take the checkpoint")[-1:]
        assert "it gets the next one" in told
        notary.mkdir()
        config.write_text(config.read_text(encoding="utf-8").replace("title:", "title: The", 1), encoding="utf-8")
        service.until(lambda: any(notary.glob("checkpoint-*")))
        kept = max(notary.glob("checkpoint-*"), key=lambda path: int(path.name.partition("-")[2]))
        assert kept.read_text(encoding="utf-8").startswith(f"site.example/log\n{kept.name.partition('-')[2]}\n")
        assert stop(service) == 0


def status(config, storage):
    command = [Path(sys.executable).with_name("briefing"), "--config", config, "--storage", storage, "status", "--json"]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


@pytest.mark.slow
def test_items_are_collected_classified_and_published_by_themselves_and_sigterm_ends_it_cleanly(place):
    _, config, storage = place
    with served(config, storage) as service:
        feed = storage / "public" / "feeds" / "all.json"
        service.until(lambda: feed.exists() and len(json.loads(feed.read_text())["items"]) > 50)
        assert "<html" in service.get("/")
        assert json.loads(service.get("/healthz"))["status"] == "ok"
        service.until(lambda: any((storage / "public" / "briefings").glob("*/2*/index.html")))
        assert stop(service) == 0
    known = status(config, storage)
    assert {source["state"] for source in known["sources"]} <= {"ok", "quiet"}
    assert all(source["next_run"] > source["last_success"] for source in known["sources"])


@pytest.mark.slow
def test_a_restart_asks_no_source_before_it_is_due(place):
    _, config, storage = place
    with served(config, storage) as service:
        service.until((storage / "public" / "feeds" / "all.json").exists)
        service.until(lambda: all(source["last_success"] for source in status(config, storage)["sources"]))
        stop(service)
    before = status(config, storage)
    with served(config, storage) as service:
        service.until(lambda: json.loads(service.get("/healthz"))["status"] == "ok")
        stop(service)
    assert [source["next_run"] for source in status(config, storage)["sources"]] == [
        source["next_run"] for source in before["sources"]
    ]


@pytest.mark.slow
def test_a_changed_configuration_is_taken_over_and_a_broken_one_refused(place):
    _, config, storage = place
    good = config.read_text(encoding="utf-8")
    with served(config, storage) as service:
        config.write_text(good.replace("institution: ministry", "institution: ministy", 1), encoding="utf-8")
        lines = service.wait_for("stays in force")
        assert any("ministy" in line for line in lines)
        assert json.loads(service.get("/healthz"))["status"] == "ok"
        config.write_text(good.replace("title: Tern Strait Watch", "title: Watch of the Strait", 1), encoding="utf-8")
        service.wait_for("taken over")
        service.until(lambda: "Watch of the Strait" in service.get("/"))
        assert stop(service) == 0


def test_a_port_that_is_taken_is_told_in_a_sentence(place):
    _, config, storage = place
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [Path(sys.executable).with_name("briefing"), "--config", config, "--storage", storage, "serve"]
        done = subprocess.run(
            [*command, "--port", str(taken.getsockname()[1])],
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "port" in done.stderr
