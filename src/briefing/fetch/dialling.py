"""How connections are made: names resolved and screened, every socket address judged again before it is dialled."""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import aiohttp
import truststore
from aiohttp.abc import AbstractResolver, ResolveResult

if TYPE_CHECKING:
    from aiohttp import AddrInfoType

    from briefing.fetch.guard import Guard

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Name and port to address literals; raises `OSError` where there are none."""

Dial = Callable[["AddrInfoType"], socket.socket]
"""Makes the socket for an address that passed the guard: (family, type, protocol, canonical name, socket address)."""

_LOOKUPS = 16
# Longer than the usual second between two pages of a site; many idle connections would use up file descriptors.
_KEEP_ALIVE = 5.0
# Security policies in headers outgrow the 8 KiB that aiohttp takes by default.
_HEADER_BYTES = 65_536
_READ_BUFFER = 262_144


class SystemResolver:
    """The system's resolver in threads of its own, so that slow names do not hold up anything else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="briefing-resolve")

    async def __call__(self, host: str, port: int) -> list[str]:
        """All addresses of a name, in the system's order of preference (RFC 6724).

        Raises:
            OSError: the name does not resolve.
        """
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._threads, _look_up, host, port)
        except UnicodeError as error:  # the idna codec, for an empty label or one of more than 63 characters
            raise OSError(f"no name can look like this: {error}") from error
        return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))

    def close(self) -> None:
        """Stop without waiting for look-ups that are still under way."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int) -> Sequence[AddrInfoType]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


class ScreenedResolver(AbstractResolver):
    """Resolves for aiohttp and lets a name pass only if all its addresses may be dialled."""

    def __init__(self, resolve: Resolve, guard: Guard) -> None:
        self._resolve = resolve
        self._guard = guard

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - aiohttp's signature; we take both families
    ) -> list[ResolveResult]:
        """Look up and screen.

        Raises:
            AddressRefused: one of the addresses is neither public nor listed.
            OSError: the name does not resolve.
        """
        addresses = await self._resolve(host, port)
        if not addresses:
            raise OSError("no address is known for it")
        for address in addresses:
            self._guard.check(address, host)
        return [_result(host, address, port) for address in addresses]

    async def close(self) -> None:
        """Nothing is held here; whoever gave `resolve` closes it."""


def _result(host: str, address: str, port: int) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=address,
        port=port,
        family=socket.AF_INET6 if ":" in address else socket.AF_INET,
        proto=0,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )


def open_socket(info: AddrInfoType) -> socket.socket:
    """The ordinary way to dial: an unconnected socket of the family asked for."""
    family, kind, protocol, _, _ = info
    return socket.socket(family, kind, protocol)


def screened(dial: Dial, guard: Guard) -> Dial:
    """A socket factory that judges the very address that is about to be dialled."""

    def dial_if_allowed(info: AddrInfoType) -> socket.socket:
        guard.check(str(info[4][0]))
        return dial(info)

    return dial_if_allowed


def tls_context(ca_file: str = "") -> ssl.SSLContext:
    """Certificates are verified against the system's roots, and those of `ca_file`.

    On Linux they are loaded here, once: `truststore` would load them again for every connection (26 ms of CPU each).
    Elsewhere, and where OpenSSL finds no roots of its own, `truststore` knows the place.

    Raises:
        OSError: `ca_file` cannot be read, or holds no certificate (`ssl.SSLError`).
    """
    context = _system_context()
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
        # What is missing of a chain is mostly the certificate in its middle: it may stand there for its root.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _system_context() -> ssl.SSLContext:
    if sys.platform not in {"darwin", "win32"}:
        context = ssl.create_default_context()
        if context.cert_store_stats()["x509_ca"]:
            context.set_alpn_protocols(["http/1.1"])
            return context
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols(["http/1.1"])
    return context


def session(
    resolver: AbstractResolver, dial: Dial, connections: int, *, tls: bool | ssl.SSLContext
) -> aiohttp.ClientSession:
    """One pool of connections; the system's roots are loaded only for one that speaks TLS."""
    connector = aiohttp.TCPConnector(
        resolver=resolver,
        socket_factory=dial,
        limit=connections,
        keepalive_timeout=_KEEP_ALIVE,
        ssl=tls if isinstance(tls, ssl.SSLContext) else tls_context() if tls else True,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        max_line_size=_HEADER_BYTES,
        max_field_size=_HEADER_BYTES,
        read_bufsize=_READ_BUFFER,
    )
