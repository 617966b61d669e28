"""The database as its own driver names it."""

from __future__ import annotations

import re

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from briefing.errors import UsageError

# SQLAlchemy's URL of PostgreSQL is libpq's, but for the name of a driver.
_POSTGRES = re.compile(r"postgres(?:ql)?(?:\+\w+)?(?=://)")


def server(url: str, command: str) -> str:
    """What libpq connects to for the SQLAlchemy URL of a log.

    Raises:
        UsageError: it is no PostgreSQL, and `command` needs one.
    """
    if not _POSTGRES.match(url):
        raise UsageError(
            f"`briefing {command}` needs PostgreSQL, for many processes share it: name one with --database postgresql://"
            "...; on SQLite `briefing serve` does everything in one process"
        )
    return _POSTGRES.sub("postgresql", url, count=1)


def with_options(conninfo: str, name: str, **settings: str) -> str:
    """A connection's name as the server's lists show it, and server settings for its session."""
    given = conninfo_to_dict(conninfo)
    options = [str(given.get("options") or ""), *(f"-c {key}={value}" for key, value in settings.items())]
    return make_conninfo(conninfo, application_name=name, options=" ".join(filter(None, options)))
