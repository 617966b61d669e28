"""Payloads: salted commitments, compression, and the comparison of two offers of one fact."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import zlib
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from briefing.errors import StoreError
from briefing.events import canonical
from briefing.eventstore.contract import Outcome
from briefing.eventstore.tiles import LARGEST

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from briefing.events import Event
    from briefing.eventstore.contract import New

Unreadable = zstd.ZstdError
"""What `decompress` raises for what `compress` did not write."""

SALT_BYTES = 16
KEY_BYTES = 16
_SUM_BYTES = 4
SECRET_BYTES = 32
_BLOCK = 64  # bytes that SHA-256 reads at a time


def new_secret() -> bytes:
    """The key of a log's keyed hashes: 32 bytes by chance, and CRC-32 over them.

    A secret that was altered would let every fact in a second time: so it can be told.
    """
    chance = os.urandom(SECRET_BYTES)
    return chance + zlib.crc32(chance).to_bytes(_SUM_BYTES, "big")


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
    """Zstandard (RFC 8878) at level 3, and CRC-32 over it.

    Some bits of a frame can be turned without turning the words: the sum tells that too.
    """
    frame = _threads.compressor.compress(payload, zstd.ZstdCompressor.FLUSH_FRAME)
    return frame + zlib.crc32(frame).to_bytes(_SUM_BYTES, "big")


class _Threads(threading.local):
    """A compressor for each thread: to make one costs as much as to compress a payload."""

    def __init__(self) -> None:
        self.compressor = zstd.ZstdCompressor(level=3)


_threads = _Threads()


def decompress(data: bytes) -> bytes:
    """The inverse of `compress`; the sum is for those who verify."""
    return zstd.ZstdDecompressor().decompress(data[:-_SUM_BYTES])


def intact(data: bytes) -> bool:
    """Whether compressed data, or a secret, are those that were stored, bit by bit."""
    return zlib.crc32(data[:-_SUM_BYTES]).to_bytes(_SUM_BYTES, "big") == data[-_SUM_BYTES:]


def salted(new: New) -> tuple[Event, bytes, bytes]:
    """The event with the commitment of its payload in place, the commitment and its fresh salt; both empty without."""
    if new.payload is None:
        return new.event, b"", b""
    salt = os.urandom(SALT_BYTES)
    mark = commitment(salt, new.payload)
    event: Any = new.event  # every event with a payload has a field of that name
    return replace(event, payload=mark.hex()), mark, salt


def bounded(body: bytes, name: str) -> bytes:
    """An event's canonical bytes, where they are few enough for a bundle of entries.

    Raises:
        StoreError: they are not.
    """
    if len(body) > LARGEST:
        raise StoreError(
            f"an event {name} of {len(body):,} bytes was not stored: an event holds at most {LARGEST:,}; configure or "
            "publish less at once"
        )
    return body


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
