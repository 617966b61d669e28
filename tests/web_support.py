"""A small store with everything a page can show, served by uvicorn on loopback."""

from __future__ import annotations

import http.client
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import uvicorn
from lxml import html

from briefing import events
from briefing.config import load
from briefing.events import canonical
from briefing.observe.decisions import Fact
from briefing.service import Service
from briefing.web import make_app

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SETTINGS = """
site:
  title: Harbour Desk
  url: http://desk.example
  language: en
  timezone: Asia/Tokyo
  contact: desk@example.org
  countries: {XA: Aldava, XB: Brenn}
sources:
  - {id: port-ministry, name: Ministry of Ports of Aldava, institution: ministry, country: XA, language: en,
     timezone: Europe/Vienna, url: "https://ports.example/feed", redistribute: full}
  - {id: kaiun-kyoku, name: アルダヴァ海運局, institution: ministry, country: XA, language: ja, timezone: Asia/Tokyo,
     url: "https://kaiun.example/feed"}
  - {id: mole-institute, name: Mole Institute, institution: think-tank, country: XB, language: en,
     url: "https://mole.example/feed", redistribute: title}
  - {id: silent-board, name: Silent Board, institution: igo, country: XC, language: en,
     url: "https://silent.example/feed"}
topics:
  - id: dredging
    name: Dredging
    description: Depths & channels of the outer harbour.
    phrases: {en: [dredg*, fairway], ja: [浚渫]}
  - id: pilotage
    name: Pilotage
    phrases: {en: [pilot*]}
digests:
  - {id: ministries, title: What the ministries say, institutions: [ministry]}
  - {id: weekly, title: Week by week, bundle: week}
  - {id: cranes, title: Cranes, query: gantry crane}
briefings:
  - {id: weekly, title: Harbour weekly, period: week, publish: monday 07:00, topics: [dredging, pilotage],
     formats: [html, markdown, text, json]}
"""

NOW = datetime(2026, 3, 18, 3, 0, tzinfo=UTC)  # a Wednesday noon in Tokyo
NOTICE, JAPANESE, ESSAY, GONE, UNREAD, HOSTILE = (f"{number:016x}" for number in range(1, 7))

BEFORE = (
    "The Ministry will dredge the fairway to 14 metres.\n"
    "Pilots were told on Monday.\n"
    "Nothing changes in the inner basin.\n"
    "The works end in May.\n"
    "Questions are answered by the harbour office."
)
AFTER = BEFORE.replace("14 metres", "12 metres")


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def page(self) -> Any:
        return html.fromstring(self.body)


@dataclass(frozen=True)
class Site:
    """A running site."""

    service: Service
    clock: Clock
    url: str

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """One request as a plain client sends it: the path goes out as it is given."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()


def said(title: str, text: str, url: str, raw: str = "", problem: str = "") -> bytes:
    """The publisher's words as an event carries them."""
    return canonical(
        {
            "url": url, "title": title, "text": text, "html": "", "authors": [], "date_raw": raw,
            "entry_print": title, "page": True, "problem": problem,
        }
    )  # fmt: skip


def observed(  # noqa: PLR0917 - as a table has its columns
    item: str, source: str, title: str, text: str, language: str, published: str | None = None, **more: Any
) -> Fact:
    """An item seen for the first time."""
    url = more.pop("url", f"https://{source}.example/{item}")
    problem = more.pop("problem", "")
    precision = None if published is None else "minute" if "T" in published else "day"
    event = events.ItemObserved(
        item=item, source=source, keys=(item * 2,), payload="", language=language, archive=False,
        published=published, precision=precision, origin="feed" if published else "none",
    )  # fmt: skip
    return Fact(event=event, key=f"observed:{item}", payload=said(title, text, url, published or "", problem))


def tell(service: Service, source: str, *facts: Fact) -> None:
    """Append facts of a source, and follow them."""
    service.desk.append(f"source:{source}", facts)
    service.desk.projector.catch_up()


def recovered(source: str) -> Fact:
    return Fact(event=events.SourceRecovered(source=source), key=f"recovered:{source}")


def furnished(folder: Path) -> Service:
    """A service whose store holds an edit, a withdrawal, a silent source, three languages of names and bad input."""
    (folder / "sources.yaml").write_text(SETTINGS, encoding="utf-8")
    clock = Clock(NOW - timedelta(days=8))
    service = _service(folder, clock)
    service.adopt()
    tell(
        service,
        "port-ministry",
        recovered("port-ministry"),
        observed(NOTICE, "port-ministry", "Notice on the Fairway", BEFORE, "en", "2026-03-10T09:30:00+01:00"),
        observed(GONE, "port-ministry", "Statement on a Collision", "It was nobody’s fault.", "en", "2026-03-10"),
    )
    clock.now = NOW - timedelta(days=1)
    revised = events.ItemRevised(
        item=NOTICE, source="port-ministry", revision=2, changed=("text",), keys=(), payload="", language="en"
    )
    words = said("Notice on the Fairway", AFTER, f"https://port-ministry.example/{NOTICE}", "Tue, 10 Mar 2026 09:30")
    withdrawn = events.ItemWithdrawn(
        item=GONE, source="port-ministry", status=404, first_missing=(NOW - timedelta(days=2)).isoformat()
    )
    tell(
        service,
        "port-ministry",
        Fact(event=revised, key="revised", payload=words),
        Fact(event=withdrawn, key="withdrawn"),
    )
    tell(
        service,
        "kaiun-kyoku",
        recovered("kaiun-kyoku"),
        observed(
            JAPANESE,
            "kaiun-kyoku",
            "外港の浚渫工事について",
            "浚渫工事を行います。\n期間は五月までです。",
            "ja",
            "2026-03-17",
        ),
    )
    hostile = '<script>alert("1")</script> & <b>bold</b>'
    tell(
        service,
        "mole-institute",
        recovered("mole-institute"),
        observed(
            ESSAY, "mole-institute", "Why Pilots Wait", "Pilots wait. The gantry crane does not.", "en", "2026-03-18"
        ),
        observed(UNREAD, "mole-institute", "A Title Alone", "", "en", problem="its page answered 403"),
        observed(HOSTILE, "mole-institute", hostile, hostile, "en", "2026-03-16", url="javascript:alert(1)"),
    )
    failed = events.SourceFailed(source="silent-board", failure="timeout", detail="no answer in 30 s")
    tell(service, "silent-board", Fact(event=failed, key="failed"))
    clock.now = NOW
    service.classify()
    service.publish()
    service.brief(week="2026-W11")
    return service


def _service(folder: Path, clock: Clock) -> Service:
    return Service(f"sqlite:///{folder}/briefing.db", folder, load(folder / "sources.yaml"), clock)


@contextmanager
def opened(shelf: Path, folder: Path) -> Iterator[Site]:
    """The site of a copy of a furnished folder, at noon of the day."""
    shutil.copytree(shelf, folder, dirs_exist_ok=True)
    clock = Clock(NOW)
    with _service(folder, clock) as service, running(service, clock) as site:
        yield site


@contextmanager
def running(service: Service, clock: Clock) -> Iterator[Site]:
    """The site of a service on a free port of loopback."""
    config = uvicorn.Config(make_app(service), host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
        assert thread.is_alive(), "the server did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Site(service, clock, f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join()
