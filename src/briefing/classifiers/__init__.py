"""DOOR 2: from an item's title and text to labels with their evidence.

A new classifier is one module here and one line in `CLASSIFIERS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from briefing.classifiers import phrases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from briefing.model import Topic


class Classifier(Protocol):
    """Whatever gives labels to items. `rules` is the hash of all that its answers depend on but the item itself."""

    rules: str

    def classify(self, title: str, text: str, language: str) -> tuple[dict[str, Any], ...]:
        """The labels of one item, in the shape of `briefing.events.ItemClassified.labels`."""


CLASSIFIERS: dict[str, Callable[[Sequence[Topic]], Classifier]] = {
    "phrases": phrases.Classifier,
}


def changes(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> tuple[set[str], set[str]]:
    """The topics that an item gained and those that it lost between two sets of its labels."""
    old, new = {label["topic"] for label in before}, {label["topic"] for label in after}
    return new - old, old - new
