"""What people said of labels, and what is only suggested: their part of the fold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from briefing.projections import schema
from briefing.projections.when import stamp
from briefing.statements import insert_rows, replace_rows, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Table

    from briefing import events
    from briefing.events import Recorded

    Row = dict[str, Any]

_SAID = select(schema.corrections)
_PROPOSED = select(schema.suggestions)
_SURE = 3  # the score of a topic that nothing but somebody's word gives
_CHUNK = 500


class AdviceFold:
    """Corrections and suggestions of the items of a page."""

    def __init__(self, connection: Connection, supersede: Callable[[Table, Row, Recorded], None]) -> None:
        self._db = connection
        self._supersede = supersede
        self._said: dict[str, dict[str, Row]] = {}  # by item and topic
        self._proposed: dict[str, dict[str, Row]] = {}
        self._spoken: set[tuple[str, str]] = set()
        self._touched: set[str] = set()
        self._loaded: set[str] = set()

    def load(self, items: list[str]) -> None:
        """Read what is known of items; again only what was not read before."""
        wanted = [item for item in items if item not in self._loaded]
        self._loaded.update(wanted)
        for row in rows_of(self._db, _SAID, schema.corrections.c.item, wanted):
            self._said.setdefault(row.item, {})[row.topic] = row._asdict()
        for row in rows_of(self._db, _PROPOSED, schema.suggestions.c.item, wanted):
            self._proposed.setdefault(row.item, {})[row.topic] = row._asdict()

    def correct(self, at: Recorded, event: events.LabelCorrected) -> None:
        """Take in what somebody said; the last word counts."""
        said = self._said.setdefault(event.item, {})
        if (before := said.get(event.topic)) is not None:
            self._supersede(schema.corrections, before, at)
        said[event.topic] = {
            "item": event.item, "topic": event.topic, "belongs": event.belongs, "said_by": event.by,
            "said_at": stamp(at.recorded_at), "revision": event.revision, "position": at.position,
        }  # fmt: skip
        self._spoken.add((event.item, event.topic))

    def corrected(self, row: Row, before: dict[str, Row], labels: dict[str, Row], at: Recorded) -> dict[str, Row]:
        """Labels as people want them; `before` are those of until now, which are kept where they say the same."""
        for topic, said in self._said.get(row["id"], {}).items():
            label = labels.pop(topic, None)
            if not said["belongs"]:
                continue
            given = {**(label or self._by_word(row, said)), "earned": "people", "position": at.position}
            old = before.get(topic)
            labels[topic] = old if old is not None and old | {"position": at.position} == given else given
        return labels

    def _by_word(self, row: Row, said: Row) -> Row:
        """A label for which there is somebody's word and nothing else."""
        return {
            "item": row["id"], "topic": said["topic"], "score": _SURE, "level": "primary", "revision": said["revision"],
            "evidence": "[]", "earned": "people", "news_at": row["news_at"], "day": row["day"], "position": 0,
        }  # fmt: skip

    def suggest(self, row: Row, at: Recorded, event: events.ItemSuggested) -> set[str]:
        """Put an item's suggestions in the place of those it had; gives the topics that came, went or changed."""
        before, after = self._proposed.get(event.item, {}), {}
        for one in event.suggestions:
            given = {
                "item": event.item, "topic": one["topic"], "score": one["score"], "level": "suggested",
                "revision": event.revision, "evidence": json.dumps(one["evidence"]), "earned": "model",
                "news_at": row["news_at"], "day": row["day"], "position": at.position,
            }  # fmt: skip
            old = before.get(one["topic"])
            after[one["topic"]] = old if old is not None and old | {"position": at.position} == given else given
        return self._replace(event.item, before, after, at)

    def withdraw(self, item: str, topic: str, at: Recorded) -> set[str]:
        """Take back one suggestion, where there is one."""
        before = self._proposed.get(item, {})
        return self._replace(item, before, {name: row for name, row in before.items() if name != topic}, at)

    def move(self, row: Row, at: Recorded) -> None:
        """Suggestions stand where their item stands."""
        moved = {"news_at": row["news_at"], "day": row["day"]}
        before = self._proposed.get(row["id"], {})
        after = {
            topic: one if one | moved == one else one | moved | {"position": at.position}
            for topic, one in before.items()
        }
        self._replace(row["id"], before, after, at)

    def _replace(self, item: str, before: dict[str, Row], after: dict[str, Row], at: Recorded) -> set[str]:
        changed = {topic for topic in before.keys() | after.keys() if before.get(topic) is not after.get(topic)}
        for topic in sorted(changed & before.keys()):
            self._supersede(schema.suggestions, before[topic], at)
        if changed:
            self._proposed[item] = after
            self._touched.add(item)
        return changed

    def write(self) -> None:
        """Bring what changed into the database."""
        replace_rows(self._db, schema.corrections, [self._said[item][topic] for item, topic in sorted(self._spoken)])
        touched = sorted(self._touched)
        for start in range(0, len(touched), _CHUNK):
            chunk = touched[start : start + _CHUNK]
            self._db.execute(delete(schema.suggestions).where(schema.suggestions.c.item.in_(chunk)))
        rows = [row for item in touched for _, row in sorted(self._proposed[item].items())]
        insert_rows(self._db, schema.suggestions, rows)
