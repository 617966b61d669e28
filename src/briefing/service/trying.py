"""Phrases tried on what is known, before they are adopted and after: preview, explain, suggest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefing.classifiers.explaining import explain as reasons_of
from briefing.classifiers.phrases import Classifier, primary_subtag
from briefing.classifiers.proposing import propose
from briefing.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from briefing.classifiers.explaining import Reasons
    from briefing.classifiers.proposing import Proposal
    from briefing.model import Evidence, Item, Revision, Topic
    from briefing.projections import Holdings

PAGE = 500
"""Items whose texts are read together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A label that an item would gain, lose, or have at another level; `evidence` is that of the side that has it."""

    item: Item
    topic: str
    before: str
    after: str
    evidence: tuple[Evidence, ...]

    @property
    def kind(self) -> str:
        """`gains`, `loses` or `changes`."""
        return "gains" if not self.before else "loses" if not self.after else "changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What other phrases would change in `items` items."""

    items: int
    turned: tuple[Turned, ...]


def preview(
    library: Holdings,
    topics: Sequence[Topic],
    only: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Preview:
    """What would change if these topics took the place of those adopted; `only` for one topic.

    Both sides are worked out anew by the rules of this version, so that nothing shows but what the phrases do.
    """
    old, new = Classifier(library.topics()), Classifier(topics)
    done = 0
    turned: list[Turned] = []
    for item, held in texts(library):
        done += 1
        before, after = (_labels(one, item, held) for one in (old, new))
        for topic in sorted({*before, *after}):
            levels = before.get(topic, {}).get("level", ""), after.get(topic, {}).get("level", "")
            if levels[0] != levels[1] and only in (None, topic):
                evidence = _evidence(after.get(topic) or before[topic], held)
                turned.append(Turned(item=item, topic=topic, before=levels[0], after=levels[1], evidence=evidence))
        if progress is not None:
            progress(done)
    return Preview(items=done, turned=tuple(turned))


def texts(library: Holdings) -> Iterator[tuple[Item, Revision]]:
    """All items that have words, with the version held, the newest first."""
    found = library.items()
    for start in range(0, len(found), PAGE):
        page = [item for item in found[start : start + PAGE] if item.removal is None]
        held = library.held([item.id for item in page])
        yield from ((item, held[item.id]) for item in page if item.id in held)


def _labels(classifier: Classifier, item: Item, held: Revision) -> dict[str, dict[str, Any]]:
    return {label["topic"]: label for label in classifier.classify(held.title, held.text, item.language)}


def _evidence(label: dict[str, Any], held: Revision) -> tuple[Evidence, ...]:
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
    """One item with the reasons for each topic; `held` is the version that was read."""

    item: Item
    held: Revision
    reasons: tuple[Reasons, ...]


def explain(library: Holdings, item: str, topics: Sequence[Topic]) -> Explained:
    """Why an item has the topics it has, and not the others.

    Raises:
        UsageError: it was taken down, so that there are no words to explain.
    """
    one = library.item(item)
    assert one is not None
    held = library.held([item])
    if one.removal is not None or one.id not in held:
        raise UsageError(f"item {item} was taken down: none of its words are left to explain")
    version = held[one.id]
    reasons = reasons_of(Classifier(topics), topics, version.title, version.text, one.language)
    return Explained(item=one, held=version, reasons=reasons)


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
