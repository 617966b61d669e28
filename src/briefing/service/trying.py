"""Phrases tried on what is known, before they are adopted and after: preview, explain, suggest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from briefing.classifiers.explaining import explain as reasons_of
from briefing.classifiers.phrases import Classifier, primary_subtag
from briefing.classifiers.proposing import propose
from briefing.errors import UsageError
from briefing.service.weighing import SUGGESTED, Scales

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from briefing.classifiers.explaining import Reasons
    from briefing.classifiers.proposing import Proposal
    from briefing.model import Evidence, Item, Revision, Topic
    from briefing.projections import Holdings
    from briefing.service.desk import Desk
    from briefing.service.weighing import Verdict, Weighed

PAGE = 500
"""Items whose texts are read together."""
_PAGE = 200  # that are judged together


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A label that would be another; `before` and `after` are its levels, `suggested` where it is none yet.

    `phrases` are the levels by phrases alone, `verdicts` what the models say on both sides (None: nothing). `evidence`
    is that of the side that has it, `phrase` is empty where a model gives it.
    """

    item: Item
    topic: str
    before: str
    after: str
    evidence: tuple[Evidence, ...]
    phrases: tuple[str, str]
    verdicts: tuple[Verdict | None, Verdict | None] = (None, None)

    @property
    def kind(self) -> str:
        """`gains`, `loses`, `changes`, `suggests` or `unsuggests`; `keeps` where only the phrases would turn it."""
        if self.before == self.after:
            return "keeps"
        if {self.before, self.after} <= {"", SUGGESTED}:
            return "suggests" if self.after else "unsuggests"
        given = self.before not in ("", SUGGESTED), self.after not in ("", SUGGESTED)
        return "changes" if all(given) else "gains" if given[1] else "loses"

    @property
    def through(self) -> str:
        """What turns it: `phrases`, `model` or `both`; `model` too where it keeps what phrases would turn."""
        if self.phrases == (self.before, self.after):
            return "phrases"
        return "both" if self.phrases[0] != self.phrases[1] and self.before != self.after else "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What other phrases would change in `items` items; `model` says that there are models that vote."""

    items: int
    turned: tuple[Turned, ...]
    model: bool = False


def preview(
    desk: Desk,
    topics: Sequence[Topic],
    only: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Preview:
    """What would change if these topics took the place of those adopted; `only` for one topic.

    Both sides are worked out anew by the rules of this version and with the answers of now, so that nothing shows but
    what the phrases do, and the models with them. What somebody said of an item and a topic holds, and is left out.
    """
    library = desk.library
    old, new = Scales(desk, library.topics()), Scales(desk, topics)
    done = 0
    turned: list[Turned] = []
    for page in _paged(texts(library)):
        answered = {(one.item, one.topic) for one in library.answers([item.id for item, _ in page])}
        for (item, held), before, after in zip(page, old.weigh(page), new.weigh(page), strict=True):
            turned.extend(
                one
                for one in _turned((old, before), (new, after), item, held)
                if only in (None, one.topic) and (item.id, one.topic) not in answered
            )
        done += len(page)
        if progress is not None:
            progress(done)
    return Preview(items=done, turned=tuple(turned), model=not (old.alone and new.alone))


def _paged(pairs: Iterable[tuple[Item, Revision]]) -> Iterator[list[tuple[Item, Revision]]]:
    rest = iter(pairs)
    while page := list(islice(rest, _PAGE)):
        yield page


def _turned(old: tuple[Scales, Weighed], new: tuple[Scales, Weighed], item: Item, held: Revision) -> Iterator[Turned]:
    (_, before), (_, after) = old, new
    for topic in sorted({*before.labels, *after.labels, *before.phrases, *after.phrases}):
        levels = _level(before.labels, topic), _level(after.labels, topic)
        phrases = _level(before.phrases, topic), _level(after.phrases, topic)
        if levels[0] != levels[1] or phrases[0] != phrases[1]:
            scales, has = new if topic in after.labels else old
            label = has.labels.get(topic) or after.phrases.get(topic) or before.phrases[topic]
            yield Turned(
                item=item, topic=topic, before=levels[0], after=levels[1], phrases=phrases,
                evidence=_evidence(scales.reasons(item, held, {topic: label})[topic], held),
                verdicts=(before.verdicts.get(topic), after.verdicts.get(topic)),
            )  # fmt: skip


def _level(labels: Mapping[str, Mapping[str, Any]], topic: str) -> str:
    return str(labels[topic]["level"]) if topic in labels else ""


def texts(library: Holdings) -> Iterator[tuple[Item, Revision]]:
    """All items that have words, with the version held, the newest first."""
    found = library.items()
    for start in range(0, len(found), PAGE):
        page = [item for item in found[start : start + PAGE] if item.removal is None]
        held = library.held([item.id for item in page])
        yield from ((item, held[item.id]) for item in page if item.id in held)


def _evidence(label: Mapping[str, Any], held: Revision) -> tuple[Evidence, ...]:
    from briefing.model import Evidence  # noqa: PLC0415 - only for those that change

    return tuple(
        Evidence(
            phrase=piece["phrase"],
            place=piece["place"],
            sentence=(held.title if piece["place"] == "title" else held.text)[piece["start"] : piece["end"]],
        )
        for piece in label["evidence"]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One item with the reasons for each topic; `held` is the version that was read.

    `levels` are those that phrases, models and people come to, `verdicts` what the models say (none where there are
    none), `answers` what people said; `sentences` are those that a model's labels and suggestions rest on.
    """

    item: Item
    held: Revision
    reasons: tuple[Reasons, ...]
    levels: Mapping[str, str]
    verdicts: Mapping[str, Verdict]
    answers: Mapping[str, bool]
    sentences: Mapping[str, tuple[Evidence, ...]]
    encoder: str = ""


def explain(desk: Desk, item: str, topics: Sequence[Topic]) -> Explained:
    """Why an item has the topics it has, and not the others.

    Raises:
        UsageError: it was taken down, so that there are no words to explain.
    """
    library = desk.library
    one = library.item(item)
    assert one is not None
    held = library.held([item])
    if one.removal is not None or one.id not in held:
        raise UsageError(f"item {item} was taken down: none of its words are left to explain")
    version = held[one.id]
    reasons = reasons_of(Classifier(topics), topics, version.title, version.text, one.language)
    scales = Scales(desk, topics)
    [weighed] = scales.weigh([(one, version)])
    answers = {answer.topic: answer.belongs for answer in library.answers([item])}
    by_model = {topic: label for topic, label in weighed.labels.items() if label["evidence"] is None}
    return Explained(
        item=one, held=version, reasons=reasons, levels=_levels(weighed, answers, one), verdicts=weighed.verdicts,
        answers=answers, encoder=scales.encoder,
        sentences={
            topic: _evidence(label, version) for topic, label in scales.reasons(one, version, by_model).items()
        },
    )  # fmt: skip


def _levels(weighed: Weighed, answers: Mapping[str, bool], item: Item) -> dict[str, str]:
    """Levels by topic; what people said goes before all else, at the level that the item has for it."""
    levels = {topic: str(label["level"]) for topic, label in weighed.labels.items() if topic not in answers}
    levels |= {label.topic: label.level for label in item.labels if answers.get(label.topic)}
    return levels


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """The phrases proposed for a topic in one language, from so many items that have it and so many that have not."""

    language: str
    inside: int
    outside: int
    proposals: tuple[Proposal, ...]


def suggest(library: Holdings, topic: Topic, language: str | None, limit: int) -> list[Suggested]:
    """Phrases that tell the items of a topic from the rest, in each language in which there are both."""
    inside: dict[str, list[str]] = defaultdict(list)
    outside: dict[str, list[str]] = defaultdict(list)
    for item, held in texts(library):
        side = inside if any(label.topic == topic.id for label in item.labels) else outside
        side[primary_subtag(item.language)].append(f"{held.title}\n{held.text}")
    wanted = sorted(inside, key=lambda code: (-len(inside[code]), code)) if language is None else [language]
    return [
        Suggested(
            language=code,
            inside=len(inside[code]),
            outside=len(outside[code]),
            proposals=tuple(propose(inside[code], outside[code], code, _phrases(topic, code), limit)),
        )
        for code in wanted
    ]


def _phrases(topic: Topic, language: str) -> list[str]:
    return [
        phrase
        for listed in (topic.phrases, topic.exclude)
        for key, phrases in listed.items()
        if primary_subtag(key) == language
        for phrase in phrases
    ]
