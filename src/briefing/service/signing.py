"""The key that signs the log: made on first use, kept beside the log, readable by nobody else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from briefing.errors import StoreError
from briefing.eventstore.notes import Signer, Verifier

if TYPE_CHECKING:
    from pathlib import Path

    from briefing.service.desk import Desk

LOG = "log"
"""The folder of the log below the public one."""

VKEY = f"{LOG}/log.vkey"
_OTHERS = 0o077


def signer(desk: Desk) -> Signer:
    """The key of this log; its name comes from the site's address on first use and stays.

    Raises:
        StoreError: others may read the file, it is damaged, or it is missing though the log was signed before.
    """
    path = key_file(desk)
    if not ready(desk):
        _make(path, origin(desk.library.site().url))
    found = _read(path)
    known = _known(desk)
    if known and known != found.verifier.text:
        raise StoreError(
            f"{path} is not the key of {desk.public / VKEY}: bring the right one back, or mend that file by "
            "`briefing rebuild`"
        )
    return found


def ready(desk: Desk) -> bool:
    """Whether there is a key already, one that may be used.

    Raises:
        StoreError: as `signer`, but for a published half that differs.
    """
    path = key_file(desk)
    if path.exists():
        _read(path)
        return True
    if (desk.public / VKEY).exists():
        raise StoreError(
            f"{path} is missing, with which this log was signed: bring it back from a backup; if it is lost, remove "
            f"{desk.public / LOG} and tell those who check the log that its key is a new one"
        )
    return False


def verifier(desk: Desk) -> Verifier:
    """The public half: of the key itself where it is here, else as it was published.

    Raises:
        StoreError: there is neither, or it is damaged.
    """
    path = key_file(desk)
    if path.exists():
        return _read(path).verifier
    if known := _known(desk):
        return Verifier.read(known)
    raise StoreError("this log was not signed yet: `briefing publish` signs it")


def key_file(desk: Desk) -> Path:
    """Where the key lies."""
    return desk.storage / "log.key"


def origin(url: str) -> str:
    """The name of a log: the site's address without its scheme, and where the log lies there."""
    parts = urlsplit(url)
    host = f"{parts.hostname or 'briefing'}:{parts.port}" if parts.port else parts.hostname or "briefing"
    return f"{host}{parts.path.rstrip('/')}/{LOG}".replace("+", "-").replace(" ", "-")


def _known(desk: Desk) -> str:
    try:
        return (desk.public / VKEY).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{desk.public / VKEY} cannot be read ({error}): `briefing rebuild` makes it again") from error


def _make(path: Path, name: str) -> None:
    """Write a fresh key, whole or not at all; where another process was quicker, its key stays."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(Signer(name, os.urandom(32)).text + "\n")
            file.flush()
            os.fsync(file.fileno())
        if not path.exists():
            os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink(missing_ok=True)


def _read(path: Path) -> Signer:
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path} cannot be read ({error}): it holds the key that signs the log") from error
    if mode & _OTHERS:
        raise StoreError(f"{path} can be read by others, who could sign in our name: chmod 600 {path}")
    try:
        return Signer.read(text)
    except StoreError as error:
        raise StoreError(f"{path}: {error}") from error
