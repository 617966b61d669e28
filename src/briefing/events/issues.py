"""Facts on issues: what we published, and what of it has to be corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from briefing.events.base import Event

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePublished(Event):
    """An issue of a briefing as it stood at log position `as_of`; `hashes` are SHA-256 by file name."""

    NAME: ClassVar[str] = "issue.published"
    briefing: str
    period: str
    version: int
    supersedes: int
    as_of: int
    renderer: str
    items: tuple[str, ...]
    hashes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErratumIssued(Event):
    """An item that an issue cites is no longer what that issue made of it, because of the change at log position
    `change`.

    `version` is the last version that knows nothing of the change, `number` the item's place in its list of sources.
    `kind` is `revised`, `withdrawn` or `restored`, or `reverted`: the item reads again as that version has it.
    """

    NAME: ClassVar[str] = "issue.erratum"
    briefing: str
    period: str
    version: int
    item: str
    number: int
    change: int
    kind: str
