"""The annex of an issue as Markdown, and the corrections to earlier issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.outputs import figures, issue_parts
from briefing.outputs import issue_words as words
from briefing.outputs import markdown_marks as marks
from briefing.outputs.markdown_marks import bullets, escaped

if TYPE_CHECKING:
    from briefing.documents import Coverage, Figure, Inventory, Issue, Lapse
    from briefing.outputs.issue_parts import Row


def blocks(issue: Issue) -> list[str]:
    """The list of sources, what was left out, then everything."""
    return [
        issue_parts.ANNEX,
        *("### Sources", *(marks.sources(issue, issue_parts.listed_sources(issue)) or [words.NO_SOURCES])),
        *("### Left out", *_left_out(issue)),
        *_continued(issue),
        *("### All items by source", *_inventory(issue)),
        *("### Late arrivals", *(marks.printed(issue, issue.late, 4) or [words.NO_LATE])),
        *("### Without a date", *_undated(issue)),
        *(block for one in issue.figures for block in (f"### {escaped(one.title)}", escaped(one.summary), _table(one))),
    ]


def corrections(issue: Issue) -> list[str]:
    """The errata to earlier issues."""
    rows = [
        f"{escaped(issue_parts.correction(issue, one))} {marks.address(issue_parts.correction_address(issue, one))}"
        for one in issue.corrections
    ]
    return [bullets(rows) if rows else issue_parts.NO_CORRECTIONS]


def unread(issue: Issue, missing: Coverage) -> str:
    """A source that could not be read."""
    gap, name = words.gap(issue, missing), escaped(words.source_words(missing.source))
    return f"{name}: {gap.state} since {gap.since}. Why: {escaped(gap.why)}. Last read: {gap.last_read}."


def lapse(issue: Issue, held: Lapse) -> str:
    """A possible gap."""
    stretch, stands = words.lapse(issue, held)
    return f"{escaped(words.source_words(held.source))}, {escaped(stretch)}: {escaped(stands)}."


def _left_out(issue: Issue) -> list[str]:
    rows = [escaped(issue_parts.left_out(one)) for one in issue.left_out]
    return [issue_parts.left_summary(issue), *([bullets(rows)] if rows else [])]


def _continued(issue: Issue) -> list[str]:
    rows = [unread(issue, one) for one in issue_parts.coverage_rows(issue)[1]]
    rows += [lapse(issue, one) for one in issue_parts.lapse_rows(issue)[1]]
    ahead = [escaped(f"{issue_parts.announced(one)}{more}") for one, more in issue_parts.ahead_rows(issue)]
    changes = marks.altered(issue, issue.changed_left, 4)
    changes += marks.sources(issue, issue_parts.elsewhere(issue))
    return [
        *(["### Coverage, continued", bullets(rows)] if rows else []),
        *(["### Changed after publication, continued", *changes] if changes else []),
        *(["### Ahead, continued", bullets(ahead)] if ahead else []),
    ]


def _inventory(issue: Issue) -> list[str]:
    found = [issue_parts.ALL] if issue.annex else [issue_parts.NO_PERIOD]
    for part, rows in issue_parts.rows(issue):
        told = bullets(_row(issue, part, row) for row in rows)
        found += [f"#### {escaped(issue_parts.inventory_title(part))}", told]
    return found


def _row(issue: Issue, part: Inventory, row: Row) -> str:
    told = f"{marks.number(row.reference.number)} " if row.reference else ""
    told += f"{escaped(issue_parts.row_date(row.item, part.source.timezone))}: "
    told += marks.link(issue_parts.row_title(issue, row.item), row.item.url)
    told += f" ({escaped(', '.join(row.notes))})" if row.notes else ""
    if row.alone and row.reference:
        told += f" {escaped('; '.join(words.details(issue, row.reference)))}."
        told += f" SHA-256 `{row.item.fingerprint}`" if row.item.fingerprint else ""
    return told


def _undated(issue: Issue) -> list[str]:
    known = issue_parts.numbers(issue)
    rows = [
        f"{escaped(words.source_words(one.source))}: {marks.link(words.mentioned(issue, one), one.item.url)}"
        + (f" {marks.number(known[one.item.id].number)}" if one.item.id in known else "")
        for one in issue.undated
    ]
    return [issue_parts.UNDATED, bullets(rows)] if rows else [issue_parts.NO_UNDATED]


def _table(figure: Figure) -> str:
    """The figures behind a chart, as a table that every reader of Markdown shows in columns, whatever it knows."""
    table = figures.rows(figure)
    lines = (table.head, tuple("---" for _ in table.head), *table.rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in (tuple(map(escaped, line)) if n != 1 else line
                     for n, line in enumerate(lines)))  # fmt: skip
