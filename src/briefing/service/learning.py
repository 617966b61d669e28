"""Learning from what people said of labels: models of topics, and what they say of items beside the phrases.

A model is a function of the log up to a position and of what is installed; the event that names both is recorded when
anything of it changed. The models themselves are kept beside the read models; what is not there is learnt anew.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from briefing import events
from briefing.classifiers import panel as panels
from briefing.classifiers.blending import NEAR, by_nearness, margin
from briefing.classifiers.packing import packed, unpacked
from briefing.classifiers.panel import Panel
from briefing.classifiers.reasons import reasons
from briefing.classifiers.texts import Sample, Text, primary, speaks, spoken
from briefing.observe.decisions import Fact
from briefing.service.desk import MODELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefing.classifiers.panel import Vote
    from briefing.encoders import Encoder, Vectors
    from briefing.model import Topic
    from briefing.projections.nouns import Unlabelled
    from briefing.projections.teaching import Answer, Trained
    from briefing.service.desk import Desk

    Label = Mapping[str, Any]

READY = 20
"""Answers of each kind from which on a model gives labels by itself; with fewer it only suggests."""

RECONSIDERED = "reconsidered"
"""The mark up to which models all items were judged again."""

_EACH = 200  # items of each language that say where its middle lies
_STANDS_OUT = 1.0  # standard deviations above the item's other topics, from which on it is near one
_SILENT = -0.5  # what a topic's missing phrases say where nothing can stand in for them
_SURE = 1.0  # the margin from which on a label is primary
_KEPT = "<f2"


class Judged(NamedTuple):
    """What phrases and models give together: labels, and topics that are only suggested."""

    labels: tuple[Label, ...]
    suggestions: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Learner:
    """The models of now; `position` is that of their event."""

    desk: Desk
    topics: tuple[Topic, ...]
    panel: Panel
    position: int
    encoder: Encoder | None

    def votes(self, page: Sequence[Unlabelled]) -> list[dict[str, Vote]]:
        """What the models say of each version of a page."""
        texts = [_text(one.title, one.text, one.language) for one in page]
        keys = [(one.item, one.revision) for one in page]
        return self.panel.votes(texts, vectors_of(self.desk, self.encoder, keys, texts))

    def judge(self, one: Unlabelled, labels: Sequence[Label], votes: Mapping[str, Vote]) -> Judged:
        """Phrases' labels and models' votes brought together; what models give bears no evidence yet."""
        language = primary(one.language)
        given = {str(label["topic"]): label for label in labels}
        suggestions = []
        for topic in self.topics:
            vote = votes[topic.id]
            value = said_by_phrases(topic, language, given, vote)[1]
            if topic.id in given:
                if value <= 0:
                    del given[topic.id]
            elif vote.trust and value > 0:
                if self._ready(topic):
                    given[topic.id] = _made(topic, value)
                else:
                    suggestions.append(_made(topic, value))
            elif self._proposes(topic, vote):
                suggestions.append(_made(topic, value))
        ordered = sorted(given.values(), key=lambda label: (-label["score"], label["topic"]))
        return Judged(tuple(ordered), tuple({**one, "level": "suggested"} for one in suggestions))

    def explained(self, one: Unlabelled, judged: Judged) -> Judged:
        """The same, with the sentences that what models give rests on."""
        both = (*judged.labels, *judged.suggestions)
        bare = [str(label["topic"]) for label in both if label["evidence"] is None]
        if not bare:
            return judged
        found = reasons(self.panel, bare, _text(one.title, one.text, one.language))
        filled = [
            label if label["evidence"] is not None else {**label, "evidence": found[label["topic"]]} for label in both
        ]
        count = len(judged.labels)
        return Judged(tuple(filled[:count]), tuple(filled[count:]))

    def with_evidence(self, one: Unlabelled, labels: Mapping[str, Label]) -> dict[str, Label]:
        """Labels by topic, those that have none yet with the sentences that they rest on."""
        whole = self.explained(one, Judged(tuple(labels.values()), ()))
        return {str(label["topic"]): label for label in whole.labels}

    def _ready(self, topic: Topic) -> bool:
        learnt = self.panel.learnt[topic.id]
        return min(learnt.yes, learnt.no) >= READY

    def _proposes(self, topic: Topic, vote: Vote) -> bool:
        """Whether an item is so near a topic that it is worth a look, and nothing learnt speaks against it."""
        if not topic.suggests or self.encoder is None or by_nearness(vote) <= 0:
            return False
        outstanding = len(self.topics) == 1 or vote.turned >= _STANDS_OUT
        return outstanding and (not vote.trust or vote.learnt() > 0)


def said_by_phrases(topic: Topic, language: str, given: Mapping[str, Label], vote: Vote) -> tuple[float, float]:
    """What a topic's phrases say of a text, from -1 to 1, and the margin that this and a vote come to.

    `given` are the phrases' labels by topic.
    """
    phrases = 1.0 if topic.id in given else -1.0 if speaks(topic, language) else _SILENT
    return phrases, margin(phrases, vote)


def _made(topic: Topic, value: float) -> Label:
    """A label that a model gives, for lack of evidence not yet whole."""
    sure = value >= _SURE
    return {
        "topic": topic.id, "score": 3 if sure else 2, "level": "primary" if sure else "mentioned", "earned": "model",
        "evidence": None,
    }  # fmt: skip


class _State(NamedTuple):
    """What decides whether models are those of now: `said` is where somebody said something last."""

    last: Trained | None
    said: int
    encoder: Encoder | None
    recipe: str

    @property
    def fresh(self) -> bool:
        return self.last is not None and self.last.recipe == self.recipe and self.said <= self.last.log


def _state(desk: Desk, topics: Sequence[Topic]) -> _State | None:
    """None where there is nothing to learn from and nothing to suggest."""
    last = desk.library.trained()
    answered = desk.library.last_answer()
    suggesting = any(topic.suggests for topic in topics)
    if last is None and not answered and not suggesting:
        return None
    encoder = desk.encoder() if answered or suggesting else None
    if last is None and not answered and encoder is None:
        return None
    # Words that were erased teach nothing from then on: with them a model may be another.
    return _State(last, max(answered, desk.library.last_removal()), encoder, _recipe(topics, encoder))


def learner(desk: Desk, topics: Sequence[Topic]) -> Learner | None:
    """The models of now, learnt again where something was said since, or what they depend on changed.

    None where there is nothing to learn from and nothing to suggest.
    """
    if (state := _state(desk, topics)) is None:
        return None
    last = state.last
    if last is None or not state.fresh:
        last = _train(desk, topics, state)
    found = _learnt(desk, topics, state.encoder, last)
    if _silent(found, topics, state.encoder) and desk.library.published(RECONSIDERED) >= last.position:
        return None
    return Learner(desk, tuple(topics), found, last.position, state.encoder)


def tried(desk: Desk, topics: Sequence[Topic]) -> Learner | None:
    """The models as they would be learnt now for these topics, nothing recorded; None where they would say nothing."""
    if (state := _state(desk, topics)) is None:
        return None
    if state.last is not None and state.fresh:
        position, found = state.last.position, _learnt(desk, topics, state.encoder, state.last)
    else:
        position, found = 0, _panel(desk, topics, state.encoder, desk.projector.position())
    return (
        None if _silent(found, topics, state.encoder) else Learner(desk, tuple(topics), found, position, state.encoder)
    )


def _silent(panel: Panel, topics: Sequence[Topic], encoder: Encoder | None) -> bool:
    suggesting = encoder is not None and any(topic.suggests for topic in topics)
    return not suggesting and all(one.wording is None for one in panel.learnt.values())


def _train(desk: Desk, topics: Sequence[Topic], state: _State) -> Trained:
    """Record models learnt from all of the log so far; another process may have done the same meanwhile."""
    last, recipe = state.last, state.recipe
    log = desk.projector.position()
    found = _panel(desk, topics, state.encoder, log)
    models = tuple(
        {"topic": topic, "yes": one.yes, "no": one.no, "model": found.hashes.get(topic, "")}
        for topic, one in sorted(found.learnt.items())
        if one.yes or one.no
    )
    event = events.ModelsTrained(log=log, recipe=recipe, encoder=_name(state.encoder), models=models)
    key = f"trained:{recipe}:{state.said}:{last.position if last else 0}"
    desk.append(MODELS, [Fact(event=event, key=key)])
    desk.projector.catch_up()
    trained = desk.library.trained()
    assert trained is not None
    if (trained.log, trained.recipe) == (log, recipe):
        _keep(desk, trained, found)
    return trained


def _learnt(desk: Desk, topics: Sequence[Topic], encoder: Encoder | None, trained: Trained) -> Panel:
    """The models of an event: from memory, from where they are kept, or learnt anew."""
    if desk.learnt is None or desk.learnt[0] != trained.position:
        body = desk.panels.held(trained.recipe, trained.log)
        found = unpacked(body, topics, encoder) if body is not None else None
        if found is None:
            _keep(desk, trained, _panel(desk, topics, encoder, trained.log))
        else:
            desk.learnt = (trained.position, found)
    assert desk.learnt is not None
    return desk.learnt[1]


def _keep(desk: Desk, trained: Trained, panel: Panel) -> None:
    desk.learnt = (trained.position, panel)
    desk.panels.keep(trained.recipe, trained.log, packed(panel))


def _panel(desk: Desk, topics: Sequence[Topic], encoder: Encoder | None, log: int) -> Panel:
    samples, keys = _samples(desk, [one for one in desk.library.answers() if one.position <= log])
    stream = desk.library.newest(log, _EACH) if encoder is not None else []
    first = [(one.item, 1) for one in stream]
    held = desk.library.versions_of(first)
    known = [(key, one) for key, one in zip(first, stream, strict=True) if key in held]
    texts = [_text(held[key].title, held[key].text, one.language) for key, one in known]
    points = vectors_of(desk, encoder, [key for key, _ in known], texts)
    told = vectors_of(desk, encoder, keys, [one.text for one in samples])
    return Panel.learn(topics, samples, texts, encoder=encoder, vectors=points, told=told)


def _samples(desk: Desk, answers: Sequence[Answer]) -> tuple[list[Sample], list[tuple[str, int]]]:
    """What was said, by version that it was said of; words that were erased teach nothing."""
    said: dict[tuple[str, int], dict[str, bool]] = {}
    for one in answers:
        said.setdefault((one.item, one.revision), {})[one.topic] = one.belongs
    versions = desk.library.versions_of(said)
    items = desk.library.items_by_id({item for item, _ in said})
    gone = desk.library.takedowns(item for item, _ in said)
    languages = {str(item): one.language for item, one in items.items()}
    keys = [key for key in sorted(said) if key in versions and key[0] not in gone]
    texts = [_text(versions[key].title, versions[key].text, languages[key[0]]) for key in keys]
    return [Sample(text, said[key]) for text, key in zip(texts, keys, strict=True)], keys


def vectors_of(
    desk: Desk, encoder: Encoder | None, keys: Sequence[tuple[str, int]], texts: Sequence[Text]
) -> Vectors | None:
    """The points of versions of items, from where they are kept; what is not there yet is encoded and kept."""
    if encoder is None:
        return None
    import numpy as np  # noqa: PLC0415 - belongs to the extra that gave the encoder

    name = _name(encoder)
    held = desk.vectors.held(keys, name)
    missing = {key: text.opening for key, text in zip(keys, texts, strict=True) if key not in held}
    made = encoder.encode(list(missing.values()))
    new = {key: row.astype(_KEPT).tobytes() for key, row in zip(missing, made, strict=True)}
    desk.vectors.keep(new, name)
    held |= new
    rows = np.empty((len(keys), encoder.dimension), dtype=np.float32)
    for at, key in enumerate(keys):
        rows[at] = np.frombuffer(held[key], dtype=_KEPT)
    return rows


def _text(title: str, text: str, language: str) -> Text:
    return Text(title, text, primary(language))


def _name(encoder: Encoder | None) -> str:
    return f"{encoder.name}:{encoder.version}" if encoder is not None else ""


def _recipe(topics: Sequence[Topic], encoder: Encoder | None) -> str:
    """A hash of all that models depend on beside the log."""
    said = [[topic.id, topic.suggests, topic.name, topic.description, spoken(topic)] for topic in topics]
    parts = [panels.VERSION, NEAR, READY, _name(encoder), said if encoder is not None else [one[0] for one in said]]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()
