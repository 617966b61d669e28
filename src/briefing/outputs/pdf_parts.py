"""The blocks of an issue as its PDF has them: who and when go to the margin of what they stand above.

A block is a JSON object; `k` names its kind, and the template has a function for each.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import singledispatchmethod
from itertools import chain
from typing import TYPE_CHECKING, Any

from briefing.outputs import figures
from briefing.outputs.blocks import Bullets, Chart, Entries, Heading, Paragraph, Rows, Table
from briefing.outputs.wording import right_to_left
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from briefing.documents import Figure, House
    from briefing.outputs import blocks
    from briefing.outputs.blocks import Part, Runs, Sheets
    from briefing.outputs.pdf_spans import Writer

Block = dict[str, Any]

_LONG = 1_600  # signs of what may break over two pages
_HEADING = 2_000  # signs of a heading: one that is longer is a text that stands in the wrong place
_NARROW, _WIDE = 16, 80  # signs of a column of a table
_MANY = 100  # lines of contents that may
_SHORT = 150  # entries of lists in an issue whose contents name its chapters alone
_LAST_OF_PAGE_1 = "coverage"  # the contents follow it
_SOURCE = re.compile(r"#s(\d+)")
_FONTS = "'Noto Sans', 'Noto Sans JP'"
_FIGURE_WIDTH = 628  # pixels: at the width of a column of 166 mm the words are as large as the small ones beside them


def places(book: Sheets) -> frozenset[str]:
    """What can be pointed to in a document of these blocks."""
    held = [one for part in book.parts for one in part.blocks]
    entries = (entry.place for one in held if isinstance(one, Entries) for entry in one.entries)
    headings = (one.place for one in held if isinstance(one, Heading) and one.place)
    return frozenset(chain((part.place for part in book.parts), entries, headings))


class Parts:
    """Makes the blocks of the template. The table behind a chart stands in the annex."""

    def __init__(self, writer: Writer, house: House) -> None:
        self._writer = writer
        self._house = house

    def all(self, book: Sheets) -> list[Block]:
        """The whole issue; the contents stand behind the first page's parts."""
        found = self._blocks(book.front)
        for part in book.parts:
            found.append({"k": "chapter", "place": part.place, "title": self._writer.said(part.title)})
            found += self._blocks(part.blocks)
            if part.place == _LAST_OF_PAGE_1:
                found += self._contents(book.parts)
        return found

    def _contents(self, parts: Sequence[Part]) -> list[Block]:
        deep = sum(map(_lines, parts)) > _SHORT
        lengths = [1 + deep * sum(isinstance(one, Heading) and one.listed for one in part.blocks) for part in parts]
        reached, middle = 0, parts[-1].place
        for part, length in zip(parts, lengths, strict=True):
            if reached + length / 2 >= sum(lengths) / 2:
                middle = part.place
                break
            reached += length
        return [
            {"k": "chapter", "place": "contents", "title": self._writer.said("Contents"), "listed": False},
            {"k": "contents", "middle": middle, "depth": 1 + deep, "long": sum(lengths) > _MANY},
        ]

    def _blocks(self, held: Sequence[blocks.Block]) -> list[Block]:
        """Blocks in order; one with who and when above it is a group with all that belongs to it."""
        found: list[Block] = []
        at = 0
        while at < len(held):
            one, at = held[at], at + 1
            if _role(one) == "byline":
                end = next((place for place in range(at, len(held)) if _begins(held[place])), len(held))
                found.append(self._group(held[at - 1 : end]))
                at = end
            else:
                self._writer.number = 0
                found += self._made(one)
                if _role(one) == "lead":
                    found[-1]["sticky"] = True  # an introduction never stays behind
            if at < len(held) and (_role(held[at]) == "rest" or isinstance(held[at], Rows)):
                found[-1]["sticky"] = True  # nor is what stands above a few words left on the page before
        return found

    def _group(self, held: Sequence[blocks.Block]) -> Block:
        self._writer.number = _number(held)
        margin, *rest = held
        assert isinstance(margin, Paragraph)
        size = sum(len(run.text) for one in held if isinstance(one, Paragraph | Heading) for run in one.runs)
        body = [made for one in rest for made in self._made(one)]
        return {"k": "group", "margin": self._writer.spans(margin.runs), "body": body, "long": size > _LONG}

    # ------------------------------------------------------------ one block

    @singledispatchmethod
    def _made(self, block: blocks.Block) -> Iterable[Block]:
        raise TypeError(type(block))

    @_made.register(Paragraph)
    def _(self, block: Paragraph) -> Iterator[Block]:
        text = self._writer.spans(block.runs)
        yield {"k": "paragraph", "role": block.role, "text": text, "rtl": right_to_left(block.language)}

    @_made.register(Heading)
    def _(self, block: Heading) -> Iterator[Block]:
        yield {
            "k": "heading", "level": block.level, "text": self._writer.spans(_held(block.runs)), "place": block.place,
            "listed": block.listed, "item": block.item, "rtl": right_to_left(block.language),
        }  # fmt: skip

    @_made.register(Bullets)
    def _(self, block: Bullets) -> Iterator[Block]:
        if all(_role(entry[0]) == "byline" for entry in block.entries):
            yield from (self._group(entry) for entry in block.entries)
            return
        lines = []
        for entry in block.entries:
            self._writer.number = _number(entry)
            lines.append([made for one in entry for made in self._made(one)])
        yield {"k": "bullets", "lines": lines}

    @_made.register(Entries)
    def _(self, block: Entries) -> Iterator[Block]:
        entries = []
        for entry in block.entries:
            self._writer.number = entry.number
            texts = [self._writer.spans(one.runs) for one in entry.paragraphs]
            entries.append({"n": entry.number, "place": entry.place, "head": texts[0], "rest": texts[1:]})
        yield {"k": "entries", "entries": entries}

    @_made.register(Rows)
    def _(self, block: Rows) -> Iterator[Block]:
        yield {
            "k": "rows",
            "rows": [[self._writer.said(label), self._writer.spans(told)] for label, told in block.rows],
        }

    @_made.register(Table)
    def _(self, block: Table) -> Iterator[Block]:
        yield {
            "k": "table", "caption": self._writer.said(block.title),
            "names": block.names if block.figures else len(block.head), "shares": _shares(block),
            "head": [self._writer.said(name) for name in block.head],
            "rows": [[self._writer.spans(cell) for cell in row] for row in block.rows],
        }  # fmt: skip

    @_made.register(Chart)
    def _(self, block: Chart) -> Iterator[Block]:
        shown = self._shown(block.figure)
        drawn = figures.svg(shown, self._house, width=_FIGURE_WIDTH, fixed=True, fonts=_FONTS)
        yield {
            "k": "chart",
            "title": self._writer.said(block.figure.title),
            "svg": drawn,
            "alt": one_line(block.figure.summary),
        }

    def _shown(self, figure: Figure) -> Figure:
        """A chart whose words can be printed."""
        plain = self._writer.drawn
        series = tuple(replace(one, name=plain(one.name), group=plain(one.group)) for one in figure.series)
        return replace(figure, title=plain(figure.title), summary=plain(figure.summary), series=series)


def _lines(part: Part) -> int:
    return sum(len(one.entries) for one in part.blocks if isinstance(one, Bullets | Entries))


def _held(runs: Runs) -> Runs:
    """Words of a heading, each piece within bounds: the costs of one over pages grow with the square of its length."""
    return tuple(
        replace(run, text=f"{run.text[:_HEADING].rstrip()} …") if len(run.text) > _HEADING else run for run in runs
    )


def _shares(block: Table) -> list[int]:
    """How wide the columns are to one another: by their longest cells, within bounds."""
    shares = []
    for at, name in enumerate(block.head):
        cells = ("".join(run.text for run in row[at]) for row in block.rows)
        shares.append(min(max(_NARROW, len(name), *map(len, cells)), _WIDE))
    return shares


def _role(block: blocks.Block) -> str:
    return block.role if isinstance(block, Paragraph) else ""


def _begins(block: blocks.Block) -> bool:
    """Whether a block cannot belong to the item above it."""
    if isinstance(block, Heading):
        return block.listed
    return not isinstance(block, Paragraph) or block.role in ("byline", "see", "rest")


def _number(held: Sequence[blocks.Block]) -> int:
    """The number of the item that blocks are of."""
    runs: Iterator[Runs] = (one.runs for one in held if isinstance(one, Paragraph | Heading))
    found = (_SOURCE.fullmatch(run.target) for run in chain.from_iterable(runs))
    return next((int(one[1]) for one in found if one), 0)
