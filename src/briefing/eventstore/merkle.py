"""The Merkle tree over the log (RFC 6962, section 2.1): what proves that nothing was altered.

A proof is a list of ranges of leaves first, and of their hashes second: who holds hashes of whole subtrees can answer
without reading every leaf. Checking follows RFC 9162, sections 2.1.3.2 and 2.1.4.2, which describe the same proofs.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""

Range = tuple[int, int]
"""Leaves from the first number up to, not including, the second; leaves count from 0."""


def leaf(body: bytes) -> bytes:
    """The hash of a leaf: of an event's canonical bytes, told apart from inner nodes by its first byte."""
    return hashlib.sha256(b"\0" + body).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root(hashes: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, or over hashes of subtrees of one size of which the last may be smaller.

    Pairing level by level, an odd one going up as it is, gives the same tree as splitting at the largest power of two.
    """
    sha256 = hashlib.sha256
    level = list(hashes)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(b"\1" + left + right).digest() for left, right in pairs] + odd
    return level[0] if level else EMPTY


# ---------------------------------------------------------------- which hashes make a proof


def inclusion(index: int, size: int) -> list[Range]:
    """The ranges whose hashes prove that leaf `index` is in the tree of `size` leaves (RFC 6962, section 2.1.1).

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    ranges: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency(old: int, new: int) -> list[Range]:
    """The ranges whose hashes prove that the tree of `old` leaves begins that of `new` (RFC 6962, section 2.1.2).

    Raises:
        ValueError: `old` is larger than `new`, or 0: nothing is proved of an empty tree.
    """
    if not 0 < old <= new:
        raise ValueError(f"there is no proof from a tree of {old} leaves to one of {new}")
    ranges: list[Range] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, whole = middle, False
    return ([] if whole else [(start, end)]) + ranges[::-1]


def _split(size: int) -> int:
    """The largest power of two that is smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


# ---------------------------------------------------------------- checking


def included(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root of the tree of `size` leaves that a proof leads to, None where it has not the right number of hashes."""
    try:
        ranges = inclusion(index, size)
    except ValueError:
        return None
    if len(ranges) != len(proof):
        return None
    found = leaf_hash
    for (start, _), beside in zip(ranges, proof, strict=True):
        found = node(beside, found) if start <= index else node(found, beside)
    return found


def consistent(old: int, new: int, roots: tuple[bytes, bytes], proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the tree of `new` leaves extends that of `old`; `roots` are theirs, in this order."""
    if old in (new, 0):
        return not proof and (roots[0] == roots[1] if old == new else roots[0] == EMPTY)
    if not 0 < old < new or not proof:
        return False
    before, after = old - 1, new - 1
    while before & 1:
        before, after = before >> 1, after >> 1
    rest = list(proof)
    first = second = roots[0] if before == 0 else rest.pop(0)
    for beside in rest:
        if after == 0:
            return False
        if before & 1 or before == after:
            first, second = node(beside, first), node(beside, second)
            while not before & 1 and before:
                before, after = before >> 1, after >> 1
        else:
            second = node(second, beside)
        before, after = before >> 1, after >> 1
    return after == 0 and (first, second) == roots
