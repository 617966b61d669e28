"""What may stand under `mail`: see `values`. What stands in a server's address is never repeated: it may be secret."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from briefing.config.values import line

_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]\\]+@[^\s<>@,;:\"()\[\]\\.]+(?:\.[^\s<>@,;:\"()\[\]\\.]+)+")
_LIST_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+")
_STARTTLS = ("", "offered", "required", "never", "1")  # 1 stands for a variable
_VARIABLE = re.compile(r"\$\{\w+\}")


def server(value: object) -> str:
    """The address of an SMTP server, or a variable that holds one."""
    word = line(value)
    if _VARIABLE.fullmatch(word):
        return word
    said = (
        "is no address of a mail server: write smtp://host, smtp://user:${PASSWORD}@host:587 or smtps://host, and "
        "behind it ?starttls=required or never, timeout=SECONDS, ca=FILE where they are needed"
    )
    try:
        parts = urlsplit(_VARIABLE.sub("1", word))
        port = parts.port
        asked = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError:
        raise ValueError(said) from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or port == 0 or parts.path not in ("", "/"):
        raise ValueError(said)
    if asked.keys() - {"starttls", "timeout", "ca"} or asked.get("starttls", "") not in _STARTTLS:
        raise ValueError(said)
    return word


def address(value: object) -> str:
    """A mail address."""
    word = line(value)
    if not _ADDRESS.fullmatch(word):
        raise ValueError(f'"{word}" is no mail address: write it like desk@ministry.example')
    if not word.isascii():
        raise ValueError(f'"{word}" must be written in ASCII: many servers take no other sender')
    return word


def list_id(value: object) -> str:
    """The end of a List-Id (RFC 2919): a name as of a host."""
    word = line(value)
    if not _LIST_ID.fullmatch(word):
        raise ValueError(f'"{word}" is no list id: write a name of your domain, such as briefings.ministry.example')
    return word
