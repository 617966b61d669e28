"""From sources.yaml to the log: what the configuration says now, recorded where it differs from what it said before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import orjson

from briefing import events
from briefing.classifiers import CLASSIFIERS
from briefing.observe.decisions import Fact
from briefing.service import fonts
from briefing.service.desk import SETTINGS, TOPICS, source_stream
from briefing.specs import (
    briefing_spec,
    digest_spec,
    house_spec,
    named_spec,
    said_spec,
    site_spec,
    stories_spec,
    topic_spec,
)

if TYPE_CHECKING:
    from briefing.model import Settings, Source
    from briefing.service.desk import Desk

CLASSIFIER = "phrases"


def adopt(desk: Desk, settings: Settings) -> int:
    """Record the configuration; returns how many events that took, 0 where nothing changed."""
    desk.projector.catch_up()
    before = desk.store.head()
    _adopt_settings(desk, settings)
    _adopt_topics(desk, settings)
    _adopt_stories(desk, settings)
    _adopt_house(desk, settings)
    _adopt_sources(desk, settings)
    after = desk.store.head()
    if after != before:
        desk.projector.catch_up()
    return after - before


def _adopt_settings(desk: Desk, settings: Settings) -> None:
    event = events.SettingsAdopted(
        site=site_spec(settings.site),
        digests=tuple(digest_spec(digest) for digest in settings.digests),
        briefings=tuple(briefing_spec(briefing) for briefing in settings.briefings),
    )
    if _same(event.data(), desk.library.settings()):
        return
    last = desk.store.last(SETTINGS)
    desk.append(SETTINGS, [Fact(event=event, key=f"settings:{last}")])


def _adopt_topics(desk: Desk, settings: Settings) -> None:
    rules = CLASSIFIERS[CLASSIFIER](settings.topics, settings.institutions).rules
    event = events.TopicsAdopted(
        rules=rules,
        topics=tuple(topic_spec(topic) for topic in settings.topics),
        institutions=tuple(named_spec(one) for one in settings.institutions),
    )
    if _same(event.data(), desk.library.adopted_topics()):
        return
    last = desk.store.last(TOPICS)
    desk.append(TOPICS, [Fact(event=event, key=f"topics:{last}")])


def _adopt_stories(desk: Desk, settings: Settings) -> None:
    if settings.stories != desk.library.story_rules():
        last = desk.store.last(SETTINGS)
        event = events.StoriesAdopted(rules=stories_spec(settings.stories))
        desk.append(SETTINGS, [Fact(event=event, key=f"stories:{last}")])


def _adopt_house(desk: Desk, settings: Settings) -> None:
    if (settings.house, settings.templates) != (desk.library.house(), desk.library.templates()):
        fonts.keep(desk.storage, settings.templates, settings.beside)
        last = desk.store.last(SETTINGS)
        event = events.HouseAdopted(house=house_spec(settings.house), templates=settings.templates)
        desk.append(SETTINGS, [Fact(event=event, key=f"house:{last}")])


def _adopt_sources(desk: Desk, settings: Settings) -> None:
    known = desk.library.source_rows()
    lasts = desk.store.lasts(
        [source_stream(source) for source in {*known, *(source.id for source in settings.sources)}]
    )
    offers: list[tuple[str, list[Fact], int | None]] = []
    for source in settings.sources:
        spec, row = _public(said_spec(source)), known.pop(source.id, None)
        if row is not None and row["active"] and spec == orjson.loads(row["spec"]):
            continue
        kind = events.SourceAdded if row is None or not row["active"] else events.SourceChanged
        stream = source_stream(source.id)
        fact = Fact(event=kind(source=source.id, spec=spec), key=f"source:{source.id}:{lasts.get(stream, 0)}")
        offers.append((stream, [fact], None))
    for retired, row in sorted(known.items()):
        if row["active"]:
            stream = source_stream(retired)
            key = f"source:{retired}:{lasts.get(stream, 0)}"
            offers.append((stream, [Fact(event=events.SourceRetired(source=retired), key=key)], None))
    desk.append_all(offers)


def introduce(desk: Desk, source: Source) -> None:
    """Record a source that is switched off as it is configured now, so that its items can be told of."""
    spec, row = _public(said_spec(source)), desk.library.source_rows([source.id]).get(source.id)
    if row is not None and spec == orjson.loads(row["spec"]):
        return
    stream = source_stream(source.id)
    last = desk.store.last(stream)
    facts = [
        Fact(event=events.SourceAdded(source=source.id, spec=spec), key=f"source:{source.id}:{last}"),
        Fact(event=events.SourceRetired(source=source.id), key=f"source:{source.id}:{last}:off"),
    ]
    desk.append(stream, facts)
    desk.projector.catch_up()


def _public(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification without a password in its address: events are published, with the tree over them."""
    if "@" not in spec["url"] or "@" not in (parts := urlsplit(spec["url"])).netloc:
        return spec
    return spec | {"url": urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))}


def _same(said: object, known: object) -> bool:
    return known is not None and events.canonical(said) == events.canonical(known)
