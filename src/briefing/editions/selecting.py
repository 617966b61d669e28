"""What of all that is known belongs to an issue: by its day, by its topics, by when it became news."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from briefing.editions.calendars import coming
from briefing.editions.periods import bounds, first_day, last_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from briefing.model import Briefing, Change, Item, Meeting, Site, Topic


@dataclass(frozen=True, slots=True)
class Selection:
    """What comes into an issue; items newest first, changes oldest first, topics in their order, meetings by date.

    `period` are the items of the period with a topic of the briefing, `others` those without; `late` are earlier ones
    that became news in it.
    """

    topics: tuple[Topic, ...]
    period: tuple[Item, ...]
    late: tuple[Item, ...]
    others: tuple[Item, ...]
    changes: tuple[Change, ...]
    ahead: tuple[Meeting, ...] = ()

    @property
    def whole(self) -> tuple[Item, ...]:
        """Every item of the period, and those that came late; newest first."""
        return tuple(newest((*self.period, *self.others, *self.late)))


def newest(items: Iterable[Item]) -> list[Item]:
    """Items by their day, then by when they became news; the newest first."""
    return sorted(items, key=lambda item: (item.day, item.news_at, item.id), reverse=True)


def selected(
    *,
    briefing: Briefing,
    site: Site,
    period: str,
    items: Iterable[Item],
    changes: Iterable[Change],
    topics: Sequence[Topic],
    meetings: Iterable[Meeting],
) -> Selection:
    """What of these belongs to the issue of a period; see `issue.issue`.

    Raises:
        UsageError: there is no such period.
    """
    start, end = bounds(period, site.timezone)
    first, last = first_day(period).isoformat(), last_day(period).isoformat()
    wanted = frozenset(briefing.topics)

    def relevant(item: Item) -> bool:
        return not wanted or any(label.topic in wanted for label in item.labels)

    def said(item: Item) -> bool:
        """Whether an item stood in the period, or before: what it announces lay ahead then."""
        return relevant(item) and item.day <= last

    whole = newest(items)
    held = [item for item in whole if relevant(item)]
    within = (change for change in changes if start <= change.at < end and relevant(change.item))
    known = {topic.id: topic for topic in topics}
    told = (replace(one, statements=tuple(filter(lambda voice: said(voice.item), one.statements))) for one in meetings)
    return Selection(
        topics=tuple(known[topic] for topic in briefing.topics or known if topic in known),
        period=tuple(item for item in held if first <= item.day <= last),
        late=tuple(item for item in held if item.day < first and start <= item.news_at < end),
        others=tuple(item for item in whole if first <= item.day <= last and not relevant(item)),
        changes=tuple(sorted(within, key=lambda change: (change.at, change.position))),
        ahead=tuple(coming((one for one in told if one.statements), last_day(period))),
    )
