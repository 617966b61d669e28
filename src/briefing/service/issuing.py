"""The verb brief: one issue of a briefing, published once for all; what comes later makes a new version."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from briefing import events
from briefing.delivery import files
from briefing.documents import Document
from briefing.editions import periods
from briefing.editions.issue import issue
from briefing.errors import UsageError
from briefing.observe.decisions import Fact
from briefing.outputs import lacking, length, renderer
from briefing.service import aged, fonts, formats
from briefing.service.desk import briefing_stream
from briefing.service.dressing import Dress
from briefing.service.errata import corrections
from briefing.service.moments import known_at
from briefing.service.publishing import issue_path, version_path
from briefing.service.removals import removed_from
from briefing.service.twins import twins
from briefing.service.versions import corrected_since, version_before

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from briefing.documents import Issue
    from briefing.model import Briefing, Issued, Source, SourceId
    from briefing.projections import Holdings
    from briefing.service.desk import Desk

# Issues of so many periods back get a new version when late items come.
_BACK = {"day": 7, "week": 4, "month": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefResult:
    """An issue as it stands now; `fresh` says that this call published it.

    `lacking` are formats asked for by name that cannot be made here, and those that failed; `notes` sentences on what
    the documents lack.
    """

    briefing: str
    period: str
    version: int
    items: int
    fresh: bool
    paths: tuple[str, ...]
    lacking: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def brief(desk: Desk, briefing_id: str | None = None, week: str | None = None) -> list[BriefResult]:
    """Publish the issue of a week, day or month (by default the last whole one) of a briefing (by default of all that
    have issues of such periods).

    Raises:
        UsageError: there is no such briefing, no such period, or the briefing has no issues of such periods.
    """
    desk.projector.catch_up()
    return [_brief(desk, one, its) for one, its in asked(desk.library, desk.clock(), briefing_id, week)]


def asked(library: Holdings, now: datetime, briefing_id: str | None, period: str | None) -> list[tuple[Briefing, str]]:
    """The briefings meant, each with the period of its issue; see `brief`."""
    briefings = library.briefings()
    if briefing_id is not None:
        briefings = tuple(one for one in briefings if one.id == briefing_id)
        if not briefings:
            known = ", ".join(one.id for one in library.briefings()) or "none"
            raise UsageError(f'there is no briefing "{briefing_id}" in sources.yaml; known: {known}')
    if not briefings:
        return []
    if period is None:
        zone = library.site().timezone
        return [(one, periods.preceding(periods.period_at(now, zone, one.period))) for one in briefings]
    periods.first_day(period)  # says what is wrong with one that is none
    kind = periods.kind_of(period)
    if not (meant := [(one, period) for one in briefings if one.period == kind]):
        names = ", ".join(f"{one.id} (period: {one.period})" for one in briefings)
        raise UsageError(f"{period} is a {kind}, and no briefing meant here has issues of such a period: {names}")
    return meant


def due(desk: Desk, library: Holdings, briefing: Briefing, period: str) -> tuple[Issue, Issued | None]:
    """The issue that is to be published next; beside it the last version published where that still stands."""
    held = library.issues(briefing.id, period, 1)
    last = held[0] if held else None
    version = last.version + 1 if last else 1
    order = last.items if last else ()
    made = edition(desk, library, briefing.id, period, version=version, as_of=library.position(), order=order)
    # Only what a reader of that version would miss makes another one: no outage of today, nothing merely respelt.
    return made, last if last is not None and not made.revised else None


def outstanding(desk: Desk, briefing_id: str) -> list[str]:
    """The last period if its issue is due, and those before it that have one: late items make a new version."""
    briefing = next((one for one in desk.library.briefings() if one.id == briefing_id), None)
    if briefing is None:
        return []
    zone, now = desk.library.site().timezone, desk.clock()
    issued = {one.period for one in desk.library.issues(briefing_id)}
    past = [periods.preceding(periods.period_at(now, zone, briefing.period))]
    while len(past) < _BACK[briefing.period]:
        past.append(periods.preceding(past[-1]))
    return [
        period
        for period in past
        if periods.due(briefing, period, zone) <= now and (period == past[0] or period in issued)
    ]


def _brief(desk: Desk, briefing: Briefing, period: str) -> BriefResult:
    # Of one position: another process may move the read models on meanwhile.
    library = known_at(desk, desk.projector.catch_up())
    made, last = due(desk, library, briefing, period)
    if last is not None:
        return BriefResult(
            briefing=briefing.id, period=period, version=last.version, items=len(last.items), fresh=False, paths=(),
            lacking=lacking(formats.named(briefing)), notes=notes_on(briefing),
        )  # fmt: skip
    version, items = made.version, tuple(reference.item.id for reference in made.references)
    documents, failed = formats.attempt(made, briefing.formats)
    event = events.IssuePublished(
        briefing=briefing.id,
        period=period,
        version=version,
        supersedes=version - 1,
        as_of=made.position,
        renderer=renderer(made),
        items=items,
        hashes=formats.hashes(documents),
    )
    key = f"issue:{briefing.id}:{period}:{version}"
    desk.append(briefing_stream(briefing.id), [Fact(event=event, key=key)])
    desk.projector.catch_up()
    # What the version before had and this one has not must not lie beside it as if it were its own.
    files.withdraw(desk.public, formats.others(issue_path(briefing.id, period), documents))

    def left() -> Mapping[str, bytes]:
        """What was made; where words were taken down since, what is left of it."""
        desk.projector.catch_up()
        if not any(removal.position > made.position for removal in desk.library.takedowns().values()):
            return documents
        return remade(desk, next(one for one in desk.library.issues(briefing.id, period) if one.version == version))

    paths = put(desk, briefing.id, period, version, left, latest=True)
    return BriefResult(
        briefing=briefing.id, period=period, version=version, items=len(items), fresh=True, paths=tuple(paths),
        lacking=(*lacking(formats.named(briefing)), *failed), notes=notes_on(briefing, made, failed),
    )  # fmt: skip


def notes_on(briefing: Briefing, made: Issue | None = None, failed: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """What is to be said of the documents of an issue: formats left out or failed, and what those made cannot show."""
    left, failed = formats.note(lacking(briefing.formats)), failed or {}
    shown = formats.warnings(made, [name for name in briefing.formats if name not in failed]) if made else ()
    return (*((left,) if left else ()), *formats.failures(failed), *shown)


def edition(
    desk: Desk,
    library: Holdings,
    briefing_id: str,
    period: str,
    *,
    version: int,
    as_of: int,
    order: Sequence[str] = (),
) -> Issue:
    """An issue from what was known at log position `as_of`; `order` as in `editions.issue.issue`.

    Items keep the numbers of the version before.
    """
    briefing = next(one for one in library.briefings() if one.id == briefing_id)
    site = library.site()
    start, end = periods.bounds(period, site.timezone)
    first, last = periods.first_day(period).isoformat(), periods.last_day(period).isoformat()
    items = {item.id: item for item in library.items(since=first, until=last, order="day")}
    items |= {item.id: item for item in library.seen_between(start, end)}
    changes = library.changes(since=start, until=end)
    meetings = library.calendar.meetings(last)
    told = {one.item.id: one.item for meeting in meetings for one in meeting.statements}
    cited = library.items_by_id([item for item in order if item not in items])
    dress = Dress(library, items.values(), sources := shown_sources(library))
    made = issue(
        briefing=briefing,
        site=site,
        period=period,
        version=version,
        supersedes=version - 1,
        position=as_of,
        as_of=desk.store.read(as_of - 1, 1)[0].recorded_at,
        items=list(items.values()),
        changes=changes,
        sources=sources,
        health=library.health(polled=False),
        topics=library.topics(),
        texts=library.held(list(dict.fromkeys((*items, *cited, *(change.item.id for change in changes), *told)))),
        root=base64.b64encode(desk.tree.root(as_of)).decode(),
        order=order,
        gaps=library.gaps(since=start, until=end),
        stories=library.stories.whole(library.stories.of(items).values()).values(),
        meetings=meetings,
        corrections=corrections(library, briefing_id, start, end),
        twins=twins(library, {**cited, **told, **items}, site.language),
        before=(before := version_before(library, briefing_id, period, version)),
        kept=cited,
        since=corrected_since(desk, library, before),
        length=lambda tried: length(dress.on(tried)),
    )
    worn = dress.on(made)
    return replace(worn, fonts=fonts.held(desk.storage, worn.templates))


def shown_sources(library: Holdings) -> dict[SourceId, Source]:
    """All sources ever read, with the country names that the site has for codes of its own."""
    names = library.site().countries
    return {
        source.id: replace(source, country=names.get(source.country, source.country))
        for source in library.sources(retired=True)
    }


def put(
    desk: Desk, briefing: str, period: str, version: int, made: Callable[[], Mapping[str, bytes]], *, latest: bool
) -> list[str]:
    """Write a version for good, and where it is the `latest` in the place of the latest.

    That place comes first: where a process is killed between the two, the version's own folder tells.

    The documents are `made` while nobody else can write: a takedown that they do not know of comes later, and makes
    them again when it gets its turn, whatever becomes of this process.
    """
    own = version_path(briefing, period, version)
    folders = (issue_path(briefing, period), own) if latest else (own,)

    def documents() -> Iterator[Document]:
        bodies = made()
        for folder in folders:
            for name, body in bodies.items():
                yield Document(path=f"{folder}/{name}", body=body)

    return files.publish(desk.public, documents())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reissued:
    """A published version made again; `same` says that its bytes are those published then, `written` which files were
    not there yet, `unmade` which cannot be made here.
    """

    issued: Issued
    same: bool
    written: tuple[str, ...] = ()
    unmade: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Briefing, period and version."""
        return f"{self.issued.briefing}/{self.issued.period}/v{self.issued.version}"


def remade(desk: Desk, issued: Issued) -> dict[str, bytes]:
    """The documents of a published version again, from what was known where it was made.

    They are those published then, whatever else could be made now.
    """
    library = known_at(desk, issued.as_of)
    made = edition(
        desk,
        library,
        issued.briefing,
        issued.period,
        version=issued.version,
        as_of=issued.as_of,
        order=issued.items,
    )
    return formats.render(made, formats.of_files(issued.hashes))


def standing(desk: Desk, issued: Issued) -> dict[str, bytes]:
    """The documents of a published version as they stand: those of an older program that lie there are the originals.

    Where words were taken down, what is left is made from the log.
    """
    found = aged.kept(desk, issued)
    if found and removed_from(desk.library)(issued):
        found = {}
    return found if found.keys() == issued.hashes.keys() else remade(desk, issued) | found


def reissue(desk: Desk, wanted: Sequence[Issued], *, latest: Collection[Issued]) -> list[Reissued]:
    """Make published versions again; those that are the `latest` of their issue also in the place of the latest."""
    done = []
    for issued in wanted:
        hashes: dict[str, str] = {}

        def made(issued: Issued = issued, hashes: dict[str, str] = hashes) -> Mapping[str, bytes]:
            desk.projector.catch_up()
            documents = standing(desk, issued)
            hashes |= formats.hashes(documents)
            return documents

        written = put(desk, issued.briefing, issued.period, issued.version, made, latest=issued in latest)
        unmade = formats.unmakeable(issued.hashes)
        lost = tuple(name for name in issued.hashes if name not in hashes)  # those, and what failed this time
        if lost and removed_from(desk.library)(issued):
            _withdraw(desk, issued, lost)
        same = formats.same(hashes, issued.hashes)
        done.append(Reissued(issued=issued, same=same, written=tuple(written), unmade=unmade))
    return done


def _withdraw(desk: Desk, issued: Issued, names: Sequence[str]) -> None:
    """Take away what may hold words that were taken down and cannot be made again without them."""
    folders = [issue_path(issued.briefing, issued.period), version_path(issued.briefing, issued.period, issued.version)]
    files.withdraw(desk.public, [f"{folder}/{name}" for folder in folders for name in names])


def mend(desk: Desk) -> list[Reissued]:
    """Make published issues again whose files are missing: a process was killed, or somebody deleted them."""
    published = desk.library.issues()
    latest = newest(published)
    missing = [issued for issued in published if not _complete(desk, issued, latest=issued in latest)]
    return reissue(desk, missing, latest=latest)


def newest(published: Sequence[Issued]) -> list[Issued]:
    """The latest version of each issue."""
    found: dict[tuple[str, str], Issued] = {}
    for issued in sorted(published, key=lambda one: one.version):
        found[issued.briefing, issued.period] = issued
    return list(found.values())


def _complete(desk: Desk, issued: Issued, *, latest: bool) -> bool:
    folders = [version_path(issued.briefing, issued.period, issued.version)]
    if latest:
        folders.append(issue_path(issued.briefing, issued.period))
    wanted = issued.hashes.keys() - set(formats.unmakeable(issued.hashes))
    return all((desk.public / folder / name).exists() for folder in folders for name in wanted)
