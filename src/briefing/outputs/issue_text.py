"""An issue as plain text for mail and terminals: at most 65 columns where words allow, addresses whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.outputs import ahead_words, annex_text, drafts, issue_parts, issue_proof, text_lines
from briefing.outputs import issue_words as words
from briefing.outputs.columns import WIDTH, wrapped
from briefing.outputs.text_lines import chapter, heading, note
from briefing.outputs.wording import quoted
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from briefing.documents import Issue, Section

_LABEL = 11  # columns of the labels in the front matter


def render(issue: Issue) -> bytes:
    """The issue as plain text in UTF-8, lines ended by a line feed."""
    chapters = (
        _front(issue),
        *([chapter(issue_parts.revised_title(issue), _revised(issue))] if issue.revised else []),
        chapter("Highlights", _highlights(issue)),
        chapter("Coverage", _coverage(issue)),
        chapter("Official statements by country", _sections(issue, issue.statements, words.NO_STATEMENTS)),
        chapter("Topics", _topics(issue)),
        chapter("Analysis", _sections(issue, issue.analysis, words.NO_ANALYSIS)),
        chapter("Changed after publication", _changed(issue)),
        chapter("Ahead", _ahead(issue)),
        chapter("Annex", annex_text.lines(issue)),
        chapter("Corrections to earlier issues", annex_text.corrections(issue)),
        chapter("How to quote this document", _citation(issue)),
        chapter("How to check this document", _proof(issue)),
    )
    foot = ["", *wrapped(one_line(issue.house.footer))] if issue.house.footer else []
    lines = [line.rstrip() for part in (*chapters, foot) for line in part]
    return (clean("\n".join(lines)).rstrip() + "\n").encode()


def _front(issue: Issue) -> list[str]:
    lines = note(notice) if (notice := drafts.notice(issue)) else []
    lines += wrapped(one_line(issue.house.name)) if issue.house.name else []
    lines += [*wrapped(one_line(issue.site_title)), *wrapped(one_line(issue.title)), "=" * WIDTH, ""]
    for label, value in words.front(issue):
        lines += wrapped(value, first=label.ljust(_LABEL), rest=" " * _LABEL)
    lines.append("")
    for label, address in words.addresses(issue):
        lines += [f"{label}:", address]
    return [*lines, "", *note(words.QUOTED)]


def _revised(issue: Issue) -> list[str]:
    rows, rest = issue_parts.revised(issue)
    lines = []
    for what, number in rows:
        lines += wrapped(f"{what}\u00a0[{number}]" if number else what, first="* ", rest="  ")
    return [*lines, "", *(note(rest) if rest else [])]


def _highlights(issue: Issue) -> list[str]:
    lines: list[str] = []
    for reference in issue.highlights:
        lines += wrapped(f"{words.byline(reference)}\u00a0[{reference.number}]", first="* ", rest="  ")
        told = text_lines.quotation(reference) or words.headline(issue, reference)
        lines += [*wrapped(told, first="  ", rest="  "), ""]
    return lines or note(words.NO_HIGHLIGHTS)


def _coverage(issue: Issue) -> list[str]:
    lines = note(words.coverage_summary(issue))
    for missing in issue_parts.coverage_rows(issue)[0]:
        lines += annex_text.unread(issue, missing)
    gaps = issue_parts.lapse_rows(issue)[0]
    lines += note(words.lapses_summary(issue)) if gaps else []
    for held in gaps:
        lines += annex_text.lapse(issue, held)
    more = issue_parts.more_coverage(issue)
    return lines + (note(more) if more else [])


def _sections(issue: Issue, sections: tuple[Section, ...], none: str) -> list[str]:
    lines: list[str] = []
    for section in sections:
        lines += heading(words.heading(section))
        lines += note(issue_parts.READOUTS) if section.beside else []
        lines += text_lines.printed(issue, section.references)
        for one in section.see:
            told = f"{words.spoken(one)}: {words.headline(issue, one)}\u00a0[{one.number}]"
            lines += [*wrapped(told, first="* ", rest="  ")]
        lines += [""] if section.see else []
        lines += _left(section)
    return lines or note(none)


def _topics(issue: Issue) -> list[str]:
    lines: list[str] = []
    for section in issue.topics:
        lines += [*heading(words.heading(section)), *text_lines.printed(issue, section.references)]
        if section.see:
            told = "; ".join(f"{name}\u00a0[{number}]" for name, number in words.see_also(section))
            lines += [*wrapped(f"See also: {told}", rest="  "), ""]
        lines += _left(section)
    return lines or note(words.NO_TOPICS)


def _left(section: Section) -> list[str]:
    if left := issue_parts.left(section):
        return [left, ""]
    return [] if section.references or section.see else [words.NO_ITEMS, ""]


def _changed(issue: Issue) -> list[str]:
    left = issue_parts.changed_left(issue)
    return [*text_lines.altered(issue, issue.changed), *(note(left) if left else [])] or note(words.NO_CHANGES)


def _ahead(issue: Issue) -> list[str]:
    left = words.ahead_left(issue)
    lines = note(words.AHEAD if issue.ahead or left else words.NO_AHEAD)
    for entry in issue.ahead:
        lines += wrapped(ahead_words.heading(entry))
        lines += wrapped(ahead_words.headline(entry))
        for voice in entry.voices:
            said = quoted(one_line(voice.sentence), voice.statement.item.language) if voice.sentence else ""
            told = f"{said} {words.source_words(voice.source)}\u00a0[{voice.number}]".lstrip()
            lines += wrapped(told, first="  ", rest="  ")
        lines += [*wrapped(" · ".join(ahead_words.notes(entry)), first="  ", rest="  "), ""]
    return [*lines, *note(left)] if left else lines


def _citation(issue: Issue) -> list[str]:
    told, _, address = words.citation(issue).rpartition(", ")
    return [*wrapped(f"{told},"), address, ""]


def _proof(issue: Issue) -> list[str]:
    lines = note(words.PROOF)
    for label, value in issue_proof.rows(issue):
        lines += [f"{label}:", value]
    return lines
