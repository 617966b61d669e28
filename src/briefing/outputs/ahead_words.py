"""Words for what lies ahead: its dates as exact as they were said, what became of it. English; pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from briefing.outputs.wording import count_words, day_words, month_words, period_words
from briefing.text import one_line

if TYPE_CHECKING:
    from briefing.documents import Announced
    from briefing.model import Meeting

KINDS = {
    "two-plus-two": "2+2 meeting", "summit": "summit", "forum": "forum", "election": "election",
    "exercise": "exercise", "conference": "conference", "council": "session", "consultation": "consultations",
    "talks": "meeting", "visit": "visit", "deadline": "deadline",
}  # fmt: skip

_EXACT = frozenset({"day", "days"})
_SEASONS = {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}
_PARTS = {
    (1, 3): "early {}", (4, 6): "the second quarter of {}", (5, 8): "the middle of {}",
    (7, 9): "the third quarter of {}",
    (10, 12): "late {}", (12, 12): "the end of {}", (1, 6): "the first half of {}", (7, 12): "the second half of {}",
}  # fmt: skip
_FIRST_HALF, _SECOND_HALF, _MID, _LATE = 15, 16, 11, 21


def vague(meeting: Meeting) -> bool:
    """Whether no day is named."""
    return meeting.precision not in _EXACT


def when(meeting: Meeting) -> str:
    """The dates of a meeting as they were said: 6 to 7 September 2017; late April 2017; autumn 2016; by August 2017."""
    return ("by " if meeting.deadline else "") + span(meeting.first, meeting.last, meeting.precision)


def span(first: date, last: date, precision: str) -> str:
    """Days as exact as `precision` says."""
    if precision in ("day", "days"):
        return period_words(first, last)
    if precision == "week":
        return f"the week of {day_words(last - timedelta(days=6))}"
    if precision == "within":
        return f"between {day_words(first)} and {day_words(last)}"
    if precision in ("part-of-month", "month", "months"):
        return _months(first, last, precision)
    return _longer(first, last, precision)


def _months(first: date, last: date, precision: str) -> str:
    if precision == "part-of-month":
        return f"{_third(first, last)} {month_words(first)}"
    if precision == "months":
        return f"{month_words(first)} to {month_words(last)}"
    return month_words(first) if first.day == 1 else f"later in {month_words(first)}"


def _third(first: date, last: date) -> str:
    if first.day == 1:
        return "the first half of" if last.day == _FIRST_HALF else "early"
    return {_SECOND_HALF: "the second half of", _MID: "mid", _LATE: "late"}.get(first.day, "late")


def _longer(first: date, last: date, precision: str) -> str:
    if precision == "season":
        name = _SEASONS[(last.month - 2 - 1) % 12 + 1] if last.month > 2 else "winter"  # noqa: PLR2004 - of February
        return f"{name} {first.year}" if first.year == last.year else f"{name} {first.year}/{last.year % 100:02}"
    if precision == "part-of-year":
        return _PARTS.get((first.month, last.month), "{}").format(first.year)
    return str(first.year) if (first.month, first.day) == (1, 1) else f"later in {first.year}"


def before(meeting: Meeting) -> str:
    """What was said before a meeting moved; empty where it never did."""
    if not meeting.before:
        return ""
    first, last, precision = meeting.before.split("/")
    return f"before: {span(date.fromisoformat(first), date.fromisoformat(last), precision)}"


def state(meeting: Meeting) -> str:
    """What became of a meeting, in a word; empty where it stands."""
    return {"cancelled": "Cancelled", "withdrawn": "Withdrawn by its publisher"}.get(meeting.state, "")


def kind(meeting: Meeting) -> str:
    """What is announced, in a word; empty where no text says."""
    return KINDS.get(meeting.kind, "")


def heading(entry: Announced) -> str:
    """The dates of an entry, and what became of it."""
    told = when(entry.meeting)
    stands = state(entry.meeting)
    return f"{told[0].upper()}{told[1:]}" + (f" ({stands.lower()})" if stands else "")


def headline(entry: Announced) -> str:
    """What an entry is called in one line: its name; else what it is and where, and the title of an item on it."""
    told = one_line(entry.title)
    if entry.named:
        return told
    what = ", ".join(filter(None, (kind(entry.meeting), one_line(entry.place))))
    return f"{what[0].upper()}{what[1:]}: {told}" if what else told


def summary(entry: Announced) -> str:
    """The same with its date where no calendar can show that: a vague one, a deadline."""
    told = headline(entry)
    return f"{told} ({when(entry.meeting)})" if vague(entry.meeting) or entry.meeting.deadline else told


def notes(entry: Announced) -> tuple[str, ...]:
    """What stands beside an entry: kind, place, who, what it was before, whether it stands, how many say so."""
    meeting = entry.meeting
    what = [kind(meeting), one_line(entry.place)] if entry.named else []
    found = [state(meeting), *what, ", ".join(map(one_line, entry.who)), before(meeting)]
    if len(entry.voices) > 1:
        found.append(f"announced by {count_words(len(entry.voices), 'item')}")
    return tuple(filter(None, found))
