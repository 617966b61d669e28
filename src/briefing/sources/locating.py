"""Where on a page a passage stands, as a selector that an editor can paste under `article.drop`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from briefing.sources import picking
from briefing.sources.pdf import is_pdf
from briefing.text import same_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefing.model import Fetched, Source

_NAME = re.compile(r"[A-Za-z][\w-]*")
_MADE = re.compile(r"\d{3,}|[0-9a-f]{8,}")  # names that programs make anew each time
_UP = 4  # elements above a passage among which one with a name is sought
_MOST = 3.0  # how much longer than the passage what is dropped may be


def locate(source: Source, fetched: Fetched, lines: Mapping[int, str]) -> dict[int, str]:  # noqa: ARG001 - all tasks share one signature
    """The selector of the element that holds each of these lines; lines that no named element holds alone are missing.

    Raises:
        ParseError: the answer is no web page.
    """
    if is_pdf(fetched.body):
        return {}
    root, _, _ = picking.page_of(fetched, "an article")
    wanted = {number: same_words(line) for number, line in lines.items()}
    return {number: found for number, words in wanted.items() if words and (found := _of(root, words))}


def _of(root: Any, words: str) -> str:
    deepest = None
    for element in root.iter(etree.Element):
        if element.tag not in {"html", "head", "title", "script", "style"} and words in same_words(
            element.text_content()
        ):
            deepest = element  # the document's order puts what is inside behind what is around
    for _ in range(_UP):
        if deepest is None or deepest.tag in {"body", "html", "main", "article"}:
            return ""
        if len(same_words(deepest.text_content())) > _MOST * len(words) + 40:
            return ""
        if name := _named(deepest):
            return name if _alone(root, name, words) else ""
        deepest = deepest.getparent()
    return ""


def _named(element: Any) -> str:
    """The element by its id or class, where it has one that a person gave."""
    if (name := element.get("id") or "") and _NAME.fullmatch(name) and not _MADE.search(name):
        return f"#{name}"
    for name in (element.get("class") or "").split():
        if _NAME.fullmatch(name) and not _MADE.search(name):
            return f"{element.tag}.{name}"
    return ""


def _alone(root: Any, selector: str, words: str) -> bool:
    """Whether a selector takes little else: nobody is told to drop the text itself."""
    taken = sum(len(same_words(element.text_content())) for element in picking.elements(root, selector))
    body = root.find("body")
    whole = len(same_words((body if body is not None else root).text_content()))
    return taken <= max(_MOST * len(words) + 200, whole / 10) and taken < whole / 2
