"""Questions of learning to the read models: what people said, what was learnt last, what there is to learn from."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select

from briefing.projections import schema
from briefing.statements import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Engine

_PROPOSED = select(schema.suggestions.c.item, schema.suggestions.c.topic)
_GIVEN = select(
    schema.labels.c.item, schema.labels.c.topic, schema.labels.c.score, schema.labels.c.level, schema.labels.c.earned,
    schema.labels.c.revision,
)  # fmt: skip
_NEWEST = 4000  # items among which those of each language are looked for


class Answer(NamedTuple):
    """What somebody said last of an item and a topic."""

    item: str
    topic: str
    belongs: bool
    by: str
    at: str
    revision: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """The models that were learnt last; see `events.ModelsTrained`."""

    position: int
    log: int
    recipe: str
    encoder: str
    models: tuple[dict[str, Any], ...]


class Seen(NamedTuple):
    """An item as it was first seen."""

    item: str
    language: str


class Teaching:
    """What learning asks."""

    _engine: Engine

    def answers(self, items: Iterable[str] | None = None) -> list[Answer]:
        """What people said, in the order of the log: of these items, or of all."""
        table = schema.corrections
        columns = (
            table.c.item, table.c.topic, table.c.belongs, table.c.said_by, table.c.said_at, table.c.revision,
            table.c.position,
        )  # fmt: skip
        query = select(*columns).order_by(table.c.position)
        if items is not None:
            query = query.where(table.c.item.in_(sorted(items)))
        with self._engine.connect() as connection:
            return [Answer(*row) for row in connection.execute(query)]

    def last_answer(self) -> int:
        """The position of what was said last; 0 where nothing was."""
        with self._engine.connect() as connection:
            return int(connection.execute(select(func.max(schema.corrections.c.position))).scalar() or 0)

    def last_removal(self) -> int:
        """The position of the last takedown; 0 where there was none."""
        with self._engine.connect() as connection:
            return int(connection.execute(select(func.max(schema.takedowns.c.position))).scalar() or 0)

    def trained(self) -> Trained | None:
        """The models that were learnt last; None before any were."""
        table = schema.models
        with self._engine.connect() as connection:
            row = connection.execute(select(table).order_by(table.c.position.desc()).limit(1)).mappings().one_or_none()
        return Trained(**{**row, "models": tuple(json.loads(row["models"]))}) if row is not None else None

    def newest(self, position: int, each: int) -> list[Seen]:
        """The items that were new last at a position of the log, at most so many of each language, the oldest first."""
        table = schema.items
        query = select(table.c.id, table.c.language).where(table.c.first_position <= position)
        query = query.where(table.c.id.not_in(select(schema.takedowns.c.item)))
        query = query.order_by(table.c.first_position.desc()).limit(_NEWEST)
        counted: Counter[str] = Counter()
        found = []
        with self._engine.connect() as connection:
            for item, language in connection.execute(query):
                counted[language] += 1
                if counted[language] <= each:
                    found.append(Seen(item, language))
        return found[::-1]

    def proposed(self, items: Sequence[str]) -> dict[str, set[str]]:
        """The topics that are suggested for these items; those without any are missing."""
        found: dict[str, set[str]] = {}
        with self._engine.connect() as connection:
            for item, topic in rows_of(connection, _PROPOSED, schema.suggestions.c.item, list(items)):
                found.setdefault(item, set()).add(topic)
        return found

    def given(self, items: Sequence[str]) -> dict[str, dict[str, tuple[int, str, str, int]]]:
        """Score, level, what earned it and version of the labels of these items, by item and topic."""
        found: dict[str, dict[str, tuple[int, str, str, int]]] = {}
        with self._engine.connect() as connection:
            for item, topic, *rest in rows_of(connection, _GIVEN, schema.labels.c.item, list(items)):
                score, level, earned, revision = rest
                found.setdefault(item, {})[topic] = (score, level, earned, revision)
        return found
