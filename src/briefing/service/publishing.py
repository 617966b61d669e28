"""The verb publish: feeds as files, written again where something in them changed."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from briefing.delivery import CHANNELS, files
from briefing.documents import Document
from briefing.editions import feeds
from briefing.outputs import FEEDS, opml
from briefing.service.calendars import CALENDAR, calendars
from briefing.service.checkpoints import publish_log
from briefing.service.digests import digest_feed
from briefing.service.errata import told
from briefing.service.folding import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from briefing.documents import Feed, Telling
    from briefing.model import Item, ItemId, Revision, Topic
    from briefing.projections import Holdings
    from briefing.service.desk import Desk

OPML = "feeds.opml"
_CHANNEL = "files"
_FEEDS = "feeds/"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishResult:
    """Which files were written and removed, how many feeds were made to find that out, and from which log position.

    `signed` is the size of the log in its newest checkpoint, 0 where there is none yet.
    """

    written: tuple[str, ...]
    removed: tuple[str, ...]
    feeds: int
    position: int
    signed: int = 0


def publish(desk: Desk, *, everything: bool = False, progress: Callable[[str], None] | None = None) -> PublishResult:
    """Bring the published feeds up with the log; `everything` makes all of them again.

    `progress` is told the path of each feed as it is made.
    """
    position = desk.projector.catch_up()
    if desk.library.settings() is None:
        return PublishResult(written=(), removed=(), feeds=0, position=position)
    since = 0 if everything or not (desk.public / OPML).exists() else desk.library.published()
    touched = desk.library.marks(since)
    whole = since == 0 or ("settings", "") in touched
    maker = _Maker(desk.library, touched, whole=whole)
    made: list[str] = []

    def documents() -> Iterator[Document]:
        for feed in maker.feeds():
            made.append(feed.path)
            if progress is not None:
                progress(feed.path)
            yield from _rendered(feed)
        if maker.items_touched:
            for document in calendars(desk.library):
                made.append(document.path)
                yield document
        if whole:
            yield Document(path=OPML, body=maker.list_of_feeds())

    written = CHANNELS[_CHANNEL](desk.public, documents()) if touched or whole else []
    removed = files.withdraw(desk.public, _leftover(desk, made)) if whole else []
    desk.library.put_published(position)
    return PublishResult(
        written=tuple(written),
        removed=tuple(removed),
        feeds=sum(not path.endswith(CALENDAR) for path in made),
        position=position,
        signed=publish_log(desk, position),
    )


def list_and_feeds(library: Holdings, progress: Callable[[str], None] = lambda _: None) -> Iterator[Document]:
    """The list of all feeds of a library, and the feeds; `progress` is told the path of each as it is made."""
    maker = _Maker(library, set(), whole=True)
    yield Document(path=OPML, body=maker.list_of_feeds())
    for feed in maker.feeds():
        progress(feed.path)
        yield from _rendered(feed)
    yield from calendars(library)


def _rendered(feed: Feed) -> Iterator[Document]:
    """A feed in every format."""
    return (Document(path=f"{feed.path}.{ending}", body=render(feed)) for ending, render in FEEDS.items())


def _leftover(desk: Desk, made: Sequence[str]) -> list[str]:
    """Files of feeds that are none any more: a topic or a digest that was taken out."""
    wanted = {f"{path}.{ending}" for path in made for ending in FEEDS} | set(made)
    found = (path.relative_to(desk.public).as_posix() for path in (desk.public / _FEEDS).rglob("*") if path.is_file())
    return sorted(path for path in found if path not in wanted)


class _Maker:
    """Makes the feeds that were touched, or all of them."""

    def __init__(self, library: Holdings, touched: set[tuple[str, str]], *, whole: bool) -> None:
        self._library = library
        self._whole = whole
        self._touched = touched
        self._site = library.site()
        self._sources = {source.id: source for source in library.sources(retired=True)}
        self._topics = {topic.id: topic for topic in library.topics()}

    @property
    def items_touched(self) -> bool:
        """Whether any item, or what is said of one, is not what it was."""
        return self._whole or any(kind in ("source", "topic", "stories") for kind, _ in self._touched)

    def feeds(self) -> Iterator[Feed]:
        """The feeds in the order of the list of feeds."""
        items = self.items_touched
        if items:
            yield self._everything()
            yield self._stories()
        if self._wanted("changes", ""):
            yield self._changes()
        if self._wanted("health", ""):
            yield self._health()
        yield from self._briefings()
        if items:
            yield from self._digests()
        for topic in self._topics.values():
            if self._wanted("topic", topic.id):
                yield self._topic(topic)
        for source in self._sources.values():
            if self._wanted("source", source.id):
                path = f"feeds/sources/{source.id}"
                found = []
                if source.kind != "watch":  # of a standing page only the edits are news
                    found = self._library.items(source=source.id, limit=feeds.length(path))
                yield self._of_items(path, source.name, "", f"sources/{source.id}", found)

    def list_of_feeds(self) -> bytes:
        """All feeds as OPML."""
        groups = feeds.catalogue(
            self._site,
            self._library.sources(),
            self._topics.values(),
            self._library.digests(),
            self._library.briefings(),
        )
        return opml(groups, title=self._site.title, site_url=self._site.url, owner=self._site.contact)

    def _wanted(self, kind: str, name: str) -> bool:
        return self._whole or (kind, name) in self._touched

    def _everything(self) -> Feed:
        found, told = folded(
            self._library, lambda limit: self._library.items(limit=limit), feeds.LENGTH_ALL, self._sources
        )
        return self._of_items(feeds.ALL, self._site.title, "Everything, as it comes", "", found, told=told)

    def _topic(self, topic: Topic) -> Feed:
        path = f"feeds/topics/{topic.id}"
        found, told = folded(
            self._library,
            lambda limit: self._library.items(topic=topic.id, limit=limit),
            feeds.length(path),
            self._sources,
            lambda items: [item for item in items if any(label.topic == topic.id for label in item.labels)],
        )
        return self._of_items(path, topic.name, topic.description, f"topics/{topic.id}", found, told=told)

    def _stories(self) -> Feed:
        return feeds.stories_feed(
            title=f"{self._site.title}: stories",
            description="Events that several sources tell of, with all who do",
            home=f"{self._site.url}/stories/",
            site=self._site,
            stories=self._library.stories.newest(feeds.LENGTH),
            sources=self._sources,
            topics=self._topics,
        )

    def _changes(self) -> Feed:
        return feeds.changes_feed(
            title=f"{self._site.title}: changed after publication",
            description="Statements that were edited or withdrawn after they were published, and what changed",
            home=f"{self._site.url}/changes",
            site=self._site,
            changes=self._library.changes(limit=feeds.LENGTH),
            sources=self._sources,
            topics=self._topics,
        )

    def _health(self) -> Feed:
        return feeds.health_feed(
            title=f"{self._site.title}: how sources do",
            description="Sources that failed, fell silent beyond their rhythm, moved or came back, and possible gaps",
            home=f"{self._site.url}/health",
            site=self._site,
            turns=self._library.turns(limit=feeds.LENGTH),
            gaps=self._library.gaps()[: feeds.LENGTH],
            moves=self._library.moves(),
            sources=self._sources,
        )

    def _briefings(self) -> Iterator[Feed]:
        for briefing in self._library.briefings():
            if self._wanted("briefing", briefing.id) or self._wanted("errata", ""):
                issues = self._library.issues(briefing.id)
                corrected = self._library.errata.issued(briefing.id)[-feeds.LENGTH :]
                yield feeds.issues_feed(
                    path=f"feeds/briefings/{briefing.id}",
                    description=f"Issues of {briefing.title}",
                    home=f"{self._site.url}/briefings",
                    site=self._site,
                    briefing=briefing,
                    issues=[(one, f"{self._site.url}/{version_path(one.briefing, one.period, one.version)}/")
                            for one in issues],
                    errata=[(one, f"{self._site.url}/{version_path(one.briefing, one.period, one.version)}/")
                            for one in told(self._library, corrected)],
                )  # fmt: skip

    def _digests(self) -> Iterator[Feed]:
        for digest in self._library.digests():
            yield digest_feed(
                self._library,
                digest,
                self._site,
                sources=self._sources,
                topics=self._topics,
                with_text=self._with_text,
            )

    def _of_items(
        self,
        path: str,
        title: str,
        description: str,
        home: str,
        items: Sequence[Item],
        *,
        told: Mapping[ItemId, Sequence[Telling]] = MappingProxyType({}),
    ) -> Feed:
        return feeds.item_feed(
            path=path,
            title=title,
            description=description,
            home=f"{self._site.url}/{home}",
            site=self._site,
            items=self._with_text(items),
            sources=self._sources,
            topics=self._topics,
            told=told,
        )

    def _with_text(self, items: Sequence[Item]) -> list[tuple[Item, Revision | None]]:
        """Beside each item its text, where its source may be passed on in full."""
        whole = [item.id for item in items if self._sources[item.source].redistribute == "full"]
        texts = self._library.held(whole)
        return [(item, texts.get(item.id)) for item in items]


def issue_path(briefing: str, period: str) -> str:
    """Where the latest version of an issue lies, relative to the public folder."""
    return f"briefings/{briefing}/{period}"


def version_path(briefing: str, period: str, version: int) -> str:
    """Where one version of an issue lies for good, relative to the public folder."""
    return f"{issue_path(briefing, period)}/v{version}"
