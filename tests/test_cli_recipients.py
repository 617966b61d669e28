"""The commands for recipients: what they say, what they refuse, and what they end with."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

from briefing.cli.commands import cli
from briefing.errors import BriefingError
from test_recipients_config import CONFIG  # type: ignore[import-not-found]  # pytest puts this folder on the path

ADA = "ada@ministry.example"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command in a folder with a configuration; gives back its status and what it said."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources.yaml").write_text(CONFIG.replace("    recipients: RECIPIENTS\n", ""), encoding="utf-8")

    def invoked(*arguments):
        done = CliRunner().invoke(cli, ["recipients", *arguments], standalone_mode=False)
        if isinstance(done.exception, BriefingError):
            return done.exception.exit_status, str(done.exception)
        if done.exception is not None:
            raise done.exception
        return done.return_value or 0, done.output

    return invoked


def test_somebody_is_added_changed_listed_and_removed(run):
    status, said = run("add", ADA, "--briefing", "weekly", "--topic", "energy", "--language", "JA", "--name", "Ada Q")
    assert (status, "ada@ministry.example gets weekly from now on" in said) == (0, True)
    assert "already, just so" in run("add", ADA, "--topic", "energy", "--language", "ja")[1]
    assert "in another way" in run("add", ADA, "--format", "text")[1]
    [one] = json.loads(run("list", "--json")[1])
    assert (one["address"], one["formats"], one["state"], one["by"]) == (ADA, ["text"], "active", "operator")
    status, said = run("list", "--briefing", "weekly", "--state", "active")
    assert all(word in said for word in (ADA, "Ada Q", "active", "all", "text", "1 recipient, 1 active"))
    assert "gets weekly no more" in run("remove", ADA)[1]
    assert "1 recipient, 0 active" in run("list")[1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add", "ada.example"), '"ada.example" is no mail address'),
        (("add", ADA, "--briefing", "daily"), 'no briefing "daily" is configured: there is weekly'),
        (("add", ADA, "--topic", "cod"), 'weekly has no topic "cod": it has straits, energy'),
        (("add", ADA, "--format", "papyrus"), 'weekly has no format "papyrus"'),
        (("add", ADA, "--language", "japanese"), '"japanese" is no language'),
        (("remove", ADA), "is not on any list"),
        (("remove", ADA, "--briefing", "weekly"), "is not on the list of weekly"),
        (("forget", "nobody", "--yes"), "is no mail address"),
        (("list", "--briefing", "daily"), 'no briefing "daily"'),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_with_status_2(run, arguments, told):
    run("add", "ben@b.example")
    status, said = run(*arguments)
    assert (status, told in said, "\n" in said.strip()) == (2, True, False)


def test_who_was_removed_is_put_back_by_name_only(run):
    run("add", ADA)
    run("remove", ADA)
    status, said = run("add", ADA)
    assert (status, "unsubscribed by the operator" in said, "--again" in said) == (1, True, True)
    assert run("add", ADA, "--again")[0] == 0


def test_what_is_exported_can_be_imported_elsewhere(run, tmp_path):
    lines = ["address,name,topics,formats", 'ada@bücher.example,"Quill, Ada",straits energy,text', "ben@b.example,,,"]
    (tmp_path / "people.csv").write_text("\n".join(lines), encoding="utf-8")
    status, said = run("import", "people.csv", "--briefing", "weekly")
    assert (status, "2 recipients read: 2 added" in said) == (0, True)
    run("add", "cyd@c.example")
    run("remove", "cyd@c.example")
    _, exported = run("export")
    rows = list(csv.DictReader(io.StringIO(exported)))
    assert [row["address"] for row in rows] == ["ada@bücher.example", "ben@b.example"]
    assert rows[0]["name"] == "Quill, Ada"
    (tmp_path / "back.csv").write_text(run("export", "--all")[1], encoding="utf-8")
    assert "2 recipients read: 2 unchanged" in run("import", "back.csv")[1], "who is on no list is not imported"
    assert "lists" not in run("list", "--json")[1]


def test_a_file_with_a_wrong_line_is_taken_in_not_at_all(run, tmp_path):
    (tmp_path / "people.txt").write_text(f"{ADA}\nnobody\n")
    status, said = run("import", "people.txt")
    assert (status, "people.txt:2:" in said) == (2, True)
    assert "nobody is on a list yet" in run("list")[1]


def test_what_is_forgotten_is_told_with_where_it_still_stands(run, tmp_path):
    file = tmp_path / "sources.yaml"
    file.write_text(CONFIG.replace("RECIPIENTS", f"[{ADA}]"), encoding="utf-8")
    run("add", "ben@b.example")
    status, said = run("forget", ADA, "--yes")
    assert (status, "1 list knew this address" in said, f"still stands in {file}" in said) == (0, True, True)
    assert run("add", "ben@b.example", "--format", "text")[0] == 0, "following the list again"
    states = {one["address"]: one["state"] for one in json.loads(run("list", "--json")[1])}
    assert states == {"": "forgotten", "ben@b.example": "active"}
    done = CliRunner().invoke(cli, ["check"], standalone_mode=False)
    assert f"{ADA} is on the list of weekly and gets nothing: the address was forgotten" in done.output
    done = CliRunner().invoke(cli, ["check", "--json"], standalone_mode=False)
    assert [ADA in said for said in json.loads(done.output)["refused"]] == [True]
    assert "nothing is known of this address" in run("forget", "cyd@c.example", "--yes")[1]


def test_check_names_what_is_wrong_in_a_list_beside_the_file(run, tmp_path):
    (tmp_path / "sources.yaml").write_text(CONFIG.replace("RECIPIENTS", "people.csv"), encoding="utf-8")
    people = tmp_path / "people.csv"
    people.write_text(f"address\n{ADA}\n")
    assert run("add", "ben@b.example")[0] == 0
    people.write_text("address\nnobody\n")
    done = CliRunner().invoke(cli, ["check", "--json"], standalone_mode=False)
    assert (done.return_value, "people.csv:2:" in done.output) == (2, True)


def test_help_says_what_there_is(run):
    said = run("--help")[1]
    assert all(name in said for name in ("list", "add", "remove", "import", "export", "forget"))
