"""A folder with feeds, the configuration that reads them, and how `briefing` is called on it."""

from __future__ import annotations

import json
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import measure
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from collections.abc import Sequence

PROJECT = Path(__file__).resolve().parent.parent
PROGRAM = (sys.executable, "-c", "from briefing.cli import main; main()")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A configuration and a storage folder."""

    config: Path
    storage: Path

    def briefing(self, *words: str, core: int | None = 0) -> measure.Cost:
        """Run the program once, start-up included, on one core."""
        called = [*PROGRAM, "--config", str(self.config), "--storage", str(self.storage), *words]
        return measure.run(called, core=core)

    def count(self, name: str) -> int:
        """How many events of a name the log holds."""
        with sqlite3.connect(self.storage / "briefing.db") as database:
            sought = (f'"type":"{name}"',)
            rows = database.execute("SELECT count(*) FROM events WHERE instr(CAST(body AS TEXT), ?)", sought)
            return int(rows.fetchone()[0])


def configure(folder: Path, addresses: Sequence[str]) -> World:
    """A configuration for these feeds, with the topics of the shipped one so that classification has its work."""
    folder.mkdir(parents=True, exist_ok=True)
    shipped: dict[str, Any] = YAML(typ="safe").load(PROJECT / "sources.yaml")
    settings = {
        "site": {
            "title": "Measured", "url": "http://127.0.0.1:8000", "language": "en", "timezone": "Asia/Tokyo",
            "contact": "editor@example.org",
        },
        "fetch": {
            "every": "1h", "timeout": "60s", "max_bytes": "10MB", "per_host": 8, "spacing": "0s",
            "allow_networks": ["127.0.0.0/8"],
        },
        "sources": [
            {"id": f"press-{number}", "name": f"Press {number}", "institution": "media", "country": "JP", "url": url}
            for number, url in enumerate(addresses)
        ],
        "topics": shipped["topics"],
    }  # fmt: skip
    config = folder / "sources.yaml"
    with config.open("w") as file:
        YAML(typ="safe").dump(settings, file)
    return World(config=config, storage=folder / "storage")


def report(**figures: object) -> None:
    """Print what was measured as one line of JSON, to be read by people and programs."""
    print(json.dumps(figures, ensure_ascii=False), flush=True)


def megabytes(size: int) -> int:
    """Bytes as millions of bytes, rounded up."""
    return -(-size // 1_000_000)
