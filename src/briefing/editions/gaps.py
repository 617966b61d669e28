"""Entries of the feed of how sources do: possible gaps, and other addresses that are proposed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from briefing.documents import FeedEntry
from briefing.editions.entries import urn
from briefing.editions.words import LANGUAGE, count_words
from briefing.text import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from briefing.model import Gap, Move, Site, Source


def gap_entry(gap: Gap, *, site: Site, source: Source) -> FeedEntry:
    """A possible gap: one entry, which changes when the gap is closed."""
    name = one_line(source.name)
    found = f"{count_words(gap.items, 'item')} found in it"
    if gap.state == "closed":
        title, told = f"{name}: a gap was closed", f"Older pages led back to what was known; {found}."
    else:
        title = f"{name}: some of what it published may be missing"
        told = "Its list moved on between two visits further than it is long, and nothing led back to what was known; "
        told += f"{found}."
    span = f"Between {gap.since:%Y-%m-%d %H:%M} and {gap.until:%Y-%m-%d %H:%M} UTC. {told}"
    return _entry(f"gap/{gap.position}", title, span, gap.at, gap.settled_at or gap.at, site=site, source=source)


def move_entry(move: Move, *, site: Site, source: Source) -> FeedEntry:
    """Another address that is proposed for a source; `since` must be known."""
    assert move.since is not None
    what = "has moved to" if move.why == "redirect" else "names as its own address"
    title = f"{one_line(source.name)} {what} {move.to}"
    told = f"It {what} {move.to}. Accept with: briefing source accept-move {move.source}"
    return _entry(f"move/{source.id}/{move.to}", title, told, move.since, move.since, site=site, source=source)


def _entry(
    name: str, title: str, told: str, published: datetime, updated: datetime, *, site: Site, source: Source
) -> FeedEntry:
    about = f"{site.url}/sources/{source.id}"
    return FeedEntry(
        id=urn(f"{site.url}/health/{name}"),
        title=title,
        url=about,
        about=about,
        html=f'<p lang="{LANGUAGE}">{escape(told)}</p>',
        summary=told,
        published=published,
        updated=updated,
        language=LANGUAGE,
    )
