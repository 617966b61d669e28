"""An invented press world: what every path answers in each of its four rounds, given a day to look at it from.

Round 1 is the archive. Round 2 brings new texts in three languages. In round 3 a figure and a sentence of a statement
change while its listing says nothing, every entry of the Atom feed gets another id, and a web page takes the place of
one feed. In round 4 a statement is withdrawn. The same day gives the same bytes; nothing is dated after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from briefing.demo.content import publications
from briefing.demo.feeds import FORMS, SUBSCRIBERS_ONLY
from briefing.demo.institutions import INSTITUTIONS
from briefing.demo.pages import article, listing, notice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from briefing.demo.institutions import Institution

ROUNDS = 4

_ROBOTS = f"""User-agent: *
Disallow: /search
Disallow: {SUBSCRIBERS_ONLY.rpartition("/")[0]}/

Sitemap: {{{{base}}}}/gazette/news-sitemap.xml
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a path answers: `{{base}}` in `body` stands for the world's address, `modified` is when it last changed."""

    content_type: str
    body: bytes
    modified: datetime

    def filled(self, base: str) -> bytes:
        """The body with the world's address, given without a trailing slash."""
        return self.body.replace(b"{{base}}", base.encode("ascii"))


class World:
    """The press world looked at on `today`, best the day it is in the zone of the site. `round` may be set.

    Raises:
        ValueError: `today` lies in the first months of the Heisei era or before, where era dates cannot be written; or
            `round` is set to one that does not exist.
    """

    def __init__(self, today: date) -> None:
        self.today = today
        self.institutions = INSTITUTIONS
        self.publications = publications(today)
        self._round = 1
        self._answers: list[dict[str, Answer]] = []
        for number in range(1, ROUNDS + 1):
            self._answers.append(self._open(number, self._answers[-1] if self._answers else {}))

    @property
    def round(self) -> int:
        """The round the world is in, 1 to `ROUNDS`."""
        return self._round

    @round.setter  # noqa: A003 - what is set is called so, and no number is rounded here
    def round(self, number: int) -> None:
        if not 1 <= number <= ROUNDS:
            raise ValueError(f"the press world has no round {number}; give one from 1 to {ROUNDS}")
        self._round = number

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that answers in the present round."""
        return tuple(self._answers[self._round - 1])

    def answer(self, path: str) -> Answer | None:
        """What a path answers in the present round; None where there is nothing (404)."""
        return self._answers[self._round - 1].get(path)

    def _open(self, number: int, before: dict[str, Answer]) -> dict[str, Answer]:
        """All answers of a round; one that is as it was keeps its time of change."""
        # A day back: `today` begins earlier in the east than in UTC, and nothing may have changed in the future.
        stamp = datetime.combine(self.today, time(), UTC) - timedelta(days=1) + timedelta(hours=number)
        answers = {}
        for path, content_type, body in self._bodies(number):
            held = before.get(path)
            same = held is not None and (held.content_type, held.body) == (content_type, body)
            answers[path] = held if held and same else Answer(content_type=content_type, body=body, modified=stamp)
        return answers

    def _bodies(self, number: int) -> Iterator[tuple[str, str, bytes]]:
        yield "/robots.txt", "text/plain; charset=utf-8", _ROBOTS.encode()
        for place in self.institutions:
            shown = [item for item in self.publications if item.institution is place and item.shown(number)]
            html = f"text/html; charset={place.encoding}"
            yield place.home, html, listing(place, shown).encode(place.encoding)
            yield place.feed, *self._feed(place, number)
            for item in shown:
                yield item.path, html, article(item, number).encode(place.encoding)

    def _feed(self, place: Institution, number: int) -> tuple[str, bytes]:
        if not place.readable(number):
            return "text/html; charset=utf-8", notice(place).encode()
        write, content_type = FORMS[place.form]
        shown = [item for item in self.publications if item.institution is place and item.shown(number)]
        return content_type, write(place, shown, number).encode(place.encoding)
