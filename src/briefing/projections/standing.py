"""How far the read models are, without making any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select

from briefing.projections.projector import VERSION
from briefing.projections.schema import checkpoints, published

if TYPE_CHECKING:
    from sqlalchemy import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`position` is that of the read models, `published` that of the files; `current` says they are of this version."""

    position: int
    published: int
    current: bool


def standing(engine: Engine) -> Standing | None:
    """Where the read models stand; None where there are none."""
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        if not {checkpoints.name, published.name} <= tables:
            return None
        row = connection.execute(select(checkpoints.c.position, checkpoints.c.version)).first()
        files = connection.execute(
            select(func.coalesce(func.max(published.c.position), 0)).where(published.c.name == "feeds")
        ).scalar_one()
    if row is None:
        return None
    return Standing(position=row.position, published=files, current=row.version == VERSION)
