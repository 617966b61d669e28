"""The list of erasures: what was taken down, in a file beside the database, for whoever restores an older backup.

One line of JSON for each takedown, and for each address that was forgotten. The log says the same; but a backup made
before holds a log that does not know of it yet, and the words or the address. The list is only ever added to: it may
know more than the log beside it.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from briefing.events import ItemTakenDown, Recorded

NAME = "erasures.jsonl"


def line(recorded: Recorded, event: ItemTakenDown) -> dict[str, Any]:
    """What the list says of a takedown."""
    return {
        "position": recorded.position,
        "item": event.item,
        "source": event.source,
        "at": recorded.recorded_at.isoformat(),
        "reason": event.reason,
        "legal_basis": event.legal_basis,
        "commitments": list(event.payloads),
    }


def forgotten_line(position: int, at: datetime, recipient: str) -> dict[str, Any]:
    """What the list says of an address that was forgotten: in the form of a takedown, with no words to erase."""
    return {"position": position, "item": "", "at": at.isoformat(), "commitments": [], "recipient": recipient}


def read(file: Path) -> list[dict[str, Any]]:
    """The list; empty where there is none. A last line that was torn off is left out."""
    if not file.exists():
        return []
    lines = file.read_bytes().split(b"\n")[:-1]
    return [json.loads(one) for one in lines if one.strip()]


def add(file: Path, entries: Iterable[dict[str, Any]]) -> int:
    """Add what the list does not hold yet, and force it to the disk; returns how many lines that took."""
    known = {(one["position"], one["item"]) for one in read(file)}
    missing = [one for one in entries if (one["position"], one["item"]) not in known]
    if not missing:
        return 0
    with open(file, "ab", opener=_private) as opened:
        opened.truncate(_whole(file))
        opened.writelines(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in missing)
        opened.flush()
        os.fsync(opened.fileno())
    _sync_folder(file.parent)
    return len(missing)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _whole(file: Path) -> int:
    """The length of all whole lines: a process may have been killed in the middle of one."""
    return file.read_bytes().rfind(b"\n") + 1


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
