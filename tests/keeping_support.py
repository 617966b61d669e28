"""What the tests of export and backup share: logs with words taken down, files opened and sealed again."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from briefing.eventstore import SqlStore, connect
from briefing.eventstore.schema import blobs
from briefing.eventstore.transcript import EXPORT, Header, Reader
from briefing.eventstore.transfer import fill, snapshot
from log_support import Clock, Shelf, source, takedown  # type: ignore[import-not-found]  # see conftest

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from briefing.eventstore import New
    from briefing.eventstore.erasures import Erasure
    from briefing.eventstore.transfer import Taken


def url(file: Path) -> str:
    return f"sqlite:///{file}"


def written(place: str) -> bytes:
    """An export of the log at a URL."""
    out = io.BytesIO()
    with snapshot(place) as taken:
        taken.write(out, Header(kind=EXPORT, size=taken.size, root=taken.root, secret=taken.secret, program="tests"))
    return out.getvalue()


def taken_in(place: str, content: bytes, **more: Any) -> Taken:
    return fill(place, Reader(io.BytesIO(content), "the file"), **more)


def lines_of(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in zstd.decompress(content).splitlines()]


def sealed(lines: list[dict[str, Any]], *, honest: bool = False) -> bytes:
    """Lines as a file again; `honest` writes the sum of the lines anew, as a forger would."""
    texts = [json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines]
    if honest:
        lines[-1]["sha256"] = hashlib.sha256(b"".join(texts[:-1])).hexdigest()
        texts[-1] = json.dumps(lines[-1], separators=(",", ":")).encode() + b"\n"
    return zstd.compress(b"".join(texts))


def retake(erasure: Erasure, name: str) -> tuple[str, New]:
    return f"source:{name}", takedown(erasure.item, erasure.commitments, "again", name)


def erase(shelf: Any, position: int, marks: tuple[str, ...]) -> None:
    """Empty words because event `position` says so."""
    shelf.store.erase(position, marks)


def marks_of(shelf: Any, item: str) -> tuple[str, ...]:
    """The commitments of all words of an item."""
    said = (recorded.event.data() for recorded in shelf.store.read(limit=100_000))
    return tuple(data["payload"] for data in said if data.get("item") == item and data.get("payload"))


def take_down(shelf: Any, item: str, name: str = "selvane") -> tuple[str, ...]:
    """Record the takedown of an item and erase its words."""
    marks = marks_of(shelf, item)
    [answer] = shelf.store.append(f"source:{name}", [takedown(item, marks, name=name)])
    erase(shelf, answer.position, marks)
    return marks


def synthetic(size: int) -> tuple[Callable[[], Any], Header]:
    """The lines of a log of that many events, made one by one, and what its export says of it."""
    from briefing.events import canonical
    from briefing.eventstore.entries import Entry, Words
    from briefing.eventstore.frontier import Frontier
    from briefing.eventstore.merkle import leaf
    from briefing.eventstore.payloads import commitment, new_secret
    from log_support import words

    spec = source().event.data()

    def entries() -> Any:
        for position in range(1, size + 1):
            kept, data, name = None, spec, "source.added"
            if position > 1:
                text, salt = words(title=f"Statement {position}", text=f"{position} words. " * 40), b"s" * 16
                kept = Words(commitment(salt, text), salt, text)
                name = "item.observed"
                data = {
                    "archive": False, "item": f"item-{position}", "keys": [f"k-{position}"], "language": "en",
                    "origin": "none", "payload": kept.commitment.hex(), "precision": None, "published": None,
                    "source": "selvane",
                }  # fmt: skip
            body = {
                "data": data, "key": position.to_bytes(16, "big").hex(),
                "position": position, "recorded_at": "2016-11-18T09:30:00.000000+00:00",
                "stream": "source:selvane", "type": name, "version": 1,
            }  # fmt: skip
            yield Entry(canonical(body), position.to_bytes(16, "big"), kept)

    tree = Frontier()
    for entry in entries():
        tree.add(leaf(entry.body))
    return entries, Header(kind=EXPORT, size=size, root=tree.root(), secret=new_secret(), program="tests")


def emptied(place: str) -> bool:
    """Whether there is a log, and nothing in it."""
    engine = connect(place)
    head = SqlStore(engine).head()
    with engine.connect() as connection:
        held = connection.execute(select(blobs.c.id)).all()
    engine.dispose()
    return head == 0 and not held


__all__ = ["Clock", "Shelf"]
