"""`briefing deliver`, and channels in `briefing status`: for people, for programs, and how they exit."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from briefing.cli.commands import main
from receiver_support import Receiver  # type: ignore[import-not-found]  # see conftest
from street_support import Press, post, rss  # type: ignore[import-not-found]  # see conftest

FILE = """\
site: {{title: Harbour Watch, contact: desk@harbour.example}}
fetch: {{allow_networks: [127.0.0.0/8], spacing: 0s}}
sources:
  - {{id: board, name: Harbour Board, institution: ministry, country: XA, url: "{press}/a"}}
deliver:
  - {{id: hook, kind: webhook, url: "{receiver}/hook", secret_env: BRIEFING_TEST_SECRET, events: [item]}}
  - {{id: chat, kind: slack, url_env: BRIEFING_TEST_CHAT, events: [item]}}
"""


def run(*arguments: str) -> tuple[int, str]:
    with CliRunner().isolation() as (out, err, _), pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0), (out.getvalue() + err.getvalue()).decode()


def test_a_round_is_told_for_people_and_programs_and_a_fault_is_a_failure(tmp_path, monkeypatch):
    monkeypatch.setenv("BRIEFING_TEST_SECRET", "x" * 32)
    monkeypatch.delenv("BRIEFING_TEST_CHAT", raising=False)
    with Press() as press, Receiver() as receiver:
        config = tmp_path / "sources.yaml"
        config.write_text(FILE.format(press=press.base, receiver=receiver.base), encoding="utf-8")
        options = ["--config", str(config), "--storage", str(tmp_path / "storage")]
        press.says("/a", rss([post(510)]))
        assert "hook: nothing delivered" in run(*options, "run")[1]
        press.says("/a", rss([post(511), post(510)]))
        run(*options, "collect")
        assert "items have no topics yet: `briefing classify` gives them" in run(*options, "deliver", "--dry-run")[1]
        run(*options, "classify")
        assert "item: Communiqué number 511" in run(*options, "deliver", "--dry-run")[1]
        status, said = run(*options, "deliver", "--json")
        hook, chat = json.loads(said)
        assert (status, hook["sent"], chat["sent"]) == (1, 1, 0)
        assert chat["fault"] == "the environment holds no BRIEFING_TEST_CHAT: set it where this program is started"
        assert len(receiver.got) == 1
        status, said = run(*options, "deliver", "--channel", "hook")
        assert (status, said) == (0, "hook: nothing delivered\n")
        told = {one["id"]: one for one in json.loads(run(*options, "status", "--json")[1])["channels"]}
        assert (told["hook"]["sent"], told["hook"]["fault"], told["chat"]["failures"]) == (1, None, 1)
        said = run(*options, "status")[1]
        assert "chat" in said
        assert "failing" in said
        assert run(*options, "deliver", "--channel", "hoo")[0] == 2
        said = run(*options, "doctor")[1]
        assert "chat: the environment here holds no BRIEFING_TEST_CHAT" in said
        assert "BRIEFING_TEST_SECRET" not in said
