"""From what was seen and what is known to what is to be recorded. Pure: the same input gives the same events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from briefing import events
from briefing.events import canonical
from briefing.model import UNREAD_PDF, Entry, Kin
from briefing.observe.addresses import canonical as same_address
from briefing.observe.identity import Sighting, aliases, content_key, new_id
from briefing.observe.language import detect
from briefing.observe.prints import noticed_print, same_text
from briefing.text import EXACT, PRINTS, exact_print, print_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from briefing.model import Article, Source
    from briefing.observe.identity import KnownItem

    Keyed = Callable[..., str]

_TITLE, _TEXT = "title", "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An event to append, with the key that makes it the same fact and the publisher's words that belong to it."""

    event: events.Event
    key: str
    payload: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one entry leads to: the item it is, and the facts to record."""

    item: str
    entry: Entry
    facts: tuple[Fact, ...] = ()
    new: bool = False
    revised: bool = False
    removed: bool = False


def wants_page(source: Source, sighting: Sighting) -> bool:
    """Whether an item's own page has to be read to know what it says."""
    entry, item = sighting.entry, sighting.item
    if not entry.url or sighting.shared or source.full_text == "never" or (item is not None and item.removed):
        return False
    if source.kind == "watch":  # its page is what was read
        return False
    if source.kind == "feed" and source.full_text == "auto" and entry.complete:
        return False
    return item is None or _unread(item.problem) or not says_the_same(entry, item)


def with_article(source: Source, entry: Entry, article: Article) -> Entry:
    """An entry completed by what its own page says.

    The title of a listing stands unless the page's is configured; the date of feed or listing stands where there is
    one.
    """
    title = entry.title
    configured = source.article is not None and source.article.title is not None
    if article.title and (configured or not title):
        title = article.title
    published = entry.published if entry.published.value is not None else article.published
    if not article.text:
        said = article.problem or "the page holds no readable text"
        return replace(entry, title=title, published=published, page=bool(article.problem), problem=said)
    return replace(
        entry,
        title=title,
        text=article.text,
        html=article.html,
        complete=True,
        page=True,
        page_title=article.title,
        published=published if published.value is not None or not entry.published.raw else entry.published,
        problem="",
        kin=article.kin,
    )


def with_held(source: Source, entry: Entry, held: Mapping[str, Any]) -> Entry:
    """An entry whose page could not be read this time, with the text `held` of it: a summary never takes its place."""
    if not held:
        return entry
    titled_by_page = source.article is not None and source.article.title is not None
    return replace(
        entry,
        title=held["title"] if titled_by_page else entry.title,
        text=held["text"],
        html=held["html"],
        complete=True,
        page=True,
        page_title=held["page_title"],
        problem="",
        kin=tuple(
            Kin(relation=relation, language=language, url=url, reason=reason)
            for relation, language, url, _, reason in held.get("kin", ())
        ),
    )


def entry_print(entry: Entry) -> str:
    """A print of what feed or listing itself says, whatever the item's own page adds."""
    return _entry_print(entry.title, noticed_print(entry.text, entry.html))


def says_the_same(entry: Entry, item: KnownItem) -> bool:
    """Whether feed or listing says what it said of an item: those words stand by themselves, or are the words held."""
    if item.entry_print == EXACT:
        return print_of(entry.title) == item.title_print and same_text(entry.text, entry.html, item.text_print)
    return entry_print(entry) == item.entry_print


def _entry_print(title: str, text: str) -> str:
    return print_of(f"{print_of(title)} {text}")


def noticed(item: KnownItem, held: Mapping[str, Any], entry: Entry) -> KnownItem:
    """An item with the prints of what a reader would notice; `held` are the words held of it (see `Entry`).

    The same words as those of `entry` are no edit, however their markup is read now.
    """
    text = noticed_print(held["text"], held["html"])
    same = noticed_print(entry.text, entry.html) if entry.text == held["text"] else text
    return replace(item, text_print=same, entry_print=_listed(held, text))


def _listed(held: Mapping[str, Any], text: str) -> str:
    """The print of what feed or listing said, where that is the words held too."""
    listed: str = held["entry_print"]
    return _entry_print(held["title"], text) if listed == EXACT else listed


def decide(
    source: Source,
    sighting: Sighting,
    entry: Entry,
    *,
    archive: bool,
    keyed: Keyed,
    listed: str | None = None,
    quiet: bool = False,
) -> Decision:
    """What to record of a sighting; `entry` is its entry, completed by its page where that was read.

    `archive` and `quiet` as in `events.ItemObserved`; `listed` is the print of what feed or listing said, where that is
    not the sighting's own entry.
    """
    if sighting.item is None:
        return _observed(source, sighting, entry, archive=archive, quiet=quiet, keyed=keyed)
    item = sighting.item
    facts: list[Fact] = []
    keys = aliases(sighting)
    if item.removed:
        return _known_as(source, item, entry, keys)
    if changed := _changed(source, sighting, entry):
        words = _words(listed or _said(sighting, entry), entry)
        facts.append(_revised(source, sighting, entry, words, changed=changed, keys=keys, keyed=keyed))
    elif keys:
        event = events.ItemAliased(item=item.id, source=source.id, keys=keys)
        moved = canonical({"url": entry.url}) if any(key.startswith("u") for key in keys) else None
        facts.append(Fact(event=event, key=f"aliased:{item.id}:{','.join(sorted(keys))}", payload=moved))
    revised = bool(changed) and not _unread(item.problem)
    return Decision(item=item.id, entry=entry, facts=tuple(facts), revised=revised)


def _said(sighting: Sighting, entry: Entry) -> str:
    """The print of the words of feed or listing; beside themselves a mark is enough."""
    return EXACT if entry is sighting.entry else entry_print(sighting.entry)


def _known_as(source: Source, item: KnownItem, entry: Entry, keys: tuple[str, ...]) -> Decision:
    """An item that was taken down stays known under whatever keys it comes, and no word of it is taken in again."""
    event = events.ItemAliased(item=item.id, source=source.id, keys=keys)
    fact = Fact(event=event, key=f"aliased:{item.id}:{','.join(sorted(keys))}")
    return Decision(item=item.id, entry=entry, facts=(fact,) if keys else (), removed=True)


def _observed(
    source: Source, sighting: Sighting, entry: Entry, *, archive: bool, quiet: bool, keyed: Keyed
) -> Decision:
    item = new_id(source.id, entry, keyed)
    # Words that no page has added to have their key already.
    own = content_key(source.id, entry, keyed) if entry is not sighting.entry else None
    keys = {*sighting.keys} | ({own} if own else set())
    event = events.ItemObserved(
        item=item,
        source=source.id,
        keys=tuple(sorted(keys)),
        payload="",
        language=detect(entry.title, entry.text, entry.language or source.language),
        archive=archive,
        quiet=quiet,
        **_date(entry),
    )
    payload = canonical(_words(_said(sighting, entry), entry))
    return Decision(
        item=item, entry=entry, new=True, facts=(Fact(event=event, key=f"observed:{item}", payload=payload),)
    )


def _changed(source: Source, sighting: Sighting, entry: Entry) -> tuple[str, ...]:
    """What a reader would notice: title, text. A date alone is none.

    A feed's summary says nothing of a text that was read from the item's own page, and a listing nothing of a title
    that was.
    """
    item = sighting.item
    assert item is not None
    if not entry.page and says_the_same(sighting.entry, item):
        return ()
    page_alone = item.page and not entry.page
    text = not page_alone and not same_text(entry.text, entry.html, item.text_print)
    titled_by_page = source.article is not None and source.article.title is not None
    title = not (page_alone and titled_by_page) and print_of(entry.title) != item.title_print
    text = text and entry.text != ""  # a text that is not there this time is no edit
    text = text or _replaced(item.problem, entry.problem)
    return tuple(name for name, differs in ((_TITLE, title), (_TEXT, text)) if differs)


def _unread(problem: str) -> bool:
    """Whether a text is missing that another visit may bring."""
    return problem != "" and not problem.startswith(UNREAD_PDF)


def _replaced(before: str, after: str) -> bool:
    """Whether one file that is known by its hash alone stands in the place of another, or of a text."""
    return after.startswith(UNREAD_PDF) and before != after


def _revised(
    source: Source,
    sighting: Sighting,
    entry: Entry,
    words: dict[str, Any],
    *,
    changed: tuple[str, ...],
    keys: tuple[str, ...],
    keyed: Keyed,
) -> Fact:
    item = sighting.item
    assert item is not None
    own = content_key(source.id, entry, keyed)
    number = item.versions + 1
    event = events.ItemRevised(
        item=item.id,
        source=source.id,
        revision=number,
        changed=changed,
        keys=tuple(sorted({*keys} | ({own} if own and own not in item.keys else set()))),
        payload="",
        language=detect(entry.title, entry.text, entry.language or source.language),
        completed=_unread(item.problem) and changed == (_TEXT,),
        **_date(entry),
    )
    return Fact(event=event, key=f"revised:{item.id}:{number}", payload=canonical(words))


def reread(
    source: Source,
    held: Mapping[str, Any],
    item: KnownItem,
    article: Article,
    keyed: Keyed,
    *,
    completed: bool = False,
) -> Decision:
    """What to record after an item's own page was read again; `held` are the words held of it (see `Entry`).

    A title taken from feed or listing changes here only if the page's own title did. `completed` says that our rules
    changed the text, and not its publisher.
    """
    retitled = article.title and held["page_title"] and print_of(article.title) != print_of(held["page_title"])
    # Beside a file that never could be read stands what feed or listing said.
    kept = article.problem != "" and held["problem"] != ""
    entry = Entry(
        url=held["url"],
        title=article.title if retitled else held["title"],
        digest="",
        guid=held["guid"],
        text=held["text"] if kept else article.text,
        html=held["html"] if kept else article.html,
        summary=held["summary"],
        complete=True,
        page=bool(item.page or item.problem),
        page_title=article.title,
        problem=article.problem,
        authors=tuple(held["authors"]),
        categories=tuple(held["categories"]),
        published=replace(item.published, raw=held["date_raw"]),
        kin=article.kin,
    )
    item = noticed(item, held, entry)
    sighting = Sighting(entry=entry, item=item, keys=())
    decision = decide(source, sighting, entry, archive=False, keyed=keyed, listed=item.entry_print)
    if not completed:
        return decision
    facts = (
        replace(fact, event=replace(fact.event, completed=True)) if isinstance(fact.event, events.ItemRevised) else fact
        for fact in decision.facts
    )
    return replace(decision, facts=tuple(facts), revised=False)


def withdrawn(
    source: Source,
    item: str,
    *,
    versions: int,
    status: int,
    first_missing: datetime,
    occasion: int,
) -> Fact:
    """The fact that an item is gone: see the event; `occasion` is the log position of what last happened to it."""
    since = first_missing.astimezone(UTC).isoformat()
    event = events.ItemWithdrawn(item=item, source=source.id, status=status, first_missing=since)
    return Fact(event=event, key=f"withdrawn:{item}:{versions}:{occasion}")


def restored(source: Source, item: str, *, occasion: int) -> Fact:
    """The fact that a withdrawn item can be read again."""
    return Fact(event=events.ItemRestored(item=item, source=source.id), key=f"restored:{item}:{occasion}")


def _date(entry: Entry) -> dict[str, Any]:
    said = entry.published
    return {"published": said.value, "precision": said.precision, "origin": said.origin}


def _words(listed: str, entry: Entry) -> dict[str, Any]:
    """The publisher's words: what the payload of an event holds."""
    related = [[kin.relation, kin.language, kin.url, same_address(kin.url), kin.reason] for kin in entry.kin]
    return ({"kin": related} if related else {}) | {
        "authors": list(entry.authors),
        "categories": list(entry.categories),
        "date_raw": entry.published.raw,
        "entry_print": listed,
        "guid": entry.guid,
        "html": entry.html,
        "page": entry.page,
        "page_title": entry.page_title,
        "prints": [PRINTS, print_of(entry.title), exact_print(entry.text, entry.html)],
        "problem": entry.problem,
        "summary": entry.summary,
        "text": entry.text,
        "title": entry.title,
        "url": entry.url,
    }
