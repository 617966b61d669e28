"""How a source does, in words: its rhythm and the reason for it, its silence, its attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.outputs.wording import count_words, failure_words
from briefing.text import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from briefing.model import Attempt, Health, PageTrouble

ORDER = ("failing", "blocked", "gone", "stale", "new", "quiet", "ok")
"""States of sources, those that need somebody's attention first."""

_DAY, _HOUR, _MINUTE = 86_400, 3600, 60


def place(state: str) -> int:
    """Where a state stands in `ORDER`; one that is not known there stands first."""
    return ORDER.index(state) if state in ORDER else -1


def span_words(seconds: float) -> str:
    """A span of time in its two largest units: `10 minutes`, `1 hour 30 minutes`, `2 days`."""
    left = max(_MINUTE, round(seconds / _MINUTE) * _MINUTE)
    words = []
    for size, unit in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        number, left = divmod(left, size)
        if number:
            words.append(count_words(int(number), unit))
    return " ".join(words[:2])


def pace_words(health: Health) -> str:
    """How often a source is read and why, after the verb: `every 3 hours, as 4 of its 30 entries (13 %) were new`."""
    every = f"every {span_words(health.interval)}" if health.interval else ""
    asked = span_words(health.hint) if health.hint else "none"
    reasons = {
        "first": f"{every} until its rhythm is known",
        "rhythm": f"{every}, as {_news(health)}",
        "pinned": f"{every}, as set in the configuration",
        "ttl": f"every {asked}, for its feed asks not to be read more often; else {every}, as {_news(health)}",
        "max-age": f"every {asked}, for its server says that an answer holds so long; else {every}, as {_news(health)}",
        "skip": f"{every}, but not at the hours and days that its feed names as silent",
        "overruled": f"{every}: it asks for a pause of {asked}, in which entries would be lost",
        "push": f"seldom, for its hub tells us what is new; else {every}",
        "pages": "soon again, for texts of its entries are still to be read",
        "back-off": f"ever later, after {count_words(health.failures, 'failure')} in a row; at least about once a week",
        "asked": "when its server asked us to come back",
        "refused": "not before a day has passed, and ever later: it does not want to be read",
    }
    return reasons.get(health.why, "")


def _news(health: Health) -> str:
    if not health.seen:
        return "its list is empty"
    if not health.fresh:
        return f"none of its {count_words(health.seen, 'entry', 'entries')} was new"
    share = round(100 * health.fresh / health.seen)
    were = "was" if health.fresh == 1 else "were"
    return f"{health.fresh:,} of its {count_words(health.seen, 'entry', 'entries')} ({share} %) {were} new"


def silence_words(health: Health, now: datetime) -> str:
    """For how long a source that can be read had nothing new, and whether that is usual; empty for all others."""
    if health.state not in ("quiet", "stale") or health.spoke_at is None:
        return ""
    silent = span_words((now - health.spoke_at).total_seconds())
    if not health.patience:
        return f"nothing new for {silent}"
    usual = span_words(health.patience)
    if health.state == "stale":
        return f"nothing new for {silent}: up to {usual} would be within its own rhythm"
    return f"nothing new for {silent}, which is within its own rhythm (up to {usual})"


def page_words(one: PageTrouble) -> str:
    """What ails the pages of a source's items: `blocked: 3 pages of items are refused to programs: ...`."""
    pages, are = count_words(one.pages, "item page"), "is" if one.pages == 1 else "are"
    why = f" ({one_line(one.said)})" if one.said else ""
    if one.trouble == "blocked":
        return f"blocked: {pages} {are} refused to programs{why}; ask the publisher, or save them for `import-page`"
    answer, their = ("answers", "its") if one.pages == 1 else ("answer", "their")
    return f"absent: {pages} {answer}, but not with {their} text{why}; no edit is recorded"


def outcome_words(attempt: Attempt) -> str:
    """What came of an attempt."""
    words = {"read": "read", "unchanged": "unchanged since the last time"}
    return words.get(attempt.outcome) or failure_words(attempt.outcome, attempt.status)
