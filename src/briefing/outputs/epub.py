"""An issue as an electronic book: EPUB 3.3 with a list of contents for readers of EPUB 2.

A page for each part, so that every device turns to it at once; the same bytes from the same issue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.outputs import epub_cover, epub_package, figures, issue_parts
from briefing.outputs.blocks import Heading
from briefing.outputs.epub_package import Page, Volume
from briefing.outputs.epub_pages import OPS, Writer, child, page, part_page, speaking, text, written
from briefing.outputs.issue_blocks import sheets
from briefing.outputs.item_blocks import tongue
from briefing.outputs.wording import period_words
from briefing.outputs.zipped import File, archive
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefing.documents import Issue
    from briefing.outputs.blocks import Part, Sheets

_KIND = "application/epub+zip"
_FOLDER = "EPUB"
_FRONT = "front.xhtml"
_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
  <rootfiles>
    <rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""


def render(issue: Issue) -> bytes:
    """The issue as an EPUB container (OCF): its kind comes first and uncompressed, so that it can be told by that."""
    files = (File(f"{_FOLDER}/{name}", body) for name, body in _files(issue))
    kind = File("mimetype", _KIND.encode(), stored=True)
    return archive((kind, File("META-INF/container.xml", _CONTAINER.encode()), *files))


def _files(issue: Issue) -> Iterator[tuple[str, bytes]]:
    book = sheets(issue)
    pages = list(_pages(issue, book))
    volume = Volume(issue, tuple(one for one, _ in pages))
    yield "package.opf", epub_package.package(volume)
    yield "nav.xhtml", epub_package.navigation(volume)
    yield "toc.ncx", epub_package.ncx(volume)
    yield "style.css", epub_cover.style(issue.house)
    yield "cover.svg", epub_cover.image(issue)
    for one, body in pages:
        yield one.file, body


def _pages(issue: Issue, book: Sheets) -> Iterator[tuple[Page, bytes]]:
    places = {place: f"{part}.xhtml" for place, part in book.places().items()}
    title = one_line(issue.title)
    yield Page("cover.xhtml", "Cover", drawn=True), epub_cover.page_of(issue)
    yield Page(_FRONT, "About this issue"), _front(issue, book, places)
    for part in book.parts:
        file = f"{part.place}.xhtml"
        writer = Writer(file, places, lambda one: figures.svg(one, issue.house, fixed=True))
        body = part_page(part, writer, title)
        yield Page(file, part.title, tuple(_listed(part)), drawn=writer.drawn), body


def _listed(part: Part) -> Iterator[tuple[str, str]]:
    """Places and words of the headings that contents name."""
    for block in part.blocks:
        if isinstance(block, Heading) and block.listed:
            yield block.place, "".join(run.text for run in block.runs)


def _front(issue: Issue, book: Sheets, places: dict[str, str]) -> bytes:
    root, body = page(one_line(issue.title))
    section = child(body, "section", {f"{{{OPS}}}type": "titlepage"})
    language = tongue(issue.language)
    names = [("p", "site", said) for said in dict.fromkeys(map(one_line, (issue.house.name, issue.site_title))) if said]
    for tag, kind, said in (*names, ("h1", "", one_line(issue.title))):
        node = child(section, tag, {"class": kind})
        speaking(node, language)
        text(node, said)
    told = f"Issue {issue_parts.name(issue)}, {period_words(issue.first, issue.last)}"
    child(section, "p", {"class": "subtitle"}).text = told
    Writer(_FRONT, places, lambda _: "").blocks(section, book.front)
    if issue.house.footer:
        text(child(section, "p", {"class": "note"}), one_line(issue.house.footer))
    return written(root)
