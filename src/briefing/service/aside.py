"""Folders for read models that stand at an earlier position of the log, inside the storage: they hold words too."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = ".aside-"


@contextmanager
def aside(storage: Path) -> Iterator[Path]:
    """A folder that goes when it is done with. What a killed process leaves is found by `sweep`."""
    with TemporaryDirectory(prefix=_PREFIX, dir=storage) as folder:
        held = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield Path(folder)
        finally:
            os.close(held)


def sweep(storage: Path) -> None:
    """Remove folders that a killed process left behind: the words in them may have been erased since."""
    for folder in storage.glob(f"{_PREFIX}*"):
        held = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
        except BlockingIOError:  # somebody works there, and removes it at the end
            continue
        finally:
            os.close(held)
