"""What is mailed without anybody asking: fresh issues, errata to issues that were mailed, confirmations, what waits."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.delivery.courier import Courier, Parcel
from briefing.editions import periods
from briefing.errors import DeliveryError
from briefing.service import recipients
from briefing.service.bounces import read_folder
from briefing.service.issuing import newest
from briefing.service.mailing import confirmation, issue_mailing
from briefing.service.outgoing import CONFIRMATIONS, Mailing, decide
from briefing.service.sending import configured, hand_over_waiting, mail_server, turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from briefing.delivery.journal import Journal
    from briefing.delivery.smtp import Answer, Server
    from briefing.model import Corrected, Post
    from briefing.service.desk import Desk
    from briefing.service.sending import SendResult

FRESH = timedelta(days=3)
"""So long after it came out an issue is mailed by itself: whoever names a server later does not mail old ones."""
_RECENT = timedelta(days=14)  # whoever makes an issue of years ago does not mean to mail it
_ERRATA = timedelta(days=7)


def post_round(
    desk: Desk, post: Post, progress: Callable[[int, int], None] = lambda _done, _all: None, *, fresh: bool = True
) -> SendResult:
    """Decide what is due and hand over everything that waits; `fresh` says whether issues are decided on too.

    Raises:
        ConfigError: there is no server, or no sender.
        SenderBusy: another process is sending.
    """
    place = mail_server(post)
    if post.bounces:
        read_folder(desk, post, Path(post.bounces))
    with turn(desk) as journal:
        desk.projector.catch_up()
        decided = decide_errata(desk) + (decide_fresh(desk) if fresh else 0)
        fault = _confirmed(desk, post, place, journal)
        found = hand_over_waiting(desk, post, place, journal, progress)
    return replace(found, decided=decided, fault=found.fault or fault)


def due(desk: Desk, post: Post) -> bool:
    """Whether there is a server, and a round might have anything to do."""
    return configured(post) and anything(desk)


def anything(desk: Desk) -> bool:
    """Whether a round might have anything to do: cheap enough to be asked all the time."""
    if desk.mailboxes.untold(desk.clock()) or desk.outbox.counts().get("waiting"):
        return True
    return desk.recipients.last() > 0


def decide_fresh(desk: Desk) -> int:
    """Issues that came out lately and were mailed to nobody yet go to everybody on their lists; how many mails."""
    oldest, decided = desk.clock() - FRESH, 0
    for issued in newest([one for one in desk.library.issues() if one.published_at >= oldest]):
        name = issue_mailing(issued)
        if issued.version > 1 or desk.outbox.recipients(name):
            continue  # a later version is not mailed: errata are
        if periods.last_day(issued.period) < (desk.clock() - _RECENT).date():
            continue
        wanted = [one.id for one in recipients.subscribers(desk, issued.briefing)]
        mailing = Mailing(name, "issue", issued.briefing, issued.period, issued.version)
        decided += decide(desk, mailing, wanted) if wanted else 0
    return decided


def decide_errata(desk: Desk) -> int:
    """Errata go to everybody who got a version that cites the item and does not know of the change; those of one issue
    in one mail.
    """
    oldest = desk.clock() - _ERRATA
    told = {position for about in desk.outbox.told("erratum").values() for position in about.split(",")}
    fresh = [one for one in desk.library.errata.issued(since=oldest) if str(one.position) not in told]
    decided = 0
    for (briefing, period), group in _by_issue(fresh):
        cites = {one.version: set(one.items) for one in desk.library.issues(briefing, period)}
        got = desk.outbox.mails("accepted", "unconfirmed", mailing=f"issue:{briefing}:{period}")
        # Who got version 1 is not told of what only version 2 names.
        pairs = [
            (mail, one)
            for mail, one in product(got, group)
            if mail.version <= one.version and one.item in cites[mail.version]
        ]
        if not pairs:
            continue
        positions = sorted({one.position for _, one in pairs})
        name, about = f"erratum:{briefing}:{period}:{positions[-1]}", ",".join(map(str, positions))
        version = max(mail.version for mail, _ in pairs)
        wanted = {mail.recipient for mail, _ in pairs}
        decided += decide(desk, Mailing(name, "erratum", briefing, period, version, about), wanted)
    return decided


def _by_issue(errata: Iterable[Corrected]) -> Iterator[tuple[tuple[str, str], list[Corrected]]]:
    groups: dict[tuple[str, str], list[Corrected]] = {}
    for one in errata:
        groups.setdefault((one.briefing, one.period), []).append(one)
    yield from sorted(groups.items())


def _confirmed(desk: Desk, post: Post, place: Server, journal: Journal) -> str:
    """Mail the requests to confirm; why that ended early, empty where it did not.

    One that the server puts off is tried again in the next round, as long as its link is good.
    """
    requests = recipients.confirmations(desk)
    if not requests:
        return ""
    told: list[str] = []

    def answered(parcel: Parcel, answer: Answer) -> None:
        if answer.accepted or answer.permanent or answer.stage == "lost":
            told.append(parcel.recipient)

    parcels = (
        Parcel(mailing=CONFIRMATIONS, recipient=one.id, envelope=confirmation(desk, post, one)) for one in requests
    )
    courier = Courier(place, journal, answered, connections=1, rate=post.rate)
    try:
        asyncio.run(courier.run(parcels))
    except DeliveryError as error:
        return str(error)
    finally:
        recipients.confirmation_sent(desk, [one for one in requests if one.id in told])
    return ""
