"""Copies of the public folder: in another folder, and at a store that checks every signature; real bytes, real HTTP."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from briefing.delivery import files as placing
from briefing.delivery import mirror, s3
from briefing.delivery.kinds import cache_control, content_type
from briefing.documents import Document
from briefing.model import Channel
from briefing.service import telling
from facts_support import name_of, observe  # type: ignore[import-not-found]  # see conftest
from receiver_support import Store, Stored  # type: ignore[import-not-found]  # see conftest
from street_support import (  # type: ignore[import-not-found]  # see conftest
    clock,
    files,
    parsing,
    press,
    settings,
    source,
    street,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

WEEK = "2026-W09"


PUBLISHED = {
    "feeds.opml": b"<opml/>", "feeds/all.atom": b"<feed/>", "feeds/all.rss": b"<rss/>", "feeds/all.json": b"{}",
    "feeds/topics/harbour.atom": b"<feed>of a topic</feed>", "feeds/ahead.ics": b"BEGIN:VCALENDAR",
    f"briefings/weekly/{WEEK}/index.html": b"<html></html>", f"briefings/weekly/{WEEK}/v1/index.html": b"<html></html>",
    f"briefings/weekly/{WEEK}/briefing.md": b"# The week", "log/checkpoint": b"1", "log/tile/0/000": bytes(range(256)),
}  # fmt: skip


@pytest.fixture
def desk(street, press):
    def opened(*channels: Channel) -> Any:
        made = street(source("a", "/a", press), deliver=channels)
        publish(made, PUBLISHED)
        return made

    return opened


def publish(desk: Any, bodies: dict[str, bytes]) -> None:
    placing.publish(desk.public, [Document(path=path, body=body) for path, body in bodies.items()])


def deliver(desk: Any, environ: dict[str, str] | None = None, **how: Any) -> Any:
    [found] = telling.deliver(desk.desk, desk.settings, environ or {}, **how)
    return found


def without_list(folder: Any) -> dict[str, bytes]:
    return {path: body for path, body in files(folder).items() if path != mirror.LIST}


def test_a_folder_gets_what_changed_and_loses_what_was_withdrawn_and_nothing_else(desk, tmp_path):
    target = tmp_path / "srv" / "www"
    made = desk(Channel(id="copy", kind="folder", path=str(target)))
    target.mkdir(parents=True)
    (target / "robots.txt").write_text("of somebody else")
    (target / "feeds").mkdir()
    (target / "feeds" / "own.txt").write_text("of somebody else")
    assert deliver(made).sent == len(made.files())
    own = {"robots.txt", "feeds/own.txt"}
    assert {path: body for path, body in without_list(target).items() if path not in own} == made.files()
    stamps = {path: path.stat().st_mtime_ns for path in target.rglob("*") if path.is_file()}
    assert deliver(made).sent == 0
    assert {path: path.stat().st_mtime_ns for path in target.rglob("*") if path.is_file()} == stamps
    placing.withdraw(made.public, ["feeds/topics/harbour.atom"])
    publish(made, {"feeds/all.atom": b"<feed>news</feed>"})
    (target / "feeds.opml").unlink()
    assert deliver(made).sent
    assert {path: body for path, body in without_list(target).items() if path not in own} == made.files()
    assert (target / "feeds" / "own.txt").exists()


def test_a_copy_that_was_begun_is_finished_and_forgets_nothing(desk, tmp_path):
    """As after a kill: the list names what was about to come, and some of it is there."""
    target = tmp_path / "copy"
    made = desk(Channel(id="copy", kind="folder", path=str(target)))
    target.mkdir()
    (target / "feeds").mkdir()
    (target / "feeds" / "gone.atom").write_text("was withdrawn before it was listed as done")
    (target / mirror.LIST).write_bytes(mirror.to_list({"feeds/gone.atom": "", "feeds/all.atom": ""}))
    deliver(made)
    assert without_list(target) == made.files()


@pytest.mark.parametrize("path", ["public/feeds", "public", "."])
def test_a_folder_is_never_copied_into_itself(desk, path):
    made = desk(Channel(id="copy", kind="folder", path="/nowhere"))
    before = made.files()
    inside = Channel(id="copy", kind="folder", path=str(made.folder / path))
    made.settings = settings(*made.settings.sources, deliver=(inside,))
    assert "name another folder" in deliver(made).fault
    assert made.files() == before


def test_a_folder_that_cannot_be_written_is_told_and_tried_again(desk, clock, tmp_path):
    (tmp_path / "file").write_text("no folder")
    made = desk(Channel(id="copy", kind="folder", path=str(tmp_path / "file" / "copy")))
    assert "cannot be written" in deliver(made).fault
    assert deliver(made).waits
    (tmp_path / "file").unlink()
    clock.forward(minutes=1)
    assert deliver(made).sent


# ---------------------------------------------------------------- a store

ENVIRON = {"AWS_ACCESS_KEY_ID": Store.ID, "AWS_SECRET_ACCESS_KEY": Store.SECRET}


@pytest.fixture
def store():
    with Store() as made:
        yield made


def bucket(store: Any) -> Channel:
    return Channel(
        id="cdn", kind="s3", url=store.base, bucket="desk", prefix="press", region=Store.REGION,
        key_env="AWS_ACCESS_KEY_ID", secret_env="AWS_SECRET_ACCESS_KEY",
    )  # fmt: skip


def held(store: Any) -> dict[str, bytes]:
    return {
        path.removeprefix("/desk/press/"): one.body
        for path, one in store.files.items()
        if not path.endswith(mirror.LIST)
    }


def test_a_bucket_gets_what_changed_with_its_type_and_how_long_it_may_be_kept(desk, clock, store):
    store.files["/desk/press/of-somebody.txt"] = store.files["/desk/else"] = Stored(b"of somebody else")
    made = desk(bucket(store))
    made_of = deliver(made, ENVIRON)
    assert (made_of.fault, made_of.sent) == ("", len(made.files()))
    del store.files["/desk/press/of-somebody.txt"], store.files["/desk/else"]
    assert store.refused == []
    assert held(store) == made.files()
    kinds = {path: (one.headers["content-type"], one.headers["cache-control"]) for path, one in store.files.items()}
    assert kinds["/desk/press/feeds/all.json"] == ("application/feed+json", "public, max-age=60")
    assert kinds[f"/desk/press/briefings/weekly/{WEEK}/v1/index.html"] == (
        "text/html; charset=utf-8",
        "public, max-age=86400",
    )
    store.log()
    assert deliver(made, ENVIRON).sent == 0
    assert store.log() == [], "nothing new costs no request"
    placing.withdraw(made.public, ["feeds/topics/harbour.atom"])
    publish(made, {"feeds/all.atom": b"<feed>news</feed>", "feeds/all.rss": b"<rss>news</rss>", "feeds/new.rss": b"n"})
    store.broken.add("/desk/press/feeds/all.rss")
    assert "status 503 (<Error><Code>SlowDown" in deliver(made, ENVIRON).fault
    store.broken.clear()
    assert "feeds/new.rss" in held(store), "it came before the fault"
    placing.withdraw(made.public, ["feeds/new.rss"])
    clock.forward(minutes=1)
    assert deliver(made, ENVIRON).fault == ""
    assert held(store) == made.files(), "what was withdrawn is gone there too"
    (made.folder / "deliver" / "cdn.json").unlink()
    store.log()
    assert deliver(made, ENVIRON).sent == 0
    assert {one.method for one in store.log()} == {"GET", "PUT"}


def test_a_takedown_reaches_the_bucket(desk, store):
    made = desk(bucket(store))
    made.service.adopt()
    observe(made, 512, "A boat was seen.", "Zyxquarl")
    made.service.publish()
    deliver(made, ENVIRON)
    assert any(b"Zyxquarl" in body for body in held(store).values())
    made.service.takedown(name_of(512), "A court said so")
    deliver(made, ENVIRON)
    assert not any(b"Zyxquarl" in body for body in held(store).values())


def test_a_wrong_key_is_told_without_it(desk, store):
    made = desk(bucket(store))
    fault = deliver(made, {**ENVIRON, "AWS_SECRET_ACCESS_KEY": "zyxquarl"}).fault
    assert "SignatureDoesNotMatch" in fault
    assert "zyxquarl" not in fault
    assert held(store) == {}


# ---------------------------------------------------------------- the published examples of the signature

KEY = s3.Key(id="AKIAIOSFODNN7EXAMPLE", secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
THEN = datetime(2013, 5, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "signature"),
    [
        ("GET", "test.txt", {"range": "bytes=0-9"}, b"",
         "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        ("PUT", "test%24file.text",
         {"date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
         b"Welcome to Amazon S3.", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        ("GET", "?lifecycle", {}, b"", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("GET", "?max-keys=2&prefix=J", {}, b"", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ],
)  # fmt: skip
def test_the_signature_is_that_of_the_published_examples(method, path, headers, body, signature):
    url = f"https://examplebucket.s3.amazonaws.com/{path}"
    made = s3.signed(KEY, method, url, headers=headers, body=body, now=THEN)
    assert made["authorization"].endswith(f"Signature={signature}")


def test_a_name_is_encoded_as_it_is_signed():
    found = s3.address("https://s3.example/", "b", "p q", "feeds/ü+$.atom")
    assert found == "https://s3.example/b/p%20q/feeds/%C3%BC%2B%24.atom"
    assert s3.signed(s3.Key(id="i", secret="s", token="t"), "GET", found, headers={}, body=b"", now=THEN)[
        "x-amz-security-token"
    ] == "t"  # fmt: skip


def test_every_published_file_has_a_type(desk):
    made = desk(Channel(id="copy", kind="folder", path="/nowhere"))
    kinds = {path: content_type(path) for path in made.files()}
    assert {kind for path, kind in kinds.items() if not path.startswith("log/tile/")} <= {
        "application/rss+xml; charset=utf-8", "application/atom+xml; charset=utf-8", "application/feed+json",
        "application/json", "text/x-opml; charset=utf-8", "text/calendar; charset=utf-8", "text/html; charset=utf-8",
        "text/markdown; charset=utf-8", "text/plain; charset=utf-8",
    }  # fmt: skip
    assert cache_control("briefings/w/2026-W09/v2/x.pdf") != cache_control("briefings/w/2026-W09/x.pdf")
    assert json.loads(mirror.to_list({"a": "b"})) == {"files": {"a": "b"}}
