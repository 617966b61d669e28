"""`briefing topics explain`: why an item has the topics it has, and not the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import as_json, json_option

if TYPE_CHECKING:
    from briefing.classifiers.explaining import Found, Reasons
    from briefing.cli.commands import Office
    from briefing.service.trying import Explained

_SENTENCE = 160


@click.command()
@click.argument("item", metavar="ITEM")
@click.option("--config", metavar="FILE", help="Explain by the phrases of this file, not by those adopted.")
@json_option
@click.pass_obj
def explain(office: Office, item: str, *, config: str | None, json_: bool) -> None:
    """Show for one item, named by its id or the beginning of it, every topic, what was found, and what it counts."""
    from pathlib import Path

    from briefing import config as configs
    from briefing.service import trying

    topics = configs.load(Path(config)).topics if config else None
    with office.service(configured=False) as service:
        library = service.known()
        told = trying.explain(library, service.chosen_item(item), library.topics() if topics is None else topics)
    if json_:
        as_json(_json(told))
    else:
        _show(told)


def _json(told: Explained) -> dict[str, Any]:
    return {
        "item": told.item.id,
        "title": told.item.title,
        "language": told.item.language,
        "revision": told.held.number,
        "topics": [
            {
                "id": one.topic,
                "level": one.level or None,
                "score": one.score,
                "reason": one.reason,
                "found": [_found(each, told) for each in one.found],
            }
            for one in told.reasons
        ],
    }


def _found(one: Found, told: Explained) -> dict[str, Any]:
    return {
        "phrase": one.phrase,
        "words": one.words,
        "place": one.place,
        "weight": one.weight,
        "counts": one.fate == "counted",
        "fate": one.fate,
        "by": one.by or None,
        "sentence": _sentence(one, told),
    }


def _sentence(one: Found, told: Explained) -> str:
    return (told.held.title if one.place == "title" else told.held.text)[one.start : one.end]


def _show(told: Explained) -> None:
    from briefing.cli.tables import say

    say(f"{told.item.title}  ({told.item.language}, version {told.held.number})", style="bold")
    for one in told.reasons:
        if one.found:
            _topic(one, told)
    silent: dict[str, list[str]] = {}
    for one in told.reasons:
        if not one.found:
            silent.setdefault(one.reason, []).append(one.topic)
    _rest(silent)


def _topic(one: Reasons, told: Explained) -> None:
    from briefing.classifiers.explaining import FATES, REASONS
    from briefing.cli.tables import say
    from briefing.text import one_line, shorten

    said = f"{one.level}, score {one.score}" if one.level else f"not given: {REASONS[one.reason]}"
    say()
    say(f"{one.topic}: {said}")
    for each in one.found:
        fate = f"+{each.weight}" if each.fate == "counted" else FATES[each.fate] + (f" ({each.by})" if each.by else "")
        found = "" if each.words.casefold() == each.phrase.casefold() else f' as "{shorten(each.words, 60)}"'
        say(f"  {each.phrase}{found}, {each.place}: {fate}")
        if each.fate == "counted":
            say(f"      {shorten(one_line(_sentence(each, told)), _SENTENCE)}", style="dim")


def _rest(silent: dict[str, list[str]]) -> None:
    from briefing.cli.tables import say

    if silent.get("none found"):
        say()
        say(f"not given, none of their phrases stands there: {', '.join(silent['none found'])}", style="dim")
    if silent.get("no phrases"):
        say()
        said = "not given, no phrases in this language (the semantic extra could suggest them)"
        say(f"{said}: {', '.join(silent['no phrases'])}", style="dim")
