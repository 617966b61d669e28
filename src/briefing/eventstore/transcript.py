"""A log as a file: JSON, one event a line, compressed with Zstandard (RFC 8878).

The first line says what follows; files that belong to the log come next in a backup; then every event in its order;
the last line repeats size and root and holds a SHA-256 over the lines before it. The same log gives the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from briefing.errors import StoreError, UnknownEvent
from briefing.eventstore.entries import Audit, Entry, Unsound, Words
from briefing.eventstore.payloads import intact

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

EXPORT, BACKUP = "export", "backup"
VERSION = 1
_LEVEL = 3
_WINDOW = 23  # as powers of two: more memory than 8 MB no reader of this gives
_LINE = 64 * 1024 * 1024  # bytes of the longest line
_FILE = 16 * 1024 * 1024  # bytes of the longest file in a backup


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the file holds: `kind` is export or backup, `program` what wrote it, `secret` the log's own."""

    kind: str
    size: int
    root: bytes
    secret: bytes
    program: str
    files: Mapping[str, bytes] = field(default_factory=dict)


class Writer:
    """Writes a log into a file that is open for bytes."""

    def __init__(self, out: BinaryIO, header: Header) -> None:
        parameter = zstd.CompressionParameter
        options: dict[int, int] = {parameter.compression_level: _LEVEL, parameter.checksum_flag: 1}
        self._out = zstd.ZstdFile(out, "wb", options=options)
        self._sum = hashlib.sha256()
        self._header = header
        self._line(
            {
                "briefing": header.kind,
                "version": VERSION,
                "size": header.size,
                "root": header.root.hex(),
                "secret": header.secret.hex(),
                "program": header.program,
                "files": len(header.files),
            }
        )
        for name, content in header.files.items():
            self._line({"file": name, "base64": base64.b64encode(content).decode()})

    def write(self, entry: Entry) -> None:
        """Add an event.

        Raises:
            Unsound: its body or its words are no text.
        """
        try:
            self._line({"body": entry.body.decode(), "key": entry.key.hex(), "words": _written(entry.words)})
        except UnicodeDecodeError as error:
            raise Unsound("its bytes are no UTF-8") from error

    def end(self) -> None:
        """Write the last line; the file below stays open."""
        total = {"end": self._header.size, "root": self._header.root.hex(), "sha256": self._sum.hexdigest()}
        self._line(total)
        self._out.close()

    def _line(self, value: dict[str, Any]) -> None:
        line = orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
        self._sum.update(line)
        self._out.write(line)


def _written(words: Words | None) -> dict[str, Any] | None:
    if words is None:
        return None
    if words.erased:
        return {"commitment": words.commitment.hex(), "erased": words.erased}
    return {"commitment": words.commitment.hex(), "salt": words.salt.hex(), "text": words.text.decode()}


class Reader:
    """Reads such a file and checks it on the way: positions, form, leaves, commitments, size, root, every byte.

    `name` stands in messages. `header` is there at once; `entries` may be gone through once.

    Raises:
        StoreError: it is no such file, of a later version, damaged or altered; says where.
    """

    def __init__(self, source: BinaryIO, name: str) -> None:
        self._name = name
        self._file = zstd.ZstdFile(source, "rb", options={zstd.DecompressionParameter.window_log_max: _WINDOW})
        self._sum = hashlib.sha256()
        self._before = ""
        self.audit = Audit()
        self._header: Header | None = None
        first = self._first()
        if first.get("version") != VERSION:
            raise StoreError(
                f"{name} has version {first.get('version')} of its form, this program reads {VERSION}: upgrade it"
            )
        self._header = self._described(first)

    def _first(self) -> dict[str, Any]:
        try:
            line = self._line()
        except StoreError:
            line = {}
        if line.get("briefing") not in (EXPORT, BACKUP):
            raise StoreError(f"{self._name} is no export or backup of briefing: name a file that one of them wrote")
        return line

    @property
    def header(self) -> Header:
        """What the first line says."""
        assert self._header is not None
        return self._header

    def _described(self, first: dict[str, Any]) -> Header:
        try:
            return Header(
                kind=first["briefing"],
                size=int(first["size"]),
                root=bytes.fromhex(first["root"]),
                secret=_secret(first["secret"]),
                program=str(first["program"]),
                files=dict(self._one_file() for _ in range(int(first["files"]))),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise self._broken("its first lines do not say what they should") from error

    def _one_file(self) -> tuple[str, bytes]:
        line = self._line()
        content = base64.b64decode(line["base64"], validate=True)
        if len(content) > _FILE:
            raise ValueError(line["file"])
        return str(line["file"]), content

    def entries(self) -> Iterator[tuple[Entry, dict[str, Any], bytes]]:
        """Every event with its envelope and its leaf; those that came out before an error were sound.

        Raises:
            StoreError: an event is not what it should be, or the end is missing; names the position.
            UnknownEvent: an event is not known to this program.
        """
        try:
            while "end" not in (line := self._line()):
                entry = _entry(line)
                yield (entry, *self.audit.take(entry))
        except UnknownEvent as fault:
            raise UnknownEvent(f"{self._name}: {fault}") from fault
        except Unsound as fault:
            raise self._broken(str(fault)) from fault
        self._end(line)

    def _end(self, line: dict[str, Any]) -> None:
        header = self.header
        try:
            self.audit.end(header.size, header.root)
        except Unsound as fault:
            raise self._broken(str(fault), "the end") from fault
        if (line["end"], line.get("root"), line.get("sha256")) != (header.size, header.root.hex(), self._before):
            raise self._broken("it does not fit what stands before it", "the last line")
        if self._read():
            raise self._broken("something stands behind the last line", "the end")

    def _line(self) -> dict[str, Any]:
        self._before = self._sum.hexdigest()
        line = self._read()
        if not line.endswith(b"\n"):
            raise self._broken("the file ends, or a line does not" if line else "the file ends in the middle")
        self._sum.update(line)
        try:
            value = orjson.loads(line)
        except ValueError as error:
            raise self._broken("this line is no JSON") from error
        if not isinstance(value, dict):
            raise self._broken("this line is no JSON object")
        return value

    def _read(self) -> bytes:
        try:
            return self._file.readline(_LINE)
        except EOFError as error:
            raise self._broken("the file ends in the middle") from error
        except zstd.ZstdError as error:
            raise self._broken(f"the compressed bytes are damaged ({error})") from error

    def _broken(self, what: str, place: str = "") -> StoreError:
        here = place or (f"event {self.audit.size + 1}" if self._header is not None else "the first lines")
        return StoreError(f"{self._name}, {here}: {what}; take another copy of the file")


def _secret(text: str) -> bytes:
    found = bytes.fromhex(text)
    if not intact(found):
        raise ValueError(text)
    return found


def _entry(line: dict[str, Any]) -> Entry:
    try:
        return Entry(body=line["body"].encode(), key=bytes.fromhex(line["key"]), words=_read_words(line["words"]))
    except (KeyError, TypeError, AttributeError, ValueError, binascii.Error) as error:
        raise Unsound("its line does not hold body, key and words") from error


def _read_words(value: dict[str, Any] | None) -> Words | None:
    if value is None:
        return None
    mark = bytes.fromhex(value["commitment"])
    if "erased" in value:
        if type(value["erased"]) is not int or value["erased"] < 1 or len(value) > 2:  # noqa: PLR2004 - these two keys
            raise ValueError(value["erased"])
        return Words(mark, erased=value["erased"])
    return Words(mark, bytes.fromhex(value["salt"]), value["text"].encode())
