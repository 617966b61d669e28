"""What is announced, as calendars and issues show it: one entry a meeting, whoever announces it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from briefing.documents import Announced, Timetable, Voice
from briefing.editions.differences import passed_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from briefing.model import Meeting, Site, Source, Statement, Topic

AHEAD = "feeds/ahead"
LENGTH = 500  # entries of a calendar: those furthest ahead
ISSUE_LENGTH = 20  # entries of the section of an issue
_CUT = "…"
_NUMBER = re.compile(r"\s*(?:[(（]\d{1,2}[)）]\s*|\d{1,2}(?:[.)]\s+|[．、]\s*))")
_MONTH = re.compile(r"[a-zа-яà-ÿ]|\w+ \d{4}\b")  # of a date that opens with an ordinal: 5. November 2026
_WORD = 40  # characters in which a cut looks for the beginning of a word
ISSUE_DAYS = 400  # how far ahead such a section looks


def topic_path(topic: str) -> str:
    """Where the calendar of a topic lies, without its ending."""
    return f"feeds/topics/{topic}/ahead"


def announced(meeting: Meeting, sources: Mapping[Any, Source], topics: Mapping[Any, Topic], language: str) -> Announced:
    """A meeting with what its sources let us say of it; a name in `language` goes before others."""
    told = _by_item(meeting)
    open_ = [one for one in told if sources[one.item.source].redistribute != "title"]
    named = [one for one in open_ if one.name]
    title, tongue, known = _title(meeting, told, named, language)
    labels = dict.fromkeys(label.topic for one in told for label in one.item.labels if label.topic in topics)
    return Announced(
        meeting=meeting,
        title=title,
        language=tongue,
        named=known,
        place=next((one.place for one in _first_in(open_, language) if one.place), ""),
        who=tuple(dict.fromkeys(name for one in _first_in(open_, language)[:1] for name in one.who)),
        voices=tuple(
            Voice(statement=one, source=sources[one.item.source], sentence=_passage(one, sources[one.item.source]))
            for one in told
        ),
        topics=tuple((topic, topics[topic].name) for topic in labels),
    )


def _passage(one: Statement, source: Source) -> str:
    """As much of a sentence as its source lets us pass on; of a long one what surrounds its date."""
    limit = passed_on(source.redistribute)
    sentence = _unnumbered(one) if limit else ""
    if len(sentence) <= limit:
        return sentence
    limit -= 2 * len(_CUT)
    at = max(0, min(sentence.find(one.said) + len(one.said) // 2 - limit // 2, len(sentence) - limit))
    start = 0 if not at else sentence.find(" ", at, at + _WORD) + 1 or at
    end = len(sentence) if at + limit >= len(sentence) else sentence.rfind(" ", start, at + limit)
    end = end if end > start + limit // 2 else at + limit
    return f"{_CUT if start else ''}{sentence[start:end].strip()}{_CUT if end < len(sentence) else ''}"


def _unnumbered(one: Statement) -> str:
    """A sentence without the number that its paragraph has in the text; a date that it begins with stays."""
    number = _NUMBER.match(one.sentence)
    if number is None or one.sentence.find(one.said) < number.end() or _MONTH.match(one.sentence, number.end()):
        return one.sentence
    return one.sentence[number.end() :]


def _by_item(meeting: Meeting) -> list[Statement]:
    """One statement of each item: the one whose dates are those of the meeting, else its last."""
    kept: dict[str, Statement] = {}
    for one in meeting.statements:
        held = kept.get(one.item.id)
        if held is None or (held.first, held.last) != (meeting.first, meeting.last):
            kept[one.item.id] = one
    return list(kept.values())


def _first_in(told: Iterable[Statement], language: str) -> list[Statement]:
    return sorted(told, key=lambda one: (one.withdrawn, one.item.language != language))


def _title(
    meeting: Meeting, told: Sequence[Statement], named: Sequence[Statement], language: str
) -> tuple[str, str, bool]:
    """What a meeting is called: by a name that a sentence gives it, else by the title of an item on it."""
    for one in _first_in(named, language):
        if meeting.kind != "deadline":
            return one.name, one.item.language, True
    chosen = _first_in(told, language)[0]
    return chosen.item.title or chosen.item.url, chosen.item.language, False


def timetable(
    *,
    path: str,
    title: str,
    description: str,
    home: str,
    site: Site,
    entries: Iterable[Announced],
) -> Timetable:
    """A calendar of these entries, in the order of their dates."""
    return Timetable(
        path=path, title=title, description=description, home=home, site_title=site.title, entries=tuple(entries)
    )


def coming(meetings: Iterable[Meeting], last: date, days: int = ISSUE_DAYS) -> list[Meeting]:
    """Meetings that end behind a day and begin at most so many days after it, those that were not called off."""
    return [one for one in meetings if one.last > last and (one.first - last).days <= days and one.state != "withdrawn"]


def numbered(entry: Announced, numbers: Mapping[str, int]) -> Announced:
    """An entry with the numbers of its items in an issue."""
    voices = (replace(voice, number=numbers.get(voice.statement.item.id, 0)) for voice in entry.voices)
    return replace(entry, voices=tuple(voices))
