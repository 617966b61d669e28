"""Roots and proofs of any size of the log, without reading every leaf.

The roots of whole tiles (256 leaves) never change again. They are kept in a file beside the log, 32 bytes for 256
events, which can be lost or deleted: it is made again from the leaves. What signs or proves reads it; what verifies
never does.
"""

from __future__ import annotations

import hashlib
import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from briefing.errors import StoreError
from briefing.eventstore import merkle
from briefing.eventstore.tiles import WIDTH

if TYPE_CHECKING:
    from pathlib import Path

_HASH = 32
_READ = 64 * WIDTH  # leaves at a time


class Leaves(Protocol):
    """What a tree needs of the event store."""

    def leaves(self, after: int = 0, limit: int = 1000) -> list[bytes]:
        """Leaf hashes behind a position, in order."""
        ...


class Tree:
    """The Merkle tree of a log; `kept` is the file of its tiles' roots, None for none."""

    def __init__(self, log: Leaves, kept: Path | None = None) -> None:
        self._log = log
        self._kept = kept
        self._roots: list[bytes] | None = None
        self._lock = threading.Lock()

    def root(self, size: int) -> bytes:
        """The root of the first `size` events.

        Raises:
            StoreError: the log has not as many.
        """
        return self.hash((0, size))

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The proof that leaf `index` (position - 1) is in the tree of the first `size` events."""
        return [self.hash(span) for span in merkle.inclusion(index, size)]

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the first `old` events begin the first `new`; empty where either is."""
        return [self.hash(span) for span in merkle.consistency(old, new)] if old else []

    def hash(self, span: merkle.Range) -> bytes:
        """The root of a subtree: of a range of leaves such as proofs are made of."""
        start, end = span
        if end - start < WIDTH:
            return merkle.root(self._leaves(start, end))
        whole = end // WIDTH
        hashes = self.tiles(whole)[start // WIDTH :]
        return merkle.root([*hashes, merkle.root(self._leaves(whole * WIDTH, end))] if end % WIDTH else hashes)

    def tiles(self, count: int) -> list[bytes]:
        """The roots of the first `count` whole tiles of leaves."""
        with self._lock:
            if self._roots is None:
                self._roots = self._load()
            held = len(self._roots)
            while len(self._roots) < count:
                start = len(self._roots) * WIDTH
                leaves = self._leaves(start, min(start + _READ, count * WIDTH))
                self._roots += [merkle.root(leaves[at : at + WIDTH]) for at in range(0, len(leaves), WIDTH)]
            if len(self._roots) > held:
                self._save(self._roots)
            return self._roots[:count]

    def _leaves(self, start: int, end: int) -> list[bytes]:
        found = self._log.leaves(start, end - start) if end > start else []
        if len(found) != end - start:
            raise StoreError(f"the log ends at position {start + len(found)}: there is no position {end} in it")
        return found

    def _load(self) -> list[bytes]:
        """What the file holds; nothing where it is damaged, or of another log."""
        held = b""
        if self._kept is not None:
            with suppress(OSError):
                held = self._kept.read_bytes()
        roots, seal = held[:-_HASH], held[-_HASH:]
        if not roots or hashlib.sha256(roots).digest() != seal:
            return []
        found = [roots[at : at + _HASH] for at in range(0, len(roots), _HASH)]
        last = (len(found) - 1) * WIDTH
        return found if merkle.root(self._log.leaves(last, WIDTH)) == found[-1] else []

    def _save(self, roots: list[bytes]) -> None:
        if self._kept is None:
            return
        whole = b"".join(roots)
        part = self._kept.with_name(f"{self._kept.name}.{os.getpid()}.part")
        with suppress(OSError):  # a folder that cannot be written to costs time, not proofs
            part.write_bytes(whole + hashlib.sha256(whole).digest())
            part.replace(self._kept)
