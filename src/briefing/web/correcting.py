"""Corrections on the site: a form on the page of an item, for who knows the administrator's token.

No cookie and no session: the token comes with every form, so that no other site can send one in somebody's name.
"""

from __future__ import annotations

import hmac
import os
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from briefing.errors import UsageError
from briefing.web import answers

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from briefing.service import Service

VARIABLE = "BRIEFING_ADMIN_TOKEN"
_SHORTEST = 16
_LARGEST = 4_000  # bytes of a form


def admin_token(said: str | None = None) -> str:
    """The administrator's token as given, else from the environment; empty where nobody may correct.

    Raises:
        UsageError: it is too short to keep anybody out.
    """
    token = os.environ.get(VARIABLE, "") if said is None else said
    if 0 < len(token) < _SHORTEST:
        raise UsageError(f"{VARIABLE} has fewer than {_SHORTEST} characters: take a longer one, or none")
    return token


class Corrections:
    """Takes what is sent with the form."""

    def __init__(self, service: Service, token: str) -> None:
        self._service = service
        self._token = token

    async def sent(self, request: Request) -> Response:
        """Record an answer and lead back to the item.

        Raises:
            HTTPException: 404 where nobody may correct, 403 with a wrong token, 400 where the form says nothing.
        """
        if not self._token:
            raise HTTPException(404)
        form = await _form(request)
        if not hmac.compare_digest(form.get("token", "").encode(), self._token.encode()):
            raise HTTPException(403, "The token is not the administrator’s: nothing was recorded.")
        item = request.path_params["item"]
        await run_in_threadpool(self._record, item, form)
        base = request.scope.get("root_path", "")
        return RedirectResponse(f"{base}/items/{item}#topics", 303, answers.secured())

    def _record(self, item: str, form: dict[str, str]) -> None:
        if self._service.desk.library.item(item) is None:
            raise HTTPException(404)
        try:
            self._service.label(item, form.get("topic", ""), form.get("answer", ""), form.get("by", ""))
        except UsageError as error:
            raise HTTPException(400, f"{error}.") from error


async def _form(request: Request) -> dict[str, str]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise HTTPException(413)
    said = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    return {name: values[-1] for name, values in said.items()}
