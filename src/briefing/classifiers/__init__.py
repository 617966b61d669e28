"""DOOR 2: from an item's title and text to labels with their evidence.

A new classifier is one module here and one line in `CLASSIFIERS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from briefing.classifiers import phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.model import Named, Topic


class Classifier(Protocol):
    """Whatever gives labels to items. `rules` is the hash of all that its answers depend on but the item itself."""

    rules: str

    def classify(self, title: str, text: str, language: str) -> tuple[dict[str, Any], ...]:
        """The labels of one item, in the shape of `briefing.events.ItemClassified.labels`."""

    def read(
        self, title: str, text: str, language: str
    ) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
        """The labels and what the item names, in the shape of `briefing.events.ItemClassified`."""


class Maker(Protocol):
    """Whatever makes a classifier of topics, and of the institutions that texts may name."""

    def __call__(self, topics: Sequence[Topic], institutions: Sequence[Named] = ()) -> Classifier:
        """The classifier."""


CLASSIFIERS: dict[str, Maker] = {
    "phrases": phrases.Classifier,
}
