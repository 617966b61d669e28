"""What is announced: the published calendars, and entries for pages, issues and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.documents import Document
from briefing.editions.calendars import AHEAD, LENGTH, announced, timetable, topic_path
from briefing.outputs import CALENDARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from briefing.documents import Announced
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
        library, AHEAD, "Ahead", "Meetings and deadlines that statements announce", f"{site.url}/ahead", whole
    )
    for topic in library.topics():
        own = [entry for entry in whole if any(name == topic.id for name, _ in entry.topics)]
        description = f"Meetings and deadlines that statements on {topic.name} announce"
        yield from _rendered(
            library, topic_path(topic.id), f"{topic.name}, ahead", description, f"{site.url}/topics/{topic.id}", own
        )


def _rendered(
    library: Holdings, path: str, title: str, description: str, home: str, own: Sequence[Announced]
) -> Iterator[Document]:
    made = timetable(
        path=path, title=title, description=description, home=home, site=library.site(), entries=own
    )
    return (Document(path=f"{path}.{ending}", body=render(made)) for ending, render in CALENDARS.items())
