"""PostgreSQL as the log needs it: settings of a connection, and its faults told in one sentence."""

from __future__ import annotations

import select
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import InvalidatePoolError

from briefing.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine, ExceptionContext

_CONNECT_SECONDS = 10
_SILENCE = 30.0  # seconds after which routers on the way may have forgotten a connection
_MISSING = (
    "PostgreSQL needs a driver that is not installed: install briefing with its extra, pip install 'briefing[postgres]'"
)


def connect_postgres(url: URL) -> Engine:
    """An engine for the log and the read models in a PostgreSQL database.

    READ COMMITTED, whatever the server's default is: writers wait for the counter row, and at a stricter level whoever
    waited would have to begin again. A statement that only reads is a transaction by itself: to begin and end one would
    cost two more ways to the server.

    Raises:
        StoreError: the driver is missing, the server cannot be reached, or the database cannot hold every text.
    """
    try:
        driver = import_module("psycopg")
    except ImportError as error:
        raise StoreError(_MISSING) from error
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
        use_native_hstore=False,
        connect_args={
            "client_encoding": "utf8",
            "connect_timeout": url.query.get("connect_timeout", str(_CONNECT_SECONDS)),
            "application_name": url.query.get("application_name", "briefing"),
        },
    )
    event.listen(engine, "handle_error", _Faults(driver, url))
    event.listen(engine, "connect", _settle)
    event.listen(engine, "checkin", _left)
    event.listen(engine, "checkout", _Taken(driver))
    try:
        _check(engine, url)
    except BaseException:
        engine.dispose()
        raise
    return engine


def named(url: URL) -> str:
    """A database as messages name it: never with its password."""
    where = f"{url.host or 'localhost'}{f':{url.port}' if url.port else ''}"
    return f"database {url.database or url.username or ''} on {where}"


def _check(engine: Engine, url: URL) -> None:
    with engine.connect() as connection:
        encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise StoreError(f"{named(url)}: its encoding is {encoding}; create one with ENCODING 'UTF8'")


def _settle(connection: Any, _record: object) -> None:
    before, connection.autocommit = connection.autocommit, True
    connection.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED")
    connection.autocommit = before


def _left(_connection: object, record: Any) -> None:
    record.info["left"] = time.monotonic()


class _Taken:
    """Sees that a connection still lives before it is used: a server that was started anew costs nobody an error.

    To ask the server each time would double the ways to it. A server that ends a connection says so, or the system
    does: then there is something to be read. It is asked where that is so, and after a while in silence.
    """

    def __init__(self, driver: Any) -> None:
        self._driver = driver

    def __call__(self, connection: Any, record: Any, _proxy: object) -> None:
        idle = time.monotonic() - record.info.get("left", time.monotonic())
        try:
            if idle > _SILENCE or _spoken(connection):
                before, connection.autocommit = connection.autocommit, True
                connection.execute("SELECT 1")
                connection.autocommit = before
        except self._driver.OperationalError as error:
            raise InvalidatePoolError from error


def _spoken(connection: Any) -> bool:
    """Whether the server said something that nobody asked for."""
    watching = select.poll()
    watching.register(connection.fileno(), select.POLLIN)
    return bool(watching.poll(0))


class _Faults:
    """Tells what the server or the way to it did wrong; what a statement did wrong stays as it is."""

    def __init__(self, driver: Any, url: URL) -> None:
        self._driver = driver
        self._url = url

    def __call__(self, context: ExceptionContext) -> None:
        error = context.original_exception
        if isinstance(error, self._driver.errors.InsufficientPrivilege):
            raise StoreError(
                f"{named(self._url)}: the role {self._url.username} may not do this ({self._said(error)}); "
                "its owner gives it its rights by `briefing database prepare`"
            ) from error
        if isinstance(error, self._driver.OperationalError) or context.is_disconnect:
            raise StoreError(
                f"{named(self._url)} cannot be used ({self._said(error)}); check the address, the server and the role"
            ) from error

    def _said(self, error: BaseException) -> str:
        """The server's words on one line, without what must not be seen."""
        said = " ".join(line.strip() for line in str(error).splitlines()[:1])
        password = self._url.password
        return said.replace(str(password), "***") if password else said
