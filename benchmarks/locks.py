"""How long a writer holds the log: the time that all others wait for it.

    python -m benchmarks.locks DATABASE [--writers 20] [--items 20000]

DATABASE is the URL of an empty PostgreSQL database, or of an SQLite file that is not there. Each writer is a process
of its own and appends batches of 100 events with payloads of 1 to 3 KB, one durable transaction each. Counted is the
time from the moment at which a writer has the counter row (SQLite: the write lock) until its commit is answered, as the
writer's clock has it. Milliseconds.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from benchmarks import filling
from benchmarks.world import report
from sqlalchemy import event

from briefing.events import SourceAdded
from briefing.eventstore import New, SqlStore, connect

if TYPE_CHECKING:
    from sqlalchemy import Engine

_BATCH = 100
_STREAM = "source:press"
_TAKING = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "FOR UPDATE"}


class Held:
    """Notes for how long each transaction of an engine held the log; in seconds."""

    def __init__(self, engine: Engine) -> None:
        self.seconds: list[float] = []
        self._since: float | None = None
        self._taking = _TAKING[engine.dialect.name]
        event.listen(engine, "after_cursor_execute", self._executed)
        event.listen(engine, "checkin", self._given_back)

    def _executed(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if self._taking in statement:
            self._since = time.perf_counter()

    def _given_back(self, *_: object) -> None:
        if self._since is not None:
            self.seconds.append(time.perf_counter() - self._since)
            self._since = None


def measure(url: str, writers: int, items: int) -> dict[str, float]:
    """Let so many processes write, and say how long they held the log."""
    engine = connect(url)
    spec = {"id": "press", "name": "press", "url": "https://press.example/feed", "timezone": None}
    SqlStore(engine).append(_STREAM, [New(event=SourceAdded(source="press", spec=spec), key="source")])
    engine.dispose()
    context = multiprocessing.get_context("spawn")
    ready, told = context.Barrier(writers), context.Queue()
    batches = max(1, items // writers // _BATCH)
    started = [context.Process(target=_write, args=(url, ready, told, number, batches)) for number in range(writers)]
    for process in started:
        process.start()
    held = [seconds for _ in started for seconds in told.get()]
    for process in started:
        process.join()
    parts = quantiles(held, n=20)
    return {
        "batches": len(held),
        "p50": round(1000 * parts[9], 1),
        "p95": round(1000 * parts[18], 1),
        "longest": round(1000 * max(held), 1),
    }


def _write(url: str, ready: Any, told: Any, writer: int, batches: int) -> None:
    offers = [
        filling.observed("press", writer, range(start * _BATCH, (start + 1) * _BATCH)) for start in range(batches)
    ]
    engine = connect(url)
    store = SqlStore(engine)
    held = Held(engine)
    ready.wait()
    for batch in offers:
        store.append(_STREAM, batch)
    engine.dispose()
    told.put(held.seconds)


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("database", metavar="DATABASE")
    asked.add_argument("--writers", type=int, default=20)
    asked.add_argument("--items", type=int, default=20_000)
    given = asked.parse_args()
    report(writers=given.writers, batch=_BATCH, **measure(given.database, given.writers, given.items))


if __name__ == "__main__":
    main()
