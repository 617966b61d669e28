"""Subscribing by mail, changing one's mind, leaving: pages that need neither an account nor a script.

A GET changes nothing, for programs that scan mail open every link in it; a button posts. There is no cookie and no
session: who may do what follows from the signed token in the address alone, which no other site knows, so that none can
send a form in somebody's name. The one form without a token, the request, does no more than a mail by post would:
whoever owns the address must confirm it. Addresses with tokens are in no log of ours, are never passed on to another
site, and are not for search engines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from briefing.errors import UsageError
from briefing.model import Wish
from briefing.outputs import ISSUES
from briefing.service import optin, recipients
from briefing.service.tokens import PREFERENCES, UNSUBSCRIBE, keeper
from briefing.web import answers
from briefing.web.rendering import View, render
from briefing.web.turnstile import Turnstile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from briefing.model import Briefing, Subscriber
    from briefing.service import Service
    from briefing.web.frame import Frame, Frames

Form = dict[str, list[str]]
Handler = Callable[["Frame", str, Form], View]

_LARGEST = 20_000  # bytes of a form
_FIELDS = 500
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", **answers.secured()}
_BODIES = ("html", "text")
_PLAIN = "text"


class Subscribing:
    """The pages of subscribers. `open` says whether strangers may subscribe; who has a link may always use it."""

    def __init__(self, service: Service, frames: Frames) -> None:
        self._service = service
        self._frames = frames
        self._turnstile = Turnstile(service.desk.clock)

    def open(self) -> bool:
        """Whether people may subscribe themselves."""
        return optin.is_open(self._service.settings)

    def routes(self) -> list[Route]:
        """Which address is answered by whom."""
        pages: tuple[tuple[str, str, Handler], ...] = (
            ("/subscribe", "GET", self._form),
            ("/subscribe", "POST", self._request),
            ("/subscribe/{token}", "GET", self._confirmation),
            ("/subscribe/{token}", "POST", self._confirm),
            ("/unsubscribe/{token}", "GET", self._leaving),
            ("/unsubscribe/{token}", "POST", self._leave),
            ("/preferences/{token}", "GET", self._preferences),
            ("/preferences/{token}", "POST", self._choose),
        )
        return [Route(path, self._endpoint(page), methods=[method]) for path, method, page in pages]

    def _endpoint(self, page: Handler) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            form: Form = {}
            if request.method == "POST":
                if "token" not in request.path_params:
                    self._admit(request)
                form = await _sent(request)
            return await run_in_threadpool(self._answer, request, page, form)

        return endpoint

    def _admit(self, request: Request) -> None:
        """Let in a form without a token.

        Raises:
            HTTPException: 403 from another site's page, 429 for the next of too many.
        """
        if request.headers.get("sec-fetch-site") == "cross-site":
            raise HTTPException(403, "This form is sent from our own page only: open it, and fill it in there.")
        if wait := self._turnstile.wait(request.client.host if request.client else ""):
            said = "Too many requests came from your network within an hour: try again later."
            raise HTTPException(429, said, headers={"Retry-After": str(wait)})

    def _answer(self, request: Request, page: Handler, form: Form) -> Response:
        frame = self._frames.make(request.scope.get("root_path", ""))
        try:
            view = page(frame, request.path_params.get("token", ""), form)
        except optin.TooMany as error:
            raise HTTPException(429, _sentence(error), headers={"Retry-After": "3600"}) from error
        except UsageError as error:
            raise HTTPException(404, _sentence(error)) from error
        body = render(frame, view, f"{frame.base}/subscribe")
        return Response(body, status_code=view.status, headers=_HEADERS, media_type=answers.HTML)

    # ------------------------------------------------------------ subscribing

    def _form(self, frame: Frame, _: str, form: Form, fault: str = "") -> View:
        """The form, with what was said so far and what is wrong with it."""
        if not self.open():
            raise HTTPException(404, "Briefings are not sent by mail from here. Their feeds are open to everybody.")
        topics = {topic for briefing in frame.house.briefings for topic in briefing.topics}
        values = {
            "briefings": frame.house.briefings,
            "topics": [topic for name, topic in frame.house.topics.items() if name in topics],
            "formats": _attachments(frame.house.briefings),
            "languages": _languages(frame),
            "said": form,
            "fault": fault,
        }
        return View("subscribe", values, status=400 if fault else 200)

    def _request(self, frame: Frame, _: str, form: Form) -> View:
        if not self.open():
            return self._form(frame, "", form)
        chosen = [one for one in frame.house.briefings if one.id in form.get("briefing", ())]
        if len(frame.house.briefings) == 1:
            chosen = list(frame.house.briefings)
        try:
            optin.ask(self._service.desk, _last(form, "address"), {one.id: _wish(one, form) for one in chosen})
        except UsageError as error:
            return self._form(frame, "", form, _sentence(error))
        hours = int(optin.HOLDS.total_seconds() // 3600)
        return View(
            "told",
            {
                "title": "Look into your mailbox",
                "sentences": (
                    "If mail reaches that address, one is on its way. It holds a link to a page with a button: only "
                    f"that button subscribes you. The link is good for {hours} hours.",
                    "Nothing came? Look among unwanted mail, or try again in an hour. We tell nobody, and so not you "
                    "here, whether an address is known to us.",
                ),
            },
        )

    def _confirmation(self, frame: Frame, token: str, _: Form) -> View:
        request = optin.pending(self._service.desk, token)
        return _button(
            "Subscribe by mail?",
            f"You get {_titles(frame, request.wishes)} at the address that this link was sent to.",
            "Subscribe",
        )

    def _confirm(self, frame: Frame, token: str, _: Form) -> View:
        request = optin.confirm(self._service.desk, token)
        said = f"You get {_titles(frame, request.wishes)} from the next issue on."
        more = "Every mail has a link at its end by which you leave, and one to choose what you get."
        return View("told", {"title": "You are subscribed", "sentences": (said, more)})

    # ------------------------------------------------------------ leaving

    def _leaving(self, frame: Frame, token: str, _: Form) -> View:
        there = self._holder(UNSUBSCRIBE, token)
        title = _titles(frame, [there.briefing])
        if there.state == "unsubscribed":
            return _left(title)
        return _button("Unsubscribe?", f"You will get {title} by mail no more.", "Unsubscribe")

    def _leave(self, frame: Frame, token: str, _: Form) -> View:
        """Whatever the form says: mail programs post the one field of RFC 8058, in either form of forms."""
        there = recipients.unsubscribe(self._service.desk, token)
        return _left(_titles(frame, [there.briefing]))

    # ------------------------------------------------------------ choosing

    def _preferences(self, frame: Frame, token: str, _: Form, saved: str = "") -> View:
        there = self._holder(PREFERENCES, token)
        briefing = next((one for one in frame.house.briefings if one.id == there.briefing), None)
        if briefing is None or there.state not in recipients.ON:
            raise UsageError("this address is on the list no more: subscribe again on our site")
        said: Form = {
            "topic": list(there.topics),
            "format": [one for one in there.formats if one not in _BODIES],
            "body": [_PLAIN] if _PLAIN in there.formats and "html" not in there.formats else [""],
            "language": [there.language],
        }
        values = {
            "briefing": briefing,
            "topics": [frame.house.topics[name] for name in briefing.topics if name in frame.house.topics],
            "formats": _attachments([briefing]),
            "languages": _languages(frame),
            "said": said,
            "paused": there.state == "paused",
            "saved": saved,
        }
        return View("preferences", values)

    def _choose(self, frame: Frame, token: str, form: Form) -> View:
        there = self._holder(PREFERENCES, token)
        briefing = next((one for one in frame.house.briefings if one.id == there.briefing), None)
        if briefing is not None:
            paused = _last(form, "paused") == "yes"
            recipients.change(self._service.desk, there, _wish(briefing, form), paused=paused, by="self")
        return self._preferences(frame, token, form, saved="Saved. It holds from the next issue on.")

    def _holder(self, purpose: str, token: str) -> Subscriber:
        desk = self._service.desk
        return recipients.holder(desk, keeper(desk).read(purpose, token, desk.clock()))


def _button(title: str, sentence: str, button: str) -> View:
    return View("told", {"title": title, "sentences": (sentence,), "button": button})


def _left(title: str) -> View:
    said = f"You get {title} by mail no more. Mails that are on their way just now may still arrive."
    return View("told", {"title": "You are unsubscribed", "sentences": (said,)})


def _titles(frame: Frame, wanted: Mapping[str, Wish] | list[str]) -> str:
    """The titles of briefings, in the order of the configuration."""
    known = {one.id: one.title for one in frame.house.briefings}
    named = [f"“{known[name]}”" for name in known if name in wanted]
    return " and ".join(named) or "this briefing"


def _attachments(briefings: Any) -> list[str]:
    """The formats that may come attached: those that a briefing is published in."""
    published = {name for one in briefings for name in one.formats}
    return [name for name in ISSUES if name in published and name not in _BODIES]


def _languages(frame: Frame) -> list[str]:
    return sorted({source.language for source in frame.house.active if source.language} | {frame.site.language})


def _wish(briefing: Briefing, form: Form) -> Wish:
    """What is wanted of a briefing; words that it does not know are passed over."""
    topics = tuple(topic for topic in briefing.topics if topic in form.get("topic", ()))
    attached = [name for name in ISSUES if name in briefing.formats and name in form.get("format", ())]
    bodies = [_PLAIN] if _last(form, "body") == _PLAIN else ["html"] if attached else []
    language = _last(form, "language")
    return Wish(
        topics=() if len(topics) == len(briefing.topics) else topics,
        formats=tuple(name for name in ISSUES if name in (*bodies, *attached)),
        language=language if len(language) == 2 and language.isascii() and language.isalpha() else "",  # noqa: PLR2004
    )


def _last(form: Form, name: str) -> str:
    return form.get(name, [""])[-1]


def _sentence(error: Exception) -> str:
    said = f"{error}."
    return said[0].upper() + said[1:]


async def _sent(request: Request) -> Form:
    """A form as it was sent; one of several parts is read to its end and taken for empty."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise HTTPException(413)
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    try:
        return parse_qs(body.decode("utf-8", "replace"), max_num_fields=_FIELDS)
    except ValueError as error:
        raise HTTPException(400, "The form has too many fields.") from error
