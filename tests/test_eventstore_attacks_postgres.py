"""What PostgreSQL refuses, to the owner of the log and to the program's own role: the log is append-only."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from briefing.eventstore import Outcome, SqlStore, connect, prepare_roles, writing
from briefing.projections import Library, Polls, Projector, table_names
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    observed,
    source,
    takedown,
    words,
)
from postgres_support import as_role  # type: ignore[import-not-found]  # see above

EVENT = "(position, stream, key, blob, body, leaf)"
LIKE_THE_SECOND = (
    rf"INTO events {EVENT} SELECT position, stream, key, blob, '\x7b7d', leaf FROM events WHERE position = 2"
)
SAME_KEY = rf"INTO events {EVENT} SELECT 4, stream, key, blob, '\x7b7d', leaf FROM events WHERE position = 2"
SAME_MARK = r"INTO blobs (id, commitment, salt, data) SELECT 9, commitment, salt, '\x00' FROM blobs WHERE id = 1"
ANOTHER_HEAD = r"INTO head (id, position, recorded_at, secret, format) SELECT {}, 0, '', '\x00', 1 FROM head"
FRESH = rf"INTO events {EVENT} VALUES ({{}}, 's', '\xbeef', NULL, '\x7b7d', '\x1eaf')"

# What changes or removes anything that is there.
CHANGES = {
    "an event's body is changed": r"UPDATE events SET body = '\x7b7d' WHERE position = 2",
    "an event's key is changed": r"UPDATE events SET key = '\x00' WHERE position = 2",
    "an event's stream is changed": "UPDATE events SET stream = 'other' WHERE position = 2",
    "an event's hash is changed": r"UPDATE events SET leaf = '\x00' WHERE position = 2",
    "an event's words are cut off": "UPDATE events SET blob = NULL WHERE position = 1",
    "an event is moved": "UPDATE events SET position = 4 WHERE position = 3",
    "an event is deleted": "DELETE FROM events WHERE position = 2",
    "the last event is deleted": "DELETE FROM events WHERE position = 3",
    "everything is deleted": "DELETE FROM events",
    "everything is emptied": "TRUNCATE events, erased",
    "everything is emptied with what names it": "TRUNCATE events CASCADE",
    "an event is upserted": rf"INSERT {SAME_KEY} ON CONFLICT (key) DO UPDATE SET body = '\x7b7d'",
    "an event is merged over another": (
        "MERGE INTO events USING (VALUES (2)) AS given (number) ON position = number "
        r"WHEN MATCHED THEN UPDATE SET body = '\x7b7d'"
    ),
    "an event is deleted inside another statement": (
        "WITH gone AS (DELETE FROM events WHERE position = 3 RETURNING 1) SELECT count(*) FROM gone"
    ),
    "words are changed": r"UPDATE blobs SET data = '\x00' WHERE id = 1",
    "a salt is changed": r"UPDATE blobs SET salt = '\x00' WHERE id = 1",
    "words are erased without an event": "UPDATE blobs SET salt = '', data = '' WHERE id = 1",
    "words that an event erased are written anew": r"UPDATE blobs SET salt = '\x01', data = '\x01' WHERE id = 2",
    "words are deleted": "DELETE FROM blobs WHERE id = 1",
    "words are emptied": "TRUNCATE blobs CASCADE",
    "words are upserted": rf"INSERT {SAME_MARK} ON CONFLICT (commitment) DO UPDATE SET data = '\x00'",
    "the mark of an erasure is moved": "UPDATE erased SET blob = 1",
    "the mark of an erasure is removed": "DELETE FROM erased",
    "the marks of erasures are emptied": "TRUNCATE erased",
    "the format is changed": "UPDATE head SET format = 99",
    "the head gets another number": "UPDATE head SET id = 2",
    "the head is deleted": "DELETE FROM head",
    "the head is emptied": "TRUNCATE head",
    "the head is upserted": f"INSERT {ANOTHER_HEAD.format(1)} WHERE true ON CONFLICT (id) DO UPDATE SET position = 0",
    "a second head is added": f"INSERT {ANOTHER_HEAD.format(2)}",
}
# What adds what must not be there; adding is the program's business.
ADDITIONS = {
    "an event is inserted over another": f"INSERT {LIKE_THE_SECOND}",
    "an event is inserted or left": f"INSERT {LIKE_THE_SECOND} ON CONFLICT DO NOTHING",
    "an event is upserted by its position": (
        rf"INSERT {LIKE_THE_SECOND} ON CONFLICT (position) DO UPDATE SET body = '\x7b7d'"
    ),
    "an event has the key of another": f"INSERT {SAME_KEY}",
    "a position is left out": f"INSERT {FRESH.format(5)}",
    "a position before the first is taken": f"INSERT {FRESH.format(0)}",
    "a position is left to the database": f"INSERT {FRESH.format('NULL')}",
    "a position is no number": f"""INSERT {FRESH.format("'four'")}""",
    "an event has no key": rf"INSERT INTO events {EVENT} VALUES (4, 's', NULL, NULL, '\x7b7d', '\x1eaf')",
    "words have the commitment of others": f"INSERT {SAME_MARK}",
    "an erasure is noted twice": "INSERT INTO erased (blob, position) VALUES (2, 1)",
    "words are called erased by nothing": "INSERT INTO erased (blob, position) VALUES (1, 99)",
    "words are called erased by their own event": "INSERT INTO erased (blob, position) VALUES (1, 1)",
    "words are called erased by the takedown of others": "INSERT INTO erased (blob, position) VALUES (1, 3)",
    "words that are not there are called erased": "INSERT INTO erased (blob, position) VALUES (9, 3)",
    "the head goes back": "UPDATE head SET position = position - 1",
    "the head goes to the start": "UPDATE head SET position = 0",
    "the head runs ahead of the log": "UPDATE head SET position = position + 1",
    "the head's time goes back": "UPDATE head SET recorded_at = '2001-01-01'",
    "the head's time runs ahead": "UPDATE head SET recorded_at = '2999-01-01'",
    "the secret is changed": r"UPDATE head SET secret = '\x00'",
    "words that no event erases are erased by the function": "SELECT briefing_erase(ARRAY[1])",
}
# What takes the guards away; the owner can, and is therefore another role than the program's.
BREAKS = {
    "the guards are switched off": "ALTER TABLE events DISABLE TRIGGER ALL",
    "one guard is switched off": "ALTER TABLE events DISABLE TRIGGER events_append_only",
    "a guard is dropped": "DROP TRIGGER events_append_only ON events",
    "a guard is renamed": "ALTER TRIGGER events_append_only ON events RENAME TO nothing",
    "a guard's function is replaced": (
        "CREATE OR REPLACE FUNCTION briefing_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
    ),
    "a guard's function is dropped": "DROP FUNCTION briefing_append_only() CASCADE",
    "a guard's function looks elsewhere": "ALTER FUNCTION briefing_blobs_erased_only() SET search_path = pg_temp",
    "the function that erases is replaced": (
        "CREATE OR REPLACE FUNCTION briefing_erase(wanted bigint[]) RETURNS void LANGUAGE sql AS 'DELETE FROM events'"
    ),
    "the session plays a replica": "SET session_replication_role = replica",
    "the log is dropped": "DROP TABLE events CASCADE",
    "the log is renamed": "ALTER TABLE events RENAME TO old_events",
    "the log is moved": "ALTER TABLE events SET SCHEMA pg_temp",
    "the log gets a column": "ALTER TABLE events ADD COLUMN note text",
    "the log gets another owner": "ALTER TABLE events OWNER TO CURRENT_USER",
    "a rule stands before the log": "CREATE RULE swallow AS ON INSERT TO events DO INSTEAD NOTHING",
    "a trigger stands before the log": (
        "CREATE TRIGGER aaa BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION briefing_append_only()"
    ),
    "the log is locked for everybody": "BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE",
    "the tables say they are older": "UPDATE alembic_version SET version_num = '0001'",
}
NEVER = (errors.InsufficientPrivilege,)
REFUSED = (*NEVER, psycopg.IntegrityError, psycopg.DataError)


def content(url):
    asked = [
        "SELECT * FROM events ORDER BY position", "SELECT * FROM blobs ORDER BY id", "SELECT * FROM erased ORDER BY 1",
        "SELECT * FROM head", "SELECT * FROM alembic_version",
        "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger ORDER BY 1, 2",
        "SELECT oid, proname, prosrc, proconfig FROM pg_proc WHERE proname LIKE 'briefing%' ORDER BY 2",
    ]  # fmt: skip
    with psycopg.connect(url) as plain:
        return [plain.execute(one).fetchall() for one in asked]


@pytest.fixture(scope="module")
def log(cluster):
    """A log of three events, two payloads and an erasure: the URLs of its owner and of the program's role."""
    before = cluster.made()
    owner, role = cluster.database(), cluster.role()
    prepare_roles(owner, role, table_names())
    engine = connect(as_role(owner, role))
    store = SqlStore(engine)
    store.append("source:selvane", [observed("item-1"), observed("item-2", payload=words("B"))])
    mark = store.read()[1].event.data()["payload"]
    store.append("source:selvane", [takedown("item-2", (mark,))])
    store.erase(3, [mark])
    engine.dispose()
    yield owner, as_role(owner, role)
    cluster.clear(before)


@pytest.mark.parametrize("name", [*CHANGES, *ADDITIONS])
@pytest.mark.parametrize("session", ["origin", "replica"])
def test_the_database_refuses_it_even_to_the_owner_whatever_the_session_says_it_is(log, name, session):
    owner, _ = log
    before = content(owner)
    with psycopg.connect(owner, autocommit=True) as plain:
        plain.execute(f"SET session_replication_role = {session}")
        with pytest.raises((psycopg.IntegrityError, psycopg.DataError)):
            plain.execute((CHANGES | ADDITIONS)[name])
    assert content(owner) == before


@pytest.mark.parametrize("name", [*CHANGES, *BREAKS])
def test_the_programs_role_has_no_right_to_it(log, name):
    owner, program = log
    before = content(owner)
    with psycopg.connect(program, autocommit=True) as plain, pytest.raises(NEVER):
        plain.execute((CHANGES | BREAKS)[name])
    assert content(owner) == before


@pytest.mark.parametrize("name", ADDITIONS)
def test_the_programs_role_may_add_but_not_this(log, name):
    owner, program = log
    before = content(owner)
    with psycopg.connect(program, autocommit=True) as plain, pytest.raises(REFUSED):
        plain.execute(ADDITIONS[name])
    assert content(owner) == before


def test_an_event_cannot_name_words_that_are_not_there(log):
    for url in log:
        with psycopg.connect(url) as plain, pytest.raises(errors.ForeignKeyViolation):
            plain.execute(rf"INSERT INTO events {EVENT} VALUES (4, 's', '\xbeef', 77, '\x7b7d', '\x1eaf')")


def test_no_attack_is_refused_for_its_grammar_alone(log):
    """Without the guards most of these statements pass, which is what the guards are for."""
    owner, _ = log
    refused = set()
    with psycopg.connect(owner) as plain:
        for table in ("events", "blobs", "erased", "head"):
            plain.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for name, attack in (CHANGES | ADDITIONS).items():
            plain.execute("SAVEPOINT before")
            try:
                plain.execute(attack)
            except (psycopg.IntegrityError, psycopg.DataError):  # a constraint of the table stands in its way as well
                refused.add(name)
            plain.execute("ROLLBACK TO before")
        plain.rollback()
    assert refused <= {
        "an event is inserted over another",
        "an event has the key of another",
        "a position is left to the database",
        "a position is no number",
        "an event has no key",
        "words have the commitment of others",
        "an erasure is noted twice",
    }


def test_what_a_session_puts_in_the_way_of_names_misleads_no_guard(log):
    """Temporary tables come first wherever a name is looked up, and a path may put a schema before the system's."""
    owner, program = log
    before = content(owner)
    with psycopg.connect(program, autocommit=True) as plain:
        plain.execute("CREATE TEMP TABLE erased AS SELECT 1::bigint AS blob, 1::bigint AS position")
        plain.execute("CREATE TEMP TABLE events AS SELECT 40::bigint AS position")
        with pytest.raises(psycopg.IntegrityError):
            plain.execute("SELECT briefing_erase(ARRAY[1])")
        with pytest.raises(psycopg.IntegrityError, match="gaps"):
            plain.execute(r"INSERT INTO public.events VALUES (41, 's', '\xbeef', NULL, '\x7b7d', '\x1eaf')")
        plain.execute("CREATE FUNCTION never(bigint, bigint) RETURNS bool LANGUAGE sql AS 'SELECT false'")
        plain.execute("CREATE OPERATOR public.<> (FUNCTION = never, LEFTARG = bigint, RIGHTARG = bigint)")
        plain.execute("SET search_path = public, pg_catalog, pg_temp")
        assert plain.execute("SELECT 1::bigint <> 2::bigint").fetchone() == (False,)
        with pytest.raises(psycopg.IntegrityError):
            plain.execute("UPDATE public.head SET position = position + 1")
        plain.execute("DROP OPERATOR public.<> (bigint, bigint)")
        plain.execute("DROP FUNCTION never(bigint, bigint)")
    assert content(owner) == before


def test_a_right_that_the_programs_role_gives_itself_is_none(log):
    owner, program = log
    before = content(owner)
    with psycopg.connect(program, autocommit=True) as plain:
        plain.execute(
            "GRANT UPDATE, DELETE, TRUNCATE, TRIGGER ON events TO CURRENT_USER"
        )  # a warning, and nothing more
        for attack in ("UPDATE events SET stream = 's'", "DELETE FROM events", "TRUNCATE events CASCADE"):
            with pytest.raises(NEVER):
                plain.execute(attack)
        superuser = plain.execute("SELECT rolname FROM pg_roles WHERE rolsuper ORDER BY 1 LIMIT 1").fetchone()
        assert superuser
        with pytest.raises(NEVER):
            plain.execute(f'SET ROLE "{superuser[0]}"')
    assert content(owner) == before


def test_a_log_that_was_attacked_goes_on_as_if_nothing_had_happened(two_roles):
    owner, program = two_roles
    engine = connect(program)
    store = SqlStore(engine)
    store.append("source:selvane", [observed("item-1"), observed("item-2", payload=words("B"))])
    for url, attacks in ((owner, CHANGES | ADDITIONS), (program, CHANGES | ADDITIONS | BREAKS)):
        with psycopg.connect(url, autocommit=True) as plain:
            for attack in attacks.values():
                try:
                    plain.execute(attack)
                except REFUSED:
                    plain.rollback()
    answers = store.append("source:selvane", [observed("item-1"), observed("item-3", payload=words("C"))])
    assert [(answer.outcome, answer.position) for answer in answers] == [(Outcome.DUPLICATE, 1), (Outcome.APPENDED, 3)]
    assert [recorded.position for recorded in store.read()] == [1, 2, 3]
    engine.dispose()


# ---------------------------------------------------------------- what the program's role can do


def test_the_programs_role_can_do_all_that_the_program_does(two_roles):
    _, program = two_roles
    engine = connect(program)
    store = SqlStore(engine)
    projector, polls = Projector(engine, store, writing), Polls(engine, writing)
    store.append("source:selvane", [source(), observed("item-1"), observed("item-2")])
    projector.catch_up()
    library = Library(engine, store, polls)
    assert [item.id for item in library.items(order="day")] == ["item-2", "item-1"]
    mark = store.read()[1].event.data()["payload"]
    store.append("source:selvane", [takedown("item-1", (mark,))])
    assert store.erase(4, [mark]) == 1
    first, second = (one.payload for one in store.read(1, 2, payloads=True))
    assert first is None
    assert second is not None
    projector.reset()
    assert projector.catch_up() == 4
    engine.dispose()
