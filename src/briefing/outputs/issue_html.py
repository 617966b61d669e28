"""An issue as one HTML page: self-contained, printable on A4, for light and dark, for eyes and ears.

Everything that comes from outside passes through autoescaping; the few pieces of markup made here are built with
`markupsafe`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from briefing.outputs import ahead_words, issue_proof
from briefing.outputs import issue_words as words
from briefing.outputs.addresses import is_web, uri
from briefing.outputs.passages import compared
from briefing.outputs.wording import period_words, quoted, right_to_left
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from briefing.documents import Alteration, Issue
    from briefing.outputs.passages import Runs

RENDERER = "5"

_CHAPTERS = (
    ("highlights", "Highlights"),
    ("coverage", "Coverage"),
    ("statements", "Official statements by country"),
    ("topics", "Topics"),
    ("analysis", "Analysis"),
    ("ahead", "Ahead"),
    ("changed", "Changed after publication"),
    ("late", "Late arrivals"),
    ("others", "Without a topic"),
    ("sources", "Sources"),
    ("quote", "How to quote"),
    ("check", "How to check"),
)


def render(issue: Issue) -> bytes:
    """The issue as HTML in UTF-8."""
    page = (
        _environment()
        .get_template("issue.html.jinja")
        .render(
            issue=issue,
            words=words,
            ahead=ahead_words,
            address=words.address(issue),
            places=words.places(issue),
            chapters=_CHAPTERS,
            running=f"{one_line(issue.site_title)}: {one_line(issue.title)}",
            renderer=RENDERER,
            proof=issue_proof.rows(issue),
        )
    )
    return clean(page).encode()


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
        "hreflang": _hreflang,
        "is_web": is_web,
        "lang": _lang,
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


def _sides(change: Alteration) -> tuple[Runs, Runs]:
    return compared(one_line(change.before), one_line(change.after))
