"""Read feeds with 1, 2 and 4 workers on one PostgreSQL, and say how long a new item takes from its feed into ours.

    python -m benchmarks.workers FOLDER [--feeds 1000] [--items 30] [--workers 1 2 4] [--answer 0.0] [--turns 3]

PostgreSQL is that of the tests (BRIEFING_TEST_POSTGRES names another), nginx serves the feeds; with `--answer SECONDS`
a server of our own answers after so long, as publishers do. Time counts from the moment a scheduler leads, with the
workers started and waiting, until the last source was read, and until everything is labelled and published.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from benchmarks import feeds, measure, world
from benchmarks.serving import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

sys.path.insert(0, str(world.PROJECT / "tests"))
import postgres_support  # type: ignore[import-not-found]

_PATIENCE = 900.0
_PORTS = 8
_LONG_AGO = "2000-01-01T00:00:00.000000+00:00"
_OURS = "relnamespace = 'public'::regnamespace"
# Labels and published files that are still to come: for a moment files can be up with a log that waits for labels.
_LEFT = (
    "SELECT head.position - published.position + (SELECT count(*) FROM items WHERE rules = '')"
    " FROM head, published WHERE published.name = 'feeds'"
)
_LAGS = 7  # new items, one after the other
_KINDS = {"rss": "application/rss+xml", "atom": "application/atom+xml", "rdf": "application/rdf+xml"}


def main() -> None:
    parsed = _arguments()
    folder: Path = parsed.folder.resolve()
    names = feeds.write(folder / "served", parsed.feeds, parsed.items)
    with ExitStack() as opened:
        cluster = opened.enter_context(postgres_support.cluster())
        bases = opened.enter_context(
            _answering(folder / "served", parsed.answer)
            if parsed.answer
            else serving(folder / "served", folder / "nginx", ports=_PORTS, core=None)
        )
        addresses = [f"{bases[number % len(bases)]}/{name}" for number, name in enumerate(names)]
        found: dict[int, list[float]] = {count: [] for count in parsed.workers}
        for turn in range(parsed.turns):
            for count in parsed.workers:
                at = folder / f"turn-{turn}-{count}"
                figures = _turn(
                    at,
                    cluster.database(),
                    addresses,
                    folder / "served",
                    workers=count,
                    concurrency=parsed.concurrency,
                )
                found[count].append(figures["fetches_per_second"])
                world.report(turn=turn, workers=count, **figures)
                cluster.clear()
    medians = {count: statistics.median(each) for count, each in found.items()}
    first = medians[parsed.workers[0]]
    world.report(
        feeds=parsed.feeds,
        items=parsed.items,
        answer=parsed.answer,
        fetches_per_second={count: round(one, 1) for count, one in medians.items()},
        ratio={count: round(one / first, 2) for count, one in medians.items()},
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--items", type=int, default=30)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--answer", type=float, default=0.0, help="seconds after which a feed answers")
    parser.add_argument("--turns", type=int, default=3)
    return parser.parse_args()


def _turn(
    folder: Path, url: str, addresses: Sequence[str], served: Path, *, workers: int, concurrency: int
) -> dict[str, float]:
    made = world.configure(folder, addresses)
    common = [*world.PROGRAM, "--config", str(made.config), "--storage", str(made.storage), "--database", url]
    with ExitStack() as opened, psycopg.connect(url, autocommit=True) as database:
        hands = [
            opened.enter_context(_running([*common, "worker", "--concurrency", str(concurrency)], "working"))
            for _ in range(workers)
        ]
        opened.enter_context(_running([*common, "scheduler"], "leading"))
        began, before = time.monotonic(), _spent(database, hands)
        _until(lambda: _one(database, "SELECT count(last_success) FROM last_polls") == len(addresses))
        read = time.monotonic() - began
        reading = _spent(database, hands)
        events = _one(database, "SELECT position FROM head")
        _until(lambda: _one(database, _LEFT) == 0)
        whole = time.monotonic() - began
        everything = _spent(database, hands)
        again = _unchanged(database, len(addresses), hands)
        sizes = _sizes(database)
        lags = [_lag(database, made.storage, served, number) for number in range(_LAGS)]
    return {
        "fetches_per_second": round(len(addresses) / read, 1),
        "events_per_second": round(events / read, 1),
        "seconds_to_published": round(whole, 1),
        **{f"reading_{name}": round(value - before[name], 1) for name, value in reading.items()},
        **{f"in_all_{name}": round(value - before[name], 1) for name, value in everything.items()},
        **again,
        **sizes,
        "lag_median": round(statistics.median(lags), 2),
        "lag_longest": round(max(lags), 2),
    }


def _unchanged(database: psycopg.Connection, count: int, hands: Sequence[subprocess.Popen[str]]) -> dict[str, float]:
    """A round in which nothing is new: every source due at once, every answer a 304."""
    before = _spent(database, hands)["workers"]
    began = time.monotonic()
    database.execute(f"UPDATE last_polls SET next_run = '{_LONG_AGO}'".encode())
    _until(lambda: _one(database, f"SELECT count(*) FROM last_polls WHERE next_run = '{_LONG_AGO}'") == 0)
    seconds = time.monotonic() - began
    processor = _spent(database, hands)["workers"] - before
    return {
        "unchanged_per_second": round(count / seconds, 1),
        "processor_ms_of_an_unchanged_fetch": round(1000 * processor / count, 1),
    }


def _sizes(database: psycopg.Connection) -> dict[str, float]:
    """Bytes on disk, indexes included, for each item: of the log, and of all read models."""
    items = _one(database, "SELECT count(*) FROM items")
    whole = _one(database, "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND " + _OURS)
    log = _one(database, "SELECT pg_total_relation_size('events') + pg_total_relation_size('blobs')")
    return {"log_bytes_of_an_item": log // items, "read_model_bytes_of_an_item": (whole - log) // items}


def _lag(database: psycopg.Connection, storage: Path, served: Path, number: int) -> float:
    """Seconds from the moment a source is due and has something new until that stands in our feed of everything."""
    name = sorted(path.name for path in served.glob("*.rss"))[number]
    sign = f"{int(time.time() * 1000)}"
    text = (served / name).read_text(encoding="utf-8")
    item = f"<item><title>New at {sign}</title><guid>urn:x:{sign}</guid><description>harbour</description></item>"
    (served / name).write_text(text.replace("<item>", f"{item}<item>", 1), encoding="utf-8")
    feed = storage / "public" / "feeds" / "all.json"
    began = time.monotonic()
    database.execute(
        f"UPDATE last_polls SET next_run = '2001{_LONG_AGO[4:]}' WHERE source = %s".encode(),
        [f"press-{int(name.split('.')[0])}"],
    )
    _until(lambda: f"New at {sign}" in feed.read_text(encoding="utf-8"))
    return time.monotonic() - began


@contextmanager
def _running(command: Sequence[str], said: str) -> Iterator[subprocess.Popen[str]]:
    """A command that runs while inside; entered once it has said so."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if line.startswith(said):
                break
        drain = subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        drain.wait()


def _one(database: psycopg.Connection, query: str) -> int:
    try:
        row = database.execute(query.encode()).fetchone()
    except psycopg.errors.UndefinedTable:
        return -1
    return int(row[0]) if row is not None else -1


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("it took too long")
        time.sleep(0.05)


def _spent(database: psycopg.Connection, hands: Sequence[subprocess.Popen[str]]) -> dict[str, float]:
    """Seconds of processor time so far: of the workers, of their parsing processes, of the database server."""
    workers = sum(measure.processor(one.pid, whole=False) for one in hands)
    backend = database.info.backend_pid
    server = int(Path(f"/proc/{backend}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return {
        "workers": workers,
        "parsing": sum(measure.processor(one.pid) for one in hands) - workers,
        "server": measure.processor(server),
    }


# ---------------------------------------------------------------- a server that takes its time


@contextmanager
def _answering(root: Path, seconds: float) -> Iterator[list[str]]:
    """Serve a folder, each answer after so many seconds."""
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.workers", "--answering", str(root), str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=world.PROJECT,
    )
    assert server.stdout is not None
    try:
        yield json.loads(server.stdout.readline())
    finally:
        server.kill()
        server.wait()


async def _answer(root: Path, seconds: float) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                name = request.split(b" ", 2)[1].decode().strip("/")
                await asyncio.sleep(seconds)
                file = root / name
                body = file.read_bytes() if file.is_file() else b""
                status = b"200 OK" if body else b"404 Not Found"
                kind = _KINDS.get(file.suffix[1:], "text/plain").encode()
                writer.write(
                    b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (status, kind, len(body), body)
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    servers = [await asyncio.start_server(answer, "127.0.0.1", 0) for _ in range(_PORTS)]
    print(json.dumps([f"http://127.0.0.1:{one.sockets[0].getsockname()[1]}" for one in servers]), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    if sys.argv[1] == "--answering":
        asyncio.run(_answer(Path(sys.argv[2]), float(sys.argv[3])))
    else:
        main()
