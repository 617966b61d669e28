"""The verb verify: everything that is stored and published, computed again and compared.

The log first, with its tiles, entries and checkpoints in the same reading; then, where all of it is wanted, the read
models and the published documents, made again from the log in a database of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from briefing.errors import StoreError, UsageError
from briefing.eventstore import tiles
from briefing.eventstore.audit import Audit
from briefing.service.auditing import Differs, LogAudit
from briefing.service.checkpoints import CHECKPOINT, KEPT
from briefing.service.replaying import Replay
from briefing.service.signing import LOG, VKEY, key_file, verifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from briefing.eventstore.notes import Checkpoint, Verifier
    from briefing.service.desk import Desk

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyResult:
    """What was found: `problem` is empty where all is well, else names the first event, blob or file that differs.

    Counts are of what was compared: `events`, `blobs` (of which `erased` by a takedown, their words gone as they
    should be), files of the log and others, rows of read models. `signed` is the size in the newest checkpoint, `root`
    its root (hexadecimal). `unfinished` are positions of takedowns whose words are still held; `older` counts issues
    that another version of the renderers made, which were compared by their hashes alone, `unmade` documents that
    cannot be made again here, because their extra is not installed, and were compared so where they lie there.
    """

    problem: str = ""
    events: int = 0
    blobs: int = 0
    erased: int = 0
    signed: int = 0
    root: str = ""
    checkpoints: int = 0
    log_files: int = 0
    rows: int = 0
    feeds: int = 0
    issues: int = 0
    older: int = 0
    unmade: int = 0
    unfinished: tuple[int, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing differs."""
        return not self.problem


def verify(
    desk: Desk,
    *,
    full: bool = False,
    checkpoint: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> VerifyResult:
    """Compute again what is stored; `full` includes read models, feeds and issues.

    `checkpoint` is a file with a checkpoint that somebody kept: the log must begin with what it signs. What is
    published while we read is no difference: then everything is read once more.

    Raises:
        UsageError: `checkpoint` cannot be read.
    """
    given = _text(checkpoint) if checkpoint is not None else ""
    for _ in range(_ATTEMPTS):
        before = _mark(desk)
        made = _Verification(desk, given)
        try:
            made.log(progress)
            if full:
                made.rest(progress)
        except (Differs, StoreError) as found:
            made.result = replace(made.result, problem=str(found))
        if made.result.ok or _mark(desk) == before:
            break
    return made.result


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read ({error}): it has to hold a checkpoint") from error


def _mark(desk: Desk) -> tuple[bytes, int]:
    """What changes when something is published."""
    return _bytes(desk.public / CHECKPOINT), desk.library.published()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


class _Verification:
    """One reading of everything; `result` grows as it goes."""

    def __init__(self, desk: Desk, given: str) -> None:
        self._desk = desk
        self._given = given
        self._folder = desk.public / LOG
        self._expected: set[str] = set()
        self._size = self._taken_down = 0
        self.result = VerifyResult()

    # ------------------------------------------------------------ the log and its files

    def log(self, progress: Callable[[int], None] | None) -> None:
        """The log, and all files below `public/log`."""
        notes = self._notes()
        newest = notes.get(CHECKPOINT)
        self._size = newest.size if newest is not None else 0
        log = LogAudit(Audit(self._desk.engine), (note.size for note in notes.values()), self._tile)
        try:
            log.run(progress)
            for name, note in notes.items():
                if note.size > log.events:
                    raise Differs(f"{name}: it signs {note.size} events, and the log holds {log.events}")
                if note.root != log.roots[note.size]:
                    raise Differs(f"{name}: the first {note.size} events are not those that it signs")
            if newest is not None:
                self._above(log.tiles)
                self._complete({size for size in log.issued if size <= self._size})
        finally:
            self.result = replace(
                self.result, events=log.events, blobs=log.blobs, erased=log.erased, log_files=len(self._expected)
            )
        self._taken_down = max(log.takedowns, default=0)
        self.result = replace(
            self.result,
            signed=self._size,
            root=newest.root.hex() if newest is not None else "",
            checkpoints=len(notes),
            unfinished=tuple(log.unfinished()),
        )

    def _notes(self) -> dict[str, Checkpoint]:
        """The checkpoints that there are, by the names of their files, their signatures checked."""
        key = self._key()
        if key is None:
            if self._given:
                raise Differs("the given checkpoint cannot be checked: this log was never signed")
            return {}
        if _bytes(self._desk.public / VKEY) != f"{key.text}\n".encode():
            raise Differs(f"{VKEY}: it is missing, or not the public half of the key that signs")
        kept = {f"{KEPT}/{path.name}": path for path in sorted((self._desk.public / KEPT).glob("*"))}
        notes = {}
        for name, path in {CHECKPOINT: self._desk.public / CHECKPOINT, **kept}.items():
            notes[name] = _opened(key, name, _bytes(path))
            if name in kept and str(notes[name].size) != path.name:
                raise Differs(f"{name}: it signs {notes[name].size} events")
        if self._given:
            notes["the given checkpoint"] = key.opened(self._given)
        self._expected = {VKEY, CHECKPOINT}
        return notes

    def _key(self) -> Verifier | None:
        """The key that signs; None for a log that was never signed."""
        if not key_file(self._desk).exists() and not self._folder.exists():
            return None
        return verifier(self._desk)

    def _tile(self, number: int, bodies: list[bytes], leaves: list[bytes]) -> None:
        width = min(len(leaves), self._size - number * tiles.WIDTH)
        if width > 0:
            self._same(tiles.Span(None, number, width), tiles.bundle(bodies[:width]))
            self._same(tiles.Span(0, number, width), b"".join(leaves[:width]))

    def _above(self, roots: list[bytes]) -> None:
        for level in tiles.levels(self._size)[1:]:
            hashes = tiles.above(roots[: self._size // tiles.WIDTH], level)
            for span in tiles.spans(self._size, level):
                start = span.number * tiles.WIDTH
                self._same(span, b"".join(hashes[start : start + span.width]))

    def _same(self, span: tiles.Span, wanted: bytes) -> None:
        name = f"{LOG}/{span.path}"
        self._expected.add(name)
        if _bytes(self._desk.public / name) != wanted:
            raise Differs(f"{name}: it is missing, or not what the log gives")

    def _complete(self, issued: set[int]) -> None:
        """Every checkpoint that an issue names is there, and no file that nothing accounts for."""
        self._expected |= {f"{KEPT}/{size}" for size in issued}
        found = set(_files(self._desk.public, LOG))
        for name in sorted(self._expected ^ found):
            raise Differs(f"{name}: {'nothing in the log accounts for it' if name in found else 'it is missing'}")

    # ------------------------------------------------------------ what is made from the log

    def rest(self, progress: Callable[[int], None] | None) -> None:
        """Database pages, read models, issues and feeds."""
        if said := Audit(self._desk.engine).damage():
            raise Differs(f"the database is damaged: {said}")
        with Replay(self._desk, self._taken_down) as replay:
            try:
                replay.run(progress)
            finally:
                self.result = replace(
                    self.result, rows=replay.rows, feeds=replay.feeds, issues=replay.issues, older=replay.older,
                    unmade=replay.unmade,
                )  # fmt: skip


def _opened(key: Verifier, name: str, note: bytes) -> Checkpoint:
    """A checkpoint of ours: one signature, and nothing behind it."""
    try:
        found = key.opened(note.decode())
    except (StoreError, UnicodeDecodeError) as error:
        raise Differs(f"{name}: {error}" if note else f"{name}: it is missing") from error
    if note.decode().count("\n") != _LINES:
        raise Differs(f"{name}: it holds more than the checkpoint and one signature")
    return found


_LINES = 5


def _files(root: Path, *folders: str) -> Iterator[str]:
    for folder in folders:
        for path in (root / folder).rglob("*"):
            if not path.is_dir() and not path.name.startswith("."):
                yield path.relative_to(root).as_posix()
