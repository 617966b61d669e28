"""What every page is made from: the read models, the configuration as adopted, the clock, the words for dates."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from briefing.editions.feeds import catalogue
from briefing.editions.weeks import week_of
from briefing.model import LONG_AGO, Site
from briefing.model import House as Style
from briefing.outputs.issue_words import country_words
from briefing.outputs.wording import country_name, day_words, moment_words, published_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from briefing.documents import FeedGroup
    from briefing.model import Briefing, Digest, Item, Source, Topic
    from briefing.projections import Library
    from briefing.service import Service

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NAMELESS = Site(title="Briefing", url="", language="en", timezone="UTC", contact="")


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The configuration as the log has it at a position; `sources` holds retired ones too, `active` does not."""

    position: int
    site: Site
    sources: Mapping[str, Source]
    active: tuple[Source, ...]
    topics: Mapping[str, Topic]
    digests: tuple[Digest, ...]
    briefings: tuple[Briefing, ...]
    feeds: tuple[FeedGroup, ...]
    style: Style = field(default_factory=Style)


_EMPTY = House(
    position=0, site=_NAMELESS, sources={}, active=(), topics={}, digests=(), briefings=(), feeds=()
)  # before anything was read


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What one page is made from. `base` stands before every address of ours: the path the site is mounted under."""

    house: House
    library: Library
    public: Path
    now: datetime
    base: str

    @property
    def site(self) -> Site:
        """Who publishes."""
        return self.house.site

    @property
    def place(self) -> str:
        """Whose clocks the site goes by: the city of its zone."""
        return self.site.timezone.rsplit("/", 1)[-1].replace("_", " ")

    @property
    def today(self) -> date:
        """The day it is in the site's zone."""
        return self.day_at(self.now)

    def day_at(self, moment: datetime) -> date:
        """The day of a moment in the site's zone."""
        return moment.astimezone(ZoneInfo(self.site.timezone)).date()

    def yesterday(self) -> datetime:
        """When yesterday began in the site's zone."""
        return datetime.combine(self.today - timedelta(days=1), time(), ZoneInfo(self.site.timezone))

    def source(self, item: Item) -> Source:
        """The source of an item, retired or not."""
        return self.house.sources[item.source]

    def country(self, code: str) -> str:
        """The name of a country: the site's own where it gives one."""
        return self.site.countries.get(code) or country_name(code)

    def country_words(self, source: Source) -> str:
        """What follows the name of an institution: its country, where the name does not hold it."""
        return country_words(replace(source, country=self.country(source.country)))

    def week(self) -> str | None:
        """The ISO week of today where it has an item, else the newest that has; None where nothing has."""
        newest = self.library.newest_day(self.today.isoformat())
        return week_of(newest) if newest else None

    # ------------------------------------------------------------ dates in words

    def when(self, moment: datetime) -> str:
        """A moment by the clocks of the site: 23 November 2026, 15:16 (Tokyo)."""
        return moment_words(moment, self.site.timezone)

    def briefly(self, moment: datetime) -> str:
        """The same where the page says whose clocks are meant: today, 15:16; 22 November 2026, 15:16."""
        local = moment.astimezone(ZoneInfo(self.site.timezone))
        return f"{'today' if local.date() == self.today else day_words(local)}, {local:%H:%M}"

    def published(self, item: Item) -> str:
        """When an item was published, by the clocks of its publisher, as precisely as is known."""
        return published_words(item.published, self.source(item).timezone)

    def named_day(self, day: date | str) -> str:
        """A day with its weekday, and with what it is to us: Yesterday, Sunday 22 November 2026."""
        day = date.fromisoformat(day) if isinstance(day, str) else day
        if day == LONG_AGO.date():
            return "No date given, in an archive when the source was first read"
        words = f"{_WEEKDAYS[day.weekday()]} {day_words(day)}"
        return {0: f"Today, {words}", 1: f"Yesterday, {words}"}.get((self.today - day).days, words)


class Frames:
    """Makes frames; the configuration is read again only when the read models have moved."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._house: House | None = None

    def make(self, base: str = "") -> Frame:
        """A frame of now.

        Raises:
            StoreError: the read models cannot be read.
        """
        position = self._service.desk.library.position()
        house = self._house
        if house is None or house.position != position or not position:
            house = self._house = self._read(position)
        return self._frame(house, base)

    def last(self, base: str = "") -> Frame:
        """A frame of what was read last, without asking the database: to say that something is wrong with it."""
        return self._frame(self._house or _EMPTY, base)

    def _frame(self, house: House, base: str) -> Frame:
        desk = self._service.desk
        return Frame(house=house, library=desk.library, public=desk.public, now=desk.clock(), base=base)

    def _read(self, position: int) -> House:
        library = self._service.desk.library
        sources, topics = library.sources(retired=True), library.topics()
        active = library.sources()
        site, digests, briefings = self._site(), library.digests(), library.briefings()
        return House(
            position=position,
            site=site,
            sources={source.id: source for source in sources},
            active=active,
            topics={topic.id: topic for topic in topics},
            digests=digests,
            briefings=briefings,
            feeds=catalogue(site, active, topics, digests, briefings),
            style=library.house(),
        )

    def _site(self) -> Site:
        try:
            return self._service.desk.library.site()
        except LookupError:  # nothing has been adopted yet
            settings = self._service.settings
            return settings.site if settings is not None else _NAMELESS
