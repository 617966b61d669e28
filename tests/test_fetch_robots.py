"""What robots.txt asks for is done, and it is asked for once a day."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from briefing.errors import AddressRefused, FetchError
from briefing.fetch import Fetcher, MemoryRobots
from fetch_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    StillClock,
    answer,
    policy,
    raw,
    site,
)

if TYPE_CHECKING:
    from fetch_support import Site

DISALLOW = b"User-agent: *\nDisallow: /private/\nAllow: /private/open\nDisallow: /*.pdf$\n"


async def verdict(fetcher: Fetcher, url: str) -> str:
    """The failure of a request that obeys robots.txt, `read` where there is none."""
    try:
        await fetcher.get(url, obey_robots=True)
    except FetchError as error:
        return error.failure
    return "read"


def ask(robots, paths: list[str], **others) -> tuple[list[str], Site]:
    async def run() -> tuple[list[str], Site]:
        async with site(**others) as served, Fetcher(policy(), contact="x@y.example") as fetcher:
            served.handlers["/robots.txt"] = robots
            for path in paths:
                served.handlers.setdefault(path, answer(200, b"x"))
            return [await verdict(fetcher, served.url + path) for path in paths], served

    return asyncio.run(run())


def test_disallowed_pages_are_not_asked_for_and_the_longest_rule_wins():
    paths = ["/private/a", "/private/open", "/news", "/report.pdf", "/report.pdf?x=1"]
    verdicts, served = ask(answer(200, DISALLOW), paths)
    assert verdicts == ["robots", "read", "read", "robots", "read"]
    assert served.counts() == {"/robots.txt": 1, "/private/open": 1, "/news": 1, "/report.pdf?x=1": 1}


def test_the_group_for_our_own_name_comes_before_the_one_for_all():
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: Briefing\nDisallow: /no\n"
    assert ask(answer(200, rules), ["/yes", "/no"])[0] == ["read", "robots"]


def test_a_byte_order_mark_does_not_hide_the_first_line():
    assert ask(answer(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n"), ["/a"])[0] == ["robots"]


def test_bytes_in_another_encoding_do_not_hide_the_rules():
    rules = "# запрещено\nUser-agent: *\nDisallow: /a\n".encode("cp1251")
    assert ask(answer(200, rules), ["/a", "/b"])[0] == ["robots", "read"]


def test_feeds_are_read_without_asking():
    async def run() -> list[str]:
        async with (
            site(feed=answer(200, b"x"), **{"robots.txt": answer(200, b"User-agent: *\nDisallow: /")}) as served,
            Fetcher(policy(), contact="x@y.example") as fetcher,
        ):
            await fetcher.get(f"{served.url}/feed")
            return list(served.paths())

    assert asyncio.run(run()) == ["/feed"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 451])
def test_no_robots_txt_means_no_rules(status):
    assert ask(answer(status, b"User-agent: *\nDisallow: /"), ["/a"])[0] == ["read"]


def test_an_empty_robots_txt_means_no_rules():
    assert ask(answer(200, b""), ["/a"])[0] == ["read"]


@pytest.mark.parametrize(
    "robots", [answer(500), answer(503, b"User-agent: *\nAllow: /"), raw(b""), raw(b"nonsense\r\n")]
)
def test_a_robots_txt_that_cannot_be_read_closes_the_site_for_now(robots):
    async def run() -> tuple[FetchError, FetchError, dict[str, int]]:
        async with site(a=answer(200, b"x")) as served, Fetcher(policy(), contact="x@y.example") as fetcher:
            served.handlers["/robots.txt"] = robots
            with pytest.raises(FetchError) as first:
                await fetcher.get(f"{served.url}/a", obey_robots=True)
            with pytest.raises(FetchError) as second:
                await fetcher.get(f"{served.url}/a", obey_robots=True)
            return first.value, second.value, served.counts()

    first, second, counts = asyncio.run(run())
    assert first.failure == second.failure == "robots"
    assert "could not be read" in str(first)
    assert "/a" not in counts
    assert counts["/robots.txt"] <= 2  # the transport repeats a request once where a kept connection was closed on it


def test_a_site_closed_for_now_is_asked_again_later():
    async def run() -> list[str]:
        clock = StillClock()
        async with (
            site(a=answer(200, b"x"), **{"robots.txt": answer(500)}) as served,
            Fetcher(policy(), contact="x@y.example", now=clock) as fetcher,
        ):
            verdicts = [await verdict(fetcher, f"{served.url}/a")]
            served.handlers["/robots.txt"] = answer(404)
            verdicts.append(await verdict(fetcher, f"{served.url}/a"))
            clock.time += 600
            verdicts.append(await verdict(fetcher, f"{served.url}/a"))
            return verdicts

    assert asyncio.run(run()) == ["robots", "robots", "read"]


def test_five_redirects_to_the_rules_are_followed_and_more_mean_no_rules():
    hops = {f"r{number}": answer(301, location=f"/r{number + 1}") for number in range(1, 5)}
    closed = answer(200, b"User-agent: *\nDisallow: /a")
    assert ask(answer(301, location="/r1"), ["/a"], **hops, r5=closed)[0] == ["robots"]
    assert ask(answer(301, location="/r1"), ["/a"], **hops, r5=answer(301, location="/r6"), r6=closed)[0] == ["read"]


def test_rules_beyond_the_limit_are_not_read_but_those_before_hold():
    padding = b"# " + b"x" * 98 + b"\n"
    rules = b"User-agent: *\nDisallow: /early\n" + padding * 6_000 + b"Disallow: /late\n"
    assert ask(answer(200, rules), ["/early", "/late"])[0] == ["robots", "read"]


def test_a_redirect_is_judged_by_the_rules_of_its_own_site():
    async def run() -> tuple[str, list[str]]:
        closed = answer(200, b"User-agent: *\nDisallow: /")
        async with site(secret=answer(200, b"x"), **{"robots.txt": closed}) as other:
            target = answer(302, location=f"{other.url}/secret")
            async with site(a=target) as served, Fetcher(policy(), contact="x@y.example") as fetcher:
                return await verdict(fetcher, f"{served.url}/a"), other.paths()

    assert asyncio.run(run()) == ("robots", ["/robots.txt"])


def test_many_who_want_to_know_ask_once():
    async def run() -> dict[str, int]:
        async with (
            site(a=answer(200, b"x"), **{"robots.txt": answer(200, DISALLOW)}) as served,
            Fetcher(policy(), contact="x@y.example") as fetcher,
        ):
            await asyncio.gather(*(verdict(fetcher, f"{served.url}/a") for _ in range(20)))
            return dict(served.counts())

    assert asyncio.run(run()) == {"/robots.txt": 1, "/a": 20}


def test_one_who_gives_up_does_not_take_the_rules_from_the_others():
    async def run() -> str:
        gate = asyncio.Event()

        async def slow(asked, writer) -> None:
            await gate.wait()
            await answer(200, DISALLOW)(asked, writer)

        async with (
            site(a=answer(200, b"x"), **{"robots.txt": slow}) as served,
            Fetcher(policy(), contact="x@y.example") as fetcher,
        ):
            first = asyncio.create_task(verdict(fetcher, f"{served.url}/a"))
            await served.first.wait()
            second = asyncio.create_task(verdict(fetcher, f"{served.url}/a"))
            await asyncio.sleep(0)
            first.cancel()
            await asyncio.sleep(0)
            gate.set()
            return await second

    assert asyncio.run(run()) == "read"


def test_a_copy_is_good_for_a_day_over_runs_and_then_asked_for_again():
    async def run() -> list[int]:
        clock = StillClock()
        cache = MemoryRobots(clock)
        counts = []
        async with site(a=answer(200, b"x"), **{"robots.txt": answer(200, DISALLOW)}) as served:
            for pause in (0, 86_000, 500):
                clock.time += pause
                async with Fetcher(policy(), contact="x@y.example", now=clock, robots=cache) as fetcher:
                    await verdict(fetcher, f"{served.url}/a")
                    await verdict(fetcher, f"{served.url}/a")
                counts.append(served.counts()["/robots.txt"])
        return counts

    assert asyncio.run(run()) == [1, 1, 2]


def test_an_old_copy_holds_while_the_site_does_not_answer():
    async def run() -> list[str]:
        clock = StillClock()
        cache = MemoryRobots(clock)
        async with site(a=answer(200, b"x"), **{"robots.txt": answer(503)}) as served:
            cache.put(served.url, "User-agent: *\nDisallow: /b")
            clock.time += 100_000
            async with Fetcher(policy(), contact="x@y.example", now=clock, robots=cache) as fetcher:
                return [await verdict(fetcher, f"{served.url}{path}") for path in ("/a", "/b")]

    assert asyncio.run(run()) == ["read", "robots"]


def test_the_absence_of_rules_is_kept_too():
    async def run() -> tuple[str | None, float] | None:
        cache = MemoryRobots(lambda: 5.0)
        async with (
            site(a=answer(200, b"x")) as served,
            Fetcher(policy(), contact="x@y.example", robots=cache) as fetcher,
        ):
            await verdict(fetcher, f"{served.url}/a")
            return cache.get(served.url)

    assert asyncio.run(run()) == (None, 5.0)


def test_a_crawl_delay_spaces_the_pages_of_its_site_and_the_reading_of_it_delays_none():
    async def run() -> list[float]:
        clock = StillClock()
        rules = answer(200, b"User-agent: *\nCrawl-delay: 7\n")
        async with (
            site(a=answer(200, b"x"), **{"robots.txt": rules}) as served,
            Fetcher(policy(spacing=1.0), contact="x@y.example", clock=clock, sleep=clock.sleep) as fetcher,
        ):
            await verdict(fetcher, f"{served.url}/a")
            await verdict(fetcher, f"{served.url}/a")
            return list(clock.slept)

    assert asyncio.run(run()) == [1.0, 7.0]


def test_a_site_that_may_not_be_asked_is_refused_as_such():
    async def resolve(host: str, port: int) -> list[str]:
        return ["10.0.0.3"]

    async def run() -> None:
        async with Fetcher(policy(allow=()), contact="x@y.example", resolve=resolve) as fetcher:
            for _ in range(2):
                with pytest.raises(AddressRefused) as caught:
                    await fetcher.get("http://inside.example/page", obey_robots=True)
                assert caught.value.failure == "address"

    asyncio.run(run())
