"""Issues that another version of the renderers made: this program cannot make their bytes again.

What lies there as it was published is kept, for it is the original. Only where it is lost, or words of it were taken
down, is a document of this program's renderers put in its place.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from briefing import events
from briefing.outputs import RENDERER
from briefing.service.publishing import issue_path, version_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from briefing.model import Issued
    from briefing.service.desk import Desk

REMADE = f"takedowns-{RENDERER}"
"""The mark of the last takedown after which the issues that it altered were made again by these renderers."""


def ours(renderer: str) -> bool:
    """Whether these renderers are those that an issue names; behind a + stands the mark of own templates."""
    return renderer.partition("+")[0] == RENDERER


def kept(desk: Desk, issued: Issued) -> dict[str, bytes]:
    """By file name, what still lies there as another version of the renderers made it."""
    [recorded] = desk.store.read(issued.position - 1, 1)
    assert isinstance(recorded.event, events.IssuePublished)
    if ours(recorded.event.renderer):
        return {}
    folders = (version_path(issued.briefing, issued.period, issued.version), issue_path(issued.briefing, issued.period))
    found = [dict(_untouched(desk.public / folder, issued.hashes)) for folder in folders]
    return found[1] | found[0]


def held(public: Path, folder: str, issue: events.IssuePublished) -> Iterator[str]:
    """The paths of what still lies in a folder as another version of the renderers made it."""
    if not ours(issue.renderer):
        yield from (f"{folder}/{name}" for name, _ in _untouched(public / folder, issue.hashes))


def _untouched(folder: Path, published: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    for name, wanted in published.items():
        if (path := folder / name).is_file() and hashlib.sha256(body := path.read_bytes()).hexdigest() == wanted:
            yield name, body
