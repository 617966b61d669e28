"""The demo's press world, walked round by round verb by verb."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from briefing.config import load
from briefing.demo import ROUNDS, World, expected, serve, settings
from briefing.service import Service
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    Clock,
    Street,
    files,
    parsing,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["parsing"]  # a fixture

TODAY = date(2026, 3, 4)
NUMBERS = range(1, ROUNDS + 1)


@dataclass(frozen=True)
class Seen:
    """What is held after a round, beside what the world says of it."""

    truth: Any
    results: dict[str, Any]
    items: list[Any]
    states: dict[str, Any]
    quiet: Counter[str]
    grown: int
    issue: str
    told: frozenset[str]


def walk(folder: Path, parsing: Any) -> Iterator[Seen]:
    """Every round collected, classified, published and issued; then collected once more."""
    world = World(TODAY)
    clock = Clock(datetime(2026, 3, 4, 3, tzinfo=UTC))
    with serve(world) as base:
        configured = folder / "sources.yaml"
        configured.write_text(settings(base, "http://127.0.0.1:8000"), "utf-8")
        made = Street(folder, None, clock, load(configured), *parsing)
        for number in NUMBERS:
            world.round = number
            clock.forward(hours=1)
            results = made.collect(recheck=True, confirm=True)
            made.service.classify()
            made.service.publish()
            truth = expected(world)
            made.service.brief(week=truth.week)
            head = made.head()
            again = made.collect()
            yield Seen(
                truth=truth,
                results=results,
                items=made.items(evidence=True),
                states={one.source: one for one in made.desk.library.health()},
                quiet=Counter(one.outcome for one in again.values()),
                grown=made.head() - head,
                issue=(made.public / "briefings/weekly" / truth.week / "briefing.md").read_text("utf-8"),
                told=frozenset(
                    path(one.item) for story in made.desk.library.stories.newest(99) for one in story.members
                ),
            )
        made.close()


@pytest.fixture(scope="module")
def walked(tmp_path_factory, parsing):
    folder = tmp_path_factory.mktemp("demo")
    rounds = dict(enumerate(walk(folder, parsing), 1))
    return folder, rounds


@pytest.fixture(params=NUMBERS)
def seen(walked, request):
    return walked[1][request.param]


def path(item: Any) -> str:
    return str(urlsplit(item.url).path)


def test_every_publication_is_held_once_with_title_date_and_language(seen):
    held = sorted(
        (str(item.source), path(item), item.title, item.published.value, item.published.precision, item.language)
        for item in seen.items
    )
    assert held == sorted(
        (one.source, one.path, one.title, one.published, one.precision, one.language) for one in seen.truth.known
    )
    assert Counter(item.source for item in seen.items) == seen.truth.items
    assert Counter(item.language for item in seen.items) == seen.truth.languages


def test_what_a_round_brings_is_new_and_nothing_else_is(seen):
    new = {source: result.new for source, result in seen.results.items() if result.new}
    assert new == {source: len(titles) for source, titles in seen.truth.new.items()}


def test_edits_and_withdrawals_are_found_where_they_are(seen):
    for state, truth in (("revised", seen.truth.revised), ("withdrawn", seen.truth.withdrawn)):
        held = {path(item) for item in seen.items if item.state == state}
        assert held == {one for paths in truth.values() for one in paths}


def test_sources_are_ill_as_expected_and_the_others_are_well(seen):
    assert {
        source: health.failure for source, health in seen.states.items() if health.state != "ok"
    } == seen.truth.failing


def test_the_same_round_again_is_304_for_all_that_can_be_read_and_adds_nothing(seen):
    ill = len(seen.truth.failing)
    assert seen.quiet == Counter(unchanged=len(seen.results) - ill) + Counter(failed=ill)
    assert seen.grown == 0


def test_the_week_holds_what_is_dated_in_it(seen):
    titles = {one.path: one.title for one in seen.truth.known}
    issue = seen.issue.replace("\\", "")
    assert [titles[one] for one in seen.truth.week_items if titles[one] not in issue and one not in seen.told] == []


def test_every_label_has_its_evidence_in_the_words_of_the_item(seen):
    assert any(item.labels for item in seen.items)
    assert all(
        label.evidence and all(piece.sentence for piece in label.evidence)
        for item in seen.items
        for label in item.labels
    )


def test_changed_ids_are_aliases_of_the_items_that_had_others(walked):
    renamed = next(seen for _, seen in sorted(walked[1].items()) if seen.truth.renamed_ids)
    for source in renamed.truth.renamed_ids:
        assert renamed.results[source].aliased > 0
        assert renamed.results[source].revised == len(renamed.truth.revised.get(source, ()))


def test_a_rebuild_of_all_of_it_gives_the_same_bytes(walked):
    folder, _ = walked
    before = files(folder / "public")
    with Service(f"sqlite:///{folder}/briefing.db", folder) as service:
        assert service.rebuild().differing == ()
    assert files(folder / "public") == before
