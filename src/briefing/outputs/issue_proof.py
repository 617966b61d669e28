"""What an issue states about itself, so that it can be checked: the log it was made from, and its own hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.outputs import issue_words as words
from briefing.outputs.issue_json import digest
from briefing.outputs.wording import count_words

if TYPE_CHECKING:
    from briefing.documents import Issue


def rows(issue: Issue) -> tuple[tuple[str, str], ...]:
    """Labels and what stands beside them; the last is the address of the checkpoint."""
    return (
        ("Log", count_words(issue.position, "event")),
        ("Root of the log", issue.root or "not known"),
        ("Hash of this issue", digest(issue)),
        ("Checkpoint", words.checkpoint(issue)),
    )
