"""Many writers of one log on PostgreSQL, beside a bare executemany behind the same counter row.

Each writer is a process with a connection of its own and appends batches of 100 events with payloads of 1 to 3 KB, one
durable transaction each. The bare program makes the same bytes, takes the counter row, inserts into the same tables
(guards included) and moves the counter; it looks at nothing that is there. Both write to one log, in turns. Events a
second are by the wall clock, from the moment at which all writers are ready to the last commit.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg
from benchmarks import filling
from benchmarks.world import report

from briefing.events import SourceAdded, canonical
from briefing.eventstore import New, SqlStore, connect, payloads
from briefing.eventstore.merkle import leaf

if TYPE_CHECKING:
    from collections.abc import Callable

_BATCH = 100
_STREAM = "source:press"


def measure(url: str, writers: int, items: int, times: int) -> None:
    """Print a line for each turn and one with medians."""
    engine = connect(url)
    spec = {"id": "press", "name": "press", "url": "https://press.example/feed", "timezone": None}
    SqlStore(engine).append(_STREAM, [New(event=SourceAdded(source="press", spec=spec), key="source")])
    engine.dispose()
    turns = []
    for turn in range(times):
        ours = _together(_ours, url, writers, items, 2 * turn)
        bare = _together(_bare, url, writers, items, 2 * turn + 1)
        turns.append({"append_per_second": ours, "bare_per_second": bare, "append_ratio": ours / bare})
        report(**{name: round(value, 2) for name, value in turns[-1].items()})
    report(**{f"median_{name}": round(median(one[name] for one in turns), 2) for name in turns[0]})


def _together(write: Callable[..., None], url: str, writers: int, items: int, turn: int) -> float:
    """Events a second of so many processes."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(writers + 1)
    batches = max(1, items // writers // _BATCH)
    started = [
        context.Process(target=write, args=(url, ready, turn * writers + number, batches)) for number in range(writers)
    ]
    for process in started:
        process.start()
    ready.wait()
    begun = time.perf_counter()
    for process in started:
        process.join()
    taken = time.perf_counter() - begun
    assert {process.exitcode for process in started} == {0}
    return writers * batches * _BATCH / taken


def _offers(writer: int, batches: int) -> list[list[New]]:
    return [filling.observed("press", writer, range(start * _BATCH, (start + 1) * _BATCH)) for start in range(batches)]


def _ours(url: str, ready: Any, writer: int, batches: int) -> None:
    engine, offers = connect(url), _offers(writer, batches)
    store = SqlStore(engine)
    ready.wait()
    for batch in offers:
        store.append(_STREAM, batch)
    engine.dispose()


def _bare(url: str, ready: Any, writer: int, batches: int) -> None:
    offers = _offers(writer, batches)
    with psycopg.connect(url) as connection:
        ready.wait()
        for batch in offers:
            _append_bare(connection, batch)


def _append_bare(connection: psycopg.Connection[Any], batch: list[New]) -> None:
    prepared = []
    for new in batch:
        assert new.payload is not None
        salt = os.urandom(payloads.SALT_BYTES)
        mark = payloads.commitment(salt, new.payload)
        data = {**new.event.data(), "payload": mark.hex()}
        prepared.append((data, new, mark, salt, payloads.compress(new.payload)))
    with connection.transaction():
        cursor = connection.execute("SELECT position, recorded_at FROM head FOR UPDATE")
        position, recorded_at = cursor.fetchone() or (0, "")
        recorded_at = recorded_at or "2026-03-02T00:00:00.000000+00:00"
        [number] = connection.execute("SELECT coalesce(max(id), 0) FROM blobs").fetchone() or (0,)
        blobs, events = [], []
        for data, new, mark, salt, words in prepared:
            position, number = position + 1, number + 1
            body = canonical(
                {
                    "data": data, "position": position, "recorded_at": recorded_at, "stream": _STREAM,
                    "type": new.event.NAME, "version": new.event.VERSION,
                }
            )  # fmt: skip
            blobs.append((number, mark, salt, words))
            key = payloads.keyed(b"bare", "event", new.key)
            events.append((position, _STREAM, key, number, body, leaf(body)))
        inserting = connection.cursor()
        inserting.executemany("INSERT INTO blobs VALUES (%s, %s, %s, %s)", blobs)
        inserting.executemany("INSERT INTO events VALUES (%s, %s, %s, %s, %s, %s)", events)
        connection.execute("UPDATE head SET position = %s, recorded_at = %s", (position, recorded_at))
