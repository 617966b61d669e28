"""What a collect found, source by source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefing.service.rechecking import Recheck
    from briefing.service.sending import SendResult
    from briefing.service.telling import Delivered


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceResult:
    """How one source did. `outcome` is read, unchanged or failed; `events` counts what was appended to the log.

    `excluded` and `foreign` count the entries that the source's rules leave out (see `Parsed`).
    """

    source: str
    outcome: str
    status: int | None
    seen: int
    new: int
    revised: int
    withdrawn: int
    restored: int
    aliased: int
    events: int
    waiting: int
    failure: str
    detail: str
    seconds: float
    excluded: int = 0
    foreign: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectResult:
    """How a run over several sources went."""

    results: tuple[SourceResult, ...]
    seconds: float

    @property
    def failed(self) -> tuple[SourceResult, ...]:
        """The sources that could not be read."""
        return tuple(result for result in self.results if result.outcome == "failed")

    def total(self, name: str) -> int:
        """The sum of a count over all sources."""
        return sum(getattr(result, name) for result in self.results)


def delivered_words(one: Delivered) -> str:
    """What a channel was sent, in a line."""
    what = "file" if one.kind in ("folder", "s3") else "feed" if one.kind == "websub" else "message"
    said = f"{one.sent} {what}{'' if one.sent == 1 else 's'} delivered" if one.sent else "nothing delivered"
    beside = [said, f"{one.dead} given up" if one.dead else "", one.fault, one.waits]
    return f"{one.channel.removeprefix('@')}: " + "; ".join(part for part in beside if part)


def mailed_words(found: SendResult) -> str:
    """What became of the mails of a round, in a line; empty where there was none."""
    said = ", ".join(f"{count} {sort}" for sort, count in found.counts.items() if count)
    return f"mail: {said}" if said else ""


def recheck_words(found: Recheck) -> str:
    """What reading pages again brought, in a few words; empty where it brought nothing."""
    counts = ((found.revised, "revised"), (found.withdrawn, "withdrawn"), (found.restored, "restored"))
    return ", ".join(f"{count} {what}" for count, what in counts if count)
