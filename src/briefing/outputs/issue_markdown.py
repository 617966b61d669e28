"""An issue as Markdown (CommonMark 0.31)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.outputs import ahead_words, annex_markdown, drafts, issue_parts, issue_proof
from briefing.outputs import issue_words as words
from briefing.outputs import markdown_marks as marks
from briefing.outputs.markdown_marks import bullets, escaped
from briefing.outputs.wording import quoted
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from briefing.documents import Issue, Reference, Section

__all__ = ["before_annex", "escaped", "render"]


def render(issue: Issue) -> bytes:
    """The issue as Markdown in UTF-8; one blank line between blocks."""
    return (clean("\n\n".join((*before_annex(issue), *_behind(issue)))) + "\n").encode()


def before_annex(issue: Issue) -> list[str]:
    """The blocks of an issue up to its annex."""
    house = issue.house.name
    return [
        *([f"**{escaped(notice)}**"] if (notice := drafts.notice(issue)) else []),
        *([escaped(house)] if house else []),
        f"# {escaped(issue.title)}",
        f"{escaped(issue.site_title)}, issue {issue.period}",
        bullets(f"{label}: {escaped(value)}" for label, value in words.front(issue)),
        bullets(f"{label}: <{address}>" for label, address in words.addresses(issue)),
        escaped(words.QUOTED),
        *_revised(issue),
        *("## Highlights", *_highlights(issue)),
        *("## Coverage", *_coverage(issue)),
        *("## Official statements by country", *_sections(issue, issue.statements, words.NO_STATEMENTS)),
        *("## Topics", *_topics(issue)),
        *("## Analysis", *_sections(issue, issue.analysis, words.NO_ANALYSIS)),
        *("## Changed after publication", *_changed(issue)),
        *("## Ahead", *_ahead(issue)),
    ]


def _behind(issue: Issue) -> list[str]:
    return [
        *("## Annex", *annex_markdown.blocks(issue)),
        *("## Corrections to earlier issues", *annex_markdown.corrections(issue)),
        *("## How to quote this document", escaped(words.citation(issue))),
        *("## How to check this document", escaped(words.PROOF), bullets(_proof(issue))),
        *([escaped(issue.house.footer)] if issue.house.footer else []),
    ]


def _proof(issue: Issue) -> list[str]:
    *rows, (label, address) = issue_proof.rows(issue)
    return [*(f"{name}: `{value}`" for name, value in rows), f"{label}: <{address}>"]


def _revised(issue: Issue) -> list[str]:
    if not issue.revised:
        return []
    rows, rest = issue_parts.revised(issue)
    told = bullets(f"{escaped(what)} {marks.number(number) if number else ''}".rstrip() for what, number in rows)
    return [f"## {issue_parts.revised_title(issue)}", told, *([rest] if rest else [])]


def _highlights(issue: Issue) -> list[str]:
    rows = []
    for reference in issue.highlights:
        told = marks.quotation(reference) or escaped(words.headline(issue, reference))
        rows.append(f"{escaped(words.byline(reference))}: {told} {marks.number(reference.number)}")
    return [bullets(rows) if rows else words.NO_HIGHLIGHTS]


def _coverage(issue: Issue) -> list[str]:
    unread = [annex_markdown.unread(issue, one) for one in issue_parts.coverage_rows(issue)[0]]
    gaps = [annex_markdown.lapse(issue, one) for one in issue_parts.lapse_rows(issue)[0]]
    more = issue_parts.more_coverage(issue)
    return [
        words.coverage_summary(issue),
        *([bullets(unread)] if unread else []),
        *([words.lapses_summary(issue), bullets(gaps)] if gaps else []),
        *([more] if more else []),
    ]


def _sections(issue: Issue, sections: tuple[Section, ...], none: str) -> list[str]:
    blocks: list[str] = []
    for section in sections:
        blocks.append(f"### {escaped(words.heading(section))}")
        blocks += [issue_parts.READOUTS] if section.beside else []
        blocks += marks.printed(issue, section.references, 4)
        blocks += [bullets(_see(issue, one) for one in section.see)] if section.see else []
        blocks += _left(section)
    return blocks or [none]


def _topics(issue: Issue) -> list[str]:
    blocks: list[str] = []
    for section in issue.topics:
        blocks += [f"### {escaped(words.heading(section))}", *marks.printed(issue, section.references, 4)]
        if section.see:
            told = (f"{escaped(name)} {marks.number(number)}" for name, number in words.see_also(section))
            blocks.append(f"See also: {'; '.join(told)}")
        blocks += _left(section)
    return blocks or [words.NO_TOPICS]


def _left(section: Section) -> list[str]:
    if left := issue_parts.left(section):
        return [left]
    return [] if section.references or section.see else [words.NO_ITEMS]


def _see(issue: Issue, reference: Reference) -> str:
    told = f"{escaped(words.spoken(reference))}: {escaped(words.headline(issue, reference))}"
    return f"{told} {marks.number(reference.number)}"


def _changed(issue: Issue) -> list[str]:
    left = issue_parts.changed_left(issue)
    blocks = [*marks.altered(issue, issue.changed, 3), *([left] if left else [])]
    return blocks or [words.NO_CHANGES]


def _ahead(issue: Issue) -> list[str]:
    blocks = []
    for entry in issue.ahead:
        title = escaped(ahead_words.headline(entry))
        blocks.append(f"### {escaped(ahead_words.heading(entry))}\n\n{title}")
        for voice in entry.voices:
            said = escaped(quoted(one_line(voice.sentence), voice.statement.item.language)) if voice.sentence else ""
            told = f"{said} {escaped(words.source_words(voice.source))} {marks.number(voice.number)}"
            blocks.append(f"> {told.lstrip()}")
        if notes := ahead_words.notes(entry):
            blocks.append(escaped(" · ".join(notes)))
    left = words.ahead_left(issue)
    return [words.AHEAD, *blocks, *([left] if left else [])] if blocks or left else [words.NO_AHEAD]
