"""What the commands that look into the past have in common."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from briefing.projections import Holdings

as_of_option = click.option(
    "--as-of",
    metavar="WHEN",
    help="As it was then: at a log position (4711), at the end of a day (2017-03-20) or at a time (2017-03-20T18:00).",
)
folder_option = click.option(
    "--to", "folder", metavar="DIR", type=click.Path(path_type=Path), help="Write into this empty or new folder."
)


def tell_moment(library: Holdings) -> None:
    """Say which moment was meant, where it is not now."""
    from briefing.cli.tables import say, when

    if (moment := library.moment) is None:
        return
    recorded = f"recorded {when(moment.recorded_at)}" if moment.recorded_at else "before anything was recorded"
    say(f"as of log position {moment.position}, {recorded}", style="dim")
