"""The log: events, payloads, the counter row.

There was no PostgreSQL yet: a database there begins with the newest tables.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    """CREATE TABLE head (
        id INTEGER NOT NULL,
        position INTEGER NOT NULL,
        recorded_at TEXT NOT NULL,
        secret BLOB NOT NULL,
        format INTEGER NOT NULL,
        PRIMARY KEY (id)
    )""",
    """CREATE TABLE blobs (
        id INTEGER NOT NULL,
        commitment BLOB NOT NULL,
        salt BLOB NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (commitment)
    )""",
    """CREATE TABLE events (
        position INTEGER NOT NULL,
        stream TEXT NOT NULL,
        "key" BLOB NOT NULL,
        blob INTEGER,
        body BLOB NOT NULL,
        PRIMARY KEY (position),
        UNIQUE ("key"),
        FOREIGN KEY(blob) REFERENCES blobs (id)
    )""",
    "CREATE INDEX events_by_stream ON events (stream, position)",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in _TABLES:
        op.execute(statement)
