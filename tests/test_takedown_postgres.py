"""A takedown on PostgreSQL: no row of any table, no file of the storage and, once scrubbed, no file of a table holds a
byte of the words.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

import postgres_support  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
from briefing.cli.commands import main
from briefing.errors import StoreError, UsageError
from briefing.eventstore import prepare_roles, scrub
from briefing.model import ItemId
from briefing.projections import table_names
from briefing.service.desk import Desk
from briefing.service.publishing import publish
from briefing.service.takedown import take_down
from briefing.service.verifying import verify
from log_support import Clock, adopted, observed, revised, source, words  # type: ignore[import-not-found]  # the same
from street_support import (  # type: ignore[import-not-found]  # see postgres_support
    clock,
    parsing,
    press,
    street,
    weekly,
)
from takedown_support import (  # type: ignore[import-not-found]  # see postgres_support
    everywhere,
    found,
    found_in,
    item_of,
    tokens,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

SAID = ("quorvane", "quillbast")


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A server of these tests' own, whose files they may read, whichever one the others use."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(postgres_support.VARIABLE, raising=False)
        with postgres_support.cluster() as started:
            yield started


def rows(url, wanted):
    """Which of these words stand in which table, in any column of any row."""
    hits = {}
    with psycopg.connect(url) as connection:
        for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            table = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall()
            held = b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for row in table for cell in row)
            if said := found_in(held, wanted):
                hits[name] = said
    return hits


def pages(cluster, url, wanted):
    """Which of these words stand in which file of a database."""
    with psycopg.connect(cluster.dsn, autocommit=True) as server:
        server.execute("CHECKPOINT")
        [(folder,)] = server.execute("SHOW data_directory").fetchall()
        name = [url.rpartition("/")[2]]
        [(number,)] = server.execute("SELECT oid FROM pg_database WHERE datname = %s", name).fetchall()
    return found(Path(folder) / "base" / str(number), wanted)


def test_a_word_that_was_taken_down_is_in_no_row_and_once_scrubbed_in_no_file_of_a_table(own, tmp_path, capsys):
    before = own.made()
    owner, role = own.database(), own.role()
    prepare_roles(owner, role, table_names())
    with closing(Desk(postgres_support.as_role(owner, role), tmp_path, Clock())) as desk:
        desk.store.append("settings", [adopted()])
        first = observed("a1", payload=words(title=f"A {SAID[0]} berth", text="Herring."))
        second = revised("a1", 2, payload=words(title=f"A {SAID[1]} berth", text="Cod."))
        desk.store.append("source:selvane", [source(), first, observed("a2", payload=words()), second])
        publish(desk)
        assert set().union(*rows(owner, SAID).values()) == set(SAID)
        assert set().union(*pages(own, owner, SAID).values()) == set(SAID)
        done = take_down(desk, ItemId("a1"), "a court order").completed
        assert (done.payloads, done.scrub) == (2, True)
        assert rows(owner, SAID) == found(tmp_path, SAID) == {}
        with pytest.raises(UsageError, match=r"may not write .*blobs.* anew"):
            scrub(postgres_support.as_role(owner, role))
        with psycopg.connect(owner) as other:
            other.execute("SELECT 1")
            with pytest.raises(StoreError, match="open for too long"):
                scrub(owner, patience=0.2)
        with pytest.raises(SystemExit):
            main(["database", "scrub", "--owner", owner])
        assert "tables written anew" in capsys.readouterr().out
        assert pages(own, owner, SAID) == {}
        assert verify(desk, full=True).problem == ""
    own.clear(before)


@pytest.mark.slow
def test_no_byte_of_what_was_everywhere_is_left(own, street, press):
    before = own.made()
    owner, role = own.database(), own.role()
    prepare_roles(owner, role, table_names())
    url = postgres_support.as_role(owner, role)
    made = everywhere(lambda *sources, **how: street(*sources, url=url, briefings=(weekly(),), **how), press)
    looked = set().union(*rows(owner, tokens()).values(), *found(made.folder, tokens()).values())
    assert looked >= set(tokens()) - {"wumbrell"}  # the guid that only comes back afterwards
    made.service.takedown(item_of(made).id, "names a private person")
    assert rows(owner, tokens()) == found(made.folder, tokens()) == {}
    scrub(owner)
    assert pages(own, owner, tokens()) == {}
    made.service.rebuild()
    assert rows(owner, tokens()) == found(made.folder, tokens()) == pages(own, owner, tokens()) == {}
    assert verify(made.desk, full=True).problem == ""
    made.close()
    own.clear(before)


def test_an_sqlite_file_needs_no_scrubbing(tmp_path):
    with pytest.raises(UsageError, match="SQLite overwrites what is erased"):
        scrub(f"sqlite:///{tmp_path}/log.db")
