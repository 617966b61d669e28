"""The verb rebuild: every read model and every published file again, from the log alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.delivery import files
from briefing.events import IssuePublished
from briefing.model import Issued, ItemId
from briefing.service.desk import BRIEFINGS
from briefing.service.issuing import newest, reissue
from briefing.service.publishing import publish
from briefing.service.signing import ready

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefing.events import Event, Recorded
    from briefing.service.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildResult:
    """What was made again; `differing` are issues whose bytes are not those published then."""

    position: int
    feeds: int
    issues: int
    differing: tuple[str, ...]


def rebuild(desk: Desk, progress: Callable[[int], None] | None = None) -> RebuildResult:
    """Drop every read model and `storage/public`, and make them again.

    The log is followed from its start; at the place of each published issue the issue is made from what was known
    there. `progress` is told the log position reached.
    """
    ready(desk)  # says what is wrong with the key before anything is cleared
    files.clear(desk.public)
    desk.projector.reset()
    issues = []
    published = _published(desk)
    latest = newest(published)
    for issued in published:
        desk.projector.catch_up(upto=issued.as_of, progress=progress)
        issues.extend(reissue(desk, desk.projector, desk.library, [issued], latest=latest))
    desk.projector.catch_up(progress=progress)
    made = publish(desk, everything=True)
    return RebuildResult(
        position=made.position,
        feeds=made.feeds,
        issues=len(issues),
        differing=tuple(
            f"{one.issued.briefing}/{one.issued.period}/v{one.issued.version}" for one in issues if not one.same
        ),
    )


def _published(desk: Desk) -> list[Issued]:
    """All published versions in the order of the log, read from the log itself."""
    found: list[Issued] = []
    after = 0
    while page := desk.store.read(after, streams=BRIEFINGS):
        found.extend(_issued(recorded, recorded.event) for recorded in page)
        after = page[-1].position
    return found


def _issued(recorded: Recorded, event: Event) -> Issued:
    assert isinstance(event, IssuePublished)
    return Issued(
        briefing=event.briefing,
        period=event.period,
        version=event.version,
        supersedes=event.supersedes,
        as_of=event.as_of,
        position=recorded.position,
        published_at=recorded.recorded_at,
        items=tuple(ItemId(item) for item in event.items),
        hashes=event.hashes,
    )
