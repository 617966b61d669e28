"""Mail on a real server on loopback: what arrives, at whom, how often."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from briefing.delivery.journal import Journal
from briefing.delivery.letters import Content, Letter, Reader, Sender
from briefing.errors import ConfigError, DeliveryError, UsageError
from briefing.model import Post
from briefing.service import recipients, sending
from briefing.service.mailing import IssueMail
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


@pytest.fixture(scope="module")
def printed(parsing, tmp_path_factory):
    """A storage with an issue of last week, made once."""
    folder = tmp_path_factory.mktemp("printed")
    with Press() as press:
        fish = post(566, title="Herring at berth 9", content="<p>The herring came early this year, says the board.</p>")
        press.says("/one", rss([*(post(number) for number in range(560, 566)), fish]))
        made = Street(folder, press, Clock(), settings(source("one", "/one", press)), *parsing)
        made.collect()
        made.service.classify()
        made.service.brief("weekly", "2026-W09")
        made.close()
    return made


@pytest.fixture(scope="module")
def server():
    with postbox() as opened:
        yield opened


@pytest.fixture
def box(server, monkeypatch):
    monkeypatch.delenv("BRIEFING_SMTP_URL", raising=False)
    server.empty()
    return server


@pytest.fixture
def made(printed, box, parsing, tmp_path):
    """A street with an issue of last week, whose mail goes to the box."""
    folder = shutil.copytree(printed.folder, tmp_path / "street")
    chosen = replace(printed.settings, mail=Post(server=box.url, rate=0))
    one = Street(folder, None, Clock(), chosen, *parsing)
    yield one
    one.close()


def test_everybody_on_the_list_gets_the_issue_and_twice_sends_once(made, box):
    put_on_list(made.desk, ADA, BEN)
    first = made.service.send("weekly", "2026-W09")
    again = made.service.send("weekly", "2026-W09")
    assert (first.decided, first.counts["accepted"], first.waiting, first.fault) == (2, 2, 0, "")
    assert (again.decided, again.counts["accepted"]) == (0, 0)
    assert box.recipients == {ADA: 1, BEN: 1}


def test_a_mail_says_what_it_is(made, box):
    put_on_list(made.desk, ADA, name="Ada, „Chef“ Őri")
    made.service.send("weekly")
    mail = box.mails()[ADA]
    site = made.settings.site.url
    [told] = made.desk.library.issues("weekly")
    assert mail["Subject"] == "Harbour Watch: The week 2026-W09"
    assert mail["From"].addresses[0].addr_spec == "a@b.example"
    assert mail["From"].addresses[0].display_name == "Harbour Watch"
    assert (mail["To"].addresses[0].display_name, mail["To"].addresses[0].addr_spec) == ("Ada, „Chef“ Őri", ADA)
    assert mail["Date"].datetime == told.published_at.replace(microsecond=0)
    assert mail["List-Id"] == "The week <weekly.b.example>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith(f"<{site}/unsubscribe/")
    assert (mail["Auto-Submitted"], mail["Precedence"]) == ("auto-generated", "bulk")
    assert mail["Archived-At"] == f"<{site}/briefings/weekly/2026-W09/v1/>"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_the_plain_text_alone_carries_the_whole_issue(made, box):
    put_on_list(made.desk, ADA)
    made.service.send("weekly")
    text = plain(box.mails()[ADA])
    whole = made.files()["briefings/weekly/2026-W09/v1/briefing.txt"].decode()
    address = f"{made.settings.site.url}/briefings/weekly/2026-W09/v1/"
    assert whole in text
    assert text.splitlines()[:2] == ["Read on the web:", address]
    assert text.rstrip().splitlines()[-2:] == ["Read on the web:", address]
    assert all(len(line) <= 65 or "://" in line for line in text.splitlines())


def test_the_html_needs_no_style_element_no_script_and_no_other_file(made, box):
    put_on_list(made.desk, ADA)
    made.service.send("weekly")
    html = markup(box.mails()[ADA])
    assert len(html.encode()) < 100_000
    for word in ("<style", "<script", "<link", "<img", "<svg", "var(", "url(", "@media", "<nav"):
        assert word not in html
    assert 'style="' in html
    assert html.count("/briefings/weekly/2026-W09/v1/") >= 2
    targets = set(re.findall(r' id="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= targets


def test_nothing_in_a_mail_tells_anybody_that_it_was_opened(made, box):
    """Every address in it is the same for all readers, but those of the reader's own pages."""
    put_on_list(made.desk, ADA, BEN)
    made.service.send("weekly")
    one, other = (set(re.findall(r'https?://[^\s"<>]+', markup(mail) + plain(mail))) for mail in box.mails().values())
    own = {address.rsplit("/", 1)[0].removeprefix(made.settings.site.url) for address in one ^ other}
    assert own == {"/unsubscribe", "/preferences"}


def test_the_same_issue_and_reader_give_the_same_bytes(made, box):
    put_on_list(made.desk, ADA)
    [one], [two] = (made.service.preview_mails("weekly") for _ in range(2))
    assert one == two
    issued = sending.published(made.desk, "weekly")
    [reader] = made.desk.recipients.on("weekly", ("active",))
    first, second = (IssueMail(made.desk, made.settings.mail, issued).copy(reader) for _ in range(2))
    assert first == second


def test_every_line_is_short_enough_and_seven_bits_wide_whatever_the_language(made, box):
    put_on_list(made.desk, ADA, language="ru")
    put_on_list(made.desk, BEN, language="ja", name="外務")
    made.service.send("weekly")
    for _, body in box.bytes:
        assert body.isascii()
        assert max(map(len, body.split(b"\r\n"))) <= 200
        assert b"\n" not in body.replace(b"\r\n", b"")
    assert "Читать на сайте" in plain(box.mails()[ADA])
    assert 'lang="ja"' in markup(box.mails()[BEN])


def test_whoever_wants_some_topics_gets_these_parts_under_the_same_numbers(made, box):
    put_on_list(made.desk, ADA)
    put_on_list(made.desk, BEN, topics=("fish",))
    made.service.send("weekly")
    whole, part = plain(box.mails()[ADA]), plain(box.mails()[BEN])
    assert "on your topics (Fish): 1 of 7 items" in " ".join(part.split())
    [number] = re.findall(r"Herring at berth 9\W*\[(\d)\]", " ".join(part[part.index("TOPICS") :].split()))[:1]
    assert re.findall(r"Herring at berth 9\W*\[(\d)\]", " ".join(whole.split()))[0] == number
    assert "Communiqué number 561" in whole
    assert "Communiqué number 561" not in part


def test_whoever_wants_text_alone_gets_no_html_and_files_are_attached_by_choice(made, box):
    put_on_list(made.desk, ADA, formats=("text",))
    put_on_list(made.desk, BEN, formats=("html", "json", "markdown"))
    made.service.send("weekly")
    assert box.mails()[ADA].get_content_type() == "text/plain"
    attached = {part.get_filename(): part for part in box.mails()[BEN].iter_attachments()}
    assert set(attached) == {"weekly-2026-W09.json", "weekly-2026-W09.md"}
    files = made.files()
    assert (
        attached["weekly-2026-W09.json"].get_payload(decode=True) == files["briefings/weekly/2026-W09/v1/briefing.json"]
    )


def test_a_name_cannot_bring_in_another_header(made, box):
    put_on_list(made.desk, ADA, name="Ada\r\nBcc: ben@institute.example\r\n\r\nHello")
    made.service.send("weekly")
    mail = box.mails()[ADA]
    assert mail["Bcc"] is None
    assert set(box.recipients) == {ADA}


def test_a_sender_whose_name_has_brackets_beside_other_letters_stays_one_name_and_one_address():
    shown = 'Watch <b>&</b> "Co", 北岬'
    sender = Sender(address="a@b.example", name=shown, list_id="week.b.example", list_title="The week")
    content = Content(subject="The week", date=datetime(2026, 3, 2, tzinfo=UTC), text=("Herring", ""))
    mail = parsed(Letter("issue:week", sender, content).to(Reader(address=ADA, key="1"), ""))
    assert [(one.display_name, one.addr_spec) for one in mail["From"].addresses] == [(shown, "a@b.example")]


def test_an_address_beyond_ascii_is_written_as_the_server_allows(made, box):
    there, elsewhere = "ünal@ministry.example", "ben@xn--hfen-loa.example"
    put_on_list(made.desk, there, elsewhere)
    made.service.send("weekly")
    assert sorted(box.recipients) == sorted([there, elsewhere])
    assert sorted(box.utf8) == [False, True]


def test_a_dry_run_lists_what_would_go_to_whom_and_sends_nothing(made, box):
    put_on_list(made.desk, ADA, BEN)
    made.service.send("weekly", to=[ADA])
    states = {one.address: one.state for one in made.service.preview_mails("weekly")}
    assert states == {ADA: "accepted", BEN: "new"}
    assert box.recipients == {ADA: 1}
    with pytest.raises(UsageError, match="gets no mail of weekly: `briefing recipients add"):
        made.service.preview_mails("weekly", to=["nobody@ministry.example"])


def test_what_is_not_published_is_not_sent(made, box):
    with pytest.raises(UsageError, match="no issue 2026-W01 of weekly yet: `briefing brief"):
        made.service.send("weekly", "2026-W01")
    with pytest.raises(UsageError, match='no briefing "daily"'):
        made.service.send("daily")
    made.configure(replace(made.settings, mail=Post()))
    with pytest.raises(ConfigError, match="no mail server: set BRIEFING_SMTP_URL"):
        made.service.send("weekly")


# ---------------------------------------------------------------- what servers answer


def test_what_a_server_puts_off_is_tried_again_later_and_then_given_up(made, box):
    put_on_list(made.desk, ADA, BEN)
    box.says = lambda stage, address: (
        "451 4.7.1 <ada@ministry.example> later" if (stage, address) == ("recipient", ADA) else None
    )
    first = made.service.send("weekly")
    assert (first.counts, first.waiting) == ({"accepted": 1, "deferred": 1}, 1)
    assert made.service.post_round().counts.total() == 0  # not yet
    for _ in range(8):
        made.clock.forward(days=1)
        made.service.post_round()
    [mail] = made.desk.outbox.mails("dropped")
    assert (mail.status, mail.reason, mail.attempts) == ("451 4.7.1", "gave-up", 8)
    assert box.recipients == {BEN: 1}
    box.says = lambda _stage, _address: None
    assert made.service.send("weekly").counts.total() == 0


def test_an_address_that_a_server_refuses_for_good_gets_no_more_mail(made, box):
    put_on_list(made.desk, ADA, BEN)
    box.says = lambda stage, address: "550 5.1.1 no such user" if (stage, address) == ("recipient", ADA) else None
    found = made.service.send("weekly")
    assert found.counts == {"accepted": 1, "refused": 1}
    assert [one.address for one in recipients.subscribers(made.desk, "weekly")] == [BEN]
    [event] = made.events("mail.refused")
    assert (event.status, event.address) == ("550 5.1.1", True)


def test_what_is_refused_for_what_it_says_suppresses_nobody_and_stops_after_a_few(made, box):
    readers = [f"reader{number}@ministry.example" for number in range(12)]
    put_on_list(made.desk, *readers)
    box.says = lambda stage, _: "554 5.7.1 looks like spam" if stage == "content" else None
    found = made.service.send("weekly")
    assert "refuses what the mails say" in found.fault
    assert found.counts["refused"] <= 6
    assert found.waiting == 12 - found.counts["refused"]
    assert len(recipients.subscribers(made.desk, "weekly")) == 12


def test_a_sender_that_is_refused_stops_everything_and_loses_nothing(made, box):
    put_on_list(made.desk, ADA, BEN)
    box.says = lambda stage, _: "530 5.7.0 log in first" if stage == "sender" else None
    found = made.service.send("weekly")
    assert "refuses our sender" in found.fault
    assert found.waiting == 2
    box.says = lambda _stage, _address: None
    assert made.service.send("weekly").counts == {"accepted": 2}


def test_a_mail_over_which_the_server_leaves_holds_up_no_other(made, box, monkeypatch):
    monkeypatch.setattr("briefing.delivery.courier._AGAIN", (0.0, 0.0, 0.0))
    one = replace(made.settings.mail, connections=1)
    put_on_list(made.desk, ADA, BEN)
    box.says = lambda stage, address: "421 4.3.2 enough" if (stage, address) == ("recipient", ADA) else None
    found = sending.send_issue(made.desk, one, sending.published(made.desk, "weekly"))
    assert (found.counts, found.fault) == ({"accepted": 1, "deferred": 1}, "")
    box.says = lambda _stage, _address: None
    made.clock.forward(minutes=6)
    assert made.service.post_round().counts == {"accepted": 1}
    assert box.recipients == {ADA: 1, BEN: 1}


def test_a_sender_that_is_put_off_is_not_called_wrong(made, box):
    put_on_list(made.desk, ADA)
    box.says = lambda stage, _: "451 4.7.1 too many for now" if stage == "sender" else None
    found = made.service.send("weekly")
    assert "puts us off" in found.fault
    assert "mail.from" not in found.fault
    assert found.waiting == 1


def test_a_server_that_is_not_there_is_told_and_everything_waits(made, monkeypatch):
    put_on_list(made.desk, ADA)
    monkeypatch.setattr("briefing.delivery.courier._AGAIN", (0.0,))
    monkeypatch.setenv("BRIEFING_SMTP_URL", "smtp://user:s3cret@127.0.0.1:1?starttls=never")
    found = made.service.send("weekly")
    assert found.fault.startswith("the mail server 127.0.0.1:1 cannot be used")
    assert "s3cret" not in found.fault
    assert found.waiting == 1


def test_a_server_that_leaves_without_an_answer_leaves_the_mail_unconfirmed(made, box):
    put_on_list(made.desk, ADA)
    box.says = lambda stage, _: "gone" if stage == "done" else None
    found = made.service.send("weekly")
    assert (found.counts, found.unconfirmed) == ({"unconfirmed": 1}, 1)
    box.says = lambda _stage, _address: None
    assert made.service.send("weekly").counts.total() == 0  # by itself it is not sent again
    assert made.service.send("weekly", again=True).counts == {"accepted": 1}
    assert box.recipients == {ADA: 2}


def test_who_left_the_list_meanwhile_gets_nothing(made, box):
    put_on_list(made.desk, ADA, BEN)
    box.says = lambda stage, address: "450 busy" if (stage, address) == ("recipient", ADA) else None
    made.service.send("weekly")
    recipients.remove(made.desk, recipients.find(made.desk, ADA), "operator")
    made.clock.forward(days=1)
    assert made.service.post_round().counts == {"dropped": 1}
    assert box.recipients == {BEN: 1}


def test_two_at_once_are_one_and_a_refusal(made, box):
    put_on_list(made.desk, ADA)
    with Journal(made.desk.storage / sending.JOURNAL), pytest.raises(DeliveryError, match="another process is sending"):
        made.service.send("weekly")


def test_the_log_and_what_is_published_name_no_reader_and_no_password(made, box, monkeypatch):
    put_on_list(made.desk, ADA, name="Ada Lovelace")
    monkeypatch.setenv("BRIEFING_SMTP_URL", f"smtp://desk:s3cret@127.0.0.1:{box.port}")
    box.says = lambda stage, _: "550 5.1.1 <ada@ministry.example> is unknown" if stage == "recipient" else None
    monkeypatch.setenv("BRIEFING_SMTP_URL", box.url)
    made.service.send("weekly")
    made.service.publish()
    whole = b"".join(made.desk.store.bodies(0, 10_000)) + b"".join(made.files().values())
    for word in (b"ada@", b"Lovelace", b"s3cret"):
        assert word not in whole
    assert made.service.rebuild().differing == ()
