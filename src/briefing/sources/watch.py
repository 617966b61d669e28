"""Standing pages (fact sheets, positions): one page at one address, of which only the edits are news."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from briefing.model import Entry, Parsed
from briefing.sources import article

if TYPE_CHECKING:
    from briefing.model import Fetched, Source


def parse(source: Source, fetched: Fetched, known: frozenset[str]) -> Parsed:
    """Read the page by the source's article rules, as the one entry of its source.

    Raises:
        ParseError: the answer is no document that can be read (`not-a-feed`), or it holds no text (`unparsable`).
    """
    read = article.read(source, fetched)
    digest = hashlib.sha256(f"{read.title}\0{read.html}\0{read.problem}".encode()).hexdigest()
    form = "standing page"
    if digest in known:
        return Parsed(entries=(), unchanged=(digest,), form=form, title=read.title)
    entry = Entry(
        url=source.url,
        title=read.title or source.name,
        digest=digest,
        guid=f"watch:{source.id}",
        text=read.text,
        html=read.html,
        complete=True,
        page=True,
        page_title=read.title,
        problem=read.problem,
        published=read.published,
        language=read.language,
    )
    return Parsed(entries=(entry,), form=form, title=read.title)
