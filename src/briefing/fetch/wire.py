"""One request on the wire, by aiohttp itself: an interface above it, of which little was used, cost twice as much."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

import aiohttp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    import httpx

NO_LIMIT = aiohttp.ClientTimeout()
"""aiohttp's own limits are those of single waits, and five minutes; ours holds over the whole answer."""

_CHUNK = 16_384  # bytes handed on at a time: a body may inflate a thousandfold


class Response(Protocol):
    """An answer whose body was not read yet."""

    @property
    def url(self) -> httpx.URL:
        """What was asked."""

    @property
    def status_code(self) -> int:
        """Its HTTP status."""

    @property
    def is_success(self) -> bool:
        """Whether that is one of 200 to 299."""

    @property
    def raw_headers(self) -> Sequence[tuple[bytes, bytes]]:
        """Its header fields as they came."""

    def aiter_raw(self) -> AsyncIterator[bytes]:
        """The body as it is sent, not inflated.

        Raises:
            aiohttp.ClientError: the connection failed.
        """

    async def aclose(self) -> None:
        """Give the connection back, or end it where the body was not read to its end."""


class _Answered:
    __slots__ = ("_held", "raw_headers", "status_code", "url")

    def __init__(self, url: httpx.URL, held: aiohttp.ClientResponse) -> None:
        self._held = held
        self.url = url
        self.status_code = held.status
        self.raw_headers = held.raw_headers

    @property
    def is_success(self) -> bool:
        return HTTPStatus(200) <= self.status_code < HTTPStatus(300)

    def aiter_raw(self) -> AsyncIterator[bytes]:
        return self._held.content.iter_chunked(_CHUNK)

    async def aclose(self) -> None:
        await self._held.__aexit__(None, None, None)


class Wire:
    """Sessions of aiohttp, one for plain addresses and one for TLS, each made when it is first asked for.

    Args:
        plain: makes the session for http.
        tls: makes the session for https: it loads the system's roots.
    """

    def __init__(self, plain: Callable[[], aiohttp.ClientSession], tls: Callable[[], aiohttp.ClientSession]) -> None:
        self._make = {"http": plain, "https": tls}
        self._sessions: dict[str, aiohttp.ClientSession] = {}

    async def send(self, url: httpx.URL, headers: Mapping[str, str], content: bytes | None = None) -> Response:
        """Ask once, with a POST where there is content; redirects are answers like any other.

        Raises:
            aiohttp.ClientError, OSError, ValueError: there was no answer.
        """
        answered = await self._session(url.scheme).request(
            "GET" if content is None else "POST",
            str(url),
            headers=headers,
            data=content,
            allow_redirects=False,
            timeout=NO_LIMIT,
        )
        return _Answered(url, answered)

    def _session(self, scheme: str) -> aiohttp.ClientSession:
        if scheme not in self._sessions:
            self._sessions[scheme] = self._make[scheme]()
        return self._sessions[scheme]

    async def close(self) -> None:
        """End all connections."""
        while self._sessions:
            await self._sessions.popitem()[1].close()
