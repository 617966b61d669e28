"""The annex of an issue as blocks, and the corrections to earlier issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.outputs import figures
from briefing.outputs import issue_parts as parts
from briefing.outputs import issue_words as words
from briefing.outputs import item_blocks as items
from briefing.outputs.blocks import Bullets, Chart, Entries, Heading, Paragraph, Run, Table
from briefing.outputs.item_blocks import paragraph
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.documents import Coverage, Figure, Inventory, Issue, Lapse, Mention
    from briefing.outputs.blocks import Block
    from briefing.outputs.issue_parts import Row


def annex(issue: Issue, *, drawn: bool) -> list[Block]:
    """The list of sources, what was left out, then everything; and the figures behind the charts."""
    return [
        *(paragraph(parts.ANNEX, "lead"), _heading("Sources", "sources"), *_sources(issue)),
        *(_heading("Left out", "left"), *_left_out(issue)),
        *_continued(issue),
        *(_heading("All items by source", "all"), *_inventory(issue)),
        *(_heading("Late arrivals", "late"), *_late(issue)),
        *(_heading("Without a date", "undated"), *_undated(issue)),
        *(block for figure in issue.figures for block in _figure(figure, drawn=drawn)),
    ]


def corrections(issue: Issue) -> list[Block]:
    """The errata to earlier issues, each with the version it corrects."""
    rows = []
    for one in issue.corrections:
        target = parts.correction_address(issue, one)
        rows.append((Paragraph((Run(f"{parts.correction(issue, one)} "), items.address(target, target)), "see"),))
    return [Bullets(tuple(rows))] if rows else [paragraph(parts.NO_CORRECTIONS, "note")]


def unread(issue: Issue, rows: Sequence[Coverage]) -> list[Block]:
    """A table of sources that could not be read."""
    told = [(missing.source, words.gap(issue, missing)) for missing in rows]
    cells = tuple(
        (
            items.institution(source),
            (Run(gap.state, mark="warning"),),
            *((Run(said),) for said in (gap.since, gap.why, gap.last_read)),
        )
        for source, gap in told
    )
    head = ("Source", "State", "Since", "Why", "Last read")
    return [Table("Sources that could not be read", head, cells)] if cells else []


def lapses(issue: Issue, rows: Sequence[Lapse]) -> list[Block]:
    """A table of possible gaps."""
    cells = []
    for held in rows:
        stretch, stands = words.lapse(issue, held)
        how = Run(stands, mark="warning" if held.gap.state == "open" else "")
        cells.append((items.institution(held.source), (Run(stretch),), (how,)))
    return [Table("Possible gaps", ("Source", "Between", "How it stands"), tuple(cells))] if cells else []


def table(figure: Figure) -> Table:
    """The figures behind a chart: a row for each series, a column for each tick."""
    found = figures.rows(figure)
    last = found.texts - 1
    cells = tuple(
        tuple((Run(cell, items.tongue(language) if place == last else ""),) for place, cell in enumerate(row))
        for row, language in zip(found.rows, found.languages, strict=True)
    )
    return Table(one_line(figure.title), found.head, cells, one_line(figure.summary), names=found.texts, figures=True)


def _figure(figure: Figure, *, drawn: bool) -> list[Block]:
    """What is behind a chart that is `drawn` elsewhere; else the chart itself."""
    heading = _heading(one_line(figure.title), f"figure-{figure.id}")
    if not drawn:
        return [heading, Chart(figure, table(figure))]
    return [heading, paragraph(one_line(figure.summary)), table(figure)]


def _heading(title: str, place: str) -> Heading:
    return Heading(2, (Run(title),), place, listed=True)


def _sources(issue: Issue) -> list[Block]:
    entries = tuple(items.entry(issue, reference) for reference in parts.listed_sources(issue))
    return [Entries(entries)] if entries else [paragraph(words.NO_SOURCES, "note")]


def _left_out(issue: Issue) -> list[Block]:
    rows = tuple((paragraph(parts.left_out(one), "see"),) for one in issue.left_out)
    return [paragraph(parts.left_summary(issue)), *([Bullets(rows)] if rows else [])]


def _continued(issue: Issue) -> list[Block]:
    rows = [*unread(issue, parts.coverage_rows(issue)[1]), *lapses(issue, parts.lapse_rows(issue)[1])]
    changes = [block for change in issue.changed_left for block in items.changed(issue, change, 3)]
    if changes and (told := parts.elsewhere(issue)):
        changes.append(Entries(tuple(items.entry(issue, reference) for reference in told)))
    ahead = tuple((items.announced_line(entry, more),) for entry, more in parts.ahead_rows(issue))
    blocks: list[Block] = [_heading("Coverage, continued", "coverage-more"), *rows] if rows else []
    if changes:
        blocks += [_heading("Changed after publication, continued", "changed-more"), *changes]
    if ahead:
        blocks += [_heading("Ahead, continued", "ahead-more"), Bullets(ahead)]
    return blocks


def _inventory(issue: Issue) -> list[Block]:
    told = parts.ALL if issue.annex else parts.NO_PERIOD
    blocks: list[Block] = [paragraph(told, "lead" if issue.annex else "note")]
    for part, rows in parts.rows(issue):
        language = items.tongue(words.name_language(part.source))
        blocks.append(Heading(3, (Run(parts.inventory_title(part), language),), language=language))
        blocks.append(Bullets(tuple(_row(issue, part, row) for row in rows)))
    return blocks


def _row(issue: Issue, part: Inventory, row: Row) -> tuple[Paragraph, ...]:
    """An item in a line; where nothing else says where it comes from, a second one does."""
    reference = row.reference
    number = (items.number(reference.number), Run(" ")) if reference else ()
    when = Run(f"{parts.row_date(row.item, part.source.timezone)}: ")
    notes = (Run(f" ({', '.join(row.notes)})"),) if row.notes else ()
    title = items.named_item(issue, row.item)
    if reference is None or not row.alone:
        return (Paragraph((*number, when, title, *notes), "see"),)
    printed = (Run("; SHA-256 "), Run(row.item.fingerprint, mark="code")) if row.item.fingerprint else ()
    details = Paragraph((Run("; ".join(words.details(issue, reference))), *printed), "note")
    return Paragraph((*number, when, title, *notes), "see", place=f"s{reference.number}"), details


def _late(issue: Issue) -> list[Block]:
    places = words.places(issue)
    blocks: list[Block] = []
    for reference in issue.late:
        blocks += items.printed(issue, reference, 3, place=reference.number not in places)
    return blocks or [paragraph(words.NO_LATE, "note")]


def _undated(issue: Issue) -> list[Block]:
    if not issue.undated:
        return [paragraph(parts.NO_UNDATED, "note")]
    rows = tuple((_without_date(issue, one),) for one in issue.undated)
    return [paragraph(parts.UNDATED, "lead"), Bullets(rows)]


def _without_date(issue: Issue, named: Mention) -> Paragraph:
    known = parts.numbers(issue).get(named.item.id)
    number = (Run(" "), items.number(known.number)) if known else ()
    return Paragraph((*items.institution(named.source), Run(": "), items.named_item(issue, named.item), *number), "see")
