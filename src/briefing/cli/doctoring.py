"""The command doctor."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from briefing.cli.commands import as_json, json_option

if TYPE_CHECKING:
    from pathlib import Path

    from briefing.cli.commands import Office
    from briefing.findings import Finding
    from briefing.model import Settings


@click.command()
@json_option
@click.pass_obj
def doctor(office: Office, *, json_: bool) -> int:
    """Say what is wrong with program, database, storage, clock, configuration and key, and how to mend it.

    Nothing is changed. Exit 1 where something is wrong; warnings alone are fine.
    """
    from briefing.service.doctoring import examine

    places = office.places()
    found = examine(places.database_url, places.storage, places.config, _load)
    if json_:
        as_json([asdict(one) for one in found])
    else:
        _tell(found)
    return 1 if any(one.state == "wrong" for one in found) else 0


def _load(path: Path) -> Settings:
    from briefing import config

    return config.load(path)


def _tell(found: list[Finding]) -> None:
    from rich.text import Text

    from briefing.cli.tables import say, state, table

    rows = []
    for one in found:
        said = Text(one.said)
        if one.mend:
            said.append(f"\n> {one.mend}", style="dim")
        rows.append((state(one.state), one.subject, said))
    table(["state", "what", ("", "fold")], rows)
    counts = [(sum(one.state == name for one in found), name) for name in ("wrong", "warning")]
    say(
        ", ".join(f"{count} {name}{'s' if name == 'warning' and count != 1 else ''}" for count, name in counts if count)
        or "all is well"
    )
