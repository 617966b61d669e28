"""Documents as plain files, so that any web server can publish them.

A file appears whole or not at all, also when the process is killed or the power fails: it is written beside its place,
forced to the disk, and renamed (POSIX `rename` is atomic). Only one process writes at a time; what a killed one left
behind is removed by the next.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from briefing.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from briefing.documents import Document

_PREFIX, _SUFFIX = ".briefing-", ".part"
_FILE_MODE, _FOLDER_MODE = 0o644, 0o755
# File systems gather forced writes that come at once: with several waiting, hundreds of files cost what a few do.
_SYNCING = 8


def publish(root: Path, documents: Iterable[Document]) -> list[str]:
    """Write what is new or differs and return its paths, in order; equal files keep their modification time.

    No file is shown before all are written, and each replaces its forerunner in one step.

    Raises:
        OutputError: a path leaves `root` or is given twice, or the file system refuses.
    """
    with _errors(root):
        _make_folder(root)
        with _locked(root):
            _remove_leftovers(root)
            written: dict[Path, tuple[str, Path]] = {}
            try:
                for path, body, target in _different(root, documents):
                    part = target.with_name(f"{_PREFIX}{target.name}{_SUFFIX}")
                    written[part] = (path, target)
                    _write(part, body)
                _show({part: target for part, (_, target) in written.items()})
            finally:
                for part in written:
                    part.unlink(missing_ok=True)
    return [path for path, _ in written.values()]


def withdraw(root: Path, paths: Iterable[str]) -> list[str]:
    """Remove files, and folders that become empty by it; return the paths that were there.

    Raises:
        OutputError: a path leaves `root`, or the file system refuses.
    """
    if not root.is_dir():
        return []
    removed = []
    with _errors(root), _locked(root):
        for path in paths:
            target = _target(root, path)
            if not os.path.lexists(target):
                continue
            target.unlink()
            removed.append(path)
            _remove_empty(root, target.parent)
    return removed


def clear(root: Path, keep: Collection[str] = ()) -> None:
    """Remove everything below `root`, which itself stays, but files at the paths to `keep`.

    Raises:
        OutputError: the file system refuses.
    """
    if not root.is_dir():
        return
    with _errors(root), _locked(root):
        _clear(root, {root / path for path in keep})


def _clear(folder: Path, keep: Collection[Path]) -> None:
    above = {parent for path in keep for parent in path.parents}
    for entry in sorted(folder.iterdir()):
        if entry in above:
            _clear(entry, keep)
        elif entry in keep:
            continue
        elif entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


# ---------------------------------------------------------------- paths


def _target(root: Path, path: str) -> Path:
    """Where a document goes; neither its name nor a symbolic link may lead out of `root`."""
    parts = PurePosixPath(path).parts
    wrong = not parts or path.startswith("/") or ".." in parts or "\\" in path or not path.isprintable()
    target = root.joinpath(*parts)
    if wrong or not target.parent.resolve().is_relative_to(root.resolve()):
        raise OutputError(f"the path {path!r} of a document leads out of {root}: it must be relative and stay inside")
    if target.name.startswith(_PREFIX):
        raise OutputError(f"the path {path!r} has the form of our temporary files: name the document otherwise")
    return target


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        if folder != folder.parent:
            _make_folder(folder.parent)
        folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)


def _remove_empty(root: Path, folder: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _remove_leftovers(root: Path) -> None:
    for folder, _, names in os.walk(root):
        for name in names:
            if name.startswith(_PREFIX) and name.endswith(_SUFFIX):
                Path(folder, name).unlink(missing_ok=True)


# ---------------------------------------------------------------- writing


def _different(root: Path, documents: Iterable[Document]) -> Iterator[tuple[str, bytes, Path]]:
    """The documents whose bytes are not on the disk yet, with their places."""
    seen: set[Path] = set()
    for document in documents:
        target = _target(root, document.path)
        if target in seen:
            raise OutputError(f"two documents are to be published at {document.path}: rename one of them")
        seen.add(target)
        if not _holds(target, document.body):
            yield document.path, document.body, target


def _holds(target: Path, body: bytes) -> bool:
    """Whether the very file with these bytes is there already."""
    try:
        found = target.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == len(body) and target.read_bytes() == body


def _write(part: Path, body: bytes) -> None:
    _make_folder(part.parent)
    with part.open("xb") as file:
        os.fchmod(file.fileno(), _FILE_MODE)
        file.write(body)


def _show(written: Mapping[Path, Path]) -> None:
    """Force the parts to the disk, rename them to their targets, then force the names."""
    if not written:
        return
    with ThreadPoolExecutor(_SYNCING) as pool:
        list(pool.map(_sync, written))
        for part, target in written.items():
            part.replace(target)
        list(pool.map(_sync, sorted({target.parent for target in written.values()})))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# ---------------------------------------------------------------- one at a time, and what may go wrong


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Hold the folder itself as the lock: no file of ours is left among the documents, and death releases it."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _errors(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or root
        raise OutputError(
            f"{where} cannot be written or removed ({error.strerror}): make room, or mend the folder's permissions"
        ) from error
