"""What every verb works with: the log, the read models, the folder of published files, the clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from briefing import encoders
from briefing.eventstore import Batch, New, Outcome, SqlStore, connect, writing
from briefing.eventstore.tree import Tree
from briefing.projections import (
    Channels,
    Claims,
    Cursors,
    Duties,
    HostSlots,
    Library,
    Mailboxes,
    Outbox,
    Panels,
    Partings,
    Polls,
    Projector,
    Pushes,
    Rechecks,
    Recipients,
    Vectors,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from briefing.classifiers.panel import Panel
    from briefing.encoders import Encoder
    from briefing.eventstore import Appended
    from briefing.observe.decisions import Fact
    from briefing.service.storying import Loom

SETTINGS = "settings"
TOPICS = "topics"
LABELS = "labels"
MODELS = "models"


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


def source_stream(source: str) -> str:
    """The stream of what a source says and how it does."""
    return f"source:{source}"


BRIEFINGS = "briefing:"


def briefing_stream(briefing: str) -> str:
    """The stream of a briefing's issues."""
    return f"{BRIEFINGS}{briefing}"


class Desk:
    """Log, read models, files and clock of one storage folder."""

    def __init__(self, database_url: str, storage: Path, clock: Callable[[], datetime] = utc_now) -> None:
        storage.mkdir(parents=True, exist_ok=True)
        self.storage = storage
        self.engine = connect(database_url)
        self.clock = clock
        self.storage = storage
        self.public = storage / "public"
        self.store = SqlStore(self.engine, clock)
        self.tree = Tree(self.store, storage / "log.hashes")
        self.projector = Projector(self.engine, self.store, writing, self.store.recent)
        self.polls = Polls(self.engine, writing)
        self.pushes = Pushes(self.engine, writing)
        self.partings = Partings(self.engine, writing)
        self.cursors = Cursors(self.engine, writing)
        self.channels = Channels(self.engine, writing)
        self.library = Library(self.engine, self.store, self.polls)
        self.recipients = Recipients(self.engine)
        self.mailboxes = Mailboxes(self.engine, writing)
        self.duties = Duties(self.engine)
        self.outbox = Outbox(self.engine)
        self.rechecks = Rechecks(self.engine, writing)
        # Where many processes can be at work. On SQLite there is one worker.
        self.shared = self.engine.dialect.name == "postgresql"
        self.vectors = Vectors(self.engine, writing)
        self.panels = Panels(self.engine, writing)
        self.encoder: Callable[[], Encoder | None] = encoders.usual
        self.learnt: tuple[int, Panel] | None = None  # models by the position of their event
        self.claims = Claims(self.engine, "classify") if self.shared else None
        self.loom: Loom | None = None  # see `storying`

    def close(self) -> None:
        """Give the database back."""
        self.engine.dispose()

    def host_slots(self) -> HostSlots:
        """Turns at hosts, counted over all processes that work on this database."""
        return HostSlots(self.engine)

    def append(self, stream: str, facts: Sequence[Fact], *, expected: int | None = None) -> list[Appended]:
        """Append facts to a stream; see `EventStore.append`."""
        return self.append_all([(stream, facts, expected)])[0]

    def append_all(self, offers: Iterable[tuple[str, Sequence[Fact], int | None]]) -> list[list[Appended]]:
        """Append facts to streams, each with the last position expected there; see `EventStore.append_all`."""
        return self.store.append_all(
            [
                Batch(
                    stream=stream,
                    events=[New(event=fact.event, key=fact.key, payload=fact.payload) for fact in facts],
                    expected=expected,
                )
                for stream, facts, expected in offers
            ]
        )


def fresh(answers: Iterable[Appended]) -> int:
    """How many of a batch were new to the log."""
    return sum(answer.outcome is Outcome.APPENDED for answer in answers)
