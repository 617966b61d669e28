"""A source tried once, recording nothing: what happened step by step, and the first items as they would be recorded."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from briefing.classifiers import CLASSIFIERS
from briefing.errors import FetchError, SourceError
from briefing.fetch import FEED_ACCEPT, PAGE_ACCEPT, access_of
from briefing.observe import decisions
from briefing.observe.identity import Sighting
from briefing.observe.language import detect
from briefing.service.adopting import CLASSIFIER
from briefing.service.reading import absence, trouble_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefing.fetch import Fetcher
    from briefing.model import Entry, Fetched, Parsed, Source, Topic
    from briefing.sources import Workers

SHOWN = 3
_FETCHED = ("address", "robots.txt", "name", "connection", "TLS", "answer")
_WHERE = {
    "address": "address", "robots": "robots.txt", "dns": "name", "connection": "connection", "tls": "TLS",
    "timeout": "answer", "status": "answer", "blocked": "answer", "gone": "answer", "too-large": "body",
    "unparsable": "body", "not-a-feed": "kind",
}  # fmt: skip
_NEXT = {
    "address": "correct url, or list the network under fetch.allow_networks if you trust it",
    "robots": "ask the publisher, or save pages and take them in with `briefing import-page`",
    "dns": "look at the name in url, then at this machine's resolver",
    "connection": "try again later; if a browser gets through, ask the publisher",
    "tls": "if the chain is broken, put the missing certificate beside sources.yaml and name it under ca_file",
    "timeout": "try again later, or raise fetch.timeout",
    "status": "open the address in a browser and correct url",
    "blocked": "ask the publisher for access; it is never evaded",
    "gone": "look for the new address, then `briefing source add` it",
    "too-large": "raise fetch.max_bytes if it is meant to be that large",
    "unparsable": "look at the address in a browser",
    "not-a-feed": "correct url or kind; `briefing source add` looks for the feed of a page",
}  # fmt: skip
_HEADERS = (
    "content-type", "content-encoding", "last-modified", "etag", "cache-control", "expires", "retry-after", "link",
    "x-robots-tag",
)  # fmt: skip
_LONG = 160  # characters of a header that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened. `state` is ok, warning or wrong; `mend` says what to do next where it is not ok."""

    name: str
    state: str
    said: str
    mend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An item as it would be recorded; `noted` where its text could not be read, `topics` with score and phrase."""

    title: str
    url: str
    published: str | None
    precision: str | None
    origin: str
    date_raw: str
    language: str
    characters: int
    whole: bool
    noted: str
    topics: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How a source did. `failure` is one of `briefing.errors.FAILURES`, empty where it could be read.

    `pages` says what ails its items' own pages (see `PageTrouble`); `drop` are selectors proposed for `article.drop`.
    """

    source: str
    url: str
    kind: str
    steps: tuple[Step, ...]
    form: str = ""
    title: str = ""
    language: str = ""
    entries: int = 0
    dated: int = 0
    excluded: int = 0
    foreign: int = 0
    failure: str = ""
    pages: str = ""
    drop: tuple[str, ...] = ()
    items: tuple[Shown, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it could be read."""
        return not self.failure


@dataclass(slots=True)
class _Told:
    """The steps so far."""

    steps: list[Step] = field(default_factory=list)
    pages: str = ""
    drop: dict[str, None] = field(default_factory=dict)
    unnamed: bool = False  # some passage changes by itself that no selector names

    def say(self, name: str, said: str, mend: str = "", *, wrong: bool = False) -> None:
        state = "wrong" if wrong else "warning" if mend else "ok"
        self.steps.append(Step(name=name, state=state, said=said, mend=mend))


class Examiner:
    """Tries sources with one client; nothing is recorded.

    Args:
        fetcher: the client.
        workers: parsing processes.
        topics: those that items are labelled with.
        resolved: what names resolved to, filled by whoever resolves.
        now: for dates that lie in the future.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        workers: Workers,
        topics: Sequence[Topic],
        resolved: Mapping[str, tuple[str, ...]] | None = None,
        now: datetime | None = None,
    ) -> None:
        self._fetcher = fetcher
        self._workers = workers
        self._classifier = CLASSIFIERS[CLASSIFIER](topics)
        self._resolved = resolved if resolved is not None else {}
        self._now = now or datetime.now(UTC)

    async def examine(self, source: Source, *, pages: bool = True) -> Trial:
        """Ask a source once, and read its first three items; with `pages` their own pages too, where they are read."""
        told = _Told()
        trial = Trial(source=source.id, url=source.url, kind=source.kind, steps=())
        try:
            fetcher = self._fetcher.on_behalf(access_of(source, os.environ))
            accept = PAGE_ACCEPT if source.kind == "page" else FEED_ACCEPT
            fetched = await fetcher.get(source.url, accept=accept, obey_robots=source.kind != "feed")
            self._tell_way(told, source, fetched)
            parsed = await self._parsed(told, source, fetched, fetcher)
            items = [await self._shown(told, source, entry, fetcher, pages=pages) for entry in parsed.entries[:SHOWN]]
        except SourceError as error:
            self._tell_failure(told, source, error)
            return replace(trial, steps=tuple(told.steps), failure=error.failure)
        _tell_entries(told, source, parsed)
        _tell_dates(told, source, parsed.entries, self._now)
        _tell_pages(told, items)
        failure = "" if parsed.entries or parsed.excluded or parsed.foreign or source.kind == "feed" else "empty"
        return replace(
            trial,
            steps=tuple(told.steps),
            form=parsed.form,
            title=parsed.title,
            language=_commonest([item.language for item in items]),
            entries=len(parsed.entries),
            dated=sum(entry.published.value is not None for entry in parsed.entries),
            excluded=parsed.excluded,
            foreign=parsed.foreign,
            failure=failure,
            pages=told.pages,
            drop=tuple(told.drop),
            items=tuple(items),
        )

    def _tell_way(self, told: _Told, source: Source, fetched: Fetched) -> None:
        """How the answer was come by, and what it is."""
        told.say("address", fetched.url)
        self._tell_name(told, fetched.url)
        asks = "not asked for feeds, which are there for programs" if source.kind == "feed" else "lets this program in"
        told.say("robots.txt", asks)
        for hop in fetched.redirects:
            lasting = hop.status in {301, 308}
            mend = "" if not lasting else "it moved for good: write this address under url"
            told.say("redirect", f"{hop.status}, to {hop.url}", mend)
            self._tell_name(told, hop.url)
        size = f"{len(fetched.body):,} bytes in {fetched.seconds:.1f} s"
        told.say("answer", f"status {fetched.status}, {size}")
        for name in _HEADERS:
            if value := fetched.headers.get(name):
                told.say("header", f"{name}: {value if len(value) <= _LONG else value[:_LONG] + '…'}")
        if not (fetched.validators.etag or fetched.validators.last_modified):
            told.say("header", "neither etag nor last-modified: the whole is sent at every visit")

    def _tell_name(self, told: _Told, url: str) -> None:
        host = urlsplit(url).hostname or ""
        found = self._resolved.get(host)
        if found and not any(step.said.startswith(f"{host} is ") for step in told.steps):
            told.say("name", f"{host} is {', '.join(found[:4])}{', …' if len(found) > 4 else ''}")  # noqa: PLR2004 - enough

    def _tell_failure(self, told: _Told, source: Source, error: SourceError) -> None:
        where = _WHERE.get(error.failure, "body")
        if not told.steps:  # it failed on the way
            if where != "address":
                told.say("address", source.url)
            if where != "name":
                self._tell_name(told, source.url)
        if where in _FETCHED and isinstance(error, FetchError) and where == "answer" and source.kind != "feed":
            told.say("robots.txt", "lets this program in")
        told.say(where, str(error), _NEXT.get(error.failure, "look at the address in a browser"), wrong=True)

    async def _parsed(self, told: _Told, source: Source, fetched: Fetched, fetcher: Fetcher) -> Parsed:
        parsed = await self._workers.parse(source, fetched, frozenset())
        told.say("encoding", _encoding(parsed, fetched))
        named = f', called "{parsed.title}"' if parsed.title else ""
        told.say("kind", f"{parsed.form or source.kind}{named}")
        if parsed.more:
            told.say("parts", f"it names {len(parsed.more)} sitemaps; here only the first is read: {parsed.more[0]}")
            answer = await fetcher.get(parsed.more[0], accept=FEED_ACCEPT, obey_robots=True)
            parsed = replace(await self._workers.parse(source, answer, frozenset()), more=())
        if parsed.damage:
            told.say("body", parsed.damage, "what could be read is kept; tell the publisher")
        return parsed

    async def _with_page(self, told: _Told, source: Source, entry: Entry, fetcher: Fetcher) -> Entry:
        """An entry with what its own page says; the page is looked at twice, for what changes by itself."""
        from briefing.service.restlessness import moving  # noqa: PLC0415 - what it compares texts by takes 50 ms

        if told.pages == "blocked":
            return replace(entry, problem="its page was not asked for, as the one before it was refused")
        try:
            fetched = await fetcher.get(entry.url, accept=PAGE_ACCEPT, obey_robots=True)
            article = await self._workers.read_article(source, fetched)
            if words := absence(entry, article):
                told.pages = "absent"
                return replace(entry, problem=f'{entry.url} says "{words}"')
            restless = await moving(fetcher, self._workers, source, fetched, article)
            told.drop.update(dict.fromkeys(restless or ()))
            told.unnamed = told.unnamed or restless is None
            return decisions.with_article(source, entry, article)
        except SourceError as error:
            told.pages = trouble_of(error) or told.pages
            return replace(entry, problem=str(error))

    async def _shown(self, told: _Told, source: Source, entry: Entry, fetcher: Fetcher, *, pages: bool) -> Shown:
        if pages and decisions.wants_page(source, Sighting(entry=entry, item=None, keys=())):
            entry = await self._with_page(told, source, entry, fetcher)
        entry = entry if entry.title else replace(entry, title=entry.url)
        language = detect(entry.title, entry.text, entry.language or source.language)
        labels = self._classifier.classify(entry.title, entry.text, language)
        return Shown(
            title=entry.title,
            url=entry.url,
            published=entry.published.value,
            precision=entry.published.precision,
            origin=entry.published.origin,
            date_raw=entry.published.raw,
            language=language,
            characters=len(entry.text),
            whole=entry.complete,
            noted=entry.problem,
            topics=tuple(
                {
                    "id": label["topic"],
                    "level": label["level"],
                    "score": label["score"],
                    "phrases": [*dict.fromkeys(piece["phrase"] for piece in label["evidence"])],
                }
                for label in labels
            ),
        )


def _encoding(parsed: Parsed, fetched: Fetched) -> str:
    claimed = fetched.headers.get("content-type", "").lower().partition("charset=")[2].strip(" \"'").partition(";")[0]
    if not claimed:
        return f"read as {parsed.encoding}; the header names none"
    if claimed.replace("_", "-") == parsed.encoding.lower():
        return f"read as {parsed.encoding}, as the header says"
    return f"read as {parsed.encoding}, though the header says {claimed}: the bytes decide"


def _tell_entries(told: _Told, source: Source, parsed: Parsed) -> None:
    count = len(parsed.entries)
    whole = sum(entry.complete for entry in parsed.entries)
    said = f"{count} listed"
    if source.kind == "feed" and count:
        said += f", {whole} with a whole text, {count - whole} without"
    mend = ""
    if not count:
        mend = (
            "loosen include, exclude or own_domain_only"
            if parsed.excluded or parsed.foreign
            else "look at list.item: it selects nothing"
            if source.kind == "page"
            else "look again in a week: an empty list may be all there is"
        )
    told.say("entries", said, mend, wrong=not count and source.kind != "feed")
    if parsed.excluded or parsed.foreign:
        told.say("left out", f"{parsed.excluded} by include and exclude, {parsed.foreign} of other domains")


def _tell_pages(told: _Told, items: Sequence[Shown]) -> None:
    """What came of the items' own pages."""
    for item in items:
        if item.noted:
            blocked = told.pages == "blocked"
            said = f"blocked: {item.noted}" if blocked else item.noted
            mend = _NEXT["robots"] if blocked else "its title and link are recorded without a text"
            told.say("item's page", said, mend, wrong=blocked)
    if told.drop:
        rule = ", ".join(f'"{selector}"' for selector in told.drop)
        told.say("item's page", f"another text at a second look: {rule}", f"put article: {{drop: [{rule}]}} under it")
    if told.unnamed:
        said = "some of it is another text at a second look, in an element without a name"
        told.say("item's page", said, "name the element that holds the text under article.body")


def _tell_dates(told: _Told, source: Source, entries: Sequence[Entry], now: datetime) -> None:
    if not entries:
        return
    known = [entry.published for entry in entries if entry.published.value is not None]
    values = [one.value or "" for one in known]
    unread = next((entry.published.raw for entry in entries if entry.published.raw and not entry.published.value), "")
    said = f"{len(known)} of {len(entries)} dated"
    if known:
        said += f", the newest {max(values)}, to the {known[0].precision}"
    mend = ""
    if unread:
        said += f'; not understood: "{unread[:60]}"'
        mend = "say how dates are written under list.date_format, and in which language under language"
    elif not known:
        mend = "they are looked for on the items' own pages" if source.kind != "feed" else "seen-at times stand in"
    told.say("dates", said, mend)
    future = [value for value in values if value[:10] > now.date().isoformat()]
    if future:
        told.say("dates", f"{len(future)} lie in the future: {max(future)}", "compare timezone with the publisher's")
    days = [value[:10] for value in values]
    if source.kind == "page" and len(days) > SHOWN and sum(a >= b for a, b in pairwise(days)) * 3 < 2 * (len(days) - 1):
        told.say(
            "dates", "they do not fall from item to item", "this list may not be ordered by time: look for one that is"
        )


def _commonest(words: Sequence[str]) -> str:
    return max(dict.fromkeys(words), key=list(words).count, default="")
