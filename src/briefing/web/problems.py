"""What is said when something goes wrong: in the look of the site, with what to do next."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from briefing.web import answers
from briefing.web.rendering import View, render

if TYPE_CHECKING:
    from starlette.requests import Request

    from briefing.web.frame import Frames

_FAULT = (
    "This page could not be made; the fault is ours. Try again in a minute. If it stays, tell the desk its address: "
    "the reason stands in the service’s log."
)
_MISSING = "There is no page at this address. It may be mistyped, or what it named is no longer configured."
_RETRY = {"Retry-After": "60"}


class Problems:
    """Answers in place of pages that cannot be given."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames

    async def answered(self, request: Request, error: Exception) -> Response:
        """An HTTP error that a handler or the router raised."""
        assert isinstance(error, HTTPException)
        status = HTTPStatus(error.status_code)
        given = error.detail if error.detail != status.phrase else ""
        sentence = given or (_MISSING if status is HTTPStatus.NOT_FOUND else f"{status.description or status.phrase}.")
        return await run_in_threadpool(self._page, request, status, sentence, dict(error.headers or {}))

    async def ours(self, request: Request, error: Exception) -> Response:
        """An error of ours: its own sentence, which says how to mend it."""
        return await run_in_threadpool(self._page, request, HTTPStatus.SERVICE_UNAVAILABLE, str(error), _RETRY)

    async def unforeseen(self, request: Request, _: Exception) -> Response:
        """Anything else; the server logs it with its trace."""
        return await run_in_threadpool(self._page, request, HTTPStatus.INTERNAL_SERVER_ERROR, _FAULT, {})

    def _page(self, request: Request, status: HTTPStatus, sentence: str, headers: dict[str, str]) -> Response:
        title = "Not found" if status is HTTPStatus.NOT_FOUND else "This page cannot be shown now"
        base = request.scope.get("root_path", "")
        ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        frame = self._frames.last(base) if ours else self._frames.make(base)
        view = View("problem", {"title": title, "sentence": sentence, "ours": ours})
        body = render(frame, view, request.url.path)
        fields = {"Cache-Control": "no-store", **answers.secured(), **headers}
        return Response(body, status_code=status, headers=fields, media_type=answers.HTML)
