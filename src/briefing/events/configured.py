"""Facts on the configuration: what an editor says from here on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from briefing.events.base import Event

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsAdopted(Event):
    """Site, digests and briefings as configured from here on: all that documents take from the configuration."""

    NAME: ClassVar[str] = "settings.adopted"
    site: Mapping[str, Any]
    digests: tuple[Mapping[str, Any], ...]
    briefings: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsAdopted(Event):
    """The topics with their phrases from here on; `rules` is the hash that labels name as their reason.

    `institutions` are those that texts are searched for.
    """

    NAME: ClassVar[str] = "topics.adopted"
    VERSION: ClassVar[int] = 2
    rules: str
    topics: tuple[Mapping[str, Any], ...]
    institutions: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseAdopted(Event):
    """How documents look from here on: what differs from the usual `house` style, and the texts of own `templates`.

    The words of templates stand here whole, so that what was made with them can be made again.
    """

    NAME: ClassVar[str] = "house.adopted"
    house: Mapping[str, str]
    templates: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoriesAdopted(Event):
    """When items tell of one event, from here on: what differs from the usual `rules`."""

    NAME: ClassVar[str] = "stories.adopted"
    rules: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAdded(Event):
    """A source was switched on. `spec` is its configuration."""

    NAME: ClassVar[str] = "source.added"
    source: str
    spec: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChanged(Event):
    """A source's configuration changed."""

    NAME: ClassVar[str] = "source.changed"
    source: str
    spec: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRetired(Event):
    """A source was switched off or taken out; its items stay."""

    NAME: ClassVar[str] = "source.retired"
    source: str
