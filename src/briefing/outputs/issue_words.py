"""The sentences of an issue that every format prints alike. English; pure.

A format decides how a thing is set, never what it says: so the numbers, dates and words of the page, the Markdown and
the plain text are the same.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from briefing.model import UNREAD_PDF
from briefing.outputs import issue_parts
from briefing.outputs.addresses import absolute
from briefing.outputs.wording import (
    count_words,
    country_name,
    failure_words,
    gap_words,
    institution_words,
    language_name,
    listed,
    moment_words,
    period_words,
    published_words,
    quoted,
    removal_words,
    state_words,
    status_words,
)
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefing.documents import Alteration, Coverage, Issue, Lapse, Mention, Reference, Section
    from briefing.model import Health, Item, Source

INTERFACE = "en"  # the language of all words that are ours

NO_ITEMS = "No items"
NO_HIGHLIGHTS = "No items in this period."
NO_STATEMENTS = "No official statements in this period."
NO_ANALYSIS = "No analysis in this period."
NO_CHANGES = "No change to what had been published was seen."
NO_LATE = "No late arrivals: nothing published earlier was first seen in this period."
NO_OTHERS = "Every item of this period carries a topic of this briefing."
NO_AHEAD = "Nothing was announced for the time after this period."
AHEAD = "What statements announce for the time after this period, each date as exact as it was said."
OTHERS = "Published in this period, and under none of the topics of this briefing."
PROOF = (
    "The log this issue was made from can be checked against the signed checkpoint, and the issue against its hash: "
    "the SHA-256 of the canonical form (RFC 8785) of briefing.json without its key sha256."
)
NO_TOPICS = "No topics are set for this briefing."
NO_SOURCES = "No sources: nothing was published in this period."
QUOTED = (
    "Sentences in quotation marks are the publishers’ own, in the original language; numbers in brackets lead to the "
    "list of sources."
)

_KINDS = {"revised": "Revised", "withdrawn": "Withdrawn", "restored": "Published again", "removed": "Removed here"}
_ANALYSTS = frozenset({"think-tank", "media"})
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Gap:
    """A row of the coverage table: how it stands with a source that could not be read."""

    state: str
    since: str
    why: str
    last_read: str


# ---------------------------------------------------------------- the issue


def latest(issue: Issue) -> str:
    """Where the newest version of the issue is to be found, whichever that is."""
    return absolute(issue.site_url, f"briefings/{issue.briefing}/{issue.period}/")


def address(issue: Issue) -> str:
    """Where this very version stays for good."""
    return f"{latest(issue)}v{issue.version}/"


def addresses(issue: Issue) -> tuple[tuple[str, str], ...]:
    """Labels and addresses of this version, the one it takes the place of, and the newest."""
    rows = [("This version", address(issue)), ("Newest version", latest(issue))]
    if issue.supersedes:
        rows.insert(1, (f"Version {issue.supersedes}", f"{latest(issue)}v{issue.supersedes}/"))
    return tuple(rows)


def period(issue: Issue) -> str:
    """The days of the issue and the zone they are counted in."""
    return f"{period_words(issue.first, issue.last)} (days of {issue_parts.zone(issue)})"


def version(issue: Issue) -> str:
    """The version, and the one it takes the place of."""
    if not issue.supersedes:
        return f"{issue.version}"
    return f"{issue.version}, in place of version {issue.supersedes}"


def front(issue: Issue) -> tuple[tuple[str, str], ...]:
    """The front matter: labels and what stands beside them."""
    read = f"{issue.sources_ok:,} of {count_words(issue.sources_total, 'source')} read"
    failing = issue.sources_total - issue.sources_ok
    rows = (
        ("Issue", issue_parts.name(issue)),
        ("Period", issue_parts.span(issue)),
        ("Version", version(issue)),
        ("Made from", f"the log up to position {issue.position:,}, {moment_words(issue.as_of, issue.timezone)}"),
        ("Sources", f"{read}, {failing:,} failing" if failing else read),
        ("Items", issue_parts.counts(issue)),
        ("Languages", listed([language_name(code) for code in issue.languages]) or "none"),
        ("Licence", one_line(issue.licence)),
        ("Contact", issue.contact.removeprefix("mailto:")),
    )
    return tuple((label, value) for label, value in rows if value)


def citation(issue: Issue) -> str:
    """How this very version is quoted."""
    return (
        f"{one_line(issue.site_title)}, {one_line(issue.title)}, issue {issue.period}, version {issue.version}, "
        f"{period_words(issue.first, issue.last)}, log position {issue.position:,}, {address(issue)}"
    )


def checkpoint(issue: Issue) -> str:
    """Where the signed checkpoint of the log that the issue was made from is published."""
    return absolute(issue.site_url, f"log/checkpoints/{issue.position}")


def coverage_summary(issue: Issue) -> str:
    """One sentence on how much was read: silence of a source must not be taken for calm."""
    gaps = issue.sources_total - issue.sources_ok
    if not gaps and not issue.coverage:
        total = issue.sources_total
        subject = "The one source was" if total == 1 else f"All {count_words(total, 'source')} were"
        return f"{subject} read to the end of the period." if total else "No sources are set."
    silent = sum(missing.health.state == "stale" for missing in issue.coverage)
    unread = max(gaps, len(issue.coverage)) - silent
    parts = [(unread, "could not be read")] if unread or not silent else []
    parts += [(silent, "had nothing new for longer than usual")] if silent else []
    told = " and ".join(f"{count_words(number, 'source')} of {issue.sources_total:,} {what}" for number, what in parts)
    return f"{told}; where a source is silent here, it may still have published."


def gap(issue: Issue, missing: Coverage) -> Gap:
    """A source that could not be read, in words."""
    health = missing.health
    new = health.state == "new" and not health.failure
    why = "it has not been asked yet" if new else failure_words(health.failure, health.status)
    if health.state == "stale":
        why = "it can be read, but had nothing new for longer than its own rhythm"
    detail = one_line(health.detail)
    return Gap(
        state=state_words(health.state),
        since=moment_words(health.since, issue.timezone) if health.since else "it was added" if new else "not known",
        why=f"{why}: {detail}" if detail and detail not in why else why,
        last_read=_last_read(issue, health),
    )


def lapses_summary(issue: Issue) -> str:
    """One sentence on possible gaps; empty where there is none."""
    if not issue.lapses:
        return ""
    left = sum(lapse.gap.state == "open" for lapse in issue.lapses)
    told = f"{count_words(len(issue.lapses), 'possible gap')}, where a list moved on further than it is long"
    return f"{told}: {left:,} open, {len(issue.lapses) - left:,} closed."


def lapse(issue: Issue, held: Lapse) -> tuple[str, str]:
    """The stretch of a possible gap, and how it stands."""
    zone = issue.timezone
    return f"{moment_words(held.gap.since, zone)} to {moment_words(held.gap.until, zone)}", gap_words(held.gap)


def _last_read(issue: Issue, health: Health) -> str:
    """When a source was last read; the log knows of failures and of items, not of each quiet visit."""
    if health.last_success is not None:
        return moment_words(health.last_success, issue.timezone)
    if health.state == "stale":
        return "to the end of the period"
    return "until then" if health.items else "never"


# ---------------------------------------------------------------- items


def mention(named: Mention) -> str:
    """Who published an item that is only named, and when."""
    return f"{source_words(named.source)}, {published_words(named.item.published, named.source.timezone)}"


def others_left(issue: Issue) -> str:
    """How many items are not even named; empty for none."""
    return f"{issue.others_left} more are not named here." if issue.others_left else ""


def source_words(source: Source) -> str:
    """An institution and its country: `Ministry of Harbours, Japan`."""
    return one_line(source.name) + country_words(source)


def country_words(source: Source) -> str:
    """What follows the name of an institution: its country, where the name does not hold it."""
    country = country_name(source.country)
    return f", {country}" if country and country not in source.name else ""


def byline(reference: Reference) -> str:
    """Who published an item and when, by the clocks of its publisher."""
    return f"{source_words(reference.source)}, {published(reference)}"


def spoken(reference: Reference) -> str:
    """When an item was published, and by whom, under a heading that names the country."""
    return f"{day(reference)}, {one_line(reference.source.name)}"


def day(reference: Reference) -> str:
    """The day on which an item was published, as far as that is known."""
    when = reference.item.published
    if when.precision == "minute" and when.value:
        when = replace(when, value=when.value[:10], precision="day")
    return published_words(when)


def see_also(section: Section) -> tuple[tuple[str, int], ...]:
    """Cross-references of a section: who published an item, and its number."""
    return tuple((one_line(one.source.name), one.number) for one in section.see)


def twin(reference: Reference) -> str:
    """The title that the publisher itself gives in the language of the issue, marked as such; empty for none."""
    return issue_parts.twin(reference)


def difference(issue: Issue, change: Alteration) -> str:
    """Where all versions of a revised item stand beside each other; empty for other changes."""
    return issue_parts.difference(issue, change)


def published(reference: Reference) -> str:
    """When an item was published, as far as is known."""
    return published_words(reference.item.published, reference.source.timezone)


def title(reference: Reference) -> str:
    """The title of an item; its address where it has none."""
    return one_line(reference.item.title) or reference.item.url or "Without a title"


def headline(issue: Issue, reference: Reference) -> str:
    """What stands for an item where nothing else of it does: its title, or that it was removed, when and why."""
    return removal(issue, reference.item) or title(reference)


def removal(issue: Issue, item: Item) -> str:
    """That an item was removed, when and why; empty for all others."""
    return removal_words(item.removal, issue.timezone) if item.removal is not None else ""


def mentioned(issue: Issue, named: Mention) -> str:
    """The title of an item that is only named, or that it was removed."""
    return removal(issue, named.item) or one_line(named.item.title)


def cited(reference: Reference) -> str:
    """A title between the quotation marks of its language; what stands for the title of a removed item is no quote."""
    if reference.item.removal is not None:
        return title(reference)
    return quoted(title(reference), reference.item.language)


def language(item: Item) -> str:
    """The language of what is printed of an item: where it was removed that is our own."""
    return INTERFACE if item.removal is not None else item.language


def notes(issue: Issue, reference: Reference) -> tuple[str, ...]:
    """What a reader must know of an item beside its words: its history, and where else it belongs."""
    item = reference.item
    found = [removal(issue, item)] if item.removal is not None else []
    if item.state == "withdrawn":
        found.append("Withdrawn by its publisher")
    if item.revisions > 1 and item.removal is None:
        found.append(f"{count_words(item.revisions, 'version')} held")
    if reference.source.institution in _ANALYSTS:
        kind = institution_words(reference.source.institution)
        found.append(kind[0].upper() + kind[1:])
    if item.authors:
        found.append(f"By {listed([one_line(name) for name in item.authors])}")
    if reference.also:
        found.append(f"Also: {', '.join(topic_name(issue, topic) for topic in reference.also)}")
    others = [one_line(one.source.name) for one in reference.told if one.source.id != reference.source.id]
    if others:
        found.append(f"Also told by {listed(list(dict.fromkeys(others)))}")
    if item.noted:
        said = one_line(item.noted)
        found.append(said if said.startswith(UNREAD_PDF) else f"Text not read: {said}")
    return tuple(found)


def first_seen(issue: Issue, reference: Reference) -> str:
    """When the version held of an item was first seen, by the clocks of the issue."""
    return moment_words(reference.item.changed_at, issue.timezone)


def details(issue: Issue, reference: Reference) -> tuple[str, ...]:
    """The line of the list of sources below the title, in parts."""
    parts = [
        f"{institution_words(reference.source.institution)}, {language_name(reference.item.language)}",
        *filter(None, [status_words(reference.source.text_status), issue_parts.licence(reference)]),
        f"published: {issue_parts.dates(reference.item, reference.source.timezone)}",
        f"retrieved: {first_seen(issue, reference)}",
    ]
    if reference.item.removal is not None:
        gone = removal(issue, reference.item)
        parts.append(gone[0].lower() + gone[1:])
    elif reference.item.state == "withdrawn":
        parts.append("withdrawn by its publisher")
    elif reference.item.revisions > 1:
        parts.append(f"{count_words(reference.item.revisions, 'version')} held")
    return tuple(parts)


def topic_name(issue: Issue, topic: str) -> str:
    """The name of a topic of the issue; what is no known id comes back as it is."""
    names = {known.id: known.name for known in issue.topic_list} | {part.id: part.title for part in issue.topics}
    return names.get(topic, topic)


def heading(section: Section) -> str:
    """A heading; a country's code becomes its name."""
    return issue_parts.heading(section)


def places(issue: Issue) -> dict[int, str]:
    """Under which heading each item is printed, by its number."""
    chapters = (("statements", issue.statements), ("", issue.topics), ("analysis", issue.analysis))
    return {
        reference.number: f"{heading(section)} ({chapter})" if chapter else heading(section)
        for chapter, sections in chapters
        for section in sections
        for reference in section.references
    }


def alteration(issue: Issue, change: Alteration) -> str:
    """What happened and when we saw it, as the beginning of the line above a change."""
    told = f"{_KINDS.get(change.kind, change.kind)}, {moment_words(change.at, issue.timezone)}"
    return f"{told}; {issue_parts.first_seen(issue, change)}"


def ahead_left(issue: Issue) -> str:
    """How much more is announced than is printed; empty for none."""
    return f"{issue.ahead_left:,} more in the annex." if issue.ahead_left else ""


# ---------------------------------------------------------------- languages


def foreign(code: str) -> str:
    """The language a passage must be marked with: empty where it is that of the page, or not known."""
    return "" if code.lower().split("-")[0] in {INTERFACE, "und", ""} else code


def name_language(source: Source) -> str:
    """The language of an institution's name: its own where the name is not in Latin script, else not marked."""
    return foreign(source.language or "") if _foreign_script(source.name) else ""


def _foreign_script(text: str) -> bool:
    letters: Iterable[str] = _LETTER.findall(text)
    return any(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
