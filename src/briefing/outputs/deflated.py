"""Compression whose bytes depend on nothing but what goes in: DEFLATE (RFC 1951) with the fixed codes of section 3.2.6.

What zlib makes of the same text differs between its builds, so a published file could not be made again elsewhere.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache

_LEAST, _MOST = 6, 258  # bytes of a repetition; short ones cost time and save little
_WINDOW = 32_768
_INSIDE = 8  # places inside a repetition at which another may begin
_END = 256
_FLUSHED = 64  # bits held back before they are written

# Where the ranges of the codes begin; the last number is the end of the last range.
_LENGTHS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
            227, 258, 259)  # fmt: skip
_DISTANCES = (1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
              4097, 6145, 8193, 12289, 16385, 24577, 32769)  # fmt: skip

_Code = tuple[int, int]  # its bits, the first lowest, and how many they are


def deflated(data: bytes) -> bytes:
    """The data as one block of fixed codes; `zlib.decompress(…, wbits=-15)` gives them back."""
    out = bytearray()
    held, count = 0b011, 3  # the last block, of fixed codes
    for bits, length in _codes(data):
        held |= bits << count
        count += length
        if count >= _FLUSHED:
            whole = count // 8
            out += (held & ((1 << 8 * whole) - 1)).to_bytes(whole, "little")
            held >>= 8 * whole
            count -= 8 * whole
    return bytes(out) + held.to_bytes((count + 7) // 8, "little")


def _codes(data: bytes) -> list[_Code]:
    """Bytes and repetitions, each found where its first bytes stood last."""
    literals, lengths, distances = _literals(), _length_codes(), _distance_codes()
    codes: list[_Code] = []
    last: dict[bytes, int] = {}
    at, size = 0, len(data)
    while at < size:
        key = data[at : at + _LEAST]
        before = last.get(key, -_WINDOW - 1)
        last[key] = at
        if at - before > _WINDOW or len(key) < _LEAST:
            codes.append(literals[data[at]])
            at += 1
            continue
        length = _common(data, before, at)
        codes += (lengths[length], distances[at - before])
        for inside in range(at + 1, at + min(length, _INSIDE)):
            last[data[inside : inside + _LEAST]] = inside
        at += length
    return [*codes, literals[_END]]


def _common(data: bytes, before: int, at: int) -> int:
    """How many bytes are the same at two places: those below the lowest bit in which they differ as numbers."""
    most = min(_MOST, len(data) - at)
    there = int.from_bytes(data[before : before + most], "little")
    differ = there ^ int.from_bytes(data[at : at + most], "little")
    return ((differ & -differ).bit_length() - 1) // 8 if differ else most


@cache
def _literals() -> list[_Code]:
    spans = ((144, 0b00110000, 8), (112, 0b110010000, 9), (24, 0, 7), (8, 0b11000000, 8))
    return [_reversed(first + place, bits) for many, first, bits in spans for place in range(many)]


@cache
def _length_codes() -> list[_Code]:
    symbols = _literals()[_END + 1 :]
    return [(0, 0)] * 3 + [_extended(symbols, _LENGTHS, length) for length in range(3, _MOST + 1)]


@cache
def _distance_codes() -> list[_Code]:
    symbols = [_reversed(symbol, 5) for symbol in range(len(_DISTANCES) - 1)]
    return [(0, 0)] + [_extended(symbols, _DISTANCES, distance) for distance in range(1, _WINDOW + 1)]


def _extended(symbols: list[_Code], bases: tuple[int, ...], value: int) -> _Code:
    """The code of the range that a value lies in, and behind it which of the range it is."""
    place = bisect_right(bases, value) - 1
    bits, length = symbols[place]
    more = (bases[place + 1] - bases[place] - 1).bit_length()
    return bits | (value - bases[place]) << length, length + more


def _reversed(code: int, length: int) -> _Code:
    return int(f"{code:0{length}b}"[::-1], 2), length
