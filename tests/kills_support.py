"""What the tests that kill share: processes forked from one that has imported everything, a press that says more at
every step, and what must hold afterwards. `BRIEFING_KILLS` sets how many kills, for a long campaign.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from briefing.eventstore import connect, writing
from briefing.projections import Projector, comparing
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    HTML,
    LISTED,
    MAIN,
    child,
    listing,
    post,
    rss,
    source,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from briefing.model import Settings

GOLDEN = 0.618034  # its multiples, modulo one, spread evenly whatever their number

# Until it is asked how one of its children ended, an ended one keeps its number, so that none of anybody else's is ever
# killed. One processor is enough: each run would start a parsing process for every one that it sees.
_ZYGOTE = """
import importlib, json, os, pickle, sys, traceback
from pathlib import Path
from briefing.service import Service

settings = pickle.loads(Path(sys.argv[1]).read_bytes())
for name in sys.argv[2:]:
    importlib.import_module(name)
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

def call(url, folder, verbs):
    with Service(url, Path(folder), settings) as service:
        for verb, arguments in verbs:
            getattr(service, verb)(**arguments)

def command(arguments, log):
    from briefing.cli import main
    opened = os.open(log, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    for number in (0, 1, 2):
        os.dup2(opened, number)
    main(arguments)

def start(does):
    process = os.fork()
    if process:
        return process
    status = 0
    try:
        does()
    except SystemExit as ended:
        status = ended.code or 0
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    os._exit(status)

def running(process):
    return os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

def ended(process):
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])

does = {
    "call": lambda *given: start(lambda: call(*given)),
    "command": lambda *given: start(lambda: command(*given)),
    "running": running,
    "ended": ended,
}
print("ready", flush=True)
while line := sys.stdin.readline():
    what, *given = json.loads(line)
    print(json.dumps(does[what](*given)), flush=True)
"""
_VERBS = ("briefing.service.collecting", "briefing.service.issuing", "briefing.service.publishing",
          "briefing.service.takedown")  # fmt: skip


def kills(usually: int) -> int:
    """How many kills."""
    return int(os.environ.get("BRIEFING_KILLS", usually))


class Zygote:
    """Starts verbs and commands in processes of their own, by their numbers."""

    def __init__(self, configured: Path, *modules: str, **environment: str) -> None:
        self._children: set[int] = set()
        self._process = child(_ZYGOTE, str(configured), *_VERBS, *modules, stdin=subprocess.PIPE, **environment)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def start(self, url: str, folder: Path, *verbs: str | tuple[str, dict[str, Any]]) -> int:
        """Call verbs of a service, one after the other."""
        asked = [(one, {}) if isinstance(one, str) else one for one in verbs]
        return self._started("call", url, str(folder), asked)

    def command(self, log: Path, *arguments: str) -> int:
        """Run the command line; what it says goes into a file."""
        return self._started("command", list(map(str, arguments)), str(log))

    def run(self, url: str, folder: Path, *verbs: str | tuple[str, dict[str, Any]]) -> None:
        """Call verbs, and wait for their end, which must be a good one."""
        assert self.ended(self.start(url, folder, *verbs)) == 0

    def running(self, process: int) -> bool:
        return bool(self._told("running", process))

    def ended(self, process: int) -> int:
        """How it ended; waits for that."""
        self._children.discard(process)
        return int(self._told("ended", process))

    def kill(self, process: int) -> int:
        """SIGKILL, and how it ended: it may have been quicker."""
        os.kill(process, signal.SIGKILL)
        return self.ended(process)

    def stop(self, process: int) -> int:
        """SIGTERM, and how it ended."""
        os.kill(process, signal.SIGTERM)
        return self.ended(process)

    def end(self) -> None:
        for process in list(self._children):
            self.kill(process)
        self._process.communicate(timeout=60)

    def _started(self, what: str, *given: object) -> int:
        process = int(self._told(what, *given))
        self._children.add(process)
        return process

    def _told(self, *line: object) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(line)}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def zygote(folder: Path, settings: Settings | None, *modules: str, **environment: str) -> Iterator[Zygote]:
    """A process that starts verbs with these settings, and commands."""
    configured = folder / "settings.pickle"
    configured.write_bytes(pickle.dumps(settings))
    made = Zygote(configured, *modules, **environment)
    try:
        yield made
    finally:
        made.end()


def wait(condition: Callable[[], object], seconds: float, pause: float = 0.005) -> bool:
    """Until a condition holds, or time is over; whether it holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


# ---------------------------------------------------------------- a press that grows


class Growing:
    """A press that says more at every step: two feeds, and a listing with pages of their own."""

    def __init__(self, press: Any) -> None:
        self.press = press
        self.step = 0
        self.sources = (
            source("one", "/one", press),
            source("two", "/two", press, institution="think-tank"),
            source("list", "/list", press, kind="page", listing=LISTED, article=MAIN),
        )

    def grow(self) -> None:
        self.step += 1
        numbers = range(500, 500 + 3 * self.step)
        edited = post(500, title=f"Edited {self.step} times")
        self.press.says("/one", rss([*map(post, reversed(numbers[1:])), edited]))
        self.press.says("/two", rss([post(number + 1000) for number in reversed(numbers)]))
        pages = [(f"/page-{number}.html", f"Page {number}", "2026-02-27") for number in range(self.step)]
        self.press.says("/list", listing(pages), content_type=HTML)
        for url, title, _ in pages:
            self.press.shows(url, title, f"{title} says that the harbour has a berth for every boat.")

    @property
    def items(self) -> int:
        return 3 * self.step * 2 + self.step


# ---------------------------------------------------------------- what must hold after each kill


class Witness:
    """Remembers what the log acknowledged, and looks after each kill whether it is all there and folded."""

    def __init__(self, desk: Any) -> None:
        self._desk = desk
        self._engine = connect("sqlite:///:memory:")
        self._projector = Projector(self._engine, desk.store, writing)
        self._leaves: list[bytes] = []

    def look(self) -> None:
        """What was in the log is where it was, and the read models are the fold of it up to their checkpoint."""
        leaves = self._all()
        assert leaves[: len(self._leaves)] == self._leaves
        self._leaves = leaves
        with comparing.snapshot(self._desk.engine) as found:
            self._projector.catch_up(upto=comparing.position(found))
            with comparing.snapshot(self._engine) as wanted:
                assert comparing.difference(found, wanted)[0] == ""

    def close(self) -> None:
        self._engine.dispose()

    def _all(self) -> list[bytes]:
        leaves: list[bytes] = []
        while page := self._desk.store.leaves(len(leaves)):
            leaves += page
        return leaves
