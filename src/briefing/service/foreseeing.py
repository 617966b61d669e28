"""Dates ahead, found while items are classified: each given to the meeting that it is a date of.

What was found is recorded with the number of the method, so that another method rewrites nothing: it finds anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from briefing import events
from briefing.observe.ahead import LANGUAGES, METHOD, day_of, find
from briefing.observe.ahead.matching import Said, best, keys, same_text
from briefing.observe.decisions import Fact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from briefing.observe.ahead import Foreseen
    from briefing.projections.nouns import Unlabelled
    from briefing.service.desk import Desk

_MARK = f"dates-{METHOD}"
_PAGE = 500
_MOVED = timedelta(days=120)  # how far away the date may lie that a moved one had before
_LATEST = 25  # statements of one page that another is compared with
_KEY = 12  # characters of a key's hash


@dataclass
class _Known:
    """Statements known, by meeting: those of the log, and those of this page that are not in it yet."""

    desk: Desk
    fresh: list[tuple[str, str, Said]] = field(default_factory=list)  # item, meeting, what it says
    read: dict[tuple[str, str], list[tuple[str, str, Said]]] = field(default_factory=dict)  # the same, by days

    def meeting(self, item: str, one: Said) -> str:
        """The meeting that a statement is most likely of; empty where it is a new one."""
        beside = _MOVED if one.moved else timedelta()
        first, last = one.first - beside, one.last + beside
        days = (first.isoformat(), last.isoformat())
        if days not in self.read:
            rows = self.desk.library.calendar.near(*days)
            self.read[days] = [(row["item"], row["meeting"], _said(row["told"])) for row in rows]
        latest = (entry for entry in reversed(self.fresh) if entry[2].first <= last and entry[2].last >= first)
        told = (*self.read[days], *islice(latest, _LATEST))
        return best(one, [(meeting, said) for other, meeting, said in told if other != item])


Dated = list[tuple["Unlabelled", list[tuple[str, "Foreseen"]]]]
"""Versions with the dates ahead that were read in them, each with where it stands."""


def read(page: Sequence[Unlabelled], seen: set[tuple[str, int]] | None = None) -> Dated:
    """The dates ahead in versions that were not searched before; `seen` learns which have been."""
    if seen is not None:
        seen |= {(one.item, one.revision) for one in page}
    return [(one, _dates(one)) for one in page if not one.rules or one.revision > one.labelled]


def begin(desk: Desk) -> None:
    """Where nothing has labels yet, nothing was left unsearched: there is no backlog to look for."""
    if not desk.library.published(_MARK) and not desk.library.labelled():
        desk.library.put_published(1, _MARK)


def backlog(desk: Desk, seen: Collection[tuple[str, int]]) -> Iterator[Dated]:
    """The same for all that was classified before this method was known, a page at a time; once for a method."""
    if desk.library.published(_MARK):
        return
    start = 0
    while page := desk.library.held_from(start, _PAGE):
        start = page[-1].place + 1
        yield [(one, _dates(one)) for one in page if (one.item, one.revision) not in seen]
    desk.library.put_published(1, _MARK)


def found(desk: Desk, dated: Dated) -> list[Fact]:
    """The facts of what was read, each date given to its meeting."""
    asked = [one.item for one, dates in dated if dates or one.revision > 1 or one.labelled]
    held: dict[str, list[dict[str, Any]]] = {}
    for row in desk.library.calendar.of(asked) if asked else ():
        held.setdefault(row["item"], []).append(row)
    known = _Known(desk)
    facts = []
    for one, dates in dated:
        before = held.get(one.item, [])
        if any((row["method"], row["revision"]) == (METHOD, one.revision) for row in before):
            continue
        if dates or before:
            told = _told(desk, one, dates, before, known)
            held[one.item] = [
                {"method": METHOD, "revision": one.revision, "meeting": date["meeting"], "told": date} for date in told
            ]
            event = events.ItemDatesFound(
                item=one.item, source=one.source, revision=one.revision, method=METHOD, dates=tuple(told)
            )
            facts.append(Fact(event=event, key=f"dates:{one.item}:{one.revision}:{METHOD}"))
    return facts


def _dates(one: Unlabelled) -> list[tuple[str, Foreseen]]:
    """The dates ahead of a version, each with where it stands; what the text repeats of the title once."""
    if one.language.partition("-")[0] not in LANGUAGES or (today := _published(one)) is None:
        return []
    text = [("text", ahead) for ahead in find(one.text, one.language, today)]
    said = {(ahead.first, ahead.last) for _, ahead in text}
    title = [("title", ahead) for ahead in find(one.title, one.language, today)]
    return [*(pair for pair in title if (pair[1].first, pair[1].last) not in said), *text]


def _published(one: Unlabelled) -> date | None:
    """The day from which a version's words count: of its publication, else of first sight where it was news then."""
    if one.published is not None:
        return day_of(one.published)
    return None if one.archive else day_of(one.seen_at)


def _told(
    desk: Desk,
    one: Unlabelled,
    dates: Sequence[tuple[str, Foreseen]],
    before: Sequence[Mapping[str, Any]],
    known: _Known,
) -> list[dict[str, Any]]:
    """Dates as their event holds them; those that the item had before keep their meetings."""
    told, compared = [], []
    for place, found_ in dates:
        names, where = keys(one.title if place == "title" else one.text, one.language, found_)
        hashed = {key: _hashed(desk, key) for key in (*names, *filter(None, [where]))}
        said = Said(
            first=found_.first,
            last=found_.last,
            kind=found_.kind,
            keys=frozenset(hashed[key] for key in names),
            where=hashed.get(where, ""),
            moved=found_.moved,
        )
        compared.append(said)
        told.append(_plain(place, found_, said))
    kept = _kept(compared, before)
    for number, (said, plain) in enumerate(zip(compared, told, strict=True), 1):
        meeting = kept.get(number) or _within(told[: number - 1], said) or known.meeting(one.item, said)
        plain["meeting"] = meeting or desk.store.keyed("meeting", one.item, str(one.revision), str(number))[:16]
        known.fresh.append((one.item, plain["meeting"], said))
    return told


def _within(told: Iterable[Mapping[str, Any]], said: Said) -> str:
    """The meeting of an earlier sentence of the same text."""
    return best(said, [(plain["meeting"], _said(plain)) for plain in told], same_text)


def _kept(now: Sequence[Said], before: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """The meetings that an item's dates had in the version before, by the number of the date now."""
    left = [(row["meeting"], _said(row["told"])) for row in before]
    kept: dict[int, str] = {}
    for number, said in enumerate(now, 1):  # what did not move first, so that what did finds what is left
        same = next(
            (
                pair
                for pair in left
                if (pair[1].first, pair[1].last, pair[1].kind) == (said.first, said.last, said.kind)
            ),
            None,
        )
        if same is not None:
            kept[number] = same[0]
            left.remove(same)
    for number, said in enumerate(now, 1):
        if number not in kept and left:
            pair = max(left, key=lambda pair: (len(pair[1].keys & said.keys), pair[1].kind == said.kind))
            if pair[1].kind == said.kind or pair[1].keys & said.keys:
                kept[number] = pair[0]
                left.remove(pair)
    return kept


def _plain(place: str, date: Foreseen, said: Said) -> dict[str, Any]:
    return {
        "start": date.first.isoformat(),
        "end": date.last.isoformat(),
        "precision": date.precision,
        "kind": date.kind,
        "deadline": date.deadline,
        "cancelled": date.cancelled,
        "moved": date.moved,
        "keys": sorted(said.keys),
        "at": said.where,
        "place": place,
        "sentence": list(date.sentence),
        "said": list(date.said),
        "name": list(date.name) if date.name else None,
        "where": list(date.place) if date.place else None,
        "who": [list(span) for span in date.who],
    }


def _said(told: Mapping[str, Any]) -> Said:
    return Said(
        first=date.fromisoformat(told["start"]),
        last=date.fromisoformat(told["end"]),
        kind=told["kind"],
        keys=frozenset(told["keys"]),
        where=told["at"],
        moved=told["moved"],
    )


def _hashed(desk: Desk, key: str) -> str:
    """A key that says no word, and is the same wherever this log knows it."""
    return key[:2] + desk.store.keyed("ahead", key)[:_KEY]
