"""What is learnt from mail that came back: who cannot be reached, and who did not want it.

A notice can be forged by anybody who knows an address. So only one that holds the id of a mail of ours, which nobody
else can make up, ends that somebody is mailed; any other counts at most as one of several.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING

from briefing import events
from briefing.delivery import bounces
from briefing.errors import DeliveryError
from briefing.observe.decisions import Fact
from briefing.service import recipients
from briefing.service.mailing import key
from briefing.service.outgoing import append

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from briefing.delivery.bounces import Notice
    from briefing.model import Post
    from briefing.service.desk import Desk

_KEY = re.compile(r"<(?P<mailing>[^<>@\s]+)\.(?P<key>[0-9a-f]{32})@[^<>@\s]+>")
_BOUNCED = ("accepted", "bounced")


class Ledger:
    """Takes notices; what it looks up once it remembers for the next."""

    def __init__(self, desk: Desk, post: Post) -> None:
        self._desk = desk
        self._post = post
        self._mailings: dict[str, str] = {}
        self._keys: dict[str, Mapping[str, str]] = {}
        desk.projector.catch_up()

    def take(self, message: bytes) -> Counter[str]:
        """Record what a mail says of mail that came back: how many bounced, were complaints, are suppressed now, or
        concern nobody we know (`unknown`). One that was taken before is taken for nothing.
        """
        return self.noted(bounces.notices(message), hashlib.sha256(message).hexdigest()[:32])

    def noted(self, found: Iterable[Notice], mark: str, *, trusted: bool = False) -> Counter[str]:
        """The same for notices that were read already; `mark` is what tells them from others. Those that are `trusted`
        need no id of ours: whoever told them has proved who he is.
        """
        counts: Counter[str] = Counter()
        for notice in found:
            mailing, recipient, sure = self._whose(notice)
            sure = sure or trusted
            if not recipient:
                counts["unknown"] += 1
                continue
            if notice.complaint:
                counts["complaints"] += 1
                if sure:
                    counts["suppressed"] += recipients.suppress(self._desk, recipient, "complaint")
                continue
            counts["bounced"] += 1
            self._record(notice, mailing, recipient, sure=sure, mark=mark)
            if reason := self._reason(notice, recipient, sure=sure):
                counts["suppressed"] += recipients.suppress(self._desk, recipient, reason, notice.status)
        return counts

    def _whose(self, notice: Notice) -> tuple[str, str, bool]:
        """Mailing and recipient; whether the notice holds the proof that it is about a mail of ours."""
        match = _KEY.fullmatch(notice.message_id)
        mailing = self._mailing(match["mailing"]) if match else ""
        if match and mailing and (recipient := self._recipients(mailing).get(match["key"])):
            return mailing, recipient, True
        ids = {one.id for one in recipients.find(self._desk, notice.address)}
        return "", ids.pop() if len(ids) == 1 else "", False

    def _mailing(self, dotted: str) -> str:
        if not self._mailings:
            self._mailings = {name.replace(":", "."): name for name in self._desk.outbox.mailings()}
        return self._mailings.get(dotted, "")

    def _recipients(self, mailing: str) -> Mapping[str, str]:
        if mailing not in self._keys:
            found = self._desk.outbox.recipients(mailing)
            self._keys[mailing] = {key(self._desk, mailing, recipient): recipient for recipient in found}
        return self._keys[mailing]

    def _record(self, notice: Notice, mailing: str, recipient: str, *, sure: bool, mark: str) -> None:
        permanent = notice.permanent and sure
        event = events.MailBounced(mailing=mailing, recipient=recipient, permanent=permanent, status=notice.status)
        append(self._desk, [Fact(event=event, key=f"mail:bounced:{mailing}:{recipient}:{mark}")])
        self._desk.projector.catch_up()

    def _reason(self, notice: Notice, recipient: str, *, sure: bool) -> str:
        """Why nothing more is to be mailed to somebody; empty where he still is."""
        if notice.permanent and sure:
            return "hard-bounce"
        latest = [mail for mail in self._desk.outbox.of(recipient) if mail.state in _BOUNCED]
        latest = latest[: self._post.soft_bounces]
        all_back = len(latest) == self._post.soft_bounces and all(mail.status for mail in latest)
        return "soft-bounces" if all_back else ""


def read_folder(desk: Desk, post: Post, folder: Path) -> Counter[str]:
    """Take the notices of a Maildir and mark its mails as seen; see `Ledger.take`. What is no notice is left alone.

    Raises:
        DeliveryError: it is no Maildir, or cannot be written.
    """
    counts: Counter[str] = Counter()
    ledger: Ledger | None = None
    try:
        for path in bounces.waiting(folder):
            with path.open("rb") as file:
                message = file.read(bounces.LARGEST)
            if not bounces.notices(message):
                continue
            ledger = ledger or Ledger(desk, post)
            counts += ledger.take(message)
            counts["read"] += 1
            bounces.seen(folder, path)
    except OSError as error:
        raise DeliveryError(f"{folder} cannot be read or written ({error.strerror}): mend its rights") from error
    return counts
