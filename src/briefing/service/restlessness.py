"""Passages that change at every look: a page that seems edited is looked at once more before it is believed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from briefing.editions.align import align
from briefing.errors import SourceError
from briefing.fetch import PAGE_ACCEPT
from briefing.model import ArticleRules
from briefing.noise import is_noise, seen, text_print
from briefing.service.reading import article_rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefing.fetch import Fetcher
    from briefing.model import Article, Fetched, Source
    from briefing.projections import Recheck as Planned
    from briefing.service.rechecking import Looker
    from briefing.sources import Workers

_TWICE = 2  # looks in a row at which a passage differed, from which on it is expected to

Held = tuple[str, str]  # an item, and the text held of it
_Span = tuple[int, int, int, int]  # lines before, from and to; lines after, from and to


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Whether all that differs changes by itself; `times` counts, by selector, at how many looks in a row it did."""

    noise: bool
    times: Mapping[str, int]


def alike(article: Article, held: Mapping[str, Any]) -> bool:
    """Whether a reader would notice no difference between a page and the words held."""
    return text_print(article.text, article.html) == text_print(held["text"], held["html"])


async def unchanged_by_old_rules(
    workers: Workers, source: Source, fetched: Fetched, plan: Planned | None, held: Mapping[str, Any]
) -> bool | None:
    """True where the page, read by the rules of its last reading, says what is held of it; None where nothing is told.

    A selector that is added to `drop` takes a passage out of every text, and no publisher did that.
    """
    if plan is None or plan.rules in ("", article_rules(source)):
        return None
    kept: dict[str, Any] = json.loads(plan.rules)
    before = replace(source, article=ArticleRules(**{**kept, "drop": tuple(kept["drop"])}))
    try:
        article = await workers.read_article(before, fetched)
    except SourceError:
        return None
    return True if alike(article, held) else None


async def look(looker: Looker, source: Source, held: Held, fetched: Fetched, article: Article) -> Look:
    """Look once more at a page that differs from what is held, conditionally, and compare the two looks."""
    item, text = held
    known = await looker.in_turn(lambda: looker.desk.rechecks.restless(item))
    lines = article.text.split("\n")
    spans = _differences(text.split("\n"), lines)
    if not spans or not article.text:
        return Look(noise=False, times={})
    second = await _second(looker.fetcher, looker.workers, source, fetched)
    restless = _moving(lines, second.text.split("\n")) if second is not None else frozenset()
    told = {at for _, _, start, end in spans for at in range(start, end)} | restless
    places = await looker.workers.locate(source, fetched, {at: lines[at] for at in told if at < len(lines)})
    moving = {at for at in told if at in restless or known.get(places.get(at, ""), 0) >= _TWICE}
    times = _counted(known, places, told, restless)
    return Look(noise=all(_is_moving(span, moving) for span in spans), times=times)


async def moving(
    fetcher: Fetcher, workers: Workers, source: Source, fetched: Fetched, article: Article
) -> tuple[str, ...] | None:
    """Selectors of passages that are another text at a second look; None where some are that nothing names."""
    second = await _second(fetcher, workers, source, fetched)
    lines = article.text.split("\n")
    told = _moving(lines, second.text.split("\n")) if second is not None else frozenset()
    if not told:
        return ()
    places = await workers.locate(source, fetched, {at: lines[at] for at in told})
    found = sorted({selector for at in told if (selector := places.get(at, ""))})
    return tuple(found) or None


async def _second(fetcher: Fetcher, workers: Workers, source: Source, fetched: Fetched) -> Article | None:
    """The same page a moment later; None where it says it is the same, or cannot be had."""
    try:
        again = await fetcher.get(
            fetched.final_url, validators=fetched.validators, accept=PAGE_ACCEPT, obey_robots=True
        )
        if again.status != 200 or again.body == fetched.body:  # noqa: PLR2004 - 304
            return None
        return await workers.read_article(source, again)
    except SourceError:
        return None


def _differences(before: Sequence[str], after: Sequence[str]) -> list[_Span]:
    """Where the lines of two texts differ, but for those that change by themselves anywhere."""
    blocks = align([seen(line) for line in before], [seen(line) for line in after])
    found = [(i, i_end, j, j_end) for alike, i, i_end, j, j_end in blocks if not alike]
    return [span for span in found if not all(map(is_noise, [*before[span[0] : span[1]], *after[span[2] : span[3]]]))]


def _moving(first: Sequence[str], second: Sequence[str]) -> frozenset[int]:
    """The lines of a first look that are others at the second."""
    return frozenset(at for _, _, start, end in _differences(second, first) for at in range(start, end))


def _is_moving(span: _Span, moving: set[int]) -> bool:
    """Whether a difference is one of lines that move, each in the place of one line at most."""
    start, end, from_, to = span
    return from_ < to and end - start <= to - from_ and all(at in moving for at in range(from_, to))


def _counted(
    known: Mapping[str, int], places: Mapping[int, str], told: set[int], restless: frozenset[int]
) -> dict[str, int]:
    """How often each passage differed in a row: once since the last look, once more where the second look differed."""
    times: dict[str, int] = {}
    for at in told:
        if selector := places.get(at, ""):
            times[selector] = max(times.get(selector, 0), known.get(selector, 0) + 1 + (at in restless))
    return times
