"""Questions to the read models: the configuration as the log has it, and how sources do."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from briefing.model import Site
from briefing.projections import history, nouns, schema
from briefing.projections.rechecks import proposed
from briefing.projections.troubles import of_sources
from briefing.projections.view import View
from briefing.specs import briefing_of, digest_of, house_of, named_of, source_of, stories_of, topic_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Engine, Result, Select

    from briefing.model import (
        Briefing,
        Digest,
        Gap,
        GapState,
        Health,
        House,
        Move,
        Named,
        Source,
        StoryRules,
        Topic,
        Turn,
    )
    from briefing.projections.polls import Polls


class Adopted:
    """What was configured, as the log has it; sources with their health."""

    def __init__(self, engine: Engine, polls: Polls | None = None, view: View | None = None) -> None:
        self._engine = engine
        self._polls = polls
        self._view = view or View()

    def settings(self) -> dict[str, Any] | None:
        """The data of the settings adopted last, None before any were."""
        return self._adopted("settings")[0]

    def rules(self) -> tuple[str, int]:
        """The hash of the topics adopted last and the position of their adoption; empty and 0 before any were."""
        data, position = self._adopted("topics")
        return (data["rules"], position) if data else ("", 0)

    def _adopted(self, name: str) -> tuple[dict[str, Any] | None, int]:
        query = self._view.whole(schema.adopted, "name", [name])
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return (json.loads(row.data), row.position) if row else (None, 0)

    def adopted_topics(self) -> dict[str, Any] | None:
        """The data of the topics adopted last, None before any were."""
        return self._adopted("topics")[0]

    def site(self) -> Site:
        """The site as adopted.

        Raises:
            LookupError: no settings have been adopted yet.
        """
        data = self.settings()
        if data is None:
            raise LookupError("no settings have been adopted yet")
        return Site(**data["site"])

    def digests(self) -> tuple[Digest, ...]:
        """The digests as adopted, in the order of the configuration."""
        data = self.settings()
        return tuple(digest_of(one) for one in data["digests"]) if data else ()

    def briefings(self) -> tuple[Briefing, ...]:
        """The briefings as adopted, in the order of the configuration."""
        data = self.settings()
        return tuple(briefing_of(one) for one in data["briefings"]) if data else ()

    def story_rules(self) -> StoryRules:
        """When items tell of one event, as adopted."""
        data, _ = self._adopted("stories")
        return stories_of(data["rules"] if data else {})

    def house(self) -> House:
        """The style of documents, as adopted."""
        data, _ = self._adopted("house")
        return house_of(data["house"] if data else {})

    def templates(self) -> dict[str, str]:
        """The texts of templates of the user's own, by name, as adopted."""
        data, _ = self._adopted("house")
        return dict(data["templates"]) if data else {}

    def topics(self) -> tuple[Topic, ...]:
        """The topics as adopted, in the order of the configuration."""
        data, _ = self._adopted("topics")
        return tuple(topic_of(one) for one in data["topics"]) if data else ()

    def institutions(self) -> tuple[Named, ...]:
        """The institutions that texts are searched for, as adopted."""
        data, _ = self._adopted("topics")
        return tuple(named_of(one) for one in data.get("institutions", ())) if data else ()

    def sources(self, *, retired: bool = False) -> tuple[Source, ...]:
        """The sources as adopted, by id; with `retired` also those no longer read."""
        rows = self._sources()
        return tuple(source_of(json.loads(row["spec"])) for _, row in sorted(rows.items()) if retired or row["active"])

    def source_rows(self, wanted: Iterable[str] | None = None) -> dict[str, dict[str, Any]]:
        """The rows of these sources, or of all, retired ones too, by id."""
        names = None if wanted is None else sorted(wanted)
        rows = self._sources(names)
        if self._view.moment is not None:
            with self._engine.connect() as connection:
                seen = {row.source: row for row in connection.execute(_sightings(self._view.moment.position))}
            for name, row in rows.items():
                row.update(items=seen[name].items or 0, newest=seen[name].newest)
        return rows

    def _sources(self, names: list[str] | None = None) -> dict[str, dict[str, Any]]:
        """Rows of sources; of the past, without what is counted."""
        queries = [self._asked()]
        if names is not None:
            queries = [self._asked("id", chunk) for chunk in nouns.chunks(names)]
        with self._engine.connect() as connection:
            return {row["id"]: row for one in queries for row in _whole(connection.execute(one))}

    def _asked(self, column: str = "", wanted: Sequence[str] = ()) -> Any:
        table = schema.sources
        if self._view.moment is not None:
            return self._view.whole(table, column, wanted)
        return select(table).where(table.c[column].in_(wanted)) if column else select(table)

    def source_row(self, source: str) -> dict[str, Any]:
        """The row of one source.

        Raises:
            LookupError: it was never adopted.
        """
        row = self.source_rows([source]).get(source)
        if row is None:
            raise LookupError(f"source {source} was never adopted")
        return row

    def health(self, *, polled: bool = True) -> tuple[Health, ...]:
        """How each active source does; with `polled` also when it was and will be asked, which the log does not say."""
        with_polls = polled and self._polls is not None
        polls = self._polls.all() if polled and self._polls is not None else {}
        drop = proposed(self._engine) if with_polls else {}
        pages = of_sources(self._engine) if with_polls else {}
        left_out = self._polls.left_out() if polled and self._polls is not None else {}
        found = (
            nouns.health(row, polls.get(source), drop.get(source, ()))
            for source, row in sorted(self.source_rows().items())
            if row["active"]
        )
        return tuple(
            replace(one, excluded=left_out[one.source][0], foreign=left_out[one.source][1])
            if one.source in left_out
            else one
            for one in (replace(one, pages=pages[one.source]) if one.source in pages else one for one in found)
        )

    def turns(self, *, source: str | None = None, below: int | None = None, limit: int | None = None) -> list[Turn]:
        """Changes of sources' states, the newest first; `below` takes only those before a position of the log."""
        table = schema.health
        query = select(table).where(*self._view.before(table.c.position)).order_by(table.c.position.desc())
        if source is not None:
            query = query.where(table.c.source == source)
        if below is not None:
            query = query.where(table.c.position < below)
        with self._engine.connect() as connection:
            return [nouns.turn(row) for row in connection.execute(query.limit(limit)).mappings()]

    def moves(self) -> tuple[Move, ...]:
        """The addresses proposed for active sources, by source."""
        rows = sorted(self.source_rows().items())
        return tuple(move for _, row in rows if row["active"] and (move := nouns.move(row)) is not None)

    def gaps(
        self,
        sources: Sequence[str] | None = None,
        *,
        state: GapState | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[Gap, ...]:
        """Possible gaps, the latest first: of these sources or of all, in one state, that reach into a span of time."""
        with self._engine.connect() as connection:
            queries = [self._view.whole(schema.gaps)]
            if sources is not None:
                queries = [self._view.whole(schema.gaps, "source", chunk) for chunk in nouns.chunks(list(sources))]
            found = [nouns.gap(row) for query in queries for row in connection.execute(query).mappings()]
        held = (
            gap
            for gap in found
            if state in (None, gap.state)
            and (since is None or gap.until > since)
            and (until is None or gap.since < until)
        )
        return tuple(sorted(held, key=lambda gap: -gap.position))


def _whole(found: Result[Any]) -> Iterator[dict[str, Any]]:
    """Rows by the names of their columns; one by one through mappings they would cost five times that."""
    names = tuple(found.keys())
    return (dict(zip(names, row, strict=True)) for row in found)


def _sightings(at: int) -> Select[Any]:
    """What the last sighting of each source at a position counted: a step into the index for each."""
    sources, seen = schema.sources, history.sightings
    last = (seen.c.source == sources.c.id, seen.c.position <= at)
    counted = [
        select(column).where(*last).order_by(seen.c.position.desc()).limit(1).scalar_subquery().label(column.name)
        for column in (seen.c["items"], seen.c["newest"])
    ]
    return select(sources.c.id.label("source"), *counted)
