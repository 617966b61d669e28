"""Items: the list with its filters, and one item with everything that is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from briefing.editions.changes import change_words
from briefing.editions.feeds import ALL
from briefing.outputs.addresses import absolute
from briefing.outputs.issue_words import name_language
from briefing.outputs.wording import quoted, removal_words, status_words
from briefing.text import one_line
from briefing.web import versions
from briefing.web.evidence import by_sentence
from briefing.web.grouping import by_day, held, page_number
from briefing.web.rendering import View

if TYPE_CHECKING:
    from starlette.requests import Request

    from briefing.model import Item, Label, Source, Topic
    from briefing.web.evidence import Runs
    from briefing.web.frame import Frame

PER_PAGE = 40
_MANY = 150  # choices above which a list to choose from would weigh more than the page
_FILTERS = ("topic", "source", "country", "kind", "since", "until")
_KINDS = {
    "official": frozenset({"ministry", "igo"}),
    "ministry": frozenset({"ministry"}),
    "igo": frozenset({"igo"}),
    "think-tank": frozenset({"think-tank"}),
    "media": frozenset({"media"}),
}


@dataclass(slots=True)
class Asked:
    """The filters as asked for; `problems` says what of it cannot be."""

    topic: str = ""
    source: str = ""
    country: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""
    problems: list[str] = field(default_factory=list)

    def values(self) -> dict[str, str]:
        """The filters as a query string has them."""
        return {name: getattr(self, name) for name in _FILTERS if getattr(self, name)}


@dataclass(frozen=True, slots=True)
class LabelShown:
    """A label with its topic, which may no longer be configured, and its sentences with the phrases marked."""

    label: Label
    topic: Topic | None
    sentences: tuple[tuple[Any, Runs], ...]


def listing(frame: Frame, request: Request) -> View:
    """Items of all sources, the newest day first, as far as the filters take them."""
    asked, page = _asked(frame, request), page_number(request)
    found = [] if asked.problems else _chosen(frame, asked, page)
    values = {
        "asked": asked,
        "groups": by_day(found[:PER_PAGE]),
        "page": page,
        "more": len(found) > PER_PAGE,
        "countries": sorted({source.country for source in frame.house.sources.values()}, key=frame.country),
        "kinds": tuple(_KINDS),
        "list_sources": len(frame.house.sources) <= _MANY,
        "list_topics": len(frame.house.topics) <= _MANY,
    }
    return View("items", values, _feeds(frame, asked), 400 if asked.problems else 200)


def one(frame: Frame, request: Request) -> View:
    """One item; a text too long for a page comes in parts, asked for with `part`."""
    item, source = item_of(frame, request)
    texts = frame.library.held([item.id])
    text = texts[item.id].text if item.id in texts else ""
    pieces = versions.parts(text)
    part = _part(request, len(pieces))
    known = frame.house.topics
    values = {
        "item": item,
        "source": source,
        "paragraphs": pieces[part - 1],
        "part": part,
        "pieces": len(pieces),
        "labels": [
            LabelShown(label, known.get(label.topic), by_sentence(label.evidence, item.language))
            for label in item.labels
        ],
        "suggested": [
            LabelShown(label, known.get(label.topic), by_sentence(label.evidence, item.language))
            for label in item.suggested
        ],
        "correcting": request.app.state.correcting and item.removal is None,
        "mentions": _mentions(frame, item),
        "changes": [(one, change_words(one)) for one in frame.library.changes(item=item.id, limit=5)],
        "links": frame.library.links(item.id),
        "story": frame.library.stories.story(item.id),
        "citation": citation(frame, item, source),
    }
    feeds = [(f"feeds/sources/{source.id}", source.name)]
    feeds += [(f"feeds/topics/{label.topic}", known[label.topic].name) for label in item.labels if label.topic in known]
    return View("item", values, tuple(feeds))


def _mentions(frame: Frame, item: Item) -> list[tuple[str, Any]]:
    """What an item names, countries by their names, each with its sentence and the words in it marked."""
    institutions = {one.id: one.name for one in frame.library.institutions()} if item.mentions else {}
    return [
        (
            frame.country(one.name) if one.country else institutions.get(one.name, one.name),
            by_sentence([replace(piece, phrase=f'"{piece.phrase}"') for piece in one.evidence], item.language),
        )
        for one in item.mentions
    ]


def item_of(frame: Frame, request: Request) -> tuple[Item, Source]:
    """The item that an address names, with its source.

    Raises:
        HTTPException: 404 where there is none.
    """
    name = request.path_params["item"]
    item = held(frame.library.item(name), "item", name)
    return item, frame.source(item)


def citation(frame: Frame, item: Item, source: Source) -> tuple[tuple[str, str], ...]:
    """An item as it is quoted, in runs of text and language.

    Who, what, when, where; when we took it down, and the print of what we took down.
    """
    if item.removal is not None:
        return _removed_citation(frame, item, source)
    title = quoted(one_line(item.title) or item.url, item.language)
    where = item.url or "no address"
    taken = item.changed_at if item.revisions > 1 and item.state != "withdrawn" else item.seen_at
    record = f"version {item.revisions} captured by {one_line(frame.site.title)} on {frame.when(taken)}"
    ours = absolute(frame.site.url, f"items/{item.id}") if frame.site.url else f"item {item.id}"
    status = f" ({said})" if (said := status_words(source.text_status)) else ""
    withdrawn = "; since withdrawn by its publisher" if item.state == "withdrawn" else ""
    return (
        (one_line(source.name), name_language(source)),
        (", ", ""),
        (title, item.language),
        (f"{status}, {frame.published(item)}, {where}; {record}{withdrawn}, {ours}, SHA-256 {item.fingerprint}", ""),
    )


def _removed_citation(frame: Frame, item: Item, source: Source) -> tuple[tuple[str, str], ...]:
    ours = absolute(frame.site.url, f"items/{item.id}") if frame.site.url else f"item {item.id}"
    said = removal_words(item.removal, frame.site.timezone) if item.removal is not None else ""
    rest = f", {frame.published(item)}; {said[0].lower()}{said[1:]}; {ours}"
    return ((one_line(source.name), name_language(source)), (f", {item.title}", ""), (rest, ""))


def _part(request: Request, pieces: int) -> int:
    asked = request.query_params.get("part", "") or "1"
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:6]) <= pieces):
        raise HTTPException(404, f"This text has {pieces} part{'s' if pieces > 1 else ''}.")
    return int(asked)


def _asked(frame: Frame, request: Request) -> Asked:
    asked = Asked()
    for name in _FILTERS:
        setattr(asked, name, request.query_params.get(name, "").strip()[:100])
    house = frame.house
    countries = {source.country for source in house.sources.values()}
    for name, known in (
        ("topic", house.topics),
        ("source", house.sources),
        ("country", countries),
        ("kind", _KINDS),
    ):
        given = getattr(asked, name)
        if given and given not in known:
            asked.problems.append(f"There is no {name} “{given}”: choose one from the form, or leave it open.")
    for name in ("since", "until"):
        given = getattr(asked, name)
        try:
            setattr(asked, name, date.fromisoformat(given).isoformat() if given else "")
        except ValueError:
            setattr(asked, name, "")
            asked.problems.append(f"“{given}” is no day: write year, month and day, as in {frame.today.isoformat()}.")
    if asked.since and asked.until and asked.since > asked.until:
        asked.problems.append("The period ends before it begins: exchange its two days.")
    return asked


def _chosen(frame: Frame, asked: Asked, page: int) -> list[Item]:
    """The items of a page, and one more where another page follows."""
    wanted = None
    if asked.country or asked.kind:
        wanted = [
            source.id
            for source in frame.house.sources.values()
            if asked.country in ("", source.country) and (not asked.kind or source.institution in _KINDS[asked.kind])
        ]
    return frame.library.items(
        topic=asked.topic or None,
        source=asked.source or None,
        sources=wanted,
        since=asked.since or None,
        until=asked.until or None,
        limit=PER_PAGE + 1,
        offset=(page - 1) * PER_PAGE,
        order="day",
    )


def _feeds(frame: Frame, asked: Asked) -> tuple[tuple[str, str], ...]:
    """The feeds of the topic and the source that are filtered by, else that of everything."""
    topic, source = frame.house.topics.get(asked.topic), frame.house.sources.get(asked.source)
    found = [(f"feeds/topics/{topic.id}", topic.name)] if topic else []
    found += [(f"feeds/sources/{source.id}", source.name)] if source else []
    return tuple(found) or ((ALL, frame.site.title),)
