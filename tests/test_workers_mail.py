"""Mail where many processes share one PostgreSQL: workers hand it over by themselves, each mail once."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest

from briefing.model import Post, Wish
from briefing.service import Service, optin
from briefing.service.rounds import MailRounds
from briefing.service.sending import turn
from mail_support import postbox  # type: ignore[import-not-found]  # see log_support
from street_support import post, press, rss, settings  # type: ignore[import-not-found]
from workers_support import configuration, office, until  # type: ignore[import-not-found]

__all__ = ["press"]  # a fixture

READERS = [f"reader-{number}@ministry.example" for number in range(6)]


@pytest.fixture
def box(monkeypatch):
    monkeypatch.delenv("BRIEFING_SMTP_URL", raising=False)
    with postbox() as opened:
        yield opened


@pytest.fixture
def service(postgres, tmp_path):
    with Service(postgres, tmp_path / "storage") as opened:
        yield opened


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def sent(service):
    service.desk.projector.catch_up()
    return service.desk.outbox.counts()


def test_a_worker_mails_a_fresh_issue_by_itself_to_each_reader_once(service, postgres, tmp_path, press, box):
    last_week = datetime.now(UTC) - timedelta(days=7)
    press.says("/feed", rss([post(1, date=f"{last_week:%a, %d %b %Y %H:%M:%S +0000}")]))
    weekly = {"id": "weekly", "title": "The week", "recipients": READERS}
    mail = {"server": box.url, "from": "desk@press.example", "rate": 0}
    text = configuration([("one", f"{press.base}/feed")], briefings=[weekly], mail=mail)
    with office(tmp_path, postgres, text) as start:
        serving = start("serve", "--port", str(free_port()))
        until(lambda: sent(service) == {"accepted": len(READERS)})
        assert serving.stop() == 0
    assert box.recipients == dict.fromkeys(READERS, 1)


def test_a_round_says_nothing_where_another_sends_and_leaves_a_server_alone_that_refuses_us(tmp_path, box):
    said: list[str] = []
    with Service(f"sqlite:///{tmp_path}/log.db", tmp_path / "alone", settings()) as alone:
        alone.adopt()
        optin.ask(alone.desk, READERS[1], {"weekly": Wish()})
        box.says = lambda stage, _: "550 5.7.1 not you" if stage == "sender" else None
        rounds = MailRounds(alone.desk, lambda: Post(server=box.url), said.append)
        with turn(alone.desk):
            finished(rounds)
        assert said == []
        finished(rounds)
        finished(rounds)
    [fault] = said
    assert "refuses our sender" in fault


def finished(rounds):
    rounds.start()
    for thread in [one for one in threading.enumerate() if one.name == "briefing-mail"]:
        thread.join()
