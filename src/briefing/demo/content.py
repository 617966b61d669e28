"""What is published: the texts beside this module, with their days counted from the day the world is looked at.

A file of texts holds blocks that open with `=== slug`, then headers (`name: value`), a blank line and paragraphs.
Headers of a publication: `when` (`-1 tue 17:30`: week, weekday, time; or `today -1 09:30`), `title`, and where needed
`round` (in which it appears), `gone` (in which it is withdrawn), `language`, `author`, `undated`. A line `--- from 3`
opens the text that stands there silently from round 3 on. A series (headers `source`, `weeks`, `day`) makes one
publication a week named, out of an opening, two passages and a closing. `[[...]]` in a text is a day, a week or a
count: see `_fill`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from briefing.demo.dates import day_of, iso_week, written
from briefing.demo.institutions import INSTITUTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from briefing.demo.institutions import Institution

_FIELD = re.compile(r"\[\[([^\]]+)\]\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One text of one institution: in the world from round `first` until before round `gone`.

    `published` is in the institution's zone; `dated` says whether the institution tells it; `versions` pairs a round
    with the text that stands there from that round on, paragraphs apart by blank lines.
    """

    institution: Institution
    slug: str
    title: str
    language: str
    author: str
    published: datetime
    dated: bool
    first: int
    gone: int | None
    versions: tuple[tuple[int, str], ...]

    @property
    def path(self) -> str:
        """Where its own page lies."""
        return f"{self.institution.home}{self.slug}.html"

    def shown(self, number: int) -> bool:
        """Whether it can be read in a round."""
        return self.first <= number and (self.gone is None or number < self.gone)

    def text(self, number: int) -> str:
        """The text that stands there in a round."""
        return [text for since, text in self.versions if since <= number][-1]


@dataclass(frozen=True, slots=True)
class _Block:
    slug: str
    headers: Mapping[str, str]
    sections: tuple[tuple[str, str], ...]

    def named(self, name: str) -> list[str]:
        return [text for label, text in self.sections if label == name]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """What the fields of a text are filled from."""

    today: date
    day: date
    language: str
    number: int = 0
    turn: int = 0


def publications(today: date) -> tuple[Publication, ...]:
    """Everything that is ever published in the world looked at on `today`, newest first."""
    found = [_article(place, block, today) for place in INSTITUTIONS for block in _blocks(f"{place.id}.txt")]
    for block in _blocks("series.txt"):
        found += _series(block, today)
    return tuple(sorted(found, key=lambda item: (item.published, item.path), reverse=True))


def data_text(name: str) -> str:
    """A file of the world as text."""
    return (resources.files("briefing.demo") / "data" / name).read_text(encoding="utf-8")


@cache
def _blocks(name: str) -> tuple[_Block, ...]:
    return tuple(_block(part) for part in re.split(r"^=== ", data_text(name), flags=re.MULTILINE)[1:])


def _block(part: str) -> _Block:
    head, _, body = part.partition("\n\n")
    slug, *lines = head.splitlines()
    headers = dict(line.split(": ", 1) for line in lines)
    first, *rest = re.split(r"^--- (.+)\n", body, flags=re.MULTILINE)
    labels = ["", *rest[::2]]
    texts = [first, *rest[1::2]]
    return _Block(slug.strip(), headers, tuple(zip(labels, (text.strip() for text in texts), strict=True)))


def _article(place: Institution, block: _Block, today: date) -> Publication:
    headers = block.headers
    published = _moment(headers["when"], today, place)
    language = headers.get("language", place.language)
    first = int(headers.get("round", "1"))
    setting = _Setting(today=today, day=published.date(), language=language)
    versions = ((int(label.removeprefix("from ") or first), text) for label, text in block.sections)
    return Publication(
        institution=place,
        slug=block.slug,
        title=headers["title"],
        language=language,
        author=headers.get("author", ""),
        published=published,
        dated="undated" not in headers,
        first=first,
        gone=int(headers["gone"]) if "gone" in headers else None,
        versions=tuple((since, _fill(text, setting)) for since, text in versions),
    )


def _moment(when: str, today: date, place: Institution) -> datetime:
    start, second, clock = when.split()
    day = today + timedelta(days=int(second)) if start == "today" else day_of(today, int(start), second)
    return datetime.combine(day, time.fromisoformat(clock), place.zone)


def _series(block: _Block, today: date) -> Iterator[Publication]:
    """Pair passage `turn` with another one at a distance that grows, so that no two texts share both."""
    headers = block.headers
    place = next(place for place in INSTITUTIONS if place.id == headers["source"])
    openings, passages, closings = (block.named(name) for name in ("opening", "passage", "closing"))
    for turn, week in enumerate(headers["weeks"].split()):
        published = _moment(f"{week} {headers['day']}", today, place)
        distance = 1 + turn // len(passages)
        parts = (
            openings[turn % len(openings)],
            passages[turn % len(passages)],
            passages[(turn + distance) % len(passages)],
            closings[turn % len(closings)],
        )
        day, number = published.date(), int(headers.get("number", "0")) + turn
        setting = _Setting(today=today, day=day, language=place.language, number=number, turn=turn)
        yield Publication(
            institution=place,
            slug=f"{block.slug}-{iso_week(day).lower()}",
            title=_fill(headers["title"], setting),
            language=place.language,
            author=headers.get("author", ""),
            published=published,
            dated=True,
            first=1,
            gone=None,
            versions=((1, _fill("\n\n".join(parts), setting)),),
        )


def _fill(text: str, setting: _Setting) -> str:
    """Put days and counts into a text.

    `[[-1 tue]]` is a day counted from the week of `today`; `[[day]]` and `[[day+7]]` count from the text's own day;
    `[[week]]` is its ISO week's number, `[[number]]` its number in the series, `[[count 1200 60]]` a count that starts
    at 1,200 and grows by 60 with each text.
    """
    return _FIELD.sub(lambda match: _value(match[1], setting), text)


def _value(field: str, setting: _Setting) -> str:
    name, *rest = field.split()
    if name == "number":
        return str(setting.number)
    if name == "week":
        return str(setting.day.isocalendar().week)
    if name == "count":
        return f"{int(rest[0]) + setting.turn * int(rest[1]):,}"
    if name.startswith("day"):
        day = setting.day + timedelta(days=int(name.removeprefix("day") or "0"))
    else:
        day = day_of(setting.today, int(name), rest[0])
    return written(day, setting.language)
