from __future__ import annotations

from dataclasses import dataclass

from briefing.fetch import LONGEST_DELAY
from briefing.service.patience import LONGEST, Patience


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def asked(each: float, spacing: float, wanted: int = 1_000) -> int:
    """How many documents a visit asks for of which each takes so long."""
    clock, count = Clock(), 0
    patience = Patience(spacing, clock)
    while count < wanted and patience.allows():
        clock.now += each
        count += 1
    return count


def test_a_visit_to_who_asks_for_the_longest_delay_waits_for_one_turn_and_still_gets_on():
    assert asked(each=LONGEST_DELAY, spacing=0.0) == 1
    assert asked(each=10 * LONGEST, spacing=0.0) == 1


def test_the_spacing_that_we_keep_ourselves_puts_nothing_off():
    assert asked(each=2.0, spacing=2.0) == 1_000
    assert asked(each=3.0, spacing=2.0) == LONGEST
