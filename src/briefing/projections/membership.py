"""Which items tell one story: the members as they joined, and questions about them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from briefing.model import Member, Story
from briefing.projections import schema
from briefing.projections.when import stamp
from briefing.statements import insert_rows, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Engine

    from briefing.events import Recorded, StoryJoined
    from briefing.model import Item, ItemId
    from briefing.projections.view import View

_MEMBERS = select(schema.members)
_LAST = 5_000  # tellings that are taken in again where a process has not met them
_TELLINGS = select(
    *(
        schema.items.c[name]
        for name in (
            "id", "source", "language", "title", "lead", "date_value", "precision", "seen_at", "day", "archive",
            "quiet", "first_position",
        )
    )
)  # fmt: skip
_TOPICS = select(schema.labels.c.item, schema.labels.c.topic)


class StoryFold:
    """Rows of the read model `story_members` that a page of facts makes."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._joined: list[tuple[Recorded, StoryJoined]] = []
        self._reached: dict[str, int] = {}

    def join(self, at: Recorded, event: StoryJoined) -> None:
        """Keep that an item joined a story."""
        self._joined.append((at, event))

    def write(self) -> None:
        """Bring the rows into the database. An item stays in the story that it joined first.

        Where the item that opened a story stands in another by then, that is the story: two processes may have found
        both at once.
        """
        if not self._joined:
            return
        wanted = {name for _, event in self._joined for name in (event.item, event.story)}
        known = {row.item: row.story for row in rows_of(self._db, _MEMBERS, schema.members.c.item, sorted(wanted))}
        rows: list[dict[str, Any]] = []
        for at, event in self._joined:
            story = known.get(event.story, event.story)
            if event.story not in known:
                known[event.story] = story
                rows.append(_row(story, story, at, event) | {"other": "", "reason": "first", "score": 0})
            if event.item not in known:
                known[event.item] = story
                rows.append(_row(story, event.item, at, event))
                self._reached[story] = at.position
        insert_rows(self._db, schema.members, rows)

    def topics(self) -> Iterator[tuple[str, int]]:
        """The topics of the stories that were joined, each with the position up to which it is touched."""
        if not self._reached:
            return
        rows = rows_of(self._db, _MEMBERS, schema.members.c.story, sorted(self._reached))
        of = {row.item: row.story for row in rows}
        for row in rows_of(self._db, _TOPICS, schema.labels.c.item, sorted(of)):
            yield row.topic, self._reached[of[row.item]]


def _row(story: str, item: str, at: Recorded, event: StoryJoined) -> dict[str, Any]:
    return {
        "item": item, "story": story, "other": event.other, "reason": event.reason, "score": event.score,
        "method": event.method, "at": stamp(at.recorded_at), "position": at.position,
    }  # fmt: skip


class Stories:
    """Questions about stories, as of a view."""

    def __init__(self, engine: Engine, view: View, items: Callable[[Iterable[str]], Mapping[ItemId, Item]]) -> None:
        self._engine = engine
        self._view = view
        self._items = items

    def of(self, items: Iterable[str]) -> dict[str, str]:
        """The stories of those of these items that have one, by item."""
        with self._engine.connect() as connection:
            rows = rows_of(connection, _MEMBERS, schema.members.c.item, sorted(set(items)))
            return {row.item: row.story for row in rows if self._held(row)}

    def rows(self, stories: Iterable[str]) -> dict[str, list[Any]]:
        """The rows of the members of stories, by story; first who opened it, then in the order of joining."""
        found: dict[str, list[Any]] = {}
        with self._engine.connect() as connection:
            for row in rows_of(connection, _MEMBERS, schema.members.c.story, sorted(set(stories))):
                if self._held(row):
                    found.setdefault(row.story, []).append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (row.position, row.item != row.story, row.item))
        return found

    def whole(self, stories: Iterable[str]) -> dict[str, Story]:
        """Stories with their members' items, by id; unknown ones are missing."""
        rows = self.rows(stories)
        held = self._items([row.item for members in rows.values() for row in members])
        return {
            name: Story(id=name, members=tuple(_member(row, held) for row in members)) for name, members in rows.items()
        }

    def story(self, name: str) -> Story | None:
        """One story, by its id or that of a member; None where there is none."""
        name = self.of([name]).get(name, name)
        return self.whole([name]).get(name)

    def tellings(self, items: Sequence[str]) -> list[Any]:
        """What a story is found by, of these items: words, dates, source; in the order of the log."""
        with self._engine.connect() as connection:
            return sorted(rows_of(connection, _TELLINGS, schema.items.c.id, items), key=lambda row: row.first_position)

    def told_between(self, first: str, last: str) -> list[Any]:
        """The same of items of these days (ISO), both included, that were looked at before: of the last of them."""
        table = schema.items
        query = _TELLINGS.where(table.c.day >= first, table.c.day <= last, table.c.rules != "")
        with self._engine.connect() as connection:
            return list(connection.execute(query.order_by(table.c.first_position.desc()).limit(_LAST)))[::-1]

    def newest(self, limit: int, offset: int = 0) -> list[Story]:
        """Stories, those first that were joined last."""
        table = schema.members
        told = select(table.c.story).where(*self._view.before(table.c.position), table.c.reason != "first")
        latest = told.group_by(table.c.story).order_by(func.max(table.c.position).desc())
        with self._engine.connect() as connection:
            names = list(connection.execute(latest.limit(limit).offset(offset)).scalars())
        found = self.whole(names)
        return [found[name] for name in names]

    def count(self) -> int:
        """How many stories there are."""
        table = schema.members
        query = select(func.count(table.c.story.distinct())).where(*self._view.before(table.c.position))
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def _held(self, row: Any) -> bool:
        return self._view.moment is None or row.position <= self._view.moment.position


def _member(row: Any, held: Mapping[ItemId, Item]) -> Member:
    return Member(
        item=held[row.item],
        other=row.other,
        reason=row.reason,
        score=row.score,
        method=row.method,
        at=datetime.fromisoformat(row.at),
        position=row.position,
    )
