"""What is woven into stories: one item's words, when they were told and by whom."""

from __future__ import annotations

from dataclasses import dataclass

HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """When tellings are of one event. `window` is in seconds; the thresholds are cosines in percent.

    `threshold` is for tellings of one language, `headlines` for those of media that are no more than a headline;
    `across` for meanings alone, so also between languages.
    """

    window: float = 72 * HOUR
    threshold: int = 40
    headlines: int = 17
    across: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An item as one telling of an event: `at` in seconds since 1970, `vague` where only its day is known."""

    item: str
    source: str
    language: str
    title: str
    lead: str = ""
    at: float = 0.0
    vague: bool = False
    media: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A telling's place in a story: the item that opened it, the `other` it resembles most, why, and how far.

    `reason` is `reprint`, `translation`, `altered` (nearly the same text, other facts), `words` or `meaning`; `score`
    is in percent.
    """

    story: str
    item: str
    other: str
    reason: str
    score: int
