"""One request on the wire: httpx's client over the aiohttp transport, which costs a third of httpx's own."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpx
from httpx_aiohttp import AiohttpTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import aiohttp


class _NoCookies(httpx.Cookies):
    """Keeps nothing: no publisher is to recognise us by anything but our name."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Leave them where they are."""


_NO_COOKIES = _NoCookies()


class _Client(httpx.AsyncClient):
    @property
    def cookies(self) -> httpx.Cookies:
        """Always empty."""
        return _NO_COOKIES

    @cookies.setter
    def cookies(self, cookies: object) -> None:
        """Nothing is kept."""


class Wire:
    """A client that asks and follows nothing by itself: no redirects, cookies, proxies or time limits of its own.

    Args:
        plain: makes the session for http, when it is first asked for.
        tls: makes the session for https: it loads the system's roots.
    """

    def __init__(self, plain: Callable[[], aiohttp.ClientSession], tls: Callable[[], aiohttp.ClientSession]) -> None:
        self._client = _Client(
            transport=_transport(plain),
            mounts={"https://": _transport(tls)},
            trust_env=False,
            timeout=None,  # TimeLimit holds over the whole answer; httpx's own are per operation
        )

    async def send(
        self, url: httpx.URL, headers: Mapping[str, str], content: bytes | None = None, method: str = ""
    ) -> httpx.Response:
        """Ask once, without a method with a POST where there is content; the body of the answer is not read yet.

        Raises:
            httpx.HTTPError, aiohttp.ClientError, OSError, ValueError: there was no answer.
        """
        method = method or ("GET" if content is None else "POST")
        request = httpx.Request(method, url, headers=headers, content=content)
        return await self._client.send(request, stream=True, auth=None)

    async def close(self) -> None:
        """End all connections."""
        await self._client.aclose()


def _transport(sessions: Callable[[], aiohttp.ClientSession]) -> httpx.AsyncBaseTransport:
    # The transport calls for its session at the first request. The context given to it here goes unused with a session
    # of our own; it holds no roots, so that nothing could be verified by it, and it spares loading them.
    transport: httpx.AsyncBaseTransport = AiohttpTransport(
        client=sessions, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), trust_env=False
    )
    return transport
