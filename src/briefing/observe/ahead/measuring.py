"""How good the dates found are, on documents that people annotated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from briefing.errors import UsageError
from briefing.observe.ahead import day_of, find
from briefing.observe.language import detect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Interval = tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Counts of one set of documents: dates annotated and found, and how many of each have their like.

    A date found is right where it overlaps an annotated one and neither is over four times as long as the other, or
    both end on the same day; it is exact where both its ends are.
    """

    documents: int = 0
    wanted: int = 0
    found: int = 0
    right: int = 0
    met: int = 0
    exact: int = 0

    @property
    def precision(self) -> float:
        """Which part of the dates found is right; 1 where none was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Which part of the annotated dates was found; 1 where there are none."""
        return self.met / self.wanted if self.wanted else 1.0

    def with_(self, other: Measured) -> Measured:
        """Both sets together."""
        return Measured(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One document: what was wanted of it, what was found, and how that counts."""

    language: str
    wanted: tuple[Interval, ...]
    found: tuple[Interval, ...]
    counts: Measured


def judged(line: Mapping[str, Any]) -> Judged:
    """Find the dates in one labelled document and compare.

    Raises:
        UsageError: it lacks a text, a day of publication, or an interval.
    """
    try:
        text, published = str(line["text"]), day_of(str(line["published"]))
        wanted = tuple(_interval(event) for event in line["events"])
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise UsageError(
            f"a document needs text, published (YYYY-MM-DD) and events with start and end; this one does not: {fault!r}"
        ) from fault
    if published is None:
        raise UsageError(f'"{line["published"]}" is no day of publication: write it as YYYY-MM-DD')
    language = str(line.get("language") or detect("", text, None))
    found = tuple((one.first, one.last) for one in find(text, language, published))
    counts = Measured(
        documents=1,
        wanted=len(wanted),
        found=len(found),
        right=sum(any(alike(one, other) for other in wanted) for one in found),
        met=sum(any(alike(one, other) for other in found) for one in wanted),
        exact=sum(one in found for one in wanted),
    )
    return Judged(language=language, wanted=wanted, found=found, counts=counts)


_TIMES = 4  # how much longer one of two intervals may be that are still the same date


def alike(one: Interval, other: Interval) -> bool:
    """Whether two intervals are the same date, said with more or less care."""
    if one[0] > other[1] or other[0] > one[1]:
        return False
    lengths = sorted((end - first).days + 1 for first, end in (one, other))
    return lengths[1] <= _TIMES * lengths[0] or one[1] == other[1]


def _interval(event: Mapping[str, str]) -> Interval:
    return date.fromisoformat(event["start"]), date.fromisoformat(event.get("end") or event["start"])


def together(documents: Iterable[Judged]) -> dict[str, Measured]:
    """The counts by language, and of all under an empty name."""
    counts: dict[str, Measured] = {"": Measured()}
    for one in documents:
        for name in (one.language, ""):
            counts[name] = counts.get(name, Measured()).with_(one.counts)
    return counts
