"""The style of the house on the site: its colours as a style sheet, for pages carry none of their own."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from briefing.model import House
from briefing.web import answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from briefing.web.frame import Frames

ADDRESS = "/house.css"

_USUAL = House()
_RULES = """\
@media screen {{ :root {{ --accent: {0.accent}; --warn: {0.warning}; }} }}
@media screen and (prefers-color-scheme: dark) {{ :root {{ --accent: {0.accent_dark}; --warn: {0.warning_dark}; }} }}
"""


def sheet(style: House) -> str:
    """The colours of a house as CSS; empty for the usual ones."""
    held = (style.accent, style.accent_dark, style.warning, style.warning_dark)
    usual = (_USUAL.accent, _USUAL.accent_dark, _USUAL.warning, _USUAL.warning_dark)
    return "" if held == usual else _RULES.format(style)


def address(style: House) -> str:
    """Where a page finds the colours of a house, a new address for new ones; empty for the usual ones."""
    css = sheet(style)
    return f"{ADDRESS}?{hashlib.sha256(css.encode()).hexdigest()[:12]}" if css else ""


def endpoint(frames: Frames) -> Callable[[Request], Response]:
    """Answers with the colours of now."""

    def answer(request: Request) -> Response:
        css = sheet(frames.make(request.scope.get("root_path", "")).house.style)
        return answers.answer(request, css.encode(), kind="text/css; charset=utf-8", keep=answers.ALWAYS_ASK)

    return answer
