"""Payloads: salted commitments, compression, and the comparison of two offers of one fact."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from briefing.events import canonical
from briefing.eventstore.contract import Outcome

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from briefing.events import Event
    from briefing.eventstore.contract import New

SALT_BYTES = 16
KEY_BYTES = 16
Damaged = zstd.ZstdError  # what `decompress` raises where bytes are none of its own
_BLOCK = 64  # bytes that SHA-256 reads at a time


def commitment(salt: bytes, payload: bytes) -> bytes:
    """SHA-256 over salt and payload: says nothing about the words once the salt is erased."""
    return hashlib.sha256(salt + payload).digest()


def keyed(secret: bytes, *parts: str) -> bytes:
    """HMAC-SHA-256 (RFC 2104) over the parts, which cannot run into each other, cut to 16 bytes."""
    inner, outer = (padded.copy() for padded in _padded(secret))
    for part in parts:
        data = part.encode()
        inner.update(len(data).to_bytes(4, "big") + data)
    outer.update(inner.digest())
    return outer.digest()[:KEY_BYTES]


@lru_cache(maxsize=8)
def _padded(secret: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """The two hashes of RFC 2104 with the key read in: that is half of the work, and the same for every message."""
    key = (hashlib.sha256(secret).digest() if len(secret) > _BLOCK else secret).ljust(_BLOCK, b"\0")
    return hashlib.sha256(bytes(byte ^ 0x36 for byte in key)), hashlib.sha256(bytes(byte ^ 0x5C for byte in key))


def compress(payload: bytes) -> bytes:
    """Zstandard (RFC 8878) at level 3."""
    return _threads.compressor.compress(payload, zstd.ZstdCompressor.FLUSH_FRAME)


class _Threads(threading.local):
    """A compressor for each thread: to make one costs as much as to compress a payload."""

    def __init__(self) -> None:
        self.compressor = zstd.ZstdCompressor(level=3)


_threads = _Threads()


def decompress(data: bytes) -> bytes:
    """The inverse of `compress`."""
    return zstd.ZstdDecompressor().decompress(data)


def salted(new: New) -> tuple[Event, bytes, bytes]:
    """The event with the commitment of its payload in place, the commitment and its fresh salt; both empty without."""
    if new.payload is None:
        return new.event, b"", b""
    salt = os.urandom(SALT_BYTES)
    mark = commitment(salt, new.payload)
    event: Any = new.event  # every event with a payload has a field of that name
    return replace(event, payload=mark.hex()), mark, salt


def compared(stored: Event, salt: bytes | None, new: New) -> Outcome:
    """What an offered event is beside the stored one of the same key, whatever salt the stored payload has.

    `salt` is None where the payload has been erased: without it nobody can tell whether the words are the same.
    """
    kept, offered = stored.data(), new.event.data()
    mark = kept.pop("payload", "")
    offered.pop("payload", None)
    alike = type(stored) is type(new.event) and canonical(kept) == canonical(offered)
    if not alike or bool(mark) != (new.payload is not None):
        return Outcome.CONFLICT
    if new.payload is None:
        return Outcome.DUPLICATE
    if salt is None:
        return Outcome.DUPLICATE_ERASED
    return Outcome.DUPLICATE if commitment(salt, new.payload).hex() == mark else Outcome.CONFLICT
