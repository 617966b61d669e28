"""The whole way of a reader: asks on the site, confirms from the mailbox, gets an issue, leaves, is forgotten."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from briefing.service import recipients
from briefing.service.forgetting import forget
from mail_support import parsed, plain  # type: ignore[import-not-found]  # pytest puts this folder on the path
from test_mail import box, made, parsing, printed, server  # type: ignore[import-not-found]  # the same: fixtures
from test_web_subscribing import ONE_CLICK, Desk  # type: ignore[import-not-found]  # the same

__all__ = ["box", "made", "parsing", "printed", "server"]

CYD = "cyd.arrow@reader.example"
LINK = re.compile(r"https?://[^\s<>\"]+")


def opened(site, mail):
    """What a program does that scans mail: it opens every link of ours in it."""
    bodies = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    said = "\n".join([*bodies, *map(str, mail.values())])
    ours = [url for url in LINK.findall(said) if any(f"/{what}/" in url for what in ("subscribe", "unsubscribe"))]
    for url in ours:
        for method in ("GET", "HEAD"):
            site.ask(method, urlsplit(url).path)
    return ours


def test_a_reader_subscribes_reads_leaves_and_is_forgotten(made, box):
    made.service.settings = replace(made.service.settings, subscription=True)
    site = Desk(made.service)
    site.ask("POST", "/subscribe", {"address": CYD, "briefing": ["weekly"]})
    made.service.post_round()
    [(address, body)] = box.bytes
    asked = parsed(body)
    assert address == CYD
    [link] = {url for url in opened(site, asked) if "/subscribe/" in url}
    assert link in plain(asked)
    assert site.state(CYD) == {}, "only the button subscribes"
    site.ask("POST", urlsplit(link).path)
    assert site.state(CYD) == {"weekly": "active"}

    box.empty()
    made.service.send("weekly", "2026-W09")
    issue = box.mails()[CYD]
    head = made.desk.store.head()
    assert opened(site, issue)
    assert (site.state(CYD), made.desk.store.head()) == ({"weekly": "active"}, head), "nobody left by being scanned"
    [leave] = LINK.findall(issue["List-Unsubscribe"])
    assert issue["List-Unsubscribe-Post"] == ONE_CLICK
    assert site.ask("POST", urlsplit(leave).path, body=ONE_CLICK).status_code == 200
    assert site.state(CYD) == {"weekly": "unsubscribed"}
    assert recipients.subscribers(made.desk, "weekly") == []

    assert forget(made.desk, CYD).lists == 1
    for file in (one for one in made.folder.rglob("*") if one.is_file()):
        assert b"cyd.arrow" not in file.read_bytes().lower(), file
