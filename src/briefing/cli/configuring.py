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
    except ConfigError as error:
        if json_:
            as_json({"ok": False, "problems": error.problems})
            return error.exit_status
        raise
    results = _ask(settings, json_=json_) if online else []
    failed = [one for one in results if one["outcome"] == "failed"]
    if json_:
        as_json({"ok": not failed, "problems": [], "sources": results})
    else:
        _tell(office, settings, results)
    return 1 if failed else 0


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
        with Service(url, Path(folder), replace(settings, sources=lists)) as service:
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
    if left := _without_formats(settings):
        say(left, style="yellow")
    if results:
        good = sum(one["outcome"] != "failed" for one in results)
        say(f"{good} of {len(results)} sources can be read from here")


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
