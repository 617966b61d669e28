"""Which entries of an answer the source wants: by `include` and `exclude`, and only those of its own domain."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from briefing.model import Fetched, Parsed, Source


def chooses(source: Source) -> bool:
    """Whether a source has rules that leave entries out."""
    return bool(source.include or source.exclude or source.own_domain_only)


def let_in(source: Source, fetched: Fetched, parsed: Parsed) -> Parsed:
    """The answer without the entries that the source does not want, which are counted in it."""
    if not chooses(source):
        return parsed
    from briefing.sources import addresses  # noqa: PLC0415 - it brings the parsers, which the parent does without

    chosen = [entry for entry in parsed.entries if addresses.wanted(source, entry.url, entry.title)]
    kept = chosen
    if source.own_domain_only:
        homes = {domain for url in (source.url, fetched.final_url, parsed.home) if (domain := domain_of(url))}
        kept = [entry for entry in chosen if not entry.url or domain_of(entry.url) in homes]
    return replace(
        parsed,
        entries=tuple(kept),
        excluded=parsed.excluded + len(parsed.entries) - len(chosen),
        foreign=len(chosen) - len(kept),
    )


@lru_cache(maxsize=4096)
def domain_of(url: str) -> str:
    """The registrable domain of an address by the Public Suffix List; of a bare IP address or a local name itself."""
    # Its copy of the list is never looked for on the network. It is imported only where a source asks for it.
    from tld import get_fld  # noqa: PLC0415 - see above

    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
        return get_fld(url, fail_silently=True) or host if host else ""
    except ValueError:
        return ""
