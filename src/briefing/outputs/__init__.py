"""DOOR 3: from an edition to a document. Every renderer is pure: the same input gives the same bytes.

A new format is a module with a `render` and one line here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from briefing.outputs import atom, epub, ics, issue_html, issue_json, issue_markdown, issue_text, jsonfeed, rss, word
from briefing.outputs.opml import render as opml

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefing.documents import Feed, Issue, Timetable


class Format(NamedTuple):
    """A format of issues: the name of its file, its renderer, and the extra that brings what the renderer needs."""

    file: str
    render: Callable[[Issue], bytes]
    extra: str = ""


FEEDS: dict[str, Callable[[Feed], bytes]] = {"rss": rss.render, "atom": atom.render, "json": jsonfeed.render}
"""The formats of feeds by the ending of their files."""

ISSUES: dict[str, Format] = {
    "html": Format("index.html", issue_html.render),
    "markdown": Format("briefing.md", issue_markdown.render),
    "text": Format("briefing.txt", issue_text.render),
    "json": Format("briefing.json", issue_json.render),
    "docx": Format("briefing.docx", word.render, extra="docx"),
    "epub": Format("briefing.epub", epub.render),
}
"""The formats of issues by their names in sources.yaml."""

CALENDARS: dict[str, Callable[[Timetable], bytes]] = {ics.ENDING: ics.render}
"""The formats of calendars by the ending of their files."""

RENDERER: str = issue_html.RENDERER
"""The version of the renderers of issues, raised whenever the bytes of an issue would change."""

__all__ = ["CALENDARS", "FEEDS", "ISSUES", "RENDERER", "Format", "opml"]
