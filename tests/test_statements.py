"""Statements for many rows: what they write and find is what row by row would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, create_engine, select
from sqlalchemy.exc import IntegrityError

from briefing.statements import insert_rows, replace_rows, rows_of, update_rows

_metadata = MetaData()
_boats = Table(
    "boats", _metadata, Column("id", Text, primary_key=True), Column("length", Integer), Column("flag", LargeBinary)
)
_ALL = select(_boats)


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        _metadata.create_all(connection)
        yield connection
    engine.dispose()


def boats(count, length=1):
    return [{"id": f"boat-{number:04}", "length": length, "flag": bytes([number % 256])} for number in range(count)]


def held(connection):
    return [dict(row) for row in connection.execute(_ALL.order_by(_boats.c.id)).mappings()]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 511, 512, 513, 1500])
def test_rows_are_found_by_however_many_values(connection, count):
    insert_rows(connection, _boats, boats(1600))
    wanted = [boat["id"] for boat in boats(count)]
    found = [row.id for row in rows_of(connection, _ALL, _boats.c.id, wanted)]
    assert sorted(found) == wanted


def test_values_that_no_row_has_find_nothing_and_repeated_ones_find_a_row_once(connection):
    insert_rows(connection, _boats, boats(3))
    found = rows_of(connection, _ALL, _boats.c.id, ["boat-0001", "no boat", "boat-0001"])
    assert [row.flag for row in found] == [b"\x01"]


def test_a_row_that_is_there_is_refused_passed_over_or_replaced_as_asked(connection):
    insert_rows(connection, _boats, boats(2))
    with pytest.raises(IntegrityError):
        insert_rows(connection, _boats, boats(1))
    insert_rows(connection, _boats, boats(3, length=9), known_stay=True)
    assert [boat["length"] for boat in held(connection)] == [1, 1, 9]
    replace_rows(connection, _boats, boats(4, length=7))
    assert [boat["length"] for boat in held(connection)] == [7, 7, 7, 7]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.binary(max_size=2)), max_size=8))
def test_after_an_update_the_table_holds_the_rows_as_given(changes):
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        _metadata.create_all(connection)
        before = {boat["id"]: boat for boat in boats(4)}
        insert_rows(connection, _boats, list(before.values()))
        after = {name: dict(boat) for name, boat in before.items()}
        for number, length, flag in changes:
            after[f"boat-{number:04}"] |= {"length": length, "flag": flag}
        update_rows(connection, _boats, list(after.values()), before)
        assert held(connection) == [after[name] for name in sorted(after)]
    engine.dispose()
