"""Facts on items: seen, revised, withdrawn, labelled, linked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from briefing.events.base import Event

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemObserved(Event):
    """An item was seen for the first time.

    `keys` are keyed hashes of what it is known by (guid, address, content); `published` its date as understood;
    `archive` says that it stood in what the source showed at first sight, or was asked for from before; `quiet` that
    this was a long list, so that without a date it is news at no time.
    """

    NAME: ClassVar[str] = "item.observed"
    VERSION: ClassVar[int] = 2
    item: str
    source: str
    keys: tuple[str, ...]
    payload: str
    language: str
    archive: bool
    published: str | None = None
    precision: str | None = None
    origin: str = "none"
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRevised(Event):
    """Title or text changed after publication. `revision` counts from 2; `changed` names what a reader would notice.

    `completed` says that the text could not be read before: what is held is whole now, its publisher changed nothing.
    """

    NAME: ClassVar[str] = "item.revised"
    item: str
    source: str
    revision: int
    changed: tuple[str, ...]
    keys: tuple[str, ...]
    payload: str
    language: str
    completed: bool = False
    published: str | None = None
    precision: str | None = None
    origin: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWithdrawn(Event):
    """It is gone, on evidence first seen at `first_missing` (ISO 8601, UTC).

    `status` is that of its own page (404 or 410), or 0 where its feed says that it was deleted (RFC 6721).
    """

    NAME: ClassVar[str] = "item.withdrawn"
    item: str
    source: str
    status: int
    first_missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRestored(Event):
    """A withdrawn item can be read again."""

    NAME: ClassVar[str] = "item.restored"
    item: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAliased(Event):
    """A known item goes by further keys: another guid, another address. The payload holds the address it moved to."""

    NAME: ClassVar[str] = "item.aliased"
    item: str
    source: str
    keys: tuple[str, ...]
    payload: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTakenDown(Event):
    """An item's words are removed for good, because somebody may demand it.

    `payloads` are the commitments (hexadecimal) of all words that were held of it: of every version and every address
    it moved to. `reason` and `legal_basis` are the operator's own words, which readers see.
    """

    NAME: ClassVar[str] = "item.taken-down"
    item: str
    source: str
    payloads: tuple[str, ...]
    reason: str
    legal_basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLinked(Event):
    """An item is the same text as an `other` that was published before: its translation, or its reprint.

    `relation` is `translation-of` or `reprint-of`, `reason` how that is known: `words` (they are the same),
    `hreflang`, `link` or `canonical` (a page says so). `share` is how much of the longer text stands in the other, in
    percent; 0 where that was not looked at.
    """

    NAME: ClassVar[str] = "item.linked"
    item: str
    source: str
    other: str
    relation: str
    reason: str
    share: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemClassified(Event):
    """The labels of one revision under one set of rules.

    A label holds `topic`, `score`, `level` and `evidence`; a piece of evidence holds the configured `phrase`, `place`
    and the span (`start`, `end`) of its sentence in the title or text of that revision: no publisher's
    word stands here. A mention holds the `name` of a country or institution and `evidence` in the same form.
    """

    NAME: ClassVar[str] = "item.classified"
    VERSION: ClassVar[int] = 2
    item: str
    source: str
    revision: int
    rules: str
    labels: tuple[Mapping[str, Any], ...]
    mentions: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCorrected(Event):
    """Somebody said whether an item belongs to a topic: from here on that holds, whatever rules and models say.

    `revision` is the version it was said of, `by` whoever said it, in words of the operator's own.
    """

    NAME: ClassVar[str] = "item.label-corrected"
    item: str
    source: str
    topic: str
    belongs: bool
    revision: int
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSuggested(Event):
    """The topics that are proposed for one revision and not given: all of them, so that none takes back all.

    A suggestion has the shape of a label of `ItemClassified`; `model` is the position of the models it comes from.
    """

    NAME: ClassVar[str] = "item.suggested"
    item: str
    source: str
    revision: int
    model: int
    suggestions: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelsTrained(Event):
    """Models of topics were learnt from the log up to position `log`: the same log gives the same models.

    `recipe` is the hash of all else that they depend on, `encoder` the name and version of the encoder, empty where
    there was none. A model holds `topic`, how many answers of `yes` and `no` it was learnt from, and `model`: the
    SHA-256 of what was learnt.
    """

    NAME: ClassVar[str] = "topics.models-trained"
    log: int
    recipe: str
    encoder: str
    models: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryJoined(Event):
    """An item tells of the same event as others: it joins the story that item `story` opened, for all time.

    `other` is the member it resembles most; `reason` is `reprint`, `translation`, `altered` (nearly the same text, with
    other facts), `words` or `meaning`; `score` is in percent; `method` names how it was found, with its version.
    """

    NAME: ClassVar[str] = "story.joined"
    story: str
    item: str
    source: str
    other: str
    reason: str
    score: int
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDatesFound(Event):
    """The dates ahead that one revision announces, as `method` (a number) found them; none where an earlier one had.

    A date holds `start`, `end` (days, both included), `precision`, `kind`, `meeting` (the id of the meeting that it is
    a date of, given when it was first announced), `keys` (keyed hashes of whom and what its sentence names, by which
    other statements of the same meeting are known), `deadline` and `cancelled`; `place` is `title` or `text`, the rest
    are spans in it: `sentence`, `said` (the date), `name`, `where`, `who`. No publisher's word stands here.
    """

    NAME: ClassVar[str] = "item.dates-found"
    item: str
    source: str
    revision: int
    method: int
    dates: tuple[Mapping[str, Any], ...]
