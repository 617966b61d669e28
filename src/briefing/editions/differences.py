"""The differences between two versions of a text: sentences first, words inside the sentences that changed.

White space is no difference: what differs in nothing else is equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from briefing.editions.align import align
from briefing.editions.pairs import bare, same, sentence_pairs, tokens
from briefing.editions.quotes import QUOTE
from briefing.text import one_line, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefing.model import Redistribute, Revision

Kind = Literal["equal", "removed", "added"]

PASSAGE = 600  # characters of a passage that a briefing prints

_COMMON = 0.3  # share of the shorter sentence below which what two sentences have in common says nothing


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text. `before` tells how the older version spaces an equal stretch, None where alike."""

    kind: Kind
    text: str
    before: str | None = None


def diff(before: str, after: str, language: str) -> tuple[Part, ...]:
    """The parts of both texts in order; where one replaces another, what was removed stands first.

    Equal and removed parts joined give `before` (an equal part as its `before` says, where it does), equal and added
    parts joined give `after`. `language` (ISO 639-1) decides between words and, in scripts without spaces, signs.
    """
    if same(before, after):
        return tuple(_equal(before, after))
    before_body, after_body = before.lstrip(), after.lstrip()
    parts = [*_equal(before[: len(before) - len(before_body)], after[: len(after) - len(after_body)])]
    for old, new in sentence_pairs(before_body, after_body, language):
        if old is None or new is None:
            parts += [*_changed(old or "", new or "")]
        else:
            parts += _word_parts(old, new, language)
    return tuple(_tidy(parts))


def _word_parts(before: str, after: str, language: str) -> Sequence[Part]:
    """The parts of a sentence that was reworded."""
    if same(before, after):
        return [*_equal(before, after)]
    olds, news = tokens(before, language), tokens(after, language)
    parts: list[Part] = []
    common = 0
    for alike, i, i_end, j, j_end in align([bare(word) for word in olds], [bare(word) for word in news]):
        old, new = "".join(olds[i:i_end]), "".join(news[j:j_end])
        if alike or same(old, new):
            parts += _equal(old, new)
            common += len(new)
        else:
            parts += _changed(old, new)
    return parts if common >= _COMMON * min(len(before), len(after)) else [*_changed(before, after)]


def _tidy(parts: Sequence[Part]) -> Iterator[Part]:
    """Neighbours of a kind joined, removed before added, white space common to both moved behind them."""
    old = new = ""
    alike: tuple[str, str] = ("", "")
    for part in parts:
        if part.kind == "equal":
            spaced = part.text if part.before is None else part.before
            if old or new:
                old, new, tail = _common_end(old, new)
                yield from _equal(*alike)
                yield from _changed(old, new)
                alike, old, new = (tail, tail), "", ""
            alike = alike[0] + spaced, alike[1] + part.text
        elif part.kind == "removed":
            old += part.text
        else:
            new += part.text
    old, new, tail = _common_end(old, new)
    yield from _equal(*alike)
    yield from _changed(old, new)
    yield from _equal(tail, tail)


def _common_end(old: str, new: str) -> tuple[str, str, str]:
    """Two texts without the white space that ends both, and that white space."""
    size = 0
    while size < min(len(old), len(new)) and old[-1 - size] == new[-1 - size] and old[-1 - size].isspace():
        size += 1
    return (old[:-size], new[:-size], old[-size:]) if size else (old, new, "")


def _equal(before: str, after: str) -> Iterator[Part]:
    if before or after:
        yield Part("equal", after, None if before == after else before)


def _changed(before: str, after: str) -> Iterator[Part]:
    if before:
        yield Part("removed", before)
    if after:
        yield Part("added", after)


def passages(before: Revision, after: Revision, language: str, limit: int = PASSAGE) -> tuple[str, str]:
    """The sentences that differ, as the older and as the newer version has them, each side in `limit` characters.

    An ellipsis stands for what was left out. Where the texts are alike the titles are given if they differ.
    """
    pairs = sentence_pairs(before.text.strip(), after.text.strip(), language)
    focused = [_focused(old, new, language, limit) for old, new in pairs]
    old, new = (_excerpt([pair[side] for pair in focused], limit) for side in (0, 1))
    if not old and not new and not same(before.title, after.title):
        return shorten(before.title, limit), shorten(after.title, limit)
    return old, new


def passed_on(redistribute: Redistribute) -> int:
    """How many characters of a passage a source lets us pass on: as many as of any excerpt, unless all may be."""
    return {"title": 0, "excerpt": QUOTE, "full": PASSAGE}[redistribute]


def _focused(old: str | None, new: str | None, language: str, limit: int) -> tuple[str | None, str | None]:
    """A pair as passages print it: nothing of what is alike, of an overlong sentence what surrounds the change."""
    if old is None or new is None:
        return old or "", new or ""
    if same(old, new):
        return None, None
    first = next(iter(_tidy(_word_parts(old, new, language))))
    skip = max(0, len(first.text) - limit // 3) if first.kind == "equal" else 0
    return (_from(old, skip, limit), _from(new, skip, limit))


def _from(sentence: str, skip: int, limit: int) -> str:
    return sentence if len(sentence) <= limit or not skip else "…" + sentence[skip:]


def _excerpt(sentences: Sequence[str | None], limit: int) -> str:
    """Sentences that differ (None for those that do not) as one line; an ellipsis between those that stood apart."""
    runs = ("".join(filter(None, run)) for alike, run in groupby(sentences, lambda text: text is None) if not alike)
    return shorten(" … ".join(one_line(run) for run in runs if run.strip()), limit)


def replacements(before: str, after: str, language: str) -> Iterator[tuple[str, str]]:
    """Of two forms of one sentence, what was removed and what stands in its place; either may be empty."""
    for alike, run in groupby(_tidy(_word_parts(before, after, language)), lambda part: part.kind == "equal"):
        if not alike:
            texts = {part.kind: part.text for part in run}
            yield texts.get("removed", ""), texts.get("added", "")
