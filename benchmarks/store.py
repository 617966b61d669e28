"""The event store beside bare sqlite3 on the same bytes, in turns, and the read models made from the log.

    python -m benchmarks.store FOLDER [--items 10000] [--times 3]
    python -m benchmarks.store FOLDER --database postgresql://... [--writers 20] [--items 10000] [--times 3]

Append: batches of 100, each one durable transaction. The bare program makes the same bytes (canonical JSON, salted
commitment, compression) and inserts them into the same tables, looking at nothing that is there. Read: pages of 1,000;
the bare program fetches the rows and parses their JSON. Replay: the read models from an empty start, the checkpoint
moved every 1,000 events; half of the events hold an item of 1 to 3 KB, the others its labels. A ratio is that of
speeds by processor time, ours by the bare program's.

With a PostgreSQL database, which must be empty: see `writers`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks import filling, writers
from benchmarks.world import report

from briefing.events import SourceAdded, canonical
from briefing.eventstore import New, SqlStore, connect, payloads, writing
from briefing.eventstore.merkle import leaf
from briefing.projections import Projector

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

_SOURCE = "press"
_STREAM = f"source:{_SOURCE}"
_BATCH = 100
_PAGE = 1000


def append(engine: Engine, batches: list[list[New]]) -> None:
    """Append through the event store."""
    store = SqlStore(engine)
    for batch in batches:
        store.append(_STREAM, batch)


def append_bare(engine: Engine, batches: list[list[New]]) -> None:
    """Insert the same bytes as they are."""
    SqlStore(engine)
    position = 0
    for batch in batches:
        blobs, events = [], []
        for new in batch:
            position += 1
            data, mark = new.event.data(), None
            if new.payload is not None:
                salt = os.urandom(payloads.SALT_BYTES)
                mark = payloads.commitment(salt, new.payload)
                data = {**data, "payload": mark.hex()}
                blobs.append((position, mark, salt, payloads.compress(new.payload)))
            body = {
                "data": data, "position": position, "recorded_at": "2026-03-02T00:00:00.000000+00:00",
                "stream": _STREAM, "type": new.event.NAME, "version": new.event.VERSION,
            }  # fmt: skip
            key = payloads.keyed(b"bare", "event", new.key)
            written = canonical(body)
            events.append((position, _STREAM, key, mark and position, written, leaf(written)))
        with writing(engine) as connection:
            if blobs:
                connection.exec_driver_sql("INSERT INTO blobs VALUES (?, ?, ?, ?)", blobs)
            connection.exec_driver_sql("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", events)


def read(engine: Engine) -> int:
    """Read the whole log through the event store."""
    store, after = SqlStore(engine), 0
    while page := store.read(after, _PAGE):
        after = page[-1].position
    return after


def read_bare(engine: Engine) -> int:
    """Read the whole log as rows."""
    after = 0
    with engine.connect() as connection:
        while rows := _rows(connection, after):
            after = [json.loads(body) for (body,) in rows][-1]["position"]
    return after


def _rows(connection: Connection, after: int) -> list[Any]:
    query = "SELECT body FROM events WHERE position > ? ORDER BY position LIMIT ?"
    cursor = connection.connection.cursor()
    return list(cursor.execute(query, (after, _PAGE)))


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Processor and wall time of a piece of work."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def turn(folder: Path, batches: list[list[New]]) -> dict[str, float]:
    """One turn of everything on new databases."""
    shutil.rmtree(folder, ignore_errors=True)
    ours, bare = connect(f"sqlite:///{folder}/ours.db"), connect(f"sqlite:///{folder}/bare.db")
    count = sum(map(len, batches))
    appended, inserted = seconds(lambda: append(ours, batches)), seconds(lambda: append_bare(bare, batches))
    taken, fetched = seconds(lambda: read(ours)), seconds(lambda: read_bare(bare))
    projector = Projector(ours, SqlStore(ours), writing)
    replayed = seconds(projector.catch_up)
    assert projector.position() == count
    return {
        "append_per_second": count / appended[1],
        "append_ratio": inserted[0] / appended[0],
        "read_per_second": count / taken[1],
        "read_ratio": fetched[0] / taken[0],
        "replay_per_second": count / replayed[1],
        "replay_per_cpu_second": count / replayed[0],
    }


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--items", type=int, default=10_000)
    asked.add_argument("--times", type=int, default=3)
    asked.add_argument("--database", metavar="URL", help="an empty PostgreSQL database: its writers are measured alone")
    asked.add_argument("--writers", type=int, default=20)
    given = asked.parse_args()
    if given.database:
        writers.measure(given.database, given.writers, given.items, given.times)
        return
    numbers = range(given.items)
    spec = {"id": _SOURCE, "name": _SOURCE, "url": "https://press.example/feed", "timezone": None}
    batches = [[New(event=SourceAdded(source=_SOURCE, spec=spec), key=f"source:{_SOURCE}:0")]]
    for start in range(0, given.items, _BATCH):
        chosen = numbers[start : start + _BATCH]
        batches.append(filling.observed(_SOURCE, 0, chosen))
        batches.append(filling.classified(_SOURCE, 0, chosen, "rules", "topic"))
    turns = []
    for _ in range(given.times):
        turns.append(turn(given.folder, batches))
        report(**{name: round(value, 2) for name, value in turns[-1].items()})
    report(**{f"median_{name}": round(median(one[name] for one in turns), 2) for name in turns[0]})


if __name__ == "__main__":
    main()
