"""One page of facts, folded into rows of the read models."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import delete, select, update

from briefing import events
from briefing.projections import history, schema
from briefing.projections.advice import AdviceFold
from briefing.projections.foresight import DateFold
from briefing.projections.kinship import KinFold
from briefing.projections.lapses import GapFold
from briefing.projections.membership import StoryFold
from briefing.projections.outbox import OutboxFold
from briefing.projections.recipients import RecipientFold
from briefing.projections.rows import described, fresh_source, removal_row, words
from briefing.projections.when import stamp
from briefing.statements import insert_rows, replace_rows, rows_of, update_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Table

    from briefing.events import Recorded

_CHUNK = 500
_GIVEN = select(schema.labels)
_COLUMNS = schema.items.c.keys()


class Fold:
    """The working set of a page: rows read once, changed in memory, written at the end."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._adopted = self._load_adopted()
        self._site_zone = _site_zone(self._adopted)
        self._sources: dict[str, dict[str, Any]] = {}
        self._items: dict[str, dict[str, Any]] = {}
        self._stored: dict[str, dict[str, Any]] = {}
        self._labels: dict[str, dict[str, dict[str, Any]]] = {}  # by item and topic
        self._relabelled: set[str] = set()
        self._marks: dict[tuple[str, str], int] = {}
        self._touched: set[str] = set()
        self._sources_touched: set[str] = set()
        self._adopted_touched: set[str] = set()
        self._rows: dict[Table, list[dict[str, Any]]] = {}
        self._gaps = GapFold(connection)
        self._kin = KinFold(connection)
        self._stories = StoryFold(connection)
        self._dates = DateFold(connection)
        self._mail = OutboxFold(connection)
        self._advice = AdviceFold(connection, self._supersede)
        self._recipients = RecipientFold(connection)
        self._takedowns = self._load_takedowns()
        self._taken_down: dict[str, dict[str, Any]] = {}

    def _load_adopted(self) -> dict[str, dict[str, Any]]:
        rows = self._db.execute(select(schema.adopted)).mappings()
        return {row["name"]: dict(row) for row in rows}

    def _load_takedowns(self) -> dict[str, dict[str, Any]]:
        return {row["item"]: dict(row) for row in self._db.execute(select(schema.takedowns)).mappings()}

    # ------------------------------------------------------------ applying

    def apply(self, page: list[Recorded]) -> None:
        """Apply the facts in order; one that does not fit raises whatever it runs into."""
        self._load_sources({getattr(recorded.event, "source", None) for recorded in page} - {None})
        self._load_items(page)
        self._gaps.load(page)
        self._dates.load(page)
        self._recipients.load(page)
        self._mail.load(page)
        for recorded in page:
            getattr(self, "_" + recorded.event.NAME.replace(".", "_").replace("-", "_"))(recorded, recorded.event)

    def _load_sources(self, wanted: set[Any]) -> None:
        for chunk in _chunks(sorted(wanted - self._sources.keys())):
            for row in self._db.execute(select(schema.sources).where(schema.sources.c.id.in_(chunk))).mappings():
                self._sources[row["id"]] = dict(row)

    def _load_items(self, page: list[Recorded]) -> None:
        wanted = sorted(
            {
                item
                for recorded in page
                if not isinstance(recorded.event, events.ItemObserved)
                and (item := getattr(recorded.event, "item", None)) is not None
            }
        )
        for chunk in _chunks(wanted):
            for values in self._db.execute(select(schema.items).where(schema.items.c.id.in_(chunk))):
                row = dict(zip(_COLUMNS, values, strict=True))
                self._stored[row["id"]] = row
                self._items[row["id"]] = row.copy()
        self._load_labels(wanted)
        self._advice.load(wanted)

    def _load_labels(self, wanted: list[str]) -> None:
        for row in rows_of(self._db, _GIVEN, schema.labels.c.item, wanted):
            self._labels.setdefault(row.item, {})[row.topic] = row._asdict()

    def _supersede(self, table: Table, row: dict[str, Any], at: Recorded) -> None:
        """Keep what a row has said until now."""
        self._rows.setdefault(history.PAST[table], []).append(history.superseded(table, row, at.position))

    def _settings_adopted(self, at: Recorded, event: events.SettingsAdopted) -> None:
        self._adopt("settings", at, event.data())
        if (zone := _site_zone(self._adopted)) != self._site_zone:
            self._site_zone = zone
            self._move_days(at)

    def _topics_adopted(self, at: Recorded, event: events.TopicsAdopted) -> None:
        self._adopt("topics", at, event.data())

    def _stories_adopted(self, at: Recorded, event: events.StoriesAdopted) -> None:
        self._adopt("stories", at, event.data())

    def _house_adopted(self, at: Recorded, event: events.HouseAdopted) -> None:
        self._adopt("house", at, event.data())

    def _adopt(self, name: str, at: Recorded, data: dict[str, Any]) -> None:
        if (before := self._adopted.get(name)) is not None:
            self._supersede(schema.adopted, before, at)
        self._adopted[name] = {"name": name, "position": at.position, "data": json.dumps(data, ensure_ascii=False)}
        self._adopted_touched.add(name)
        self._marks["settings", ""] = at.position

    def _source(self, source: str, at: Recorded) -> dict[str, Any]:
        """The row of a source, to be changed by an event."""
        row = self._sources[source]
        self._supersede(schema.sources, row, at)
        return row

    def _source_added(self, at: Recorded, event: events.SourceAdded | events.SourceChanged) -> None:
        known = event.source in self._sources
        row = self._source(event.source, at) if known else fresh_source(event.source)
        self._sources[event.source] = row
        old = json.loads(row["spec"])
        spec = json.dumps(event.spec, ensure_ascii=False)
        row |= {"spec": spec, "active": True, "position": at.position}
        if old.get("url") != event.spec["url"]:
            row |= {"moved": "", "moved_at": None, "named": "", "named_at": None}
        self._touch_source(event.source, at.position)
        self._marks["settings", ""] = at.position  # it is named in the list of feeds, and in all feeds with its items
        if known:  # errata name their source, and say as much as it allows
            self._marks["errata", ""] = at.position

    _source_changed = _source_added

    def _source_retired(self, at: Recorded, event: events.SourceRetired) -> None:
        row = self._source(event.source, at)
        row |= {"active": False, "position": at.position}
        self._touch_source(event.source, at.position)
        self._marks["settings", ""] = at.position

    def _source_failed(self, at: Recorded, event: events.SourceFailed) -> None:
        state = {"blocked": "blocked", "gone": "gone"}.get(event.failure, "failing")
        row = self._source(event.source, at)
        self._turn(at, row, state, failure=event.failure, detail=event.detail, status=event.status)
        since = row["since"] if row["state"] == state else stamp(at.recorded_at)
        row |= {
            "state": state, "since": since, "failure": event.failure, "detail": event.detail, "status": event.status,
            "health_position": at.position, "position": at.position,
        }  # fmt: skip
        self._sources_touched.add(event.source)

    def _source_recovered(self, at: Recorded, event: events.SourceRecovered) -> None:
        row = self._source(event.source, at)
        if row["state"] != "new":  # that a source is read for the first time is no news
            self._turn(at, row, "ok")
        self._well(at, row, "ok", stamp(at.recorded_at))

    def _source_stale(self, at: Recorded, event: events.SourceStale) -> None:
        row = self._source(event.source, at)
        last = stamp(datetime.fromisoformat(event.last))
        self._turn(at, row, "stale", last=last)
        self._well(at, row, "stale", last)

    def _source_spoke(self, at: Recorded, event: events.SourceSpoke) -> None:
        row = self._source(event.source, at)
        self._turn(at, row, "ok")
        self._well(at, row, "ok", stamp(at.recorded_at))

    def _well(self, at: Recorded, row: dict[str, Any], state: str, since: str) -> None:
        row |= {"state": state, "since": since, "failure": "", "detail": "", "status": None}
        row |= {"health_position": at.position, "position": at.position}
        self._sources_touched.add(row["id"])

    def _turn(self, at: Recorded, row: dict[str, Any], state: str, **why: Any) -> None:
        """Keep that a source's state changes, for the feed of changes of state."""
        turn = {
            "position": at.position, "source": row["id"], "at": stamp(at.recorded_at), "state": state,
            "before": row["state"], "since": row["since"], "failure": "", "detail": "", "status": None, "last": None,
        }  # fmt: skip
        self._rows.setdefault(schema.health, []).append(turn | why)
        self._marks["health", ""] = at.position

    def _source_moved(self, at: Recorded, event: events.SourceMoved) -> None:
        row = self._source(event.source, at)
        row |= {"moved": event.url, "moved_at": stamp(at.recorded_at), "position": at.position}
        self._sources_touched.add(event.source)
        self._marks["health", ""] = at.position

    def _source_self_named(self, at: Recorded, event: events.SourceSelfNamed) -> None:
        row = self._source(event.source, at)
        row |= {"named": event.url, "named_at": stamp(at.recorded_at), "position": at.position}
        self._sources_touched.add(event.source)
        self._marks["health", ""] = at.position

    def _source_rested(self, at: Recorded, event: events.SourceRested) -> None:
        """The failure beside it says all that is shown."""

    def _source_backfilled(self, at: Recorded, event: events.SourceBackfilled) -> None:
        row = self._source(event.source, at)
        row |= {"backfilled": event.since, "position": at.position}
        self._sources_touched.add(event.source)

    def _source_gap_suspected(self, at: Recorded, event: events.GapSuspected) -> None:
        self._gaps.suspected(at, event)
        self._marks["health", ""] = at.position

    def _source_gap_closed(self, at: Recorded, event: events.GapClosed) -> None:
        self._gaps.settled(at, event, "closed")
        self._marks["health", ""] = at.position

    def _source_gap_left_open(self, at: Recorded, event: events.GapLeftOpen) -> None:
        self._gaps.settled(at, event, "open", event.reason)
        self._marks["health", ""] = at.position

    def _item_observed(self, at: Recorded, event: events.ItemObserved) -> None:
        source = self._sources[event.source]
        seen = stamp(at.recorded_at)
        said = self._said(at, event.item)
        row = {
            "id": event.item, "source": event.source, "seen_at": seen, "archive": event.archive, "quiet": event.quiet,
            "revisions": 1, "edits": 0, "withdrawn": False, "first_position": at.position, "rules": "", "labelled": 0,
            "date_value": event.published, "precision": event.precision, "origin": event.origin,
        } | words(said, event.language)  # fmt: skip
        row |= self._dated(row, event.source)
        self._items[event.item] = row
        self._store_revision(at, event, 1, row)
        self._store_keys(event.item, event.keys)
        self._kin.read(event.item, event.source, said)
        source["items"] += 1
        if event.published and event.published > (source["newest"] or ""):
            source["newest"] = event.published
        self._rows.setdefault(history.sightings, []).append(
            {
                "source": event.source, "position": at.position, "items": source["items"], "newest": source["newest"],
            }
        )  # fmt: skip
        self._touch_item(row, at, changed=True)

    def _item_revised(self, at: Recorded, event: events.ItemRevised) -> None:
        row = self._items[event.item]
        self._supersede(schema.items, row, at)
        before, said = row["revisions"], self._said(at, event.item)
        row |= words(said, event.language) | {"revisions": event.revision}
        if event.published is not None:
            row |= {"date_value": event.published, "precision": event.precision, "origin": event.origin}
            row |= self._dated(row, event.source)
            self._move_labels(row, at)
        if not event.completed:
            row["edits"] += 1
            self._store_change(at, row, "revised", (before, event.revision))
        self._store_revision(at, event, event.revision, row)
        self._store_keys(event.item, event.keys)
        self._kin.read(event.item, event.source, said)
        self._touch_item(row, at, changed=True)

    def _item_withdrawn(self, at: Recorded, event: events.ItemWithdrawn) -> None:
        row = self._items[event.item]
        self._supersede(schema.items, row, at)
        row["withdrawn"] = True
        self._dates.standing(at, event.item, gone=True)
        self._store_change(at, row, "withdrawn", (row["revisions"], 0), "page" if event.status else "feed")
        self._touch_item(row, at, changed=True)

    def _item_restored(self, at: Recorded, event: events.ItemRestored) -> None:
        row = self._items[event.item]
        self._supersede(schema.items, row, at)
        row["withdrawn"] = False
        self._dates.standing(at, event.item, gone=False)
        self._store_change(at, row, "restored", (row["revisions"], 0))
        self._touch_item(row, at, changed=True)

    def _item_aliased(self, at: Recorded, event: events.ItemAliased) -> None:
        row = self._items[event.item]
        self._store_keys(row["id"], event.keys)
        if event.payload is None:
            return
        self._supersede(schema.items, row, at)
        if (said := self._said(at, event.item)) is not None:
            row["url"] = said["url"]
        self._touch_item(row, at, changed=False)

    def _item_taken_down(self, at: Recorded, event: events.ItemTakenDown) -> None:
        row = self._items[event.item]
        self._forget(event.item, row["language"])
        self._kin.forget(event.item)
        self._dates.forget(at, event.item)
        row |= words(None, row["language"])
        self._supersede(schema.items, row, at)  # what it said before is not kept either
        removed = removal_row(event.item, at.position, at.recorded_at, event.reason, event.legal_basis)
        self._takedowns[event.item] = self._taken_down[event.item] = removed
        self._store_change(at, row, "removed", (row["revisions"], 0))
        self._marks["errata", ""] = at.position
        self._touch_item(row, at, changed=True)

    def _forget(self, item: str, language: str) -> None:
        """Take an item's words out of every row, of now and before, that is written or still to be."""
        nothing = words(None, language)
        for table, (name, columns) in history.worded().items():
            emptied = {column: nothing[column] for column in columns}
            self._db.execute(update(table).where(table.c[name] == item).values(**emptied))
            for row in self._rows.get(table, ()):
                if row[name] == item:
                    row |= emptied

    def _said(self, at: Recorded, item: str) -> dict[str, Any] | None:
        """The words of a fact; none where its item has been taken down, though they may not be erased yet."""
        if at.payload is None or item in self._takedowns:
            return None
        said: dict[str, Any] = orjson.loads(at.payload)
        return said

    def _item_classified(self, at: Recorded, event: events.ItemClassified) -> None:
        row = self._items[event.item]
        before = self._labels.get(event.item, {})
        # A topic that an edit dropped keeps the label of the earlier version, so that its readers see the edit.
        kept = dict(before) if row["rules"] == event.rules else {}
        if event.revision == row["labelled"]:  # judged once more: what was said of this version before is no more
            kept = {topic: label for topic, label in kept.items() if label["revision"] < event.revision}
        row |= {"rules": event.rules, "labelled": event.revision}
        for label in event.labels:
            topic = label["topic"]
            given = {
                "item": event.item,
                "topic": topic,
                "score": label["score"],
                "level": label["level"],
                "revision": event.revision,
                "evidence": json.dumps(label["evidence"]),
                "earned": label.get("earned", "rules"),
                "news_at": row["news_at"],
                "day": row["day"],
                "position": at.position,
            }
            kept[topic] = _unless_alike(before.get(topic), given)
        kept = self._advice.corrected(row, before, kept, at)
        self._label(row, before, self._mentioned(row, before, kept, event, at), at)

    def _mentioned(
        self,
        row: dict[str, Any],
        before: dict[str, dict[str, Any]],
        kept: dict[str, dict[str, Any]],
        event: events.ItemClassified,
        at: Recorded,
    ) -> dict[str, dict[str, Any]]:
        """With what the item names, as this version does: kept like topics, under names that no topic has."""
        found = {topic: label for topic, label in kept.items() if not topic.startswith(schema.NAMED)}
        for mention in event.mentions:
            topic = f"{schema.NAMED}{mention['name']}"
            given = {
                "item": event.item, "topic": topic, "score": 0, "level": "mentioned", "revision": event.revision,
                "evidence": json.dumps(mention["evidence"]), "earned": "rules", "news_at": row["news_at"],
                "day": row["day"], "position": at.position,
            }  # fmt: skip
            found[topic] = _unless_alike(before.get(topic), given)
        return found

    def _label(
        self, row: dict[str, Any], before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]], at: Recorded
    ) -> None:
        item = row["id"]
        self._touched.add(item)
        for topic, label in before.items():
            if after.get(topic) is not label:
                self._supersede(schema.labels, label, at)
            if topic not in after:
                self._marks["topic", topic] = at.position
        if before or after:  # else no reader sees a difference
            self._labels[item] = after
            self._mark_item(row, at)
        if after != before:
            self._relabelled.add(item)

    def _item_dates_found(self, at: Recorded, event: events.ItemDatesFound) -> None:
        if event.item not in self._takedowns:
            self._dates.found(at, event, gone=self._items[event.item]["withdrawn"])
            self._mark_item(self._items[event.item], at)

    def _item_label_corrected(self, at: Recorded, event: events.LabelCorrected) -> None:
        row, before = self._items[event.item], self._labels.get(event.item, {})
        self._advice.correct(at, event)
        self._touch_suggested(row, self._advice.withdraw(row["id"], event.topic, at), at)
        self._label(row, before, self._advice.corrected(row, before, dict(before), at), at)

    def _item_suggested(self, at: Recorded, event: events.ItemSuggested) -> None:
        row = self._items[event.item]
        self._touch_suggested(row, self._advice.suggest(row, at, event), at)

    def _touch_suggested(self, row: dict[str, Any], topics: set[str], at: Recorded) -> None:
        for topic in topics:
            self._marks["topic", topic] = at.position
        if topics:
            self._touch_source(row["source"], at.position)

    def _topics_models_trained(self, at: Recorded, event: events.ModelsTrained) -> None:
        row = {"position": at.position, "log": event.log, "recipe": event.recipe, "encoder": event.encoder}
        self._rows.setdefault(schema.models, []).append(row | {"models": json.dumps(event.models)})

    def _item_linked(self, at: Recorded, event: events.ItemLinked) -> None:
        self._kin.link(at.position, event)

    def _story_joined(self, at: Recorded, event: events.StoryJoined) -> None:
        self._stories.join(at, event)
        self._marks["stories", ""] = at.position

    def _issue_published(self, at: Recorded, event: events.IssuePublished) -> None:
        row = {
            "briefing": event.briefing, "period": event.period, "version": event.version,
            "supersedes": event.supersedes, "as_of": event.as_of, "position": at.position,
            "published_at": stamp(at.recorded_at), "items": json.dumps(event.items),
            "hashes": json.dumps(event.hashes),
        }  # fmt: skip
        self._rows.setdefault(schema.issues, []).append(row)
        self._marks["briefing", event.briefing] = at.position

    def _recipient_subscribed(self, at: Recorded, event: events.RecipientSubscribed) -> None:
        self._recipients.wanted(at, event, event.by)

    def _recipient_confirmed(self, at: Recorded, event: events.RecipientConfirmed) -> None:
        self._recipients.wanted(at, event, "self")

    def _recipient_changed(self, at: Recorded, event: events.RecipientChanged) -> None:
        self._recipients.wanted(at, event, event.by, "paused" if event.paused else "active")

    def _recipient_unsubscribed(self, at: Recorded, event: events.RecipientUnsubscribed) -> None:
        self._recipients.unsubscribed(at, event)

    def _recipient_suppressed(self, at: Recorded, event: events.RecipientSuppressed) -> None:
        self._recipients.suppressed(at, event)

    def _recipient_forgotten(self, at: Recorded, event: events.RecipientForgotten) -> None:
        self._recipients.forgotten(at, event)

    def _issue_erratum(self, at: Recorded, event: events.ErratumIssued) -> None:
        row = {
            "position": at.position, "briefing": event.briefing, "period": event.period, "version": event.version,
            "item": event.item, "number": event.number, "change_position": event.change, "kind": event.kind,
            "at": stamp(at.recorded_at),
        }  # fmt: skip
        self._rows.setdefault(schema.errata, []).append(row)
        self._marks["briefing", event.briefing] = at.position

    def _mail_told(self, at: Recorded, _: events.Event) -> None:
        self._mail.apply(at)

    _mail_decided = _mail_accepted = _mail_deferred = _mail_refused = _mail_told
    _mail_unconfirmed = _mail_released = _mail_dropped = _mail_bounced = _mail_told

    # ------------------------------------------------------------ small steps

    def _dated(self, row: dict[str, Any], source: str) -> dict[str, Any]:
        return described(row, _source_zone(self._sources[source]["spec"]), self._site_zone)

    def _touch_item(self, row: dict[str, Any], at: Recorded, *, changed: bool) -> None:
        self._touched.add(row["id"])
        if changed:
            row["changed_at"] = stamp(at.recorded_at)
        row["position"] = at.position
        self._mark_item(row, at)

    def _mark_item(self, row: dict[str, Any], at: Recorded) -> None:
        self._touch_source(row["source"], at.position)
        for topic in self._labels.get(row["id"], ()):
            self._marks["topic", topic] = at.position

    def _touch_source(self, source: str, position: int) -> None:
        self._sources_touched.add(source)
        self._marks["source", source] = position

    def _store_keys(self, item: str, keys: Iterable[str]) -> None:
        if keys := list(keys):
            self._rows.setdefault(schema.keys, []).extend({"key": key, "item": item} for key in keys)

    def _store_revision(
        self, at: Recorded, event: events.ItemObserved | events.ItemRevised, number: int, row: dict[str, Any]
    ) -> None:
        self._rows.setdefault(schema.revisions, []).append(
            {
                "item": event.item, "number": number, "position": at.position, "seen_at": stamp(at.recorded_at),
                "payload": event.payload, "fingerprint": row["fingerprint"], "date_value": row["date_value"],
                "precision": row["precision"], "origin": row["origin"],
            }
        )  # fmt: skip

    def _store_change(
        self, at: Recorded, row: dict[str, Any], kind: str, versions: tuple[int, int], evidence: str = ""
    ) -> None:
        before, after = versions
        self._rows.setdefault(schema.changes, []).append(
            {
                "position": at.position, "item": row["id"], "source": row["source"], "kind": kind,
                "at": stamp(at.recorded_at), "before": before, "after": after, "evidence": evidence,
            }
        )  # fmt: skip
        self._marks["changes", ""] = at.position

    def _move_labels(self, row: dict[str, Any], at: Recorded) -> None:
        """Labels stand where their item stands."""
        moved = {"news_at": row["news_at"], "day": row["day"]}
        given = self._labels.get(row["id"], {})
        for topic, label in given.items():
            if any(label[name] != value for name, value in moved.items()):
                self._supersede(schema.labels, label, at)
                given[topic] = label | moved | {"position": at.position}
                self._relabelled.add(row["id"])
        self._advice.move(row, at)

    def _move_days(self, at: Recorded) -> None:
        """The site's zone changed: every item finds its day anew."""
        for row in self._db.execute(select(schema.items)).mappings():
            if row["id"] not in self._items:
                self._items[row["id"]] = dict(row)
                self._stored[row["id"]] = dict(row)
        self._load_sources({known["source"] for known in self._items.values()})
        moved = {}
        for item, known in self._items.items():
            dated = self._dated(known, known["source"])
            if any(known[name] != value for name, value in dated.items()):
                moved[item] = dated
        self._load_labels(sorted(item for item in moved if item in self._stored and item not in self._labels))
        self._advice.load(sorted(moved))
        for item, dated in moved.items():
            known = self._items[item]
            self._supersede(schema.items, known, at)
            known |= dated | {"position": at.position}
            self._touched.add(item)
            self._move_labels(known, at)

    # ------------------------------------------------------------ writing

    def write(self) -> None:
        """Bring all changed rows into the database."""
        new = [self._items[item] for item in self._touched if item not in self._stored]
        old = [self._items[item] for item in self._touched if item in self._stored]
        insert_rows(self._db, schema.items, new)
        update_rows(self._db, schema.items, old, self._stored)
        self._write_labels()
        for table, rows in self._rows.items():
            insert_rows(self._db, table, rows, known_stay=table is schema.keys)
        replace_rows(self._db, schema.sources, [self._sources[source] for source in sorted(self._sources_touched)])
        self._gaps.write()
        replace_rows(self._db, schema.adopted, [self._adopted[name] for name in sorted(self._adopted_touched)])
        self._stories.write()
        for topic, position in self._stories.topics():
            self._marks["topic", topic] = max(position, self._marks.get(("topic", topic), 0))
        marks = [{"kind": kind, "id": name, "position": at} for (kind, name), at in sorted(self._marks.items())]
        replace_rows(self._db, schema.marks, marks)
        replace_rows(self._db, schema.takedowns, list(self._taken_down.values()))
        self._kin.write()
        self._dates.write()
        self._advice.write()
        self._recipients.write()
        self._mail.write()

    def _write_labels(self) -> None:
        known = sorted(item for item in self._relabelled if item in self._stored)
        for chunk in _chunks(known):
            self._db.execute(delete(schema.labels).where(schema.labels.c.item.in_(chunk)))
        given = (self._labels[item] for item in sorted(self._relabelled))
        insert_rows(self._db, schema.labels, [label for labels in given for label in labels.values()])


def _unless_alike(before: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, Any]:
    """A label, the one from before where it says the same."""
    return before if before is not None and before | {"position": after["position"]} == after else after


def _site_zone(adopted: dict[str, dict[str, Any]]) -> str:
    if "settings" not in adopted:
        return "UTC"
    return str(json.loads(adopted["settings"]["data"])["site"]["timezone"])


@lru_cache(maxsize=256)
def _source_zone(spec: str) -> str | None:
    zone: str | None = json.loads(spec).get("timezone")
    return zone


def _chunks(wanted: list[str]) -> Iterable[list[str]]:
    for start in range(0, len(wanted), _CHUNK):
        yield wanted[start : start + _CHUNK]
