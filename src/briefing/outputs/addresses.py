"""Addresses as they may stand in a document: absolute, and of the characters of a URI."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

_SAFE = "!#$%&'()*+,/:;=?@~-._"
_HOST = re.compile(r"[0-9a-z](?:[0-9a-z._-]*[0-9a-z])?|[0-9a-f:.]*:[0-9a-f:.]*")  # a name, or an IPv6 address
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def uri(address: str) -> str:
    """An address with everything that is no URI character percent-encoded and its host in ASCII.

    The mapping of RFC 3987, section 3.1; what is already encoded stays. Checkers of feeds refuse anything else.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return _encoded(address.strip())
    rest = _encoded(urlunsplit(("", "", *parts[2:])))
    prefix = f"{parts.scheme}:" if parts.scheme else ""
    return f"{prefix}//{_host(parts.netloc)}{rest}" if parts.netloc else f"{prefix}{rest}"


def absolute(site_url: str, address: str) -> str:
    """An address of the site, given in full or relative to its root, in full."""
    return uri(address if urlsplit(address).scheme else f"{site_url.rstrip('/')}/{address.lstrip('/')}")


def is_web(address: str) -> bool:
    """Whether a reader may be sent there: anything but http and https is shown, never linked."""
    return address.lower().startswith(("http://", "https://"))


def is_sound(address: str) -> bool:
    """Whether an address of the web names a host in a form that every program reads: some refuse a whole document for
    one that does not.
    """
    try:
        parts = urlsplit(address)
        return is_web(address) and bool(_HOST.fullmatch(parts.hostname or "")) and parts.port != 0
    except ValueError:
        return False


def _encoded(text: str) -> str:
    return _STRAY_PERCENT.sub("%25", quote(text, safe=_SAFE))


def _host(netloc: str) -> str:
    if netloc.isascii():
        return quote(netloc, safe=_SAFE + "[]")
    user, at, host = netloc.rpartition("@")
    name, colon, port = host.partition(":")
    try:
        name = name.encode("idna").decode("ascii")
    except UnicodeError:  # a label that no registry could hold
        name = quote(name)
    return f"{quote(user, safe=_SAFE)}{at}{name}{colon}{quote(port)}"
