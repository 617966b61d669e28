"""DOOR 1: from fetched bytes to entries, one module a kind.

A new kind of source is one module with a `parse` like the others' and one line in `KINDS`. Nothing here imports a
parser until one is called, and it is called in a worker process: see `briefing.sources.workers`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, cast

from briefing.sources.letting import chooses, let_in
from briefing.sources.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from briefing.model import Article, Fetched, Parsed, Source
    from briefing.sources.survey import Survey

    Parse = Callable[[Source, Fetched, frozenset[str]], Parsed]

__all__ = ["KINDS", "Workers", "chooses", "locate", "read_article", "read_saved", "survey"]


def _late(module: str) -> Parse:
    """The `parse` of a module that is imported when it is first called."""

    def parse(source: Source, fetched: Fetched, known: frozenset[str]) -> Parsed:
        parsed = cast("Parse", importlib.import_module(module).parse)(source, fetched, known)
        return let_in(source, fetched, parsed)

    return parse


# kind -> parse(source, fetched, digests of the entries known before). Raises ParseError.
KINDS: dict[str, Parse] = {
    "feed": _late("briefing.sources.feed"),
    "page": _late("briefing.sources.page"),
    "sitemap": _late("briefing.sources.sitemap"),
    "watch": _late("briefing.sources.watch"),
}


def read_article(source: Source, fetched: Fetched) -> Article:
    """Read an item's own page by the source's article rules, else find its main text.

    Raises:
        ParseError: the answer is no web page, or no text can be found in it.
    """
    return cast("Article", importlib.import_module("briefing.sources.article").read(source, fetched))


def locate(source: Source, fetched: Fetched, lines: Mapping[int, str]) -> dict[int, str]:
    """Selectors of the elements that hold these lines of an item's own page, by the keys of the lines.

    Raises:
        ParseError: the answer is no web page.
    """
    return cast("dict[int, str]", importlib.import_module("briefing.sources.locating").locate(source, fetched, lines))


def survey(_source: Source, fetched: Fetched) -> Survey:
    """Look at a document of which nothing is known yet; see `briefing.sources.survey`.

    Raises:
        ParseError: it is a web page that cannot be read.
    """
    return cast("Survey", importlib.import_module("briefing.sources.survey").survey(fetched))


def read_saved(_source: Source, held: Fetched) -> Fetched:
    """A saved page (its file's name in `final_url`, its address in `url` if known) as if it had been fetched.

    Raises:
        ParseError: it is no web page, or nothing says where it came from; see `briefing.sources.saved`.
    """
    saved = importlib.import_module("briefing.sources.saved")
    return cast("Fetched", saved.read(held.final_url, held.body, held.url))
