"""Export and import, backup and restore: the log as one file.

export     the log > FILE
backup     the log, its keys, the list of takedowns, recipients' addresses, sources.yaml > FILE
import     FILE > an empty log > read models
restore    FILE, takedowns > an empty storage > read models, storage/public

What is not in them is made again from the log, or costs one request in full: read models, published files, when each
source was last asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefing import __version__
from briefing.errors import OutputError, StoreError, UsageError
from briefing.events import ItemTakenDown
from briefing.eventstore import New
from briefing.eventstore.erasures import merged, read_erasures, written
from briefing.eventstore.transcript import BACKUP, EXPORT, Header, Reader
from briefing.eventstore.transfer import check_vacant, fill, snapshot
from briefing.service import fonts
from briefing.service.desk import source_stream
from briefing.service.facade import Service
from briefing.service.forgetting import PEOPLE, addresses, bring_back
from briefing.service.private import private_file, put_private
from briefing.service.tokens import NAME as PEOPLE_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import BinaryIO

    from briefing.eventstore.erasures import Erasure
    from briefing.eventstore.transfer import Retake

    # Told what is being done, how much of it is done, and of how much.
    Progress = Callable[[str, int, int], None]

KEY = "log.key"
ERASURES = "erasures.jsonl"
CONFIG = "sources.yaml"
_PROGRAM = f"briefing {__version__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a file holds: the log's size and root (hexadecimal), and the names of the files beside it."""

    size: int
    root: str
    files: tuple[str, ...] = ()
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came back.

    `retaken` are items whose takedown is later than the file: it was recorded once more behind what the file holds.
    `unheld` are items that were taken down and are not in the file at all. `differing` are issues whose bytes are not
    those published then. `config` says whether sources.yaml was written.
    """

    size: int
    root: str
    files: tuple[str, ...]
    retaken: tuple[str, ...]
    unheld: tuple[str, ...]
    issues: int
    feeds: int
    differing: tuple[str, ...]
    config: bool


# ---------------------------------------------------------------- out


def export(
    database_url: str, target: Path | BinaryIO, *, force: bool = False, progress: Progress | None = None
) -> Kept:
    """Write the log to a file, or to a stream that is open for bytes, as it stands now.

    Raises:
        UsageError: the file is there already.
        StoreError: there is no log, or it is damaged.
        OutputError: the file cannot be written.
    """
    if not isinstance(target, Path):
        return _write(database_url, target, EXPORT, dict, progress)
    with private_file(target, force=force) as file:
        return _write(database_url, file, EXPORT, dict, progress)


def backup(
    database_url: str,
    storage: Path,
    config: Path,
    target: Path,
    *,
    force: bool = False,
    check: bool = True,
    progress: Progress | None = None,
) -> Kept:
    """Write all that cannot be made again to a file, and read it back; others may write to the log meanwhile.

    Raises:
        UsageError: the file is there already.
        StoreError: there is no log, or it is damaged, or what was written cannot be read back.
        OutputError: the file cannot be written.
    """
    with private_file(target, force=force) as file:
        kept = _write(database_url, file, BACKUP, lambda: _files(storage, config) | addresses(database_url), progress)
        if check:
            file.flush()
            file.seek(0)
            _read_back(Reader(file, str(target)), progress)
    return replace(kept, checked=check)


def _write(
    database_url: str, out: BinaryIO, kind: str, files: Callable[[], Mapping[str, bytes]], progress: Progress | None
) -> Kept:
    with snapshot(database_url) as taken:
        # Read behind the log: a takedown in between is in the list, and a restore leaves its words out.
        beside = files()
        header = Header(
            kind=kind, size=taken.size, root=taken.root, secret=taken.secret, program=_PROGRAM, files=beside
        )
        taken.write(out, header, _of("write", taken.size, progress))
    return Kept(size=taken.size, root=taken.root.hex(), files=tuple(beside))


def _files(storage: Path, config: Path) -> dict[str, bytes]:
    """What lies beside the log and cannot be made from it."""
    places = {KEY: storage / KEY, PEOPLE_KEY: storage / PEOPLE_KEY, ERASURES: storage / ERASURES, CONFIG: config}
    places |= fonts.files(storage)
    try:
        return {name: path.read_bytes() for name, path in places.items() if path.exists()}
    except OSError as error:
        raise OutputError(f"{error.filename} cannot be read ({error.strerror}), and belongs into the backup") from error


def _read_back(reader: Reader, progress: Progress | None) -> None:
    told = _of("check", reader.header.size, progress)
    for number, _ in enumerate(reader.entries(), 1):
        if told is not None and not number % 1000:
            told(number)


def _of(what: str, total: int, progress: Progress | None) -> Callable[[int], None] | None:
    return (lambda done: progress(what, done, total)) if progress is not None else None


# ---------------------------------------------------------------- in


def import_log(
    database_url: str, storage: Path, source: BinaryIO, name: str, *, progress: Progress | None = None
) -> Kept:
    """Fill an empty log from an export and bring the read models up; all of it, or nothing.

    Words that the storage's list of takedowns names are left out, as in `restore`.

    Raises:
        StoreError: the log is not empty, or the file is damaged.
        UsageError: it is a backup.
    """
    check_vacant(database_url)
    reader = _reader(source, name, EXPORT, "a backup: briefing restore")
    storage.mkdir(parents=True, exist_ok=True)
    taken = fill(
        database_url,
        reader,
        erasures=_takedowns({}, storage, name, None),
        retake=taken_down,
        progress=_of("import", reader.header.size, progress),
    )
    with Service(database_url, storage) as service:
        service.desk.projector.catch_up(progress=_of("project", taken.size, progress))
    return Kept(size=taken.size, root=taken.root.hex())


def taken_down(erasure: Erasure, source: str) -> tuple[str, New]:
    """A takedown as a fact to be recorded once more, with the words and the reason of the first time."""
    event = ItemTakenDown(
        item=erasure.item,
        source=source,
        payloads=erasure.commitments,
        reason=erasure.reason,
        legal_basis=erasure.legal_basis,
    )
    return source_stream(source), New(event=event, key=f"taken-down-before:{erasure.item}:{erasure.at}")


def restore(
    database_url: str,
    storage: Path,
    config: Path,
    source: BinaryIO,
    name: str,
    *,
    erasures: Path | None = None,
    retake: Retake = taken_down,
    progress: Progress | None = None,
) -> Restored:
    """Bring a backup back into an empty storage: log, key and list of takedowns, then all that is made from the log.

    Words that were taken down, by the list in the backup or by `erasures`, are never written. sources.yaml is written
    only where none is.

    Raises:
        StoreError: the log is not empty, or the file is damaged; the log stays empty.
        UsageError: it is an export, or the storage holds another key, or published files.
    """
    check_vacant(database_url)
    reader = _reader(source, name, BACKUP, "an export: briefing import")
    files = dict(reader.header.files)
    _check_empty(storage, files)
    known = _takedowns(files, storage, name, erasures)
    if known:
        files[ERASURES] = written(known)
    config_written = CONFIG in files and not config.exists()

    def beside() -> None:
        for beside_name in (KEY, PEOPLE_KEY, ERASURES):
            if beside_name in files:
                put_private(storage / beside_name, files[beside_name])
        for font in filter(fonts.is_kept, files):
            (storage / font).parent.mkdir(parents=True, exist_ok=True)
            put_private(storage / font, files[font])
        if config_written:
            put_private(config, files[CONFIG])

    told = _of("restore", reader.header.size, progress)
    storage.mkdir(parents=True, exist_ok=True)
    taken = fill(database_url, reader, erasures=known, retake=retake, before_commit=beside, progress=told)
    with Service(database_url, storage) as service:
        bring_back(service.desk, files.get(PEOPLE, b""), known)
        made = service.rebuild(_of("rebuild", taken.size + len(taken.retaken), progress))
    return Restored(
        size=taken.size,
        root=taken.root.hex(),
        files=tuple(files),
        retaken=tuple(dict.fromkeys(one.item for one in taken.retaken)),
        unheld=tuple(dict.fromkeys(one.item for one in taken.unheld)),
        issues=made.issues,
        feeds=made.feeds,
        differing=made.differing,
        config=config_written,
    )


def _reader(source: BinaryIO, name: str, kind: str, other: str) -> Reader:
    reader = Reader(source, name)
    if reader.header.kind != kind:
        raise UsageError(f"{name} is {other} takes it")
    return reader


def _check_empty(storage: Path, files: Mapping[str, bytes]) -> None:
    for name in (KEY, PEOPLE_KEY):
        key = storage / name
        if key.exists() and key.read_bytes() != files.get(name):
            raise UsageError(f"{key} is the key of another log: name an empty folder with --storage")
    public = storage / "public"
    if public.is_dir() and any(public.iterdir()):
        raise UsageError(f"{public} holds published files already: name an empty folder with --storage")


def _takedowns(files: Mapping[str, bytes], storage: Path, name: str, given: Path | None) -> list[Erasure]:
    """All that is known to have been taken down: by the backup, by the storage, by the list that is given."""
    lists = [(files[ERASURES], f"{name}, {ERASURES}")] if ERASURES in files else []
    for path in (storage / ERASURES, given):
        if path is not None and (path.exists() or path == given):
            try:
                lists.append((path.read_bytes(), str(path)))
            except OSError as error:
                raise StoreError(f"{path} cannot be read ({error.strerror}): name the list of takedowns") from error
    return merged(one for content, called in lists for one in read_erasures(content, called))
