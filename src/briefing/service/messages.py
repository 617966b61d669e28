"""What channels are told, in the order of the log: new items, what digests take, issues, errata to issues.

A message follows from one event and from what is known now: words that were taken down since are in none, and an item
that was is passed over.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefing import events
from briefing.editions.entries import item_entry
from briefing.editions.feeds import with_suggested
from briefing.outputs import ISSUES
from briefing.service.digests import taken
from briefing.service.errata import told
from briefing.service.publishing import version_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from briefing.events import Recorded
    from briefing.model import Channel, Digest, Happening, Item
    from briefing.service.desk import Desk

_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: `id` is the same at every attempt, `subject` says in a line what it tells of, `of` says so in no
    words of a publisher.
    """

    id: str
    kind: Happening
    position: int
    at: datetime
    subject: str
    of: str
    data: dict[str, Any]


class Unclassified(Exception):
    """An item has no topics yet: what comes from `position` on is told when it has."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class Teller:
    """Makes the messages of one channel."""

    def __init__(self, desk: Desk, channel: Channel) -> None:
        self._library = desk.library
        self._store = desk.store
        self._channel = channel
        self._site = desk.library.site()
        self._sources = {source.id: source for source in desk.library.sources(retired=True)}
        self._topics = {topic.id: topic for topic in desk.library.topics()}
        self._briefings = {one.id: one for one in desk.library.briefings()}
        wanted = channel.digests
        self._digests = [one for one in desk.library.digests() if not wanted or one.id in wanted]
        self._items = bool({"item", "digest"} & set(channel.events))

    def messages(self, after: int, upto: int) -> Iterator[tuple[int, Message | None]]:
        """Positions in order, each with its message; the last of a page of the log also without one.

        Raises:
            Unclassified: an item that has not been given its topics yet.
        """
        streams = "" if self._items else "briefing:"
        while page := self._store.read(after, _PAGE, streams=streams):
            for recorded in page:
                if recorded.position > upto:
                    return
                if (message := self._message(recorded)) is not None:
                    yield recorded.position, message
            after = page[-1].position
            yield after, None

    def _message(self, recorded: Recorded) -> Message | None:
        event, wanted = recorded.event, self._channel.events
        if isinstance(event, events.ItemObserved) and self._items and not event.archive:
            return self._of_item(recorded, event)
        if isinstance(event, events.IssuePublished) and "issue" in wanted:
            return self._of_issue(recorded, event)
        if isinstance(event, events.ErratumIssued) and "erratum" in wanted:
            return self._of_erratum(recorded, event)
        return None

    def _made(self, kind: Happening, recorded: Recorded, of: str, subject: str, data: dict[str, Any]) -> Message:
        name = f"{self._site.url}\n{self._channel.id}\n{kind}\n{recorded.position}"
        mark = hashlib.sha256(name.encode()).hexdigest()[:32]
        return Message(
            id=f"msg_{mark}",
            kind=kind,
            position=recorded.position,
            at=recorded.recorded_at,
            subject=subject,
            of=of,
            data=data,
        )

    # ------------------------------------------------------------ items

    def _of_item(self, recorded: Recorded, event: events.ItemObserved) -> Message | None:
        item = self._library.item(event.item)
        assert item is not None
        if item.removal is not None or self._sources[item.source].kind == "watch":
            return None
        if not self._library.is_classified(item.id):
            raise Unclassified(recorded.position)
        digests = [digest for digest in self._digests if self._takes(digest, item)]
        if "item" not in self._channel.events and not digests:
            return None
        kind: Happening = "item" if "item" in self._channel.events else "digest"
        named = [
            {"id": one.id, "title": one.title, "url": f"{self._site.url}/feeds/digests/{one.id}.atom"}
            for one in digests
        ]  # fmt: skip
        return self._made(
            kind, recorded, f"item {item.id}", item.title or item.url, {"item": self._item(item), "digests": named}
        )

    def _takes(self, digest: Digest, item: Item) -> bool:
        asked = with_suggested(item) if digest.suggestions is not None else item
        return bool(taken(self._library, digest, self._sources, [asked]))

    def _item(self, item: Item) -> dict[str, Any]:
        source = self._sources[item.source]
        entry = item_entry(item, None, site=self._site, source=source, topics=self._topics)
        return {
            "id": item.id,
            "title": item.title,
            "url": item.url,
            "page": entry.about,
            "summary": entry.summary,
            "language": item.language,
            "published": item.published.value,
            "seen_at": item.seen_at.isoformat(),
            "state": item.state,
            "source": self._source(item),
            "topics": [{"id": topic, "name": name} for topic, name in entry.categories],
        }

    def _source(self, item: Item) -> dict[str, str]:
        source = self._sources[item.source]
        return {
            "id": source.id,
            "name": source.name,
            "institution": source.institution,
            "country": source.country,
        }  # fmt: skip

    # ------------------------------------------------------------ issues

    def _briefing(self, name: str) -> dict[str, str]:
        known = self._briefings.get(name)
        return {"id": name, "title": known.title if known else name}

    def _address(self, briefing: str, period: str, version: int) -> str:
        return f"{self._site.url}/{version_path(briefing, period, version)}/"

    def _of_issue(self, recorded: Recorded, event: events.IssuePublished) -> Message:
        address = self._address(event.briefing, event.period, event.version)
        order = {one.file: name for name, one in ISSUES.items()}
        briefing = self._briefing(event.briefing)
        data = {
            "briefing": briefing,
            "period": event.period,
            "version": event.version,
            "supersedes": event.supersedes,
            "items": len(event.items),
            "url": address,
            "formats": {
                name: address + ("" if file == "index.html" else file)
                for file, name in order.items()
                if file in event.hashes
            },
        }
        subject = f"{briefing['title']}, {event.period}, version {event.version}"
        return self._made("issue", recorded, f"issue {event.briefing} {event.period}", subject, data)

    def _of_erratum(self, recorded: Recorded, event: events.ErratumIssued) -> Message:
        [issued] = [one for one in self._library.errata.of(event.item) if one.position == recorded.position]
        [erratum] = told(self._library, [issued])
        change, item = erratum.alteration, erratum.alteration.reference.item
        briefing = self._briefing(event.briefing)
        data = {
            "briefing": briefing,
            "period": event.period,
            "version": event.version,
            "url": self._address(event.briefing, event.period, event.version),
            "number": event.number,
            "kind": event.kind,
            "what": change.what,
            "before": change.before,
            "after": change.after,
            "changed_at": change.at.isoformat(),
            "item": {
                "id": item.id,
                "title": item.title if item.removal is None else "",
                "url": item.url,
                "page": f"{self._site.url}/items/{item.id}",
            },
            "source": self._source(item),
        }
        subject = f"correction to {briefing['title']}, {event.period}: no. {event.number}"
        return self._made("erratum", recorded, f"erratum to {event.briefing} {event.period}", subject, data)
