"""An issue as a Word document (extra `docx`): for those who edit it, so everything is a style, a heading or a field.

python-docx keeps the package together: its parts, their relations, properties, page headers. The styles are our own
(`templates/word`): those it brings are many, and others with each of its versions.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

from briefing.outputs import issue_parts
from briefing.outputs import issue_words as words
from briefing.outputs.blocks import Run
from briefing.outputs.issue_blocks import sheets
from briefing.outputs.item_blocks import tongue
from briefing.outputs.word_body import Writer, bookmark, field, paragraph, run, sub, tab
from briefing.outputs.wording import period_words
from briefing.outputs.zipped import File, archive
from briefing.text import clean, one_line, shorten

if TYPE_CHECKING:
    from docx.document import Document

    from briefing.documents import House, Issue
    from briefing.outputs.blocks import Sheets

_PARTS = {
    "[Content_Types].xml": "types.xml",
    "_rels/.rels": "package.rels",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document.rels",
    "word/styles.xml": "styles.xml",
    "word/settings.xml": "settings.xml",
    "word/numbering.xml": "numbering.xml",
}
_LONGEST = 2_000  # characters of an address: Word holds a file with longer ones for damaged
_RUNNING = 70  # characters at the head of a page
_PROPERTY = 255  # characters that a property may have (ECMA-376, part 2)
_CONTENTS = r'TOC \o "1-1" \n \h \z'  # no page numbers: they are not known before Word has set the pages


def render(issue: Issue) -> bytes:
    """The issue as a .docx.

    Raises:
        ModuleNotFoundError: python-docx is not installed (extra `docx`).
    """
    import docx  # noqa: PLC0415 - an extra

    document = docx.Document(io.BytesIO(_empty(issue.house)))
    book = sheets(issue, drawn=False)
    body = document.element.body
    end = body[-1]  # the section, which must stay the last
    writer = Writer(body, book.places().keys(), _Links(document))
    _front(issue, writer, body, book)
    for part in book.parts:
        writer.part(part)
    body.append(end)
    _running(issue, document)
    _properties(issue, document)
    return _packed(document)


def _empty(house: House) -> bytes:
    """A document without content, in the colours of the house."""
    folder = files("briefing.outputs").joinpath("templates", "word")
    read = {name: folder.joinpath(file).read_text("utf-8") for name, file in _PARTS.items()}
    colours = {"accent": house.accent.lstrip("#").upper(), "warning": house.warning.lstrip("#").upper()}
    read["word/styles.xml"] = Template(read["word/styles.xml"]).substitute(colours)
    return archive(File(name, text.encode(), stored=True) for name, text in read.items())


def _packed(document: Document) -> bytes:
    """The document with its parts in a fixed order, and without a clock."""
    saved = io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as opened:
        # The list of kinds is looked for first.
        names = sorted(opened.namelist(), key=lambda name: (name != "[Content_Types].xml", name != "_rels/.rels", name))
        return archive([File(name, opened.read(name)) for name in names])


class _Links:
    """Addresses that the document leads to, each with one relationship."""

    def __init__(self, document: Document) -> None:
        self._relations = document.part.rels
        self._known: dict[str, str] = {}

    def __call__(self, target: str) -> str:
        from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415 - an extra

        if target not in self._known:
            name = f"link{len(self._known) + 1}" if len(target) <= _LONGEST else ""
            self._known[target] = name
            if name:
                # python-docx itself would look through all of them for each.
                self._relations.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, target, name, is_external=True)
        return self._known[target]


def _front(issue: Issue, writer: Writer, body: Any, book: Sheets) -> None:
    language = tongue(issue.language)
    for said in dict.fromkeys(map(one_line, (issue.house.name, issue.site_title))):
        if said:
            writer.line("Site", (Run(said, language),), language)
    writer.line("Title", (Run(one_line(issue.title), language),), language)
    writer.line("Subtitle", (Run(f"Issue {issue_parts.name(issue)}, {period_words(issue.first, issue.last)}"),))
    writer.blocks(book.front)
    _contents(body, book)


def _contents(body: Any, book: Sheets) -> None:
    """A field that lists the parts; what it will show is in it already (section 17.16.5.68)."""
    block = sub(body, "sdt")
    gallery = sub(sub(block, "sdtPr"), "docPartObj")
    sub(gallery, "docPartGallery", val="Table of Contents")
    sub(gallery, "docPartUnique")
    inside = sub(block, "sdtContent")
    run(paragraph(inside, "TOCHeading"), "Contents")
    for at, part in enumerate(book.parts):
        line = paragraph(inside, "TOC1")
        if not at:
            sub(sub(line, "r"), "fldChar", fldCharType="begin")
            sub(sub(line, "r"), "instrText").text = f" {_CONTENTS} "
            sub(sub(line, "r"), "fldChar", fldCharType="separate")
        link = sub(line, "hyperlink", anchor=bookmark(part.place), history="1")
        run(link, part.title)
    sub(sub(line, "r"), "fldChar", fldCharType="end")


def _running(issue: Issue, document: Document) -> None:
    """The issue at the head of all pages but the first, its footer and the number of the page at their foot."""
    section = document.sections[0]
    language = tongue(issue.language)
    section.header.is_linked_to_previous = False
    head = section.header.paragraphs[0]._p  # noqa: SLF001 - the element, which has no other name
    title = f"{one_line(issue.site_title)}: {one_line(issue.title)}"
    run(head, shorten(title, _RUNNING), "", language, serif=False)
    tab(head)
    run(head, f"Issue {issue.period}, version {issue.version}")
    section.first_page_header.is_linked_to_previous = False
    for foot in (section.footer, section.first_page_footer):
        foot.is_linked_to_previous = False
        line = foot.paragraphs[0]._p  # noqa: SLF001 - the same
        run(line, shorten(issue.house.footer, _RUNNING), "", language, serif=False)
        tab(line)
        run(line, "Page ")
        field(line, "PAGE", "1")
        run(line, " of ")
        field(line, "NUMPAGES", "1")


def _properties(issue: Issue, document: Document) -> None:
    """What file managers and libraries show of the document; its times are that of the issue."""
    said = document.core_properties
    moment = issue.as_of.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    said.title = _property(f"{one_line(issue.title)} {issue.period}")
    said.author = said.last_modified_by = _property(issue.site_title)
    said.subject = _property(words.period(issue))
    said.keywords = _property(", ".join(words.heading(section) for section in issue.topics))
    said.identifier = _property(words.address(issue))
    said.language = words.INTERFACE
    said.created = said.modified = moment
    said.revision = issue.version
    said.version = str(issue.version)


def _property(text: str) -> str:
    return shorten(clean(text), _PROPERTY)
