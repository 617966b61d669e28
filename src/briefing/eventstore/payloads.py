"""Payloads: salted commitments, compression, and the comparison of two offers of one fact."""

from __future__ import annotations

import hashlib
import hmac
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from briefing.events import Event
    from briefing.eventstore.contract import New

SALT_BYTES = 16
KEY_BYTES = 16


def commitment(salt: bytes, payload: bytes) -> bytes:
    """SHA-256 over salt and payload: says nothing about the words once the salt is erased."""
    return hashlib.sha256(salt + payload).digest()


def keyed(secret: bytes, *parts: str) -> bytes:
    """HMAC-SHA-256 (RFC 2104) over the parts, which cannot run into each other, cut to 16 bytes."""
    message = b"".join(len(data := part.encode()).to_bytes(4, "big") + data for part in parts)
    return hmac.digest(secret, message, "sha256")[:KEY_BYTES]


def compress(payload: bytes) -> bytes:
    """Zstandard (RFC 8878) at level 3."""
    return zstd.compress(payload, 3)


def decompress(data: bytes) -> bytes:
    """The inverse of `compress`."""
    return zstd.decompress(data)


def salted(new: New) -> tuple[Event, bytes, bytes]:
    """The event with the commitment of its payload in place, the commitment and its fresh salt; both empty without."""
    if new.payload is None:
        return new.event, b"", b""
    salt = os.urandom(SALT_BYTES)
    mark = commitment(salt, new.payload)
    event: Any = new.event  # every event with a payload has a field of that name
    return replace(event, payload=mark.hex()), mark, salt


def same_fact(stored: dict[str, Any], salt: bytes | None, new: New) -> bool:
    """Whether an offered event says what the stored one says, whatever salt the stored payload has."""
    offered = dict(new.event.data())
    kept = dict(stored)
    mark = kept.pop("payload", None)
    offered.pop("payload", None)
    if _plain(offered) != _plain(kept):
        return False
    if new.payload is None or salt is None:
        return True
    return bool(commitment(salt, new.payload).hex() == mark)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value
