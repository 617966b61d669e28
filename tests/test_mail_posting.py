"""What is mailed without being asked for: fresh issues, errata as answers to them, requests to confirm."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pytest

from briefing.model import Post, Wish
from briefing.service import optin, recipients
from mail_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    markup,
    parsed,
    plain,
    postbox,
    put_on_list,
)
from street_support import (  # type: ignore[import-not-found]  # see above
    Clock,
    Press,
    Street,
    parsing,
    post,
    rss,
    settings,
    source,
)

__all__ = ["parsing"]  # a fixture

ADA, BEN = "ada@ministry.example", "ben@institute.example"
BEFORE = "<p>The board agreed to dredge the fairway to fourteen metres before the summer.</p>"
AFTER = "<p>The board refused to dredge the fairway at all, and nobody knows why it did.</p>"


@pytest.fixture(scope="module")
def press():
    with Press() as opened:
        yield opened


@pytest.fixture(scope="module")
def printed(press, parsing, tmp_path_factory):
    """A storage with an issue of last week, made once."""
    press.says("/one", rss([*(post(number) for number in range(560, 563)), post(566, content=BEFORE)]))
    made = Street(tmp_path_factory.mktemp("posted"), press, Clock(), settings(source("one", "/one", press)), *parsing)
    made.collect()
    made.service.classify()
    made.service.brief("weekly", "2026-W09")
    made.close()
    return made


@pytest.fixture
def box(monkeypatch):
    monkeypatch.delenv("BRIEFING_SMTP_URL", raising=False)
    with postbox() as opened:
        yield opened


@pytest.fixture
def made(printed, box, parsing, press, tmp_path):
    """A street with an issue of last week, whose mail goes to the box."""
    folder = shutil.copytree(printed.folder, tmp_path / "street")
    one = Street(folder, press, Clock(), replace(printed.settings, mail=Post(server=box.url, rate=0)), *parsing)
    yield one
    one.close()


def test_a_fresh_issue_goes_out_by_itself_once_and_never_to_who_comes_later(made, box):
    put_on_list(made.desk, ADA)
    assert made.service.post_round().counts == {"accepted": 1}
    put_on_list(made.desk, BEN)
    assert made.service.post_round().counts.total() == 0
    assert box.recipients == {ADA: 1}


def test_an_issue_of_long_ago_is_not_mailed_by_itself(made, box):
    put_on_list(made.desk, ADA)
    made.clock.forward(days=4)
    assert made.service.post_round().decided == 0
    assert made.service.send("weekly").decided == 1


def test_an_issue_of_an_old_period_is_mailed_on_command_only(made, box):
    put_on_list(made.desk, ADA)
    made.service.brief("weekly", "2026-W06")
    made.service.post_round()
    assert [parsed(body)["Subject"].split()[-1] for _, body in box.bytes] == ["2026-W09"]
    assert made.service.send("weekly", "2026-W06").decided == 1


def test_an_erratum_answers_the_mail_of_the_issue_and_goes_to_those_who_got_that(made, box, press):
    put_on_list(made.desk, ADA)
    made.service.send("weekly")
    put_on_list(made.desk, BEN)
    first = box.mails()[ADA]
    press.says("/one", rss([*(post(number) for number in range(560, 563)), post(566, content=AFTER)]))
    made.clock.forward(hours=2)
    made.collect()
    made.service.publish()
    assert made.service.post_round().counts == {"accepted": 1}
    assert made.service.post_round().counts.total() == 0
    assert box.recipients == {ADA: 2}
    told = box.mails()[ADA]
    assert told["In-Reply-To"] == told["References"] == first["Message-ID"]
    assert told["Subject"] == "Erratum: The week 2026-W09"
    assert 20 <= len(told["Subject"]) <= 50
    for shown in (plain(told), markup(told)):
        assert "2026-W09" in shown
        assert "fourteen metres" in " ".join(shown.split())
        assert "refused to dredge" in " ".join(shown.split())
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = made.service.rebuild()
    assert found.differing == ()
    assert made.service.post_round().counts.total() == 0


def test_an_erratum_to_what_only_a_later_version_cites_is_not_mailed_to_readers_of_the_first(made, box, press):
    put_on_list(made.desk, ADA)
    made.service.send("weekly")
    late = [post(number) for number in range(560, 563)]
    for words in ("<p>Berth 4 of the herring harbour takes 12 ships.</p>", "<p>Berth 4 takes 30 ships.</p>"):
        press.says("/one", rss([*late, post(566, content=BEFORE), post(565, title="Berth 4", content=words)]))
        made.clock.forward(hours=2)
        made.collect()
        made.service.classify()
        made.service.publish()
        made.service.brief("weekly", "2026-W09")
    made.service.post_round()
    assert made.desk.library.errata.issued("weekly")
    assert box.recipients == {ADA: 1}


def test_a_request_is_confirmed_by_mail_and_the_log_knows_nothing_of_it(made, box):
    before = made.head()
    optin.ask(made.desk, BEN, {"weekly": Wish(language="de")})
    made.service.post_round()
    made.service.post_round()
    assert box.recipients == {BEN: 1}
    mail = box.mails()[BEN]
    assert mail["Subject"] == "Bitte bestätigen: The week"
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Id"] is None
    [link] = set(re.findall(r"http://\S+/subscribe/[\w-]+", plain(mail)))
    assert f'href="{link}"' in markup(mail)
    assert made.head() == before
    assert recipients.subscribers(made.desk, "weekly") == []


def test_a_request_that_the_server_puts_off_is_mailed_later(made, box):
    optin.ask(made.desk, BEN, {"weekly": Wish()})
    box.says = lambda stage, _: "450 4.2.1 later" if stage == "recipient" else None
    made.service.post_round()
    box.says = lambda _stage, _address: None
    made.service.post_round()
    assert box.recipients == {BEN: 1}
