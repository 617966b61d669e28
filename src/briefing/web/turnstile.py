"""So many requests in an hour from one network, counted in memory: nothing of who asked is kept or written."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict, deque
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_HOUR = timedelta(hours=1)
_MOST = 10
_NETWORKS = 10_000  # remembered at once; the oldest are let go first
_SUBSCRIBER_BITS = 64  # of an IPv6 address: one customer has all below


class Turnstile:
    """Lets a network through ten times an hour (a sliding window)."""

    def __init__(self, clock: Callable[[], datetime], most: int = _MOST) -> None:
        self._clock = clock
        self._most = most
        self._key = os.urandom(16)
        self._passed: OrderedDict[bytes, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, host: str) -> int:
        """Count a request from an address: 0 where it may pass, else after how many seconds it may be tried again."""
        network, now = hashlib.blake2b(_network(host), key=self._key, digest_size=16).digest(), self._clock()
        with self._lock:
            passed = self._passed.setdefault(network, deque())
            self._passed.move_to_end(network)
            while passed and passed[0] <= now - _HOUR:
                passed.popleft()
            if len(passed) >= self._most:
                return max(1, int((passed[0] + _HOUR - now).total_seconds()))
            passed.append(now)
            while len(self._passed) > _NETWORKS:
                self._passed.popitem(last=False)
            return 0


def _network(host: str) -> bytes:
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        return host.encode()
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    return found.packed if found.version == 4 else found.packed[: _SUBSCRIBER_BITS // 8]  # noqa: PLR2004 - IPv4
