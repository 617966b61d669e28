"""An issue as blocks, part by part in the order of every format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from briefing.outputs import figures, issue_proof
from briefing.outputs import issue_words as words
from briefing.outputs import item_blocks as items
from briefing.outputs.annex_blocks import annex, corrected
from briefing.outputs.blocks import (
    Bullets,
    Chart,
    Entries,
    Heading,
    Paragraph,
    Part,
    Rows,
    Run,
    Sheets,
    Table,
)
from briefing.outputs.item_blocks import paragraph
from briefing.text import one_line

if TYPE_CHECKING:
    from briefing.documents import Figure, Issue, Section
    from briefing.outputs.blocks import Block


DRAFT = "Draft: not published, and it may still change."


def sheets(issue: Issue) -> Sheets:
    """All of an issue; parts that not every issue has are left out where they would hold nothing."""
    parts: tuple[tuple[str, str, list[Block]], ...] = (
        ("revised", "New in this version", _revised(issue)),
        ("highlights", "Highlights", _highlights(issue)),
        ("coverage", "Coverage", _coverage(issue)),
        ("figures", "In figures", [chart(figure) for figure in issue.figures]),
        ("statements", "Official statements by country", _sections(issue, "statements", words.NO_STATEMENTS)),
        ("topics", "Topics", _sections(issue, "topics", words.NO_TOPICS)),
        ("analysis", "Analysis", _sections(issue, "analysis", words.NO_ANALYSIS)),
        ("ahead", "Ahead", _ahead(issue)),
        ("changed", "Changed after publication", _changed(issue)),
        ("late", "Late arrivals", _late(issue)),
        ("others", "Without a topic", _others(issue)),
        ("sources", "Sources", _sources(issue)),
        ("annex", "Annex", annex(issue)),
        ("corrections", "Corrections to earlier issues", _corrections(issue)),
        ("quote", "How to quote this document", [paragraph(words.citation(issue))]),
        ("check", "How to check this document", _proof(issue)),
    )
    held = tuple(Part(place, title, tuple(blocks)) for place, title, blocks in parts if blocks)
    return Sheets(tuple(_front(issue)), held)


def _front(issue: Issue) -> list[Block]:
    rows = [(label, (Run(value),)) for label, value in words.front(issue)]
    rows += [(label, (items.address(target, target),)) for label, target in words.addresses(issue)]
    return [*([paragraph(DRAFT, "warning")] if issue.draft else []), Rows(tuple(rows))]


def _revised(issue: Issue) -> list[Block]:
    entries = tuple(
        (Paragraph((Run(one.what), *((Run(" "), items.number(one.number)) if one.number else ())), "see"),)
        for one in issue.revised
    )
    return [Bullets(entries)] if entries else []


def _corrections(issue: Issue) -> list[Block]:
    return [block for erratum in issue.corrections for block in corrected(issue, erratum)]


def _highlights(issue: Issue) -> list[Block]:
    if not issue.highlights:
        return [paragraph(words.NO_HIGHLIGHTS, "note")]
    told = Bullets(tuple(items.highlight(issue, reference) for reference in issue.highlights))
    return [told, paragraph(words.QUOTED, "note")]


def _coverage(issue: Issue) -> list[Block]:
    blocks: list[Block] = [paragraph(words.coverage_summary(issue))]
    if issue.coverage:
        rows = [(missing.source, words.gap(issue, missing)) for missing in issue.coverage]
        blocks.append(
            Table(
                "Sources that could not be read",
                ("Source", "State", "Since", "Why", "Last read"),
                tuple(
                    (
                        items.institution(source),
                        (Run(gap.state, mark="warning"),),
                        *((Run(said),) for said in (gap.since, gap.why, gap.last_read)),
                    )
                    for source, gap in rows
                ),
            )
        )
    return blocks + _lapses(issue)


def _lapses(issue: Issue) -> list[Block]:
    if not issue.lapses:
        return []
    rows = []
    for held in issue.lapses:
        stretch, stands = words.lapse(issue, held)
        mark: tuple[Run, ...] = (Run(stands, mark="warning" if held.gap.state == "open" else ""),)
        rows.append((items.institution(held.source), (Run(stretch),), mark))
    table = Table("Possible gaps", ("Source", "Between", "How it stands"), tuple(rows))
    return [paragraph(words.lapses_summary(issue)), table]


def _sections(issue: Issue, part: Literal["statements", "topics", "analysis"], none: str) -> list[Block]:
    places = words.places(issue)
    sections: tuple[Section, ...] = getattr(issue, part)
    blocks: list[Block] = []
    for at, section in enumerate(sections, 1):
        language = items.tongue(issue.language)
        title = Run(words.heading(section), language)
        blocks.append(Heading(2, (title,), f"{part}-{at}", language, listed=True))
        for reference in section.references:
            blocks += items.printed(issue, reference, 3, place=True)
        blocks += [items.see(issue, reference, places) for reference in section.see]
        if not section.references and not section.see:
            blocks.append(paragraph(words.NO_ITEMS, "note"))
    return blocks or [paragraph(none, "note")]


def _ahead(issue: Issue) -> list[Block]:
    if not issue.ahead:
        return [paragraph(words.NO_AHEAD, "note")]
    blocks: list[Block] = [paragraph(words.AHEAD, "note")]
    for entry in issue.ahead:
        blocks += items.announced(entry)
    return blocks + _noted(words.ahead_left(issue))


def _changed(issue: Issue) -> list[Block]:
    blocks = [block for change in issue.changed for block in items.changed(issue, change)]
    return blocks or [paragraph(words.NO_CHANGES, "note")]


def _late(issue: Issue) -> list[Block]:
    places = words.places(issue)
    blocks: list[Block] = []
    for reference in issue.late:
        blocks += items.printed(issue, reference, 2, place=reference.number not in places)
    return blocks or [paragraph(words.NO_LATE, "note")]


def _others(issue: Issue) -> list[Block]:
    if not issue.others:
        return [paragraph(words.NO_OTHERS, "note")]
    told = items.mentions(issue, issue.others)
    return [paragraph(words.OTHERS, "note"), told, *_noted(words.others_left(issue))]


def _sources(issue: Issue) -> list[Block]:
    if not issue.references:
        return [paragraph(words.NO_SOURCES, "note")]
    return [Entries(tuple(items.entry(issue, reference) for reference in issue.references))]


def _proof(issue: Issue) -> list[Block]:
    *rows, (label, target) = issue_proof.rows(issue)
    told = [(name, (Run(value, mark="code"),)) for name, value in rows]
    return [paragraph(words.PROOF), Rows((*told, (label, (items.address(target, target),))))]


def _noted(text: str) -> list[Block]:
    return [paragraph(text, "note")] if text else []


def chart(figure: Figure) -> Chart:
    """A chart with the table behind it."""
    table = figures.rows(figure)
    last = table.texts - 1
    rows = tuple(
        tuple(Run(cell, items.tongue(language) if place == last else "") for place, cell in enumerate(row))
        for row, language in zip(table.rows, table.languages, strict=True)
    )
    cells = tuple(tuple((cell,) for cell in row) for row in rows)
    said = one_line(figure.summary)
    return Chart(figure, Table(one_line(figure.title), table.head, cells, said, names=table.texts, figures=True))
