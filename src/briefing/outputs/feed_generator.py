"""What RSS and Atom have in common: a feed built with feedgen, freed of the clock and of everything it cannot say.

feedgen stamps the present moment and its own name on each feed, writes dates under a changed process-wide locale,
loses the relation of an entry's links in Atom, and knows neither languages of entries nor authors without an e-mail
address in RSS. Its extension mechanism mends that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator

from briefing.outputs.addresses import absolute, uri
from briefing.text import one_line

if TYPE_CHECKING:
    from briefing.documents import Feed, FeedEntry

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MEDIA_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_EMAIL = re.compile(r"(?:mailto:)?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.ASCII)


def language_tag(code: str) -> str:
    """A language that checkers accept, or nothing: `und` (undetermined) says no more than silence does."""
    return code if _LANGUAGE.fullmatch(code) and code.lower() != "und" else ""


def title_of(entry: FeedEntry) -> str:
    """The title of an entry on one line; its address where it has none, for no format allows an empty one."""
    return one_line(entry.title) or entry.url


def generator_of(
    feed: Feed, ending: str, channel: type[BaseExtension], item: type[BaseEntryExtension]
) -> FeedGenerator:
    """A feedgen feed with all that both formats share; `channel` and `item` are the extensions of the format."""
    made = FeedGenerator()
    made.register_extension("briefing", channel, item)
    made.briefing.feed = feed
    made.id(uri(feed.id))
    made.title(one_line(feed.title) or feed.path)
    made.generator("")
    made.docs("")
    # There is no public way to leave the date of the last build out, and the present moment is not ours to tell.
    made._FeedGenerator__rss_lastBuildDate = None  # noqa: SLF001
    if tag := language_tag(feed.language):
        made.language(tag)
    made.link(_links(feed, ending))
    return made


def fill(made: FeedGenerator, entry: FeedEntry) -> Any:
    """Add an entry with what both formats share and return it for the rest."""
    added = made.add_entry(order="append")
    added.briefing.entry = entry
    added.id(entry.id)
    added.title(title_of(entry))
    added.link(href=uri(entry.url), rel="alternate")
    added.updated(entry.updated)
    if found := topics(entry):
        added.category([{"term": term, "label": label} for term, label in found])
    return added


def page_of(feed: Feed, entry: FeedEntry) -> str:
    """Our own page on an entry, where that is not what the entry links to anyway."""
    return absolute(feed.site_url, entry.about) if entry.about not in {"", entry.url} else ""


def topics(entry: FeedEntry) -> list[tuple[str, str]]:
    """Ids and names of the topics of an entry, safe for XML; what has no name goes by its id."""
    cleaned = ((one_line(term), one_line(label)) for term, label in entry.categories)
    return [(term, label or term) for term, label in cleaned if term]


def author(feed: Feed) -> dict[str, str]:
    """The author of a feed: its site, with the contact where that is an e-mail address."""
    person = {"name": one_line(feed.site_title) or feed.site_url, "uri": uri(feed.site_url)}
    if match := _EMAIL.fullmatch(feed.contact.strip()):
        person["email"] = match[1]
    return person


def people(entry: FeedEntry) -> list[str]:
    """The names an entry goes under: its authors, else the institution that published it."""
    return [name for name in map(one_line, entry.authors or (entry.origin,)) if name]


def _links(feed: Feed, ending: str) -> list[dict[str, str]]:
    base = absolute(feed.site_url, feed.path)
    links = [{"href": f"{base}.{ending}", "rel": "self", "type": MEDIA_TYPES[ending]}]
    for other, media_type in MEDIA_TYPES.items():
        if other != ending:
            links.append({"href": f"{base}.{other}", "rel": "alternate", "type": media_type})
    if feed.hub:  # WebSub, section 4
        links.append({"href": uri(feed.hub), "rel": "hub"})
    # The last alternate link is the one that feedgen makes the channel's own.
    links.append({"href": absolute(feed.site_url, feed.home), "rel": "alternate", "type": "text/html"})
    return links


__all__ = [
    "XML_LANG",
    "BaseEntryExtension",
    "BaseExtension",
    "author",
    "fill",
    "generator_of",
    "language_tag",
    "page_of",
    "people",
    "title_of",
    "topics",
]
