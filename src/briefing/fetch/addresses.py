"""Web addresses as they are asked: http or https, a host that may be asked, no credentials, no fragment."""

from __future__ import annotations

import base64
import re
from urllib.parse import unquote

import httpx

from briefing.errors import FetchError

_PORTS = {"http": 80, "https": 443}
_LAST_PORT = 65_535
# Fetch Standard, section 2.9 ("bad port"): where mail, names, files and chats are served, a request whose path somebody
# else wrote could be taken for a command.
_OTHERS_PORTS = frozenset(
    [
        7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
        110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530,
        531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190,
        5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
    ]
)  # fmt: skip
_HOST = re.compile(r"[a-z0-9._~-]+|[0-9a-f]*:[0-9a-f:.]*(?:%[\w.~-]+)?")  # a name in ASCII, or IPv6 with its zone
_SHOWN = 300


def shown(url: str | httpx.URL) -> str:
    """An address for a sentence: short, without credentials."""
    text = str(url)
    head, sign, rest = text.partition("://")
    authority, slash, path = rest.partition("/")
    if sign and "@" in authority:
        text = f"{head}://{authority.rpartition('@')[2]}{slash}{path}"
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def understood(url: str) -> httpx.URL:
    """An address as written by a person or a publisher.

    Raises:
        FetchError: `address`, where it is not an http or https address with a host.
    """
    try:
        address = httpx.URL(url.strip())
        host = address.host
    except (httpx.InvalidURL, ValueError) as error:  # ValueError: the idna codec
        raise FetchError(f"{shown(url)!r} is not a web address ({error}): correct it.", failure="address") from error
    if address.scheme not in _PORTS or not host:
        raise FetchError(
            f"{shown(url)!r} is not an address of the web: it must begin with http:// or https:// and name a host.",
            failure="address",
        )
    if not _HOST.fullmatch(address.raw_host.decode("ascii")):
        raise FetchError(f"{shown(url)!r} names a host that cannot exist: correct it.", failure="address")
    if not 0 < port(address) <= _LAST_PORT:
        raise FetchError(f"{shown(url)!r} names a port that does not exist: correct it.", failure="address")
    if port(address) in _OTHERS_PORTS:
        raise FetchError(
            f"{shown(url)!r} names port {port(address)}, at which no web server stands: correct it.", failure="address"
        )
    return address


def bare(url: httpx.URL) -> httpx.URL:
    """The address without what must not travel: credentials and fragment."""
    if url.userinfo or url.fragment:
        return url.copy_with(userinfo=b"", fragment=None)
    return url


def authorization(url: httpx.URL) -> str | None:
    """The Authorization header for credentials in an address (RFC 7617, Basic)."""
    if not url.userinfo:
        return None
    name, _, password = url.userinfo.decode("ascii").partition(":")
    pair = f"{unquote(name)}:{unquote(password)}".encode()
    return f"Basic {base64.b64encode(pair).decode('ascii')}"


def port(url: httpx.URL) -> int:
    """The port that is dialled."""
    return _PORTS[url.scheme] if url.port is None else url.port


def host_key(url: httpx.URL) -> str:
    """What politeness counts by: host name and port."""
    return f"{url.host}:{port(url)}"


def origin(url: httpx.URL) -> str:
    """Scheme, host and, where it is not the usual one, port (RFC 6454): what one robots.txt holds for."""
    host = url.raw_host.decode("ascii")
    host = f"[{host}]" if ":" in host else host
    usual = port(url) == _PORTS[url.scheme]
    return f"{url.scheme}://{host}" + ("" if usual else f":{port(url)}")
