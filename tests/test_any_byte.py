"""Any one byte of a whole store that is flipped is found and named, on SQLite and on PostgreSQL; BRIEFING_FLIPS=300
makes a campaign of it, on a store of 10,000 events.

Bytes of the database file that hold nothing (free pages, counters in its header) are no part of the store. Those of
PostgreSQL's files are its own business (it has checksums for them): it is values that are flipped, by a superuser.
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest

from briefing.service import Service
from briefing.service.verifying import verify
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    Clock,
    observed,
    revised,
    words,
)
from street_support import settings, weekly  # type: ignore[import-not-found]  # see log_support
from test_service_verifying import altering, flipped  # type: ignore[import-not-found]  # see log_support

if TYPE_CHECKING:
    from pathlib import Path

FLIPS = int(os.environ.get("BRIEFING_FLIPS", "0"))
ITEMS = 4_960 if FLIPS else 40  # two events each: what was seen, and its labels
WEEKS = ("2016-W44", "2016-W45", "2016-W46") if FLIPS else ("2016-W45",)
CELLS = [
    *(("events", "position", column) for column in ("position", "stream", "key", "blob", "body", "leaf")),
    *(("blobs", "id", column) for column in ("id", "commitment", "salt", "data")),
    *(("erased", "blob", column) for column in ("blob", "position")),
    *(("head", "id", column) for column in ("position", "recorded_at", "secret", "format")),
]  # fmt: skip
pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200 if FLIPS else 120)]
FORMATS = ("html", "markdown", "text", "json", "pdf", "docx", "epub")
ERASED = ("salt", "data")  # of which nothing is left where words were erased


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request, tmp_path_factory):
    """Items of three weeks, some edited and one taken down, issues and feeds: signed, published, and erased."""
    from street_support import source as spec

    folder = tmp_path_factory.mktemp("store")
    url, cluster = f"sqlite:///{folder}/briefing.db", None
    if request.param == "postgresql":
        cluster = request.getfixturevalue("cluster")
        since = cluster.made()
        url = cluster.database()
    clock = Clock()

    class Nowhere:
        base = "https://selvane.example"

    chosen = settings(
        spec("selvane", "/feed", Nowhere(), redistribute="full"), briefings=(replace(weekly(), formats=FORMATS),)
    )
    with Service(url, folder, chosen, clock) as service:
        service.adopt()
        for start in range(0, ITEMS, 500):
            clock.move(hours=1)
            service.desk.store.append("source:selvane", [item(n) for n in range(start, min(start + 500, ITEMS))])
            service.classify()
        for week in WEEKS:
            service.brief(week=week)
        clock.move(hours=1)
        for n in range(0, ITEMS, ITEMS // 20):
            service.desk.store.append("source:selvane", [revised(f"item-{n}", 2, payload=said(n, "moved"))])
        service.classify()
        service.publish()
        service.brief(week=WEEKS[0])
        service.takedown(f"item-{ITEMS - 1}", "a court says so")
        with closing(Superuser(url) if cluster else altering(folder)) as plain:
            yield service.desk, plain
    if cluster:
        cluster.clear(since)


class Superuser:
    """A PostgreSQL database as somebody sees it who may do anything there: without triggers and foreign keys."""

    def __init__(self, url):
        self._connection = psycopg.connect(url, autocommit=True)
        self.execute("SET session_replication_role = replica")
        for table in ("events", "blobs", "erased", "head"):
            self.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")

    def execute(self, statement, values=()):
        return self._connection.execute(statement.replace("?", "%s"), values)

    def close(self):
        self._connection.close()


def said(n, title="opened"):
    text = f"Berth {n} of the harbour was {title}. The herring of boat {n * 7} is landed there."
    return words(title=f"Berth {n} {title}", text=text)


def item(n):
    day = f"2016-11-{1 + n % 17:02d}"
    return observed(f"item-{n}", payload=said(n), published=day, precision="day")


def cells(plain, chance, rounds):
    """Table, its key, column, row: so many of each column."""
    for table, key, column in CELLS:
        where = f"WHERE {column} IS NOT NULL" + (f" AND length({column}) > 0" if column in ERASED else "")
        rows = [row for (row,) in plain.execute(f"SELECT {key} FROM {table} {where}")]
        for row in [chance.choice(rows) for _ in range(min(rounds, 10 * len(rows)))]:
            yield table, key, column, row


def kind(path):
    """Files of one kind differ in their numbers and names alone, and in the short run in their format."""
    form = path.suffix if FLIPS or path.parts[0] == "log" else ""
    return re.sub(r"\d+", "N", "/".join([*path.parts[:2], path.parent.name, form or path.stem]))


def test_one_byte_flipped_in_any_column_of_the_log_is_found_and_named(store):
    desk, plain = store
    chance = random.Random(f"cells {FLIPS}")
    missed, seen = unnoticed(desk, plain, cells(plain, chance, max(1, FLIPS // (2 * len(CELLS)))), chance)
    assert missed == []
    assert len(seen) == len(CELLS)
    assert verify(desk, full=True).ok


def unnoticed(desk, plain, chosen, chance):
    """What verify said where a flip of one of these cells escaped it; how many of each column were flipped."""
    missed = []
    seen: Counter[tuple[str, str]] = Counter()
    for table, key, column, row in chosen:
        (value,) = plain.execute(f"SELECT {column} FROM {table} WHERE {key} = ?", [row]).fetchone()
        after = altered(plain, value, chance)
        while column == key and plain.execute(f"SELECT 1 FROM {table} WHERE {key} = ?", [after]).fetchone():
            after += 1 << 20
        as_stored = "CAST(? AS TEXT)" if isinstance(value, str) else "?"
        event = plain.execute(NAMED[table], [row]).fetchone()[0]
        plain.execute(f"UPDATE {table} SET {column} = {as_stored} WHERE {key} = ?", [after, row])
        problem = verify(desk).problem
        moved = after if column == key else row
        plain.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", [value, moved])
        if not any(f"{name}:" in problem for name in names(table, column, row, after, event)):
            missed.append((table, column, row, value, after, problem))
        seen[table, column] += 1
    return missed, seen


def altered(plain, value, chance):
    """The value with one bit turned; PostgreSQL takes no text that is none."""
    after = flipped(value, chance)
    while isinstance(plain, Superuser) and isinstance(value, str) and not storable(after):
        after = flipped(value, chance)
    return after.decode() if isinstance(plain, Superuser) and isinstance(value, str) else after


def storable(text):
    """Whether PostgreSQL takes these bytes for a text."""
    try:
        return "\0" not in text.decode()
    except UnicodeDecodeError:
        return False


# The event that a row belongs to; behind the counter row, the first that would be missing.
NAMED = {
    "events": "SELECT CAST(? AS BIGINT)",
    "blobs": "SELECT position FROM events WHERE blob = ?",
    "erased": "SELECT position FROM events WHERE blob = ?",
    "head": "SELECT position + 1 FROM head WHERE id = ?",
}


def names(table, column, row, after, event):
    """What may be named where this row is no longer what it was."""
    if table == "head":
        return ("the counter row", f"event {event}")
    if table == "erased":
        return (f"blob {after if column == 'blob' else row}", f"event {event}")
    return (f"event {event}",)


def test_one_byte_flipped_in_every_kind_of_published_file_is_found_and_named(store):
    """Without --full, verify looks at the files of the log alone."""
    desk, _ = store
    chance, missed = random.Random(f"files {FLIPS}"), []
    kinds: dict[str, list[Path]] = {}
    for path in sorted(path for path in desk.public.rglob("*") if path.is_file()):
        kinds.setdefault(kind(path.relative_to(desk.public)), []).append(path)
    for paths in kinds.values():
        for path in [chance.choice(paths) for _ in range(max(1, FLIPS // (2 * len(kinds))))]:
            whole, name = path.read_bytes(), path.relative_to(desk.public).as_posix()
            path.write_bytes(flipped(whole, chance))
            problem = verify(desk, full=not name.startswith("log/")).problem
            path.write_bytes(whole)
            if not problem.startswith(f"{name}:"):
                missed.append((path, problem))
    assert missed == []
    assert {one.split("/")[0] for one in kinds} == {"log", "feeds", "briefings", "feeds.opml"}
    assert verify(desk, full=True).ok
