"""The public folder: feeds and issues as plain files, kept in memory with their validators while they do not change.

A stat call per request decides whether the bytes held are still those on disk; serving them through Starlette's own
file responses costs more than ten times as much.
"""

from __future__ import annotations

import re
import stat
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from briefing.web import answers

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

_MOST = 64 * 1024 * 1024  # bytes held in memory
_INDEX = "index.html"
_VERSION = re.compile(r"/v[0-9]+/")
_KINDS = {
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".json": "application/json",
    ".opml": "text/x-opml; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".html": answers.HTML,
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".epub": "application/epub+zip",
    ".pdf": "application/pdf",
}
_FEEDS = "feeds/"
_LOG = "log/"  # tiles have no ending
_TILES = "log/tile/"
_JSON_FEED = "application/feed+json"


@dataclass(frozen=True, slots=True)
class _Held:
    """A file as it was when it had this time (in nanoseconds) and size."""

    mark: tuple[int, int]
    body: bytes
    etag: str
    modified: datetime
    modified_words: str


class Published:
    """Answers for the files below `root`, at most 64 MiB of them held in memory, the longest unused given up first."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._size = 0

    async def answer(self, request: Request) -> Response:
        """The file at the request's path; a folder is answered with its `index.html`.

        Raises:
            HTTPException: 404 where there is none, or none that may be served.
        """
        path = request.path_params["path"]
        if isinstance(found := self._found(path), str):
            base = request.scope.get("root_path", "")
            return RedirectResponse(f"{base}/{found}", 308, answers.secured())
        file, name, mark = found
        held = self._held.get(name)
        if held is None or held.mark != mark:
            held = await run_in_threadpool(_read, file, mark)
            self._keep(name, held)
        else:
            self._held.move_to_end(name)
        return answers.answer(
            request,
            held.body,
            kind=_kind(name),
            # A version never changes, but for words that must be removed from it.
            keep=answers.FOR_A_DAY if _VERSION.search(name) else answers.FOR_A_MINUTE,
            etag=held.etag,
            modified=held.modified,
            modified_words=held.modified_words,
            policy=answers.ISSUES_MAY if name.endswith(".html") else answers.PAGES_MAY,
        )

    def _found(self, path: str) -> tuple[Path, str, tuple[int, int]] | str:
        """The file, its name and its mark; or the path to go to instead: that of a folder, with its last slash."""
        name = path + _INDEX if path.endswith("/") else path
        parts = name.split("/")
        if any(part.startswith(".") or not part or "\\" in part or "\0" in part for part in parts):
            raise HTTPException(404)
        file = self._root.joinpath(*parts)
        try:
            found = file.stat()
            if stat.S_ISDIR(found.st_mode) and (file / _INDEX).is_file():
                return f"{path}/"
            inside = file.resolve().is_relative_to(self._root.resolve())
        except OSError:
            raise HTTPException(404) from None
        if not inside or not stat.S_ISREG(found.st_mode) or not (file.suffix in _KINDS or name.startswith(_LOG)):
            raise HTTPException(404)
        return file, name, (found.st_mtime_ns, found.st_size)

    def _keep(self, name: str, held: _Held) -> None:
        old = self._held.pop(name, None)
        self._size += len(held.body) - (len(old.body) if old else 0)
        self._held[name] = held
        while self._size > _MOST and len(self._held) > 1:
            _, given_up = self._held.popitem(last=False)
            self._size -= len(given_up.body)


def _kind(name: str) -> str:
    if name.startswith(_LOG):
        return "application/octet-stream" if name.startswith(_TILES) else _KINDS[".txt"]
    ending = name[name.rfind(".") :]
    return _JSON_FEED if ending == ".json" and name.startswith(_FEEDS) else _KINDS[ending]


def _read(file: Path, mark: tuple[int, int]) -> _Held:
    """The file's bytes; a file that vanished between two looks is simply not there."""
    try:
        body = file.read_bytes()
    except OSError:
        raise HTTPException(404) from None
    modified = datetime.fromtimestamp(mark[0] // 1_000_000_000, UTC)
    return _Held(mark, body, answers.entity_tag(body), modified, format_datetime(modified, usegmt=True))
