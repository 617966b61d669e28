"""The service: every verb on one storage folder.

What only one verb needs is imported in it: HTTP and templates take half of the time in which a command starts.
"""

from __future__ import annotations

import asyncio
import difflib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

from briefing.errors import ConfigError, UsageError
from briefing.service.adopting import adopt, introduce
from briefing.service.desk import Desk, utc_now
from briefing.service.witnessing import Witnessing

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from types import TracebackType

    from briefing.model import Fetched, ItemId, Move, Post, Settings, Source
    from briefing.projections import Holdings
    from briefing.service.classifying import ClassifyResult
    from briefing.service.collecting import Collector
    from briefing.service.importing import Imported
    from briefing.service.issuing import BriefResult
    from briefing.service.labelling import Labelled
    from briefing.service.previewing import Draft
    from briefing.service.publishing import PublishResult
    from briefing.service.rebuilding import RebuildResult
    from briefing.service.results import CollectResult, SourceResult
    from briefing.service.sending import Preview, SendResult
    from briefing.service.takedown import TakedownResult
    from briefing.service.telling import Delivered


class Service:
    """What `briefing` does, on one log and one folder of published files; used as a context manager.

    `settings` may be None for verbs that only read the log. `clock` gives aware times.
    """

    def __init__(
        self,
        database_url: str,
        storage: Path,
        settings: Settings | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.desk = Desk(database_url, storage, clock)
        self.settings = settings
        self.warn: Callable[[str], None] = lambda _: None  # told what is wrong and stops nothing
        self._fault = ""
        self._witnessing = Witnessing(self.desk.public, storage / "log.witnessed")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.desk.close()

    def adopt(self, settings: Settings | None = None) -> int:
        """Record the configuration where it differs from what the log says; returns the number of events."""
        self.settings = settings or self.settings
        if self.settings is None:
            raise UsageError("this needs a configuration: name one with --config")
        done = adopt(self.desk, self.settings)
        self._complete()
        self._follow(self.settings)
        return done

    def _follow(self, settings: Settings) -> None:
        """Bring lists of recipients up with what is configured; one that is wrong stops nothing else."""
        if not settings.rosters and not self.desk.mailboxes.followed():
            return
        from briefing.service.rosters import follow  # noqa: PLC0415 - see the module

        try:
            follow(self.desk, settings)
        except ConfigError as error:
            said = error.problems[0].partition(":")[0]  # not the rest: it may name people
            fault = f"{said}: this list of recipients is wrong and was not followed: `briefing check` says where"
            if fault != self._fault:
                self.warn(fault)
            self._fault = fault
        else:
            self._fault = ""

    def _complete(self) -> None:
        """Do what a killed process left undone of takedowns, and of addresses to be forgotten."""
        if self.desk.library.takedowns():
            from briefing.service.takedown import complete  # noqa: PLC0415 - see the module

            complete(self.desk)
        if self.desk.mailboxes.anything() or self.desk.recipients.last():
            from briefing.service import forgetting  # noqa: PLC0415 - see the module

            forgetting.complete(self.desk)

    def chosen_item(self, start: str, as_of: str | None = None) -> ItemId:
        """The one item whose id begins so, as of then.

        Raises:
            UsageError: there is none, or more than one.
        """
        found = self.known(as_of).find(start) if start else []
        if len(found) != 1:
            then = f" as of {as_of}" if as_of else ""
            what = f"{len(found)} items begin" if found else "no item begins"
            raise UsageError(f'{what} with "{start}"{then}: `briefing items` lists them with their ids')
        return found[0]

    def proposed_moves(self) -> tuple[Move, ...]:
        """The other addresses that are proposed for sources: where theirs redirects for good, or what they name."""
        self.desk.projector.catch_up()
        return self.desk.library.moves()

    def takedown(self, item: str, reason: str, legal_basis: str = "") -> TakedownResult:
        """Erase the words of the item whose id begins so, everywhere; see `takedown.take_down`."""
        from briefing.service.takedown import take_down  # noqa: PLC0415 - see the module

        self.desk.projector.catch_up()
        return take_down(self.desk, self.chosen_item(item), reason, legal_basis)

    def label(self, item: str, topic: str, answer: str, by: str = "") -> list[Labelled]:
        """Record whether the item whose id begins so belongs to a topic; see `labelling.label`."""
        from briefing.service import labelling  # noqa: PLC0415 - see the module

        self.desk.projector.catch_up()
        said = labelling.Said(self.chosen_item(item), topic, labelling.answer_of(answer), labelling.name_of(by))
        return labelling.label(self.desk, [said])

    def label_file(self, path: Path, by: str = "") -> list[Labelled]:
        """Record the corrections of a file, all or none; see `labelling.read_answers`."""
        from briefing.service import labelling  # noqa: PLC0415 - see the module

        self.desk.projector.catch_up()
        return labelling.label(self.desk, labelling.read_answers(path, by, self.chosen_item))

    def chosen(self, names: Sequence[str]) -> tuple[Source, ...]:
        """The sources of these ids, all for none.

        Raises:
            UsageError: one of them is not configured, or switched off.
        """
        assert self.settings is not None
        known: dict[str, Source] = {source.id: source for source in self.settings.sources}
        for name in names:
            if name not in known:
                close = difflib.get_close_matches(name, known, n=1)
                hint = f'; did you mean "{close[0]}"?' if close else ""
                raise UsageError(f'no source "{name}" is switched on in the configuration{hint}')
        return tuple(known[name] for name in dict.fromkeys(names)) if names else self.settings.sources

    def collector(self) -> Collector:
        """A collector for the configuration of now."""
        from briefing.service.collecting import Collector  # noqa: PLC0415 - see the module

        assert self.settings is not None
        site = self.settings.site
        return Collector(self.desk, self.settings.fetch, site.contact, workers=processors(), site=site.url)

    async def receive(self, name: str, told: Fetched) -> None:
        """Record what a hub delivered for a source, with a collector of its own."""
        async with self.collector() as collector:
            await collector.take(self.chosen([name])[0], told)

    def collect(
        self,
        names: Sequence[str] = (),
        *,
        rechecking: bool = False,
        confirm_withdrawn: bool = False,
        report: Callable[[SourceResult], None] | None = None,
    ) -> CollectResult:
        """Read sources once, all at once; see `Collector.collect`."""
        self.adopt()
        sources = self.chosen(names) if names else self._awake()

        async def run() -> CollectResult:
            async with self.collector() as collector:
                return await collector.collect(
                    sources, rechecking=rechecking, confirm_withdrawn=confirm_withdrawn, adapt=True, report=report
                )

        return asyncio.run(run())

    def import_pages(
        self, files: Sequence[Path], source: str, url: str = "", report: Callable[[Imported], None] | None = None
    ) -> list[Imported]:
        """Take saved pages in as items of a source; see `importing.import_pages`.

        Raises:
            UsageError: the source is not configured.
        """
        from briefing.service.importing import import_pages  # noqa: PLC0415 - see the module

        self.adopt()
        chosen = self._switched_off(source)
        if chosen is not None:
            introduce(self.desk, chosen)
        return import_pages(self.desk, chosen or self.chosen([source])[0], files, url, report)

    def _switched_off(self, name: str) -> Source | None:
        """A source that is configured and not read: of a site that refuses programs, pages may still be saved."""
        assert self.settings is not None
        return next((source for source in self.settings.resting if source.id == name), None)

    def _awake(self) -> tuple[Source, ...]:
        """All sources but those that rest: gone for good (410) by their own word, and asked once a week."""
        gone = [name for name, row in self.desk.library.source_rows().items() if row["state"] == "gone"]
        if not gone:
            return self.chosen(())
        now = self.desk.clock()
        polls = self.desk.polls.all(gone).values()
        resting = {poll.source for poll in polls if poll.next_run is not None and poll.next_run > now}
        return tuple(source for source in self.chosen(()) if source.id not in resting)

    def classify(self, progress: Callable[[int], None] | None = None) -> ClassifyResult:
        """Adopt the configuration and give labels to what has none yet; see `classify`."""
        if self.settings is not None:
            self.adopt()
        from briefing.service.classifying import classify  # noqa: PLC0415 - see the module

        return classify(self.desk, progress)

    def publish(self, progress: Callable[[str], None] | None = None) -> PublishResult:
        """Adopt the configuration, issue errata, and bring the published files up with the log; see `publish`."""
        from briefing.service.errata import correct  # noqa: PLC0415 - see the module
        from briefing.service.issuing import mend  # noqa: PLC0415 - see the module
        from briefing.service.publishing import publish  # noqa: PLC0415 - see the module

        if self.settings is not None:
            self.adopt()
        mend(self.desk)
        correct(self.desk)
        return publish(self.desk, progress=progress)

    def brief(self, briefing: str | None = None, week: str | None = None) -> list[BriefResult]:
        """Publish the issue of a period (`week` takes a day or month too), and the feed; see `issuing.brief`."""
        from briefing.service.errata import correct  # noqa: PLC0415 - see the module
        from briefing.service.issuing import brief, mend  # noqa: PLC0415 - see the module
        from briefing.service.publishing import publish  # noqa: PLC0415 - see the module

        if self.settings is not None:
            self.adopt()
        mend(self.desk)
        correct(self.desk)
        results = brief(self.desk, briefing, week)
        publish(self.desk)
        return results

    def brief_due(self, briefing: str) -> list[BriefResult]:
        """Publish the issues of a briefing that are due and have none yet, and new versions where late items came."""
        from briefing.service.issuing import outstanding  # noqa: PLC0415 - see the module

        self.classify()
        return [one for period in outstanding(self.desk, briefing) for one in self.brief(briefing, period)]

    def brief_corrected(self) -> list[BriefResult]:
        """Publish new versions of the issues that errata were issued for, however old; see `errata`."""
        from briefing.service.errata import corrected_issues  # noqa: PLC0415 - see the module

        return [one for name, period in corrected_issues(self.desk) for one in self._rebrief(name, period)]

    def _rebrief(self, name: str, period: str) -> list[BriefResult]:
        """A new version, where the briefing is still configured, with issues of such a period."""
        from briefing.editions.periods import kind_of  # noqa: PLC0415 - see the module

        configured = any(one.id == name and one.period == kind_of(period) for one in self.desk.library.briefings())
        return self.brief(name, period) if configured else []

    def deliver(self, channels: Sequence[str] = (), *, dry_run: bool = False) -> list[Delivered]:
        """Send what is due to the channels named, or to all; see `telling.deliver`."""
        from briefing.service.telling import deliver  # noqa: PLC0415 - see the module

        if self.settings is None:
            raise UsageError("this needs a configuration: name one with --config")
        return deliver(self.desk, self.settings, os.environ, channels, dry_run=dry_run)

    @property
    def delivers(self) -> bool:
        """Whether anybody is to be sent anything."""
        return self.settings is not None and bool(self.settings.deliver or self.settings.site.hub)

    def send(
        self,
        briefing: str,
        period: str | None = None,
        *,
        to: Sequence[str] = (),
        again: bool = False,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> SendResult:
        """Mail an issue, by default the last one published, to who has not got it; see `sending.send_issue`."""
        from briefing.service import sending  # noqa: PLC0415 - see the module

        issued = sending.published(self.desk, briefing, period)
        return sending.send_issue(self.desk, self._post(), issued, to=to, again=again, progress=progress)

    def preview_mails(self, briefing: str, period: str | None = None, to: Sequence[str] = ()) -> list[Preview]:
        """The mails of an issue that would go out; see `sending.preview`."""
        from briefing.service import sending  # noqa: PLC0415 - see the module

        issued = sending.published(self.desk, briefing, period)
        return list(sending.preview(self.desk, self._post(), issued, to))

    def post_round(
        self, progress: Callable[[int, int], None] = lambda _done, _all: None, *, fresh: bool = True
    ) -> SendResult:
        """Mail what is due without being asked for, and what waits; see `posting.post_round`."""
        from briefing.service import posting  # noqa: PLC0415 - see the module

        return posting.post_round(self.desk, self._post(), progress, fresh=fresh)

    def bounces(self, folder: Path | None = None) -> Counter[str]:
        """Take the notices of a Maildir, by default the configured one; see `bounces.read_folder`."""
        from briefing.service.bounces import read_folder  # noqa: PLC0415 - see the module

        post = self._post()
        if folder is None and not post.bounces:
            raise UsageError("no Maildir is named: give one, or write mail.bounces")
        return read_folder(self.desk, post, folder or Path(post.bounces))

    def _post(self) -> Post:
        if self.settings is None:
            raise UsageError("this needs a configuration: name one with --config")
        return self.settings.mail

    def known(self, as_of: str | None = None) -> Holdings:
        """What is known, or was known at a position, day or time; see `moments.known`."""
        from briefing.service.moments import known  # noqa: PLC0415 - see the module

        return known(self.desk, as_of)

    def publish_to(
        self, folder: Path, as_of: str | None = None, progress: Callable[[str], None] | None = None
    ) -> PublishResult:
        """Write what was published then into a folder of its own; see `copying.publish_to`."""
        from briefing.service.copying import publish_to  # noqa: PLC0415 - see the module

        return publish_to(self.desk, folder, as_of, progress)

    def brief_to(
        self, folder: Path, as_of: str | None = None, briefing: str | None = None, week: str | None = None
    ) -> list[BriefResult]:
        """Write the issue of then into a folder of its own; see `copying.brief_to`."""
        from briefing.service.copying import brief_to  # noqa: PLC0415 - see the module

        return brief_to(self.desk, folder, as_of, briefing, week)

    def preview(self, briefing: str | None, period: str | None, names: Sequence[str]) -> list[Draft]:
        """Write drafts of what is published next; see `previewing.preview`."""
        from briefing.service.previewing import preview  # noqa: PLC0415 - see the module

        return preview(self.desk, self.settings, briefing_id=briefing, period=period, names=names)

    def witness(self) -> str:
        """Send the newest checkpoint to the witness, where one is configured; a sentence where it did not take it."""
        return self._witnessing.send(self.settings) if self.settings is not None else ""

    def rebuild(self, progress: Callable[[int], None] | None = None) -> RebuildResult:
        """Make every read model and every published file again; see `rebuilding.rebuild`."""
        from briefing.service.rebuilding import rebuild  # noqa: PLC0415 - see the module

        return rebuild(self.desk, progress)


def processors() -> int:
    """How many parsing processes to run: as many as there are processors for us, at most four."""
    return max(1, min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))
