"""Lists of feeds (OPML) in and out of the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from briefing.model import Source, SourceId
from briefing.observe.addresses import canonical
from briefing.outputs.opml import render_sources
from briefing.service import guessing
from briefing.service.adding import entry_of
from briefing.sources import opml

if TYPE_CHECKING:
    from collections.abc import Collection

    from briefing.model import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedList:
    """What a list would add; `known` and `doubled` count feeds that are configured, or stood in it before.

    `unusable` are addresses that are none of the web.
    """

    sources: tuple[Source, ...] = ()
    known: int = 0
    doubled: int = 0
    unusable: tuple[str, ...] = ()

    def entries(self) -> list[dict[str, Any]]:
        """The sources as entries of sources.yaml."""
        return [entry_of(source) for source in self.sources]


def taken_in(
    body: bytes,
    settings: Settings,
    codes: Collection[str],
    languages: Collection[str],
    *,
    country: str = "",
    institution: str = "",
) -> FeedList:
    """The sources that an OPML file lists and that are not configured yet; nothing is asked of the web.

    Raises:
        UsageError: it is no OPML.
    """
    held = {canonical(source.url) for source in settings.sources}
    seen: set[str] = set()
    ids = {str(source.id) for source in settings.sources}
    sources: list[Source] = []
    known = doubled = 0
    unusable = []
    for outline in opml.parse(body):
        url = outline.url.replace("feed://", "http://", 1) if outline.url.startswith("feed://") else outline.url
        key = canonical(url)
        if not _on_the_web(url):
            unusable.append(outline.url)
        elif key in held:
            known += 1
        elif key in seen:
            doubled += 1
        else:
            seen.add(key)
            source = _source(url, outline, ids, codes, languages, country=country, institution=institution)
            ids.add(source.id)
            sources.append(source)
    return FeedList(sources=tuple(sources), known=known, doubled=doubled, unusable=tuple(unusable))


def given_out(settings: Settings) -> bytes:
    """The configured sources as OPML."""
    return render_sources(settings.sources, title=f"Sources of {settings.site.title}", owner=settings.site.contact)


def _source(
    url: str,
    outline: opml.Outline,
    taken: Collection[str],
    codes: Collection[str],
    languages: Collection[str],
    *,
    country: str,
    institution: str,
) -> Source:
    language = outline.language if outline.language in languages else ""
    home = outline.home if _on_the_web(outline.home) else url
    code = country or guessing.country(home, codes)
    return Source(
        id=SourceId(guessing.identifier(home, code, language, taken)),
        name=outline.title or guessing.host_of(url),
        institution=institution or guessing.institution(home),  # type: ignore[arg-type]  # one of its words
        country=code,
        url=url,
        language=language or None,
    )


def _on_the_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
