"""An issue as the blocks of its PDF: what stands where, in the order of the other formats. How it looks is the
template's.

A block is a JSON object; `k` names its kind, and the template has a function for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from briefing.documents import Mention
from briefing.outputs import ahead_words, issue_proof
from briefing.outputs import issue_words as words
from briefing.outputs.passages import compared
from briefing.outputs.pdf_spans import Span, address, joined, linked, number
from briefing.outputs.wording import moment_words, published_words
from briefing.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from briefing.documents import Alteration, Announced, Erratum, Issue, Reference, Section
    from briefing.outputs.passages import Runs
    from briefing.outputs.pdf_spans import Spans, Writer

Block = dict[str, Any]

_LONG = 1_600  # signs of an item that may break over two pages
_GONE = frozenset({"withdrawn", "removed"})


class Parts:
    """The blocks of an issue."""

    def __init__(self, issue: Issue, writer: Writer) -> None:
        self._issue = issue
        self._writer = writer
        self._places = words.places(issue)
        self._anchored: set[int] = set()

    def all(self) -> Iterator[Block]:
        """All of them, chapter by chapter; what there is nothing of says so, as in the other formats."""
        chapters: tuple[tuple[str, str, Callable[[], Iterable[Block]]], ...] = (
            ("highlights", "Highlights", self._highlights),
            ("coverage", "Coverage", self._coverage),
            ("revised", "New in this version", self._revised),
            ("contents", "Contents", lambda: [{}]),
            ("figures", "The period in figures", self._figures),
            ("statements", "Official statements by country", self._statements),
            ("topics", "Topics", self._topics),
            ("analysis", "Analysis", self._analysis),
            ("ahead", "Ahead", self._ahead),
            ("changed", "Changed after publication", self._changed),
            ("corrections", "Corrections to earlier issues", self._corrections),
            ("late", "Late arrivals", self._late),
            ("others", "Without a topic", self._others),
            ("sources", "Sources", self._sources),
            ("annex", "Annex", self._annex),
            ("quote", "How to quote this document", self._citation),
            ("check", "How to check this document", self._proof),
        )
        made = [(name, title, list(blocks())) for name, title, blocks in chapters]
        held = [(name, title, found) for name, title, found in made if found]
        for name, title, found in held:
            yield {"k": "chapter", "id": name, "title": title}
            yield from found if name != "contents" else [{"k": "contents", "middle": _middle(held)}]

    # ------------------------------------------------------------ the first page

    def _highlights(self) -> Iterator[Block]:
        for one in self._issue.highlights:
            by = [*self._writer.byline(one), Span(t=" "), number(one.number)]
            yield {"k": "highlight", "by": by, "text": self._quote(one) or self._headline(one)}
        yield self._note(words.QUOTED if self._issue.highlights else words.NO_HIGHLIGHTS)

    def _coverage(self) -> Iterator[Block]:
        issue = self._issue
        yield self._paragraph(words.coverage_summary(issue))
        if issue.coverage:
            rows = []
            for missing in issue.coverage:
                gap = words.gap(issue, missing)
                told = [self._said(text) for text in (gap.state, gap.since, gap.why, gap.last_read)]
                rows.append([self._writer.source(missing.source), *told])
            yield _table("Sources that could not be read", ("Source", "State", "Since", "Why", "Last read"), rows)
        if issue.lapses:
            yield self._paragraph(words.lapses_summary(issue))
            rows = [
                [self._writer.source(held.source), *map(self._said, words.lapse(issue, held))] for held in issue.lapses
            ]
            yield _table("Possible gaps", ("Source", "Between", "How it stands"), rows)

    def _revised(self) -> Iterator[Block]:
        if self._issue.revised:
            lines = [
                [*self._said(one.what), *([Span(t=" "), number(one.number)] if one.number else [])]
                for one in self._issue.revised
            ]
            yield {"k": "list", "lines": lines}

    def _figures(self) -> Iterator[Block]:
        return iter(())

    # ------------------------------------------------------------ items

    def _statements(self) -> Iterator[Block]:
        return self._sections(self._issue.statements, words.NO_STATEMENTS)

    def _topics(self) -> Iterator[Block]:
        return self._sections(self._issue.topics, words.NO_TOPICS)

    def _analysis(self) -> Iterator[Block]:
        return self._sections(self._issue.analysis, words.NO_ANALYSIS)

    def _sections(self, sections: Sequence[Section], none: str) -> Iterator[Block]:
        for section in sections:
            title = words.heading(section)
            yield {"k": "section", "title": self._said(title, words.foreign(self._issue.language))}
            yield from (self._item(one, 3) for one in section.references)
            yield from map(self._see, section.see)
            if not section.references and not section.see:
                yield self._note(words.NO_ITEMS)
        if not sections:
            yield self._note(none)

    def _item(self, one: Reference, level: int) -> Block:
        anchor = one.number if one.number not in self._anchored else 0
        self._anchored.add(one.number)
        quote = self._quote(one)
        return {
            "k": "item", "level": level, "n": one.number, "anchor": anchor,
            "by": self._writer.source(one.source), "when": self._said(words.published(one)),
            "title": self._writer.title(one), "quote": quote,
            "notes": [self._said(note, number=one.number) for note in words.notes(self._issue, one)],
            "warned": one.item.state in _GONE, "long": len(one.quote) > _LONG,
        }  # fmt: skip

    def _see(self, one: Reference) -> Block:
        place = self._places.get(one.number)
        told: Spans = [*self._writer.byline(one), Span(t=": "), *self._headline(one), Span(t=" "), number(one.number)]
        if place:
            told += self._said(f", printed under {place}")
        return {"k": "see", "text": told}

    def _quote(self, one: Reference) -> Spans:
        return self._writer.quote(one.quote, one.item.language, one.number) if one.quote.strip() else []

    def _headline(self, one: Reference) -> Spans:
        language = words.foreign(words.language(one.item))
        return linked(self._said(words.headline(self._issue, one), language, number=one.number), one.item.url)

    # ------------------------------------------------------------ ahead, changed, late

    def _ahead(self) -> Iterator[Block]:
        issue = self._issue
        yield self._note(words.AHEAD if issue.ahead else words.NO_AHEAD, before=bool(issue.ahead))
        yield from map(self._announced, issue.ahead)
        if left := words.ahead_left(issue):
            yield self._note(left)

    def _announced(self, entry: Announced) -> Block:
        voices = []
        for voice in entry.voices:
            told = voice.statement.item
            said = self._writer.quote(voice.sentence, told.language, voice.number) if voice.sentence else []
            voices.append(
                {"quote": said, "by": [*self._writer.source(voice.source), Span(t=" "), number(voice.number)]}
            )
        return {
            "k": "ahead", "when": self._said(ahead_words.heading(entry)),
            "title": self._said(ahead_words.headline(entry), words.foreign(entry.language)),
            "voices": voices, "note": self._said(joined(ahead_words.notes(entry))),
        }  # fmt: skip

    def _changed(self) -> Iterator[Block]:
        if not self._issue.changed:
            yield self._note(words.NO_CHANGES)
        for change in self._issue.changed:
            yield self._change(change, words.alteration(self._issue, change))

    def _change(self, change: Alteration, above: str) -> Block:
        one = change.reference
        before, after = compared(one_line(change.before), one_line(change.after))
        return {
            "k": "change", "level": 2, "n": one.number, "by": self._writer.source(one.source),
            "when": self._said(above), "title": self._writer.title(one),
            "what": self._said(one_line(change.what), number=one.number),
            "before": self._side(one, before, "del"), "after": self._side(one, after, "ins"),
            "long": len(change.before) + len(change.after) > _LONG,
        }  # fmt: skip

    def _side(self, one: Reference, runs: Runs, mark: str) -> Spans:
        language = words.foreign(one.item.language)
        return [
            span
            for changed, text in runs
            for span in self._writer.said(text, language, number=one.number, mark=mark if changed else "")
        ]

    def _corrections(self) -> Iterator[Block]:
        for erratum in self._issue.corrections:
            yield self._change(erratum.alteration, self._erratum(erratum)) | {"n": 0}

    def _erratum(self, erratum: Erratum) -> str:
        at = moment_words(erratum.alteration.at, self._issue.timezone)
        return f"Item {erratum.number} of issue {erratum.period}, version {erratum.version}; {at}"

    def _late(self) -> Iterator[Block]:
        yield from (self._item(one, 2) for one in self._issue.late)
        if not self._issue.late:
            yield self._note(words.NO_LATE)

    # ------------------------------------------------------------ lists

    def _others(self) -> Iterator[Block]:
        issue = self._issue
        yield self._note(words.OTHERS if issue.others else words.NO_OTHERS, before=bool(issue.others))
        if issue.others:
            yield {"k": "list", "lines": list(map(self._mention, issue.others))}
        if left := words.others_left(issue):
            yield self._note(left)

    def _mention(self, named: Mention) -> Spans:
        language = words.foreign(words.language(named.item))
        title = linked(self._said(words.mentioned(self._issue, named), language), named.item.url)
        return [*self._said(f"{words.mention(named)}: "), *title]

    def _sources(self) -> Iterator[Block]:
        if not self._issue.references:
            yield self._note(words.NO_SOURCES)
            return
        yield {"k": "sources", "entries": list(map(self._cited, self._issue.references))}

    def _cited(self, one: Reference) -> Block:
        language = words.foreign(words.language(one.item))
        head = [*self._writer.source(one.source), Span(t=". "),
                *self._said(words.cited(one), language, number=one.number)]  # fmt: skip
        return {
            "n": one.number, "head": head,
            "details": self._said("; ".join(words.details(self._issue, one)), number=one.number),
            "address": address(one.item.url), "hash": one.item.fingerprint,
        }  # fmt: skip

    def _annex(self) -> Iterator[Block]:
        issue = self._issue
        numbers = {one.item.id: one.number for one in issue.references}
        if issue.left_out:
            rows = [[self._said(one.where), self._said(f"{one.count:,}"), self._said(one.limit)]
                    for one in issue.left_out]  # fmt: skip
            yield _table("What the limits of this briefing kept out of its parts", ("Part", "Items", "Limit"), rows)
        for held in issue.annex:
            yield {"k": "section", "title": self._writer.source(held.source)}
            lines = []
            for item in held.items:
                shown = [number(numbers[item.id])] if item.id in numbers else []
                title = self._said(
                    words.mentioned(issue, Mention(source=held.source, item=item)), words.foreign(words.language(item))
                )
                when = published_words(item.published, held.source.timezone)
                lines.append([*self._said(f"{when}: "), *linked(title, item.url), Span(t=" "), *shown])
            yield {"k": "list", "lines": lines}
        if issue.undated:
            yield {"k": "section", "title": self._said("Without a date")}
            yield {"k": "list", "lines": list(map(self._mention, issue.undated))}

    # ------------------------------------------------------------ the document itself

    def _citation(self) -> Iterator[Block]:
        issue = self._issue
        yield self._paragraph(words.citation(issue).removesuffix(words.address(issue)))
        yield {"k": "note", "text": address(words.address(issue))}

    def _proof(self) -> Iterator[Block]:
        yield self._note(words.PROOF)
        rows = issue_proof.rows(self._issue)
        yield {"k": "facts", "rows": [[label, self._writer.said(value)] for label, value in rows[:-1]]
               + [[label, address(value)] for label, value in rows[-1:]]}  # fmt: skip

    # ------------------------------------------------------------ small things

    def _said(self, text: str, language: str = "", *, number: int = 0) -> Spans:
        return self._writer.said(text, language, number=number)

    def _paragraph(self, text: str) -> Block:
        return {"k": "para", "text": self._said(text)}

    def _note(self, text: str, *, before: bool = False) -> Block:
        """A note; one `before` something never stays behind on the page before it."""
        return {"k": "note", "text": self._said(text), "sticky": before}


def _middle(chapters: Sequence[tuple[str, str, Sequence[Block]]]) -> str:
    """The chapter whose entry begins the second column of the contents."""
    lengths = [1 + sum(block.get("k") == "section" for block in found) for _, _, found in chapters]
    reached = 0
    for (name, _, _), length in zip(chapters, lengths, strict=True):
        if reached + length / 2 >= sum(lengths) / 2:
            return name
        reached += length
    return chapters[-1][0]


def _table(caption: str, head: Sequence[str], rows: Sequence[Sequence[Spans]]) -> Block:
    return {"k": "table", "caption": caption, "head": list(head), "rows": [list(row) for row in rows]}
