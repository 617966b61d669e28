"""Questions to the read models: the configuration as the log has it, and how sources do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from briefing.model import Site
from briefing.projections import nouns, schema
from briefing.specs import briefing_of, digest_of, source_of, topic_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from briefing.model import Briefing, Digest, Health, Source, Topic
    from briefing.projections.polls import Polls


class Adopted:
    """What was configured, as the log has it; sources with their health."""

    def __init__(self, engine: Engine, polls: Polls | None = None) -> None:
        self._engine = engine
        self._polls = polls

    def settings(self) -> dict[str, Any] | None:
        """The data of the settings adopted last, None before any were."""
        return self._adopted("settings")[0]

    def rules(self) -> tuple[str, int]:
        """The hash of the topics adopted last and the position of their adoption; empty and 0 before any were."""
        data, position = self._adopted("topics")
        return (data["rules"], position) if data else ("", 0)

    def _adopted(self, name: str) -> tuple[dict[str, Any] | None, int]:
        query = select(schema.adopted.c.data, schema.adopted.c.position).where(schema.adopted.c.name == name)
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

    def topics(self) -> tuple[Topic, ...]:
        """The topics as adopted, in the order of the configuration."""
        data, _ = self._adopted("topics")
        return tuple(topic_of(one) for one in data["topics"]) if data else ()

    def sources(self, *, retired: bool = False) -> tuple[Source, ...]:
        """The sources as adopted, by id; with `retired` also those no longer read."""
        query = select(schema.sources.c.spec).order_by(schema.sources.c.id)
        if not retired:
            query = query.where(schema.sources.c.active)
        with self._engine.connect() as connection:
            return tuple(source_of(json.loads(spec)) for spec in connection.execute(query).scalars())

    def source_rows(self, wanted: Iterable[str] | None = None) -> dict[str, dict[str, Any]]:
        """The rows of these sources, or of all, retired ones too, by id."""
        query = select(schema.sources)
        queries = [query]
        if wanted is not None:
            queries = [query.where(schema.sources.c.id.in_(chunk)) for chunk in nouns.chunks(sorted(wanted))]
        with self._engine.connect() as connection:
            return {row["id"]: dict(row) for one in queries for row in connection.execute(one).mappings()}

    def source_row(self, source: str) -> dict[str, Any]:
        """The row of one source.

        Raises:
            LookupError: it was never adopted.
        """
        query = select(schema.sources).where(schema.sources.c.id == source)
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise LookupError(f"source {source} was never adopted")
        return dict(row)

    def health(self, *, polled: bool = True) -> tuple[Health, ...]:
        """How each active source does; with `polled` also when it was and will be asked, which the log does not say."""
        polls = self._polls.all() if polled and self._polls is not None else {}
        return tuple(
            nouns.health(row, polls.get(source)) for source, row in sorted(self.source_rows().items()) if row["active"]
        )
