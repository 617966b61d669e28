"""The pages of an EPUB: blocks as XHTML (EPUB 3.3, section 6.1), well formed because a tree is written."""

from __future__ import annotations

from functools import singledispatchmethod
from typing import TYPE_CHECKING, Any

from lxml import etree

from briefing.outputs.blocks import Bullets, Chart, Entries, Heading, Paragraph, Rows, Table
from briefing.outputs.wording import right_to_left
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from briefing.documents import Figure
    from briefing.outputs.blocks import Block, Mark, Part, Runs

XHTML = "http://www.w3.org/1999/xhtml"
OPS = "http://www.idpf.org/2007/ops"
SVG = "http://www.w3.org/2000/svg"
_XML = "{http://www.w3.org/XML/1998/namespace}lang"

_TAGS: dict[Mark, str] = {"code": "code", "added": "ins", "removed": "del"}
_CLASSES: dict[Mark, str] = {"number": "n", "label": "label", "warning": "warn"}

Node = Any  # an element of lxml, which has no types


class Writer:
    """Writes blocks into a page called `file`; `places` says in which file each place is."""

    def __init__(self, file: str, places: Mapping[str, str], draw: Callable[[Figure], str]) -> None:
        self._file = file
        self._places = places
        self._draw = draw
        self.drawn = False

    def blocks(self, parent: Node, blocks: Sequence[Block]) -> None:
        """Each block behind the other."""
        for block in blocks:
            self._write(block, parent)

    @singledispatchmethod
    def _write(self, block: Block, parent: Node) -> None:
        raise TypeError(block, parent)

    @_write.register
    def _(self, block: Paragraph, parent: Node) -> None:
        tag = "blockquote" if block.role == "quote" else "p"
        node = child(parent, tag, id=block.place)
        if tag == "blockquote":
            speaking(node, block.language)
            node = child(node, "p")
        else:
            directed(node, block.language)
            if block.role != "text":
                node.set("class", "note" if block.role in ("lead", "rest") else block.role)
        self.runs(node, block.runs)

    @_write.register
    def _(self, block: Heading, parent: Node) -> None:
        node = child(parent, f"h{block.level}", id=block.place)
        directed(node, block.language)
        self.runs(node, block.runs)

    @_write.register
    def _(self, block: Bullets, parent: Node) -> None:
        node = child(parent, "ul")
        for entry in block.entries:
            self.blocks(child(node, "li"), entry)

    @_write.register
    def _(self, block: Entries, parent: Node) -> None:
        node = child(parent, "ol", {"class": "sources"})
        for entry in block.entries:
            inside = child(node, "li", id=entry.place)
            child(inside, "span", {"class": "number"}).text = f"[{entry.number}]"
            self.blocks(inside, entry.paragraphs)

    @_write.register
    def _(self, block: Rows, parent: Node) -> None:
        node = child(parent, "dl")
        for label, runs in block.rows:
            child(node, "dt").text = clean(label)
            self.runs(child(node, "dd"), runs)

    @_write.register
    def _(self, block: Table, parent: Node) -> None:
        node = child(parent, "table", {"class": "figures"} if block.figures else {})
        child(node, "caption").text = clean(block.title)
        head = child(child(node, "thead"), "tr")
        for place, title in enumerate(block.head):
            words = {"scope": "col", "class": "" if place < block.names else "number"}
            child(head, "th", words).text = clean(title)
        body = child(node, "tbody")
        for row in block.rows:
            line = child(body, "tr")
            for place, cell in enumerate(row):
                named = place < block.names
                self.runs(child(line, "th" if named else "td", {"scope": "row"} if named else {}), cell)

    @_write.register
    def _(self, block: Chart, parent: Node) -> None:
        node = child(parent, "figure")
        if drawing := self._draw(block.figure):
            node.append(etree.fromstring(drawing.encode(), _parser()))
            self.drawn = True
        child(node, "figcaption").text = clean(block.table.title)

    def runs(self, parent: Node, runs: Runs) -> None:
        """Words with their languages, marks and links."""
        for run in runs:
            node = parent
            if target := self._target(run.target):
                node = child(node, "a", href=target)
            if tag := _TAGS.get(run.mark):
                node = child(node, tag)
            style = _CLASSES.get(run.mark, "")
            if node is parent and (style or run.language):
                node = child(node, "span")
            if node is not parent:
                node.attrib.update({"class": style} if style else {})
                speaking(node, run.language)
            text(node, run.text)

    def _target(self, target: str) -> str:
        """Where a link leads from this page; empty where its place is not in the document."""
        if not target.startswith("#"):
            return target
        file = self._places.get(target[1:], "")
        return target if file == self._file else f"{file}{target}" if file else ""


def page(title: str, language: str = "en") -> tuple[Node, Node]:
    """A page without content: its root, and its body."""
    root = etree.Element(f"{{{XHTML}}}html", nsmap={None: XHTML, "epub": OPS})
    root.set("lang", language)
    root.set(_XML, language)
    head = child(root, "head")
    child(head, "title").text = clean(one_line(title))
    child(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    child(head, "link", rel="stylesheet", type="text/css", href="style.css")
    return root, child(root, "body")


def part_page(part: Part, writer: Writer, title: str) -> bytes:
    """The page of one part."""
    root, body = page(f"{part.title}, {title}")
    section = child(body, "section", {f"{{{OPS}}}type": "chapter", "aria-labelledby": part.place})
    child(section, "h1", id=part.place).text = clean(part.title)
    writer.blocks(section, part.blocks)
    return written(root)


def written(root: Node) -> bytes:
    """A page as bytes, with the doctype of HTML."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", doctype="<!DOCTYPE html>")) + b"\n"


def child(parent: Node, tag: str, attributes: Mapping[str, str] | None = None, **more: str) -> Node:
    """A new last child; attributes without a value are left out."""
    node = etree.SubElement(parent, f"{{{XHTML}}}{tag}")
    for name, value in {**(attributes or {}), **more}.items():
        if value:
            node.set(name, clean(value))
    return node


def text(node: Node, words: str) -> None:
    """Words behind all that stands in a node."""
    words = clean(words)
    if len(node):
        node[-1].tail = (node[-1].tail or "") + words
    else:
        node.text = (node.text or "") + words


def speaking(node: Node, language: str) -> None:
    """Mark the language of what a node holds, and its direction."""
    if language:
        node.set("lang", language)
        node.set(_XML, language)
    directed(node, language)


def directed(node: Node, language: str) -> None:
    """Mark the direction of what a node holds."""
    if right_to_left(language):
        node.set("dir", "rtl")


def _parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True)
