"""When each source was last asked, and what is needed to ask it politely again.

Not made from the log and not dropped by a rebuild: a forgotten row costs one request in full, and says nothing that
readers see.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text, delete, select, update

from briefing.columns import alike, hold
from briefing.model import Validators
from briefing.projections import rechecks, troubles
from briefing.projections.paces import Pace, attempt_row, attempts_of, pace_of, pace_row, tables
from briefing.projections.when import stamp
from briefing.statements import replace_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine, RowMapping

    from briefing.model import Attempt

metadata = MetaData()

_polls = Table(
    "last_polls",
    metadata,
    Column("source", Text, primary_key=True),
    Column("reading", Text, nullable=False),
    Column("documents", Text, nullable=False),
    Column("parts", Text, nullable=False),
    Column("pending", Text, nullable=False),
    Column("last_attempt", Text),
    Column("last_success", Text),
    Column("next_run", Text),
    Column("interval", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
)

# Apart from the polls: long, and the same for as long as a source answers 304.
_entries = Table(
    "entries",
    metadata,
    Column("source", Text, primary_key=True),
    Column("entries", Text, nullable=False),
)

_pages = Table(
    "pages",
    metadata,
    Column("item", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("checked_at", Text, nullable=False),
    Column("missing_since", Text),
)

# A table of its own: only sources with rules about what they want have a row.
_left_out = Table(
    "left_out",
    metadata,
    Column("source", Text, primary_key=True),
    Column("excluded", Integer, nullable=False),
    Column("foreign_domain", Integer, nullable=False),
)

_robots = Table(
    "robots",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("body", Text),
    Column("fetched_at", Float, nullable=False),
)
_paces, _attempts = tables(metadata)

pushes = Table(
    "pushes",
    metadata,
    Column("source", Text, primary_key=True),
    Column("token", String(64), nullable=False, unique=True),
    Column("secret", Text, nullable=False),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_at", Text),
    Column("verified_at", Text),
    Column("expires_at", Text),
    Column("pushed_at", Text),
    Column("faulty_at", Text),
    Column("calm", Integer, nullable=False),
)

channels = Table(
    "channels",  # how far each has come in the log, and how it does
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Text),
    Column("next_at", Text),
    Column("fault", Text, nullable=False),
    Column("delivered_at", Text),
    Column("sent", Integer, nullable=False),
)

dead_letters = Table(
    "dead_letters",  # what a channel did not take until it was given up
    metadata,
    Column("channel", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("given_up_at", Text, nullable=False),
    Column("fault", Text, nullable=False),
)
alike(metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """How a source was last read.

    `reading` is a hash of all that decides how a body is understood: another one makes validators and `entries`
    worthless. `documents` are validators by address, `parts` the addresses that an index named. `entries` maps the
    digest of each entry last seen to its item. `pending` counts, by address, how often an item's own page could not be
    read yet. `interval` is in seconds. `pace` is what the next visit follows from. `push` is the state of the
    subscription, which is kept apart.
    """

    source: str
    reading: str = ""
    documents: Mapping[str, Validators] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    entries: Mapping[str, str] = field(default_factory=dict)
    pending: Mapping[str, int] = field(default_factory=dict)
    last_attempt: datetime | None = None
    last_success: datetime | None = None
    next_run: datetime | None = None
    interval: int = 0
    failures: int = 0
    pace: Pace = field(default_factory=Pace)
    push: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An item's own page as last read; `missing_since` is when it was first found gone.

    `trouble` says why it could not be read as it should (see `PageTrouble`), and `said` in which words.
    """

    item: str
    url: str
    validators: Validators
    checked_at: datetime
    missing_since: datetime | None = None
    trouble: str = ""
    said: str = ""


class _Kept(dict[str, str]):
    """Entries as they came out of the database: they need not be written again."""


class Polls:
    """The store of `Poll`s and `Page`s, and of robots.txt files."""

    def __init__(self, engine: Engine, writing: Callable[[Engine], AbstractContextManager[Connection]]) -> None:
        self._engine = engine
        self._writing = writing
        with writing(engine) as connection:
            hold(connection, "tables of polls")
            metadata.create_all(connection)
            rechecks.metadata.create_all(connection)
            troubles.metadata.create_all(connection)

    def all(self, wanted: Sequence[str] | None = None) -> dict[str, Poll]:
        """The polls of these sources, or of all, by source; those never asked are missing."""
        queries = [_WHOLE]
        if wanted is not None:
            chunks = (wanted[start : start + 500] for start in range(0, len(wanted), 500))
            queries = [_WHOLE.where(_polls.c.source.in_(chunk)) for chunk in chunks]
        with self._engine.connect() as connection:
            return {row["source"]: _poll(row) for query in queries for row in connection.execute(query).mappings()}

    def get(self, source: str) -> Poll:
        """The poll of a source, an empty one where it was never asked."""
        with self._engine.connect() as connection:
            row = connection.execute(_WHOLE.where(_polls.c.source == source)).mappings().one_or_none()
        return _poll(row) if row is not None else Poll(source=source)

    def put(self, polls: Iterable[Poll], pages: Iterable[Page] = (), attempts: Iterable[Attempt] = ()) -> None:
        """Remember polls, pages and attempts, in one transaction; of each source the last attempts are kept."""
        polls = sorted(polls, key=lambda poll: poll.source)  # in one order, so that no two writers wait for each other
        pages = sorted({page.item: page for page in pages}.values(), key=lambda page: page.item)
        rows = {
            _polls: [_poll_row(poll) for poll in polls],
            _paces: [pace_row(poll.source, poll.pace) for poll in polls],
            _attempts: [attempt_row(one) for one in sorted(attempts, key=lambda one: one.source)],
            _entries: [_entries_row(poll) for poll in polls if not isinstance(poll.entries, _Kept)],
            _pages: [_page_row(page) for page in pages],
        }
        with self._writing(self._engine) as connection:
            for table, changed in rows.items():
                replace_rows(connection, table, changed)
            troubles.put(connection, [_trouble_row(page) for page in pages])

    def put_left_out(self, counts: Mapping[str, tuple[int, int]]) -> None:
        """Remember how many entries each source's rules left out: by its patterns, and as of other domains."""
        rows = [
            {"source": source, "excluded": excluded, "foreign_domain": foreign}
            for source, (excluded, foreign) in sorted(counts.items())
        ]
        if rows:
            with self._writing(self._engine) as connection:
                replace_rows(connection, _left_out, rows)

    def left_out(self) -> dict[str, tuple[int, int]]:
        """What `put_left_out` remembered last, by source."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_left_out)).all()
        return {row.source: (row.excluded, row.foreign_domain) for row in rows}

    def attempts(self, source: str) -> tuple[Attempt, ...]:
        """The last attempts at a source, the newest first."""
        return attempts_of(self._engine, _attempts, source)

    def pages(self, items: Iterable[str]) -> dict[str, Page]:
        """The pages of these items that were read before."""
        found: dict[str, Page] = {}
        if not (wanted := list(items)):
            return found
        with self._engine.connect() as connection:
            for start in range(0, len(wanted), 500):
                query = select(_pages).where(_pages.c.item.in_(wanted[start : start + 500]))
                found.update({row["item"]: _page(row) for row in connection.execute(query).mappings()})
        return found

    def forget(
        self, items: Iterable[str], theirs: Callable[[str, str], bool], sources: Iterable[str] | None = None
    ) -> None:
        """Forget the addresses of items that were taken down: their pages, and what waits to be read of them.

        `theirs` says of a source and an address whether it is one of theirs; it is asked about `sources`, or all.
        """
        query = select(_polls.c.source, _polls.c.pending).where(_polls.c.pending != "{}")
        if sources is not None:
            query = query.where(_polls.c.source.in_(list(sources)))
        with self._writing(self._engine) as connection:
            for item in items:
                connection.execute(delete(_pages).where(_pages.c.item == item))
                connection.execute(delete(troubles.table).where(troubles.table.c.item == item))
            for source, pending in connection.execute(query).all():
                waiting = orjson.loads(pending)
                kept = {url: tries for url, tries in waiting.items() if not theirs(source, url)}
                if kept != waiting:
                    changed = update(_polls).where(_polls.c.source == source)
                    connection.execute(changed.values(pending=_json(kept)))

    def forget_validators(self) -> None:
        """Ask everything in full next time."""
        with self._writing(self._engine) as connection:
            connection.execute(delete(_polls))
            connection.execute(delete(_entries))
            connection.execute(delete(_paces))

    def robots(self, origin: str) -> tuple[str | None, float] | None:
        """A robots.txt and when it was fetched (seconds since the epoch); its body is None where there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_robots).where(_robots.c.origin == origin)).mappings().one_or_none()
        return (row["body"], row["fetched_at"]) if row is not None else None

    def put_robots(self, origin: str, body: str | None, fetched_at: float) -> None:
        """Remember a robots.txt."""
        with self._writing(self._engine) as connection:
            replace_rows(connection, _robots, [{"origin": origin, "body": body, "fetched_at": fetched_at}])


_WHOLE = (
    select(
        _polls,
        _entries.c.entries,
        pushes.c.state.label("push"),
        *(column for column in _paces.c if column.name != "source"),
    )
    .outerjoin(_entries, _entries.c.source == _polls.c.source)
    .outerjoin(_paces, _paces.c.source == _polls.c.source)
    .outerjoin(pushes, pushes.c.source == _polls.c.source)
)


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _stamp(value: datetime | None) -> str | None:
    return stamp(value) if value else None


def _poll(row: RowMapping) -> Poll:
    return Poll(
        source=row["source"],
        reading=row["reading"],
        documents={url: Validators(etag=etag, last_modified=at) for url, etag, at in orjson.loads(row["documents"])},
        parts=tuple(orjson.loads(row["parts"])),
        entries=_Kept(orjson.loads(row["entries"] or "{}")),
        pending=orjson.loads(row["pending"]),
        last_attempt=_time(row["last_attempt"]),
        last_success=_time(row["last_success"]),
        next_run=_time(row["next_run"]),
        interval=row["interval"],
        failures=row["failures"],
        pace=pace_of(row),
        push=row["push"] or "",
    )


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _poll_row(poll: Poll) -> dict[str, Any]:
    return {
        "source": poll.source, "reading": poll.reading, "parts": _json(poll.parts),
        "documents": _json([(url, one.etag, one.last_modified) for url, one in poll.documents.items()]),
        "pending": _json(dict(poll.pending)), "last_attempt": _stamp(poll.last_attempt),
        "last_success": _stamp(poll.last_success), "next_run": _stamp(poll.next_run), "interval": poll.interval,
        "failures": poll.failures,
    }  # fmt: skip


def _entries_row(poll: Poll) -> dict[str, Any]:
    return {"source": poll.source, "entries": _json(dict(poll.entries))}


def _page(row: RowMapping) -> Page:
    return Page(
        item=row["item"],
        url=row["url"],
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
        checked_at=datetime.fromisoformat(row["checked_at"]),
        missing_since=_time(row["missing_since"]),
    )


def _page_row(page: Page) -> dict[str, Any]:
    return {
        "item": page.item, "url": page.url, "etag": page.validators.etag,
        "last_modified": page.validators.last_modified, "checked_at": stamp(page.checked_at),
        "missing_since": _stamp(page.missing_since),
    }  # fmt: skip


def _trouble_row(page: Page) -> dict[str, Any]:
    return {"item": page.item, "trouble": page.trouble, "said": page.said, "checked_at": stamp(page.checked_at)}
