"""Lists of feeds: opml import, opml export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli.commands import as_json, json_option
from briefing.cli.sourcing import INSTITUTIONS, agreed, every_source, yes_option

if TYPE_CHECKING:
    from briefing.cli.commands import Office
    from briefing.service.feedlists import FeedList

_SHOWN = 40
_STREAM = "-"
_LARGEST = 20_000_000  # bytes


@click.group()
def opml() -> None:
    """Take lists of feeds in and out of sources.yaml."""


@opml.command("import", short_help="Write the feeds of an OPML file into sources.yaml.")
@click.argument("file", metavar="FILE")
@click.option("--country", metavar="CODE", default="", help="Of all of them. [of each address, else ZZ]")
@click.option("--institution", type=click.Choice(INSTITUTIONS), help="Of all of them. [guessed]")
@yes_option
@json_option
@click.pass_obj
def import_(office: Office, file: str, *, country: str, institution: str | None, yes: bool, json_: bool) -> int:
    """Write the feeds of an OPML file into sources.yaml, but for those that are there.

    Nothing is asked of the web: `briefing check --online` tries them afterwards.
    """
    from briefing.cli.sourcing import checked
    from briefing.config.editing import add_sources, edit
    from briefing.config.words import COUNTRIES, LANGUAGES
    from briefing.service.feedlists import taken_in

    path = office.places().config
    found = taken_in(
        _read(file),
        every_source(office),
        COUNTRIES,
        LANGUAGES,
        country=checked("country", country),
        institution=institution or "",
    )
    if not json_:
        _tell(found)
    written = bool(found.sources) and agreed(f"Write {len(found.sources)} sources into {path}?", yes=yes)
    if written:
        edit(path, lambda text: add_sources(text, found.entries()))
    if json_:
        counts = {"known": found.known, "doubled": found.doubled, "unusable": list(found.unusable)}
        as_json({"sources": found.entries(), "written": written} | counts)
    elif written:
        click.echo(f"written into {path}")
    return 0 if written or not found.sources else 1


def _read(file: str) -> bytes:
    from briefing.errors import UsageError

    try:
        with Path(file).open("rb") as stream:
            body = stream.read(_LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}") from error
    if len(body) > _LARGEST:
        raise UsageError(f"{file} is larger than {_LARGEST // 1_000_000} MB: that is no list of feeds")
    return body


def _tell(found: FeedList) -> None:
    from briefing.cli.tables import counted, say, table

    if found.sources:
        rows = [(one.id, one.country, one.institution, one.name) for one in found.sources[:_SHOWN]]
        table(["id", "", "institution", ("name", "short")], rows)
        if len(found.sources) > _SHOWN:
            say(f"and {len(found.sources) - _SHOWN} more", style="dim")
    said = [counted(len(found.sources), "source") + " to add"]
    said += [f"{found.known} read already"] if found.known else []
    said += [f"{found.doubled} listed twice"] if found.doubled else []
    said += [f"{len(found.unusable)} with no address of the web"] if found.unusable else []
    say(", ".join(said))


@opml.command(short_help="Write the sources as OPML.")
@click.argument("file", metavar="[FILE]", default=_STREAM)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@json_option
@click.pass_obj
def export(office: Office, file: str, *, force: bool, json_: bool) -> None:
    """Write the sources, those that are off too, as OPML 2.0 to FILE, or to standard output.

    Feeds can be taken into any reader; pages and sitemaps stand in it as links.
    """
    from briefing.errors import UsageError
    from briefing.service.feedlists import given_out

    settings = every_source(office)
    body = given_out(settings)
    if file == _STREAM:
        if json_:
            as_json({"file": None, "sources": len(settings.sources), "opml": body.decode()})
        else:
            sys.stdout.buffer.write(body)
            sys.stdout.buffer.flush()
        return
    try:
        with Path(file).open("wb" if force else "xb") as stream:
            stream.write(body)
    except FileExistsError:
        raise UsageError(f"{file} is there already: name another, or add --force") from None
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror or error}") from error
    if json_:
        as_json({"file": file, "sources": len(settings.sources)})
    else:
        click.echo(f"{len(settings.sources)} sources written to {file}")
