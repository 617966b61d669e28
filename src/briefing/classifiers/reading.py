"""An item as the classifier reads it: folded in one string, each stretch of which knows its place and its sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from briefing.classifiers.asides import Asides, announced
from briefing.classifiers.folding import Offsets, folded
from briefing.text import UNSPACED, sentence_spans

if TYPE_CHECKING:
    from briefing.model import Place

OPENING = 600
HEADING = 100
WEIGHTS: dict[Place, int] = {"title": 3, "opening": 2, "body": 1}
HEADING_WEIGHT = 3
# Of a line without end only so many characters on either side of a match are searched for its sentence.
_AROUND = 2000

# No phrase holds it, so none can be found half in the title and half in the text.
_BORDER = "\x00"
_STOPS = (".", "!", "?", "…", ":", ";", ",", "。", "！", "？", "：", "；", "、", "，")
_CLOSING = "\"'»”’)]」』）】"
_NUMBERED = re.compile(
    r"\(?\d{1,2}(?:\.\d{1,2})*[.)．、](?!\d)|[（(][\d一二三四五六七八九十]{1,3}[)）]"
    r"|[一二三四五六七八九十]{1,3}[、.．]|[IVX]{1,5}[.)]\s|§\s?\d|第[\d一二三四五六七八九十]{1,3}[章節条部]"
)
# "1 Opening remarks" is how East Asian documents number their sections; elsewhere it counts things.
_NUMBERED_BY_SPACE = re.compile(r"\d{1,2}\s")


class Spot(NamedTuple):
    """Where a match stands: what it weighs there, its place, and its own span in the original title or text."""

    weight: int
    place: Place
    start: int
    end: int


class _Original:
    """The title or the text: the way back to it, its lines and its sentences, each worked out when first asked for."""

    def __init__(self, text: str, language: str, folded: int) -> None:
        """`folded` is the length of the text when it is folded."""
        self.text = text
        self._folded = folded
        self._language = language
        self._sentences: dict[int, list[tuple[int, int]]] = {}

    @cached_property
    def offsets(self) -> Offsets:
        return Offsets(self.text, self._folded)

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def line(self, position: int) -> tuple[int, int, int]:
        """The start and end of the line at a position, and the start of the next."""
        index = bisect_right(self._lines, position)
        after = self._lines[index] if index < len(self._lines) else len(self.text) + 1
        return self._lines[index - 1], after - 1, after

    def sentence(self, position: int) -> tuple[int, int]:
        """The sentence at a position; a line without sentences is one."""
        begin, stop, _ = self.line(position)
        if stop - begin > 2 * _AROUND:
            begin, stop = max(begin, position - _AROUND), min(stop, position + _AROUND)
        if begin not in self._sentences:
            spans = sentence_spans(self.text[begin:stop], self._language)
            self._sentences[begin] = [(begin + start, begin + end) for start, end in spans]
        spans = self._sentences[begin]
        index = bisect_right(spans, (position, len(self.text))) - 1
        return spans[max(index, 0)] if spans else (begin, stop)

    def heading(self, position: int) -> bool:
        """Whether the line at a position is the heading of a section.

        It is when it is short, ends in no stop, and is numbered or alone before a longer paragraph.
        """
        begin, end, after = self.line(position)
        if end - begin > HEADING or _stops(line := self.text[begin:end].strip()):
            return False
        if _NUMBERED.match(line) or (self._language in UNSPACED and _NUMBERED_BY_SPACE.match(line)):
            return True
        if after > len(self.text):
            return False
        begin, end, _ = self.line(after)
        following = self.text[begin:end].strip()
        return len(following) > len(line) and (len(following) > HEADING or _stops(following))


class Reading:
    """One item. `folded` is its title and its text in the form in which phrases are sought."""

    def __init__(self, title: str, text: str, language: str) -> None:
        head = folded(title)
        self._body = len(head) + len(_BORDER)
        body = folded(text)
        self.folded = head + _BORDER + body
        self._language = language
        self._unspaced = language in UNSPACED
        self._asides = Asides(text)
        self._title = _Original(title, language, len(head))
        self._text = _Original(text, language, len(body))

    def spot(self, start: int, end: int) -> Spot:
        """The spot of what stands at folded[start:end]."""
        if end <= self._body:
            return Spot(WEIGHTS["title"], "title", *self._title.offsets.original(start, end))
        first, last = self._text.offsets.original(start - self._body, end - self._body)
        place: Place = "opening" if first < OPENING else "body"
        high = self._text.heading(first) or self._announced(first, last)
        return Spot(HEADING_WEIGHT if high else WEIGHTS[place], place, first, last)

    def place(self, start: int, end: int) -> Spot:
        """The spot of what stands at folded[start:end], unweighed."""
        if end <= self._body:
            return Spot(0, "title", *self._title.offsets.original(start, end))
        first, last = self._text.offsets.original(start - self._body, end - self._body)
        return Spot(0, "opening" if first < OPENING else "body", first, last)

    def said(self, spot: Spot) -> str:
        """What stands at a spot, as it was written."""
        return (self._title if spot.place == "title" else self._text).text[spot.start : spot.end]

    def _announced(self, first: int, last: int) -> bool:
        start, end = self._text.sentence(first)
        return last <= end and announced(self._text.text[start:end], first - start, last - start, self._language)

    def aside(self, start: int, end: int) -> bool:
        """Whether folded[start:end] stands in what is no part of the text: captions, author lines, links, footers."""
        if end <= self._body:
            return False
        first = self._text.offsets.original(start - self._body, start - self._body + 1)[0]
        return self._asides.hold(*self._text.line(first)[:2])

    def original(self, start: int, end: int) -> str:
        """What stands at folded[start:end], as it was written."""
        if end <= self._body:
            low, high = self._title.offsets.original(start, end)
            return self._title.text[low:high]
        low, high = self._text.offsets.original(start - self._body, end - self._body)
        return self._text.text[low:high]

    def sentence_at(self, start: int, end: int) -> tuple[Place, int, int]:
        """The sentence that folded[start:end] stands in, as something to compare."""
        spot = self.spot(start, end)
        return ("title" if spot.place == "title" else "body", *self.sentence(spot))

    def line_at(self, start: int) -> int:
        """The line that the character at a place of the folded text stands in; -1 for the title."""
        if start < self._body:
            return -1
        return self._text.line(self._text.offsets.original(start - self._body, start - self._body + 1)[0])[0]

    def distance(self, end: int, start: int) -> int:
        """How many words stand between two places of the folded text; characters where no spaces are written."""
        between = self.folded[end:start]
        return len(between.strip()) if self._unspaced else len(between.split())

    def sentence(self, spot: Spot) -> tuple[int, int]:
        """The span in the original of the sentence that a match stands in; of all of them where it stands in more."""
        part = self._title if spot.place == "title" else self._text
        start, end = part.sentence(spot.start)[0], part.sentence(spot.end - 1)[1]
        return min(start, spot.start), max(end, spot.end)


def _stops(line: str) -> bool:
    return line.rstrip(_CLOSING).endswith(_STOPS)
