"""What is announced: the published calendars, and entries for pages, issues and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.documents import Document
from briefing.editions.calendars import AHEAD, LENGTH, announced, timetable, topic_path
from briefing.outputs import CALENDARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from briefing.documents import Announced, Timetable
    from briefing.model import Meeting
    from briefing.projections import Holdings

CALENDAR = ".ics"


def entries(library: Holdings, meetings: Iterable[Meeting]) -> list[Announced]:
    """Meetings as calendars show them."""
    site = library.site()
    sources = {source.id: source for source in library.sources(retired=True)}
    topics = {topic.id: topic for topic in library.topics()}
    return [announced(meeting, sources, topics, site.language) for meeting in meetings]


def calendars(library: Holdings) -> Iterator[Document]:
    """The calendar of everything, and one of each topic, in every format."""
    site = library.site()
    whole = entries(library, library.calendar.meetings(limit=LENGTH))
    yield from _rendered(
        timetable(
            path=AHEAD,
            title="Ahead",
            description="Meetings and deadlines that statements announce",
            home=f"{site.url}/ahead",
            site=site,
            entries=whole,
        )
    )
    for topic in library.topics():
        yield from _rendered(
            timetable(
                path=topic_path(topic.id),
                title=f"{topic.name}, ahead",
                description=f"Meetings and deadlines that statements on {topic.name} announce",
                home=f"{site.url}/topics/{topic.id}",
                site=site,
                entries=[entry for entry in whole if any(name == topic.id for name, _ in entry.topics)],
            )
        )


def _rendered(made: Timetable) -> Iterator[Document]:
    return (Document(path=f"{made.path}.{ending}", body=render(made)) for ending, render in CALENDARS.items())
