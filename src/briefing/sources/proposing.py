"""Rules for a page that lists something: found in what repeats itself, tried, and the best of them given first."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from briefing.errors import ParseError
from briefing.model import ListRules, Source, SourceId
from briefing.sources import dates, page, picking
from briefing.sources.addresses import without_fragment
from briefing.sources.drafts import is_invitation
from briefing.sources.markup import absolute

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from briefing.model import Entry, Fetched

_MOST_LINKS = 2_000
_TRIED = 12  # proposals that are tried on the page
_LEAST = 3  # items that make a list
_CLIMB = 6  # elements above a link among which its item is sought
_NOT_CONTENT = frozenset({"nav", "header", "footer", "form"})
_BESIDE = re.compile(r"nav|menu|footer|breadcrumb|pagination|pager|social|share|sidebar|lang", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z][A-Za-z_-]*(?:\d{1,3}[A-Za-z_-]*)*\d{0,3}")
_PASSING = frozenset({"first", "last", "odd", "even", "active", "current", "even-row", "odd-row", "clearfix"})
_LONG, _LONG_DENSE = 15, 7  # characters of a title, and of one in a script without spaces
_DATE = 40  # characters of an element that holds nothing but a date
_HEADINGS = ("h2", "h3", "h4", "h5", "dt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Rules under which a page lists `items` items, `dated` of them dated; a higher `score` is a likelier list."""

    rules: ListRules
    items: int
    dated: int
    score: float


def listings(fetched: Fetched) -> tuple[Listing, ...]:
    """What a page may list, the likeliest first; nothing where nothing repeats itself.

    Raises:
        ParseError: the answer is no web page.
    """
    root, base, _ = picking.page_of(fetched, "a list of items")
    here = without_fragment(fetched.final_url)
    links = [link for link in picking.elements(root, "a[href]")[:_MOST_LINKS] if _leads_on(link, base, here)]
    groups = sorted(_groups(links, base), key=len, reverse=True)
    tried: dict[str, Listing] = {}
    for group in groups[: _TRIED * 2]:
        item = _selector(group)
        if item not in tried and len(tried) < _TRIED:
            found = _tried(fetched, root, group, item, base)
            if found is not None:
                tried[item] = found
    return tuple(sorted(tried.values(), key=lambda one: one.score, reverse=True))


def _leads_on(link: Any, base: str, here: str) -> bool:
    """Whether a link looks like that of an item: a title of some length, to another page, outside of menus."""
    text = picking.line(link)
    dense = any("\u3040" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7af" for sign in text)
    if len(text) < (_LONG_DENSE if dense else _LONG) or is_invitation(text):
        return False
    url = absolute(link.get("href"), base)
    return bool(url) and without_fragment(url) != here and not _in_menu(link)


def _in_menu(link: Any) -> bool:
    for element in link.iterancestors():
        if element.tag in _NOT_CONTENT or element.get("role") in {"navigation", "banner", "contentinfo"}:
            return True
    return False


def _groups(links: Iterable[Any], base: str) -> Iterator[list[Any]]:
    """Elements that stand alike, each around one link; grouped by how they and what they stand in are called."""
    held: dict[tuple[str, str, str], dict[Any, set[str]]] = defaultdict(lambda: defaultdict(set))
    for link in links:
        element = link
        for _ in range(_CLIMB):
            parent = element.getparent()
            if parent is None or element.tag in {"body", "html", "main"}:
                break
            held[element.tag, _named(element), _context(element)][element].add(absolute(link.get("href"), base))
            element = parent
    for group in held.values():
        alone = [element for element, urls in group.items() if len(urls) == 1]
        if len(alone) >= _LEAST and len(alone) * 2 > len(group):
            yield alone


def _classes(element: Any) -> list[str]:
    names = (element.get("class") or "").split()
    return [name for name in names if _NAME.fullmatch(name) and name.lower() not in _PASSING]


def _named(element: Any) -> str:
    """An element as a selector calls it: its tag and its first class that looks lasting."""
    return "".join([element.tag, *(f".{name}" for name in _classes(element)[:1])])


def _context(element: Any) -> str:
    """What an element stands in, as a selector: the next element above it that has a name."""
    parent = element.getparent()
    for above, sign in ((parent, " > "), *((each, " ") for each in parent.iterancestors())):
        name = above.get("id") or ""
        if _NAME.fullmatch(name):
            return f"{above.tag}#{name}{sign}"
        if _classes(above) or above.tag in {"main", "article", "section"}:
            return f"{_named(above)}{sign}"
        if above.tag == "body":
            break
    return f"{parent.tag} > "


def _selector(group: list[Any]) -> str:
    return f"{_context(group[0])}{_named(group[0])}"


def _tried(fetched: Fetched, root: Any, group: list[Any], item: str, base: str) -> Listing | None:
    """The proposal for a group, tried on the page; None where it does not list what the group holds."""
    link = _link(group, base)
    date = _date(group, root.get("lang") or "")
    rules = ListRules(
        item=item,
        title=link.removesuffix("@href") if link else None,
        link=link,
        date=date,
    )
    source = Source(
        id=SourceId("x"), name="x", institution="media", country="ZZ", url=fetched.url, kind="page", listing=rules
    )
    try:
        entries = page.parse(source, fetched, frozenset()).entries
    except ParseError:
        return None
    if len(entries) < _LEAST:
        return None
    dated = sum(entry.published.value is not None for entry in entries)
    return Listing(rules=rules, items=len(entries), dated=dated, score=_score(entries, dated, group))


def _link(group: list[Any], base: str) -> str | None:
    """The selector of the link inside an item; None where the item is a link itself."""
    first = group[0]
    if first.tag == "a":
        return None
    counted: dict[str, int] = defaultdict(int)
    for element in group:
        mains = [link for link in element.iter("a") if link.get("href") and _is_title(link)]
        for name in {_inside(link, element) for link in mains[:1]}:
            counted[name] += 1
    best = max(counted, key=lambda name: counted[name], default="a")
    plain = all(_leads_alike(element, base) for element in group)
    return "a@href" if plain or best == "a" else f"{best}@href"


def _is_title(link: Any) -> bool:
    text = picking.line(link)
    return bool(text) and not is_invitation(text)


def _leads_alike(element: Any, base: str) -> bool:
    """Whether the first link of an element is its title's."""
    links = [link for link in element.iter("a") if link.get("href")]
    return bool(links) and _is_title(links[0]) and len({absolute(link.get("href"), base) for link in links}) == 1


def _inside(link: Any, element: Any) -> str:
    if name := _classes(link):
        return f"a.{name[0]}"
    for above in link.iterancestors():
        if above is element:
            break
        if above.tag in {"h1", "h2", "h3", "h4", "h5", "h6", "dt"} or _classes(above):
            return f"{_named(above)} a"
    return "a"


def _date(group: list[Any], language: str) -> str | None:
    """The selector of the date of an item, seen from it: in it, or as the heading that it stands under."""
    counted: dict[str, int] = defaultdict(int)
    for element in group:
        for inner in element.iter(
            "time", "span", "p", "div", "td", "small", "em", "i", "b", "strong", "dd", "dt", "li"
        ):
            if inner is not element and _is_date(inner, language):
                counted[_named(inner)] += 1
                break
    if counted:
        best = max(counted, key=lambda name: counted[name])
        if counted[best] * 2 >= len(group):
            return best
    for tag in _HEADINGS:
        path = f"xpath:preceding::{tag}[1]"
        above = [found for element in group if (found := picking.pick(element, path))]
        if above and sum(_is_date(found[0], language) for found in above) * 2 >= len(group):
            return path
    return None


def _is_date(element: Any, language: str) -> bool:
    if element.tag == "time" and element.get("datetime"):
        return True
    text = picking.line(element)
    if not 6 <= len(text) <= _DATE or not any(sign.isdigit() for sign in text):  # noqa: PLR2004 - "1.2.17"
        return False
    code = language.partition("-")[0].lower() or None
    read = dates.understand(text, zone=None, language=code, origin="listing")
    return read.value is not None and read.precision in ("day", "minute")


def _score(entries: tuple[Entry, ...], dated: int, group: list[Any]) -> float:
    """How likely a list is the one that is meant: long titles, dates, and the newest of them first."""
    count = len(entries)
    length = sum(len(entry.title) for entry in entries) / count
    known = [entry.published.value for entry in entries if entry.published.value]
    falling = sum(one >= other for one, other in pairwise(known)) / max(1, len(known) - 1)
    named = [element.get("class") or "" for element in (group[0], *group[0].iterancestors())]
    named += [element.get("id") or "" for element in group[0].iterancestors()]
    beside = any(_BESIDE.search(name) for name in named)
    return (
        min(count, 20) / 20
        + 2 * dated / count
        + min(length, 60) / 60
        + (0.5 * falling if dated else 0)
        - (1.5 if beside else 0)
    )
