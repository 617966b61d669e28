"""What is right after each round, as data: the demo and the tests check themselves against it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from briefing.demo.dates import iso_week

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from briefing.demo.content import Publication
    from briefing.demo.world import World

SITE_ZONE = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedItem:
    """A publication that must be held: `path` is its address below the world's, `published` ISO 8601 in the source's
    zone cut to `precision` (`day` or `minute`), both None where the publisher gives no date.
    """

    source: str
    path: str
    title: str
    language: str
    published: str | None
    precision: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a service holds that collected every round up to `round`.

    `items` counts publications per source, whatever happened to them since; `new` names the titles that this round
    brought; `revised` and `withdrawn` hold the paths of those changed up to now (seen on `--recheck`, withdrawal under
    `--confirm-withdrawn`); `failing` gives the class of failure (`errors.FAILURES`) of each source that cannot be read;
    `renamed_ids` the sources whose ids changed, without a new item or revision; `languages` counts the items by the
    language of their text; `week` is the last full ISO week and `week_items` the paths of what is dated in it.
    """

    round: int
    known: tuple[ExpectedItem, ...]
    items: Mapping[str, int]
    new: Mapping[str, tuple[str, ...]]
    revised: Mapping[str, tuple[str, ...]]
    withdrawn: Mapping[str, tuple[str, ...]]
    failing: Mapping[str, str]
    renamed_ids: tuple[str, ...]
    languages: Mapping[str, int]
    week: str
    week_items: tuple[str, ...]


def expected(world: World, number: int | None = None) -> Expected:
    """What is right after a round, by default the one the world is in, all rounds before it collected."""
    number = world.round if number is None else number
    week = iso_week(world.today - timedelta(weeks=1))
    held = [item for item in world.publications if _seen_in(item, number)]
    places = world.institutions
    return Expected(
        round=number,
        known=tuple(_known(item) for item in held),
        items=dict(Counter(item.institution.id for item in held)),
        new=_by_source([item for item in held if item.first == number], "title"),
        revised=_by_source([item for item in held if _revised(item, number)], "path"),
        withdrawn=_by_source([item for item in held if not item.shown(number)], "path"),
        failing={place.id: "not-a-feed" for place in places if not place.readable(number)},
        renamed_ids=tuple(place.id for place in places if place.new_ids_from and place.new_ids_from <= number),
        languages=dict(Counter(item.language for item in held)),
        week=week,
        week_items=tuple(item.path for item in held if item.dated and iso_week(_site_day(item)) == week),
    )


def _seen_in(item: Publication, number: int) -> bool:
    """Whether some round up to `number` showed it where the source could be read."""
    return any(item.shown(turn) and item.institution.readable(turn) for turn in range(1, number + 1))


def _revised(item: Publication, number: int) -> bool:
    return item.shown(number) and item.text(number) != item.text(item.first)


def _precision(item: Publication) -> str:
    return "day" if item.institution.form in {"days", "eras"} else "minute"


def _site_day(item: Publication) -> date:
    """The day an item belongs to: as printed where only a day is, else that of its minute in the site's zone."""
    return (item.published if _precision(item) == "day" else item.published.astimezone(SITE_ZONE)).date()


def _known(item: Publication) -> ExpectedItem:
    day = _precision(item) == "day"
    stamp = item.published.date().isoformat() if day else item.published.isoformat()
    return ExpectedItem(
        source=item.institution.id,
        path=item.path,
        title=item.title,
        language=item.language,
        published=stamp if item.dated else None,
        precision=_precision(item) if item.dated else None,
    )


def _by_source(items: list[Publication], field: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for item in items:
        place = item.institution.id
        found[place] = (*found.get(place, ()), getattr(item, field))
    return found
