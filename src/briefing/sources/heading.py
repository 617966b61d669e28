"""What a feed says of itself, where that is so plain that feedparser need not be asked.

Where every entry is known or plain, nothing is left for feedparser but the feed's own title, address and language; to
begin and to end it for their sake costs more than all that remains to be done.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefing.sources.plain import ADDRESS, HTML

if TYPE_CHECKING:
    from collections.abc import Callable

_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS1 = "{http://purl.org/rss/1.0/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Namespaces by which feedparser tells forms apart, as it spells them, whichever of them a feed names first.
_TELLING = frozenset(
    {"http://my.netscape.com/rdf/simple/0.9/", "http://purl.org/rss/1.0/", "http://www.w3.org/2005/atom"}
)

_LANGUAGE = re.compile("[A-Za-z]+(?:-[A-Za-z0-9]+)*")
_LINK = f"{_ATOM}link"
_ELSEWHERE = frozenset({"self", "hub", "next", "first", "last"})
_PERSONS = frozenset({f"{_ATOM}author", f"{_ATOM}contributor"})
_OF_PERSONS = frozenset({f"{_ATOM}name", f"{_ATOM}email", f"{_ATOM}uri"})
_GENERATORS = frozenset({"generator", f"{_ATOM}generator"})
_FIELDS = {
    "title": "title", "link": "home", "language": "language", f"{_ATOM}title": "title",
    f"{_RSS1}title": "title", f"{_RSS1}link": "home", "{http://purl.org/dc/elements/1.1/}language": "language",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """A feed's form, as feedparser calls it, its title, the address of its site and its language.

    `links` are pairs of relation and address that lead to itself, its hub and its other pages, `generator` the program
    that made it with its address.
    """

    version: str
    title: str
    home: str
    language: str | None
    links: tuple[tuple[str, str], ...] = ()
    generator: str = ""


def plain_heading(root: Any, repaired: Callable[[str], str]) -> Heading | None:
    """What feedparser would say of a feed whose entries were taken out; None where it has to say so itself.

    `repaired` does to a text what feedparser does to every text.
    """
    version, own = _form(root)
    if own is None or _loose(own):
        return None
    language = root.get(_LANG)
    read: dict[str, str] = {} if language is None else {"language": language}
    links = []
    made_by = ""
    for child in own:
        if child.tag in _PERSONS and all(part.tag in _OF_PERSONS and not len(part) for part in child):
            continue  # what else stands in it feedparser may take for what the feed says of itself
        if _leads_elsewhere(child):
            links.append((child.get("rel", ""), child.get("href", "")))
            continue
        if child.tag in _GENERATORS and not len(child) and not made_by:
            made_by = f"{repaired((child.text or '').strip())} {child.get('uri', '')}".strip()
            continue
        name = _FIELDS.get(child.tag, "home" if child.tag == _LINK else None)
        said = child.get("href", "") if child.tag == _LINK else repaired((child.text or "").strip())
        if name is None or name in read or len(child) or not _unattributed(child, name):
            return None
        read[name] = said
    home = read.get("home", "")
    heading = Heading(version, read.get("title", ""), home, read.get("language"), tuple(links), made_by)
    return heading if _plain(heading) else None


def _plain(heading: Heading) -> bool:
    return (
        not HTML.search(heading.title)
        and not HTML.search(heading.generator)
        and (not heading.home or ADDRESS.fullmatch(heading.home) is not None)
        and (heading.language is None or _LANGUAGE.fullmatch(heading.language) is not None)
    )


def _leads_elsewhere(child: Any) -> bool:
    """Whether it is a link to something else than the site: to the feed itself, to a hub."""
    relation = child.get("rel", "alternate")
    return child.tag == _LINK and not len(child) and relation in _ELSEWHERE


def _form(root: Any) -> tuple[str, Any]:
    """The form, and the element in which a feed of that form speaks of itself; None where it is not plain."""
    named = {uri.lower() for uri in root.nsmap.values()} & _TELLING
    attributes = dict(root.attrib)
    if root.tag == "rss":
        plain = attributes == {"version": "2.0"} and named <= {"http://www.w3.org/2005/atom"}
        return "rss20", _only(root, "channel", frozenset()) if plain else None
    if root.tag == f"{_RDF}RDF":
        plain = not attributes and named == {"http://purl.org/rss/1.0/"}
        return "rss10", _only(root, f"{_RSS1}channel", frozenset({f"{_RDF}about"})) if plain else None
    plain = root.tag == f"{_ATOM}feed" and attributes.keys() <= {_LANG} and named == {"http://www.w3.org/2005/atom"}
    return "atom10", root if plain else None


def _only(root: Any, tag: str, attributes: frozenset[str]) -> Any:
    """The one element in the root, if it is of this name and has no other attributes."""
    if len(root) != 1 or root[0].tag != tag or not attributes.issuperset(root[0].keys()):
        return None
    return root[0]


def _loose(own: Any) -> bool:
    """Whether words stand between the elements."""
    return any((text or "").strip() for text in (own.text, *(child.tail for child in own)))


def _unattributed(child: Any, name: str) -> bool:
    attributes = dict(child.attrib)
    if child.tag == _LINK:
        told = {"rel": "alternate", "type": "text/html"} | attributes
        return told.keys() == {"rel", "type", "href"} and told["rel"] == "alternate" and told["type"] == "text/html"
    return not attributes or (name == "title" and attributes == {"type": "text"} and child.tag.startswith(_ATOM))
