"""The verb import-page: saved pages become items of a source as if they had been fetched."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from briefing.errors import ConcurrentAppend, ParseError
from briefing.model import Entry, Fetched
from briefing.observe import decisions
from briefing.observe.decisions import Decision
from briefing.observe.identity import ask, identify
from briefing.service.desk import fresh, source_stream
from briefing.service.known import look_up
from briefing.sources import Workers
from briefing.sources.addresses import date_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from briefing.model import Article, Source
    from briefing.observe.identity import KnownItem, Sighting
    from briefing.service.desk import Desk

_ATTEMPTS = 5  # another process may be collecting the same source
_PARSING = 30.0
_LONGER = 2  # times a summary: a page is more than its feed gave
_SUMMARY = "only a summary was held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one saved page: `outcome` is new, revised, completed, known, removed or failed."""

    file: str
    outcome: str
    item: str = ""
    url: str = ""
    title: str = ""
    published: str | None = None
    detail: str = ""


def import_pages(
    desk: Desk, source: Source, files: Sequence[Path], url: str = "", report: Callable[[Imported], None] | None = None
) -> list[Imported]:
    """Take saved pages in, one after the other; one that cannot be read stops no other.

    `url` is the address that the one file was saved from, where the file does not say it.
    """

    async def run() -> list[Imported]:
        async with Workers(1, timeout=_PARSING) as workers:
            return await take_in(desk, source, files, url, workers, report)

    return asyncio.run(run())


async def take_in(  # noqa: PLR0917 - called through portals, which know no names
    desk: Desk,
    source: Source,
    files: Sequence[Path],
    url: str,
    workers: Workers,
    report: Callable[[Imported], None] | None = None,
) -> list[Imported]:
    """See `import_pages`; with parsing processes that are there already."""
    done = []
    for file in files:
        done.append(await _imported(desk, source, file, url, workers))
        if report is not None:
            report(done[-1])
    return done


async def _imported(desk: Desk, source: Source, file: Path, url: str, workers: Workers) -> Imported:
    try:
        body = await to_thread.run_sync(file.read_bytes)
        fetched = await workers.read_saved(
            source, Fetched(url=url, final_url=file.name, status=200, headers={}, body=body)
        )
        article = await workers.read_article(source, fetched)
    except OSError as error:
        return Imported(file=str(file), outcome="failed", detail=f"it cannot be read: {error.strerror or error}")
    except ParseError as error:
        return Imported(file=str(file), outcome="failed", detail=str(error))
    return _recorded(desk, source, str(file), _entry(fetched.final_url), article)


def _entry(url: str) -> Entry:
    """What an address alone says of an item: as much as a sitemap does."""
    return Entry(url=url, title="", digest="", published=date_in(url))


def _recorded(desk: Desk, source: Source, file: str, entry: Entry, article: Article) -> Imported:
    stream = source_stream(source.id)
    for _ in range(_ATTEMPTS):
        expected = desk.store.last(stream)
        desk.projector.catch_up()
        decision, item = _decided(desk, source, entry, article)
        try:
            answers = desk.append(stream, decision.facts, expected=expected) if decision.facts else []
        except ConcurrentAppend:
            continue
        desk.projector.catch_up()
        return Imported(
            file=file,
            outcome=_outcome(decision, item, changed=bool(fresh(answers))),
            item=decision.item,
            url=entry.url,
            title="" if decision.removed else decision.entry.title,
            published=decision.entry.published.value,
        )
    raise ConcurrentAppend(f"{source.id}: other processes keep collecting this source; stop one of them")


def _decided(desk: Desk, source: Source, entry: Entry, article: Article) -> tuple[Decision, KnownItem | None]:
    whole = decisions.with_article(source, entry, article)
    whole = whole if whole.title else replace(whole, title=whole.url)
    [sighting] = _sighted(desk, source, whole)
    item = sighting.item
    if item is None or item.removed or not (held := _held(desk, item.id)):
        archive = desk.library.source_rows([source.id])[source.id]["items"] == 0
        return decisions.decide(source, sighting, whole, archive=archive, keyed=desk.store.keyed), item
    if not (item.page or item.problem):
        if len(article.text) < _LONGER * len(held["text"]):  # its whole text came with the feed: a page adds its frame
            return Decision(item=item.id, entry=whole), item
        item = replace(item, problem=_SUMMARY)
    return decisions.reread(source, held, item, article, desk.store.keyed), item


def _sighted(desk: Desk, source: Source, entry: Entry) -> list[Sighting]:
    asked = ask(source.id, [entry], desk.store.keyed)
    return identify(source.id, asked, frozenset(), look_up(desk, [asked]), desk.store.keyed)


def _held(desk: Desk, item: str) -> Mapping[str, Any]:
    """The words held of an item; empty where they were erased."""
    commitment = desk.library.held_payload(item)
    words = desk.store.payloads([commitment]).get(commitment)
    return json.loads(words) if words is not None else {}


def _outcome(decision: Decision, item: KnownItem | None, *, changed: bool) -> str:
    if decision.removed:
        return "removed"
    if not changed:
        return "known"
    if decision.new:
        return "new"
    return "revised" if decision.revised else "completed" if item is not None and item.problem else "known"
