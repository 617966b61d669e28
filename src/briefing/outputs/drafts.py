"""How a draft says what it is, in every format: an issue that nobody has published must not pass for one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from briefing.outputs.wording import day_words, moment_words

if TYPE_CHECKING:
    from briefing.documents import Issue


def notice(issue: Issue) -> str:
    """That an issue is a draft, from when, and until when more may come; empty for one that is published."""
    if not issue.draft:
        return ""
    stands = moment_words(issue.as_of, issue.timezone)
    over = issue.as_of.astimezone(ZoneInfo(issue.timezone)).date() > issue.last
    ends = f"the period {'ended' if over else 'ends'} on {day_words(issue.last)}"
    return f"DRAFT, not published. This is what stood in the log on {stands}; {ends}."
