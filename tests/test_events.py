"""Stable names, versions and stored samples; no publisher's word in an envelope."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug import Response

from briefing import events
from briefing.config import load
from briefing.errors import StoreError, UnknownEvent
from briefing.events import EVENTS, UPCASTS, canonical, restore
from briefing.eventstore import New
from briefing.eventstore.merkle import leaf
from briefing.model import Entry, Published
from briefing.observe.identity import content_key, new_id
from briefing.service import Service
from log_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    Clock,
    Shelf,
    fact,
    history,
    observed,
    one_by_one,
    source,
    tables,
)

if TYPE_CHECKING:
    from werkzeug import Request

SAMPLES = Path(__file__).parent / "data" / "events"
STORED = [json.loads(file.read_text()) for file in SAMPLES.glob("*.json")]
STORED.sort(key=lambda body: (body["position"], body["version"]))
VERSIONS = [(name, version) for name, kind in EVENTS.items() for version in range(1, kind.VERSION + 1)]


# ---------------------------------------------------------------- names, versions, samples


@pytest.mark.parametrize(("name", "version"), VERSIONS)
def test_every_version_of_every_event_has_a_stored_sample(name, version):
    file = SAMPLES / f"{name}.v{version}.json"
    assert file.exists(), f"keep what {name} version {version} looks like in tests/data/events/{file.name}"
    body = json.loads(file.read_text())
    assert (body["type"], body["version"]) == (name, version)


def test_no_sample_is_of_an_event_or_a_version_that_nobody_knows():
    found = {(body["type"], body["version"]) for body in STORED}
    assert found == set(VERSIONS), "a name or a version that was once stored is known for ever"


def test_no_sample_was_altered_since_it_was_stored():
    """What a log once held, it holds for ever: a sample is added, with its line in SHA256SUMS, and never changed."""
    lines = (SAMPLES / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in SAMPLES.glob("*.json")}
    new = "\n".join(f"{digest}  {name}" for name, digest in sorted(found.items()) if name not in sums)
    assert not new, f"new samples: add to {SAMPLES / 'SHA256SUMS'}\n{new}"
    assert found == sums, "a sample was altered or removed: bring it back, and raise the event's version instead"


def test_every_earlier_version_is_brought_up_to_the_next_and_none_beyond():
    assert set(UPCASTS) == {(name, version) for name, version in VERSIONS if version < EVENTS[name].VERSION}


@pytest.mark.parametrize("body", STORED, ids=lambda body: f"{body['type']}.v{body['version']}")
def test_a_stored_sample_is_read_as_the_event_of_today(body):
    event = restore(body["type"], body["version"], body["data"])
    assert (type(event), event.NAME) == (EVENTS[body["type"]], body["type"])
    if body["version"] == event.VERSION:
        assert canonical(event.data()) == canonical(body["data"]), "a changed shape is a new version"
        assert set(body["data"]) == {field.name for field in fields(event)}, "a sample leaves nothing out"


def test_names_say_what_and_what_happened_to_it():
    assert all(name == kind.NAME for name, kind in EVENTS.items())
    assert all(len(name.split(".")) == 2 and name == name.lower() for name in EVENTS)
    assert all(kind.VERSION >= 1 for kind in EVENTS.values())


@pytest.mark.parametrize("body", STORED, ids=lambda body: body["type"])
def test_an_event_is_frozen(body):
    event = restore(body["type"], body["version"], body["data"])
    with pytest.raises(FrozenInstanceError):
        setattr(event, fields(event)[0].name, "another")


@pytest.mark.parametrize("body", STORED, ids=lambda body: body["type"])
def test_an_event_holds_no_fraction_and_no_key_beyond_ascii(body):
    """What RFC 8785 orders and writes in another way than we do: the canonical form is for values without them."""

    def look(value: Any) -> None:
        assert not isinstance(value, float)
        if isinstance(value, dict):
            assert all(key.isascii() for key in value)
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            look(part)

    look(body["data"])


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=12))
def test_what_is_stored_and_restored_is_the_same_event(numbers):
    for new in history(numbers):
        data = canonical(new.event.data())
        again = restore(new.event.NAME, new.event.VERSION, json.loads(data))
        assert type(again) is type(new.event)
        assert canonical(again.data()) == data


# ---------------------------------------------------------------- unknown, newer, older


def test_an_unknown_event_stops_with_a_sentence():
    with pytest.raises(UnknownEvent, match=r"the log holds item\.sung version 1, which this program does not know: up"):
        restore("item.sung", 1, {})


@pytest.mark.parametrize("name", EVENTS)
def test_a_newer_version_stops_with_a_sentence(name):
    newer = EVENTS[name].VERSION + 1
    with pytest.raises(UnknownEvent, match=rf"the log holds {name} version {newer}, which this program does not know"):
        restore(name, newer, {})


@pytest.mark.parametrize("data", [{}, {"source": "selvane", "colour": "red"}])
def test_fields_that_this_program_does_not_know_stop_with_a_sentence(data):
    with pytest.raises(UnknownEvent, match=r"source\.retired version 1 with other fields than this program knows"):
        restore("source.retired", 1, data)


@pytest.mark.parametrize("fault", [KeyError("url"), TypeError("no text"), ValueError("no date"), AttributeError("x")])
def test_data_that_no_upcast_understands_stops_with_a_sentence(monkeypatch, fault):
    def stumble(_: dict[str, Any]) -> dict[str, Any]:
        raise fault

    monkeypatch.setattr(events.SourceRetired, "VERSION", 2)
    monkeypatch.setitem(UPCASTS, ("source.retired", 1), stumble)
    with pytest.raises(UnknownEvent, match=r"source\.retired version 1 with other fields than this program knows"):
        restore("source.retired", 1, {"source": "selvane"})


@pytest.mark.parametrize("version", [0, -1])
def test_a_version_before_the_first_stops_with_a_sentence(version):
    with pytest.raises(UnknownEvent, match="with other fields than this program knows"):
        restore("source.retired", version, {"source": "selvane"})


def test_old_versions_are_brought_up_one_by_one_and_left_as_they_are_in_the_log(monkeypatch, shelf):
    shelf.tell(source(), fact(events.SourceMoved(source="selvane", url="https://old.example"), "moved"))
    monkeypatch.setattr(events.SourceMoved, "VERSION", 3)
    seen = []

    def to_two(data: dict[str, Any]) -> dict[str, Any]:
        seen.append(1)
        return {"source": data["source"], "address": data["url"]}

    def to_three(data: dict[str, Any]) -> dict[str, Any]:
        seen.append(2)
        return {"source": data["source"], "url": data["address"].replace("old", "new")}

    monkeypatch.setitem(UPCASTS, ("source.moved", 1), to_two)
    monkeypatch.setitem(UPCASTS, ("source.moved", 2), to_three)
    shelf.projector.reset()
    shelf.projector.catch_up()
    assert seen == [1, 2]
    assert shelf.library.health()[0].url == "https://new.example"
    with shelf.engine.connect() as plain:
        body = plain.exec_driver_sql("SELECT body FROM events WHERE position = 2").scalar()
    assert json.loads(body)["data"]["url"] == "https://old.example"
    assert restore("source.moved", 2, {"source": "s", "address": "x"}).data()["url"] == "x"


def put(file: Path, body: dict[str, Any], words: bytes | None = None) -> None:
    """Write a body into a log as another program would."""
    with closing(sqlite3.connect(file)) as plain, plain:
        [(position,)] = plain.execute("SELECT coalesce(max(position), 0) + 1 FROM events").fetchall()
        stored = canonical(body | {"position": position})
        plain.execute(
            "INSERT INTO events (position, stream, key, blob, body, leaf) VALUES (?, ?, ?, NULL, ?, ?)",
            (position, body["stream"], f"raw-{position}".encode(), stored, leaf(stored)),
        )
        plain.execute("UPDATE head SET position = ?", (position,))


@pytest.mark.parametrize(("name", "version"), [("item.sung", 1), ("source.retired", 2)])
def test_the_read_models_stop_right_before_what_this_program_does_not_know_live_and_anew(tmp_path, name, version):
    shelf = Shelf(tmp_path, Clock())
    shelf.store.append("source:selvane", [source(), *(observed(f"item-{number}") for number in range(9))])
    strange = {"data": {}, "recorded_at": "2016-11-18T09:30:00.000000+00:00", "stream": "s"}
    put(shelf.file, strange | {"type": name, "version": version})
    shelf.store.append("source:selvane", [observed("item-9")])
    sentence = rf"event 11 cannot be read: the log holds {name} version {version}, which this program does not know"
    for _ in ("live", "live again"):
        with pytest.raises(UnknownEvent, match=sentence):
            shelf.projector.catch_up()
        assert shelf.projector.position() == 10
    live = tables(shelf.engine)
    assert len(live["items"]) == 9
    shelf.projector.reset()
    with pytest.raises(UnknownEvent, match=sentence):
        shelf.projector.catch_up()
    assert shelf.projector.position() == 10
    assert tables(shelf.engine) == live
    assert issubclass(UnknownEvent, StoreError)
    shelf.close()


def test_the_stored_samples_make_a_log_that_is_still_understood(tmp_path):
    shelf = Shelf(tmp_path, Clock())
    for body in STORED:
        if body["version"] == 1:
            put(shelf.file, body)
    assert shelf.projector.catch_up() == len({body["type"] for body in STORED})
    [item] = shelf.library.items(evidence=True)
    assert (item.state, item.title, item.day, item.language) == ("removed", "[removed]", "2016-11-17", "ja")
    assert item.removal is not None
    assert item.removal.before == "revised"
    assert item.removal.why == "Names a person who was acquitted (Court order 12/2016)"
    assert [(label.topic, label.score, label.revision) for label in item.labels] == [("straits", 5, 1)]
    assert [change.kind for change in shelf.library.changes()] == ["removed", "restored", "withdrawn", "revised"]
    [known] = shelf.library.sources(retired=True)
    assert (known.kind, known.redistribute) == ("page", "title")
    assert shelf.library.sources() == ()
    assert shelf.library.source_row("selvane")["moved"] == "https://tides.selvane.example/press"
    assert shelf.library.site().timezone == "Asia/Tokyo"
    assert [digest.query for digest in shelf.library.digests()] == ["ferry"]
    assert [topic.phrases["ja"] for topic in shelf.library.topics()] == [("海峡",)]
    [issue] = shelf.library.issues()
    assert (issue.version, issue.supersedes, issue.as_of, issue.items) == (2, 1, 13, (item.id,))
    assert tables(shelf.engine) == one_by_one(shelf.store, shelf.projector.position())
    shelf.close()


# ---------------------------------------------------------------- no publisher's word in an envelope

MARK = "zyxquarl"
WORDS = ("title", "text", "html", "summary", "authors", "author", "guid", "date_raw", "raw", "categories", "sentence")


def test_no_event_has_a_field_for_a_publishers_words():
    for kind in EVENTS.values():
        assert not {field.name for field in fields(kind)} & set(WORDS), kind.NAME
    for kind in (events.ItemObserved, events.ItemRevised, events.ItemAliased):
        assert "payload" in {field.name for field in fields(kind)}
        assert "url" not in {field.name for field in fields(kind)}
    for kind in (events.ItemWithdrawn, events.ItemRestored, events.ItemTakenDown, events.ItemClassified):
        assert not {"url", "payload"} & {field.name for field in fields(kind)}


FEED = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>{MARK} channel</title>
<link>{{base}}/</link><description>{MARK} described</description>
<item><title>{MARK} {{title}} talks on the strait</title><link>{{base}}/{MARK}/one?{MARK}=1</link>
<guid isPermaLink="false">{{guid}}{MARK}:1</guid><author>{MARK}@selvane.example ({MARK} Author)</author>
<category>{MARK} category</category><pubDate>{MARK} 17 Nov 2016</pubDate>
<description>&lt;p&gt;{MARK} text of the strait, {{title}}.&lt;/p&gt;</description></item>
</channel></rss>"""
PAGE = f"""<!doctype html><html lang="en"><head><title>{MARK} page</title></head><body><ul>
<li><a href="/{MARK}/two">{MARK} listed on the strait</a> <time>{MARK} 2016</time></li></ul></body></html>"""
ARTICLE = f"""<!doctype html><html lang="en"><head><title>{MARK} article</title></head><body><article>
<h1>{MARK} heading</h1><p>{MARK} the strait is open again, {{title}}. Ferries may pass at any hour.</p></article>
</body></html>"""
CONFIG = """
site: {{title: Desk, url: "https://desk.example", language: en, timezone: UTC, contact: desk@desk.example}}
fetch: {{allow_networks: ["127.0.0.0/8"], spacing: 0s, timeout: 60s}}
sources:
  - {{id: selvane, name: Selvane, institution: ministry, country: JP, url: "{base}/feed", full_text: never}}
  - {{id: broken, name: Broken, institution: ministry, country: JP, url: "{base}/broken", full_text: never}}
  - {{id: nofeed, name: No feed, institution: ministry, country: JP, url: "{base}/nofeed", full_text: never}}
  - id: listed
    name: Listed
    institution: ministry
    country: JP
    kind: page
    url: "{base}/page"
    list: {{item: li, title: a, link: "a@href", date: time}}
    article: {{body: article}}
topics:
  - {{id: straits, name: Straits, phrases: {{en: ["strait*"]}}}}
digests: []
briefings: []
"""


@pytest.fixture
def collected(httpserver, tmp_path):
    """A log made by the whole street, from publishers whose every word holds a mark: new, edited, renamed, broken."""
    state = {"title": "first", "guid": "tag:"}
    base = httpserver.url_for("").rstrip("/")

    def answer(request: Request) -> Response:
        bodies = {
            "/feed": (FEED, "application/rss+xml"),
            "/broken": (FEED[: FEED.index("</item>")].replace("<title>", "<titel>") + "&", "application/rss+xml"),
            "/nofeed": (f"{MARK} is no feed at all", "text/plain"),
            "/page": (PAGE, "text/html"),
            f"/{MARK}/two": (ARTICLE, "text/html"),
        }
        if request.path not in bodies or (request.path.endswith("two") and state["title"] == "gone"):
            return Response(MARK, status=404)
        body, kind = bodies[request.path]
        for name, value in {**state, "base": base}.items():
            body = body.replace(f"{{{name}}}", value)
        return Response(body, content_type=kind)

    httpserver.expect_request(re.compile(".*")).respond_with_handler(answer)
    (tmp_path / "sources.yaml").write_text(CONFIG.format(base=base))
    settings = load(tmp_path / "sources.yaml")
    with Service(f"sqlite:///{tmp_path}/log.db", tmp_path / "storage", settings, Clock()) as service:
        for title, guid in (("first", "tag:"), ("second", "tag:"), ("second", "other:"), ("gone", "tag:")):
            state.update(title=title, guid=guid)
            service.collect(rechecking=True, confirm_withdrawn=True)
            service.classify()
        yield service


def test_no_word_of_a_publisher_stands_in_an_envelope_a_key_or_a_stream(collected, tmp_path):
    stored = collected.desk.store.read(limit=1000, payloads=True)
    kinds = {type(recorded.event) for recorded in stored}
    assert {
        events.ItemObserved, events.ItemRevised, events.ItemAliased, events.ItemWithdrawn, events.ItemClassified,
        events.SourceFailed,
    } <= kinds  # fmt: skip
    said = [json.loads(recorded.payload) for recorded in stored if recorded.payload]
    for field in ("title", "text", "url", "authors", "guid", "date_raw", "categories"):
        assert any(MARK in str(one[field]) for one in said), f"the publisher's {field} was to be seen"
    with closing(sqlite3.connect(tmp_path / "log.db")) as plain:
        for position, stream, key, body in plain.execute("SELECT position, stream, key, body FROM events"):
            whole = b" ".join((stream.encode(), bytes(key), bytes(body))).lower()
            assert MARK.encode() not in whole, f"event {position}: {body!r}"


DATED = Published(raw="17 Nov", value="2016-11-17", precision="day", origin="feed")


def test_the_same_publication_has_other_ids_and_keys_in_another_log(tmp_path):
    entry = Entry(
        url="https://selvane.example/1", title="Talks", digest="d", guid="tag:1", text="They met.", published=DATED
    )
    first, second = Shelf(tmp_path), Shelf(tmp_path, name="other.db")
    assert content_key("selvane", entry, first.store.keyed) is not None
    for name in (new_id, content_key):
        assert name("selvane", entry, first.store.keyed) == name("selvane", entry, first.store.keyed)
        assert name("selvane", entry, first.store.keyed) != name("selvane", entry, second.store.keyed)
    first.close()
    second.close()


def test_two_events_with_the_same_words_tell_nobody_so(shelf):
    same = observed("item-1").payload
    shelf.tell(source(), observed("item-1", payload=same), New(event=observed("item-2").event, key="2", payload=same))
    one, two = (recorded.event.data()["payload"] for recorded in shelf.store.read(after=1))
    assert one != two
