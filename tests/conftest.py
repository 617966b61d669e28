from __future__ import annotations

import os

import pytest
from hypothesis import settings

import postgres_support  # type: ignore[import-not-found]  # see log_support
from briefing.eventstore import MemoryStore, SqlStore, connect, prepare_roles
from briefing.projections import table_names
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    Clock,
    Shelf,
)

# The same examples on every machine and every day: what fails here fails for everybody. Load decides no test.
# BRIEFING_EXAMPLES=1000 looks longer.
EXAMPLES = int(os.environ.get("BRIEFING_EXAMPLES", "40"))
settings.register_profile("steady", derandomize=True, deadline=None, max_examples=EXAMPLES)
settings.load_profile("steady")


@pytest.fixture
def clock():
    """A clock that stands still; `clock.now` may be set and `clock.move(hours=1)` moves it."""
    return Clock()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request, clock):
    """An empty log, of each kind in turn."""
    if request.param == "memory":
        yield MemoryStore(clock)
        return
    engine = connect(request.getfixturevalue(f"{request.param}_url"))
    yield SqlStore(engine, clock)
    engine.dispose()


@pytest.fixture
def sqlite_url(tmp_path):
    """The URL of an SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path}/log.db"


@pytest.fixture
def postgresql_url(postgres):
    """The URL of an empty PostgreSQL database."""
    return postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """The URL of an empty database, of each kind in turn."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def shelf(tmp_path, database_url, clock):
    """An empty log with its read models, on each database in turn."""
    opened = Shelf(tmp_path, clock, url=database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def cluster():
    """A PostgreSQL server."""
    with postgres_support.cluster() as started:
        yield started


@pytest.fixture
def postgres(cluster):
    """The URL of an empty PostgreSQL database of its owner."""
    before = cluster.made()
    yield cluster.database()
    cluster.clear(before)


@pytest.fixture
def two_roles(cluster, postgres):
    """The URLs of a PostgreSQL database with an empty log: as its owner, and as the role of the program."""
    role = cluster.role()
    prepare_roles(postgres, role, table_names())
    return postgres, postgres_support.as_role(postgres, role)
