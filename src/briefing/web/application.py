"""Which address is answered by whom, and what is said when something goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from briefing.errors import BriefingError
from briefing.service.pushing import CALLBACK
from briefing.web import (
    ahead,
    answers,
    bouncing,
    front,
    health,
    history,
    items,
    looks,
    shelves,
    sources,
    stories,
    topics,
)
from briefing.web.bouncing import Bounces
from briefing.web.correcting import Corrections, admin_token
from briefing.web.frame import Frames
from briefing.web.problems import Problems
from briefing.web.published import Published
from briefing.web.pushes import Callback
from briefing.web.rendering import assets, render
from briefing.web.subscribing import Subscribing

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from briefing.service import Service
    from briefing.web.frame import Frame
    from briefing.web.pushes import Receive
    from briefing.web.rendering import View

    Page = Callable[[Frame, Request], View]

_PAGES: tuple[tuple[str, Page], ...] = (
    ("/", front.front),
    ("/items/", items.listing),
    ("/items/{item}", items.one),
    ("/items/{item}/changes", history.of_item),
    ("/topics/", topics.listing),
    ("/topics/{topic}", topics.one),
    ("/sources/", sources.listing),
    ("/sources/{source}", sources.one),
    ("/health", sources.health),
    ("/digests/{digest}", shelves.digest),
    ("/changes", history.listing),
    ("/stories/", stories.listing),
    ("/stories/{story}", stories.one),
    ("/ahead", ahead.listing),
    ("/briefings", shelves.briefings),
    ("/feeds", shelves.feeds),
)
# Addresses that people type or cut off, and where they lead.
_DETOURS = {
    "/items": "/items/",
    "/topics": "/topics/",
    "/stories": "/stories/",
    "/sources": "/sources/",
    "/digests": "/feeds#digests",
    "/digests/": "/feeds#digests",
    "/changes/": "/changes",
    "/ahead/": "/ahead",
    "/health/": "/health",
    "/briefings/": "/briefings",
    "/feeds/": "/feeds",
}


def make_app(service: Service, receive: Receive | None = None, token: str | None = None) -> Starlette:
    """The site of a service, as an ASGI application; `receive` takes what hubs deliver, by default the service.

    `token` is the administrator's, by default that of the environment; without one nothing can be corrected here.

    Pages are made in threads, for the database is asked synchronously; published files are answered from memory on the
    event loop. The service stays the caller's: it is neither opened nor closed here.
    """
    frames = Frames(service)
    problems = Problems(frames)
    files = Published(service.desk.public)
    callback = Callback(service, receive or service.receive)
    token = admin_token(token)
    corrections = Corrections(service, token)
    people = Subscribing(service, frames)

    async def folder(request: Request) -> Response:
        request.path_params["path"] = request.url.path.removeprefix(request.scope.get("root_path", "")).lstrip("/")
        return await files.answer(request)

    app = Starlette(
        routes=[
            *(Route(path, _endpoint(frames, page)) for path, page in _PAGES),
            *(Route(path, _detour(target)) for path, target in _DETOURS.items()),
            *(Route(path, _shelf(frames)) for path in ("/briefings/{briefing}", "/briefings/{briefing}/")),
            Route("/items/{item}/label", corrections.sent, methods=["POST"]),
            Route(bouncing.PATH, Bounces(service).told, methods=["POST"]),
            *people.routes(),
            Route("/healthz", health.endpoint(service)),
            Route("/static/{name}", _static),
            Route(looks.ADDRESS, looks.endpoint(frames)),
            Route(f"{CALLBACK}{{token}}", callback.asked, methods=["GET"]),
            Route(f"{CALLBACK}{{token}}", callback.delivered, methods=["POST"]),
            Route("/feeds.opml", folder),
            Route("/feeds/{path:path}", folder),
            Route("/briefings/{path:path}", folder),
            Route("/log/{path:path}", folder),
        ],
        exception_handlers={
            HTTPException: problems.answered,
            BriefingError: problems.ours,
            Exception: problems.unforeseen,
        },
    )
    app.state.correcting = bool(token)
    app.state.subscribing = people.open
    return app


def _endpoint(frames: Frames, page: Page) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        frame = frames.make(request.scope.get("root_path", ""))
        view = page(frame, request)
        body = render(frame, view, request.url.path)
        return answers.answer(request, body, kind=answers.HTML, keep=answers.ALWAYS_ASK, status=view.status)

    return endpoint


def _detour(target: str) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        return RedirectResponse(request.scope.get("root_path", "") + target, 308, answers.secured())

    return endpoint


def _shelf(frames: Frames) -> Callable[[Request], Response]:
    """The folder of a briefing has no page of its own: its issues stand on that of all briefings."""

    def endpoint(request: Request) -> Response:
        frame, name = frames.make(request.scope.get("root_path", "")), request.path_params["briefing"]
        if all(briefing.id != name for briefing in frame.house.briefings):
            raise HTTPException(404)
        return RedirectResponse(f"{frame.base}/briefings#{name}", 308, answers.secured())

    return endpoint


def _static(request: Request) -> Response:
    held = assets().get(request.path_params["name"])
    if held is None:
        raise HTTPException(404)
    body, kind = held
    return answers.answer(request, body, kind=kind, keep=answers.FOR_EVER)
