"""Two workers on PostgreSQL that classify at the same time open no story and no meeting twice."""

from __future__ import annotations

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread

import pytest

from briefing import events
from briefing.projections import claims
from briefing.service import Service, classifying, foreseeing
from log_support import Clock, observed, words  # type: ignore[import-not-found]  # see street_support
from street_support import settings, source  # type: ignore[import-not-found]  # this folder is on the path

SAYS = (
    "The fisheries ministers of Selvane and Ostrey will meet in Port Harrow on 12 December 2016, the ministry says. "
    "They will sign the agreement on herring quotas in the strait."
)
NEWS = {
    "selvane": ("Fisheries ministers of Selvane and Ostrey to sign herring quotas agreement", SAYS),
    "ostrey": (
        "Ostrey and Selvane fisheries ministers to sign agreement on herring quotas",
        SAYS.replace("They", "Both"),
    ),
}
_PATIENCE = 0.5  # seconds: who is alone at the barrier goes on


def _service(url, folder):
    board = settings(*(source(name, f"https://{name}.example/feed", None) for name in NEWS))
    made = Service(url, folder, board, Clock())
    made.desk.encoder = lambda: None
    return made


@pytest.fixture
def two(postgres, tmp_path, monkeypatch):
    """Two workers, and news of one event by two sources, each in a stretch of its own."""
    for module in (claims, classifying):
        monkeypatch.setattr(module, "STRETCH", 1)
    workers = [_service(postgres, tmp_path / name) for name in ("one", "two")]
    workers[0].adopt()
    for name, (title, text) in NEWS.items():
        payload = words(title=title, text=text, url=f"https://{name}.example/1")
        news = observed(
            f"item-{name}", name, payload=payload, published="2016-11-18T09:00:00+00:00", precision="minute"
        )
        workers[0].desk.store.append(f"source:{name}", [news])
    workers[0].desk.projector.catch_up()
    yield workers
    for worker in workers:
        worker.desk.close()


def test_what_two_workers_find_at_the_same_time_is_one_story_and_one_meeting(two, monkeypatch):
    barrier, found = Barrier(2), foreseeing.found

    def together(desk, dated):
        facts = found(desk, dated)
        with suppress(BrokenBarrierError):
            barrier.wait(_PATIENCE)  # both have read what is known, and neither has told the other
        return facts

    monkeypatch.setattr(foreseeing, "found", together)
    threads = [Thread(target=worker.classify) for worker in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    desk = two[0].desk
    desk.projector.catch_up()
    told = [one.event for one in desk.store.read(0)]
    dated = [one for one in told if isinstance(one, events.ItemDatesFound)]
    assert {one.item for one in dated} == {"item-selvane", "item-ostrey"}
    assert len({date["meeting"] for one in dated for date in one.dates}) == 1
    [story] = desk.library.stories.newest(5)
    assert {member.item.id for member in story.members} == {"item-selvane", "item-ostrey"}
