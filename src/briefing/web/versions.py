"""A text in parts that fit a page, and the difference of two texts in paragraphs. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from briefing.editions.differences import diff

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from briefing.editions.differences import Part
    from briefing.model import Revision

PART = 48_000  # bytes of text on one page: with all that stands beside it the page stays below 100 KB
_EDIT = 12_000  # bytes of one edit
_MARKUP = 8  # bytes that a paragraph takes beside its text


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of an edit as runs of kind (equal, removed, added) and text, or `skipped` unchanged paragraphs."""

    runs: tuple[tuple[str, str], ...] = ()
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit did to title and text; `cut` says that the text's part of it goes on beyond what is held here."""

    title: tuple[tuple[str, str], ...]
    passages: tuple[Passage, ...]
    cut: bool


def parts(text: str) -> tuple[tuple[str, ...], ...]:
    """The paragraphs of a text in parts of at most `PART` bytes; a text without any gives one empty part."""
    found: list[list[str]] = [[]]
    size = 0
    for paragraph in _bounded(filter(None, text.split("\n"))):
        weight = len(escape(paragraph).encode()) + _MARKUP
        if found[-1] and size + weight > PART:
            found.append([])
            size = 0
        found[-1].append(paragraph)
        size += weight
    return tuple(map(tuple, found))


def _bounded(paragraphs: Iterable[str]) -> Iterator[str]:
    """Paragraphs, those too long for any page cut at a space."""
    longest = PART // 6  # characters; one takes at most four bytes, six where it is escaped
    for paragraph in paragraphs:
        rest = paragraph
        while len(rest) > longest:
            cut = rest.rfind(" ", longest // 2, longest) + 1 or longest
            yield rest[:cut]
            rest = rest[cut:]
        yield rest


def edit(before: Revision, after: Revision, language: str) -> Edit:
    """What changed between two versions, with one paragraph left standing on either side of a change."""
    title = () if before.title == after.title else _runs(diff(before.title, after.title, language))
    passages = list(_passages(_paragraphs(diff(before.text, after.text, language))))
    kept: list[Passage] = []
    size = 0
    for passage in passages:
        size += _weight(passage)
        if size > _EDIT:
            break
        kept.append(passage)
    if size > _EDIT and not any(passage.runs for passage in kept):
        kept.append(_shortened(passages[len(kept)]))
    return Edit(title, tuple(kept), size > _EDIT)


def _weight(passage: Passage) -> int:
    return sum(len(escape(text).encode()) for _, text in passage.runs)


def _shortened(passage: Passage) -> Passage:
    """A passage that alone is too long, ended where the room ends."""
    runs, room = [], _EDIT // 6
    for kind, text in passage.runs:
        if room > 0:
            runs.append((kind, text[:room]))
            room -= len(text)
    return Passage((*runs, ("equal", "…")))


def _runs(parts: Iterable[Part]) -> tuple[tuple[str, str], ...]:
    return tuple((part.kind, part.text) for part in parts if part.text)


def _paragraphs(parts: Iterable[Part]) -> Iterator[tuple[tuple[str, str], ...]]:
    """The runs of an edit cut at the ends of lines, of whichever version."""
    runs: list[tuple[str, str]] = []
    for kind, text in _runs(parts):
        first, *others = text.split("\n")
        if first.strip() or (first and runs):
            runs.append((kind, first))
        for line in others:
            if runs:
                yield tuple(runs)
            runs = [(kind, line)] if line.strip() else []
    if runs:
        yield tuple(runs)


def _passages(paragraphs: Iterable[tuple[tuple[str, str], ...]]) -> Iterator[Passage]:
    """Changed paragraphs with the neighbours they stand between; how many were left out where more did not change."""
    blocks = [(same, list(block)) for same, block in groupby(paragraphs, _unchanged)]
    for place, (same, block) in enumerate(blocks):
        if not same:
            yield from map(Passage, block)
            continue
        head = 0 if place == 0 else 1
        tail = 0 if place == len(blocks) - 1 else 1
        yield from _around(block, head, tail)


def _around(block: Sequence[tuple[tuple[str, str], ...]], head: int, tail: int) -> Iterator[Passage]:
    if len(block) <= head + tail:
        yield from map(Passage, block)
        return
    yield from map(Passage, block[:head])
    yield Passage(skipped=len(block) - head - tail)
    yield from map(Passage, block[len(block) - tail :])


def _unchanged(paragraph: Sequence[tuple[str, str]]) -> bool:
    return all(kind == "equal" for kind, _ in paragraph)
