"""The verb import-page: saved pages of a source that cannot be read from here."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli.commands import as_json, json_option

if TYPE_CHECKING:
    from briefing.cli.commands import Office
    from briefing.service.importing import Imported


@click.command("import-page")
@click.argument("path", metavar="FILE|FOLDER", type=click.Path(exists=True, path_type=Path))
@click.option("--source", "source", required=True, metavar="ID", help="The source that published them.")
@click.option("--url", default="", metavar="URL", help="Where the one FILE was saved from, if it does not say so.")
@json_option
@click.pass_obj
def import_page(office: Office, path: Path, *, source: str, url: str, json_: bool) -> int:
    """Take saved pages in as items of a source, as if they had been fetched.

    For sites that ask programs to stay away. FILE is HTML or MHTML as a browser saves it; of a FOLDER all are taken.
    Title, text and date are read by the source's own rules. Taken in twice, a page adds nothing; a newer copy of it
    makes a revision.
    """
    from briefing.errors import UsageError

    files = _files(path)
    if url and len(files) > 1:
        raise UsageError("--url goes with one FILE: the pages of a folder must say themselves where they came from")
    if url:
        url = _address(url)
    with office.service() as service:
        done = service.import_pages(files, source, url, None if json_ else _tell)
    if json_:
        as_json([asdict(one) for one in done])
    else:
        _sum_up(done)
    return 1 if any(one.outcome == "failed" for one in done) else 0


def _address(url: str) -> str:
    from briefing.config import values
    from briefing.errors import UsageError

    try:
        return values.address(url)
    except ValueError as error:
        raise UsageError(f"--url: {error}") from None


def _files(path: Path) -> list[Path]:
    from briefing.errors import UsageError
    from briefing.sources.saved import ENDINGS, pages

    files = pages(path)
    if not files:
        raise UsageError(f"{path} holds no saved page: their names end with {', '.join(sorted(ENDINGS))}")
    return files


def _tell(one: Imported) -> None:
    from rich.text import Text

    from briefing.cli.tables import out, state

    line = Text.assemble(state(f"{one.outcome:<9}"), f" {Path(one.file).name}: ")
    line.append(one.detail or f"{one.title or one.url}, {one.published or 'no date given'} ({one.item})")
    out.print(line, soft_wrap=True)


def _sum_up(done: list[Imported]) -> None:
    from briefing.cli.tables import counted, say

    counts = {name: sum(one.outcome == name for one in done) for name in dict.fromkeys(one.outcome for one in done)}
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    say(f"{counted(len(done), 'page')} read: {said}", style="dim")
