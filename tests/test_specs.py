"""Configuration as events carry it: there and back, and nothing that was not said."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.events import canonical
from briefing.model import Archive, ArticleRules, Briefing, Digest, ListRules, Site, Source, SourceId, Topic, TopicId
from briefing.specs import (
    briefing_of,
    briefing_spec,
    digest_of,
    digest_spec,
    said_spec,
    site_spec,
    source_of,
    source_spec,
    topic_of,
    topic_spec,
)

WORD = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
WORDS = st.lists(WORD, max_size=3).map(tuple)
MAYBE = st.none() | WORD
ID = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
LANGUAGE = st.sampled_from(["en", "ja", "ru"])
PHRASES = st.dictionaries(LANGUAGE, WORDS, max_size=3)
INSTITUTION = st.sampled_from(["ministry", "think-tank", "igo", "media"])

SOURCES = st.builds(
    Source,
    id=ID, name=WORD, institution=INSTITUTION, country=WORD, url=WORD,
    kind=st.sampled_from(["feed", "page", "sitemap"]), language=MAYBE, timezone=MAYBE,
    every=st.none() | st.integers(1, 10**7).map(lambda seconds: timedelta(seconds=seconds)),
    full_text=st.sampled_from(["auto", "always", "never"]),
    listing=st.none() | st.builds(ListRules, item=WORD, title=MAYBE, link=MAYBE, date=MAYBE, date_format=MAYBE),
    article=st.none() | st.builds(ArticleRules, title=MAYBE, body=MAYBE, date=MAYBE, date_format=MAYBE, drop=WORDS),
    include=WORDS, exclude=WORDS, licence=MAYBE, redistribute=st.sampled_from(["title", "excerpt", "full"]),
    recheck=st.sampled_from([(), (timedelta(hours=1),), (timedelta(hours=1), timedelta(days=7))]),
    text_status=st.none() | st.sampled_from(["original", "official-translation", "provisional", "machine"]),
    own_domain_only=st.booleans(), headers=st.dictionaries(ID, WORD, max_size=2), user_agent=MAYBE, ca_file=MAYBE,
    allow_http=st.booleans(),
)  # fmt: skip
TOPICS = st.builds(Topic, id=ID, name=WORD, description=WORD, phrases=PHRASES, exclude=PHRASES)
DIGESTS = st.builds(
    Digest,
    id=ID, title=WORD, description=WORD, bundle=st.sampled_from(["item", "day", "week"]), topics=WORDS, sources=WORDS,
    institutions=st.lists(INSTITUTION, max_size=3).map(tuple), countries=WORDS, languages=WORDS, query=WORD,
)  # fmt: skip
BRIEFINGS = st.builds(
    Briefing,
    id=ID, title=WORD, period=st.just("week"), weekday=st.integers(0, 6), hour=st.integers(0, 23),
    minute=st.integers(0, 59), topics=WORDS, formats=WORDS,
)  # fmt: skip
SITES = st.builds(
    Site,
    title=WORD, url=WORD, language=LANGUAGE, timezone=WORD, contact=WORD,
    countries=st.dictionaries(ID, WORD, max_size=3),
)  # fmt: skip

BARE = Source(id=SourceId("selvane"), name="Selvane", institution="igo", country="JP", url="https://selvane.example")
EVERYTHING = {
    "kind": "page", "language": "ja", "timezone": "Asia/Tokyo", "every": timedelta(hours=2), "full_text": "never",
    "listing": ListRules(item="li"), "article": ArticleRules(drop=("aside",)), "include": ("/news/",),
    "exclude": ("/old/",), "licence": "CC BY 4.0", "redistribute": "full",
    "recheck": (timedelta(hours=2),),
    "text_status": "provisional", "own_domain_only": True, "headers": {"X-Key": "${KEY}"},
    "user_agent": "a (+b@c.example)",
    "ca_file": "/etc/roots.pem", "allow_http": True, "pagination": "/page/{n}",
    "archive": Archive(url="https://selvane.example/all", listing=ListRules(item="li")),
    "backfill_since": "2016-11-19",
}  # fmt: skip


def logged(spec: dict[str, Any]) -> Any:
    """A spec as the log gives it back."""
    return json.loads(canonical(spec))


@given(SOURCES)
def test_a_source_comes_back_from_the_log_as_it_was_configured(source):
    assert source_of(logged(source_spec(source))) == source


@given(TOPICS)
def test_a_topic_comes_back_from_the_log_as_it_was_configured(topic):
    assert topic_of(logged(topic_spec(topic))) == topic


@given(DIGESTS)
def test_a_digest_comes_back_from_the_log_as_it_was_configured(digest):
    assert digest_of(logged(digest_spec(digest))) == digest


@given(BRIEFINGS)
def test_a_briefing_comes_back_from_the_log_as_it_was_configured(briefing):
    assert briefing_of(logged(briefing_spec(briefing))) == briefing


@given(SITES)
def test_a_site_comes_back_from_the_log_as_it_was_configured(site):
    assert Site(**logged(site_spec(site))) == site


@given(SOURCES, SOURCES)
def test_sources_that_differ_have_specs_that_differ(one, other):
    assert (canonical(source_spec(one)) == canonical(source_spec(other))) == (one == other)


def test_what_is_not_set_is_left_out_so_that_a_new_key_changes_no_old_source():
    assert set(source_spec(BARE)) == {"id", "name", "institution", "country", "url", "kind"}


@pytest.mark.parametrize("name", EVERYTHING)
def test_what_is_set_is_said_and_nothing_else(name):
    values = {field.name: getattr(BARE, field.name) for field in fields(BARE)}
    source = Source(**values | {name: EVERYTHING[name]})
    assert set(source_spec(source)) - set(source_spec(BARE)) == {name} - {"kind"}
    assert source_of(logged(source_spec(source))) == source
    assert source != BARE


def test_the_log_is_told_neither_headers_nor_places_on_this_machine():
    source = replace(BARE, headers={"X-Key": "s3cret"}, ca_file="/home/me/roots.pem", user_agent="a (+b@c.example)")
    assert said_spec(source) == source_spec(replace(BARE, user_agent="a (+b@c.example)"))


def test_every_key_of_a_source_is_tried_here():
    assert {field.name for field in fields(Source)} == {*EVERYTHING, "id", "name", "institution", "country", "url"}


def test_times_are_whole_seconds_and_selectors_that_are_not_set_are_left_out():
    source = Source(
        id=SourceId("s"), name="S", institution="media", country="JP", url="u", kind="page",
        every=timedelta(minutes=90), listing=ListRules(item="li", date="time"), article=ArticleRules(drop=("nav",)),
    )  # fmt: skip
    spec = source_spec(source)
    assert (spec["every"], spec["listing"], spec["article"]) == (
        5400,
        {"item": "li", "date": "time"},
        {"drop": ["nav"]},
    )


def test_a_topic_keeps_the_order_of_its_phrases():
    topic = Topic(id=TopicId("t"), name="T", phrases={"en": ("b", "a"), "ja": ("海峡",)})
    assert topic_spec(topic)["phrases"] == {"en": ["b", "a"], "ja": ["海峡"]}
