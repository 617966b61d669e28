"""Keeping the log: export, import, backup, restore."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli.commands import as_json, json_option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from briefing.cli.commands import Office
    from briefing.service.keeping import Restored

_STREAM = "-"
_force = click.option("--force", is_flag=True, help="Replace a file that is there.")


@click.command()
@click.argument("file", metavar="FILE")
@_force
@json_option
@click.pass_obj
def export(office: Office, file: str, *, force: bool, json_: bool) -> None:
    """Write the whole log to FILE: JSON lines, compressed with Zstandard; - for standard output.

    FILE holds the words of publishers, their salts and the secret of this log: it is made for its owner alone
    (mode 0600), and is to be kept as the log itself. Others may write to the log meanwhile.
    """
    from briefing.service import keeping

    url = office.places().database_url
    if file == _STREAM:
        if sys.stdout.isatty():
            raise click.UsageError("an export is not for a terminal: name a file, or send it on with | or >")
        keeping.export(url, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    with _progress() as progress:
        kept = keeping.export(url, Path(file), force=force, progress=progress)
    if json_:
        as_json({"file": file} | asdict(kept))
        return
    from briefing.cli.tables import say

    say(f"{kept.size} events written to {file} ({_size(file)}), for its owner alone: it holds the log's secret")
    say(f"root {kept.root}", style="dim")


@click.command("import")
@click.argument("file", metavar="FILE")
@json_option
@click.pass_obj
def import_(office: Office, file: str, *, json_: bool) -> None:
    """Fill an empty log from FILE, an export; - for standard input. Every event is checked; all of it or nothing."""
    from briefing.service import keeping

    places = office.places()
    with _reading(file) as source, _progress() as progress:
        kept = keeping.import_log(places.database_url, places.storage, source, _called(file), progress=progress)
    if json_:
        as_json({"file": file} | asdict(kept))
        return
    from briefing.cli.tables import say

    say(f"{kept.size} events taken in, every one of them checked; briefing publish makes what readers see")
    say(f"root {kept.root}", style="dim")


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--no-check", is_flag=True, help="Do not read it back.")
@_force
@json_option
@click.pass_obj
def backup(office: Office, file: str, *, no_check: bool, force: bool, json_: bool) -> None:
    """Write all that cannot be made again to FILE: log, signing key, list of takedowns, sources.yaml.

    It may run while the service does. FILE is as secret as the key in it, and made for its owner alone (mode 0600).
    """
    from briefing.service import keeping

    places = office.places()
    with _progress() as progress:
        kept = keeping.backup(
            places.database_url,
            places.storage,
            places.config,
            Path(file),
            force=force,
            check=not no_check,
            progress=progress,
        )
    if json_:
        as_json({"file": file} | asdict(kept))
        return
    from briefing.cli.tables import say

    beside = f" and {', '.join(kept.files)}" if kept.files else ""
    checked = ", and read back" if kept.checked else ""
    say(f"{kept.size} events{beside} written to {file} ({_size(file)}){checked}; it is as secret as the log")
    say(f"root {kept.root}", style="dim")


@click.command()
@click.argument("file", metavar="FILE")
@click.option(
    "--erasures", metavar="FILE", help="A list of takedowns newer than the backup: their words do not come back."
)
@json_option
@click.pass_obj
def restore(office: Office, file: str, *, erasures: str | None, json_: bool) -> None:
    """Bring a backup back into an empty storage, and make all that readers see from it.

    Words that were taken down are left out before anything is written: those that the list in the backup names, and
    those that --erasures names (erasures.jsonl of the storage that was lost, or a copy of it).
    """
    from briefing.service import keeping

    places = office.places()
    with _reading(file) as source, _progress() as progress:
        found = keeping.restore(
            places.database_url,
            places.storage,
            places.config,
            source,
            _called(file),
            erasures=Path(erasures) if erasures else None,
            progress=progress,
        )
    if json_:
        as_json({"file": file} | asdict(found))
    else:
        _tell(found, places.config)


def _tell(found: Restored, config: Path) -> None:
    from briefing.cli.tables import counted, say

    say(
        f"{counted(found.size, 'event')} restored, every one of them checked; "
        f"{counted(found.feeds, 'feed')}, {counted(found.issues, 'issue')} made"
    )
    say(f"root {found.root}", style="dim")
    if found.retaken:
        say(f"taken down after this backup, recorded once more: {', '.join(found.retaken)}")
    if found.unheld:
        say(
            "taken down, and not in this backup: "
            + ", ".join(found.unheld)
            + "; if a source still shows them, collect "
            "finds them anew: take them down again then",
            style="yellow",
        )
    if "sources.yaml" in found.files:
        said = (
            "was written from the backup"
            if found.config
            else "is there already and stays; the backup holds another copy"
        )
        say(f"{config} {said}")
    for name in found.differing:
        say(f"{name} is not what was published then: words were taken down since, or another version rendered it")


def _size(file: str) -> str:
    from rich.filesize import decimal

    return decimal(Path(file).stat().st_size)


def _called(file: str) -> str:
    return "standard input" if file == _STREAM else file


@contextmanager
def _reading(file: str) -> Iterator[BinaryIO]:
    if file == _STREAM:
        yield sys.stdin.buffer
        return
    try:
        opened = Path(file).open("rb")  # noqa: SIM115 - closed below, where errors are another's
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read ({error.strerror})") from error
    with opened:
        yield opened


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """One bar for what is done one after the other."""
    from briefing.cli.tables import steps

    with steps() as advance:
        yield advance
