"""The root of a log that is read from its start, in a memory that does not grow with it."""

from __future__ import annotations

import hashlib


class Frontier:
    """Merkle tree hash (RFC 6962, section 2.1) over leaves given one after the other.

    Kept are the roots of the whole subtrees that the leaves make up so far: one for each bit of their number.
    """

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Take the next leaf's hash."""
        node, size = leaf, self.size
        while size & 1:  # two whole subtrees of one size become one
            node = _node(self._roots.pop(), node)
            size >>= 1
        self._roots.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far; SHA-256 of nothing where there is none."""
        if not self._roots:
            return hashlib.sha256().digest()
        *greater, node = self._roots
        for left in reversed(greater):
            node = _node(left, node)
        return node


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
