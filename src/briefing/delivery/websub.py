"""Telling a hub which feeds changed (WebSub, W3C Recommendation of 23 January 2018, section 7).

The Recommendation leaves open how a publisher tells its hub; this is the way of PubSubHubbub 0.4, which hubs take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORM = "application/x-www-form-urlencoded"
AT_ONCE = 50  # addresses in one request


def pings(site: str, paths: Iterable[str]) -> Iterator[bytes]:
    """The bodies of the requests that name the feeds at these paths of the site."""
    addresses = [f"{site}/{path}" for path in paths]
    for start in range(0, len(addresses), AT_ONCE):
        chunk = addresses[start : start + AT_ONCE]
        yield urlencode([("hub.mode", "publish"), *(("hub.url", address) for address in chunk)]).encode()
