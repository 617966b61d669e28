"""Killed anywhere, or run twice at once: nothing is lost, nothing is doubled, and no file is half."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from briefing.service.collecting import MOST_PAGES
from briefing.service.verifying import verify
from kills_support import (  # type: ignore[import-not-found]  # see street_support
    GOLDEN,
    Growing,
    Witness,
    kills,
    wait,
    zygote,
)
from log_support import assert_sound  # type: ignore[import-not-found]  # see street_support
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    clock,
    parsing,
    press,
    street,
)

if TYPE_CHECKING:
    from street_support import (
        Street,
    )

pytestmark = pytest.mark.slow

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

DAY = ("collect", "classify", "publish", ("brief", {"week": "2026-W09"}))
# A run is killed some moments after it began, or after it appended one of these: how long each verb takes is no matter.
STAGES = ("", "item.observed", "item.classified", "issue.published")
MOMENTS = 0.3  # seconds at most
PATIENCE = 60.0


@pytest.fixture
def growing(press):
    return Growing(press)


def whole(made: Street):
    """What is held of every item, whatever the number of looks it took."""
    items = made.items()
    held = made.desk.library.held([item.id for item in items])
    return sorted((item.source, item.title, item.published.value, held[item.id].text, labels(item)) for item in items)


def labels(item: Any) -> list[str]:
    return sorted(label.topic for label in item.labels)


def assert_published(made: Street):
    """The log is sound, and everything that is stored and published is what it gives."""
    assert_sound(made.desk.store)
    issues = [event.version for event in made.events("issue.published")]
    assert issues == list(range(1, len(issues) + 1))
    found = verify(made.desk, full=True)
    assert (found.problem, found.issues) == ("", len(issues))
    published = made.files()
    assert made.service.rebuild().differing == ()
    assert made.files() == published
    assert not [path for path in published if path.endswith(".part")]


@pytest.mark.timeout(3600)
def test_killed_at_any_moment_the_street_goes_on_where_it_was(street, growing, tmp_path, database_url):
    growing.grow()
    calm, harried = street(*growing.sources), street(*growing.sources, url=database_url)
    witness = Witness(harried.desk)
    with zygote(tmp_path, calm.settings) as forks:
        for number in range(1, kills(4) + 1):
            growing.grow()
            before = harried.head()
            process = forks.start(harried.url, harried.folder, *DAY)
            stage = STAGES[number % len(STAGES)]

            def reached(stage=stage, before=before, process=process):
                return harried.events(stage, before) or not forks.running(process)

            assert not stage or wait(reached, PATIENCE)
            time.sleep(MOMENTS * (number * GOLDEN % 1))
            forks.kill(process)
            witness.look()
        for made in (harried, calm):
            for _ in range(1 + kills(4) // MOST_PAGES):  # a visit reads so many pages at most
                forks.run(made.url, made.folder, *DAY)
            made.desk.projector.catch_up()
    witness.look()
    witness.close()
    assert len(harried.items()) == growing.items
    assert whole(harried) == whole(calm)
    assert_published(harried)


def test_two_processes_on_one_storage_at_once_lose_and_double_nothing(street, growing, tmp_path):
    growing.grow()
    made = street(*growing.sources)
    shared = tmp_path / "street-1"  # not there yet: they make it together
    with zygote(tmp_path, made.settings) as forks:
        for _ in range(2):
            growing.grow()
            both = [forks.start(f"sqlite:///{shared}/briefing.db", shared, *DAY) for _ in range(2)]
            assert [forks.ended(process) for process in both] == [0, 0]
    made = street(*growing.sources)
    assert made.folder == shared
    made.desk.projector.catch_up()
    assert len(made.items()) == growing.items
    assert_published(made)
