"""The callback of subscriptions (WebSub): hubs ask whether we meant it, and deliver what is new.

Whoever sends, a delivery is worth no more than an answer to a poll: signed, limited in size, parsed in a worker.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from briefing.model import Fetched
from briefing.service.pushing import granted, signed
from briefing.web import answers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from briefing.projections.partings import Parting
    from briefing.projections.pushes import Push
    from briefing.service import Service

    Receive = Callable[[str, Fetched], Awaitable[None]]

_LONGEST_CHALLENGE = 4_000
_AT_ONCE = 2
_ACCEPTED = 202


class Callback:
    """Answers hubs; `receive` is given the source and what was delivered for it."""

    def __init__(self, service: Service, receive: Receive) -> None:
        self._service = service
        self._receive = receive
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def asked(self, request: Request) -> Response:
        """A hub asks whether a subscription was meant, or says that it is none (WebSub, sections 5.2 and 5.3).

        Whether one is to end is asked too: only of those that we want to end.
        """
        said = request.query_params
        mode, topic, challenge = (said.get(f"hub.{name}", "") for name in ("mode", "topic", "challenge"))
        if (parting := await self._parting(request)) is not None:
            if (mode, topic) != ("unsubscribe", parting.topic) or not 0 < len(challenge) <= _LONGEST_CHALLENGE:
                raise HTTPException(404)
            await run_in_threadpool(self._service.desk.partings.end, parting.token)
            return PlainTextResponse(challenge, headers=answers.secured())
        push = await self._push(request)
        if mode == "denied" and topic == push.topic:
            await self._put(replace(push, state="refused"))
            return PlainTextResponse("", headers=answers.secured())
        if mode != "subscribe" or topic != push.topic or not 0 < len(challenge) <= _LONGEST_CHALLENGE:
            raise HTTPException(404)
        await self._put(granted(push, said.get("hub.lease_seconds", ""), self._service.desk.clock()))
        return PlainTextResponse(challenge, headers=answers.secured())

    async def delivered(self, request: Request) -> Response:
        """A hub delivers (WebSub, section 7). What is not signed is thrown away, and the sender not told."""
        if await self._parting(request) is not None:
            raise HTTPException(410)  # by which a hub may know that nobody listens any more (section 7)
        push = await self._push(request)
        assert self._service.settings is not None
        body = await _limited(request, self._service.settings.fetch.max_bytes)
        if push.state not in ("active", "faulty") or not signed(push, request.headers.get("x-hub-signature", ""), body):
            return Response(status_code=_ACCEPTED, headers=answers.secured())
        await self._put(replace(push, pushed_at=self._service.desk.clock()))
        kind = request.headers.get("content-type", "")
        told = Fetched(url=push.topic, final_url=push.topic, status=200, headers={"content-type": kind}, body=body)
        task = BackgroundTask(self._take, push.source, told)
        return Response(status_code=_ACCEPTED, headers=answers.secured(), background=task)

    async def _take(self, source: str, told: Fetched) -> None:
        async with self._turns:
            await self._receive(source, told)

    async def _parting(self, request: Request) -> Parting | None:
        return await run_in_threadpool(self._service.desk.partings.by_token, request.path_params["token"])

    async def _push(self, request: Request) -> Push:
        token = request.path_params["token"]
        push = await run_in_threadpool(self._service.desk.pushes.by_token, token)
        settings = self._service.settings
        if push is None or settings is None or all(source.id != push.source for source in settings.sources):
            raise HTTPException(404)
        return push

    async def _put(self, push: Push) -> None:
        await run_in_threadpool(self._service.desk.pushes.put, push)


async def _limited(request: Request, most: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise HTTPException(413)
    return bytes(body)
