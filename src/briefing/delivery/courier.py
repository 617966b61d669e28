"""Many mails over a few connections: at a pace, through short failures, each with an answer that is told at once."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.delivery.smtp import CLOSING, Answer, Line
from briefing.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from briefing.delivery.journal import Journal
    from briefing.delivery.smtp import Envelope, Server

# Seconds to wait before each further try to reach the server.
_AGAIN = (0.2, 1.0, 3.0)
# A mail over which the server left so many times is put off: it may be the mail, and the others are to go on.
_DROPPED = 2
# A server that refuses what so many mails in a row say would refuse all the others too.
_HOPELESS = 5
# Seconds between two times that the journal is brought to the disk.
_FORCED = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A mail to be handed over: of which mailing, to which recipient (a keyed hash), and what it is."""

    mailing: str
    recipient: str
    envelope: Envelope


class Courier:
    """Hands parcels over. `answered` is told what became of each, in the event loop; it must not take long."""

    def __init__(
        self,
        place: Server,
        journal: Journal,
        answered: Callable[[Parcel, Answer], None],
        *,
        connections: int,
        rate: int,
    ) -> None:
        self._place = place
        self._journal = journal
        self._answered = answered
        self._connections = connections
        self._pause = 1 / rate if rate else 0.0
        self._next = 0.0
        self._hopeless = 0
        self._failures = 0
        self._stopped = False

    async def run(self, parcels: Iterator[Parcel]) -> None:
        """Hand over all of them.

        Raises:
            DeliveryError: the server cannot be used. What was not answered for waits.
        """
        forcing = asyncio.create_task(self._force())
        workers = [asyncio.create_task(self._work(parcels)) for _ in range(self._connections)]
        try:
            ended = await asyncio.gather(*workers, return_exceptions=True)
        finally:
            forcing.cancel()
            await asyncio.gather(forcing, return_exceptions=True)
        for fault in filter(None, ended):
            raise fault

    async def _force(self) -> None:
        while True:
            await asyncio.sleep(_FORCED)
            await asyncio.to_thread(self._journal.force)

    async def _work(self, parcels: Iterator[Parcel]) -> None:
        line: Line | None = None
        try:
            for parcel in parcels:
                await self._turn()
                line = await self._delivered(line, parcel)
                if self._stopped:  # what is under way elsewhere is brought to its end, and no more is begun
                    break
        except BaseException:
            self._stopped = True
            raise
        finally:
            if line is not None:
                with suppress(asyncio.CancelledError):
                    await line.close()

    async def _turn(self) -> None:
        """Wait until the pace allows another mail."""
        if not self._pause:
            return
        now = asyncio.get_running_loop().time()
        mine = self._next = max(now, self._next + self._pause)
        await asyncio.sleep(mine - now)

    async def _delivered(self, line: Line | None, parcel: Parcel) -> Line | None:
        """Hand one over, on a new connection where the old one ended; gives back the connection to go on with."""
        dropped = 0
        while True:
            try:
                line = line or await self._connected()
            except DeliveryError:
                await self._failed()
                continue
            try:
                answer = await line.hand_over(parcel.envelope, lambda: self._write("sealed", parcel))
            except DeliveryError as error:
                line, dropped = None, dropped + 1
                await self._failed()
                if dropped < _DROPPED:
                    continue
                answer = Answer(stage="content", code=CLOSING, text=str(error))
            try:
                self._done(parcel, answer)
            except DeliveryError:
                if line is not None:
                    await line.close()
                raise
            return None if answer.stage == "lost" else line

    async def _connected(self) -> Line:
        line = Line(self._place)
        await line.open()
        return line

    async def _failed(self) -> None:
        """Wait a little before the next try; raises what is being handled where there were enough."""
        self._failures += 1
        if self._failures > len(_AGAIN):
            raise  # noqa: PLE0704 - called where an error is handled
        await asyncio.sleep(_AGAIN[self._failures - 1])

    def _write(self, word: str, parcel: Parcel) -> None:
        self._journal.write(word, parcel.mailing, parcel.recipient)  # type: ignore[arg-type]  # one of its words

    def _done(self, parcel: Parcel, answer: Answer) -> None:
        if answer.stage == "sender" and not answer.permanent:
            raise DeliveryError(
                f"the mail server {self._place} puts us off ({answer.code} {answer.text}): what is left is sent later"
            )
        if answer.stage == "sender":
            raise DeliveryError(
                f"the mail server {self._place} refuses our sender ({answer.code} {answer.text}): "
                "look at mail.from, and whether a login is needed"
            )
        if answer.stage != "lost":  # of that nothing is known but that it was sealed
            self._write("accepted" if answer.accepted else "refused", parcel)
        self._answered(parcel, answer)
        if answer.accepted:
            self._failures = self._hopeless = 0
        elif answer.stage == "content" and answer.permanent:
            self._hopeless += 1
            if self._hopeless >= _HOPELESS:
                raise DeliveryError(
                    f"the mail server {self._place} refuses what the mails say ({answer.code} {answer.text}): "
                    f"{_HOPELESS} in a row were refused, the others wait"
                )
