"""Mail on a real server on loopback: what arrives, at whom, how often."""

from __future__ import annotations

import pytest

from briefing.model import Post
from mail_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    postbox,
    put_on_list,
)
from street_support import (  # type: ignore[import-not-found]  # see above
    clock,
    parsing,
    post,
    press,
    rss,
    source,
    street,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures

ADA, BEN = "ada@ministry.example", "ben@institute.example"


@pytest.fixture
def box(monkeypatch):
    monkeypatch.delenv("BRIEFING_SMTP_URL", raising=False)
    with postbox() as opened:
        yield opened


@pytest.fixture
def made(street, press, box):
    """A street with an issue of last week, whose mail goes to the box."""
    press.says("/one", rss([post(number) for number in range(560, 566)]))
    one = street(source("one", "/one", press), mail=Post(server=box.url, rate=0))
    one.collect()
    one.service.classify()
    one.service.brief("weekly", "2026-W09")
    return one


def test_everybody_on_the_list_gets_the_issue_and_twice_sends_once(made, box):
    put_on_list(made.desk, ADA, BEN)
    first = made.service.send("weekly", "2026-W09")
    again = made.service.send("weekly", "2026-W09")
    assert (first.decided, first.counts["accepted"], first.waiting, first.fault) == (2, 2, 0, "")
    assert (again.decided, again.counts["accepted"]) == (0, 0)
    assert box.recipients == {ADA: 1, BEN: 1}
