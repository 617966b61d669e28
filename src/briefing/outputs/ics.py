"""A calendar as iCalendar (RFC 5545), written by the icalendar library and ordered by us: the same entries, same bytes.

A UID is made from the id of its meeting (RFC 9562, version 5) and stays for as long as that is known; SEQUENCE counts
how often what is said of it changed. DTSTAMP is when the log learned of the last change: there is no clock here. All
entries are of whole days and leave time free; a vague one says so in its summary and categories, and is tentative.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from briefing.outputs import ahead_words as words
from briefing.outputs.addresses import is_web, uri
from briefing.outputs.issue_words import source_words
from briefing.outputs.wording import published_words, quoted
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from icalendar import Event

    from briefing.documents import Announced, Timetable, Voice

PRODUCT = "-//briefing//ahead//EN"
ENDING = "ics"
_MEETINGS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:briefing:meetings")


def render(timetable: Timetable) -> bytes:
    """The calendar in UTF-8, its lines folded and ended as RFC 5545 asks."""
    from icalendar import Calendar  # noqa: PLC0415 - a fifth of a second, and only for publishing

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", one_line(f"{timetable.site_title}: {timetable.title}"))
    calendar.add("x-wr-caldesc", one_line(timetable.description))
    calendar.add("url", timetable.home)
    for entry in timetable.entries:
        calendar.add_component(_event(entry))
    made: bytes = calendar.to_ical(sorted=False)
    return made


def uid(meeting: str) -> str:
    """The UID of a meeting."""
    return str(uuid.uuid5(_MEETINGS, meeting))


def _event(entry: Announced) -> Event:
    from icalendar import Event  # noqa: PLC0415 - see above

    meeting, event = entry.meeting, Event()
    event.add("uid", uid(meeting.id))
    event.add("dtstamp", max(meeting.changed_at, *(voice.statement.item.changed_at for voice in entry.voices)))
    event.add("created", meeting.announced_at)
    event.add("sequence", meeting.sequence)
    event.add("dtstart", meeting.first)
    event.add("dtend", meeting.last + timedelta(days=1))  # RFC 5545, section 3.6.1: the end is not included
    event.add("summary", clean(words.summary(entry)))
    event.add("description", clean(_description(entry)))
    if entry.place:
        event.add("location", clean(one_line(entry.place)))
    event.add("categories", [clean(one_line(name)) for name in _categories(entry)])
    event.add("status", _status(entry))
    event.add("transp", "TRANSPARENT")
    if address := _address(entry):
        event.add("url", address)
    return event


def _categories(entry: Announced) -> list[str]:
    kind = words.kind(entry.meeting) or "date"
    return [kind, *(["vague date"] if words.vague(entry.meeting) else []), *(name for _, name in entry.topics)]


def _status(entry: Announced) -> str:
    if entry.meeting.state != "announced":
        return "CANCELLED"
    return "TENTATIVE" if words.vague(entry.meeting) else "CONFIRMED"


def _address(entry: Announced) -> str:
    addresses = (uri(voice.statement.item.url) for voice in entry.voices)
    return next((address for address in addresses if is_web(address)), "")


def _description(entry: Announced) -> str:
    lines = [_told(voice) for voice in entry.voices]
    notes = words.notes(entry)
    return "\n\n".join([*lines, *(["; ".join(notes)] if notes else [])])


def _told(voice: Voice) -> str:
    item = voice.statement.item
    byline = f"{source_words(voice.source)}, {published_words(item.published, voice.source.timezone)}"
    told = quoted(one_line(voice.sentence or item.title), item.language)
    withdrawn = " (withdrawn by its publisher)" if voice.statement.withdrawn else ""
    return "\n".join(filter(None, (told, byline + withdrawn, uri(item.url))))
