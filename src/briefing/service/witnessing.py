"""Sending checkpoints to a witness: somebody else who can say later what the log was.

One attempt that delays nothing: it has its own thread and a time limit, and what it finds is told, not raised.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.errors import BriefingError
from briefing.service.checkpoints import CHECKPOINT

if TYPE_CHECKING:
    from briefing.model import Settings

SECONDS = 10.0
_TEXT = "text/plain; charset=utf-8"


class Witnessing:
    """Sends the newest checkpoint below `public`; `kept` is the file that says what the witness has."""

    def __init__(self, public: Path, kept: Path, seconds: float = SECONDS) -> None:
        self._public = public
        self._kept = kept
        self._seconds = seconds
        self._busy = threading.Lock()

    def send(self, settings: Settings) -> str:
        """Send the newest checkpoint where the witness has another; one sentence where that failed, else nothing."""
        witness = settings.witness
        if witness is None or not self._busy.acquire(blocking=False):
            return ""
        try:
            note = (self._public / CHECKPOINT).read_bytes()
            mark = f"{witness}\n{hashlib.sha256(note).hexdigest()}\n"
            if self._held() == mark:
                return ""
            fault = self._attempt(settings, witness, note)
            if not fault:
                self._kept.write_text(mark, encoding="utf-8")
        except FileNotFoundError:
            return ""  # nothing is signed yet
        except OSError as error:
            fault = str(error)
        finally:
            self._busy.release()
        return f"the witness did not take the checkpoint: {fault}; it gets the next one" if fault else ""

    def _held(self) -> str:
        try:
            return self._kept.read_text(encoding="utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return ""

    def _attempt(self, settings: Settings, witness: str, note: bytes) -> str:
        """One attempt in a thread of its own, which is left behind where it hangs: a dead disk answers nobody."""
        found = [f"{witness} did not answer within {self._seconds:g} s"]

        def attempt() -> None:
            try:
                if "://" in witness:
                    asyncio.run(_post(settings, witness, note, self._seconds))
                else:
                    _copy(Path(witness).expanduser(), note)
                found[0] = ""
            except (BriefingError, OSError) as error:
                found[0] = str(error)

        thread = threading.Thread(target=attempt, name="briefing-witness", daemon=True)
        thread.start()
        thread.join(self._seconds + 1)
        return found[0]


async def _post(settings: Settings, url: str, note: bytes, seconds: float) -> None:
    from briefing.fetch import Fetcher  # noqa: PLC0415 - HTTP takes half of the time in which a command starts

    policy = replace(settings.fetch, timeout=timedelta(seconds=seconds), spacing=timedelta())
    async with Fetcher(policy, contact=settings.site.contact) as fetcher:
        await fetcher.post(url, note, content_type=_TEXT)


def _copy(folder: Path, note: bytes) -> None:
    """Write the checkpoint under its size, whole or not at all."""
    size = note.split(b"\n")[1].decode()
    part = folder / f".checkpoint-{size}.{os.getpid()}.part"
    with part.open("wb") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / f"checkpoint-{size}")
