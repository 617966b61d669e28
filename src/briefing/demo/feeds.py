"""What the institutions of the world offer to be read by machines: one function a form.

Each takes the institution, what it shows in a round and the round's number, and gives the document as text in which
`{{base}}` stands for the address of the world.
"""

from __future__ import annotations

import json
from datetime import UTC
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from briefing.demo.pages import listing, paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from briefing.demo.content import Publication
    from briefing.demo.institutions import Form, Institution

    Writer = Callable[[Institution, Sequence[Publication], int], str]

SUBSCRIBERS_ONLY = "/gazette/subscribers/tide-tables.html"


def _text(value: str) -> str:
    return escape(value, quote=False)


def _link(path: str) -> str:
    return "{{base}}" + path


def _lead(item: Publication, number: int) -> str:
    return item.text(number).split("\n\n")[0]


def _html_listing(place: Institution, shown: Sequence[Publication], _: int) -> str:
    return listing(place, shown)


def _rdf(place: Institution, shown: Sequence[Publication], number: int) -> str:
    """RSS 1.0 with Dublin Core dates; first paragraphs only."""
    order = "".join(f'<rdf:li rdf:resource="{_link(item.path)}"/>' for item in shown)
    items = "\n".join(
        f'<item rdf:about="{_link(item.path)}"><title>{_text(item.title)}</title><link>{_link(item.path)}</link>'
        f"<dc:date>{item.published.isoformat()}</dc:date><description>{_text(_lead(item, number))}</description></item>"
        for item in shown
    )
    return f"""<?xml version="1.0" encoding="{place.encoding}"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="{_link(place.feed)}"><title>{_text(place.name)}</title><link>{_link(place.home)}</link>
<description>{_text(place.name)}</description><items><rdf:Seq>{order}</rdf:Seq></items></channel>
{items}
</rdf:RDF>
"""


def _rss(place: Institution, shown: Sequence[Publication], number: int) -> str:
    """RSS 2.0: whole texts in the description, whole texts in content:encoded, or a summary, as the form says."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>{_text(place.name)}</title><link>{_link(place.home)}</link>
<description>{_text(place.name)}</description><language>{place.language}</language>
{"".join(_rss_item(item, number) for item in shown)}</channel></rss>
"""


def _rss_item(item: Publication, number: int) -> str:
    form = item.institution.form
    whole = _text(paragraphs(item.text(number)))
    description = whole if form == "rss" else _text(_lead(item, number))
    encoded = f"<content:encoded>{whole}</content:encoded>" if form == "rss-full" else ""
    author = f"<dc:creator>{_text(item.author)}</dc:creator>" if item.author else ""
    return (
        f"<item><title>{_text(item.title)}</title><link>{_link(item.path)}</link>"
        f'<guid isPermaLink="false">{item.institution.id}:{item.slug}</guid>'
        f"<pubDate>{format_datetime(item.published)}</pubDate>{author}"
        f"<description>{description}</description>{encoded}</item>\n"
    )


def _atom(place: Institution, shown: Sequence[Publication], number: int) -> str:
    """Atom 1.0 with whole texts."""
    updated = max(item.published for item in shown).astimezone(UTC).isoformat()
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{place.language}">
<id>{_link(place.home)}</id><title>{_text(place.name)}</title><updated>{updated}</updated>
<link rel="self" href="{_link(place.feed)}"/><link href="{_link(place.home)}"/>
{"".join(_atom_entry(item, number) for item in shown)}</feed>
"""


def _atom_entry(item: Publication, number: int) -> str:
    stamp = item.published.isoformat()
    return (
        f"<entry><id>{entry_id(item, number)}</id><title>{_text(item.title)}</title>"
        f'<link href="{_link(item.path)}"/><published>{stamp}</published><updated>{stamp}</updated>'
        f"<author><name>{_text(item.author or item.institution.name)}</name></author>"
        f'<content type="html">{_text(paragraphs(item.text(number)))}</content></entry>\n'
    )


def entry_id(item: Publication, number: int) -> str:
    """The Atom id of an entry in a round: a new system gave every entry another one."""
    since = item.institution.new_ids_from
    if since is not None and number >= since:
        return uuid5(NAMESPACE_URL, item.path).urn
    return f"tag:meridian.example,2020:{item.slug}"


def _jsonfeed(place: Institution, shown: Sequence[Publication], number: int) -> str:
    """JSON Feed 1.1 with whole texts."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": place.name,
        "home_page_url": _link(place.home),
        "feed_url": _link(place.feed),
        "language": place.language,
        "items": [_json_item(item, number) for item in shown],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_item(item: Publication, number: int) -> dict[str, object]:
    entry: dict[str, object] = {
        "id": f"tsc-{item.slug}",
        "url": _link(item.path),
        "title": item.title,
        "content_html": paragraphs(item.text(number)),
    }
    return entry | ({"date_published": item.published.isoformat()} if item.dated else {})


def _news_sitemap(place: Institution, shown: Sequence[Publication], _: int) -> str:
    """A sitemap with the news extension, and an address in it that is for subscribers only."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>{_link(SUBSCRIBERS_ONLY)}</loc></url>
{"".join(_news_url(place, item) for item in shown)}</urlset>
"""


def _news_url(place: Institution, item: Publication) -> str:
    return (
        f"<url><loc>{_link(item.path)}</loc><news:news><news:publication><news:name>{_text(place.name)}</news:name>"
        f"<news:language>{item.language}</news:language></news:publication>"
        f"<news:publication_date>{item.published.isoformat()}</news:publication_date>"
        f"<news:title>{_text(item.title)}</news:title></news:news></url>\n"
    )


# What a form is written by, and under which content type it is served.
FORMS: Mapping[Form, tuple[Writer, str]] = {
    "days": (_html_listing, "text/html; charset=utf-8"),
    "eras": (_html_listing, "text/html; charset=utf-8"),
    "rdf": (_rdf, "text/xml; charset=windows-1251"),
    "rss": (_rss, "application/rss+xml"),
    "rss-full": (_rss, "application/rss+xml; charset=utf-8"),
    "rss-summary": (_rss, "text/xml"),
    "atom": (_atom, "application/atom+xml"),
    "jsonfeed": (_jsonfeed, "application/feed+json"),
    "news-sitemap": (_news_sitemap, "application/xml"),
}
