"""Web servers on loopback that mean ill: every attack has a port of its own, and says how it ought to end.

Raw sockets, for most of it no HTTP library would send. `python tests/hostile_server.py` serves until it is stopped.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
import zlib
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import hostile_bodies as bodies  # type: ignore[import-not-found]  # this folder is on the path where it runs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

Handler = Callable[["Ask", asyncio.StreamWriter], Awaitable[None]]

FAILED_LINE = frozenset({"connection", "timeout"})


@dataclass(frozen=True)
class Ask:
    """A request: the path without its slash, and where this server stands."""

    rest: str
    base: str


@dataclass(frozen=True)
class Attack:
    """`ends` are the failures it may rightly end in, "" for none; `items` how many items are kept, None for any."""

    name: str
    handler: Handler
    ends: frozenset[str]
    items: int | None = 0
    kind: str = "feed"
    heavy: bool = False  # it takes the whole time limit, or much work: not for the suite
    robots: Handler | None = None


# ---------------------------------------------------------------- ways to answer


def says(body: bytes | str, content_type: str = "application/rss+xml", **headers: str) -> Handler:
    """A well-formed answer; `{base}` in the body is this server's address."""
    raw = body.encode() if isinstance(body, str) else body

    async def handle(ask: Ask, writer: asyncio.StreamWriter) -> None:
        sent = raw.replace(b"{base}", ask.base.encode())
        fields = {"content-type": content_type, "content-length": str(len(sent)), "connection": "close"}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        writer.write(b"HTTP/1.1 200 OK\r\n" + _fields(fields) + b"\r\n" + sent)

    return handle


def _fields(fields: dict[str, str]) -> bytes:
    return b"".join(f"{name}: {value}\r\n".encode() for name, value in fields.items())


def raw(data: bytes) -> Handler:
    """These bytes and no more."""

    async def handle(ask: Ask, writer: asyncio.StreamWriter) -> None:
        writer.write(data.replace(b"{base}", ask.base.encode()))

    return handle


def forever(head: bytes, piece: bytes, pause: float = 0.0) -> Handler:
    """A beginning, then a piece again and again."""

    async def handle(_: Ask, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return handle


def redirects(location: str, status: int = 302) -> Handler:
    """Sends elsewhere; `{next}` is a number that grows."""

    async def handle(ask: Ask, writer: asyncio.StreamWriter) -> None:
        count = int(ask.rest) + 1 if ask.rest.isdigit() else 1
        target = location.replace("{base}", ask.base).replace("{next}", str(count))
        writer.write(f"HTTP/1.1 {status} X\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n".encode())

    return handle


async def _reset(_: Ask, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n<rss>")
    await writer.drain()
    held = writer.get_extra_info("socket")
    held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def by_path(default: Handler, **others: Handler) -> Handler:
    """One handler for each first part of a path."""

    async def handle(ask: Ask, writer: asyncio.StreamWriter) -> None:
        await others.get(ask.rest.partition("/")[0], default)(ask, writer)

    return handle


OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"


def _gzip(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"\0" * 1_000_000
    return b"".join([packer.compress(block) for _ in range(size // len(block))]) + packer.flush()


def _bombs() -> list[Attack]:
    """Little that unfolds to much."""
    gz = _gzip(60_000_000)
    deflate = zlib.compress(b" " * 60_000_000, 9)
    feed = bodies.feed(bodies.item(1)).encode()
    packed = zlib.compressobj(9, zlib.DEFLATED, 31)
    good = packed.compress(feed) + packed.flush()
    return [
        Attack("gzip-bomb", says(gz, content_encoding="gzip"), frozenset({"too-large"})),
        Attack("gzip-members", says(good * 3_000, content_encoding="gzip"), frozenset({"unparsable"}), heavy=True),
        Attack("gzip-in-gzip", says(good, content_encoding="gzip, gzip"), frozenset({"unparsable"})),
        Attack("deflate-bomb", says(deflate, content_encoding="deflate"), frozenset({"too-large"})),
        Attack("brotli", says(b"\x0b\x02\x80", content_encoding="br"), frozenset({"unparsable"})),
        Attack("gzip-cut", says(good[:-9], content_encoding="gzip"), frozenset({"connection"})),
        Attack("gzip-file", says(gz, content_type="application/x-gzip"), frozenset({"too-large"}), kind="sitemap"),
    ]


def _wire() -> list[Attack]:
    """What no decent server sends."""
    feed = bodies.feed(bodies.item(1)).encode()
    length = str(len(feed)).encode()
    line = FAILED_LINE
    return [
        Attack("drip-headers", forever(b"HTTP/1.1 200 OK\r\nx-a: ", b"a", 0.1), frozenset({"timeout"}), heavy=True),
        Attack("drip-body", forever(OK + b"\r\n<rss>", b" ", 0.1), frozenset({"timeout"}), heavy=True),
        Attack("silent", forever(b"", b"", 0.1), frozenset({"timeout"}), heavy=True),
        Attack("endless-body", forever(OK + b"\r\n<rss>", b"<item/>" * 9_000), frozenset({"too-large"}), heavy=True),
        Attack(
            "endless-chunks",
            forever(CHUNKED, b"2000\r\n" + b" " * 0x2000 + b"\r\n"),
            frozenset({"too-large"}),
            heavy=True,
        ),
        Attack(
            "empty-chunk-extensions",
            forever(CHUNKED, b"1;" + b"a" * 60_000 + b"\r\n \r\n"),
            line | {"too-large"},
            heavy=True,
        ),
        Attack("endless-chunk-extension", forever(CHUNKED + b"1;", b"a" * 60_000), line, heavy=True),
        Attack(
            "endless-trailers", forever(CHUNKED + b"0\r\n", b"x-t: " + b"t" * 5_000 + b"\r\n"), line | {"unparsable"}
        ),
        Attack("huge-chunk", raw(CHUNKED + b"FFFFFFFFFFFFFFFFF\r\n<rss>"), line),
        Attack("minus-chunk", raw(CHUNKED + b"-5\r\n<rss>\r\n0\r\n\r\n"), line),
        Attack("header-flood", forever(OK, b"x-a: b\r\n" * 1_000), line),
        Attack("header-giant", forever(OK + b"x-a: ", b"a" * 60_000), line),
        Attack("status-giant", forever(b"HTTP/1.1 200 ", b"O" * 60_000), line),
        Attack("first-line-endless", forever(b"", b"a" * 60_000), line),
        Attack(
            "continue-flood", forever(b"", b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" * 50), line, heavy=True
        ),
        Attack("too-long-declared", raw(OK + b"content-length: 5000\r\n\r\n" + feed), line),
        Attack(
            "too-short-declared", raw(OK + b"content-length: 60\r\n\r\n" + feed), line | {"unparsable", "damaged"}, None
        ),
        Attack("two-lengths", raw(OK + b"content-length: 5\r\ncontent-length: " + length + b"\r\n\r\n" + feed), line),
        Attack(
            "length-and-chunks",
            raw(OK + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n" + feed),
            line | {"unparsable"},
        ),
        Attack("minus-length", raw(OK + b"content-length: -5\r\n\r\n" + feed), line),
        Attack("giant-length", raw(OK + b"content-length: " + b"9" * 30 + b"\r\n\r\n" + feed), line | {"too-large"}),
        Attack("no-http", raw(feed), line),
        Attack("tls-garbage", raw(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + bytes(range(256))), line),
        Attack("reset", _reset, line),
        Attack("nothing", raw(b""), line),
        Attack("http-3", raw(b"HTTP/9.9 200 OK\r\ncontent-length: 0\r\n\r\n"), line | {"unparsable"}),
        Attack("status-0", raw(b"HTTP/1.1 0 X\r\ncontent-length: 0\r\n\r\n"), line | {"status"}),
        Attack("nul-in-header", raw(OK + b"x-a: a\0b\r\ncontent-length: 0\r\n\r\n"), line | {"unparsable"}),
        Attack("folded-header", raw(OK + b"x-a: a\r\n b\r\ncontent-length: 0\r\n\r\n"), line | {"unparsable"}),
        Attack("switching", raw(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n"), line | {"status"}),
        Attack(
            "odd-validators",
            says(feed, etag='"' + "\x01\xff" * 20_000 + '"', last_modified="soon", retry_after="9" * 20_000),
            frozenset({""}),
            1,
        ),
    ]


def _redirecting() -> list[Attack]:
    """Sent elsewhere, and never to a good place."""
    astray, refused = frozenset({"status"}), frozenset({"address"})
    targets = {
        "metadata": "http://169.254.169.254/latest/meta-data/", "private": "http://10.0.0.1/", "six": "http://[::1]:9/",
        "mapped": "http://[::ffff:10.0.0.1]/", "any": "http://0.0.0.0:9/", "number": "http://2130706433/",
        "octal": "http://0177.0.0.1/", "hex": "http://0x7f.1/", "short": "http://127.1/",
        "nat64": "http://[64:ff9b::7f00:1]/", "six-to-four": "http://[2002:7f00:1::]/", "zone": "http://[fe80::1%25lo]/",
        "unique-local": "http://[fd00::1]/", "shared": "http://100.64.0.1/", "teredo": "http://[2001::1]/",
        "user": "http://127.0.0.1@10.0.0.1/", "file": "file:///etc/passwd", "gopher": "gopher://127.0.0.1/1",
        "program": "javascript:alert(1)", "data": "data:text/xml,<rss/>", "wide": "http://１０.0.0.1/",
        "dotted": "http://10.0.0.1./", "port": "http://127.0.0.1:99999/",
    }  # fmt: skip
    return [
        Attack("loop", redirects("{base}/"), astray),
        Attack("chain", redirects("{base}/{next}"), astray),
        Attack("long-location", redirects("{base}/" + "a" * 60_000), astray | FAILED_LINE | {"address"}),
        *(Attack(f"to-{name}", redirects(target), refused) for name, target in targets.items()),
        # Nobody agrees on which of the two hosts this names; what is dialled is judged all the same.
        Attack("to-back-slash", redirects("http://10.0.0.1\\@127.0.0.1:9/"), refused | FAILED_LINE),
    ]


def _robots() -> list[Attack]:
    """What a site says to programs, meant to hold them up."""
    listing = by_path(
        says(bodies.listing("{base}/pages/1"), "text/html"), pages=says(bodies.page("The harbour"), "text/html")
    )
    long_link = says(bodies.listing("{base}/" + "a" * 3_000), "text/html")
    stars = "User-agent: *\nDisallow: /" + "*a" * 60 + "b\n"
    many = "User-agent: *\n" + "".join(f"Disallow: /x{number}*\n" for number in range(30_000))
    forms: list[tuple[str, Handler, set[str]]] = [
        ("drip", forever(b"HTTP/1.1 200 OK\r\n\r\n", b"#", 0.1), {"robots"}),
        ("endless", forever(b"HTTP/1.1 200 OK\r\n\r\n", b"# no\n" * 9_000), {""}),
        ("loop", redirects("{base}/robots.txt"), {""}),
        ("inner", redirects("http://10.0.0.1/robots.txt"), {"address"}),
        ("many", says(many, "text/plain"), {""}),
        ("nothing", raw(b"\0\0\0"), {"robots"}),
        ("stars", says(stars, "text/plain"), {""}),
    ]
    return [
        Attack(
            f"robots-{name}",
            long_link if name == "stars" else listing,
            frozenset(ends),
            None,
            "page",
            heavy=name in {"drip", "many", "endless"},
            robots=robots,
        )
        for name, robots, ends in forms
    ]


def _sitemaps() -> list[Attack]:
    index = says(bodies.index([f"{{base}}/{number}" for number in range(5)]), "application/xml")
    drips = bodies.index([f"{{base}}/{number}" for number in range(40)])
    drip = by_path(says(drips, "application/xml"), **{str(n): forever(b"", b"", 0.1) for n in range(40)})
    return [
        Attack("sitemap-loop", index, frozenset({"empty", "damaged"}), kind="sitemap"),
        Attack("sitemap-drips", drip, frozenset({"damaged", "timeout"}), kind="sitemap", heavy=True),
    ]


def _pages() -> list[Attack]:
    links = "".join(f'<li><a href="{{base}}/pages/{n}">Berth {n}</a></li>' for n in range(90))
    listing = says(f"<!DOCTYPE html><title>x</title><ul>{links}</ul>", "text/html")
    return [
        Attack(
            "page-drips", by_path(listing, pages=forever(b"HTTP/1.1 200 OK\r\n", b"a", 0.1)), frozenset({""}), None,
            "page", heavy=True,
        )
    ]  # fmt: skip


def attacks() -> dict[str, Attack]:
    """All of them by name."""
    from hostile_further import further  # type: ignore[import-not-found]

    made = [
        *further(), *_wire(), *_bombs(), *_redirecting(), *_robots(), *_sitemaps(), *_pages(),
        *(
            Attack(one.name, says(one.body, one.content_type), one.ends, one.items, one.kind, one.heavy)
            for one in bodies.all_of_them()
        ),
    ]  # fmt: skip
    return {one.name: one for one in made}


# ---------------------------------------------------------------- the server


@dataclass
class Hostile:
    """The running servers, one for each attack: where it stands and what it was asked."""

    bases: dict[str, str] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)


class _Server:
    """One attack on a port of its own, so that it has a robots.txt of its own and hinders no other."""

    def __init__(self, name: str, handler: Handler, robots: Handler | None, hostile: Hostile) -> None:
        self._handler = handler
        self._robots = robots
        self._asked = hostile.asked.setdefault(name, [])
        self.base = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, ValueError):
            line = await reader.readline()
            while (await reader.readline()).strip():
                pass
            path = line.decode("latin-1").split(" ")[1] if line else "/"
            self._asked.append(path)
            handler = self._handler if path != "/robots.txt" else self._robots or _NOTHING
            await handler(Ask(path.lstrip("/"), self.base), writer)
            await writer.drain()
        writer.close()


_NOTHING = raw(b"HTTP/1.1 404 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")


@asynccontextmanager
async def serving(chosen: Iterable[Attack]) -> AsyncIterator[Hostile]:
    """Serve these attacks, and under the names of `HEALTHY_ONES` feeds with nothing wrong."""
    hostile = Hostile()
    healthy = [
        Attack(name, says(bodies.healthy(name)), frozenset({""}), bodies.HEALTHY) for name in bodies.HEALTHY_ONES
    ]
    servers: list[asyncio.Server] = []
    tasks: set[asyncio.Task[None]] = set()
    loop = asyncio.get_running_loop()
    for attack in (*healthy, *chosen):
        own = _Server(attack.name, attack.handler, attack.robots, hostile)

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, own: _Server = own) -> None:
            task = loop.create_task(own.serve(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        own.base = hostile.bases[attack.name] = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        servers.append(server)
    try:
        yield hostile
    finally:
        for server in servers:
            server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for server in servers:
            await server.wait_closed()


async def _serve() -> None:
    async with serving(attacks().values()) as hostile:
        for name, base in hostile.bases.items():
            sys.stdout.write(f"{base}/ {name}\n")
        sys.stdout.flush()
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(_serve())
