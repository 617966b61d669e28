"""A scheduler and two workers, one of them killed again and again: nothing is lost, doubled or torn."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from briefing.service import Service
from briefing.service.verifying import verify
from kills_support import (  # type: ignore[import-not-found]  # see street_support
    GOLDEN,
    Witness,
    kills,
    wait,
    zygote,
)
from log_support import assert_sound  # type: ignore[import-not-found]  # see street_support
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    post,
    press,
    rss,
)
from workers_support import configuration  # type: ignore[import-not-found]  # see street_support

pytestmark = pytest.mark.slow

__all__ = ["press"]  # a fixture

FEEDS = 4
ROLES = (("scheduler",), ("worker", "--concurrency", "3"), ("worker", "--concurrency", "3"))
LATEST = 1.5  # seconds after which at most one is killed, counted from when all sources are due
PATIENCE = 180.0  # a bound for a machine under load: what a dead worker held is asked for again after a minute at most
TIMES = 50
BRIEFING = {"id": "weekly", "title": "The week", "period": "week", "publish": "monday 00:00"}
LAST_WEEK = datetime.now(UTC) - timedelta(days=7)  # so that each change makes a new version of its issue


class Feeds:
    """Feeds that say one thing more, and another title of their first one, at every step."""

    def __init__(self, press):
        self.press = press
        self.step = 0

    def grow(self):
        self.step += 1
        for number in range(FEEDS):
            posts = [self.post(number, 1, title=f"Communiqué that was edited {self.step} times")]
            posts += [self.post(number, one) for one in range(2, self.step + 2)]
            self.press.says(f"/{number}", rss(reversed(posts)))

    def post(self, number, one, **more):
        return post(1000 * number + one, date=f"{LAST_WEEK:%a, %d %b %Y %H:%M:%S +0000}", **more)

    @property
    def items(self):
        return FEEDS * (self.step + 1)

    @property
    def versions(self):
        """As many as an edit that was seen, at most; where nobody looked in between two are one."""
        return FEEDS * (self.step - 1)


def make_due(url, often):
    """All sources, at another moment each time: what was put into the queue for one moment is not put in again."""
    due = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=often)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE last_polls SET next_run = %s", [due.isoformat(timespec="microseconds")])


def idle(url, desk):
    """Nothing is due, nothing waits, and what the log says is published."""
    with psycopg.connect(url) as connection:
        jobs = connection.execute("SELECT 1 FROM briefing_jobs.procrastinate_jobs LIMIT 1").fetchall()
    head = desk.store.head()
    return not jobs and not desk.duties.due(desk.clock(), 1) and desk.library.published() == head


@pytest.mark.timeout(3600)
def test_killed_again_and_again_scheduler_and_workers_lose_and_double_nothing(postgres, tmp_path, press):
    feeds = Feeds(press)
    feeds.grow()
    config, storage = tmp_path / "sources.yaml", tmp_path / "storage"
    named = [(f"feed-{number}", f"{press.base}/{number}") for number in range(FEEDS)]
    config.write_text(configuration(named, briefings=[BRIEFING]), encoding="utf-8")
    common = ["--config", config, "--storage", storage, "--database", postgres]
    modules = ("briefing.cli", "briefing.cli.many", "briefing.schedule.leading", "briefing.workers")
    with (
        Service(postgres, storage) as service,
        zygote(tmp_path, None, *modules, BRIEFING_HEARTBEAT="0.3") as forks,
    ):
        desk, witness = service.desk, Witness(service.desk)

        def start(place):
            return forks.command(tmp_path / f"{place}.log", *common, *ROLES[place])

        def all_read():
            assert all(map(forks.running, running)), said(tmp_path)
            return len(desk.library.items()) == feeds.items

        running = [start(place) for place in range(len(ROLES))]
        assert wait(all_read, PATIENCE, pause=0.1), said(tmp_path)
        for number in range(1, kills(3) + 1):
            feeds.grow()
            make_due(postgres, number)
            time.sleep(LATEST * (number * GOLDEN % 1))
            place = number % len(ROLES)
            forks.kill(running[place])
            witness.look()
            running[place] = start(place)
        feeds.grow()
        for often in range(TIMES):
            # Who read a feed before it grew says afterwards that it is not due: it has to be asked once more.
            make_due(postgres, often)
            if wait(all_read, PATIENCE / TIMES, pause=0.1):
                break
        assert all_read(), said(tmp_path)
        assert wait(lambda: idle(postgres, desk), PATIENCE, pause=0.1), said(tmp_path)
        assert [forks.stop(process) for process in running] == [0, 0, 0], said(tmp_path)
        service.publish()
        witness.look()
        witness.close()
        told = assert_sound(desk.store)
        assert told["item.observed"] == len(desk.library.items()) == feeds.items
        assert newest(desk.store) <= labelled(desk.store)
        assert 0 < told["item.revised"] <= feeds.versions
        last = f"edited {feeds.step} times"
        assert sum(last in item.title for item in desk.library.items()) == FEEDS
        found = verify(desk, full=True)
        assert (found.problem, found.issues) == ("", told["issue.published"])
        assert found.issues


def newest(log):
    """The newest version of each item."""
    found = {}
    for event in facts(log, "item.observed", "item.revised"):
        found[event.item] = getattr(event, "revision", 1)
    return set(found.items())


def labelled(log):
    return {(event.item, event.revision) for event in facts(log, "item.classified")}


def facts(log, *names):
    after = 0
    while page := log.read(after):
        yield from (one.event for one in page if one.event.NAME in names)
        after = page[-1].position


def said(folder):
    return "\n".join(f"{path.name}: {path.read_text()[-3000:]}" for path in sorted(folder.glob("*.log")))
