"""The next issue of a briefing as it stands now: marked as a draft, written elsewhere, never recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from briefing.delivery import files
from briefing.documents import Document
from briefing.editions import periods
from briefing.errors import UsageError
from briefing.outputs import lacking
from briefing.outputs.issue_words import heading
from briefing.outputs.wording import published_words
from briefing.service import fonts, formats
from briefing.service.issuing import asked, edition
from briefing.service.moments import known_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from briefing.documents import Issue, Reference, Section
    from briefing.model import Briefing, Item, ItemId, Label, Settings
    from briefing.service.desk import Desk

FOLDER = "preview"
"""Where drafts lie in the storage folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An item that would be in an issue: its number (0 where it has none), the part it stands in, and why."""

    number: int
    part: str
    item: str
    source: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The draft of an issue: its files, what would be in it, what the limits keep out, what is to be said of it."""

    briefing: str
    title: str
    period: str
    version: int
    paths: tuple[Path, ...]
    items: tuple[Placed, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]


def preview(
    desk: Desk,
    settings: Settings | None = None,
    *,
    briefing_id: str | None = None,
    period: str | None = None,
    names: Sequence[str] = ("html",),
) -> list[Draft]:
    """Write drafts of the issue of a period (by default the running one) in these formats; all briefings by default.

    The style of the house and own templates are those of `settings`, though they were not adopted yet.

    Raises:
        UsageError: there is no such briefing or period, nothing in the log, or a format's extra is not installed.
    """
    position = desk.projector.catch_up()
    library = known_at(desk, position)
    if library.settings() is None:
        raise UsageError("nothing has been read yet: `briefing run` does so, and then there is something to preview")
    if missing := lacking(names):
        raise UsageError(formats.note(missing))
    found = asked(library, desk.clock(), briefing_id, period)
    meant = found if period is not None else [(one, periods.following(last)) for one, last in found]
    return [_draft(desk, settings, briefing, its, names) for briefing, its in meant]


def _draft(desk: Desk, settings: Settings | None, briefing: Briefing, period: str, names: Sequence[str]) -> Draft:
    library = known_at(desk, desk.projector.catch_up())
    held = library.issues(briefing.id, period, 1)
    version = held[0].version + 1 if held else 1
    made = edition(desk, library, briefing.id, period, version=version, as_of=library.position(),
                   order=held[0].items if held else ())  # fmt: skip
    made = replace(made, draft=True)
    if settings is not None:
        fonts.keep(desk.storage, settings.templates, settings.beside)
        own = fonts.held(desk.storage, settings.templates)
        made = replace(made, house=settings.house, templates=settings.templates, fonts=own)
    held_items = library.items_by_id([one.item.id for one in made.references], evidence=True)
    place = desk.storage / FOLDER
    bodies, failed = formats.attempt(made, names)
    documents = [Document(path=f"{briefing.id}/{period}/{name}", body=body) for name, body in bodies.items()]
    files.publish(place, documents)
    return Draft(
        briefing=briefing.id,
        title=made.title,
        period=period,
        version=version,
        paths=tuple(place / one.path for one in documents),
        items=tuple(_Reasons(made, held_items).rows()),
        left_out=tuple(_left(made)),
        notes=(*formats.failures(failed), *formats.warnings(made, [name for name in names if name not in failed])),
    )


class _Reasons:
    """Says of each item of an issue where it stands and why."""

    def __init__(self, made: Issue, items: Mapping[ItemId, Item]) -> None:
        self._made = made
        self._items = items  # with the evidence of their labels
        self._topics = {topic.id: topic.name for topic in made.topic_list}

    def rows(self) -> Iterator[Placed]:
        """Everything the issue holds, in the order in which a reader meets it; each item once a part."""
        made = self._made
        for rank, one in enumerate(made.highlights, 1):
            yield _row(one, "Highlights", f"{rank} of {len(made.highlights)}: {self._best(one.item)}")
        for part, sections in (("Statements", made.statements), ("Topics", made.topics), ("Analysis", made.analysis)):
            for section in sections:
                name = f"{part}: {heading(section)}"
                yield from (_row(one, name, self._in(section, one.item)) for one in section.references)
        yield from self._named()
        for change in made.changed:
            yield _row(change.reference, "Changed", change.what or change.kind)
        for one in made.late:
            day = published_words(one.item.published, one.source.timezone)
            yield _row(one, "Late", f"published {day}, seen in this period")
        yield from self._ahead()
        yield from self._rest()

    def _named(self) -> Iterator[Placed]:
        """What has no room in full, and is named with its title and number."""
        made, full = self._made, {one.item.id for one in _printed(self._made)}
        sections = (*made.statements, *made.topics, *made.analysis)
        named = {one.number: one for section in sections for one in section.see if one.item.id not in full}
        yield from (_row(one, "Named", self._best(one.item)) for _, one in sorted(named.items()))

    def _ahead(self) -> Iterator[Placed]:
        said: dict[int, str] = {}
        for voice in (voice for entry in self._made.ahead for voice in entry.voices):
            said.setdefault(voice.number, voice.sentence or "names a date after the period")
        for number, sentence in sorted(said.items()):
            yield from (_row(one, "Ahead", sentence) for one in self._made.references if one.number == number)

    def _rest(self) -> Iterator[Placed]:
        """What stands in the list of sources alone, and what is named without a number."""
        shown = {one.item.id for one in _printed(self._made)}
        below = {one.item for one in self._named()}
        limits = "; ".join(dict.fromkeys(one.limit for one in self._made.left_out)) or "not printed"
        for one in self._made.references:
            if one.item.id not in shown and one.item.id not in below:
                yield _row(one, "Annex", f"left out: {limits}")
        for named in self._made.others:
            yield Placed(
                number=0, part="Without a topic", item=named.item.id, source=named.source.name, title=named.item.title,
                reason="it has none of the topics of this briefing",
            )  # fmt: skip

    def _in(self, section: Section, item: Item) -> str:
        held = next((label for label in self._labels(item) if label.topic == section.id), None)
        return _reason(held) if held is not None else self._best(item)

    def _best(self, item: Item) -> str:
        """The label of an item that counts most in this issue, and why it has it."""
        labels = (one for one in self._labels(item) if one.topic in self._topics)
        held = max(labels, key=lambda one: one.score, default=None)
        return f"{self._topics[held.topic]}, {_reason(held)}" if held is not None else "every item is taken"

    def _labels(self, item: Item) -> tuple[Label, ...]:
        return self._items.get(item.id, item).labels


def _left(made: Issue) -> Iterator[str]:
    yield from (f"{one.where}: {one.count} left out, {one.limit}" for one in made.left_out)
    if made.others_left:
        yield f"Without a topic: {made.others_left} more"


def _printed(made: Issue) -> Iterator[Reference]:
    ahead = {voice.number for entry in made.ahead for voice in entry.voices}
    yield from (*made.highlights, *made.late, *(change.reference for change in made.changed))
    for section in (*made.statements, *made.topics, *made.analysis):
        yield from section.references
    yield from (one for one in made.references if one.number in ahead)


def _row(one: Reference, part: str, reason: str) -> Placed:
    return Placed(
        number=one.number, part=part, item=one.item.id, source=one.source.name, title=one.item.title, reason=reason
    )


def _reason(label: Label) -> str:
    places: dict[str, str] = {}
    for one in label.evidence:
        if one.phrase:
            places.setdefault(one.phrase, one.place)
    phrases = [f"“{phrase}” in the {place}" for phrase, place in places.items()]
    by = {"rules": "", "model": " by its model", "people": " by a person"}[label.earned]
    return f"{label.level} ({label.score}){by}" + (f": {', '.join(phrases)}" if phrases else "")
