"""ZIP archives that are the same bytes wherever they are made: no clock, no order but that given, own compression.

After PKWARE's APPNOTE 6.3, sections 4.3.7 (local headers), 4.3.12 (central directory) and 4.3.16 (its end).
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

from briefing.outputs.deflated import deflated

if TYPE_CHECKING:
    from collections.abc import Iterable

_STORED, _DEFLATED = 0, 8
_VERSION = 20  # 2.0: what DEFLATE needs
_NAMES_ARE_UTF8 = 0x0800
_DAY = (1980 - 1980) << 9 | 1 << 5 | 1  # 1 January 1980, the first day that the format knows
_HEADER = struct.Struct("<4sHHHHHLLLHH")
_RECORD = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_CLOSING = struct.Struct("<4sHHHHLLH")


class File(NamedTuple):
    """A file of an archive; `stored` keeps it as it is."""

    name: str
    body: bytes
    stored: bool = False


def archive(files: Iterable[File]) -> bytes:
    """The files in one archive, in their order."""
    out, directory = bytearray(), bytearray()
    count = 0
    for file in files:
        common, name, packed = _member(file)
        record = (b"PK\1\2", _VERSION, *common, 0, 0, 0, 0, len(out))
        directory += _RECORD.pack(*record) + name
        out += _HEADER.pack(b"PK\3\4", *common) + name + packed
        count += 1
    end = _CLOSING.pack(b"PK\5\6", 0, 0, count, count, len(directory), len(out), 0)
    return bytes(out + directory) + end


def _member(file: File) -> tuple[tuple[int, ...], bytes, bytes]:
    """What both headers of a file say of it, its name, and its bytes as they are kept."""
    name = file.name.encode()
    flags = 0 if file.name.isascii() else _NAMES_ARE_UTF8
    packed = file.body if file.stored else deflated(file.body)
    method = _STORED if file.stored else _DEFLATED
    sizes = (zlib.crc32(file.body), len(packed), len(file.body), len(name), 0)
    return (_VERSION, flags, method, 0, _DAY, *sizes), name, packed
