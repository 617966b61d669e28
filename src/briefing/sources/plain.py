"""Entries so plain that what feedparser makes of them can be told without it.

feedparser spends a third of a millisecond on each entry, most of it on deciding what an element may mean. An entry is
plain when every element of it is one of a few, at most once, with none but harmless attributes, and with texts in
which nothing could be taken for markup: of those there is but one reading. Whatever else there is goes to feedparser.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS1 = "{http://purl.org/rss/1.0/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = f"{_RDF}about"

# Elements by which nothing of what we ask changes, whatever stands in them; but see `tells`.
UNUSED = (
    "{http://search.yahoo.com/mrss", "{http://purl.org/rss/1.0/modules/slash/", "{http://wellformedweb.org/CommentAPI/",
    "{http://purl.org/syndication/thread/", "{http://www.georss.org/", "{http://www.opengis.net/gml",
    "{http://www.w3.org/2003/01/geo/", "{http://purl.org/rss/1.0/modules/syndication/",
)  # fmt: skip
_MEDIA = re.compile(r"\{http://search\.yahoo\.com/mrss/?\}")
_TITLES = frozenset({"title"})
_TEXTS = frozenset({"description", "summary", "content", "encoded", "body", "div", "full-text"})
_TAGS = frozenset({"category", "keywords"})
_SKIPPED = frozenset({"enclosure", "comments"})

# An address that is absolute whatever it is read against.
ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][^\s;]*)?")
_URN = re.compile(r"(?:tag|urn):[^\s;&]+")
# What feedparser or we could take for markup, or for a name with an address of mail.
_MARKUP = re.compile("[<&]")
# Without one of these feedparser takes a text that says it is none for no HTML, whatever other signs it has.
HTML = re.compile(r"</|&#?\w+;")
_NAME = re.compile(r"[^<&@()]+")

_RSS_NAMES = {
    "title": "title", "link": "link", "guid": "id", "pubDate": "published", "author": "author", "category": "category",
    "description": "summary", f"{_DC}creator": "author", f"{_DC}subject": "category", f"{_DC}date": "updated",
    _ENCODED: "content",
}  # fmt: skip
_RDF_NAMES = {
    f"{_RSS1}title": "title", f"{_RSS1}link": "link", f"{_RSS1}description": "summary", f"{_DC}creator": "author",
    f"{_DC}subject": "category", f"{_DC}date": "updated", _ENCODED: "content",
}  # fmt: skip
_ATOM_NAMES = {
    f"{_ATOM}title": "title", f"{_ATOM}link": "link", f"{_ATOM}id": "id", f"{_ATOM}published": "published",
    f"{_ATOM}updated": "updated", f"{_ATOM}author": "author", f"{_ATOM}category": "category",
    f"{_ATOM}summary": "summary", f"{_ATOM}content": "content",
}  # fmt: skip
_SEVERAL = frozenset({"category"})


def tells(entry: Any, media: Any) -> bool:
    """Whether one of the `UNUSED` elements of an entry says what nothing else in it says.

    Media RSS names and describes an image or a film; that is the entry's own title and text only where it has none.
    What names or describes an image beside them is cut out, so that no caption takes their place.
    """
    if not _MEDIA.match(media.tag):
        return False
    inner = {element: element.tag.rpartition("}")[2] for element in media.iter("{*}*") if _MEDIA.match(element.tag)}
    if not (_TITLES | _TAGS | {"description"}).intersection(inner.values()):
        return False
    own = {child.tag.rpartition("}")[2] for child in entry if not child.tag.startswith(UNUSED)}
    stray = ({"title"} if own & _TITLES else set()) | ({"description"} if own & _TEXTS else set())
    if inner[media] in stray:
        return False
    for element, name in inner.items():
        if name in stray:
            element.getparent().remove(element)
    return not (_TITLES | _TAGS | {"description"}).isdisjoint(
        name for element, name in inner.items() if name not in stray
    )


class _NotPlainError(Exception):
    """The entry has to be read by feedparser."""


def _based(element: Any) -> bool:
    return element.get("base") is not None or element.get(_BASE) is not None


class PlainReader:
    """Reads the plain entries of one feed; `repaired` does to a text what feedparser does to every text."""

    def __init__(self, root: Any, repaired: Callable[[str], str]) -> None:
        self._repaired = repaired
        language = root.get(_LANG, root.get("lang", "")) or None
        self._language = language.replace("_", "-") if language else None
        self._names: dict[str, str] = {}
        self._parent: Any = None
        self._atom = root.tag == f"{_ATOM}feed"
        if self._atom:
            self._names, self._parent = _ATOM_NAMES, root
        elif root.tag == "rss":
            self._names, self._parent = _RSS_NAMES, root.find("channel")
        elif root.tag == f"{_RDF}RDF":
            self._names, self._parent = _RDF_NAMES, root
        if self._parent is not None and (_based(root) or (self._parent is not root and self._parent.attrib)):
            self._parent = None

    def read(self, entry: Any) -> dict[str, Any] | None:
        """What feedparser would say of an entry, as far as we ask; None where it has to say so itself."""
        if self._parent is None or entry.getparent() is not self._parent:
            return None
        read: dict[str, Any] = {}
        try:
            self._attributes(read, entry)
            for child in entry:
                if child.tag.startswith(UNUSED):
                    _require(not tells(entry, child))
                    continue
                if child.tag in _SKIPPED:
                    continue
                name = self._names.get(child.tag)
                if name is None or (name in read and name not in _SEVERAL):
                    return None
                (self._atom_element if self._atom else self._rss_element)(read, child, name)
        except _NotPlainError:
            return None
        return read if "link" in read else None

    def _attributes(self, read: dict[str, Any], entry: Any) -> None:
        for attribute, value in entry.attrib.items():
            _require(self._names is _RDF_NAMES and attribute == _ABOUT)
            read["id"] = value

    def _rss_element(self, read: dict[str, Any], child: Any, name: str) -> None:
        _require(not len(child) and (not child.attrib or (name == "id" and child.keys() == ["isPermaLink"])))
        if name == "id" and child.get("isPermaLink", "true") == "true":
            self._put_address(read, "id", self._text(child))
        elif name == "category":
            _put_tag(read, self._text(child), "")
        elif name == "link":
            self._put_address(read, "link", self._text(child))
        else:
            self._put(read, name, self._text(child))

    def _atom_element(self, read: dict[str, Any], child: Any, name: str) -> None:
        attributes = dict(child.attrib)
        if name == "author":
            self._put(read, "author", self._name(child))
            return
        _require(not len(child))
        if name == "link":
            _require(
                attributes.keys() <= {"rel", "type", "href"} and attributes.get("type", "text/html") == "text/html"
            )
            _require(attributes.get("rel", "alternate") == "alternate")
            self._put_address(read, "link", attributes.get("href", ""))
        elif name == "category":
            _require(attributes.keys() <= {"term", "label", "scheme"} and not child.text)
            _put_tag(read, attributes.get("term", ""), attributes.get("label", ""))
        elif name in {"summary", "content"}:
            text = self._text(child)
            if attributes != {"type": "html"}:
                signs = _MARKUP.search(text) is not None
                _require(attributes in ({}, {"type": "text"}) and not (signs and name == "content"))
                if signs:
                    read["summary_detail"] = {"type": "text/plain"}
            self._put(read, name, text)
        elif name == "id":
            _require(not attributes)
            self._put_address(read, "id", self._text(child))
        else:
            _require(not attributes or (name == "title" and attributes == {"type": "text"}))
            self._put(read, name, self._text(child))

    def _name(self, author: Any) -> str:
        _require(len(author) == 1 and not author.attrib)
        name = author[0]
        _require(name.tag == f"{_ATOM}name" and not name.attrib and not len(name))
        text = self._text(name)
        _require(text == (name.text or "").strip())  # feedparser mends a name at some places and not at others
        return text

    def _text(self, element: Any) -> str:
        return self._repaired((element.text or "").strip())

    def _put(self, read: dict[str, Any], name: str, text: str) -> None:
        if name == "title":
            _require(not HTML.search(text))
            read["title_detail"] = {"type": "text/plain", "language": self._language}
        elif name == "author":
            _require(_NAME.fullmatch(text) is not None)
            read["authors"] = [{"name": text}]
        elif name == "summary":
            _require("content" not in read)  # after a whole text feedparser takes it for another
        elif name == "content":
            read["content"] = [{"type": "text/html", "language": self._language, "value": text}]
            read.setdefault("summary", text)
            return
        read[name] = text

    def _put_address(self, read: dict[str, Any], name: str, text: str) -> None:
        _require(ADDRESS.fullmatch(text) is not None or (name == "id" and _URN.fullmatch(text) is not None))
        read[name] = text


def _put_tag(read: dict[str, Any], term: str, label: str) -> None:
    _require(not _MARKUP.search(term + label))
    read.setdefault("tags", []).append({"term": term, "label": label})


def _require(plain: bool) -> None:  # noqa: FBT001 - an assertion with an error of its own
    if not plain:
        raise _NotPlainError
