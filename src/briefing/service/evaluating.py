"""How well topics do on texts that people have labelled: measured from outside, on anybody's own texts."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from briefing.classifiers import CLASSIFIERS
from briefing.classifiers.blending import best, by_nearness, margin
from briefing.classifiers.panel import Panel
from briefing.classifiers.scoring import scored
from briefing.classifiers.texts import Sample, Text, primary, speaks
from briefing.errors import UsageError
from briefing.observe.language import detect
from briefing.service.adopting import CLASSIFIER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from briefing.classifiers.panel import Vote
    from briefing.classifiers.scoring import Scores
    from briefing.encoders import Encoder
    from briefing.model import Topic


class Labelled(NamedTuple):
    """A text with the topics that people gave it."""

    text: Text
    topics: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The scores in all and by language. `trained` counts the texts learnt from, `passed` topics of the files that are
    not configured, with how often they stand there; `silent` are configured topics without phrases, `encoder` is empty
    where none is installed.
    """

    all: Scores
    languages: dict[str, Scores]
    trained: int
    encoder: str
    one_best: bool
    passed: dict[str, int] = field(default_factory=dict)
    silent: tuple[str, ...] = ()


def evaluate(
    topics: Sequence[Topic],
    labelled: Path,
    train: Path | None = None,
    *,
    one_best: bool = False,
    encoder: Encoder | None = None,
) -> Evaluation:
    """Give topics to labelled texts and compare; with `train`, after learning from other texts.

    Without `one_best` a text gets every topic that phrases and what was learnt agree on, or none; with it the one best.

    Raises:
        UsageError: a file cannot be read or holds something else; names the line.
    """
    if not topics:
        raise UsageError("no topics are configured: name a configuration with --config")
    known = [topic.id for topic in topics]
    tested, learnt = read_labelled(labelled), read_labelled(train) if train is not None else []
    samples = [Sample(one.text, {topic: topic in one.topics for topic in known}) for one in learnt]
    texts = [one.text for one in tested]
    stream = [*texts, *(one.text for one in learnt)]
    vectors = encoder.encode([text.opening for text in stream]) if encoder is not None else None
    panel = Panel.learn(topics, samples, stream, encoder=encoder, vectors=vectors)
    votes = panel.votes(texts, vectors[: len(texts)] if vectors is not None else None)
    judge = _judge(topics, one_best=one_best, near=encoder is not None)
    pairs = [(one.topics & set(known), judge(one.text, vote)) for one, vote in zip(tested, votes, strict=True)]
    return Evaluation(
        all=scored(known, pairs),
        languages=_by_language(known, tested, pairs),
        trained=len(learnt),
        encoder=encoder.name if encoder is not None else "",
        one_best=one_best,
        passed=_passed([*tested, *learnt], set(known)),
        silent=tuple(topic.id for topic in topics if not any(topic.phrases.values())),
    )


def _judge(topics: Sequence[Topic], *, one_best: bool, near: bool) -> Callable[[Text, dict[str, Vote]], frozenset[str]]:
    classifier = CLASSIFIERS[CLASSIFIER](topics)

    def judge(text: Text, votes: dict[str, Vote]) -> frozenset[str]:
        labels = classifier.classify(text.title, text.text, text.language)
        scores = {label["topic"]: int(label["score"]) for label in labels}
        if one_best:
            return frozenset([best(scores, votes, meant=near)])
        found = set()
        for topic in topics:
            said = 1.0 if topic.id in scores else -1.0
            if said < 0 and near and not speaks(topic, text.language):
                said = by_nearness(votes[topic.id])
            if margin(said, votes[topic.id]) > 0:
                found.add(topic.id)
        return frozenset(found)

    return judge


def _by_language(
    topics: Sequence[str], tested: Sequence[Labelled], pairs: Sequence[tuple[frozenset[str], frozenset[str]]]
) -> dict[str, Scores]:
    groups: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = defaultdict(list)
    for one, pair in zip(tested, pairs, strict=True):
        groups[one.text.language].append(pair)
    return {language: scored(topics, group) for language, group in sorted(groups.items())}


def _passed(texts: Sequence[Labelled], known: set[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for one in texts:
        for topic in sorted(one.topics - known):
            counted[topic] = counted.get(topic, 0) + 1
    return counted


def read_labelled(path: Path) -> list[Labelled]:
    """The lines of a file, each `{"text", "language"?, "topics": [...]}`; a `title` is taken too.

    Raises:
        UsageError: it cannot be read, is empty, or a line is something else.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as UTF-8 text: {error}") from error
    found = [_line(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise UsageError(f"{path} holds no line: write one JSON object a line, with text and topics")
    return found


def _line(path: Path, number: int, line: str) -> Labelled:
    try:
        said: Any = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{path}, line {number}: this is no JSON: {error}") from error
    fault = _fault(said)
    if fault:
        raise UsageError(f'{path}, line {number}: {fault}; a line is {{"text": "...", "topics": ["..."]}}')
    title, text = said.get("title") or "", said["text"]
    language = said.get("language") or detect(title, text, None)
    return Labelled(Text(title, text, primary(language)), frozenset(said["topics"]))


def _fault(said: Any) -> str:
    if not isinstance(said, dict):
        return "this is no object"
    if not isinstance(said.get("text"), str):
        return '"text" is missing, or no text'
    topics = said.get("topics")
    if not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
        return '"topics" is missing, or no list of names'
    others = (said.get("title"), said.get("language"))
    return "" if all(one is None or isinstance(one, str) for one in others) else '"title" or "language" is no text'
