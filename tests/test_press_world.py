"""A press world from outside, where one is at hand: every round of it against its own expected.yaml.

BRIEFING_PRESS_WORLD names its folder: sources.yaml, expected.yaml, world.json, and serve.py in it or one level up.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from ruamel.yaml import YAML

from briefing.config import load
from briefing.service import Service
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    Clock,
    files,
)

FOLDER = os.environ.get("BRIEFING_PRESS_WORLD", "")

pytestmark = pytest.mark.skipif(
    not FOLDER,
    reason="BRIEFING_PRESS_WORLD names no folder with a press world (sources.yaml, expected.yaml, world.json)",
)


class World:
    """The world's own server, in a process of its own at a free port; `settings` name that port."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        program = next(path for path in (folder / "serve.py", folder.parent / "serve.py") if path.exists())
        self._process = subprocess.Popen(
            [sys.executable, str(program), str(folder), "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        match = re.search(r"http://[\d.]+:\d+", said)
        assert match, f"{program} did not say its address but {said!r}"
        self.base = match[0]
        self.expected: dict[str, Any] = as_text(YAML(typ="safe").load((folder / "expected.yaml").read_text("utf-8")))
        text = (folder / "sources.yaml").read_text("utf-8")
        written = load(folder / "sources.yaml").sources[0].url
        configured = scratch / "sources.yaml"
        configured.write_text(text.replace(f"http://{urlsplit(written).netloc}", self.base), "utf-8")
        self.settings = load(configured)

    def round(self, number: int) -> None:
        for path in (f"/_round/{number}", "/_reset"):
            urlopen(Request(self.base + path, method="POST", data=b""), timeout=10).close()

    def asked(self) -> list[dict[str, Any]]:
        with urlopen(f"{self.base}/_requests", timeout=10) as answer:
            found: list[dict[str, Any]] = json.load(answer)
        return [one for one in found if one["path"] != "/robots.txt"]

    def stop(self) -> None:
        self._process.terminate()
        self._process.communicate()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    running = World(Path(FOLDER), tmp_path_factory.mktemp("configured"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def walked(world, tmp_path_factory):
    """All rounds, one after the other, each compared as it ends; gives the service as it then stands."""
    folder = tmp_path_factory.mktemp("world")
    with Service(f"sqlite:///{folder}/briefing.db", folder, world.settings, Clock()) as service:
        walk = Walk(world, service)
        for number, truth in sorted(world.expected["rounds"].items()):
            walk.round(number, truth)
        yield walk


class Walk:
    """Goes through the rounds and holds what is found against what is expected."""

    def __init__(self, world: World, service: Service) -> None:
        self.world = world
        self.service = service
        self.library = service.desk.library
        self.totals: dict[str, int] = {}
        self.results: dict[str, Any] = {}

    def round(self, number: int, truth: dict[str, Any]) -> None:
        self.world.round(number)
        looking = "revised" in truth or "withdrawn" in truth
        before = {item.id for item in self.library.items()}
        found = self.service.collect(rechecking=looking, confirm_withdrawn="withdrawn" in truth)
        self.results = {result.source: result for result in found.results}
        self.service.classify()
        self.service.publish()
        self.counted(truth)
        self.fresh(truth, before)
        self.changed(truth)
        self.healthy(truth)
        self.moved(truth)
        self.quiet()

    def counted(self, truth: dict[str, Any]) -> None:
        self.totals |= truth.get("items", {})
        for source, titles in truth.get("new", {}).items():
            self.totals[source] = self.totals.get(source, 0) + (0 if source in truth.get("items", {}) else len(titles))
        held = {source: self.library.count(source=source) for source in self.totals}
        assert held == self.totals

    def fresh(self, truth: dict[str, Any], before: set[Any]) -> None:
        items = [item for item in self.library.items() if item.id not in before]
        for source, titles in truth.get("new", {}).items():
            assert sorted(item.title for item in items if item.source == source) == sorted(titles)
        if "items" not in truth:
            assert {str(item.source) for item in items} == set(truth.get("new", {}))

    def changed(self, truth: dict[str, Any]) -> None:
        for kind in ("revised", "withdrawn"):
            expected = {source: len(titles) for source, titles in truth.get(kind, {}).items()}
            assert {name: one for name, result in self.results.items() if (one := getattr(result, kind))} == expected
            for source, titles in truth.get(kind, {}).items():
                states = {item.title: item.state for item in self.library.items(source=source)}
                assert {states[title] for title in titles} == {kind}
        for source in truth.get("renamed_ids", []):
            result = self.results[source]
            assert (result.new, result.revised) == (0, 0)
            assert result.aliased > 0

    def healthy(self, truth: dict[str, Any]) -> None:
        ill = {*truth.get("failing", ()), *truth.get("malformed", ())}
        assert {name for name, result in self.results.items() if result.outcome == "failed"} == ill
        states = {str(health.source): health.state for health in self.library.health()}
        assert {name for name, state in states.items() if state != "ok"} == ill
        for source in truth.get("recovered", []):
            assert states[source] == "ok"

    def moved(self, truth: dict[str, Any]) -> None:
        addresses = {health.source: urlsplit(health.url).path for health in self.library.health()}
        for source, path in truth.get("moved", {}).items():
            assert addresses[source] == path

    def quiet(self) -> None:
        """The same round again: 304 for every feed and listing that can be read, and no event."""
        self.world.round(int(urlopen(f"{self.world.base}/_round", timeout=10).read()))
        head = self.service.desk.store.head()
        self.service.collect()
        assert self.service.desk.store.head() == head
        well = {health.url for health in self.library.health() if health.state == "ok"}
        answers = {self.world.base + one["path"]: one["status"] for one in self.world.asked()}
        assert {url: answers[url] for url in well if answers[url] != 304} == {}

    def item(self, fact: dict[str, Any]) -> Any:
        held = self.library.items(source=fact["source"], evidence=True)
        return next(item for item in held if fact.get("title") in (None, item.title))


def test_every_round_is_as_expected(walked, world):
    totals = next((value for name, value in world.expected.items() if name.startswith("totals_after")), None)
    if totals:
        assert {source: walked.library.count(source=source) for source in totals["items"]} == totals["items"]


def test_dates_languages_topics_and_texts_are_as_expected(walked, world):
    for fact in world.expected["facts"]:
        item = walked.item(fact)
        text = plain(walked.library.held([item.id])[item.id].text)
        for name, got in (
            ("published", item.published.value),
            ("precision", item.published.precision),
            ("language", item.language),
        ):
            if name in fact:
                assert (item.title, got) == (item.title, fact[name])
        assert set(fact.get("topics", ())) <= {label.topic for label in item.labels}
        assert all(label.evidence for label in item.labels)
        assert plain(fact.get("contains", "")) in text
        assert "lacks" not in fact or plain(fact["lacks"]) not in text


def test_the_week_holds_what_is_expected(walked, world):
    for name, titles in world.expected.items():
        if not (match := re.fullmatch(r"week_(\d{4}-W\d{2})", name)):
            continue
        walked.service.brief(week=match[1])
        for briefing in world.settings.briefings:
            issue = (walked.service.desk.public / "briefings" / briefing.id / match[1] / "briefing.md").read_text(
                "utf-8"
            )
            assert [title for title in titles if plain(title) not in plain(issue)] == []
        (issued,) = {issued.items for issued in walked.library.issues(period=match[1])}
        items = walked.library.items_by_id(issued)
        assert {item.title for item in items.values()} >= set(titles)


def test_a_rebuild_gives_the_same_bytes(walked):
    before = files(walked.service.desk.public)
    assert walked.service.rebuild().differing == ()
    assert files(walked.service.desk.public) == before


def as_text(value: Any) -> Any:
    """Undo what YAML makes of a title in a list that holds a colon and no quotation marks: a mapping of one key."""
    if isinstance(value, list):
        return [": ".join(*one.items()) if isinstance(one, dict) and len(one) == 1 else as_text(one) for one in value]
    return {key: as_text(one) for key, one in value.items()} if isinstance(value, dict) else value


def plain(text: str) -> str:
    """Without what Markdown escapes and without differences of white space."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("\\", "").split())
