"""A takedown that is killed anywhere is finished by the next command: no words, the log whole, the same files."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import time
from typing import Any

import pytest

from briefing.eventstore import SqlStore
from briefing.projections import Library
from briefing.service import Service, takedown
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    child,
    clock,
    files,
    parsing,
    press,
    street,
)
from takedown_support import (  # type: ignore[import-not-found]  # see street_support
    everywhere,
    found,
    item_of,
    paged,
    tokens,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

KILLS = int(os.environ.get("BRIEFING_KILLS", "12"))
GOLDEN = 0.618034  # its multiples, modulo one, spread evenly whatever their number

# Imports once and forks for every call, as in the tests of the street: until it is asked how a call ended, the number
# of its process stays taken.
CALLS = """
import os, pickle, sys, traceback
from pathlib import Path
from briefing.service import Service
import briefing.service.publishing, briefing.service.takedown

settings = pickle.loads(Path(sys.argv[1]).read_bytes())

def call(what, folder, item):
    with Service(f"sqlite:///{folder}/briefing.db", Path(folder), settings) as service:
        if what == "takedown":
            service.takedown(item, "a court says so")
        else:
            service.publish()

print("ready", flush=True)
while line := sys.stdin.readline():
    process = os.fork()
    if process == 0:
        try:
            call(*line.split())
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(process, flush=True)
    sys.stdin.readline()
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""


class Caller:
    """Calls the service in processes of their own, one after the other."""

    def __init__(self, configured: Any) -> None:
        self.zygote = child(CALLS, str(configured), stdin=subprocess.PIPE)
        assert self.zygote.stdout.readline() == "ready\n"

    def start(self, what: str, folder: Any, item: str) -> int:
        return self._told(f"{what} {folder} {item}")

    def ended(self) -> int:
        return self._told("how did it end?")

    def call(self, what: str, folder: Any, item: str) -> None:
        self.start(what, folder, item)
        assert self.ended() == 0

    def _told(self, line: str) -> int:
        self.zygote.stdin.write(f"{line}\n")
        self.zygote.stdin.flush()
        return int(self.zygote.stdout.readline())

    def end(self) -> None:
        self.zygote.communicate(timeout=60)


def test_killed_at_any_moment_a_takedown_is_finished_by_the_next_command(street, press, tmp_path):
    made = everywhere(street, press)
    item = item_of(made).id
    configured = tmp_path / "settings.pickle"
    configured.write_bytes(pickle.dumps(made.settings))
    made.close()
    caller = Caller(configured)
    try:
        calm = shutil.copytree(made.folder, tmp_path / "calm")
        began = time.monotonic()
        caller.call("takedown", calm, item)
        lasts = time.monotonic() - began
        for number in range(1, KILLS + 1):
            folder = shutil.copytree(made.folder, tmp_path / f"killed-{number}")
            process = caller.start("takedown", folder, item)
            time.sleep(lasts * (number * GOLDEN % 1))
            os.kill(process, signal.SIGKILL)
            assert caller.ended() in (-signal.SIGKILL, 0)
            caller.call("publish", folder, item)
            assert bool(found(folder, tokens())) != taken_down(folder), "either nothing has happened yet, or all of it"
            caller.call("takedown", folder, item)
            assert_clean(folder, item)
            shutil.rmtree(folder)
        assert_clean(calm, item)
    finally:
        caller.end()


class Killed(BaseException):
    """What no step can catch."""


STEPS = {
    "the list": (takedown, "_list"),
    "the erasure": (SqlStore, "erase"),
    "the addresses": (takedown, "forget"),
    "the leftovers": (takedown, "sweep"),
    "the feeds": (takedown, "publish"),
    "the issues": (takedown, "_reissue"),
    "the mark": (Library, "put_published"),
    "the log files": (takedown, "truncate_log_files"),
}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_before_or_after_any_step_it_is_finished_by_the_next_command(street, press, monkeypatch, step, after):
    made = paged(street, press)
    item = item_of(made).id
    owner, name = STEPS[step]
    does = getattr(owner, name)

    def dies(*arguments: Any, **named: Any) -> Any:
        if after:
            does(*arguments, **named)
        raise Killed

    monkeypatch.setattr(owner, name, dies)
    with pytest.raises(Killed):
        made.service.takedown(item, "a court says so")
    monkeypatch.undo()
    made.service.publish()
    made.close()
    assert_clean(made.folder, item)


def taken_down(folder: Any) -> bool:
    with Service(f"sqlite:///{folder}/briefing.db", folder) as service:
        service.desk.projector.catch_up()
        return bool(service.desk.library.takedowns())


def assert_clean(folder: Any, item: str) -> None:
    """No word is left, the log has no gap and one takedown, and what is published is what the log says."""
    assert found(folder, tokens()) == {}
    assert not [path for path in files(folder) if path.endswith(".part") or ".aside-" in path]
    assert len((folder / "erasures.jsonl").read_text().splitlines()) == 1
    with Service(f"sqlite:///{folder}/briefing.db", folder) as service:
        told = service.desk.store.read(0, 1000)
        assert [one.position for one in told] == list(range(1, len(told) + 1))
        assert [one.event.data()["item"] for one in told if one.event.NAME == "item.taken-down"] == [item]
        published = files(folder / "public")
        assert service.rebuild().differing == ()
        assert files(folder / "public") == published
