"""The whole street under test: a press server whose answers a test sets, a clock that stands still, and a service."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, Self

import pytest
from anyio.from_thread import start_blocking_portal

from briefing.model import (
    ArticleRules,
    Briefing,
    Digest,
    FetchPolicy,
    ListRules,
    Settings,
    Site,
    Source,
    SourceId,
    Topic,
    TopicId,
)
from briefing.service import Service
from briefing.service.collecting import Collector
from briefing.sources import Workers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from anyio.from_thread import BlockingPortal

    from briefing.model import (
        Item,
    )
    from briefing.service import SourceResult
    from briefing.service.rechecking import Recheck

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)

RSS, ATOM, HTML, XML = "application/rss+xml", "application/atom+xml", "text/html; charset=utf-8", "application/xml"

# ---------------------------------------------------------------- the press


@dataclass(frozen=True)
class Answer:
    """What a path answers. With `validators` a 200 has an ETag, and a client that holds it gets a 304."""

    body: str | bytes = ""
    status: int = 200
    content_type: str = RSS
    headers: dict[str, str] = field(default_factory=dict)
    validators: bool = True
    hang: bool = False


@dataclass(frozen=True)
class Asked:
    """A request and the status it was answered with."""

    path: str
    status: int
    headers: dict[str, str]

    @property
    def conditional(self) -> bool:
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


class Press:
    """A web server on loopback: `answers` by path (with its query), a missing one is a 404; `{base}` is its address."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self.stopping = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def says(self, path: str, body: str | bytes = "", **more: Any) -> None:
        """From now on a path answers so."""
        self.answers[path] = Answer(body=body, **more)

    def shows(self, path: str, title: str, *paragraphs: str, **more: Any) -> None:
        """From now on an item's own page stands at a path."""
        self.says(path, page(title, *paragraphs), content_type=HTML, **more)

    def fails(self, path: str, status: int, **headers: str) -> None:
        """From now on a path answers with an error."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(body=f"<h1>{status}</h1>", status=status, content_type=HTML, headers=named)

    def log(self) -> list[tuple[str, int]]:
        """Path and status of what was asked since the last call, robots.txt left out."""
        asked, self.asked = self.asked, []
        return [(one.path, one.status) for one in asked if one.path != "/robots.txt"]

    def last(self, path: str) -> Asked:
        """The last request of a path."""
        return next(one for one in reversed(self.asked) if one.path == path)


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, press: Press, *args: Any) -> None:
        self._press = press
        super().__init__(*args)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        answer = self._press.answers.get(self.path, Answer("<h1>nothing here</h1>", 404, HTML))
        if answer.hang:
            self._press.stopping.wait(30)
            return
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        body = body.replace(b"{base}", self._press.base.encode())
        headers = {name: value.replace("{base}", self._press.base) for name, value in answer.headers.items()}
        status = answer.status
        if status == 200 and answer.validators:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == headers["ETag"]:
                status = 304
        lower = {name.lower(): value for name, value in self.headers.items()}
        self._press.asked.append(Asked(self.path, status, lower))
        try:
            self._send(status, answer.content_type, headers, body)
        except ConnectionError:  # whoever asked was killed
            return

    def _send(self, status: int, content_type: str, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 304:
            self.wfile.write(body)


# ---------------------------------------------------------------- what it says


@dataclass(frozen=True)
class Post:
    """An entry of an RSS feed as its publisher writes it; None leaves the element out."""

    title: str
    link: str | None = None
    guid: str | None = None
    date: str | None = None
    summary: str = ""
    content: str = ""

    def xml(self) -> str:
        parts = [f"<title>{escape(self.title)}</title>"]
        parts += [f"<link>{escape(self.link)}</link>"] if self.link is not None else []
        parts += [f'<guid isPermaLink="false">{escape(self.guid)}</guid>'] if self.guid is not None else []
        parts += [f"<pubDate>{self.date}</pubDate>"] if self.date is not None else []
        parts += [f"<description>{escape(self.summary)}</description>"] if self.summary else []
        parts += [f"<content:encoded>{escape(self.content)}</content:encoded>"] if self.content else []
        return f"<item>{''.join(parts)}</item>"


def post(number: int, title: str = "", **more: Any) -> Post:
    """A whole entry with a text of its own; the higher its number the newer it is."""
    base = Post(
        title=title or f"Communiqué number {number}",
        link=f"{{base}}/items/{number}",
        guid=f"tag:press,2026:{number}",
        date=f"{(datetime(2026, 2, 2, 10, tzinfo=UTC) + timedelta(hours=number)):%a, %d %b %Y %H:%M:%S +0000}",
        content=f"<p>The harbour board met for the {number}th time and spoke about berth {number * 7}.</p>"
        f"<p>Its members agreed to publish the minutes of session {number} before the summer.</p>",
    )
    return replace(base, **more)


def rss(posts: Iterable[Post]) -> str:
    items = "".join(one.xml() for one in posts)
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Harbour board</title><link>{{base}}/</link>{items}</channel></rss>"
    )


def listing(links: Sequence[tuple[str, str, str]]) -> str:
    """A page that lists items: address, title and date of each."""
    rows = "".join(f'<li><span class="d">{date}</span> <a href="{url}">{title}</a></li>' for url, title, date in links)
    return f"<!DOCTYPE html><html><head><title>News</title></head><body><ul>{rows}</ul></body></html>"


def page(title: str, *paragraphs: str) -> str:
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    head = f"<!DOCTYPE html><html><head><title>{title}</title></head>"
    return f"{head}<body><main><h1>{title}</h1>{text}</main></body></html>"


def urlset(urls: Iterable[str]) -> str:
    inside = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inside}</urlset>'


def index(parts: Iterable[str], mark: str = "") -> str:
    inside = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in parts)
    return (
        f'<?xml version="1.0"?><!-- {mark} --><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"{inside}</sitemapindex>"
    )


# ---------------------------------------------------------------- the configuration

LISTED = ListRules(item="li", link="a@href", title="a", date="span.d")
MAIN = ArticleRules(body="main", drop=("h1",))


def source(name: str, path: str, press: Press, **more: Any) -> Source:
    fields: dict[str, Any] = {"institution": "ministry", "country": "XA", "language": "en", "timezone": "UTC"}
    url = path if "://" in path else press.base + path
    return Source(id=SourceId(name), name=f"The {name} office", url=url, **(fields | more))


def topic(name: str, *phrases: str, **more: Any) -> Topic:
    return Topic(id=TopicId(name), name=name.capitalize(), phrases={"en": phrases}, **more)


def settings(*sources: Source, **more: Any) -> Settings:
    fields: dict[str, Any] = {
        "site": Site(
            title="Harbour Watch", url="http://127.0.0.1:8000", language="en", timezone="UTC", contact="a@b.example"
        ),
        "fetch": FetchPolicy(
            every=timedelta(hours=1),
            timeout=timedelta(seconds=20),
            max_bytes=1_000_000,
            per_host=8,
            spacing=timedelta(0),
            allow_networks=(ip_network("127.0.0.0/8"),),
        ),
        "topics": (topic("harbour", "harbour*", "berth*"), topic("fish", "herring", "cod")),
        "digests": (Digest(id="ministries", title="Ministries", institutions=("ministry",)),),
        "briefings": (weekly(),),
    }
    return Settings(sources=sources, **(fields | more))


def weekly() -> Briefing:
    formats = ("html", "markdown", "text", "json")
    return Briefing(
        id="weekly", title="The week", period="week", weekday=0, hour=7, minute=0, topics=(), formats=formats
    )


# ---------------------------------------------------------------- the street


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


class KeptWorkers(Workers):
    """Parsing processes that outlive a run: starting them is most of what a small run costs."""

    async def __aexit__(self, *_: object) -> None:
        """Stay."""

    async def end(self) -> None:
        await super().__aexit__(None, None, None)


@dataclass
class Street:
    """A service in a folder of its own that reads a press."""

    folder: Path
    press: Press | None
    clock: Clock
    settings: Settings
    portal: BlockingPortal
    workers: Workers
    url: str = ""  # of another database than the file in the folder

    def __post_init__(self) -> None:
        self.url = self.url or f"sqlite:///{self.folder}/briefing.db"
        self.service = Service(self.url, self.folder, self.settings, self.clock)
        self.desk = self.service.desk
        self.public = self.desk.public

    def close(self) -> None:
        self.desk.close()

    def configure(self, changed: Settings) -> int:
        """Another configuration from here on; how many events its adoption took."""
        self.settings = changed
        return self.service.adopt(changed)

    def collect(self, *names: str, recheck: bool = False, confirm: bool = False) -> dict[str, SourceResult]:
        """The verb, with parsing processes that stay for the next one."""
        self.service.adopt()
        sources = self.service.chosen(names)

        async def run() -> dict[str, SourceResult]:
            collector = Collector(self.desk, self.settings.fetch, self.settings.site.contact, workers=1)
            collector._workers = self.workers
            async with collector:
                found = await collector.collect(sources, rechecking=recheck, confirm_withdrawn=confirm)
            return {one.source: one for one in found.results}

        return self.portal.call(run)

    def look_again(self, *names: str) -> dict[str, Recheck]:
        """Read again what is due, as the timetable does."""
        self.service.adopt()
        sources = self.service.chosen(names)
        found: dict[str, Recheck] = {}

        async def run() -> None:
            collector = Collector(self.desk, self.settings.fetch, self.settings.site.contact, workers=1)
            collector._workers = self.workers
            async with collector:
                self.desk.projector.catch_up()
                self.desk.rechecks.plan(self.clock())
                due = set(self.desk.rechecks.due(self.clock(), 50))
                await collector.recheck([one for one in sources if one.id in due], found.__setitem__)

        self.portal.call(run)
        return found

    def one(self, name: str, **how: bool) -> SourceResult:
        """Collect one source."""
        return self.collect(name, **how)[name]

    def items(self, **which: Any) -> list[Item]:
        return self.desk.library.items(**which)

    def titles(self, **which: Any) -> list[str]:
        return sorted(item.title for item in self.items(**which))

    def item(self, title: str) -> Item:
        (found,) = [item for item in self.items(evidence=True) if item.title == title]
        return found

    def text(self, title: str) -> str:
        return self.desk.library.revisions(self.item(title).id)[-1].text

    def state(self, name: str) -> str:
        return next(one.state for one in self.desk.library.health() if one.source == name)

    def health(self, name: str) -> Any:
        return next(one for one in self.desk.library.health() if one.source == name)

    def events(self, kind: str = "", after: int = 0) -> list[Any]:
        """The facts of a kind behind a position."""
        found = []
        while page_of := self.desk.store.read(after):
            found += page_of
            after = page_of[-1].position
        return [one.event for one in found if one.event.NAME.startswith(kind)]

    def head(self) -> int:
        return self.desk.store.head()

    def files(self) -> dict[str, bytes]:
        return files(self.public)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


# ---------------------------------------------------------------- fixtures, to be imported by name


@pytest.fixture(scope="session")
def parsing() -> Iterator[tuple[BlockingPortal, KeptWorkers]]:
    """An event loop and one parsing process for all tests of a process."""
    with start_blocking_portal() as portal:
        workers = KeptWorkers(1, timeout=20)
        yield portal, workers
        portal.call(workers.end)


@pytest.fixture
def press() -> Iterator[Press]:
    with Press() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def street(
    tmp_path: Path, press: Press, clock: Clock, parsing: tuple[BlockingPortal, KeptWorkers]
) -> Iterator[MakeStreet]:
    """Make streets: `street(source, ...)` or `street(settings=...)`, each in a folder of its own."""
    made: list[Street] = []

    def make(*sources: Source, **how: Any) -> Street:
        folder = tmp_path / f"street-{len(made)}"
        url = how.pop("url", "")
        chosen = how.pop("settings", None) or settings(*sources, **how)
        made.append(Street(folder, press, clock, chosen, *parsing, url=url))
        return made[-1]

    yield make
    for one in made:
        one.close()


MakeStreet = Callable[..., Street]


# ---------------------------------------------------------------- a service in a process of its own


def child(program: str, *arguments: str, stdin: int | None = None, **environment: str) -> subprocess.Popen[str]:
    """Run a program text in a fresh interpreter; it says what it likes on standard output."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdin=stdin,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


@contextmanager
def finished(process: subprocess.Popen[str]) -> Iterator[str]:
    """Wait for a child that must succeed; what it said."""
    said, _ = process.communicate(timeout=100)
    assert process.returncode == 0
    yield said
