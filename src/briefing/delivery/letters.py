"""A mail as bytes (RFC 5322): plain text and HTML side by side, attachments, and headers that say what it is.

What all copies share is encoded once; a copy is that, and the few lines that are its reader's own. The same issue,
version and reader give the same bytes. Nothing in it tells anybody that it was opened.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from briefing.text import clean, one_line, unturned

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SUBJECT_LEAST, SUBJECT_MOST = 20, 50
_CUTS = re.compile(r"\s[–—-]\s|[:;(：（]")
_SHORTEST = 12  # characters of a title that still says something
_LINE = 57  # bytes that give a line of base64
_SAFE_HEADER = re.compile(r"[\x21-\x7e]+")
_ATOM_TEXT = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+")
_KINDS = {
    "pdf": ("application", "pdf"),
    "docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "epub": ("application", "epub+zip"),
    "md": ("text", "markdown"),
    "json": ("application", "json"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who a list's mails are from: addresses, the name readers see, and the list's id (RFC 2919) with its title.

    `unsubscribe_to` is a mailbox that takes requests to leave, empty for none.
    """

    address: str
    name: str
    list_id: str
    list_title: str
    reply_to: str = ""
    unsubscribe_to: str = ""

    @property
    def domain(self) -> str:
        """The domain in whose name message ids are given."""
        return self.address.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whom a copy is for. `key` is a name of him for this mailing that nobody else can make; `unsubscribe` and
    `preferences` are his own pages, empty where there is nothing to leave.
    """

    address: str
    key: str
    name: str = ""
    unsubscribe: str = ""
    preferences: str = ""
    after: str = ""  # the message id of the mail that this one answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a mail says: two halves of text and of HTML, between which the reader's own lines stand.

    `html` is empty where plain text alone is wanted. `attachments` are by file name.
    """

    subject: str
    date: datetime
    text: tuple[str, str]
    html: tuple[str, str] | None = None
    archived: str = ""
    language: str = "en"
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    list_mail: bool = True


def subject(prefix: str, title: str, period: str) -> str:
    """A subject of 20 to 50 characters: the title, cut where it is long, and the period; before short ones `prefix`."""
    said = f"{one_line(title)} {period}"
    if len(said) < SUBJECT_LEAST:
        said = f"{one_line(prefix)}: {said}"
    if len(said) <= SUBJECT_MOST:
        return said
    return f"{_shortened(said[: -len(period)].strip(), SUBJECT_MOST - len(period) - 1)} {period}"


def _shortened(title: str, room: int) -> str:
    """A title of at most so many characters: what stands before a dash or colon in it, else its first words."""
    parts = (title[: cut.start()].rstrip() for cut in _CUTS.finditer(title))
    if fitting := [part for part in parts if _SHORTEST <= len(part) <= room]:
        return fitting[-1]
    words = title[: room - 1].rpartition(" ")[0]
    return (words if len(words) >= _SHORTEST else title[: room - 1]).rstrip(" :,-–—") + "…"


class Letter:
    """A mail that goes to many: encoded but for what is each reader's own."""

    def __init__(self, mailing: str, sender: Sender, content: Content) -> None:
        self._sender = sender
        self._content = content
        self._mailing = mailing
        mark = hashlib.sha256(f"{mailing}\n{content.subject}".encode()).hexdigest()[:24]
        self._outer, self._inner = f"=_o{mark}".encode(), f"=_i{mark}".encode()
        self._shared = self._headers()
        self._text = _Part("plain", content.text)
        self._html = _Part("html", content.html) if content.html is not None else None
        self._attached = b"".join(self._attachment(name, body) for name, body in content.attachments.items())

    def to(self, reader: Reader, text: str, html: str = "") -> bytes:
        """The copy of a reader, with lines of his own."""
        body = self._alternatives(text, html)
        if self._attached:
            kind = b'Content-Type: multipart/mixed; boundary="' + self._outer + b'"\r\n'
            ends = b"\r\n--" + self._outer + b"--\r\n"
            body = kind + b"\r\n--" + self._outer + b"\r\n" + body + self._attached + ends
        return self._own_headers(reader) + self._shared + body

    def _alternatives(self, text: str, html: str) -> bytes:
        if self._html is None:
            return self._text.body(text)
        between = b"\r\n--" + self._inner + b"\r\n"
        kind = b'Content-Type: multipart/alternative; boundary="' + self._inner + b'"\r\n'
        ends = b"\r\n--" + self._inner + b"--\r\n"
        return kind + between + self._text.body(text) + between + self._html.body(html) + ends

    def _attachment(self, name: str, body: bytes) -> bytes:
        main, sub = _KINDS.get(name.rpartition(".")[2], ("application", "octet-stream"))
        charset = "; charset=utf-8" if main == "text" else ""
        head = (
            f"\r\n--{self._outer.decode()}\r\nContent-Type: {main}/{sub}{charset}\r\n"
            f'Content-Disposition: attachment; filename="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        )
        return head.encode("ascii") + _base64(body)

    def _headers(self) -> bytes:
        sender, content = self._sender, self._content
        made = EmailMessage(policy=SMTP)
        if sender.reply_to:
            made["Reply-To"] = sender.reply_to
        made["Subject"] = header_text(content.subject)
        made["Date"] = format_datetime(content.date)
        made["MIME-Version"] = "1.0"
        made["Content-Language"] = content.language
        made["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence is to be answered to us
        if content.list_mail:
            made["Precedence"] = "bulk"
        rows = [(name, value) for name, value in made.items()]
        # Written by ourselves: folding takes a name's encoding off, and then its brackets and quotation marks are bare.
        raw = f"From: {_person(sender.name, sender.address)}\r\n".encode()
        raw += b"".join(made.policy.fold_binary(name, value) for name, value in rows)
        listed = [f"List-Id: {_phrase(sender.list_title)}<{sender.list_id}>"] if content.list_mail else []
        if _SAFE_HEADER.fullmatch(content.archived):
            listed.append(f"Archived-At: <{content.archived}>")
        return raw + "".join(f"{line}\r\n" for line in listed).encode("ascii")

    def _own_headers(self, reader: Reader) -> bytes:
        lines = [f"To: {_person(reader.name, reader.address)}", f"Message-ID: {self.message_id(reader.key)}"]
        if reader.after:
            lines += [f"In-Reply-To: {reader.after}", f"References: {reader.after}"]
        ways = [f"<{reader.unsubscribe}>"] if _SAFE_HEADER.fullmatch(reader.unsubscribe) else []
        if self._sender.unsubscribe_to and ways:
            ways.append(f"<mailto:{self._sender.unsubscribe_to}?subject=unsubscribe>")
        if ways:
            lines.append("List-Unsubscribe: " + ",\r\n ".join(ways))
            lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
        return "".join(f"{line}\r\n" for line in lines).encode()

    def message_id(self, key: str) -> str:
        """The id of a copy: see `message_id`."""
        return message_id(self._mailing, key, self._sender.domain)


def message_id(mailing: str, key: str, domain: str) -> str:
    """The id of a mailing's copy for the reader of a key, always the same."""
    return f"<{mailing.replace(':', '.')}.{key}@{domain}>"


def header_text(text: str) -> str:
    """Words as they may stand in a header: one line, nothing that a reader does not see."""
    return unturned(one_line(clean(text)))


def _person(name: str, address: str) -> str:
    """A mailbox with a name before it (RFC 5322, section 3.4; RFC 2047 beyond ASCII)."""
    if "\r" in address or "\n" in address:
        raise ValueError("an address holds the end of a line")
    said = header_text(name)
    if not said:
        return address
    return f"{_phrase(said)}<{address}>"


def _phrase(text: str) -> str:
    said = header_text(text)
    if not said:
        return ""
    if not said.isascii():
        return Header(said, "utf-8", maxlinelen=60).encode(linesep="\r\n") + " "
    if _ATOM_TEXT.fullmatch(said):
        return f"{said} "
    return '"' + re.sub(r'(["\\])', r"\\\1", said) + '" '


def _base64(body: bytes) -> bytes:
    return base64.encodebytes(body).replace(b"\n", b"\r\n")


class _Part:
    """One form of the content, encoded up to the reader's own lines: quoted-printable, or base64 where that is
    shorter. Either passes through servers that take seven bits only.
    """

    def __init__(self, kind: str, halves: tuple[str, str]) -> None:
        first, last = (_crlf(half) for half in halves)
        quoted = _quoted(first)
        self._base64 = len(quoted) > len(first) * 4 / 3
        self._last = last
        way = "base64" if self._base64 else "quoted-printable"
        head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {way}\r\n\r\n'.encode()
        whole = len(first) - len(first) % _LINE
        self._rest = first[whole:] if self._base64 else b""
        self._first = head + (_base64(first[:whole]) if self._base64 else quoted)

    def body(self, own: str) -> bytes:
        """Header and content."""
        rest = self._rest + _crlf(own) + self._last
        return self._first + (_base64(rest) if self._base64 else _quoted(rest))


def _crlf(text: str) -> bytes:
    """Lines ended by CR LF, the last one too, so that halves can be encoded by themselves."""
    lines = clean(text).replace("\r\n", "\n").replace("\r", "\n")
    if lines and not lines.endswith("\n"):
        lines += "\n"
    return lines.replace("\n", "\r\n").encode()


def _quoted(body: bytes) -> bytes:
    return binascii.b2a_qp(body, quotetabs=False, istext=True)
