"""DOOR 3: from an edition to a document. Every renderer is pure: the same input gives the same bytes.

A new format is a module with a `render` and one line here. One that needs an extra imports what the extra brings only
in `render`, and names both here: then everything else works without.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from briefing.outputs import (
    atom,
    epub,
    ics,
    issue_html,
    issue_json,
    issue_markdown,
    issue_text,
    jsonfeed,
    overrides,
    pdf,
    rss,
    word,
)
from briefing.outputs.length import length
from briefing.outputs.opml import render as opml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from briefing.documents import Feed, Issue, Timetable


class Format(NamedTuple):
    """A format of issues: the name of its file, its renderer, the extra that brings what the renderer needs, and the
    modules that are there where the extra is.

    `warnings` says in sentences what of an issue the format cannot show as it is.
    """

    file: str
    render: Callable[[Issue], bytes]
    extra: str = ""
    needs: tuple[str, ...] = ()
    warnings: Callable[[Issue], tuple[str, ...]] = lambda _: ()

    @property
    def installed(self) -> bool:
        """Whether issues can be made in this format here."""
        return all(find_spec(name) is not None for name in self.needs)


FEEDS: dict[str, Callable[[Feed], bytes]] = {"rss": rss.render, "atom": atom.render, "json": jsonfeed.render}
"""The formats of feeds by the ending of their files."""

ISSUES: dict[str, Format] = {
    "html": Format("index.html", issue_html.render, warnings=issue_html.warnings),
    "markdown": Format("briefing.md", issue_markdown.render),
    "text": Format("briefing.txt", issue_text.render),
    "json": Format("briefing.json", issue_json.render),
    "pdf": Format("briefing.pdf", pdf.render, extra="pdf", needs=("typst", "fontTools"), warnings=pdf.warnings),
    "docx": Format("briefing.docx", word.render, extra="docx", needs=("docx",)),
    "epub": Format("briefing.epub", epub.render),
}
"""The formats of issues by their names in sources.yaml."""

CALENDARS: dict[str, Callable[[Timetable], bytes]] = {ics.ENDING: ics.render}
"""The formats of calendars by the ending of their files."""

RENDERER: str = issue_html.RENDERER
"""The version of the renderers of issues, raised whenever the bytes of an issue would change."""


def renderer(issue: Issue) -> str:
    """The version of the renderers that make an issue, and the mark of the user's own templates that take part."""
    return RENDERER + overrides.mark(issue.templates)


def lacking(names: Iterable[str]) -> tuple[str, ...]:
    """Those of these formats that cannot be made here, because their extra is not installed."""
    return tuple(name for name in names if not ISSUES[name].installed)


def remedy(names: Iterable[str]) -> str:
    """The command that adds what formats need."""
    extras = sorted({ISSUES[name].extra for name in names})
    return f"pip install 'briefing[{','.join(extras)}]'"


__all__ = ["CALENDARS", "FEEDS", "ISSUES", "RENDERER", "Format", "lacking", "length", "opml", "remedy", "renderer"]
