"""The log as anyone may mirror it: tiles, entries and signed checkpoints below `public/log` (C2SP tlog-tiles).

Everything there follows from the log and its key alone, so that a rebuild gives the same bytes: the newest checkpoint,
and one for each published issue, of the size of the log that the issue was made from.
"""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from briefing.delivery import files
from briefing.documents import Document
from briefing.errors import StoreError
from briefing.eventstore import merkle, tiles
from briefing.service.signing import LOG, VKEY, key_file, signer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefing.eventstore.notes import Checkpoint, Signer, Verifier
    from briefing.service.desk import Desk

CHECKPOINT = f"{LOG}/checkpoint"
KEPT = f"{LOG}/checkpoints"


def publish_log(desk: Desk, size: int) -> int:
    """Bring `public/log` up to the first `size` events and sign them; gives back the size that is signed now.

    What is there stays where another process has signed more. Superseded partial tiles go.

    Raises:
        StoreError: the log is not what was signed before, or a stored leaf is not that of its event: nothing is signed.
    """
    key = signer(desk)
    with _alone(desk):
        before = signed(desk, key.verifier)
        if before is not None and before.size > desk.store.head():
            raise StoreError(
                f"{before.size} events were signed and the log holds {desk.store.head()}: bring the newer log back; "
                f"if it is lost, remove {desk.public / LOG} and tell those who keep checkpoints"
            )
        if before is not None and desk.tree.root(before.size) != before.root:
            raise StoreError(
                f"the log is not what was signed at {before.size} events: `briefing verify` finds where it differs"
            )
        if before is not None and before.size > size:
            return before.size
        since = before.size if before is not None else 0
        files.publish(desk.public, _tiles(desk, size, since))
        files.withdraw(desk.public, _superseded(desk, size, since))
        files.publish(desk.public, _checkpoints(desk, key, size))
    return size


def signed(desk: Desk, key: Verifier) -> Checkpoint | None:
    """The newest published checkpoint; None where there is none that this key signed."""
    try:
        return key.opened((desk.public / CHECKPOINT).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, StoreError):
        return None


def kept(desk: Desk, size: int) -> dict[int, str]:
    """The sizes whose checkpoints are kept in a log of `size` events, with their paths: those that issues name."""
    named = {issued.as_of for issued in desk.library.issues() if issued.as_of <= size}
    return {number: f"{KEPT}/{number}" for number in sorted(named)}


def _tiles(desk: Desk, size: int, since: int) -> Iterator[Document]:
    entries, leaves = tiles.spans(size, None, since), tiles.spans(size, 0, since)
    for entry, tile in zip(entries, leaves, strict=True):
        start = entry.number * tiles.WIDTH
        bodies = desk.store.bodies(start, entry.width)
        hashes = [merkle.leaf(body) for body in bodies]
        for number, pair in enumerate(zip(hashes, desk.store.leaves(start, entry.width), strict=True), start + 1):
            if pair[0] != pair[1]:
                raise StoreError(f"event {number} was altered: its leaf is not that of its body; nothing was signed")
        yield Document(path=f"{LOG}/{entry.path}", body=tiles.bundle(bodies))
        yield Document(path=f"{LOG}/{tile.path}", body=b"".join(hashes))
    roots = desk.tree.tiles(size // tiles.WIDTH)
    for level in tiles.levels(size)[1:]:
        above = tiles.above(roots, level)
        for tile in tiles.spans(size, level, since):
            start = tile.number * tiles.WIDTH
            yield Document(path=f"{LOG}/{tile.path}", body=b"".join(above[start : start + tile.width]))


def _superseded(desk: Desk, size: int, since: int) -> list[str]:
    """Partial tiles of other sizes: of the checkpoint before, or left by a process that was killed."""
    found = []
    for level in (None, *tiles.levels(size)):
        for span in tiles.spans(size, level, since):
            whole = tiles.Span(level, span.number, tiles.WIDTH).path
            folder = desk.public / LOG / f"{whole}.p"
            names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
            found += [f"{LOG}/{whole}.p/{name}" for name in names if f"{whole}.p/{name}" != span.path]
    return found


def _checkpoints(desk: Desk, key: Signer, size: int) -> Iterator[Document]:
    for number, path in kept(desk, size).items():
        if not (desk.public / path).exists():
            yield Document(path=path, body=key.signed(number, desk.tree.root(number)).encode())
    yield Document(path=VKEY, body=f"{key.verifier.text}\n".encode())
    yield Document(path=CHECKPOINT, body=key.signed(size, desk.tree.root(size)).encode())


@contextmanager
def _alone(desk: Desk) -> Iterator[None]:
    """One process at a time, so that the checkpoint never goes back."""
    with key_file(desk).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
