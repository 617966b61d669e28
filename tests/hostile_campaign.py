"""Every attack of the hostile server against the program as it is run: what it ends in, in what time and memory.

`python tests/hostile_campaign.py [NAME ...]` collects each hostile source beside three healthy ones, in a folder and a
process tree of its own, publishes, and looks through every published file and page of the site for what would be run.
The light ones go together first; the limits of time and memory hold for one attack beside them.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hostile_bodies as bodies  # type: ignore[import-not-found]  # this folder is on the path where it runs
from hostile_looking import looked_through, pages_of  # type: ignore[import-not-found]  # as above
from hostile_server import attacks, serving  # type: ignore[import-not-found]  # as above

if TYPE_CHECKING:
    from hostile_server import Attack

SECONDS, MEGABYTES = 30.0, 300.0
_LISTED = "    list: {item: li, link: a@href, title: a}\n"


@dataclass(frozen=True)
class Outcome:
    """How an attack ended: what is wrong with that, its failure, seconds, and megabytes of the whole process tree."""

    name: str
    faults: tuple[str, ...]
    failure: str
    items: int
    seconds: float
    megabytes: float

    def __str__(self) -> str:
        spent = f"{self.seconds:6.1f} s {self.megabytes:6.0f} MB"
        told = f"{self.name:26} {self.failure or 'ok':12} {self.items:7} items {spent}"
        return told + "".join(f"\n    WRONG: {fault}" for fault in self.faults)


def configuration(bases: dict[str, str], chosen: list[Attack], timeout: str = "20s") -> str:
    """A sources.yaml with healthy sources and these."""
    sources = "".join(
        f"  - id: {name}\n    name: The {name} office\n    institution: ministry\n    country: XA\n    kind: {kind}\n"
        f"    url: {bases[name]}/\n    redistribute: full\n{_LISTED if kind == 'page' else ''}"
        for name, kind in (
            *((one, "feed") for one in bodies.HEALTHY_ONES),
            *((attack.name, attack.kind) for attack in chosen),
        )
    )
    return (
        "site: {title: Watch, url: 'http://site.invalid', language: en, timezone: UTC, contact: a@b.example}\n"
        f"fetch: {{timeout: {timeout}, max_bytes: 10MB, spacing: 0s, allow_networks: [127.0.0.0/8]}}\n"
        f"sources:\n{sources}topics:\n  - {{id: harbour, name: Harbour, phrases: {{en: [harbour*]}}}}\n"
        "briefings:\n  - {id: weekly, title: The week, period: week}\n"
    )


async def attempt(chosen: list[Attack], patience: str = "20s") -> list[Outcome]:
    """Attacks at once, from a new folder to the published site. What is published together is looked at together."""
    async with serving(chosen) as hostile:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "sources.yaml").write_text(configuration(hostile.bases, chosen, patience), encoding="utf-8")
            began = time.monotonic()
            code, said, peak = await _briefing(folder, "collect", "--json")
            seconds = time.monotonic() - began
            shared = [] if code in (0, 1) else [f"collect ended with {code}: {said[-300:]}"]
            results = {} if shared else {one["source"]: one for one in map(json.loads, said.splitlines())}
            for verb in (["classify"], ["publish"], ["brief", "--week", "2026-W10"]):
                began = time.monotonic()
                code, more, also = await _briefing(folder, *verb)
                peak, seconds = max(peak, also), max(seconds, time.monotonic() - began)
                shared += [f"{verb[0]} ended with {code}: {more[-300:]}"] if code else []
            shared += [f"{place}: {what}" for place, what in looked_through(folder / "storage" / "public")]
            shared += [f"{place}: {what}" for place, what in await asyncio.to_thread(pages_of, folder)]
            healthy = {name: results.get(name, {}).get("new") for name in bodies.HEALTHY_ONES}
            shared += [f"{name}: {new} items" for name, new in healthy.items() if new != bodies.HEALTHY]
            if len(chosen) == 1:
                slow = _slowness()
                shared += [f"{seconds:.1f} s on a machine {slow:.1f} times as slow"] if seconds > SECONDS * slow else []
                shared += [f"{peak:.0f} MB"] if peak > MEGABYTES else []
            asked = hostile.asked
    own = [_judged(attack, results.get(attack.name, {}), asked[attack.name], peak) for attack in chosen]
    return [*own, Outcome("all together", tuple(shared), "", 0, seconds, peak)]


def _judged(attack: Attack, result: dict[str, Any], asked: list[str], peak: float) -> Outcome:
    failure, items = result.get("failure", "?"), result.get("new", 0)
    faults = [f"it was asked for {path}" for path in asked if "secret" in path]
    if failure not in attack.ends:
        faults.append(f"ended as {failure!r}: {result.get('detail', '')[:300]}")
    if attack.items is not None and items != attack.items:
        faults.append(f"{items} items, not {attack.items}")
    return Outcome(attack.name, tuple(faults), failure, items, result.get("seconds", 0.0), peak)


async def _briefing(folder: Path, *arguments: str) -> tuple[int, str, float]:
    """Run a command: its exit status, what it said, and the most megabytes that it and its children held."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from briefing.cli import main; main()", *arguments, cwd=folder,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    watching = asyncio.create_task(_peak(process.pid))
    said, complaints = await process.communicate()
    watching.cancel()
    told = said if arguments[-1] == "--json" and said else said + complaints
    return process.returncode or 0, told.decode(errors="replace"), await watching


def _slowness() -> float:
    """How much longer than its own time a piece of work takes, on a machine that others use too."""
    wall, own = time.monotonic(), time.process_time()
    while time.process_time() - own < 0.3:
        pass
    return max(1.0, (time.monotonic() - wall) / (time.process_time() - own))


async def _peak(root: int) -> float:
    most = 0.0
    try:
        while True:
            most = max(most, _resident(root))
            await asyncio.sleep(0.02)
    except asyncio.CancelledError:
        return most


def _resident(root: int) -> float:
    """Megabytes of a process and all below it; pages that several share count for each."""
    held, page = 0, os.sysconf("SC_PAGE_SIZE")
    waiting = [root]
    while waiting:
        one = waiting.pop()
        try:
            held += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * page
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except (OSError, ValueError, IndexError):
            continue
    return held / 1e6


async def _campaign(names: list[str]) -> int:
    """Each of those named alone; without names the light ones together, then each of the others."""
    known = attacks()
    light = [attack for attack in known.values() if not attack.heavy]
    heavy = [known[name] for name in names] or [attack for attack in known.values() if attack.heavy]
    groups = [*([light] if not names else []), *([one] for one in heavy)]
    wrong = 0
    for group in groups:
        for outcome in await attempt(group):
            wrong += bool(outcome.faults)
            sys.stdout.write(f"{outcome}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{sum(map(len, groups))} attacks, {wrong} faults\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_campaign(sys.argv[1:])))
