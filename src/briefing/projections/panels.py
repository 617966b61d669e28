"""Learnt models, kept so that no process learns again what another has learnt.

Made from the log, and no part of what is compared or published: what is lost or damaged here is learnt anew.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, delete, insert, select

from briefing.columns import alike, hold

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

metadata = MetaData()

panels = Table(
    "learnt_models",
    metadata,
    Column("recipe", String(64), primary_key=True),
    Column("log", Integer, primary_key=True),  # the position up to which was learnt
    Column("checksum", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
)
alike(metadata)


class Panels:
    """The models that were learnt last, as bytes that whoever learns understands."""

    def __init__(self, engine: Engine, writing: Callable[[Engine], AbstractContextManager[Connection]]) -> None:
        self._engine = engine
        self._writing = writing
        self._there = False

    def _prepare(self) -> None:
        """Make the table when it is first needed: without answers there are no models."""
        if not self._there:
            with self._writing(self._engine) as connection:
                hold(connection, panels.name)
                metadata.create_all(connection)
            self._there = True

    def held(self, recipe: str, log: int) -> bytes | None:
        """What was kept of these models; None where nothing was, or it is damaged."""
        self._prepare()
        query = select(panels.c.checksum, panels.c.body).where(panels.c.recipe == recipe, panels.c.log == log)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or hashlib.sha256(row.body).hexdigest() != row.checksum:
            return None
        return bytes(row.body)

    def keep(self, recipe: str, log: int, body: bytes) -> None:
        """Keep models in the place of all others: only those of now are asked for."""
        self._prepare()
        row = {"recipe": recipe, "log": log, "checksum": hashlib.sha256(body).hexdigest(), "body": body}
        with self._writing(self._engine) as connection:
            hold(connection, panels.name)
            connection.execute(delete(panels))
            connection.execute(insert(panels).values(**row))

    def forget(self, position: int) -> None:
        """Forget what was learnt before a position, where words were erased: models hold pieces of words."""
        self._prepare()
        with self._writing(self._engine) as connection:
            connection.execute(delete(panels).where(panels.c.log < position))
