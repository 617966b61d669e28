"""The verbs: collect, classify, publish, brief, run, rebuild."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from briefing.cli.commands import as_json, json_option
from briefing.cli.past import as_of_option, folder_option

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from briefing.cli.commands import Office
    from briefing.service import CollectResult, Service, SourceResult
    from briefing.service.issuing import BriefResult
    from briefing.service.publishing import PublishResult


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--recheck", is_flag=True, help="Read again the items' own pages that were read before.")
@click.option(
    "--confirm-withdrawn", is_flag=True, help="With --recheck: take one 404 or 410 for proof, not two a day apart."
)
@click.option("--strict", is_flag=True, help="Exit 1 if a source could not be read.")
@json_option
@click.pass_obj
def collect(
    office: Office, sources: tuple[str, ...], *, recheck: bool, confirm_withdrawn: bool, strict: bool, json_: bool
) -> int:
    """Read the sources (all, or those named) and record what is new, changed or gone."""
    if confirm_withdrawn and not recheck:
        raise click.UsageError("--confirm-withdrawn goes with --recheck")
    with office.service() as service:
        found = _collect(service, sources, recheck=recheck, confirm_withdrawn=confirm_withdrawn, json_=json_)
    if not json_:
        _sum_up(found)
    return 1 if strict and found.failed else 0


def _collect(
    service: Service, names: Sequence[str], *, recheck: bool = False, confirm_withdrawn: bool = False, json_: bool
) -> CollectResult:
    total = len(service.chosen(names))
    if json_:
        return service.collect(
            names,
            rechecking=recheck,
            confirm_withdrawn=confirm_withdrawn,
            report=lambda result: as_json(asdict(result), lines=True),
        )
    from briefing.cli.tables import progress

    done = 0
    with progress("collect", total) as advance:

        def report(result: SourceResult) -> None:
            nonlocal done
            done += 1
            advance(result.source, done)
            tell(result)

        return service.collect(names, rechecking=recheck, confirm_withdrawn=confirm_withdrawn, report=report)


def tell(result: SourceResult) -> None:
    """One line on how a source did."""
    from rich.text import Text

    from briefing.cli.tables import out, state

    counts = (
        ("new", result.new),
        ("revised", result.revised),
        ("withdrawn", result.withdrawn),
        ("restored", result.restored),
        ("page to read later", result.waiting),
    )
    said = ", ".join(f"{count} {name}" for name, count in counts if count)
    line = Text.assemble(state(f"{result.outcome:<9}"), f" {result.source:<24} ")
    line.append(said or ("" if result.outcome == "failed" else "nothing new"))
    if result.excluded or result.foreign:
        from briefing.cli.reporting import left_out

        line.append(left_out(result.excluded, result.foreign))
    if result.detail:
        line.append(f"{'; ' if said else ''}{result.detail}")
    out.print(line, soft_wrap=True)


def _sum_up(found: CollectResult) -> None:
    from briefing.cli.tables import say

    read = len(found.results) - len(found.failed)
    say(
        f"{read} of {len(found.results)} sources read, {found.total('new')} items new, "
        f"{found.total('revised')} revised, {found.total('withdrawn')} withdrawn, in {found.seconds:.1f} s"
    )


@click.command()
@json_option
@click.pass_obj
def classify(office: Office, *, json_: bool) -> None:
    """Give topics to items that have none under the rules of now."""
    with office.service() as service:
        _classify(service, json_=json_)


def _classify(service: Service, *, json_: bool) -> None:
    if json_:
        as_json(asdict(service.classify()), lines=True)
        return
    from briefing.cli.tables import progress, say

    with progress("classify", None) as advance:
        found = service.classify(lambda done: advance("", done))
    again = f", {found.again} of them again," if found.again else ","
    say(f"{found.items} items classified{again} {found.gained} labels came, {found.lost} went")


@click.command()
@folder_option
@as_of_option
@json_option
@click.pass_obj
def publish(office: Office, *, folder: Path | None, as_of: str | None, json_: bool) -> None:
    """Write the feeds that changed since they were last written, and sign the log.

    With --to, write all feeds and issues into another folder instead, as the log has them now or had them --as-of:
    nothing is recorded, and the published files stay as they are.
    """
    _check_folder(folder, as_of)
    with office.service(configured=folder is None) as service:
        if folder is None:
            _publish(service, json_=json_)
            _witness(service)
        else:
            _publish_to(service, folder, as_of, json_=json_)


def _check_folder(folder: Path | None, as_of: str | None) -> None:
    if folder is None and as_of is not None:
        raise click.UsageError("--as-of goes with --to DIR: what was published is never replaced by what was before")


def _publish(service: Service, *, json_: bool) -> None:
    if json_:
        as_json(asdict(service.publish()), lines=True)
        return
    from briefing.cli.tables import say

    found = _with_progress(service.publish)
    removed = f", {len(found.removed)} removed" if found.removed else ""
    say(
        f"{len(found.written)} files written{removed}, up to log position {found.position}, under {service.desk.public}"
    )


def _publish_to(service: Service, folder: Path, as_of: str | None, *, json_: bool) -> None:
    if json_:
        as_json(asdict(service.publish_to(folder, as_of)), lines=True)
        return
    from briefing.cli.tables import say

    found = _with_progress(lambda tell: service.publish_to(folder, as_of, tell))
    say(f"{len(found.written)} files written, as of log position {found.position}, under {folder}")


def _with_progress(work: Callable[[Callable[[str], None]], PublishResult]) -> PublishResult:
    from briefing.cli.tables import progress

    made = 0
    with progress("publish", None) as advance:

        def tell(path: str) -> None:
            nonlocal made
            made += 1
            advance(path, made)

        return work(tell)


@click.command()
@click.option("--briefing", metavar="ID", help="Which briefing. [all]")
@click.option("--period", metavar="PERIOD", help="A day, week or month: 2017-03-24, 2017-W12, 2017-03. [the last one]")
@click.option("--week", metavar="WEEK", help="The same for an ISO week such as 2017-W12.")
@folder_option
@as_of_option
@json_option
@click.pass_obj
def brief(
    office: Office,
    briefing: str | None,
    period: str | None,
    week: str | None,
    *,
    folder: Path | None,
    as_of: str | None,
    json_: bool,
) -> int:
    """Publish the issue of a day, week or month that is over; late items make a new version of it.

    With --to, write into another folder what would be published now, or would have been --as-of then: nothing is
    recorded, and the published files stay as they are. Where the version published last still stands, it is that one.

    A format whose extra is not installed is left out, and that is said; exit 1 where it was asked for by name.
    """
    _check_folder(folder, as_of)
    period = _period(period, week)
    with office.service(configured=folder is None) as service:
        found = service.brief(briefing, period) if folder is None else service.brief_to(folder, as_of, briefing, period)
        if json_:
            as_json([asdict(one) for one in found])
        elif folder is None:
            _tell_issues(service, found)
        else:
            _tell_drafts(folder, found)
        if folder is None:
            _witness(service)
    return 1 if any(one.lacking for one in found) else 0


def _tell_notes(found: Sequence[BriefResult]) -> None:
    """Each note once, whichever issues it is on."""
    from briefing.cli.tables import say

    for note in dict.fromkeys(note for one in found for note in one.notes):
        say(note, style="yellow")


def _period(period: str | None, week: str | None) -> str | None:
    """The period asked for, by either of its two options."""
    if period and week:
        raise click.UsageError("--period and --week ask for the same: give one of them")
    if week:
        from briefing.editions.weeks import first_day

        first_day(week)  # says what is wrong with one that is none
    return period or week


def _witness(service: Service) -> None:
    """Send the checkpoint to the witness; that it failed is told and fails nothing."""
    if fault := service.witness():
        click.echo(fault, err=True)


def _tell_issues(service: Service, found: Sequence[BriefResult]) -> None:
    from briefing.cli.tables import say

    if not found:
        say("no briefing is configured: add one under `briefings` in sources.yaml")
    for one in found:
        what = "published" if one.fresh else "stands as it was"
        say(f"{one.briefing} {one.period}, version {one.version}, {one.items} items: {what}")
        say(f"  {service.desk.public / 'briefings' / one.briefing / one.period / 'index.html'}")
    _tell_notes(found)


def _tell_drafts(folder: Path, found: Sequence[BriefResult]) -> None:
    from briefing.cli.tables import say

    if not found:
        say("no briefing was configured then")
    for one in found:
        what = "as it would be published, but is not" if one.fresh else "as it was published"
        say(f"{one.briefing} {one.period}, version {one.version}, {one.items} items: {what}")
        for path in one.paths:
            say(f"  {folder / path}")
    _tell_notes(found)


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--strict", is_flag=True, help="Exit 1 if a source could not be read.")
@json_option
@click.pass_obj
def run(office: Office, sources: tuple[str, ...], *, strict: bool, json_: bool) -> int:
    """Collect, classify, publish, brief and deliver, once each."""
    with office.service() as service:
        found = _collect(service, sources, json_=json_)
        if not json_:
            _sum_up(found)
        _classify(service, json_=json_)
        _publish(service, json_=json_)
        issues = service.brief() + service.brief_corrected()
        if json_:
            as_json([asdict(one) for one in issues], lines=True)
        else:
            _tell_issues(service, issues)
        _witness(service)
        if service.delivers:
            _deliver(service, json_=json_)
    return 1 if strict and found.failed else 0


def _deliver(service: Service, *, json_: bool) -> None:
    from briefing.cli.delivering import tell

    found = service.deliver()
    if json_:
        as_json([asdict(one) for one in found], lines=True)
    else:
        tell(found)


@click.command()
@json_option
@click.pass_obj
def rebuild(office: Office, *, json_: bool) -> int:
    """Drop every read model and all published files, and make them again from the log."""
    with office.service(configured=False) as service:
        if json_:
            found = service.rebuild()
            as_json(asdict(found))
            return 1 if found.differing else 0
        from briefing.cli.tables import counted, progress, say

        with progress("rebuild", service.desk.store.head()) as advance:
            found = service.rebuild(lambda position: advance("", position))
    say(f"{found.position} events read, {counted(found.feeds, 'feed')} and {counted(found.issues, 'issue')} made again")
    if found.reissued:
        say(
            f"{counted(len(found.reissued), 'issue')} made with less than was published then, because of takedowns",
            style="dim",
        )
    if found.unmade:
        what = counted(len(found.unmade), "document")
        say(f"{what} cannot be made again here: `{found.remedy}` adds what is missing; what lay there stays")
    for name in found.differing:
        say(f"{name} is not what was published then: it was rendered by another version of this program", style="red")
    return 1 if found.differing else 0
