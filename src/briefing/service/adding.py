"""From the address of a page to a source: its feed, else what it lists, else its sitemap. Nothing is recorded."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from briefing.errors import FetchError, ParseError, SourceError
from briefing.fetch import FEED_ACCEPT, PAGE_ACCEPT, Fetcher, MemoryRobots
from briefing.fetch.tracing import Trace
from briefing.model import Source, SourceId
from briefing.observe.addresses import canonical
from briefing.service import guessing
from briefing.service.trial import Examiner
from briefing.sources import Workers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence

    from briefing.fetch import Resolve
    from briefing.model import Fetched, Settings
    from briefing.service.trial import Trial
    from briefing.sources.survey import Survey

_WELL_KNOWN = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml")
_FEEDS_TRIED, _LISTS_SHOWN, _SITEMAPS_TRIED = 6, 3, 4
_PARSING = 30.0
_PERMANENT = frozenset({301, 308})
# No other path of the same server will do better.
_HOPELESS = frozenset({"dns", "connection", "tls", "timeout"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be added: an address, and what its editor knows already; what is empty is found or guessed."""

    url: str
    id: str = ""
    name: str = ""
    kind: str = ""
    institution: str = ""
    country: str = ""
    language: str = ""
    timezone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A source that could be added, tried once; `guessed` names what of it nobody said."""

    source: Source
    trial: Trial
    title: str
    guessed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an address led to, the best first; `known` are addresses that are read already, with their source."""

    candidates: tuple[Candidate, ...] = ()
    known: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def find(
    wish: Wish,
    settings: Settings,
    codes: Collection[str],
    *,
    choose: Callable[[Sequence[Candidate]], Candidate],
    report: Callable[[str], None],
) -> tuple[Found, Candidate | None]:
    """Look for what an address offers, and try what is chosen of it with its first items' own pages.

    `codes` are all country codes; `choose` takes one of those found, `report` is told what is asked.

    Raises:
        SourceError: the address itself cannot be read, or nothing that could be a source is found.
    """

    async def run() -> tuple[Found, Candidate | None]:
        async with tools_for(settings) as tools:
            found = await Search(wish, settings, codes, tools, report).run()
            if not found.candidates:
                return found, None
            chosen = choose(found.candidates)
            return found, replace(chosen, trial=await tools.examiner.examine(chosen.source))

    return asyncio.run(run())


def examine(source: Source, settings: Settings, resolve: Resolve | None = None) -> Trial:
    """Try a source once, its first items' own pages included; see `trial.Examiner`."""

    async def run() -> Trial:
        async with tools_for(settings, resolve) as tools:
            return await tools.examiner.examine(source)

    return asyncio.run(run())


def guessed_source(url: str, settings: Settings, codes: Collection[str], resolve: Resolve | None = None) -> Source:
    """A source at an address of which nothing is known, by what the document there is; a feed where that fails."""

    async def run() -> Source:
        async with tools_for(settings, resolve) as tools:
            return await Search(Wish(url=url), settings, codes, tools, lambda _url: None).supposed()

    return asyncio.run(run())


def known_as(url: str, sources: Iterable[Source]) -> Source | None:
    """The configured source that reads an address, however it is written."""
    return next((one for one in sources if canonical(one.url) == canonical(url)), None)


def entry_of(source: Source) -> dict[str, Any]:
    """A found source as an entry of sources.yaml, without what goes without saying."""
    entry: dict[str, Any] = {"id": str(source.id), "name": source.name, "institution": source.institution}
    entry["country"] = source.country
    for key in ("language", "timezone"):
        if value := getattr(source, key):
            entry[key] = value
    if source.kind != "feed":
        entry["kind"] = source.kind
    entry["url"] = source.url
    if source.listing is not None:
        rules = source.listing
        held = {"item": rules.item, "title": rules.title, "link": rules.link, "date": rules.date}
        entry["list"] = {key: value for key, value in held.items() if value}
    return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a search works with: the client, parsing processes, who tries sources, copies of robots.txt."""

    fetcher: Fetcher
    workers: Workers
    examiner: Examiner
    robots: MemoryRobots


@asynccontextmanager
async def tools_for(
    settings: Settings, resolve: Resolve | None = None, workers: Workers | None = None
) -> AsyncIterator[Tools]:
    """The tools for a configuration; `workers` where there are some already."""
    trace, robots = Trace(resolve), MemoryRobots()
    timeout = max(settings.fetch.timeout.total_seconds(), _PARSING)
    fetcher = Fetcher(settings.fetch, contact=settings.site.contact, resolve=trace, robots=robots)
    try:
        async with workers or Workers(1, timeout=timeout) as parsing, fetcher:
            examiner = Examiner(fetcher, parsing, settings.topics, trace.resolved)
            yield Tools(fetcher=fetcher, workers=parsing, examiner=examiner, robots=robots)
    finally:
        trace.close()


class Search:
    """One search, with at most some twenty requests, one after the other."""

    def __init__(
        self, wish: Wish, settings: Settings, codes: Collection[str], tools: Tools, report: Callable[[str], None]
    ) -> None:
        self._wish = wish
        self._sources = settings.sources
        self._codes = codes
        self._tools = tools
        self._report = report
        self._notes: list[str] = []
        self._known: dict[str, str] = {}
        self._page: Survey | None = None

    async def run(self) -> Found:
        """What the address leads to; see `find`."""
        url = self._wish.url if "://" in self._wish.url else f"https://{self._wish.url}"
        if held := known_as(url, self._sources):
            return Found(known=((url, held.id),))
        fetched = await self._ask(url, obey=self._wish.kind != "feed")
        survey = await self._survey(fetched)
        settled = fetched.final_url if _for_good(fetched) else url
        if survey.kind in ("feed", "sitemap"):
            candidates = await self._tried([(settled, "")], survey.kind)
        elif survey.kind == "page":
            self._page = survey
            candidates = await self._of_page(settled, fetched, survey)
        else:
            raise ParseError(f"{url} answered with {survey.words}: that is no source.", failure="not-a-feed")
        if not candidates and not self._known:
            raise ParseError(_nothing(url, self._wish.kind, self._notes), failure="not-a-feed")
        return Found(candidates=tuple(candidates), known=tuple(self._known.items()), notes=tuple(self._notes))

    async def supposed(self) -> Source:
        """The source that the address itself would be."""
        source = self._source(self._wish.url, "feed")
        try:
            survey = await self._survey(await self._ask(self._wish.url, obey=False))
        except SourceError:
            return source  # to be told by whoever tries it
        if survey.kind == "page" and survey.listings:
            return replace(source, kind="page", listing=survey.listings[0].rules)
        return replace(source, kind=survey.kind if survey.kind == "sitemap" else "feed")

    async def _of_page(self, url: str, fetched: Fetched, survey: Survey) -> list[Candidate]:
        wanted, found = self._wish.kind, list[Candidate]()
        if wanted in ("", "feed"):
            found = await self._tried([(offer.url, offer.title) for offer in survey.feeds[:_FEEDS_TRIED]], "feed")
            if not found and not self._known:
                found = await self._well_known(fetched.final_url)
        if not found and not self._known and wanted in ("", "page"):
            found = await self._lists(url, survey)
        if not found and not self._known and wanted in ("", "sitemap"):
            found = await self._tried([(one, "") for one in self._sitemaps(fetched.final_url)], "sitemap")
        return found

    async def _ask(self, url: str, *, obey: bool, accept: str = PAGE_ACCEPT) -> Fetched:
        self._report(url)
        return await self._tools.fetcher.get(url, accept=accept, obey_robots=obey)

    async def _survey(self, fetched: Fetched) -> Survey:
        return await self._tools.workers.survey(self._source(fetched.url, "page"), fetched)

    async def _tried(self, offers: Sequence[tuple[str, str]], kind: str) -> list[Candidate]:
        """Those of some addresses that can be read, the ones with entries first."""
        found = []
        for url, title in offers:
            if held := known_as(url, self._sources):
                self._known[url] = held.id
                continue
            self._report(url)
            candidate = await self._candidate(self._source(url, kind), title)
            if candidate.trial.ok:
                found.append(candidate)
            else:
                self._notes.append(f"{url}: {candidate.trial.steps[-1].said}")
            if kind == "sitemap" and found:
                break
        return sorted(found, key=lambda one: one.trial.entries == 0)

    async def _well_known(self, url: str) -> list[Candidate]:
        """The feed that stands where feeds often stand, though no page names it."""
        own = url.partition("?")[0].rstrip("/") + "/feed"
        for place in dict.fromkeys([*(urljoin(url, path) for path in _WELL_KNOWN), own]):
            try:
                fetched = await self._ask(place, obey=True, accept=FEED_ACCEPT)
                survey = await self._survey(fetched)
            except FetchError as error:
                if error.failure in _HOPELESS:
                    break
                continue
            except ParseError:
                continue
            if survey.kind == "feed" and (found := await self._tried([(place, "")], "feed")):
                return found
        return []

    async def _lists(self, url: str, survey: Survey) -> list[Candidate]:
        found = []
        for listing in survey.listings[:_LISTS_SHOWN]:
            if listing.score <= 0:
                continue
            source = replace(self._source(url, "page"), listing=listing.rules)
            candidate = await self._candidate(
                source, f"{listing.rules.item}: {listing.items} items, {listing.dated} dated"
            )
            found += [candidate] if candidate.trial.ok else []
        return found

    def _sitemaps(self, url: str) -> list[str]:
        """Those that robots.txt names, of news first; then the usual places."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        copy = self._tools.robots.get(origin)
        lines = (copy[0] or "").splitlines() if copy is not None else []
        named = [line.partition(":")[2].strip() for line in lines if line.lower().startswith("sitemap:")]
        named = [urljoin(origin, one) for one in named if one]
        ordered = sorted(named, key=lambda one: "news" not in one.lower())
        return [*dict.fromkeys([*ordered, *(origin + path for path in _SITEMAPS)])][:_SITEMAPS_TRIED]

    async def _candidate(self, source: Source, title: str) -> Candidate:
        """A source tried once, without its items' own pages, and then named by what it says of itself."""
        trial = await self._tools.examiner.examine(source, pages=False)
        wish, page = self._wish, self._page
        language = wish.language or trial.language or (page.language if page is not None else "")
        site = page.site if page is not None else ""
        told = trial.title if source.kind == "feed" else ""
        name = wish.name or guessing.name(told or (page.title if page is not None else ""), site, source.url)
        taken = {one.id for one in self._sources}
        given = wish.id or guessing.identifier(source.url, source.country, language, taken, name)
        guessed = [key for key in ("name", "institution", "country") if not getattr(wish, key)]
        named = replace(source, id=SourceId(given), name=name, language=language or None)
        return Candidate(source=named, trial=trial, title=title or trial.title, guessed=tuple(guessed))

    def _source(self, url: str, kind: str) -> Source:
        wish = self._wish
        return Source(
            id=SourceId(wish.id or "new"),
            name=wish.name or "new",
            institution=wish.institution or guessing.institution(url),  # type: ignore[arg-type]  # one of its words
            country=wish.country or guessing.country(url, self._codes),
            url=url,
            kind=kind,
            language=wish.language or None,
            timezone=wish.timezone or None,
        )


def _for_good(fetched: Fetched) -> bool:
    return bool(fetched.redirects) and all(hop.status in _PERMANENT for hop in fetched.redirects)


def _nothing(url: str, kind: str, notes: Sequence[str]) -> str:
    wanted = {"feed": "a feed", "page": "a list of items", "sitemap": "a sitemap"}.get(
        kind, "a feed, a list of items or a sitemap"
    )
    tried = "".join(f"\n  {note}" for note in notes)
    return f"{wanted} could not be found at {url}: look for the page that lists what is new, and name that one.{tried}"
