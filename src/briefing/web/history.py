"""What happened after publication: the edits of one item, and those of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from briefing.editions.changes import change_words
from briefing.editions.differences import diff, passages
from briefing.editions.feeds import CHANGES
from briefing.web import versions
from briefing.web.items import item_of
from briefing.web.rendering import View

if TYPE_CHECKING:
    from starlette.requests import Request

    from briefing.model import Change
    from briefing.web.frame import Frame
    from briefing.web.versions import Edit

_PER_PAGE = 30
_EDITS = 5  # edits of one item on a page, each at most 12 kB
_PASSAGE = 400  # characters of either side of an edit in the list of all


@dataclass(frozen=True, slots=True)
class Told:
    """A change in one sentence, with the passages that differ as runs of kind and text."""

    change: Change
    words: str
    runs: tuple[tuple[str, str], ...] = ()
    edit: Edit | None = None


def of_item(frame: Frame, request: Request) -> View:
    """What was done to an item since it was first seen, the newest first, word by word."""
    item, source = item_of(frame, request)
    found = frame.library.changes(item=item.id, below=position_asked(request), limit=_EDITS + 1)
    told = [_edited(change) for change in found[:_EDITS]]
    values = {"item": item, "source": source, "told": told, "older": _older(found, _EDITS)}
    return View("item_changes", values, ((CHANGES, "Changes after publication"),))


def listing(frame: Frame, request: Request) -> View:
    """Edits, withdrawals and restorations of all items, the newest first."""
    found = frame.library.changes(below=position_asked(request), limit=_PER_PAGE + 1)
    told = [_passages(frame, change) for change in found[:_PER_PAGE]]
    values = {"told": told, "older": _older(found, _PER_PAGE)}
    return View("changes", values, ((CHANGES, "Changes after publication"),))


def _edited(change: Change) -> Told:
    if change.before is None or change.after is None or change.item.removal is not None:
        return Told(change, change_words(change))
    edit = versions.edit(change.before, change.after, change.item.language)
    return Told(change, change_words(change), edit=edit)


def _passages(frame: Frame, change: Change) -> Told:
    words = change_words(change)
    if change.before is None or change.after is None or change.item.removal is not None:
        return Told(change, words)
    if frame.source(change.item).redistribute == "title":
        return Told(change, words)
    language = change.item.language
    old, new = passages(change.before, change.after, language, _PASSAGE)
    return Told(change, words, tuple((part.kind, part.text) for part in diff(old, new, language)))


def position_asked(request: Request) -> int | None:
    """The position in the log that a page goes back from; None for the newest.

    Raises:
        HTTPException: 404 for what is no position.
    """
    asked = request.query_params.get("before", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 18):  # noqa: PLR2004 - what SQLite can hold
        raise HTTPException(404, "What stands behind “before” is a position in the log: a whole number.")
    return int(asked)


def _older(found: list[Change], most: int) -> int:
    """The position to read on from, 0 where nothing older is left."""
    return found[most - 1].position if len(found) > most else 0
