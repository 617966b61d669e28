"""What lies in the public folder, by the hash of each file, and what of it a receiver does not have yet.

A file is read again only where its time or size is another one than at the last look: a look at thousands of files that
did not change costs a few milliseconds.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

_HIDDEN = "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What brings a receiver up to date: paths to put, paths to take away."""

    put: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.put or self.gone)


@dataclass
class Kept:
    """What is remembered between two looks, in a file of its own: marks of files, and what the receiver has.

    A copy that is lost or damaged costs one look at everything.
    """

    file: Path
    marks: dict[str, list[Any]] = field(default_factory=dict)
    delivered: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> Kept:
        """What was remembered."""
        with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
            held = orjson.loads(file.read_bytes())
            return cls(file, dict(held["marks"]), dict(held["delivered"]))
        return cls(file)

    def write(self) -> None:
        """Remember it, whole or not at all."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        part = self.file.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(orjson.dumps({"marks": self.marks, "delivered": self.delivered}))
        part.replace(self.file)


def stock(public: Path, kept: Kept, below: str = "") -> dict[str, str]:
    """SHA-256 by path of all files whose path begins so; hidden ones and what is being written are left out."""
    marks: dict[str, list[Any]] = {}
    for folder, folders, names in os.walk(public / below):
        folders[:] = sorted(name for name in folders if not name.startswith(_HIDDEN))
        for name in sorted(names):
            file = Path(folder, name)
            if not name.startswith(_HIDDEN) and (mark := _mark(file, kept.marks.get(_path(public, file)))):
                marks[_path(public, file)] = mark
    kept.marks = marks
    return {path: mark[2] for path, mark in marks.items()}


def compared(have: Mapping[str, str], theirs: Mapping[str, str]) -> Plan:
    """What a receiver that has `theirs` needs so that it has what is here, and nothing of ours besides."""
    return Plan(
        put=tuple(sorted(path for path, digest in have.items() if theirs.get(path) != digest)),
        gone=tuple(sorted(theirs.keys() - have.keys())),
    )


def _path(public: Path, file: Path) -> str:
    return file.relative_to(public).as_posix()


def _mark(file: Path, known: list[Any] | None) -> list[Any] | None:
    """Time, size and hash; None where the file vanished or is no file."""
    try:
        found = file.lstat()
        if not file.is_file() or file.is_symlink():
            return None
        if known and known[:2] == [found.st_mtime_ns, found.st_size]:
            return known
        return [found.st_mtime_ns, found.st_size, hashlib.sha256(file.read_bytes()).hexdigest()]
    except OSError:
        return None
