"""What an address lets one suppose of a publisher, until its editor says better."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from briefing.text import one_line, shorten

if TYPE_CHECKING:
    from collections.abc import Collection

    from briefing.model import Institution

UNKNOWN_COUNTRY = "ZZ"
"""What ISO 3166-1 leaves to its users, and CLDR uses for an unknown place."""

_GOVERNMENT = re.compile(r"(?:^|\.)(?:gov|gouv|gob|gub|govt|go|mil|mod|mfa|mofa|mid|government)(?:\.|$)")
_TOGETHER = re.compile(r"(?:^|\.)(?:un\.org|europa\.eu|[\w-]+\.int)$")
_GENERIC = frozenset({
    "www", "com", "net", "org", "info", "biz", "int", "gov", "mil", "edu", "go", "or", "ne", "ac", "co", "ed", "lg",
    "gob", "gouv", "gub", "govt", "press", "news", "rss", "feeds", "feed", "eu",
})  # fmt: skip
_SEPARATORS = re.compile(r"\s+[|｜–—·»:]\s+|\s+-\s+")
_LONGEST_NAME, _LONGEST_ID = 80, 40


def host_of(url: str) -> str:
    """The host that an address names, in lower case; empty where it names none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def country(url: str, known: Collection[str]) -> str:
    """The country of an address by its last label, else `UNKNOWN_COUNTRY`; `known` are all codes."""
    host = host_of(url)
    last = host.rpartition(".")[2]
    if host.endswith(("un.org", ".int")):
        return "UN"
    if last in {"gov", "mil"}:
        return "US"
    code = {"uk": "GB"}.get(last, last.upper())
    return code if code in known and len(last) == 2 and last.isalpha() else UNKNOWN_COUNTRY  # noqa: PLR2004 - letters


def institution(url: str) -> Institution:
    """What sort of publisher an address is likely to belong to."""
    host = host_of(url)
    if _TOGETHER.search(host):
        return "igo"
    return "ministry" if _GOVERNMENT.search(host) else "think-tank"


def name(title: str, site: str, url: str) -> str:
    """The publisher's name: what its site calls itself, else the part of a title that names it, else its host."""
    parts = [part.strip() for part in _SEPARATORS.split(one_line(title)) if part.strip()]
    told = one_line(site) or (parts[-1] if len(parts) > 1 else parts[0] if parts else "")
    return shorten(told, _LONGEST_NAME) or host_of(url) or url


def identifier(url: str, code: str, language: str, taken: Collection[str], name: str = "") -> str:
    """An id that is free: country and host (else name), then the language, then a number."""
    labels = [label for label in host_of(url).split(".")[:-1] if label not in _GENERIC and not label.isdigit()]
    stem = re.sub(r"[^a-z0-9]+", "-", max(labels, key=len, default=name.lower())).strip("-")[:_LONGEST_ID] or "source"
    first = stem if code == UNKNOWN_COUNTRY else f"{code.lower()}-{stem}"
    tried = [first, *([f"{first}-{language}"] if language else []), *(f"{first}-{number}" for number in range(2, 1000))]
    return next(one for one in tried if one not in taken)
