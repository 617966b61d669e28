"""A file with secrets in it: readable by its owner alone, there whole or not at all."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from briefing.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

MODE = 0o600
SUFFIX = ".part"


@contextmanager
def private_file(target: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """A new file, to be written and read again; it gets its name when the block ends without an error.

    Until then it lies beside its place, named `.NAME.part`. It is forced to the disk before it is renamed.

    Raises:
        UsageError: there is such a file already, and `force` is not set.
        OutputError: another process writes it just now, or the file system refuses.
    """
    _free(target, force=force)
    part = target.with_name(f".{target.name}{SUFFIX}")
    try:
        with _locked(part) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                _free(target, force=force)
                part.replace(target)
                _sync(target.parent)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputError(
            f"{target} cannot be written ({error.strerror or error}): make room, or mend its rights"
        ) from error


def put_private(target: Path, content: bytes) -> None:
    """Write a whole private file in the place of whatever is there; errors as in `private_file`."""
    with private_file(target, force=True) as file:
        file.write(content)


def once(target: Path, content: bytes) -> None:
    """Write a private file that is made once; where another process was quicker, its own stays.

    Raises:
        OutputError: the file system refuses.
    """
    part = target.with_name(f".{target.name}.{os.urandom(8).hex()}{SUFFIX}")  # threads may make it at once too
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(part, target)
        _sync(target.parent)
    except OSError as error:
        raise OutputError(
            f"{target} cannot be written ({error.strerror or error}): make room, or mend its rights"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _free(target: Path, *, force: bool) -> None:
    if target.is_dir():
        raise UsageError(f"{target} is a folder: name a file")
    if target.exists() and not force:
        raise UsageError(f"{target} is there already: name another file, or say --force to replace it")


@contextmanager
def _locked(part: Path) -> Iterator[BinaryIO]:
    """The file, empty and ours alone: what a killed process left is taken over, what a living one writes is not."""
    while True:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, MODE)
        with os.fdopen(descriptor, "r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise OutputError(f"{part}: another process writes this file just now: wait for it") from error
            if not _still(file, part):
                continue  # its writer finished between our opening and our locking: this is the finished file
            os.fchmod(descriptor, MODE)
            file.truncate(0)
            yield file
            return


def _still(file: BinaryIO, part: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), part.lstat())
    except FileNotFoundError:
        return False


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
