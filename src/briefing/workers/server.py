"""Connections to the server, described as its own driver does it."""

from __future__ import annotations

from psycopg.conninfo import conninfo_to_dict, make_conninfo


def with_options(conninfo: str, name: str, **settings: str) -> str:
    """A connection's name as the server's lists show it, and server settings for its session."""
    given = conninfo_to_dict(conninfo)
    options = [str(given.get("options") or ""), *(f"-c {key}={value}" for key, value in settings.items())]
    return make_conninfo(conninfo, application_name=name, options=" ".join(filter(None, options)))
