"""Simulate 1,000, 100,000 and 1,000,000 sources: workers needed, what the database holds after a year, the lag.

    python -m benchmarks.simulate [--sources 1000 100000 1000000] [--every 1800] [--hours 1] [--seed 1]
                                  [--batch 1] [--publishers 1]

A discrete simulation, the same figures for the same arguments. What it supposes:

arrivals        items of a source: Poisson, its daily rate drawn from a log-normal (median 2, sigma 1.35: 5 a day on
                average), cut at 300; simulated are office hours, in which the sources of all zones together publish
                1.5 times their daily average
polls           every 30 minutes (`--every`) and up to a tenth more, as `service/pace.py` spreads them
answers         log-normal, median 0.3 s, sigma 1, cut at 20 s; a poll with nothing new is a 304 at 85 of 100 sources
service times   `COSTS`, measured on one core with `benchmarks.workers` and `benchmarks.store`, in seconds
events          observed and classified for each item, one item in ten is revised once: 2.2 an item

A poll waits for a place of a worker (eight each), then for the worker's processor; what it found waits for the one
appender, then for the one who keeps the read models, then for the next round of publishing, which begins at the
earliest after twice the time that the last one took. One worker stands for one core.

`--batch 20` puts twenty sources into a job, `--publishers 8` shares the sources' own feeds out to eight: what a million
sources need and the program does not do yet.
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
from dataclasses import dataclass, field
from random import Random

DAY = 86_400.0
YEAR = 365
PLACES = 8
PEAK = 1.5
EVENTS_OF_AN_ITEM = 2.2
ITEMS_A_DAY = 5.0
BUSY = 0.7  # share of its time that a part can work before what waits for it piles up
ROUND_PAUSE = 2.0
ROUND_LONGEST_PAUSE = 10.0


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of one core, and bytes."""

    unchanged: float = 0.011  # a poll answered 304: job, request, database
    answered: float = 0.018  # a poll answered in full without anything new
    item: float = 0.0012  # reading and deciding on a new item
    label: float = 0.0006  # labelling it
    commit: float = 0.002  # one append, whatever its length
    append: float = 0.00025  # each event of it under the counter row
    project: float = 0.0003  # each event in the read models
    publish: float = 0.4  # a round of publishing: the feeds that every item touches
    feed: float = 0.012  # each source's own feed in that round
    job: float = 1 / 165  # the queue's database, for each job
    log_bytes: int = 2_500  # on disk, indexes included, for each item
    model_bytes: int = 2_800


COSTS = Costs()


@dataclass(slots=True)
class Server:
    """So many that serve one after another, first come first served."""

    count: int
    busy: float = 0.0
    free: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.free = [0.0] * self.count

    def serve(self, at: float, seconds: float) -> float:
        """When work that comes at a moment and takes so many seconds is done."""
        self.busy += seconds
        done = max(at, self.free[0]) + seconds
        heapq.heapreplace(self.free, done)
        return done


class Publisher:
    """Rounds: each takes all that has come until it begins."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.begins = 0.0
        self.waiting: list[tuple[float, float, int]] = []
        self.lags: list[float] = []
        self.after_polls: list[float] = []
        self.busy = 0.0

    def news(self, at: float, source: int, polled: float, arrived: list[float]) -> None:
        """Items of a source that stand in the read models from a moment on."""
        while self.waiting and at > self.begins:
            self._round()
        if not self.waiting:
            self.begins = max(self.begins, at + 0.5)  # half a tick of the leader, on average
        self.waiting.extend((one, polled, source) for one in arrived)

    def _round(self) -> None:
        took = COSTS.publish + COSTS.feed * len({source for _, _, source in self.waiting}) / self.count
        done = self.begins + took
        self.busy += took
        self.lags.extend(done - arrived for arrived, _, _ in self.waiting)
        self.after_polls.extend(done - polled for _, polled, _ in self.waiting)
        self.waiting.clear()
        self.begins += max(took, min(ROUND_PAUSE * took, ROUND_LONGEST_PAUSE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Shares of their time that parts are busy, and seconds."""

    workers: float
    queue: float
    appending: float
    projecting: float
    publishing: float
    waited_p95: float
    lag_median: float
    lag_p95: float
    after_poll_p95: float


def simulate(
    sources: int, workers: int, *, every: float, hours: float, seed: int, batch: int, publishers: int
) -> Found:
    """Some office hours, the first poll of every source apart."""
    chance = Random(seed)
    rates = [min(chance.lognormvariate(math.log(2), 1.35), 300) * PEAK / DAY for _ in range(sources)]
    last = [-chance.random() * every for _ in range(sources)]
    due = [(at + every * (1 + 0.1 * chance.random()), source) for source, at in enumerate(last)]
    heapq.heapify(due)
    places, processors = Server(workers * PLACES), Server(workers)
    queue, appender, projector, publisher = Server(1), Server(1), Server(1), Publisher(publishers)
    waits, end = [], hours * 3600
    while due[0][0] < end:
        at, source = due[0]
        heapq.heapreplace(due, (at + every * (1 + 0.1 * chance.random()), source))
        handed = queue.serve(at, COSTS.job / batch)
        answered = places.serve(handed, min(chance.lognormvariate(math.log(0.3), 1), 20))
        arrived = _arrived(chance, rates[source], last[source], at)
        last[source] = at
        read = processors.serve(answered, _work(chance, len(arrived)))
        waits.append(read - at)
        if arrived:
            count = EVENTS_OF_AN_ITEM * len(arrived)
            stored = appender.serve(read, COSTS.commit + COSTS.append * count)
            publisher.news(projector.serve(stored, COSTS.project * count), source, at, arrived)
    lags, after, waits = sorted(publisher.lags), sorted(publisher.after_polls), sorted(waits)
    return Found(
        workers=processors.busy / workers / end,
        queue=queue.busy / end,
        appending=appender.busy / end,
        projecting=projector.busy / end,
        publishing=publisher.busy / end,
        waited_p95=waits[int(len(waits) * 0.95)],
        lag_median=lags[len(lags) // 2],
        lag_p95=lags[int(len(lags) * 0.95)],
        after_poll_p95=after[int(len(after) * 0.95)],
    )


def _arrived(chance: Random, rate: float, since: float, until: float) -> list[float]:
    """Moments at which items came."""
    found, at = [], since + chance.expovariate(rate)
    while at < until:
        found.append(at)
        at += chance.expovariate(rate)
    return found


def _work(chance: Random, items: int) -> float:
    if items:
        return COSTS.answered + items * (COSTS.item + COSTS.label)
    return COSTS.unchanged if chance.random() < 0.85 else COSTS.answered


def needed(sources: int, every: float) -> int:
    """Workers for the processor time and for the places that polls take, with room to spare."""
    polls = sources / (every * 1.05)
    items = sources * ITEMS_A_DAY * PEAK / DAY
    processor = polls * (0.85 * COSTS.unchanged + 0.15 * COSTS.answered) + items * (COSTS.item + COSTS.label)
    places = polls * 0.3 * math.exp(0.5) / PLACES
    return max(1, math.ceil(max(processor, places) / BUSY))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--every", type=float, default=1800.0, help="seconds between two polls of a source")
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=1, help="sources of one job")
    parser.add_argument("--publishers", type=int, default=1)
    parsed = parser.parse_args()
    for sources in parsed.sources:
        workers = needed(sources, parsed.every)
        found = simulate(
            sources,
            workers,
            every=parsed.every,
            hours=parsed.hours,
            seed=parsed.seed,
            batch=parsed.batch,
            publishers=parsed.publishers,
        )
        items = sources * ITEMS_A_DAY * YEAR
        figures: dict[str, object] = {
            "sources": sources,
            "workers": workers,
            "polls_per_second": round(sources / (parsed.every * 1.05), 1),
            "events_a_year": round(items * EVENTS_OF_AN_ITEM),
            "log_gigabytes_a_year": round(items * COSTS.log_bytes / 1e9, 1),
            "read_model_gigabytes_a_year": round(items * COSTS.model_bytes / 1e9, 1),
        }
        figures.update((name, round(getattr(found, name), 2)) for name in Found.__slots__ if name != "workers")
        figures["workers_busy"] = round(found.workers, 2)
        print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
