"""`topics preview` and `topics explain` say what the models do beside the phrases."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from briefing import encoders
from briefing.cli.commands import cli
from briefing.service import trying
from test_learning import TOPICS, Room  # type: ignore[import-not-found]

CONFIG = """
site: {title: T, url: "http://127.0.0.1:8000", language: en, timezone: UTC, contact: a@example.org}
sources: [{id: s, name: S, institution: media, country: JP, url: "https://s.example/feed"}]
topics:
  - {id: fishing, name: Fishing, description: "Catch, quotas and fishermen.", phrases: {ja: [底引き網]}}
  - {id: ferries, name: Ferries, phrases: {en: [ferry]}}
digests: []
briefings: []
"""
NEWS = {
    "m1": ("Fishermen and boats landed more halibut than the quota, the harbour says", "en"),
    "m2": ("The new school opens after years of building beside the trawler museum", "en"),
    "m3": ("A trawler and its boats landed herring above the quota, the harbour says", "en"),
}


@pytest.fixture(autouse=True)
def _no_encoder(monkeypatch):
    monkeypatch.setattr(encoders, "usual", lambda: None)


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    """Fishing was taught by twenty answers of each kind, of titles none of which has its phrase."""
    made = Room(tmp_path_factory.mktemp("taught"))
    made.tell(NEWS)
    made.teach()
    yield made
    made.desk.close()


def phrased(*phrases):
    return (replace(TOPICS[0], phrases={"en": phrases} if phrases else {}), *TOPICS[1:])


def turned(room, topics):
    found = trying.preview(room.desk, topics)
    assert found.model
    return {(one.item.id, one.topic): one for one in found.turned}


def ask(room, *command):
    done = CliRunner().invoke(cli, ["--database", room.url, "--storage", str(room.folder), "topics", *command])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_preview_of_the_phrases_in_use_changes_nothing_with_models_either(taught):
    assert turned(taught, TOPICS) == {}


def test_a_preview_says_which_labels_change_through_the_model(taught):
    assert taught.labels("m1") == {"fishing": ("mentioned", "model")}
    # Without its English phrase nothing speaks against items that have none, so that the model counts for more.
    found = turned(taught, phrased())
    assert (found["m1", "fishing"].before, found["m1", "fishing"].after) == ("mentioned", "primary")
    assert (found["m1", "fishing"].kind, found["m1", "fishing"].through) == ("changes", "model")
    assert found["m1", "fishing"].evidence[0].sentence == NEWS["m1"][0]
    assert all(one.verdicts[1] is not None for one in found.values())


def test_what_phrases_alone_would_turn_and_the_model_keeps_is_shown_as_kept(taught):
    found = turned(taught, phrased())
    for item, level in (("m2", ""), ("m3", "primary")):
        one = found[item, "fishing"]
        assert (one.kind, one.through, one.before, one.after) == ("keeps", "model", level, level)
        assert one.phrases == ("primary", "")


def test_what_phrases_and_model_turn_together_is_said_so(taught):
    one = turned(taught, phrased("trawler", "halibut"))["m1", "fishing"]
    assert (one.kind, one.through, one.phrases) == ("changes", "both", ("", "primary"))


def test_what_somebody_said_is_no_part_of_a_preview(taught):
    found = turned(taught, phrased("boats"))
    assert not {item for item, _ in found} - set(NEWS)


def test_programs_and_people_read_what_the_model_does_in_a_preview(taught, tmp_path):
    file = tmp_path / "new.yaml"
    file.write_text(CONFIG, encoding="utf-8")
    told = json.loads(ask(taught, "preview", "--config", str(file), "--json"))
    [one] = [each for each in told["changes"] if each["item"] == "m1"]
    assert (told["model"], one["through"], one["model"]["after"]["yes"]) == (True, "model", 20)
    assert one["model"]["after"]["margin"] > one["model"]["before"]["margin"]
    people = ask(taught, "preview", "--config", str(file))
    assert "through its model alone: for it by " in people
    assert "1 label of 43 items would change, 1 of them through a model" in people
    assert "its phrases alone would turn it, the model keeps it: against it by " in people


def test_explain_says_what_the_model_says_and_of_which_sentence(taught):
    told = json.loads(ask(taught, "explain", "m1", "--json"))
    one = next(each for each in told["topics"] if each["id"] == "fishing")
    assert (one["level"], one["given"], one["sentences"]) == (None, "mentioned", [NEWS["m1"][0]])
    assert one["model"]["margin"] > 0 > one["model"]["phrases"]
    assert one["model"]["trust"] == pytest.approx(20 / 30, abs=1e-4)
    people = ask(taught, "explain", "m1")
    assert "fishing: mentioned, through its model" in people
    assert "model: for it by" in people
    assert NEWS["m1"][0][:60] in people
    against = ask(taught, "explain", "m2")
    assert "trawler, title: +3" in against
    assert "model: " in against


def test_explain_says_what_a_person_said(taught):
    assert "fishing: not given: a person said no" in ask(taught, "explain", "n00")
    assert "a person said so" in ask(taught, "explain", "y00")


def test_without_answers_nothing_is_said_of_models(tmp_path):
    room = Room(tmp_path)
    room.tell(NEWS)
    room.service.classify()
    assert not trying.preview(room.desk, phrased()).model
    told = trying.explain(room.desk, "m3", TOPICS)
    assert (told.verdicts, told.levels) == ({}, {"fishing": "primary"})
    room.desk.close()
