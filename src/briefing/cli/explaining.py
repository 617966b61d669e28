"""`briefing topics explain`: why an item has the topics it has, and not the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import as_json, json_option
from briefing.cli.verdicts import told as in_words
from briefing.cli.verdicts import verdict

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
        chosen = service.chosen_item(item)
        told = trying.explain(service.desk, chosen, library.topics() if topics is None else topics)
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
        "encoder": told.encoder or None,
        "topics": [
            {
                "id": one.topic,
                "level": one.level or None,
                "score": one.score,
                "reason": one.reason,
                "found": [_found(each, told) for each in one.found],
                "given": told.levels.get(one.topic),
                "answer": told.answers.get(one.topic),
                "model": verdict(told.verdicts.get(one.topic)),
                "sentences": [each.sentence for each in told.sentences.get(one.topic, ())],
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
    silent: dict[str, list[str]] = {}
    for one in told.reasons:
        if one.found or _worth_a_look(one.topic, told):
            _topic(one, told)
        else:
            silent.setdefault(one.reason, []).append(one.topic)
    _rest(silent)


def _worth_a_look(topic: str, told: Explained) -> bool:
    """Whether a topic that no phrase speaks for is given or suggested all the same, or a model was taught it."""
    one = told.verdicts.get(topic)
    return topic in told.levels or topic in told.answers or (one is not None and one.vote.trust > 0)


def _topic(one: Reasons, told: Explained) -> None:
    from briefing.cli.tables import say
    from briefing.text import one_line, shorten

    say()
    say(f"{one.topic}: {_said(one, told)}")
    for each in one.found:
        _phrase(each, told)
    if (model := told.verdicts.get(one.topic)) is not None:
        say(f"  model: {in_words(model)}")
    for piece in told.sentences.get(one.topic, ()):
        say(f"      {shorten(one_line(piece.sentence), _SENTENCE)}", style="dim")


def _phrase(each: Found, told: Explained) -> None:
    from briefing.classifiers.explaining import FATES
    from briefing.cli.tables import say
    from briefing.text import one_line, shorten

    fate = f"+{each.weight}" if each.fate == "counted" else FATES[each.fate] + (f" ({each.by})" if each.by else "")
    found = "" if each.words.casefold() == each.phrase.casefold() else f' as "{shorten(each.words, 60)}"'
    say(f"  {each.phrase}{found}, {each.place}: {fate}")
    if each.fate == "counted":
        say(f"      {shorten(one_line(_sentence(each, told)), _SENTENCE)}", style="dim")


def _said(one: Reasons, told: Explained) -> str:
    """What became of a topic, and through whom."""
    from briefing.classifiers.explaining import REASONS

    level, answer = told.levels.get(one.topic, ""), told.answers.get(one.topic)
    if answer is not None:
        return f"{level}, a person said so" if answer else "not given: a person said no"
    if level == "suggested":
        return "suggested, not given"
    if level and one.level:
        return f"{level}, score {one.score}"
    if level:
        return f"{level}, through its model"
    if one.level:
        return f"not given: its model outvotes the phrases, which alone made it {one.level}"
    return f"not given: {REASONS[one.reason]}"


def _rest(silent: dict[str, list[str]]) -> None:
    from briefing.cli.tables import say

    if silent.get("none found"):
        say()
        say(f"not given, none of their phrases stands there: {', '.join(silent['none found'])}", style="dim")
    if silent.get("no phrases"):
        say()
        said = "not given, no phrases in this language (the semantic extra could suggest them)"
        say(f"{said}: {', '.join(silent['no phrases'])}", style="dim")
