"""Briefing beside lemon24/reader on the same feeds, in turns: a cold collect, a round in which nothing changed, and
one in which every feed has two new entries.

    python -m benchmarks.against_reader FOLDER --reader PYTHON [--feeds 1000] [--items 30] [--times 2]
        [--served FILE --show COMMAND]

PYTHON is the interpreter of an environment with `reader` and `sgmllib3k`. FILE lists addresses of feeds that are served
already; COMMAND, with the number of a round behind it, changes what is served: 0 as at first, 1 with the new entries
(without it there is no third round). Without FILE feeds are made and served. Both run on one core, the server on
another.
Briefing classifies what came as well; every start-up is counted. A round's ratio is that of processor time.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import sqlite3
import subprocess
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import feeds, measure
from benchmarks.serving import serving
from benchmarks.world import configure, megabytes, report

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.world import World

_ROUNDS = ("cold", "unchanged", "increment")
_NEW = 2  # entries of each feed in the third round

_SUBSCRIBE = """
import sys
from reader import make_reader
with make_reader(sys.argv[1]) as reader:
    for address in sys.stdin.read().split(): reader.add_feed(address)
"""
_UPDATE = """
import sys
from reader import make_reader
with make_reader(sys.argv[1]) as reader: reader.update_feeds(scheduled=False, workers=1)
"""


class Reader:
    """lemon24/reader with its default of one worker and a database of its own."""

    def __init__(self, python: str, database: Path, addresses: list[str]) -> None:
        self._python = python
        self._database = database
        subscribing = _SUBSCRIBE.replace("sys.stdin.read().split()", repr(addresses))
        measure.run([python, "-c", subscribing, str(database)])

    def round(self) -> measure.Cost:
        """Update every feed once."""
        return measure.run([self._python, "-c", _UPDATE, str(self._database)])

    def items(self) -> int:
        """How many entries it keeps."""
        with sqlite3.connect(self._database) as database:
            return int(database.execute("SELECT count(*) FROM entries").fetchone()[0])


def ours(world: World, name: str) -> measure.Cost:
    """Collect, and classify where something came: two commands, each with its start-up."""
    if name == "unchanged":
        return world.briefing("collect", "--json")
    collected, classified = world.briefing("collect", "--json"), world.briefing("classify", "--json")
    return measure.Cost(
        cpu=collected.cpu + classified.cpu,
        wall=collected.wall + classified.wall,
        memory=max(collected.memory, classified.memory),
        output="",
    )


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--reader", required=True, metavar="PYTHON")
    asked.add_argument("--feeds", type=int, default=1000)
    asked.add_argument("--items", type=int, default=30)
    asked.add_argument("--times", type=int, default=2)
    asked.add_argument("--flawed", action="store_true", help="feeds with one flaw each")
    asked.add_argument("--served", type=Path, metavar="FILE", help="addresses of feeds, one a line")
    asked.add_argument("--show", metavar="COMMAND", help="changes what is served to the round behind it, 0 or 1")
    given = asked.parse_args()
    if given.served:
        words = shlex.split(given.show) if given.show else None
        show = (lambda number: subprocess.run([*words, str(number)], check=True)) if words else None
        compare(given.folder, given.reader, given.served.read_text().split()[: given.feeds], given.times, show)
        return

    def show_made(number: int) -> list[str]:
        return feeds.write(given.folder / "www", given.feeds, given.items, flawed=given.flawed, newer=_NEW * number)

    names = show_made(0)
    with serving(given.folder / "www", given.folder / "nginx") as hosts:
        addresses = [f"{hosts[number % len(hosts)]}/{name}" for number, name in enumerate(names)]
        compare(given.folder, given.reader, addresses, given.times, show_made)


def compare(
    folder: Path, reader: str, addresses: list[str], times: int, show: Callable[[int], object] | None = None
) -> None:
    """Both programs in turns on the same feeds, so many times; reports each round and the medians of the ratios."""
    ratios: dict[str, list[float]] = {name: [] for name in _ROUNDS if show or name != "increment"}
    for turn in range(times):
        place = folder / f"turn-{turn}"
        shutil.rmtree(place, ignore_errors=True)
        world = configure(place, addresses)
        peer = Reader(reader, place / "reader.sqlite", addresses)
        for name, found in ratios.items():
            if show and name != "unchanged":
                show(int(name == "increment"))
            mine, theirs = ours(world, name), peer.round()
            found.append(mine.cpu / theirs.cpu)
            report(
                round=name, ratio=round(found[-1], 2), cpu=round(mine.cpu, 1), reader_cpu=round(theirs.cpu, 1),
                wall=round(mine.wall, 1), reader_wall=round(theirs.wall, 1), megabytes=megabytes(mine.memory),
                items=world.count("item.observed"), reader_items=peer.items(), feeds=len(addresses),
            )  # fmt: skip
    report(**{name: round(median(found), 2) for name, found in ratios.items()})


if __name__ == "__main__":
    main()
