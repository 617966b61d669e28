"""Facts told to a street as if they had been collected: what collecting makes of the web, other tests look at."""

from __future__ import annotations

from typing import Any

from briefing import events
from briefing.events import canonical
from briefing.observe.decisions import Fact


def name_of(number: int) -> str:
    """The id of an item by its number."""
    return f"{number:016x}"


def words(number: int, text: str, title: str) -> bytes:
    """A publisher's words as an event carries them."""
    return canonical(
        {
            "url": f"https://board.example/{number}", "title": title, "text": text, "html": "", "authors": [],
            "date_raw": "", "entry_print": title + text, "page": True, "problem": "",
        }
    )  # fmt: skip


def tell(desk: Any, event: events.Event, payload: bytes | None = None) -> None:
    """Append one fact to the stream of its source."""
    key = f"told:{desk.head()}"
    desk.desk.append(f"source:{getattr(event, 'source', '')}", [Fact(event=event, key=key, payload=payload)])


def observe(desk: Any, number: int, text: str, title: str = "", *, source: str = "a", archive: bool = False) -> None:
    """An item is seen for the first time; it is dated in the week 2026-W09."""
    seen = events.ItemObserved(
        item=name_of(number), source=source, keys=(name_of(number) * 2,), payload="", language="en", archive=archive,
        published="2026-02-24", precision="day", origin="feed",
    )  # fmt: skip
    tell(desk, seen, words(number, text, title or f"Communiqué number {number}"))


def revise(desk: Any, number: int, text: str, title: str = "", *, source: str = "a") -> None:
    """It says something else now; without a title under the one it had."""
    desk.desk.projector.catch_up()
    held = desk.desk.library.revisions(name_of(number))[-1]
    event = events.ItemRevised(
        item=name_of(number), source=source, revision=held.number + 1, changed=("text",), keys=(), payload="",
        language="en",
    )  # fmt: skip
    tell(desk, event, words(number, text, title or held.title))
