"""The pages of subscribers: confirmed from the mailbox, left by one click, and nothing by opening a link."""

from __future__ import annotations

import asyncio
import re
import shutil
from dataclasses import replace
from urllib.parse import urlencode

import httpx
import pytest
from lxml import html

from briefing.config import load
from briefing.model import Listed, Wish
from briefing.service import Service, optin, recipients
from briefing.service.recipients import subscribe
from briefing.web import make_app
from briefing.web.turnstile import Turnstile
from log_support import Clock  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
from web_support import SETTINGS  # type: ignore[import-not-found]  # the same

ADA = "ada@ministry.example"
ONE_CLICK = "List-Unsubscribe=One-Click"
PARTS = (
    b'--cut\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--cut--\r\n',
    "multipart/form-data; boundary=cut",
)


class Desk:
    """A site that people may subscribe on, asked without a socket."""

    def __init__(self, service):
        self.service = service
        self.desk = service.desk
        self.clock = service.desk.clock
        self.app = make_app(service)

    def ask(self, method, path, form=None, body=None, client=("203.0.113.9", 1), **headers):
        async def run():
            transport = httpx.ASGITransport(self.app, client=client)
            async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as asking:
                content = body if body is not None else urlencode(form or {}, doseq=True) if method == "POST" else None
                kind = {"content-type": "application/x-www-form-urlencoded"} if method == "POST" else {}
                sent = kind | {name.replace("_", "-"): value for name, value in headers.items()}
                return await asking.request(method, path, content=content, headers=sent)

        return asyncio.run(run())

    def state(self, address=ADA):
        return {one.briefing: one.state for one in recipients.find(self.desk, address)}

    def path(self, url):
        return url.removeprefix("http://desk.example")


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """A configuration, and the database that adopted it, to be copied: both take longer than most tests."""
    folder = tmp_path_factory.mktemp("ready")
    file = folder / "sources.yaml"
    extra = "  - {id: daily, title: Harbour today, publish: monday 07:00, topics: [dredging]}\n"
    file.write_text(SETTINGS.replace("site:\n", "site:\n  subscribe: true\n") + extra, encoding="utf-8")
    settings = load(file)
    with Service(f"sqlite:///{folder}/briefing.db", folder, settings, Clock()) as service:
        service.adopt()
    return settings, folder / "briefing.db"


@pytest.fixture
def desk(tmp_path, ready):
    settings, database = ready
    shutil.copy(database, tmp_path)
    with Service(f"sqlite:///{tmp_path}/briefing.db", tmp_path, settings, Clock()) as service:
        yield Desk(service)


@pytest.fixture
def ada(desk):
    """Somebody on a list."""
    subscribe(desk.desk, [Listed(address=ADA, briefing="weekly")], "operator")
    return recipients.subscribers(desk.desk, "weekly")[0]


# ---------------------------------------------------------------- subscribing


def test_who_asks_and_confirms_from_his_mailbox_is_subscribed_with_what_he_ticked(desk):
    form = {"address": "Ada@Ministry.Example", "briefing": ["weekly"], "topic": ["pilotage"], "body": "text"}
    answer = desk.ask("POST", "/subscribe", form)
    assert answer.status_code == 200
    assert "Look into your mailbox" in answer.text
    assert desk.state() == {}
    [request] = recipients.confirmations(desk.desk)
    link = desk.path(optin.confirm_url(desk.desk, request))
    for method in ("GET", "HEAD", "GET"):  # whoever opens it, and how often, nothing happens
        assert desk.ask(method, link).status_code == 200
    assert desk.state() == {}
    assert "Subscribe by mail?" in desk.ask("GET", link).text
    assert "You are subscribed" in desk.ask("POST", link).text
    [one] = recipients.subscribers(desk.desk, "weekly")
    assert (one.address, one.topics, one.formats, one.by) == ("Ada@ministry.example", ("pilotage",), ("text",), "self")
    assert desk.ask("POST", link).status_code == 404, "a link is good for one confirmation"
    assert recipients.confirmations(desk.desk) == []


def test_several_briefings_are_confirmed_by_one_mail_each_with_the_parts_it_has(desk):
    desk.ask("POST", "/subscribe", {"address": ADA, "briefing": ["weekly", "daily"], "topic": ["dredging"]})
    [request] = recipients.confirmations(desk.desk)
    desk.ask("POST", desk.path(optin.confirm_url(desk.desk, request)))
    assert desk.state() == {"weekly": "active", "daily": "active"}
    assert {one.briefing: one.topics for one in recipients.find(desk.desk, ADA)} == {
        "weekly": ("dredging",),
        "daily": (),
    }


def test_the_log_says_nothing_of_a_request_and_the_answer_nothing_of_who_is_known(desk, ada):
    head = desk.desk.store.head()
    known = desk.ask("POST", "/subscribe", {"address": ADA, "briefing": ["weekly"]})
    stranger = desk.ask("POST", "/subscribe", {"address": "ben@institute.example", "briefing": ["weekly"]})
    assert (known.status_code, known.text) == (stranger.status_code, stranger.text)
    recipients.suppress(desk.desk, ada.id, "complaint")
    after = desk.ask("POST", "/subscribe", {"address": ADA, "briefing": ["weekly"]})
    without_position = [re.sub(r"up to position \d+", "", answer.text) for answer in (known, after)]
    assert len(set(without_position)) == 1
    assert desk.desk.store.head() == head + 1, "the complaint alone"
    assert len(recipients.confirmations(desk.desk)) == 2, "who complained is mailed nothing more"


def test_a_link_is_too_old_after_two_days(desk):
    desk.ask("POST", "/subscribe", {"address": ADA, "briefing": ["weekly"]})
    [request] = recipients.confirmations(desk.desk)
    link = desk.path(optin.confirm_url(desk.desk, request))
    desk.clock.move(hours=47, minutes=59)
    assert desk.ask("GET", link).status_code == 200
    desk.clock.move(minutes=1)
    for method in ("GET", "POST"):
        answer = desk.ask(method, link)
        assert answer.status_code == 404
        assert "This link is too old" in answer.text
    assert desk.state() == {}


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"address": "nobody", "briefing": ["weekly"]}, "is no mail address"),
        ({"briefing": ["weekly"]}, "is no mail address"),
        ({"address": ADA}, "No briefing is chosen"),
        ({"address": ADA, "briefing": ["monthly"]}, "No briefing is chosen"),
        ({"address": f"{ADA}\nBcc: all@example.org", "briefing": ["weekly"]}, "is no mail address"),
        ({"address": "<script>@example.org", "briefing": ["weekly"]}, "is no mail address"),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back_with_what_is_wrong(desk, form, told):
    answer = desk.ask("POST", "/subscribe", form)
    assert answer.status_code == 400
    page = html.fromstring(answer.content)
    assert told in page.xpath("string(//*[@role='alert'])")
    assert page.xpath("//input[@id='address']/@value") == [form.get("address", "")]
    assert recipients.confirmations(desk.desk) == []


def test_one_address_is_mailed_three_times_a_day_and_nobody_is_told(desk):
    for client in range(5):
        answer = desk.ask(
            "POST", "/subscribe", {"address": ADA, "briefing": ["weekly"]}, client=(f"203.0.113.{client}", 1)
        )
        assert "Look into your mailbox" in answer.text
    assert len(recipients.confirmations(desk.desk)) == 3
    desk.clock.move(hours=25)
    desk.ask("POST", "/subscribe", {"address": ADA, "briefing": ["weekly"]})
    assert len(recipients.confirmations(desk.desk)) == 4


def test_one_network_asks_ten_times_an_hour(desk):
    def ask(number):
        return desk.ask("POST", "/subscribe", {"address": f"reader{number}@example.org", "briefing": ["weekly"]})

    assert {ask(number).status_code for number in range(10)} == {200}
    answer = ask(10)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3600")
    desk.clock.move(hours=1, seconds=1)
    assert ask(11).status_code == 200


def test_strangers_lists_of_addresses_end_after_so_many_mails_an_hour(desk, monkeypatch):
    monkeypatch.setattr(optin, "_AN_HOUR", 5)
    for number in range(5):
        optin.ask(desk.desk, f"reader{number}@example.org", {"weekly": Wish()})
    answer = desk.ask("POST", "/subscribe", {"address": ADA, "briefing": ["weekly"]})
    assert answer.status_code == 429
    assert "try again in an hour" in answer.text


def test_a_form_sent_by_another_sites_page_is_refused(desk):
    answer = desk.ask("POST", "/subscribe", {"address": ADA, "briefing": ["weekly"]}, sec_fetch_site="cross-site")
    assert answer.status_code == 403
    assert recipients.confirmations(desk.desk) == []


def test_without_a_mail_server_nobody_can_subscribe_but_whoever_has_a_link_can_leave(desk, ada, monkeypatch):
    assert 'href="/subscribe"' in desk.ask("GET", "/briefings").text
    desk.service.settings = replace(desk.service.settings, subscription=None)
    monkeypatch.delenv("BRIEFING_SMTP_URL", raising=False)
    assert desk.ask("GET", "/subscribe").status_code == 404
    assert desk.ask("POST", "/subscribe", {"address": ADA, "briefing": ["weekly"]}).status_code == 404
    assert 'href="/subscribe"' not in desk.ask("GET", "/feeds").text
    assert desk.ask("POST", desk.path(recipients.unsubscribe_url(desk.desk, ada)), body=ONE_CLICK).status_code == 200
    monkeypatch.setenv("BRIEFING_SMTP_URL", "smtp://127.0.0.1:25")
    assert desk.ask("GET", "/subscribe").status_code == 200
    desk.service.settings = replace(desk.service.settings, subscription=False)
    assert desk.ask("GET", "/subscribe").status_code == 404


# ---------------------------------------------------------------- leaving


@pytest.mark.parametrize(
    ("body", "kind"),
    [(ONE_CLICK.encode(), "application/x-www-form-urlencoded"), PARTS, (b"", "text/plain")],
    ids=["form", "multipart", "button"],
)
def test_one_click_unsubscribes_without_a_question(desk, ada, body, kind):
    """RFC 8058, section 3.1: a POST from the mail program itself, answered by 200 and no redirect."""
    answer = desk.ask("POST", desk.path(recipients.unsubscribe_url(desk.desk, ada)), body=body, content_type=kind)
    assert answer.status_code == 200
    assert "You are unsubscribed" in answer.text
    assert desk.state() == {"weekly": "unsubscribed"}
    assert "set-cookie" not in answer.headers


def test_programs_that_open_every_link_unsubscribe_nobody(desk, ada):
    links = [desk.path(url(desk.desk, ada)) for url in (recipients.unsubscribe_url, recipients.preferences_url)]
    head = desk.desk.store.head()
    for link in links:
        for method in ("GET", "HEAD", "OPTIONS", "GET"):
            desk.ask(method, link, user_agent="link-scanner")
            desk.ask(method, f"{link}?List-Unsubscribe=One-Click")
    assert desk.state() == {"weekly": "active"}
    assert desk.desk.store.head() == head


def test_unsubscribing_again_says_the_same(desk, ada):
    link = desk.path(recipients.unsubscribe_url(desk.desk, ada))
    assert desk.ask("POST", link).status_code == 200
    assert desk.ask("POST", link).status_code == 200
    assert "You are unsubscribed" in desk.ask("GET", link).text


def test_a_link_that_was_altered_or_is_for_something_else_opens_nothing(desk, ada):
    token = recipients.unsubscribe_url(desk.desk, ada).rpartition("/")[2]
    for path in (f"/unsubscribe/{token[:-2]}", f"/preferences/{token}", f"/subscribe/{token}", "/unsubscribe/x"):
        for method in ("GET", "POST"):
            answer = desk.ask(method, path)
            assert answer.status_code == 404
            assert "This link is not complete" in answer.text
    assert desk.state() == {"weekly": "active"}


# ---------------------------------------------------------------- choosing


def test_who_has_the_link_chooses_parts_form_language_and_pause(desk, ada):
    link = desk.path(recipients.preferences_url(desk.desk, ada))
    form = {"topic": ["pilotage"], "body": "", "format": ["markdown"], "language": "ja", "paused": "yes"}
    assert "Saved." in desk.ask("POST", link, form).text
    [one] = recipients.everybody(desk.desk)
    assert (one.topics, one.formats, one.language, one.state) == (("pilotage",), ("html", "markdown"), "ja", "paused")
    page = html.fromstring(desk.ask("GET", link).content)
    assert set(page.xpath("//input[@checked]/@id")) == {"topic-pilotage", "body-both", "format-markdown", "paused"}
    assert page.xpath("//option[@selected]/@value") == ["ja"]
    desk.ask("POST", link, {"body": "", "language": ""})
    [one] = recipients.everybody(desk.desk)
    assert (one.topics, one.formats, one.language, one.state) == ((), (), "", "active")


def test_who_left_can_choose_nothing(desk, ada):
    recipients.remove(desk.desk, [ada], "operator")
    link = desk.path(recipients.preferences_url(desk.desk, ada))
    for method in ("GET", "POST"):
        assert desk.ask(method, link).status_code == 404
    assert desk.state() == {"weekly": "unsubscribed"}


# ---------------------------------------------------------------- what every page keeps to


def test_no_page_of_a_subscriber_is_kept_indexed_told_on_or_shows_an_address(desk, ada):
    desk.ask("POST", "/subscribe", {"address": "ben@institute.example", "briefing": ["weekly"]})
    [request] = recipients.confirmations(desk.desk)
    links = (
        recipients.unsubscribe_url(desk.desk, ada),
        recipients.preferences_url(desk.desk, ada),
        optin.confirm_url(desk.desk, request),
        "/subscribe",
    )
    for link in links:
        answer = desk.ask("GET", desk.path(link))
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert 'name="robots" content="noindex' in answer.text
        assert "<script" not in answer.text
        assert "ministry.example" not in answer.text
        assert "institute.example" not in answer.text
        assert link.rpartition("/")[2] not in answer.text or link == "/subscribe", "no page repeats a token"


def test_every_field_has_a_label_and_every_group_a_legend(desk, ada):
    for path in ("/subscribe", desk.path(recipients.preferences_url(desk.desk, ada))):
        page = html.fromstring(desk.ask("GET", path).content)
        fields = page.xpath("//form[@class='choice']//input[not(@type='hidden')]/@id | //form//select/@id")
        assert fields
        assert set(fields) == set(page.xpath("//form//label/@for"))
        assert len(fields) == len(set(fields))
        assert all(one.xpath("./legend") for one in page.xpath("//fieldset"))


def test_a_form_too_large_or_with_too_many_fields_is_refused(desk):
    assert desk.ask("POST", "/subscribe", body=b"a=" + b"b" * 30_000).status_code == 413
    assert desk.ask("POST", "/subscribe", body=b"&".join([b"a=b"] * 600)).status_code == 400


def test_a_network_is_one_customer_and_nothing_is_remembered_for_ever():
    clock = Clock()
    turnstile = Turnstile(clock, most=2)
    assert [turnstile.wait("2001:db8:1:2::1"), turnstile.wait("2001:db8:1:2::ffff")] == [0, 0]
    assert turnstile.wait("2001:db8:1:2:3::9") == 3600
    assert turnstile.wait("2001:db8:1:3::1") == 0
    assert turnstile.wait("203.0.113.1") == turnstile.wait("::ffff:203.0.113.1") == 0
    assert turnstile.wait("203.0.113.1") == 3600
    assert turnstile.wait("") == turnstile.wait("") == 0
    for number in range(10_050):
        turnstile.wait(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(turnstile._passed) == 10_000
