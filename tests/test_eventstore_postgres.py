"""PostgreSQL under the log: settings, faults in one sentence, two roles."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from briefing.errors import StoreError, UsageError
from briefing.eventstore import SqlStore, connect, prepare_roles, writing
from briefing.projections import Polls, Projector, table_names
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    observed,
    source,
)
from postgres_support import PASSWORD, as_role  # type: ignore[import-not-found]  # see above


@contextmanager
def opened(url):
    engine = connect(url)
    yield engine
    engine.dispose()


def refused(url):
    with pytest.raises(StoreError) as caught:
        connect(url)
    return str(caught.value)


# ---------------------------------------------------------------- settings


def test_a_writer_waits_and_goes_on_whatever_level_the_server_prefers(postgres):
    name = postgres.rpartition("/")[2]
    with psycopg.connect(postgres, autocommit=True) as plain:
        strict = "ALTER DATABASE {} SET default_transaction_isolation = 'serializable'"
        plain.execute(sql.SQL(strict).format(sql.Identifier(name)))
    with opened(postgres) as engine, engine.connect() as connection:
        assert connection.execute(text("SHOW transaction_isolation")).scalar() == "read committed"
        assert connection.execute(text("SHOW client_encoding")).scalar() == "UTF8"


def test_to_append_never_reads_the_whole_log_whatever_the_server_believes_of_its_size(postgres):
    """Statistics are taken now and then: when they were, the log can have been as good as empty."""
    many = 2000
    with opened(postgres) as engine:
        SqlStore(engine).append("s", [observed("0" * 16)])
    put = "INSERT INTO events SELECT n, 's', sha256(n::text::bytea), NULL, '', '' FROM generate_series(%s::int, %s) n"
    with psycopg.connect(postgres) as plain:
        plain.execute("ANALYZE events")
        plain.execute(put, [2, 3])  # the guard is planned now
        plain.execute(put, [4, many])
        looked = (
            "SELECT seq_tup_read, coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relname = 'events'"
        )
        [(read, fetched)] = plain.execute(looked).fetchall()
        plain.rollback()
    assert read < 10
    assert fetched < 5 * many


def test_while_one_writer_holds_the_counter_another_waits_and_readers_do_not(postgres):
    with opened(postgres) as engine:
        store = SqlStore(engine)
        store.append("s", [observed("item-1")])
        done = threading.Event()

        def write() -> None:
            store.append("s", [observed("item-3")])
            done.set()

        writer = threading.Thread(target=write)
        with psycopg.connect(postgres) as first:
            first.execute("SELECT position FROM head FOR UPDATE")
            writer.start()
            assert not done.wait(0.3)
            assert [one.position for one in store.read()] == [1]
            first.rollback()
        writer.join(30)
        assert [one.position for one in store.read()] == [1, 2]


def test_the_read_models_have_one_owner_at_a_time(postgres):
    with opened(postgres) as engine:
        store = SqlStore(engine)
        projector = Projector(engine, store, writing)
        store.append("source:selvane", [source(), observed("item-1")])
        page = store.read(payloads=True)
        owner = threading.Thread(target=projector._apply, args=(page,))
        with psycopg.connect(postgres) as other:
            other.execute("SELECT pg_advisory_xact_lock(hashtextextended('briefing:library', 0))")
            owner.start()
            owner.join(0.3)
            assert (owner.is_alive(), projector.position()) == (True, 0)
            other.rollback()
        owner.join(30)
        assert projector.position() == 2


# ---------------------------------------------------------------- faults


def test_a_server_that_is_not_there_is_named_without_the_password():
    said = refused(f"postgresql://desk:{PASSWORD}@127.0.0.1:1/log")
    assert said.startswith("database log on 127.0.0.1:1 cannot be used (")
    assert said.endswith("); check the address, the server and the role")
    assert PASSWORD not in said
    assert "\n" not in said


def test_a_database_or_a_role_that_is_not_there_is_named(postgres):
    assert 'database "nowhere" does not exist' in refused(f"{postgres.rpartition('/')[0]}/nowhere")
    said = refused(as_role(postgres, "stranger"))
    assert "stranger" in said
    assert PASSWORD not in said


def test_a_database_that_cannot_hold_every_text_is_refused(cluster):
    before = cluster.made()
    url = cluster.database()
    name = sql.Identifier(url.rpartition("/")[2])
    with psycopg.connect(cluster.dsn, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE {}").format(name))
        how = "TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"
        server.execute(sql.SQL("CREATE DATABASE {} " + how).format(name))
    assert "its encoding is LATIN1; create one with ENCODING 'UTF8'" in refused(url)
    cluster.clear(before)


def test_a_connection_that_the_server_cut_while_it_was_idle_is_made_anew(postgres):
    with opened(postgres) as engine:
        store = SqlStore(engine)
        with psycopg.connect(postgres, autocommit=True) as other:
            others = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            other.execute(f"{others} AND datname = current_database()")
        assert store.append("s", [observed("item-1")])[0].position == 1


def test_a_connection_cut_in_the_middle_is_told_in_one_sentence_and_leaves_nothing(postgres):
    with opened(postgres) as engine:
        store = SqlStore(engine)

        def cut() -> None:
            with writing(engine) as connection:
                connection.execute(text("CREATE TABLE extra (a int)"))
                connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

        with pytest.raises(StoreError, match=r"^database .+ cannot be used \(.+\); check"):
            cut()
        with engine.connect() as connection:
            assert connection.execute(text("SELECT to_regclass('extra')")).scalar() is None
        assert (store.append("s", [observed("item-1")])[0].position, store.head()) == (1, 1)


def test_without_its_driver_the_sentence_says_what_to_install():
    program = (
        "import sys\nsys.modules['psycopg'] = None\nfrom briefing.eventstore import connect\n"
        "from briefing.errors import StoreError\n"
        "try:\n    connect('postgresql://desk@127.0.0.1/log')\nexcept StoreError as error:\n    print(error)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "pip install 'briefing[postgres]'" in said


# ---------------------------------------------------------------- two roles


def test_a_role_without_rights_is_told_how_to_get_them(cluster, postgres):
    role = cluster.role()
    with opened(as_role(postgres, role)) as engine, pytest.raises(StoreError) as caught:
        SqlStore(engine)
    assert f"the role {role} may not do this (permission denied" in str(caught.value)
    assert "`briefing database prepare`" in str(caught.value)


def test_roles_are_prepared_again_without_harm(two_roles):
    owner, program = two_roles
    with opened(program) as engine:
        SqlStore(engine).append("source:selvane", [source()])
        Projector(engine, SqlStore(engine), writing).catch_up()
        role = engine.url.username
        assert prepare_roles(owner, role, table_names()) == []
        assert Projector(engine, SqlStore(engine), writing).position() == 1


def test_a_log_that_one_role_had_alone_is_handed_over_with_its_events(cluster, postgres):
    with opened(postgres) as engine:
        store = SqlStore(engine)
        store.append("source:selvane", [source(), observed("item-1")])
        Projector(engine, store, writing).catch_up()
        Polls(engine, writing)

    role = cluster.role()
    when_used = {
        "vectors",
        "learnt_models",
        "partings",
        "cursors",
        "addresses",
        "rosters",
        "subscription_requests",
    }  # made when they are first used
    assert set(prepare_roles(postgres, role, table_names())) == set(table_names()) - when_used
    with opened(as_role(postgres, role)) as engine:
        store = SqlStore(engine)
        Polls(engine, writing)
        assert Projector(engine, store, writing).catch_up() == 2


def test_only_a_role_that_cannot_take_the_guards_off_is_prepared(cluster, postgres, tmp_path):
    role = cluster.role()
    with psycopg.connect(postgres, autocommit=True) as plain:
        [owner] = plain.execute("SELECT current_user").fetchone() or ()
    with pytest.raises(UsageError, match='there is no role "nobody-here": make it first'):
        prepare_roles(postgres, "nobody-here", [])
    with pytest.raises(UsageError, match="could take the guards off the log"):
        prepare_roles(postgres, owner, [])
    with pytest.raises(UsageError, match="roles are PostgreSQL's"):
        prepare_roles(f"sqlite:///{tmp_path}/log.db", role, [])
    with psycopg.connect(postgres, autocommit=True) as plain:
        plain.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(owner), sql.Identifier(role)))
    with pytest.raises(UsageError, match="a member of it"):
        prepare_roles(postgres, role, [])


def test_a_log_is_prepared_by_its_owner_alone(cluster, two_roles):
    _, program = two_roles
    with pytest.raises(UsageError, match=r'the log belongs to the role ".+": connect as that one by --owner'):
        prepare_roles(program, cluster.role(), [])
