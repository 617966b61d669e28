"""The list of what was taken down: kept apart from the log, so that an older backup comes back without those words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from briefing.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One takedown: the event's position and time, its item, the commitments (hexadecimal) of the words erased.

    Or somebody's address that was forgotten: then `recipient` is its keyed hash, and there are neither item nor words.
    `line` is what stands in the list.
    """

    position: int
    commitments: tuple[str, ...]
    item: str
    at: str
    reason: str = ""
    legal_basis: str = ""
    recipient: str = ""
    line: bytes = field(default=b"", compare=False, repr=False)


def read_erasures(content: bytes, name: str) -> list[Erasure]:
    """The takedowns of a list, one JSON object a line. A last line that was torn off is left out.

    Raises:
        StoreError: a line is none; names it. To pass it over could bring words back that the law took away.
    """
    found = []
    whole = content[: content.rfind(b"\n") + 1]
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(_erasure(orjson.loads(line), line.strip()))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if line.strip() and content.removeprefix(whole) == line:  # whoever wrote it was killed, and writes it anew
                continue
            raise StoreError(
                f"{name}, line {number}: this is no takedown (position, commitments, item, at, reason): "
                "mend the line, or take another copy of the list"
            ) from error
    return found


def _erasure(line: dict[str, Any], raw: bytes) -> Erasure:
    marks = tuple(bytes.fromhex(mark).hex() for mark in line["commitments"])
    if datetime.fromisoformat(line["at"]).tzinfo is None or not isinstance(line["item"], str):
        raise ValueError(line)
    return Erasure(
        position=int(line["position"]),
        commitments=marks,
        item=line["item"],
        at=line["at"],
        reason=str(line.get("reason") or ""),
        legal_basis=str(line.get("legal_basis") or ""),
        recipient=str(line.get("recipient") or ""),
        line=raw,
    )


def merged(erasures: Iterable[Erasure]) -> list[Erasure]:
    """The same without repetitions, in the order of their times."""
    return sorted(dict.fromkeys(erasures), key=lambda one: (one.at, one.position))


def written(erasures: Iterable[Erasure]) -> bytes:
    """The list as a file: each line as it was read."""
    return b"".join(one.line + b"\n" for one in erasures)
