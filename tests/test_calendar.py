"""What is announced, from texts over the log to calendars: one entry a meeting, which keeps its UID when it moves."""

from __future__ import annotations

from datetime import date
from typing import Any

import icalendar
import pytest

from briefing.events import ItemClassified
from briefing.observe.decisions import Fact
from briefing.outputs.ics import uid
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    clock,
    files,
    parsing,
    post,
    press,
    rss,
    source,
    street,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

MEET = "Minister Ilse Marten will meet the harbour board of Tokyo on 12 April 2026 for talks on berths."
OTHERS = "Harbour talks with Minister Ilse Marten are scheduled for April 12 in Tokyo."


def told(number: int, *sentences: str, **more: Any) -> Any:
    return post(number, content="".join(f"<p>{one}</p>" for one in sentences), **more)


def everything(made: Any) -> None:
    made.collect()
    made.service.classify()
    made.service.publish()


def meetings(made: Any, as_of: str | None = None) -> list[Any]:
    return [one for one in made.service.known(as_of).calendar.meetings() if "Marten" in one.statements[0].sentence]


def events(made: Any, path: str = "feeds/ahead.ics") -> dict[str, Any]:
    calendar = icalendar.Calendar.from_ical((made.public / path).read_bytes())
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


@pytest.fixture
def desk(street, press):
    press.says("/a", rss([told(510, MEET, title="On berths")]))
    press.says("/b", rss([told(520, OTHERS, title="Harbour talks")]))
    press.says("/c", rss([told(530, "Nothing is planned at berth 7.", title="Quiet")]))
    made = street(*(source(name, f"/{name}", press) for name in "abc"))
    everything(made)
    return made


def test_the_same_meeting_from_several_sources_is_one_entry_that_names_them_all(desk, press):
    press.says("/c", rss([told(531, "Marten: talks in Tokyo on April 12, 2026. " + OTHERS, title="A third")]))
    everything(desk)
    [meeting] = meetings(desk)
    assert (meeting.first, meeting.last, meeting.precision) == (date(2026, 4, 12), date(2026, 4, 12), "day")
    assert {str(one.item.source) for one in meeting.statements} == {"a", "b", "c"}
    event = events(desk)[uid(meeting.id)]
    assert event["DTSTART"].dt == date(2026, 4, 12)
    assert event["DTEND"].dt == date(2026, 4, 13)
    assert (str(event["STATUS"]), str(event["TRANSP"]), str(event["LOCATION"])) == ("CONFIRMED", "TRANSPARENT", "Tokyo")
    assert MEET in event["DESCRIPTION"]
    assert "The b office" in event["DESCRIPTION"]
    assert uid(meeting.id) in events(desk, "feeds/topics/harbour/ahead.ics")
    assert events(desk, "feeds/topics/fish/ahead.ics") == {}


def test_a_meeting_that_a_source_moves_keeps_its_uid_and_says_what_it_was_before(desk, press, clock):
    [before] = meetings(desk)
    then = str(desk.desk.library.position())
    clock.forward(hours=1)
    for name, text in (("a", MEET.replace("12 April", "19 April")), ("b", OTHERS.replace("April 12", "April 19"))):
        press.says(f"/{name}", rss([told(510 if name == "a" else 520, text, title="Harbour talks")]))
    everything(desk)
    [meeting] = meetings(desk)
    assert (meeting.id, meeting.first) == (before.id, date(2026, 4, 19))
    assert meeting.sequence > before.sequence == 0
    assert meeting.before == "2026-04-12/2026-04-12/day"
    event = events(desk)[uid(before.id)]
    assert event["SEQUENCE"] == meeting.sequence
    assert "before: 12 April 2026" in event["DESCRIPTION"]
    [past] = meetings(desk, then)
    assert (past.first, past.sequence, past.before) == (date(2026, 4, 12), 0, "")


def test_a_meeting_called_off_or_withdrawn_stays_in_the_calendar_as_cancelled(desk, press, clock):
    [before] = meetings(desk)
    clock.forward(hours=1)
    gone = "The talks of Minister Ilse Marten in Tokyo planned for 12 April 2026 have been cancelled."
    press.says("/c", rss([told(532, gone, title="Called off")]))
    everything(desk)
    [meeting] = meetings(desk)
    assert (meeting.id, meeting.state) == (before.id, "cancelled")
    assert str(events(desk)[uid(before.id)]["STATUS"]) == "CANCELLED"


def test_a_vague_date_stays_vague_and_says_so(desk, press):
    press.says("/c", rss([told(533, "Minister Ilse Marten will visit Lima in late May.", title="Lima")]))
    everything(desk)
    event = next(one for one in events(desk).values() if one["DTSTART"].dt == date(2026, 5, 21))
    assert event["DTEND"].dt == date(2026, 6, 1)
    assert "(late May 2026)" in event["SUMMARY"]
    assert "vague date" in [str(name) for name in event["CATEGORIES"].cats]
    assert str(event["STATUS"]) == "TENTATIVE"


def test_what_its_source_does_not_let_us_pass_on_is_not_in_the_calendar(street, press):
    press.says("/a", rss([told(510, MEET, title="On berths")]))
    made = street(source("a", "/a", press, redistribute="title"))
    everything(made)
    assert b"Marten" not in (made.public / "feeds/ahead.ics").read_bytes()
    assert b"On berths" in (made.public / "feeds/ahead.ics").read_bytes()


def test_nothing_is_recorded_twice_and_a_rebuild_gives_the_same_bytes(desk):
    head, before = desk.desk.store.head(), files(desk.public)
    desk.service.classify()
    assert desk.desk.store.head() == head
    assert desk.service.rebuild().differing == ()
    assert files(desk.public) == before
    desk.service.classify()  # the backlog of a new read model has all been recorded
    assert desk.desk.store.head() == head


def test_what_was_classified_before_dates_were_sought_is_searched_once(street, press):
    press.says("/a", rss([told(510, MEET, title="On berths")]))
    made = street(source("a", "/a", press))
    made.collect()
    made.service.adopt()
    made.desk.projector.catch_up()
    rules, _ = made.desk.library.rules()
    [item] = made.items()
    fact = Fact(event=ItemClassified(item=item.id, source="a", revision=1, rules=rules, labels=()), key="of old")
    made.desk.append("labels", [fact])  # as a program does that knows of no dates
    made.desk.projector.catch_up()
    assert meetings(made) == []
    made.service.classify()
    assert [one.first for one in meetings(made)] == [date(2026, 4, 12)]


def test_words_taken_down_leave_the_calendar(desk):
    [meeting] = meetings(desk)
    for one in meeting.statements:
        desk.service.takedown(one.item.id, "asked for")
    desk.service.publish()
    assert b"Marten" not in (desk.public / "feeds/ahead.ics").read_bytes()
    assert meetings_all(desk, meeting.id) == []
    before = files(desk.public)
    desk.service.rebuild()
    assert files(desk.public) == before


def meetings_all(made: Any, name: str) -> list[Any]:
    return [one for one in made.desk.library.calendar.meetings() if one.id == name]
