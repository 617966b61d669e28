"""The only room that speaks HTTP: conditional, limited, polite requests to addresses that may be asked.

`Fetcher` is the client; `Guard` says which addresses may be dialled; `RobotsCache` is what keeps copies of robots.txt
between runs. Everything that goes wrong is a `briefing.errors.FetchError` with its failure.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module


def _import_without_roots(name: str) -> None:
    """Import aiohttp, which reads all roots of the system into a TLS context of its own: 50 ms, and never used here.

    With no roots nothing could be verified by that context: it refuses, should anything ever ask it.
    """
    places = {"SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": os.devnull}
    before = {variable: os.environ.get(variable) for variable in places}
    os.environ |= places
    try:
        import_module(name)
    finally:
        for variable, value in before.items():
            if value is None:
                del os.environ[variable]
            else:
                os.environ[variable] = value


# httpx does without its own command line where that cannot be imported: it takes 40 ms, rich and pygments with it.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
_import_without_roots("aiohttp.connector")

from briefing.fetch.access import Access, access_of
from briefing.fetch.client import FEED_ACCEPT, MOST_REDIRECTS, PAGE_ACCEPT, Fetcher
from briefing.fetch.dialling import Dial, Resolve
from briefing.fetch.guard import OWN_NETWORKS, Guard
from briefing.fetch.links import linked
from briefing.fetch.politeness import LONGEST_DELAY, OwnSlots, Politeness, Slots
from briefing.fetch.robots import MemoryRobots, RobotsCache

__all__ = [
    "FEED_ACCEPT",
    "LONGEST_DELAY",
    "MOST_REDIRECTS",
    "OWN_NETWORKS",
    "PAGE_ACCEPT",
    "Access",
    "Dial",
    "Fetcher",
    "Guard",
    "MemoryRobots",
    "OwnSlots",
    "Politeness",
    "Resolve",
    "RobotsCache",
    "Slots",
    "access_of",
    "linked",
]
