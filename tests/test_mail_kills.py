"""Killed at any moment while mail goes out: nobody gets it twice, and who did not get it is named."""

from __future__ import annotations

import time

import pytest

from briefing.model import Post
from kills_support import (  # type: ignore[import-not-found]  # see street_support
    GOLDEN,
    kills,
    wait,
    zygote,
)
from mail_support import parsed, postbox, put_on_list  # type: ignore[import-not-found]  # see above
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    clock,
    parsing,
    post,
    press,
    rss,
    source,
    street,
)

pytestmark = pytest.mark.slow

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

WEEK = "2026-W09"
SEND = ("send", {"briefing": "weekly", "period": WEEK})
EACH = 12  # new readers before each run
PATIENCE = 60.0
MOMENT = 0.004  # seconds at most after a mail has come
THINKS = 0.002  # seconds that the server takes to answer, so that many are killed meanwhile


@pytest.mark.timeout(3600)
def test_killed_at_any_moment_while_sending_nobody_gets_it_twice(street, press, tmp_path, monkeypatch):
    monkeypatch.delenv("BRIEFING_SMTP_URL", raising=False)
    with postbox() as box:
        press.says("/one", rss([post(number) for number in range(560, 563)]))
        made = street(source("one", "/one", press), mail=Post(server=box.url, rate=0, connections=2))
        made.collect()
        made.service.classify()
        made.service.brief("weekly", WEEK)
        box.says = lambda stage, _: time.sleep(THINKS) if stage == "done" else None
        cut = 0
        with zygote(tmp_path, made.settings, "briefing.service.sending") as forks:
            for number in range(1, kills(2) + 1):
                put_on_list(made.desk, *(f"reader-{number}-{place}@ministry.example" for place in range(EACH)))
                came = len(box.bytes) + int(EACH * (number * GOLDEN % 1))
                process = forks.start(made.url, made.folder, SEND)
                assert wait(lambda: len(box.bytes) > came or not forks.running(process), PATIENCE, 0.0005)  # noqa: B023 - called here
                time.sleep(MOMENT * (number * GOLDEN * 7 % 1))
                cut += forks.kill(process) != 0
            forks.run(made.url, made.folder, SEND)
        made.desk.projector.catch_up()
        states = {mail.recipient: mail.state for mail in made.desk.outbox.mails()}
        readers = {one.address: states[one.id] for one in made.desk.recipients.on("weekly", ("active",))}
    assert cut, "no run was killed while it sent: that shows nothing"
    assert set(box.recipients.values()) == {1}
    assert {address for address in readers if address not in box.recipients} <= {
        address for address, state in readers.items() if state == "unconfirmed"
    }
    assert {state for address, state in readers.items()} <= {"accepted", "unconfirmed"}
    assert len({parsed(body)["Message-ID"] for _, body in box.bytes}) == len(box.bytes)
