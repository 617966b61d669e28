"""What happened to an item after publication, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.editions.edits import describe

if TYPE_CHECKING:
    from briefing.model import Change


def change_words(change: Change) -> str:
    """What changed, in one sentence."""
    if change.item.removal is not None and change.kind == "removed":
        return f"Removed here: {change.item.removal.why}."
    if change.kind == "withdrawn":
        gone = "its feed says that it was deleted" if change.evidence == "feed" else "its page is gone"
        return f"Withdrawn by its publisher: {gone}."
    if change.kind == "restored":
        return "Restored: it is published again."
    if change.item.removal is not None:
        return "Revised, before it was removed here; what changed is not held any more."
    if change.before is None or change.after is None:
        return "Revised; the older version is not held."
    return describe(change.before, change.after, change.item.language)
