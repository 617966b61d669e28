"""Blocks as WordprocessingML (ECMA-376, part 1, section 17): paragraphs that name styles, and little else.

Set directly is only what no style can know: the language of a run, its direction, and the font that language needs.
"""

from __future__ import annotations

from copy import copy
from functools import cache, singledispatchmethod
from typing import TYPE_CHECKING, Any

from lxml import etree

from briefing.outputs import word_languages
from briefing.outputs.blocks import Bullets, Chart, Entries, Heading, Paragraph, Rows, Run, Table
from briefing.outputs.wording import right_to_left
from briefing.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from briefing.outputs.blocks import Block, Mark, Part, Role, Runs

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

_ROLES: Mapping[Role, str] = {
    "text": "", "byline": "Byline", "note": "Note", "warning": "Warning", "see": "CrossReference", "quote": "Quote",
    "before": "EditBefore", "after": "Edit", "lead": "NoteBefore", "rest": "Note",
}  # fmt: skip
# Of level and whether it is the title of an item, which stands close below the line that says whose it is.
_HEADINGS = {(2, False): "Heading2", (2, True): "ItemHeading", (3, False): "ListHeading", (3, True): "Heading3"}
_MARKS: Mapping[Mark, str] = {
    "": "", "number": "SourceNumber", "label": "Label", "code": "Hash", "added": "Added", "removed": "Removed",
    "warning": "WarningWords",
}  # fmt: skip
_SERIF = frozenset(
    {
        "",
        "Quote",
        "Edit",
        "EditBefore",
        "Title",
        "Heading1",
        "Heading3",
        "ItemHeading",
        "ListBullet",
        "ListContinue",
        "Source",
    }
)
_LEAST, _MOST = 12, 40  # characters by which a column of words is as wide
_CELL_MARGINS = 114  # of the table's style
_TEXT_WIDTH = 9412  # twentieths of a point: A4 without the margins of document.xml
_NAMED, _NAMED_ALONE = 0.3, 0.85  # of the width of a table of figures, for the names beside many columns or one

Node = Any  # an element of lxml, which has no types


class Writer:
    """Writes blocks behind one another into `body`.

    `places` are those that can be pointed to; `link` gives the id of the relationship that leads to an address, empty
    where Word would not open it.
    """

    def __init__(self, body: Node, places: AbstractSet[str], link: Callable[[str], str]) -> None:
        self._body = body
        self._places = places
        self._link = link
        self._marks = 0

    def part(self, part: Part) -> None:
        """A part with its heading."""
        node = paragraph(self._body, "Heading1")
        self._marked(node, (Run(part.title),), "Heading1", part.place)
        self.blocks(part.blocks)

    def blocks(self, blocks: Sequence[Block]) -> None:
        """Each block behind the other."""
        for block in blocks:
            self._write(block)

    def line(self, style: str, runs: Runs, language: str = "", place: str = "") -> Node:
        """A paragraph in a style."""
        node = paragraph(self._body, style, language)
        self._marked(node, runs, style, place)
        return node

    @singledispatchmethod
    def _write(self, block: Block) -> None:
        raise TypeError(block)

    @_write.register
    def _(self, block: Paragraph) -> None:
        self.line(_ROLES[block.role], block.runs, block.language, block.place)

    @_write.register
    def _(self, block: Heading) -> None:
        style = _HEADINGS[block.level, block.item]
        node = paragraph(self._body, style, block.language)
        self._marked(node, block.runs, style, block.place)

    @_write.register
    def _(self, block: Bullets) -> None:
        for first, *rest in block.entries:
            lead = "ListBullet" if first.role == "see" else "Highlight"
            self.line(lead, first.runs, first.language, first.place)
            for more in rest:
                style = "ListNote" if more.role == "note" else "ListContinue"
                self.line(style, more.runs, more.language)

    @_write.register
    def _(self, block: Entries) -> None:
        for entry in block.entries:
            first, *rest = entry.paragraphs
            node = paragraph(self._body, "Source")
            self._marked(node, (Run(f"[{entry.number}]"),), "Source", entry.place)
            tab(node)
            self.runs(node, first.runs, "Source")
            detail = paragraph(self._body, "SourceDetail")
            for place, more in enumerate(rest):
                if place:
                    sub(sub(detail, "r"), "br")
                self.runs(detail, more.runs, "SourceDetail")

    @_write.register
    def _(self, block: Rows) -> None:
        for label, runs in block.rows:
            node = self.line("FrontMatter", (Run(label, mark="label"),))
            tab(node)
            self.runs(node, runs, "FrontMatter")

    @_write.register
    def _(self, block: Table) -> None:
        self.line("Caption", (Run(block.title),))
        self._table(block)

    @_write.register
    def _(self, block: Chart) -> None:
        self.line("ChartSummary", (Run(block.table.summary),))
        figures = [sum(series.values) for series in block.figure.series]
        self._table(block.table, figures if block.figure.kind == "bars" else ())

    def _table(self, block: Table, figures: Sequence[int] = ()) -> None:
        """A table; `figures`, one a row, are drawn as bars below the name of the row."""
        node = sub(self._body, "tbl")
        wide = _columns(block)
        _table_looks(node, block, wide)
        self._row(node, tuple((Run(title),) for title in block.head), block, head=True)
        room = wide[block.names - 1] - _CELL_MARGINS
        for at, row in enumerate(block.rows):
            line = self._row(node, row, block)
            if any(figures):
                bar(line[block.names], room, figures[at] / max(figures))

    def _row(self, table: Node, cells: Sequence[Runs], block: Table, *, head: bool = False) -> Node:
        node = sub(table, "tr")
        looks = sub(node, "trPr")
        sub(looks, "cantSplit")
        if head:
            sub(looks, "tblHeader")
        for place, runs in enumerate(cells):
            style = "Figure" if block.figures and place >= block.names else "Cell"
            line = paragraph(sub(node, "tc"), style)
            self.runs(line, runs, style)
        return node

    def _marked(self, node: Node, runs: Runs, style: str, place: str) -> None:
        """Words that can be pointed to."""
        if place:
            sub(node, "bookmarkStart", id=str(self._marks), name=bookmark(place))
        self.runs(node, runs, style)
        if place:
            sub(node, "bookmarkEnd", id=str(self._marks))
            self._marks += 1

    def runs(self, node: Node, runs: Runs, style: str) -> None:
        """Words with their languages, marks and links."""
        for one in runs:
            parent, looks = node, _MARKS[one.mark]
            if one.target.startswith("#"):
                if one.target[1:] in self._places:
                    parent = sub(node, "hyperlink", anchor=bookmark(one.target[1:]), history="1")
                    looks = looks or "Hyperlink"
            elif one.target and (relation := self._link(one.target)):
                parent = sub(node, "hyperlink", history="1")
                parent.set(f"{{{R}}}id", relation)
                looks = looks or ("TitleLink" if "Heading" in style else "Hyperlink")
            run(parent, one.text, looks, one.language, serif=style in _SERIF)


def bookmark(place: str) -> str:
    """The name of a place in Word: a letter first, then letters, digits and underscores; 40 at most."""
    return "to_" + place.replace("-", "_")


def paragraph(parent: Node, style: str = "", language: str = "") -> Node:
    """An empty paragraph in a style, running in the direction of its language."""
    node = sub(parent, "p")
    if style or right_to_left(language):
        looks = sub(node, "pPr")
        if style:
            sub(looks, "pStyle", val=style)
        if right_to_left(language):
            sub(looks, "bidi")
    return node


def run(parent: Node, text: str, style: str = "", language: str = "", *, serif: bool = True) -> Node:
    """Words in a character style and a language."""
    node = sub(parent, "r")
    if style or language:
        node.append(copy(_looks(style, language, serif)))
    words = sub(node, "t")
    words.text = clean(text)
    words.set(_SPACE, "preserve")
    return node


@cache
def _looks(style: str, language: str, serif: bool) -> Node:  # noqa: FBT001 - a key of the cache
    """The properties of a run: there are few, for many runs."""
    looks = etree.Element(_name("rPr"), nsmap={"w": W})
    if style:
        sub(looks, "rStyle", val=style)
    if fonts := word_languages.fonts(language, serif=serif):
        sub(looks, "rFonts", fonts)
    if right_to_left(language):
        sub(looks, "rtl")
    if language:
        sub(looks, "lang", word_languages.tags(language))
    return looks


def tab(node: Node) -> None:
    """A step to the next tab stop."""
    sub(sub(node, "r"), "tab")


def field(node: Node, code: str, shown: str) -> None:
    """A field that Word computes; `shown` stands there until it does (section 17.16.18)."""
    for kind in ("begin", "", "separate", "shown", "end"):
        part = sub(node, "r")
        if kind in ("begin", "separate", "end"):
            sub(part, "fldChar", fldCharType=kind)
        else:
            words = sub(part, "t" if kind else "instrText")
            words.text = shown if kind else f" {code} "
            words.set(_SPACE, "preserve")


def sub(parent: Node, tag: str, attributes: Mapping[str, str] | None = None, **more: str) -> Node:
    """A new last child with attributes of the same namespace."""
    node = etree.SubElement(parent, _name(tag))
    for name, value in (attributes or more).items():
        node.set(_name(name), value)
    return node


@cache
def _name(tag: str) -> str:
    return f"{{{W}}}{tag}"


def bar(cell: Node, room: int, share: float) -> None:
    """A bar in a cell, as long as its share of the room: a shaded line without words, which nobody is read aloud."""
    if share <= 0:
        return
    node = paragraph(cell, "ChartBar")
    sub(node[0], "ind", right=str(round(room * (1 - share))))


def _table_looks(node: Node, block: Table, columns: Sequence[int]) -> None:
    looks = sub(node, "tblPr")
    sub(looks, "tblStyle", val="BriefingTable")
    sub(looks, "tblW", w="5000", type="pct")
    if block.figures:
        sub(looks, "tblLayout", type="fixed")
    sub(looks, "tblLook", val="00A0", firstRow="1", lastRow="0", firstColumn="1", lastColumn="0", noHBand="1",
        noVBand="1")  # fmt: skip
    sub(looks, "tblCaption", val=clean(block.title))
    if block.summary:
        sub(looks, "tblDescription", val=clean(block.summary))
    grid = sub(node, "tblGrid")
    for wide in columns:
        sub(grid, "gridCol", w=str(wide))


def _columns(block: Table) -> list[int]:
    """The widths of the columns: as their longest cells, within bounds; in a table of figures those of names wider."""
    many, names = len(block.head), block.names
    if block.figures and many > names:
        named = int(_TEXT_WIDTH * (_NAMED if many > names + 1 else _NAMED_ALONE))
        return [named // names] * names + [(_TEXT_WIDTH - named) // (many - names)] * (many - names)
    longest = [max(sum(len(run.text) for run in row[place]) for row in block.rows) for place in range(many)]
    weights = [min(max(length, _LEAST), _MOST) for length in longest]
    return [_TEXT_WIDTH * weight // sum(weights) for weight in weights]
