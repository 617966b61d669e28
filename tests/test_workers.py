"""Many processes on one database: who leads, who reads what, and what happens when one of them is killed."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import threading
import time
import urllib.request
from contextlib import AsyncExitStack, ExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import psycopg
import pytest

from briefing import cli
from briefing.config import load
from briefing.errors import StoreError, UsageError
from briefing.fetch import Politeness
from briefing.schedule.leading import Scheduler
from briefing.service import Service
from briefing.service.turns import SharedSlots
from briefing.workers import Beats, Queue, Worker
from briefing.workers.beats import beats
from briefing.workers.tables import grant
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    assert_sound,
    observed,
    source,
)
from street_support import Answer, Press, post, press, rss  # type: ignore[import-not-found]
from workers_support import (  # type: ignore[import-not-found]
    PATIENCE,
    configuration,
    feed,
    noting,
    office,
    until,
)

pytestmark = pytest.mark.slow

__all__ = ["press"]  # a fixture

TAKEN_OVER = 30.0  # seconds: what is promised for a worker
REPLACED = 5.0  # the same for a leader


@pytest.fixture
def service(postgres, tmp_path):
    """The log that the processes of a test work on."""
    with Service(postgres, tmp_path / "looking") as opened:
        yield opened


def jobs(url, status):
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT task_name, queueing_lock FROM briefing_jobs.procrastinate_jobs WHERE status = %s ORDER BY id",
            [status],
        )
        return found.fetchall()


# ---------------------------------------------------------------- who leads


def test_a_killed_leader_is_replaced_and_one_that_loses_its_connection_stops_leading(postgres, tmp_path):
    with office(tmp_path, postgres, configuration([])) as start:
        first = start("scheduler")
        first.wait_for("leading")
        second = start("scheduler")
        second.wait_for("waiting to lead")
        first.kill()
        killed = time.monotonic()
        second.wait_for("leading")
        assert time.monotonic() - killed < REPLACED
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        second.wait_for("not leading any more")
        second.wait_for("leading")
        assert second.stop() == 0
        assert first.lines.count("leading") == 1


# ---------------------------------------------------------------- who reads what


def test_workers_read_item_pages_again_that_are_due_each_once_and_tell_of_an_edit_once(postgres, tmp_path, press):
    numbers = range(1, 9)
    press.says("/feed", rss([post(number, content="") for number in numbers]))
    for number in numbers:
        press.shows(f"/items/{number}", f"Berth {number}", f"Berth {number} is open to boats that fish for herring.")
    config = tmp_path / "sources.yaml"
    config.write_text(configuration([("harbour", f"{press.base}/feed")]), encoding="utf-8")
    ago = datetime.now(UTC) - timedelta(hours=2)
    with Service(postgres, tmp_path / "storage", load(config), lambda: ago) as early:
        early.collect()
        early.desk.rechecks.plan(ago)
    press.shows("/items/3", "Berth 3", "Berth 3 is closed to boats that fish for herring.")
    times = noting(press)
    with office(tmp_path, postgres, config.read_text()) as start, Service(postgres, tmp_path / "looking") as looking:
        workers = [start("worker", "--concurrency", "4") for _ in range(2)]
        for one in workers:
            one.wait_for("working")
        start("scheduler")
        until(lambda: len({path for path, _ in times if path.startswith("/items/")}) == len(numbers))
        until(lambda: not jobs(postgres, "todo") and not jobs(postgres, "doing"))
        until(lambda: looking.desk.projector.catch_up() and not looking.desk.rechecks.due(looking.desk.clock(), 9))
        assert sum(one.stop() for one in workers) == 0
        asked = [path for path, _ in times if path.startswith("/items/")]
        # What differs is looked at twice, for what changes by itself (see `restlessness`).
        assert sorted(asked) == sorted([f"/items/{number}" for number in numbers] + ["/items/3"])
        changes = looking.desk.library.changes()
        assert [(one.kind, one.item.title) for one in changes] == [("revised", "Communiqué number 3")]
        said = [line for worker in workers for line in worker.lines if "1 revised" in line]
        assert len(said) == 1


def test_two_workers_read_each_source_once_and_keep_the_pace_of_each_host_together(postgres, tmp_path, service):
    spacing, hosts, each = 0.25, 4, 10
    with ExitStack() as opened:
        servers = [opened.enter_context(Press()) for _ in range(hosts)]
        logs = [noting(server) for server in servers]
        feeds = [
            (f"s{host}-{number}", feed(server, f"/{number}", 100 * number, 100 * number + 1))
            for number in range(each)
            for host, server in enumerate(servers)
        ]
        each_apart = {"enabled": False}  # their items say nearly the same
        configured = configuration(feeds, spacing="0.25s", per_host=2, stories=each_apart)
        with office(tmp_path, postgres, configured) as start:
            workers = [start("worker", "--concurrency", "6") for _ in range(2)]
            for one in workers:
                one.wait_for("working")
            start("scheduler")
            published = tmp_path / "storage" / "public" / "feeds" / "all.json"
            until(lambda: sum(map(len, logs)) >= hosts * each and published.exists())
            until(lambda: len(json.loads(published.read_text())["items"]) == hosts * each * 2)
            until(lambda: assert_sound(service.desk.store)["item.classified"] == hosts * each * 2)
            until(lambda: service.desk.library.published() == service.desk.store.head())
            assert [one.stop() for one in workers] == [0, 0]
        for log in logs:
            assert sorted(path for path, _ in log) == sorted(f"/{number}" for number in range(each))
            times = [at for _, at in log]
            gaps = [later - earlier for earlier, later in pairwise(times)]
            assert sorted(gaps)[len(gaps) // 2] >= spacing * 0.9
            # A request may be late by as much as a spacing; two workers that knew nothing of each other would not be.
            assert all(times[n] - times[m] >= (n - m - 1) * spacing for m in range(each) for n in range(m + 2, each))
    assert all(any("new" in line for line in one.lines) for one in workers)
    told = assert_sound(service.desk.store)
    assert told["item.observed"] == told["item.classified"] == hosts * each * 2
    assert jobs(postgres, "doing") == []


def test_what_a_killed_worker_was_doing_is_taken_over(postgres, tmp_path, service, press):
    url = feed(press, "/slow", 1, 2, 3)
    gate = threading.Event()
    press.answers = Held(press.answers, gate)
    with office(tmp_path, postgres, configuration([("slow", url)])) as start:
        start("scheduler").wait_for("leading")
        doomed = start("worker")
        until(lambda: press.answers.waiting)
        second = start("worker")
        second.wait_for("working")
        doomed.kill()
        gate.set()
        killed = time.monotonic()
        second.wait_for("3 new")
        assert time.monotonic() - killed < TAKEN_OVER
        until(lambda: service.desk.library.published() == service.desk.store.head())
        assert second.stop() == 0
    assert press.answers.waiting == 2
    assert assert_sound(service.desk.store)["item.observed"] == 3


def test_a_worker_that_is_told_to_stop_finishes_what_it_has_begun(postgres, tmp_path, service, press):
    gate = threading.Event()
    url = feed(press, "/slow", 1, 2)
    press.answers = Held(press.answers, gate)
    with office(tmp_path, postgres, configuration([("slow", url)])) as start:
        start("scheduler").wait_for("leading")
        stopping = start("worker", "--concurrency", "1")
        until(lambda: press.answers.waiting)
        stopping.process.send_signal(signal.SIGTERM)
        gate.set()
        assert stopping.process.wait(PATIENCE) == 0
    assert assert_sound(service.desk.store)["item.observed"] == 2


class Held(dict[str, Answer]):
    """Answers that are given once a gate is open."""

    def __init__(self, answers, gate):
        super().__init__(answers)
        self.gate = gate
        self.waiting = 0

    def get(self, path, default=None):
        self.waiting += 1
        self.gate.wait(PATIENCE)
        return super().get(path, default)


def test_what_cannot_be_finished_in_the_time_of_grace_is_handed_back(postgres, tmp_path, service, press):
    url = feed(press, "/slow", 1)
    press.says("/slow", hang=True)
    config = tmp_path / "sources.yaml"
    config.write_text(configuration([("slow", url)]), encoding="utf-8")
    service.adopt(load(config))

    async def run():
        async with Queue(postgres, "test") as queue:
            assert await queue.fetch(["slow"]) == 1
            made = worker(service, postgres, config)
            working = asyncio.create_task(made.run())
            await asyncio.to_thread(until, lambda: jobs(postgres, "doing"))
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    asyncio.run(run())
    assert jobs(postgres, "todo") == [("fetch", "fetch:slow")]


def worker(service, url, config):
    return Worker(
        service,
        load(config),
        url,
        concurrency=2,
        publishing=True,
        beats=Beats(heartbeat=0.5, poll=0.2, grace=0.1),
        say=lambda _: None,
    )


def test_web_shows_the_site_alone(postgres, tmp_path, service):
    with office(tmp_path, postgres, configuration([])) as start:
        service.adopt(load(tmp_path / "sources.yaml"))
        alone = start("web", "--port", str(port := free_port()))
        alone.wait_for("serving")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as answer:
            assert b"Harbour Watch" in answer.read()
        assert alone.stop() == 0


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_serve_does_all_of_it_in_one_process_and_stops_cleanly(postgres, tmp_path, service, press):
    url = feed(press, "/feed", 1, 2)
    with office(tmp_path, postgres, configuration([("one", url)])) as start:
        serving = start("serve", "--port", str(port := free_port()))
        serving.wait_for("2 new")
        until(lambda: service.desk.library.published() == service.desk.store.head())
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE) as answer:
            assert json.loads(answer.read())["status"] == "ok"
        assert serving.stop() == 0
    assert serving.lines[-1] == "stopped"


def test_all_go_on_when_the_database_was_away_for_a_moment(postgres, tmp_path, service, press):
    url = feed(press, "/feed", 1, 2)
    with office(tmp_path, postgres, configuration([("one", url)])) as start:
        scheduling, working = start("scheduler"), start("worker")
        working.wait_for("2 new")
        until(lambda: service.desk.library.published() == service.desk.store.head())
        feed(press, "/feed", 1, 2, 3)
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute("UPDATE last_polls SET next_run = '2000-01-01T00:00:00.000000+00:00'")
        working.wait_for("1 new")
        assert [scheduling.stop(), working.stop()] == [0, 0]
    assert assert_sound(service.desk.store)["item.observed"] == 3


# ---------------------------------------------------------------- the queue


def test_what_waits_in_the_queue_is_not_put_in_twice(postgres):
    async def run():
        async with Queue(postgres, "test") as queue, Queue(postgres, "other") as other:
            assert await queue.fetch(["a", "b", "c"]) == 3
            assert await other.fetch(["b", "d", "c", "e", "a"]) == 2
            assert [await queue.classify(), await other.classify()] == [1, 0]
            assert [await queue.brief("weekly"), await other.brief("weekly"), await other.brief("daily")] == [1, 0, 1]

    asyncio.run(run())
    assert [lock for _, lock in jobs(postgres, "todo")] == [
        "fetch:a", "fetch:b", "fetch:c", "fetch:d", "fetch:e", "classify", "brief:weekly", "brief:daily",
    ]  # fmt: skip


def test_jobs_of_a_silent_worker_are_put_back_unless_the_same_waits_already(postgres):
    async def run():
        async with Queue(postgres, "test") as queue:
            manager = queue.app.job_manager
            await queue.fetch(["a", "b", "c"])
            silent, alive = await manager.register_worker(), await manager.register_worker()
            for one in (silent, silent, alive):
                assert await manager.fetch_job(queues=None, worker_id=one)
            await queue.fetch(["b"])
            await asyncio.sleep(0.3)
            await manager.update_heartbeat(alive)
            assert await queue.reap(0.25) == 2
            assert await queue.reap(0.25) == 0

    asyncio.run(run())
    assert sorted(lock for _, lock in jobs(postgres, "todo")) == ["fetch:a", "fetch:b"]
    assert [lock for _, lock in jobs(postgres, "doing")] == ["fetch:c"]


def test_tables_of_another_version_of_the_queue_are_refused_with_the_way_out(postgres):
    async def run():
        async with Queue(postgres, "test"):
            pass

    asyncio.run(run())
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("COMMENT ON SCHEMA briefing_jobs IS '2.15'")
    with pytest.raises(StoreError, match=r"2\.15.*DROP SCHEMA briefing_jobs CASCADE"):
        asyncio.run(run())


def test_the_role_of_the_program_works_with_a_queue_that_the_owner_made(cluster, postgres, two_roles):
    _, url = two_roles
    with pytest.raises(StoreError, match="cannot be made"):
        asyncio.run(putting(url))
    role = url.split("//")[1].split(":")[0]
    grant(postgres, role)
    assert asyncio.run(putting(url)) == 1
    assert asyncio.run(putting(postgres)) == 0


async def putting(url):
    async with Queue(url, "test") as queue:
        return await queue.fetch(["a"])


# ---------------------------------------------------------------- turns at hosts


@pytest.fixture
def slots(postgres, tmp_path):
    """Make turns at hosts as each worker has its own."""
    with Service(postgres, tmp_path / "slots") as opened:

        def make(until):
            made = SharedSlots(opened.desk.host_slots())
            until.push_async_callback(made.close)
            return made

        yield make


def test_places_at_a_host_are_counted_over_all_workers(slots):
    now, most = 0, 0

    async def ask(own):
        nonlocal now, most
        async with own.turn("a:80"):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.2)
            now -= 1

    async def run():
        async with AsyncExitStack() as opened:
            both = [Politeness(per_host=3, spacing=0.0, connections=50, slots=slots(opened)) for _ in range(2)]
            await asyncio.gather(*(ask(both[number % 2]) for number in range(9)))

    asyncio.run(run())
    assert most == 3


def test_a_crawl_delay_that_one_worker_has_read_holds_for_those_that_have_not(slots):
    async def start(own):
        async with own.turn("a:80"):
            return time.monotonic()

    async def run():
        async with AsyncExitStack() as opened:
            knows, does_not = (
                Politeness(per_host=5, spacing=0.01, connections=50, slots=slots(opened)) for _ in range(2)
            )
            knows.crawl_delay("a:80", 0.5)
            return [await start(knows), await start(does_not), await start(does_not)]

    first, second, third = asyncio.run(run())
    assert second - first >= 0.45
    assert third - second >= 0.45


# ---------------------------------------------------------------- labels


def test_two_workers_share_what_waits_for_labels(postgres, tmp_path, press):
    config = tmp_path / "sources.yaml"
    config.write_text(configuration([]), encoding="utf-8")
    with Service(postgres, tmp_path / "one") as one, Service(postgres, tmp_path / "two") as two:
        one.adopt(load(config))
        stream = "source:selvane"
        one.desk.store.append(stream, [source(), *(observed(f"{number:016d}") for number in range(2500))])
        one.desk.projector.catch_up()
        found = []
        together = [threading.Thread(target=lambda own=own: found.append(own.classify())) for own in (one, two)]
        for thread in together:
            thread.start()
        for thread in together:
            thread.join()
        assert [result.items for result in found if not result.items] == []
        assert sum(result.items for result in found) == 2500
        assert assert_sound(one.desk.store)["item.classified"] == 2500


def test_labels_are_called_for_though_the_files_are_up_with_the_log(postgres, tmp_path, service):
    """Who publishes does so while others read: what they read last may stand in the files without its labels."""
    config = tmp_path / "sources.yaml"
    config.write_text(configuration([]), encoding="utf-8")
    service.adopt(load(config))
    service.desk.store.append("source:selvane", [source(), observed("0" * 16)])
    assert service.publish().position == service.desk.store.head()

    async def run():
        scheduler = Scheduler(service, config, postgres, beats=Beats(), say=lambda _: None)
        leading = asyncio.create_task(scheduler.run())
        await asyncio.to_thread(until, lambda: scheduler_said(postgres))
        leading.cancel()
        await asyncio.gather(leading, return_exceptions=True)

    asyncio.run(run())
    assert jobs(postgres, "todo") == [("classify", "classify")]


def scheduler_said(url):
    """Whether the queue is there, and something in it."""
    try:
        return jobs(url, "todo")
    except psycopg.errors.UndefinedTable:
        return []


# ---------------------------------------------------------------- words to the user


@pytest.mark.parametrize("command", ["scheduler", "worker"])
def test_on_sqlite_one_sentence_says_what_is_needed(command, tmp_path, capsys):
    (tmp_path / "sources.yaml").write_text(configuration([]), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        cli.main(["--config", str(tmp_path / "sources.yaml"), "--storage", str(tmp_path), command])
    assert ended.value.code == 2
    assert "needs PostgreSQL" in capsys.readouterr().err


@pytest.mark.parametrize("given", ["soon", "0", "-1", "60"])
def test_a_heartbeat_that_is_none_is_refused(given):
    with pytest.raises(UsageError, match="BRIEFING_HEARTBEAT"):
        beats({"BRIEFING_HEARTBEAT": given})


def test_a_dead_worker_is_missed_in_time_whatever_heartbeat_is_chosen():
    for given in ("0.1", "3", "5"):
        chosen = beats({"BRIEFING_HEARTBEAT": given})
        assert chosen.stalled + chosen.heartbeat + chosen.poll < TAKEN_OVER
