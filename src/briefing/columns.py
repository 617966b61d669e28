"""What tables of the log and of the read models have in common on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Integer, String, Text, func, select

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData

POSTGRESQL = "postgresql"


def alike(metadata: MetaData) -> None:
    """Give columns the types under which PostgreSQL sorts and counts as SQLite does.

    Texts are ordered by their bytes, whatever language the database was made for: what is published must not depend on
    it. Numbers have 64 bits: positions of a busy log outgrow 32.
    """
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, String):
                column.type = column.type.with_variant(Text(collation="C"), POSTGRESQL)
            elif type(column.type) is Integer:
                column.type = column.type.with_variant(BigInteger(), POSTGRESQL)


def hold(connection: Connection, what: str) -> None:
    """Wait until no other transaction holds this name, and hold it to the end of this one.

    On SQLite there is one writer at a time anyhow.
    """
    if connection.dialect.name == POSTGRESQL:
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"briefing:{what}", 0))))
