"""Addresses in the form in which two of them are compared; never the form that readers are sent to."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

# Parameters that say how a reader came, not what is read. Everything else may be the identity of an item (`?id=597`).
_TRACKING = re.compile(
    r"^(utm_\w+|at_\w+|mtm_\w+|pk_\w+|piwik_\w+|hsa_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|"
    r"igshid|mc_[ce]id|_ga|_gl|_hsenc|_hsmi|oly_(anon|enc)_id|vero_id|wt_mc|wt\.mc_id|ncid|cmpid|ocid|spm|"
    r"ref_src|rsscampaign|xtor|__twitter_impression|s_cid|_openstat|gad_source|gad_campaignid|srsltid|mkt_tok|igsh|"
    r"ttclid|li_fat_id|mibextid|epik|s_kwcid|rb_clickid|erid|_branch_match_id|stm_\w+|itm_\w+|ns_mchannel|ns_source|"
    r"ns_campaign|ns_linkname|ns_fee)$",
    re.IGNORECASE,
)
# The same, where the name may mean anything else but with such a value means the way.
_WAY = re.compile(
    r"^(?:from|source|src|ref|via|medium|channel|partner|feature|traffic_source)=(?:rss|feed|atom)$", re.IGNORECASE
)
_SESSION = re.compile(r";(jsessionid|phpsessid)=[^;/?]*", re.IGNORECASE)
_UNRESERVED = "!$&'()*+,-.:;=@_~"
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Most addresses: in them there is nothing to fold but the host's `www.` and an ending slash.
_PLAIN = re.compile(r"https?://((?:[a-z0-9-]+\.)+[a-z]{2,})((?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*)/?")
_SLASHES = re.compile(r"/{2,}")


@lru_cache(maxsize=1024)
def canonical(url: str) -> str:
    """An address without what does not tell two items apart.

    RFC 3986, section 6.2.2 and 6.2.3: case of host and of percent-encodings, dot segments, default ports; beyond it
    the scheme (http and https are one), a leading `www.`, tracking parameters and session ids, the order of
    parameters, an ending slash, a fragment unless it is all that tells (`#!`). Case of the path is kept.
    """
    if plain := _PLAIN.fullmatch(url):
        return plain[1].removeprefix("www.") + plain[2]
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url.strip()
    if parts.scheme.lower() not in _DEFAULT_PORTS:
        return url.strip()
    host = _host(parts.hostname or "")
    if port is not None and port not in _DEFAULT_PORTS.values():
        host = f"{host}:{port}"
    path = _path(parts.path)
    query = _query(parts.query)
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("!", "/")) else ""
    return f"{host}{path}{'?' if query else ''}{query}{fragment}"


def _host(name: str) -> str:
    name = name.lower().rstrip(".").removeprefix("www.")
    try:
        return name.encode("ascii").decode() if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return name


def _path(path: str) -> str:
    kept: list[str] = []
    for raw in _SLASHES.sub("/", _SESSION.sub("", path)).split("/"):
        # One by one: a slash that is percent-encoded is part of a name.
        segment = quote(unquote(raw, errors="surrogateescape"), safe=_UNRESERVED, errors="surrogateescape")
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept).rstrip("/")


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    kept = sorted((name, value) for name, value in pairs if not _is_way(name, value) and not _session(name))
    return urlencode(kept, errors="surrogateescape")


def _is_way(name: str, value: str) -> bool:
    return _TRACKING.match(name) is not None or _WAY.match(f"{name}={value}") is not None


def _session(name: str) -> bool:
    return name.lower() in {"jsessionid", "phpsessid", "sessionid"}
