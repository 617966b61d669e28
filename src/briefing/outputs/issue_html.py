"""An issue as one HTML page: self-contained, printable on A4, for light and dark, for eyes and ears.

Everything that comes from outside passes through autoescaping; the few pieces of markup made here are built with
`markupsafe`.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from briefing.documents import House
from briefing.outputs import ahead_words, drafts, figures, issue_parts, issue_proof, overrides
from briefing.outputs import issue_words as words
from briefing.outputs.addresses import is_web, uri
from briefing.outputs.passages import compared
from briefing.outputs.wording import period_words, quoted, right_to_left
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefing.documents import Alteration, Figure, Issue
    from briefing.model import Item
    from briefing.outputs.passages import Runs

RENDERER = "6"
TEMPLATE = "issue.html.jinja"

_CHAPTERS = (
    ("revised", ""),
    ("highlights", "Highlights"),
    ("coverage", "Coverage"),
    ("statements", "Official statements by country"),
    ("topics", "Topics"),
    ("analysis", "Analysis"),
    ("changed", "Changed after publication"),
    ("ahead", "Ahead"),
    ("figures", "In figures"),
    ("annex", "Annex"),
    ("sources", "Sources"),
    ("corrections", "Corrections"),
    ("quote", "How to quote"),
    ("check", "How to check"),
)


def render(issue: Issue) -> bytes:
    """The issue as HTML in UTF-8."""
    page = ""
    if issue.templates:
        with suppress(overrides.Broken):  # `warnings` says so; a reader gets the issue all the same
            page = _own(issue)
    return clean(page or _environment().get_template(TEMPLATE).render(_values(issue))).encode()


def warnings(issue: Issue) -> tuple[str, ...]:
    """Why the page was not made with the user's own templates, where it was not."""
    try:
        if issue.templates:
            _own(issue)
    except overrides.Broken as broken:
        return (f"{broken}; the page was made with our own template",)
    return ()


def faults(templates: Mapping[str, str]) -> tuple[overrides.Fault, ...]:
    """What is wrong with own templates, or missing in them."""
    return tuple(overrides.faults(_environment(), templates))


def _own(issue: Issue) -> str:
    values = _values(issue) | {"renderer": RENDERER + overrides.mark(issue.templates)}
    return overrides.rendered(_environment(), TEMPLATE, issue.templates, values)


def _values(issue: Issue) -> dict[str, Any]:
    return {
        "issue": issue,
        "words": words,
        "parts": issue_parts,
        "ahead": ahead_words,
        "address": words.address(issue),
        "places": words.places(issue),
        "known": issue_parts.numbers(issue),
        "numbered": {one.number: one.item for one in issue.references},
        "notice": drafts.notice(issue),
        "usual": House(),
        "chapters": _chapters(issue),
        "running": f"{one_line(issue.site_title)}: {one_line(issue.title)}",
        "renderer": RENDERER,
        "proof": issue_proof.rows(issue),
    }


def _chapters(issue: Issue) -> list[tuple[str, str]]:
    """The chapters that the issue has, by their places and short titles."""
    without = {name for name, held in (("revised", issue.revised), ("figures", issue.figures)) if not held}
    titles = {"revised": issue_parts.revised_title(issue)}
    return [(name, titles.get(name, title)) for name, title in _CHAPTERS if name not in without]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("briefing.outputs"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "css_string": _css_string,
        "dir": _dir,
        "drawn": _drawn,
        "figures": figures.rows,
        "hreflang": _hreflang,
        "is_web": is_web,
        "lang": _lang,
        "naming": _naming,
        "one_line": one_line,
        "period_words": period_words,
        "quoted": quoted,
        "sides": _sides,
        "uri": uri,
    }
    return environment


def _lang(code: str) -> Markup:
    """The attributes of a passage: its language where that is not the page's, its direction where that is known."""
    return (Markup(' lang="{}"').format(code) if words.foreign(code) else Markup()) + _dir(code)


def _dir(code: str) -> Markup:
    return Markup(' dir="rtl"') if right_to_left(code) else Markup()


def _hreflang(code: str) -> Markup:
    return Markup(' hreflang="{}"').format(code) if words.foreign(code) else Markup()


def _css_string(text: str) -> Markup:
    """A text as a CSS string (CSS Syntax Module Level 3, section 4.3.5) that cannot end the style element either."""
    safe = (sign if sign.isalnum() or sign in " ,.:-" else f"\\{ord(sign):06x}" for sign in text)
    return Markup(f'"{"".join(safe)}"')  # noqa: S704 - every sign that is markup in HTML or CSS is escaped above


def _naming(said: str, item: Item | None) -> Markup:
    """A sentence of ours in which the title of an item is marked with its language."""
    title = one_line(item.title) if item is not None else ""
    before, found, after = said.partition(title) if title else (said, "", "")
    if item is None or not found:
        return escape(said)
    return Markup("{}<span{}>{}</span>{}").format(before, _lang(words.language(item)), found, after)


def _drawn(figure: Figure) -> Markup:
    """A chart as two drawings, of which the style sheet shows one: for pages and for telephones."""
    wide, narrow = figures.svg(figure), figures.svg(figure, width=figures.NARROW, prefix="narrow-")
    return Markup(f'<div class="wide">{wide}</div>\n<div class="narrow">{narrow}</div>')  # noqa: S704 - see there


def _sides(change: Alteration) -> tuple[Runs, Runs]:
    return compared(one_line(change.before), one_line(change.after))
