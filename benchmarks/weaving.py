"""What it costs to find stories: invented headlines of many sources over a month, in processor seconds and memory.

`python benchmarks/weaving.py [ITEMS] [SOURCES] [SHARE]`: so many headlines; the higher SHARE, the more tell of an event
that others tell of too.
"""

from __future__ import annotations

import random
import resource
import sys
import time

from briefing.stories import Rules, Telling, Weaver

_DAYS = 28
_LETTERS = "aeiou", "bcdfghklmnprstvz"


def words(count: int, chance: random.Random) -> list[str]:
    """Words that nobody uses."""
    return ["".join(chance.choice(_LETTERS[place % 2]) for place in range(chance.randint(4, 10))) for _ in range(count)]


def tellings(items: int, sources: int, share: int) -> list[Telling]:
    """Headlines in the order of their times; words are as frequent as in texts (Zipf)."""
    chance = random.Random(7)
    known = words(20_000, chance)
    weights = [1 / (rank + 10) for rank in range(len(known))]
    found: list[Telling] = []
    while len(found) < items:
        at = chance.random() * _DAYS * 86400
        topic = chance.choices(known, weights, k=9)
        tellers = chance.randint(2, 8) if chance.randrange(100) < share / 4 else 1
        for _ in range(tellers):
            said = [*chance.sample(topic, 7), *chance.choices(known, weights, k=2 if tellers > 1 else 0)]
            source = f"source-{chance.randrange(sources)}"
            found.append(
                Telling(item=f"{len(found)}", source=source, language="en", title=" ".join(said),
                        at=at + chance.random() * 86400)
            )  # fmt: skip
    return sorted(found[:items], key=lambda one: one.at)


def main() -> None:
    """Measure, and say so."""
    usual = ("30000", "50", "40")
    items, sources, share = (int(said) for said in (*sys.argv[1:], *usual[len(sys.argv) - 1 :]))
    told = tellings(items, sources, share)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    weaver = Weaver(Rules())
    joined = sum(weaver.add(one) is not None for one in told)
    spent = time.process_time() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{items:,} headlines: {spent:.1f} s of processor time, {1000 * spent / items:.3f} ms each; {joined:,} joined"
    )
    print(f"memory: {after / 1024:.0f} MB at most, {(after - before) / 1024:.0f} MB of it for this")


if __name__ == "__main__":
    main()
