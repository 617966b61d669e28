"""Read models, issues and feeds made again from the log, and compared with what is there."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from briefing import events
from briefing.eventstore import connect, writing
from briefing.projections import Library, Moment, Projector, comparing
from briefing.service import aged, formats
from briefing.service.aside import aside
from briefing.service.auditing import Differs
from briefing.service.desk import BRIEFINGS
from briefing.service.issuing import edition
from briefing.service.publishing import OPML, issue_path, list_and_feeds, version_path
from briefing.service.removals import removed_from
from briefing.service.takedown import FILES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType

    from briefing.projections import Holdings
    from briefing.service.desk import Desk


class Replay:
    """The log followed once more in a database of its own, inside the storage; used as a context manager.

    `taken_down` is the position of the last takedown, 0 for none: an issue published before it may have been made
    again without the words that were removed.
    """

    def __init__(self, desk: Desk, taken_down: int) -> None:
        self._desk = desk
        self._taken_down = taken_down
        self._altered: set[int] = set()  # positions of issues that lost words to a takedown
        self._open = ExitStack()
        self._engine = connect(f"sqlite:///{self._open.enter_context(aside(desk.storage))}/again.db")
        self._projector = Projector(self._engine, desk.store, writing)
        self._library = Library(self._engine, desk.store)
        self._issues = list(published_issues(desk))
        self.rows = self.feeds = self.issues = self.older = self.unmade = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.dispose()
        self._open.close()

    def run(self, progress: Callable[[int], None] | None = None) -> None:
        """Follow the log, stopping wherever something was made from it.

        Raises:
            Differs: at the first row or file that is not what the log gives.
        """
        with comparing.snapshot(self._desk.engine) as found:
            reached = comparing.position(found)
            self._behind("checkpoints", "library", reached)
            self._behind("published", *comparing.published(found))
            self._projector.catch_up(upto=reached, progress=progress)
            with comparing.snapshot(self._engine) as wanted:
                differs, self.rows = comparing.difference(found, wanted)
        if differs:
            raise Differs(differs)
        removed = removed_from(self._library)
        self._altered = {
            one.position for one in self._library.issues() if one.position < self._taken_down and removed(one)
        }
        expected = self._feeds(min(self._desk.library.published(), reached))
        for position, issue in self._issues:
            if issue.as_of <= reached:
                expected |= self._issue(position, issue)
        self._unaccounted(expected)

    def _behind(self, table: str, row: str, position: int) -> None:
        """What stands beyond the end of the log would pass over all that comes until then."""
        if position > (head := self._desk.store.head()):
            raise Differs(f"table {table}, row {row}: it stands at {position}, and the log ends at {head}")

    def _at(self, position: int) -> Holdings:
        [recorded] = self._desk.store.read(position - 1, 1)
        return self._library.at(Moment(position=position, recorded_at=recorded.recorded_at))

    # ------------------------------------------------------------ issues

    def _issue(self, position: int, issue: events.IssuePublished) -> set[str]:
        """The files of an issue are those whose hashes its event holds, or what is left of them after a takedown."""
        library = self._at(issue.as_of)
        made = edition(
            self._desk, library, issue.briefing, issue.period, version=issue.version, as_of=issue.as_of,
            order=issue.items,
        )  # fmt: skip
        hashes = formats.hashes(formats.render(made, formats.of_files(issue.hashes)))
        missing = formats.unmakeable(issue.hashes)
        self.unmade += len(missing)
        altered = position in self._altered
        if not (ours := aged.ours(issue.renderer)):
            self.older += 1
        elif not formats.same(hashes, issue.hashes) and not altered:
            raise Differs(f"event {position}: the issue it names is not what the log gives")
        folders = [version_path(issue.briefing, issue.period, issue.version)]
        if not any(_follows(other, issue) for _, other in self._issues):
            folders.append(issue_path(issue.briefing, issue.period))
        self.issues += 1
        accepted = {name: self._accepted(name, issue, hashes, altered=altered) for name in issue.hashes}
        otherwise = "" if ours or not altered else self._otherwise()
        return {self._file(f"{folder}/{name}", accepted[name], otherwise)
                for folder in folders for name in issue.hashes
                if name not in missing or (self._desk.public / folder / name).exists()}  # fmt: skip

    def _accepted(self, name: str, issue: events.IssuePublished, made: Mapping[str, str], *, altered: bool) -> set[str]:
        """The hashes that a file may have: what was published, and what the log gives where that cannot be."""
        published = {issue.hashes[name]}
        if name not in made or (aged.ours(issue.renderer) and not altered):
            return published
        return {made[name]} | (set() if altered and self._done(FILES) else published)

    def _otherwise(self) -> str:
        """What else may be the case with a file that a takedown altered and this program's renderers did not make."""
        if self._done(aged.REMADE):
            return ""
        return ("an earlier version of this program made it again after a takedown, and this one cannot tell whether "
                "it is still that: `briefing publish` makes it anew")  # fmt: skip

    def _done(self, mark: str) -> bool:
        """Whether all files were made again, or by these renderers, after the last takedown."""
        return self._desk.library.published(mark) >= self._taken_down

    def _file(self, name: str, accepted: set[str], otherwise: str) -> str:
        path = self._desk.public / name
        if not path.is_file():
            raise Differs(f"{name}: it is missing; `briefing publish` makes it again")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found not in accepted:
            raise Differs(f"{name}: {otherwise or 'it is not what was published'}")
        return name

    # ------------------------------------------------------------ feeds

    def _feeds(self, published: int) -> set[str]:
        expected: set[str] = set()
        if not published or (library := self._at(published)).settings() is None:
            return expected
        for document in list_and_feeds(library):
            expected.add(document.path)
            path = self._desk.public / document.path
            if not path.is_file() or path.read_bytes() != document.body:
                raise Differs(f"{document.path}: it is missing, or not what the log gives")
        self.feeds = len(expected)
        return expected

    def _unaccounted(self, expected: set[str]) -> None:
        public = self._desk.public
        for folder in ("feeds", "briefings"):
            for path in sorted((public / folder).rglob("*")):
                name = path.relative_to(public).as_posix()
                if not path.is_dir() and not path.name.startswith(".") and name not in expected:
                    raise Differs(f"{name}: nothing in the log accounts for it")
        if (public / OPML).exists() and OPML not in expected:
            raise Differs(f"{OPML}: nothing in the log accounts for it")


def _follows(other: events.IssuePublished, issue: events.IssuePublished) -> bool:
    same = (other.briefing, other.period) == (issue.briefing, issue.period)
    return same and other.version > issue.version


def published_issues(desk: Desk) -> Iterator[tuple[int, events.IssuePublished]]:
    """The published issues with their positions."""
    after = 0
    while page := desk.store.read(after, streams=BRIEFINGS):
        for recorded in page:
            if isinstance(recorded.event, events.IssuePublished):
                yield recorded.position, recorded.event
        after = page[-1].position
