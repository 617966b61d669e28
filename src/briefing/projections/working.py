"""Questions of the work itself to the read models: about now, never about the past."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from briefing.projections import nouns, schema
from briefing.projections.library import Holdings
from briefing.projections.teaching import Teaching
from briefing.statements import replace_rows, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefing.model import Attempt, Revision
    from briefing.projections.nouns import Unlabelled
    from briefing.projections.view import Moment

_ITEMS_OF = select(schema.keys.c.key, schema.keys.c.item)
_GIVEN = select(schema.labels.c.item, schema.labels.c.topic)

_SPOKEN = 500  # items that tell on which days a source spoke


class Library(Teaching, Holdings):
    """What is known now, and what collecting, classifying and publishing need to go on from there."""

    def at(self, moment: Moment) -> Holdings:
        """What was known at a position of the log at which the read models stand, or which is behind them."""
        return Holdings(self._engine, self._words, moment=moment)

    def is_classified(self, item: str) -> bool:
        """Whether an item was given its topics, under whatever rules."""
        query = select(schema.items.c.rules).where(schema.items.c.id == item)
        with self._engine.connect() as connection:
            return bool(connection.execute(query).scalar())

    def attempts(self, source: str) -> tuple[Attempt, ...]:
        """The last attempts at a source, the newest first; none of the past, for the log does not say."""
        return self._polls.attempts(source) if self._polls is not None else ()

    def spoken(self, source: str) -> tuple[list[int], datetime]:
        """The days on which a source had something new, as far back as its newest items tell, and the last moment."""
        table = schema.items
        query = select(table.c.news_at).where(table.c.source == source)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(table.c.news_at.desc()).limit(_SPOKEN)).all()
        last = datetime.fromisoformat(rows[0].news_at)
        days = [date.fromisoformat(row.news_at[:10]).toordinal() for row in rows]
        return days, last

    def unclassified(self, rules: str, limit: int, *, start: int = 0) -> list[Unlabelled]:
        """Versions that have no labels under these rules yet, in the order of the log and of versions.

        `start` is the place of the first item to look at.
        """
        items, versions = schema.items, schema.revisions
        stale = or_(items.c.rules != rules, versions.c.number > items.c.labelled)
        columns = (
            items.c.id, items.c.source, items.c.language, items.c.rules, items.c.first_position,
            items.c.url, versions.c.number, versions.c.payload,
            versions.c.date_value, versions.c.seen_at, items.c.archive, items.c.labelled,
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
                if not topic.startswith(schema.NAMED):
                    given.setdefault(item, []).append(topic)
        words = self._words.payloads([row.payload for row in rows])
        return [nouns.unlabelled(row, words.get(row.payload), given.get(row.id, [])) for row in rows]

    def labelled(self) -> bool:
        """Whether any item was classified, under whatever rules."""
        with self._engine.connect() as connection:
            return (
                connection.execute(select(schema.items.c.id).where(schema.items.c.rules != "").limit(1)).first()
                is not None
            )

    def held_from(self, start: int, limit: int) -> list[Unlabelled]:
        """The versions held of items from a place in the log on, in its order; no labels stand with them."""
        items, versions = schema.items, schema.revisions
        held = and_(versions.c.item == items.c.id, versions.c.number == items.c.revisions)
        columns = (
            items.c.id, items.c.source, items.c.language, items.c.rules, items.c.first_position, items.c.url,
            versions.c.number, versions.c.payload, versions.c.date_value, versions.c.seen_at, items.c.archive,
            items.c.labelled,
        )  # fmt: skip
        query = select(*columns).join(versions, held).where(items.c.first_position >= start)
        query = query.where(items.c.id.not_in(select(schema.takedowns.c.item)))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(items.c.first_position).limit(limit)).all()
        words = self._words.payloads([row.payload for row in rows])
        return [nouns.unlabelled(row, words.get(row.payload), []) for row in rows]

    def classified(self, rules: str, limit: int, *, start: int = 0) -> list[Unlabelled]:
        """The versions held that have their labels under these rules, in the order of the log; `start` is the place of
        the last item that is to be left out.
        """
        items, versions = schema.items, schema.revisions
        columns = (
            items.c.id, items.c.source, items.c.language, items.c.rules, items.c.first_position,
            items.c.url, versions.c.number, versions.c.payload,
            versions.c.date_value, versions.c.seen_at, items.c.archive, items.c.labelled,
        )  # fmt: skip
        held = and_(versions.c.item == items.c.id, versions.c.number == items.c.revisions)
        query = select(*columns).join(versions, held).where(items.c.first_position > start)
        query = query.where(items.c.rules == rules, items.c.labelled == items.c.revisions)
        query = query.where(items.c.id.not_in(select(schema.takedowns.c.item)))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(items.c.first_position).limit(limit)).all()
        words = self._words.payloads([row.payload for row in rows])
        return [nouns.unlabelled(row, words.get(row.payload), []) for row in rows]

    def versions_of(self, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Revision]:
        """These versions, by item and number; unknown ones are missing."""
        return self._versions(set(wanted))

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

    def known_before(self, items: Iterable[str], position: int) -> frozenset[str]:
        """Those of these items that were first seen before a position of the log."""
        table = schema.items
        found: set[str] = set()
        with self._engine.connect() as connection:
            for chunk in nouns.chunks(sorted(set(items))):
                query = select(table.c.id).where(table.c.id.in_(chunk), table.c.first_position < position)
                found.update(connection.execute(query).scalars())
        return frozenset(found)

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

    def rows_of(self, wanted: Iterable[str]) -> list[dict[str, Any]]:
        """Rows of these items as `paged` gives them, whatever their text was read from, each with its `keys`."""
        if not (wanted := sorted(wanted)):
            return []
        items, versions, keys = schema.items, schema.revisions, schema.keys
        held = and_(versions.c.item == items.c.id, versions.c.number == items.c.revisions)
        found: dict[str, dict[str, Any]] = {}
        with self._engine.connect() as connection:
            for chunk in nouns.chunks(wanted):
                query = select(items, versions.c.payload).join(versions, held).where(items.c.id.in_(chunk))
                query = query.where(items.c.id.not_in(select(schema.takedowns.c.item)))
                found.update((row["id"], {**row, "keys": set()}) for row in connection.execute(query).mappings())
            for key, item in rows_of(connection, _ITEMS_OF, keys.c.item, list(found)):
                found[item]["keys"].add(key)
        return sorted(found.values(), key=lambda row: row["first_position"])

    def held_payload(self, item: str) -> str:
        """The commitment of the words held of an item; empty where it is not known."""
        items, versions = schema.items, schema.revisions
        held = and_(versions.c.item == items.c.id, versions.c.number == items.c.revisions)
        query = select(versions.c.payload).select_from(items.join(versions, held)).where(items.c.id == item)
        with self._engine.connect() as connection:
            return str(connection.execute(query).scalar() or "")

    def marks(self, after: int) -> set[tuple[str, str]]:
        """What feeds are made of and was touched behind a position: pairs of kind and id."""
        table = schema.marks
        query = select(table.c.kind, table.c.id).where(table.c.position > after)
        with self._engine.connect() as connection:
            return {(kind, name) for kind, name in connection.execute(query)}

    def published(self, name: str = "feeds") -> int:
        """The log position that the published feeds were made from, 0 for none; or another mark of that kind."""
        query = select(schema.published.c.position).where(schema.published.c.name == name)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def put_published(self, position: int, name: str = "feeds") -> None:
        """Remember from which log position the feeds were made, or another mark of that kind."""
        with self._engine.begin() as connection:
            replace_rows(connection, schema.published, [{"name": name, "position": position}])
