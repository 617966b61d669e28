"""What the tests of the log and of its read models share: events to append, histories, and a look at the tables."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from briefing import events
from briefing.events import canonical
from briefing.eventstore import New, SqlStore, connect, writing
from briefing.projections import Library, Polls, Projector, schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from briefing.projections.projector import Log

START = datetime(2016, 11, 18, 9, 30, tzinfo=UTC)
ZONES = ("UTC", "Asia/Tokyo", "America/New_York")


class Clock:
    """A clock that stands still until it is set or moved."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


class Shelf:
    """A log on disk, or in the database of a URL, with its read models."""

    def __init__(self, folder: Path, clock: Clock | None = None, name: str = "log.db", url: str = "") -> None:
        self.file = folder / name
        self.url = url or f"sqlite:///{self.file}"
        self.clock = clock or Clock()
        self.open()

    def open(self) -> None:
        self.engine = connect(self.url)
        self.store = SqlStore(self.engine, self.clock)
        self.projector = Projector(self.engine, self.store, writing)
        self.polls = Polls(self.engine, writing)
        self.library = Library(self.engine, self.store, self.polls)

    def close(self) -> None:
        self.engine.dispose()

    def tell(self, *news: New, stream: str = "source:selvane") -> int:
        """Append, project, and give back the position of the last event."""
        answers = self.store.append(stream, news)
        self.projector.catch_up()
        return answers[-1].position

    def row(self, item: str) -> dict[str, Any]:
        """The row of an item."""
        with self.engine.connect() as connection:
            return dict(connection.execute(select(schema.items).where(schema.items.c.id == item)).mappings().one())

    def touched(self, after: int) -> set[tuple[str, str]]:
        return self.library.marks(after)


def tables(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every read model but the checkpoint, in the order of the keys."""
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in schema.metadata.sorted_tables
            if table is not schema.checkpoints
        }


def one_by_one(log: Log, upto: int) -> dict[str, list[tuple[Any, ...]]]:
    """The read models of a log up to a position, folded anew in memory, one event at a time."""
    engine = connect("sqlite:///:memory:")
    projector = Projector(engine, log, writing)
    for position in range(1, upto + 1):
        projector.catch_up(upto=position)
    found = tables(engine)
    engine.dispose()
    return found


def assert_sound(log: Log) -> Counter[str]:
    """The log has no gap, no fact twice and versions that count from one; how many of which kind it has."""
    told: list[events.Recorded] = []
    while page := log.read(len(told)):
        told += page
    assert [one.position for one in told] == list(range(1, len(told) + 1))
    facts: Counter[Any] = Counter()
    versions: dict[str, list[int]] = {}
    for said in (one.event for one in told if one.event.NAME.startswith("item.")):
        data = said.data()
        facts[said.NAME, data["item"], data.get("revision", 1), tuple(data.get("keys", ()))] += 1
        if said.NAME == "item.revised":
            versions.setdefault(data["item"], [1]).append(data["revision"])
    assert {fact for fact, times in facts.items() if times > 1} == set()
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in versions.values())
    return Counter(one.event.NAME for one in told)


# ---------------------------------------------------------------- events


def words(title: str = "Talks on the strait", text: str = "Both sides met. They agreed.", **more: Any) -> bytes:
    """A publisher's words as a payload."""
    said: dict[str, Any] = {
        "authors": [], "categories": [], "date_raw": "", "entry_print": "", "guid": None, "html": f"<p>{text}</p>",
        "page": False, "page_title": "", "problem": "", "summary": "", "text": text, "title": title,
        "url": "https://selvane.example/1",
    }  # fmt: skip
    return canonical(said | more)


def adopted(zone: str = "UTC", title: str = "Harbour Desk") -> New:
    site = {
        "title": title, "url": "https://desk.example", "language": "en", "timezone": zone, "contact": "a@desk.example",
    }  # fmt: skip
    event = events.SettingsAdopted(site=site, digests=(), briefings=())
    return New(event=event, key=f"settings:{zone}:{title}")


def source(name: str = "selvane", **spec: Any) -> New:
    whole = {
        "id": name, "name": name.title(), "institution": "ministry", "country": "JP",
        "url": f"https://{name}.example/feed", "kind": "feed",
    } | spec  # fmt: skip
    return New(event=events.SourceAdded(source=name, spec=whole), key=f"added:{canonical(whole).decode()}")


def changed(name: str = "selvane", **spec: Any) -> New:
    added = source(name, **spec)
    assert isinstance(added.event, events.SourceAdded)
    return New(event=events.SourceChanged(source=name, spec=added.event.spec), key=f"changed:{added.key}")


def observed(
    item: str,
    name: str = "selvane",
    *,
    payload: bytes | None = None,
    published: str | None = None,
    precision: str | None = None,
    archive: bool = False,
    keys: Sequence[str] = (),
    language: str = "en",
) -> New:
    event = events.ItemObserved(
        item=item, source=name, keys=tuple(keys) or (f"k-{item}",), payload="", language=language, archive=archive,
        published=published, precision=precision, origin="feed" if published else "none",
    )  # fmt: skip
    return New(event=event, key=f"observed:{item}", payload=payload or words(title=f"About {item}"))


def revised(
    item: str,
    number: int,
    name: str = "selvane",
    *,
    payload: bytes | None = None,
    published: str | None = None,
    precision: str | None = None,
    completed: bool = False,
    keys: Sequence[str] = (),
) -> New:
    event = events.ItemRevised(
        item=item, source=name, revision=number, changed=("text",), keys=tuple(keys), payload="", language="en",
        completed=completed, published=published, precision=precision, origin="feed" if published else "none",
    )  # fmt: skip
    said = payload or words(title=f"About {item}", text=f"Version {number} of it.")
    return New(event=event, key=f"revised:{item}:{number}", payload=said)


def label(topic: str, score: int = 3) -> dict[str, Any]:
    evidence = [{"phrase": topic, "place": "title", "start": 0, "end": 5}]
    return {"topic": topic, "score": score, "level": "primary", "evidence": evidence}


def classified(item: str, number: int, *topics: str, rules: str = "rules-1", name: str = "selvane") -> New:
    event = events.ItemClassified(
        item=item, source=name, revision=number, rules=rules, labels=tuple(label(topic) for topic in topics)
    )
    return New(event=event, key=f"classified:{item}:{number}:{rules}")


def fact(event: events.Event, key: str) -> New:
    return New(event=event, key=key)


def failed(failure: str, key: str, name: str = "selvane", status: int | None = None) -> New:
    return fact(events.SourceFailed(source=name, failure=failure, detail="it broke", status=status), key)


def takedown(item: str, marks: tuple[str, ...], key: str = "takedown", name: str = "selvane") -> New:
    """The takedown of an item."""
    event = events.ItemTakenDown(
        item=item, source=name, payloads=marks, reason="An order of the court", legal_basis="Art. 17"
    )
    return New(event=event, key=f"{key}:{item}")


# ---------------------------------------------------------------- histories


class History:
    """Turns any numbers into a history that could have happened: every event fits what went before."""

    DATES = (
        (None, None), ("2016", "year"), ("2016-11", "month"), ("2016-11-17", "day"), ("2016-11-19", "day"),
        ("2031-01-01", "day"), ("2016-11-17T23:30:00-05:00", "minute"), ("2016-11-18T08:00:00+09:00", "minute"),
    )  # fmt: skip
    FAILURES = ("timeout", "blocked", "gone", "status")
    TOPICS = ("straits", "fisheries", "energy")

    def __init__(self) -> None:
        self.sources: list[str] = []
        self.items: dict[str, tuple[str, int]] = {}
        self.gaps: list[tuple[str, int]] = []
        self.count = 0

    def step(self, what: int, pick: int) -> New:
        """One more event: `what` chooses its kind, `pick` whatever else there is to choose."""
        self.count += 1
        configured = (self._adopted, self._topics, self._changed, self._retired)
        doing = (self._failed, self._recovered, self._moved, self._named, self._gap, self._gap)
        published = (self._revised, self._withdrawn, self._restored, self._aliased, self._classified, self._issued,
                     self._taken_down, self._linked, self._storied, self._dated, self._dated,
                     self._corrected)  # fmt: skip
        if not self.sources:
            return self._added(pick)
        if not self.items:
            return self._observed(pick)
        kinds = (self._added, self._observed, self._observed, self._classified, *configured, *doing, *published)
        return kinds[what % len(kinds)](pick)

    def _source(self, pick: int) -> str:
        return self.sources[pick % len(self.sources)]

    def _item(self, pick: int) -> tuple[str, str, int]:
        item = list(self.items)[pick % len(self.items)]
        return item, *self.items[item]

    def _fact(self, event: events.Event, payload: bytes | None = None) -> New:
        return New(event=event, key=f"fact:{self.count}", payload=payload)

    def _adopted(self, pick: int) -> New:
        return self._fact(adopted(ZONES[pick % len(ZONES)]).event)

    def _topics(self, pick: int) -> New:
        return self._fact(events.TopicsAdopted(rules=f"rules-{pick % 2}", topics=()))

    def _added(self, pick: int) -> New:
        name = f"source-{pick % 4}"
        if name not in self.sources:
            self.sources.append(name)
        return self._fact(source(name, timezone=ZONES[pick % len(ZONES)]).event)

    def _changed(self, pick: int) -> New:
        name = self._source(pick)
        return self._fact(changed(name, url=f"https://{name}.example/{pick % 3}").event)

    def _retired(self, pick: int) -> New:
        return self._fact(events.SourceRetired(source=self._source(pick)))

    def _failed(self, pick: int) -> New:
        return self._fact(failed(self.FAILURES[pick % 4], "", self._source(pick), status=pick).event)

    def _recovered(self, pick: int) -> New:
        return self._fact(events.SourceRecovered(source=self._source(pick)))

    def _moved(self, pick: int) -> New:
        return self._fact(events.SourceMoved(source=self._source(pick), url=f"https://moved.example/{pick}"))

    def _named(self, pick: int) -> New:
        return self._fact(events.SourceSelfNamed(source=self._source(pick), url=f"https://named.example/{pick}"))

    def _gap(self, pick: int) -> New:
        """A gap is known by the position of its suspicion: a history begins a log."""
        if not self.gaps or pick % 3 == 0:
            name, moment = self._source(pick), "2016-11-17T00:00:00.000000+00:00"
            self.gaps.append((name, self.count))
            return self._fact(
                events.GapSuspected(source=name, since=moment, until=moment, newest=f"item-{pick}", listed=pick)
            )
        name, gap = self.gaps[pick % len(self.gaps)]
        if pick % 3 == 1:
            return self._fact(events.GapClosed(source=name, gap=gap, how="pages", items=pick))
        return self._fact(events.GapLeftOpen(source=name, gap=gap, reason="ended", how="pages", items=pick))

    def _observed(self, pick: int) -> New:
        name, item = self._source(pick), f"item-{len(self.items)}"
        self.items[item] = (name, 1)
        value, precision = self.DATES[pick % len(self.DATES)]
        new = observed(item, name, published=value, precision=precision, archive=pick % 2 == 0, keys=[f"k{pick % 9}"])
        return self._fact(new.event, new.payload)

    def _revised(self, pick: int) -> New:
        item, name, number = self._item(pick)
        self.items[item] = (name, number + 1)
        value, precision = self.DATES[pick % len(self.DATES)]
        new = revised(item, number + 1, name, published=value, precision=precision, completed=pick % 5 == 0)
        return self._fact(new.event, new.payload)

    def _withdrawn(self, pick: int) -> New:
        item, name, _ = self._item(pick)
        missing = "2016-11-17T00:00:00+00:00"
        return self._fact(events.ItemWithdrawn(item=item, source=name, status=410, first_missing=missing))

    def _restored(self, pick: int) -> New:
        item, name, _ = self._item(pick)
        return self._fact(events.ItemRestored(item=item, source=name))

    def _aliased(self, pick: int) -> New:
        item, name, _ = self._item(pick)
        moved = canonical({"url": f"https://{name}.example/{pick}"}) if pick % 3 else None
        return self._fact(events.ItemAliased(item=item, source=name, keys=(f"k{pick % 9}", f"a{pick}")), moved)

    def _classified(self, pick: int) -> New:
        item, name, number = self._item(pick)
        topics = [topic for place, topic in enumerate(self.TOPICS) if pick >> place & 1]
        return self._fact(classified(item, number, *topics, rules=f"rules-{pick % 2}", name=name).event)

    def _taken_down(self, pick: int) -> New:
        item, name, _ = self._item(pick)
        return self._fact(events.ItemTakenDown(item=item, source=name, payloads=(), reason=f"reason {pick % 3}"))

    def _storied(self, pick: int) -> New:
        item, name, _ = self._item(pick)
        story, _, _ = self._item(pick // 5)
        other, _, _ = self._item(pick // 7)
        return self._fact(
            events.StoryJoined(
                story=story, item=item, source=name, other=other, reason="words", score=pick % 101, method="words-1"
            )
        )

    def _linked(self, pick: int) -> New:
        item, name, _ = self._item(pick)
        other, _, _ = self._item(pick // 7)
        relation = ("reprint-of", "translation-of")[pick % 2]
        return self._fact(
            events.ItemLinked(item=item, source=name, other=other, relation=relation, reason="words", share=pick % 101)
        )

    def _dated(self, pick: int) -> New:
        """Dates of a few meetings, which several items announce, move and call off."""
        item, name, number = self._item(pick)
        days = [f"2017-0{1 + (pick + place) % 3}-1{place}" for place in range(pick % 3)]
        dates = [
            {
                "start": day, "end": day, "precision": "day", "kind": "talks", "deadline": False, "moved": False,
                "cancelled": (pick + place) % 4 == 3, "keys": [], "at": "", "place": "title", "sentence": [0, 5],
                "said": [0, 2], "name": None, "where": None, "who": [], "meeting": f"meeting-{(pick + place) % 3}",
            }
            for place, day in enumerate(days)
        ]  # fmt: skip
        event = events.ItemDatesFound(item=item, source=name, revision=number, method=1 + pick % 2, dates=tuple(dates))
        return self._fact(event)

    def _corrected(self, pick: int) -> New:
        item, _, _ = self._item(pick)
        kind = ("revised", "withdrawn", "restored", "reverted")[pick % 4]
        event = events.ErratumIssued(
            briefing="weekly", period="2016-W46", version=1 + pick % 3, item=item, number=1 + pick % 9,
            change=self.count, kind=kind,
        )  # fmt: skip
        return self._fact(event)

    def _issued(self, pick: int) -> New:
        event = events.IssuePublished(
            briefing="weekly", period="2016-W46", version=self.count, supersedes=0, as_of=0, renderer="1",
            items=tuple(self.items), hashes={"briefing.md": hashlib.sha256(b"x").hexdigest()},
        )  # fmt: skip
        return self._fact(event)


def history(numbers: Iterable[tuple[int, int]]) -> list[New]:
    """A history from pairs of numbers."""
    told = History()
    return [told.step(what, pick) for what, pick in numbers]
