"""Statements that are PDFs: their text where it can be read, else the print of the file and the word that it was not.

Runs in a parsing process, whose memory and time are bounded; what is unpacked is bounded here.
"""

from __future__ import annotations

import hashlib
import io
import re
import time
from typing import TYPE_CHECKING, Any

from briefing.model import UNREAD_PDF, Article
from briefing.sources import addresses
from briefing.sources.markup import paragraphs
from briefing.text import blocks, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PdfReader

    from briefing.model import Fetched

_MAGIC, _WITHIN = b"%PDF-", 1024  # ISO 32000-1, annex H: readers look for the header in the first 1,024 bytes
_PAGES = 300
_SECONDS = 10.0  # between two pages it is looked whether they are over
_LENGTH = 500_000  # characters of text
_UNPACKED = 16_000_000  # bytes that one stream of the file may unpack to
_WORK = 100_000_000  # bytes of unpacking that one stream may ask for, filter after filter
_STEPS = 400_000  # of drawing one page: a full page of text takes some ten thousand
_LEAST = 20  # letters; a scan often holds a page number and nothing else
_LETTERS = 0.5  # share of the signs of a real text; fonts without a table of characters give other signs
_SIGN = re.compile(r"\S")
_LETTER = re.compile(r"[^\W_]")
_CJK_END = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]$")
_NO_TITLE = re.compile(r"untitled|microsoft |.*\.(?:docx?|pdf|indd|rtf|odt|pptx?)$", re.IGNORECASE)
_SENTENCE_END = (".", "!", "?", "。", "！", "？", ":", "：", ";", "」", "”", "»")
_FULL = 0.7  # of the longest line: a shorter one ends its paragraph


def is_pdf(body: bytes) -> bool:
    """Whether a body is a PDF, whatever its name or content type says."""
    return body.startswith(_MAGIC) or (_MAGIC in body[:_WITHIN] and b"<" not in body[: body.index(_MAGIC)])


def read(fetched: Fetched) -> Article:
    """Title and text of a PDF; without its text where it is encrypted, a scan, broken, or too large to unpack."""
    title, text = _read(fetched.body)
    if not _is_text(text):
        return unread(fetched, title)
    html = paragraphs(text.split("\n"))
    return Article(title=title, text=text, html=html, published=addresses.date_in(fetched.final_url))


def unread(fetched: Fetched, title: str = "") -> Article:
    """What is known of a PDF without reading it: the hash of the file, by which a change of it is seen."""
    digest = hashlib.sha256(fetched.body).hexdigest()
    return Article(
        title=title,
        text="",
        html="",
        published=addresses.date_in(fetched.final_url),
        problem=f"{UNREAD_PDF} ({len(fetched.body):,} bytes, SHA-256 {digest})",
    )


def _read(body: bytes) -> tuple[str, str]:
    import pypdf  # noqa: PLC0415 - most documents are no PDF
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    title, pages = "", list[str]()
    with pypdf.apply_configuration(**_limits()):
        try:
            reader = pypdf.PdfReader(io.BytesIO(body), strict=False)
            title = _title(reader)
            pages.extend(_pages(reader))
        except (
            PyPdfError,
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
            ArithmeticError,
            RecursionError,
            OSError,
        ):
            # A broken file makes pypdf raise any of these. Half a text would look like an edit: none of it is taken.
            return title, ""
    return title, "\n".join(_paragraphs(pages))


def _limits() -> dict[str, Any]:
    """What pypdf may unpack; no other program is run for it."""
    unpacked = ("array_based_stream", "jbig2", "lzw", "run_length", "zlib")
    return {
        **{f"{name}_maximum_output_length": _UNPACKED for name in unpacked},
        "maximum_declared_stream_length": _UNPACKED,
        "image_maximum_buffer_size": _UNPACKED,
        "stream_decoding_work_maximum_length": _WORK,
        "stream_parsing_work_maximum_count": _STEPS,
        "jbig2dec_binary": None,
    }


def _title(reader: PdfReader) -> str:
    told = reader.metadata.title if reader.metadata is not None else None
    title = one_line(told) if isinstance(told, str) else ""
    return "" if _NO_TITLE.match(title) else title[:300]


def _pages(reader: PdfReader) -> Iterator[str]:
    """The text of each page; all of them or an error, for half a text is none.

    Raises:
        ValueError: the document is longer than what is read of one.
    """
    until, length = time.monotonic() + _SECONDS, 0
    if len(reader.pages) > _PAGES:
        raise ValueError("too many pages")
    for page in reader.pages:
        text = page.extract_text()
        length += len(text)
        if length > _LENGTH or time.monotonic() > until:
            raise ValueError("too long")
        yield text


def _paragraphs(pages: list[str]) -> Iterator[str]:
    """Lines joined to paragraphs: a line that is full goes on in the next one."""
    for page in pages:
        lines = [one_line(line) for line in page.split("\n")]
        longest = max(map(len, lines), default=0)
        held = ""
        for line in lines:
            held = _joined(held, line)
            if not line or len(line) < _FULL * longest or (line.endswith(_SENTENCE_END) and len(line) < longest * 0.9):
                yield from filter(None, [blocks(held)])
                held = ""
        yield from filter(None, [blocks(held)])


def _joined(held: str, line: str) -> str:
    if not held or not line:
        return held or line
    if held.endswith("-") and line[:1].islower():
        return held[:-1] + line
    return held + line if _CJK_END.search(held) else f"{held} {line}"


def _is_text(text: str) -> bool:
    letters = len(_LETTER.findall(text))
    return letters >= _LEAST and letters >= _LETTERS * len(_SIGN.findall(text)) and "\ufffd" * 3 not in text
