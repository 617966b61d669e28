"""Turns at asking a host, by a clock that stands still."""

from __future__ import annotations

import asyncio

import pytest

from briefing.fetch import LONGEST_DELAY, Fetcher, Politeness
from fetch_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    StillClock,
    answer,
    policy,
    site,
)


async def starts(politeness: Politeness, clock: StillClock, hosts: list[str]) -> list[tuple[int, float]]:
    """Who started when, in the order of starting."""
    started: list[tuple[int, float]] = []

    async def one(number: int, host: str) -> None:
        async with politeness.turn(host):
            started.append((number, clock.time))
            await asyncio.sleep(0)

    await asyncio.gather(*(one(number, host) for number, host in enumerate(hosts)))
    return started


def test_starts_at_one_host_are_spaced_and_first_come_is_first_served():
    clock = StillClock()
    politeness = Politeness(per_host=2, spacing=1.0, connections=50, clock=clock, sleep=clock.sleep)
    started = asyncio.run(starts(politeness, clock, ["a:80"] * 6))
    assert started == [(number, 1_000.0 + number) for number in range(6)]


def test_starts_are_spaced_even_if_all_waited_for_the_same_connection():
    clock = StillClock()
    politeness = Politeness(per_host=2, spacing=1.0, connections=1, clock=clock, sleep=clock.sleep)

    async def run() -> list[tuple[int, float]]:
        async with politeness.turn("b:80"):
            waiting = asyncio.create_task(starts(politeness, clock, ["a:80", "a:80"]))
            for _ in range(5):
                await asyncio.sleep(0)
        return await waiting

    assert asyncio.run(run()) == [(0, 1_000.0), (1, 1_001.0)]


def test_another_host_does_not_wait():
    clock = StillClock()
    politeness = Politeness(per_host=2, spacing=5.0, connections=50, clock=clock, sleep=clock.sleep)
    started = asyncio.run(starts(politeness, clock, ["a:80", "b:80", "a:81"]))
    assert [at for _, at in started] == [1_000.0] * 3
    assert clock.slept == []


def test_a_second_request_after_the_spacing_does_not_wait():
    clock = StillClock()
    politeness = Politeness(per_host=2, spacing=5.0, connections=50, clock=clock, sleep=clock.sleep)

    async def run() -> None:
        async with politeness.turn("a:80"):
            pass
        clock.time += 5.0
        async with politeness.turn("a:80"):
            pass
        clock.time += 2.0
        async with politeness.turn("a:80"):
            pass

    asyncio.run(run())
    assert clock.slept == [3.0]


@pytest.mark.parametrize(("per_host", "connections", "most"), [(2, 50, 2), (1, 50, 1), (50, 3, 3)])
def test_no_more_than_allowed_are_under_way_at_a_time(per_host, connections, most):
    politeness = Politeness(per_host=per_host, spacing=0.0, connections=connections)
    now, seen = 0, 0

    async def one() -> None:
        nonlocal now, seen
        async with politeness.turn("a:80"):
            now += 1
            seen = max(seen, now)
            for _ in range(3):
                await asyncio.sleep(0)
            now -= 1

    async def run() -> None:
        await asyncio.gather(*(one() for _ in range(20)))

    asyncio.run(run())
    assert seen == most


def test_who_gives_up_waiting_leaves_its_turn_to_the_next():
    politeness = Politeness(per_host=1, spacing=0.0, connections=1)

    async def run() -> list[str]:
        done: list[str] = []

        async def one(name: str) -> None:
            async with politeness.turn("a:80"):
                done.append(name)
                await asyncio.sleep(0)

        async with politeness.turn("a:80"):
            waiting = [asyncio.create_task(one(name)) for name in ("first", "second", "third")]
            await asyncio.sleep(0)
            waiting[1].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return done

    assert asyncio.run(run()) == ["first", "third"]


def test_who_gives_up_while_sleeping_frees_the_host():
    async def run() -> bool:
        clock = StillClock()
        stuck = asyncio.Event()
        sleeping = asyncio.Event()

        async def sleep(seconds: float) -> None:
            sleeping.set()
            await stuck.wait()

        politeness = Politeness(per_host=1, spacing=1.0, connections=1, clock=clock, sleep=sleep)
        async with politeness.turn("a:80"):
            pass
        waiter = asyncio.create_task(politeness.turn("a:80").__aenter__())
        await sleeping.wait()
        waiter.cancel()
        await asyncio.gather(waiter, return_exceptions=True)
        clock.time += 10
        async with politeness.turn("a:80"):
            return True

    assert asyncio.run(run())


@pytest.mark.parametrize(
    ("asked", "spacing"), [(7.0, 7.0), (0.5, 2.0), (None, 2.0), (9_999.0, LONGEST_DELAY), (-3.0, 2.0)]
)
def test_a_crawl_delay_raises_the_spacing_but_never_lowers_it_and_is_bounded(asked, spacing):
    clock = StillClock()
    politeness = Politeness(per_host=2, spacing=2.0, connections=50, clock=clock, sleep=clock.sleep)
    politeness.crawl_delay("a:80", asked)
    started = asyncio.run(starts(politeness, clock, ["a:80", "a:80"]))
    assert started[1][1] - started[0][1] == spacing


def test_the_client_spaces_requests_and_redirects_alike_and_waiting_is_not_counted_as_time():
    async def run() -> tuple[list[float], list[str]]:
        clock = StillClock()
        async with (
            site(old=answer(301, location="/feed"), feed=answer(200, b"<rss/>")) as served,
            Fetcher(
                policy(per_host=2, spacing=100.0, timeout=10.0), contact="x@y.example", clock=clock, sleep=clock.sleep
            ) as fetcher,
        ):
            await fetcher.get(f"{served.url}/old")
            await fetcher.get(f"{served.url}/feed")
            return clock.slept, served.paths()

    slept, paths = asyncio.run(run())
    assert slept == [100.0, 100.0]
    assert paths == ["/old", "/feed", "/feed"]


def test_time_in_the_queue_does_not_use_up_the_time_limit():
    async def run() -> float:
        release = asyncio.Event()

        async def sleep(seconds: float) -> None:
            await release.wait()
            clock.time += seconds

        clock = StillClock()
        async with (
            site(feed=answer(200, b"<rss/>")) as served,
            Fetcher(policy(spacing=9.0, timeout=1.0), contact="x@y.example", clock=clock, sleep=sleep) as fetcher,
        ):
            await fetcher.get(f"{served.url}/feed")
            second = asyncio.create_task(fetcher.get(f"{served.url}/feed"))
            await asyncio.sleep(1.2)  # longer than the limit: if waiting counted, it would have failed by now
            assert not second.done()
            release.set()
            return (await second).status

    assert asyncio.run(run()) == 200


def test_the_client_keeps_to_so_many_at_a_time():
    async def run() -> int:
        gate = asyncio.Event()

        async def slow(asked, writer) -> None:
            if served.now == 2:
                gate.set()
            await gate.wait()
            await answer(200, b"x")(asked, writer)

        async with (
            site(page=slow) as served,
            Fetcher(policy(per_host=2), contact="x@y.example") as fetcher,
        ):
            await asyncio.gather(*(fetcher.get(f"{served.url}/page") for _ in range(10)))
            return int(served.most)

    assert asyncio.run(run()) == 2
