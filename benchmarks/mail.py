"""How fast mails are composed and handed over, beside a plain loop that hands over the same bytes.

    python benchmarks/mail.py [RECIPIENTS]

Prints mails a second of both, their ratio, and the most memory. The server is a process of its own that keeps nothing.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import aiosmtplib

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from briefing.model import Listed, Post
from briefing.service.mailing import IssueMail
from briefing.service.recipients import subscribe, subscribers
from briefing.service.sending import published
from street_support import settings  # type: ignore[import-not-found]  # the folder of tests is put on the path above

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from briefing.service import Service

RECIPIENTS = 10_000
CONNECTIONS = 4
ITEMS = 60


class _Sink(asyncio.Protocol):
    """Says yes to everything and keeps nothing: what is measured is the sender."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._tail = b""
        self._inside = False
        transport.write(b"220 post.example\r\n")

    def data_received(self, data: bytes) -> None:
        held = self._tail + data
        if self._inside:
            self._inside = not held.endswith(b"\r\n.\r\n")
            self._tail = held[-4:] if self._inside else b""
            if not self._inside:
                self._transport.write(b"250 kept\r\n")
        elif held.endswith(b"\r\n"):
            self._tail = b""
            self._inside = held.upper().startswith(b"DATA")
            self._transport.write(b"354 go on\r\n" if self._inside else b"250 fine\r\n")
        else:
            self._tail = held


def _serve(told: Connection) -> None:
    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(_Sink, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def _prepared(folder: Path, port: int) -> Service:
    """A service with an issue of some sixty items and the list of its readers."""
    from briefing.service import Service  # noqa: PLC0415 - only in the process that needs it
    from log_support import classified, observed, source, words  # type: ignore[import-not-found]  # noqa: PLC0415

    clock = lambda: datetime(2026, 3, 2, 9, tzinfo=UTC)  # noqa: E731 - a clock that stands still
    chosen = settings(mail=Post(server=f"smtp://127.0.0.1:{port}", rate=0, connections=CONNECTIONS))
    service = Service(f"sqlite:///{folder}/briefing.db", folder, chosen, clock)
    service.adopt()
    service.desk.store.append("source:selvane", [source()])
    for number in range(ITEMS):
        item = f"{number:016x}"
        text = " ".join(f"The board of berth {number} met for the {place}th time." for place in range(8))
        said = words(title=f"Minutes of berth {number}", text=text)
        new = observed(item, payload=said, published="2026-02-25", precision="day")
        service.desk.store.append("source:selvane", [new, classified(item, 1, "harbour")])
    service.brief("weekly", "2026-W09")
    listed = [Listed(address=f"reader-{number}@ministry.example", briefing="weekly") for number in range(RECIPIENTS)]
    subscribe(service.desk, listed, "operator")
    return service


def _copy(service: Service) -> bytes:
    """The mail of one reader, in bytes."""
    made = IssueMail(service.desk, service.settings.mail, published(service.desk, "weekly"))  # type: ignore[union-attr]
    return made.copy(subscribers(service.desk, "weekly")[0]).message


async def _plain(port: int, messages: list[tuple[str, bytes]]) -> None:
    """What a loop of the library alone takes, over as many connections."""
    waiting = iter(messages)

    async def work() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port) as client:
            for address, message in waiting:
                await client.sendmail("a@b.example", [address], message)

    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))


def main(recipients: int) -> None:
    globals()["RECIPIENTS"] = recipients
    os.environ.pop("BRIEFING_SMTP_URL", None)
    here, there = multiprocessing.Pipe(duplex=False)
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    server.start()
    port = here.recv()
    with tempfile.TemporaryDirectory() as name, _prepared(Path(name), port) as service:
        body = _copy(service)
        began = time.perf_counter()
        found = service.send("weekly")
        ours = time.perf_counter() - began
        assert found.counts == {"accepted": recipients}, found
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        began = time.perf_counter()
        asyncio.run(_plain(port, [(f"reader-{number}@ministry.example", body) for number in range(recipients)]))
        plain = time.perf_counter() - began
    server.terminate()
    print(f"{recipients} mails of {len(body) / 1000:.0f} kB over {CONNECTIONS} connections")
    print(
        f"briefing send  {recipients / ours:8.0f} mails/s, from the decision to the last record; at most {most:.0f} MB"
    )
    print(f"a plain loop   {recipients / plain:8.0f} mails/s of bytes that are there already")
    print(f"ratio          {plain / ours:8.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RECIPIENTS)
