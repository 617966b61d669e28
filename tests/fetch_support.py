"""A loopback web server whose every byte a test decides, and policies that let it be asked."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from typing import TYPE_CHECKING

from briefing.model import FetchPolicy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    path: str
    headers: dict[str, str]


Handler = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Handler:
    """Always the same whole answer; underscores in names stand for hyphens."""

    async def handle(asked: Asked, writer: asyncio.StreamWriter) -> None:
        fields = {"content-length": str(len(body))} | {name.replace("_", "-"): text for name, text in headers.items()}
        if status == 304:
            del fields["content-length"]
        head = "".join(f"{name}: {text}\r\n" for name, text in fields.items())
        writer.write(f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + body)

    return handle


def raw(data: bytes) -> Handler:
    """These bytes, and the connection is closed."""

    async def handle(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        writer.close()

    return handle


@dataclass
class Site:
    """Handlers by path, and what was asked, in order."""

    port: int = 0
    handlers: dict[str, Handler] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    now: int = 0
    most: int = 0
    connections: int = 0
    first: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = defaultdict(int)
        for path in self.paths():
            counts[path] += 1
        return dict(counts)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while line := await reader.readline():
                headers = {}
                while (field_line := (await reader.readline()).decode().strip()) != "":
                    name, _, value = field_line.partition(":")
                    headers[name.lower()] = value.strip()
                asked = Asked(line.decode().split(" ")[1], headers)
                self.asked.append(asked)
                self.first.set()
                self.now += 1
                self.most = max(self.most, self.now)
                try:
                    await self.handlers.get(asked.path, answer(404))(asked, writer)
                finally:
                    self.now -= 1
                await writer.drain()
                if writer.is_closing():
                    break
        except ConnectionError:
            pass  # the client hung up, as some tests mean it to
        finally:
            writer.close()


@asynccontextmanager
async def site(**handlers: Handler) -> AsyncIterator[Site]:
    """A site with a handler for each path; a path is written without its slash."""
    served = Site(handlers={f"/{name}": handler for name, handler in handlers.items()})
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(served.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


def policy(
    *,
    timeout: float = 20.0,
    max_bytes: int = 1_000_000,
    per_host: int = 50,
    spacing: float = 0.0,
    allow: tuple[str, ...] = ("127.0.0.0/8",),
) -> FetchPolicy:
    return FetchPolicy(
        every=timedelta(hours=1),
        timeout=timedelta(seconds=timeout),
        max_bytes=max_bytes,
        per_host=per_host,
        spacing=timedelta(seconds=spacing),
        allow_networks=tuple(ip_network(text) for text in allow),
    )


class StillClock:
    """Stands still but for the sleeping of those who wait by it; `slept` are their waits."""

    def __init__(self, start: float = 1_000.0) -> None:
        self.time = start
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)
