"""The Robots Exclusion Protocol (RFC 9309): what a site asks programs not to read, and how slowly to go."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from protego import Protego

from briefing.errors import AddressRefused, FetchError
from briefing.fetch.addresses import host_key, origin, shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

AGENT = "briefing"
"""The product token that a site names us by."""

LARGEST = 512_000
"""Bytes of a robots.txt that are read; RFC 9309, section 2.5, asks for at least as many."""

FRESH = 86_400.0
"""Seconds for which a copy is good; RFC 9309, section 2.4."""

_RETRY = 300.0  # seconds until a robots.txt that could not be read is asked for again


class RobotsCache(Protocol):
    """Where copies of robots.txt outlive a run."""

    def get(self, origin: str) -> tuple[str | None, float] | None:
        """The text, None where the site has no robots.txt, and when it was put (seconds since 1970); None if unknown.

        A copy past its time is handed out too: it still holds while the site does not answer.
        """

    def put(self, origin: str, text: str | None) -> None:
        """Keep a copy that was read just now."""


class MemoryRobots:
    """A cache for as long as the process lives."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._copies: dict[str, tuple[str | None, float]] = {}

    def get(self, origin: str) -> tuple[str | None, float] | None:
        """See `RobotsCache`."""
        return self._copies.get(origin)

    def put(self, origin: str, text: str | None) -> None:
        """See `RobotsCache`."""
        self._copies[origin] = (text, self._now())


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """What the site said: an HTTP status, the start of the body, and the seconds it took."""

    status: int
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class _Rules:
    """What holds for one origin until `until` (seconds since 1970); `problem` where robots.txt could not be read."""

    until: float
    rules: Protego | None = None
    problem: FetchError | None = None
    seconds: float = 0.0


class Robots:
    """Asks each origin for its robots.txt once a day and judges addresses by it.

    Args:
        cache: where copies are kept.
        read: asks for the robots.txt of an origin; raises `FetchError`.
        slow_down: told a host key and its Crawl-delay in seconds, None where there is none.
        now: seconds since 1970.
    """

    def __init__(
        self,
        cache: RobotsCache,
        *,
        read: Callable[[str], Awaitable[RobotsAnswer]],
        slow_down: Callable[[str, float | None], None],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._cache = cache
        self._read = read
        self._slow_down = slow_down
        self._now = now
        self._known: dict[str, _Rules] = {}
        self._asking: dict[str, asyncio.Task[_Rules]] = {}

    async def check(self, url: httpx.URL) -> float:
        """Let an address pass, or raise; the seconds spent on asking the site for its robots.txt.

        Raises:
            AddressRefused: the address guard refused the site.
            FetchError: `robots`, if it is disallowed or robots.txt could not be read.
        """
        site = origin(url)
        known = self._known.get(site)
        seconds = 0.0
        if known is None or known.until <= self._now():
            known = await self._ask(url, site)
            seconds = known.seconds
        if isinstance(known.problem, AddressRefused):
            raise AddressRefused(str(known.problem), failure=known.problem.failure)
        if known.problem is not None:
            raise FetchError(
                f"{site}/robots.txt could not be read, so no page of the site is read for now: {known.problem}",
                failure="robots",
                status=known.problem.status,
                retry_after=known.problem.retry_after,
            )
        if known.rules is not None and not known.rules.can_fetch(str(url), AGENT):
            raise FetchError(
                f"{site}/robots.txt asks programs not to read {shown(url)}: leave the page out, or ask the publisher.",
                failure="robots",
            )
        return seconds

    async def close(self) -> None:
        """Stop asking."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _ask(self, url: httpx.URL, site: str) -> _Rules:
        """Everybody who wants to know waits for one and the same request, which outlives each of them."""
        task = self._asking.get(site)
        if task is None:
            task = self._asking[site] = asyncio.create_task(self._learn(url, site))
            task.add_done_callback(lambda _: self._asking.pop(site, None))
        return await asyncio.shield(task)

    async def _learn(self, url: httpx.URL, site: str) -> _Rules:
        copy = self._cache.get(site)
        if copy is not None and copy[1] + FRESH > self._now():
            learnt = _Rules(copy[1] + FRESH, _parsed(copy[0]))
        else:
            learnt = await self._learn_from_site(site, copy)
        self._known[site] = learnt
        delay = learnt.rules.crawl_delay(AGENT) if learnt.rules is not None else None
        self._slow_down(host_key(url), delay)
        return learnt

    async def _learn_from_site(self, site: str, stale: tuple[str | None, float] | None) -> _Rules:
        try:
            answer = await self._read(site)
            text = _text(answer, site)
        except FetchError as problem:
            until = self._now() + _RETRY
            # An answer that leads nowhere (too many redirects) counts as none, RFC 9309, section 2.3.1.2; a site that
            # does not answer leaves the last copy in force, section 2.4.
            if problem.failure == "status" and (problem.status or 0) < 500:  # noqa: PLR2004 - server errors
                return _Rules(until)
            if stale is not None and not isinstance(problem, AddressRefused):
                return _Rules(until, _parsed(stale[0]))
            return _Rules(until, problem=problem)
        self._cache.put(site, text)
        return _Rules(self._now() + FRESH, _parsed(text), seconds=answer.seconds)


def _text(answer: RobotsAnswer, site: str) -> str | None:
    """The rules in an answer, None where there are none (RFC 9309, section 2.3.1)."""
    if answer.status >= 500:  # noqa: PLR2004 - server errors
        raise FetchError(
            f"it was answered with status {answer.status}; try {shown(site)} again later.",
            failure="status",
            status=answer.status,
        )
    if not 200 <= answer.status < 300:  # noqa: PLR2004 - success
        return None
    return answer.body.decode("utf-8-sig", "replace")


def _parsed(text: str | None) -> Protego | None:
    return None if text is None else Protego.parse(text)
