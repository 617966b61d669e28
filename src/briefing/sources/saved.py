"""Pages that somebody saved from a browser: HTML files, folders of them, MHTML (RFC 2557)."""

from __future__ import annotations

import email
import re
from email.policy import default
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from briefing.errors import ParseError
from briefing.model import Fetched
from briefing.sources import picking, sniffing
from briefing.sources.encoding import decode
from briefing.sources.markup import absolute

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENDINGS = frozenset({".html", ".htm", ".xhtml", ".xht", ".mhtml", ".mht"})
_PACKED = frozenset({".mhtml", ".mht"})
_BESIDE = re.compile(r"(?:_files|\.files|_fichiers|-Dateien|_archivos|_bestanden)$", re.IGNORECASE)
_START = 65_536  # bytes at the head of a page where browsers say what they saved
_SAVED = re.compile(
    rb"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)\s*(https?://[^\s>]+?)\s*(?:-->|\s)",
    re.IGNORECASE,
)


def pages(path: Path) -> list[Path]:
    """The saved pages of a folder by name, at any depth but not in the folders of their pictures; a file is itself."""
    if not path.is_dir():
        return [path]
    return sorted(
        one
        for one in path.rglob("*")
        if one.suffix.lower() in ENDINGS and one.is_file() and not _lies_beside(path, one)
    )


def _lies_beside(root: Path, page: Path) -> bool:
    return any(_BESIDE.search(part) for part in page.relative_to(root).parts[:-1])


def read(name: str, body: bytes, url: str = "") -> Fetched:
    """A saved page as if it had been fetched from the address that it came from.

    `url` is that address where it is known. Else it is what the page names as its own (`rel=canonical`, `og:url`), or
    what the browser wrote down: in a comment, in the head of an MHTML file.

    Raises:
        ParseError: it is no web page (`not-a-feed`), or nothing says where it came from (`unparsable`).
    """
    content_type, noted = "text/html", ""
    if name.lower().endswith(tuple(_PACKED)) or _is_packed(body):
        body, content_type, noted = _unpacked(name, body)
    kind = sniffing.binary(body)
    if kind or not sniffing.is_page(decode(body, content_type).text):
        raise ParseError(f"{name} is {kind or 'no web page'}: save the page as HTML", failure="not-a-feed")
    found = url or next(_claims(name, body, content_type, noted), "")
    if not found:
        raise ParseError(
            f"{name} does not say which address it was saved from: give it with --url", failure="unparsable"
        )
    return Fetched(url=found, final_url=found, status=200, headers={"content-type": content_type}, body=body)


def _claims(name: str, body: bytes, content_type: str, noted: str) -> Iterator[str]:
    comment = _SAVED.search(body, 0, _START)
    saved = comment.group(1).decode("ascii", "replace").removesuffix("--") if comment else noted
    page = Fetched(url=saved, final_url=saved, status=200, headers={"content-type": content_type}, body=body)
    root, base, _ = picking.page_of(page, f"a saved page ({name})")
    for selector in ('link[rel="canonical"]@href', 'meta[property="og:url"]@content'):
        for held in picking.pick(root, selector):
            address = absolute(str(held), base)
            # A page that names the front page of its site as its own address says nothing.
            if address.startswith(("http://", "https://")) and urlsplit(address).path.strip("/"):
                yield address
    if saved.startswith(("http://", "https://")):
        yield saved


def _is_packed(body: bytes) -> bool:
    head = body[:2048].lower()
    return b"mime-version:" in head and b"multipart/related" in head


def _unpacked(name: str, body: bytes) -> tuple[bytes, str, str]:
    """The page in an MHTML file, its content type, and where the file says that it came from."""
    message = email.message_from_bytes(body, policy=default)
    noted = str(message.get("Snapshot-Content-Location") or message.get("Content-Location") or "")
    for part in message.walk():
        if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            content = part.get_payload(decode=True)
            charset = part.get_content_charset()
            kind = f"text/html; charset={charset}" if charset else "text/html"
            location = noted or str(part.get("Content-Location") or "")
            return content if isinstance(content, bytes) else b"", kind, location.strip()
    raise ParseError(f"{name} holds no web page", failure="not-a-feed")
