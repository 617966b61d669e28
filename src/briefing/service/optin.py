"""Subscribing oneself, with a confirmation from the mailbox (double opt-in).

Nothing of it is in the log before the confirmation: anybody may type anybody's address, and whoever watches the
published log must not learn from it what became of that. A request is a row that ends with its link.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from briefing import events
from briefing.errors import BriefingError, UsageError
from briefing.mailbox import mailbox
from briefing.projections.mailboxes import Mailbox, Request
from briefing.service.recipients import ATTEMPTS, STREAM, as_fact, record, unrest
from briefing.service.tokens import CONFIRM, keeper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefing.model import Settings, Wish
    from briefing.service.desk import Desk

HOLDS = timedelta(hours=48)
"""How long the link of a confirmation is good."""

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_A_DAY_PER_ADDRESS = 3
_AN_HOUR = 300  # mails to people who may never have asked: a stranger's list of addresses ends here
_SERVER = "BRIEFING_SMTP_URL"
_UNWANTED = ("complaint", "operator")


class TooMany(BriefingError):
    """More requests came in than are told by mail in an hour."""


def is_open(settings: Settings | None) -> bool:
    """Whether people may subscribe themselves: as configured, else where there is a server that takes our mail."""
    if settings is None:
        return False
    if settings.subscription is not None:
        return settings.subscription
    return bool(settings.mail.server or os.environ.get(_SERVER))


def ask(desk: Desk, address: str, wishes: Mapping[str, Wish]) -> None:
    """Keep a request for briefings, to be confirmed by the link in a mail; the same is done for every address.

    Where an address was asked for three times in a day, or wants no mail, no mail is sent; nobody is told.

    Raises:
        UsageError: it is no address, or no briefing is asked for.
        TooMany: too much was asked for in the last hour, by whomever.
    """
    try:
        said = mailbox(address)
    except ValueError as error:
        raise UsageError(str(error)) from error
    if not wishes:
        raise UsageError("no briefing is chosen: tick one")
    now = desk.clock()
    if desk.mailboxes.asks(now - _HOUR) >= _AN_HOUR:
        raise TooMany("more people ask than mails can be sent just now: try again in an hour")
    desk.mailboxes.drop(before=now)
    recipient = keeper(desk).recipient(said)
    quiet = desk.mailboxes.asks(now - _DAY, recipient) >= _A_DAY_PER_ADDRESS or _unwanted(desk, recipient)
    request = Request(
        id=os.urandom(16).hex(),
        recipient=recipient,
        address=said,
        wishes=wishes,
        asked_at=now,
        expires_at=now + HOLDS,
        sent_at=now if quiet else None,
    )
    desk.mailboxes.ask(request)


def _unwanted(desk: Desk, recipient: str) -> bool:
    desk.projector.catch_up()
    return any(one.state == "suppressed" and one.by in _UNWANTED for one in desk.recipients.of([recipient]))


def confirm_url(desk: Desk, request: Request) -> str:
    """The address of the page on which a request is confirmed, for 48 hours from when it was made."""
    token = keeper(desk).token(CONFIRM, request.id, expires=request.expires_at)
    return f"{desk.library.site().url}/{CONFIRM}/{token}"


def pending(desk: Desk, token: str) -> Request:
    """The request that a link is for; nothing changes.

    Raises:
        UsageError: the link was not made here, is too old, or was used already.
    """
    now = desk.clock()
    request = desk.mailboxes.asked(keeper(desk).read(CONFIRM, token, now).id)
    if request is None or request.expires_at <= now:
        raise UsageError("this link was used already, or is too old")
    return request


def confirm(desk: Desk, token: str) -> Request:
    """Put whoever holds the link of a request on the lists he asked for.

    Raises:
        UsageError: as `pending`.
        ConcurrentAppend: other processes would not let the lists rest.
    """
    request = pending(desk, token)
    _keep(desk, request)
    asked = request.asked_at.isoformat(timespec="microseconds")
    facts = [as_fact(_confirmed(request, briefing, wish, asked)) for briefing, wish in sorted(request.wishes.items())]
    for _ in range(ATTEMPTS):
        if record(desk, facts, desk.store.last(STREAM)):
            desk.mailboxes.drop(request.id)
            return request
    raise unrest()


def _confirmed(request: Request, briefing: str, wish: Wish, asked: str) -> events.RecipientConfirmed:
    return events.RecipientConfirmed(
        recipient=request.recipient,
        briefing=briefing,
        asked=asked,
        topics=wish.topics,
        formats=wish.formats,
        language=wish.language,
    )


def _keep(desk: Desk, request: Request) -> None:
    """Keep the address as he wrote it himself; a name that is known stays."""
    known = desk.mailboxes.of([request.recipient]).get(request.recipient)
    name = known.name if known is not None else ""
    mailboxes = [Mailbox(recipient=request.recipient, address=request.address, name=name, at=desk.clock())]
    desk.mailboxes.put(mailboxes)
