"""Webhooks, chats and the hub: what each is told, in order, once, whatever fails; real receivers on loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.delivery import chat, webhook
from briefing.errors import OutputError, UsageError
from briefing.model import Channel
from briefing.projections import ChannelState
from briefing.service import telling
from facts_support import name_of, observe, revise  # type: ignore[import-not-found]  # see conftest
from receiver_support import Receiver  # type: ignore[import-not-found]  # see conftest
from street_support import (  # type: ignore[import-not-found]  # see conftest
    MONDAY,
    child,
    clock,
    parsing,
    press,
    settings,
    source,
    street,
    weekly,
)

if TYPE_CHECKING:
    from briefing.model import ChannelKind

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

SECRET = "whsec_" + base64.b64encode(b"a key of thirty-two bytes, no more"[:32]).decode()
ENVIRON = {"HOOK_SECRET": SECRET}
WEEK = "2026-W09"
SAID = "The harbour board met and spoke about five berths for boats that fish for herring."


@pytest.fixture
def receiver():
    with Receiver() as made:
        yield made


def hook(receiver: Any, **more: Any) -> Channel:
    fields: dict[str, Any] = {"url": f"{receiver.base}/hook", "secret_env": "HOOK_SECRET"}
    return Channel(id="hook", kind="webhook", **fields | more)


@pytest.fixture
def desk(street, press):
    """A street that has begun to deliver: what is published from here on is news to its channels."""

    def opened(*channels: Channel, **more: Any) -> Any:
        briefings = (replace(weekly(), formats=("html", "json", "text")),)
        made = street(source("a", "/a", press), deliver=channels, briefings=briefings, **more)
        made.service.adopt()
        observe(made, 510, SAID)
        if "site" in more:
            made.service.publish()
        deliver(made)
        return made

    return opened


def see(desk: Any, *numbers: int) -> None:
    """New items, with their topics."""
    for number in numbers:
        observe(desk, number, SAID)
    desk.service.classify()


def deliver(desk: Any, *only: str, **how: Any) -> dict[str, Any]:
    environ = how.pop("environ", ENVIRON)
    return {one.channel: one for one in telling.deliver(desk.desk, desk.settings, environ, only, **how)}


def test_a_webhook_is_told_of_items_issues_and_errata_in_order_signed_and_once(desk, clock, receiver):
    made = desk(hook(receiver, events=("item", "issue", "erratum")))
    assert receiver.log() == [], "what was there before it began is no news"
    observe(made, 511, SAID)
    observe(made, 512, SAID, "Herring & <cod>")
    made.service.classify()
    made.service.brief(week=WEEK)
    clock.forward(hours=1)
    revise(made, 510, SAID.replace("five", "six"))
    made.service.publish()
    assert deliver(made)["hook"].sent == 4
    got = receiver.log()
    assert [one.json["type"] for one in got] == [
        "item.published", "item.published", "issue.published", "erratum.issued",
    ]  # fmt: skip
    assert {one.json["data"]["item"]["title"] for one in got[:2]} == {"Herring & <cod>", "Communiqué number 511"}
    issue, erratum = got[2].json["data"], got[3].json["data"]
    assert (issue["period"], issue["version"], issue["briefing"]["title"]) == (WEEK, 1, "The week")
    assert issue["formats"]["text"].endswith(f"/briefings/weekly/{WEEK}/v1/briefing.txt")
    assert (erratum["what"], erratum["kind"], erratum["version"]) == ("1 number changed: five → six.", "revised", 1)
    assert "five berths" in erratum["before"]
    for one in got:
        said = f"{one.headers['webhook-id']}.{one.headers['webhook-timestamp']}.".encode() + one.body
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        made_here = base64.b64encode(hmac.digest(key, said, hashlib.sha256)).decode()
        assert one.headers["webhook-signature"] == f"v1,{made_here}"
        assert one.headers["webhook-timestamp"] == str(int(clock.now.timestamp()))
        assert one.headers["content-type"] == "application/json"
    assert len({one.headers["webhook-id"] for one in got}) == 4
    assert deliver(made)["hook"].sent == 0
    assert receiver.log() == []


def test_what_is_not_taken_is_tried_again_later_under_the_same_id_and_nothing_overtakes_it(desk, clock, receiver):
    made = desk(hook(receiver, events=("item",)))
    see(made, 511, 512)
    receiver.next.extend([503, 204, 429])
    first = deliver(made)["hook"]
    assert (first.sent, first.fault) == (0, f"{receiver.base}/hook answered with status 503")
    assert deliver(made)["hook"].waits, "not before its time"
    clock.forward(seconds=31)
    receiver.headers = {"Retry-After": "7200"}
    second = deliver(made)["hook"]
    assert second.sent == 1
    clock.forward(hours=1)
    assert deliver(made)["hook"].waits, "it asked for two hours"
    clock.forward(hours=1)
    assert deliver(made)["hook"].sent == 1
    ids = [one.headers["webhook-id"] for one in receiver.log()]
    assert (ids[0], ids[2]) == (ids[1], ids[3])
    assert ids[0] != ids[2]
    state = made.desk.channels.get("hook")
    assert (state.failures, state.fault, state.next_at, state.sent) == (0, "", None, 2)


def test_what_is_never_taken_is_given_up_and_told_and_a_channel_that_fails_stops_no_other(desk, clock, receiver):
    with Receiver() as well:
        lost = hook(receiver, give_up=timedelta(days=1))
        made = desk(lost, replace(hook(well), id="well"))
        receiver.status = 500
        made.service.brief(week=WEEK)
        assert deliver(made)["hook"].fault
        assert len(well.got) == 1
        clock.forward(hours=23)
        made.service.brief(week="2026-W08")
        assert deliver(made)["hook"].dead == 0
        clock.forward(hours=2)
        assert deliver(made)["hook"].dead == 1, "the second is younger"
        assert len(well.log()) == 2
    [letter] = made.desk.channels.letters("hook")
    assert (letter.kind, letter.subject) == ("issue", f"issue weekly {WEEK}")
    receiver.status = 200
    clock.forward(hours=2)
    receiver.log()
    assert deliver(made, "hook")["hook"].sent == 1
    assert receiver.log()[0].json["data"]["period"] == "2026-W08"
    made.configure(replace(made.settings, deliver=()))
    made.settings = replace(made.settings, site=replace(made.settings.site, hub=receiver.base))
    deliver(made)
    assert made.desk.channels.letters() == [], "a channel that was taken out is forgotten"


def test_items_wait_for_their_topics_and_a_digest_lets_only_its_own_through(desk, receiver):
    made = desk(hook(receiver, events=("digest",), digests=("ministries",)))
    observe(made, 511, SAID)
    assert "briefing classify" in deliver(made)["hook"].waits
    assert receiver.log() == []
    made.service.classify()
    assert deliver(made)["hook"].sent == 1
    [got] = receiver.log()
    assert (got.json["type"], [one["id"] for one in got.json["data"]["digests"]]) == ("digest.changed", ["ministries"])
    assert {topic["id"] for topic in got.json["data"]["item"]["topics"]} == {"fish", "harbour"}
    see(made, 513)
    made.service.takedown(name_of(513), "A court said so")
    observe(made, 514, SAID, archive=True)
    made.service.classify()
    assert deliver(made)["hook"].sent == 0, "neither what was taken down nor what is old is news"


def test_a_dry_run_says_what_would_be_sent_and_sends_nothing(desk, receiver, tmp_path):
    made = desk(hook(receiver, events=("item",)), Channel(id="copy", kind="folder", path=str(tmp_path / "copy")))
    see(made, 511)
    made.service.publish()
    before = made.desk.channels.all()
    found = deliver(made, dry_run=True)
    assert found["hook"].pending == ("item: Communiqué number 511",)
    assert "put feeds/all.atom" in found["copy"].pending
    assert (receiver.log(), made.desk.channels.all()) == ([], before)
    with pytest.raises(UsageError, match='there is no channel "hooks" under deliver; known: hook, copy'):
        deliver(made, "hooks")


def test_a_secret_stands_in_no_fault_and_a_missing_one_is_told(desk, receiver):
    made = desk(
        Channel(id="slack", kind="slack", url_env="CHAT"), Channel(id="team", kind="teams", url_env="NONE"),
        hook(receiver, url="", url_env="CHAT"), replace(hook(receiver), id="short", secret_env="SHORT"),
    )  # fmt: skip
    made.service.brief(week=WEEK)
    receiver.status = 404
    environ = {**ENVIRON, "CHAT": f"{receiver.base}/services/T0/zyxquarl", "SHORT": "zyx"}
    found = deliver(made, environ=environ)
    assert found["slack"].fault == "the address in CHAT answered with status 404"
    assert found["team"].fault == "the environment holds no NONE: set it where this program is started"
    assert found["short"].fault == "the secret of the signature has 3 bytes: it needs at least 24"
    assert "zyx" not in json.dumps([one.fault for one in found.values()])


@pytest.mark.parametrize("allowed", [False, True])
def test_a_private_receiver_is_refused_unless_its_channel_allows_it(desk, receiver, allowed):
    made = desk(hook(receiver, allow_private=allowed))
    made.settings = replace(made.settings, fetch=replace(made.settings.fetch, allow_networks=()))
    made.service.brief(week=WEEK)
    found = deliver(made)["hook"]
    assert (found.sent, "is not a public address" in found.fault) == ((1, False) if allowed else (0, True))


# ---------------------------------------------------------------- a process that dies

DELIVER = """
import pickle, sys
from pathlib import Path
from briefing.service import Service
from briefing.service.telling import deliver
settings = pickle.loads(Path(sys.argv[3]).read_bytes())
with Service(sys.argv[1], Path(sys.argv[2]), settings) as service:
    deliver(service.desk, settings, {"HOOK_SECRET": sys.argv[4]})
"""


@pytest.mark.slow
def test_a_process_killed_while_it_delivers_loses_nothing_and_doubles_only_under_the_same_id(desk, receiver, tmp_path):
    import pickle
    import threading

    made = desk(hook(receiver, events=("item",)))
    numbers = range(511, 515)
    see(made, *numbers)
    kept = tmp_path / "settings.pickle"
    kept.write_bytes(pickle.dumps(made.settings))
    receiver.hold, receiver.hold_from = threading.Event(), 3
    process = child(DELIVER, made.url, str(made.folder), str(kept), SECRET)
    while len(receiver.got) < 3:
        assert process.poll() is None
        threading.Event().wait(0.01)
    process.send_signal(signal.SIGKILL)  # it has sent the third, and hears no answer
    process.communicate(timeout=30)
    receiver.hold.set()
    assert deliver(made)["hook"].sent == len(numbers) - 2
    taken = receiver.log()
    first: dict[str, str] = {}
    for one in taken:
        first.setdefault(one.headers["webhook-id"], one.json["data"]["item"]["title"])
    assert len(taken) == len(numbers) + 1, "one was sent by the process that died, and again"
    order = [event.item for event in made.events("item.observed")[1:]]
    titles = {item.id: item.title for item in made.items()}
    assert list(first.values()) == [titles[item] for item in order]


def test_two_processes_do_not_deliver_at_once(desk, receiver):
    made = desk(hook(receiver))
    made.service.brief(week=WEEK)
    with telling._alone(made.folder / "deliver") as free:
        assert free
        assert deliver(made) == {}
    assert deliver(made)["hook"].sent == 1


# ---------------------------------------------------------------- chats

HOSTILE = "<!channel> @all *bold* [x](http://evil.example) `code` <http://evil.example|click> & more"
DATA = {
    "briefing": {"id": "weekly", "title": HOSTILE},
    "period": WEEK, "version": 1, "number": 3, "what": HOSTILE, "before": "x " * 3000, "after": "", "items": 1,
    "url": "https://desk.example/a(b)", "formats": {"html": "https://desk.example/a"},
    "item": {
        "title": HOSTILE, "url": "https://x.example/(1)", "page": "https://desk.example/items/1", "summary": HOSTILE,
        "source": {"name": HOSTILE}, "topics": [{"id": "t", "name": HOSTILE}],
    },
    "source": {"name": HOSTILE}, "digests": [{"id": "d", "title": HOSTILE}],
}  # fmt: skip


@pytest.mark.parametrize("kind", ["issue", "erratum", "item", "digest"])
def test_a_publishers_words_are_no_markup_in_any_chat(kind):
    slack, teams, mattermost = (
        json.loads(chat.render(platform, chat.post_of(kind, DATA))) for platform in ("slack", "teams", "mattermost")
    )
    assert "<" not in slack["text"]
    assert {block["type"] for block in slack["blocks"]} == {"rich_text"}, "rich text knows no markup"
    parts = [part for section in slack["blocks"][0]["elements"] for part in section["elements"]]
    assert {part["type"] for part in parts} <= {"text", "link"}
    assert all(part.get("url", "https://desk.example").startswith(("https://desk.", "https://x.")) for part in parts)
    card = teams["attachments"][0]["content"]
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert {run["type"] for block in card["body"] for run in block["inlines"]} == {"TextRun"}
    said = mattermost["text"]
    assert not re.search(r"@\w", said)
    links = re.findall(r"(?<!\\)\]\(([^)]*)\)", said)
    assert links
    assert not [link for link in links if "evil" in link]
    assert len(json.dumps(slack)) < 30_000
    assert len(said) < 16_000
    assert len(json.dumps(teams)) < 28_000


def test_a_chat_gets_a_post_for_an_issue(desk, receiver):
    kinds: tuple[ChannelKind, ...] = ("slack", "teams", "mattermost")
    made = desk(*(Channel(id=kind, kind=kind, url_env=kind.upper()) for kind in kinds))
    made.service.brief(week=WEEK)
    deliver(made, environ={kind.upper(): f"{receiver.base}/{kind}" for kind in kinds})
    got = {one.path[1:]: one.json for one in receiver.log()}
    assert got["slack"]["text"] == f"The week, {WEEK}"
    assert got["mattermost"]["text"].startswith(f"**[The week, {WEEK.replace('-', chr(92) + '-')}](http")
    assert got["teams"]["attachments"][0]["content"]["actions"][0]["url"].endswith(f"/briefings/weekly/{WEEK}/v1/")


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_words_make_a_post_of_every_platform(title, what):
    data = {**DATA, "what": what, "briefing": {"id": "w", "title": title}}
    for platform in ("slack", "teams", "mattermost"):
        if not any("\ud800" <= sign <= "\udfff" for sign in title + what):
            assert json.loads(chat.render(platform, chat.post_of("erratum", data)))


# ---------------------------------------------------------------- signatures


def test_a_signature_is_that_of_the_specifications_own_example():
    body = b'{"test": 2432232314}'
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(1614265330, UTC)
    made = webhook.headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert made["webhook-timestamp"] == "1614265330"


def test_the_program_in_the_documentation_knows_a_genuine_message_from_any_other(monkeypatch):
    import time

    text = (Path(__file__).parent.parent / "docs" / "delivery.md").read_text(encoding="utf-8")
    [program] = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    known: dict[str, Any] = {}
    exec(program, known)
    monkeypatch.setattr(time, "time", MONDAY.timestamp)
    for secret in (SECRET, "x" * 24):
        made = webhook.headers(f"{'y' * 30} {secret}", "msg_1", MONDAY, b"{}")
        assert known["genuine"](secret, made, b"{}")
        assert not known["genuine"](secret, made, b"[]")
        assert not known["genuine"](secret, made | {"webhook-id": "msg_2"}, b"{}")
        assert not known["genuine"](secret, webhook.headers(secret, "m", MONDAY - timedelta(minutes=6), b""), b"")


def test_two_secrets_sign_while_one_takes_the_place_of_the_other_and_a_weak_one_is_refused():
    made = webhook.headers(f"{SECRET} {'x' * 24}", "msg_1", MONDAY, b"{}")
    assert len(made["webhook-signature"].split(" ")) == 2
    for weak in ("", "short", "whsec_????", "whsec_c2hvcnQ="):
        with pytest.raises(OutputError):
            webhook.headers(weak, "msg_1", MONDAY, b"{}")


# ---------------------------------------------------------------- the hub


def test_feeds_name_the_hub_and_it_is_told_which_changed(desk, clock, receiver):
    site = replace(settings().site, hub=f"{receiver.base}/hub")
    made = desk(site=site)
    [first] = receiver.log()
    assert parse_qs(first.body.decode())["hub.mode"] == ["publish"]
    feeds = made.files()
    assert f'<link href="{site.hub}" rel="hub"/>'.encode() in feeds["feeds/all.atom"]
    assert b"<atom:link" in feeds["feeds/all.rss"]
    assert re.search(rb'<atom:link [^>]*rel="hub"', feeds["feeds/all.rss"])
    assert re.search(rb'<atom:link [^>]*rel="self"', feeds["feeds/all.rss"])
    assert json.loads(feeds["feeds/all.json"])["hubs"] == [{"type": "WebSub", "url": site.hub}]
    deliver(made)
    assert receiver.log() == []
    receiver.next.append(500)
    see(made, 511)
    made.service.publish()
    assert deliver(made)["@hub"].fault
    clock.forward(minutes=1)
    assert deliver(made)["@hub"].sent
    failed, again = receiver.log()
    assert failed.body == again.body
    told = parse_qs(again.body.decode())["hub.url"]
    assert "http://127.0.0.1:8000/feeds/all.atom" in told
    assert "http://127.0.0.1:8000/feeds/changes.atom" not in told
    assert made.desk.channels.get("@hub") == ChannelState(
        name="@hub",
        position=made.head(),
        delivered_at=clock.now,
        sent=len(told) + len(parse_qs(first.body.decode())["hub.url"]),
    )
