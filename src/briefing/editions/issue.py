"""One issue of a briefing: which items it holds, who stands where, under which number, quoted how.

Before the annex an item is printed once. Official statements (of ministries and intergovernmental bodies) stand in full
under their best topic: the highest score, of equals the first in the order of the briefing. The part by country begins
with the readouts of one event by several countries, in full and side by side; it lists the others as cross-references,
and in full only those that no topic takes. Analysis (think tanks, media) stands apart, in full by country of its
institution, with cross-references from the topics. What the limits of the briefing keep out is counted at its heading.

The annex lists every item of the period. Whatever carries a topic of the briefing has a number: first what stands
before the annex, in the order in which a reader meets it, then late arrivals, then what only the annex names. Items
without a topic have none, nor have those that tell what another of their side tells.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from briefing.documents import Coverage, Issue, Lapse, Mention
from briefing.editions.annex import inventories, undated
from briefing.editions.calendars import announced
from briefing.editions.limits import Room
from briefing.editions.periods import bounds, first_day, kind_of, last_day
from briefing.editions.placing import Places
from briefing.editions.selecting import selected
from briefing.editions.setting import Desk, Page, ordered
from briefing.editions.told import Told
from briefing.editions.versions import revised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from briefing.documents import Erratum
    from briefing.editions.limits import Shown
    from briefing.model import (
        Briefing,
        Change,
        Gap,
        Health,
        Issued,
        Item,
        ItemId,
        Meeting,
        Revision,
        Site,
        Source,
        SourceId,
        Story,
        Topic,
    )

OTHERS = 100  # items without a topic of the briefing that stand in `Issue.others`; the rest is counted

_UNREAD = frozenset({"failing", "blocked", "gone", "stale"})


def issue(
    *,
    briefing: Briefing,
    site: Site,
    period: str,
    version: int,
    supersedes: int,
    position: int,
    as_of: datetime,
    items: Iterable[Item],
    changes: Iterable[Change],
    sources: Mapping[SourceId, Source],
    health: Sequence[Health],
    topics: Sequence[Topic],
    texts: Mapping[ItemId, Revision],
    root: str = "",
    order: Sequence[str] = (),
    gaps: Iterable[Gap] = (),
    stories: Iterable[Story] = (),
    meetings: Iterable[Meeting] = (),
    corrections: Sequence[Erratum] = (),
    twins: Mapping[ItemId, Item] | None = None,
    before: Issued | None = None,
    kept: Mapping[ItemId, Item] | None = None,
    since: Iterable[Change] = (),
    length: Callable[[Issue], int] | None = None,
) -> Issue:
    """The issue of a period, version `version`, from what is known at log position `position`, recorded at `as_of`.

    `items` holds at least those whose day lies in the period and those that became news in it; a late arrival became
    news in the period but belongs to an earlier day (what stood in an archive when its source was first read is not
    late). `changes` holds at least those of the period. What lies outside is passed over. `sources` holds retired ones
    too, `health` the active ones; `texts` the held versions that are quoted (the lead stands in where one is missing),
    `root` the root of the log at `position` (base64). `order` is that of the numbers, where they were given once: what
    was quoted as [3] stays [3], though an item before it was taken down since. An item that was taken down keeps its
    places, and has no words in them. `gaps` holds at least those that reach into the period, `meetings` those that end
    behind it. Each of the `stories` is printed once for each country whose officials tell it, and once where none do,
    and names who else tells it. `corrections` are the errata that were issued in the period. `twins` are items in the
    language of the site that are their publishers' own translations, by the item they translate. `before` is the
    version published last, `kept` are items of it (and of `order`) that may belong here no longer, `since` the changes
    behind its place in the log. `length` counts the words of an issue before its annex: without it the limit of words
    is none.

    Raises:
        UsageError: there is no such period.
    """
    chosen = selected(
        briefing=briefing, site=site, period=period, items=items, changes=changes, topics=topics, meetings=meetings
    )
    told = Told(stories, sources)
    once = told.once(chosen.period)
    others = told.once(chosen.others, chosen.period)
    places = Places(once, chosen.topics, sources, told)
    room = Room(chosen, places, briefing.limits)
    by_topic = {topic.id: topic for topic in topics}
    ahead = {one.id: announced(one, sources, by_topic, site.language) for one in chosen.ahead}
    desk = Desk(
        chosen=replace(chosen, period=once),
        places=places,
        sources=sources,
        texts=texts,
        told=told,
        twins=twins or {},
        order=ordered(order),
        kept=kept or {},
    )
    behind = tuple(since)
    said = {one.item.id for meeting in chosen.ahead for one in meeting.statements}
    base = Issue(
        briefing=briefing.id,
        title=briefing.title,
        site_title=site.title,
        site_url=site.url,
        language=site.language,
        timezone=site.timezone,
        contact=site.contact,
        period=period,
        first=first_day(period),
        last=last_day(period),
        version=version,
        supersedes=supersedes,
        position=position,
        as_of=as_of,
        sources_ok=len(health) - len(coverage := _coverage(health, sources)),
        sources_total=len(health),
        languages=(),
        highlights=(),
        coverage=coverage,
        statements=(),
        topics=(),
        analysis=(),
        changed=(),
        late=(),
        references=(),
        topic_list=chosen.topics,
        others=tuple(Mention(item=item, source=sources[item.source]) for item in others[:OTHERS]),
        others_left=max(0, len(others) - OTHERS),
        root=root,
        lapses=_lapses(gaps, sources, bounds(period, site.timezone)),
        kind=kind_of(period),
        annex=inventories(chosen.whole, sources),
        undated=undated(chosen.whole, sources),
        corrections=tuple(corrections),
        words=briefing.limits.words,
        licence=site.licence,
    )

    def made(shown: Shown) -> Issue:
        printed, coming = {change.position for change in shown.changes}, {one.id for one in shown.ahead}
        page = Page(desk, shown)
        return replace(
            base,
            languages=tuple(sorted({item.language for item in page.here.values()})),
            highlights=page.highlights(),
            statements=page.statements(),
            topics=page.topics(),
            analysis=page.analysis(),
            changed=page.changed(shown.changes),
            changed_left=page.changed(one for one in chosen.changes if one.position not in printed),
            late=page.refer(chosen.late),
            references=page.references,
            ahead=tuple(page.announced(ahead[one.id]) for one in shown.ahead),
            ahead_left=len(chosen.ahead) - len(shown.ahead),
            ahead_more=tuple(page.announced(ahead[one.id]) for one in chosen.ahead if one.id not in coming),
            left_out=page.left_out(room, briefing.limits.words),
            revised=revised(before, page.references, page.news, said, behind),
        )

    return made(room.fill(None if length is None else lambda shown: length(made(shown))))


def _coverage(health: Iterable[Health], sources: Mapping[SourceId, Source]) -> tuple[Coverage, ...]:
    """The sources that could not be read or were silent beyond their rhythm, and those never read; by their ids."""
    unread = (one for one in health if one.state in _UNREAD or (one.state == "new" and one.last_success is None))
    return tuple(Coverage(source=sources[one.source], health=one) for one in sorted(unread, key=lambda one: one.source))


def _lapses(
    gaps: Iterable[Gap], sources: Mapping[SourceId, Source], span: tuple[datetime, datetime]
) -> tuple[Lapse, ...]:
    """The possible gaps that reach into the period, those left open first; then by time."""
    start, end = span
    within = (gap for gap in gaps if gap.since < end and gap.until > start)
    ordered = sorted(within, key=lambda gap: (gap.state != "open", gap.since, gap.position))
    return tuple(Lapse(source=sources[gap.source], gap=gap) for gap in ordered)
