"""Events of invented items, as a collect and a classification would record them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks import feeds

from briefing.events import ItemClassified, ItemObserved, ItemRevised, ItemWithdrawn, canonical
from briefing.eventstore import New

if TYPE_CHECKING:
    from collections.abc import Sequence

PHRASE = "Northern Territories"


def observed(source: str, feed: int, numbers: Sequence[int]) -> list[New]:
    """Items seen for the first time, with the publisher's words."""
    found = []
    for number in numbers:
        story = feeds.story(feed, number)
        event = ItemObserved(
            item=item(feed, number), source=source, keys=(f"g{feed:016x}{number:016x}", f"u{feed:016x}{number:016x}"),
            payload="", language="en", archive=False, published=story.at.isoformat(), precision="minute", origin="feed",
        )  # fmt: skip
        found.append(New(event=event, key=f"observed:{event.item}", payload=canonical(_words(feed, number))))
    return found


def classified(source: str, feed: int, numbers: Sequence[int], rules: str, topic: str) -> list[New]:
    """The labels of these items: every third has one."""
    label = {
        "topic": topic, "score": 3, "level": "primary",
        "evidence": ({"phrase": PHRASE, "place": "body", "start": 0, "end": 20},),
    }  # fmt: skip
    return [
        New(
            event=ItemClassified(
                item=item(feed, number), source=source, revision=1, rules=rules, labels=(label,) if number % 3 else ()
            ),
            key=f"classified:{item(feed, number)}",
        )
        for number in numbers
    ]


def later(source: str, feed: int, numbers: Sequence[int], back: int) -> list[New]:
    """What becomes of items `back` numbers before these: some are edited, some withdrawn, some lose their topic."""
    found = []
    for number in (number - back for number in numbers):
        place = number // 50  # the numbers of one feed lie fifty apart
        known = item(feed, number)
        if place % 50 == 0:
            edited = canonical({**_words(feed, number), "title": "Corrected", "text": f"Corrected. {PHRASE}"})
            event = ItemRevised(
                item=known, source=source, revision=2, changed=("title", "text"), keys=(), payload="", language="en"
            )
            found.append(New(event=event, key=f"revised:{known}", payload=edited))
        if place % 200 == 1:
            gone = ItemWithdrawn(item=known, source=source, status=410, first_missing="2026-03-02T00:00:00+00:00")
            found.append(New(event=gone, key=f"withdrawn:{known}"))
        if place % 100 == 2:
            bare = ItemClassified(item=known, source=source, revision=1, rules="other", labels=())
            found.append(New(event=bare, key=f"relabelled:{known}"))
    return found


def _words(feed: int, number: int) -> dict[str, Any]:
    """An item in its publisher's words."""
    story = feeds.story(feed, number)
    return {
        "authors": [story.author], "categories": [], "date_raw": story.at.isoformat(), "entry_print": "",
        "guid": story.guid, "html": story.body, "page": False, "page_title": "", "problem": "",
        "summary": story.summary, "text": f"{story.summary}\n{PHRASE}", "title": story.title, "url": story.link,
    }  # fmt: skip


def item(feed: int, number: int) -> str:
    """The id of an item."""
    return f"{feed:06x}{number:010x}"
