"""The address that a feed gives for itself: proposed where it is another one and holds the same, never followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from briefing.errors import SourceError
from briefing.observe.paging import same_site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefing.fetch import Fetcher
    from briefing.model import Parsed, Source
    from briefing.service.reading import Reading
    from briefing.sources import Workers


class SelfNames:
    """Tries each address that a feed names as its own (RFC 4287, rel=self) once."""

    def __init__(self) -> None:
        self._tried: set[tuple[str, str]] = set()

    async def found(
        self, source: Source, reading: Reading, row: Mapping[str, Any], fetcher: Fetcher, workers: Workers
    ) -> str:
        """The address to propose; the configured one where a proposal falls away, empty for nothing new.

        One on the same site, not from https back to http, at which entries of this feed are found.
        """
        named = reading.parsed.links.get("self", "")
        if source.kind != "feed" or not named or named == row["named"]:
            return ""
        if named in (source.url, reading.moved, row["moved"]):
            return source.url if row["named"] else ""
        safe = urlsplit(named).scheme == "https" or urlsplit(source.url).scheme == "http"
        if not safe or not same_site(source.url, named) or (source.id, named) in self._tried:
            return ""
        self._tried.add((source.id, named))
        return named if await self._holds(source, named, reading.parsed, fetcher, workers) else ""

    async def _holds(self, source: Source, url: str, here: Parsed, fetcher: Fetcher, workers: Workers) -> bool:
        try:
            there = await workers.parse(source, await fetcher.get(url), frozenset())
        except SourceError:
            return False
        marks = [{entry.guid or entry.url for entry in parsed.entries} for parsed in (here, there)]
        return bool(marks[0] & marks[1])
