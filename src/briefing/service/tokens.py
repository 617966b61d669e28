"""The key of recipients: what turns addresses into hashes that only its holder can make, and links into signed ones.

Made on first use and kept beside the log, readable by its owner alone; it is in no log, no export and no published
file. Whoever has it can test whether an address is known, so it is kept as the key that signs the log is.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from briefing.errors import StoreError, UsageError
from briefing.mailbox import same
from briefing.service.private import once

if TYPE_CHECKING:
    from pathlib import Path

    from briefing.service.desk import Desk

NAME = "recipients.key"
_KEY_BYTES = 32
_ID_BYTES = 16
_MAC_BYTES = 16
_TIME_BYTES = 5
_OTHERS = 0o077

UNSUBSCRIBE, PREFERENCES, CONFIRM = "unsubscribe", "preferences", "subscribe"
"""What a token is for: one for one thing is worth nothing for another. They are the paths of their pages too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What a token that was signed here stands for: a recipient, or a request, and a briefing where it is for one."""

    id: str
    briefing: str = ""


class Keeper:
    """Hashes addresses, and signs and reads tokens (HMAC-SHA-256, RFC 2104)."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def recipient(self, address: str) -> str:
        """The id of whoever is reached at an address, as `mailbox` gives it: 32 hexadecimal characters."""
        return hmac.digest(self._key, b"recipient\0" + same(address).encode(), "sha256")[:_ID_BYTES].hex()

    def mark(self, what: str, content: bytes) -> str:
        """A keyed hash of anything else."""
        return hmac.digest(self._key, what.encode() + b"\0" + content, "sha256").hex()

    def token(self, purpose: str, name: str, briefing: str = "", expires: datetime | None = None) -> str:
        """A token for an id, in letters that need no escaping in an address."""
        seconds = int(expires.timestamp()) if expires is not None else 0
        said = bytes.fromhex(name) + seconds.to_bytes(_TIME_BYTES, "big") + briefing.encode()
        return base64.urlsafe_b64encode(self._mac(purpose, said) + said).decode().rstrip("=")

    def read(self, purpose: str, token: str, now: datetime) -> Pass:
        """What a token stands for.

        Raises:
            UsageError: it was not made here for this purpose, or its time is over.
        """
        try:
            whole = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            whole = b""
        mac, said = whole[:_MAC_BYTES], whole[_MAC_BYTES:]
        if len(said) < _ID_BYTES + _TIME_BYTES or not hmac.compare_digest(mac, self._mac(purpose, said)):
            raise UsageError("this link is not complete: open it from the mail once more, or copy all of it")
        name, rest = said[:_ID_BYTES].hex(), said[_ID_BYTES:]
        seconds = int.from_bytes(rest[:_TIME_BYTES], "big")
        if seconds and datetime.fromtimestamp(seconds, UTC) <= now:
            raise UsageError("this link is too old: ask for a new one")
        return Pass(id=name, briefing=rest[_TIME_BYTES:].decode())

    def _mac(self, purpose: str, said: bytes) -> bytes:
        return hmac.digest(self._key, b"token\0" + purpose.encode() + b"\0" + said, "sha256")[:_MAC_BYTES]


def keeper(desk: Desk) -> Keeper:
    """The key of this storage's recipients.

    Raises:
        StoreError: others may read the file, it is damaged, missing though there are recipients, or that of others.
    """
    path, known = desk.storage / NAME, desk.mailboxes.any()
    if not path.exists():
        desk.projector.catch_up()
        if known is not None or desk.recipients.last():
            raise StoreError(
                f"{path} is missing, by which recipients are known: bring it back from a backup (briefing restore); "
                "without it every link in mails sent so far is void"
            )
        once(path, os.urandom(_KEY_BYTES).hex().encode() + b"\n")
    found = Keeper(_read(path))
    if known is not None and found.recipient(known.address) != known.recipient:
        raise StoreError(f"{path} is not the key of the recipients kept here: bring the right one back from a backup")
    return found


def _read(path: Path) -> bytes:
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="ascii")
        key = bytes.fromhex(text.strip())
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read ({error}): it holds the key of the recipients") from error
    if mode & _OTHERS:
        raise StoreError(f"{path} can be read by others, who could test addresses and sign links: chmod 600 {path}")
    if len(key) != _KEY_BYTES:
        raise StoreError(f"{path} does not hold {_KEY_BYTES} bytes: bring it back from a backup (briefing restore)")
    return key
