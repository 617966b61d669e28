"""Texts on their way to the typesetter: as spans that say what each piece is, never as markup.

A span is a JSON object: `t` its text, `l` its language, `r` that it runs from right to left, `g` that it stands for
what no font has, `m` that it was taken out or put in (`del`, `ins`), `u` the address or `n` the number it leads to.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypedDict

from briefing.outputs import glyphs
from briefing.outputs import issue_words as words
from briefing.outputs.addresses import is_web, uri
from briefing.outputs.wording import quoted, right_to_left
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from briefing.documents import Reference
    from briefing.model import Source

_TAG = re.compile(r"[a-z]{2,3}")
_LONG = re.compile(r"[^\s\u2e80-\uffef]{30,}")
_STEP = re.compile(r"(.{24})")
_BREAK = "\u200b"


class Span(TypedDict, total=False):
    """See the module."""

    t: str
    l: str  # noqa: E741 - a key of the template's
    r: bool
    g: bool
    m: str
    u: str
    n: int


Spans = list[Span]


class Writer:
    """Makes spans of texts, and remembers what had no glyph: by script the number of signs, and the items they are of."""

    def __init__(self, known: Container[int]) -> None:
        self.known = known
        self.signs: Counter[str] = Counter()
        self.items: dict[str, set[int]] = {}

    def said(self, text: str, language: str = "", *, number: int = 0, mark: str = "") -> Spans:
        """A text in a language (BCP 47), empty for that of the document; `number` is that of the item it is of."""
        found: Spans = []
        # What joins two texts of a line stays: only a whole one is stripped.
        held = text if text.isprintable() else one_line(text)
        for piece in glyphs.pieces(clean(held), self.known):
            span = Span(t=piece.text if piece.script else _softened(piece.text))
            if piece.script:
                span["g"] = True
                self.signs[piece.script] += piece.count
                self.items.setdefault(piece.script, set()).add(number)
            elif language:
                _speak(span, language)
            if mark:
                span["m"] = mark
            found.append(span)
        return found

    def plain(self, text: str) -> str:
        """A text where no spans can stand: in the document's properties, in a chart."""
        return glyphs.plain(one_line(clean(text)), self.known)

    def quote(self, text: str, language: str, number: int) -> Spans:
        """A text between the quotation marks of its language."""
        return self.said(quoted(one_line(text), language), words.foreign(language), number=number)

    def title(self, reference: Reference) -> Spans:
        """The title of an item, leading to its address."""
        found = self.said(words.title(reference), _tongue(words.language(reference.item)), number=reference.number)
        return linked(found, reference.item.url)

    def source(self, source: Source) -> Spans:
        """An institution and its country."""
        name = self.said(one_line(source.name), words.name_language(source))
        return [*name, *self.said(words.country_words(source))]

    def byline(self, reference: Reference) -> Spans:
        """Who published an item and when."""
        return [*self.source(reference.source), *self.said(f", {words.published(reference)}")]


def linked(spans: Spans, address: str) -> Spans:
    """Spans that lead to an address where a reader may be sent there."""
    target = uri(address)
    if is_web(target):
        for span in spans:
            span["u"] = target
    return spans


def address(target: str) -> Spans:
    """An address that is shown, and leads there if it may."""
    return linked([Span(t=target)], target) if target else []


def number(value: int) -> Span:
    """The number of an item in the list of sources, leading there."""
    return Span(n=value)


def joined(parts: Sequence[str]) -> str:
    """Notes in a line."""
    return " · ".join(parts)


def _tongue(code: str) -> str:
    return words.foreign(code)


def _speak(span: Span, language: str) -> None:
    """Mark a span with a language that the typesetter takes."""
    primary = language.partition("-")[0].lower()
    if _TAG.fullmatch(primary) and primary != "und":
        span["l"] = language
        if right_to_left(language):
            span["r"] = True


def _softened(text: str) -> str:
    """With places to break in words longer than a line may hold: none is cut off at the edge of the paper."""
    return _LONG.sub(lambda found: _STEP.sub(rf"\1{_BREAK}", found[0]), text)
