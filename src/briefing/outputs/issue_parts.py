"""The later parts of an issue in words, the same in every format: what is new, what was left out, the annex. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from briefing.outputs import ahead_words
from briefing.outputs.addresses import absolute
from briefing.outputs.names import country_name
from briefing.outputs.wording import (
    count_words,
    day_words,
    listed,
    moment_words,
    period_words,
    published_words,
    quoted,
    removal_words,
)
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefing.documents import (
        Alteration,
        Announced,
        Coverage,
        Erratum,
        Inventory,
        Issue,
        Lapse,
        LeftOut,
        Reference,
        Section,
    )
    from briefing.model import Item

NO_LEFT = "Nothing was left out before this annex."
NO_UNDATED = "Every item of this period has a date."
NO_PERIOD = "There is no item to list."
NO_CORRECTIONS = "No correction to an earlier issue was issued in this period."
UNDATED = "Their publishers give no date that can be read; they stand under the day on which they were first seen."
ALL = (
    "Every item of the period by its source. A number leads to the list of sources, or stands for the item itself "
    "where only this annex names it; what has none carries no topic of this briefing, or tells what another item does."
)
FIGURES = "The figures behind the charts stand in the annex."
ANNEX = "The sources of what stands above, what it left out, and everything else of the period."
READOUTS = "What each side tells of one event, by its own clocks."

COVERAGE_ROWS = 6  # of sources that could not be read before the annex
LAPSE_ROWS = 3  # of possible gaps
_REVISED = 8  # of what is new in a version


# ---------------------------------------------------------------- what stands where


def annexed(issue: Issue) -> frozenset[int]:
    """The numbers that only the annex explains."""
    sections = (*issue.statements, *issue.topics, *issue.analysis)
    before = {one.number for section in sections for one in (*section.references, *section.see)}
    before |= {one.number for one in (*issue.highlights, *(change.reference for change in issue.changed))}
    before |= {voice.number for entry in issue.ahead for voice in entry.voices}
    names = {item.id for part in issue.annex for item in part.items}
    names |= {change.reference.item.id for change in issue.changed_left}
    return frozenset(one.number for one in issue.references if one.number not in before and one.item.id in names)


def elsewhere(issue: Issue) -> tuple[Reference, ...]:
    """What only the annex names and no list of the period holds: earlier items with a change that was kept out."""
    behind, held = annexed(issue), {item.id for part in issue.annex for item in part.items}
    return tuple(one for one in issue.references if one.number in behind and one.item.id not in held)


def listed_sources(issue: Issue) -> tuple[Reference, ...]:
    """The list of sources: all but what only the annex names."""
    behind = annexed(issue)
    return tuple(one for one in issue.references if one.number not in behind)


def numbers(issue: Issue) -> dict[str, Reference]:
    """The references of an issue by the ids of their items."""
    return {one.item.id: one for one in issue.references}


def coverage_rows(issue: Issue) -> tuple[Sequence[Coverage], Sequence[Coverage]]:
    """Sources that could not be read: those in the coverage box, and those that are told of in the annex."""
    return issue.coverage[:COVERAGE_ROWS], issue.coverage[COVERAGE_ROWS:]


def lapse_rows(issue: Issue) -> tuple[Sequence[Lapse], Sequence[Lapse]]:
    """Possible gaps in the coverage box, and in the annex."""
    return issue.lapses[:LAPSE_ROWS], issue.lapses[LAPSE_ROWS:]


def more_coverage(issue: Issue) -> str:
    """Where the rest of the coverage stands; empty for none."""
    parts = []
    if rest := coverage_rows(issue)[1]:
        parts.append(count_words(len(rest), "source"))
    if gaps := lapse_rows(issue)[1]:
        parts.append(count_words(len(gaps), "gap"))
    return f"{listed(parts)} more in the annex." if parts else ""


# ---------------------------------------------------------------- front matter


def name(issue: Issue) -> str:
    """What an issue is called: its id, for a day with the ISO week."""
    if issue.kind != "day":
        return issue.period
    year, week, _ = issue.first.isocalendar()
    return f"{issue.period} ({year}-W{week:02})"


def zone(issue: Issue) -> str:
    """The place by whose clocks the issue counts its days."""
    return issue.timezone.rsplit("/", 1)[-1].replace("_", " ")


def span(issue: Issue) -> str:
    """The period as its days and the moment it is open to, by the clocks of the issue."""
    behind = issue.last + timedelta(days=1)
    return f"{period_words(issue.first, issue.last)}, ending before {day_words(behind)}, 00:00 ({zone(issue)})"


def counts(issue: Issue) -> str:
    """How many items have numbers, and how many of them stand before the annex."""
    before = len(listed_sources(issue))
    whole = f"{len(issue.references):,}"
    return whole if before == len(issue.references) else f"{whole}, {before:,} before the annex"


def revised(issue: Issue) -> tuple[list[tuple[str, int]], str]:
    """What this version has new, with numbers; and how much more of that there is, empty for none."""
    rows = [(one_line(one.what), one.number) for one in issue.revised]
    rest = len(rows) - _REVISED
    return rows[:_REVISED], f"{rest:,} more differ; they stand in the annex or in their places." if rest > 0 else ""


def revised_title(issue: Issue) -> str:
    """The heading above what this version has new."""
    return f"New since version {issue.supersedes}"


# ---------------------------------------------------------------- sections


def heading(section: Section) -> str:
    """A heading: a country's code becomes its name, those of a readout the names of its sides."""
    title = one_line(section.title)
    if not section.beside:
        return country_name(title)
    return f"{listed([country_name(one) for one in title.split('+')])} on one event"


def left(section: Section) -> str:
    """That items of a section stand in the annex alone; empty where none do."""
    return f"{section.left:,} more in the annex." if section.left else ""


def changed_left(issue: Issue) -> str:
    """That changes stand in the annex alone."""
    return f"{len(issue.changed_left):,} more in the annex." if issue.changed_left else ""


def left_out(one: LeftOut) -> str:
    """A line on what the limits kept out: Official statements: Japan: 12 items (limit: 8 of one source)."""
    part, colon, code = one_line(one.where).partition(": ")
    where = f"{part}: {country_name(code)}" if colon and re.fullmatch("[A-Z]{2}", code) else one_line(one.where)
    return f"{where}: {count_words(one.count, 'item')} (limit: {one.limit})"


def left_summary(issue: Issue) -> str:
    """One sentence on what was left out before the annex."""
    total = sum(one.count for one in issue.left_out)
    how = "by these limits" if total == 1 else "by these limits, each counted once, under its topic before its country"
    return f"{count_words(total, 'item')} left out before this annex, {how}:" if total else NO_LEFT


# ---------------------------------------------------------------- items


def twin(reference: Reference) -> str:
    """The title that the publisher itself gives in the language of the issue; empty where there is none."""
    found = reference.twin
    if found is None or found.removal is not None or not found.title or reference.item.removal is not None:
        return ""
    return f"[{quoted(one_line(found.title), found.language)}, the publisher’s own translation]"


def licence(reference: Reference) -> str:
    """The licence of a publisher's texts; empty where it names none."""
    return f"licence: {one_line(reference.source.licence)}" if reference.source.licence else ""


def dates(item: Item, zone: str | None) -> str:
    """The date of publication as it was read and, where that says more, as it was written."""
    read = published_words(item.published, zone)
    raw = one_line(item.published.raw)
    return (
        f"{read}, given as “{raw}”"
        if raw and item.published.value and raw not in (read, item.published.value)
        else read
    )


def first_seen(issue: Issue, change: Alteration) -> str:
    """When the item of a change was first seen."""
    return f"first seen {moment_words(change.reference.item.seen_at, issue.timezone)}"


def difference(issue: Issue, change: Alteration) -> str:
    """Where all versions of an item stand beside each other; empty where nothing was revised."""
    if change.kind != "revised" or change.reference.item.removal is not None:
        return ""
    return absolute(issue.site_url, f"items/{change.reference.item.id}/changes")


# ---------------------------------------------------------------- the annex


def announced(entry: Announced) -> str:
    """What lies ahead on one line: when, what, and who says so, with their numbers where they have some."""
    who = dict.fromkeys(
        f"{one_line(voice.source.name)}{f' [{voice.number}]' if voice.number else ''}" for voice in entry.voices
    )
    return f"{ahead_words.heading(entry)}: {ahead_words.headline(entry)}; {', '.join(who)}"


def ahead_rows(issue: Issue) -> list[tuple[Announced, str]]:
    """What more lies ahead, each line once; behind one that says what several announce alike, how many do."""
    alike = Counter(map(announced, issue.ahead_more))
    rows = {announced(one): one for one in reversed(issue.ahead_more)}
    return [(rows[line], f" ({count:,} announcements)" if count > 1 else "") for line, count in alike.items()]


def inventory_title(part: Inventory) -> str:
    """A source of the annex with the number of its items."""
    country = country_name(part.source.country)
    place = f", {country}" if country and country not in part.source.name else ""
    return f"{one_line(part.source.name)}{place}: {count_words(len(part.items), 'item')}"


def row_date(item: Item, zone: str | None) -> str:
    """When an item was published, in a row of the annex; of one without a date, when it was first seen."""
    if item.published.value is None:
        return f"no date, first seen {day_words(item.seen_at.date())}"
    return published_words(item.published, zone)


def row_title(issue: Issue, item: Item) -> str:
    """The title of an item in a row of the annex; its address where it has none, that it was removed where it was."""
    if item.removal is not None:
        return removal_words(item.removal, issue.timezone)
    return one_line(item.title) or item.url or "Without a title"


@dataclass(frozen=True, slots=True)
class Row:
    """An item in the list of the annex: its reference, None where it has no number; `alone` says that nothing but this
    row says where it comes from; `notes` what else there is to say.
    """

    item: Item
    reference: Reference | None
    alone: bool
    notes: tuple[str, ...]


def rows(issue: Issue) -> list[tuple[Inventory, list[Row]]]:
    """The list of the annex: each source with its items."""
    known, behind = numbers(issue), annexed(issue)
    told = {one.item.id: ref.number for ref in issue.references for one in ref.told if one.item.id not in known}

    def row(item: Item) -> Row:
        held = known.get(item.id)
        alone = held is not None and held.number in behind
        return Row(item, held, alone, tuple(_notes(issue, item, told.get(item.id))))

    return [(part, [row(item) for item in part.items]) for part in issue.annex]


def _notes(issue: Issue, item: Item, told: int | None) -> Iterator[str]:
    if told:
        yield f"told under [{told}]"
    if item.day < issue.first.isoformat():
        yield "came late"
    if item.state == "withdrawn":
        yield "withdrawn by its publisher"
    elif item.revisions > 1 and item.removal is None:
        yield f"{count_words(item.revisions, 'version')} held"


def correction(issue: Issue, erratum: Erratum) -> str:
    """Which issue an erratum corrects, and where in it: Issue 2017-W11, version 1, [3]: what changed."""
    change = erratum.alteration
    told = f"Issue {erratum.period}, version {erratum.version}, source [{erratum.number}]"
    title = one_line(change.reference.item.title) if change.reference.item.removal is None else ""
    name_ = f" {quoted(title, change.reference.item.language)}" if title else ""
    return f"{told}:{name_} {one_line(change.what)} Seen {moment_words(change.at, issue.timezone)}."


def correction_address(issue: Issue, erratum: Erratum) -> str:
    """The version that an erratum corrects."""
    return absolute(issue.site_url, f"briefings/{erratum.briefing}/{erratum.period}/v{erratum.version}/")
