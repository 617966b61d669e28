"""What there is to subscribe to and to open: digests, issues of the briefings, the list of feeds."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from briefing.editions.feeds import ALL, matches
from briefing.editions.periods import first_day, kind_of, last_day
from briefing.editions.weeks import week_of
from briefing.outputs import ISSUES
from briefing.outputs.issue_words import name_language
from briefing.outputs.wording import period_words
from briefing.service.errata import told
from briefing.text import fold
from briefing.web.grouping import by_day, grouped, held
from briefing.web.rendering import View

if TYPE_CHECKING:
    from starlette.requests import Request

    from briefing.documents import Erratum
    from briefing.model import Briefing, Digest, Issued, Item
    from briefing.web.frame import Frame

_SHOWN = 100  # items of a digest on its page
_LOOKED_AT = 1000  # items among which they are sought: a rare language must not read the whole store
_SEARCHED = 200  # the same where a phrase is sought in their texts, which costs ten times as much
_PAGE = 200
_FEW = 5000  # items of chosen sources that the database may sort; of more, the newest are gone through here
_ERRATA = 100  # of those to the issues shown, the latest
_ISSUES = 120  # versions on the page of briefings
_LISTED = 60  # feeds of one heading that are listed; a source's own page has its feeds as well
_FORMATS = {one.file: name for name, one in ISSUES.items()}
_FORMAT_WORDS = {
    "html": "read it here", "markdown": "Markdown", "text": "plain text", "json": "JSON",
    "pdf": "PDF", "docx": "Word", "epub": "EPUB",
}  # fmt: skip


def digest(frame: Frame, request: Request) -> View:
    """A digest: its newest items under their days, or weeks where it is bundled so."""
    name = request.path_params["digest"]
    wanted = held(next((one for one in frame.house.digests if one.id == name), None), "digest", name)
    items = _items_of(frame, wanted)
    weekly = wanted.bundle == "week"
    groups = grouped(items, lambda item: week_of(item.day)) if weekly else by_day(items)
    titles = {key: _period_words(key) if weekly else frame.named_day(key) for key, _ in groups}
    values = {"digest": wanted, "groups": groups, "titles": titles, "shown": _SHOWN, "searched": _SEARCHED}
    return View("digest", values, ((f"feeds/digests/{wanted.id}", wanted.title),))


def briefings(frame: Frame, request: Request) -> View:
    """The issues of every briefing with their versions and formats, the latest first."""
    issued = frame.library.issues(limit=_ISSUES)
    shelves = [(one, _periods(one, issued)) for one in frame.house.briefings]
    feeds = tuple((f"feeds/briefings/{one.id}", one.title) for one in frame.house.briefings)
    values = {"shelves": shelves, "formats": _formats, "issue_words": _period_words, "errata": _errata(frame, issued)}
    values["by_mail"] = request.app.state.subscribing()
    return View("briefings", values, feeds)


def feeds(frame: Frame, request: Request) -> View:
    """Every feed in every format, and how to subscribe."""
    languages = {f"feeds/sources/{source.id}": name_language(source) for source in frame.house.active}
    groups = [
        (
            group.title,
            [(path, title, languages.get(path, "")) for path, title in group.feeds[:_LISTED]],
            len(group.feeds[_LISTED:]),
        )
        for group in frame.house.feeds
    ]
    published = (frame.public / "feeds.opml").exists()
    everything = tuple(feed for group in frame.house.feeds for feed in group.feeds)
    values = {"groups": groups, "published": published, "by_mail": request.app.state.subscribing()}
    return View("feeds", values, everything or ((ALL, frame.site.title),))


def _items_of(frame: Frame, digest: Digest) -> list[Item]:
    """The newest items that a digest takes, by their days."""
    sources = frame.house.sources
    wanted = [
        source.id
        for source in sources.values()
        if (not digest.sources or source.id in digest.sources)
        and (not digest.institutions or source.institution in digest.institutions)
        and (not digest.countries or source.country in digest.countries)
    ]
    rows = frame.library.source_rows()
    few = sum(rows[source]["items"] for source in wanted) <= _FEW
    reach = _SEARCHED if digest.query else _LOOKED_AT
    found: list[Item] = []
    for offset in range(0, reach, _PAGE):
        page = frame.library.items(
            sources=wanted if few or digest.topics or digest.mentions else None,
            topics=digest.topics,
            mentions=digest.mentions,
            limit=_PAGE,
            offset=offset,
            order="day",
        )
        hits = _hits(frame, digest, page)
        found += [item for item in page if matches(digest, item, sources[item.source], item.id in hits)]
        if len(found) >= _SHOWN or len(page) < _PAGE:
            break
    return found[:_SHOWN]


def _hits(frame: Frame, digest: Digest, items: list[Item]) -> set[str]:
    """The items whose title or text holds the digest's query."""
    if not digest.query:
        return set()
    query = fold(digest.query)
    texts = frame.library.held([item.id for item in items])
    return {name for name, text in texts.items() if query in fold(f"{text.title}\n{text.text}")}


def _periods(briefing: Briefing, issued: list[Issued]) -> list[tuple[str, tuple[Issued, ...]]]:
    """The periods of a briefing with their versions, the latest of both first."""
    own = (one for one in issued if one.briefing == briefing.id)
    return [(period, tuple(versions)) for period, versions in groupby(own, lambda one: one.period)]


def _errata(frame: Frame, issued: list[Issued]) -> dict[tuple[str, str], list[Erratum]]:
    """The errata to the issues shown, by briefing and period, the latest first."""
    shown = {(one.briefing, one.period) for one in issued}
    found: dict[tuple[str, str], list[Erratum]] = {}
    corrected = [one for one in frame.library.errata.issued() if (one.briefing, one.period) in shown]
    for erratum in reversed(told(frame.library, corrected[-_ERRATA:])):
        found.setdefault((erratum.briefing, erratum.period), []).append(erratum)
    return found


def _formats(issued: Issued) -> list[tuple[str, str]]:
    """File names and words of the formats of a version, the page first."""
    order = {name: place for place, name in enumerate(_FORMATS)}
    names = sorted(issued.hashes, key=lambda name: (order.get(name, len(order)), name))
    return [("" if name == "index.html" else name, _FORMAT_WORDS.get(_FORMATS.get(name, ""), name)) for name in names]


def _period_words(period: str) -> str:
    days, kind = period_words(first_day(period), last_day(period)), kind_of(period)
    return f"Week {first_day(period).isocalendar().week}, {days}" if kind == "week" else days
