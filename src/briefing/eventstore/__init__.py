"""The only writer of facts: an append-only log with dense positions, deduplication and erasable payloads."""

from briefing.eventstore.contract import Appended, Batch, EventStore, New, Outcome
from briefing.eventstore.database import connect, sqlite_warning, truncate_log_files, writing
from briefing.eventstore.memory import MemoryStore
from briefing.eventstore.roles import prepare_roles
from briefing.eventstore.scrubbing import keeps_pages, scrub
from briefing.eventstore.sql import SqlStore

__all__ = [
    "Appended",
    "Batch",
    "EventStore",
    "MemoryStore",
    "New",
    "Outcome",
    "SqlStore",
    "connect",
    "keeps_pages",
    "prepare_roles",
    "scrub",
    "sqlite_warning",
    "truncate_log_files",
    "writing",
]
