"""What an EPUB says of itself: package document, navigation document, and the NCX of EPUB 2.

EPUB 3.3, sections 5 and 7; EPUB Accessibility 1.1, section 2 (what a reader can know before opening it). Conformance
with WCAG is not claimed: that takes somebody who has looked at the issue.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from briefing.outputs import issue_words as words
from briefing.outputs.item_blocks import tongue
from briefing.outputs.wording import right_to_left
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from briefing.documents import Issue

SUMMARY = (
    "Parts, sections and items have headings; every passage is marked with its language and direction; each chart has "
    "a text alternative and the table behind it."
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the book in reading order, with the headings that contents name below it; `drawn`: it holds SVG."""

    file: str
    title: str
    listed: tuple[tuple[str, str], ...] = ()
    drawn: bool = False

    @property
    def id(self) -> str:
        """Its name in the package document."""
        return f"page-{self.file.partition('.')[0]}"


@dataclass(frozen=True, slots=True)
class Volume:
    """An issue with its pages."""

    issue: Issue
    pages: tuple[Page, ...]


def identifier(issue: Issue) -> str:
    """The name of an issue, the same for all its versions: those differ in when they were modified."""
    return uuid.uuid5(uuid.NAMESPACE_URL, words.latest(issue)).urn


def package(volume: Volume) -> bytes:
    """The package document."""
    return _written("package.opf.jinja", volume)


def navigation(volume: Volume) -> bytes:
    """The list of contents."""
    return _written("nav.xhtml.jinja", volume)


def ncx(volume: Volume) -> bytes:
    """The list of contents for readers of EPUB 2."""
    return _written("toc.ncx.jinja", volume)


def _written(name: str, volume: Volume) -> bytes:
    issue = volume.issue
    page = (
        _environment()
        .get_template(name)
        .render(
            issue=issue,
            pages=volume.pages,
            identifier=identifier(issue),
            title=f"{one_line(issue.title) or issue.briefing} {issue.period}",
            modified=issue.as_of.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            language=words.INTERFACE,
            others=[code for code in issue.languages if tongue(code)],
            titled=tongue(issue.language),
            rtl=right_to_left(issue.language),
            address=words.address(issue),
            citation=words.citation(issue),
            charts=bool(issue.figures),
            summary=SUMMARY,
        )
    )
    return clean(page).encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("briefing.outputs", "templates/epub"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["one_line"] = one_line
    return environment
