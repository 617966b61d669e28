"""The verb rebuild: every read model and every published file again, from the log alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.delivery import files
from briefing.outputs import remedy
from briefing.service import aged, formats
from briefing.service.issuing import newest, reissue
from briefing.service.publishing import issue_path, publish, version_path
from briefing.service.removals import removed_from
from briefing.service.replaying import published_issues
from briefing.service.signing import ready
from briefing.service.takedown import complete, settled

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefing.service.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildResult:
    """What was made again; `differing` are issues whose bytes are not those published then.

    `reissued` are those that cannot be: an item that they printed or named was taken down since. `unmade` are files
    that cannot be made here because an extra is missing, `remedy` the command that adds it.
    """

    position: int
    feeds: int
    issues: int
    differing: tuple[str, ...]
    reissued: tuple[str, ...] = ()
    unmade: tuple[str, ...] = ()
    remedy: str = ""


def rebuild(desk: Desk, progress: Callable[[int], None] | None = None) -> RebuildResult:
    """Drop every read model and `storage/public`, and make them again.

    The log is followed once; then each published issue is made from what was known where it was published. `progress`
    is told the log position reached.
    """
    ready(desk)  # says what is wrong with the key before anything is cleared
    files.clear(desk.public, _held(desk))
    desk.projector.reset()
    desk.projector.catch_up(progress=progress)
    published = sorted(desk.library.issues(), key=lambda one: one.position)
    issues = reissue(desk, published, latest=newest(published))
    made = publish(desk, everything=True)
    settled(desk)
    complete(desk)
    removed = removed_from(desk.library)
    unmade = tuple(f"{one.name}/{name}" for one in issues for name in one.unmade)
    return RebuildResult(
        position=made.position,
        feeds=made.feeds,
        issues=len(issues),
        differing=tuple(one.name for one in issues if not one.same and not removed(one.issued)),
        reissued=tuple(one.name for one in issues if not one.same and removed(one.issued)),
        unmade=unmade,
        remedy=remedy(formats.of_files({name.rpartition("/")[2] for name in unmade})) if unmade else "",
    )


def _held(desk: Desk) -> set[str]:
    """Files of published issues that could not be made again here, for want of an extra or because another version
    of the renderers made them: they stay, where they are what was published.

    Asked of the log itself: the read models may be what has to be mended.
    """
    published = {}
    for _, issue in published_issues(desk):
        published[version_path(issue.briefing, issue.period, issue.version)] = issue
        published[issue_path(issue.briefing, issue.period)] = issue  # the newest comes last
    public = desk.public
    unmade = {path for folder, one in published.items() for path in formats.held(public, folder, one.hashes)}
    return unmade | {path for folder, one in published.items() for path in aged.held(public, folder, one)}
