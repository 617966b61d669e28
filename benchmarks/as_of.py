"""How long it takes to read the past: the lists of a digest and of a topic as of several positions of a large log.

    python -m benchmarks.as_of FOLDER [--events 1000000] [--times 5]

The log is filled with invented items of fifty sources, each classified; every fiftieth is edited later, every
two-hundredth withdrawn, every hundredth loses its topic to other rules. A list is the newest items, as a feed of the
digest or the topic holds them, with their labels; beside it stands the same list as of now. Times are milliseconds in
one process that has the database open, each the median of as many readings. A store that is there is used again.
"""

from __future__ import annotations

import argparse
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import filling
from benchmarks.world import configure, megabytes, report

from briefing.config import load
from briefing.editions import feeds
from briefing.eventstore import Batch
from briefing.model import Digest, TopicId
from briefing.service import Service
from briefing.service.digests import chosen
from briefing.service.moments import known_at, position_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from briefing.projections import Holdings

_SOURCES = 50
_STEP = 5000
_SHARES = (0.001, 0.1, 0.5, 0.9, 1.0)  # of the log


def fill(service: Service, events: int) -> None:
    """Record items and what becomes of them until the log holds so many events."""
    service.adopt()
    rules, topic = service.desk.library.rules()[0], service.desk.library.topics()[0].id
    start = service.desk.library.count()
    while service.desk.store.head() < events:
        numbers = range(start, start + _STEP)
        service.desk.store.append_all(_batches(numbers, rules, topic))
        service.desk.projector.catch_up()
        start += _STEP


def _batches(numbers: Sequence[int], rules: str, topic: str) -> list[Batch]:
    batches = []
    for feed in range(_SOURCES):
        source, chosen = f"press-{feed}", [number for number in numbers if number % _SOURCES == feed]
        later = filling.later(source, feed, [number for number in chosen if number >= _STEP], _STEP)
        batches.append(Batch(stream=f"source:{source}", events=filling.observed(source, feed, chosen)))
        batches.append(Batch(stream="labels", events=filling.classified(source, feed, chosen, rules, topic)))
        batches.append(Batch(stream=f"source:{source}", events=later))
    return batches


def questions(service: Service) -> dict[str, Callable[[Holdings], object]]:
    """The lists by name."""
    topic = service.desk.library.topics()[0].id
    sources = {source.id: source for source in service.desk.library.sources(retired=True)}
    by_topic = Digest(id="topic", title="Of a topic", topics=(TopicId(topic),))
    by_country = Digest(id="country", title="Of a country", countries=("JP",))
    bundled = Digest(id="bundled", title="By day", topics=(TopicId(topic),), bundle="day")
    few = Digest(id="few", title="Of three sources", sources=tuple(list(sources)[:3]))
    many = Digest(id="many", title="Of thirty sources", sources=tuple(list(sources)[:30]))
    length = feeds.LENGTH
    return {
        "topic": lambda library: library.items(topic=topic, limit=length),
        "topic_by_day": lambda library: library.items(topic=topic, limit=length, order="day"),
        "digest_of_topic": lambda library: chosen(library, by_topic, sources, length),
        "digest_of_country": lambda library: chosen(library, by_country, sources, length),
        "digest_of_sources": lambda library: chosen(library, few, sources, length),
        "digest_of_many": lambda library: chosen(library, many, sources, length),
        "digest_by_day": lambda library: chosen(library, bundled, sources, length, order="day"),
        "everything": lambda library: library.items(limit=length),
        "status": lambda library: library.health(polled=False),
    }


def answered(library: Holdings, wanted: dict[str, Callable[[Holdings], object]], times: int) -> dict[str, float]:
    """The time that each question takes."""
    return {name: milliseconds(times, partial(ask, library)) for name, ask in wanted.items()}


def milliseconds(times: int, ask: Callable[[], object]) -> float:
    """The median time of a question, asked once before."""
    ask()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return round(1000 * median(taken), 1)


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--events", type=int, default=1_000_000)
    asked.add_argument("--times", type=int, default=5)
    given = asked.parse_args()
    world = configure(given.folder, [f"http://127.0.0.1:9/{number}" for number in range(_SOURCES)])
    database = world.storage / "briefing.db"
    with Service(f"sqlite:///{database}", world.storage, load(world.config)) as service:
        fill(service, given.events)
        head, wanted = service.desk.projector.position(), questions(service)
        report(events=head, items=service.desk.library.count(), megabytes=megabytes(database.stat().st_size))
        worst: dict[str, float] = dict.fromkeys(wanted, 0.0)
        for share in _SHARES:
            position = max(1, int(head * share))
            found = answered(known_at(service.desk, position), wanted, given.times)
            worst = {name: max(taken, found[name]) for name, taken in worst.items()}
            report(as_of=position, **found)
        report(now=head, **answered(service.desk.library, wanted, given.times))
        report(date_to_position=milliseconds(given.times, lambda: position_of(service.desk, "2026-03-20")))
        report(**{f"worst_{name}": taken for name, taken in worst.items()})


if __name__ == "__main__":
    main()
