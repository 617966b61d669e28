"""Handing mails over and recording what becomes of them, both at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from briefing.delivery.courier import Courier, Parcel
from briefing.service import recipients
from briefing.service.outgoing import of_address, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from briefing.delivery.journal import Journal
    from briefing.delivery.smtp import Answer, Envelope, Server
    from briefing.model import Post
    from briefing.projections import Mail
    from briefing.service.desk import Desk

_BREATH = 0.02  # seconds in which answers gather that are recorded together


class Dispatch:
    """One run: mails, each with what gives its bytes when its turn comes, over a few connections.

    `progress` is told how many were answered for. `words` are what the server said last of each sort of refusal: for
    people, and for nobody else, since they may name an address.
    """

    def __init__(
        self, desk: Desk, post: Post, place: Server, journal: Journal, progress: Callable[[int], None]
    ) -> None:
        self._desk = desk
        self._progress = progress
        self._answers: list[tuple[Mail, Answer]] = []
        self._open: dict[tuple[str, str], Mail] = {}
        self._over = False
        self._courier = Courier(place, journal, self._answered, connections=post.connections, rate=post.rate)
        self.counts: Counter[str] = Counter()
        self.words: dict[str, str] = {}

    def run(self, mails: Iterator[tuple[Mail, Envelope]]) -> None:
        """Hand all of them over.

        Raises:
            DeliveryError: the server cannot be used; what was not answered for waits.
        """
        asyncio.run(self._run(mails))

    async def _run(self, mails: Iterator[tuple[Mail, Envelope]]) -> None:
        recording = asyncio.create_task(self._record())
        try:
            await self._courier.run(self._parcels(mails))
        finally:
            self._over = True
            await recording

    def _parcels(self, mails: Iterator[tuple[Mail, Envelope]]) -> Iterator[Parcel]:
        for mail, envelope in mails:
            self._open[mail.mailing, mail.recipient] = mail
            yield Parcel(mailing=mail.mailing, recipient=mail.recipient, envelope=envelope)

    def _answered(self, parcel: Parcel, answer: Answer) -> None:
        mail = self._open.pop((parcel.mailing, parcel.recipient))
        self._answers.append((mail, answer))
        sort = _sort(answer)
        self.counts[sort] += 1
        if not answer.accepted:
            self.words[sort] = f"{answer.code} {answer.text}".replace("\n", " ") if answer.code else answer.text
        self._progress(self.counts.total())

    async def _record(self) -> None:
        """Record what was answered, again and again: as much at once as came while the last was written."""
        while self._answers or not self._over:
            batch, self._answers = self._answers, []
            if batch:
                await asyncio.to_thread(self._recorded, batch)
            else:
                await asyncio.sleep(_BREATH)

    def _recorded(self, batch: list[tuple[Mail, Answer]]) -> None:
        record(self._desk, batch)
        for mail, answer in batch:
            if not answer.accepted and of_address(answer):
                recipients.suppress(self._desk, mail.recipient, "hard-bounce", answer.status)


def _sort(answer: Answer) -> str:
    if answer.accepted:
        return "accepted"
    if answer.stage == "lost":
        return "unconfirmed"
    return "refused" if answer.permanent else "deferred"
