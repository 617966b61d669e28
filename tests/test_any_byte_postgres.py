"""One flip in every column of a log on PostgreSQL; `test_any_byte.py` makes a campaign of it, on a whole store."""

from __future__ import annotations

import random
from contextlib import closing

from briefing.service.desk import Desk
from briefing.service.publishing import publish
from briefing.service.verifying import verify
from keeping_support import take_down  # type: ignore[import-not-found]  # see test_any_byte
from log_support import Clock, adopted, observed, source, words  # type: ignore[import-not-found]  # see test_any_byte
from test_any_byte import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    CELLS,
    Superuser,
    cells,
    unnoticed,
)


def test_one_byte_flipped_in_any_column_of_a_log_on_postgresql_is_found_and_named(postgres, tmp_path):
    desk = Desk(postgres, tmp_path, Clock())
    desk.store.append("settings", [adopted()])
    said = [observed(f"item-{n}", payload=words(title=f"About {n}")) for n in range(30)]
    desk.store.append("source:selvane", [source(), *said])
    publish(desk)
    take_down(desk, "item-7")
    with closing(desk), closing(Superuser(postgres)) as plain:
        chance = random.Random("postgresql")
        missed, seen = unnoticed(desk, plain, cells(plain, chance, 1), chance)
        assert missed == []
        assert len(seen) == len(CELLS)
        assert verify(desk).problem == ""
