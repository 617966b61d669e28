"""An issue as blocks, part by part in the order of every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.outputs import annex_blocks, drafts, issue_proof
from briefing.outputs import issue_parts as told
from briefing.outputs import issue_words as words
from briefing.outputs import item_blocks as items
from briefing.outputs.blocks import Bullets, Chart, Heading, Paragraph, Part, Rows, Run, Sheets
from briefing.outputs.item_blocks import paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefing.documents import Issue, Section
    from briefing.outputs.blocks import Block


def sheets(issue: Issue, *, drawn: bool = True) -> Sheets:
    """All of an issue. Charts have a part of their own where they can be `drawn`; the figures stand in the annex."""
    parts: tuple[tuple[str, str, list[Block]], ...] = (
        ("revised", told.revised_title(issue), _revised(issue)),
        ("highlights", "Highlights", _highlights(issue)),
        ("coverage", "Coverage", _coverage(issue)),
        ("statements", "Official statements by country", list(_statements(issue))),
        ("topics", "Topics", list(_topics(issue))),
        ("analysis", "Analysis", list(_analysis(issue))),
        ("changed", "Changed after publication", _changed(issue)),
        ("ahead", "Ahead", _ahead(issue)),
        ("figures", "In figures", _figures(issue) if drawn else []),
        ("annex", "Annex", annex_blocks.annex(issue, drawn=drawn)),
        ("corrections", "Corrections to earlier issues", annex_blocks.corrections(issue)),
        ("quote", "How to quote this document", [paragraph(words.citation(issue))]),
        ("check", "How to check this document", _proof(issue)),
    )
    held = tuple(Part(place, title, tuple(blocks)) for place, title, blocks in parts if blocks)
    return Sheets(tuple(_front(issue)), held)


def _front(issue: Issue) -> list[Block]:
    rows = [(label, (Run(value),)) for label, value in words.front(issue)]
    rows += [(label, (items.address(target, target),)) for label, target in words.addresses(issue)]
    notice = drafts.notice(issue)
    return [*([paragraph(notice, "warning")] if notice else []), Rows(tuple(rows)), paragraph(words.QUOTED, "note")]


def _revised(issue: Issue) -> list[Block]:
    """What this version has new; empty for a first one."""
    rows, rest = told.revised(issue)
    entries = tuple(
        (Paragraph((Run(what), *((Run(" "), items.number(number)) if number else ())), "see"),) for what, number in rows
    )
    return [Bullets(entries), *_noted(rest)] if entries else []


def _highlights(issue: Issue) -> list[Block]:
    entries = tuple(items.highlight(issue, reference) for reference in issue.highlights)
    return [Bullets(entries)] if entries else [paragraph(words.NO_HIGHLIGHTS, "note")]


def _coverage(issue: Issue) -> list[Block]:
    gaps = annex_blocks.lapses(issue, told.lapse_rows(issue)[0])
    return [
        paragraph(words.coverage_summary(issue)),
        *annex_blocks.unread(issue, told.coverage_rows(issue)[0]),
        *([paragraph(words.lapses_summary(issue)), *gaps] if gaps else []),
        *_noted(told.more_coverage(issue)),
    ]


def _figures(issue: Issue) -> list[Block]:
    charts: list[Block] = [Chart(figure, annex_blocks.table(figure)) for figure in issue.figures]
    return [*charts, paragraph(told.FIGURES, "note")] if charts else []


def _headed(issue: Issue, part: str, sections: tuple[Section, ...]) -> Iterator[tuple[Section, list[Block]]]:
    """Sections with what all of them begin with: their heading, and the items printed in full."""
    language = items.tongue(issue.language)
    for at, section in enumerate(sections, 1):
        title = Run(words.heading(section), language)
        blocks: list[Block] = [Heading(2, (title,), f"{part}-{at}", language, listed=True)]
        blocks += [paragraph(told.READOUTS, "lead")] if section.beside else []
        for reference in section.references:
            blocks += items.printed(issue, reference, 3, place=True)
        yield section, blocks


def _listed(issue: Issue, part: str, sections: tuple[Section, ...]) -> Iterator[Block]:
    """Sections that list in lines what is printed elsewhere."""
    places = words.places(issue)
    for section, blocks in _headed(issue, part, sections):
        yield from blocks
        if section.see:
            yield Bullets(tuple((items.see(issue, reference, places),) for reference in section.see))
        yield from _rest(section)


def _statements(issue: Issue) -> Iterator[Block]:
    if not issue.statements:
        yield paragraph(words.NO_STATEMENTS, "note")
    yield from _listed(issue, "statements", issue.statements)


def _analysis(issue: Issue) -> Iterator[Block]:
    if not issue.analysis:
        yield paragraph(words.NO_ANALYSIS, "note")
    yield from _listed(issue, "analysis", issue.analysis)


def _topics(issue: Issue) -> Iterator[Block]:
    if not issue.topics:
        yield paragraph(words.NO_TOPICS, "note")
    for section, blocks in _headed(issue, "topics", issue.topics):
        yield from blocks
        if section.see:
            yield items.see_also(section)
        yield from _rest(section)


def _rest(section: Section) -> list[Block]:
    if left := told.left(section):
        return _noted(left)
    return [] if section.references or section.see else _noted(words.NO_ITEMS)


def _changed(issue: Issue) -> list[Block]:
    blocks = [block for change in issue.changed for block in items.changed(issue, change, 2)]
    return [*blocks, *_noted(told.changed_left(issue))] or [paragraph(words.NO_CHANGES, "note")]


def _ahead(issue: Issue) -> list[Block]:
    left = words.ahead_left(issue)
    if not issue.ahead and not left:
        return [paragraph(words.NO_AHEAD, "note")]
    entries = [block for entry in issue.ahead for block in items.announced(entry)]
    return [paragraph(words.AHEAD, "lead" if entries else "note"), *entries, *_noted(left)]


def _proof(issue: Issue) -> list[Block]:
    *rows, (label, target) = issue_proof.rows(issue)
    marked = [(name, (Run(value, mark="code"),)) for name, value in rows]
    return [paragraph(words.PROOF), Rows((*marked, (label, (items.address(target, target),))))]


def _noted(text: str) -> list[Block]:
    return [paragraph(text, "rest")] if text else []
