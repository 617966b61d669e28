"""What an issue says of single items, as blocks: titles, quotations, changes, entries of the list of sources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from briefing.outputs import ahead_words
from briefing.outputs import issue_words as words
from briefing.outputs.addresses import is_sound, uri
from briefing.outputs.blocks import Entry, Heading, Paragraph, Run
from briefing.outputs.passages import compared
from briefing.outputs.wording import quoted
from briefing.text import one_line

if TYPE_CHECKING:
    from briefing.documents import Alteration, Announced, Issue, Reference, Section
    from briefing.model import Item, Source
    from briefing.outputs.blocks import Block, Mark, Role, Runs

# Language, script, region and variants (RFC 5646, section 2.1).
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?(?:-[A-Za-z0-9]{5,8})*")
_GONE = frozenset({"withdrawn", "removed"})


def tongue(code: str) -> str:
    """The language a passage must be marked with; empty for what is no tag of one: readers refuse a document for it."""
    return words.foreign(code) if _TAG.fullmatch(code) else ""


def paragraph(text: str, role: Role = "text") -> Paragraph:
    """A paragraph of our own words."""
    return Paragraph((Run(text),), role)


def address(text: str, target: str, language: str = "", mark: Mark = "") -> Run:
    """Words that lead to an address where a reader may be sent there, else the words alone."""
    sent = uri(target)
    return Run(text, language, mark, sent if is_sound(sent) else "")


def number(place: int) -> Run:
    """A source number, which leads to the list of sources."""
    return Run(f"[{place}]", mark="number", target=f"#s{place}")


def institution(source: Source) -> Runs:
    """The name of an institution in its language, and its country."""
    name = Run(one_line(source.name), tongue(words.name_language(source)))
    country = words.country_words(source)
    return (name, Run(country)) if country else (name,)


def printed(issue: Issue, reference: Reference, level: Literal[2, 3], *, place: bool) -> list[Block]:
    """An item in full: who and when, title, quotation, notes."""
    return [
        Paragraph((*institution(reference.source), Run(f", {words.published(reference)}")), "byline"),
        title(reference, level, place=f"i{reference.number}" if place else ""),
        *_twin(reference),
        *quotation(reference),
        *_notes(issue, reference),
    ]


def _notes(issue: Issue, reference: Reference) -> list[Paragraph]:
    """What is to be known besides, in one line; that an item is gone in one of its own."""
    notes = words.notes(issue, reference)
    gone = notes[:1] if reference.item.state in _GONE else ()
    rest = notes[len(gone) :]
    return [paragraph(note, "warning") for note in gone] + ([paragraph(" · ".join(rest), "note")] if rest else [])


def _twin(reference: Reference) -> list[Paragraph]:
    """The title of the publisher's own translation, which leads to it."""
    twin = reference.twin
    said = words.twin(reference)
    return [Paragraph((address(said, twin.url, _tongue(twin)),), "note")] if said and twin is not None else []


def title(reference: Reference, level: Literal[2, 3], place: str = "") -> Heading:
    """The title of an item as a heading, with its number."""
    language = _tongue(reference.item)
    told = address(words.title(reference), reference.item.url, language)
    return Heading(level, (told, Run(" "), number(reference.number)), place, language, item=True)


def quotation(reference: Reference) -> list[Paragraph]:
    """The publisher's own sentences, where there are some."""
    text = one_line(reference.quote)
    language = tongue(reference.item.language)
    return [_quote(quoted(text, reference.item.language), language)] if text else []


def _quote(text: str, language: str, *more: Run) -> Paragraph:
    return Paragraph((Run(text, language), *more), "quote", language)


def _tongue(item: Item) -> str:
    return tongue(words.language(item))


def highlight(issue: Issue, reference: Reference) -> tuple[Paragraph, ...]:
    """An item among the highlights: its quotation, or what stands for it."""
    by = (*institution(reference.source), Run(f", {words.published(reference)} "), number(reference.number))
    told = quotation(reference)
    if not told:
        language = _tongue(reference.item)
        said = words.headline(issue, reference)
        gone = reference.item.removal is not None
        told = [Paragraph((Run(said) if gone else address(said, reference.item.url, language),), "quote", language)]
    return Paragraph(by, "byline"), *told


def see(issue: Issue, reference: Reference, places: dict[int, str]) -> Paragraph:
    """A cross-reference to an item that is printed elsewhere, in a line."""
    name = Run(one_line(reference.source.name), tongue(words.name_language(reference.source)))
    told = Run(words.headline(issue, reference), _tongue(reference.item))
    under: Runs = ()
    if place := places.get(reference.number):
        under = (Run(", under "), Run(place, target=f"#i{reference.number}"))
    by = (Run(f"{words.day(reference)}, "), name, Run(": "))
    return Paragraph((*by, told, Run(" "), number(reference.number), *under), "see")


def see_also(section: Section) -> Paragraph:
    """The cross-references of a section in one line: who published an item, and its number."""
    runs: Runs = (Run("See also: "),)
    for at, reference in enumerate(section.see):
        source = reference.source
        name = Run(one_line(source.name), tongue(words.name_language(source)))
        runs += (*((Run("; "),) if at else ()), name, Run(" "), number(reference.number))
    return Paragraph(runs, "see")


def changed(issue: Issue, change: Alteration, level: Literal[2, 3]) -> list[Block]:
    """A change after publication with the passages that differ, and where all versions stand side by side."""
    reference = change.reference
    what = one_line(change.what)
    versions = words.difference(issue, change)
    return [
        Paragraph((Run(f"{words.alteration(issue, change)}. "), *institution(reference.source)), "byline"),
        title(reference, level),
        *([paragraph(what)] if what else []),
        *_passages(change),
        *([Paragraph((address("All versions side by side", versions),), "note")] if versions else []),
    ]


def _passages(change: Alteration) -> list[Paragraph]:
    """The passages before and after a change, what differs marked."""
    language = tongue(change.reference.item.language)
    before, after = compared(one_line(change.before), one_line(change.after))
    return [
        *_side("Before", "before", _marked(before, "removed", language), language),
        *_side("After", "after", _marked(after, "added", language), language),
    ]


def _side(label: str, role: Role, runs: Runs, language: str) -> list[Paragraph]:
    return [Paragraph((Run(f"{label}: ", mark="label"), *runs), role, language)] if runs else []


def _marked(runs: tuple[tuple[bool, str], ...], mark: Mark, language: str) -> Runs:
    return tuple(Run(text, language, mark if new else "") for new, text in runs)


def announced(entry: Announced) -> list[Block]:
    """What lies ahead: when, what, and the sentences that say so."""
    language = tongue(entry.language)
    notes = ahead_words.notes(entry)
    told: list[Block] = [
        paragraph(ahead_words.heading(entry), "byline"),
        Heading(2, (Run(ahead_words.headline(entry), language),), language=language, item=True),
    ]
    for voice in entry.voices:
        item = voice.statement.item
        if sentence := one_line(voice.sentence):
            told.append(_quote(quoted(sentence, item.language), tongue(item.language)))
        told.append(Paragraph((*institution(voice.source), Run(" "), number(voice.number)), "note"))
    return [*told, *([paragraph(" · ".join(notes), "note")] if notes else [])]


def announced_line(entry: Announced, more: str) -> Paragraph:
    """What more lies ahead, in a line: when, what, and who says so, with their numbers where they have some; `more` is
    said behind it.
    """
    runs: Runs = (
        Run(f"{ahead_words.heading(entry)}: "), Run(ahead_words.headline(entry), tongue(entry.language)), Run("; "),
    )  # fmt: skip
    for at, voice in enumerate(entry.voices):
        name = Run(one_line(voice.source.name), tongue(words.name_language(voice.source)))
        said = (Run(" "), number(voice.number)) if voice.number else ()
        runs += (*((Run(", "),) if at else ()), name, *said)
    return Paragraph((*runs, *((Run(more),) if more else ())), "see")


def named_item(issue: Issue, item: Item) -> Run:
    """The title of an item that is only named, which leads to it; that it was removed leads nowhere."""
    if item.removal is not None:
        return Run(words.removal(issue, item))
    return address(one_line(item.title) or item.url or "Without a title", item.url, _tongue(item))


def entry(issue: Issue, reference: Reference) -> Entry:
    """An entry of the list of sources."""
    item = reference.item
    target = uri(item.url)
    cited = Run(words.cited(reference), _tongue(item))
    said = words.twin(reference)
    twin = (Run(" "), Run(said, _tongue(reference.twin))) if said and reference.twin is not None else ()
    paragraphs = [
        Paragraph((*institution(reference.source), Run(". "), cited, *twin)),
        paragraph("; ".join(words.details(issue, reference)), "note"),
    ]
    if target:
        paragraphs.append(Paragraph((address(target, target),), "note"))
    if item.fingerprint:
        paragraphs.append(Paragraph((Run("SHA-256 "), Run(item.fingerprint, mark="code")), "note"))
    return Entry(reference.number, f"s{reference.number}", tuple(paragraphs))
