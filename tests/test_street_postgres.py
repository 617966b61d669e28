"""The whole street on PostgreSQL, as the role that can only add to the log: what readers see is what SQLite gives."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from itertools import count

import psycopg
import pytest
from psycopg import sql

from briefing.eventstore import prepare_roles
from briefing.projections import table_names
from postgres_support import as_role  # type: ignore[import-not-found]  # see street_support
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    HTML,
    LISTED,
    MAIN,
    clock,
    listing,
    parsing,
    post,
    press,
    rss,
    source,
    street,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

WEEK = "2026-W09"
TITLES = (
    "Zebra berths",
    "apple harbour",
    "Ärger im Hafen",
    "éclair at berth 9",
    "сельдь",
    "港湾と鰊",
    "_ berth",
    "10 cod",
)


@pytest.fixture
def dice(monkeypatch):
    """Chance that falls alike for every log: with the same secret and salts two logs hold the same bytes."""

    def throw():
        numbers, chance = count(), os.urandom

        def drawn(size):
            # SQLAlchemy names parts of statements by chance too, and more of them on one database than on the other.
            ours = sys._getframe(1).f_globals["__name__"].startswith("briefing.")
            return hashlib.shake_128(b"%d" % next(numbers)).digest(size) if ours else chance(size)

        monkeypatch.setattr(os, "urandom", drawn)

    return throw


@pytest.fixture
def server(cluster, postgres):
    """The URL of an empty database, and a role that has no rights there yet."""
    return postgres, cluster.role()


def walk(made, press, clock):
    """Two days of a harbour: items, an edit, an issue, its second version, a source that breaks."""
    press.says("/feed", rss([post(500 + place, title=title) for place, title in enumerate(TITLES)]))
    press.says("/list", listing([("/berths.html", "New berths", "2026-02-26")]), content_type=HTML)
    press.shows("/berths.html", "Berths", "Five berths are new.", "The cod fleet lands at night from now on.")
    for day in range(2):
        for name in ("feed", "Feed-2", "list"):
            made.one(name)
        made.service.classify()
        made.service.publish()
        made.service.brief(week=WEEK)
        clock.forward(days=1)
        press.says("/feed", rss([post(520), post(501, title="apple harbour, corrected")]))
        press.fails("/list", 500)
        assert day < 1 or made.state("list") == "failing"


def sources(press):
    return (
        source("feed", "/feed", press),
        source("Feed-2", "/feed", press, institution="think-tank"),
        source("list", "/list", press, kind="page", listing=LISTED, article=MAIN),
    )


def test_the_same_days_give_the_same_log_and_the_same_published_bytes(street, press, clock, dice, server):
    owner, role = server
    began, walked = clock.now, []
    for url in ("", as_role(owner, role)):
        dice()
        if url:
            prepare_roles(owner, role, table_names())
        clock.now = began
        made = street(*sources(press), url=url)
        walk(made, press, clock)
        walked.append(made)
    on_file, on_server = walked
    assert on_server.desk.store.read(limit=9999) == on_file.desk.store.read(limit=9999)
    assert on_server.files() == on_file.files()
    assert len(on_server.files()) > 20
    assert on_server.service.rebuild().differing == ()
    assert on_server.files() == on_file.files()


def test_a_database_made_for_another_language_gives_the_same_published_bytes(street, press, clock, cluster, dice):
    """Its own order of texts differs from that of bytes; texts are ordered by their bytes all the same."""
    before, began = cluster.made(), clock.now
    german = cluster.database()
    name = german.rpartition("/")[2]
    with psycopg.connect(cluster.dsn, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
        how = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'de' LOCALE 'C.UTF-8'"
        server.execute(sql.SQL("CREATE DATABASE {} " + how).format(sql.Identifier(name)))
    with psycopg.connect(german) as plain:
        assert plain.execute("SELECT 'a' < 'Z', 'é' < 'z'").fetchone() == (True, True)
    found = []
    for url in ("", german):
        dice()
        clock.now = began
        made = street(*sources(press), url=url)
        walk(made, press, clock)
        found.append(made.files())
        made.close()
    assert found[0] == found[1]
    cluster.clear(before)


@pytest.mark.slow
def test_commands_take_the_address_from_their_option_or_the_environment(two_roles, tmp_path):
    owner, program = two_roles

    def run(*arguments, **environment):
        command = [
            sys.executable,
            "-c",
            "from briefing.cli import main; main()",
            "--storage",
            str(tmp_path),
            *arguments,
        ]
        return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})

    for done in (run("--database", program, "items"), run("log", BRIEFING_DATABASE_URL=program)):
        assert (done.returncode, done.stderr) == (0, "")
    role = program.partition("//")[2].partition(":")[0]
    again = run("--database", owner, "database", "prepare", "--application", role)
    assert (again.returncode, again.stderr) == (0, "")
    assert f"the role {role} may read it and add to it" in again.stdout
