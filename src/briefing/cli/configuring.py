"""Checking the configuration: check, schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import as_json, json_option

if TYPE_CHECKING:
    from briefing.cli.commands import Office
    from briefing.model import Settings


@click.command()
@click.option("--online", is_flag=True, help="Ask every source once, and record nothing.")
@json_option
@click.pass_obj
def check(office: Office, *, online: bool, json_: bool) -> int:
    """Check sources.yaml; with --online ask every source once and say what it holds."""
    from briefing.errors import ConfigError

    try:
        settings = office.settings()
        _read_lists(settings)
    except ConfigError as error:
        if json_:
            as_json({"ok": False, "problems": error.problems})
            return error.exit_status
        raise
    results = _ask(settings, json_=json_) if online else []
    failed = any(one["outcome"] == "failed" for one in results)
    broken, lacking = _templates(settings)
    if json_:
        ok = not (failed or broken)
        refused = _refused(office, settings)
        as_json({"ok": ok, "problems": broken, "sources": results, "templates": lacking, "refused": refused})
    else:
        _tell(office, settings, results)
        _tell_templates(broken, lacking)
    return 1 if failed or broken else 0


def _templates(settings: Settings) -> tuple[list[str], list[str]]:
    """What own templates would fail for, and what of ours they leave out."""
    if not settings.templates:
        return [], []
    from briefing.outputs import issue_html

    found = issue_html.faults(settings.templates)
    return [str(one) for one in found if one.line], [str(one) for one in found if not one.line]


def _tell_templates(broken: list[str], lacking: list[str]) -> None:
    from briefing.cli.tables import say

    for said in broken:
        say(said, style="red")
    for said in lacking:
        say(said, style="yellow")


def _ask(settings: Settings, *, json_: bool) -> list[dict[str, Any]]:
    """Read every source, but not its items' own pages, into a store that is thrown away."""
    from dataclasses import asdict, replace
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from briefing.cli.working import tell
    from briefing.service import Service

    lists = tuple(replace(source, full_text="never") for source in settings.sources)
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/check.db"
        with Service(url, Path(folder), replace(settings, sources=lists, rosters=())) as service:
            found = service.collect(report=None if json_ else tell)
    return [asdict(one) for one in found.results]


def _tell(office: Office, settings: Settings, results: list[dict[str, Any]]) -> None:
    from briefing.cli.tables import say

    say(
        f"{office.places().config}: in order, {len(settings.sources)} sources, {len(settings.topics)} topics, "
        f"{len(settings.digests)} digests, {len(settings.briefings)} briefings"
    )
    if asking := _without_encoder(settings):
        say(f"only the extra can suggest {', '.join(asking)}: `pip install 'briefing[semantic]'`", style="yellow")
    for said in _refused(office, settings):
        say(said, style="yellow")
    if left := _without_formats(settings):
        say(left, style="yellow")
    if results:
        good = sum(one["outcome"] != "failed" for one in results)
        say(f"{good} of {len(results)} sources can be read from here")


def _read_lists(settings: Settings) -> None:
    """Look through lists of recipients, which may have changed since sources.yaml was found right.

    Raises:
        ConfigError: one of them is wrong.
    """
    if settings.rosters:
        from briefing.config.people import roster

        for one in settings.rosters:
            roster(one)


def _refused(office: Office, settings: Settings) -> list[str]:
    """A sentence for each of those on configured lists who get nothing all the same."""
    if not settings.rosters or not office.places().there():
        return []
    from briefing.service.rosters import refused

    with office.service(configured=False) as service:
        return [
            f"{one.listed.address} is on the list of {one.listed.briefing} and gets nothing: {one.reason}; take the "
            "entry out, or say `briefing recipients add` with --again"
            for one in refused(service.desk, settings)
        ]


def _without_encoder(settings: Settings) -> list[str]:
    """The topics that are to be suggested where nothing is installed that could."""
    from briefing import encoders

    return [] if encoders.installed() else [topic.id for topic in settings.topics if topic.suggests]


def _without_formats(settings: Settings) -> str:
    """That formats of the briefings cannot be made here; empty where all can."""
    from briefing.outputs import lacking
    from briefing.service.formats import note

    return note(lacking(dict.fromkeys(name for one in settings.briefings for name in one.formats)))


@click.command()
@click.option("--issue", is_flag=True, help="That of briefing.json instead, for programs that read issues.")
def schema(*, issue: bool) -> None:
    """Print the JSON Schema of sources.yaml, for editors."""
    if issue:
        from briefing.outputs.issue_schema import issue_schema

        as_json(issue_schema())
        return
    from briefing.config import json_schema

    as_json(json_schema())
