"""Publications as they were, or would have been, in a folder of their own: nothing is recorded, nothing published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.delivery import files
from briefing.documents import Document
from briefing.errors import UsageError
from briefing.outputs import lacking
from briefing.service import formats
from briefing.service.issuing import BriefResult, asked, due, newest, notes_on, standing
from briefing.service.moments import known
from briefing.service.publishing import PublishResult, issue_path, list_and_feeds, version_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from briefing.projections import Holdings
    from briefing.service.desk import Desk


def publish_to(
    desk: Desk, folder: Path, as_of: str | None = None, progress: Callable[[str], None] | None = None
) -> PublishResult:
    """Write all feeds, and all issues published until then, into an empty or new folder.

    `as_of` is a position, a day or a time (see `moments.position_of`), None for now. `progress` is told the path of
    each feed as it is made.

    Raises:
        UsageError: the folder holds something or is that of the published files, or there is no such moment.
    """
    _check(desk, folder)
    library = known(desk, as_of)
    made: list[str] = []

    def tell(path: str) -> None:
        made.append(path)
        if progress is not None:
            progress(path)

    def documents() -> Iterator[Document]:
        yield from list_and_feeds(library, tell)
        yield from _issues(desk, library)

    written = files.publish(folder, documents()) if library.settings() is not None else []
    return PublishResult(written=tuple(written), removed=(), feeds=len(made), position=library.position())


def _issues(desk: Desk, library: Holdings) -> Iterator[Document]:
    published = library.issues()
    latest = newest(published)
    for issued in published:
        folders = [version_path(issued.briefing, issued.period, issued.version)]
        if issued in latest:
            folders.append(issue_path(issued.briefing, issued.period))
        for name, body in standing(desk, issued).items():
            yield from (Document(path=f"{folder}/{name}", body=body) for folder in folders)


def brief_to(
    desk: Desk, folder: Path, as_of: str | None = None, briefing_id: str | None = None, week: str | None = None
) -> list[BriefResult]:
    """Write the issue that `brief` would have published then into an empty or new folder; see `issuing.brief`.

    Where the version published last still stood, it is that version.

    Raises:
        UsageError: as `publish_to` and `issuing.brief`.
    """
    _check(desk, folder)
    library = known(desk, as_of)
    moment = library.moment
    now = desk.clock() if moment is None or moment.recorded_at is None else moment.recorded_at
    results = []
    documents: list[Document] = []
    for briefing, period in asked(library, now, briefing_id, week):
        made, last = due(desk, library, briefing, period)
        bodies, failed = formats.attempt(made, briefing.formats) if last is None else (standing(desk, last), {})
        paths = {f"{issue_path(briefing.id, period)}/{name}": body for name, body in bodies.items()}
        documents.extend(Document(path=path, body=body) for path, body in paths.items())
        results.append(
            BriefResult(
                briefing=briefing.id,
                period=period,
                version=made.version if last is None else last.version,
                items=len(made.references) if last is None else len(last.items),
                fresh=last is None,
                paths=tuple(paths),
                lacking=(*lacking(formats.named(briefing)), *failed),
                notes=notes_on(briefing, made if last is None else None, failed),
            )
        )
    if documents:
        files.publish(folder, documents)
    return results


def _check(desk: Desk, folder: Path) -> None:
    if folder.resolve().is_relative_to(desk.public.resolve()):
        raise UsageError(f"{folder} belongs to the published files, which this leaves alone: name another folder")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder: name an empty or a new one")
