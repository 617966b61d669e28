"""`briefing topics evaluate`: precision, recall and F1 of the configured topics on labelled texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing.cli.commands import as_json, json_option

if TYPE_CHECKING:
    from briefing.classifiers.scoring import Score, Scores
    from briefing.cli.commands import Office
    from briefing.service.evaluating import Evaluation

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--labelled", type=_FILE, required=True, help="Texts with the topics they belong to, one JSON a line.")
@click.option("--train", type=_FILE, help="Learn from these texts first; the same form.")
@click.option("--one-best", is_flag=True, help="Give every text the one topic it belongs to most.")
@json_option
@click.pass_obj
def evaluate(office: Office, *, labelled: Path, train: Path | None, one_best: bool, json_: bool) -> None:
    """Measure the topics of the configuration against texts that people have labelled.

    A line of a file is {"text": "...", "language": "en", "topics": ["..."]}; the language may be left out.
    """
    from briefing import encoders
    from briefing.service.evaluating import evaluate as measured

    settings = office.settings()
    encoder = encoders.load() if encoders.installed() else None
    found = measured(settings.topics, labelled, train, one_best=one_best, encoder=encoder)
    if json_:
        as_json(_json(found))
    else:
        _tell(found)
    _remark(found)


def _json(found: Evaluation) -> dict[str, Any]:
    return {
        "encoder": found.encoder or None,
        "one_best": found.one_best,
        "trained_on": found.trained,
        **_scores_json(found.all),
        "languages": {language: _scores_json(scores) for language, scores in found.languages.items()},
        "unknown_topics": found.passed,
        "without_phrases": list(found.silent),
    }


def _scores_json(scores: Scores) -> dict[str, Any]:
    precision, recall, f1 = scores.macro
    return {
        "texts": scores.texts,
        "micro": _score_json(scores.micro),
        "macro": {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)},
        "topics": {topic: _score_json(score) for topic, score in scores.topics.items()},
    }


def _score_json(score: Score) -> dict[str, Any]:
    return {
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "f1": round(score.f1, 4),
        "wanted": score.wanted,
        "given": score.given,
        "right": score.right,
    }


def _tell(found: Evaluation) -> None:
    from briefing.cli.tables import say, table

    figures = [(name, "right") for name in ("precision", "recall", "F1", "wanted", "given")]
    rows = [[topic, *_cells(score)] for topic, score in found.all.topics.items()]
    table(["topic", *figures], rows)
    say()
    groups = [*found.languages.items(), ("in all", found.all)]
    rows = [
        [name, str(scores.texts), *(f"{figure:.3f}" for figure in scores.macro), f"{scores.micro.f1:.3f}"]
        for name, scores in groups
    ]
    macro = [("texts", "right"), *((f"macro {name}", "right") for name in ("precision", "recall", "F1"))]
    table(["language", *macro, ("micro F1", "right")], rows)


def _cells(score: Score) -> list[str]:
    figures = (score.precision, score.recall, score.f1)
    return [*(f"{figure:.3f}" for figure in figures), str(score.wanted), str(score.given)]


def _remark(found: Evaluation) -> None:
    """What the reader must know of how this was measured."""
    from briefing.encoders import MISSING

    if not found.encoder:
        _aside(f"Measured without meaning, by phrases and wording only: {MISSING}")
        if found.silent and not found.one_best:
            _aside(f"Without it nothing suggests topics that have no phrases: {', '.join(found.silent)}")
    if found.passed:
        named = ", ".join(f"{topic} ({count})" for topic, count in sorted(found.passed.items()))
        _aside(f"Passed over, because no such topics are configured: {named}")


def _aside(remark: str) -> None:
    click.echo(remark, err=True)
