"""The only room that speaks HTTP: conditional, limited, polite requests to addresses that may be asked.

`Fetcher` is the client; `Guard` says which addresses may be dialled; `RobotsCache` is what keeps copies of robots.txt
between runs. Everything that goes wrong is a `briefing.errors.FetchError` with its failure.
"""

from __future__ import annotations

import sys

# httpx does without its own command line where that cannot be imported: it takes 40 ms, rich and pygments with it.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

from briefing.fetch.client import FEED_ACCEPT, MOST_REDIRECTS, PAGE_ACCEPT, Fetcher
from briefing.fetch.dialling import Dial, Resolve
from briefing.fetch.guard import Guard
from briefing.fetch.politeness import LONGEST_DELAY, OwnSlots, Politeness, Slots
from briefing.fetch.robots import MemoryRobots, RobotsCache

__all__ = [
    "FEED_ACCEPT",
    "LONGEST_DELAY",
    "MOST_REDIRECTS",
    "PAGE_ACCEPT",
    "Dial",
    "Fetcher",
    "Guard",
    "MemoryRobots",
    "OwnSlots",
    "Politeness",
    "Resolve",
    "RobotsCache",
    "Slots",
]
