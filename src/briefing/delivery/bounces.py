"""Notices of mail that came back: delivery status notifications (RFC 3464), as servers send them to our mailbox.

They come from anybody: no more is read than a notice has, nothing of it is kept but addresses and codes.
"""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from email.policy import compat32
from typing import TYPE_CHECKING

from briefing.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message
    from pathlib import Path

LARGEST = 2_000_000  # bytes of a notice
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_NO_MAILBOX = ("5.0.0", "5.2.1")  # what many servers say of it besides 5.1.1
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,300}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One address that a mail did not reach. `address` is the one it was sent to, as the server says; `message_id`
    that of the mail, empty where the notice does not hold it. `status` is an enhanced code (RFC 3463); `failed` says
    that the server gave up, `complaint` that the reader called the mail unwanted (RFC 5965).
    """

    address: str
    message_id: str
    status: str
    failed: bool
    complaint: bool = False

    @property
    def permanent(self) -> bool:
        """Whether there is no such mailbox (any more), rather than no room in it or no right to write there."""
        return self.failed and (self.status.startswith("5.1.") or self.status in _NO_MAILBOX)


def notices(message: bytes) -> list[Notice]:
    """What a mail says of mail that came back; nothing where it is no such notice."""
    parsed = email.message_from_bytes(message[:LARGEST], policy=compat32)
    kind = parsed.get_content_type(), str(parsed.get_param("report-type", "")).lower()
    if kind[0] != "multipart/report" or kind[1] not in ("delivery-status", "feedback-report"):
        return []
    origin = _origin(parsed)
    if kind[1] == "feedback-report":
        return _complaints(parsed, origin)
    return [one for part in parsed.walk() if _is(part, "message/delivery-status") for one in _told(part, origin)]


def _is(part: Message, kind: str) -> bool:
    return part.get_content_type() in (kind, kind.replace("message/", "message/global-"))


def _told(part: Message, origin: str) -> Iterator[Notice]:
    """Each recipient that a report tells of; its first group of fields is about the mail."""
    groups = part.get_payload()
    for group in groups[1:] if isinstance(groups, list) else []:
        assert not isinstance(group, str)
        action = str(group.get("Action", "")).strip().lower()
        if action not in ("failed", "delayed"):
            continue
        address = _address(str(group.get("Original-Recipient", "") or group.get("Final-Recipient", "")))
        found = _STATUS.search(str(group.get("Status", "")))
        status = found[1] if found else ("5.0.0" if action == "failed" else "4.0.0")
        yield Notice(address=address, message_id=origin, status=status, failed=action == "failed")


def _complaints(parsed: Message, origin: str) -> list[Notice]:
    found = []
    for part in parsed.walk():
        if part.get_content_type() == "message/feedback-report":
            inside = part.get_payload()
            group = inside[0] if isinstance(inside, list) and inside else part
            assert not isinstance(group, str)
            address = _address(str(group.get("Original-Rcpt-To", "")))
            found.append(Notice(address=address, message_id=origin, status="", failed=False, complaint=True))
    return found


def _address(field: str) -> str:
    """The address of a field such as `rfc822; ada@ministry.example` (RFC 3464, section 2.3.1)."""
    kind, mark, rest = field.partition(";")
    return (rest if mark else kind).strip().strip("<>").strip()


def _origin(parsed: Message) -> str:
    """The message id of the mail that came back: of the copy, whole or in headers, that the notice holds."""
    for part in parsed.walk():
        if part is parsed:
            continue
        if part.get_content_type() in ("message/rfc822", "message/global"):
            inside = part.get_payload()
            if isinstance(inside, list) and inside and (found := _message_id(str(inside[0].get("Message-ID", "")))):  # type: ignore[union-attr]  # a message
                return found
        if part.get_content_type() in ("text/rfc822-headers", "message/global-headers"):
            payload = part.get_payload(decode=True)
            headers = email.message_from_bytes(payload if isinstance(payload, bytes) else b"", policy=compat32)
            if found := _message_id(str(headers.get("Message-ID", ""))):
                return found
    return ""


def _message_id(field: str) -> str:
    match = _MESSAGE_ID.search(field)
    return match[0] if match else ""


def waiting(folder: Path) -> list[Path]:
    """The mails of a Maildir that nobody has looked at, and those that were looked at and not marked as seen.

    Raises:
        DeliveryError: it is none.
    """
    if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
        raise DeliveryError(f"{folder} is no Maildir (a folder with cur, new and tmp in it): look at mail.bounces")
    unseen = [path for path in (folder / "cur").iterdir() if "S" not in path.name.partition(":2,")[2]]
    return sorted(path for path in [*(folder / "new").iterdir(), *unseen] if path.is_file())


def seen(folder: Path, mail: Path) -> None:
    """Mark a mail as looked at, as mail programs do: it stays for people to read."""
    base, _, flags = mail.name.partition(":2,")
    mail.replace(folder / "cur" / f"{base}:2,{''.join(sorted({*flags, 'S'}))}")
