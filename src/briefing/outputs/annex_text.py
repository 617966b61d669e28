"""The annex of an issue as lines of plain text, and the corrections to earlier issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.outputs import figures, issue_parts, text_lines
from briefing.outputs import issue_words as words
from briefing.outputs.addresses import uri
from briefing.outputs.columns import wrapped
from briefing.outputs.text_lines import heading, note
from briefing.text import one_line

if TYPE_CHECKING:
    from briefing.documents import Coverage, Figure, Inventory, Issue, Lapse
    from briefing.outputs.issue_parts import Row

_INDENT = "  "


def lines(issue: Issue) -> list[str]:
    """The list of sources, what was left out, then everything."""
    return [
        *note(issue_parts.ANNEX),
        *heading("Sources"),
        *(text_lines.sources(issue, issue_parts.listed_sources(issue)) or note(words.NO_SOURCES)),
        *(*heading("Left out"), *_left_out(issue)),
        *_continued(issue),
        *(*heading("All items by source"), *_inventory(issue)),
        *(*heading("Late arrivals"), *(text_lines.printed(issue, issue.late) or note(words.NO_LATE))),
        *(*heading("Without a date"), *_undated(issue)),
        *(line for one in issue.figures for line in (*heading(one_line(one.title)), *_table(one))),
    ]


def corrections(issue: Issue) -> list[str]:
    """The errata to earlier issues."""
    found: list[str] = []
    for one in issue.corrections:
        found += wrapped(issue_parts.correction(issue, one), first="* ", rest=_INDENT)
        found += [f"{_INDENT}{issue_parts.correction_address(issue, one)}", ""]
    return found or note(issue_parts.NO_CORRECTIONS)


def unread(issue: Issue, missing: Coverage) -> list[str]:
    """A source that could not be read."""
    gap = words.gap(issue, missing)
    told = f"{words.source_words(missing.source)}: {gap.state} since {gap.since}"
    return [
        *wrapped(told, first="* ", rest=_INDENT),
        *wrapped(f"Why: {gap.why}. Last read: {gap.last_read}.", first=_INDENT, rest=_INDENT),
        "",
    ]


def lapse(issue: Issue, held: Lapse) -> list[str]:
    """A possible gap."""
    stretch, stands = words.lapse(issue, held)
    return [*wrapped(f"{words.source_words(held.source)}, {stretch}: {stands}.", first="* ", rest=_INDENT), ""]


def _left_out(issue: Issue) -> list[str]:
    found = note(issue_parts.left_summary(issue))
    for one in issue.left_out:
        found += wrapped(issue_parts.left_out(one), first="* ", rest=_INDENT)
    return [*found, ""] if issue.left_out else found


def _continued(issue: Issue) -> list[str]:
    rows = [line for one in issue_parts.coverage_rows(issue)[1] for line in unread(issue, one)]
    rows += [line for one in issue_parts.lapse_rows(issue)[1] for line in lapse(issue, one)]
    coming = [f"{issue_parts.announced(one)}{more}" for one, more in issue_parts.ahead_rows(issue)]
    ahead = [line for told in coming for line in wrapped(told, first="* ", rest=_INDENT)]
    changes = text_lines.altered(issue, issue.changed_left)
    changes += text_lines.sources(issue, issue_parts.elsewhere(issue))
    return [
        *((*heading("Coverage, continued"), *rows) if rows else ()),
        *((*heading("Changed after publication, continued"), *changes) if changes else ()),
        *((*heading("Ahead, continued"), *ahead, "") if ahead else ()),
    ]


def _inventory(issue: Issue) -> list[str]:
    found = note(issue_parts.ALL if issue.annex else issue_parts.NO_PERIOD)
    for part, rows in issue_parts.rows(issue):
        found += note(issue_parts.inventory_title(part))
        found += [line for row in rows for line in _row(issue, part, row)]
        found.append("")
    return found


def _row(issue: Issue, part: Inventory, row: Row) -> list[str]:
    item = row.item
    told = f"[{row.reference.number}] " if row.reference else ""
    told += f"{issue_parts.row_date(item, part.source.timezone)}: {issue_parts.row_title(issue, item)}"
    told += f" ({', '.join(row.notes)})" if row.notes else ""
    found = wrapped(told, first="* ", rest=_INDENT)
    if row.alone and row.reference:
        found += wrapped("; ".join(words.details(issue, row.reference)), first=_INDENT, rest=_INDENT)
    if item.url and (row.alone or row.reference is None):
        found.append(f"{_INDENT}{uri(item.url)}")
    return found + (text_lines.hashed(item.fingerprint, _INDENT) if row.alone else [])


def _undated(issue: Issue) -> list[str]:
    known, found = issue_parts.numbers(issue), []
    for one in issue.undated:
        number = f"\u00a0[{known[one.item.id].number}]" if one.item.id in known else ""
        told = f"{words.source_words(one.source)}: {words.mentioned(issue, one)}{number}"
        found += wrapped(told, first="* ", rest=_INDENT)
    return [*note(issue_parts.UNDATED), *found, ""] if found else note(issue_parts.NO_UNDATED)


def _table(figure: Figure) -> list[str]:
    """The figures behind a chart: a line for each row, the headings said once."""
    table = figures.rows(figure)
    found = [*note(one_line(figure.summary)), *note(", ".join(table.head[table.texts :]))]
    for row in table.rows:
        name = ", ".join(filter(None, row[: table.texts]))
        found += wrapped(f"{name}: {', '.join(row[table.texts :])}", rest=_INDENT)
    return [*found, ""]
