"""The PostgreSQL that tests bring along."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

import postgres_support  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not

TESTS = """
import os, signal, subprocess, sys
import postgres_support
server = subprocess.Popen([sys.executable, "-ISc", "import time; print('up', flush=True); time.sleep(99)"])
watched = postgres_support.watch(server.pid, sys.argv[1])
os.kill(os.getpid(), int(sys.argv[2]))
"""


def test_each_test_has_an_empty_database_of_its_own(postgres, cluster):
    with psycopg.connect(postgres) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
        connection.execute("CREATE TABLE boats (id int)")
    with psycopg.connect(cluster.database()) as another:
        assert another.execute("SELECT to_regclass('boats')").fetchone() == (None,)


def test_a_server_ends_with_the_tests_whatever_ends_them(tmp_path):
    folder = tmp_path / "server"
    folder.mkdir()
    here = Path(postgres_support.__file__).parent
    ended = subprocess.run(
        [sys.executable, "-c", TESTS, str(folder), str(int(signal.SIGKILL))],
        cwd=here,
        stdout=subprocess.PIPE,
        check=False,
        timeout=100,
    )  # fmt: skip - the pipe closes once the server is gone, which is what is waited for
    assert ended.returncode == -signal.SIGKILL
    while folder.exists():
        time.sleep(0.01)
