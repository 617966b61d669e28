"""Parts of an issue as lines of plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.outputs import issue_words as words
from briefing.outputs.addresses import uri
from briefing.outputs.columns import WIDTH, width, wrapped
from briefing.outputs.wording import quoted
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefing.documents import Alteration, Issue, Reference

_INDENT = "    "
_HALF = 32  # digits of a hash on a line: a whole one is wider than that


def chapter(title: str, lines: Iterable[str]) -> list[str]:
    """A chapter under its title."""
    return ["", title.upper(), "-" * WIDTH, "", *lines]


def heading(title: str) -> list[str]:
    """A heading within a chapter."""
    return [*wrapped(title), "." * min(width(title), WIDTH), ""]


def note(text: str) -> list[str]:
    """A paragraph of our own words, and the line that parts it from what follows."""
    return [*wrapped(text), ""]


def quotation(reference: Reference) -> str:
    """The publisher's own sentences between the marks of their language; empty for none."""
    return quoted(one_line(reference.quote), reference.item.language) if reference.quote.strip() else ""


def hashed(fingerprint: str, indent: str) -> list[str]:
    """A hash on two lines; none for an item that has none."""
    if not fingerprint:
        return []
    return [f"{indent}SHA-256 {fingerprint[:_HALF]}", f"{indent}        {fingerprint[_HALF:]}"]


def printed(issue: Issue, references: Iterable[Reference]) -> list[str]:
    """Items in full: who and when, title, quotation, notes."""
    lines: list[str] = []
    for reference in references:
        lines += wrapped(words.byline(reference))
        lines += wrapped(f"{words.title(reference)}\u00a0[{reference.number}]")
        lines += wrapped(words.twin(reference))
        lines += wrapped(quotation(reference), first="  ", rest="  ")
        lines += [*wrapped(" · ".join(words.notes(issue, reference)), first="  ", rest="  "), ""]
    return lines


def altered(issue: Issue, changes: Iterable[Alteration]) -> list[str]:
    """Changes after publication with the passages that differ."""
    lines: list[str] = []
    for change in changes:
        lines += wrapped(f"{words.alteration(issue, change)}. {words.source_words(change.reference.source)}")
        lines += wrapped(f"{words.title(change.reference)}\u00a0[{change.reference.number}]")
        lines += wrapped(one_line(change.what), first="  ", rest="  ")
        lines += _passages(change)
        if target := words.difference(issue, change):
            lines += ["  All versions:", f"  {target}"]
        lines.append("")
    return lines


def _passages(change: Alteration) -> list[str]:
    language = change.reference.item.language
    lines: list[str] = []
    for label, text in (("Before: ", change.before), ("After:  ", change.after)):
        if text:
            lines += wrapped(quoted(one_line(text), language), first=f"  {label}", rest=" " * 10)
    return lines


def sources(issue: Issue, references: Iterable[Reference]) -> list[str]:
    """Entries of a list of sources."""
    return [line for reference in references for line in _source(issue, reference)]


def _source(issue: Issue, reference: Reference) -> list[str]:
    number = f"[{reference.number}]".ljust(len(_INDENT))
    item = reference.item
    lines = wrapped(words.source_words(reference.source), first=f"{number} ", rest=_INDENT)
    for told in (words.cited(reference), words.twin(reference), "; ".join(words.details(issue, reference))):
        lines += wrapped(told, first=_INDENT, rest=_INDENT)
    lines += [f"{_INDENT}{uri(item.url)}"] if item.url else []
    return [*lines, *hashed(item.fingerprint, _INDENT), ""]
