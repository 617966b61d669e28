"""Questions to the read models: what is known now, or was known at a position of the log."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from briefing.errors import StoreError
from briefing.model import (
    Change,
    ItemId,
)
from briefing.projections import nouns, schema
from briefing.projections.adopted import Adopted
from briefing.projections.calendar import Calendar
from briefing.projections.choosing import Wanted, chosen, counted
from briefing.projections.corrections import Errata
from briefing.projections.figures import Figures
from briefing.projections.kinship import Relations
from briefing.projections.membership import Stories
from briefing.projections.view import View
from briefing.projections.when import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Engine, RowMapping

    from briefing.model import (
        Issued,
        Item,
        Link,
        Removal,
        Revision,
    )
    from briefing.projections.polls import Polls
    from briefing.projections.view import Moment

_TAKEDOWNS = select(schema.takedowns).order_by(schema.takedowns.c.position)


class Words(Protocol):
    """Where publishers' words are."""

    def payloads(self, commitments: Iterable[str]) -> dict[str, bytes]:
        """The payloads of these commitments; those erased are missing."""
        ...


class Holdings(Adopted, Figures):
    """What is known, as of the checkpoint of the read models; with `moment`, what was known there.

    The read models must stand at the moment's position or behind it. `words` gives payloads by commitment: texts lie in
    the log's own blobs, not in the read models.
    """

    def __init__(
        self, engine: Engine, words: Words, polls: Polls | None = None, *, moment: Moment | None = None
    ) -> None:
        self._view = View(moment)
        Adopted.__init__(self, engine, polls, self._view)
        Figures.__init__(self, engine, self._view)
        self._words = words
        self.relations = Relations(engine, self._view)
        self.stories = Stories(engine, self._view, self.items_by_id)
        self.errata = Errata(engine, self._view)
        self.calendar = Calendar(engine, self._view, self.items_by_id, self._versions)

    @property
    def moment(self) -> Moment | None:
        """What is asked about: a moment of the past, None for now."""
        return self._view.moment

    def position(self) -> int:
        """The position in the log that the read models stand at, or are asked for.

        Raises:
            StoreError: they cannot be read.
        """
        if self._view.moment is not None:
            return self._view.moment.position
        query = select(func.max(schema.checkpoints.c.position))
        try:
            with self._engine.connect() as connection:
                return int(connection.execute(query).scalar() or 0)
        except SQLAlchemyError as error:
            raise StoreError(
                f"the read models cannot be read ({error.args[0]}): check the disk, then run `briefing rebuild`"
            ) from error

    # ------------------------------------------------------------ items

    def item(self, item: str) -> Item | None:
        """One item, its labels with their evidence."""
        found = self.items_by_id([item], evidence=True)
        return found.get(ItemId(item))

    def items_by_id(self, wanted: Iterable[str], *, evidence: bool = False) -> dict[ItemId, Item]:
        """Items by id; unknown ids are missing."""
        with self._engine.connect() as connection:
            found = self._rows(connection, list(wanted))
        return {item.id: item for item in self._with_labels(found, evidence=evidence)}

    def _rows(self, connection: Connection, wanted: list[str]) -> list[RowMapping]:
        """The rows of these items, in the order of the ids; those of unknown ids are missing."""
        rows: dict[str, RowMapping] = {}
        for chunk in nouns.chunks(wanted):
            query = self._view.whole(schema.items, "id", chunk)
            rows.update((row["id"], row) for row in connection.execute(query).mappings())
        return [rows[item] for item in wanted if item in rows]

    def items(
        self,
        *,
        source: str | None = None,
        topic: str | None = None,
        sources: Sequence[str] | None = None,
        topics: Sequence[str] = (),
        mentions: Sequence[str] = (),
        since: str | None = None,
        until: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        order: str = "news",
        evidence: bool = False,
        suggested: bool = False,
    ) -> list[Item]:
        """Items, the newest news first (`order="day"`: by their day), but for standing pages, which are no news.

        Of one source or one topic, of any of several `sources`, with any of several `topics`; where no topic is asked
        for, with any of several `mentions`. `since` and `until` are days (ISO), both included, in the site's zone. With
        `suggested` topics that are only suggested count too.
        """
        topics = (topic,) if topic is not None else tuple(topics)
        wanted = Wanted(
            sources=(source,) if source is not None else tuple(sources) if sources is not None else None,
            topics=topics or tuple(f"{schema.NAMED}{mention}" for mention in mentions),
            since=since,
            until=until,
            order=order,
            without=self._watched(but=source),
            suggested=suggested,
        )
        with self._engine.connect() as connection:
            found = connection.execute(chosen(self._view, wanted, limit=limit, offset=offset))
            rows = self._rows(connection, [row.id for row in found])
        return self._with_labels(rows, evidence=evidence)

    def find(self, start: str, limit: int = 10) -> list[ItemId]:
        """Ids that begin so, at most `limit`."""
        table = schema.items
        begins = (table.c.id >= start, table.c.id < f"{start}\U0010ffff")
        query = select(table.c.id).where(*begins, *self._view.before(table.c.first_position))
        with self._engine.connect() as connection:
            return [ItemId(item) for item in connection.execute(query.order_by(table.c.id).limit(limit)).scalars()]

    def count(
        self,
        *,
        source: str | None = None,
        topic: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> int:
        """How many items there are; see `items`."""
        wanted = Wanted(
            sources=(source,) if source is not None else None,
            topics=(topic,) if topic is not None else (),
            since=since,
            until=until,
            order="",
            without=self._watched(but=source),
        )
        with self._engine.connect() as connection:
            return int(connection.execute(counted(self._view, wanted)).scalar_one())

    def _watched(self, but: str | None = None) -> tuple[str, ...]:
        """The sources that are standing pages, `but` one that is asked for by its name."""
        table = schema.sources
        query = select(table.c.id).where(table.c.spec.contains('"kind": "watch"', autoescape=True))
        with self._engine.connect() as connection:
            return tuple(name for name in connection.execute(query).scalars() if name != but)

    def seen_between(self, start: datetime, end: datetime) -> list[Item]:
        """Items first seen in a closed-open span of time, in the order of the log."""
        table = schema.items
        query = select(table.c.id).where(table.c.seen_at >= stamp(start), table.c.seen_at < stamp(end))
        query = query.where(*self._view.before(table.c.first_position)).order_by(table.c.first_position)
        query = query.where(table.c.source.not_in(self._watched()))
        with self._engine.connect() as connection:
            rows = self._rows(connection, list(connection.execute(query).scalars()))
        return self._with_labels(rows)

    def _with_labels(self, rows: Sequence[RowMapping], *, evidence: bool = False) -> list[Item]:
        given: dict[str, list[RowMapping]] = {}
        proposed: dict[str, list[RowMapping]] = {}
        removed = self.takedowns(row["id"] for row in rows)
        with self._engine.connect() as connection:
            for chunk in nouns.chunks([row["id"] for row in rows]):
                for table, held in ((schema.labels, given), (schema.suggestions, proposed)):
                    for label in connection.execute(self._view.whole(table, "item", chunk)).mappings():
                        held.setdefault(label["item"], []).append(label)
        texts: dict[tuple[str, int], Revision] = {}
        if evidence:
            texts = self._versions(
                {
                    (one["item"], one["revision"])
                    for held in (given, proposed)
                    for item in held.keys() - removed.keys()
                    for one in held[item]
                }
            )
        return [
            nouns.item(
                row,
                nouns.labels(own, texts),
                removed.get(row["id"]),
                suggested=nouns.suggested(proposed.get(row["id"], []), own, texts),
                mentions=nouns.mentions(own, texts),
            )
            for row in rows
            for own in (given.get(row["id"], []),)
        ]

    def takedowns(self, items: Iterable[str] | None = None) -> dict[str, Removal]:
        """What is known of the takedowns of these items, or of all that were ever taken down, in the order of the log.

        They are few: all are read, whoever is asked for.
        """
        with self._engine.connect() as connection:
            rows = connection.execute(_TAKEDOWNS).mappings().all()
        wanted = {row["item"] for row in rows} if items is None or not rows else set(items)
        return {row["item"]: nouns.removal(row) for row in rows if row["item"] in wanted}

    # ------------------------------------------------------------ versions and changes

    def revisions(self, item: str) -> list[Revision]:
        """All versions of an item, the first seen first."""
        table = schema.revisions
        query = select(table).where(table.c.item == item, *self._view.before(table.c.position))
        query = query.order_by(table.c.number)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return self._revisions(rows)

    def held(self, wanted: Sequence[str]) -> dict[ItemId, Revision]:
        """The version held of each of these items: the last one."""
        table = schema.revisions
        last: dict[str, RowMapping] = {}
        with self._engine.connect() as connection:
            for chunk in nouns.chunks(list(wanted)):
                query = select(table).where(table.c.item.in_(chunk), *self._view.before(table.c.position))
                last.update((row["item"], row) for row in connection.execute(query.order_by(table.c.number)).mappings())
        return {revision.item: revision for revision in self._revisions(list(last.values()))}

    def _revisions(self, rows: Sequence[RowMapping]) -> list[Revision]:
        removed = self.takedowns(row["item"] for row in rows)
        payloads = self._words.payloads([row["payload"] for row in rows if row["item"] not in removed])
        return [nouns.revision(row, payloads.get(row["payload"])) for row in rows]

    def changes(
        self,
        *,
        item: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        below: int | None = None,
        limit: int | None = None,
    ) -> list[Change]:
        """Changes after publication, the newest first; `since` included, `until` not.

        `below` takes only those before a position of the log: a list is read on from its last one.
        """
        table = schema.changes
        query = select(table).where(*self._view.before(table.c.position)).order_by(table.c.position.desc())
        if item is not None:
            query = query.where(table.c.item == item)
        if since is not None:
            query = query.where(table.c.at >= stamp(since))
        if until is not None:
            query = query.where(table.c.at < stamp(until))
        if below is not None:
            query = query.where(table.c.position < below)
        with self._engine.connect() as connection:
            rows = connection.execute(query if limit is None else query.limit(limit)).mappings().all()
        items = self.items_by_id({row["item"] for row in rows})
        versions = self._versions({(row["item"], row[side]) for row in rows for side in ("before", "after")})
        return [
            Change(
                item=items[row["item"]],
                kind=row["kind"],
                at=datetime.fromisoformat(row["at"]),
                position=row["position"],
                before=versions.get((row["item"], row["before"])),
                after=versions.get((row["item"], row["after"])),
                evidence=row["evidence"],
            )
            for row in rows
        ]

    def _versions(self, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Revision]:
        table = schema.revisions
        rows: list[RowMapping] = []
        with self._engine.connect() as connection:
            for chunk in nouns.chunks(sorted({item for item, _ in wanted})):  # SQLite uses no index for pairs
                found = connection.execute(select(table).where(table.c.item.in_(chunk))).mappings()
                rows.extend(row for row in found if (row["item"], row["number"]) in wanted)
        return {(revision.item, revision.number): revision for revision in self._revisions(rows)}

    def links(self, item: str) -> list[Link]:
        """The items that are the same text as this one: its twins in other languages, its reprints, its original."""
        return self.relations.links(item, self.items_by_id)

    # ------------------------------------------------------------ what was published

    def issues(self, briefing: str | None = None, period: str | None = None, limit: int | None = None) -> list[Issued]:
        """Published versions of issues, the latest period and version first."""
        table = schema.issues
        query = select(table).where(*self._view.before(table.c.position))
        query = query.order_by(table.c.period.desc(), table.c.briefing, table.c.version.desc())
        if briefing is not None:
            query = query.where(table.c.briefing == briefing)
        if period is not None:
            query = query.where(table.c.period == period)
        if limit is not None:
            query = query.limit(limit)
        with self._engine.connect() as connection:
            return [nouns.issued(row) for row in connection.execute(query).mappings()]
