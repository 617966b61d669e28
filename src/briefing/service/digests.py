"""Which items a digest holds: its filters as questions to the read models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.editions import feeds
from briefing.service.folding import folded
from briefing.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from briefing.documents import Feed
    from briefing.model import Digest, Item, Revision, Site, Source, SourceId, Topic, TopicId
    from briefing.projections import Holdings
    from briefing.service.folding import Also

_PAGE = 500
_BUNDLED = 2000  # items of a digest by day or week: fifty days of forty


def digest_feed(
    library: Holdings,
    digest: Digest,
    site: Site,
    *,
    sources: Mapping[SourceId, Source],
    topics: Mapping[TopicId, Topic],
    with_text: Callable[[Sequence[Item]], Sequence[tuple[Item, Revision | None]]],
) -> Feed:
    """The feed of a digest, bundled as it asks."""
    path, home = f"feeds/digests/{digest.id}", f"{site.url}/digests/{digest.id}"
    items, told = _items(library, digest, sources, feeds.length(path))
    if digest.bundle == "item":
        return feeds.item_feed(
            path=path,
            title=digest.title,
            description=digest.description,
            home=home,
            site=site,
            items=with_text(items),
            sources=sources,
            topics=topics,
            told=told,
        )
    return feeds.bundle_feed(path=path, home=home, site=site, digest=digest, items=items, sources=sources, told=told)


def _items(
    library: Holdings, digest: Digest, sources: Mapping[SourceId, Source], limit: int
) -> tuple[list[Item], Also]:
    """What the feed of a digest prints, and who else tells of the same event."""
    bundled = digest.bundle != "item"
    limit, order = (_BUNDLED, "day") if bundled else (limit, "news")

    def listed(limit: int) -> list[Item]:
        found = chosen(library, digest, sources, limit, order=order)
        return _whole_bundles(found, limit) if bundled else found

    if digest.stories == "list":
        return listed(limit), {}
    if digest.mentions or digest.suggestions:  # what these let in, only the list itself knows
        shown = {item.id for item in listed(2 * limit)}
        return folded(library, listed, limit, sources, lambda items: [item for item in items if item.id in shown])
    return folded(library, listed, limit, sources, lambda items: taken(library, digest, sources, items))


def taken(library: Holdings, digest: Digest, sources: Mapping[SourceId, Source], items: Sequence[Item]) -> list[Item]:
    """Those of these items that pass a digest's filters."""
    hits = _hits(library, digest, items)
    return [item for item in items if feeds.matches(digest, item, sources[item.source], item.id in hits)]


def chosen(
    library: Holdings, digest: Digest, sources: Mapping[SourceId, Source], limit: int, *, order: str = "news"
) -> list[Item]:
    """The newest items that pass a digest's filters, at most `limit`."""
    wanted = [source.id for source in sources.values() if _takes(digest, source)]
    of = wanted if len(wanted) < len(sources) else None
    with_suggested = digest.suggestions is not None
    narrow = digest.languages or digest.query or (digest.topics and digest.mentions)
    size = _PAGE if narrow else limit  # all else is asked of the read models
    found: list[Item] = []
    offset = 0
    while len(found) < limit:
        page = library.items(
            sources=of,
            topics=digest.topics,
            mentions=digest.mentions,
            limit=size,
            offset=offset,
            order=order,
            suggested=with_suggested,
        )
        if with_suggested:
            page = [feeds.with_suggested(item) for item in page]
        found += taken(library, digest, sources, page)
        offset += size
        if len(page) < size:
            break
    return found[:limit]


def _takes(digest: Digest, source: Source) -> bool:
    return (
        (not digest.sources or source.id in digest.sources)
        and (not digest.institutions or source.institution in digest.institutions)
        and (not digest.countries or source.country in digest.countries)
    )


def _hits(library: Holdings, digest: Digest, items: Sequence[Item]) -> set[str]:
    """The items whose title or text holds the digest's query."""
    if not digest.query:
        return set()
    query, texts = fold(digest.query), library.held([item.id for item in items])
    return {item.id for item in items if query in fold(f"{texts[item.id].title}\n{texts[item.id].text}")}


def _whole_bundles(items: list[Item], limit: int) -> list[Item]:
    """Without the oldest ISO week where the list was cut: half a bundle would shrink an entry readers have."""
    if len(items) < limit:
        return items
    oldest = items[-1].day
    return [item for item in items if item.day > oldest]
