"""The facts, with their stable names and integer versions.

A fact is a frozen dataclass of plain JSON values. Its envelope holds no word of a publisher: titles, texts, addresses
and raw dates lie in an erasable payload, and the envelope names that payload by a salted commitment. What an event once
stored looks like is kept for ever in `tests/data/events`; a new version is an edit here, a raised `VERSION` and one
function in `UPCASTS`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import orjson

from briefing.errors import UnknownEvent
from briefing.events.base import FIELDS, Event
from briefing.events.configured import (
    HouseAdopted,
    SettingsAdopted,
    SourceAdded,
    SourceChanged,
    SourceRetired,
    StoriesAdopted,
    TopicsAdopted,
)
from briefing.events.issues import ErratumIssued, IssuePublished
from briefing.events.items import (
    ItemAliased,
    ItemClassified,
    ItemDatesFound,
    ItemLinked,
    ItemObserved,
    ItemRestored,
    ItemRevised,
    ItemSuggested,
    ItemTakenDown,
    ItemWithdrawn,
    LabelCorrected,
    ModelsTrained,
    StoryJoined,
)
from briefing.events.mail import (
    MailAccepted,
    MailBounced,
    MailDecided,
    MailDeferred,
    MailDropped,
    MailRefused,
    MailReleased,
    MailUnconfirmed,
)
from briefing.events.people import (
    SUPPRESSIONS,
    RecipientChanged,
    RecipientConfirmed,
    RecipientForgotten,
    RecipientSubscribed,
    RecipientSuppressed,
    RecipientUnsubscribed,
)
from briefing.events.sources import (
    OPEN_REASONS,
    WAYS,
    GapClosed,
    GapLeftOpen,
    GapSuspected,
    SourceBackfilled,
    SourceFailed,
    SourceMoved,
    SourceRecovered,
    SourceRested,
    SourceSelfNamed,
    SourceSpoke,
    SourceStale,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


EVENTS: dict[str, type[Event]] = {
    kind.NAME: kind
    for kind in (
        SettingsAdopted, TopicsAdopted, StoriesAdopted, HouseAdopted,
        SourceAdded, SourceChanged, SourceRetired, SourceFailed, SourceRecovered,
        SourceStale, SourceSpoke, SourceMoved, SourceSelfNamed, SourceRested, GapSuspected, GapClosed, GapLeftOpen,
        SourceBackfilled, ItemObserved, ItemRevised, ItemWithdrawn, ItemRestored, ItemAliased, ItemTakenDown,
        ItemClassified, ItemDatesFound, ItemLinked, StoryJoined, LabelCorrected, ItemSuggested, ModelsTrained,
        IssuePublished, RecipientSubscribed, RecipientConfirmed, RecipientChanged, RecipientUnsubscribed,
        RecipientSuppressed, RecipientForgotten, ErratumIssued,
        MailDecided, MailAccepted, MailDeferred, MailRefused, MailUnconfirmed, MailReleased, MailDropped, MailBounced,
    )
}  # fmt: skip

FIELDS.update({kind: tuple(field.name for field in fields(kind)) for kind in EVENTS.values()})

# (name, version) -> the data one version on. Shape only: a change of meaning is a new event.
UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {
    ("item.observed", 1): lambda data: {**data, "quiet": False},
    ("item.classified", 1): lambda data: {**data, "mentions": []},
    ("topics.adopted", 1): lambda data: {**data, "institutions": []},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A fact in the log: `position` counts from 1 without gaps, `recorded_at` never falls.

    `payload` holds the publisher's words where they were asked for and have not been erased.
    """

    position: int
    recorded_at: datetime
    stream: str
    event: Event
    payload: bytes | None = None


def canonical(value: Any) -> bytes:
    """The one form in which a value is hashed and stored: RFC 8785, for values without fractions and ASCII keys.

    Raises:
        ValueError: for a value that is not plain JSON.
    """
    try:
        written = orjson.dumps(value, option=_CANONICAL)
    except orjson.JSONEncodeError as error:
        raise ValueError(f"this has no canonical form: {error}") from error
    if b"null" in written and not _finite(value):  # orjson writes null for what is no number
        raise ValueError("this has no canonical form: it holds a number without end, or none")
    return written


_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def _finite(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_finite, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def restore(name: str, version: int, data: dict[str, Any]) -> Event:
    """An event from what the log holds, brought up to the version of today.

    Raises:
        UnknownEvent: this program does not know the event, or only an older version of it.
    """
    kind = EVENTS.get(name)
    if kind is None or version > kind.VERSION:
        raise UnknownEvent(f"the log holds {name} version {version}, which this program does not know: upgrade it")
    try:
        for older in range(version, kind.VERSION):
            data = UPCASTS[name, older](data)
        return kind(**{key: tuple(value) if type(value) is list else value for key, value in data.items()})
    except (TypeError, LookupError, ValueError, AttributeError) as error:
        raise UnknownEvent(
            f"the log holds {name} version {version} with other fields than this program knows ({error}): upgrade it"
        ) from error


__all__ = [
    "EVENTS",
    "FIELDS",
    "OPEN_REASONS",
    "SUPPRESSIONS",
    "UPCASTS",
    "WAYS",
    "ErratumIssued",
    "Event",
    "GapClosed",
    "GapLeftOpen",
    "GapSuspected",
    "HouseAdopted",
    "IssuePublished",
    "ItemAliased",
    "ItemClassified",
    "ItemDatesFound",
    "ItemLinked",
    "ItemObserved",
    "ItemRestored",
    "ItemRevised",
    "ItemSuggested",
    "ItemTakenDown",
    "ItemWithdrawn",
    "LabelCorrected",
    "MailAccepted",
    "MailBounced",
    "MailDecided",
    "MailDeferred",
    "MailDropped",
    "MailRefused",
    "MailReleased",
    "MailUnconfirmed",
    "ModelsTrained",
    "RecipientChanged",
    "RecipientConfirmed",
    "RecipientForgotten",
    "RecipientSubscribed",
    "RecipientSuppressed",
    "RecipientUnsubscribed",
    "Recorded",
    "SettingsAdopted",
    "SourceAdded",
    "SourceBackfilled",
    "SourceChanged",
    "SourceFailed",
    "SourceMoved",
    "SourceRecovered",
    "SourceRested",
    "SourceRetired",
    "SourceSelfNamed",
    "SourceSpoke",
    "SourceStale",
    "StoriesAdopted",
    "StoryJoined",
    "TopicsAdopted",
    "canonical",
    "restore",
]
