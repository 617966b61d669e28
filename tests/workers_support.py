"""Many processes of `briefing` on one PostgreSQL, and a press that notes when it is asked."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    post,
    rss,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from street_support import Press

PATIENCE = 60.0  # seconds; a bound for a machine under load, not an expectation
HEARTBEAT = "0.5"
_BRIEFING = Path(sys.executable).with_name("briefing")


class Noted(list[Any]):
    """Requests, and when each came."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[tuple[str, float]] = []

    def append(self, asked: Any) -> None:
        self.times.append((asked.path, time.monotonic()))
        super().append(asked)


def noting(press: Press) -> list[tuple[str, float]]:
    """From now on a press notes path and time of each request."""
    noted = Noted()
    press.asked = noted
    return noted.times


def configuration(feeds: Iterable[tuple[str, str]], spacing: str = "0s", per_host: int = 8, **more: Any) -> str:
    """A sources.yaml of these feeds, each an id and an address."""
    fields = {"institution": "ministry", "country": "XA", "language": "en", "timezone": "UTC", "every": "1h"}
    sources = [{"id": name, "name": f"The {name} office", "url": url, **fields} for name, url in feeds]
    site = {
        "title": "Harbour Watch", "url": "http://site.example", "language": "en", "timezone": "UTC",
        "contact": "a@b.example",
    }  # fmt: skip
    fetch = {"spacing": spacing, "per_host": per_host, "timeout": "20s", "allow_networks": ["127.0.0.0/8"]}
    topics = [{"id": "harbour", "name": "Harbour", "phrases": {"en": ["harbour*"]}}]
    return json.dumps({"site": site, "fetch": fetch, "sources": sources, "topics": topics, **more})  # JSON is YAML


def feed(press: Press, path: str, *numbers: int) -> str:
    """A feed with these items at a path; its address."""
    press.says(path, rss(map(post, numbers)))
    return f"{press.base}{path}"


class Process:
    """A running command, and what it says line by line."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **environment}
        )
        self.lines: list[str] = []
        self._said: queue.Queue[str | None] = queue.Queue()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            self._said.put(line.rstrip())
        self._said.put(None)

    def wait_for(self, words: str) -> None:
        """Until a line has these words."""
        while True:
            line = self._said.get(timeout=PATIENCE)
            assert line is not None, self.lines
            if words in line:
                return

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        self.kill()
        self._thread.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def office(folder: Path, url: str, text: str):
    """Start commands on one configuration and database: `start("worker", "--concurrency", "2")`."""
    config = folder / "sources.yaml"
    config.write_text(text, encoding="utf-8")
    common = [_BRIEFING, "--config", config, "--storage", folder / "storage", "--database", url]
    running: list[Process] = []

    def start(*command: str) -> Process:
        running.append(Process([*map(str, common), *command], {"BRIEFING_HEARTBEAT": HEARTBEAT}))
        return running[-1]

    try:
        yield start
    finally:
        for one in running:
            one.end()


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
