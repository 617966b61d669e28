"""Addresses of mailboxes: what is one, and which two are the same.

The forms are those of RFC 5321 (section 4.1.2) and, for letters beyond ASCII, RFC 6531; quoted local parts and literal
addresses of hosts are refused, for nobody who reads a briefing has one.
"""

from __future__ import annotations

import re
import unicodedata

_LONGEST, _LONGEST_LOCAL = 254, 64  # octets: RFC 5321, section 4.5.3.1, with the brackets left out
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LEADING = "=+-"  # a spreadsheet would reckon with it, and a program take it for an option
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})


def mailbox(text: str) -> str:
    """An address as mail is sent to it: the domain in lower case and in ASCII (RFC 5891), no space around.

    Raises:
        ValueError: it is no address; says why and how to mend it.
    """
    said = unicodedata.normalize("NFC", text.strip())
    local, at, domain = said.rpartition("@")
    if not at or not local or not domain:
        raise _refused(text, "write it as name@domain")
    if (
        not _LOCAL.fullmatch(local)
        or local[0] in _LEADING
        or any(unicodedata.category(letter) in _UNSEEN for letter in local)
    ):
        raise _refused(text, 'look at what stands before the "@"')
    whole = f"{local}@{_ascii(text, domain)}"
    if len(local.encode()) > _LONGEST_LOCAL or len(whole.encode()) > _LONGEST:
        raise _refused(text, f"at most {_LONGEST} bytes are allowed, and {_LONGEST_LOCAL} before the sign")
    return whole


def same(address: str) -> str:
    """What two ways of writing one mailbox have in common. No server in use tells upper from lower case."""
    return unicodedata.normalize("NFC", address.casefold())


def shown(address: str) -> str:
    """An address as people write it: the domain in its own letters."""
    local, _, domain = address.rpartition("@")
    if "xn--" not in domain:
        return address
    import idna  # noqa: PLC0415 - its tables take 10 ms

    try:
        return f"{local}@{idna.decode(domain)}"
    except idna.IDNAError:
        return address


def _ascii(text: str, domain: str) -> str:
    """The domain as name servers know it."""
    name = domain.lower().removesuffix(".")
    if not name.isascii() or "xn--" in name:
        import idna  # noqa: PLC0415 - see above

        try:
            name = idna.encode(name, uts46=True).decode()
        except idna.IDNAError as error:
            raise _refused(text, f"its domain cannot be a name ({error})") from error
    if not _DOMAIN.fullmatch(name):
        raise _refused(text, 'behind the "@" stands no name of a domain, such as example.org')
    return name


def _refused(text: str, why: str) -> ValueError:
    said = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text.strip())
    return ValueError(f'"{said[:80]}" is no mail address: {why}')
