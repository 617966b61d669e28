"""Questions to the read models."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import SQLAlchemyError

from briefing.errors import StoreError
from briefing.model import (
    Change,
    ItemId,
)
from briefing.projections import nouns, schema
from briefing.projections.adopted import Adopted
from briefing.projections.figures import Figures
from briefing.projections.when import stamp
from briefing.statements import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Engine, RowMapping, Select

    from briefing.model import (
        Issued,
        Item,
        Removal,
        Revision,
    )
    from briefing.projections.nouns import Unlabelled
    from briefing.projections.polls import Polls


_ITEMS_OF = select(schema.keys.c.key, schema.keys.c.item)
_GIVEN = select(schema.labels.c.item, schema.labels.c.topic)
_TAKEDOWNS = select(schema.takedowns).order_by(schema.takedowns.c.position)


class Words(Protocol):
    """Where publishers' words are."""

    def payloads(self, commitments: Iterable[str]) -> dict[str, bytes]:
        """The payloads of these commitments; those erased are missing."""
        ...


class Library(Adopted, Figures):
    """What is known, as of the checkpoint of the read models.

    `words` gives payloads by commitment: texts lie in the log's own blobs, not in the read models.
    """

    def __init__(self, engine: Engine, words: Words, polls: Polls | None = None) -> None:
        Adopted.__init__(self, engine, polls)
        Figures.__init__(self, engine)
        self._words = words

    def position(self) -> int:
        """The position in the log that the read models stand at.

        Raises:
            StoreError: they cannot be read.
        """
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
        found: list[RowMapping] = []
        with self._engine.connect() as connection:
            for chunk in nouns.chunks(list(wanted)):
                query = select(schema.items).where(schema.items.c.id.in_(chunk))
                found.extend(connection.execute(query).mappings())
        return {item.id: item for item in self._with_labels(found, evidence=evidence)}

    def items(
        self,
        *,
        source: str | None = None,
        topic: str | None = None,
        sources: Sequence[str] | None = None,
        topics: Sequence[str] = (),
        since: str | None = None,
        until: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        order: str = "news",
        evidence: bool = False,
    ) -> list[Item]:
        """Items, the newest news first (`order="day"`: by their day).

        Of one source or one topic, of any of several `sources`, with any of several `topics`. `since` and `until` are
        days (ISO), both included, in the site's zone.
        """
        query = _filtered(source, topic, since, until, order)
        if sources is not None:
            query = query.where(schema.items.c.source.in_(sources))
        if topics:
            labelled = select(schema.labels.c.item).where(schema.labels.c.topic.in_(topics))
            query = query.where(schema.items.c.id.in_(labelled))
        if limit is not None or offset:
            query = query.limit(limit if limit is not None else -1).offset(offset)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return self._with_labels(rows, evidence=evidence)

    def find(self, start: str, limit: int = 10) -> list[ItemId]:
        """Ids that begin so, at most `limit`."""
        table = schema.items
        query = select(table.c.id).where(table.c.id >= start, table.c.id < f"{start}\U0010ffff").limit(limit)
        with self._engine.connect() as connection:
            return [ItemId(item) for item in connection.execute(query).scalars()]

    def count(
        self,
        *,
        source: str | None = None,
        topic: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> int:
        """How many items there are; see `items`."""
        query = _filtered(source, topic, since, until, "none")
        with self._engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())

    def seen_between(self, start: datetime, end: datetime) -> list[Item]:
        """Items first seen in a closed-open span of time, in the order of the log."""
        table = schema.items
        query = select(table).where(table.c.seen_at >= stamp(start), table.c.seen_at < stamp(end))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(table.c.first_position)).mappings().all()
        return self._with_labels(rows)

    def unclassified(self, rules: str, limit: int, *, start: int = 0) -> list[Unlabelled]:
        """Versions that have no labels under these rules yet, in the order of the log and of versions.

        `start` is the place of the first item to look at.
        """
        items, versions = schema.items, schema.revisions
        stale = or_(items.c.rules != rules, versions.c.number > items.c.labelled)
        columns = (
            items.c.id, items.c.source, items.c.language, items.c.rules, items.c.first_position,
            versions.c.number, versions.c.payload,
        )  # fmt: skip
        query = (
            select(*columns)
            .join(versions, versions.c.item == items.c.id)
            .where(or_(items.c.rules != rules, items.c.labelled != items.c.revisions), stale)
            .where(items.c.first_position >= start)
            .where(items.c.id.not_in(select(schema.takedowns.c.item)))
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(items.c.first_position, versions.c.number).limit(limit)).all()
            given: dict[str, list[str]] = {}
            labelled = [row.id for row in rows if row.rules]
            for item, topic in rows_of(connection, _GIVEN, schema.labels.c.item, labelled):
                given.setdefault(item, []).append(topic)
        words = self._words.payloads([row.payload for row in rows])
        return [nouns.unlabelled(row, words.get(row.payload), given.get(row.id, [])) for row in rows]

    def _with_labels(self, rows: Sequence[RowMapping], *, evidence: bool = False) -> list[Item]:
        given: dict[str, list[RowMapping]] = {}
        removed = self.takedowns(row["id"] for row in rows)
        with self._engine.connect() as connection:
            for chunk in nouns.chunks([row["id"] for row in rows]):
                query = select(schema.labels).where(schema.labels.c.item.in_(chunk))
                for label in connection.execute(query).mappings():
                    given.setdefault(label["item"], []).append(label)
        texts: dict[tuple[str, int], Revision] = {}
        if evidence:
            texts = self._versions(
                {(one["item"], one["revision"]) for item in given.keys() - removed.keys() for one in given[item]}
            )
        return [nouns.item(row, nouns.labels(given.get(row["id"], []), texts), removed.get(row["id"])) for row in rows]

    def takedowns(self, items: Iterable[str] | None = None) -> dict[str, Removal]:
        """What is known of the takedowns of these items, or of all that were ever taken down, in the order of the log.

        They are few: all are read, whoever is asked for.
        """
        with self._engine.connect() as connection:
            rows = connection.execute(_TAKEDOWNS).mappings().all()
        wanted = {row["item"] for row in rows} if items is None or not rows else set(items)
        return {row["item"]: nouns.removal(row) for row in rows if row["item"] in wanted}

    def known(self, wanted: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Rows of the items that go by these identity keys, by key, each with all its `keys`; unknown keys miss."""
        table = schema.keys
        items_of: dict[str, str] = {}
        rows: dict[str, dict[str, Any]] = {}
        if not (wanted := sorted(wanted)):
            return rows
        with self._engine.connect() as connection:
            items_of.update(map(tuple, rows_of(connection, _ITEMS_OF, table.c.key, wanted)))
            for chunk in nouns.chunks(sorted(set(items_of.values()))):
                query = select(schema.items).where(schema.items.c.id.in_(chunk))
                for row in connection.execute(query).mappings():
                    rows[row["id"]] = {**row, "keys": set(), "removed": False}
            for key, item in rows_of(connection, _ITEMS_OF, table.c.item, list(rows)):
                rows[item]["keys"].add(key)
        for item in self.takedowns(rows):
            rows[item]["removed"] = True
        return {key: rows[item] for key, item in items_of.items()}

    def removed(self, keys: Iterable[str]) -> set[str]:
        """Those of identity keys that items go by which were taken down."""
        return {key for key, row in self.known(keys).items() if row["removed"]}

    def paged(self, source: str) -> list[dict[str, Any]]:
        """Rows of a source's items whose own page was read, with the commitment (`payload`) of the words held."""
        items, versions = schema.items, schema.revisions
        held = and_(versions.c.item == items.c.id, versions.c.number == items.c.revisions)
        query = select(items, versions.c.payload).join(versions, held).where(items.c.source == source, items.c.page)
        query = query.where(items.c.id.not_in(select(schema.takedowns.c.item)))
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query.order_by(items.c.first_position)).mappings()]

    # ------------------------------------------------------------ versions and changes

    def revisions(self, item: str) -> list[Revision]:
        """All versions of an item, the first seen first."""
        table = schema.revisions
        query = select(table).where(table.c.item == item).order_by(table.c.number)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return self._revisions(rows)

    def held(self, wanted: Sequence[str]) -> dict[ItemId, Revision]:
        """The version held now of each of these items."""
        table = schema.revisions
        rows: list[RowMapping] = []
        with self._engine.connect() as connection:
            for chunk in nouns.chunks(list(wanted)):
                now = and_(table.c.item == schema.items.c.id, table.c.number == schema.items.c.revisions)
                query = select(table).join(schema.items, now).where(table.c.item.in_(chunk))
                rows.extend(connection.execute(query).mappings())
        return {revision.item: revision for revision in self._revisions(rows)}

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
        query = select(table).order_by(table.c.position.desc())
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
            )
            for row in rows
        ]

    def _versions(self, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Revision]:
        table = schema.revisions
        rows: list[RowMapping] = []
        with self._engine.connect() as connection:
            for chunk in nouns.chunks(sorted(wanted)):
                query = select(table).where(tuple_(table.c.item, table.c.number).in_(chunk))
                rows.extend(connection.execute(query).mappings())
        return {(revision.item, revision.number): revision for revision in self._revisions(rows)}

    # ------------------------------------------------------------ what was published

    def published(self, name: str = "feeds") -> int:
        """The log position that the published feeds were made from, 0 for none; or another mark of that kind."""
        query = select(schema.published.c.position).where(schema.published.c.name == name)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def put_published(self, position: int, name: str = "feeds") -> None:
        """Remember from which log position the feeds were made, or another mark of that kind."""
        statement = upsert(schema.published).values(name=name, position=position)
        moved = statement.on_conflict_do_update(index_elements=["name"], set_={"position": position})
        with self._engine.begin() as connection:
            connection.execute(moved)

    def issues(self, briefing: str | None = None, period: str | None = None, limit: int | None = None) -> list[Issued]:
        """Published versions of issues, the latest period and version first."""
        table = schema.issues
        query = select(table).order_by(table.c.period.desc(), table.c.briefing, table.c.version.desc())
        if briefing is not None:
            query = query.where(table.c.briefing == briefing)
        if period is not None:
            query = query.where(table.c.period == period)
        if limit is not None:
            query = query.limit(limit)
        with self._engine.connect() as connection:
            return [nouns.issued(row) for row in connection.execute(query).mappings()]


def _filtered(source: str | None, topic: str | None, since: str | None, until: str | None, order: str) -> Select[Any]:
    items, labels = schema.items, schema.labels
    query = select(items)
    news, day, name = items.c.news_at, items.c.day, items.c.id
    if topic is not None:
        query = query.join(labels, labels.c.item == items.c.id).where(labels.c.topic == topic)
        news, day, name = labels.c.news_at, labels.c.day, labels.c.item
    if source is not None:
        query = query.where(items.c.source == source)
    if since is not None:
        query = query.where(day >= since)
    if until is not None:
        query = query.where(day <= until)
    if order == "day":
        return query.order_by(day.desc(), news.desc(), name.desc())
    return query.order_by(news.desc(), name.desc()) if order == "news" else query
