"""One source, asked once: conditional request, parsing in a worker, the parts of a sitemap index, items' own pages."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from briefing.errors import ParseError, SourceError
from briefing.events import canonical
from briefing.fetch import FEED_ACCEPT, PAGE_ACCEPT, linked
from briefing.fetch.answers import fresh_for
from briefing.model import NO_HINTS, ArticleRules, Parsed, Validators
from briefing.service import weights
from briefing.service.patience import Patience
from briefing.specs import source_spec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from briefing.fetch import Fetcher
    from briefing.model import Article, Entry, Fetched, Hints, Source
    from briefing.projections import Poll
    from briefing.sources import Workers

# Raised when entries would be understood in another way, so that everything is read in full once.
READING = "1"
_PERMANENT = frozenset({301, 308})
_WITH_BODY = 200
_TRIES = 3
_REFUSALS = 3  # pages in a row that are refused to programs, after which the others are not asked for
_NOT_ASKED = "it was not asked for: the pages before it were refused to programs"
# Seconds that items' own pages may take of one visit, turns not counted: a site that answers a letter at a time, or not
# at all, would hold a visit for an hour. What is left waits for the next.
_PATIENCE = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one source said this time.

    `mark` is that of `reading_mark`. `unchanged` says that it answered 304 throughout, `partly` that some part of it
    did. `moved` is the address that it redirects to for good, the configured one where it came back, empty for no
    change. `documents` are validators by address, `size` counts the bytes of the bodies. `hints` say how often to ask.
    """

    parsed: Parsed
    mark: str
    unchanged: bool
    status: int
    partly: bool = False
    moved: str = ""
    documents: Mapping[str, Validators] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    size: int = 0
    hints: Hints = NO_HINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Items' own pages by address: what they say, or why that is not known; `waiting` are to be tried again.

    `troubles` names what ails those that are refused, or answer that they are not there (see `PageTrouble`).
    """

    articles: Mapping[str, Article] = field(default_factory=dict)
    validators: Mapping[str, Validators] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    troubles: Mapping[str, str] = field(default_factory=dict)


def reading_mark(source: Source) -> str:
    """A hash of all that decides how a source's bodies are understood."""
    return hashlib.sha256(READING.encode() + canonical(source_spec(source))).hexdigest()[:16]


async def read_source(source: Source, poll: Poll, moved: str, fetcher: Fetcher, workers: Workers) -> Reading:
    """Ask a source; conditionally where the last answer could be read and nothing since says otherwise.

    Raises:
        SourceError: it could not be read.
    """
    mark = reading_mark(source)
    known = poll if poll.reading == mark else replace(poll, reading=mark, documents={}, entries={}, parts=())
    start = moved or source.url
    try:
        return await _read(source, start, known, fetcher, workers)
    except SourceError:
        if not moved:
            raise
        return await _read(source, source.url, known, fetcher, workers)  # it may have moved back


async def _read(source: Source, url: str, poll: Poll, fetcher: Fetcher, workers: Workers) -> Reading:
    fetched = await _get(source, url, poll, fetcher)
    moved, size = _moved(source, url, fetched), len(fetched.body)
    documents = {moved or url: poll.documents.get(url, Validators())}
    parts, found = poll.parts, []
    if fetched.status == _WITH_BODY:
        parsed = await _parse(source, fetched, poll, workers)
        documents[moved or url] = fetched.validators
        parts = parsed.more
        # Of hub and self the header's word counts more (WebSub, section 4).
        links = {**parsed.links, **linked(fetched.headers.get("link", ""), fetched.final_url)}
        found.append(replace(parsed, links=links) if links else parsed)
    for number, part in enumerate(parts, 1):
        read = await _read_part(source, part, poll, fetcher, workers)
        documents[part] = poll.documents.get(part, Validators()) if read is None else read.validators
        if read is not None:
            found.append(read.parsed)
            size += read.size
        if read is not None and read.silent and number < len(parts):
            found.append(Parsed(entries=(), damage=f"{len(parts) - number} more were not asked"))
            break
    return Reading(
        parsed=_merged(found),
        mark=poll.reading,
        unchanged=not found,
        partly=len(found) <= len(parts),
        status=fetched.status,
        moved=moved,
        documents=documents,
        parts=parts,
        size=size,
        hints=_hints(poll, fetched, found[0] if fetched.status == _WITH_BODY else None),
    )


async def _parse(source: Source, fetched: Fetched, poll: Poll, workers: Workers) -> Parsed:
    """Read an answer; one that cannot be read is still told of by its status and its size."""
    try:
        return await workers.parse(source, fetched, frozenset(poll.entries))
    except ParseError as error:
        error.answered, error.size = fetched.status, len(fetched.body)
        raise


def _hints(poll: Poll, fetched: Fetched, parsed: Parsed | None) -> Hints:
    """What is known now of how often to ask: a 304 repeats what it was, but for a freshness of its own."""
    held = parsed.hints if parsed is not None else poll.pace.hints
    fresh = fresh_for(fetched.headers)
    if parsed is None and not fresh:
        return held
    return held if held.max_age == fresh else replace(held, max_age=fresh)


@dataclass(frozen=True, slots=True)
class _Part:
    """A sitemap that an index names, as read; `silent` says that the site did not answer in time."""

    parsed: Parsed
    validators: Validators = field(default_factory=Validators)
    size: int = 0
    silent: bool = False


async def _read_part(source: Source, url: str, poll: Poll, fetcher: Fetcher, workers: Workers) -> _Part | None:
    """A sitemap that an index names; None for a 304. One that cannot be read is damage: the others are kept."""
    try:
        answer = await _get(source, url, poll, fetcher)
        if answer.status != _WITH_BODY:
            return None
        parsed = await workers.parse(source, answer, frozenset(poll.entries))
    except SourceError as error:
        return _Part(Parsed(entries=(), damage=str(error)), size=error.size, silent=error.failure == "timeout")
    return _Part(replace(parsed, more=()), answer.validators, len(answer.body))


async def _get(source: Source, url: str, poll: Poll, fetcher: Fetcher) -> Fetched:
    accept = FEED_ACCEPT if source.kind != "page" else PAGE_ACCEPT
    validators = poll.documents.get(url) if url in poll.documents else None
    return await fetcher.get(url, validators=validators, accept=accept, obey_robots=source.kind != "feed")


def _moved(source: Source, url: str, fetched: Fetched) -> str:
    hops = fetched.redirects
    if hops and all(hop.status in _PERMANENT for hop in hops):
        return fetched.final_url
    return source.url if not hops and url == source.url else ""


def _merged(found: Iterable[Parsed]) -> Parsed:
    parsed = list(found)
    if len(parsed) == 1:
        return parsed[0]
    return Parsed(
        entries=tuple(entry for one in parsed for entry in one.entries),
        unchanged=tuple(digest for one in parsed for digest in one.unchanged),
        form=parsed[0].form if parsed else "",
        encoding=parsed[0].encoding if parsed else "",
        title=parsed[0].title if parsed else "",
        damage="; ".join(one.damage for one in parsed if one.damage),
        excluded=sum(one.excluded for one in parsed),
        foreign=sum(one.foreign for one in parsed),
    )


async def read_pages(source: Source, entries: Iterable[Entry], poll: Poll, fetcher: Fetcher, workers: Workers) -> Pages:
    """Read items' own pages, one after the other. What fails for now is tried again at the next visits, thrice.

    What there is no time for waits for the next visit.
    """
    articles: dict[str, Article] = {}
    validators: dict[str, Validators] = {}
    problems: dict[str, str] = {}
    waiting: dict[str, int] = {}
    troubles: dict[str, str] = {}
    left, refused, patience = _PATIENCE, 0, Patience(fetcher.spacing)
    for entry in entries:
        url = entry.url
        if left <= 0 or not patience.allows():
            # None tried is an archive's (see `recording`); later on, what is put off is news all the same.
            waiting[url] = poll.pending.get(url, 0 if poll.last_success is None else 1)
            continue
        if refused >= _REFUSALS:
            problems[url], troubles[url] = _NOT_ASKED, "blocked"
            continue
        began = time.monotonic()
        tries = poll.pending.get(url, 0) + 1
        try:
            fetched = await fetcher.get(url, accept=PAGE_ACCEPT, obey_robots=True)
            left -= fetched.seconds
            began = time.monotonic()
            article = await workers.read_article(source, fetched)
            refused = 0
            if words := absence(entry, article):
                troubles[url] = "absent"
                _put_off(url, f'{url} says "{words}"', tries, waiting, problems)
                continue
            articles[url] = article
            validators[url] = fetched.validators
        except SourceError as error:
            left -= time.monotonic() - began if _stalled(error) else 0
            refused = refused + 1 if error.failure == "blocked" else 0
            if trouble := trouble_of(error):
                troubles[url] = trouble
            _put_off(url, str(error), tries if passing(error) else _TRIES, waiting, problems)
    return Pages(articles=articles, validators=validators, problems=problems, waiting=waiting, troubles=troubles)


def _put_off(url: str, said: str, tries: int, waiting: dict[str, int], problems: dict[str, str]) -> None:
    if tries < _TRIES:
        waiting[url] = tries
    else:
        problems[url] = said


def absence(entry: Entry, article: Article) -> str:
    """The words by which an item's page says that it is not there; empty where the item itself may say them."""
    from briefing.observe.absence import words_of_absence  # noqa: PLC0415 - only where pages are read

    if article.problem or words_of_absence(entry.title, entry.text):
        return ""
    return words_of_absence(article.title, article.text)


def _stalled(error: SourceError) -> bool:
    """Whether a failure is one that took its time: no answer, or a page that holds its parser up."""
    return error.failure in ("timeout", "unparsable", "robots")


def article_rules(source: Source) -> str:
    """The article rules of a source, in the form in which they are remembered."""
    return json.dumps(asdict(source.article or ArticleRules()), sort_keys=True)


def trouble_of(error: SourceError) -> str:
    """What ails a page that could not be read: `blocked` where it is refused to us, empty for all else."""
    return "blocked" if weights.refused(error) and error.failure in ("blocked", "robots") else ""


def passing(error: SourceError) -> bool:
    """Whether another visit may find an item's own page: a name or a certificate may be mended by then too."""
    return error.failure in ("dns", "tls") or weights.passing(error)
