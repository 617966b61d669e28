"""`topics evaluate`: the figures, what it needs to be told, and that it tells what it could not use."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from briefing import encoders
from briefing.classifiers.scoring import scored
from briefing.cli.commands import cli

CONFIG = """
site: {title: T, url: "http://127.0.0.1:8000", language: en, timezone: UTC, contact: a@example.org}
sources: [{id: s, name: S, institution: media, country: JP, url: "https://s.example/feed"}]
topics:
  - {id: fishing, name: Fishing, description: "Boats, nets, catch and quotas.",
     phrases: {en: [fishery, trawler, catch quota], ja: [漁業], ru: [рыболовство]}}
  - {id: health, name: Health, description: "Diseases, doctors and medicine.",
     phrases: {en: [hospital, disease, vaccine], ja: [病院, 病気], ru: [больница, болезнь]}}
  - {id: music, name: Music, description: "Concerts, orchestras, singers and their songs."}
digests: []
briefings: []
"""
TEXTS = [
    ("The fishery was closed after two weeks", "en", ["fishing"]),
    ("A vaccine reached the last village by boat", "en", ["health"]),
    ("The orchestra played to an empty hall", "en", ["music"]),
    ("Nets came up empty, and the boats went home", "en", ["fishing"]),
    ("Врачи борются с новой болезнью", "ru", ["health"]),
    ("Певица дала последний концерт", "ru", ["music"]),
    ("漁業者は網を修理した", "ja", ["fishing"]),
    ("歌手は新しい曲を歌った", "ja", ["music"]),
]
needs_extra = pytest.mark.skipif(not encoders.installed(), reason="the extra `semantic` is not installed")


@pytest.fixture
def measured(tmp_path):
    (tmp_path / "sources.yaml").write_text(CONFIG, encoding="utf-8")

    def run(texts, *options, status=0, train=None):
        lines = [json.dumps(dict(zip(("text", "language", "topics"), one, strict=True))) for one in texts]
        (tmp_path / "texts.jsonl").write_text("\n".join(lines), encoding="utf-8")
        more = ["--labelled", str(tmp_path / "texts.jsonl"), *options]
        if train is not None:
            lines = [json.dumps({"text": text, "topics": topics}) for text, _, topics in train]
            (tmp_path / "train.jsonl").write_text("\n".join(lines), encoding="utf-8")
            more += ["--train", str(tmp_path / "train.jsonl")]
        places = ["--config", str(tmp_path / "sources.yaml"), "--storage", str(tmp_path)]
        done = CliRunner().invoke(cli, [*places, "topics", "evaluate", *more])
        assert done.exit_code == status, done.output
        return done

    return run


def test_precision_recall_and_f1_are_those_of_the_textbook():
    pairs = [({"a"}, {"a", "b"}), ({"a", "b"}, {"a"}), ({"b"}, set()), (set(), {"c"})]
    found = scored(["a", "b", "c", "d"], pairs)
    assert [round(found.topics[name].f1, 3) for name in "abcd"] == [1.0, 0.0, 0.0, 0.0]
    assert (found.micro.precision, found.micro.recall) == (0.5, 0.5)
    assert found.macro[2] == pytest.approx(1 / 3)  # nothing was ever said of d


@needs_extra
def test_with_the_extra_the_best_topic_is_found_in_every_language_and_without_phrases(measured):
    found = json.loads(measured(TEXTS, "--one-best", "--json").stdout)
    assert (found["encoder"], found["texts"], found["macro"]["f1"]) == ("use", 8, 1.0)
    assert set(found["languages"]) == {"en", "ja", "ru"}
    assert found["without_phrases"] == ["music"]


def test_without_the_extra_it_says_so_and_measures_phrases_and_wording(measured, monkeypatch):
    monkeypatch.setattr(encoders, "installed", lambda: False)
    done = measured(TEXTS, "--json")
    found = json.loads(done.stdout)
    assert found["encoder"] is None
    assert found["topics"]["fishing"]["precision"] == 1.0
    assert found["topics"]["music"]["given"] == 0
    assert "pip install 'briefing[semantic]'" in done.stderr
    assert "topics that have no phrases: music" in done.stderr


def test_what_is_learnt_first_shows(measured, monkeypatch):
    monkeypatch.setattr(encoders, "installed", lambda: False)
    train = [(f"The orchestra and the singer gave concert number {n}", "en", ["music"]) for n in range(30)]
    train += [(f"The mayor opened road number {n}", "en", []) for n in range(30)]
    before = json.loads(measured(TEXTS, "--json").stdout)["languages"]["en"]["topics"]["music"]["recall"]
    after = json.loads(measured(TEXTS, "--json", train=train).stdout)
    assert (before, after["languages"]["en"]["topics"]["music"]["recall"]) == (0.0, 1.0)
    assert after["trained_on"] == 60


def test_people_are_shown_a_table_and_told_of_topics_that_are_not_configured(measured, monkeypatch):
    monkeypatch.setattr(encoders, "installed", lambda: False)
    done = measured([*TEXTS, ("Goals in the last minute", "en", ["sports"])])
    assert "macro F1" in done.stdout
    assert "no such topics are configured: sports (1)" in done.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1: this is no JSON"),
        ("[]", "line 1: this is no object"),
        ('{"topics": []}', 'line 1: "text" is missing'),
        ('{"text": "a", "topics": "b"}', 'line 1: "topics" is missing, or no list'),
        ("", "holds no line"),
    ],
)
def test_a_file_of_something_else_is_one_sentence(tmp_path, line, said):
    (tmp_path / "sources.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "texts.jsonl").write_text(line, encoding="utf-8")
    options = ["--config", str(tmp_path / "sources.yaml"), "--storage", str(tmp_path)]
    done = CliRunner().invoke(cli, [*options, "topics", "evaluate", "--labelled", str(tmp_path / "texts.jsonl")])
    assert said in str(done.exception)


def test_check_says_which_topics_wait_for_the_extra(tmp_path, monkeypatch):
    (tmp_path / "sources.yaml").write_text(CONFIG, encoding="utf-8")
    options = ["--config", str(tmp_path / "sources.yaml"), "--storage", str(tmp_path)]
    monkeypatch.setattr(encoders, "installed", lambda: False)
    assert "only the extra can suggest music" in CliRunner().invoke(cli, [*options, "check"]).output
    monkeypatch.setattr(encoders, "installed", lambda: True)
    assert "music" not in CliRunner().invoke(cli, [*options, "check"]).output
