"""What a writer does while all others wait for it: nothing but speak to the database."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from types import BuiltinFunctionType
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from briefing.eventstore import Batch, SqlStore, connect, payloads
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    observed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from briefing.eventstore import New

TAKES = ("FOR UPDATE", "BEGIN IMMEDIATE")
ENCODERS = {payloads.compress, payloads.commitment, payloads.salted, payloads.keyed}
# What a program tells its auditors (PEP 578) before it touches anything outside of itself.
OUTSIDE = ("open", "socket.", "os.", "subprocess.", "shutil.", "urllib.", "tempfile.", "import")


class Watch:
    """Whether this thread holds the log, what statements it made in that time, what it called, what it touched."""

    def __init__(self, engine: Engine) -> None:
        self.held = False
        self.statements: list[str] = []
        self.called: set[Any] = set()
        self.touched: list[str] = []
        event.listen(engine, "after_cursor_execute", self._executed)
        event.listen(engine, "checkin", self._given_back)

    def _executed(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self.held = self.held or any(taking in statement for taking in TAKES)
        if self.held:
            self.statements.append(statement)

    def _given_back(self, *_: object) -> None:
        self.held = False

    def profiled(self, frame: Any, kind: str, what: Any) -> None:
        if self.held and kind in ("call", "c_call"):
            self.called.add(frame.f_code if kind == "call" else what)

    def audited(self, name: str) -> None:
        if self.held and name.startswith(OUTSIDE):
            self.touched.append(name)


WATCHES: list[Watch] = []


def tell(name: str, _arguments: object) -> None:
    for watch in WATCHES:
        watch.audited(name)


sys.addaudithook(tell)  # it stays for as long as the process does


@contextmanager
def watched(engine: Engine) -> Iterator[Watch]:
    watch = Watch(engine)
    WATCHES.append(watch)
    sys.setprofile(watch.profiled)
    try:
        yield watch
    finally:
        sys.setprofile(None)
        WATCHES.remove(watch)


@pytest.fixture
def engine(database_url):
    opened = connect(database_url)
    yield opened
    opened.dispose()


def batch(stream: str, first: int, count: int = 25) -> Batch:
    news: list[New] = [observed(f"{stream}-{number}") for number in range(first, first + count)]
    return Batch(stream=stream, events=news, expected=None)


def test_while_the_log_is_held_no_payload_is_encoded_and_nothing_but_the_database_is_touched(engine):
    store = SqlStore(engine)
    store.append_all([batch("a", 0)])  # what is loaded when it is first needed is loaded
    with watched(engine) as watch:
        store.append_all([batch("a", 100), batch("b", 0)])
    assert store.head() == 75
    assert watch.called
    assert not watch.called & {one.__code__ for one in ENCODERS}
    random = [one for one in watch.called if isinstance(one, BuiltinFunctionType) and one.__name__ == "urandom"]
    assert not random
    assert watch.touched == []


def test_while_the_log_is_held_many_batches_cost_as_many_statements_as_one(engine):
    store = SqlStore(engine)
    store.append_all([batch("a", 0)])
    with watched(engine) as watch:
        store.append_all([batch("b", 0, 1)])
        few = len(watch.statements)
        watch.statements.clear()
        store.append_all([Batch(stream=f"c{number}", events=batch(f"c{number}", 0, 2).events, expected=0)
                          for number in range(20)])  # fmt: skip
    assert few >= 4  # the counter, what is known, the new ones, the counter again
    assert len(watch.statements) <= few + 1  # where the streams end was asked for this time


def test_a_stream_s_end_is_one_step_into_an_index_however_long_the_log_is(engine):
    store = SqlStore(engine)
    store.append_all([batch("old", 0, 1), *(batch(f"s{number}", 0, 40) for number in range(20))])
    asked: list[tuple[str, Any]] = []
    event.listen(engine, "after_cursor_execute", lambda _c, _k, said, values, *_: asked.append((said, values)))
    assert store.lasts(["old", "s3", "none"]) == {"old": 1, "s3": 161}
    [(said, values)] = [one for one in asked if "events" in one[0]]
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE events")
        plan = "\n".join(map(str, connection.exec_driver_sql(explain + said, values)))
    assert "events_by_stream" in plan
    assert "SCAN events" not in plan
    assert "Seq Scan" not in plan
