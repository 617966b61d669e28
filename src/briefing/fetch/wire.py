"""One request on the wire: httpx's requests and answers over aiohttp's connections, which cost a third of httpx's own.

The transport is asked without `httpx.AsyncClient` above it: redirects, cookies, credentials and time limits are ours.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from httpx_aiohttp.transport import AiohttpResponseStream, map_aiohttp_exceptions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

UNTIMED = aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None)
"""No limit of aiohttp's own: they are per operation, and ours holds over the whole answer."""


class _Transport(AiohttpTransport):
    """httpx-aiohttp's transport for bodies that are bytes, handing over header fields as they are."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not isinstance(self.client, aiohttp.ClientSession):
            self.client = self.get_client()
        fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
        with map_aiohttp_exceptions():
            answer = await self.client.request(
                request.method,
                str(request.url),
                headers=fields,
                data=request.content or None,
                allow_redirects=False,
                timeout=UNTIMED,
            )
        return httpx.Response(
            answer.status, headers=answer.raw_headers, stream=AiohttpResponseStream(answer), request=request
        )


class Wire:
    """Asks and follows nothing by itself: no redirects, cookies, proxies or time limits of its own.

    Args:
        plain: makes the session for http, when it is first asked for.
        tls: makes the session for https: it loads the system's roots.
    """

    def __init__(self, plain: Callable[[], aiohttp.ClientSession], tls: Callable[[], aiohttp.ClientSession]) -> None:
        self._transports = {"http": _transport(plain), "https": _transport(tls)}

    async def send(
        self, url: httpx.URL, headers: Mapping[str, str], content: bytes | None = None, method: str = ""
    ) -> httpx.Response:
        """Ask once, without a method with a POST where there is content; the body of the answer is not read yet.

        Raises:
            httpx.HTTPError, aiohttp.ClientError, OSError, ValueError: there was no answer.
        """
        method = method or ("GET" if content is None else "POST")
        request = httpx.Request(method, url, headers=headers, content=content)
        return await self._transports[url.scheme].handle_async_request(request)

    async def close(self) -> None:
        """End all connections."""
        for transport in self._transports.values():
            await transport.aclose()


def _transport(sessions: Callable[[], aiohttp.ClientSession]) -> httpx.AsyncBaseTransport:
    # The transport calls for its session at the first request. The context given to it here goes unused with a session
    # of our own; it holds no roots, so that nothing could be verified by it, and it spares loading them.
    transport: httpx.AsyncBaseTransport = _Transport(
        client=sessions, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), trust_env=False
    )
    return transport
