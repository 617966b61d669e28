"""What an issue says of single items, as blocks: titles, quotations, changes, entries of the list of sources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from briefing.outputs import ahead_words
from briefing.outputs import issue_words as words
from briefing.outputs.addresses import is_sound, uri
from briefing.outputs.blocks import Bullets, Entry, Heading, Paragraph, Run
from briefing.outputs.passages import compared
from briefing.outputs.wording import quoted
from briefing.text import one_line

if TYPE_CHECKING:
    from briefing.documents import Alteration, Announced, Issue, Mention, Reference
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
    notes = words.notes(issue, reference)
    gone = reference.item.state in _GONE
    return [
        Paragraph((*institution(reference.source), Run(f", {words.published(reference)}")), "byline"),
        title(reference, level, place=f"i{reference.number}" if place else ""),
        *_twin(reference),
        *quotation(reference),
        *(paragraph(note, "warning" if gone and not at else "note") for at, note in enumerate(notes)),
    ]


def _twin(reference: Reference) -> list[Paragraph]:
    """The title of the publisher's own translation, which leads to it."""
    twin = reference.twin
    return [Paragraph((address(one_line(twin.title), twin.url, _tongue(twin)),), "note")] if twin is not None else []


def title(reference: Reference, level: Literal[2, 3], place: str = "") -> Heading:
    """The title of an item as a heading, with its number."""
    language = _tongue(reference.item)
    told = address(words.title(reference), reference.item.url, language)
    return Heading(level, (told, Run(" "), number(reference.number)), place, language)


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
    """A cross-reference to an item that is printed elsewhere."""
    told = Run(words.headline(issue, reference), _tongue(reference.item))
    by = (*institution(reference.source), Run(f", {words.published(reference)}: "))
    under: Runs = ()
    if place := places.get(reference.number):
        under = (Run(", printed under "), Run(place, target=f"#i{reference.number}"))
    return Paragraph((*by, told, Run(" "), number(reference.number), *under), "see")


def changed(issue: Issue, change: Alteration) -> list[Block]:
    """A change after publication with the passages that differ."""
    reference = change.reference
    what = one_line(change.what)
    return [
        Paragraph((Run(f"{words.alteration(issue, change)}. "), *institution(reference.source)), "byline"),
        title(reference, 2),
        *([paragraph(what)] if what else []),
        *passages(change),
    ]


def passages(change: Alteration) -> list[Paragraph]:
    """The passages before and after a change, what differs marked."""
    language = tongue(change.reference.item.language)
    marks: tuple[tuple[str, Mark], ...] = (("Before", "removed"), ("After", "added"))
    sides = compared(one_line(change.before), one_line(change.after))
    return [
        Paragraph(
            (Run(f"{label}: ", mark="label"), *(Run(text, language, mark if new else "") for new, text in runs)),
            "edit",
            language,
        )
        for (label, mark), runs in zip(marks, sides, strict=True)
        if runs
    ]


def announced(entry: Announced) -> list[Block]:
    """What lies ahead: when, what, and the sentences that say so."""
    language = tongue(entry.language)
    notes = ahead_words.notes(entry)
    told: list[Block] = [
        paragraph(ahead_words.heading(entry), "byline"),
        Heading(2, (Run(ahead_words.headline(entry), language),), language=language),
    ]
    for voice in entry.voices:
        item = voice.statement.item
        if sentence := one_line(voice.sentence):
            told.append(_quote(quoted(sentence, item.language), tongue(item.language)))
        told.append(Paragraph((*institution(voice.source), Run(" "), number(voice.number)), "note"))
    return [*told, *([paragraph(" · ".join(notes), "note")] if notes else [])]


def mentions(issue: Issue, named: tuple[Mention, ...]) -> Bullets:
    """Items that are only named, with who published them and when."""
    return Bullets(tuple((_mention(issue, one),) for one in named))


def _mention(issue: Issue, named: Mention) -> Paragraph:
    return Paragraph((Run(f"{words.mention(named)}: "), named_item(issue, named.item)), "see")


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
    paragraphs = [
        Paragraph((*institution(reference.source), Run(". "), cited)),
        paragraph("; ".join(words.details(issue, reference)), "note"),
    ]
    if target:
        paragraphs.append(Paragraph((address(target, target),), "note"))
    if item.fingerprint:
        paragraphs.append(Paragraph((Run("SHA-256 "), Run(item.fingerprint, mark="code")), "note"))
    return Entry(reference.number, f"s{reference.number}", tuple(paragraphs))
