"""The base of all facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The base of all facts. `NAME` and `VERSION` are what the log stores beside the fields."""

    NAME: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1

    def data(self) -> dict[str, Any]:
        """The fields as plain JSON values."""
        return {name: getattr(self, name) for name in FIELDS[type(self)]}


FIELDS: dict[type[Event], tuple[str, ...]] = {}
"""The names of the fields of each kind of event, filled by the package."""
