"""How long a publish takes after ten new items came into a large store, start-up included; and how soon help is shown.

    python -m benchmarks.publish FOLDER [--items 100000] [--times 5]

The store is filled with invented items of fifty sources, every one classified; then, as often as asked, ten items are
recorded and `briefing publish` is run as a process of its own, on one core. A store that is there is used again.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import filling, measure
from benchmarks.world import PROGRAM, configure, megabytes, report

from briefing.config import load
from briefing.eventstore import Batch
from briefing.service import Service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.world import World

_SOURCES = 50
_STEP = 2000
_NEW = 10


def fill(world: World, numbers: Sequence[int]) -> None:
    """Record items of these numbers, in turn for each source, with their labels."""
    with Service(f"sqlite:///{world.storage}/briefing.db", world.storage, load(world.config)) as service:
        service.adopt()
        rules, topic = service.desk.library.rules()[0], service.desk.library.topics()[0].id
        for start in range(0, len(numbers), _STEP):
            batches = []
            for feed in range(_SOURCES):
                chosen = [number for number in numbers[start : start + _STEP] if number % _SOURCES == feed]
                items = filling.observed(f"press-{feed}", feed, chosen)
                labels = filling.classified(f"press-{feed}", feed, chosen, rules, topic)
                batches.append(Batch(stream=f"source:press-{feed}", events=items))
                batches.append(Batch(stream="labels", events=labels))
            service.desk.store.append_all(batches)
            service.desk.projector.catch_up()


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--items", type=int, default=100_000)
    asked.add_argument("--times", type=int, default=5)
    given = asked.parse_args()
    world = configure(given.folder, [f"http://127.0.0.1:9/{number}" for number in range(_SOURCES)])
    held = world.count("item.observed") if (world.storage / "briefing.db").exists() else 0
    fill(world, range(held, given.items))
    whole = world.briefing("publish", "--json")
    report(everything=round(whole.wall, 2), cpu=round(whole.cpu, 2), megabytes=megabytes(whole.memory))
    costs, held = [], max(held, given.items)
    for _ in range(given.times):
        fill(world, range(held, held + _NEW))
        held += _NEW
        costs.append(world.briefing("publish", "--json"))
        report(
            publish=round(costs[-1].wall, 2), cpu=round(costs[-1].cpu, 2), megabytes=megabytes(costs[-1].memory),
            items=held,
        )  # fmt: skip
    helped = [measure.run([*PROGRAM, "--help"]).wall for _ in range(given.times)]
    report(median_publish=round(median(cost.wall for cost in costs), 2), median_help=round(median(helped), 2))


if __name__ == "__main__":
    main()
