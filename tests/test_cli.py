"""The command line, over the demo's press world: what it prints, for people and for programs, and how it exits."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from briefing import demo
from briefing.cli.commands import _COMMANDS, main
from briefing.service.proving import written

TODAY = date(2026, 11, 23)
WEEK = "2026-W47"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A storage folder after two rounds of the demo's world, with the options that name it."""
    folder = tmp_path_factory.mktemp("desk")
    world = demo.World(TODAY)
    with demo.serve(world) as base:
        config = folder / "sources.yaml"
        config.write_text(demo.settings(base, "http://site.example"), encoding="utf-8")
        options = ["--config", str(config), "--storage", str(folder / "storage")]
        run(*options, "run", "--json")
        world.round = 3
        run(*options, "collect", "--recheck", "--json")
        run(*options, "classify", "--json")
        run(*options, "publish", "--json")
        yield options


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a call in this process."""
    with CliRunner().isolation() as (out, err, _), pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0), out.getvalue().decode(), err.getvalue().decode()


def test_help_lists_every_command_in_one_line_each():
    status, out, _ = run("--help")
    assert status == 0
    for name in _COMMANDS:
        assert f"\n  {name} " in out


@pytest.mark.parametrize("name", _COMMANDS)
def test_every_command_explains_itself(name):
    status, out, _ = run(name, "--help")
    assert status == 0
    assert out.startswith("Usage: briefing")


def test_help_imports_nothing_heavy():
    code = "import sys; import briefing.cli; print([m for m in ('sqlalchemy', 'rich', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_command_or_option_is_misuse():
    assert run("colect")[0] == 2
    assert run("collect", "--nonsense")[0] == 2
    assert run("collect", "--confirm-withdrawn")[0] == 2
    assert run("items", "--since", "yesterday")[0] == 2


def test_a_missing_configuration_is_one_sentence_and_misuse(tmp_path):
    status, _, err = run("--config", str(tmp_path / "none.yaml"), "--storage", str(tmp_path), "collect")
    assert status == 2
    assert "none.yaml" in err
    assert "Traceback" not in err


def test_check_names_all_faults_and_exits_2(tmp_path):
    config = tmp_path / "sources.yaml"
    config.write_text("site: {title: T, contact: a@b.example}\nsources:\n  - {id: x}\ntopicz: []\n")
    status, _, err = run("--config", str(config), "check")
    assert status == 2
    assert "topicz" in err
    assert "institution" in err
    status, out, _ = run("--config", str(config), "check", "--json")
    assert status == 2
    assert json.loads(out)["ok"] is False


def test_check_of_a_good_file_counts_what_is_in_it(desk):
    status, out, _ = run(*desk, "check")
    assert status == 0
    assert "9 sources" in out


def test_schema_is_that_of_the_shipped_file():
    status, out, _ = run("schema")
    assert status == 0
    shipped = Path(__file__).parent.parent / "sources.schema.json"
    assert out == shipped.read_text(encoding="utf-8")


def test_items_as_json_have_the_promised_keys(desk):
    status, out, _ = run(*desk, "items", "--json")
    found = json.loads(out)
    assert status == 0
    assert {
        "id", "source", "title", "url", "published", "precision", "seen", "language", "state", "revisions", "topics",
    } <= set(found[0])  # fmt: skip
    assert {"current", "revised"} == {one["state"] for one in found}
    revised = next(one for one in found if one["state"] == "revised")
    assert revised["revisions"] == 2
    undated = [one for one in found if one["published"] is None]
    assert all(one["precision"] is None for one in undated)
    assert all(set(topic) >= {"id", "score", "level"} for one in found for topic in one["topics"])


def test_items_can_be_narrowed_by_source_topic_and_days(desk):
    everything = json.loads(run(*desk, "items", "--json")[1])
    source = everything[0]["source"]
    of_source = json.loads(run(*desk, "items", "--source", source, "--json")[1])
    assert {one["source"] for one in of_source} == {source}
    topic = next(one["topics"][0]["id"] for one in everything if one["topics"])
    of_topic = json.loads(run(*desk, "items", "--topic", topic, "--json")[1])
    assert 0 < len(of_topic) < len(everything)
    week = json.loads(run(*desk, "items", "--since", "2026-11-16", "--until", "2026-11-22", "--json")[1])
    assert 0 < len(week) < len(everything)
    assert run(*desk, "items", "--source", "nobody")[0] == 2


def test_items_for_people_fit_and_say_how_many_there_are(desk):
    status, out, _ = run(*desk, "items", "--limit", "5")
    assert status == 0
    assert "5 of " in out
    assert max(map(len, out.splitlines())) <= 80


def test_show_gives_text_versions_and_evidence(desk):
    revised = next(one for one in json.loads(run(*desk, "items", "--json")[1]) if one["state"] == "revised")
    whole = json.loads(run(*desk, "show", revised["id"], "--json")[1])
    assert whole["text"] == whole["versions"][-1]["text"]
    assert [version["number"] for version in whole["versions"]] == [1, 2]
    evidence = [piece for topic in whole["topics"] for piece in topic["evidence"]]
    assert evidence
    assert all(piece["phrase"] and piece["sentence"] for piece in evidence)
    status, out, _ = run(*desk, "show", revised["id"][:10])
    assert status == 0
    assert "version 2" in out


def test_show_of_an_unknown_item_is_misuse(desk):
    assert run(*desk, "show", "zzzz")[0] == 2


def test_status_as_json_has_every_source_and_the_position(desk):
    found = json.loads(run(*desk, "status", "--json")[1])
    assert found["position"] > 0
    states = {one["id"]: one["state"] for one in found["sources"]}
    assert len(states) == 9
    assert set(states.values()) == {"ok", "failing"}
    failing = next(one for one in found["sources"] if one["state"] == "failing")
    assert failing["last_error"]
    assert failing["last_success"]
    assert {"items", "next_run", "url"} <= set(failing)


def test_status_shows_the_failing_first(desk):
    lines = run(*desk, "status")[1].splitlines()
    assert lines[1].startswith("failing")


def test_status_of_one_source_tells_its_rhythm_and_its_last_attempts(desk):
    known = json.loads(run(*desk, "status", "--json")[1])["sources"]
    failing = next(one["id"] for one in known if one["state"] == "failing")
    found = json.loads(run(*desk, "status", failing, "--json")[1])
    assert found["why"] == "back-off"
    assert [one["number"] for one in found["attempts"]] == [2, 1]
    assert found["attempts"][0]["outcome"] == found["failure"] == found["changes"][0]["failure"]
    assert {"at", "status", "bytes", "items", "new", "milliseconds"} <= set(found["attempts"][0])
    status, out, _ = run(*desk, "status", failing)
    assert status == 0
    assert "after 1 failure in a row" in " ".join(out.split())
    assert "cannot be read" in out
    good = next(one["id"] for one in known if one["state"] == "ok")
    assert "every 1 hour" in " ".join(run(*desk, "status", good)[1].split())


def test_status_of_an_unknown_source_is_misuse(desk):
    assert run(*desk, "status", "nobody")[0] == 2


def test_status_of_a_source_in_the_past_has_its_state_and_no_attempts(desk):
    known = json.loads(run(*desk, "status", "--json")[1])["sources"]
    failing = next(one["id"] for one in known if one["state"] == "failing")
    then = json.loads(run(*desk, "status", failing, "--as-of", "30", "--json")[1])
    assert (then["state"] in ("ok", "new"), then["attempts"], then["changes"]) == (True, [], [])


def test_status_before_anything_was_collected_lists_the_sources_as_new(desk, tmp_path):
    status, out, _ = run(desk[0], desk[1], "--storage", str(tmp_path / "fresh"), "status", "--json")
    assert status == 0
    assert {one["state"] for one in json.loads(out)["sources"]} == {"new"}


@pytest.mark.parametrize(
    "command", [["items"], ["show", "a"], ["log"], ["prove", "a"], ["verify"], ["takedown", "a", "--reason", "order"]]
)
def test_a_command_that_reads_makes_no_log_where_there_is_none(tmp_path, command):
    status, out, err = run("--storage", str(tmp_path / "other"), *command)
    assert (status, out) == (2, "")
    assert err == f"there is no log in {tmp_path / 'other'} yet: `briefing run` makes one\n"
    assert not (tmp_path / "other").exists()


def test_the_log_is_a_list_of_events_without_gap(desk):
    found = json.loads(run(*desk, "log", "--json")[1])
    assert [one["position"] for one in found] == list(range(1, len(found) + 1))
    after = json.loads(run(*desk, "log", "--after", "10", "--json")[1])
    assert after == found[10:]
    status, out, _ = run(*desk, "log", "--limit", "3")
    assert status == 0
    assert "source.added" in out or "settings.adopted" in out


def test_collect_tells_each_source_on_a_line_of_its_own(desk):
    status, out, _ = run(*desk, "collect", "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert len({line["source"] for line in lines}) == 9
    assert {line["outcome"] for line in lines} <= {"read", "unchanged", "failed"}


def test_strict_fails_when_a_source_does(desk):
    assert run(*desk, "collect", "--strict")[0] == 1
    assert run(*desk, "collect", "selvane-mfa-en", "--strict")[0] == 0


def test_collect_of_an_unknown_source_names_the_nearest(desk):
    status, _, err = run(*desk, "collect", "selvane-mfa-em")
    assert status == 2
    assert 'did you mean "selvane-mfa-en"' in err


def test_brief_publishes_a_week_and_refuses_one_that_is_none(desk):
    status, out, _ = run(*desk, "brief", "--week", WEEK, "--json")
    found = json.loads(out)
    assert status == 0
    assert found[0]["period"] == WEEK
    assert found[0]["items"] > 10
    assert run(*desk, "brief", "--week", "2026-W60")[0] == 2
    assert run(*desk, "brief", "--briefing", "nothing")[0] == 2


def test_rebuild_says_what_it_made(desk):
    status, out, _ = run(*desk, "rebuild", "--json")
    found = json.loads(out)
    assert status == 0
    assert found["differing"] == []
    assert found["issues"] >= 1


def test_environment_names_the_places(desk, monkeypatch):
    monkeypatch.setenv("BRIEFING_CONFIG", desk[1])
    monkeypatch.setenv("BRIEFING_STORAGE", desk[3])
    assert json.loads(run("status", "--json")[1])["position"] > 0


def test_output_is_utf_8_whatever_the_locale_says(desk):
    done = subprocess.run(
        [Path(sys.executable).with_name("briefing"), *desk, "items", "--json"],
        capture_output=True,
        check=True,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
    )
    assert any(one["language"] == "ja" for one in json.loads(done.stdout.decode()))


def test_a_reader_that_leaves_early_is_no_fault(desk):
    command = f'"{Path(sys.executable).with_name("briefing")}" {" ".join(desk)} log --json | head -n 1'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == ""


# ---------------------------------------------------------------- proofs


def test_verify_says_ok_with_what_was_compared_and_names_what_differs(desk):
    status, out, _ = run(*desk, "verify", "--full")
    assert status == 0
    assert out.startswith("ok: ")
    assert "rows of read models" in out
    found = json.loads(run(*desk, "verify", "--json")[1])
    assert (found["ok"], found["problem"], found["events"] > 20) == (True, "", True)
    vkey = Path(desk[-1]) / "public" / "log" / "log.vkey"
    whole = vkey.read_bytes()
    vkey.write_bytes(whole.replace(b"log", b"lag"))
    status, out, _ = run(*desk, "verify")
    vkey.write_bytes(whole)
    assert (status, out.startswith("differs: log/log.vkey: ")) == (1, True)


def test_a_proof_is_written_checked_offline_and_refused_when_altered(desk, tmp_path):
    item = json.loads(run(*desk, "items", "--json")[1])[-1]["id"]
    path = tmp_path / "proof.json"
    assert run(*desk, "prove", item, "--output", str(path))[0] == 0
    status, out, _ = run("--storage", str(tmp_path / "none"), "check-proof", str(path))
    assert status == 0
    assert out.startswith(f"ok: version 1 of {item} is event ")
    assert "compare this with the key that the log publishes" in out
    vkey = Path(desk[-1]) / "public" / "log" / "log.vkey"
    assert "compare this" not in run("check-proof", str(path), "--key", str(vkey))[1]
    assert not (tmp_path / "none").exists(), "no storage is needed"
    assert run(*desk, "prove", item, "--json")[1] == path.read_text(encoding="utf-8"), "the file itself"
    bare = tmp_path / "bare.json"
    bare.write_bytes(written(json.loads(path.read_bytes()) | {"payload": None, "salt": None}))
    status, out, _ = run("check-proof", str(bare))
    assert (status, "this file holds no words, erased or left out" in out) == (0, True)
    assert "were erased" not in out, "it is not: anybody can leave words out"
    bare.write_bytes(path.read_bytes().replace(b": ", b":\t", 1))
    status, out, err = run("check-proof", str(bare))
    assert (status, out, err.startswith("the proof is not as `briefing prove` wrote it")) == (1, "", True)
    path.write_text(path.read_text(encoding="utf-8").replace('"index": ', '"index": 1'), encoding="utf-8")
    status, _, err = run("check-proof", str(path))
    assert (status, err) == (1, "the place in the log is not the one that the event names\n")
    assert run(*desk, "prove", "nothing")[0] == 2
    path.write_text("{")
    status, _, err = run("check-proof", str(path))
    assert (status, err.startswith("this is no JSON (")) == (2, True)


def test_consistency_of_a_checkpoint_with_itself_and_with_a_stranger(desk, tmp_path):
    checkpoint = Path(desk[-1]) / "public" / "log" / "checkpoint"
    status, out, _ = run(*desk, "consistency", str(checkpoint), str(checkpoint))
    assert (status, out.startswith("ok: the ")) == (0, True)
    (tmp_path / "strange").write_text("somebody\n1\nAAAA\n")
    status, _, err = run(*desk, "consistency", str(tmp_path / "strange"), str(checkpoint))
    assert (status, "this is no checkpoint signed by site.example/log" in err) == (1, True)


# ---------------------------------------------------------------- the past


@pytest.fixture(scope="module")
def issued(desk):
    """The first issue as the log tells of it."""
    events = json.loads(run(*desk, "log", "--json")[1])
    return next(one for one in events if one["type"] == "issue.published")


def test_items_show_and_status_answer_as_of_a_position(desk, issued):
    then = str(issued["data"]["as_of"])
    now, before = (json.loads(run(*desk, "items", "--json", *when)[1]) for when in ([], ["--as-of", then]))
    assert 0 < len(before) < len(now)
    revised = next(one for one in now if one["state"] == "revised")
    assert next(one for one in before if one["id"] == revised["id"])["state"] == "current"
    assert len(json.loads(run(*desk, "show", revised["id"], "--json", "--as-of", then)[1])["versions"]) == 1
    assert len(json.loads(run(*desk, "show", revised["id"], "--json")[1])["versions"]) == 2
    said = json.loads(run(*desk, "status", "--json", "--as-of", then)[1])
    assert said["position"] == int(then)
    assert sum(one["items"] for one in said["sources"]) == len(before)
    assert all(one["last_success"] is None for one in said["sources"])


def test_people_are_told_which_moment_was_meant(desk, issued):
    then = str(issued["position"])
    for command in (["items"], ["status"]):
        status, out, _ = run(*desk, *command, "--as-of", then)
        assert (status, f"as of log position {then}, recorded " in out) == (0, True)
    assert "before anything was recorded" in run(*desk, "items", "--as-of", "1999-12-31")[1]


@pytest.mark.parametrize(
    "command", [["items"], ["show", "a"], ["status"], ["publish", "--to", "x"], ["brief", "--to", "x"]]
)
@pytest.mark.parametrize("said", ["99999999", "last week", "2026-02-30"])
def test_a_moment_that_is_none_is_misuse(desk, command, said):
    status, _, err = run(*desk, *command, "--as-of", said)
    assert (status, "--as-of" in err, "Traceback" in err) == (2, True, False)
    assert not Path("x").exists()


def test_an_item_that_was_not_known_yet_is_said_not_to_have_been(desk):
    item = json.loads(run(*desk, "items", "--json")[1])[0]["id"]
    status, _, err = run(*desk, "show", item, "--as-of", "1")
    assert (status, "as of 1" in err) == (2, True)


def test_publish_and_brief_into_a_folder_leave_log_and_published_files_alone(desk, issued, tmp_path):
    public = Path(desk[3]) / "public"
    before, head = sorted(public.rglob("*")), len(json.loads(run(*desk, "log", "--json")[1]))
    then = str(issued["data"]["as_of"])
    status, out, _ = run(*desk, "publish", "--to", str(tmp_path / "feeds"), "--as-of", str(issued["position"]))
    assert (status, f"as of log position {issued['position']}" in out) == (0, True)
    briefing, period = issued["data"]["briefing"], issued["data"]["period"]
    asked = ["brief", "--briefing", briefing, "--week", period, "--as-of", then]
    status, out, _ = run(*desk, *asked, "--to", str(tmp_path / "issue"))
    assert (status, "as it would be published, but is not" in out) == (0, True)
    place = Path("briefings") / briefing / period
    for name, known in issued["data"]["hashes"].items():
        for folder in (tmp_path / "feeds" / place / "v1", tmp_path / "feeds" / place, tmp_path / "issue" / place):
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == known
    assert (tmp_path / "feeds" / "feeds.opml").exists()
    assert (sorted(public.rglob("*")), len(json.loads(run(*desk, "log", "--json")[1]))) == (before, head)


def test_the_past_is_never_published_over_the_present(desk):
    for command in ("publish", "brief"):
        status, _, err = run(*desk, command, "--as-of", "1")
        assert (status, "--to DIR" in err) == (2, True)


# ---------------------------------------------------------------- topics


def _labelled(desk, topic):
    found = json.loads(run(*desk, "items", "--topic", topic, "--json")[1])
    assert found
    return found


def test_topics_lists_its_commands():
    status, out, _ = run("topics", "--help")
    assert status == 0
    for name in ("preview", "explain", "suggest"):
        assert f"\n  {name} " in out


def test_a_preview_of_the_phrases_in_use_changes_nothing(desk):
    status, out, _ = run(*desk, "topics", "preview", "--json")
    assert (status, json.loads(out)["changes"]) == (0, [])
    assert "would change" in run(*desk, "topics", "preview")[1]


def test_a_preview_names_each_label_that_would_come_or_go_with_its_sentence(desk, tmp_path):
    text = Path(desk[1]).read_text(encoding="utf-8")
    changed = tmp_path / "new.yaml"
    changed.write_text(text.replace("en: [visa*, former islanders, consular]", "en: [pollock]"), encoding="utf-8")
    had = {one["id"] for one in _labelled(desk, "visas") if one["language"] == "en"}
    status, out, _ = run(*desk, "topics", "preview", "--config", str(changed), "--json")
    changes = json.loads(out)["changes"]
    assert status == 0
    assert {one["topic"] for one in changes} == {"visas"}
    assert {one["item"] for one in changes if one["change"] == "loses"} <= had
    for one in changes:
        for piece in one["evidence"]:
            assert ("pollock" in piece["sentence"].casefold()) is (one["change"] != "loses")
    people = run(*desk, "topics", "preview", "--config", str(changed), "--topic", "visas")[1]
    assert f"{len(changes)} labels of" in people
    assert run(*desk, "topics", "preview", "--config", str(changed), "--topic", "fisheries")[1].startswith("no label")
    assert run(*desk, "topics", "preview", "--topic", "nonsense")[0] == 2


def test_explain_adds_up_to_the_score_that_the_item_has(desk):
    item = _labelled(desk, "visas")[0]
    status, out, _ = run(*desk, "topics", "explain", item["id"], "--json")
    told = {one["id"]: one for one in json.loads(out)["topics"]}
    assert status == 0
    for label in item["topics"]:
        reasons = told[label["id"]]
        assert (reasons["level"], reasons["score"]) == (label["level"], label["score"])
        assert sum(one["weight"] for one in reasons["found"] if one["counts"]) == label["score"]
    others = [one for name, one in told.items() if name not in {label["id"] for label in item["topics"]}]
    assert others
    assert all(one["level"] is None and one["reason"] != "labelled" for one in others)
    assert "visas: " in run(*desk, "topics", "explain", item["id"][:8])[1]
    assert run(*desk, "topics", "explain", "no-such-item")[0] == 2


def test_suggest_proposes_phrases_that_the_topic_does_not_have(desk):
    status, out, _ = run(*desk, "topics", "suggest", "fisheries", "--language", "en", "--json")
    (found,) = json.loads(out)["languages"]
    assert (status, found["language"]) == (0, "en")
    assert found["phrases"]
    for one in found["phrases"]:
        assert one["items"] / found["items"] > one["others"] / found["others"]
        assert "pollock" not in one["phrase"]
    assert "surely" in run(*desk, "topics", "suggest", "fisheries")[1]
    assert run(*desk, "topics", "suggest", "nonsense")[0] == 2


# ---------------------------------------------------------------- looks


def test_a_preview_tells_what_would_be_in_the_next_issue_and_why(desk):
    status, out, _ = run(*desk, "preview", "--no-open", "--period", WEEK, "--format", "text")
    assert status == 0
    assert re.search(rf"{WEEK}: a draft of version \d, not published", out)
    assert "\nHighlights\n   1  " in out
    assert "primary (" in out
    assert Path(out.splitlines()[-1].strip()).read_text(encoding="utf-8").startswith("DRAFT")
    status, out, _ = run(*desk, "preview", "--period", WEEK, "--format", "json", "--json")
    [found] = json.loads(out)
    assert found["items"][0]["part"] == "Highlights"
    assert json.loads(Path(found["paths"][0]).read_text(encoding="utf-8"))["draft"] is True
    assert run(*desk, "preview", "--format", "scroll")[0] == 2


def test_check_says_where_an_own_template_is_broken_and_what_one_leaves_out(desk, tmp_path):
    (config := tmp_path / "sources.yaml").write_text(Path(desk[1]).read_text(encoding="utf-8"), encoding="utf-8")
    (folder := tmp_path / "templates").mkdir()
    (folder / "issue.html.jinja").write_text("{{ issue.title }}\n{{ strange }}")
    options = ["--config", str(config), "--storage", str(tmp_path / "storage")]
    status, out, _ = run(*options, "check")
    assert status == 1
    assert "templates/issue.html.jinja:2: there is no value strange" in " ".join(out.split())
    (folder / "issue.html.jinja").write_text("{{ issue.title }}")
    status, out, _ = run(*options, "check", "--json")
    assert status == 0
    assert "it has no block" in json.loads(out)["templates"][0]
