"""An issue as blocks: what it says in which order, before any format decides how that is set.

Formats with pages of their own (Word, EPUB) are made from these, so that they hold the same parts, words and numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefing.documents import Figure

Mark = Literal["", "number", "label", "code", "added", "removed", "warning"]
Role = Literal["text", "byline", "note", "lead", "warning", "see", "quote", "before", "after", "rest"]


@dataclass(frozen=True, slots=True)
class Run:
    """Words that are set alike. `language` is a BCP 47 tag, empty for that of the document; `target` an address, or
    `#` and a place of this document.
    """

    text: str
    language: str = ""
    mark: Mark = ""
    target: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a `lead` is a note on what follows it, a `rest` one on what is not there of the list or
    the section that it ends. `language` decides the direction it runs in, `place` can be
    pointed to.
    """

    runs: Runs
    role: Role = "text"
    language: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below that of its part (level 1); `place` can be pointed to, `listed` says that contents name it, and
    `item` that it is the title of an item, below the line that says whose that is.
    """

    level: Literal[2, 3]
    runs: Runs
    place: str = ""
    language: str = ""
    listed: bool = False
    item: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without numbers."""

    entries: tuple[tuple[Paragraph, ...], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the list of sources, to be pointed to at its `place`."""

    number: int
    place: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """The list of sources."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Labels with what stands beside them."""

    rows: tuple[tuple[str, Runs], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a row of headings. `names` columns at its left are headings of the rows; in a table of `figures` all
    others are numbers.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]
    summary: str = ""
    names: int = 1
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with the table behind it."""

    figure: Figure
    table: Table


Block = Paragraph | Heading | Bullets | Entries | Rows | Table | Chart


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the issue with its heading (level 1)."""

    place: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Sheets:
    """A whole issue: what stands before its parts, and these."""

    front: tuple[Block, ...]
    parts: tuple[Part, ...]

    def places(self) -> dict[str, str]:
        """All places that can be pointed to, each with the place of its part."""
        return {place: part.place for part in self.parts for place in (part.place, *_places(part)) if place}


def _places(part: Part) -> Iterator[str]:
    for block in part.blocks:
        if isinstance(block, Entries):
            yield from (entry.place for entry in block.entries)
        elif isinstance(block, Bullets):
            yield from (line.place for entry in block.entries for line in entry)
        elif isinstance(block, (Heading, Paragraph)):
            yield block.place
