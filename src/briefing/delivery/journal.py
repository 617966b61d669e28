"""What those who send write down before anything else, so that a killed one leaves word of what it was about.

A line a word, appended in one system call: it outlives the process at once, and the power from the next `force` on. The
log of events takes it over; then the file is emptied.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Literal, Self

from briefing.errors import DeliveryError, SenderBusy

if TYPE_CHECKING:
    from pathlib import Path

Word = Literal["sealed", "accepted", "refused"]
_WORDS: tuple[Word, ...] = ("sealed", "accepted", "refused")
_MODE = 0o600


class Journal:
    """The file, locked for as long as it is open: only one process sends from a storage at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1
        self._written = False

    def __enter__(self) -> Self:
        """Open and lock.

        Raises:
            SenderBusy: another process sends just now.
            DeliveryError: the file cannot be written.
        """
        try:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, _MODE)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.__exit__()
            raise SenderBusy("another process is sending mail just now: wait until it is done") from error
        except OSError as error:
            raise DeliveryError(f"{self._path} cannot be written ({error.strerror}): mend its rights") from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def write(self, word: Word, mailing: str, recipient: str) -> None:
        """One line."""
        os.write(self._descriptor, f"{word} {mailing} {recipient}\n".encode())
        self._written = True

    def force(self) -> None:
        """Bring what was written to the disk."""
        if self._written:
            self._written = False
            os.fdatasync(self._descriptor)

    def read(self) -> dict[tuple[str, str], Word]:
        """The last word on each mail, by mailing and recipient; a line that was cut off says nothing."""
        found: dict[tuple[str, str], Word] = {}
        content = os.pread(self._descriptor, os.fstat(self._descriptor).st_size, 0).decode("utf-8", "replace")
        for line in content.split("\n")[:-1]:
            match line.split(" "):
                case [word, mailing, recipient] if word in _WORDS:
                    found[mailing, recipient] = next(one for one in _WORDS if one == word)
        return found

    def clear(self) -> None:
        """Empty it: all of it is in the log."""
        os.ftruncate(self._descriptor, 0)
