"""How the database under the log is: version, settings, integrity, and where the log ends."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import func, inspect, select
from sqlalchemy.engine import make_url

from briefing.errors import StoreError, UnknownEvent
from briefing.events import restore
from briefing.eventstore.database import connect, sqlite_warning
from briefing.eventstore.schema import events, head
from briefing.findings import ok, warning, wrong

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from briefing.findings import Finding

_DATABASE, _SETTINGS, _LOG = "database", "settings", "log"
_LOOKED_AT = 1000  # events that the read models have not followed yet
_CLOCK_SECONDS = 5.0

# pragma -> what the log needs, in SQLite's own figures; 2 is FULL
_SQLITE = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "page_size": "8192"}
_POSTGRESQL = {
    "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on",
    "default_transaction_isolation": "read committed",
}  # fmt: skip


@dataclass(slots=True)
class Look:
    """What was found. `engine` is open, and to be disposed of, where there is a log that can be read."""

    findings: list[Finding] = field(default_factory=list)
    file: Path | None = None
    engine: Engine | None = None
    position: int = 0
    recorded_at: str = ""


def look(url: str, now: datetime) -> Look:
    """Examine a database and the log in it; nothing is made where there is none."""
    named = make_url(url)
    found = Look()
    if named.get_backend_name() == "sqlite":
        found.file = Path(named.database or "")
        if not found.file.is_file():
            said = f"there is no log at {found.file} yet: the first collect makes it"
            found.findings.append(warning(_LOG, said, "check --storage and --database if there should be one"))
            return found
        found.findings += _file(found.file)
        if any(one.state == "wrong" for one in found.findings):
            return found
    try:
        engine = connect(url)
    except StoreError as fault:
        found.findings.append(wrong(_DATABASE, str(fault), "see that it runs and can be reached, and try again"))
        return found
    with engine.connect() as connection:
        found.findings += _sqlite(connection) if found.file else postgresql(connection, now)
        if inspect(connection).has_table(head.name):
            found.engine = engine
            _log(connection, found)
            return found
    engine.dispose()
    found.findings.append(warning(_LOG, "the database holds no log yet", "the first collect makes it"))
    return found


def unknown(engine: Engine, after: int) -> Finding | None:
    """What this program cannot read among the events behind a position; looks at a thousand of them."""
    query = select(events.c.position, events.c.body).where(events.c.position > after)
    with engine.connect() as connection:
        for row in connection.execute(query.order_by(events.c.position).limit(_LOOKED_AT)):
            body = orjson.loads(row.body)
            try:
                restore(body["type"], body["version"], body["data"])
            except UnknownEvent as fault:
                return wrong(_LOG, f"event {row.position} cannot be read: {fault}", "install the newer program again")
    return None


def _file(file: Path) -> list[Finding]:
    """Version and integrity of an SQLite file, which is only read for it."""
    found = [ok(_DATABASE, f"SQLite {sqlite3.sqlite_version}")]
    if said := sqlite_warning():
        found = [warning(_DATABASE, said, "use a Python that comes with SQLite 3.51.3 or later")]
    mend = "stop what writes to it, and restore a backup (briefing restore)"
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as plain:
            faults = [row[0] for row in plain.execute("PRAGMA quick_check(3)")]
    except sqlite3.Error as error:
        return [*found, wrong(_DATABASE, f"{file} cannot be read as a database ({error})", mend)]
    if faults != ["ok"]:
        return [*found, wrong(_DATABASE, f"{file} is damaged: {'; '.join(faults)}", mend)]
    return [*found, ok(_DATABASE, f"{file} is whole (quick_check)")]


def _sqlite(connection: Connection) -> list[Finding]:
    values = {name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()) for name in _SQLITE}
    found = []
    if values["journal_mode"] != "wal":
        said = f"journal_mode is {values['journal_mode']}, not wal: readers and writers stop each other"
        found.append(wrong(_SETTINGS, said, "put the storage on a local disk: WAL does not work on network disks"))
    if values["page_size"] != _SQLITE["page_size"]:
        said = f"page_size is {values['page_size']}, not 8192: the file is larger and slower than need be"
        found.append(
            warning(_SETTINGS, said, 'sqlite3 FILE "PRAGMA journal_mode=DELETE; PRAGMA page_size=8192; VACUUM"')
        )
    for name, harm in (("synchronous", "a power cut can lose events"), ("foreign_keys", "broken references pass")):
        if values[name] != _SQLITE[name]:
            said = f"{name} is {values[name]}, not {_SQLITE[name]}: {harm}"
            found.append(wrong(_SETTINGS, said, "use a Python whose SQLite was built with the usual options"))
    return found or [ok(_SETTINGS, "write-ahead log, synchronous full, foreign keys on, pages of 8 KiB")]


def postgresql(connection: Connection, now: datetime) -> list[Finding]:
    """Version and settings of a server, and its clock beside ours."""
    values = {name: str(connection.exec_driver_sql(f"SHOW {name}").scalar()) for name in _POSTGRESQL}
    version = connection.exec_driver_sql("SHOW server_version").scalar()
    found = [ok(_DATABASE, f"PostgreSQL {version}")]
    off = [name for name, wanted in _POSTGRESQL.items() if values[name] != wanted]
    found += [
        wrong(
            _SETTINGS,
            f"{name} is {values[name]}, not {_POSTGRESQL[name]}: what was acknowledged can be lost",
            f"set it in postgresql.conf, or by ALTER DATABASE ... SET {name}, and start the server anew",
        )
        for name in off
    ]
    if not off:
        found.append(ok(_SETTINGS, "fsync, full_page_writes and synchronous_commit on, isolation read committed"))
    theirs = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    apart = abs((theirs - now).total_seconds())
    if apart > _CLOCK_SECONDS:
        said = f"the server's clock is {apart:.0f} s away from this machine's"
        found.append(warning("clock", said, "let both machines keep their time by NTP"))
    return found


def _log(connection: Connection, found: Look) -> None:
    row = connection.execute(select(head.c.position, head.c.recorded_at)).one()
    last = connection.execute(select(func.coalesce(func.max(events.c.position), 0))).scalar_one()
    found.position, found.recorded_at = row.position, row.recorded_at
    if last != row.position:
        said = f"the log's head says {row.position} events, and the last one is {last}"
        found.findings.append(wrong(_LOG, said, "restore a backup (briefing restore)"))
        return
    when = ""
    if row.recorded_at:
        last_at = datetime.fromisoformat(row.recorded_at).astimezone(UTC)
        when = f", the last one recorded on {last_at:%Y-%m-%d at %H:%M} UTC"
    found.findings.append(ok(_LOG, f"{row.position} events{when}"))
