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
from briefing.service.removals import removals, removed_from
from briefing.service.takedown import complete, settled

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefing.events import Event, Recorded
    from briefing.service.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildResult:
    """What was made again; `differing` are issues whose bytes are not those published then.

    `reissued` are those that cannot be: an item that they printed or named was taken down since.
    """

    position: int
    feeds: int
    issues: int
    differing: tuple[str, ...]
    reissued: tuple[str, ...] = ()


def rebuild(desk: Desk, progress: Callable[[int], None] | None = None) -> RebuildResult:
    """Drop every read model and `storage/public`, and make them again.

    The log is followed from its start; at the place of each published issue the issue is made from what was known
    there. `progress` is told the log position reached.
    """
    files.clear(desk.public)
    desk.projector.reset()
    desk.projector.foretell(removals(desk.store))
    issues = []
    published = _published(desk)
    latest = newest(published)
    for issued in published:
        desk.projector.catch_up(upto=issued.as_of, progress=progress)
        issues.extend(reissue(desk, desk.projector, desk.library, [issued], latest=latest))
    desk.projector.catch_up(progress=progress)
    made = publish(desk, everything=True)
    settled(desk)
    complete(desk)
    removed = removed_from(desk.library)
    return RebuildResult(
        position=made.position,
        feeds=made.feeds,
        issues=len(issues),
        differing=tuple(one.name for one in issues if not one.same and not removed(one.issued)),
        reissued=tuple(one.name for one in issues if not one.same and removed(one.issued)),
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
