"""The log as it is: log."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import json_option

if TYPE_CHECKING:
    from briefing.cli.commands import Office
    from briefing.service import Service

_SHOWN = 40


@click.command()
@click.option("--after", type=click.IntRange(min=0), default=0, metavar="N", help="Behind this position. [0]")
@click.option(
    "--limit", type=click.IntRange(min=0), default=None, help="At most so many, 0 for all. [40; all with --json]"
)
@json_option
@click.pass_obj
def log(office: Office, after: int, limit: int | None, *, json_: bool) -> None:
    """List events of the log in their order. Publishers' words are not in them."""
    from itertools import islice

    with office.service(configured=False) as service:
        shown = limit if limit is not None else 0 if json_ else _SHOWN
        lines = islice(_events(service, after), shown or None)
        if json_:
            _print_list(lines)
            return
        from briefing.cli.tables import say, table

        rows = [
            (str(one["position"]), one["recorded_at"][:19].replace("T", " "), one["type"], _gist(one["data"]))
            for one in lines
        ]
        table([("position", "right"), "recorded (UTC)", "event", ("", "short")], rows)
        say(f"the log ends at position {service.desk.store.head()}", style="dim")


def _events(service: Service, after: int) -> Any:
    while page := service.desk.store.read(after):
        for recorded in page:
            yield {
                "position": recorded.position,
                "recorded_at": recorded.recorded_at.isoformat(),
                "stream": recorded.stream,
                "type": recorded.event.NAME,
                "version": recorded.event.VERSION,
                "data": recorded.event.data(),
            }
        after = page[-1].position


def _print_list(lines: Any) -> None:
    """A JSON list, one event a line, so that a long log is neither held in memory nor unreadable."""
    import json

    stream = sys.stdout.buffer
    stream.write(b"[")
    for number, line in enumerate(lines):
        stream.write((",\n" if number else "\n").encode() + json.dumps(line, ensure_ascii=False).encode())
    stream.write(b"\n]\n")


def _gist(data: dict[str, Any]) -> str:
    parts = [str(data[key]) for key in ("source", "item", "briefing", "period", "failure", "detail") if data.get(key)]
    if "labels" in data:
        parts.append(", ".join(label["topic"] for label in data["labels"]) or "no topic")
    if "suggestions" in data:
        parts.append(", ".join(one["topic"] for one in data["suggestions"]) or "nothing suggested")
    if "belongs" in data:
        parts.append(f"{data['topic']}: {'yes' if data['belongs'] else 'no'}")
    if "rules" in data and "topics" in data:
        parts.append(f"{len(data['topics'])} topics")
    return " ".join(parts)
