"""Questions to the read models."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import SQLAlchemyError

from briefing.errors import StoreError
from briefing.model import (
    Change,
    Evidence,
    Health,
    Issued,
    Item,
    ItemId,
    Label,
    Published,
    Revision,
    Site,
    SourceId,
    TopicId,
)
from briefing.projections import schema
from briefing.projections.when import stamp
from briefing.specs import briefing_of, digest_of, source_of, topic_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Engine, RowMapping, Select

    from briefing.model import (
        Briefing,
        Digest,
        Source,
        Topic,
    )
    from briefing.projections.polls import Polls

T = TypeVar("T")
_CHUNK = 500


class Words(Protocol):
    """Where publishers' words are."""

    def payloads(self, commitments: Iterable[str]) -> dict[str, bytes]:
        """The payloads of these commitments; those erased are missing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlabelled:
    """A version that waits for its labels; `topics` are those of the labels it has from other `rules`, `place` is where
    its item stands in the order of the log.
    """

    item: str
    source: str
    revision: int
    language: str
    title: str
    text: str
    rules: str
    topics: tuple[str, ...]
    place: int


class Library:
    """What is known, as of the checkpoint of the read models.

    `words` gives payloads by commitment: texts lie in the log's own blobs, not in the read models.
    """

    def __init__(self, engine: Engine, words: Words, polls: Polls | None = None) -> None:
        self._engine = engine
        self._words = words
        self._polls = polls

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

    # ------------------------------------------------------------ configuration as the log has it

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
            queries = [query.where(schema.sources.c.id.in_(chunk)) for chunk in _chunks(sorted(wanted))]
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
            _health(row, polls.get(source)) for source, row in sorted(self.source_rows().items()) if row["active"]
        )

    # ------------------------------------------------------------ items

    def item(self, item: str) -> Item | None:
        """One item, its labels with their evidence."""
        found = self.items_by_id([item], evidence=True)
        return found.get(ItemId(item))

    def items_by_id(self, wanted: Iterable[str], *, evidence: bool = False) -> dict[ItemId, Item]:
        """Items by id; unknown ids are missing."""
        found: list[RowMapping] = []
        with self._engine.connect() as connection:
            for chunk in _chunks(list(wanted)):
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
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(items.c.first_position, versions.c.number).limit(limit)).all()
            given: dict[str, list[str]] = {}
            for chunk in _chunks([row.id for row in rows if row.rules]):
                labels = select(schema.labels.c.item, schema.labels.c.topic).where(schema.labels.c.item.in_(chunk))
                for item, topic in connection.execute(labels):
                    given.setdefault(item, []).append(topic)
        words = self._words.payloads([row.payload for row in rows])
        return [_unlabelled(row, words.get(row.payload), given.get(row.id, [])) for row in rows]

    def _with_labels(self, rows: Sequence[RowMapping], *, evidence: bool = False) -> list[Item]:
        given: dict[str, list[RowMapping]] = {}
        with self._engine.connect() as connection:
            for chunk in _chunks([row["id"] for row in rows]):
                query = select(schema.labels).where(schema.labels.c.item.in_(chunk))
                for label in connection.execute(query).mappings():
                    given.setdefault(label["item"], []).append(label)
        texts: dict[tuple[str, int], Revision] = {}
        if evidence:
            texts = self._versions(
                {(label["item"], label["revision"]) for labels in given.values() for label in labels}
            )
        return [_item(row, _labels(given.get(row["id"], []), texts)) for row in rows]

    def known(self, wanted: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Rows of the items that go by these identity keys, by key, each with all its `keys`; unknown keys miss."""
        table = schema.keys
        items_of: dict[str, str] = {}
        rows: dict[str, dict[str, Any]] = {}
        with self._engine.connect() as connection:
            for chunk in _chunks(sorted(wanted)):
                query = select(table.c.key, table.c.item).where(table.c.key.in_(chunk))
                items_of.update(connection.execute(query).all())
            for chunk in _chunks(sorted(set(items_of.values()))):
                query = select(schema.items).where(schema.items.c.id.in_(chunk))
                for row in connection.execute(query).mappings():
                    rows[row["id"]] = {**row, "keys": set()}
                for item, key in connection.execute(select(table.c.item, table.c.key).where(table.c.item.in_(chunk))):
                    rows[item]["keys"].add(key)
        return {key: rows[item] for key, item in items_of.items()}

    def paged(self, source: str) -> list[dict[str, Any]]:
        """Rows of a source's items whose own page was read, with the commitment (`payload`) of the words held."""
        items, versions = schema.items, schema.revisions
        held = and_(versions.c.item == items.c.id, versions.c.number == items.c.revisions)
        query = select(items, versions.c.payload).join(versions, held).where(items.c.source == source, items.c.page)
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
            for chunk in _chunks(list(wanted)):
                now = and_(table.c.item == schema.items.c.id, table.c.number == schema.items.c.revisions)
                query = select(table).join(schema.items, now).where(table.c.item.in_(chunk))
                rows.extend(connection.execute(query).mappings())
        return {revision.item: revision for revision in self._revisions(rows)}

    def _revisions(self, rows: Sequence[RowMapping]) -> list[Revision]:
        payloads = self._words.payloads([row["payload"] for row in rows])
        return [_revision(row, payloads.get(row["payload"])) for row in rows]

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
            for chunk in _chunks(sorted(wanted)):
                query = select(table).where(tuple_(table.c.item, table.c.number).in_(chunk))
                rows.extend(connection.execute(query).mappings())
        return {(revision.item, revision.number): revision for revision in self._revisions(rows)}

    # ------------------------------------------------------------ figures

    def counts_by_day(self, since: str, until: str, *, topic: str | None = None) -> dict[str, int]:
        """Items per day (ISO, both ends included), of all or of one topic."""
        table = schema.labels if topic is not None else schema.items
        query = select(table.c.day, func.count()).where(table.c.day >= since, table.c.day <= until)
        if topic is not None:
            query = query.where(schema.labels.c.topic == topic)
        with self._engine.connect() as connection:
            return dict(connection.execute(query.group_by(table.c.day)).all())

    def counts_by_topic(self, since: str, until: str) -> Counter[str]:
        """Items per topic whose day lies in the span, both ends included."""
        table = schema.labels
        query = select(table.c.topic, func.count()).where(table.c.day >= since, table.c.day <= until)
        with self._engine.connect() as connection:
            return Counter(dict(connection.execute(query.group_by(table.c.topic)).all()))

    def counts_by_source(self, since: str, until: str) -> Counter[str]:
        """Items per source whose day lies in the span, both ends included."""
        table = schema.items
        query = select(table.c.source, func.count()).where(table.c.day >= since, table.c.day <= until)
        with self._engine.connect() as connection:
            return Counter(dict(connection.execute(query.group_by(table.c.source)).all()))

    def days_by_topic(self, since: str, until: str) -> dict[str, dict[str, int]]:
        """Items per day (ISO, both ends included) of each topic that has any."""
        table = schema.labels
        query = select(table.c.topic, table.c.day, func.count()).where(table.c.day >= since, table.c.day <= until)
        found: dict[str, dict[str, int]] = {}
        with self._engine.connect() as connection:
            for topic, day, count in connection.execute(query.group_by(table.c.day, table.c.topic)):
                found.setdefault(topic, {})[day] = count
        return found

    def news_by_source(self, since: datetime) -> Counter[str]:
        """Items per source that became news at a moment or later."""
        table = schema.items
        query = select(table.c.source, func.count()).where(table.c.news_at >= stamp(since)).group_by(table.c.source)
        with self._engine.connect() as connection:
            return Counter(dict(connection.execute(query).all()))

    def change_counts(self, since: datetime) -> Counter[str]:
        """Changes after publication per kind, seen at a moment or later."""
        table = schema.changes
        query = select(table.c.kind, func.count()).where(table.c.at >= stamp(since)).group_by(table.c.kind)
        with self._engine.connect() as connection:
            return Counter(dict(connection.execute(query).all()))

    def newest_of(self, sources: Iterable[str]) -> dict[SourceId, Item]:
        """The newest item of each of these sources that has one, without its labels."""
        table, found = schema.items, {}
        with self._engine.connect() as connection:
            for source in sources:
                query = (
                    select(table).where(table.c.source == source).order_by(table.c.news_at.desc(), table.c.id.desc())
                )
                if (row := connection.execute(query.limit(1)).mappings().one_or_none()) is not None:
                    found[SourceId(source)] = _item(row, ())
        return found

    def newest_day(self, upto: str) -> str | None:
        """The last day, not after `upto`, that has an item."""
        query = select(func.max(schema.items.c.day)).where(schema.items.c.day <= upto)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar()

    def marks(self, after: int) -> set[tuple[str, str]]:
        """What feeds are made of and was touched behind a position: pairs of kind and id."""
        table = schema.marks
        query = select(table.c.kind, table.c.id).where(table.c.position > after)
        with self._engine.connect() as connection:
            return {(kind, name) for kind, name in connection.execute(query)}

    # ------------------------------------------------------------ what was published

    def published(self) -> int:
        """The log position that the published feeds were made from, 0 for none."""
        with self._engine.connect() as connection:
            return int(connection.execute(select(schema.published.c.position)).scalar() or 0)

    def put_published(self, position: int) -> None:
        """Remember from which log position the feeds were made."""
        statement = upsert(schema.published).values(name="feeds", position=position)
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
            return [_issued(row) for row in connection.execute(query).mappings()]


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


def _unlabelled(row: Any, payload: bytes | None, topics: list[str]) -> Unlabelled:
    said = json.loads(payload) if payload is not None else {"title": "", "text": ""}
    return Unlabelled(
        item=row.id,
        source=row.source,
        revision=row.number,
        language=row.language,
        title=said["title"],
        text=said["text"],
        rules=row.rules,
        topics=tuple(topics),
        place=row.first_position,
    )


def _item(row: RowMapping, labels: tuple[Label, ...]) -> Item:
    return Item(
        id=ItemId(row["id"]),
        source=SourceId(row["source"]),
        url=row["url"],
        title=row["title"],
        lead=row["lead"],
        authors=tuple(json.loads(row["authors"])),
        published=_published(row, row["date_raw"]),
        seen_at=datetime.fromisoformat(row["seen_at"]),
        news_at=datetime.fromisoformat(row["news_at"]),
        day=row["day"],
        language=row["language"],
        state="withdrawn" if row["withdrawn"] else "revised" if row["edits"] else "current",
        revisions=row["edits"] + 1,
        changed_at=datetime.fromisoformat(row["changed_at"]),
        position=row["position"],
        fingerprint=row["fingerprint"],
        labels=labels,
        noted=row["noted"],
    )


def _published(row: RowMapping, raw: str) -> Published:
    return Published(raw=raw, value=row["date_value"], precision=row["precision"], origin=row["origin"])


def _labels(rows: list[RowMapping], texts: Mapping[tuple[str, int], Revision]) -> tuple[Label, ...]:
    return tuple(
        Label(
            topic=TopicId(row["topic"]),
            score=row["score"],
            level=row["level"],
            revision=row["revision"],
            evidence=_evidence(row, texts),
        )
        for row in sorted(rows, key=lambda row: (-row["score"], row["topic"]))
    )


def _evidence(row: RowMapping, texts: Mapping[tuple[str, int], Revision]) -> tuple[Evidence, ...]:
    text = texts.get((row["item"], row["revision"]))
    if text is None:
        return ()
    return tuple(
        Evidence(
            phrase=piece["phrase"],
            place=piece["place"],
            sentence=(text.title if piece["place"] == "title" else text.text)[piece["start"] : piece["end"]],
        )
        for piece in json.loads(row["evidence"])
    )


def _revision(row: RowMapping, payload: bytes | None) -> Revision:
    said: Mapping[str, Any] = json.loads(payload) if payload is not None else {}
    return Revision(
        item=ItemId(row["item"]),
        number=row["number"],
        seen_at=datetime.fromisoformat(row["seen_at"]),
        position=row["position"],
        title=said.get("title", "[removed]"),
        text=said.get("text", ""),
        html=said.get("html", ""),
        url=said.get("url", ""),
        authors=tuple(said.get("authors", ())),
        published=_published(row, said.get("date_raw", "")),
        fingerprint=row["fingerprint"],
    )


def _health(row: dict[str, Any], poll: Any) -> Health:
    return Health(
        source=SourceId(row["id"]),
        state=row["state"],
        url=row["moved"] or json.loads(row["spec"])["url"],
        since=datetime.fromisoformat(row["since"]) if row["since"] else None,
        failure=row["failure"],
        detail=row["detail"],
        status=row["status"],
        items=row["items"],
        newest=row["newest"],
        last_attempt=poll.last_attempt if poll else None,
        last_success=poll.last_success if poll else None,
        next_run=poll.next_run if poll else None,
    )


def _issued(row: RowMapping) -> Issued:
    return Issued(
        briefing=row["briefing"],
        period=row["period"],
        version=row["version"],
        supersedes=row["supersedes"],
        as_of=row["as_of"],
        position=row["position"],
        published_at=datetime.fromisoformat(row["published_at"]),
        items=tuple(json.loads(row["items"])),
        hashes=json.loads(row["hashes"]),
    )


def _chunks(wanted: list[T]) -> Iterable[list[T]]:
    for start in range(0, len(wanted), _CHUNK):
        yield wanted[start : start + _CHUNK]
