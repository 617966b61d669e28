"""`briefing topics preview`: what a change of phrases would do, before it is adopted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import as_json, json_option
from briefing.cli.verdicts import told, verdict

if TYPE_CHECKING:
    from briefing.cli.commands import Office
    from briefing.service.trying import Preview, Turned

_SHOWN = 40
_SENTENCE = 160
_USUAL = ("gains", "loses", "changes")
_COLUMNS = [
    *(("gains", "gained"), ("loses", "lost"), ("changes", "other level")),
    *(("suggests", "suggested"), ("unsuggests", "suggested no more"), ("keeps", "kept by the model")),
]


@click.command()
@click.option("--config", metavar="FILE", help="The configuration to try; without it the one that is used.")
@click.option("--topic", metavar="ID", help="Only of one topic.")
@click.option(
    "--limit", type=click.IntRange(min=0), default=_SHOWN, help=f"At most so many lines, 0 for all. [{_SHOWN}]"
)
@json_option
@click.pass_obj
def preview(office: Office, *, config: str | None, topic: str | None, limit: int, json_: bool) -> None:
    """Show which items would gain or lose which label under changed phrases, and why; nothing is adopted."""
    from pathlib import Path

    from briefing import config as configs
    from briefing.cli.tables import progress
    from briefing.service import trying

    topics = (configs.load(Path(config)) if config else office.settings()).topics
    with office.service(configured=False) as service:
        library = service.known()
        known = {one.id for one in (*topics, *library.topics())}
        if topic is not None and topic not in known:
            from briefing.errors import UsageError

            raise UsageError(f'there is no topic "{topic}", neither now nor then; there are {", ".join(sorted(known))}')
        with progress("reading", library.count()) as tell:
            found = trying.preview(service.desk, topics, topic, lambda done: tell("", done))
    if json_:
        as_json({"items": found.items, "model": found.model, "changes": [_json(one) for one in found.turned]})
    else:
        _show(found, limit)


def _json(one: Turned) -> dict[str, Any]:
    return {
        "item": one.item.id,
        "title": one.item.title,
        "language": one.item.language,
        "topic": one.topic,
        "change": one.kind,
        "before": one.before or None,
        "after": one.after or None,
        "through": one.through,
        "phrases": {"before": one.phrases[0] or None, "after": one.phrases[1] or None},
        "model": {side: verdict(each) for side, each in zip(("before", "after"), one.verdicts, strict=True)},
        "evidence": [{"phrase": each.phrase, "place": each.place, "sentence": each.sentence} for each in one.evidence],
    }


def _show(found: Preview, limit: int) -> None:
    from briefing.cli.tables import counted, say, table

    if not found.turned:
        say(f"no label of {counted(found.items, 'item')} would change")
        return
    totals: dict[str, Counter[str]] = {}
    for one in found.turned:
        totals.setdefault(one.topic, Counter())[one.kind] += 1
    columns = [
        column for column in _COLUMNS if column[0] in _USUAL or any(count[column[0]] for count in totals.values())
    ]
    rows = [(topic, *(str(count[kind]) for kind, _ in columns)) for topic, count in sorted(totals.items())]
    table(["topic", *((name, "right") for _, name in columns)], rows)
    say()
    shown = found.turned[: limit or None]
    for one in shown:
        _line(one)
    rest = len(found.turned) - len(shown)
    many = sum(one.kind != "keeps" for one in found.turned)
    through = sum(one.through != "phrases" and one.kind != "keeps" for one in found.turned)
    by_model = f", {through} of them through a model" if found.model else ""
    say(f"{counted(many, 'label')} of {counted(found.items, 'item')} would change{by_model}", style="dim")
    if rest:
        say(f"{rest} of them are not shown; --limit 0 shows all", style="dim")


def _line(one: Turned) -> None:
    from briefing.cli.tables import say
    from briefing.text import one_line, shorten

    say(f"{one.kind} {one.topic} ({_levels(one)}): {one.item.id}  {shorten(one.item.title, 90)}")
    for phrase, sentence in {each.phrase: each.sentence for each in reversed(one.evidence)}.items():
        lead = "had " if one.kind == "loses" and phrase else ""
        say(f"    {lead}{phrase or 'by its model'}: {shorten(one_line(sentence), _SENTENCE)}", style="dim")
    if one.through != "phrases":
        side = one.verdicts[1] or one.verdicts[0]
        say(f"    {_THROUGH[one.kind == 'keeps', one.through]}{told(side) if side else ''}", style="dim")


_THROUGH = {
    (False, "model"): "through its model alone: ",
    (False, "both"): "through its phrases and its model: ",
    (True, "model"): "its phrases alone would turn it, the model keeps it: ",
}


def _levels(one: Turned) -> str:
    before, after = one.before or "not given", one.after or "not given"
    if one.kind == "keeps":
        return f"{after}; by its phrases alone {one.phrases[0] or 'not given'} to {one.phrases[1] or 'not given'}"
    between = one.before and one.after
    return f"{before} to {after}" if between else one.before or one.after
