"""What is announced: ahead, and how well it is found: ahead evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import as_json, json_option
from briefing.cli.listing import day_of
from briefing.cli.past import as_of_option, tell_moment

if TYPE_CHECKING:
    from briefing.cli.commands import Office
    from briefing.documents import Announced
    from briefing.observe.ahead.measuring import Judged, Measured


@click.group(invoke_without_command=True)
@click.option("--topic", metavar="ID", help="Announced by items with one topic.")
@click.option("--since", metavar="DAY", callback=day_of, help="Not over before this day (2017-03-20). [today]")
@as_of_option
@json_option
@click.pass_context
def ahead(ctx: click.Context, *, topic: str | None, since: str | None, as_of: str | None, json_: bool) -> None:
    """List meetings, visits and deadlines that statements announce, by their dates."""
    if ctx.invoked_subcommand is not None:
        return
    office: Office = ctx.obj
    from briefing.service.calendars import entries

    with office.service(configured=False) as service:
        library = service.known(as_of)
        first = since or service.desk.clock().date().isoformat()
        found = entries(library, library.calendar.meetings(first)) if library.settings() is not None else []
        if topic is not None:
            known = {one.id for one in library.topics()}
            if topic not in known:
                from briefing.errors import UsageError

                raise UsageError(f'there is no topic "{topic}"; known: {", ".join(sorted(known)) or "none"}')
            found = [entry for entry in found if any(name == topic for name, _ in entry.topics)]
    if json_:
        as_json([_plain(entry) for entry in found])
        return
    _list(found, first)
    tell_moment(library)


def _list(found: list[Announced], first: str) -> None:
    from briefing.cli import tables
    from briefing.outputs import ahead_words as words

    if not found:
        tables.say(f"Nothing is announced for {first} or later. Dates are found when `briefing classify` runs.")
        return
    rows = [
        (
            words.when(entry.meeting),
            "; ".join(filter(None, (words.state(entry.meeting), words.headline(entry), words.before(entry.meeting)))),
            ", ".join(dict.fromkeys(voice.source.id for voice in entry.voices)),
        )
        for entry in found
    ]
    tables.table(["When", ("What", "short"), "Announced by"], rows)
    tables.say(tables.counted(len(found), "date") + " ahead")


def _plain(entry: Announced) -> dict[str, Any]:
    from briefing.outputs import ahead_words as words
    from briefing.outputs.ics import uid

    meeting = entry.meeting
    return {
        "id": meeting.id,
        "uid": uid(meeting.id),
        "start": meeting.first.isoformat(),
        "end": meeting.last.isoformat(),
        "precision": meeting.precision,
        "when": words.when(meeting),
        "kind": meeting.kind or None,
        "deadline": meeting.deadline,
        "state": meeting.state,
        "sequence": meeting.sequence,
        "before": meeting.before or None,
        "title": entry.title,
        "place": entry.place or None,
        "who": list(entry.who),
        "topics": [topic for topic, _ in entry.topics],
        "announced": meeting.announced_at.isoformat(),
        "changed": meeting.changed_at.isoformat(),
        "statements": [
            {
                "item": voice.statement.item.id,
                "source": voice.source.id,
                "url": voice.statement.item.url,
                "start": voice.statement.first.isoformat(),
                "end": voice.statement.last.isoformat(),
                "sentence": voice.sentence,
                "withdrawn": voice.statement.withdrawn,
            }
            for voice in entry.voices
        ],
    }


@ahead.command()
@click.option("--labelled", metavar="FILE", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help='JSON lines: {"text", "language"?, "published", "events": [{"start", "end"}]}.')  # fmt: skip
@json_option
def evaluate(*, labelled: Path, json_: bool) -> None:
    """Find dates in labelled documents, and say how many are right and how many were missed."""
    from briefing.observe.ahead.measuring import together

    documents = _read(labelled)
    counts = together(documents)
    if json_:
        as_json(
            {
                "documents": [_judged(one) for one in documents],
                "languages": {k or "all": _counted(v) for k, v in sorted(counts.items())},
            }
        )
        return
    from briefing.cli import tables

    columns: list[str | tuple[str, str]] = ["Language", *((name, "right") for name in _NAMES)]
    rows = [
        (name or "all", *map(str, _counted(counts[name]).values()))
        for name in sorted(counts, key=lambda name: (not name, name))
    ]
    tables.table(columns, rows)


_NAMES = ("Documents", "Annotated", "Found", "Right", "Exact", "Precision", "Recall")


def _read(file: Path) -> list[Judged]:
    import json

    from briefing.errors import UsageError
    from briefing.observe.ahead.measuring import judged

    found = []
    with file.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    found.append(judged(json.loads(line)))
                except (ValueError, UsageError) as fault:
                    raise UsageError(f"{file}, line {number}: {fault}") from fault
    return found


def _counted(one: Measured) -> dict[str, Any]:
    return {
        "documents": one.documents, "wanted": one.wanted, "found": one.found, "right": one.right, "exact": one.exact,
        "precision": round(one.precision, 3), "recall": round(one.recall, 3),
    }  # fmt: skip


def _judged(one: Judged) -> dict[str, Any]:
    def plain(spans: Any) -> list[dict[str, str]]:
        return [{"start": first.isoformat(), "end": last.isoformat()} for first, last in spans]

    return {"language": one.language, "wanted": plain(one.wanted), "found": plain(one.found)}
