"""Being told by hubs (WebSub), with a real hub on loopback: granted, signed, renewed, found faulty."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from briefing.fetch import linked
from briefing.outputs.health_words import pace_words
from briefing.projections import Push
from briefing.service.collecting import Collector
from briefing.service.pushing import reachable, signed
from street_support import (  # type: ignore[import-not-found]  # see conftest
    clock,
    parsing,
    post,
    press,
    rss,
    settings,
    source,
    street,
)
from web_support import running  # type: ignore[import-not-found]  # see conftest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from street_support import Press, Street

__all__ = ["clock", "parsing", "press", "street"]


def asked(url: str, method: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    """One request as a hub sends it."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, f"{parts.path}?{parts.query}" if parts.query else parts.path, body or None, named)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


@dataclass
class Hub:
    """A hub that verifies at once, while it is asked; `lease` is what it grants, `denies` what it says instead."""

    lease: int = 864_000
    denies: bool = False
    silent: bool = False
    forms: list[dict[str, str]] = field(default_factory=list)
    echoed: list[tuple[int, bytes]] = field(default_factory=list)
    url: str = ""

    def take(self, form: dict[str, str]) -> None:
        self.forms.append(form)
        if self.silent:
            return
        said = {"hub.mode": "denied" if self.denies else form["hub.mode"], "hub.topic": form["hub.topic"]}
        if not self.denies:
            said |= {"hub.challenge": "c-4711", "hub.lease_seconds": str(self.lease)}
        self.echoed.append(asked(f"{form['hub.callback']}?{urlencode(said)}", "GET"))

    def deliver(self, body: str, method: str = "sha256", key: str = "") -> int:
        form = self.forms[-1]
        content = body.encode()
        made = hmac.new((key or form["hub.secret"]).encode(), content, getattr(hashlib, method)).hexdigest()
        return asked(form["hub.callback"], "POST", content, X_Hub_Signature=f"{method}={made}",
                     Content_Type="application/rss+xml")[0]  # fmt: skip


@pytest.fixture
def hub() -> Iterator[Hub]:
    made = Hub()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            made.take({name: values[0] for name, values in parse_qs(body).items()})
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}/"
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class House:
    """A street whose site hubs can reach."""

    street: Street
    press: Press
    hub: Hub
    site: str

    def feed(self, *numbers: int) -> str:
        head = f'<atom:link rel="hub" href="{self.hub.url}"/><atom:link rel="self" href="{{base}}/feed"/>'
        made: str = rss([post(number) for number in numbers]).replace("<channel>", f"<channel>{head}")
        return made.replace("<rss ", '<rss xmlns:atom="http://www.w3.org/2005/Atom" ')

    def tell(self, number: int, method: str = "sha256") -> int:
        """The hub delivers an entry; wait until it was taken."""
        before = len(self.street.titles())
        status = self.hub.deliver(self.feed(number).replace("{base}", self.press.base), method)
        deadline = time.monotonic() + 20
        while len(self.street.titles()) == before and time.monotonic() < deadline:
            time.sleep(0.02)
        return status

    def poll(self) -> Any:
        made = self.street

        async def run() -> Any:
            collector = Collector(made.desk, made.settings.fetch, "a@b.example", workers=1, site=self.site)
            collector._workers = made.workers
            async with collector:
                return (await collector.collect(made.settings.sources, adapt=True)).results[0]

        return made.portal.call(run)

    def push(self) -> Any:
        return self.street.desk.pushes.all(["harbour"]).get("harbour")

    def wait(self) -> float:
        poll = self.street.desk.polls.get("harbour")
        return float((poll.next_run - self.street.clock.now).total_seconds())


@pytest.fixture
def house(street, press, clock, hub) -> Iterator[House]:
    made = street(source("harbour", "/feed", press))
    with running(made.service, clock) as site:
        site_settings = replace(settings(source("harbour", "/feed", press)).site, url=site.url)
        made.configure(replace(made.settings, site=site_settings))
        opened = House(made, press, hub, site.url)
        press.says("/feed", opened.feed(3, 2, 1))
        yield opened


def test_a_hub_is_asked_grants_and_what_it_delivers_is_recorded_like_a_poll(house):
    house.poll()
    [form] = house.hub.forms
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", f"{house.press.base}/feed")
    assert house.hub.echoed == [(200, b"c-4711")]
    assert house.push().state == "active"
    assert house.street.health("harbour").push == "active"
    assert house.tell(4) == 202
    assert house.street.titles() == [f"Communiqué number {number}" for number in (1, 2, 3, 4)]
    house.street.clock.forward(hours=1)
    house.press.says("/feed", house.feed(4, 3, 2))
    assert house.poll().new == 0
    assert house.street.events("source.gap") == []
    assert len(house.hub.forms) == 1  # its time is not over


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_every_signature_of_the_recommendation_is_understood(method):
    push = Push(source="s", token="t", secret="key", hub="https://hub.example/", topic="https://p.example/feed")
    made = hmac.new(b"key", b"body", getattr(hashlib, method)).hexdigest()
    assert signed(push, f"{method}={made}", b"body")
    assert signed(push, f"{method.upper()}={made.upper()}", b"body")
    assert not signed(push, f"{method}={made}", b"another body")
    assert not signed(push, made, b"body")
    assert not signed(push, "", b"body")


def test_what_is_not_signed_rightly_is_thrown_away(house):
    house.poll()
    assert house.hub.deliver(house.feed(4), key="another") == 202
    callback = house.hub.forms[0]["hub.callback"]
    assert asked(callback, "POST", house.feed(5).encode())[0] == 202
    assert asked(callback, "POST", b"x", X_Hub_Signature="md5=00")[0] == 202
    assert len(house.street.titles()) == 3
    assert house.push().pushed_at is None


def test_strangers_and_other_topics_get_nothing_but_a_404(house):
    house.poll()
    callback = house.hub.forms[0]["hub.callback"]
    say = {"hub.mode": "subscribe", "hub.topic": "http://other.example/", "hub.challenge": "x"}
    assert asked(f"{callback}?{urlencode(say)}", "GET")[0] == 404
    assert asked(f"{callback}?{urlencode(say | {'hub.mode': 'unsubscribe'})}", "GET")[0] == 404
    assert asked(f"{house.site}/push/guessed", "POST", b"x")[0] == 404


def test_a_body_beyond_the_limit_is_refused(house):
    house.poll()
    made = house.street
    made.service.settings = replace(made.settings, fetch=replace(made.settings.fetch, max_bytes=500))
    assert house.hub.deliver(house.feed(4)) == 413
    assert len(made.titles()) == 3


def test_polls_grow_rare_while_push_brings_everything_and_never_rarer_than_a_day(house):
    house.poll()
    waits = []
    for _ in range(9):
        house.street.clock.forward(hours=1)
        house.poll()
        waits.append(house.wait())
    assert waits == sorted(waits)
    assert 80_000 < waits[-1] <= 86_400
    assert "its hub tells us" in pace_words(house.street.health("harbour"))


def test_a_poll_that_finds_what_was_not_pushed_marks_push_as_faulty_until_it_tells_again(house):
    house.poll()
    house.street.clock.forward(hours=1)
    house.poll()
    house.street.clock.forward(hours=1)
    house.press.says("/feed", house.feed(5, 4, 3))
    assert house.poll().new == 2
    assert house.push().state == "faulty"
    assert house.street.health("harbour").push == "faulty"
    house.street.clock.forward(hours=1)
    house.poll()
    assert house.wait() < 7200  # at its own pace again
    house.street.clock.forward(hours=1)
    house.tell(6)
    house.press.says("/feed", house.feed(6, 5, 4))
    house.poll()
    assert house.push().state == "active"


def test_a_subscription_is_renewed_before_it_ends(house):
    house.hub.lease = 86_400
    house.poll()
    house.street.clock.forward(hours=12)
    house.poll()
    assert len(house.hub.forms) == 1
    house.street.clock.forward(hours=9)
    house.poll()
    assert len(house.hub.forms) == 2
    assert house.hub.forms[0]["hub.callback"] == house.hub.forms[1]["hub.callback"]
    assert house.push().expires_at == house.street.clock.now + timedelta(days=1)


def test_a_hub_that_denies_or_is_silent_is_not_asked_at_every_visit(house):
    house.hub.denies = True
    house.poll()
    assert house.push().state == "refused"
    house.street.clock.forward(days=2)
    house.poll()
    assert len(house.hub.forms) == 1
    assert house.wait() < 7200
    house.hub.denies, house.hub.silent = False, True
    house.street.clock.forward(days=7)
    house.poll()
    assert len(house.hub.forms) == 2


def modes(house):
    return [form["hub.mode"] for form in house.hub.forms]


def test_a_source_that_is_taken_out_is_unsubscribed_and_the_hub_is_answered(house, press):
    house.poll()
    callback = house.hub.forms[0]["hub.callback"]
    made = house.street
    made.configure(replace(made.settings, sources=(source("quay", "/quay", press),)))
    press.says("/quay", rss([post(1)]))
    house.poll()
    assert modes(house) == ["subscribe", "unsubscribe"]
    left = house.hub.forms[1]
    assert (left["hub.callback"], left["hub.topic"]) == (callback, f"{house.press.base}/feed")
    assert house.hub.echoed[-1] == (200, b"c-4711")
    assert house.push() is None
    assert made.desk.partings.all() == []
    assert house.hub.deliver(house.feed(4), key="any") == 404  # forgotten
    made.clock.forward(days=2)
    house.poll()
    assert len(house.hub.forms) == 2


def test_a_hub_that_does_not_ask_back_is_asked_daily_until_its_time_is_over_and_delivers_to_nobody(house, press):
    house.poll()
    made = house.street
    made.configure(replace(made.settings, sources=(source("quay", "/quay", press),)))
    press.says("/quay", rss([post(1)]))
    house.hub.silent = True
    for _ in range(3):
        house.poll()
        made.clock.forward(hours=13)
    assert modes(house) == ["subscribe", "unsubscribe", "unsubscribe"]
    callback = house.hub.forms[0]["hub.callback"]
    assert asked(callback, "POST", b"x", X_Hub_Signature="sha256=00")[0] == 410
    wrong = {"hub.mode": "unsubscribe", "hub.topic": "https://other.example/", "hub.challenge": "x"}
    assert asked(f"{callback}?{urlencode(wrong)}", "GET")[0] == 404
    made.clock.forward(days=30)
    house.poll()
    assert (made.desk.partings.all(), len(house.hub.forms)) == ([], 3)


def test_a_hub_that_is_no_longer_named_is_left_but_not_for_a_304(house):
    house.poll()
    house.street.clock.forward(hours=1)
    house.poll()  # a 304 names no hub
    assert modes(house) == ["subscribe"]
    house.press.says("/feed", rss([post(number) for number in (4, 3, 2)]))
    house.street.clock.forward(hours=1)
    house.poll()
    assert modes(house) == ["subscribe", "unsubscribe"]
    assert house.push() is None


def test_another_hub_takes_the_place_of_the_first_which_is_left(house):
    house.poll()
    moved = house.feed(4, 3, 2).replace("{base}/feed", "{base}/feed?v=2")
    house.press.says("/feed", moved)
    house.street.clock.forward(hours=1)
    house.poll()
    assert sorted(modes(house)[1:]) == ["subscribe", "unsubscribe"]
    assert house.push().topic.endswith("/feed?v=2")
    assert house.push().state == "active"


def test_push_that_was_faulty_for_two_weeks_is_given_up_and_tried_again_two_months_later(house):
    house.poll()
    number = 3
    for _ in range(5):
        house.street.clock.forward(days=4)
        number += 1
        house.press.says("/feed", house.feed(number, number - 1, number - 2))
        house.poll()
    assert house.push().state == "given-up"
    assert modes(house)[-1] == "unsubscribe"
    house.street.clock.forward(days=10)
    house.poll()
    assert modes(house)[-1] == "unsubscribe"
    house.street.clock.forward(days=60)
    house.poll()
    assert (modes(house)[-1], house.push().state) == ("subscribe", "active")


@pytest.mark.parametrize(
    ("site", "hub_url", "expected"),
    [
        ("https://desk.briefing.org", "https://hub.org/", True),
        ("http://127.0.0.1:8000", "https://hub.org/", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:9/", True),  # listed: a rehearsal on one machine
        ("http://10.0.0.1", "http://10.0.0.2/", False),
        ("http://93.184.216.34", "https://hub.org/", True),
        ("http://localhost", "https://hub.org/", False),
        ("http://desk.internal", "https://hub.org/", False),
        ("http://desk", "https://hub.org/", False),
    ],
)
def test_only_a_site_that_the_hub_can_reach_is_named_to_it(site, hub_url, expected):
    assert reachable(site, hub_url, settings().fetch) is expected


def test_a_link_header_names_hub_and_self():
    said = '</feed>; rel="self", <https://hub.example/a,b>; rel=hub; x="y", <javascript:x>; rel=next, <broken'
    assert linked(said, "https://p.example/x") == {"self": "https://p.example/feed", "hub": "https://hub.example/a,b"}
    assert linked("", "https://p.example/") == {}
