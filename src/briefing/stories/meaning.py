"""Meanings of tellings as points, for weaving: which are near, and the middle of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.encoders import Vectors

_NEAR = 6
_PRIOR = 200.0  # tellings of a language for which its mean counts half


class Meanings:
    """Points by item. What all texts of a language have in common is taken off: it tells of no event."""

    def __init__(self, dimension: int) -> None:
        self._rows = np.zeros((64, dimension), dtype=np.float32)
        self._raw = np.zeros((64, dimension), dtype=np.float32)
        self._place: dict[str, int] = {}
        self._language: list[str] = []
        self._sums: dict[str, np.ndarray] = {}
        self._counts: dict[str, int] = {}
        self._posted: dict[int, tuple[list[int], list[int]]] = {}

    def __contains__(self, item: str) -> bool:
        return item in self._place

    def take(self, items: Sequence[str], languages: Sequence[str], points: Vectors) -> None:
        """Points of unit length for items."""
        for item, language, point in zip(items, languages, points, strict=True):
            number = self._place[item] = len(self._language)
            if number == len(self._rows):
                self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
                self._raw = np.concatenate([self._raw, np.zeros_like(self._raw)])
            self._raw[number] = point
            self._language.append(language)
            self._sums[language] = self._sums.get(language, np.zeros(len(point))) + point
            self._counts[language] = self._counts.get(language, 0) + 1
        grown = {language for language in languages if self._counts[language]}
        self._centre(grown)

    def _centre(self, languages: set[str]) -> None:
        of = np.array(self._language)
        for language in sorted(languages):
            rows = np.nonzero(of == language)[0]
            mean = (self._sums[language] / (self._counts[language] + _PRIOR)).astype(np.float32)
            centred = self._raw[rows] - mean
            self._rows[rows] = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)

    def doubt(self, language: str) -> float:
        """How little is known of what a language's texts have in common: 1 for nothing, 0 for all."""
        return _PRIOR / (self._counts.get(language, 0) + _PRIOR)

    def post(self, item: str, bucket: int, story: int) -> None:
        """An item stands in a story from now on."""
        if item in self._place:
            places, stories = self._posted.setdefault(bucket, ([], []))
            places.append(self._place[item])
            stories.append(story)

    def near(self, item: str, bucket: int) -> list[int]:
        """The stories of the tellings whose meaning is nearest, around a bucket of time."""
        if item not in self._place:
            return []
        point = self._rows[self._place[item]]
        found: list[tuple[float, int]] = []
        for one in (bucket - 1, bucket, bucket + 1):
            if one not in self._posted:
                continue
            places, stories = self._posted[one]
            alike = self._rows[places] @ point
            top = np.argsort(-alike, kind="stable")[:_NEAR]
            found += [(-float(alike[place]), stories[place]) for place in top]
        return list(dict.fromkeys(story for _, story in sorted(found)))[:_NEAR]

    def middle(self, items: Sequence[str]) -> np.ndarray | None:
        """The middle of the points of items, of unit length; None where none of them has one."""
        places = [self._place[item] for item in items if item in self._place]
        if not places:
            return None
        point = self._rows[places].sum(axis=0)
        return np.asarray(point / max(float(np.linalg.norm(point)), 1e-9), dtype=np.float32)

    def alike(self, item: str, point: object) -> float | None:
        """The cosine of an item's meaning and a point."""
        if point is None or item not in self._place:
            return None
        return float(self._rows[self._place[item]] @ point)
