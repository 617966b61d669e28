"""The verb label: what people say of topics, one by one or from a file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli.commands import as_json, json_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.cli.commands import Office
    from briefing.service.labelling import Labelled


@click.command()
@click.argument("item", metavar="ITEM", required=False)
@click.argument("topic", metavar="TOPIC", required=False)
@click.argument("answer", metavar="yes|no", required=False)
@click.option("--by", default="", metavar="NAME", help="Who says so; kept in the log.")
@click.option(
    "--file",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Take many from JSON lines or a CSV with item, topic, answer and by.",
)
@json_option
@click.pass_obj
def label(
    office: Office,
    *,
    item: str | None,
    topic: str | None,
    answer: str | None,
    by: str,
    file: Path | None,
    json_: bool,
) -> None:
    """Say whether an item belongs to a topic; that holds from then on, and the topic's model learns from it.

    ITEM is an id or the beginning of one. `briefing classify` learns from what was said, `briefing publish` writes
    the feeds anew.
    """
    from briefing.errors import UsageError

    with office.service(configured=False) as service:
        if file is not None and item is None:
            found = service.label_file(file, by)
        elif file is None and item and topic and answer:
            found = service.label(item, topic, answer, by)
        else:
            raise UsageError("name an item, a topic and yes or no, or a file of them with --file")
    if json_:
        as_json([asdict(one) for one in found])
    else:
        _tell(found)


def _tell(found: Sequence[Labelled]) -> None:
    from briefing.cli.tables import counted, say

    if len(found) == 1:
        [one] = found
        said = f"{one.item} {'belongs' if one.belongs else 'does not belong'} to {one.topic}"
        say(f"{said}, log position {one.position}" if one.fresh else f"{said}: this was said before")
        return
    fresh = sum(one.fresh for one in found)
    known = f", {len(found) - fresh} said before" if fresh < len(found) else ""
    say(f"{counted(fresh, 'correction')} recorded{known}")
