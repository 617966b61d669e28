"""XML feeds before feedparser: mended where harmless, their entries told apart by digest, known ones cut out.

feedparser is by far the dearest step of a collect, so it is given as little as possible: neither the entries that are
known already nor the long bodies, which are set aside as marks and put back into what it returns.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from html.entities import html5
from typing import TYPE_CHECKING, Any

from lxml import etree

from briefing.sources.heading import plain_heading
from briefing.sources.plain import UNUSED, PlainReader, tells
from briefing.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefing.sources.heading import Heading

_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS1 = "{http://purl.org/rss/1.0/}"
_RSS09 = "{http://my.netscape.com/rdf/simple/0.9/}"
ENTRIES = ("item", "entry", f"{_RSS1}item", f"{_RSS09}item", f"{_ATOM}entry", "{http://purl.org/atom/ns#}entry")
_BODIES = frozenset(
    {"description", f"{_RSS1}description", f"{_RSS09}description", "{http://purl.org/rss/1.0/modules/content/}encoded"}
)
_ATOM_BODIES = frozenset({f"{_ATOM}content", f"{_ATOM}summary"})
_WHOLE_TEXTS = frozenset(
    {
        "{http://purl.org/rss/1.0/modules/content/}encoded", f"{_ATOM}content", "{http://purl.org/atom/ns#}content",
        "{http://www.w3.org/1999/xhtml}body", "{http://www.w3.org/1999/xhtml}div", "{http://news.yandex.ru}full-text",
    }
)  # fmt: skip
_CHANNELS = ("channel", f"{_RSS1}channel", f"{_RSS09}channel", f"{_ATOM}feed")
_ASKED = frozenset({"title", "link", "language", "generator"})  # of a feed itself no more is asked
_SHORT = 40  # characters: a body shorter than this costs less than a mark
_XML_SPACE = " \t\r\n"

_ENTITY = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?!#\d+;|#[xX][0-9a-fA-F]+;|(?:amp|lt|gt|quot|apos);)(?:(\w+);)?",
    re.DOTALL,
)
_NUMBER = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&#(?:(\d+)|[xX]([0-9a-fA-F]+));", re.DOTALL)
_NO_TAG = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(?![^\W\d]|[:/!?])", re.DOTALL)
_LONGEST_REFERENCE = 14  # characters: with more no number is one of Unicode's
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_PLAIN_DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[>]*>", re.IGNORECASE)
_C1 = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}
_C1_SIGNS = re.compile("[\x80-\x9f]")


@dataclass(slots=True)
class Slimmed:
    """A feed made ready for feedparser.

    `digests` are those of the new entries, in order, `whole` whether each has an element for whole texts, `plain` what
    each says where that can be told without feedparser, None where it was left in; `unchanged` are the digests of the
    known entries, cut out; `bodies` what was set aside, by its mark. With a `heading` nothing is left for feedparser,
    and `xml` is empty.
    """

    xml: bytes
    digests: list[str]
    whole: list[bool]
    unchanged: list[str]
    plain: list[dict[str, Any] | None] = field(default_factory=list)
    bodies: dict[str, str] = field(default_factory=dict)
    heading: Heading | None = None


def undeclared(text: str) -> str:
    """The document without XML declaration and without a DOCTYPE that only names an outside one."""
    if declaration := _DECLARATION.match(text):
        text = text[declaration.end() :]
    head = text[:4096]  # sought for in no more: every opening that is not closed would be followed to the end
    return _PLAIN_DOCTYPE.sub("", head, count=1) + text[4096:] if "<!DOCTYPE" in head else text


def mended(text: str) -> str:
    """Mend what harms no structure: control characters, bare signs of markup, entities that only HTML defines."""
    text = _NUMBER.sub(_number, _ENTITY.sub(_entity, clean(text)))
    return _NO_TAG.sub(lambda found: "&lt;" if found.group() == "<" else found.group(), text)


def _entity(match: re.Match[str]) -> str:
    found = match.group()
    if found[0] == "<":
        return found
    if found == "&":
        return "&amp;"  # one and the same, however many there are
    sign = html5.get(f"{match.group(1)};") if match.group(1) else None
    return sign if sign and sign not in "<>&" else f"&amp;{found[1:]}"


def _number(match: re.Match[str]) -> str:
    """References to characters that XML forbids: what HTML reads in them, or nothing."""
    found = match.group()
    if found[0] == "<":
        return found
    if len(found) > _LONGEST_REFERENCE:
        return ""
    sign = unescape(found)  # as HTML reads it: &#150; is a dash
    code = int(match.group(1)) if match.group(1) else int(match.group(2), 16)
    return found.lower() if sign == clean(sign) and len(sign) == 1 and ord(sign) == code else clean(sign)


def parse(xml: bytes) -> etree._Element:
    """A strict parse that follows no reference out of the document and keeps libxml2's limits.

    Raises:
        lxml.etree.XMLSyntaxError: the document is not well-formed, or nested beyond 256 levels.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(xml, parser)


def slim(root: Any, known: frozenset[str]) -> Slimmed | None:
    """Cut out the known entries and set the long bodies of the others aside; None where entries stand in entries."""
    entries = list(root.iter(*ENTRIES))
    contexts: dict[Any, bytes] = {}
    reader = PlainReader(root, _repaired)
    made = Slimmed(b"", [], [], [])
    for entry in entries:
        parent = entry.getparent()
        if parent is None or parent.tag in ENTRIES:
            return None
        if parent not in contexts:
            contexts[parent] = _inherited(parent)
        digest = _digest(entry, contexts[parent])
        if digest in known:
            made.unchanged.append(digest)
            parent.remove(entry)
        else:
            made.digests.append(digest)
            made.whole.append(any(child.tag in _WHOLE_TEXTS for child in entry))
            made.plain.append(reader.read(entry))
            if made.plain[-1] is not None:
                parent.remove(entry)
            else:
                _set_aside(entry, made.bodies)
    _take_out_unasked(root)
    if None not in made.plain:
        made.heading = plain_heading(root, _repaired)
    if made.heading is None:
        made.xml = etree.tostring(root, encoding="utf-8", xml_declaration=False)
    return made


def _take_out_unasked(root: Any) -> None:
    """Take out what a feed says of itself and nobody asks for."""
    for sequence in root.iter(f"{_RSS1}items"):
        sequence.clear()
    for channel in root.iter(*_CHANNELS):
        for child in list(channel):
            if not len(child) and child.tag not in ENTRIES and child.tag.rpartition("}")[2].lower() not in _ASKED:
                channel.remove(child)


def _inherited(parent: Any) -> bytes:
    """What an entry takes from its surroundings: base address and language."""
    xml = "{http://www.w3.org/XML/1998/namespace}"
    chain = [parent, *parent.iterancestors()]
    bases = [element.get(f"{xml}base", "") for element in chain]
    language = next((found for element in chain if (found := element.get(f"{xml}lang"))), "")
    return "\0".join([*bases[::-1], language]).strip("\0").encode()


def _digest(entry: Any, context: bytes) -> str:
    """SHA-256 over the entry in exclusive canonical form (W3C Exclusive XML Canonicalization 1.0) and its context."""
    return hashlib.sha256(context + b"\0" + etree.tostring(entry, method="c14n", exclusive=True)).hexdigest()


def _set_aside(entry: Any, bodies: dict[str, str]) -> None:
    entry.text = entry.tail = None
    for child in list(entry):
        tag = child.tag
        child.tail = None
        if tag.startswith(UNUSED):
            if not tells(entry, child):
                entry.remove(child)
            continue
        held = child.text
        if held is None or len(held) < _SHORT or len(child):
            continue
        escaped = tag in _BODIES and not child.attrib
        if escaped or (tag in _ATOM_BODIES and child.get("type") == "html"):
            mark = f"\ue000{len(bodies)}\ue001"
            bodies[mark] = _repaired(held.strip(_XML_SPACE))
            child.text = mark


def _repaired(text: str) -> str:
    """What feedparser does to every text: UTF-8 read as Latin-1 set right, windows-1252 under the numbers of C1."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text.translate(_C1) if _C1_SIGNS.search(text) else text


# ---------------------------------------------------------------- broken documents

_PIECE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(/?)((?:[\w.-]+:)?(?:item|entry))(?=[\s>/])[^<>]*>", re.DOTALL
)
_OPEN_LEAF = re.compile(
    r"<(title|link|guid|pubDate|author|category|comments|id|updated|published|issued|dc:\w+)(?:\s[^<>]*)?(?<!/)>"
    r"[^<]*(?=<(?!!\[CDATA\[|/\1\s*>))"
)
_OPENING = re.compile(r"<(?:[\w.-]+:)?[\w.-]+(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*>")
_CHANNEL = re.compile(r"<channel(?:\s[^>]*)?>")
_STRUCTURAL = {
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: "mismatched tag",
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: "the document is cut off",
    etree.ErrorTypes.ERR_GT_REQUIRED: "a tag is not closed",
    etree.ErrorTypes.ERR_LTSLASH_REQUIRED: "the document is cut off",
    etree.ErrorTypes.ERR_CDATA_NOT_FINISHED: "a CDATA section is not closed",
    etree.ErrorTypes.ERR_COMMENT_NOT_FINISHED: "a comment is not closed",
    etree.ErrorTypes.ERR_ATTRIBUTE_NOT_FINISHED: "an attribute is not closed",
    etree.ErrorTypes.ERR_RESOURCE_LIMIT: "tags nested too deeply, or a text of ten megabytes,",
}


@dataclass(slots=True)
class Salvage:
    """A broken feed taken apart: `opening` and `closing` are its root, `pieces` its entries as they stand, in order;
    `cut` says that its end cuts one more in two.
    """

    opening: str
    closing: str
    pieces: list[str]
    cut: bool

    def document(self, pieces: Iterable[str]) -> bytes:
        """A feed of some of the pieces alone."""
        return f"{self.opening}{''.join(pieces)}{self.closing}".encode()


def structural_damage(xml: bytes) -> str:
    """What is broken in the structure and where; empty where all flaws are harmless."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        return "nothing but fragments"
    for error in parser.error_log:
        if error.type in _STRUCTURAL:
            return f"{_STRUCTURAL[error.type]} in line {error.line}"
    return ""


def without_tail(text: str, error: etree.XMLSyntaxError) -> str | None:
    """The document up to the end of its root element, where what follows it is all that is wrong."""
    if error.code != etree.ErrorTypes.ERR_DOCUMENT_END:
        return None
    line, column = error.position
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if not start:
            return None
    # The column counts bytes of UTF-8.
    whole = text[:start] + text[start:].encode()[: max(column - 1, 0)].decode("utf-8", "ignore")
    return whole[: whole.rfind(">") + 1] or None


def closed(piece: str) -> str:
    """An entry with the leaves closed that were left open: at the next tag, where they have too few end tags."""

    @cache
    def left_open(name: str) -> bool:
        return piece.count(f"</{name}>") < len(_starts(name, piece))

    def close(found: re.Match[str]) -> str:
        name = found.group(1)
        return f"{found.group()}</{name}>" if left_open(name) else found.group()

    return _OPEN_LEAF.sub(close, piece)


def _starts(name: str, piece: str) -> list[str]:
    return re.findall(rf"<{re.escape(name)}(?:\s[^<>]*)?(?<!/)>", piece)


def take_apart(text: str) -> Salvage:
    """Find root and entries of a broken feed by their tags alone; an entry that the end cuts in two is left out."""
    root = _OPENING.match(text)
    opening = root.group() if root else "<rss version='2.0'>"
    closing = f"</{opening[1:-1].split()[0]}>"
    channel = _CHANNEL.search(text)
    if channel and opening.startswith("<rss"):
        opening, closing = f"{opening}<channel>", f"</channel>{closing}"
    pieces: list[str] = []
    start: int | None = None
    for found in _PIECE.finditer(text):
        if not found.group(2) or found.group().endswith("/>"):
            continue
        if found.group(1):
            if start is not None:
                pieces.append(text[start : found.end()])
            start = None
        else:
            if start is not None:
                pieces.append(text[start : found.start()])
            start = found.start()
    return Salvage(opening, closing, pieces, cut=start is not None)
