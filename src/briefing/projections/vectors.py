"""Points of texts as an encoder gave them, kept so that none is encoded twice.

Made from the log's words with an encoder that not every machine has, so no part of what is compared or published: what
is lost here is encoded anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, Text, delete, select

from briefing.columns import alike, hold
from briefing.statements import replace_rows, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

    Key = tuple[str, int]  # an item and the number of its version

metadata = MetaData()

vectors = Table(
    "vectors",
    metadata,
    Column("item", String(16), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("encoder", Text, primary_key=True),  # name and version
    Column("point", LargeBinary, nullable=False),
)
alike(metadata)

_HELD = select(vectors.c.item, vectors.c.revision, vectors.c.encoder, vectors.c.point)
_CHUNK = 500


class Vectors:
    """The points of versions of items, as bytes that whoever encodes understands."""

    def __init__(self, engine: Engine, writing: Callable[[Engine], AbstractContextManager[Connection]]) -> None:
        self._engine = engine
        self._writing = writing
        self._there = False

    def _prepare(self) -> None:
        """Make the table when it is first needed: most have no encoder."""
        if not self._there:
            with self._writing(self._engine) as connection:
                hold(connection, vectors.name)
                metadata.create_all(connection)
            self._there = True

    def held(self, wanted: Iterable[Key], encoder: str) -> dict[Key, bytes]:
        """The points of these versions; those never kept are missing."""
        self._prepare()
        keys = set(wanted)
        with self._engine.connect() as connection:
            rows = rows_of(connection, _HELD, vectors.c.item, sorted({item for item, _ in keys}))
            found = {(item, revision): bytes(point) for item, revision, name, point in rows if name == encoder}
        return {key: point for key, point in found.items() if key in keys}

    def keep(self, points: Mapping[Key, bytes], encoder: str) -> None:
        """Keep points of versions."""
        rows = [
            {"item": item, "revision": revision, "encoder": encoder, "point": point}
            for (item, revision), point in points.items()
        ]
        if rows:
            self._prepare()
            with self._writing(self._engine) as connection:
                replace_rows(connection, vectors, rows)

    def forget(self, items: Iterable[str]) -> None:
        """Forget the points of items whose words are erased: a point tells of the words it was made from."""
        self._prepare()
        gone = sorted(items)
        with self._writing(self._engine) as connection:
            for start in range(0, len(gone), _CHUNK):
                connection.execute(delete(vectors).where(vectors.c.item.in_(gone[start : start + _CHUNK])))
