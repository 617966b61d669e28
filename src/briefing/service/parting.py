"""Ending subscriptions to hubs (WebSub, section 5.1): of sources no longer read, of hubs not named any more."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from briefing.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from typing import Any

    from briefing.fetch import Fetcher
    from briefing.projections import Parting, Push
    from briefing.service.desk import Desk

    InTurn = Callable[[Callable[[], Any]], Awaitable[Any]]

FORM = "application/x-www-form-urlencoded"
_AGAIN = timedelta(days=1)  # after a hub did not ask back
_LOOK = timedelta(minutes=10)  # between two looks for sources that are no longer read
_UNKNOWN = timedelta(days=30)  # of a subscription of which no end is known: no hub grants more for long


class Leaver:
    """Asks hubs to end subscriptions; the hub asks back at the callback, and only then it is forgotten.

    Args:
        desk: where subscriptions are kept.
        fetcher: the client.
        callback: where readers find the callback's addresses, without its end.
        in_turn: whose turn it is at the database.
    """

    def __init__(self, desk: Desk, fetcher: Fetcher, callback: str, in_turn: InTurn) -> None:
        self._desk = desk
        self._fetcher = fetcher
        self._callback = callback
        self._in_turn = in_turn
        self._looked: datetime | None = None

    async def leave(self, push: Push) -> None:
        """End one subscription."""
        until = push.expires_at or (push.asked_at or self._desk.clock()) + _UNKNOWN
        await self._in_turn(lambda: self._desk.partings.part(push, until))
        parting = await self._in_turn(lambda: self._desk.partings.by_token(push.token))
        if parting is not None:
            await self._ask(parting)

    async def tidy(self) -> None:
        """End the subscriptions of sources that are no longer read, and ask again for what did not end."""
        now = self._desk.clock()
        if self._looked is not None and now - self._looked < _LOOK:
            return
        self._looked = now
        orphans = await self._in_turn(self._desk.partings.orphans)
        for push in (await self._in_turn(lambda: self._desk.pushes.all(orphans))).values() if orphans else ():
            await self.leave(push)
        for parting in await self._in_turn(self._desk.partings.all):
            if parting.until <= now:
                await self._in_turn(partial(self._desk.partings.end, parting.token))
            elif parting.asked_at is None or now - parting.asked_at >= _AGAIN:
                await self._ask(parting)

    async def _ask(self, parting: Parting) -> None:
        # First: the hub may ask back before it answers.
        await self._in_turn(lambda: self._desk.partings.asked(parting.token, self._desk.clock()))
        form = {
            "hub.callback": f"{self._callback}{parting.token}",
            "hub.mode": "unsubscribe",
            "hub.topic": parting.topic,
        }
        try:
            await self._fetcher.post(parting.hub, urlencode(form).encode(), content_type=FORM)
        except SourceError:
            return  # it is asked again tomorrow, until the time that it granted is over
