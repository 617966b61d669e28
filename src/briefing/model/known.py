"""What we know: items, their versions, labels, stories, meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date, datetime

    from briefing.model.said import Published
    from briefing.model.words import Earned, ItemId, ItemState, Level, MeetingState, Place, Relation, SourceId, TopicId


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a label was given: the configured phrase, where it stood, and the sentence it stood in.

    Where a model gave it, `phrase` is empty and `words` are those of the sentence that spoke most for it.
    """

    phrase: str
    place: Place
    sentence: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A topic given to an item, by the words of version `revision`: of an earlier one where an edit dropped them.

    `earned` says by what: phrases, a model, or somebody who said so. A suggestion is a label that is not given.
    """

    topic: TopicId
    score: int
    level: Level
    revision: int = 1
    evidence: tuple[Evidence, ...] = ()
    earned: Earned = "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A country (by its code) or an institution (by its id) that an item names, with the first sentence that does."""

    name: str
    evidence: tuple[Evidence, ...] = ()

    @property
    def country(self) -> bool:
        """Whether it is a country: codes are in capitals, ids are not."""
        return self.name.isupper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """An item was taken down at `at` by event `position`: its words are erased, here and in all we published.

    `reason` and `legal_basis` are the words of whoever runs the site. `before` is the state it was in.
    """

    item: ItemId
    at: datetime
    position: int
    reason: str
    legal_basis: str = ""
    before: ItemState = "current"

    @property
    def why(self) -> str:
        """The reason, with its legal basis in brackets where there is one."""
        return f"{self.reason} ({self.legal_basis})" if self.legal_basis else self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item as known now.

    `news_at` is when it became news to our readers: its publication where it stood in the archive that a source
    showed at first sight, else when we first saw it. `day` is the day (ISO, in the site's zone) it belongs to: of its
    publication where that is known to the day, else of first sight. Both are `LONG_AGO` where it has no date and stood
    in a long archive. `lead` holds the opening sentences of the text.
    `fingerprint` is the SHA-256 (hexadecimal) of title and text of the version held, `position` the place in the log
    of the last event that changed it (labels apart), `noted` where the text could not be read and why. `removal` tells
    of an item that was taken down: it has no words any more, and no fingerprint. `suggested` are topics that were
    proposed and not given.
    """

    id: ItemId
    source: SourceId
    url: str
    title: str
    lead: str
    authors: tuple[str, ...]
    published: Published
    seen_at: datetime
    news_at: datetime
    day: str
    language: str
    state: ItemState
    revisions: int
    changed_at: datetime
    position: int
    fingerprint: str
    labels: tuple[Label, ...] = ()
    suggested: tuple[Label, ...] = ()
    noted: str = ""
    removal: Removal | None = None
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of an item's words; number 1 is the first seen. `noted` says why the text could not be read."""

    item: ItemId
    number: int
    seen_at: datetime
    position: int
    title: str
    text: str
    html: str
    url: str
    authors: tuple[str, ...]
    published: Published
    fingerprint: str
    noted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`other` is the same text as an item: in another language, or word for word. Neither stands for the other.

    `later` says that the item is the later one of the two: the reprint, not what it reprints. `reason` is `words`, or
    as in `Kin`; `share` is how much of the longer text stands in the other, in percent, 0 where that was not compared.
    """

    other: Item
    relation: Relation
    reason: str
    share: int
    later: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An item in a story, since event `position` at `at`.

    It resembles item `other` most: `reason` is `first` for the one that opened the story, else as in
    `events.StoryJoined`; `score` is in percent, `method` names how it was found.
    """

    item: Item
    other: str
    reason: str
    score: int
    method: str
    at: datetime
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Items that tell of one event; its id is that of the item that opened it, for all time.

    Members stand in the order in which they joined. None stands for another.
    """

    id: str
    members: tuple[Member, ...]

    @property
    def told(self) -> tuple[Member, ...]:
        """The members as they became news: the first teller first."""
        order = {member.item.id: place for place, member in enumerate(self.members)}
        return tuple(sorted(self.members, key=lambda one: (one.item.news_at, order[one.item.id])))

    @property
    def apart(self) -> frozenset[str]:
        """The items that are printed on their own, though others tell of the event: what gives other facts in nearly
        the same words, and what a source says after it has told once: a new statement.
        """
        teller: dict[str, str] = {}
        for one in self.told:
            teller.setdefault(one.item.source, one.item.id)
        return frozenset(
            one.item.id for one in self.members if one.reason == "altered" or teller[one.item.source] != one.item.id
        )

    @property
    def joined_at(self) -> datetime:
        """When its last member joined."""
        return max(member.at for member in self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change after publication: `before` and `after` are the versions of a revision, `after` None for the others.

    `evidence` says by what a withdrawal was known: `page` or `feed`.
    """

    item: Item
    kind: Literal["revised", "withdrawn", "restored", "removed"]
    at: datetime
    position: int
    before: Revision | None = None
    after: Revision | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one item says of a meeting ahead: from `first` to `last`, as exact as its words are.

    `sentence` is its publisher's own, `said` the words of the date in it, `name`, `place` and `who` what else it says;
    each is empty where it does not. `withdrawn` says that the item was.
    """

    item: Item
    revision: int
    first: date
    last: date
    precision: str
    sentence: str
    said: str
    name: str = ""
    place: str = ""
    who: tuple[str, ...] = ()
    cancelled: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting or deadline that items announce, from `first` to `last` (days, both included).

    `sequence` counts how often what is said of it changed; `before` is what it was before that: `first/last/precision`,
    empty where it never moved. `position` is the place in the log of the last event that changed it, at `changed_at`.
    `statements` are in the order of the log.
    """

    id: str
    first: date
    last: date
    precision: str
    kind: str
    deadline: bool
    state: MeetingState
    sequence: int
    before: str
    announced_at: datetime
    changed_at: datetime
    position: int
    statements: tuple[Statement, ...] = ()
