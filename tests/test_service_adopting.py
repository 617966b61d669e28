"""What a change of the configuration does to what is held, labelled and published."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from briefing.errors import UsageError
from briefing.model import Digest, Named
from street_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    clock,
    parsing,
    post,
    press,
    rss,
    settings,
    source,
    street,
    topic,
)

__all__ = ["clock", "parsing", "press", "street"]  # fixtures


@pytest.fixture
def two(street, press):
    press.says("/one", rss([post(1), post(2)]))
    press.says("/two", rss([post(3, title="Herring and cod")]))
    made = street(source("one", "/one", press), source("two", "/two", press))
    made.collect()
    made.service.classify()
    made.service.publish()
    return made


def kinds(made: Any, after: int) -> list[str]:
    return [event.NAME for event in made.events(after=after)]


def test_the_same_configuration_again_is_no_event(two):
    assert two.configure(two.settings) == 0


def test_sources_added_changed_and_retired_are_facts_and_a_retired_one_keeps_its_items(two, press):
    before = two.head()
    press.says("/three", rss([post(4)]))
    changed = replace(two.settings.sources[0], name="Another name")
    two.configure(settings(changed, source("three", "/three", press)))
    assert sorted(kinds(two, before)) == ["source.added", "source.changed", "source.retired"]
    press.log()
    two.collect()
    assert sorted(press.log()) == [("/one", 200), ("/three", 200)]
    assert "Herring and cod" in two.titles()
    assert {health.source for health in two.desk.library.health()} == {"one", "three"}
    with pytest.raises(UsageError):
        two.collect("two")


def test_a_retired_source_that_comes_back_knows_its_items(two):
    whole = two.settings
    two.configure(replace(whole, sources=whole.sources[:1]))
    before = two.head()
    two.configure(whole)
    assert kinds(two, before) == ["source.added"]
    assert two.one("two").new == 0
    assert two.state("two") == "ok"


def test_what_decides_how_a_body_is_read_makes_it_be_read_in_full_once(two, press):
    press.log()
    two.configure(replace(two.settings, sources=(replace(two.settings.sources[0], language="ru"),)))
    two.collect()
    two.collect()
    assert press.log() == [("/one", 200), ("/one", 304)]


def test_pace_and_limits_are_no_facts(two):
    faster = replace(two.settings.fetch, every=timedelta(minutes=20), timeout=timedelta(seconds=15))
    assert two.configure(replace(two.settings, fetch=faster)) == 0


def test_changed_topics_classify_again_and_count_the_labels_that_came_and_went(two):
    topics = (topic("harbour", "minutes"), topic("fish", "herring"), topic("time", "summer"))
    two.configure(replace(two.settings, topics=topics))
    done = two.service.classify()
    assert (done.items, done.again) == (3, 3)
    assert (done.gained, done.lost) == (3, 0)  # every text speaks of the summer
    two.configure(replace(two.settings, topics=topics[1:2]))
    done = two.service.classify()
    assert (done.gained, done.lost) == (0, 6)
    assert {item.title: [label.topic for label in item.labels] for item in two.items()} == {
        "Communiqué number 1": [],
        "Communiqué number 2": [],
        "Herring and cod": ["fish"],
    }
    assert two.service.classify().events == 0


def test_topics_as_they_were_before_give_the_labels_they_gave_before(two):
    first = {item.id: item.labels for item in two.items()}
    topics = two.settings.topics
    two.configure(replace(two.settings, topics=(topic("time", "summer"),)))
    two.service.classify()
    two.configure(replace(two.settings, topics=topics))
    two.service.classify()
    assert {item.id: item.labels for item in two.items()} == first


def test_a_topics_new_name_reaches_the_feeds_without_classifying_again(two):
    renamed = replace(two.settings.topics[1], name="Fish and fishers")
    two.configure(replace(two.settings, topics=(two.settings.topics[0], renamed)))
    assert two.service.classify().events == 0
    two.service.publish()
    assert json.loads(two.files()["feeds/topics/fish.json"])["title"] == "Fish and fishers"


def test_feeds_of_a_topic_or_digest_that_is_taken_out_are_taken_away(two):
    assert {"feeds/topics/fish.rss", "feeds/digests/ministries.atom"} <= set(two.files())
    two.configure(replace(two.settings, topics=two.settings.topics[:1], digests=()))
    two.service.classify()
    removed = two.service.publish().removed
    gone = {"feeds/topics/fish", "feeds/topics/fish/ahead", "feeds/digests/ministries"}
    assert {path.rpartition(".")[0] for path in removed} == gone
    assert not {path for path in two.files() if "fish" in path or "digests" in path}
    assert b"topics/fish" not in two.files()["feeds.opml"]


def test_a_new_digest_is_published_with_what_is_held_already(two):
    digest = Digest(id="fish", title="Fish", query="herring")
    two.configure(replace(two.settings, digests=(digest,)))
    two.service.publish()
    found = json.loads(two.files()["feeds/digests/fish.json"])["items"]
    assert [entry["title"] for entry in found] == ["Herring and cod"]


def test_a_digest_takes_what_names_a_country_or_an_institution_of_the_file(two):
    named = Named(id="herring-board", name="Herring Board", aliases={"en": ("Herring and cod",)})
    digests = (
        Digest(id="board", title="The board", mentions=("herring-board",)),
        Digest(id="iceland", title="Iceland", mentions=("IS",)),
    )
    two.configure(replace(two.settings, digests=digests, institutions=(named,)))
    two.service.classify()
    two.service.publish()
    found = {one.id: json.loads(two.files()[f"feeds/digests/{one.id}.json"])["items"] for one in digests}
    assert [entry["title"] for entry in found["board"]] == ["Herring and cod"]
    assert found["iceland"] == []
    (mention,) = two.item("Herring and cod").mentions
    assert (mention.name, mention.country, mention.evidence[0].sentence) == ("herring-board", False, "Herring and cod")
    assert {label.topic for label in two.item("Herring and cod").labels} == {"fish", "harbour"}
    assert set(two.desk.library.counts_by_topic("0000", "9999")) <= {topic.id for topic in two.settings.topics}
