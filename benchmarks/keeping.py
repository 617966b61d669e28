"""What it costs to export a large log, to take it in, and to make everything from it again.

    python -m benchmarks.keeping FOLDER [--database postgresql://...] [--only import rebuild]

FOLDER is that of `as_of`, whose store is only read. The log is exported (`briefing export`), taken into an empty
storage or an empty database, read models included (`briefing import`), and there read models and published files are
made anew (`briefing rebuild`). Memory is that of the whole tree of processes, without the database server's.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.world import World, megabytes, report

if TYPE_CHECKING:
    from benchmarks.measure import Cost

_STEPS = ("export", "import", "rebuild")


def steps(folder: Path, database: str | None, wanted: list[str]) -> None:
    """Do these steps, and print a line for each."""
    file = folder / "kept.zst"
    source = World(config=folder / "sources.yaml", storage=folder / "storage")
    target = World(config=folder / "sources.yaml", storage=folder / "taken-in")
    there = ("--database", database) if database else ()
    if "export" in wanted:
        _told("export", source.briefing("export", str(file), "--force", "--json", core=None), file)
    if "import" in wanted:
        shutil.rmtree(target.storage, ignore_errors=True)
        _told("import", target.briefing(*there, "import", str(file), "--json", core=None), file)
    if "rebuild" in wanted:
        _told("rebuild", target.briefing(*there, "rebuild", core=None), file)


def _told(step: str, cost: Cost, file: Path) -> None:
    size = {"events": json.loads(cost.output)["size"]} if cost.output.startswith("{") else {}
    report(
        step=step,
        **size,
        cpu=round(cost.cpu, 1),
        wall=round(cost.wall, 1),
        memory_megabytes=megabytes(cost.memory),
        file_megabytes=megabytes(file.stat().st_size),
    )


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--database", metavar="URL", help="an empty PostgreSQL database to take the log in")
    asked.add_argument("--only", nargs="+", choices=_STEPS, default=list(_STEPS))
    given = asked.parse_args()
    steps(given.folder, given.database, given.only)


if __name__ == "__main__":
    main()
