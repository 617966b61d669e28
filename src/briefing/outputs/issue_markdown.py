"""An issue as Markdown (CommonMark 0.31). Everything that is not ours is escaped: a title is never markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from briefing.outputs import ahead_words, drafts, issue_proof
from briefing.outputs import issue_words as words
from briefing.outputs.addresses import is_web, uri
from briefing.outputs.passages import compared
from briefing.outputs.wording import quoted
from briefing.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefing.documents import Alteration, Issue, Reference, Section
    from briefing.outputs.passages import Runs

_INLINE = re.compile(r"([#\\`*_\[\]<>~]|&(?=[#\w]))")
_BACKSLASH = r"\\\1"
_AMPERSAND = "\\&"
_LINE_START = re.compile(r"^(\s*)(?:([+\-=])|(\d{1,9})([.)]))")


def escaped(text: str) -> str:
    """A text on one line that means nothing but itself (CommonMark, section 2.4)."""
    line = _INLINE.sub(_BACKSLASH, one_line(text))
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", line)


def render(issue: Issue) -> bytes:
    """The issue as Markdown in UTF-8; one blank line between blocks."""
    blocks = [
        *([f"**{escaped(notice)}**"] if (notice := drafts.notice(issue)) else []),
        f"# {escaped(issue.title)}",
        f"{escaped(issue.site_title)}, issue {issue.period}",
        _list(f"{label}: {escaped(value)}" for label, value in words.front(issue)),
        _list(f"{label}: <{address}>" for label, address in words.addresses(issue)),
        escaped(words.QUOTED),
        *("## Highlights", *_highlights(issue)),
        *("## Coverage", *_coverage(issue)),
        *("## Official statements by country", *_sections(issue, issue.statements, words.NO_STATEMENTS)),
        *("## Topics", *_sections(issue, issue.topics, words.NO_TOPICS)),
        *("## Analysis", *_sections(issue, issue.analysis, words.NO_ANALYSIS)),
        *("## Ahead", *_ahead(issue)),
        *("## Changed after publication", *_changed(issue)),
        *("## Late arrivals", *(_items(issue, issue.late, level=3) or [words.NO_LATE])),
        *("## Without a topic", *_others(issue)),
        *("## Sources", *_sources(issue)),
        *("## How to quote this document", escaped(words.citation(issue))),
        *("## How to check this document", escaped(words.PROOF), _list(_proof(issue))),
    ]
    return (clean("\n\n".join(blocks)) + "\n").encode()


def _proof(issue: Issue) -> list[str]:
    *rows, (label, address) = issue_proof.rows(issue)
    return [*(f"{name}: `{value}`" for name, value in rows), f"{label}: <{address}>"]


def _list(rows: Iterable[str]) -> str:
    return "\n".join(f"- {row}" for row in rows)


def _highlights(issue: Issue) -> list[str]:
    rows = []
    for reference in issue.highlights:
        told = _quote(reference) or escaped(words.headline(issue, reference))
        rows.append(f"{escaped(words.byline(reference))}: {told} {_number(reference)}")
    return [_list(rows) if rows else words.NO_HIGHLIGHTS]


def _coverage(issue: Issue) -> list[str]:
    rows = []
    for missing in issue.coverage:
        gap, name = words.gap(issue, missing), escaped(words.source_words(missing.source))
        rows.append(f"{name}: {gap.state} since {gap.since}. Why: {escaped(gap.why)}. Last read: {gap.last_read}.")
    return [words.coverage_summary(issue), *([_list(rows)] if rows else []), *_lapses(issue)]


def _lapses(issue: Issue) -> list[str]:
    rows = []
    for held in issue.lapses:
        stretch, stands = words.lapse(issue, held)
        rows.append(f"{escaped(words.source_words(held.source))}, {escaped(stretch)}: {escaped(stands)}.")
    return [words.lapses_summary(issue), _list(rows)] if rows else []


def _sections(issue: Issue, sections: tuple[Section, ...], none: str) -> list[str]:
    where = words.places(issue)
    blocks: list[str] = []
    for section in sections:
        blocks += [f"### {escaped(words.heading(section))}", *_items(issue, section.references, level=4)]
        rows = [_see(issue, reference, where) for reference in section.see]
        if rows:
            blocks.append(_list(rows))
        if not rows and not section.references:
            blocks.append(words.NO_ITEMS)
    return blocks or [none]


def _see(issue: Issue, reference: Reference, where: dict[int, str]) -> str:
    place = where.get(reference.number)
    under = f", printed under {escaped(place)}" if place else ""
    told = f"{escaped(words.byline(reference))}: {escaped(words.headline(issue, reference))}"
    return f"{told} {_number(reference)}{under}"


def _items(issue: Issue, references: tuple[Reference, ...], level: int) -> list[str]:
    blocks: list[str] = []
    for reference in references:
        link = _link(words.title(reference), reference.item.url)
        blocks += [f"{'#' * level} {link} {_number(reference)}", escaped(words.byline(reference))]
        if quote := _quote(reference):
            blocks.append(f"> {quote}")
        if notes := words.notes(issue, reference):
            blocks.append(escaped(" · ".join(notes)))
    return blocks


def _others(issue: Issue) -> list[str]:
    rows = [
        f"{escaped(words.mention(one))}: {_link(words.mentioned(issue, one), one.item.url)}" for one in issue.others
    ]
    left = words.others_left(issue)
    return [words.OTHERS if rows else words.NO_OTHERS, *([_list(rows)] if rows else []), *([left] if left else [])]


def _ahead(issue: Issue) -> list[str]:
    blocks = []
    for entry in issue.ahead:
        title = escaped(ahead_words.headline(entry))
        blocks.append(f"### {escaped(ahead_words.heading(entry))}\n\n{title}")
        for voice in entry.voices:
            said = escaped(quoted(one_line(voice.sentence), voice.statement.item.language)) if voice.sentence else ""
            blocks.append(
                f"> {said} {escaped(words.source_words(voice.source))} \\[{voice.number}\\]".replace(">  ", "> ")
            )
        if notes := ahead_words.notes(entry):
            blocks.append(escaped(" · ".join(notes)))
    left = words.ahead_left(issue)
    return [words.AHEAD, *blocks, *([left] if left else [])] if blocks else [words.NO_AHEAD]


def _changed(issue: Issue) -> list[str]:
    blocks: list[str] = []
    for change in issue.changed:
        blocks.append(f"### {escaped(words.title(change.reference))} {_number(change.reference)}")
        told = f"{words.alteration(issue, change)}. {words.source_words(change.reference.source)}"
        blocks += [escaped(told), escaped(change.what)]
        if passages := _passages(change):
            blocks.append(_list(passages))
    return [block for block in blocks if block] or [words.NO_CHANGES]


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


def _sources(issue: Issue) -> list[str]:
    blocks = []
    for reference in issue.references:
        item = reference.item
        title = escaped(words.cited(reference))
        printed = f" SHA-256 `{item.fingerprint}`" if item.fingerprint else ""
        blocks.append(
            f"{_number(reference)} {escaped(words.source_words(reference.source))}. {title}. "
            f"{escaped('; '.join(words.details(issue, reference)))}. {_address(item.url)}{printed}".rstrip()
        )
    return blocks or [words.NO_SOURCES]


def _quote(reference: Reference) -> str:
    text = one_line(reference.quote)
    return escaped(quoted(text, reference.item.language)) if text else ""


def _number(reference: Reference) -> str:
    return f"\\[{reference.number}\\]"


def _link(text: str, url: str) -> str:
    return f"[{escaped(text)}](<{uri(url).replace('&', _AMPERSAND)}>)" if is_web(url) else escaped(text)


def _address(url: str) -> str:
    return f"<{uri(url)}>" if is_web(url) else escaped(uri(url))
