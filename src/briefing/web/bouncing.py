"""Notices of mail that came back, told by the mail service itself: for who knows the token of this door."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from briefing.delivery.bounces import LARGEST, Notice
from briefing.errors import UsageError
from briefing.service.bounces import Ledger

if TYPE_CHECKING:
    from collections import Counter

    from starlette.requests import Request
    from starlette.responses import Response

    from briefing.service import Service

PATH = "/bounces"
VARIABLE = "BRIEFING_BOUNCES_TOKEN"
_SHORTEST = 16


def bounces_token() -> str:
    """The token of the door for notices; empty where it is shut.

    Raises:
        UsageError: it is too short to keep anybody out.
    """
    token = os.environ.get(VARIABLE, "")
    if 0 < len(token) < _SHORTEST:
        raise UsageError(f"{VARIABLE} has fewer than {_SHORTEST} characters: take a longer one, or none")
    return token


class Bounces:
    """Takes a notice as a mail (`message/rfc822`), or several as JSON: a list of `address`, `status`, and, where known,
    `message_id` and `complaint`.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._token = bounces_token()

    async def told(self, request: Request) -> Response:
        """Record notices; says how many there were of each sort.

        Raises:
            HTTPException: 404 where the door is shut, 401 without its token, 413 for too much, 400 for what is none.
        """
        if not self._token:
            raise HTTPException(404)
        said = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not hmac.compare_digest(said.encode(), self._token.encode()):
            raise HTTPException(401, "This door needs its token: Authorization: Bearer TOKEN.")
        body = await _limited(request)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        found = _listed(body) if kind == "application/json" else None
        counts = await run_in_threadpool(self._take, body, found)
        return JSONResponse(dict(counts), headers={"Cache-Control": "no-store"})

    def _take(self, body: bytes, found: list[Notice] | None) -> Counter[str]:
        assert self._service.settings is not None
        ledger = Ledger(self._service.desk, self._service.settings.mail)
        if found is None:
            return ledger.take(body)
        return ledger.noted(found, hashlib.sha256(body).hexdigest()[:32], trusted=True)


async def _limited(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise HTTPException(413)
    return bytes(body)


def _listed(body: bytes) -> list[Notice]:
    try:
        said = json.loads(body)
        rows = said if isinstance(said, list) else [said]
        return [_notice(row) for row in rows]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise HTTPException(400, 'Write [{"address": "...", "status": "5.1.1", "message_id": "<...>"}].') from error


def _notice(row: dict[str, object]) -> Notice:
    complaint = row.get("complaint") is True
    status = str(row.get("status", "") if complaint else row["status"])
    return Notice(
        address=str(row.get("address", "")),
        message_id=str(row.get("message_id", "")),
        status=status[:20],
        failed=status.startswith("5."),
        complaint=complaint,
    )
