"""The Link header (RFC 8288, section 3): what an answer names beside its body."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

_LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]+))?)*)')
_RELATION = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))', re.IGNORECASE)
_LONGEST = 8_000  # characters of a header that are looked at


def linked(header: str, base: str) -> dict[str, str]:
    """The web addresses of a Link header by relation, in lower case; the first of each, relative ones made absolute."""
    found: dict[str, str] = {}
    for target, parameters in _LINK.findall(header[:_LONGEST]):
        named = _RELATION.search(parameters)
        for relation in ((named[1] or named[2]).lower().split()) if named else ():
            if relation not in found and (url := _absolute(target, base)):
                found[relation] = url
    return found


def _absolute(target: str, base: str) -> str:
    try:
        url = urljoin(base, target.strip())
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""
