"""How well stories found agree with stories given: B-cubed precision, recall and F1."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """B-cubed figures from 0 to 1, and how many stories were given and found."""

    precision: float
    recall: float
    items: int
    given: int
    found: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def b_cubed(given: Sequence[str], found: Sequence[str]) -> Agreement:
    """Compare two groupings of the same items, each item counting alike (Bagga and Baldwin, "Entity-based
    cross-document coreferencing using the vector space model", 1998).
    """
    both = Counter(zip(given, found, strict=True))
    true, made = Counter(given), Counter(found)
    count = max(1, len(given))
    sums: dict[str, float] = defaultdict(float)
    for (story, cluster), together in sorted(both.items()):
        sums["precision"] += together * together / made[cluster]
        sums["recall"] += together * together / true[story]
    return Agreement(
        precision=sums["precision"] / count, recall=sums["recall"] / count,
        items=len(given), given=len(true), found=len(made),
    )  # fmt: skip
