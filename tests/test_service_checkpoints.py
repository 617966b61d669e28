"""The log as files: signed with every publication, by one key, and sent to whoever is to witness it."""

from __future__ import annotations

import json
import re
import shutil
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from briefing.errors import StoreError
from briefing.eventstore import merkle
from briefing.eventstore.notes import Signer, Verifier
from briefing.service.checkpoints import publish_log
from briefing.service.signing import origin
from briefing.service.witnessing import Witnessing
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    clock,
    parsing,
    post,
    press,
    rss,
    source,
    street,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

WEEK = "2026-W09"


@pytest.fixture
def desk(street, press):
    press.says("/a", rss([post(510), post(511)]))
    made = street(source("a", "/a", press))
    made.collect()
    made.service.publish()
    return made


def note(desk: Any, name: str = "checkpoint") -> Any:
    """The opened checkpoint of a file, by the published key."""
    key = Verifier.read((desk.public / "log" / "log.vkey").read_text())
    return key.opened((desk.public / "log" / name).read_text())


# ---------------------------------------------------------------- what is published


def test_a_mirror_can_compute_the_root_from_the_entries_alone(desk):
    bundle = next((desk.public / "log" / "tile" / "entries").rglob("*.p/*")).read_bytes()
    bodies = []
    while bundle:
        size = int.from_bytes(bundle[:2], "big")
        bodies.append(bundle[2 : 2 + size])
        bundle = bundle[2 + size :]
    signed = note(desk)
    assert (signed.size, len(bodies)) == (desk.head(), desk.head())
    assert merkle.root(map(merkle.leaf, bodies)) == signed.root
    assert [json.loads(body)["position"] for body in bodies] == list(range(1, signed.size + 1))


def test_every_publication_signs_what_the_log_holds_and_partial_tiles_make_room(desk, press):
    first = desk.head()
    press.says("/a", rss([post(512), post(510)]))
    desk.collect()
    assert desk.service.publish().signed == desk.head() > first
    assert [path.name for path in (desk.public / "log" / "tile").rglob("*.p/*")] == [str(desk.head())] * 2


def test_an_issue_states_the_log_it_was_made_from_and_its_checkpoint_stays(desk, press, clock):
    desk.service.brief(week=WEEK)
    clock.forward(days=1)
    press.says("/a", rss([post(515)]))
    desk.collect()
    desk.service.publish()
    folder = desk.public / "briefings" / "weekly" / WEEK / "v1"
    document = json.loads((folder / "briefing.json").read_text(encoding="utf-8"))
    stated = document["log"]
    kept = note(desk, f"checkpoints/{document['position']}")
    assert (kept.size, desk.desk.tree.root(kept.size)) == (document["position"], kept.root)
    assert stated["checkpoint"].endswith(f"/log/checkpoints/{kept.size}")
    root = stated["root"]
    assert root in (desk.public / "log" / "checkpoints" / str(kept.size)).read_text()
    for name in ("index.html", "briefing.md", "briefing.txt"):
        text = (folder / name).read_text(encoding="utf-8")
        assert document["sha256"] in text
        assert root in text.replace("&#43;", "+")
    assert kept.size < note(desk).size


def test_the_hash_of_an_issue_is_what_the_document_says_it_is(desk, monkeypatch, capsys):
    desk.service.brief(week=WEEK)
    text = (Path(__file__).parent.parent / "docs" / "proofs.md").read_text(encoding="utf-8")
    program = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[0]
    monkeypatch.chdir(desk.public / "briefings" / "weekly" / WEEK)
    exec(program, {})
    path = Path("briefing.json")
    path.write_text(path.read_text(encoding="utf-8").replace("Communiqué", "Communique"), encoding="utf-8")
    exec(program, {})
    assert capsys.readouterr().out.split() == ["True", "False"]


def test_a_password_in_the_address_of_a_source_is_not_published(street, press):
    address = press.base.replace("http://", "http://reader:hunter2@")
    made = street(replace(source("a", "/a", press), url=f"{address}/a"))
    made.service.publish()
    assert made.service.adopt() == 0
    found = [path for path in made.folder.rglob("*") if path.is_file() and b"hunter2" in path.read_bytes()]
    assert found == []


# ---------------------------------------------------------------- the key


def test_the_key_is_made_once_for_its_owner_alone_and_named_after_the_site(desk):
    path = desk.folder / "log.key"
    assert path.stat().st_mode & 0o777 == 0o600
    signer = Signer.read(path.read_text())
    assert (desk.public / "log" / "log.vkey").read_text() == f"{signer.verifier.text}\n"
    before = path.read_bytes()
    desk.service.publish()
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://desk.example", "desk.example/log"),
        ("http://127.0.0.1:8000", "127.0.0.1:8000/log"),
        ("https://desk.example/press+news", "desk.example/press-news/log"),
    ],
)
def test_the_name_of_a_log_is_the_address_it_lies_at(url, name):
    assert origin(url) == name


def test_the_same_log_and_key_give_the_same_bytes(desk):
    before = desk.files()
    shutil.rmtree(desk.public)
    desk.service.publish()
    assert desk.files() == before


def test_a_key_that_others_can_read_is_refused_with_what_to_do(desk):
    path = desk.folder / "log.key"
    path.chmod(0o640)
    with pytest.raises(StoreError, match=r"can be read by others, who could sign in our name: chmod 600 "):
        desk.service.publish()
    with pytest.raises(StoreError, match="chmod 600"):
        desk.service.rebuild()
    assert (desk.public / "log" / "checkpoint").exists(), "nothing was cleared"


def test_a_lost_key_is_not_replaced_in_silence(desk):
    (desk.folder / "log.key").unlink()
    with pytest.raises(StoreError, match=r"log\.key is missing, with which this log was signed: bring it back"):
        desk.service.publish()


def test_a_damaged_key_is_told_and_not_used(desk):
    path = desk.folder / "log.key"
    whole = path.read_text()
    for place in range(13, len(whole) - 1):
        path.write_text(whole[:place] + ("A" if whole[place] != "A" else "B") + whole[place + 1 :])
        with pytest.raises(StoreError, match="damaged"):
            publish_log(desk.desk, 1)


def test_a_checkpoint_never_goes_back(desk):
    assert publish_log(desk.desk, desk.head() - 1) == desk.head()
    assert note(desk).size == desk.head()


def test_nothing_is_signed_where_a_leaf_is_not_that_of_its_event(desk, press):
    signed = note(desk)
    press.says("/a", rss([post(512), post(510)]))
    desk.collect()
    with desk.desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER events_no_update")
        connection.exec_driver_sql(f"UPDATE events SET leaf = zeroblob(32) WHERE position = {desk.head()}")
    with pytest.raises(StoreError, match=rf"event {desk.head()} was altered: .* nothing was signed"):
        desk.service.publish()
    assert note(desk) == signed


def test_a_log_that_is_shorter_than_what_was_signed_is_not_signed(desk, tmp_path):
    signer = Signer.read((desk.folder / "log.key").read_text())
    (desk.public / "log" / "checkpoint").write_text(signer.signed(9999, b"\0" * 32))
    with pytest.raises(StoreError, match="9999 events were signed and the log holds"):
        desk.service.publish()


# ---------------------------------------------------------------- a witness


@contextmanager
def witness(status: int = 200):
    """A witness on loopback: its address, and what it was sent."""
    sent: list[bytes] = []
    release = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            if status == 0:
                release.wait(30)
                return
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/checkpoints", sent
    finally:
        release.set()
        server.shutdown()
        server.server_close()
        thread.join()


def told(desk: Any, where: str, seconds: float = 5.0) -> str:
    sender = Witnessing(desk.public, desk.folder / "log.witnessed", seconds)
    return sender.send(replace(desk.settings, witness=where))


def test_a_folder_gets_each_checkpoint_once(desk, press, tmp_path):
    place = tmp_path / "notary"
    place.mkdir()
    first = desk.head()
    assert told(desk, str(place)) == ""
    (place / f"checkpoint-{first}").unlink()
    assert told(desk, str(place)) == ""
    assert list(place.iterdir()) == [], "it has this one already"
    press.says("/a", rss([post(512), post(510)]))
    desk.collect()
    desk.service.publish()
    assert told(desk, str(place)) == ""
    (copy,) = place.iterdir()
    assert copy.name == f"checkpoint-{desk.head()}"
    assert copy.read_bytes() == (desk.public / "log" / "checkpoint").read_bytes()


def test_an_address_gets_the_checkpoint_as_the_body_of_a_post(desk):
    with witness() as (address, sent):
        assert told(desk, address) == ""
        assert told(desk, address) == ""
    assert sent == [(desk.public / "log" / "checkpoint").read_bytes()]


@pytest.mark.parametrize("status", [302, 403, 503])
def test_a_witness_that_refuses_is_told_and_asked_again_next_time(desk, status):
    with witness(status) as (address, sent):
        for _ in range(2):
            assert told(desk, address).endswith(f"answered with status {status}; it gets the next one")
    assert len(sent) == 2


def test_a_slow_witness_is_left_and_a_missing_folder_is_told(desk, tmp_path):
    with witness(0) as (address, _):
        assert "the witness did not take the checkpoint" in told(desk, address, seconds=0.2)
    assert "No such file" in told(desk, str(tmp_path / "nowhere"))


def test_a_witness_inside_the_network_is_refused_by_the_address_guard(desk):
    with witness() as (address, sent):
        public = replace(desk.settings, fetch=replace(desk.settings.fetch, allow_networks=()))
        sender = Witnessing(desk.public, desk.folder / "log.witnessed")
        assert "is not a public address" in sender.send(replace(public, witness=address))
    assert sent == []


def test_without_a_witness_or_a_checkpoint_there_is_nothing_to_send(street, press, tmp_path):
    made = street(source("a", "/a", press))
    assert made.service.witness() == ""
    assert told(made, str(tmp_path)) == ""
