"""Our feeds: which entries each holds, what a digest takes, and the list of them all.

A feed carries no clock of its own: it is as new as its newest entry, so the same events give the same feed.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING

from briefing.documents import Feed, FeedGroup
from briefing.editions.entries import (
    bundle_entry,
    change_entry,
    erratum_entry,
    issue_entry,
    item_entry,
    story_entry,
    urn,
)
from briefing.editions.gaps import gap_entry, move_entry
from briefing.editions.health import HEALTH, turn_entry
from briefing.editions.weeks import week_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from briefing.documents import Erratum, FeedEntry, Telling
    from briefing.model import (
        Briefing,
        Change,
        Digest,
        Gap,
        Issued,
        Item,
        ItemId,
        Move,
        Revision,
        Site,
        Source,
        SourceId,
        Story,
        Topic,
        TopicId,
        Turn,
    )

ALL = "feeds/all"
CHANGES = "feeds/changes"
STORIES = "feeds/stories"

LENGTH = 50  # entries of a feed
LENGTH_ALL = 100  # entries of the feed of everything


def length(path: str) -> int:
    """How many entries the feed at `path` holds at most."""
    return LENGTH_ALL if path == ALL else LENGTH


def item_feed(
    *,
    path: str,
    title: str,
    description: str,
    home: str,
    site: Site,
    items: Sequence[tuple[Item, Revision | None]],
    sources: Mapping[SourceId, Source],
    topics: Mapping[TopicId, Topic],
    told: Mapping[ItemId, Sequence[Telling]] = MappingProxyType({}),
) -> Feed:
    """A feed with an entry for each item, in the order given: newest first by `Item.news_at`.

    The revision beside an item is its newest, wanted only where its source may be passed on in full. `sources` holds
    retired sources too, as long as an item of theirs is given; `told` by item who else tells of the same event.
    """
    entries = (
        item_entry(item, revision, site=site, source=sources[item.source], topics=topics, told=told.get(item.id, ()))
        for item, revision in items[: length(path)]
    )
    return _feed(path=path, title=title, description=description, home=home, site=site, entries=entries)


def bundle_feed(
    *,
    path: str,
    home: str,
    site: Site,
    digest: Digest,
    items: Iterable[Item],
    sources: Mapping[SourceId, Source],
    told: Mapping[ItemId, Sequence[Telling]] = MappingProxyType({}),
) -> Feed:
    """A digest with an entry for each day, or ISO week where its bundle is `week`, newest first.

    An item belongs to its `Item.day`. Whole days or weeks are to be given, else the oldest entry shrinks.
    """

    def period(item: Item) -> str:
        return week_of(item.day) if digest.bundle == "week" else item.day

    ordered = sorted(items, key=lambda item: (item.day, item.news_at, item.id), reverse=True)
    bundles = [(key, tuple(bundle)) for key, bundle in groupby(ordered, key=period)]
    entries = (
        bundle_entry(bundle, key, digest=digest, site=site, home=home, sources=sources, told=told)
        for key, bundle in bundles[: length(path)]
    )
    return _feed(path=path, title=digest.title, description=digest.description, home=home, site=site, entries=entries)


def changes_feed(
    *,
    path: str = CHANGES,
    title: str,
    description: str,
    home: str,
    site: Site,
    changes: Iterable[Change],
    sources: Mapping[SourceId, Source],
    topics: Mapping[TopicId, Topic],
) -> Feed:
    """A feed with an entry for each revision, withdrawal and restoration, newest first."""
    newest = sorted(changes, key=lambda change: (change.at, change.position), reverse=True)[: length(path)]
    entries = (change_entry(change, site=site, source=sources[change.item.source], topics=topics) for change in newest)
    return _feed(path=path, title=title, description=description, home=home, site=site, entries=entries)


def health_feed(
    *,
    title: str,
    description: str,
    home: str,
    site: Site,
    turns: Iterable[Turn],
    gaps: Iterable[Gap],
    moves: Iterable[Move],
    sources: Mapping[SourceId, Source],
) -> Feed:
    """A feed with an entry for each change of a source's state, possible gap and address proposed, newest first."""
    found = [turn_entry(turn, site=site, source=sources[turn.source]) for turn in turns]
    found += [gap_entry(gap, site=site, source=sources[gap.source]) for gap in gaps]
    found += [move_entry(move, site=site, source=sources[move.source]) for move in moves if move.since is not None]
    entries = sorted(found, key=lambda entry: (entry.updated, entry.id), reverse=True)[: length(HEALTH)]
    return _feed(path=HEALTH, title=title, description=description, home=home, site=site, entries=entries)


def stories_feed(
    *,
    title: str,
    description: str,
    home: str,
    site: Site,
    stories: Iterable[Story],
    sources: Mapping[SourceId, Source],
    topics: Mapping[TopicId, Topic],
) -> Feed:
    """A feed with an entry for each story that several sources tell, those first that were joined last."""
    entries = [story_entry(story, site=site, sources=sources, topics=topics) for story in stories][: length(STORIES)]
    return _feed(path=STORIES, title=title, description=description, home=home, site=site, entries=entries)


def issues_feed(
    *,
    path: str,
    description: str,
    home: str,
    site: Site,
    briefing: Briefing,
    issues: Iterable[tuple[Issued, str]],
    errata: Iterable[tuple[Erratum, str]] = (),
) -> Feed:
    """A feed with an entry for each published version of an issue and each erratum, newest first.

    Beside each version stands its permanent address, and beside each erratum that of the version it corrects.
    """
    found = [(one.position, issue_entry(one, address, briefing=briefing, site=site)) for one, address in issues]
    found += [(one.position, erratum_entry(one, address, briefing=briefing, site=site)) for one, address in errata]
    entries = [entry for _, entry in sorted(found, key=lambda pair: pair[0], reverse=True)[: length(path)]]
    return _feed(path=path, title=briefing.title, description=description, home=home, site=site, entries=entries)


def with_suggested(item: Item) -> Item:
    """An item with what is only suggested for it among its topics."""
    return replace(item, labels=(*item.labels, *item.suggested)) if item.suggested else item


def matches(digest: Digest, item: Item, source: Source, text_hit: bool) -> bool:  # noqa: FBT001 - one of four facts
    """Whether a digest takes an item: every filter that is not empty must hold.

    `text_hit` says that title or text holds the digest's `query`; it counts only where there is one.
    """
    return (
        (not digest.topics or any(label.topic in digest.topics for label in item.labels))
        and (not digest.sources or item.source in digest.sources)
        and (not digest.institutions or source.institution in digest.institutions)
        and (not digest.countries or source.country in digest.countries)
        and (not digest.languages or item.language in digest.languages)
        and (not digest.mentions or any(mention.name in digest.mentions for mention in item.mentions))
        and (not digest.query or text_hit)
    )


def catalogue(
    site: Site,
    sources: Iterable[Source],
    topics: Iterable[Topic],
    digests: Iterable[Digest],
    briefings: Iterable[Briefing],
) -> tuple[FeedGroup, ...]:
    """All feeds under their headings, in the order of the configuration; a heading without feeds is left out."""
    groups = (
        FeedGroup(
            title=site.title,
            feeds=(
                (ALL, "Everything"),
                (STORIES, "Stories"),
                (CHANGES, "Changes after publication"),
                (HEALTH, "How sources do"),
            ),
        ),
        FeedGroup(title="Briefings", feeds=tuple((f"feeds/briefings/{one.id}", one.title) for one in briefings)),
        FeedGroup(title="Digests", feeds=tuple((f"feeds/digests/{one.id}", one.title) for one in digests)),
        FeedGroup(title="Topics", feeds=tuple((f"feeds/topics/{one.id}", one.name) for one in topics)),
        FeedGroup(title="Sources", feeds=tuple((f"feeds/sources/{one.id}", one.name) for one in sources)),
    )
    return tuple(group for group in groups if group.feeds)


def _feed(*, path: str, title: str, description: str, home: str, site: Site, entries: Iterable[FeedEntry]) -> Feed:
    held = tuple(entries)
    return Feed(
        path=path,
        id=urn(f"{site.url}/{path}"),
        title=title,
        description=description,
        home=home,
        site_url=site.url,
        site_title=site.title,
        contact=site.contact,
        language=site.language,
        updated=max((entry.updated for entry in held), default=None),
        entries=held,
        hub=site.hub or "",
    )
