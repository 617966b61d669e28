"""`briefing send` and `briefing bounces`, as people and programs call them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from briefing.cli.commands import cli
from mail_support import postbox  # type: ignore[import-not-found]  # pytest puts this folder on the path

CONFIG = """
site: {title: Harbour Desk, url: "http://desk.example", contact: desk@example.org}
sources: []
briefings:
  - {id: weekly, title: Harbour weekly, period: week, publish: monday 07:00, formats: [html, text]}
"""
WEEK = "2026-W09"


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Runs a command on a storage of its own; gives back status and words."""
    monkeypatch.delenv("BRIEFING_SMTP_URL", raising=False)
    (tmp_path / "sources.yaml").write_text(CONFIG)
    before = ["--config", str(tmp_path / "sources.yaml"), "--storage", str(tmp_path / "storage")]

    def run(*arguments):
        found = CliRunner().invoke(cli, [*before, *arguments], standalone_mode=False)
        said = found.output + (str(found.exception) if found.exception else "")
        return (found.return_value or 0) if found.exception is None else 2, said

    return run


def test_an_issue_is_shown_sent_and_not_sent_twice(call, monkeypatch, tmp_path):
    with postbox() as box:
        monkeypatch.setenv("BRIEFING_SMTP_URL", box.url)
        assert "no issue" in call("send", "--briefing", "weekly")[1]
        call("brief", "--briefing", "weekly", "--week", WEEK)
        call("recipients", "add", "ada@ministry.example", "--briefing", "weekly")
        status, said = call("send", "--briefing", "weekly", "--week", WEEK, "--dry-run")
        assert (status, "1 mail would go out" in said, "ada@ministry.example" in said) == (0, True, True)
        assert box.bytes == []
        assert "1 mail taken over by the server" in call("send", "--briefing", "weekly", "--period", WEEK)[1]
        status, said = call("send", "--briefing", "weekly", "--json")
        assert (status, json.loads(said)["decided"], json.loads(said)["counts"]) == (0, 0, {})
        assert len(box.bytes) == 1
        assert "nothing to send" in call("send")[1]
        (tmp_path / "Maildir").mkdir()
        assert "is no Maildir" in call("bounces", str(tmp_path / "Maildir"))[1]
        assert "no Maildir is named" in call("bounces")[1]


def test_what_could_not_be_sent_is_told_with_status_1(call, monkeypatch):
    with postbox() as box:
        monkeypatch.setenv("BRIEFING_SMTP_URL", box.url)
        call("brief", "--briefing", "weekly", "--week", WEEK)
        call("recipients", "add", "ada@ministry.example", "--briefing", "weekly")
        box.says = lambda stage, _: "450 4.2.0 busy" if stage == "recipient" else None
        status, said = call("send", "--briefing", "weekly")
        assert status == 1
        assert "1 mail put off by the server" in said
        assert "450 4.2.0 busy" in said
        assert "waiting: 1 mail" in said


def test_what_waits_is_told_by_send_and_by_status(call, monkeypatch):
    call("brief", "--briefing", "weekly", "--week", WEEK)
    call("recipients", "add", "ada@bücher.example", "--briefing", "weekly")
    with postbox() as box:
        monkeypatch.setenv("BRIEFING_SMTP_URL", box.url)
        assert "ada@bücher.example" in call("send", "--briefing", "weekly", "--dry-run")[1]
        box.says = lambda stage, _: "535 5.7.8 log in" if stage == "sender" else None
        status, said = call("send", "--briefing", "weekly")
    assert (status, "nothing was sent" in said, "everybody has got it" in said) == (1, True, False)
    assert "1 mail waiting to be handed over" in call("status")[1]
    assert json.loads(call("status", "--json")[1])["mails"] == {"waiting": 1}


def test_misuse_is_told_with_status_2(call):
    assert call("send", "--dry-run") == (2, "--week, --to, --dry-run and --again-unconfirmed go with --briefing")
    call("brief", "--briefing", "weekly", "--week", WEEK)
    status, said = call("send", "--briefing", "weekly")
    assert (status, "there is no mail server: set BRIEFING_SMTP_URL" in said) == (2, True)
