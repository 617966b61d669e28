"""Erasing words from the log's tables, as far as the database lets anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from briefing.columns import POSTGRESQL
from briefing.eventstore.schema import blobs, erased
from briefing.statements import insert_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def erase_blobs(connection: Connection, numbers: Sequence[int], position: int) -> None:
    """Note that the event at a position erases these blobs, and empty them."""
    insert_rows(connection, erased, [{"blob": number, "position": position} for number in numbers])
    empty_blobs(connection, numbers)


def empty_blobs(connection: Connection, numbers: Sequence[int]) -> None:
    """Erase words and salts of blobs that are noted as erased.

    On PostgreSQL by a function of the owner's: the program's role may write nothing over there, and the function erases
    nothing but what is noted.
    """
    if connection.dialect.name == POSTGRESQL:
        connection.exec_driver_sql("SELECT briefing_erase(%s::bigint[])", (list(numbers),))
    else:
        connection.execute(update(blobs).where(blobs.c.id.in_(numbers)).values(salt=b"", data=b""))
