"""The marks of Markdown (CommonMark 0.31): what comes from outside is escaped, so that a title is never markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from briefing.outputs import issue_words as words
from briefing.outputs.addresses import is_web, uri
from briefing.outputs.passages import compared
from briefing.outputs.wording import quoted
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefing.documents import Alteration, Issue, Reference
    from briefing.outputs.passages import Runs

_INLINE = re.compile(r"([#\\`*_\[\]<>~|]|&(?=[#\w]))")
_BACKSLASH = r"\\\1"
_AMPERSAND = "\\&"
_LINE_START = re.compile(r"^(\s*)(?:([+\-=])|(\d{1,9})([.)]))")


def escaped(text: str) -> str:
    """A text on one line that means nothing but itself (CommonMark, section 2.4)."""
    line = _INLINE.sub(_BACKSLASH, one_line(text))
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", line)


def bullets(rows: Iterable[str]) -> str:
    """A list; its rows are Markdown already."""
    return "\n".join(f"- {row}" for row in rows)


def number(place: int) -> str:
    """A source number."""
    return f"\\[{place}\\]"


def link(text: str, url: str) -> str:
    """Words that lead to an address on the web, or the words alone."""
    return f"[{escaped(text)}](<{uri(url).replace('&', _AMPERSAND)}>)" if is_web(url) else escaped(text)


def address(url: str) -> str:
    """An address that leads to itself."""
    return f"<{uri(url)}>" if is_web(url) else escaped(uri(url))


def quotation(reference: Reference) -> str:
    """The publisher's own sentences between the marks of their language; empty for none."""
    text = one_line(reference.quote)
    return escaped(quoted(text, reference.item.language)) if text else ""


def printed(issue: Issue, references: Iterable[Reference], level: int) -> list[str]:
    """Items in full: title, who and when, quotation, notes."""
    blocks: list[str] = []
    for reference in references:
        title = link(words.title(reference), reference.item.url)
        blocks += [f"{'#' * level} {title} {number(reference.number)}", escaped(words.byline(reference))]
        if twin := words.twin(reference):
            blocks.append(escaped(twin))
        if quote := quotation(reference):
            blocks.append(f"> {quote}")
        if notes := words.notes(issue, reference):
            blocks.append(escaped(" · ".join(notes)))
    return blocks


def altered(issue: Issue, changes: Iterable[Alteration], level: int) -> list[str]:
    """Changes after publication with the passages that differ."""
    blocks: list[str] = []
    for change in changes:
        blocks.append(f"{'#' * level} {escaped(words.title(change.reference))} {number(change.reference.number)}")
        told = f"{words.alteration(issue, change)}. {words.source_words(change.reference.source)}"
        blocks += [escaped(told), escaped(change.what)]
        if passages := _passages(change):
            blocks.append(bullets(passages))
        if target := words.difference(issue, change):
            blocks.append(f"All versions: {address(target)}")
    return [block for block in blocks if block]


def _passages(change: Alteration) -> list[str]:
    before, after = compared(one_line(change.before), one_line(change.after))
    language = change.reference.item.language
    pairs = (("Before", "del", before), ("After", "ins", after))
    return [f"{label}: {quoted(_marked(runs, tag), language)}" for label, tag, runs in pairs if runs]


def _marked(runs: Runs, tag: str) -> str:
    # CommonMark has no sign of its own for what was removed and added; it takes these two elements as they are.
    return "".join(
        f"<{tag}>{_INLINE.sub(_BACKSLASH, text)}</{tag}>" if changed else _INLINE.sub(_BACKSLASH, text)
        for changed, text in runs
    )


def sources(issue: Issue, references: Iterable[Reference]) -> list[str]:
    """Entries of a list of sources."""
    blocks = []
    for reference in references:
        item, twin = reference.item, words.twin(reference)
        title = escaped(words.cited(reference)) + (f" {escaped(twin)}" if twin else "")
        printed = f" SHA-256 `{item.fingerprint}`" if item.fingerprint else ""
        blocks.append(
            f"{number(reference.number)} {escaped(words.source_words(reference.source))}. {title}. "
            f"{escaped('; '.join(words.details(issue, reference)))}. {address(item.url)}{printed}".rstrip()
        )
    return blocks
