"""Where a source's older items are to be asked for, and which of what stands there was missed. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from briefing.model import Archive, Entry, Published, Source

_NUMBER = re.compile(r"\{(?:n|page)\}")
_WORDPRESS = "?paged={n}"
_SECOND = 2
_BACK_DATED = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to older items: `name` as in `events.WAYS`, `source` as what each page is read.

    Pages follow one another by a link (`relation`) or by their number in `template`, from `first` on; `start` is the
    address to begin at where that is not the source's own document.
    """

    name: str
    source: Source
    relation: str = ""
    template: str = ""
    first: int = 1
    start: str = ""

    def numbered(self, number: int) -> str:
        """The address of a page by its number."""
        return page_address(self.template, self.source.url, number)


def ways(source: Source, links: Mapping[str, str], generator: str) -> list[Way]:
    """The ways to a source's older items, what is configured first; `links` and `generator` are what it says itself.

    Links are followed on the source's own site alone: what a feed says leads nobody anywhere else.
    """
    found: list[Way] = []
    if source.pagination and source.kind != "sitemap":
        found.append(_numbered("pagination", source, source.pagination))
    for name, relation in (("archives", "prev-archive"), ("pages", "next")):
        if same_site(source.url, links.get(relation, "")):
            found.append(Way(name=name, source=source, relation=relation, start=links[relation]))
    if source.kind == "feed" and "wordpress" in generator.lower():
        found.append(Way(name="wordpress", source=source, template=_WORDPRESS, first=_SECOND))
    if source.archive is not None:
        found.extend(_elsewhere(source, source.archive))
    return found


def _numbered(name: str, source: Source, template: str) -> Way:
    """Pages by number. Some sites call the second page 1, some 2: a page too many is asked once."""
    own = _own_number(template, source.url)
    return Way(name=name, source=source, template=template, first=own + 1 if own is not None else 1)


def _elsewhere(source: Source, archive: Archive) -> list[Way]:
    there = replace(source, url=archive.url, kind=archive.kind, listing=archive.listing, pagination=archive.pagination)
    if archive.kind == "sitemap":
        return [Way(name="sitemap", source=there, start=archive.url)]
    if archive.pagination:
        numbered = _numbered("listing", there, archive.pagination)
        return [replace(numbered, start=archive.url)]
    return [Way(name="listing", source=there, relation="next", start=archive.url)]


def page_address(template: str, url: str, number: int) -> str:
    """The address of page `number`, by a template as `pagination` holds it, of a source at `url`.

    A whole address stands for itself; `?page={n}` sets a parameter of the source's address; `/page/{n}` takes the place
    of the same form at the end of its path, else is put behind it; anything else is relative to it (RFC 3986, 5.2).
    """
    filled = _NUMBER.sub(str(number), template)
    if "://" in template:
        return filled
    parts = urlsplit(url)
    if template[0] in "?&":
        given = parse_qsl(filled[1:], keep_blank_values=True)
        names = {name for name, _ in given}
        kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in names]
        return urlunsplit(parts._replace(query=urlencode([*kept, *given]), fragment=""))
    if template[0] == "/":
        path = _form(template).sub("", parts.path) if _own_number(template, url) is not None else parts.path
        return urlunsplit(parts._replace(path=path.rstrip("/") + filled, fragment=""))
    return urljoin(url, filled)


def _form(template: str) -> re.Pattern[str]:
    before, _, after = _NUMBER.sub("\0", template).partition("\0")
    return re.compile(re.escape(before) + r"(\d+)" + re.escape(after) + r"/?$")


def _own_number(template: str, url: str) -> int | None:
    """The number that the source's own address has in the place of the template's; None where it has none."""
    if template[0] != "/":
        return None
    found = _form(template).search(urlsplit(url).path)
    return int(found[1]) if found else None


def same_site(url: str, other: str) -> bool:
    """Whether two web addresses lie on one host, `www.` or not."""
    first, second = urlsplit(url), urlsplit(other)
    return (
        second.scheme in {"http", "https"}
        and bool(second.hostname)
        and (first.hostname or "").removeprefix("www.") == (second.hostname or "").removeprefix("www.")
    )


def rolled_over(*, listed: int, known: bool, before: int, held: int) -> bool:
    """Whether a list has moved on unseen: nothing of the `listed` entries is `known`, though `held` items are.

    `before` counts the entries of the visit before. A list of one entry that changes says nothing: it never overlaps.
    """
    return bool(listed and held) and not known and not (listed == 1 and before <= 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """How far back a search is to go, in days (ISO) of the publisher's own dates; empty where they are not known.

    `newest` is the day of the newest item known before a gap, `oldest` the day before which nothing is taken.
    """

    newest: str = ""
    oldest: str = ""

    @classmethod
    def behind(cls, newest: Published | None) -> Self:
        """That of a gap behind an item with this date: what is back-dated by more than a month is none of it."""
        if newest is None or newest.value is None or newest.precision not in ("day", "minute"):
            return cls()
        day = newest.value[:10]
        return cls(newest=day, oldest=(date.fromisoformat(day) - _BACK_DATED).isoformat())

    def passed(self, entries: Iterable[Entry]) -> bool:
        """Whether a page lies wholly before what is wanted."""
        days = [day for entry in entries if (day := dated(entry))]
        return bool(self.oldest and days) and max(days) < self.oldest

    def holds(self, entry: Entry) -> bool:
        """Whether an entry is young enough, as far as its date is known."""
        return not dated(entry) or dated(entry) >= self.oldest


def missed(entries: Sequence[tuple[Entry, str | None]], known_before: frozenset[str], span: Span) -> list[Entry]:
    """Which entries of an older page fall into a gap; beside each the item that it is, None for a new one.

    What stands above the last entry known from before the gap, or is dated later than all that was known. The rest of
    such a page is older than anything that was ever listed to us, and no part of the gap.
    """
    reached = [number for number, (_, item) in enumerate(entries) if item in known_before]
    last = reached[-1] if reached else len(entries)
    new = ((number, entry) for number, (entry, item) in enumerate(entries) if item is None)
    return [
        entry
        for number, entry in new
        if (number < last and span.holds(entry)) or (number > last and span.newest and dated(entry) > span.newest)
    ]


def dated(entry: Entry) -> str:
    """The day (ISO) that an entry is dated with, else that its page was last changed; empty where neither is known."""
    said = entry.published
    if said.value is not None and said.precision in ("day", "minute"):
        return said.value[:10]
    return entry.touched[:10]
