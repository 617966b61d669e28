"""Killed anywhere, or run twice at once: nothing is lost, nothing is doubled, and no file is half."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from briefing.service.collecting import MOST_PAGES
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    HTML,
    LISTED,
    MAIN,
    child,
    clock,
    listing,
    parsing,
    post,
    press,
    rss,
    source,
    street,
)

if TYPE_CHECKING:
    from pathlib import Path

    from street_support import (
        Street,
    )

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

KILLS = int(os.environ.get("BRIEFING_KILLS", "15"))
GOLDEN = 0.618034  # its multiples, modulo one, spread evenly whatever their number
WEEK = "2026-W09"

# Imports once and forks for every run: it prints the process of each run and, once asked, how that ended. Until then
# an ended process keeps its number, so that none of anybody else's is ever killed.
RUNS = """
import os, pickle, sys, traceback
from pathlib import Path
from briefing.service import Service

def run(settings, folder, week):
    with Service(f"sqlite:///{folder}/briefing.db", Path(folder), settings) as service:
        service.collect()
        service.classify()
        service.publish()
        service.brief(week=week)

settings = pickle.loads(Path(sys.argv[1]).read_bytes())
print("ready", flush=True)
while line := sys.stdin.readline():
    process = os.fork()
    if process == 0:
        try:
            run(settings, line.strip(), sys.argv[2])
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(process, flush=True)
    sys.stdin.readline()
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""


class Runner:
    """Runs the verbs in processes of their own, one after the other."""

    def __init__(self, configured: Path) -> None:
        self.zygote = child(RUNS, str(configured), WEEK, stdin=subprocess.PIPE)
        assert self.zygote.stdout.readline() == "ready\n"

    def start(self, folder: Path) -> int:
        return self._told(str(folder))

    def ended(self) -> int:
        return self._told("how did it end?")

    def _told(self, line: str) -> int:
        self.zygote.stdin.write(f"{line}\n")
        self.zygote.stdin.flush()
        return int(self.zygote.stdout.readline())

    def run(self, made: Any) -> None:
        self.start(made.folder)
        assert self.ended() == 0
        made.desk.projector.catch_up()

    def end(self) -> None:
        self.zygote.communicate(timeout=60)


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


@pytest.fixture
def growing(press):
    return Growing(press)


@pytest.fixture
def runners(tmp_path):
    """Make runners of streets that are configured alike."""
    running = []

    def begin(made: Street):
        configured = tmp_path / "settings.pickle"
        configured.write_bytes(pickle.dumps(made.settings))
        running.append(Runner(configured))
        return running[-1]

    yield begin
    for runner in running:
        runner.end()


def whole(made: Street):
    """What is held of every item, whatever the number of looks it took."""
    items = made.items()
    held = made.desk.library.held([item.id for item in items])
    return sorted((item.source, item.title, item.published.value, held[item.id].text, labels(item)) for item in items)


def labels(item: Any) -> list[str]:
    return sorted(label.topic for label in item.labels)


def assert_sound(made: Street):
    """The log has no gap and no fact twice, and what is published is what the log says."""
    head = made.head()
    positions = [one.position for start in range(0, head, 500) for one in made.desk.store.read(start, 500)]
    assert positions == list(range(1, head + 1))
    facts = Counter(
        (event.NAME, event.item, getattr(event, "revision", 1), getattr(event, "keys", None))
        for event in made.events("item.")
    )
    assert {fact for fact, times in facts.items() if times > 1} == set()
    versions: dict[str, list[int]] = {}
    for event in made.events("item.revised"):
        versions.setdefault(event.item, [1]).append(event.revision)
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in versions.values())
    issues = [event.version for event in made.events("issue.published")]
    assert issues == list(range(1, len(issues) + 1))
    published = made.files()
    assert made.service.rebuild().differing == ()
    assert made.files() == published
    assert not [path for path in published if path.endswith(".part")]


def test_killed_at_any_moment_the_street_goes_on_where_it_was(street, press, growing, runners):
    growing.grow()
    calm, harried = street(*growing.sources), street(*growing.sources)
    runner = runners(calm)
    began = time.monotonic()
    runner.run(calm)
    lasts = time.monotonic() - began
    for number in range(1, KILLS + 1):
        growing.grow()
        process = runner.start(harried.folder)
        time.sleep(lasts * (number * GOLDEN % 1))
        os.kill(process, signal.SIGKILL)
        assert runner.ended() in (-signal.SIGKILL, 0)
    for _ in range(1 + KILLS // MOST_PAGES):  # a visit reads so many pages at most
        runner.run(harried)
        runner.run(calm)
    assert len(harried.items()) == growing.items
    assert whole(harried) == whole(calm)
    assert_sound(harried)
    assert_sound(calm)


def test_two_processes_on_one_storage_at_once_lose_and_double_nothing(street, growing, runners, tmp_path):
    growing.grow()
    made = street(*growing.sources)
    both = [runners(made), runners(made)]
    shared = tmp_path / "street-1"  # not there yet: they make it together
    for _ in range(3):
        growing.grow()
        for runner in both:
            runner.start(shared)
        assert [runner.ended() for runner in both] == [0, 0]
    made = street(*growing.sources)
    assert made.folder == shared
    made.desk.projector.catch_up()
    assert len(made.items()) == growing.items
    assert_sound(made)
