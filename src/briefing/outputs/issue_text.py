"""An issue as plain text for mail and terminals: at most 65 columns where words allow, addresses whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.outputs import ahead_words, drafts, issue_proof
from briefing.outputs import issue_words as words
from briefing.outputs.addresses import uri
from briefing.outputs.columns import WIDTH, width, wrapped
from briefing.outputs.wording import quoted
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefing.documents import Alteration, Issue, Reference, Section

_LABEL = 11  # columns of the labels in the front matter
_INDENT = "    "


def render(issue: Issue) -> bytes:
    """The issue as plain text in UTF-8, lines ended by a line feed."""
    chapters = (
        _front(issue),
        _chapter("Highlights", _highlights(issue)),
        _chapter("Coverage", _coverage(issue)),
        _chapter("Official statements by country", _sections(issue, issue.statements, words.NO_STATEMENTS)),
        _chapter("Topics", _sections(issue, issue.topics, words.NO_TOPICS)),
        _chapter("Analysis", _sections(issue, issue.analysis, words.NO_ANALYSIS)),
        _chapter("Ahead", _ahead(issue)),
        _chapter("Changed after publication", _changed(issue)),
        _chapter("Late arrivals", _items(issue, issue.late) or [*wrapped(words.NO_LATE), ""]),
        _chapter("Without a topic", _others(issue)),
        _chapter("Sources", _sources(issue)),
        _chapter("How to quote this document", _citation(issue)),
        _chapter("How to check this document", _proof(issue)),
    )
    draft = [*wrapped(notice), ""] if (notice := drafts.notice(issue)) else []
    lines = [line.rstrip() for chapter in (draft, *chapters) for line in chapter]
    return (clean("\n".join(lines)).rstrip() + "\n").encode()


def _front(issue: Issue) -> list[str]:
    lines = [one_line(issue.site_title), *wrapped(one_line(issue.title)), "=" * WIDTH, ""]
    for label, value in words.front(issue):
        lines += wrapped(value, first=label.ljust(_LABEL), rest=" " * _LABEL)
    lines.append("")
    for label, address in words.addresses(issue):
        lines += [f"{label}:", address]
    return [*lines, "", *wrapped(words.QUOTED), ""]


def _chapter(title: str, lines: Iterable[str]) -> list[str]:
    return ["", title.upper(), "-" * WIDTH, "", *lines]


def _highlights(issue: Issue) -> list[str]:
    lines: list[str] = []
    for reference in issue.highlights:
        lines += wrapped(f"{words.byline(reference)}\u00a0[{reference.number}]", first="* ", rest="  ")
        lines += wrapped(_quote(reference) or words.headline(issue, reference), first="  ", rest="  ")
        lines.append("")
    return lines or [*wrapped(words.NO_HIGHLIGHTS), ""]


def _coverage(issue: Issue) -> list[str]:
    lines = [*wrapped(words.coverage_summary(issue)), ""]
    for missing in issue.coverage:
        gap = words.gap(issue, missing)
        lines += wrapped(f"{words.source_words(missing.source)}: {gap.state} since {gap.since}", first="* ", rest="  ")
        lines += wrapped(f"Why: {gap.why}. Last read: {gap.last_read}.", first="  ", rest="  ")
        lines.append("")
    return lines + _lapses(issue)


def _lapses(issue: Issue) -> list[str]:
    lines = [*wrapped(words.lapses_summary(issue)), ""] if issue.lapses else []
    for held in issue.lapses:
        stretch, stands = words.lapse(issue, held)
        lines += wrapped(f"{words.source_words(held.source)}, {stretch}: {stands}.", first="* ", rest="  ")
        lines.append("")
    return lines


def _sections(issue: Issue, sections: tuple[Section, ...], none: str) -> list[str]:
    where = words.places(issue)
    lines: list[str] = []
    for section in sections:
        heading = words.heading(section)
        lines += [*wrapped(heading), "." * min(width(heading), WIDTH), ""]
        lines += _items(issue, section.references)
        for reference in section.see:
            place = where.get(reference.number)
            told = f"{words.byline(reference)}: {words.headline(issue, reference)}\u00a0[{reference.number}]"
            lines += [*wrapped(told + (f", printed under {place}" if place else ""), rest="  "), ""]
        if not section.references and not section.see:
            lines += [words.NO_ITEMS, ""]
    return lines or [*wrapped(none), ""]


def _items(issue: Issue, references: tuple[Reference, ...]) -> list[str]:
    lines: list[str] = []
    for reference in references:
        lines += wrapped(words.byline(reference))
        lines += wrapped(f"{words.title(reference)}\u00a0[{reference.number}]")
        lines += wrapped(_quote(reference), first="  ", rest="  ")
        lines += wrapped(" · ".join(words.notes(issue, reference)), first="  ", rest="  ")
        lines.append("")
    return lines


def _ahead(issue: Issue) -> list[str]:
    lines = [*wrapped(words.AHEAD if issue.ahead else words.NO_AHEAD), ""]
    for entry in issue.ahead:
        lines += wrapped(ahead_words.heading(entry))
        lines += wrapped(ahead_words.headline(entry))
        for voice in entry.voices:
            said = quoted(one_line(voice.sentence), voice.statement.item.language) if voice.sentence else ""
            told = f"{said} {words.source_words(voice.source)}\u00a0[{voice.number}]".lstrip()
            lines += wrapped(told, first="  ", rest="  ")
        lines += wrapped(" · ".join(ahead_words.notes(entry)), first="  ", rest="  ")
        lines.append("")
    left = words.ahead_left(issue)
    return [*lines, left, ""] if left else lines


def _changed(issue: Issue) -> list[str]:
    lines: list[str] = []
    for change in issue.changed:
        lines += wrapped(f"{words.alteration(issue, change)}. {words.source_words(change.reference.source)}")
        lines += wrapped(f"{words.title(change.reference)}\u00a0[{change.reference.number}]")
        lines += wrapped(one_line(change.what), first="  ", rest="  ")
        lines += _passages(change)
        lines.append("")
    return lines or [*wrapped(words.NO_CHANGES), ""]


def _passages(change: Alteration) -> list[str]:
    language = change.reference.item.language
    lines: list[str] = []
    for label, text in (("Before: ", change.before), ("After:  ", change.after)):
        if text:
            lines += wrapped(quoted(one_line(text), language), first=f"  {label}", rest=" " * 10)
    return lines


def _others(issue: Issue) -> list[str]:
    lines = [*wrapped(words.OTHERS if issue.others else words.NO_OTHERS), ""]
    for named in issue.others:
        lines += wrapped(f"{words.mention(named)}: {words.mentioned(issue, named)}", first="* ", rest="  ")
        lines += [f"  {uri(named.item.url)}"] if named.item.url else []
    left = words.others_left(issue)
    return [*lines, "", left, ""] if left else [*lines, ""]


def _sources(issue: Issue) -> list[str]:
    lines: list[str] = []
    for reference in issue.references:
        number = f"[{reference.number}]".ljust(len(_INDENT))
        item = reference.item
        lines += wrapped(words.source_words(reference.source), first=f"{number} ", rest=_INDENT)
        lines += wrapped(words.cited(reference), first=_INDENT, rest=_INDENT)
        lines += wrapped("; ".join(words.details(issue, reference)), first=_INDENT, rest=_INDENT)
        lines += [f"{_INDENT}{uri(item.url)}"] if item.url else []
        # Two lines: a whole hash is wider than a line.
        if item.fingerprint:
            lines += [f"{_INDENT}SHA-256 {item.fingerprint[:32]}", f"{_INDENT}        {item.fingerprint[32:]}"]
        lines.append("")
    return lines or [*wrapped(words.NO_SOURCES), ""]


def _citation(issue: Issue) -> list[str]:
    told, _, address = words.citation(issue).rpartition(", ")
    return [*wrapped(f"{told},"), address]


def _quote(reference: Reference) -> str:
    return quoted(one_line(reference.quote), reference.item.language) if reference.quote.strip() else ""


def _proof(issue: Issue) -> list[str]:
    lines = [*wrapped(words.PROOF), ""]
    for label, value in issue_proof.rows(issue):
        lines += [f"{label}:", value]
    return lines
