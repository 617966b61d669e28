"""Lists of feeds as other readers export them: OPML 1.0, 1.1 and 2.0, nested as deep as they like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from briefing.errors import UsageError
from briefing.sources.encoding import decode
from briefing.sources.wellformed import mended, undeclared
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 100_000  # outlines that are looked at
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed of a list: its address, its name, the page it belongs to, the language it is in, the folders above it."""

    url: str
    title: str = ""
    home: str = ""
    language: str = ""
    folders: tuple[str, ...] = ()


def parse(body: bytes) -> tuple[Outline, ...]:
    """The feeds of a list in its order; what is no feed is passed over.

    Raises:
        UsageError: it is no OPML.
    """
    text = mended(undeclared(decode(body).text))
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(text.encode(), parser) if text.strip() else None
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise UsageError("this is no OPML: its root element would be <opml>")
    return tuple(_outlines(root))


def _outlines(root: Any) -> Iterator[Outline]:
    for number, element in enumerate(root.iter(etree.Element)):
        if number >= _MOST:
            return
        if etree.QName(element).localname.lower() != "outline":
            continue
        held = {name.lower(): value for name, value in element.attrib.items()}  # readers do not agree on xmlUrl's case
        if url := _SPACES.sub("", held.get("xmlurl", "")):
            yield Outline(
                url=url,
                title=one_line(held.get("title") or held.get("text") or ""),
                home=held.get("htmlurl", "").strip(),
                language=held.get("language", "").split("-")[0].strip().lower(),
                folders=_folders(element),
            )


def _folders(element: Any) -> tuple[str, ...]:
    names = [one_line(above.get("text") or above.get("title") or "") for above in element.iterancestors("outline")]
    return tuple(name for name in reversed(names) if name)
