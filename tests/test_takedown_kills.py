"""A takedown that is killed anywhere is finished by the next command: no words, the log whole, the same files."""

from __future__ import annotations

import shutil
import signal
import time
from typing import Any

import pytest

from briefing.delivery import files as delivery
from briefing.eventstore import SqlStore
from briefing.projections import Library
from briefing.service import Service, takedown
from kills_support import GOLDEN, kills, zygote  # type: ignore[import-not-found]  # see street_support
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
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

pytestmark = pytest.mark.slow

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

REASON = "a court says so"


@pytest.mark.timeout(3600)
def test_killed_at_any_moment_a_takedown_is_finished_by_the_next_command(street, press, tmp_path):
    made = everywhere(street, press)
    item = item_of(made).id
    made.close()
    down = ("takedown", {"item": item, "reason": REASON})
    with zygote(tmp_path, made.settings) as forks:
        calm = shutil.copytree(made.folder, tmp_path / "calm")
        began = time.monotonic()
        forks.run(url(calm), calm, down)
        lasts = time.monotonic() - began
        for number in range(1, kills(5) + 1):
            folder = shutil.copytree(made.folder, tmp_path / f"killed-{number}")
            process = forks.start(url(folder), folder, down)
            time.sleep(lasts * (number * GOLDEN % 1))
            assert forks.kill(process) in (-signal.SIGKILL, 0)
            forks.run(url(folder), folder, "publish")
            assert bool(found(folder, tokens())) != taken_down(folder), "either nothing has happened yet, or all of it"
            forks.run(url(folder), folder, down)
            assert_clean(folder, item)
            shutil.rmtree(folder)
    assert_clean(calm, item)


def url(folder: Any) -> str:
    return f"sqlite:///{folder}/briefing.db"


class Killed(BaseException):
    """What no step can catch."""


STEPS = {
    "the list": (takedown, "_list"),
    "the erasure": (SqlStore, "erase"),
    "the addresses": (takedown, "forget"),
    "the leftovers": (delivery, "publish"),
    "the folders": (takedown, "sweep"),
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
        made.service.takedown(item, REASON)
    monkeypatch.undo()
    made.service.publish()
    made.close()
    assert_clean(made.folder, item)


def taken_down(folder: Any) -> bool:
    with Service(url(folder), folder) as service:
        service.desk.projector.catch_up()
        return bool(service.desk.library.takedowns())


def assert_clean(folder: Any, item: str) -> None:
    """No word is left, the log has no gap and one takedown, and what is published is what the log says."""
    assert found(folder, tokens()) == {}
    assert not [path for path in files(folder) if path.endswith(".part") or ".aside-" in path]
    assert len((folder / "erasures.jsonl").read_text().splitlines()) == 1
    with Service(url(folder), folder) as service:
        told = service.desk.store.read(0, 1000)
        assert [one.position for one in told] == list(range(1, len(told) + 1))
        assert [one.event.data()["item"] for one in told if one.event.NAME == "item.taken-down"] == [item]
        published = files(folder / "public")
        assert service.rebuild().differing == ()
        assert files(folder / "public") == published
