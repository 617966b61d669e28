"""The client: one conditional, limited, polite request at a time, its redirects followed by hand."""

from __future__ import annotations

import asyncio
import copy
import time
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

import aiohttp
import httpx

from briefing import __version__
from briefing.errors import FetchError
from briefing.fetch import addresses, answers, challenge
from briefing.fetch.access import Access
from briefing.fetch.body import read_start, read_whole
from briefing.fetch.dialling import ScreenedResolver, SystemResolver, open_socket, screened, session, tls_context
from briefing.fetch.guard import Guard
from briefing.fetch.politeness import Politeness
from briefing.fetch.robots import LARGEST, MemoryRobots, Robots, RobotsAnswer
from briefing.fetch.timelimit import TimeLimit
from briefing.fetch.wire import Wire
from briefing.model import Fetched, Redirect

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Mapping
    from types import TracebackType

    from briefing.fetch.dialling import Dial, Resolve
    from briefing.fetch.politeness import Slots
    from briefing.fetch.robots import RobotsCache
    from briefing.model import FetchPolicy, Validators

    Read = Callable[[httpx.Response, Mapping[str, str]], Awaitable[bytes]]
    Admit = Callable[[httpx.URL, TimeLimit], Awaitable[None]]

FEED_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9,"
    " text/xml;q=0.9, application/json;q=0.8, text/html;q=0.7, */*;q=0.5"
)
"""The Accept header for feeds and sitemaps."""

PAGE_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"
"""The Accept header for listings and items' own pages."""

MOST_REDIRECTS = 5

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_START = 4096  # bytes of an answer that is no document
_NOTHING: Mapping[str, str] = MappingProxyType({})
_MAY_BE_CHALLENGE = frozenset({202, 429, 503})


@dataclass(frozen=True, slots=True)
class _Answer:
    url: httpx.URL
    status: int
    headers: Mapping[str, str]
    body: bytes
    redirects: tuple[Redirect, ...]


class Fetcher:
    """Asks the web; used as `async with Fetcher(policy, contact=...) as fetcher`.

    Args:
        policy: limits, pace, and networks that may be asked though they are not public.
        contact: a mail address or page where a publisher finds us; part of the User-Agent.
        clock: seconds that never run backwards, for the pace.
        sleep: waits so many seconds of that clock.
        now: seconds since 1970, for Retry-After and the age of robots.txt.
        resolve: host and port to address literals; the system's resolver by default.
        dial: makes the socket for an address that passed the guard.
        robots: where copies of robots.txt are kept; in memory by default.
        connections: requests at a time, to all hosts together.
        slots: where turns at hosts are counted; in this process by default.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        contact: str,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        now: Callable[[], float] = time.time,
        resolve: Resolve | None = None,
        dial: Dial = open_socket,
        robots: RobotsCache | None = None,
        connections: int = 50,
        slots: Slots | None = None,
    ) -> None:
        self._policy = policy
        self._now = now
        self._guard = Guard(policy.allow_networks)
        self._politeness = Politeness(
            per_host=policy.per_host,
            spacing=policy.spacing.total_seconds(),
            connections=connections,
            clock=clock,
            sleep=sleep,
            slots=slots,
        )
        self._kept = robots if robots is not None else MemoryRobots(now)
        self._robots = Robots(
            self._kept,
            read=self._read_robots,
            slow_down=self._politeness.crawl_delay,
            now=now,
        )
        self._system = SystemResolver()
        lookup = resolve or self._system
        self._dialling = (lookup, dial, connections)
        self._access = Access(allow_http=True)
        self._trusting: dict[str, tuple[Wire, Robots]] = {}  # by the file of further roots
        self._wire = Wire(
            self._sessions(lookup, dial, connections, tls=False), self._sessions(lookup, dial, connections, tls=True)
        )
        self._identity = {
            "user-agent": f"briefing/{__version__} (+{quote(contact.strip(), safe='@:/?&=+.,-_~%#')})",
            "accept-language": "*",
            "accept-encoding": "gzip",
        }

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for wire, robots in self._trusting.values():
            await robots.close()
            await wire.close()
        await self._robots.close()
        await self._wire.close()
        self._system.close()

    def on_behalf(self, access: Access) -> Fetcher:
        """The same client, asking as a source is configured; turns, robots.txt and connections are shared.

        Raises:
            FetchError: `tls`, where its further roots cannot be read.
        """
        own = copy.copy(self)
        own._access = access  # noqa: SLF001 - it is one of us
        if access.ca_file:
            own._wire, own._robots = self._trusted(own, access.ca_file)  # noqa: SLF001 - the same
        return own

    def _trusted(self, own: Fetcher, ca_file: str) -> tuple[Wire, Robots]:
        """The wire that trusts a file's certificates too, and robots.txt read by it."""
        if ca_file in self._trusting:
            return self._trusting[ca_file]
        try:
            context = tls_context(ca_file)
        except OSError as error:
            raise FetchError(
                f"the certificates in {ca_file} cannot be read ({error.strerror or error}): ca_file names a PEM file.",
                failure="tls",
            ) from error
        wire = Wire(self._sessions(*self._dialling, tls=False), self._sessions(*self._dialling, tls=context))
        own._wire = wire
        robots = Robots(
            self._kept,
            read=own._read_robots,
            slow_down=self._politeness.crawl_delay,
            now=self._now,
        )
        self._trusting[ca_file] = wire, robots
        return wire, robots

    @property
    def spacing(self) -> float:
        """Seconds that we leave between two requests to a host of our own will."""
        return self._policy.spacing.total_seconds()

    async def get(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        accept: str = FEED_ACCEPT,
        obey_robots: bool = False,
    ) -> Fetched:
        """Ask for an address and return the whole answer, a 200 or, if validators were sent, a 304. Never tries twice.

        Args:
            url: an http or https address; credentials in it go to its own host only.
            validators: what an earlier answer gave; sent along redirects too, for they belong to what we read.
            accept: the Accept header.
            obey_robots: whether robots.txt is asked first, at each redirect too.

        Raises:
            AddressRefused: the address guard refused the host or a redirect's.
            FetchError: everything else, with its failure, its status and the wait that the server asked for.
        """
        asked = addresses.understood(url)
        conditions = _conditions(validators)
        headers = _with(self._identity, accept=accept, **conditions)
        limit = TimeLimit(self._policy.timeout.total_seconds())
        answer = await self._follow(asked, headers, limit, self._read, self._obey if obey_robots else None)
        answers.judge(
            answer.url,
            answer.status,
            answer.headers,
            answer.body,
            conditional=bool(conditions),
            now=self._now(),
        )
        return Fetched(
            url=url,
            final_url=str(answer.url) if answer.redirects or asked.userinfo else url,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            redirects=answer.redirects,
            seconds=limit.spent,
        )

    async def post(self, url: str, body: bytes, *, content_type: str) -> None:
        """Send bytes to an address, once; a redirect is no acceptance.

        Raises:
            AddressRefused: the address guard refused the host.
            FetchError: it was not accepted (an answer of 200 to 299), or not in time.
        """
        asked = addresses.understood(url)
        self._guard.check_host(asked.raw_host.decode("ascii"))
        headers = self._access.own(asked, _with(self._identity, content_type=content_type))
        if credentials := addresses.authorization(asked):
            headers = _with(headers, authorization=credentials)
        limit = TimeLimit(self._policy.timeout.total_seconds())
        status, _, _ = await self._exchange(addresses.bare(asked), headers, limit, _read_nothing, body)
        if not HTTPStatus(200) <= status < HTTPStatus(300):
            raise FetchError(f"{addresses.shown(asked)} answered with status {status}", failure="status", status=status)

    async def send(
        self, method: str, url: str, body: bytes | None = None, *, headers: Mapping[str, str] = _NOTHING
    ) -> Fetched:
        """Ask once with any method and give back any answer; redirects are not followed.

        The body is whole where a GET was answered with 200, else what stands at its start.

        Raises:
            AddressRefused: the address guard refused the host.
            FetchError: there was no answer, or not in time.
        """
        asked = addresses.understood(url)
        self._guard.check_host(asked.raw_host.decode("ascii"))
        own = {**self._identity, **headers}
        if credentials := addresses.authorization(asked):
            own["authorization"] = credentials
        limit = TimeLimit(self._policy.timeout.total_seconds())
        status, fields, found = await self._exchange(
            addresses.bare(asked), own, limit, self._read_200 if method == "GET" else _read_start, body, method=method
        )
        return Fetched(url=url, final_url=url, status=status, headers=fields, body=found, seconds=limit.spent)

    async def _follow(
        self, asked: httpx.URL, headers: Mapping[str, str], limit: TimeLimit, read: Read, admit: Admit | None = None
    ) -> _Answer:
        """Ask, and follow at most `MOST_REDIRECTS` redirects; each address is judged before it is asked."""
        credentials = addresses.authorization(asked)
        url = addresses.bare(asked)
        redirects: list[Redirect] = []
        seen = {url}
        while True:
            self._guard.check_host(url.raw_host.decode("ascii"))
            if admit is not None:
                await admit(url, limit)
            own = self._access.own(url, headers)
            own = _with(own, authorization=credentials) if credentials and not redirects else own
            status, fields, body = await self._exchange(url, own, limit, read)
            if status not in _REDIRECTS or "location" not in fields:
                return _Answer(url, status, fields, body, tuple(redirects))
            before, url = url, _target(url, fields["location"])
            self._access.check_redirect(before, url)
            redirects.append(Redirect(status=status, url=str(url)))
            if url in seen or len(redirects) > MOST_REDIRECTS:
                raise FetchError(_astray(asked, url, looped=url in seen), failure="status", status=status)
            seen.add(url)

    async def _exchange(
        self,
        url: httpx.URL,
        headers: Mapping[str, str],
        limit: TimeLimit,
        read: Read,
        content: bytes | None = None,
        *,
        method: str = "",
    ) -> tuple[int, dict[str, str], bytes]:
        """One request in its turn, a POST where there is content and no other method is given; one answer within the
        time that is left.
        """
        async with self._politeness.turn(addresses.host_key(url)):
            try:
                async with limit.running():
                    response = await self._wire.send(url, headers, content, method)
                    fields = _fields(response)
                    try:
                        body = await read(response, fields)
                    finally:
                        await response.aclose()
            except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, ValueError) as error:
                raise answers.explained(error, url, limit.seconds) from error
        return response.status_code, fields, body

    async def _read(self, response: httpx.Response, fields: Mapping[str, str]) -> bytes:
        if response.status_code == HTTPStatus.OK:
            return await read_whole(response, fields, self._policy.max_bytes)
        if response.status_code in _MAY_BE_CHALLENGE:
            return await read_start(response, fields, challenge.SMALL)
        return b""

    async def _read_200(self, response: httpx.Response, fields: Mapping[str, str]) -> bytes:
        if response.status_code == HTTPStatus.OK:
            return await read_whole(response, fields, self._policy.max_bytes)
        return await _read_start(response, fields)

    async def _obey(self, url: httpx.URL, limit: TimeLimit) -> None:
        limit.spend(await self._robots.check(url))

    async def _read_robots(self, site: str) -> RobotsAnswer:
        limit = TimeLimit(self._policy.timeout.total_seconds())
        headers = _with(self._identity, accept="text/plain, */*;q=0.5")
        answer = await self._follow(httpx.URL(f"{site}/robots.txt"), headers, limit, _read_rules)
        return RobotsAnswer(answer.status, answer.body, limit.spent)

    def _sessions(
        self, resolve: Resolve, dial: Dial, connections: int, *, tls: bool | ssl.SSLContext
    ) -> Callable[[], aiohttp.ClientSession]:
        guard = self._guard
        return lambda: session(ScreenedResolver(resolve, guard), screened(dial, guard), connections, tls=tls)


def _with(headers: Mapping[str, str], **more: str) -> dict[str, str]:
    return {**headers, **{name.replace("_", "-"): value for name, value in more.items()}}


def _conditions(validators: Validators | None) -> dict[str, str]:
    """Conditional headers (RFC 9110, section 13.1), validators sent back as they came."""
    if validators is None:
        return {}
    pairs = (("if_none_match", validators.etag), ("if_modified_since", validators.last_modified))
    return {name: value for name, value in pairs if value and value.isascii() and value.isprintable()}


def _target(base: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads (RFC 9110, section 10.2.2)."""
    try:
        target = str(base.join(location.strip()))
    except (httpx.InvalidURL, ValueError):
        target = location
    return addresses.bare(addresses.understood(target))


def _astray(asked: httpx.URL, url: httpx.URL, *, looped: bool) -> str:
    what = (
        f"redirects in a circle, back to {addresses.shown(url)}" if looped else f"redirects over {MOST_REDIRECTS} times"
    )
    return f"{addresses.shown(asked)} {what}: check the address in a browser."


async def _read_nothing(_response: httpx.Response, _fields: Mapping[str, str]) -> bytes:
    return b""


async def _read_start(response: httpx.Response, fields: Mapping[str, str]) -> bytes:
    return await read_start(response, fields, _START)


async def _read_rules(response: httpx.Response, fields: Mapping[str, str]) -> bytes:
    return await read_start(response, fields, LARGEST) if response.is_success else b""


def _fields(response: httpx.Response) -> dict[str, str]:
    """Header fields by lower-case name, repeated ones joined (RFC 9110, section 5.3)."""
    fields: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        name = raw_name.decode("latin-1").lower()
        try:
            value = raw_value.decode()
        except UnicodeDecodeError:
            value = raw_value.decode("latin-1")
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return fields
