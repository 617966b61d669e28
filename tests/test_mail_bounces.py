"""Mail that came back: whose it is, what follows, and that nobody can make it up."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from briefing.delivery.smtp import Answer
from briefing.errors import DeliveryError, UsageError
from briefing.model import Post
from briefing.service import Service, recipients
from briefing.service.bounces import Ledger, read_folder
from briefing.service.desk import Desk
from briefing.service.mailing import sent_as
from briefing.service.outgoing import Mailing, decide, record
from briefing.web import make_app
from log_support import adopted  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
from mail_support import put_on_list  # type: ignore[import-not-found]  # see above
from street_support import settings  # type: ignore[import-not-found]  # see above

ADA, BEN = "ada@ministry.example", "ben@institute.example"
DOMAIN = "desk.example"


@pytest.fixture
def desk(tmp_path, clock):
    """A desk that mailed five issues to two readers."""
    opened = Desk(f"sqlite:///{tmp_path}/briefing.db", tmp_path, clock)
    opened.store.append("settings", [adopted()])
    put_on_list(opened, ADA, BEN)
    for week in range(40, 45):
        mailed(opened, week)
    yield opened
    opened.close()


def mailing(week=44):
    return f"issue:weekly:2016-W{week}"


def mailed(desk, week):
    ids = [one.id for one in recipients.subscribers(desk, "weekly")]
    decide(desk, Mailing(mailing(week), "issue", "weekly", f"2016-W{week}", 1), ids)
    answers = [(one, Answer(stage="done", code=250)) for one in desk.outbox.mails("waiting")]
    record(desk, answers)
    desk.projector.catch_up()


def of(desk, address):
    [one] = recipients.find(desk, address)
    return one


def message_id(desk, address, week=44):
    return sent_as(desk, mailing(week), of(desk, address).id, DOMAIN)


def notice(address, origin, status="5.1.1", action="failed", about="text/rfc822-headers"):
    """A delivery status notification as mail servers write them."""
    return f"""From: MAILER-DAEMON@post.example
To: a@desk.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

I could not deliver your message.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; post.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 <{address}> unknown

--b
Content-Type: {about}

Message-ID: {origin}
To: {address}

--b--
""".encode()


def on_list(desk):
    return sorted(one.address for one in recipients.subscribers(desk, "weekly"))


@pytest.mark.parametrize("about", ["text/rfc822-headers", "message/rfc822"])
def test_a_mailbox_that_is_not_there_is_mailed_nothing_more(desk, about):
    ledger = Ledger(desk, Post())
    body = notice(ADA, message_id(desk, ADA), about=about)
    assert ledger.take(body) == {"bounced": 1, "suppressed": 1}
    assert ledger.take(body)["suppressed"] == 0  # once more says nothing new
    assert on_list(desk) == [BEN]
    [mail] = desk.outbox.mails("bounced")
    assert (mail.mailing, mail.recipient, mail.status) == (mailing(), of(desk, ADA).id, "5.1.1")
    assert ADA.encode() not in b"".join(desk.store.bodies(0, 1000))


def test_a_full_mailbox_is_given_up_after_several_issues_in_a_row(desk):
    ledger = Ledger(desk, Post(soft_bounces=3))
    for week in (42, 43):
        assert ledger.take(notice(ADA, message_id(desk, ADA, week), "4.2.2", "failed"))["suppressed"] == 0
    assert ledger.take(notice(ADA, message_id(desk, ADA, 44), "5.2.2"))["suppressed"] == 1
    assert on_list(desk) == [BEN]
    assert desk.outbox.counts()["bounced"] == 0


def test_a_notice_without_an_id_of_ours_ends_nothing(desk):
    """Anybody can write one: he knows the address, not the id."""
    ledger = Ledger(desk, Post())
    forged = [notice(ADA, ""), notice(ADA, f"<issue.weekly.2016-W44.{'0' * 32}@desk.example>"), notice(ADA, "<x@y>")]
    assert sum((ledger.take(body) for body in forged), start=ledger.take(b""))["suppressed"] == 0
    assert on_list(desk) == [ADA, BEN]


def test_the_id_of_one_readers_mail_says_nothing_of_another(desk):
    Ledger(desk, Post()).take(notice(BEN, message_id(desk, ADA)))
    assert on_list(desk) == [BEN]  # the id counts, whatever address the notice names


def test_a_delay_is_no_bounce_for_good(desk):
    assert Ledger(desk, Post()).take(notice(ADA, message_id(desk, ADA), "4.4.1", "delayed")) == {"bounced": 1}
    assert on_list(desk) == [ADA, BEN]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"From: a@b.example\nSubject: Re: The week\n\nThank you!",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\n--x--",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n"
        b"Content-Type: message/delivery-status\n\n\xff\xfe: \x00\n\nStatus: \xff\nAction: failed\n--x--",
    ],
)
def test_what_is_no_notice_is_left_alone(desk, body):
    assert Ledger(desk, Post()).take(body)["suppressed"] == 0
    assert on_list(desk) == [ADA, BEN]


def test_a_maildir_is_read_once_and_other_mail_in_it_stays_unseen(desk, tmp_path):
    folder = tmp_path / "Maildir"
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "new" / "1.host").write_bytes(notice(ADA, message_id(desk, ADA)))
    (folder / "new" / "2.host").write_bytes(b"Subject: hello\n\nA question")
    assert read_folder(desk, Post(), folder) == {"bounced": 1, "suppressed": 1, "read": 1}
    assert read_folder(desk, Post(), folder).total() == 0
    assert [path.name for path in (folder / "cur").iterdir()] == ["1.host:2,S"]
    assert [path.name for path in (folder / "new").iterdir()] == ["2.host"]
    with pytest.raises(DeliveryError, match="is no Maildir"):
        read_folder(desk, Post(), tmp_path)


# ---------------------------------------------------------------- the door for mail services


def told(service, body, token="a token of many letters", kind="application/json"):
    """What the site answers to a notice."""

    async def run():
        transport = httpx.ASGITransport(make_app(service))
        headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
            return await client.post("/bounces", content=body, headers=headers)

    return asyncio.run(run())


def test_who_knows_the_token_may_tell_of_bounces_and_nobody_else(desk, tmp_path, clock, monkeypatch):
    monkeypatch.delenv("BRIEFING_BOUNCES_TOKEN", raising=False)
    rows = (
        b'[{"address": "ada@ministry.example", "status": "5.1.1"}, {"address": "no@where.example", "status": "5.1.1"}]'
    )
    with Service(f"sqlite:///{tmp_path}/briefing.db", tmp_path, settings(), clock) as service:
        assert told(service, rows).status_code == 404
        monkeypatch.setenv("BRIEFING_BOUNCES_TOKEN", "a token of many letters")
        assert told(service, rows, token="another token of letters").status_code == 401
        assert on_list(desk) == [ADA, BEN]
        assert told(service, b"{}").status_code == 400
        assert told(service, rows).json() == {"bounced": 1, "suppressed": 1, "unknown": 1}
        assert on_list(desk) == [BEN]
        body = notice(BEN, message_id(desk, BEN))
        assert told(service, body, kind="message/rfc822").json() == {"bounced": 1, "suppressed": 1}
        assert on_list(desk) == []
        monkeypatch.setenv("BRIEFING_BOUNCES_TOKEN", "short")
        with pytest.raises(UsageError, match="fewer than 16"):
            make_app(service)


def test_who_calls_a_mail_unwanted_is_mailed_nothing_more(desk, tmp_path, clock, monkeypatch):
    monkeypatch.setenv("BRIEFING_BOUNCES_TOKEN", "a token of many letters")
    with Service(f"sqlite:///{tmp_path}/briefing.db", tmp_path, settings(), clock) as service:
        rows = b'{"address": "ada@ministry.example", "complaint": true}'
        assert told(service, rows).json() == {"complaints": 1, "suppressed": 1}
    assert on_list(desk) == [BEN]
