"""Where the configuration, the storage and the database are: option, else environment, else default."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SQLITE = re.compile(r"sqlite(\+pysqlite)?:///(?P<file>.+)", re.DOTALL)
_POSTGRESQL = re.compile(r"postgres(?:ql(?:\+psycopg)?)?(?P<rest>://.+)", re.DOTALL)
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][\w+.-]+):/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The file of sources, the folder of run-time data, and the SQLAlchemy URL of the event log."""

    config: Path
    storage: Path
    database_url: str

    def there(self) -> bool:
        """Whether the log may be there: false where it is an SQLite file that does not exist."""
        match = _SQLITE.fullmatch(self.database_url)
        file = match["file"].partition("?")[0] if match else "file:"
        return file.startswith("file:") or Path(file).exists()  # what an address with parameters names is for SQLite


def places(config: str | None, storage: str | None, database: str | None, environ: Mapping[str, str]) -> Places:
    """Settle the three places; an empty option or variable counts as not given.

    Raises:
        ConfigError: the database URL names neither an SQLite file nor a PostgreSQL database.
    """
    folder = _path(storage or environ.get("BRIEFING_STORAGE") or "storage")
    if database:
        url = _database(database, "--database")
    elif variable := environ.get("BRIEFING_DATABASE_URL"):
        url = _database(variable, "BRIEFING_DATABASE_URL")
    else:
        url = f"sqlite:///{(folder.absolute() / 'briefing.db').as_posix()}"
    return Places(
        config=_path(config or environ.get("BRIEFING_CONFIG") or "sources.yaml"),
        storage=folder,
        database_url=url,
    )


def _path(text: str) -> Path:
    return Path(text).expanduser()


def _database(url: str, given_by: str) -> str:
    url = url.strip()
    match = _SQLITE.fullmatch(url)
    if match and not match["file"].startswith(":memory:"):
        return url
    if server := _POSTGRESQL.fullmatch(url):
        return f"postgresql{server['rest']}"
    raise ConfigError(
        [
            f"{given_by}: {_fault(url)}; write sqlite:////absolute/path/to/briefing.db, with four slashes, or "
            "postgresql://user@host/database"
        ]
    )


def _fault(url: str) -> str:
    # The URL itself is not repeated: it may hold a password.
    scheme = _SCHEME.match(url)
    if scheme is None:
        return "this is no database URL"
    kind = scheme["scheme"].split("+")[0]
    if kind == "sqlite":
        return "the SQLite URL names no file"
    if kind.startswith("postgres"):
        return "the PostgreSQL URL names no server, or a driver other than psycopg"
    return f"only SQLite and PostgreSQL are supported, not {scheme['scheme']}"
