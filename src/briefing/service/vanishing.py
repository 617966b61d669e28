"""Pages that answer with something else than themselves: no edit, no withdrawal, but told in their source's health."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from briefing.errors import SourceError
from briefing.fetch import PAGE_ACCEPT
from briefing.noise import text_print
from briefing.observe.absence import alike, lost, neighbour, words_of_absence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefing.model import Article, Fetched, Source
    from briefing.service.rechecking import Looker


def says_so(article: Article, held: Mapping[str, Any], *, withdrawn: bool = False) -> str:
    """What a page says of its own absence, where nearly nothing of the text held is left; empty for none.

    Of an item that was `withdrawn` the words are enough: its page is not back yet.
    """
    if article.problem or not (withdrawn or lost(held["text"], article.text)):
        return ""
    words = words_of_absence(article.title, article.text)
    # A statement on pages that were not found may itself be lost, or rewritten.
    own = words and words_of_absence(held["page_title"] or held["title"], held["text"])
    return f'it says "{words}"' if words and not own else ""


def emptied(article: Article, held: Mapping[str, Any]) -> str:
    """A print of the page's text where nearly nothing of the text held is left; empty where some is."""
    return text_print(article.text, article.html) if lost(held["text"], article.text) else ""


async def stands_anywhere(looker: Looker, source: Source, fetched: Fetched, article: Article) -> str:
    """What shows that the same page stands at an address where nothing can; empty where it does not.

    That costs a request, and is asked only where a text seems to be another altogether.
    """
    beside = neighbour(fetched.url)
    if not beside:
        return ""
    try:
        answer = await looker.fetcher.get(beside, accept=PAGE_ACCEPT, obey_robots=True)
        if fetched.redirects and answer.final_url == fetched.final_url:
            return f"it leads to {answer.final_url}, as every address there does"
        other = await looker.workers.read_article(source, answer)
    except SourceError:
        return ""  # what is not there is told apart: the page is itself
    return "an invented address beside it gives the same page" if alike(article, other) else ""
